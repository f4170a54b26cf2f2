//! `unreachable-code`: code that no request reaches.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unreachable-code",
    severity: Severity::Warning,
    title: StaticText::new("code that no request reaches", "任何请求都无法到达的代码"),
    what: StaticText::new(
        "Finds statements after `return`, after a loop without an end, and after an `if` whose every way returns.",
        "找出 `return` 之后、无法结束的循环之后，以及每条路径都已返回的 `if` 之后的语句。",
    ),
    why: StaticText::new("It never runs, so what it seems to do is not done.", "这些代码从不执行，看似要做的事并没有做。"),
    example: Example::Script {
        wrong: r#"return;
decline("BLOCKED_ID")"#,
        right: r#"if customer.kind == "stock" {
    return;
}
decline("BLOCKED_ID")"#,
    },
    remedy: StaticText::new("Take it away, or move it before the `return`.", "请删除，或移到 `return` 之前。"),
});

/// Says that it never runs.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("no request ever reaches this", "任何请求都无法到达此处");
    let help = LocalText::new("take it away, or move it before what ends the script", "请删除，或移到结束脚本的语句之前");
    CHECK.finding(span, message).with_help(help)
}
