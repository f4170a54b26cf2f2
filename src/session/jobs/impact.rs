//! What the edits do to the loaded requests: every request decided by the draft, and what flips against the baseline.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::baseline::{BaselineRun, RunBaseline};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use crate::requests::first_message;
use crate::view::DecisionChange;
use crate::views::charts::rhythm;
use crate::views::loads::RequestsPerSecond;
use countersign_core::engine::Engine;
use countersign_core::model::{RuleId, Verdict};
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;
use countersign_requests::Table;
use countersign_run::compare::{Differs, Figures, Flips};
use countersign_run::decisions::Sums;
use countersign_run::figures::Summary;
use countersign_run::{Comparison, MatchedRule, NotDecided, RowSet, Run};

/// One part of the sentence "this edit: +812 declined, −40 referred, 12 re-routed".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpactPart {
    pub change: DecisionChange,
    pub sums: Sums,
}

/// Flips with the same causing rules.
#[derive(Clone, Debug)]
pub struct FlipGroup {
    /// The causing rules and what became of them; none where only a stage's settings differ.
    pub causes: Vec<MatchedRule>,
    pub sums: Sums,
    pub customers: u64,
    /// How many go from which verdict to which, old verdict first, mildest first.
    pub moves: [[u64; 4]; 4],
}

impl FlipGroup {
    pub fn rules(&self) -> BTreeSet<RuleId> {
        self.causes.iter().map(|known| known.rule.clone()).collect()
    }
}

/// What an edit does to the loaded requests.
pub struct Impact {
    /// The draft's decisions, with totals per verdict and rule.
    pub new: Run,
    /// The baseline's; none when there is nothing to compare with.
    pub old: Option<Run>,
    pub flips: Option<Flips>,
    /// The flips by causing rules, most first.
    pub groups: Vec<FlipGroup>,
    /// Changes of verdicts with the way they go, re-routed requests; empty when nothing flips.
    pub parts: Vec<ImpactPart>,
    pub all: Sums,
    pub why_alone: Option<LocalText>,
}

/// Figures that take longer than the impact itself: charts, loads, matrices.
pub struct Details {
    pub summary: Summary,
    pub figures: Option<Figures>,
    /// Requests of every second, by interface.
    pub seconds: RequestsPerSecond,
    /// Requests per hour of the day and verdict, mildest first, in the schema's zone.
    pub rhythm: [[u64; 4]; 24],
}

/// Decides every request by the draft, and compares.
pub(crate) struct DecideDraft {
    engine: Engine,
    baseline: Arc<BaselineRun>,
    /// What was decided last: only what the edits since then may change is decided again.
    last: Option<Run>,
    table: Arc<Table>,
}

impl DerivedJob for DecideDraft {
    const KIND: JobKind = JobKind::Impact;
    type Output = Impact;

    fn basis(session: &Session) -> Basis {
        Basis { asked: 0, ..session.results.basis(session.document.revision()) }
    }

    fn snapshot(session: &Session) -> Option<Self> {
        Some(Self {
            engine: session.engine()?.clone(),
            baseline: Arc::clone(session.fresh::<RunBaseline>()?),
            last: session.last::<Self>().map(|impact| impact.new.clone()),
            table: Arc::clone(&session.requests()?.table),
        })
    }

    fn run(self, progress: &Progress) -> JobResult<Impact> {
        let Self { engine, baseline, last, table } = self;
        let old = baseline.as_ref().as_ref();
        let near = last.as_ref().filter(|last| Arc::ptr_eq(last.table(), &table)).or(old.ok());
        let decided = match near {
            Some(near) => near.changed(&engine, progress),
            None => Run::new(&engine, &table, progress),
        };
        match decided {
            Ok(new) => Ok(Some(compared(new, old.ok(), old.err().cloned()))),
            Err(NotDecided::Cancelled) => Ok(None),
            Err(NotDecided::Schema(findings)) => Err(first_message(&findings)),
        }
    }
}

/// Counts what takes longer than deciding.
pub(crate) struct CountDetails(Arc<Impact>);

impl DerivedJob for CountDetails {
    const KIND: JobKind = JobKind::Details;
    type Output = Details;

    fn basis(session: &Session) -> Basis {
        <DecideDraft as DerivedJob>::basis(session)
    }

    fn snapshot(session: &Session) -> Option<Self> {
        session.fresh::<DecideDraft>().cloned().map(Self)
    }

    fn run(self, _: &Progress) -> JobResult<Details> {
        let Self(impact) = self;
        let summary = Summary::of(&impact.new);
        let figures = impact.old.as_ref().map(|old| Figures::of(&Comparison::between(old, &impact.new)));
        Ok(Some(Details { summary, figures, seconds: RequestsPerSecond::of(&impact.new), rhythm: rhythm(&impact) }))
    }
}

/// What differs between two runs of the same requests.
pub(crate) fn compared(new: Run, old: Option<&Run>, why_alone: Option<LocalText>) -> Impact {
    let flips = old.map(|old| Flips::between(old, &new));
    let (parts, all, groups) = match (old, &flips) {
        (Some(old), Some(flips)) => {
            let (parts, all) = parts(old, &new, flips);
            (parts, all, groups(&new, flips))
        }
        _ => (Vec::new(), Sums::default(), Vec::new()),
    };
    Impact { old: old.cloned(), new, flips, groups, parts, all, why_alone }
}

/// Whether a flip is of that kind.
fn is_change(old: &Run, new: &Run, row: usize, differs: Differs, change: DecisionChange) -> bool {
    let (Some(old), Some(new)) = (old.decisions().shape(row), new.decisions().shape(row)) else { return false };
    match change {
        DecisionChange::Any => true,
        DecisionChange::Now(verdict) => new.verdict == verdict && old.verdict != verdict,
        DecisionChange::NoLonger(verdict) => old.verdict == verdict && new.verdict != verdict,
        DecisionChange::Verdict => differs.verdict,
        DecisionChange::Rerouted => differs.interface && old.interface.is_some() && new.interface.is_some(),
        DecisionChange::Reasons => differs.reasons && !differs.verdict,
        DecisionChange::Limits => differs.limits,
    }
}

/// Every part that occurs, and all flips together.
fn parts(old: &Run, new: &Run, flips: &Flips) -> (Vec<ImpactPart>, Sums) {
    let severe = [Verdict::Decline, Verdict::Refer, Verdict::StepUp, Verdict::Accept];
    let verdicts = severe.into_iter().flat_map(|verdict| [DecisionChange::Now(verdict), DecisionChange::NoLonger(verdict)]);
    let kinds = verdicts.chain([DecisionChange::Rerouted, DecisionChange::Reasons, DecisionChange::Limits]);
    let mut parts: Vec<ImpactPart> = kinds.map(|change| ImpactPart { change, sums: Sums::default() }).collect();
    let mut all = Sums::default();
    for flip in flips.all() {
        let amount = new.facts().amount(flip.row);
        all.add(amount);
        for part in parts.iter_mut().filter(|part| is_change(old, new, flip.row, flip.differs, part.change)) {
            part.sums.add(amount);
        }
    }
    parts.retain(|part| part.sums.requests > 0);
    (parts, all)
}

fn groups(new: &Run, flips: &Flips) -> Vec<FlipGroup> {
    let mut sums = vec![Sums::default(); flips.group_count()];
    let mut customers: Vec<(usize, u32)> = Vec::new();
    for flip in flips.all() {
        if let Some(sums) = sums.get_mut(flip.group) {
            sums.add(new.facts().amount(flip.row));
        }
        customers.extend(new.facts().customer(flip.row).map(|customer| (flip.group, customer)));
    }
    customers.sort_unstable();
    customers.dedup();
    let group = |(at, sums): (usize, Sums)| FlipGroup {
        causes: flips.causes(at).cloned().collect(),
        sums,
        customers: customers.iter().filter(|(group, _)| *group == at).count() as u64,
        moves: flips.moves(at),
    };
    let mut groups: Vec<FlipGroup> = sums.into_iter().enumerate().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.sums.requests));
    groups
}

impl Impact {
    /// The rows whose decision changes in that way.
    pub fn rows(&self, change: DecisionChange) -> RowSet {
        let mut rows = RowSet::none(self.new.table().len());
        let (Some(old), Some(flips)) = (&self.old, &self.flips) else { return rows };
        let wanted = flips.all().iter().filter(|flip| is_change(old, &self.new, flip.row, flip.differs, change));
        wanted.for_each(|flip| rows.insert(flip.row));
        rows
    }

    /// The rows of flips with just these causing rules.
    pub fn rows_of(&self, rules: &BTreeSet<RuleId>) -> RowSet {
        let none = RowSet::none(self.new.table().len());
        let Some(flips) = &self.flips else { return none };
        let is_theirs =
            |group: &usize| flips.causes(*group).map(|known| &known.rule).collect::<BTreeSet<_>>() == rules.iter().collect();
        (0..flips.group_count()).filter(is_theirs).map(|group| flips.rows(group)).fold(none, |all, rows| all.or(&rows))
    }
}
