//! `negative-exponent`: a whole number to a power below zero.

use crate::check::context::Context;
use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "negative-exponent",
    severity: Severity::Error,
    title: StaticText::new("a whole number to a power below zero", "整数的负数次幂"),
    what: StaticText::new("Finds `**` between whole numbers whose exponent is below zero.", "找出整数之间指数为负的 `**`。"),
    why: StaticText::new(
        "`2 ** -1` is a half, which no whole number is: the rule fails there.",
        "`2 ** -1` 是二分之一，不是整数，规则会在此处出错。",
    ),
    example: Example::Script {
        wrong: r#"if velocity.cards_by_mobile ** -1 > 0 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if velocity.cards_by_mobile ** 2 > 25 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Write the base with a fraction, `2.0 ** -1`, or divide with `ratio(1, n)`.",
        "请将底数写成小数，如 `2.0 ** -1`，或用 `ratio(1, n)`。",
    ),
});

/// Says how it is written.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span) -> Finding {
    let exponent = said::in_one_line(cx.text(span));
    let message = LocalText::new(
        format!("the exponent `{exponent}` is below zero, and no whole number is such a power"),
        format!("指数 `{exponent}` 为负，其结果不是整数"),
    );
    let help = LocalText::new(
        "write the base with a fraction, `2.0 ** -1`, or divide with `ratio(1, n)`",
        "请将底数写成小数，如 `2.0 ** -1`，或用 `ratio(1, n)`",
    );
    CHECK.finding(span, message).with_help(help)
}
