//! `if … else if …` of any length means what a short one means, and everything has its place.

use super::support::{definition, request_with, run_with};
use crate::model::{Outcome, ReasonIndex, RuleIndex, Value, Verdict};
use crate::script::tree::{ExprKind, walk};
use crate::script::{Program, Row, format, highlight, usage};

/// `if customer.cards == 0 { … } else if customer.cards == 1 { … } …`, an arm a line; every third refers.
fn chain(arms: usize, otherwise: &str) -> String {
    let mut text = String::new();
    for at in 0..arms {
        let outcome = if at % 3 == 0 { "refer(\"AGE\")" } else { "decline(\"CLOSED\")" };
        let word = if at == 0 { "if" } else { "else if" };
        text.extend([word, " customer.cards == ", &at.to_string(), " { ", outcome, " }\n"]);
    }
    text + otherwise
}

fn given(cards: i64) -> crate::model::Request {
    request_with(&[("customer.cards", Value::Int(cards))])
}

#[test]
fn a_chain_of_any_length_gives_what_its_first_true_condition_says() {
    let refer = vec![Outcome::Verdict(Verdict::Refer, ReasonIndex(1))];
    let decline = vec![Outcome::Verdict(Verdict::Decline, ReasonIndex(0))];
    for arms in [1, 2, 8, 9, 10, 64, 100, 101, 1_000] {
        let last = i64::try_from(arms - 1).unwrap();
        for (otherwise, rest) in [("", Vec::new()), ("else { decline(\"CLOSED\") }", decline.clone())] {
            let script = chain(arms, otherwise);
            let definition = definition(&[&script], "");
            let compiled = Program::compile(&definition);
            assert!(compiled.findings.is_empty(), "{arms}: {:?}", compiled.findings);
            let tree = compiled.program.tree(RuleIndex(0)).unwrap();
            assert!(tree.faults.is_empty(), "{arms}: {:?}", tree.faults);
            assert!(usage::unused(tree).is_empty(), "{arms}");
            for (cards, wanted) in [(0, &refer), (last, if last % 3 == 0 { &refer } else { &decline }), (-1, &rest)] {
                let row = Row::new(&compiled.program, &given(cards));
                assert_eq!(&compiled.program.run(RuleIndex(0), &row).unwrap(), wanted, "{arms} arms, {cards} cards");
            }
            // Every condition has its own bytes.
            let mut places = Vec::new();
            walk(tree, &mut |expr| {
                if let ExprKind::If { arms, .. } = &expr.kind {
                    places.extend(arms.iter().map(|(condition, _)| script[condition.span.range()].to_owned()));
                }
            });
            let wanted: Vec<String> = (0..arms).map(|at| format!("customer.cards == {at}")).collect();
            assert_eq!(places, wanted);
        }
    }
}

#[test]
fn a_chain_of_two_thousand_arms_is_laid_out_and_coloured() {
    let script = chain(1_100, "else { refer(\"AGE\") }");
    assert_eq!(format::format(&script).as_deref(), Some(format!("{script}\n").as_str()));
    assert!(highlight::pieces(&script).len() > 10_000);
}

/// As a value, in a shared function, in an arm of itself, with conditions in brackets, comments between, and early ends.
#[test]
fn a_chain_may_stand_anywhere() {
    let flat = |body: fn(usize) -> String| {
        let arms: Vec<String> =
            (1..12).map(|at| format!(" else if (customer.cards == {at}) /* }} */ {{ {} }}", body(at))).collect();
        arms.concat()
    };
    let value =
        format!("let x = if false {{ 0 }}{} else {{ 99 }}; if x == 22 {{ decline(\"CLOSED\") }}", flat(|at| format!("{}", at * 2)));
    let early = format!(
        "if customer.cards == 0 {{ return; }}{}\nrefer(\"AGE\")",
        flat(|at| if at == 11 { "return decline(\"CLOSED\");".to_owned() } else { String::new() })
    );
    let nested = format!("if customer.cards == 0 {{ }}{}", flat(|at| if at == 11 { chain(30, "") } else { String::new() }));
    let argument =
        format!("let y = max(if false {{ 0 }}{} else {{ 1 }}, 2); if y == 11 {{ decline(\"CLOSED\") }}", flat(|at| at.to_string()));
    let decline = vec![Outcome::Verdict(Verdict::Decline, ReasonIndex(0))];
    for script in [&value, &early, &nested, &argument] {
        assert_eq!(run_with(script, "", &given(11)), Ok(decline.clone()), "{script}");
    }
    assert_eq!(run_with(&value, "", &given(3)), Ok(Vec::new()));
    assert_eq!(run_with(&early, "", &given(0)), Ok(Vec::new()));
    let word = |at| if at == 0 { "if" } else { " else if" };
    let arms: Vec<String> = (0..40).map(|at| format!("{} cards == {at} {{ {at} }}", word(at))).collect();
    let shared = format!("fn level(cards) {{ {} else {{ 0 }} }}", arms.concat());
    assert_eq!(run_with("if level(customer.cards) == 39 { decline(\"CLOSED\") }", &shared, &given(39)), Ok(decline));
}

#[test]
fn what_fails_inside_a_chain_has_its_own_place() {
    let mut script = chain(20, "");
    script.push_str("else if customer.cards / (customer.cards - customer.cards) > 1 { refer(\"AGE\") }\n");
    let error = run_with(&script, "", &given(-1)).unwrap_err();
    let place = error.place.unwrap();
    assert_eq!((place.line, place.column), (21, 24), "{error}");
    // A slip is found on its line.
    let wrong = script.replace("customer.cards == 15", "customer.cards = 15");
    let compiled = super::support::compile(&wrong);
    let finding = &compiled.findings[0];
    assert_eq!(wrong[..finding.span.unwrap().start as usize].matches('\n').count(), 15, "{finding:?}");
}
