//! `unknown-reason`: a reason code that the rule set does not have.

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unknown-reason",
        severity: Severity::Error,
        title: StaticText::new("a reason code that the rule set does not have", "规则集中没有的原因码"),
        what: StaticText::new(
            "Finds outcomes, and `on_error`, whose reason is not among `reasons` of `ruleset.ron`; also a case that expects such a reason.",
            "找出规则结果、`on_error` 或用例中使用了 `ruleset.ron` 的 `reasons` 里没有的原因码。",
        ),
        why: StaticText::new(
            "A reason that nobody declared has no text for the analyst and no code on the wire, so the customer would get a refusal without a stated reason.",
            "未登记的原因码既没有给分析人员看的文字，也没有应答码，客户将收到没有说明原因的拒绝。",
        ),
        example: Example::Script {
            wrong: r#"if request.operation == "SIGN" {
    decline("INTERFACE_CLOSED_FOR_NWE")
}"#,
            right: r#"if request.operation == "SIGN" {
    decline("INTERFACE_CLOSED_FOR_NEW")
}"#,
        },
        remedy: StaticText::new(
            "Write the code as it is in `reasons` of `ruleset.ron`, or add the reason there with its text and wire code.",
            "请按 `ruleset.ron` 的 `reasons` 中的写法书写，或在其中添加该原因码及其文字和应答码。",
        ),
    },
);

/// Says that no reason has this code.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Option<Span>, code: &str) -> Finding {
    let message = LocalText::new(format!("the rule set has no reason `{code}`"), format!("规则集中没有原因码 `{code}`"));
    said::suggest_quoted(cx, CHECK.finding(span, message), code, cx.reason_names())
}

/// The reason given when a rule fails, and those that cases expect, must be the rule set's too.
fn check(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let mut findings = Vec::new();
    let code = rules.on_error.reason.as_str();
    if !rules.reasons.contains_key(code) {
        findings.push(finding(cx, cx.place("on_error.reason"), code));
    }
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        let expected = case.expect.reasons.iter().flatten().enumerate();
        for (position, code) in expected.filter(|(_, code)| !rules.reasons.contains_key(code.as_str())) {
            let place = cx.place(&format!("cases.{}.expect.reasons.{position}", case.id));
            findings.push(finding(cx, place, code.as_str()));
        }
    }
    findings
}
