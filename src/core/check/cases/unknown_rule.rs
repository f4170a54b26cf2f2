//! `unknown-rule`: a case that names a rule which does not exist.

use std::collections::BTreeSet;

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::RuleId;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unknown-rule",
        severity: Severity::Error,
        title: StaticText::new("a case that names a rule which does not exist", "用例引用了不存在的规则"),
        what: StaticText::new(
            "Finds rules in `hits`, `misses`, `shadow_hits` and `errors` of a case that the rule set does not have.",
            "找出用例的 `hits`、`misses`、`shadow_hits` 和 `errors` 中规则集里没有的规则。",
        ),
        why: StaticText::new(
            "A rule that does not exist never hits: a case that expects a miss would pass for ever.",
            "不存在的规则永远不会命中：期望其不命中的用例会一直通过。",
        ),
        example: Example::Entry {
            part: Part::Case,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", expect: (verdict: Accept, misses: ["exampel"])),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), from: "payment", expect: (verdict: Accept, misses: ["example"])),"#,
        },
        remedy: StaticText::new("Write the rule's id as it is in `ruleset.ron`.", "请按 `ruleset.ron` 中的写法书写规则标识。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let known: BTreeSet<&str> = rules.rules().map(|(_, _, rule)| rule.id.as_str()).collect();
    let mut findings = Vec::new();
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        let expect = &case.expect;
        let parts: [(&str, &[RuleId]); 4] =
            [("hits", &expect.hits), ("misses", &expect.misses), ("shadow_hits", &expect.shadow_hits), ("errors", &expect.errors)];
        for (part, named) in parts {
            for (position, id) in named.iter().enumerate().filter(|(_, id)| !known.contains(id.as_str())) {
                let message = LocalText::new(format!("the rule set has no rule `{id}`"), format!("规则集中没有规则 `{id}`"));
                let place = cx.place(&format!("cases.{}.expect.{part}.{position}", case.id));
                findings.push(said::suggest_quoted(cx, CHECK.finding(place, message), id.as_str(), known.iter().copied()));
            }
        }
    }
    findings
}
