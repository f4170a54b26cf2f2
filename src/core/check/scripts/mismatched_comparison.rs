//! `mismatched-comparison`: values of unlike types compared.

use crate::check::{Check, said};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::script::Type;
use crate::script::tree::BinaryOp;
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "mismatched-comparison",
    severity: Severity::Error,
    title: StaticText::new("values of unlike types compared", "比较了不同类型的值"),
    what: StaticText::new(
        "Finds comparisons, `in`, and arms of a `switch` whose two sides can never be alike: a number and a text, money and a plain number, a time and a text.",
        "找出两边类型不可能相同的比较、`in` 和 `switch` 分支：数字与文本、金额与普通数字、时间与文本。",
    ),
    why: StaticText::new(
        "Money is counted in fen: `money.amount > 5000` would mean 50 yuan. Texts and numbers are never equal, so the rule would silently not fire.",
        "金额以分为单位：`money.amount > 5000` 的意思是 50 元。文本与数字永远不相等，规则会悄悄失效。",
    ),
    example: Example::Script {
        wrong: r#"if money.paid_today > 5000 {
    decline("HIGH_AMOUNT")
}"#,
        right: r#"if money.paid_today > yuan(5000) {
    decline("HIGH_AMOUNT")
}"#,
    },
    remedy: StaticText::new(
        r#"Write amounts as `yuan(5_000)` or `fen(1)`, times as `time("2014-03-24T00:00:00")`, texts in quotes and numbers without."#,
        r#"金额请写 `yuan(5_000)` 或 `fen(1)`，时间请写 `time("2014-03-24T00:00:00")`，文本加引号，数字不加引号。"#,
    ),
});

/// Says which types meet; `op` is `None` for `in` and the arms of a `switch`.
pub(in crate::check) fn finding(span: Span, op: Option<BinaryOp>, lhs: &Type, rhs: &Type) -> Finding {
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
    CHECK.finding(span, message).with_help(said::how_to_match(lhs, rhs))
}
