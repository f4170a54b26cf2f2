//! Field by field, what a case expects and what its decision is.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{Decision, Expect, ExpectLimits, Fen, Limit, RuleIndex, RuleSet};
use crate::text::LocalText;

/// One part of a decision that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseDifference {
    /// The part, as the case writes it: `verdict`, `limits.single`.
    pub part: String,
    /// What the case expects.
    pub expected: LocalText,
    /// What the decision says.
    pub got: LocalText,
}

impl CaseDifference {
    fn new(part: impl Into<String>, expected: LocalText, got: LocalText) -> Self {
        Self { part: part.into(), expected, got }
    }
}

fn none() -> LocalText {
    LocalText::new("none", "无")
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> LocalText {
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() { none() } else { LocalText::new(names.join(", "), names.join("、")) }
}

/// Everything in which `decision` is not what `expect` says, in the order of the case's fields.
pub(super) fn differences(rule_set: &RuleSet, expect: &Expect, decision: &Decision) -> Vec<CaseDifference> {
    let mut found = Vec::new();
    if let Some(verdict) = expect.verdict.filter(|verdict| *verdict != decision.verdict) {
        found.push(CaseDifference::new("verdict", verdict.text(), decision.verdict.text()));
    }
    found.extend(reasons(rule_set, expect, decision));
    found.extend(interface(rule_set, expect, decision));
    if let Some(score) = expect.score.filter(|score| *score != decision.score) {
        let show = |score: i64| LocalText::same(score.to_string());
        found.push(CaseDifference::new("score", show(score), show(decision.score)));
    }
    found.extend(hits(rule_set, expect, decision));
    found.extend(limits(&expect.limits, decision));
    found.extend(errors(rule_set, expect, decision));
    found
}

fn reasons(rule_set: &RuleSet, expect: &Expect, decision: &Decision) -> Option<CaseDifference> {
    let expected: BTreeSet<&str> = expect.reasons.as_ref()?.iter().map(crate::model::ReasonId::as_str).collect();
    let code = |given: &crate::model::ReasonGiven| rule_set.reasons.get_index(given.reason.at()).map(|(id, _)| id.as_str());
    let got: BTreeSet<&str> = decision.reasons.iter().filter_map(code).collect();
    (expected != got).then(|| CaseDifference::new("reasons", list(expected), list(got)))
}

fn interface(rule_set: &RuleSet, expect: &Expect, decision: &Decision) -> Option<CaseDifference> {
    let expected = expect.interface.as_ref()?.as_ref().map(crate::model::InterfaceId::as_str);
    let got = decision.interface.and_then(|interface| rule_set.interfaces.get_index(interface.at())).map(|(id, _)| id.as_str());
    (expected != got).then(|| CaseDifference::new("interface", list(expected), list(got)))
}

fn ids<'a>(rule_set: &'a RuleSet, rules: &[RuleIndex]) -> Vec<&'a str> {
    rules.iter().filter_map(|rule| rule_set.rule(*rule)).map(|rule| rule.id.as_str()).collect()
}

fn hits(rule_set: &RuleSet, expect: &Expect, decision: &Decision) -> Vec<CaseDifference> {
    let hits = ids(rule_set, &decision.hits);
    let shadows = ids(rule_set, &decision.shadow_hits);
    let missing = |wanted: &[crate::model::RuleId], got: &[&str]| wanted.iter().any(|id| !got.contains(&id.as_str()));
    let names = |rules: &[crate::model::RuleId]| list(rules.iter().map(crate::model::RuleId::as_str));
    let mut found = Vec::new();
    if missing(&expect.hits, &hits) {
        found.push(CaseDifference::new("hits", names(&expect.hits), list(hits.iter().copied())));
    }
    let unwanted: Vec<&str> = expect.misses.iter().map(crate::model::RuleId::as_str).filter(|id| hits.contains(id)).collect();
    if !unwanted.is_empty() {
        let names = list(unwanted);
        let expected = LocalText::new(format!("no hit of {}", names.en), format!("{} 不命中", names.zh));
        found.push(CaseDifference::new("misses", expected, LocalText::new("hit", "命中")));
    }
    if missing(&expect.shadow_hits, &shadows) {
        found.push(CaseDifference::new("shadow_hits", names(&expect.shadow_hits), list(shadows)));
    }
    found
}

fn limits(expect: &ExpectLimits, decision: &Decision) -> Vec<CaseDifference> {
    let expected = [expect.single, expect.day, expect.month, expect.year];
    let show = |amount: Option<Fen>| amount.map_or_else(none, |fen| LocalText::same(fen.to_string()));
    let pairs = Limit::ALL.into_iter().zip(expected);
    let differing = pairs.filter_map(|(limit, expected)| {
        let (expected, got) = (expected?, decision.limits.get(limit));
        (expected != got).then(|| CaseDifference::new(format!("limits.{}", limit.word()), show(expected), show(got)))
    });
    differing.collect()
}

/// The rules that fail must be exactly those named; a stage without a route can not be named.
fn errors(rule_set: &RuleSet, expect: &Expect, decision: &Decision) -> Option<CaseDifference> {
    let expected: BTreeSet<&str> = expect.errors.iter().map(crate::model::RuleId::as_str).collect();
    let name = |error: &crate::model::DecisionError| match error.rule {
        Some(rule) => rule_set.rule(rule).map(|rule| rule.id.as_str()),
        None => rule_set.stages.get(error.stage.at()).map(|stage| stage.id.as_str()),
    };
    let got: BTreeSet<&str> = decision.errors.iter().filter_map(name).collect();
    if expected == got {
        return None;
    }
    let mut shown = list(got.iter().copied());
    if let Some(error) = decision.errors.iter().find(|error| name(error).is_some_and(|name| !expected.contains(name))) {
        shown = LocalText::new(format!("{} ({})", shown.en, error.message), format!("{}（{}）", shown.zh, error.message));
    }
    Some(CaseDifference::new("errors", list(expected), shown))
}
