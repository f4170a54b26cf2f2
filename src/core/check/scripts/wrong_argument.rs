//! `wrong-argument`: a call with arguments that the function does not take.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "wrong-argument",
    severity: Severity::Error,
    title: StaticText::new("a call with arguments that the function does not take", "函数调用的参数不符"),
    what: StaticText::new(
        r#"Finds calls with too few or too many arguments, with an argument of another type, or with a literal that cannot be read, such as `time("yesterday")`."#,
        r#"找出参数个数不符、参数类型不符，或字面量无法解析（如 `time("yesterday")`）的函数调用。"#,
    ),
    why: StaticText::new("The rule would fail as soon as the call is reached.", "规则一旦执行到该调用就会出错。"),
    example: Example::Script {
        wrong: r#"if request.received_at < time("24 March 2014") {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if request.received_at < time("2014-03-24T00:00:00") {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("Give the arguments as the function's documentation says.", "请按函数文档提供参数。"),
});

/// Says that an argument has the wrong type.
pub(in crate::check) fn wrong_type(span: Span, function: &str, parameter: &str, wanted: &LocalText, found: &Type) -> Finding {
    let (is_text, is_enum, found) = (found.is_text(), matches!(found, Type::Enum(_)), found.text());
    let message = LocalText::new(
        format!("`{function}` takes {} as `{parameter}`, not {}", wanted.en, found.en),
        format!("`{function}` 的参数 `{parameter}` 需要{}，而不是{}", wanted.zh, found.zh),
    );
    let help = if is_enum {
        LocalText::new(
            "compare an enum with its values as a whole: `x == \"A\"` or `x in [\"A\", \"B\"]`",
            "枚举请与其完整取值比较：`x == \"A\"` 或 `x in [\"A\", \"B\"]`",
        )
    } else if *wanted == Type::Time.text() && is_text {
        LocalText::new("write a fixed time as `time(\"2014-03-24T00:00:00\")`", "固定时间请写 `time(\"2014-03-24T00:00:00\")`")
    } else {
        LocalText::new(format!("give {} here", wanted.en), format!("请在此处提供{}", wanted.zh))
    };
    CHECK.finding(span, message).with_help(help)
}

/// Says that there are too few or too many.
pub(in crate::check) fn wrong_count(span: Span, function: &str, wanted: usize, found: usize) -> Finding {
    let plural = if wanted == 1 { "" } else { "s" };
    let message = LocalText::new(
        format!("`{function}` takes {wanted} argument{plural}, not {found}"),
        format!("`{function}` 需要 {wanted} 个参数，而不是 {found} 个"),
    );
    let help = if found < wanted {
        LocalText::new("add what is missing", "请补上缺少的参数")
    } else {
        LocalText::new("leave out what is too many", "请去掉多余的参数")
    };
    CHECK.finding(span, message).with_help(help)
}

/// Says that a literal cannot be read.
pub(in crate::check) fn bad_literal(span: Span, function: &str, text: &str, wanted: StaticText) -> Finding {
    let message = LocalText::new(format!("`{function}` cannot read `{text}`"), format!("`{function}` 无法解析 `{text}`"));
    let help = LocalText::new(format!("write {}", wanted.en), format!("请写成{}", wanted.zh));
    CHECK.finding(span, message).with_help(help)
}
