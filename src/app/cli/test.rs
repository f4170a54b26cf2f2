//! `countersign test`: runs the cases; says what differs, and which rules no case puts to the test.

use serde_json::{Value, json};

use super::args::{Test, TestFormat};
use super::coverage;
use super::exit::{Exit, Failure};
use super::here;
use super::render::{cases, junit};
use super::screen::Screen;
use super::target::Target;
use countersign_core::diagnostic::Finding;
use countersign_core::engine::cases::{CaseOutcome, CaseResult, CaseRun, run_cases};
use countersign_core::text::reveal_json;
use countersign_workspace::Files;

/// Runs the verb.
///
/// # Errors
/// The workspace cannot be read or its rules have errors.
pub fn run(args: &Test, files: &dyn Files, screen: &Screen) -> Result<Exit, Failure> {
    let target = Target::open(files, &args.workspace)?;
    let engine = target.engine()?;
    let run = run_cases(&engine, target.cases()?);
    let missed = coverage::findings(&run, &target.definition);
    let text = match args.format {
        TestFormat::Human => cases::render(&run, screen.language),
        TestFormat::Junit => {
            let file = |name: &str| here::path(files, &args.workspace.join(name));
            junit::render_cases(target.definition.rule_set.name.as_str(), &run, screen.language, file)?
        }
        TestFormat::Json => json(&run, &missed),
    };
    screen.print(&text)?;
    // The results for people list the rules that no case hits.
    if run.results.is_empty() || args.format == TestFormat::Junit {
        coverage::say(&missed, &target.definition, screen);
    }
    Ok(if run.counts().all_passed() && (!args.full_coverage || missed.is_empty()) { Exit::Clean } else { Exit::Found })
}

/// The results as one JSON document: counts, every case with what differs, every rule with its coverage, and what no case tries.
fn json(run: &CaseRun, missed: &[Finding]) -> String {
    let case = |result: &CaseResult| {
        let (outcome, differences) = match &result.outcome {
            CaseOutcome::Passed(_) => ("passed", json!([])),
            CaseOutcome::Failed(_, differences) => ("failed", json!(differences)),
            CaseOutcome::Unusable(findings) => ("unusable", findings.iter().map(|finding| json!(finding.message)).collect()),
        };
        json!({ "id": result.id, "title": result.title, "file": result.file, "outcome": outcome, "differences": differences })
    };
    let cases: Vec<Value> = run.results.iter().map(case).collect();
    let finding =
        |finding: &Finding| json!({ "id": finding.id(), "severity": finding.severity.word(), "message": finding.message });
    let findings: Vec<Value> = missed.iter().map(finding).collect();
    let rules = &run.coverage.rules;
    reveal_json(format!(
        "{:#}\n",
        json!({ "format": 1, "counts": run.counts(), "cases": cases, "rules": rules, "findings": findings })
    ))
}
