//! `score-without-band`: scores that mean nothing.

use crate::check::{Check, Context, settles};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{StageKind, Status};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "score-without-band",
        severity: Severity::Warning,
        title: StaticText::new("scores that mean nothing", "没有意义的评分"),
        what: StaticText::new(
            "Finds Screen stages with a rule that gives scores, but without bands that say what a sum means.",
            "找出有规则给出评分、却没有用区间说明总分含义的 Screen 阶段。",
        ),
        why: StaticText::new(
            "The scores are added up and reported, but never change a verdict.",
            "评分会累加并报告，但永远不会改变结论。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "risk", title: (en: "Risk", zh: "风险"), kind: Screen(policy: MostSevere, bands: []), rules: [
    (id: "points", title: (en: "Points", zh: "计分"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/points.rhai"),
]),"#,
            right: r#"(id: "risk", title: (en: "Risk", zh: "风险"), kind: Screen(policy: MostSevere, bands: [(at_least: 60, verdict: Refer)]), rules: [
    (id: "points", title: (en: "Points", zh: "计分"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/points.rhai"),
]),"#,
        },
        remedy: StaticText::new(
            "Add bands to the stage: `bands: [(at_least: 60, verdict: Refer)]`.",
            "请为该阶段添加区间：`bands: [(at_least: 60, verdict: Refer)]`。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        let scoring = stage.rules.iter().filter(|rule| rule.status == Status::Active).find(|rule| settles::kinds(cx, rule).score);
        let (true, Some(rule)) = (bands.is_empty(), scoring) else { continue };
        let (id, by) = (&stage.id, &rule.id);
        let message = LocalText::new(
            format!("the scores of the stage `{id}` never change a verdict"),
            format!("阶段 `{id}` 的评分永远不会改变结论"),
        );
        let help = LocalText::new(
            "add bands such as `(at_least: 60, verdict: Refer)`",
            "请添加区间，例如 `(at_least: 60, verdict: Refer)`",
        );
        let note = LocalText::new(format!("`{by}` gives a score"), format!("规则 `{by}` 给出评分"));
        let finding = CHECK.finding(cx.place(&format!("stages.{id}.kind")), message).with_help(help);
        findings.push(finding.with_note(cx.place(&format!("rules.{by}.id")), note));
    }
    findings
}
