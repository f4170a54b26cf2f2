//! `assignment-in-condition`: `=` where `==` is meant.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "assignment-in-condition",
    severity: Severity::Error,
    title: StaticText::new("`=` where `==` is meant", "应写 `==` 却写了 `=`"),
    what: StaticText::new("Finds assignments in conditions.", "找出条件中的赋值。"),
    why: StaticText::new(
        "`=` changes a value, `==` compares two. A condition that assigns compares nothing.",
        "`=` 用于赋值，`==` 用于比较。条件中的赋值不会进行任何比较。",
    ),
    example: Example::Script {
        wrong: r#"let kind = customer.kind;
if kind = "new" {
    step_up("TOO_MANY_CARDS")
}"#,
        right: r#"let kind = customer.kind;
if kind == "new" {
    step_up("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Write `==`.", "请写 `==`。"),
});

/// Says that a comparison is meant; the fix doubles the `=` where that is all the place holds.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span) -> Finding {
    let message = LocalText::new("this assigns instead of comparing", "此处是赋值而不是比较");
    let finding = CHECK.finding(span, message).with_help(LocalText::new("write `==` to compare", "比较请写 `==`"));
    if cx.text(span) == "=" { finding.with_fix(span, "==") } else { finding }
}
