//! Explanations of generated scripts: what is shown is what the interpreter says, and the change that would turn a rule does turn it.

use countersign_core::engine::explain::{ExplanationNode, Fate, FieldChange, NodeKind, RuleExplanation};
use countersign_core::engine::{Engine, Explanation, explain};
use countersign_core::model::{Fen, Outcome, Request, RuleIndex, Timestamp, Value};
use countersign_core::script::{Program, Row};

use crate::one_meaning::generate::Generate;
use crate::one_meaning::piece::Piece;
use crate::one_meaning::random::Random;
use crate::one_meaning::{engine, number, shown, world};

const RULES: usize = 8;
const REQUESTS: usize = 3;

#[derive(Debug, Default)]
struct Seen {
    rules: usize,
    fired: usize,
    failed: usize,
    shown: usize,
    conditions: usize,
    counted: usize,
    changes: usize,
    bounds: usize,
}

fn run(engine: &Engine, rule: RuleIndex, request: &Request) -> Option<Vec<Outcome>> {
    engine.program().run(rule, &Row::new(engine.program(), request)).ok()
}

fn fires(engine: &Engine, rule: RuleIndex, request: &Request) -> Option<bool> {
    run(engine, rule, request).map(|outcomes| !outcomes.is_empty())
}

/// The value one unit nearer to where a number was, and whether that is another value at all.
fn one_unit_less(from: &Value, to: &Value) -> Option<Value> {
    let nearer = |from: i64, to: i64| if to > from { to - 1 } else { to + 1 };
    let (less, same) = match (from, to) {
        (Value::Int(from), Value::Int(to)) => (Value::Int(nearer(*from, *to)), Value::Int(*from)),
        (Value::Money(from), Value::Money(to)) => (Value::Money(Fen(nearer(from.0, to.0))), Value::Money(*from)),
        (Value::Time(from), Value::Time(to)) => {
            (Value::Time(Timestamp::from_micros(nearer(from.micros(), to.micros()))?), Value::Time(*from))
        }
        _ => return None,
    };
    (less != same).then_some(less)
}

fn check_change(engine: &Engine, explained: &RuleExplanation, change: &FieldChange, request: &Request, seen: &mut Seen) {
    let wanted = explained.fate != Fate::Fired;
    let mut changed = request.clone();
    changed.set(change.index, change.value.clone());
    seen.changes += 1;
    assert_eq!(fires(engine, explained.index, &changed), Some(wanted), "{change:?} does not turn `{}`", explained.id);
    if let Some(less) = one_unit_less(request.get(change.index), &change.value) {
        seen.bounds += 1;
        changed.set(change.index, less);
        assert_ne!(
            fires(engine, explained.index, &changed),
            Some(wanted),
            "one unit less than {change:?} turns `{}`",
            explained.id
        );
    }
}

fn nodes<'a>(all: &'a [ExplanationNode], into: &mut Vec<&'a ExplanationNode>) {
    for node in all {
        into.push(node);
        nodes(&node.parts, into);
    }
}

/// Conditions that stand alone: reached, of the rule's own script, without variables.
fn conditions(explained: &RuleExplanation) -> Vec<&ExplanationNode> {
    let mut found = Vec::new();
    nodes(&explained.tree, &mut found);
    let alone = |node: &&ExplanationNode| {
        let mut inside = Vec::new();
        nodes(&node.parts, &mut inside);
        node.reached
            && !node.shared
            && node.holds.is_some()
            && matches!(node.kind, NodeKind::All | NodeKind::Any | NodeKind::Not | NodeKind::Comparison | NodeKind::Call)
            && !inside.iter().any(|part| {
                matches!(part.kind, NodeKind::Assignment | NodeKind::Return)
                    || (part.kind == NodeKind::Name && !part.text.contains('.'))
            })
    };
    found.into_iter().filter(alone).collect()
}

/// Each condition alone in a script of its own must be what the explanation says.
fn check_conditions(explained: &RuleExplanation, request: &Request, world_seed: u64, seen: &mut Seen) {
    let found: Vec<&ExplanationNode> = conditions(explained).into_iter().take(6).collect();
    let scripts: Vec<String> = found.iter().map(|node| format!("if {} {{ accept(\"A\") }}", node.text)).collect();
    let alone = engine(&scripts, world_seed);
    for (at, node) in found.iter().enumerate() {
        seen.conditions += 1;
        let rule = RuleIndex(u16::try_from(at).unwrap());
        assert_eq!(fires(&alone, rule, request), node.holds, "`{}` in `{}`", node.text, explained.id);
    }
}

#[test]
fn an_explanation_says_what_the_interpreter_does() {
    let wanted = number("COUNTERSIGN_EXPLAINED_SCRIPTS", 400);
    let schema = world::schema();
    let mut seen = Seen::default();
    for seed in 1..=wanted / RULES as u64 {
        let mut random = Random::new(seed + 5_000);
        let pieces: Vec<Piece> = (0..RULES).map(|_| Generate::new(&mut random).script()).collect();
        let scripts: Vec<String> = pieces.iter().map(Piece::render).collect();
        let engine = engine(&scripts, seed);
        let requests: Vec<Request> = (0..REQUESTS).map(|at| world::request(&mut random, &schema, at)).collect();
        // As a table holds them, which knows no empty text.
        let requests: Vec<Request> = {
            let table = crate::one_meaning::many::table(&engine, &requests);
            (0..table.len()).map(|row| table.request(row)).collect()
        };
        let explanations: Vec<Explanation> = requests.iter().map(|request| explain(&engine, request)).collect();
        check_counts(&engine, &requests, &explanations, &mut seen);
        for (at, (request, explanation)) in requests.into_iter().zip(explanations).enumerate() {
            assert_eq!(explanation.decision, engine.interpret(&request));
            for explained in &explanation.stages[0].rules {
                seen.rules += 1;
                let script = &scripts[explained.index.at()];
                let place = || format!("seed {seed}, `{}`: {script}\non {}", explained.id, shown(&schema, &request));
                match (explained.fate, run(&engine, explained.index, &request)) {
                    (Fate::Fired, Some(outcomes)) if !outcomes.is_empty() => seen.fired += 1,
                    (Fate::DidNotFire, Some(outcomes)) if outcomes.is_empty() => {}
                    (Fate::Error, _) => seen.failed += 1,
                    (fate, outcomes) => panic!("{fate:?} but {outcomes:?}: {}", place()),
                }
                let lowered = engine.plan().rule(explained.index).is_ok();
                seen.shown += usize::from(explained.followed);
                assert!(explained.followed || !lowered, "no values are shown: {}", place());
                if explained.fate != Fate::Error {
                    assert!(!explained.tree.iter().any(has_failed), "a part failed: {}", place());
                }
                for change in &explained.changes {
                    check_change(&engine, explained, change, &request, &mut seen);
                }
                if at == 0 {
                    check_conditions(explained, &request, seed, &mut seen);
                }
            }
        }
    }
    eprintln!("{seen:?}");
    assert!(seen.fired * 10 > seen.rules && seen.changes * 3 > seen.rules && seen.bounds * 10 > seen.changes, "{seen:?}");
    assert!(seen.conditions * 10 > seen.rules, "{seen:?}");
    assert!(seen.counted > seen.rules / 2, "{seen:?}");
}

/// Over the requests on which a rule does not fail, each of its conditions holds, does not, and is not reached as often as the
/// explanations of these requests say.
fn check_counts(engine: &Engine, requests: &[Request], explanations: &[Explanation], seen: &mut Seen) {
    use std::collections::BTreeMap;

    use countersign_core::plan::Scratch;
    use countersign_core::progress::Progress;
    use countersign_run::Run;

    let mut scratch = Scratch::default();
    for (rule, _, held) in engine.definition().rule_set.rules() {
        let mut shown: BTreeMap<_, [u64; 3]> = BTreeMap::new();
        let mut taken = Vec::new();
        for (request, explanation) in requests.iter().zip(explanations) {
            if engine.plan().single(request, &mut scratch).rule(rule).is_err() {
                continue;
            }
            taken.push(request.clone());
            let explained = explanation.stages[0].rules.iter().find(|explained| explained.index == rule).unwrap();
            let mut all = Vec::new();
            nodes(&explained.tree, &mut all);
            for node in all.into_iter().filter(|node| !node.shared) {
                let at = if node.reached { node.holds.map_or(2, |holds| usize::from(!holds)) } else { 2 };
                shown.entry(node.span).or_default()[at] += 1;
            }
        }
        let table = crate::one_meaning::many::table(engine, &taken);
        let backtest = Run::new(engine, &table, &Progress::default()).ok().unwrap();
        let counts = backtest.conditions(rule, &Progress::default()).unwrap().unwrap_or_default();
        for counts in counts.iter().filter(|count| counts.iter().filter(|other| other.span == count.span).count() == 1) {
            let Some(shown) = shown.get(&counts.span) else { continue };
            seen.counted += 1;
            let counted = [counts.holds, counts.fails, counts.not_reached];
            let text = held.script.text.get(counts.span.start as usize..counts.span.end as usize);
            assert_eq!((counted, counts.errors), (*shown, 0), "{text:?} in {}", held.script.text);
        }
    }
}

fn has_failed(node: &ExplanationNode) -> bool {
    node.failed || node.parts.iter().any(has_failed)
}

/// Loops and elements of arrays stay with the interpreter, but their values are shown too.
#[test]
fn what_runs_interpreted_is_explained_too() {
    let scripts = [
        "let sum = 0; for n in 1..=3 { sum += n * req.i; } if sum > 60 { accept(\"A\") }",
        "let n = 0; while n < req.i { n += 1; if n == 7 { return decline(\"B\"); } } accept(\"A\")",
        "let i = 0; do { i += 2; if i == 4 { continue; } if i > req.j { break; } } until i > 9; score(i, \"A\")",
        "if [1, req.i, 3][-2] == 2 { accept(\"A\") }",
        "loop { if req.b { break; } return refer(\"C\"); } accept(\"A\")",
    ];
    let engine = engine(&scripts.map(str::to_owned), 5);
    assert!(
        engine.definition().rule_set.rules().all(|(index, ..)| engine.plan().rule(index).is_err()),
        "all of them run interpreted"
    );
    let schema = world::schema();
    let mut random = Random::new(11);
    let mut seen = Seen::default();
    for at in 0..25 {
        let mut request = world::request(&mut random, &schema, at);
        request.set(schema.find("req.i").unwrap().0, Value::Int(i64::try_from(at).unwrap() - 3));
        let explanation = explain(&engine, &request);
        for explained in &explanation.stages[0].rules {
            let gave = Program::run(engine.program(), explained.index, &Row::new(engine.program(), &request));
            assert!(explained.followed, "{}: {gave:?}", explained.id);
            for change in &explained.changes {
                check_change(&engine, explained, change, &request, &mut seen);
            }
        }
    }
    assert!(seen.changes > 40, "{seen:?}");
}
