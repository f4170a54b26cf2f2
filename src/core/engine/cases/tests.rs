//! Cases over the fixture's rule set: what passes, what differs, what can not be run, and what is covered.

use super::*;
use crate::engine::fixture::{engine, new_definition};
use crate::model::{Expect, ExpectLimits, Fen, FieldName, InterfaceId, ReasonId, Scalar, Template, Verdict};

fn template(fields: &[(&str, Scalar)]) -> Template {
    fields.iter().map(|(name, value)| (FieldName::new(name).unwrap(), value.clone())).collect()
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.to_owned())
}

fn rules(ids: &[&str]) -> Vec<RuleId> {
    ids.iter().map(|id| RuleId::new(id).unwrap()).collect()
}

fn case(id: &str, set: &[(&str, Scalar)], expect: Expect) -> Case {
    Case {
        id: RuleId::new(id).unwrap(),
        title: LocalText::new("A title", "标题"),
        from: Some("plain".to_owned()),
        set: template(set),
        before: Vec::new(),
        expect,
        file: "cases/small.ron".to_owned(),
    }
}

fn run(cases: Vec<Case>) -> CaseRun {
    let plain = template(&[
        ("request.id", text("k")),
        ("request.at", text("2014-03-24T00:00:00")),
        ("request.via", text("east")),
        ("customer.id", text("c1")),
        ("money.amount", text("100.00")),
        ("risk.points", Scalar::Int(0)),
    ]);
    let templates = std::iter::once(("plain".to_owned(), plain)).collect();
    run_cases(&engine(new_definition()), &CaseSet { templates, cases })
}

fn differences(run: &CaseRun) -> Vec<(&str, &str, &str)> {
    let CaseOutcome::Failed(_, differences) = &run.results[0].outcome else { panic!("{:?}", run.results[0].outcome) };
    differences.iter().map(|one| (one.part.as_str(), one.expected.en.as_str(), one.got.en.as_str())).collect()
}

#[test]
fn a_case_passes_when_every_part_it_names_is_as_expected() {
    let big = Expect {
        verdict: Some(Verdict::Refer),
        reasons: Some(vec![ReasonId::new("BIG").unwrap()]),
        interface: Some(Some(InterfaceId::new("east").unwrap())),
        score: Some(60),
        hits: rules(&["big", "limit_day"]),
        misses: rules(&["closed"]),
        limits: ExpectLimits { single: Some(Some(Fen(500_000))), month: Some(None), ..ExpectLimits::default() },
        ..Expect::default()
    };
    let failing = Expect { verdict: Some(Verdict::Refer), errors: rules(&["fragile"]), ..Expect::default() };
    let run = run(vec![
        case("big_one", &[("money.amount", text("6000.00"))], big),
        case("fails", &[("risk.points", Scalar::Int(7))], failing),
        case("anything", &[("money.amount", Scalar::Missing(()))], Expect::default()),
    ]);
    assert_eq!(run.counts(), CaseCounts { passed: 3, failed: 0, unusable: 0 }, "{:#?}", run.results);
}

#[test]
fn every_differing_part_is_named_with_both_values() {
    let wrong = Expect {
        verdict: Some(Verdict::Accept),
        reasons: Some(Vec::new()),
        interface: Some(Some(InterfaceId::new("north").unwrap())),
        score: Some(1),
        hits: rules(&["big", "points"]),
        misses: rules(&["limit_day", "closed"]),
        shadow_hits: rules(&["watch"]),
        limits: ExpectLimits { day: Some(None), year: Some(Some(Fen(1))), ..ExpectLimits::default() },
        errors: rules(&["fragile"]),
    };
    let run = run(vec![case("wrong", &[("money.amount", text("6000.00"))], wrong)]);
    let expected = [
        ("verdict", "accept", "refer"),
        ("reasons", "none", "BIG"),
        ("interface", "north", "east"),
        ("score", "1", "60"),
        ("hits", "big, points", "big, limit_day"),
        ("misses", "no hit of limit_day", "hit"),
        ("shadow_hits", "watch", "none"),
        ("limits.day", "none", "10000.00"),
        ("limits.year", "0.01", "none"),
        ("errors", "fragile", "none"),
    ];
    assert_eq!(differences(&run), expected);
}

#[test]
fn a_failure_nobody_named_is_a_difference() {
    let run = run(vec![case("fails", &[("risk.points", Scalar::Int(7))], Expect::default())]);
    let found = differences(&run);
    assert_eq!((found[0].0, found[0].1), ("errors", "none"));
    assert!(found[0].2.starts_with("fragile ("), "{}", found[0].2);
}

#[test]
fn a_case_that_means_nothing_is_a_finding_and_not_a_pass() {
    let misspelt = Expect { misses: rules(&["closd"]), ..Expect::default() };
    let mut lost = case("lost", &[], Expect::default());
    lost.from = Some("plane".to_owned());
    let run = run(vec![
        case("misspelt", &[], misspelt),
        lost,
        case("field", &[("money.amuont", text("1.00"))], Expect::default()),
        case("value", &[("request.via", text("nowhere"))], Expect::default()),
        case("hole", &[("customer.id", Scalar::Missing(()))], Expect::default()),
    ]);
    let ids: Vec<&str> = run.findings().map(Finding::id).collect();
    assert_eq!(ids, ["unknown-rule", "unknown-template", "unknown-field", "wrong-value", "incomplete-request"]);
    assert!(run.findings().next().unwrap().help.as_ref().unwrap().on_command_line().en.contains("`closed`"));
    assert_eq!(run.counts().unusable, 5);
}

#[test]
fn coverage_tells_hit_from_evaluated_from_never() {
    let run = run(vec![case("west", &[("request.via", text("west"))], Expect { hits: rules(&["closed"]), ..Expect::default() })]);
    let covered: Vec<(&str, Covered, bool)> =
        run.coverage.rules.iter().map(|entry| (entry.rule.as_str(), entry.covered(), entry.asserted)).collect();
    assert_eq!(covered[0], ("closed", Covered::Hit, true));
    assert_eq!(covered[1], ("trusted", Covered::Never, false));
    assert_eq!(run.coverage.hit(), (1, 8));
}
