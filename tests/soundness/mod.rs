//! What the checker accepts never fails for a type or a name: scripts are generated, well typed and not, checked, and run on random
//! requests that fit the schema.

mod conditions;
mod scripts;
mod world;

use countersign_core::check;
use countersign_core::diagnostic::Severity;
use countersign_core::model::{RuleIndex, Value};
use countersign_core::script::fault::{FaultKind, ScriptFault};
use countersign_core::script::tree::{Expr, ExprKind, ExprPart, parts};
use countersign_core::script::{Program, Row, RunErrorKind as Kind};
use countersign_core::text::Span;
use scripts::{Generator, MISTAKES};
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
            let own = |fault: &ScriptFault| fault.called_from.is_some() || matches!(fault.kind, FaultKind::NotAnOutcome(_));
            let of_call = program.tree(index).is_none_or(|tree| tree.faults.iter().any(own));
            // Every kind of outcome is generated, and no stage takes them all; a divisor that is always zero is no matter of types.
            let apart = ["not-an-outcome", "division-by-zero"];
            let errors = findings.iter().filter(|finding| finding.severity == Severity::Error && !apart.contains(&finding.id()));
            of_call || errors.clone().any(|finding| finding.span.is_some_and(|span| span.source == source))
        };
        let may_divide_by_zero = |index: RuleIndex| {
            let said = findings.iter().filter(|finding| matches!(finding.id(), "division-by-zero" | "unguarded-divisor"));
            said.filter_map(|finding| finding.span).any(|span| rules[index.at()].1 == span.source)
        };
        let (good, bad): (Vec<_>, Vec<_>) = rules.iter().copied().partition(|(index, source)| !refused(*index, *source));
        tally.accepted += good.len();
        tally.refused += bad.len();
        if let (0, Some((index, _))) = (slips, bad.first()) {
            let faults = program.tree(*index).map(|tree| &tree.faults);
            panic!("refused, though well typed:\n{}\n{faults:#?}\n{findings:#?}", scripts[index.at()]);
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
                            || error.message.contains("less than zero");
                        let guarded = !error.message.contains("divides by zero") || may_divide_by_zero(*index);
                        assert!(guarded, "no word of a divisor, but {error}\n{}\n{request:?}", scripts[index.at()]);
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

/// The script with a condition that fails at run time as soon as it is not what was said of it.
fn held_to(script: &str, span: Span, value: bool) -> String {
    let (before, after) = (&script[..span.range().start], &script[span.range().end..]);
    let condition = &script[span.range()];
    let (then, otherwise) = if value { ("true", "[][0] == 1") } else { ("[][0] == 1", "false") };
    format!("{before}(if {condition} {{ {then} }} else {{ {otherwise} }}){after}")
}

/// What is said never to hold, or always, is so for every request.
#[test]
fn a_condition_that_never_holds_never_does() {
    let mut random = Random::new(4);
    let (mut never, mut always) = (0, 0);
    for _ in 0..30 {
        let scripts: Vec<String> = (0..SCRIPTS).map(|_| conditions::script(&mut random)).collect();
        let written = definition(&scripts);
        let compiled = Program::compile(&written);
        assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
        let sources: Vec<_> = written.rule_set.rules().map(|(.., rule)| rule.script.source).collect();
        let mut told: Vec<(String, String)> = Vec::new();
        for finding in check::check_compiled(&written, &compiled, None) {
            let Some(span) = finding.span.filter(|_| finding.id() == "constant-condition") else { continue };
            let Some(at) = sources.iter().position(|source| *source == span.source) else { continue };
            let value = finding.message.en.contains("`true`") || finding.message.en.contains("always holds");
            *(if value { &mut always } else { &mut never }) += 1;
            told.push((held_to(&scripts[at], span, value), format!("{}\n{}", finding.message.en, scripts[at])));
        }
        let texts: Vec<String> = told.iter().map(|(text, _)| text.clone()).collect();
        let held = definition(&texts);
        let program = Program::compile(&held).program;
        for _ in 0..60 {
            let request = request(&mut random, &held.schema);
            let row = Row::new(&program, &request);
            for (index, ..) in held.rule_set.rules() {
                if let Err(error) = program.run(index, &row) {
                    let (text, said) = &told[index.at()];
                    assert!(error.kind == Kind::Arithmetic || error.kind == Kind::Type, "{error}\n{said}\n{text}\n{request:?}");
                }
            }
        }
    }
    assert!(never > 300 && always > 30, "too little is said: never {never}, always {always}");
}

/// A check that finds nothing in a script with a mistake is of no use: whatever stands around the mistake, something is said of its line.
#[test]
fn a_script_with_one_mistake_is_never_clean() {
    let mut random = Random::new(4);
    let mut silent = Vec::new();
    for (name, mistake) in MISTAKES {
        let planted: Vec<(String, u32)> =
            (0..60).filter_map(|_| Generator::new(&mut random, 0).script_around(mistake)).take(SCRIPTS).collect();
        assert!(planted.len() > 20, "{name}: only {} scripts", planted.len());
        let scripts: Vec<String> = planted.iter().map(|(script, _)| script.clone()).collect();
        let definition = definition(&scripts);
        let findings = check::check_compiled(&definition, &Program::compile(&definition), None);
        for ((_, _, rule), (script, line)) in definition.rule_set.rules().zip(&planted) {
            let source = definition.sources.get(rule.script.source).unwrap();
            // Every kind of outcome is generated, and no stage takes them all.
            let mut of_line = findings.iter().filter(|finding| finding.id() != "not-an-outcome").filter(|finding| {
                finding.span.is_some_and(|span| span.source == rule.script.source && source.line_column(span.start).line == *line)
            });
            if !of_line.any(|finding| finding.severity >= Severity::Warning) {
                silent.push(format!("{name}, line {line}:\n{script}"));
            }
        }
    }
    assert!(silent.is_empty(), "{} scripts, the first:\n{}", silent.len(), silent.first().unwrap());
}

/// Whether a part's bytes lie in those of the whole, and hold what the part is.
fn check_place(expr: &Expr, text: &str, names: &[String]) {
    let slice = text.get(expr.span.range()).unwrap();
    let balance = |open: char, close: char| slice.matches(open).count() == slice.matches(close).count();
    assert!(!slice.is_empty() && slice.trim() == slice, "`{slice}`");
    assert!(balance('(', ')') && balance('{', '}') && balance('[', ']'), "`{slice}`");
    match &expr.kind {
        ExprKind::Field(index) => assert_eq!(slice, names[index.at()]),
        ExprKind::Local(name) => assert_eq!(slice, &**name),
        ExprKind::Literal(Value::Int(number)) => assert_eq!(slice.parse::<i64>().ok(), Some(*number), "{slice}"),
        ExprKind::Literal(Value::Text(literal)) => assert_eq!(slice, format!("\"{literal}\"")),
        ExprKind::Binary { op, op_span, .. } => assert_eq!(text.get(op_span.range()), Some(op.symbol())),
        ExprKind::Call { function, name_span, .. } => assert_eq!(text.get(name_span.range()), Some(function.name)),
        ExprKind::If { .. } => assert!(slice.starts_with("if ") && slice.ends_with('}'), "`{slice}`"),
        _ => {}
    }
    let inside = matches!(expr.kind, ExprKind::SharedCall { .. });
    for part in parts(expr) {
        let (span, children): (Span, Vec<&Expr>) = match part {
            ExprPart::Expr(inner) => (inner.span, vec![inner]),
            ExprPart::Block(_) if inside => continue,
            ExprPart::Block(block) => (block.span, block.statements.iter().map(|statement| &statement.expr).collect()),
        };
        assert!(expr.span.start <= span.start && span.end <= expr.span.end, "`{slice}` does not hold {span:?}");
        for child in children {
            check_place(child, text, names);
        }
    }
}

#[test]
fn every_expression_has_its_bytes() {
    let mut random = Random::new(3);
    for _ in 0..10 {
        let scripts: Vec<String> = (0..SCRIPTS).map(|_| Generator::new(&mut random, 20).script()).collect();
        let definition = definition(&scripts);
        let program = Program::compile(&definition).program;
        let names: Vec<String> = definition.schema.fields().map(|(_, name, _)| name).collect();
        for (index, _, rule) in definition.rule_set.rules() {
            for statement in program.tree(index).iter().flat_map(|tree| &tree.body.statements) {
                check_place(&statement.expr, &rule.script.text, &names);
            }
        }
    }
}
