//! What the edits do to the loaded requests: every request decided by the draft, and what flips against the baseline.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::baseline::{BaselineRun, RunBaseline};
use super::{Basis, DerivedJob, JobKind, JobResult};
use crate::Session;
use crate::requests::first_message;
use crate::views::charts::rhythm;
use crate::views::loads::RequestsPerSecond;
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, RuleId, Status, Verdict};
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::Table;
use countersign_run::compare::{ChangeLine, DecisionChange, Effects, Figures, FlipGroup, Flips};
use countersign_run::decisions::Sums;
use countersign_run::figures::Summary;
use countersign_run::{Comparison, NotDecided, RowSet, Run};

/// What an edit does to the loaded requests.
pub struct Impact {
    /// The draft's decisions, with totals per verdict and rule.
    pub new: Run,
    /// The baseline's; none when there is nothing to compare with.
    pub old: Option<Run>,
    pub flips: Option<Flips>,
    /// What the flips amount to; nothing where there are none.
    pub effects: Effects,
    pub all: Sums,
    pub why_alone: Option<LocalText>,
}

/// Figures that take longer than the impact itself: charts, loads, matrices.
pub struct Details {
    pub summary: Summary,
    pub figures: Option<Figures>,
    /// For every shadow, how many requests would get which verdict instead of another, were it active; most severe first.
    pub if_active: BTreeMap<RuleId, Vec<(Verdict, u64)>>,
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

    fn run(self, progress: &Progress) -> JobResult<Details> {
        let Self(impact) = self;
        let Some(if_active) = if_active(&impact.new, progress)? else { return Ok(None) };
        let summary = Summary::of(&impact.new);
        let figures = impact.old.as_ref().map(|old| Figures::of(&Comparison::between(old, &impact.new)));
        Ok(Some(Details { summary, figures, if_active, seconds: RequestsPerSecond::of(&impact.new), rhythm: rhythm(&impact) }))
    }
}

/// What every shadow would do as an active rule; none when asked to stop.
fn if_active(draft: &Run, progress: &Progress) -> JobResult<BTreeMap<RuleId, Vec<(Verdict, u64)>>> {
    let mut all = BTreeMap::new();
    let definition = draft.engine().definition();
    for (at, (.., rule)) in definition.rule_set.rules().enumerate().filter(|(_, (.., rule))| rule.status == Status::Shadow) {
        let mut tried = Definition::clone(definition);
        let mut rules = tried.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules);
        rules.nth(at).into_iter().for_each(|rule| rule.status = Status::Active);
        let Some(run) = decided_as(draft, tried, progress)? else { return Ok(None) };
        let changes = Effects::of(&run, &Flips::between(draft, &run)).changes;
        let count = |verdict: Verdict| {
            let to_it = |line: &&ChangeLine| matches!(line.change, DecisionChange::Verdict(_, new) if new == verdict);
            (verdict, changes.iter().filter(to_it).map(|line| line.requests.all().requests).sum())
        };
        let verdicts = Verdict::ALL.into_iter().rev().map(count).filter(|(_, count)| *count > 0);
        all.insert(rule.id.clone(), verdicts.collect());
    }
    Ok(Some(all))
}

/// The requests of a run decided by another definition; none when asked to stop.
pub(crate) fn decided_as(draft: &Run, definition: Definition, progress: &Progress) -> JobResult<Run> {
    let compiled = Program::compile(&definition);
    let engine = Engine::new(Arc::new(definition), compiled.program);
    match draft.changed(&engine, progress) {
        Ok(run) => Ok(Some(run)),
        Err(NotDecided::Cancelled) => Ok(None),
        Err(NotDecided::Schema(findings)) => Err(first_message(&findings)),
    }
}

/// What differs between two runs of the same requests.
pub(crate) fn compared(new: Run, old: Option<&Run>, why_alone: Option<LocalText>) -> Impact {
    let flips = old.map(|old| Flips::between(old, &new));
    let effects = flips.as_ref().map(|flips| Effects::of(&new, flips)).unwrap_or_default();
    let all = effects.groups.iter().map(|group| &group.cell.sums).sum();
    Impact { old: old.cloned(), new, flips, effects, all, why_alone }
}

/// The ids of a group's causing rules.
pub(crate) fn rules_of(group: &FlipGroup) -> BTreeSet<RuleId> {
    group.causes.iter().map(|known| known.rule.clone()).collect()
}

impl Impact {
    /// The rows whose decision changes in that way.
    pub fn rows(&self, change: DecisionChange) -> RowSet {
        let none = || RowSet::none(self.new.table().len());
        self.flips.as_ref().map_or_else(none, |flips| flips.rows_of(change))
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
