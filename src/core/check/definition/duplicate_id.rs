//! `duplicate-id`: an id that stands for two things.

use std::collections::BTreeSet;

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "duplicate-id",
        severity: Severity::Error,
        title: StaticText::new("an id used for two things", "同一标识用于两处"),
        what: StaticText::new(
            "Finds rules, stages, invariants and cases with the same id, and names that stand twice in one map.",
            "找出标识相同的规则、阶段、不变式和用例，以及同一映射中重复的名称。",
        ),
        why: StaticText::new(
            "Hits, reasons, errors and approvals are told apart by id alone.",
            "命中、原因、错误和审批都仅凭标识区分。",
        ),
        example: Example::Entry {
            part: Part::Rule,
            wrong: r#"(id: "example", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
            right: r#"(id: "extra", title: (en: "Extra", zh: "附加"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),"#,
        },
        remedy: StaticText::new(
            "Rename one of them. The id of a rule that is live should stay.",
            "请给其中一个改名。已上线规则的标识应保持不变。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let rules = &cx.definition.rule_set;
    let mut findings = Vec::new();
    let ids = rules.rules().map(|(_, _, rule)| rule.id.as_str());
    twice(cx, ("rule", "规则"), "rules", ids, &mut findings);
    twice(cx, ("stage", "阶段"), "stages", rules.stages.iter().map(|stage| stage.id.as_str()), &mut findings);
    twice(cx, ("invariant", "不变式"), "invariants", rules.invariants.iter().map(|held| held.id.as_str()), &mut findings);
    if let Some(cases) = cx.cases {
        twice(cx, ("case", "用例"), "cases", cases.cases.iter().map(|case| case.id.as_str()), &mut findings);
    }
    findings
}

fn twice<'a>(cx: &Context<'_>, what: (&str, &str), path: &str, ids: impl Iterator<Item = &'a str>, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| !seen.insert(*id)) {
        let (en, zh) = what;
        let message = LocalText::new(format!("there are two {en}s `{id}`"), format!("有两个名为 `{id}` 的{zh}"));
        let help = LocalText::new("rename one of them", "请给其中一个改名");
        findings.push(CHECK.finding(cx.place(&format!("{path}.{id}.id")), message).with_help(help));
    }
}
