//! Checks: what is wrong or doubtful in a rule set.
//!
//! [`check`] finds everything at once. What could fail at run time because of its type or a name is an error; what is merely doubtful
//! is a warning. The kinds of findings are in [`kinds`], their documentation in `docs/findings`.

mod cases;
mod context;
mod definition;
mod faults;
mod history;
mod identifiers;
pub mod kinds;
mod names;
mod outcomes;
mod stages;
mod statements;
mod texts;
mod types;
mod unmatchable;
mod unused;
mod values;
mod wording;

use context::Context;
use kinds::UNKNOWN_FUNCTION;

use crate::diagnostic::Finding;
use crate::model::{CaseSet, Definition};
use crate::script::{Compiled, Program};

/// Every check of a definition, its scripts and its cases.
const CHECKS: &[fn(&Context<'_>) -> Vec<Finding>] = &[
    faults::all,
    values::all,
    outcomes::unreturned_outcomes,
    identifiers::misused_identifiers,
    outcomes::misplaced_outcomes,
    statements::interpreted_rules,
    names::unknown_interfaces,
    names::unknown_reasons,
    unmatchable::unmatchable_texts,
    unused::unused_values,
    unused::unused_variables,
    stages::bands_without_score,
    definition::duplicate_ids,
    definition::duplicate_scripts,
    stages::empty_stages,
    stages::interfaces_without_capacity,
    definition::inverted_windows,
    stages::mild_on_error,
    definition::missing_bases,
    definition::missing_owners,
    definition::missing_translations,
    definition::normalized_entries,
    definition::parameters_out_of_range,
    stages::routes_without_default,
    stages::scores_without_band,
    stages::unreachable_rules,
    stages::unsorted_bands,
    unused::unused_functions,
    unused::unused_lists,
    unused::unused_parameters,
    unused::unused_reasons,
    definition::wrong_ranges,
    definition::wrong_roles,
    history::derived_fields,
    cases::empty_cases,
    cases::incomplete_requests,
    cases::unknown_rules,
    cases::unknown_templates,
    cases::wrong_values,
];

/// Everything that is wrong or doubtful in the definition, its scripts as compiled into `program`, and its cases: sorted by place,
/// without repetitions. Syntax errors are not among it, [`check_compiled`] adds them.
#[must_use]
pub fn check(definition: &Definition, program: &Program, cases: Option<&CaseSet>) -> Vec<Finding> {
    let context = Context::new(definition, program, cases);
    in_order(CHECKS.iter().flat_map(|check| check(&context)).collect())
}

/// The same, together with what compiling found.
#[must_use]
pub fn check_compiled(definition: &Definition, compiled: &Compiled, cases: Option<&CaseSet>) -> Vec<Finding> {
    let mut findings = compiled.findings.clone();
    let found = check(definition, &compiled.program, cases);
    let shared = definition.rule_set.shared.as_ref();
    let broken =
        shared.filter(|shared| findings.iter().any(|finding| finding.span.is_some_and(|span| span.source == shared.source)));
    findings
        .extend(found.into_iter().filter(|finding| !broken.is_some_and(|shared| is_declared(definition, finding, &shared.text))));
    in_order(findings)
}

/// Whether a function is unknown only because the shared script that declares it could not be read.
fn is_declared(definition: &Definition, finding: &Finding, shared: &str) -> bool {
    let name = finding.span.and_then(|span| Some(definition.sources.get(span.source)?.slice(span)));
    finding.kind == UNKNOWN_FUNCTION && name.is_some_and(|name| shared.contains(&format!("fn {name}")))
}

/// Sorted by place, and each message once a place: a fault in a shared function is found for every rule that calls it.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| (one.span, one.id(), &one.message).cmp(&(other.span, other.id(), &other.message)));
    findings.dedup_by(|one, other| one.span == other.span && one.kind == other.kind && one.message == other.message);
    findings
}
