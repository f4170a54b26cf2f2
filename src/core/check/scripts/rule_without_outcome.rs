//! `rule-without-outcome`: a rule that never hits.

use crate::check::Check;
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::text::{LocalText, Span, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::fault(Documentation {
    id: "rule-without-outcome",
    severity: Severity::Warning,
    title: StaticText::new("a rule that never hits", "永远不会命中的规则"),
    what: StaticText::new("Finds scripts whose value is `()` on every way.", "找出在每条路径上返回值都是 `()` 的脚本。"),
    why: StaticText::new(
        "Such a rule decides nothing, although the rule set seems to hold it.",
        "这样的规则不作任何决策，尽管规则集中看似有它。",
    ),
    example: Example::Script {
        wrong: "let cards = velocity.cards_by_mobile;",
        right: r#"if velocity.cards_by_mobile > 5 {
    refer("TOO_MANY_CARDS")
}"#,
    },
    remedy: StaticText::new("End the script with an outcome, or take the rule away.", "请让脚本以规则结果结尾，或删除该规则。"),
});

/// Says that no way through the script gives an outcome.
pub(in crate::check) fn finding(span: Span) -> Finding {
    let message =
        LocalText::new("this rule never hits: its script gives no outcome", "该规则永远不会命中：其脚本没有给出任何规则结果");
    let help = LocalText::new(
        "end the script with an outcome such as `decline(\"REASON\")`, or take the rule away",
        "请让脚本以规则结果结尾，例如 `decline(\"REASON\")`，或删除该规则",
    );
    CHECK.finding(span, message).with_help(help)
}
