//! `missing-owner`: a rule that nobody answers for.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "missing-owner",
        severity: Severity::Warning,
        title: StaticText::new("a rule that nobody answers for", "没有负责人的规则"),
        what: StaticText::new("Finds rules whose `owner` is empty.", "找出 `owner` 为空的规则。"),
        why: StaticText::new(
            "When the rule blocks the wrong customers, somebody must be asked.",
            "当规则误拦客户时，需要有人负责答复。",
        ),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new("Name a department or role.", "请写明部门或岗位。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let rules = cx.definition.rule_set.rules().map(|(_, _, rule)| rule);
    let findings = rules.filter(|rule| rule.owner.trim().is_empty()).map(|rule| {
        let id = &rule.id;
        let message = LocalText::new(format!("the rule `{id}` has no owner"), format!("规则 `{id}` 没有负责人"));
        let help = LocalText::new("name a department or role as `owner`", "请在 `owner` 中写明部门或岗位");
        CHECK.finding(cx.place(&format!("rules.{id}.owner")), message).with_help(help)
    });
    findings.collect()
}
