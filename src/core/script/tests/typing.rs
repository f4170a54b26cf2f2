//! What the typed tree finds.

use super::support::faults;

/// Each script with the bytes and the words of each fault; none for a script without fault.
fn check(cases: &[(&str, &[(&str, &str)])]) {
    for (script, expect) in cases {
        let found = faults(script, "");
        let found: Vec<(&str, &str)> = found.iter().map(|(text, what)| (text.as_str(), what.as_str())).collect();
        assert_eq!(&found, expect, "{script}");
    }
}

#[test]
fn a_sound_script_has_no_fault() {
    check(&[
        ("if request.operation == \"SIGN\" && request.interface != params.open_interface { decline(\"CLOSED\") }", &[]),
        ("if customer.age != () && customer.age < 16 { decline(\"AGE\") }", &[]),
        ("if customer.age == () || customer.age < 16 { decline(\"AGE\") }", &[]),
        ("if customer.age == () { return; } if customer.age < 16 { decline(\"AGE\") }", &[]),
        ("if (customer.age ?? 99) < 16 { decline(\"AGE\") }", &[]),
        ("if !(customer.age == ()) && !(customer.age >= 16) { decline(\"AGE\") }", &[]),
        ("if !(customer.age == () || customer.age >= 16) { decline(\"AGE\") }", &[]),
        ("if customer.age == () { refer(\"AGE\") } else if customer.age < 16 { decline(\"AGE\") }", &[]),
        ("let age = customer.age; if age != () && age < 16 { decline(\"AGE\") }", &[]),
        ("if customer.vip ?? false { accept(\"UNLINKED\") }", &[]),
        ("if customer.id_hash in lists.blocked { decline(\"CLOSED\") }", &[]),
        ("if customer.cards !in [1, 2] && customer.cards in 1..=3 { decline(\"CLOSED\") }", &[]),
        ("if request.operation in [\"SIGN\", \"PAY\"] { decline(\"CLOSED\") }", &[]),
        ("if money.amount != () && money.amount + money.paid_today > params.ceiling * 2 { decline(\"CLOSED\") }", &[]),
        ("limit(#{ single: min(params.ceiling, yuan(5_000)) })", &[]),
        ("if hour(request.received_at) < 6 { score(20, \"AGE\") } else { () }", &[]),
        (
            "switch request.operation { \"SIGN\" | \"PAY\" => decline(\"CLOSED\"), \"UNSIGN\" if customer.cards > 1 => { refer(\"AGE\") } _ => () }",
            &[],
        ),
        ("let n = 0; for i in 0..5 { if i > 2 { n += i; } } if n > 3 { decline(\"CLOSED\") }", &[]),
        ("let x = if customer.name_match { 1 } else { 2 }; if x > 1 { decline(\"CLOSED\") }", &[]),
        ("decline(params.why)", &[]),
        ("if fixedFee > fen(5) && (customer.home.City ?? \"\").len() < 3 { decline(\"CLOSED\") }", &[]),
        ("route(request.interface)", &[]),
        ("if customer.province != () && customer.province != \"other\" { route(customer.province) }", &[]),
        ("if customer.risk > params.cut && customer.risk > 1 { decline(\"CLOSED\") }", &[]),
        ("if days_between(customer.signed_at ?? params.cutover, request.received_at) < 7 { step_up(\"AGE\") }", &[]),
        ("[decline(\"CLOSED\"), score(1, \"AGE\")]", &[]),
        ("if customer.cards > 3 { [decline(\"CLOSED\")] } else { refer(\"AGE\") }", &[]),
        ("if customer.id_hash.starts_with(\"h\") && customer.id_hash.len() > 1 { decline(\"CLOSED\") }", &[]),
    ]);
}

#[test]
fn unknown_names_are_found_under_the_name() {
    check(&[
        ("if customer.agee == () { decline(\"AGE\") }", &[("agee", "unknown Field agee")]),
        ("if custmer.age == () { decline(\"AGE\") }", &[("custmer", "unknown Group custmer")]),
        ("if customer.cards > params.max_card { decline(\"AGE\") }", &[("max_card", "unknown Parameter max_card")]),
        ("if customer.id_hash in lists.blokked { decline(\"AGE\") }", &[("blokked", "unknown List blokked")]),
        ("if cards > 3 { decline(\"AGE\") }", &[("cards", "unknown Variable cards")]),
        ("if customer.home.Ctiy == () { decline(\"AGE\") }", &[("Ctiy", "unknown Field Ctiy")]),
        ("if customer.hmoe.City == () { decline(\"AGE\") }", &[("hmoe", "unknown Field hmoe")]),
        ("if fixedFees > fen(1) { decline(\"AGE\") }", &[("fixedFees", "unknown Variable fixedFees")]),
        ("if customer.home == () { decline(\"AGE\") }", &[("customer.home", "group customer.home as value")]),
        ("if hours(request.received_at) > 3 { decline(\"AGE\") }", &[("hours", "unknown Function hours")]),
        ("declin(\"AGE\")", &[("declin", "unknown Function declin")]),
        ("if label.fraud == true { decline(\"AGE\") }", &[("label.fraud", "label visible")]),
        ("if customer { decline(\"AGE\") }", &[("customer", "group customer as value")]),
        ("decline(\"NOPE\")", &[("\"NOPE\"", "unknown reason NOPE")]),
        ("route(\"nowhere\")", &[("\"nowhere\"", "unknown interface nowhere")]),
        ("limit(#{ hourly: yuan(5) })", &[("hourly", "unknown limit hourly")]),
        ("if customer.id_hash.startswith(\"h\") { decline(\"AGE\") }", &[("startswith", "unknown Function startswith")]),
        ("if request.operation == \"SING\" { decline(\"AGE\") }", &[("\"SING\"", "no enum value SING")]),
        ("if request.operation in [\"SIGN\", \"PYA\"] { decline(\"AGE\") }", &[("\"PYA\"", "no enum value PYA")]),
        ("switch request.operation { \"SING\" => decline(\"AGE\"), _ => () }", &[("\"SING\"", "no enum value SING")]),
    ]);
}

#[test]
fn a_missing_value_needs_a_guard() {
    check(&[
        ("if customer.age < 16 { decline(\"AGE\") }", &[("customer.age", "unguarded an Int")]),
        ("if customer.age == 16 { decline(\"AGE\") }", &[("customer.age", "unguarded an Int")]),
        ("if customer.vip { decline(\"AGE\") }", &[("customer.vip", "unguarded a Bool")]),
        ("if customer.age != () || customer.age < 16 { decline(\"AGE\") }", &[("customer.age", "unguarded no value")]),
        ("if customer.age == () { if customer.age < 16 { decline(\"AGE\") } }", &[("customer.age", "unguarded no value")]),
        ("if customer.age != () { } if customer.age < 16 { decline(\"AGE\") }", &[("customer.age", "unguarded an Int")]),
        ("if customer.note in lists.blocked { decline(\"AGE\") }", &[("customer.note", "unguarded a Text")]),
        ("switch customer.province { \"zhejiang\" => decline(\"AGE\"), _ => () }", &[("customer.province", "unguarded an Enum")]),
        ("switch customer.province { () => refer(\"AGE\"), \"zhejiang\" => decline(\"AGE\"), _ => () }", &[]),
        ("limit(#{ day: money.amount })", &[("money.amount", "unguarded an amount of Money")]),
        ("let x = (); if customer.name_match { x = 5; } if x > 3 { decline(\"AGE\") }", &[("x", "unguarded an Int")]),
        (
            "if customer.age != () && customer.name_match || customer.age > 3 { decline(\"AGE\") }",
            &[("customer.age", "unguarded an Int")],
        ),
    ]);
}

#[test]
fn unlike_values_are_not_compared() {
    check(&[
        ("if customer.cards == \"2\" { decline(\"AGE\") }", &[("customer.cards == \"2\"", "compares an Int with a Text")]),
        (
            "if money.paid_today > 5000 { decline(\"AGE\") }",
            &[("money.paid_today > 5000", "compares an amount of Money with an Int")],
        ),
        ("if money.paid_today > 50.5 { decline(\"AGE\") }", &[("money.paid_today > 50.5", "float as money")]),
        ("if money.paid_today * 1.5 > yuan(5) { decline(\"AGE\") }", &[("money.paid_today * 1.5", "float as money")]),
        ("if yuan(0.5) > money.paid_today { decline(\"AGE\") }", &[("0.5", "float as money")]),
        ("if request.received_at > 5 { decline(\"AGE\") }", &[("request.received_at > 5", "compares a Time with an Int")]),
        (
            "if request.operation == request.interface { decline(\"AGE\") }",
            &[("request.operation == request.interface", "compares an Enum with an Enum")],
        ),
        (
            "if request.operation == customer.id_hash { decline(\"AGE\") }",
            &[("request.operation == customer.id_hash", "compares an Enum with a Text")],
        ),
        (
            "if customer.cards in lists.blocked { decline(\"AGE\") }",
            &[("customer.cards in lists.blocked", "compares an Int with a list")],
        ),
        ("if customer.cards in [\"1\", 2] { decline(\"AGE\") }", &[("\"1\"", "compares an Int with a Text")]),
        (
            "if (customer.cards) == (((\"2\"))) { decline(\"AGE\") }",
            &[("customer.cards) == (((\"2\"", "compares an Int with a Text")],
        ),
        (
            "if money.paid_today + 5 > yuan(1) { decline(\"AGE\") }",
            &[("money.paid_today + 5", "+ on an amount of Money and an Int")],
        ),
        ("if customer.id_hash + 1 == \"x\" { decline(\"AGE\") }", &[("customer.id_hash + 1", "+ on a Text and an Int")]),
        ("if customer.cards { decline(\"AGE\") }", &[("customer.cards", "an Int as condition")]),
        ("if customer.cards > 1 && customer.id_hash { decline(\"AGE\") }", &[("customer.id_hash", "a Text as condition")]),
        ("if hour(customer.cards) > 1 { decline(\"AGE\") }", &[("customer.cards", "hour(time) given an Int")]),
        ("if share(customer.id_hash) > 1 { decline(\"AGE\") }", &[("share", "share wants 2 given 1")]),
        ("if time(\"nope\") > request.received_at { decline(\"AGE\") }", &[("\"nope\"", "bad literal nope")]),
        ("if min(1, yuan(5)) > yuan(1) { decline(\"AGE\") }", &[("yuan(5)", "min(other) given an amount of Money")]),
        ("switch customer.cards { \"1\" => decline(\"AGE\"), _ => () }", &[("\"1\"", "compares an Int with a Text")]),
        ("limit(#{ day: 500 })", &[("500", "limit(day) given an Int")]),
        ("if (money.amount ?? 0) > yuan(1) { decline(\"AGE\") }", &[("0", "?? on an amount of Money and an Int")]),
    ]);
}

#[test]
fn values_that_are_no_outcome_and_outcomes_that_are_lost_are_found() {
    check(&[
        ("customer.cards", &[("customer.cards", "an Int as outcome")]),
        ("if customer.name_match { 5 }", &[("if customer.name_match { 5 }", "an Int or nothing `()` as outcome")]),
        ("if customer.name_match { return 5; } decline(\"AGE\")", &[("5", "an Int as outcome")]),
        ("let x = 5;", &[("let x = 5;", "nothing `()` as outcome")]),
        ("", &[("", "nothing `()` as outcome")]),
        (
            "if customer.name_match { decline(\"AGE\") } if customer.cards > 1 { refer(\"AGE\") }",
            &[("if customer.name_match { decline(\"AGE\") }", "outcome dropped")],
        ),
        ("for i in 0..3 { decline(\"AGE\") } refer(\"AGE\")", &[("decline(\"AGE\")", "outcome dropped")]),
        (
            "decline(\"AGE\"); let x = 5;",
            &[("decline(\"AGE\")", "outcome dropped"), ("decline(\"AGE\"); let x = 5;", "nothing `()` as outcome")],
        ),
        ("let r = customer.id_hash; decline(r)", &[("r", "dynamic reason")]),
        ("let r = \"AGE\"; decline(r)", &[]),
        ("route(params.word)", &[("params.word", "dynamic interface")]),
        ("if customer.province != () { route(customer.province) }", &[("customer.province", "unknown interface other")]),
        (
            "if customer.province != () && (customer.province != \"other\" || customer.cards > 1) { route(customer.province) }",
            &[("customer.province", "unknown interface other")],
        ),
        ("limit(#{})", &[("#{}", "limit(limits) given a map `#{ … }`")]),
    ]);
}

#[test]
fn what_no_request_changes_is_found() {
    check(&[
        ("if true { decline(\"AGE\") }", &[("true", "always true")]),
        ("if 1 > 2 { decline(\"AGE\") }", &[("1 > 2", "always false")]),
        ("if customer.cards != () { decline(\"AGE\") }", &[("customer.cards != ()", "always true")]),
        ("if customer.age != () && customer.age != () { decline(\"AGE\") }", &[("customer.age != ()", "always true")]),
        ("return decline(\"AGE\"); refer(\"AGE\")", &[("refer(\"AGE\")", "unreachable")]),
        ("if customer.name_match { return; decline(\"AGE\"); } refer(\"AGE\")", &[("decline(\"AGE\")", "unreachable")]),
        (
            "if customer.name_match { return; } else { return decline(\"AGE\"); } refer(\"AGE\")",
            &[("refer(\"AGE\")", "unreachable")],
        ),
        ("loop { let x = 1; }", &[("loop", "unbounded loop")]),
        ("loop { if customer.name_match { break; } } decline(\"AGE\")", &[]),
        ("while true { } decline(\"AGE\")", &[("while", "unbounded loop"), ("decline(\"AGE\")", "unreachable")]),
        ("switch customer.cards { 1 => decline(\"AGE\"), 1 => refer(\"AGE\"), _ => () }", &[("1", "unreachable")]),
    ]);
}

#[test]
fn constants_stay_and_variables_keep_their_type() {
    check(&[
        ("customer.cards = 5; decline(\"AGE\")", &[("customer.cards", "changes customer.cards")]),
        ("params.max_cards = 5; decline(\"AGE\")", &[("params.max_cards", "changes params.max_cards")]),
        ("let x = 1; x = \"a\"; decline(\"AGE\")", &[("x", "x was an Int becomes a Text")]),
        (
            "let request = 1; decline(\"AGE\")",
            &[("request", "forbidden a variable with the name of `request`, which requests or the rule set have")],
        ),
        (
            "let x = 1; for i in 0..3 { x = customer.age; } decline(\"AGE\")",
            &[("x", "x was an Int becomes an Int or nothing `()`")],
        ),
        (
            "let x = customer.age; if x != () { for i in 0..3 { if x > 1 { x = customer.age; } } } decline(\"AGE\")",
            &[("x", "unguarded an Int")],
        ),
    ]);
}

#[test]
fn shared_functions_are_typed_for_each_call() {
    let shared = "fn twice(x) { x + x }\nfn young(age) { age != () && age < 16 }\nfn again(x) { again(x) }\nfn say(code) { decline(code) }\nfn raw() { customer.age }";
    let cases: [(&str, &[(&str, &str)]); 8] = [
        ("if twice(customer.cards) > 3 { decline(\"AGE\") }", &[]),
        ("if twice(money.paid_today) > yuan(3) && young(customer.age) && young(5) { decline(\"AGE\") }", &[]),
        (
            "if twice(money.paid_today) > 3 { decline(\"AGE\") }",
            &[("twice(money.paid_today) > 3", "compares an amount of Money with an Int")],
        ),
        ("if twice(customer.name_match) == 3 { decline(\"AGE\") }", &[("x + x", "+ on a Bool and a Bool")]),
        ("again(1)", &[("again", "recursion of again")]),
        ("say(\"AGE\")", &[]),
        ("say(\"NOPE\")", &[("code", "unknown reason NOPE")]),
        ("if twice(1, 2) > 1 { decline(\"AGE\") }", &[("twice", "twice wants 1 given 2")]),
    ];
    for (script, expect) in cases {
        let found = faults(script, shared);
        let found: Vec<(&str, &str)> = found.iter().map(|(text, what)| (text.as_str(), what.as_str())).collect();
        assert_eq!(found, expect, "{script}");
    }
    assert_eq!(
        faults("if raw() == 5 { decline(\"AGE\") }", shared),
        [("customer".to_owned(), "unknown Variable customer".to_owned())]
    );
}
