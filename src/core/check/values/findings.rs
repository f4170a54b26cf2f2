//! Findings about values: conditions that are the same for every request, and numbers that are cut, divided or compared wrongly.

use super::{DividedAmount, Quotient, QuotientUse};
use crate::check::context::Context;
use crate::check::kinds::{
    CONSTANT_CONDITION, CUT_DIVISION, DIVISION_BY_ZERO, FLOAT_EQUALITY, FRACTION_FOR_INT, NEGATIVE_EXPONENT, UNGUARDED_DIVISOR,
};
use crate::check::wording;
use crate::diagnostic::Finding;
use crate::text::{LocalText, Span};

pub(in crate::check) fn constant_condition(span: Span, value: bool) -> Finding {
    let message = LocalText::new(format!("this is `{value}` for every request"), format!("对所有请求，此处恒为 `{value}`"));
    let help = LocalText::new(
        "compare with what differs between requests; to switch a rule off, set its `status`",
        "请与因请求而异的值比较；若要停用规则，请设置其 `status`",
    );
    Finding::new(CONSTANT_CONDITION, span, message).with_help(help)
}

/// A condition that `because`, a condition before it, makes the same for every request that comes there.
pub(super) fn implied_condition(cx: &Context<'_>, span: Span, value: bool, because: Option<Span>) -> Finding {
    let Some(because) = because.filter(|because| *because != span) else { return constant_condition(span, value) };
    let before = one_line(cx, because);
    let (en, zh) = if value { ("always", "必然") } else { ("never", "绝不") };
    let message = LocalText::new(
        format!("after `{before}` this {en} holds, whatever the request"),
        format!("在 `{before}` 判断之后，无论请求如何，此处{zh}成立"),
    );
    let help = LocalText::new("change one of the two conditions, or leave this one out", "请修改其中一个条件，或删除此条件");
    let note = LocalText::new("the condition before it", "之前的条件");
    Finding::new(CONSTANT_CONDITION, span, message).with_help(help).with_note(because, note)
}

pub(super) fn used_quotient(cx: &Context<'_>, span: Span, quotient: &Quotient, how: QuotientUse) -> Finding {
    let cut = one_line(cx, quotient.whole);
    let message = match how {
        QuotientUse::Multiplied => LocalText::new(
            format!("`{cut}` is cut to a whole before it is multiplied"),
            format!("`{cut}` 在相乘之前已被截断为整数"),
        ),
        QuotientUse::Divisor => {
            LocalText::new(format!("`{cut}` is cut to a whole before it divides"), format!("`{cut}` 在作除数之前已被截断为整数"))
        }
        QuotientUse::Fraction => LocalText::new(
            format!("`{cut}` is cut to a whole before it meets a number with a fraction"),
            format!("`{cut}` 在与小数一起使用之前已被截断为整数"),
        ),
        QuotientUse::Argument(function) => LocalText::new(
            format!("`{cut}` is cut to a whole before `{function}` calculates with it"),
            format!("`{cut}` 在传给 `{function}` 计算之前已被截断为整数"),
        ),
    };
    let message = if quotient.amount {
        LocalText::new(message.en.replace("to a whole", "to the fen"), message.zh.replace("截断为整数", "截断到分"))
    } else {
        message
    };
    let (one, other) = (one_line(cx, quotient.one), one_line(cx, quotient.other));
    let help = if quotient.amount {
        LocalText::new(
            format!(
                "write a part of an amount as `percent({one}, \"15\")`, or `div({one}, {other})` where the cut amount is meant"
            ),
            format!("金额的一部分请写成 `percent({one}, \"15\")`；确需截断到分时请写 `div({one}, {other})`"),
        )
    } else {
        LocalText::new(
            format!(
                "write `ratio({one}, {other})` to keep the fraction, or `div({one}, {other})` where the whole quotient is meant"
            ),
            format!("保留小数请写 `ratio({one}, {other})`；确需整数商时请写 `div({one}, {other})`"),
        )
    };
    let finding = Finding::new(CUT_DIVISION, span, message).with_help(help);
    let inside = quotient.whole.source == span.source && span.start <= quotient.whole.start && quotient.whole.end <= span.end;
    if !inside {
        return finding.with_note(quotient.whole, LocalText::new("cut here", "在此处截断"));
    }
    if how == QuotientUse::Fraction && !quotient.amount {
        return finding.with_fix(quotient.whole, format!("ratio({}, {})", cx.text(quotient.one), cx.text(quotient.other)));
    }
    finding
}

pub(super) fn divided_amount(cx: &Context<'_>, span: Span, divided: &DividedAmount) -> Finding {
    let message = LocalText::new(
        "an amount that is multiplied and then divided is cut to the fen, not rounded",
        "先乘后除的金额会被截断到分，而不是四舍五入",
    );
    let (product, divisor) = (one_line(cx, divided.parts.0), one_line(cx, divided.parts.1));
    let Some((amount, rate)) = &divided.percent else {
        let help = LocalText::new(
            format!("write `percent(amount, \"15\")` with the rate, or `div({product}, {divisor})` where the cut amount is meant"),
            format!("请用百分比写成 `percent(amount, \"15\")`；确需截断到分时请写 `div({product}, {divisor})`"),
        );
        return Finding::new(CUT_DIVISION, span, message).with_help(help);
    };
    let replacement = format!("percent({}, \"{rate}\")", cx.text(*amount));
    let help = LocalText::new(
        format!(
            "write `percent({}, \"{rate}\")`, or `div({product}, {divisor})` where the cut amount is meant",
            one_line(cx, *amount)
        ),
        format!("请写成 `percent({}, \"{rate}\")`；确需截断到分时请写 `div({product}, {divisor})`", one_line(cx, *amount)),
    );
    Finding::new(CUT_DIVISION, span, message).with_help(help).with_fix(span, replacement)
}

/// The text of an expression in one line.
fn one_line(cx: &Context<'_>, span: Span) -> String {
    wording::in_one_line(cx.text(span))
}

pub(super) fn division_by_zero(cx: &Context<'_>, span: Span) -> Finding {
    let divisor = one_line(cx, span);
    let message = LocalText::new(format!("the divisor `{divisor}` is zero here"), format!("除数 `{divisor}` 在此处为零"));
    let help = LocalText::new("divide by something that differs from zero", "请改用不为零的除数");
    Finding::new(DIVISION_BY_ZERO, span, message).with_help(help)
}

pub(super) fn float_equality(span: Span) -> Finding {
    let message = LocalText::new(
        "numbers with a fraction are rounded in binary, so whether two are equal is chance",
        "小数以二进制近似存储，两个小数是否相等全凭偶然",
    );
    let help = LocalText::new(
        "compare with a threshold, `x >= 0.3`, or with a tolerance, `abs(x - 0.3) < 0.0001`",
        "请与阈值比较，如 `x >= 0.3`；或使用容差，如 `abs(x - 0.3) < 0.0001`",
    );
    Finding::new(FLOAT_EQUALITY, span, message).with_help(help)
}

pub(super) fn fraction_for_int(span: Span, number: f64) -> Finding {
    let (below, above) = (number.floor(), number.ceil());
    let message =
        LocalText::new(format!("an Int is never between {below} and {above}"), format!("整数不会介于 {below} 与 {above} 之间"));
    let help = LocalText::new(
        format!("compare with {below} or {above}; if the value was divided before, write `ratio(a, b)` there"),
        format!("请与 {below} 或 {above} 比较；若该值由除法得来，请在该处写 `ratio(a, b)`"),
    );
    Finding::new(FRACTION_FOR_INT, span, message).with_help(help)
}

pub(super) fn negative_exponent(cx: &Context<'_>, span: Span) -> Finding {
    let exponent = one_line(cx, span);
    let message = LocalText::new(
        format!("the exponent `{exponent}` is below zero, and no whole number is such a power"),
        format!("指数 `{exponent}` 为负，其结果不是整数"),
    );
    let help = LocalText::new(
        "write the base with a fraction, `2.0 ** -1`, or divide with `ratio(1, n)`",
        "请将底数写成小数，如 `2.0 ** -1`，或用 `ratio(1, n)`",
    );
    Finding::new(NEGATIVE_EXPONENT, span, message).with_help(help)
}

pub(super) fn unguarded_divisor(cx: &Context<'_>, span: Span, zero: &str) -> Finding {
    let divisor = one_line(cx, span);
    let message = LocalText::new(
        format!("the divisor `{divisor}` may be zero; then the rule fails"),
        format!("除数 `{divisor}` 可能为零，届时规则会出错"),
    );
    let help = LocalText::new(
        format!("ask before it: `{divisor} > {zero} && …`, or `{divisor} != {zero}` where it may be negative"),
        format!("请先判断：`{divisor} > {zero} && …`；可能为负时用 `{divisor} != {zero}`"),
    );
    Finding::new(UNGUARDED_DIVISOR, span, message).with_help(help)
}
