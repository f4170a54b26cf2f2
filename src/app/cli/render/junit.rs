//! Findings and results of cases as JUnit XML, for build servers that show test results. Of findings, each target is a suite and each of
//! its findings a test case.

use std::io;

use countersign_core::diagnostic::{Finding, Place, Severity, TargetFindings};
use countersign_core::engine::cases::{CaseOutcome, CaseResult, CaseRun};
use countersign_core::text::{Language, reveal};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{cases, human};

/// All findings; those at or above `fail_level` are failures, the others passed cases with a text. A target without any finding has one
/// passed case, so that a build server sees that it was checked.
///
/// # Errors
/// The XML cannot be written.
pub fn render(found: &[TargetFindings<'_>], language: Language, fail_level: Severity) -> io::Result<String> {
    let mut report = Report::new("countersign");
    for of in found {
        let name = xml_text(of.target);
        let mut suite = TestSuite::new(&name);
        suite.add_test_cases(of.findings.iter().map(|finding| case(finding, of, language, fail_level)));
        if of.findings.is_empty() {
            let mut passed = TestCase::new("check", TestCaseStatus::success());
            passed.set_classname(name);
            suite.add_test_case(passed);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(io::Error::other)
}

fn case(finding: &Finding, of: &TargetFindings<'_>, language: Language, fail_level: Severity) -> TestCase {
    let place = Place::find(of.sources, finding.span);
    let text = xml_text(&human::render_one(finding, of.sources, language, false));
    let name = place
        .map_or_else(|| finding.id().to_owned(), |place| format!("{} {}:{}", finding.id(), place.start.line, place.start.column));
    let mut case = if finding.severity >= fail_level {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let message = xml_text(finding.message.get(language));
        status.set_type(finding.severity.word()).set_message(message).set_description(text);
        TestCase::new(name, status)
    } else {
        let mut passed = TestCase::new(name, TestCaseStatus::success());
        passed.set_system_out(text);
        passed
    };
    case.set_classname(xml_text(place.map_or(of.target, |place| place.file)));
    if let Some(place) = place {
        case.extra.insert("file".into(), xml_text(place.file).into());
        case.extra.insert("line".into(), place.start.line.to_string().into());
    }
    case
}

/// The results of cases as one suite. `file` gives a case's file the name that whoever reads the output knows it by.
///
/// # Errors
/// The XML cannot be written.
pub fn render_cases(suite: &str, run: &CaseRun, language: Language, file: impl Fn(&str) -> String) -> io::Result<String> {
    let mut suite = TestSuite::new(xml_text(suite));
    suite.add_test_cases(run.results.iter().map(|result| {
        let file = xml_text(&file(&result.file));
        let mut case = TestCase::new(result.id.as_str(), case_status(result, language));
        case.extra.insert("file".into(), file.as_str().into());
        case.set_classname(file);
        case
    }));
    let mut report = Report::unnamed();
    report.add_test_suite(suite);
    report.to_string().map_err(io::Error::other)
}

fn case_status(result: &CaseResult, language: Language) -> TestCaseStatus {
    let (kind, message, text) = match &result.outcome {
        CaseOutcome::Passed(_) => return TestCaseStatus::success(),
        CaseOutcome::Failed(_, differences) => {
            let parts: Vec<&str> = differences.iter().map(|difference| difference.part.as_str()).collect();
            (NonSuccessKind::Failure, parts.join(", "), cases::differing(differences, language))
        }
        CaseOutcome::Unusable(findings) => {
            let first = findings.first().map(|finding| finding.message.get(language).to_owned());
            (NonSuccessKind::Error, first.unwrap_or_default(), cases::unusable(findings, language))
        }
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(xml_text(&message)).set_description(xml_text(&text));
    status
}

/// Hidden characters written out, and without the two that XML 1.0 cannot hold in any form.
fn xml_text(text: &str) -> String {
    reveal(text).replace(['\u{fffe}', '\u{ffff}'], "")
}

#[cfg(test)]
mod tests {
    use countersign_core::check::kinds::{UNUSED_LIST, WRONG_VALUE};
    use countersign_core::engine::cases::{CaseCoverage, CaseDifference};
    use countersign_core::model::{Decision, RuleId};
    use countersign_core::text::{LocalText, Sources};

    use super::super::sample;
    use super::*;

    fn report(found: &[TargetFindings<'_>], level: Severity) -> Report {
        let xml = render(found, Language::Zh, level).unwrap();
        Report::deserialize_from_str(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"))
    }

    #[test]
    fn only_findings_at_the_fail_level_or_above_fail() {
        let (sources, findings) = sample::findings();
        let some = TargetFindings { target: "a & <b>", findings: &findings, sources: &sources, cost: None };
        let none = TargetFindings { target: "other", findings: &[], ..some };
        for (found, level, tests, failures) in [
            (&[some][..], Severity::Error, 2, 1),
            (&[some], Severity::Note, 2, 2),
            (&[none], Severity::Error, 1, 0),
            (&[some, none], Severity::Error, 3, 1),
        ] {
            let report = report(found, level);
            assert_eq!((report.tests, report.failures, report.errors), (tests, failures, 0));
            assert_eq!(report.test_suites.len(), found.len());
            for (suite, of) in report.test_suites.iter().zip(found) {
                assert_eq!((suite.name.as_str(), suite.test_cases.len()), (of.target, of.findings.len().max(1)));
            }
        }
        let report = report(&[some, none], Severity::Error);
        let case = &report.test_suites[0].test_cases[0];
        let file = "risk/年 a.rhai";
        assert_eq!((case.name.as_str(), case.classname.as_deref()), ("unknown-field 2:3", Some(file)));
        assert_eq!((case.extra["file"].as_str(), case.extra["line"].as_str()), (file, "2"));
        assert_eq!(report.test_suites[1].test_cases[0].name.as_str(), "check");
    }

    #[test]
    fn any_text_of_the_user_can_be_written() {
        let wild = "<a b=\"c\"> & ]]> \u{1b}[31m \0 \u{202e}\u{ffff}\r\n\t '名'";
        let findings = [Finding::new(UNUSED_LIST, None, LocalText::same(wild))];
        let found = TargetFindings { target: wild, findings: &findings, sources: &Sources::default(), cost: None };
        for level in [Severity::Error, Severity::Note] {
            let report = report(&[found], level);
            let suite = &report.test_suites[0];
            assert!(suite.name.as_str().starts_with("<a b=\"c\"> & ]]> \\u{1b}[31m \\u{0} \\u{202e}\\u{d}"), "{suite:?}");
            let shown = format!("{suite:?}");
            assert!(!shown.contains('\u{202e}') && shown.contains("'名'"), "{shown}");
        }
    }
    #[test]
    fn results_of_cases_have_what_differs() {
        let differs = CaseDifference {
            part: "verdict".to_owned(),
            expected: LocalText::new("accept", "通过"),
            got: LocalText::new("refer", "转"),
        };
        let unusable = Finding::new(WRONG_VALUE, None, LocalText::same("<&>"));
        let decision = || Decision::default();
        let result = |id: &str, outcome| CaseResult {
            id: RuleId::new(id).unwrap(),
            title: LocalText::default(),
            file: "cases/small.ron".to_owned(),
            outcome,
        };
        let run = CaseRun {
            results: vec![
                result("good", CaseOutcome::Passed(decision())),
                result("wrong", CaseOutcome::Failed(decision(), vec![differs])),
                result("value", CaseOutcome::Unusable(vec![unusable])),
            ],
            coverage: CaseCoverage { rules: Vec::new() },
        };
        let xml = render_cases("small", &run, Language::Zh, |file| format!("rules/{file}")).unwrap();
        let report = Report::deserialize_from_str(&xml).unwrap();
        let suite = &report.test_suites[0];
        assert_eq!((suite.name.as_str(), suite.tests, suite.failures, suite.errors), ("small", 3, 1, 1));
        for (case, (name, text)) in suite.test_cases.iter().zip([
            ("good", ""),
            ("wrong", "verdict  期望 通过, 实际 转"),
            ("value", "error[wrong-value]: <&>"),
        ]) {
            let shown = match &case.status {
                TestCaseStatus::NonSuccess { description, .. } => description.as_deref().unwrap_or_default(),
                _ => "",
            };
            assert_eq!((case.name.as_str(), case.extra["file"].as_str(), shown), (name, "rules/cases/small.ron", text));
        }
    }
}
