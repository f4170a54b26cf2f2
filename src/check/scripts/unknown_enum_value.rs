//! `unknown-enum-value`: a comparison with a value that the enum does not have.

use crate::check::{Check, Context, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unknown-enum-value",
    severity: Severity::Error,
    title: StaticText::new("a comparison with a value that the enum does not have", "与枚举中没有的取值比较"),
    what: StaticText::new(
        "Finds comparisons, `in`, and arms of a `switch` where a text stands against an enum that has no such value.",
        "找出比较、`in` 以及 `switch` 分支中，与枚举对照的文本不是该枚举的取值的情况。",
    ),
    why: StaticText::new(
        "Such a comparison is never true, so the rule silently does not fire. Case counts: `sign` is not `SIGN`.",
        "这样的比较永远不成立，规则会悄悄失效。大小写有区别：`sign` 不等于 `SIGN`。",
    ),
    example: Example::Script {
        wrong: r#"if request.operation == "SIGNN" {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if request.operation == "SIGN" {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Write one of the enum's values, or add the value where the enum is declared.",
        "请写该枚举的取值之一，或在声明处添加该取值。",
    ),
});

/// Says that the enum has no such value.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span, value: &str, known: &[String]) -> Finding {
    let message = LocalText::new(format!("`{value}` is none of the values this can have"), format!("`{value}` 不是此处可能的取值"));
    said::suggest_quoted(cx, CHECK.finding(span, message), value, known.iter().map(String::as_str))
}
