//! What the cases do not put to the test, as findings.

use countersign_core::diagnostic::{Documentation, Example, Finding, Severity, human};
use countersign_core::engine::cases::{CaseRun, Covered};
use countersign_core::model::Definition;
use countersign_core::text::{LocalText, StaticText};

use super::screen::Screen;

/// What is said of each.
pub(super) static ALL: &[Documentation] = &[
    Documentation {
        id: "uncovered-rule",
        severity: Severity::Warning,
        title: StaticText::new("a rule that no case hits", "没有用例命中的规则"),
        what: StaticText::new(
            "Finds rules that are not off and give an outcome in none of the workspace's cases, when cases are run or a release is made.",
            "在运行用例或制作发布时，找出未停用、但在工作区的任何用例中都没有给出结果的规则。",
        ),
        why: StaticText::new(
            "A change that keeps such a rule from firing is noticed by nobody.",
            "若某次修改使该规则不再触发，将无人察觉。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Keep a request that the rule should hit as a case. `--full-coverage` makes this a failure.",
            "请将一笔应命中该规则的请求保存为用例。`--full-coverage` 会将其视为失败。",
        ),
    },
    Documentation {
        id: "without-cases",
        severity: Severity::Warning,
        title: StaticText::new("a workspace without cases", "没有用例的工作区"),
        what: StaticText::new(
            "Says that there is no case to run, when cases are run or a release is made.",
            "在运行用例或制作发布时，说明没有可运行的用例。",
        ),
        why: StaticText::new(
            "A test that runs nothing passes, and proves nothing.",
            "什么都不运行的测试会通过，但不能证明任何事。",
        ),
        example: Example::None,
        remedy: StaticText::new(
            "Keep requests with the decisions they must get in `cases/*.ron`. `--full-coverage` makes this a failure.",
            "请将请求及其应有的决策保存到 `cases/*.ron`。`--full-coverage` 会将其视为失败。",
        ),
    },
];

/// Warnings: no case at all, or each rule that no case hits.
pub(super) fn findings(run: &CaseRun, definition: &Definition) -> Vec<Finding> {
    if run.results.is_empty() {
        let message = LocalText::new("there is no case to run", "没有可运行的用例");
        let help = LocalText::new(
            "keep requests with the decisions they must get in `cases/*.ron`",
            "请将请求及其应有的决策保存到 `cases/*.ron`",
        );
        return vec![Finding::warning("without-cases", None, message).with_help(help)];
    }
    let missed = run.coverage.counting().filter(|entry| entry.covered() != Covered::Hit);
    let finding = |rule: &str| {
        let message = LocalText::new(format!("no case hits the rule `{rule}`"), format!("没有用例命中规则 `{rule}`"));
        let help = LocalText::new("keep a request that it should hit as a case", "请将一笔应命中该规则的请求保存为用例");
        let place = definition.places.find(&format!("rules.{rule}.id"));
        Finding::warning("uncovered-rule", place, message).with_help(help)
    };
    missed.map(|entry| finding(entry.rule.as_str())).collect()
}

/// Says them beside the result, on standard error.
pub(super) fn say(findings: &[Finding], definition: &Definition, screen: &Screen) {
    for finding in findings {
        let text = human::render_one(finding, &definition.sources, screen.language, true);
        screen.note(&LocalText::same(text.trim_end()));
    }
}
