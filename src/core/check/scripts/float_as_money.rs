//! `float-as-money`: a Float where an amount of money belongs.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "float-as-money",
    severity: Severity::Error,
    title: StaticText::new("a Float where an amount of money belongs", "以小数表示金额"),
    what: StaticText::new(
        "Finds numbers with a fraction that are compared with, added to, or given as an amount of money.",
        "找出与金额比较、相加或当作金额使用的小数。",
    ),
    why: StaticText::new(
        "Fractions are rounded in binary: 0.1 + 0.2 is not 0.3. Amounts are whole fen, exact to the last.",
        "小数以二进制近似存储：0.1 + 0.2 不等于 0.3。金额以整数分存储，精确到分。",
    ),
    example: Example::Script {
        wrong: r#"if money.paid_today > 4999.99 {
    refer("HIGH_AMOUNT")
}"#,
        right: r#"if money.paid_today > yuan("4999.99") {
    refer("HIGH_AMOUNT")
}"#,
    },
    remedy: StaticText::new(
        r#"Write amounts as `yuan(5_000)`, `yuan("4999.99")` or `fen(499_999)`, and a part of an amount as `percent(amount, "15")`."#,
        r#"金额请写成 `yuan(5_000)`、`yuan("4999.99")` 或 `fen(499_999)`；金额的一部分请写成 `percent(amount, "15")`。"#,
    ),
});

/// Says that an amount is wanted.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new("a number with a fraction is used where an amount of money belongs", "此处应为金额，却使用了小数");
    let help = LocalText::new(
        "write amounts as `yuan(5_000)`, `yuan(\"4999.99\")` or `fen(499_999)`, and a part of an amount as `percent(amount, \"15\")`",
        "金额请写成 `yuan(5_000)`、`yuan(\"4999.99\")` 或 `fen(499_999)`；金额的一部分请写成 `percent(amount, \"15\")`",
    );
    CHECK.finding(span, message).with_help(help)
}
