//! What scripts give and how they fail, as a table.

use super::fixture::{definition, request};
use super::{Program, Row, functions};
use crate::model::{Definition, Limit, Outcome, RuleIndex};

fn show(outcome: &Outcome, definition: &Definition) -> String {
    let reason = |index: &crate::model::ReasonIndex| definition.rule_set.reasons.get_index(index.at()).unwrap().0.clone();
    match outcome {
        Outcome::Verdict(verdict, code) => format!("{} {}", verdict.word(), reason(code)),
        Outcome::Score(points, code) => format!("score {points} {}", reason(code)),
        Outcome::Limit(limits) => {
            let set = Limit::ALL.into_iter().filter_map(|limit| Some(format!("{} {}", limit.word(), limits.get(limit)?)));
            format!("limit {}", set.collect::<Vec<_>>().join(" "))
        }
        Outcome::Route(index) => format!("route {}", definition.rule_set.interfaces.get_index(index.at()).unwrap().0),
    }
}

fn run_with(script: &str, shared: &str, given: &str) -> String {
    let definition = definition(script, shared);
    let program = Program::compile(&definition).program;
    let row = Row::new(&program, &request(&definition.schema, given));
    let first = program.run(RuleIndex(0), &row);
    assert_eq!(first, program.run(RuleIndex(0), &row), "the same again: {script}");
    match first {
        Ok(outcomes) => outcomes.iter().map(|outcome| show(outcome, &definition)).collect::<Vec<_>>().join("; "),
        Err(error) => error.to_string(),
    }
}

fn check(script: &str, expected: &str) {
    assert_eq!(run_with(script, "", "customer.age=15 money.amount=5000.01 customer.id_hash=a"), expected, "{script}");
}

#[test]
fn a_script_gives_nothing_an_outcome_or_several() {
    check("", "");
    check("if customer.age != () && customer.age < params.min_age { decline(\"AGE\") }", "decline AGE");
    check("if customer.age > 20 { decline(\"AGE\") }", "");
    check("[score(5, \"OK\"), score(-3, \"AGE\")]", "score 5 OK; score -3 AGE");
    check("[]", "");
    check("limit(#{ single: params.cap, year: yuan(\"0.5\") })", "limit single 5000.00 year 0.50");
    check("route(params.open)", "route east");
    check("if money.amount > yuan(5_000) { return refer(\"OK\"); } accept(\"OK\")", "refer OK");
    check("switch customer.kind { \"new\" => step_up(\"OK\"), _ => () }", "step_up OK");
    check("if customer.id_hash in lists.blocked && 17 in lists.ages && !(15 in lists.ages) { decline(\"OK\") }", "decline OK");
    check("if request.operation in [\"SIGN\", \"PAY\"] && customer.age in 10..16 { decline(\"OK\") }", "decline OK");
    check("let n = 0; for i in 0..10 { n += i; } score(n, \"OK\")", "score 45 OK");
    check("score(customer.score ?? 7, \"OK\")", "score 7 OK");
}

#[test]
fn shared_functions_are_called_and_their_failures_name_their_own_lines() {
    let shared = "fn old(age) {\n    age >= 16\n}\nfn over(n) {\n    n + 9223372036854775807\n}";
    assert_eq!(run_with("if !old(15) { decline(\"AGE\") }", shared, ""), "decline AGE");
    let error = "rule `r`: addition overflow: 1 + 9223372036854775807 (shared.rhai:5:7)";
    assert_eq!(run_with("score(over(1), \"OK\")", shared, ""), error);
    let hidden = "rule `r`: not a script: undefined variable: customer (shared.rhai:1:13)";
    assert_eq!(run_with("peek()", "fn peek() { customer.age }", ""), hidden);
}

#[test]
fn every_misuse_is_an_error_with_its_place() {
    check("customer.agee == 5", "rule `r`: unknown name `agee` (risk/r.rhai:1:10)");
    check("label.fraud", "rule `r`: unknown name `fraud` (risk/r.rhai:1:7)");
    check("decline(\"NO\")", "rule `r`: unknown reason `NO` (risk/r.rhai:1:1)");
    check("\n  route(\"north\")", "rule `r`: unknown interface `north` (risk/r.rhai:2:3)");
    check("limit(#{ week: fen(1) })", "rule `r`: unknown limit `week` (risk/r.rhai:1:1)");
    check("42", "rule `r`: the rule returned a whole number, which is no outcome (risk/r.rhai)");
    check("[accept(\"OK\"), 1]", "rule `r`: the rule returned a whole number, which is no outcome (risk/r.rhai)");
    check("1 / 0", "rule `r`: division by zero: 1 / 0 (risk/r.rhai:1:3)");
    check("5 in lists.blocked", "rule `r`: only a text can be in a list of texts (risk/r.rhai:1:3)");
}

#[test]
fn budgets_stop_a_script_and_say_which() {
    let operations = "rule `r`: stopped: more than 100000 operations (risk/r.rhai:1:";
    for script in ["loop { }", "while true { }", "let x = 0; loop { x += 1; }", "for i in 0..9_000_000_000_000_000_000 { }"] {
        let got = run_with(script, "", "");
        assert!(got.starts_with(operations), "{script}: {got}");
    }
    let deep = run_with("f(1)", "fn f(n) { f(n + 1) }", "");
    assert!(deep.starts_with("rule `r`: stopped: calls nested deeper than 16 ("), "{deep}");
    for script in ["let s = \"x\"; loop { s += s; }", "let a = [1]; loop { a += a; }"] {
        let got = run_with(script, "", "");
        assert!(got.contains("grew too large"), "{script}: {got}");
    }
}

#[test]
fn nothing_ambient_can_be_reached() {
    let scripts = [
        "eval(\"1\")",
        "import \"x\" as x;",
        "print(1)",
        "debug(1)",
        "sleep(1)",
        "timestamp()",
        "try { 1 / 0 } catch { }",
        "throw 1",
        "let f = |x| x + 1;",
        "Fn(\"score\")",
        "exit()",
        "type_of(1)",
        "export 1",
        "rand()",
        "open_file(\"x\")",
        "parse_json(\"1\")",
        "customer.age = 3",
        "params.cap = 1",
        "lists.blocked = 1",
        "customer = 1",
    ];
    for script in scripts {
        let got = run_with(script, "", "customer.age=15");
        assert!(got.starts_with("rule `r`: "), "{script}: {got}");
    }
}

#[test]
fn every_function_does_what_its_example_says() {
    for function in functions::ALL {
        let (script, expected) = function.example;
        let definition = definition(script, "");
        let program = Program::compile(&definition).program;
        let row = Row::new(&program, &request(&definition.schema, ""));
        let ready = &program.inner.rules[0];
        let value = ready.run(&program.inner.host, "", &row).unwrap();
        let got = match value.clone().try_cast::<Outcome>() {
            Some(outcome) => show(&outcome, &definition),
            None => value.to_string(),
        };
        assert_eq!(got, expected, "{script}");
        assert!(!function.zh.is_empty() && function.en.ends_with('.'), "{}", function.name);
    }
}

#[test]
fn shares_never_change_and_are_even() {
    use super::functions::native::share;
    assert_eq!(share("a", "pilot"), share("a", "pilot"));
    assert_ne!(share("a", "pilot"), share("a", "other"));
    let low = (0..10_000).filter(|n| share(&n.to_string(), "pilot") < 2_000).count();
    assert!((1_850..2_150).contains(&low), "{low}");
}
