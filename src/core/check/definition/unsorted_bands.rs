//! `unsorted-bands`: score bands that do not go up.

use crate::check::{Check, Context};
use crate::diagnostic::{Documentation, Example, Finding, Part, Severity};
use crate::model::StageKind;
use crate::text::{LocalText, StaticText};

/// The check.
pub(in crate::check) static CHECK: Check = Check::whole(
    check,
    Documentation {
        id: "unsorted-bands",
        severity: Severity::Error,
        title: StaticText::new("score bands that do not go up", "未按升序排列的评分区间"),
        what: StaticText::new(
            "Finds bands whose `at_least` is not above that of the band before, or whose verdict is milder.",
            "找出 `at_least` 不高于前一区间、或结论更轻的区间。",
        ),
        why: StaticText::new(
            "A higher sum would get a milder verdict, or two bands would claim the same sum.",
            "更高的总分会得到更轻的结论，或同一总分落入两个区间。",
        ),
        example: Example::Entry {
            part: Part::Stage,
            wrong: r#"(id: "risk", title: (en: "Risk", zh: "风险"), kind: Screen(policy: MostSevere, bands: [(at_least: 90, verdict: Decline), (at_least: 60, verdict: Refer)]), rules: [
    (id: "points", title: (en: "Points", zh: "计分"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/points.rhai"),
]),"#,
            right: r#"(id: "risk", title: (en: "Risk", zh: "风险"), kind: Screen(policy: MostSevere, bands: [(at_least: 60, verdict: Refer), (at_least: 90, verdict: Decline)]), rules: [
    (id: "points", title: (en: "Points", zh: "计分"), owner: "risk", basis: (en: "Example", zh: "示例"), status: Active, script: "risk/points.rhai"),
]),"#,
        },
        remedy: StaticText::new(
            "Order the bands by `at_least`, each with a verdict at least as severe as the one before.",
            "请按 `at_least` 从小到大排列，且结论不轻于前一区间。",
        ),
    },
);

fn check(cx: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for stage in &cx.definition.rule_set.stages {
        let StageKind::Screen { bands, .. } = &stage.kind else { continue };
        for (position, pair) in bands.windows(2).enumerate() {
            let [lower, upper] = pair else { continue };
            if upper.at_least > lower.at_least && upper.verdict >= lower.verdict {
                continue;
            }
            let message = LocalText::new("this band does not go up from the one before", "该区间没有高于前一区间");
            let help = LocalText::new(
                "order the bands by `at_least`, each with a verdict at least as severe as the one before",
                "请按 `at_least` 从小到大排列，且结论不轻于前一区间",
            );
            let path = format!("stages.{}.kind.bands.{}", stage.id, position + 1);
            findings.push(CHECK.finding(cx.place(&path), message).with_help(help));
        }
    }
    findings
}
