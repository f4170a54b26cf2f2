//! `not-a-condition`: a condition that is neither true nor false.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "not-a-condition",
    severity: Severity::Error,
    title: StaticText::new("a condition that is neither true nor false", "条件不是布尔值"),
    what: StaticText::new(
        "Finds `if`, `while` and guards of a `switch` whose condition is not a Bool.",
        "找出条件不是布尔值的 `if`、`while` 和 `switch` 分支条件。",
    ),
    why: StaticText::new(
        "The rule would fail as soon as the condition is reached: numbers and texts do not count as true.",
        "规则一旦执行到该条件就会出错：数字和文本不会被当作真。",
    ),
    example: Example::Script {
        wrong: r#"if velocity.cards_by_mobile {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if velocity.cards_by_mobile > 0 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Compare the value with something.", "请将该值与某个值比较。"),
});

/// Says what the condition is instead.
pub(in crate::check) fn finding(span: Span, found: &Type) -> Finding {
    let found = found.text();
    let message = LocalText::new(
        format!("a condition must be a Bool, not {}", found.en),
        format!("条件必须是布尔值 Bool，而不是{}", found.zh),
    );
    let help = LocalText::new(
        "compare it with something, such as `… > 0` or `… == \"new\"`",
        "请将其与某个值比较，例如 `… > 0` 或 `… == \"new\"`",
    );
    CHECK.finding(span, message).with_help(help)
}
