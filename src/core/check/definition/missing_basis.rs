//! `missing-basis`: a rule without its basis.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "missing-basis",
        severity: Severity::Warning,
        title: StaticText::new("a rule without its basis", "没有依据的规则"),
        what: StaticText::new(
            "Finds rules whose `basis`, the law, notice or decision they rest on, is empty in both languages.",
            "找出 `basis`（所依据的法规、通知或决定）中英文均为空的规则。",
        ),
        why: StaticText::new(
            "Whoever approves the rule, and later an auditor, must be able to see why it exists.",
            "审批人以及日后的审计人员需要知道规则为何存在。",
        ),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "", zh: ""), status: Active, script: "risk/extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Name the law, notice or decision, with its number and date.",
            "请写明法规、通知或决定的名称、文号和日期。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let rules = cx.definition.rule_set.rules().map(|(_, _, rule)| rule);
    let bare = rules.filter(|rule| rule.basis.en.trim().is_empty() && rule.basis.zh.trim().is_empty());
    let findings = bare.map(|rule| {
        let id = &rule.id;
        let message = LocalText::new(format!("the rule `{id}` does not say what it rests on"), format!("规则 `{id}` 没有写明依据"));
        let help = LocalText::new("name the law, notice or decision in `basis`", "请在 `basis` 中写明法规、通知或决定");
        CHECK.finding(cx.place(&format!("rules.{id}.basis")), message).with_help(help)
    });
    findings.collect()
}
