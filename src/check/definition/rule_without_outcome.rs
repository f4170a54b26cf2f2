//! `rule-without-outcome`: a rule that never hits.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Severity};
use crate::model::Status;
use crate::script::Type;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
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
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, _, rule) in cx.definition.rule_set.rules() {
        let Some(tree) = cx.program.tree(index) else { continue };
        if tree.value != Type::Unit || !tree.faults.is_empty() || rule.status == Status::Off {
            continue;
        }
        let id = &rule.id;
        let message = LocalText::new(
            format!("the rule `{id}` never hits: its script gives nothing"),
            format!("规则 `{id}` 永远不会命中：其脚本没有返回任何结果"),
        );
        let help = LocalText::new(
            "end the script with an outcome such as `decline(\"REASON\")`",
            "请让脚本以规则结果结尾，例如 `decline(\"REASON\")`",
        );
        let last = tree.body.statements.last().map(|statement| statement.expr.span);
        findings.push(CHECK.finding(last.or_else(|| cx.place(&format!("rules.{id}.script"))), message).with_help(help));
    }
    findings
}
