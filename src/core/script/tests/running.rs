//! What scripts give when they run, and how they fail.

use super::support::{compile, definition, holds, request, request_with, run, run_with};
use crate::model::{Fen, Limit, Limits, Outcome, ReasonIndex, RuleIndex, Value, Verdict};
use crate::script::functions;
use crate::script::{BUDGET, Program, Row, RunErrorKind as Kind};

fn decline() -> Vec<Outcome> {
    vec![Outcome::Verdict(Verdict::Decline, ReasonIndex(0))]
}

#[test]
fn a_script_gives_outcomes_or_nothing() {
    assert_eq!(run("if customer.cards > 9 { decline(\"CLOSED\") }"), Ok(Vec::new()));
    assert_eq!(run("if customer.cards == 2 { decline(\"CLOSED\") }"), Ok(decline()));
    assert_eq!(run("decline(\"CLOSED\");"), Ok(decline()));
    assert_eq!(run("if customer.name_match { return decline(\"CLOSED\"); } refer(\"AGE\")"), Ok(decline()));
    assert_eq!(run(""), Ok(Vec::new()));
    assert_eq!(run("// only a comment"), Ok(Vec::new()));
    let both = run("[score(5, \"AGE\"), decline(\"CLOSED\")]").unwrap();
    assert_eq!(both, [Outcome::Score(5, ReasonIndex(1)), decline().remove(0)]);
    let mut limits = Limits::default();
    limits.set(Limit::Single, Fen(500_000));
    limits.set(Limit::Day, Fen(50));
    assert_eq!(run("limit(#{ single: params.ceiling, day: yuan(\"0.50\") })"), Ok(vec![Outcome::Limit(limits)]));
    assert_eq!(run("route(params.open_interface)"), Ok(vec![Outcome::Route(crate::model::InterfaceIndex(0))]));
}

#[test]
fn every_example_gives_what_it_says() {
    for function in functions::ALL {
        let (expression, shown) = function.example;
        if shown == "outcome" {
            assert_eq!(run(expression).map(|outcomes| outcomes.len()), Ok(1), "{expression}");
            continue;
        }
        assert_eq!(holds(&format!("({expression}) == {shown}")), Ok(true), "{expression} is not {shown}");
    }
}

#[test]
fn documentation_is_whole() {
    for function in functions::ALL {
        assert!(!function.doc.en.is_empty() && !function.doc.zh.is_ascii(), "{}", function.name);
        assert_eq!(function.foreign.is_empty(), function.write.en.is_empty(), "{}", function.name);
        assert!(function.parameters.len() <= functions::MOST_ARGUMENTS, "{}", function.name);
        assert!(function.example.0.contains(function.name), "{}", function.name);
    }
}

/// Each of these is silent in the interpreter as it comes.
#[test]
fn what_the_interpreter_lets_pass_is_an_error() {
    let cases = [
        ("customer.agee == ()", Kind::Name, "there is no field `agee`"),
        ("500 > \"100\"", Kind::Type, "`>` does not take a whole number and a Text"),
        ("500 == \"500\"", Kind::Type, "`==` does not take a whole number and a Text"),
        ("customer.age > 3", Kind::Type, "`>` does not take nothing `()` and a whole number"),
        ("customer.name_match == 1", Kind::Type, "`==` does not take a Bool and a whole number"),
        ("customer.name_match > false", Kind::Type, "`>` does not take a Bool and a Bool"),
        ("1.0 / 0.0 > 1.0", Kind::Arithmetic, "`/` divides by zero"),
        ("1e300 * 1e300 > 1.0", Kind::Arithmetic, "`*` gives no finite number"),
        ("(1 / 0) == 1", Kind::Arithmetic, "`1 / 0` divides by zero"),
        ("9223372036854775807 + 1 > 0", Kind::Arithmetic, "`9223372036854775807 + 1` is too large for a whole number"),
        ("customer.cards in [\"2\"]", Kind::Type, "`in` does not take a Text and a whole number"),
        ("\"a\" + 1 == \"a1\"", Kind::Type, "`+` does not take a Text and a whole number"),
        ("customer.id_hash in lists.numbers", Kind::Type, "a text is looked for in a list of numbers"),
        ("len(5) == 1", Kind::Type, "`len` does not take a whole number"),
        ("params.ceiling / 0 == fen(1)", Kind::Arithmetic, "`¥5,000.00 / 0` divides by zero"),
        ("params.ceiling / yuan(0) == 1", Kind::Arithmetic, "`¥5,000.00 / ¥0.00` divides by zero"),
        ("params.ceiling % yuan(0) == fen(1)", Kind::Arithmetic, "`¥5,000.00 % ¥0.00` divides by zero"),
        ("ratio(-params.ceiling, yuan(0)) > 1.0", Kind::Arithmetic, "`ratio(-¥5,000.00, ¥0.00)` divides by zero"),
        ("div(7, 0) == 1", Kind::Arithmetic, "`div(7, 0)` divides by zero"),
        (
            "params.ceiling + fen(9223372036854775807) > fen(0)",
            Kind::Arithmetic,
            "`¥5,000.00 + ¥92,233,720,368,547,758.07` is too large for a whole number",
        ),
        (
            "-(fen(-9223372036854775807) - fen(1)) > fen(0)",
            Kind::Arithmetic,
            "`-(-¥92,233,720,368,547,758.08)` is too large for a whole number",
        ),
        (
            "2 ** -1 == 0",
            Kind::Arithmetic,
            "`2 ** -1` is no whole number: the exponent is negative; write the base with a fraction, such as `2.0`",
        ),
        ("percent(params.ceiling, customer.id_hash) > fen(0)", Kind::Arithmetic, "`h1` is not a rate in percent such as `15.5`"),
        (
            "percent(params.ceiling, 9223372036854775807) > fen(0)",
            Kind::Arithmetic,
            "`percent(¥5,000.00, 9223372036854775807)` is too large for an amount",
        ),
        (
            "round(fen(9223372036854775807), \"100\") > fen(0)",
            Kind::Arithmetic,
            "`round(¥92,233,720,368,547,758.07, 100)` is too large for an amount",
        ),
        ("round(params.ceiling, \"0\") > fen(0)", Kind::Arithmetic, "`0` is not an amount over zero such as `1.00`"),
        ("percent(1, 2, 3) == 0", Kind::Type, "`percent` does not take a whole number and a whole number and a whole number"),
        ("percent(1) == 0", Kind::Type, "`percent` is called with a wrong number of arguments"),
        ("[1, 2][7] == 1", Kind::Bounds, "position 7 of an array of 2"),
        ("[1] == [1]", Kind::Type, "`==` does not take an array and an array"),
        ("yuan(0.5) == 50", Kind::Type, "`yuan` does not take a Float"),
        ("time(\"yesterday\") == 0", Kind::Type, "`yesterday` is not a time such as `2014-03-24T00:00:00`"),
        ("nonsense(1)", Kind::Name, "there is no function `nonsense`"),
        ("customer.note", Kind::Type, "a Bool is wanted, not nothing `()`"),
    ];
    for (expression, kind, message) in cases {
        let error = holds(expression).unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (kind, message), "{expression}");
        assert!(error.place.is_some(), "{expression}: {error}");
    }
}

#[test]
fn an_error_names_rule_file_and_place() {
    let error = run("let x = 1;\nif x / 0 > 1 { decline(\"CLOSED\") }").unwrap_err();
    assert_eq!(error.to_string(), "rule `r0`: `1 / 0` divides by zero (r0.rhai:2:6)");
    let shared = "fn half(x) {\n    x / 0\n}";
    let error = run_with("if half(1) > 0 { decline(\"CLOSED\") }", shared, &request()).unwrap_err();
    assert_eq!(error.to_string(), "rule `r0`: `1 / 0` divides by zero (shared.rhai:2:7)");
    let error = run("let m = params.ceiling; m *= 9223372036854775807; decline(\"CLOSED\")").unwrap_err();
    assert_eq!(error.message, "`¥5,000.00 * 9223372036854775807` is too large for a whole number");
    // The same place, once with numbers and once with an amount: the call says which it is.
    let script = "let n = twice(1, 1); if twice(params.ceiling, 0) > fen(0) { decline(\"CLOSED\") }";
    let shared = "fn twice(x, y) { half(x, y) }\nfn half(x, y) {\n    x / y\n}";
    let error = run_with(script, shared, &request()).unwrap_err();
    assert_eq!(error.to_string(), "rule `r0`: `¥5,000.00 / 0` divides by zero (shared.rhai:3:7)");
}

#[test]
fn a_value_that_is_no_outcome_is_an_error() {
    for (script, message) in [
        ("5", "the script gives a whole number, which is no outcome"),
        ("customer.name_match", "the script gives a Bool, which is no outcome"),
        ("[decline(\"CLOSED\"), 1]", "the script gives a whole number, which is no outcome"),
        ("#{ single: 5 }", "the script gives a map, which is no outcome"),
        ("decline(\"NOWHERE\")", "no reason has the code `NOWHERE`"),
        ("route(\"nowhere\")", "no interface is named `nowhere`"),
        ("limit(#{ hourly: 5 })", "`hourly` is no limit"),
        ("limit(#{ day: -5 })", "the limit `day` is -¥0.05, less than zero"),
    ] {
        let error = run(script).unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (Kind::Outcome, message), "{script}");
    }
}

#[test]
fn nothing_ambient_is_within_reach() {
    let out = [
        "eval(\"1\")",
        "import \"x\" as y;",
        "sleep(1)",
        "timestamp()",
        "print(\"x\")",
        "debug(1)",
        "let f = Fn(\"len\");",
        "type_of(1)",
        "is_def_var(\"x\")",
        "this",
        "throw 1;",
        "try { 1 } catch { 2 }",
        "let f = |x| x;",
        "exit()",
        "rand()",
        "parse_json(\"1\")",
        "customer?.age",
        "export let x = 1;",
        "global::x",
        "request::x",
        "x.call()",
        "fn f() { 1 }",
        "'a'",
        "`a`",
        "`${customer.age}`",
        "#\"raw\"#",
        "\"a\".to_upper()",
        "(1).to_string()",
        "[1].push(2)",
        "[].pad(100000, 0)",
        "range(0, 10)",
        "1 & 2",
        "5[0]",
        "f!(1)",
        "customer.set_tag(1)",
        "customer.tag",
        "[1].map(len)",
        "\"a\".split()",
    ];
    for script in out {
        let result = run(script);
        assert!(result.is_err(), "{script}: {result:?}");
    }
}

#[test]
fn requests_parameters_and_lists_cannot_be_changed() {
    for script in [
        "customer.age = 5;",
        "params.max_cards = 9; decline(\"CLOSED\")",
        "lists.blocked = []; decline(\"CLOSED\")",
        "customer = 1;",
        "params = #{}; 1",
        "customer.cards += 1; decline(\"CLOSED\")",
        "customer[\"age\"] = 1; decline(\"CLOSED\")",
        "const X = 1; X = 2;",
        "let params = #{ max_cards: 99 }; if params.max_cards == 99 { decline(\"CLOSED\") }",
    ] {
        let compiled = compile(script);
        let program = compiled.program;
        let row = Row::new(&program, &request());
        let ran = program.run(RuleIndex(0), &row);
        let faulty = program.tree(RuleIndex(0)).is_none_or(|tree| !tree.faults.is_empty());
        assert!(faulty, "{script} is not reported");
        assert!(ran.is_err() || script.starts_with("let"), "{script}: {ran:?}");
    }
}

#[test]
fn what_one_rule_makes_is_gone_for_the_next() {
    let scripts = [
        "let left_over = 1; decline(\"CLOSED\")",
        "if left_over == 1 { decline(\"CLOSED\") }",
        "if customer.cards == 2 { decline(\"CLOSED\") }",
    ];
    let program = Program::compile(&definition(&scripts, "")).program;
    for _ in 0..3 {
        let row = Row::new(&program, &request());
        assert_eq!(program.run(RuleIndex(0), &row), Ok(decline()));
        assert!(program.run(RuleIndex(1), &row).is_err());
        assert_eq!(program.run(RuleIndex(2), &row), Ok(decline()));
    }
    let row = Row::new(&program, &request_with(&[("customer.cards", Value::Int(7))]));
    assert_eq!(program.run(RuleIndex(2), &row), Ok(Vec::new()));
}

#[test]
fn a_script_that_asks_too_much_is_stopped_with_its_budget() {
    let doubling = "let s = \"aaaaaaaaaaaaaaaa\"; loop { s += s; }";
    let cases = [
        ("loop { }", "stopped after 100000 operations"),
        ("while true { let x = 1; }", "stopped after 100000 operations"),
        ("for i in 0..9000000000000000000 { }", "stopped after 100000 operations"),
        (doubling, "stopped: a text of more than 4096 bytes"),
        ("let s = \"aaaaaaaaaaaaaaaa\"; loop { s = s + s; }", "stopped: a text of more than 4096 bytes"),
        ("let a = [1, 2, 3, 4]; loop { a = [a, a]; }", "stopped: an array of more than 1024 elements"),
    ];
    for (script, message) in cases {
        let error = run(script).unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (Kind::Budget, message), "{script}");
        assert!(error.place.is_some(), "{script}");
    }
    let error = run_with("again(1)", "fn again(x) { again(x + 1) }", &request()).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (Kind::Budget, "stopped: calls nested deeper than 8"));
    let many = (0..300).map(|at| format!("let v{at} = {at};")).collect::<Vec<_>>().join("\n");
    assert_eq!(run(&many).unwrap_err().message, format!("stopped: more than {} variables", BUDGET.variables));
}

/// The operations that a script uses, and whether it ended.
fn used(script: &str) -> (u64, bool) {
    let compiled = compile(script);
    let program = compiled.program;
    let row = Row::new(&program, &request_with(&[("customer.note", Value::Text("n".repeat(60_000).into()))]));
    let (given, used) = program.run_counted(RuleIndex(0), &row);
    (used, given.is_ok())
}

#[test]
fn work_is_charged_by_the_size_of_what_it_reads() {
    let text = |bytes: usize| format!("let t = \"{}\"; let x = ", "a".repeat(bytes));
    let array = |count: usize| format!("let a = [{}]; let x = ", vec!["7"; count].join(", "));
    // What an expression charges over a text of 4,000 bytes more than over one of a single byte.
    let texts = [
        ("contains(t, \"b\")", 4_000 / 16),
        ("contains(t, t)", 8_000 / 16),
        ("starts_with(t, t)", 4_000 / 256),
        ("ends_with(t, t)", 4_000 / 256),
        ("starts_with(t, \"b\")", 0),
        ("t == t", 4_000 / 256),
        ("t != t", 4_000 / 256),
        ("t <= t", 4_000 / 256),
        ("t == \"b\"", 0),
        ("len(t)", 4_000 / 128),
        ("lower(t)", 4_000 / 32),
        ("upper(t)", 4_000 / 32),
        ("trim(t)", 4_000 / 32),
        ("left(t, 1)", 4_000 / 16),
        ("right(t, 1)", 4_000 / 16),
        ("t + \"b\"", 4_001 / 64),
        ("share(t, t)", 8_000 / 8),
        ("share(7, t)", 4_000 / 8),
        ("t in lists.blocked", 4_000 / 32),
        ("is_empty(t)", 0),
        ("t", 0),
        // Looked up by a hash of the whole text.
        ("switch t { \"b\" => 1, _ => 2 }", 4_000 / 256),
    ];
    for (expression, more) in texts {
        let [(few, short), (many, long)] = [1, 4_000].map(|bytes| used(&format!("{}{expression};", text(bytes))));
        assert!(short && long, "{expression}");
        assert_eq!(many - few, u64::try_from(more).unwrap(), "{expression}");
    }
    // The same of an array of 1,000 elements and one of a single element; each element is an operation where the array is written.
    for (expression, more) in [("a", 500), ("[a.len()]", 500), ("a[0]", 500), ("7 in a", 500 + 250), ("1", 0)] {
        let [(few, short), (many, long)] = [1, 1_000].map(|count| used(&format!("{}{expression};", array(count))));
        assert!(short && long, "{expression}");
        assert_eq!(many - few - 999, more, "{expression}");
    }
    // A field is no variable of the script: its text is charged for where it is looked up.
    let looked_up = |field: &str| used(&format!("let x = switch {field} {{ \"b\" => 1, _ => 2 }};")).0;
    assert!(looked_up("customer.note ?? \"\"") > looked_up("customer.id_hash") + 60_000 / 256);
}

#[test]
fn the_budget_ends_on_the_operation_that_is_too_much() {
    // One more character is one more operation of the last call, which the budget no longer has.
    let script = |rounds: usize| format!("let s = 0; for n in 0..{rounds} {{ s = len(\"{}\"); }}", "a".repeat(4_000));
    let each = used(&script(3)).0 - used(&script(2)).0;
    let start = used(&script(0)).0;
    let most = usize::try_from((BUDGET.operations - start) / each).unwrap();
    assert_eq!(used(&script(most)), (start + each * most as u64, true));
    let (spent, ended) = used(&script(most + 1));
    assert_eq!((spent, ended), (BUDGET.operations, false));
}

#[test]
fn the_deepest_script_fits_a_small_stack() {
    let deep = |open: &str, close: &str, count: usize, core: &str| format!("{}{core}{}", open.repeat(count), close.repeat(count));
    let body = deep("if x > 0 { ", " } else { 0 }", 8, "f1(x)");
    let function = |at: u32| format!("fn f{at}(x) {{ {} }}", body.replace("f1(x)", &format!("1 + f{}(x)", at + 1)));
    let shared = (0..9).map(function).collect::<Vec<_>>().join("\n");
    let scripts = [
        format!("if {} == 0 {{ decline(\"CLOSED\") }}", deep("(1 + ", ")", 40, "f0(1)")),
        format!("if {} {{ decline(\"CLOSED\") }}", deep("!(", ")", 28, "true")),
        format!("let x = {};", deep("[", "]", 60, "1")),
        format!("let x = {};", vec!["1"; 2_000].join(" + ")),
        deep("if true { ", " }", 400, "1"),
        deep("(", ")", 5_000, "1"),
    ];
    for script in scripts {
        let shared = shared.clone();
        let work = move || drop(run_with(&script, &shared, &request()));
        std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
    }
}

#[test]
fn a_large_list_is_never_copied() {
    let mut definition = definition(&["if customer.id_hash in lists.blocked { decline(\"CLOSED\") }"], "");
    let entries: Vec<std::sync::Arc<str>> = (0..200_000).map(|at| format!("h{at:07}").into()).collect();
    definition.rule_set.lists[0].entries = crate::model::ListEntries::Text(entries.into());
    let program = Program::compile(&definition).program;
    let start = std::time::Instant::now();
    for _ in 0..2_000 {
        let row = Row::new(&program, &request_with(&[("customer.id_hash", Value::Text("h0000007".into()))]));
        assert_eq!(program.run(RuleIndex(0), &row), Ok(decline()));
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}

#[test]
fn a_program_is_shared_between_threads() {
    let program = Program::compile(&definition(&["if customer.cards > 5 { decline(\"CLOSED\") }"], "")).program;
    let threads: Vec<_> = (0..4)
        .map(|thread: i64| {
            let program = program.clone();
            std::thread::spawn(move || {
                for cards in 0..50 {
                    let row = Row::new(&program, &request_with(&[("customer.cards", Value::Int(cards + thread))]));
                    let hit = !program.run(RuleIndex(0), &row).unwrap().is_empty();
                    assert_eq!(hit, cards + thread > 5);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn share_is_the_same_for_ever() {
    // Worked out with another program: the first eight bytes of SHA-256 over salt, a zero byte and key, modulo 10000.
    for (key, salt, value) in [("card-1", "wave1", 8775), ("", "", 3192), ("张三", "试点", 2327)] {
        assert_eq!(holds(&format!("share(\"{key}\", \"{salt}\") == {value}")), Ok(true), "{key}");
    }
    assert_eq!(holds("share(7, \"wave1\") == share(\"7\", \"wave1\")"), Ok(true));
}
