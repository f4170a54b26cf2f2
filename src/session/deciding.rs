//! Decides every request by the draft and by what it is compared with. The only file that knows which engine does it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::Draft;
use super::results::{Checked, Done};
use super::view::Change;
use super::views::loads::Seconds;
use countersign_core::check;
use countersign_core::diagnostic::Severity;
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, RuleId, Verdict};
use countersign_core::progress::Progress;
use countersign_core::release::Digest;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_requests::Table;
use countersign_run::compare::{Differs, Figures, Flips, Known, Refused};
use countersign_run::dry_run::{Summary, Sums};
use countersign_run::{Backtest, Comparison, RowSet};

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

/// The baseline's decisions of the loaded requests.
pub(super) struct Against {
    /// None when it cannot decide them; then why.
    pub decided: Result<Backtest, LocalText>,
}

/// One part of the sentence "this edit: +812 declined, −40 referred, 12 re-routed".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which requests they are.
    pub change: Change,
    /// How many, and their amounts.
    pub sums: Sums,
}

/// Flips with the same causing rules.
#[derive(Clone, Debug)]
pub struct FlipGroup {
    /// The causing rules and what became of them; none where only a stage's settings differ.
    pub causes: Vec<Known>,
    /// Its flips with their amounts.
    pub sums: Sums,
    /// Distinct customers.
    pub customers: u64,
    /// How many go from which verdict to which, old verdict first, mildest first.
    pub moves: [[u64; 4]; 4],
}

impl FlipGroup {
    /// The causing rules.
    #[must_use]
    pub fn rules(&self) -> BTreeSet<RuleId> {
        self.causes.iter().map(|known| known.rule.clone()).collect()
    }
}

/// What an edit does to the loaded requests.
pub struct Impact {
    /// The draft's decisions, with totals per verdict and rule.
    pub new: Backtest,
    /// The baseline's; none when there is nothing to compare with.
    pub old: Option<Backtest>,
    /// What flips between the two.
    pub flips: Option<Flips>,
    /// The flips by causing rules, most first.
    pub groups: Vec<FlipGroup>,
    /// Changes of verdicts with the way they go, re-routed requests; empty when nothing flips.
    pub parts: Vec<Part>,
    /// All flips with their amounts.
    pub all: Sums,
    /// Why there is no comparison.
    pub why_alone: Option<LocalText>,
}

/// Figures that take longer than the impact itself: charts, loads, matrices.
pub struct Details {
    /// Of the draft's dry run.
    pub summary: Summary,
    /// Of the comparison.
    pub figures: Option<Figures>,
    /// Requests of every second, by interface.
    pub seconds: Seconds,
    /// Requests per hour of the day and verdict, mildest first, in the schema's zone.
    pub rhythm: [[u64; 4]; 24],
}

/// Compiles and checks a draft.
pub(super) fn check(draft: &Draft) -> Done {
    let compiled = Program::compile(&draft.definition);
    let findings = check::check_compiled(&draft.definition, &compiled, Some(&draft.cases));
    // Cases that could not be read say nothing of the rules; a script or list does.
    let is_right = draft.unread.rules.is_empty() && !findings.iter().any(|finding| finding.severity == Severity::Error);
    let findings = draft.unread.complete(&draft.definition, findings);
    let engine = is_right.then(|| Engine::new(Arc::clone(&draft.definition), compiled.program.clone()));
    let definition = Arc::clone(&draft.definition);
    Done::Checked(Box::new(Checked { definition, program: compiled.program, findings, engine }))
}

/// Readies what the draft is compared with; `is_whole` unless some of its rules could not be read.
pub(super) fn baseline(definition: &Arc<Definition>, is_whole: bool, title: LocalText, release: Option<Digest>) -> Done {
    let compiled = Program::compile(definition);
    let findings = check::check_compiled(definition, &compiled, None);
    let is_right = is_whole && !findings.iter().any(|finding| finding.severity == Severity::Error);
    let engine = is_right.then(|| Engine::new(Arc::clone(definition), compiled.program));
    Done::Baseline(Box::new(Baseline { title, definition: Arc::clone(definition), release, engine }))
}

/// Decides every request by the baseline.
pub(super) fn against(baseline: &Baseline, table: &Arc<Table>, progress: &Progress) -> Option<Done> {
    if baseline.definition.schema.is_empty() {
        let why = LocalText::new("nothing has been saved yet to compare with", "尚未保存，暂无可对比的版本");
        return Some(Done::Against(Box::new(Against { decided: Err(why) })));
    }
    let Some(engine) = &baseline.engine else {
        let why = LocalText::new("what it is compared with has errors of its own", "对比基准自身存在错误");
        return Some(Done::Against(Box::new(Against { decided: Err(why) })));
    };
    let decided = match Backtest::new(engine, Arc::clone(table), progress) {
        Ok(backtest) => Ok(backtest),
        Err(Refused::Cancelled) => return None,
        Err(Refused::Schema(findings)) => Err(findings.first().map(|finding| finding.message.clone()).unwrap_or_default()),
    };
    Some(Done::Against(Box::new(Against { decided })))
}

/// Decides every request by the draft, starting from what was decided before, and compares.
pub(super) fn impact(
    draft: &Engine,
    against: &Against,
    last: Option<&Backtest>,
    table: &Arc<Table>,
    progress: &Progress,
) -> Result<Option<Done>, LocalText> {
    let old = against.decided.as_ref().ok();
    let near = last.filter(|last| Arc::ptr_eq(last.table(), table)).or(old);
    let decided = match near {
        Some(near) => near.changed(draft, progress),
        None => Backtest::new(draft, Arc::clone(table), progress),
    };
    let new = match decided {
        Ok(new) => new,
        Err(Refused::Cancelled) => return Ok(None),
        Err(Refused::Schema(findings)) => {
            return Err(findings.first().map(|finding| finding.message.clone()).unwrap_or_default());
        }
    };
    Ok(Some(Done::Impact(Box::new(compared(new, old, against.decided.as_ref().err().cloned())))))
}

/// What differs between two runs of the same requests.
pub(super) fn compared(new: Backtest, old: Option<&Backtest>, why_alone: Option<LocalText>) -> Impact {
    let flips = old.map(|old| new.flips(old));
    let (parts, all, groups) = match (old, &flips) {
        (Some(old), Some(flips)) => {
            let (parts, all) = parts(old, &new, flips);
            (parts, all, groups(&new, flips))
        }
        _ => (Vec::new(), Sums::default(), Vec::new()),
    };
    Impact { old: old.cloned(), new, flips, groups, parts, all, why_alone }
}

/// The figures that take longer.
pub(super) fn details(impact: &Impact) -> Done {
    let table = impact.new.table();
    let summary = impact.new.dry_run().summary(table);
    let figures = impact.old.as_ref().map(|old| Comparison::between(old, &impact.new).figures(table));
    let (seconds, rhythm) = (Seconds::of(&impact.new), super::views::charts::rhythm(impact));
    Done::Details(Box::new(Details { summary, figures, seconds, rhythm }))
}

/// Whether a flip is of that kind.
fn is_change(old: &Backtest, new: &Backtest, row: usize, differs: Differs, change: Change) -> bool {
    let (Some(old), Some(new)) = (old.decisions().shape(row), new.decisions().shape(row)) else { return false };
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
fn parts(old: &Backtest, new: &Backtest, flips: &Flips) -> (Vec<Part>, Sums) {
    let severe = [Verdict::Decline, Verdict::Refer, Verdict::StepUp, Verdict::Accept];
    let verdicts = severe.into_iter().flat_map(|verdict| [Change::Now(verdict), Change::NoLonger(verdict)]);
    let kinds = verdicts.chain([Change::Rerouted, Change::Reasons, Change::Limits]);
    let mut parts: Vec<Part> = kinds.map(|change| Part { change, sums: Sums::default() }).collect();
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

fn groups(new: &Backtest, flips: &Flips) -> Vec<FlipGroup> {
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
    #[must_use]
    pub fn rows(&self, change: Change) -> RowSet {
        let mut rows = RowSet::none(self.new.table().len());
        let (Some(old), Some(flips)) = (&self.old, &self.flips) else { return rows };
        let wanted = flips.all().iter().filter(|flip| is_change(old, &self.new, flip.row, flip.differs, change));
        wanted.for_each(|flip| rows.insert(flip.row));
        rows
    }

    /// The rows of flips with just these causing rules.
    #[must_use]
    pub fn rows_of(&self, rules: &BTreeSet<RuleId>) -> RowSet {
        let none = RowSet::none(self.new.table().len());
        let Some(flips) = &self.flips else { return none };
        let is_theirs =
            |group: &usize| flips.causes(*group).map(|known| &known.rule).collect::<BTreeSet<_>>() == rules.iter().collect();
        (0..flips.group_count()).filter(is_theirs).map(|group| flips.rows(group)).fold(none, |all, rows| all.or(&rows))
    }
}
