//! `cut-division`: a quotient of whole numbers or amounts, which is cut, calculated with.

use crate::check::context::Context;
use crate::check::values::{Part, Quotient, Use};
use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "cut-division",
    severity: Severity::Error,
    title: StaticText::new("a quotient that was cut, calculated with", "对已截断的商继续计算"),
    what: StaticText::new(
        "`/` between whole numbers or amounts cuts what is left over. Such a quotient may be compared with a whole number or an amount, added to one, or given as it is. The check finds it where it is multiplied, divides, meets a number with a fraction, or is given to a function that goes on calculating; also through variables, branches, `??` and shared functions. It also finds an amount that is multiplied and then divided.",
        "整数或金额之间的 `/` 会截去余数。这样的商可以与整数或金额比较、相加减，或原样给出。本检查找出它被相乘、作除数、与小数一起使用，或传给继续计算的函数的地方，也跟踪变量、分支、`??` 与共享函数；还找出先乘后除的金额。",
    ),
    why: StaticText::new(
        "40 / 100 is 0, so `debt / income * 100 > 40` never holds and the rule never fires; `yuan(\"333.33\") * 15 / 100` loses a fen.",
        "40 / 100 得 0，因此 `debt / income * 100 > 40` 永不成立，规则永不命中；`yuan(\"333.33\") * 15 / 100` 会丢失一分。",
    ),
    example: Example::Script {
        wrong: r#"if params.single_limit > yuan(0) && money.paid_today / params.single_limit * 100 > 40 {
    return refer("HIGH_AMOUNT");
}
if money.paid_today * 15 / 100 > yuan(500) {
    refer("HIGH_AMOUNT")
}"#,
        right: r#"if params.single_limit > yuan(0) && ratio(money.paid_today, params.single_limit) > 0.4 {
    return refer("HIGH_AMOUNT");
}
if percent(money.paid_today, "15") > yuan(500) {
    refer("HIGH_AMOUNT")
}"#,
    },
    remedy: StaticText::new(
        "For a ratio write `ratio(a, b)`, for a part of an amount `percent(amount, \"15\")`, and `div(a, b)` where the whole quotient is meant.",
        "比例请写 `ratio(a, b)`；金额的一部分请写 `percent(amount, \"15\")`；确需整数商时请写 `div(a, b)`。",
    ),
});

/// Says that a quotient is calculated with, and how its fraction is kept.
pub(in crate::check) fn used(cx: &Context<'_>, span: Span, quotient: &Quotient, how: Use) -> Finding {
    let cut = shown(cx, quotient.whole);
    let message = match how {
        Use::Multiplied => LocalText::new(
            format!("`{cut}` is cut to a whole before it is multiplied"),
            format!("`{cut}` 在相乘之前已被截断为整数"),
        ),
        Use::Divisor => {
            LocalText::new(format!("`{cut}` is cut to a whole before it divides"), format!("`{cut}` 在作除数之前已被截断为整数"))
        }
        Use::Fraction => LocalText::new(
            format!("`{cut}` is cut to a whole before it meets a number with a fraction"),
            format!("`{cut}` 在与小数一起使用之前已被截断为整数"),
        ),
        Use::Argument(function) => LocalText::new(
            format!("`{cut}` is cut to a whole before `{function}` calculates with it"),
            format!("`{cut}` 在传给 `{function}` 计算之前已被截断为整数"),
        ),
    };
    let message = if quotient.amount {
        LocalText::new(message.en.replace("to a whole", "to the fen"), message.zh.replace("截断为整数", "截断到分"))
    } else {
        message
    };
    let (one, other) = (shown(cx, quotient.one), shown(cx, quotient.other));
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
    let finding = CHECK.finding(span, message).with_help(help);
    let inside = quotient.whole.source == span.source && span.start <= quotient.whole.start && quotient.whole.end <= span.end;
    if !inside {
        return finding.with_note(quotient.whole, LocalText::new("cut here", "在此处截断"));
    }
    if how == Use::Fraction && !quotient.amount {
        return finding.with_fix(quotient.whole, format!("ratio({}, {})", cx.text(quotient.one), cx.text(quotient.other)));
    }
    finding
}

/// Says that an amount is multiplied and then divided.
pub(in crate::check) fn part(cx: &Context<'_>, span: Span, part: &Part) -> Finding {
    let message = LocalText::new(
        "an amount that is multiplied and then divided is cut to the fen, not rounded",
        "先乘后除的金额会被截断到分，而不是四舍五入",
    );
    let (product, divisor) = (shown(cx, part.parts.0), shown(cx, part.parts.1));
    let Some((amount, rate)) = &part.percent else {
        let help = LocalText::new(
            format!("write `percent(amount, \"15\")` with the rate, or `div({product}, {divisor})` where the cut amount is meant"),
            format!("请用百分比写成 `percent(amount, \"15\")`；确需截断到分时请写 `div({product}, {divisor})`"),
        );
        return CHECK.finding(span, message).with_help(help);
    };
    let replacement = format!("percent({}, \"{rate}\")", cx.text(*amount));
    let help = LocalText::new(
        format!(
            "write `percent({}, \"{rate}\")`, or `div({product}, {divisor})` where the cut amount is meant",
            shown(cx, *amount)
        ),
        format!("请写成 `percent({}, \"{rate}\")`；确需截断到分时请写 `div({product}, {divisor})`", shown(cx, *amount)),
    );
    CHECK.finding(span, message).with_help(help).with_fix(span, replacement)
}

/// The text of an expression in one line.
fn shown(cx: &Context<'_>, span: Span) -> String {
    said::in_one_line(cx.text(span))
}
