//! Regression cases: each is decided, and what differs from what it expects is said field by field; with the coverage of the rules.

mod build;
mod coverage;
mod differ;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use coverage::{CaseCoverage, Covered, RuleCoverage};
pub use differ::CaseDifference;

use super::{Costs, Engine, History};
use crate::diagnostic::{Finding, RuleCost};
use crate::model::{Case, CaseSet, Decision, Definition, RuleId};
use crate::script::{Program, Row};
use crate::text::LocalText;

/// What came of one case.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseOutcome {
    /// The decision is what the case expects.
    Passed(Decision),
    /// The decision differs.
    Failed(Decision, Vec<CaseDifference>),
    /// The case has no request, or expects what does not exist.
    Unusable(Vec<Finding>),
}

/// One case and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseResult {
    /// The case.
    pub id: RuleId,
    /// What it shows.
    pub title: LocalText,
    /// The file it stands in.
    pub file: String,
    /// What came of it.
    pub outcome: CaseOutcome,
}

/// How many cases came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseCounts {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Without a request, or expecting what does not exist.
    pub unusable: usize,
}

impl CaseCounts {
    /// Whether every case passed.
    #[must_use]
    pub fn all_passed(&self) -> bool {
        self.failed == 0 && self.unusable == 0
    }
}

/// All cases of a workspace, run.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRun {
    /// One entry a case, in the set's order.
    pub results: Vec<CaseResult>,
    /// Which rules they put to the test.
    pub coverage: CaseCoverage,
}

impl CaseRun {
    /// How many cases came to what.
    #[must_use]
    pub fn counts(&self) -> CaseCounts {
        let mut counts = CaseCounts::default();
        for result in &self.results {
            match result.outcome {
                CaseOutcome::Passed(_) => counts.passed += 1,
                CaseOutcome::Failed(..) => counts.failed += 1,
                CaseOutcome::Unusable(_) => counts.unusable += 1,
            }
        }
        counts
    }

    /// Everything that is wrong with the cases themselves.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.results.iter().flat_map(|result| match &result.outcome {
            CaseOutcome::Unusable(findings) => findings.as_slice(),
            CaseOutcome::Passed(_) | CaseOutcome::Failed(..) => &[],
        })
    }
}

/// Decides every case.
#[must_use]
pub fn run_cases(engine: &Engine, cases: &CaseSet) -> CaseRun {
    let mut coverage = CaseCoverage::new(&engine.definition().rule_set);
    let history = history_of(engine.definition());
    let results = cases.cases.iter().map(|case| CaseResult {
        id: case.id.clone(),
        title: case.title.clone(),
        file: case.file.clone(),
        outcome: run_case(engine, history.as_ref(), cases, case, &mut coverage),
    });
    CaseRun { results: results.collect(), coverage }
}

/// The most that a rule uses of its budget of operations over the cases, whatever they expect; none without a case that can be run.
#[must_use]
pub fn cost_of_cases(definition: &Definition, program: &Program, cases: &CaseSet) -> Option<RuleCost> {
    let mut costs = Costs::default();
    let history = history_of(definition);
    for case in &cases.cases {
        if costs.is_full() {
            break;
        }
        if let Ok(request) = build::build(definition, history.as_ref(), cases, case) {
            let row = Row::new(program, &request);
            costs.add(program, definition.rule_set.rules().map(|(rule, ..)| rule), &row, || case.id.to_string());
        }
    }
    costs.worst(|rule| definition.rule_set.rule(rule).map(|rule| rule.id.to_string()))
}

/// What computes derived fields, where there are any. A definition that cannot be computed is found by the checks.
fn history_of(definition: &Definition) -> Option<History> {
    definition.schema.has_derived().then(|| History::new(definition).ok()).flatten()
}

fn run_case(engine: &Engine, history: Option<&History>, cases: &CaseSet, case: &Case, coverage: &mut CaseCoverage) -> CaseOutcome {
    let request = match build::build(engine.definition(), history, cases, case) {
        Ok(request) => request,
        Err(findings) => return CaseOutcome::Unusable(findings),
    };
    let trace = engine.trace(&request);
    coverage.add(&trace);
    let differences = differ::differences(&engine.definition().rule_set, &case.expect, &trace.decision);
    if !differences.is_empty() {
        return CaseOutcome::Failed(trace.decision, differences);
    }
    let expect = &case.expect;
    for rule in expect.hits.iter().chain(&expect.misses).chain(&expect.shadow_hits).chain(&expect.errors) {
        coverage.assert(rule);
    }
    CaseOutcome::Passed(trace.decision)
}
