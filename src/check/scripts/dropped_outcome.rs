//! `dropped-outcome`: an outcome that is made and thrown away.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "dropped-outcome",
    severity: Severity::Error,
    title: StaticText::new("an outcome that is made and thrown away", "产生后被丢弃的规则结果"),
    what: StaticText::new(
        "Finds outcomes that are not the value of the script: with a `;` after them, or with more statements behind.",
        "找出没有成为脚本返回值的规则结果：其后有 `;`，或后面还有其他语句。",
    ),
    why: StaticText::new(
        "Only the script's value counts. A `decline(…)` that is thrown away declines nothing, and the rule silently does not fire.",
        "只有脚本的返回值才算数。被丢弃的 `decline(…)` 不会拒绝任何请求，规则会悄悄失效。",
    ),
    example: Example::Script {
        wrong: r#"if customer.kind == "new" {
    decline("INTERFACE_CLOSED_FOR_NEW");
}"#,
        right: r#"if customer.kind == "new" {
    decline("INTERFACE_CLOSED_FOR_NEW")
}"#,
    },
    remedy: StaticText::new(
        "Take away the `;`, write `return` before it, or gather several outcomes in an array: `[score(10, …), score(20, …)]`.",
        "去掉 `;`，或在前面写 `return`；若有多个规则结果，请放进数组：`[score(10, …), score(20, …)]`。",
    ),
});

/// Says that the outcome goes nowhere.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message =
        LocalText::new("this outcome is thrown away: it is not the script's value", "该规则结果被丢弃：它不是脚本的返回值");
    let help = LocalText::new(
        "take away the `;` after it, or write `return` before it; gather several outcomes in an array",
        "请去掉其后的 `;`，或在前面写 `return`；多个规则结果请放进数组",
    );
    CHECK.finding(span, message).with_help(help)
}
