//! Values of a type that cannot be used where they are.

use super::kinds::{
    CHANGED_TYPE, FLOAT_AS_MONEY, MISMATCHED_COMPARISON, NOT_A_CONDITION, TEXT_IN_TEXT, UNGUARDED_OPTIONAL, WRONG_ARGUMENT,
    WRONG_OPERAND,
};
use crate::diagnostic::Finding;
use crate::script::Type;
use crate::script::tree::BinaryOp;
use crate::text::{LocalText, Span, StaticText};

/// `op` is `None` for `in` and the arms of a `switch`.
pub(super) fn mismatched_comparison(span: Span, op: Option<BinaryOp>, lhs: &Type, rhs: &Type) -> Finding {
    let (left, right) = (lhs.text(), rhs.text());
    let message = match op {
        Some(op) => {
            let op = op.symbol();
            LocalText::new(
                format!("`{op}` cannot compare {} with {}", left.en, right.en),
                format!("`{op}` 不能比较{} 与{}", left.zh, right.zh),
            )
        }
        None => {
            LocalText::new(format!("{} is never equal to {}", left.en, right.en), format!("{} 不可能等于{}", left.zh, right.zh))
        }
    };
    Finding::new(MISMATCHED_COMPARISON, span, message).with_help(how_to_compare(lhs, rhs))
}

pub(super) fn not_a_condition(span: Span, found: &Type) -> Finding {
    let found = found.text();
    let message = LocalText::new(
        format!("a condition must be a Bool, not {}", found.en),
        format!("条件必须是布尔值 Bool，而不是{}", found.zh),
    );
    let help = LocalText::new(
        "compare it with something, such as `… > 0` or `… == \"new\"`",
        "请将其与某个值比较，例如 `… > 0` 或 `… == \"new\"`",
    );
    Finding::new(NOT_A_CONDITION, span, message).with_help(help)
}

pub(super) fn wrong_operand(span: Span, op: &str, lhs: &Type, rhs: Option<&Type>) -> Finding {
    let left = lhs.text();
    let Some(other) = rhs else {
        let message = LocalText::new(format!("`{op}` does not take {}", left.en), format!("`{op}` 不适用于{}", left.zh));
        return Finding::new(WRONG_OPERAND, span, message).with_help(how_to_operate(lhs, lhs));
    };
    let right = other.text();
    let message = LocalText::new(
        format!("`{op}` does not take {} and {}", left.en, right.en),
        format!("`{op}` 不适用于{} 与{}", left.zh, right.zh),
    );
    Finding::new(WRONG_OPERAND, span, message).with_help(how_to_operate(lhs, other))
}

pub(super) fn wrong_argument_type(span: Span, function: &str, parameter: &str, wanted: &LocalText, found: &Type) -> Finding {
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
    Finding::new(WRONG_ARGUMENT, span, message).with_help(help)
}

pub(super) fn wrong_argument_count(span: Span, function: &str, wanted: usize, found: usize) -> Finding {
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
    Finding::new(WRONG_ARGUMENT, span, message).with_help(help)
}

pub(super) fn bad_literal(span: Span, function: &str, text: &str, wanted: StaticText) -> Finding {
    let message = LocalText::new(format!("`{function}` cannot read `{text}`"), format!("`{function}` 无法解析 `{text}`"));
    let help = LocalText::new(format!("write {}", wanted.en), format!("请写成{}", wanted.zh));
    Finding::new(WRONG_ARGUMENT, span, message).with_help(help)
}

/// `fix` is the span to replace and its replacement.
pub(super) fn text_in_text(span: Span, fix: Option<&(Span, String)>) -> Finding {
    let message = LocalText::new(
        "`in` looks for a value in an array or a list, not in a text",
        "`in` 用于在数组或名单中查找值，而不是在文本中查找",
    );
    let finding = Finding::new(TEXT_IN_TEXT, span, message);
    match fix {
        Some((place, text)) => {
            let help = LocalText::new(format!("did you mean `{text}`?"), format!("是否想写 `{text}`？"));
            finding.with_help(help).with_fix(*place, text.clone())
        }
        None => finding.with_help(LocalText::new(
            "did you mean an array, `x in [\"A\", \"B\"]`, or a list, `x in lists.name`?",
            "是否想写数组 `x in [\"A\", \"B\"]`，或名单 `x in lists.名单`？",
        )),
    }
}

pub(super) fn unguarded_optional(span: Span, text: &str, present: &Type) -> Finding {
    let message = LocalText::new(format!("`{text}` may be missing here"), format!("`{text}` 在此处可能为空"));
    let default = match present {
        Type::Bool => "false",
        Type::Int => "0",
        Type::Money => "yuan(0)",
        Type::Float => "0.0",
        Type::Text => "\"\"",
        _ => "…",
    };
    let help = LocalText::new(
        format!("guard it, `{text} != () && …`, or say what counts when it is missing, `{text} ?? {default}`"),
        format!("请先判断 `{text} != () && …`，或写明缺失时的取值 `{text} ?? {default}`"),
    );
    Finding::new(UNGUARDED_OPTIONAL, span, message).with_help(help)
}

pub(super) fn changed_type(span: Span, name: &str, was: &Type, becomes: &Type) -> Finding {
    let (was, becomes) = (was.text(), becomes.text());
    let message = LocalText::new(
        format!("`{name}` holds {}, so it cannot become {}", was.en, becomes.en),
        format!("`{name}` 的类型是{}，不能改为{}", was.zh, becomes.zh),
    );
    Finding::new(CHANGED_TYPE, span, message).with_help(LocalText::new("use a second variable", "请使用另一个变量"))
}

pub(super) fn float_as_money(span: Span) -> Finding {
    let message = LocalText::new("a number with a fraction is used where an amount of money belongs", "此处应为金额，却使用了小数");
    let help = LocalText::new(
        "write amounts as `yuan(5_000)`, `yuan(\"4999.99\")` or `fen(499_999)`, and a part of an amount as `percent(amount, \"15\")`",
        "金额请写成 `yuan(5_000)`、`yuan(\"4999.99\")` 或 `fen(499_999)`；金额的一部分请写成 `percent(amount, \"15\")`",
    );
    Finding::new(FLOAT_AS_MONEY, span, message).with_help(help)
}

/// Help: how values of these types can be compared.
fn how_to_compare(lhs: &Type, rhs: &Type) -> LocalText {
    let pair = [lhs.present(), rhs.present()];
    let has = |kind: fn(&Type) -> bool| pair.iter().any(kind);
    let is_number = |kind: &Type| matches!(kind, Type::Int | Type::Float);
    if has(|kind| *kind == Type::Money) && has(is_number) {
        LocalText::new("write amounts as `yuan(5_000)` or `fen(1)`", "金额请写成 `yuan(5_000)` 或 `fen(1)`")
    } else if has(|kind| *kind == Type::Time) {
        LocalText::new(
            "write times as `time(\"2014-03-24T00:00:00\")`, and count days with `days_between(from, to)`",
            "时间请写成 `time(\"2014-03-24T00:00:00\")`，天数请用 `days_between(from, to)` 计算",
        )
    } else if has(|kind| matches!(kind, Type::Enum(_))) && has(Type::is_text) {
        LocalText::new(
            "compare an enum with its values in quotes, or with a field or parameter that has the same values",
            "枚举请与加引号的取值比较，或与取值相同的枚举字段、参数比较",
        )
    } else if has(Type::is_text) && has(is_number) {
        LocalText::new("write texts in quotes and numbers without", "文本加引号，数字不加引号")
    } else if has(|kind| *kind == Type::Bool) && has(Type::is_text) {
        LocalText::new("write `true` and `false` without quotes", "`true` 和 `false` 不加引号")
    } else {
        LocalText::new("compare values of the same type", "请比较相同类型的值")
    }
}

/// Help: which operators take values of these types.
fn how_to_operate(lhs: &Type, rhs: &Type) -> LocalText {
    let pair = [lhs.present(), rhs.present()];
    let has = |kind: &Type| pair.contains(kind);
    if has(&Type::Money) {
        LocalText::new(
            "add and subtract amounts, `… + yuan(100)`; multiply and divide them by whole numbers",
            "金额之间只能相加减，如 `… + yuan(100)`；金额只能乘以或除以整数",
        )
    } else if has(&Type::Time) {
        LocalText::new("use `days_between(from, to)` and its like for times", "时间请用 `days_between(from, to)` 等函数计算")
    } else if has(&Type::Bool) {
        LocalText::new("combine conditions with `&&`, `||` and `!`", "条件请用 `&&`、`||` 和 `!` 组合")
    } else {
        LocalText::new("use values that the operator takes, such as two numbers", "请使用该运算符适用的值，例如两个数字")
    }
}
