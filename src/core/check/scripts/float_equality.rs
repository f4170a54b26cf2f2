//! `float-equality`: numbers with a fraction compared for equality.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "float-equality",
    severity: Severity::Error,
    title: StaticText::new("numbers with a fraction compared for equality", "小数的相等比较"),
    what: StaticText::new("Finds `==`, `!=` and `in` where one side is a Float.", "找出一侧为小数 Float 的 `==`、`!=` 和 `in`。"),
    why: StaticText::new(
        "Fractions are rounded in binary: `0.1 + 0.2 == 0.3` does not hold, so the rule fires or stays silent by chance.",
        "小数以二进制近似存储：`0.1 + 0.2 == 0.3` 不成立，规则命中与否全凭偶然。",
    ),
    example: Example::Script {
        wrong: r#"if (device.risk ?? 0.0) == 0.3 {
    refer("TOO_MANY_CARDS")
}"#,
        right: r#"if abs((device.risk ?? 0.0) - 0.3) < 0.0001 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new(
        "Compare with a threshold, `x >= 0.3`, or with a tolerance, `abs(x - 0.3) < 0.0001`.",
        "请与阈值比较，如 `x >= 0.3`；或使用容差，如 `abs(x - 0.3) < 0.0001`。",
    ),
});

/// Says how they are compared.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message = LocalText::new(
        "numbers with a fraction are rounded in binary, so whether two are equal is chance",
        "小数以二进制近似存储，两个小数是否相等全凭偶然",
    );
    let help = LocalText::new(
        "compare with a threshold, `x >= 0.3`, or with a tolerance, `abs(x - 0.3) < 0.0001`",
        "请与阈值比较，如 `x >= 0.3`；或使用容差，如 `abs(x - 0.3) < 0.0001`",
    );
    CHECK.finding(span, message).with_help(help)
}
