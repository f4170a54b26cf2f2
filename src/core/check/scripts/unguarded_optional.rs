//! `unguarded-optional`: a value that may be missing, used as if it were there.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unguarded-optional",
    severity: Severity::Error,
    title: StaticText::new("a value that may be missing, used as if it were there", "可能为空的值未经判断就使用"),
    what: StaticText::new(
        "Finds optional fields, and what is made of them, in comparisons, arithmetic, conditions and calls where the value may still be `()`.",
        "找出在比较、运算、条件或函数调用中使用、而此处仍可能为空值 `()` 的可选字段及其派生值。",
    ),
    why: StaticText::new(
        "Where the value is missing, the rule would fail at run time and the request take the verdict of `on_error`; in a less strict language the comparison would be quietly false.",
        "当值缺失时，规则会在运行时出错，请求按 `on_error` 的结论处理；在不严格的语言里，比较会悄悄变为不成立。",
    ),
    example: Example::Script {
        wrong: r#"if customer.age < 16 {
    decline("AGE_UNDER_16")
}"#,
        right: r#"if customer.age != () && customer.age < 16 {
    decline("AGE_UNDER_16")
}"#,
    },
    remedy: StaticText::new(
        "Ask first whether it is there (`customer.age != () && …`, or `if customer.age == () { return; }`), or say what counts when it is missing (`customer.age ?? 99`). Decide on purpose: what should happen to a request without the value?",
        "先判断是否有值（`customer.age != () && …` 或 `if customer.age == () { return; }`），或写明缺失时取什么值（`customer.age ?? 99`）。请有意识地决定：没有该值的请求应如何处理？",
    ),
});

/// Says that the value may be `()` here, and offers both ways out.
pub(in crate::check) fn finding(span: Span, text: &str, present: &Type) -> Finding {
    let message = LocalText::new(format!("`{text}` may be missing here"), format!("`{text}` 在此处可能为空"));
    let stand_in = match present {
        Type::Bool => "false",
        Type::Int => "0",
        Type::Money => "yuan(0)",
        Type::Float => "0.0",
        Type::Text => "\"\"",
        _ => "…",
    };
    let help = LocalText::new(
        format!("guard it, `{text} != () && …`, or say what counts when it is missing, `{text} ?? {stand_in}`"),
        format!("请先判断 `{text} != () && …`，或写明缺失时的取值 `{text} ?? {stand_in}`"),
    );
    CHECK.finding(span, message).with_help(help)
}
