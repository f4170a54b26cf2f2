//! `band-without-score`: bands that no score reaches.

use crate::check::{Check, Context, settles};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::{StageKind, Status};
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "band-without-score",
        severity: Severity::Warning,
        title: StaticText::new("bands that no score reaches", "没有评分可达到的区间"),
        what: StaticText::new(
            "Finds Screen stages with bands but without a rule that gives scores.",
            "找出有区间、却没有规则给出评分的 Screen 阶段。",
        ),
        why: StaticText::new(
            "The sum is always 0: a band above it never applies, and one at or below it always does.",
            "总分恒为 0：高于 0 的区间永不适用，不高于 0 的区间则始终适用。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "risk", title: (en: "Risk", zh: "风险"), kind: Screen(policy: MostSevere, bands: [(at_least: 60, verdict: Refer)]), rules: [
    (id: "points", title: (en: "Points", zh: "计分"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/extra.rhai"),
]),"#,
            right: r#"(id: "risk", title: (en: "Risk", zh: "风险"), kind: Screen(policy: MostSevere, bands: [(at_least: 60, verdict: Refer)]), rules: [
    (id: "points", title: (en: "Points", zh: "计分"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/points.rhai"),
]),"#,
        },
        remedy: StaticText::new(
            r#"Take the bands away, or let a rule give scores: `score(20, "REASON")`."#,
            r#"请删除区间，或让规则给出评分：`score(20, "REASON")`。"#,
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    if cx.used.is_none() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        let scores = stage.rules.iter().any(|rule| rule.status != Status::Off && settles::kinds(cx, rule).score);
        if bands.is_empty() || scores {
            continue;
        }
        let id = &stage.id;
        let message =
            LocalText::new(format!("no rule of the stage `{id}` gives a score"), format!("阶段 `{id}` 没有给出评分的规则"));
        let help = LocalText::new(
            "take the bands away, or give scores: `score(20, \"REASON\")`",
            "请删除区间，或给出评分：`score(20, \"REASON\")`",
        );
        findings.push(CHECK.finding(cx.place(&format!("stages.{id}.kind.bands")), message).with_help(help));
    }
    findings
}
