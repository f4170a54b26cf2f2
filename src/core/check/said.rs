//! Turns of speech that several checks share.

use super::context::Context;
use crate::diagnostic::{Finding, suggest};
use crate::script::Type;
use crate::text::{LocalText, Span};

/// Like [`suggest`], for a name that stands in quotes: the fix keeps them.
pub(super) fn suggest_quoted<'n>(
    cx: &Context<'_>,
    finding: Finding,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Finding {
    let mut finding = suggest(finding, name, known);
    if let Some(fix) = &mut finding.fix
        && let Some(quote @ ('"' | '`')) = cx.text(fix.span).chars().next()
    {
        fix.replacement = format!("{quote}{}{quote}", fix.replacement);
    }
    finding
}

/// A script's text in one line, cut where it is long.
pub(super) fn in_one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST { line } else { line.chars().take(LONGEST).chain(['…']).collect() }
}

/// Where a finding lies in a shared function: the call in the rule's own script that leads there.
pub(super) fn called_from(finding: Finding, call: Option<Span>) -> Finding {
    match call {
        Some(call) => finding.with_note(call, LocalText::new("called from here", "在此处调用")),
        None => finding,
    }
}

/// How values of these types can be compared.
pub(super) fn how_to_match(lhs: &Type, rhs: &Type) -> LocalText {
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

/// What can be done with values of these types.
pub(super) fn how_to_operate(lhs: &Type, rhs: &Type) -> LocalText {
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
