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
        "Finds outcomes that are not the value of the script, because more statements stand behind them. Two `if` in a row are the usual case: only the last one counts.",
        "找出因后面还有其他语句而没有成为脚本返回值的规则结果。最常见的是连续两个 `if`：只有最后一个算数。",
    ),
    why: StaticText::new(
        "Only the script's value counts. A `decline(…)` that is thrown away declines nothing, and the rule silently does not fire.",
        "只有脚本的返回值才算数。被丢弃的 `decline(…)` 不会拒绝任何请求，规则会悄悄失效。",
    ),
    example: Example::Script {
        wrong: r#"if customer.kind == "new" {
    decline("INTERFACE_CLOSED_FOR_NEW")
}
if velocity.cards_by_mobile > 5 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if customer.kind == "new" {
    return decline("INTERFACE_CLOSED_FOR_NEW");
}
if velocity.cards_by_mobile > 5 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Write `return` before it, join the conditions with `else if`, or gather several outcomes in an array: `[score(10, …), score(20, …)]`.",
        "在前面写 `return`，或用 `else if` 连接条件；若有多个规则结果，请放进数组：`[score(10, …), score(20, …)]`。",
    ),
});

/// Says that the outcome goes nowhere.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("this outcome is thrown away: more statements follow it", "该规则结果被丢弃：其后还有其他语句");
    let help = LocalText::new(
        "write `return` before it, or join the conditions with `else if`; gather several outcomes in an array",
        "请在前面写 `return`，或用 `else if` 连接条件；多个规则结果请放进数组",
    );
    CHECK.finding(span, message).with_help(help)
}
