//! `division-by-zero`: a divisor that is zero for every request.

use crate::check::context::Context;
use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "division-by-zero",
    severity: Severity::Error,
    title: StaticText::new("a division by zero", "除以零"),
    what: StaticText::new(
        "Finds `/`, `%`, `ratio` and `div` whose divisor is zero for every request that comes there.",
        "找出凡到达此处的请求除数都为零的 `/`、`%`、`ratio` 和 `div`。",
    ),
    why: StaticText::new(
        "The rule fails there, and every such request gets the `on_error` verdict.",
        "规则在此处出错，这些请求都会得到 `on_error` 的结论。",
    ),
    example: Example::Script {
        wrong: r#"if velocity.cards_by_mobile % 0 == 1 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if velocity.cards_by_mobile % 10 == 1 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Divide by something that differs from zero.", "请改用不为零的除数。"),
});

/// Says that it is zero.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span) -> Finding {
    let divisor = said::in_one_line(cx.text(span));
    let message = LocalText::new(format!("the divisor `{divisor}` is zero here"), format!("除数 `{divisor}` 在此处为零"));
    let help = LocalText::new("divide by something that differs from zero", "请改用不为零的除数");
    CHECK.finding(span, message).with_help(help)
}
