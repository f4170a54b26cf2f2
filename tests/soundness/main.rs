//! What the checker accepts never fails for a type or a name: scripts are generated, well typed and not, checked, and run on random
//! requests that fit the schema.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test")]

mod scripts;
mod world;

use countersign::check;
use countersign::diagnostic::Severity;
use countersign::model::RuleIndex;
use countersign::script::fault::{Fault, FaultKind};
use countersign::script::{Program, Row, RunErrorKind as Kind};
use scripts::Generator;
use world::{Random, definition, request};

/// How many scripts stand in one rule set.
const SCRIPTS: usize = 40;

struct Tally {
    accepted: usize,
    refused: usize,
    hits: usize,
    failed: usize,
}

/// Generates rule sets, checks and runs them; `slips` is how many in a thousand expressions get a wrong type or name.
fn run(seed: u64, rounds: usize, slips: usize) -> Tally {
    let mut tally = Tally { accepted: 0, refused: 0, hits: 0, failed: 0 };
    let mut random = Random::new(seed);
    for _ in 0..rounds {
        let scripts: Vec<String> = (0..SCRIPTS).map(|_| Generator::new(&mut random, slips).script()).collect();
        let definition = definition(&scripts);
        let compiled = Program::compile(&definition);
        let program = &compiled.program;
        let findings = check::check_compiled(&definition, &compiled, None);
        let rules: Vec<_> = definition.rule_set.rules().map(|(index, _, rule)| (index, rule.script.source)).collect();
        let refused = |index: RuleIndex, source| {
            // A fault inside a shared function belongs to the rule that calls it.
            let own = |fault: &Fault| fault.called_from.is_some() || matches!(fault.kind, FaultKind::NotAnOutcome(_));
            let of_call = program.tree(index).is_none_or(|tree| tree.faults.iter().any(own));
            // Every kind of outcome is generated, and no stage takes them all.
            let errors = findings.iter().filter(|finding| finding.severity == Severity::Error && finding.id != "not-an-outcome");
            of_call || errors.clone().any(|finding| finding.span.is_some_and(|span| span.source == source))
        };
        let (good, bad): (Vec<_>, Vec<_>) = rules.into_iter().partition(|(index, source)| !refused(*index, *source));
        tally.accepted += good.len();
        tally.refused += bad.len();
        if slips == 0 {
            for (index, _) in &bad {
                let tree = program.tree(*index);
                let faults = tree.map(|tree| &tree.faults);
                panic!("refused, though well typed:\n{}\n{faults:#?}\n{:#?}", scripts[index.at()], compiled.findings);
            }
        }
        for _ in 0..8 {
            let request = request(&mut random, &definition.schema);
            let row = Row::new(program, &request);
            for (index, _) in &good {
                match program.run(*index, &row) {
                    Ok(outcomes) => tally.hits += usize::from(!outcomes.is_empty()),
                    Err(error) => {
                        tally.failed += 1;
                        let allowed = matches!(error.kind, Kind::Arithmetic | Kind::Bounds | Kind::Budget)
                            || error.message.contains("less than nought");
                        assert!(allowed, "accepted, but {error}\n{}\n{request:?}", scripts[index.at()]);
                    }
                }
            }
        }
    }
    tally
}

#[test]
fn what_is_well_typed_is_accepted_and_never_raises_a_type_error() {
    let tally = run(1, 25, 0);
    assert!(tally.hits > 500, "too few scripts decide anything: {}", tally.hits);
    assert!(tally.failed < tally.accepted * 4, "too many fail: {}", tally.failed);
}

#[test]
fn what_slips_through_the_generator_is_refused_or_harmless() {
    let tally = run(2, 40, 30);
    assert!(tally.refused > 400, "too few ill-typed scripts: {}", tally.refused);
    assert!(tally.accepted > 100, "too few well-typed scripts: {}", tally.accepted);
}
