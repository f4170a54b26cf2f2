//! Scripts that use as much work as they can: where the budget ends, every path says the same.

use countersign_core::engine::Engine;
use countersign_core::model::{FieldType, Request, RuleIndex, Value};
use countersign_core::plan::Scratch;
use countersign_core::script::{BUDGET, Row, RunErrorKind};

use crate::one_meaning::random::Random;
use crate::one_meaning::world;

const SCRIPTS: &str = include_str!("hostile.txt");

/// The scripts with their names.
fn scripts() -> impl Iterator<Item = (&'static str, &'static str)> {
    SCRIPTS.split("## ").skip(1).filter_map(|part| part.split_once('\n'))
}

/// A request whose free texts have so many bytes.
fn request(bytes: usize) -> Request {
    let schema = world::schema();
    let mut request = world::request(&mut Random::new(3), &schema, 1);
    for (index, name, field) in schema.fields() {
        if field.kind == FieldType::Text && name != "req.key" {
            request.set(index, Value::Text("a".repeat(bytes).into()));
        }
    }
    request
}

fn engine(script: &str) -> Engine {
    crate::one_meaning::engine(&[script.to_owned()], 5)
}

#[test]
fn every_path_stops_where_the_budget_ends() {
    let mut stopped = 0;
    for (name, script) in scripts() {
        let engine = engine(script);
        let rule = RuleIndex(0);
        let tree = engine.program().tree(rule).unwrap_or_else(|| panic!("{name} does not parse"));
        assert!(tree.faults.is_empty(), "{name}: {:?}", tree.faults);
        for request in [500, 60_000].map(request) {
            let row = Row::new(engine.program(), &request);
            let (given, used) = engine.program().run_counted(rule, &row);
            assert!(used <= BUDGET.operations, "{name}: {used}");
            if let Err(error) = &given {
                let at_end =
                    error.kind != RunErrorKind::Budget || used == BUDGET.operations || !error.message.contains("operations");
                assert!(at_end, "{name}: {used}, {error}");
                stopped += usize::from(used == BUDGET.operations);
            }
            let mut scratch = Scratch::default();
            let by_plan = engine.plan().single(&request, &mut scratch).rule(rule);
            assert!(by_plan.is_err() || by_plan.ok() == given.ok(), "{name}");
            assert_eq!(crate::one_meaning::many::differs(&engine, std::slice::from_ref(&request)), None, "{name}");
        }
    }
    assert!(stopped > 80, "{stopped}");
}

/// Whatever a plan may run, the interpreter runs within its budget: a script too large for that is not lowered.
#[test]
fn a_plan_holds_only_what_the_budget_allows() {
    let repeated = |part: &str, count: usize| format!("let s = false; {}", format!("s = {part}; ").repeat(count));
    for part in [
        "contains(req.t, req.u)",
        "req.t == req.u",
        "share(req.t, req.u) > 3",
        "req.i in [1, 2, 3, 4]",
        "starts_with(req.t, req.u)",
    ] {
        let (mut lowered, mut refused) = (0, 0);
        for count in [10, 100, 400, 700, 1_000, 1_300] {
            let engine = engine(&repeated(part, count));
            if engine.plan().rule(RuleIndex(0)).is_err() {
                refused += 1;
                continue;
            }
            lowered += 1;
            let row = Row::new(engine.program(), &request(512));
            let (given, used) = engine.program().run_counted(RuleIndex(0), &row);
            assert!(given.is_ok() && used < BUDGET.operations, "{part} {count} times: {used} {given:?}");
        }
        assert!(lowered > 0 && (refused > 0 || !part.contains("contains")), "{part}: {lowered} lowered, {refused} refused");
    }
}
