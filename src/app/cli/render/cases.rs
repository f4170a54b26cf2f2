//! Results of cases for people.

use std::fmt::Write as _;

use countersign_core::diagnostic::Finding;
use countersign_core::engine::cases::{CaseDifference, CaseOutcome, CaseResult, CaseRun, Covered};
use countersign_core::text::{Language, LocalText, counted};

fn word(language: Language, en: &str, zh: &str) -> String {
    LocalText::new(en, zh).get(language).to_owned()
}

/// What failed, field by field, then the rules that no case hits, then the counts. Ends in a line break.
pub fn render(run: &CaseRun, language: Language) -> String {
    let mut text = String::new();
    for result in &run.results {
        let body = match &result.outcome {
            CaseOutcome::Passed(_) => continue,
            CaseOutcome::Failed(_, differences) => differing(differences, language),
            CaseOutcome::Unusable(findings) => unusable(findings, language),
        };
        let _ = write!(text, "{}\n{body}\n", heading(result, language));
    }
    uncovered(run, language, &mut text);
    let counts = run.counts();
    let (hit, of) = run.coverage.hit();
    let (passed, failed, broken) = (counts.passed, counts.failed, counts.unusable);
    let line = LocalText::new(
        format!(
            "{} passed, {failed} failed, {broken} could not be run; {hit} of {of} rules hit by a case",
            counted(passed, "case", "cases")
        ),
        format!("用例通过 {passed} 个，失败 {failed} 个，无法运行 {broken} 个；{of} 条规则中有 {hit} 条被用例命中"),
    );
    let _ = writeln!(text, "{}", line.get(language));
    text
}

fn heading(result: &CaseResult, language: Language) -> String {
    let failed = word(language, "failed", "失败");
    format!("{failed}: {} ({})  {}", result.id, result.file, result.title.get(language))
}

pub(super) fn differing(differences: &[CaseDifference], language: Language) -> String {
    let (expected, got) = (word(language, "expected", "期望"), word(language, "got", "实际"));
    let width = differences.iter().map(|difference| difference.part.len()).max().unwrap_or_default();
    let mut text = String::new();
    for difference in differences {
        let (wanted, found) = (difference.expected.get(language), difference.got.get(language));
        let _ = writeln!(text, "  {:width$}  {expected} {wanted}, {got} {found}", difference.part);
    }
    text
}

pub(super) fn unusable(findings: &[Finding], language: Language) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(text, "  {}[{}]: {}", finding.severity.word(), finding.id(), finding.message.get(language));
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "    {}: {}", word(language, "help", "建议"), help.on_command_line().get(language));
        }
    }
    text
}

fn uncovered(run: &CaseRun, language: Language, text: &mut String) {
    let never = word(language, "no case evaluates", "没有用例执行");
    let quiet = word(language, "never hit", "从未命中");
    for entry in run.coverage.counting() {
        let what = match entry.covered() {
            Covered::Hit => continue,
            Covered::Never => &never,
            Covered::Evaluated => &quiet,
        };
        let _ = writeln!(text, "{what}: {} ({})", entry.rule, entry.title.get(language));
    }
}
