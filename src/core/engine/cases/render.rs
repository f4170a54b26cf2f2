//! Case results as text for people, and as JUnit XML for build servers.

use std::fmt::Write as _;

use super::{CaseDifference, CaseOutcome, CaseResult, CaseRun, Covered};
use crate::diagnostic::Finding;
use crate::text::{Language, LocalText, counted, reveal};

fn say(language: Language, en: &str, zh: &str) -> String {
    LocalText::new(en, zh).get(language).to_owned()
}

/// What failed, field by field, then the rules no case puts to the test, then the counts. Ends in a line break.
#[must_use]
pub fn human(run: &CaseRun, language: Language) -> String {
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
    let failed = say(language, "failed", "失败");
    format!("{failed}: {} ({})  {}", result.id, result.file, result.title.get(language))
}

fn differing(differences: &[CaseDifference], language: Language) -> String {
    let (expected, got) = (say(language, "expected", "期望"), say(language, "got", "实际"));
    let width = differences.iter().map(|difference| difference.part.len()).max().unwrap_or_default();
    let mut text = String::new();
    for difference in differences {
        let (wanted, found) = (difference.expected.get(language), difference.got.get(language));
        let _ = writeln!(text, "  {:width$}  {expected} {wanted}, {got} {found}", difference.part);
    }
    text
}

fn unusable(findings: &[Finding], language: Language) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(text, "  {}[{}]: {}", finding.severity.word(), finding.id(), finding.message.get(language));
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "    {}: {}", say(language, "help", "建议"), help.on_command_line().get(language));
        }
    }
    text
}

fn uncovered(run: &CaseRun, language: Language, text: &mut String) {
    let never = say(language, "no case evaluates", "没有用例执行");
    let quiet = say(language, "never hit", "从未命中");
    for entry in run.coverage.counting() {
        let what = match entry.covered() {
            Covered::Hit => continue,
            Covered::Never => &never,
            Covered::Evaluated => &quiet,
        };
        let _ = writeln!(text, "{what}: {} ({})", entry.rule, entry.title.get(language));
    }
}

/// One case for a build server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunitCase {
    /// The case.
    pub name: String,
    /// Its file, as whoever reads the output names files.
    pub file: String,
    /// What went wrong: a short line and the whole text; none when it passed.
    pub problem: Option<CaseProblem>,
}

/// What went wrong with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseProblem {
    /// Whether the case could not be run at all: `error` in JUnit's words, `failure` otherwise.
    pub is_error: bool,
    /// One line.
    pub message: String,
    /// Everything.
    pub text: String,
}

/// All cases for a build server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunitSuite {
    /// The name of the suite.
    pub name: String,
    /// The cases in order.
    pub cases: Vec<JunitCase>,
}

impl JunitSuite {
    /// The suite of a run, in one language.
    #[must_use]
    pub fn new(name: impl Into<String>, run: &CaseRun, language: Language) -> Self {
        let case = |result: &CaseResult| JunitCase {
            name: result.id.to_string(),
            file: result.file.clone(),
            problem: problem(result, language),
        };
        Self { name: name.into(), cases: run.results.iter().map(case).collect() }
    }

    /// The suite as XML, the same for the same run: no times, no host.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let count = |error: bool| {
            self.cases.iter().filter(|case| case.problem.as_ref().is_some_and(|problem| problem.is_error == error)).count()
        };
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let (name, all, failures, errors) = (escape(&self.name), self.cases.len(), count(false), count(true));
        let _ = writeln!(xml, "<testsuites tests=\"{all}\" failures=\"{failures}\" errors=\"{errors}\">");
        let _ = writeln!(xml, "  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failures}\" errors=\"{errors}\">");
        for case in &self.cases {
            let (name, file) = (escape(&case.name), escape(&case.file));
            let Some(problem) = &case.problem else {
                let _ = writeln!(xml, "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\"/>");
                continue;
            };
            let tag = if problem.is_error { "error" } else { "failure" };
            let (message, text) = (escape(&problem.message), escape(&problem.text));
            let _ = writeln!(xml, "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\">");
            let _ = writeln!(xml, "      <{tag} message=\"{message}\">{text}</{tag}>");
            let _ = writeln!(xml, "    </testcase>");
        }
        xml.push_str("  </testsuite>\n</testsuites>\n");
        xml
    }
}

fn problem(result: &CaseResult, language: Language) -> Option<CaseProblem> {
    match &result.outcome {
        CaseOutcome::Passed(_) => None,
        CaseOutcome::Failed(_, differences) => {
            let parts: Vec<&str> = differences.iter().map(|difference| difference.part.as_str()).collect();
            Some(CaseProblem { is_error: false, message: parts.join(", "), text: differing(differences, language) })
        }
        CaseOutcome::Unusable(findings) => {
            let first = findings.first().map(|finding| finding.message.get(language).to_owned());
            Some(CaseProblem { is_error: true, message: first.unwrap_or_default(), text: unusable(findings, language) })
        }
    }
}

/// Escapes for XML; hidden characters are written out, and what XML cannot hold becomes `?`.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in reveal(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('?'),
            c => escaped.push(c),
        }
    }
    escaped
}
