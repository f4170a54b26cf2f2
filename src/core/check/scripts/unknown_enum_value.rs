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
        "Finds texts that stand against an enum that has no such value: in comparisons, `in`, arms of a `switch`, a default after `??`, or the other branch of an `if`; also by way of a variable, an array, an argument, a parameter or a list.",
        "找出与枚举对照、但不是该枚举取值的文本：比较、`in`、`switch` 分支、`??` 之后的默认值、`if` 的另一分支；也包括经由变量、数组、参数或名单传来的文本。",
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
    let mut finding = said::suggest_quoted(cx, CHECK.finding(span, message), value, known.iter().map(String::as_str));
    // A parameter, a list or several values in one text: the place of the value is not the place of the name.
    finding.fix = finding.fix.filter(|_| cx.text(span).get(1..).is_some_and(|rest| rest.trim_end_matches(['"', '`']) == value));
    finding
}
