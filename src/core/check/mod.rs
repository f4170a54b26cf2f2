//! Checks: what is wrong or doubtful in a rule set, each kind in a file of its own with its documentation.
//!
//! [`check`] finds everything in one go. [`documentation`] is what is said of every finding the product can make about a workspace, also
//! of those that reading a file or compiling a script finds. What could fail at run time for its type or a name is an error; what is
//! merely doubtful is a warning.

mod cases;
mod comparing;
mod context;
mod definition;
mod faults;
mod journal;
mod reading;
mod registry;
mod request_files;
mod request_inputs;
mod said;
mod scripts;
mod settles;
mod stage_outcomes;
mod texts;
mod values;

use context::Context;
use registry::CHECKS;
pub use registry::documentation;

use crate::diagnostic::{Documentation, Finding};
use crate::model::{CaseSet, Definition};
use crate::script::{Compiled, Program};
use crate::text::{LocalText, Span};

/// One kind of finding about a definition: what is said of it, and what finds it.
#[derive(Debug)]
struct Check {
    /// What is said of it, in both languages.
    documentation: Documentation,
    /// What finds it in the whole definition; none where only compiling and typing the scripts finds it (see [`faults`]).
    run: Option<Run>,
}

type Run = fn(&Context<'_>) -> Vec<Finding>;

impl Check {
    /// Found by compiling or typing the scripts.
    const fn fault(documentation: Documentation) -> Self {
        Self { documentation, run: None }
    }

    /// Found by this function too.
    const fn whole(run: Run, documentation: Documentation) -> Self {
        Self { documentation, run: Some(run) }
    }

    /// A finding of this kind.
    fn finding(&self, span: impl Into<Option<Span>>, message: LocalText) -> Finding {
        Finding::new(self.documentation.id, self.documentation.severity, span, message)
    }
}

/// Everything that is wrong or doubtful in the definition, its scripts as compiled into `program`, and its cases: sorted by place,
/// each thing once. Syntax errors are not among it, [`check_compiled`] adds them.
#[must_use]
pub fn check(definition: &Definition, program: &Program, cases: Option<&CaseSet>) -> Vec<Finding> {
    let context = Context::new(definition, program, cases);
    let mut findings = faults::check(&context);
    findings.extend(values::check(&context));
    for run in CHECKS.iter().filter_map(|check| check.run) {
        findings.extend(run(&context));
    }
    in_order(findings)
}

/// The same, together with what compiling found.
#[must_use]
pub fn check_compiled(definition: &Definition, compiled: &Compiled, cases: Option<&CaseSet>) -> Vec<Finding> {
    let mut findings = compiled.findings.clone();
    let found = check(definition, &compiled.program, cases);
    let shared = definition.rule_set.shared.as_ref();
    let broken =
        shared.filter(|shared| findings.iter().any(|finding| finding.span.is_some_and(|span| span.source == shared.source)));
    findings.extend(found.into_iter().filter(|finding| !broken.is_some_and(|shared| follows(definition, finding, &shared.text))));
    in_order(findings)
}

/// Whether a function is unknown only because the shared script that makes it could not be read.
fn follows(definition: &Definition, finding: &Finding, shared: &str) -> bool {
    let name = finding.span.and_then(|span| Some(definition.sources.get(span.source)?.slice(span)));
    finding.id == scripts::unknown_function::CHECK.documentation.id
        && name.is_some_and(|name| shared.contains(&format!("fn {name}")))
}

/// Sorted by place, and what is said of one place twice in the same words only once: a fault in a shared function is found for every
/// rule that calls it.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| (one.span, one.id, &one.message).cmp(&(other.span, other.id, &other.message)));
    findings.dedup_by(|one, other| one.span == other.span && one.id == other.id && one.message == other.message);
    findings
}
