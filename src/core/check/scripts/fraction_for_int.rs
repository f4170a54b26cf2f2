//! `fraction-for-int`: a whole number compared with one that has a fraction.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "fraction-for-int",
    severity: Severity::Warning,
    title: StaticText::new("a whole number compared with a fraction", "整数与小数比较"),
    what: StaticText::new(
        "Finds an Int compared with a written number that has a fraction, such as `count > 2.5`.",
        "找出整数 与写明的带小数部分的数的比较，例如 `count > 2.5`。",
    ),
    why: StaticText::new(
        "An Int has no fraction: either the bound is a whole number, or the value was cut before it came here.",
        "整数没有小数部分：要么界限本应为整数，要么该值在此之前已被截断。",
    ),
    example: Example::Script {
        wrong: r#"if velocity.cards_by_mobile > 2.5 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if velocity.cards_by_mobile >= 3 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Write the whole number that is meant.", "请写明所指的整数。"),
});

/// Says which whole numbers lie beside it.
pub(in crate::check) fn finding(span: Span, number: f64) -> Finding {
    let (below, above) = (number.floor(), number.ceil());
    let message =
        LocalText::new(format!("an Int is never between {below} and {above}"), format!("整数不会介于 {below} 与 {above} 之间"));
    let help = LocalText::new(
        format!("compare with {below} or {above}; if the value was divided before, write `ratio(a, b)` there"),
        format!("请与 {below} 或 {above} 比较；若该值由除法得来，请在该处写 `ratio(a, b)`"),
    );
    CHECK.finding(span, message).with_help(help)
}
