//! `wrong-operand`: an operator that does not take such values.

use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "wrong-operand",
    severity: Severity::Error,
    title: StaticText::new("an operator that does not take such values", "运算符不适用于此类值"),
    what: StaticText::new(
        "Finds arithmetic, `!`, `&&` and `||` on values that have no such operation: a text times two, money times money, a time plus a text.",
        "找出对不支持该运算的值使用算术运算符、`!`、`&&` 或 `||`：文本乘以二、金额乘以金额、时间加文本。",
    ),
    why: StaticText::new(
        "The rule would fail as soon as it gets there, or would compute something without meaning.",
        "规则执行到此处会出错，或算出没有意义的结果。",
    ),
    example: Example::Script {
        wrong: r#"if money.paid_today + 100 > params.single_limit {
    decline("HIGH_AMOUNT")
}"#,
        right: r#"if money.paid_today + yuan(100) > params.single_limit {
    decline("HIGH_AMOUNT")
}"#,
    },
    remedy: StaticText::new(
        "Add money to money, multiply money by a whole number, and use `days_between` and its like for times.",
        "金额只能与金额相加，只能乘以整数；时间请用 `days_between` 等函数计算。",
    ),
});

/// Says which types the operator cannot take.
pub(in crate::check) fn finding(span: Span, op: &str, lhs: &Type, rhs: Option<&Type>) -> Finding {
    let left = lhs.text();
    let Some(other) = rhs else {
        let message = LocalText::new(format!("`{op}` does not take {}", left.en), format!("`{op}` 不适用于{}", left.zh));
        return CHECK.finding(span, message).with_help(said::how_to_operate(lhs, lhs));
    };
    let right = other.text();
    let message = LocalText::new(
        format!("`{op}` does not take {} and {}", left.en, right.en),
        format!("`{op}` 不适用于{} 与{}", left.zh, right.zh),
    );
    CHECK.finding(span, message).with_help(said::how_to_operate(lhs, other))
}
