//! Many requests at once: a backtest over a table of them, rule by rule and decision by decision, beside the interpreter.

use std::sync::Arc;

use countersign_core::engine::Engine;
use countersign_core::model::{Decision, Request, RuleIndex, Value};
use countersign_core::progress::Progress;
use countersign_core::script::Row;
use countersign_requests::{Table, TableBuilder};
use countersign_run::{RuleRows, Run, rule_rows};

/// The requests as a table; a table knows no empty text, so those that must not be missing are another one.
pub fn table(engine: &Engine, requests: &[Request]) -> Arc<Table> {
    let schema = &engine.definition().schema;
    let mut builder = TableBuilder::new(Arc::new(schema.clone()));
    for request in requests {
        let mut request = request.clone();
        for (index, _, field) in schema.fields() {
            if !field.optional && matches!(request.get(index), Value::Text(text) if text.is_empty()) {
                request.set(index, Value::Text(" ".into()));
            }
        }
        builder.push_request(&request).unwrap();
    }
    Arc::new(builder.finish())
}

fn without_wording(mut decision: Decision) -> Decision {
    decision.errors.iter_mut().for_each(|error| error.message.clear());
    decision
}

/// What differs between the batch and the interpreter: outcomes, words and places of errors of every rule, and whole decisions.
pub fn differs(engine: &Engine, requests: &[Request]) -> Option<String> {
    let table = table(engine, requests);
    let backtest = Run::new(engine, &table, &Progress::default()).ok().unwrap();
    differs_in(engine, &table, &backtest, requests.len()).or_else(|| rows_differ(engine, &table, &backtest))
}

/// What differs between the rows that rules give something for without any decision and their results.
fn rows_differ(engine: &Engine, table: &Arc<Table>, backtest: &Run) -> Option<String> {
    let rows = rule_rows(engine, table, &Progress::default()).ok().unwrap();
    let rules = rows.iter().zip(0..).filter(|(_, rule)| backtest.gives(RuleIndex(*rule), 0).is_some());
    for (RuleRows { gives, fails }, rule) in rules {
        for row in 0..table.len() {
            let given = backtest.gives(RuleIndex(rule), row).unwrap();
            let wanted = (given.as_ref().is_ok_and(|outcomes| !outcomes.is_empty()), given.is_err());
            if (gives.contains(row), fails.contains(row)) != wanted {
                return Some(format!(
                    "row {row}, rule {rule}: counted as {:?}, but {given:?}",
                    (gives.contains(row), fails.contains(row))
                ));
            }
        }
    }
    None
}

/// As [`differs`], for a backtest that is there.
pub fn differs_in(engine: &Engine, table: &Table, backtest: &Run, rows: usize) -> Option<String> {
    let rules = engine.definition().rule_set.rules().count();
    for at in 0..rows {
        let request = table.request(at);
        let row = Row::new(engine.program(), &request);
        for rule in 0..rules {
            let rule = RuleIndex(u16::try_from(rule).unwrap());
            let by_interpreter = engine.program().run(rule, &row).map_err(|error| error.to_string());
            let by_batch = backtest.gives(rule, at);
            if by_batch != Some(&by_interpreter) {
                return Some(format!(
                    "row {at}, rule {}: batch {by_batch:?}, interpreter {by_interpreter:?}\non {request:?}",
                    rule.0
                ));
            }
        }
        let (one, other) = (backtest.decisions().decision(at), without_wording(engine.interpret(&request)));
        if one.as_ref() != Some(&other) {
            return Some(format!("row {at}: batch {one:?}, interpreter {other:?}"));
        }
    }
    None
}

#[test]
fn many_distinct_texts_mean_the_same() {
    let scripts = [
        "if req.u in lists.texts || req.u == \"622202\" || req.t in [\"a\", \"ab\", \"浙江\"] { accept(\"A\") }",
        "if opt.u != () && opt.u in [\"n17\", \"n4711\", \"b\"] { refer(\"B\") }",
        "if opt.u != \"n3\" && starts_with(req.u, \"n1\") { decline(\"C\") }",
        "if share(req.u, \"salt\") < 2_000 { score(len(req.u), \"A\") }",
        "if req.u < \"n2\" && contains(req.u, \"9\") || opt.u == req.u { step_up(\"B\") }",
        "if req.e == opt.e { refer(\"B\") } else if (opt.e ?? req.e) != \"east\" { score(req.i, \"C\") }",
        "score(req.i * 3 + len(left(req.u, 2)), \"A\")",
    ];
    let mut scripts: Vec<String> = scripts.iter().map(|script| (*script).to_owned()).collect();
    // As deep as the batch goes column by column, and deeper.
    for depth in [36, 80] {
        let sum = (0..depth).fold("req.j".to_owned(), |sum, at| format!("{sum} + if req.b {{ {at} }} else {{ req.i }}"));
        let all = (0..depth).fold("req.b".to_owned(), |all, at| format!("(req.i != {at} && {all}) || req.j == {at}"));
        scripts.push(format!("if {all} {{ score({sum}, \"B\") }}"));
    }
    let engine = super::engine(&scripts, 3);
    let schema = engine.definition().schema.clone();
    let mut random = super::Random::new(11);
    let fields = ["req.u", "opt.u"].map(|name| schema.find(name).unwrap().0);
    let requests: Vec<Request> = (0..14_000)
        .map(|at| {
            let mut request = super::world::request(&mut random, &schema, at % 40);
            for field in fields {
                if !random.one_in(4) {
                    request.set(field, Value::Text(format!("n{}", random.below(9_000)).into()));
                }
            }
            request
        })
        .collect();
    let whole = table(&engine, &requests);
    assert!(whole.column(fields[0]).unwrap().dictionary().len() > 5_000);
    let backtest = Run::new(&engine, &whole, &Progress::default()).ok().unwrap();
    if let Some(words) = differs_in(&engine, &whole, &backtest, 5_000) {
        panic!("{words}");
    }
}

#[test]
fn the_results_of_very_many_rules_of_a_stage_are_combined_as_one_by_one() {
    let script = |at: usize| match at % 3 {
        0 => format!("if req.i > {} {{ score({at}, \"A\") }}", 5 * at),
        1 => format!("if req.j % 17 == {} {{ decline(\"B\") }} else if req.b {{ score(req.j, \"C\") }}", at % 17),
        _ => format!("if req.i % {} == 0 {{ step_up(\"A\") }} else if req.j > {at} {{ [refer(\"B\"), score(1, \"C\")] }}", at + 1),
    };
    let scripts: Vec<String> = (0..200).map(script).collect();
    let engine = super::engine(&scripts, 5);
    let schema = engine.definition().schema.clone();
    let mut random = super::Random::new(7);
    let fields = ["req.i", "req.j"].map(|name| schema.find(name).unwrap().0);
    let requests: Vec<Request> = (0..150)
        .map(|at| {
            let mut request = super::world::request(&mut random, &schema, at);
            for field in fields {
                request.set(field, Value::Int(i64::try_from(random.below(1_000)).unwrap()));
            }
            request
        })
        .collect();
    assert_eq!(differs(&engine, &requests), None);
}
