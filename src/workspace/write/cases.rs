//! Parts of `cases/*.ron` from the model.

use super::rule_set::verdict;
use super::{local, scalar};
use crate::ron_tree::Node;
use crate::ron_tree::build::{Fields, int, list, map, text, word};
use countersign_core::model::{Case, Expect, ExpectLimits, Fen, InterfaceId, ReasonId, RuleId, Template};

/// A template's or a case's fields.
pub(crate) fn template(template: &Template) -> Node {
    map(template.iter().map(|(name, value)| (name.as_str(), scalar(value))))
}

/// One case.
pub(crate) fn case(case: &Case) -> Node {
    Fields::default()
        .with("id", text(case.id.as_str()))
        .with("title", local(&case.title))
        .maybe("from", case.from.as_deref().map(text))
        .unless_empty("set", template(&case.set))
        .with("expect", expect(&case.expect))
        .plain()
}

fn expect(expect: &Expect) -> Node {
    let rules = |rules: &[RuleId]| list(rules.iter().map(|rule| text(rule.as_str())));
    let reasons = |codes: &[ReasonId]| list(codes.iter().map(|code| text(code.as_str())));
    Fields::default()
        .maybe("verdict", expect.verdict.map(verdict))
        .maybe("reasons", expect.reasons.as_deref().map(reasons))
        .maybe("interface", expect.interface.as_ref().map(|interface| text_or_none(interface.as_ref().map(InterfaceId::as_str))))
        .maybe("score", expect.score.map(int))
        .unless_empty("hits", rules(&expect.hits))
        .unless_empty("misses", rules(&expect.misses))
        .unless_empty("shadow_hits", rules(&expect.shadow_hits))
        .unless_empty("limits", limits(&expect.limits))
        .unless_empty("errors", rules(&expect.errors))
        .plain()
}

fn limits(limits: &ExpectLimits) -> Node {
    let amount = |limit: Option<Option<Fen>>| limit.map(|fen| text_or_none(fen.map(|fen| fen.to_string()).as_deref()));
    Fields::default()
        .maybe("single", amount(limits.single))
        .maybe("day", amount(limits.day))
        .maybe("month", amount(limits.month))
        .maybe("year", amount(limits.year))
        .plain()
}

fn text_or_none(value: Option<&str>) -> Node {
    value.map_or_else(|| word("None"), text)
}
