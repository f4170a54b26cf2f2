//! `empty-stage`: a stage without a rule that is on.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{StageKind, Status};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "empty-stage",
        severity: Severity::Warning,
        title: StaticText::new("a stage without a rule that is on", "没有启用规则的阶段"),
        what: StaticText::new(
            "Finds stages without rules, or whose rules are all off. A Route stage with a default is left alone.",
            "找出没有规则或规则全部停用的阶段；有默认接口的 Route 阶段除外。",
        ),
        why: StaticText::new(
            "Whoever reads the rule set believes that something is decided there.",
            "阅读规则集的人会以为此处有所决策。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "devices", title: (en: "Devices", zh: "设备"), kind: Screen(policy: First, bands: []), rules: []),"#,
            right: r#"(id: "devices", title: (en: "Devices", zh: "设备"), kind: Screen(policy: First, bands: []), rules: [
    (id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),
]),"#,
        },
        remedy: StaticText::new("Add a rule, or take the stage away.", "请添加规则，或删除该阶段。"),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let routes = matches!(stage.kind, StageKind::Route { default: Some(_) });
        if routes || stage.rules.iter().any(|rule| rule.status != Status::Off) {
            continue;
        }
        let id = &stage.id;
        let message = LocalText::new(format!("no rule of the stage `{id}` is on"), format!("阶段 `{id}` 没有启用的规则"));
        let help = LocalText::new("add a rule, or take the stage away", "请添加规则，或删除该阶段");
        findings.push(CHECK.finding(cx.place(&format!("stages.{id}.id")), message).with_help(help));
    }
    findings
}
