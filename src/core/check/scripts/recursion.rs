//! `recursion`: a shared function that calls itself.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "recursion",
    severity: Severity::Error,
    title: StaticText::new("a shared function that calls itself", "调用自身的共享函数"),
    what: StaticText::new(
        "Finds shared functions that call themselves, directly or by way of another.",
        "找出直接或间接调用自身的共享函数。",
    ),
    why: StaticText::new(
        "The depth of calls is limited, so whether such a rule fails would depend on the request; and its type cannot be told beforehand.",
        "调用深度有限制，规则是否出错将取决于请求；其类型也无法事先确定。",
    ),
    example: Example::Entry {
        part: Part::Shared,
        wrong: "fn days_left(n) {
    if n <= 0 { 0 } else { days_left(n - 1) }
}",
        right: "fn days_left(n) {
    if n <= 0 { 0 } else { n - 1 }
}",
    },
    remedy: StaticText::new("Use a loop with an end: `for i in 0..10`.", "请使用有终点的循环：`for i in 0..10`。"),
});

/// Says which function calls itself.
pub(in crate::check) fn finding(span: Span, name: &str) -> Finding {
    let message = LocalText::new(format!("`{name}` calls itself"), format!("`{name}` 调用了自身"));
    let help = LocalText::new("use a loop with an end: `for i in 0..10`", "请使用有终点的循环：`for i in 0..10`");
    CHECK.finding(span, message).with_help(help)
}
