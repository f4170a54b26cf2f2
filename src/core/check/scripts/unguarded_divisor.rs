//! `unguarded-divisor`: a divisor that may be zero.

use crate::check::context::Context;
use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "unguarded-divisor",
    severity: Severity::Warning,
    title: StaticText::new("a divisor that may be zero", "可能为零的除数"),
    what: StaticText::new(
        "Finds `/`, `%`, `ratio` and `div` whose divisor may be zero, without a condition before it that rules zero out. A parameter whose `range` leaves zero out needs none.",
        "找出除数可能为零、且之前没有条件排除零的 `/`、`%`、`ratio` 和 `div`。`range` 不含零的参数无需判断。",
    ),
    why: StaticText::new(
        "Where it is zero the rule fails, and the request gets the `on_error` verdict.",
        "除数为零时规则出错，请求会得到 `on_error` 的结论。",
    ),
    example: Example::Script {
        wrong: r#"if ratio(money.paid_today, params.single_limit) > 0.4 {
    refer("HIGH_AMOUNT")
}"#,
        right: r#"if params.single_limit > yuan(0) && ratio(money.paid_today, params.single_limit) > 0.4 {
    refer("HIGH_AMOUNT")
}"#,
    },
    remedy: StaticText::new("Ask before it whether the divisor is over zero.", "请先判断除数是否大于零。"),
});

/// Says how it is guarded.
pub(in crate::check) fn finding(cx: &Context<'_>, span: Span, zero: &str) -> Finding {
    let divisor = said::in_one_line(cx.text(span));
    let message = LocalText::new(
        format!("the divisor `{divisor}` may be zero; then the rule fails"),
        format!("除数 `{divisor}` 可能为零，届时规则会出错"),
    );
    let help = LocalText::new(
        format!("ask before it: `{divisor} > {zero} && …`, or `{divisor} != {zero}` where it may be negative"),
        format!("请先判断：`{divisor} > {zero} && …`；可能为负时用 `{divisor} != {zero}`"),
    );
    CHECK.finding(span, message).with_help(help)
}
