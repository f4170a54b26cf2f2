//! What the cases do not put to the test, as findings.

use crate::cli::kinds::{UNCOVERED_RULE, WITHOUT_CASES};
use countersign_core::diagnostic::Finding;
use countersign_core::engine::cases::{CaseRun, Covered};
use countersign_core::model::Definition;
use countersign_core::text::LocalText;

use super::render::human;
use super::screen::Screen;

/// Warnings: no case at all, or each rule that no case hits.
pub(super) fn findings(run: &CaseRun, definition: &Definition) -> Vec<Finding> {
    if run.results.is_empty() {
        let message = LocalText::new("there is no case to run", "没有可运行的用例");
        let help = LocalText::new(
            "keep requests with the decisions they must get in `cases/*.ron`",
            "请将请求及其应有的决策保存到 `cases/*.ron`",
        );
        return vec![Finding::new(WITHOUT_CASES, None, message).with_help(help)];
    }
    let missed = run.coverage.counting().filter(|entry| entry.covered() != Covered::Hit);
    let finding = |rule: &str| {
        let message = LocalText::new(format!("no case hits the rule `{rule}`"), format!("没有用例命中规则 `{rule}`"));
        let help = LocalText::new("keep a request that it should hit as a case", "请将一笔应命中该规则的请求保存为用例");
        let place = definition.places.find(&format!("rules.{rule}.id"));
        Finding::new(UNCOVERED_RULE, place, message).with_help(help)
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
