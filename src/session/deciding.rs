//! Decides every request by the draft and by what it is compared with. The only file that knows which engine does it.

use std::sync::Arc;
use std::time::Duration;

use super::document::Draft;
use super::results::{Checked, Done};
use super::view::Change;
use crate::check;
use crate::diagnostic::Severity;
use crate::engine::compare::{Differs, Figures, Refused};
use crate::engine::dry_run::{Facts, Summary, Sums};
use crate::engine::{Comparison, DryRun, Engine, compare, dry_run};
use crate::model::{Definition, Verdict};
use crate::progress::Progress;
use crate::release::Digest;
use crate::requests::Table;
use crate::script::Program;
use crate::text::LocalText;

/// What the draft is compared with.
pub struct Baseline {
    /// What it is, for people: a release's version, or the workspace as saved.
    pub title: LocalText,
    /// Its rules.
    pub definition: Arc<Definition>,
    /// The release's digest, where it is one.
    pub release: Option<Digest>,
    /// What decides by it; none when its rules have errors.
    pub engine: Option<Engine>,
}

/// One part of the sentence "this edit: +812 declined, −40 referred, 12 re-routed".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which requests they are.
    pub change: Change,
    /// How many, and their amounts.
    pub sums: Sums,
}

/// What an edit does to the loaded requests.
pub struct Impact {
    /// The draft's decisions.
    pub run: DryRun,
    /// Their figures.
    pub summary: Summary,
    /// The baseline's decisions beside them; none when there is nothing to compare with.
    pub comparison: Option<Comparison>,
    /// The figures of the comparison.
    pub figures: Option<Figures>,
    /// Net changes of verdicts with the way they go, re-routed requests; empty when nothing flips.
    pub parts: Vec<Part>,
    /// All flips with their amounts.
    pub flips: Sums,
    /// Why there is no comparison.
    pub why_alone: Option<LocalText>,
    /// How long checking and deciding took.
    pub took: Duration,
}

/// Compiles and checks a draft.
pub(super) fn check(draft: &Draft) -> Done {
    let compiled = Program::compile(&draft.definition);
    let findings = check::check_compiled(&draft.definition, &compiled, Some(&draft.cases));
    let is_right = !findings.iter().any(|finding| finding.severity == Severity::Error);
    let engine = is_right.then(|| Engine::new(Arc::clone(&draft.definition), compiled.program.clone()));
    let definition = Arc::clone(&draft.definition);
    Done::Checked(Box::new(Checked { definition, program: compiled.program, findings, engine }))
}

/// Readies what the draft is compared with.
pub(super) fn baseline(definition: &Arc<Definition>, title: LocalText, release: Option<Digest>) -> Done {
    let compiled = Program::compile(definition);
    let findings = check::check_compiled(definition, &compiled, None);
    let is_right = !findings.iter().any(|finding| finding.severity == Severity::Error);
    let engine = is_right.then(|| Engine::new(Arc::clone(definition), compiled.program));
    Done::Baseline(Box::new(Baseline { title, definition: Arc::clone(definition), release, engine }))
}

/// Decides every request of the table by both.
pub(super) fn impact(draft: &Engine, baseline: Option<&Engine>, table: &Arc<Table>, progress: &Progress) -> Option<Done> {
    let started = std::time::Instant::now();
    let compared = baseline.map(|baseline| compare(baseline, draft, table, progress));
    let (comparison, why_alone) = match compared {
        Some(Err(Refused::Cancelled)) => return None,
        Some(Err(Refused::Schema(findings))) => (None, findings.first().map(|finding| finding.message.clone())),
        Some(Ok(comparison)) => (Some(comparison), None),
        None => {
            let why = LocalText::new("what it is compared with has errors of its own", "对比基准自身存在错误");
            (None, Some(why))
        }
    };
    let run = match &comparison {
        Some(comparison) => comparison.new_run().clone(),
        None => match dry_run(draft, table, progress) {
            Ok(run) => run,
            Err(_) => return None,
        },
    };
    let summary = run.summary(table);
    let figures = comparison.as_ref().map(|comparison| comparison.figures(table));
    let (parts, flips) = comparison.as_ref().map(parts).unwrap_or_default();
    let took = started.elapsed();
    Some(Done::Impact(Box::new(Impact { run, summary, comparison, figures, parts, flips, why_alone, took })))
}

/// Whether a flip is of that kind.
pub(super) fn is_change(comparison: &Comparison, row: usize, differs: Differs, change: Change) -> bool {
    let (old, new) = (comparison.old_run().decisions(), comparison.new_run().decisions());
    let (Some(old), Some(new)) = (old.shape(row), new.shape(row)) else { return false };
    match change {
        Change::Any => true,
        Change::Now(verdict) => new.verdict == verdict && old.verdict != verdict,
        Change::NoLonger(verdict) => old.verdict == verdict && new.verdict != verdict,
        Change::Verdict => differs.verdict,
        Change::Rerouted => differs.interface && old.interface.is_some() && new.interface.is_some(),
        Change::Reasons => differs.reasons && !differs.verdict,
        Change::Limits => differs.limits,
    }
}

/// Every part that occurs, and all flips together.
fn parts(comparison: &Comparison) -> (Vec<Part>, Sums) {
    let severe = [Verdict::Decline, Verdict::Refer, Verdict::StepUp, Verdict::Accept];
    let verdicts = severe.into_iter().flat_map(|verdict| [Change::Now(verdict), Change::NoLonger(verdict)]);
    let kinds = verdicts.chain([Change::Rerouted, Change::Reasons, Change::Limits]);
    let mut parts: Vec<Part> = kinds.map(|change| Part { change, sums: Sums::default() }).collect();
    let facts: &Facts = comparison.new_run().facts();
    let mut all = Sums::default();
    for flip in comparison.flips() {
        all.add(facts.amount(flip.row));
        for part in parts.iter_mut().filter(|part| is_change(comparison, flip.row, flip.differs, part.change)) {
            part.sums.add(facts.amount(flip.row));
        }
    }
    parts.retain(|part| part.sums.requests > 0);
    (parts, all)
}
