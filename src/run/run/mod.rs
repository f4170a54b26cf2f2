//! A rule set over a table of requests: every request decided, kept ready for the next edit.
//!
//! ```text
//! let live = Run::new(&live_engine, &table, &progress)?;                  // every request decided, on all cores
//! let draft = live.changed(&draft_engine, &progress)?;                    // after every edit: only what changed
//! draft.totals().verdicts                                                 // requests and amounts per verdict
//! draft.summary()                                                         // the figures of a report
//! let flips = draft.flips(&live);                                         // who is decided differently, and by which rules
//! draft.decision(row), draft.rows_of_verdict(..), draft.hits(rule)        // rows to list
//! ```
//!
//! A run never changes and is cheap to clone: a screen keeps the last one and asks it for the next. [`Run::changed`] may be called on any
//! earlier run over the same table; the nearer it is to the new rule set, the less there is to do. It gives the same as [`Run::new`]
//! would, on any number of threads. Both check for cancellation after every few hundred microseconds of work, and then keep nothing.
//!
//! Rows count from 0 in the table's order. Of personal values only those stay that [`Run::decision`] reads of the one row asked for; no
//! error's wording holds one.

mod change;
mod invariants;
mod rule_rows;
mod totals;

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

pub(crate) use invariants::BROKEN_EXAMPLES;
pub use invariants::Broken;
pub use rule_rows::{RuleRows, rule_rows, rule_rows_on};
pub use totals::{RuleTotals, Totals};

use crate::batch::{
    BatchScript, Cancelled, ConditionCounts, DecisionInputs, RuleColumn, RuleColumns, all_cores, count_conditions, count_reading,
    decide, run_scripts,
};
use crate::decisions::{DecisionOutline, Decisions, Facts};
use crate::projection::Projection;
use crate::{HistoryFigures, RowSet, WithHistory, with_history};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::{Costs, Engine, Evaluated};
use countersign_core::model::{Decision, Request, RuleIndex, Status, Verdict};
use countersign_core::progress::Progress;
use countersign_core::reading::{ReadingTotals, RuleReading};
use countersign_core::script::Row;
use countersign_requests::Table;

/// Why requests were not decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDecided {
    Cancelled,
    /// The rule set reads fields that the requests do not have, or derived ones cannot be computed; at least one finding is an error.
    Schema(Vec<Finding>),
}

impl From<Cancelled> for NotDecided {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Every request of a table decided by one rule set; cheap to clone.
#[derive(Clone)]
pub struct Run {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    requests: Requests,
    columns: RuleColumns,
    /// What the conditions of the invariants give.
    conditions: Vec<Arc<RuleColumn>>,
    decisions: Arc<Decisions>,
    totals: Totals,
    invariants: OnceLock<Vec<Broken>>,
}

/// The requests as given, and as the rule set sees them.
#[derive(Clone)]
struct Requests {
    table: Arc<Table>,
    /// With the fields that the rule set knows.
    seen: Arc<Table>,
    findings: Vec<Finding>,
    history: Arc<[HistoryFigures]>,
    facts: Arc<Facts>,
}

impl Run {
    /// Decides every request of `table`, on all cores. A rule set of another schema decides what it knows of the requests, by name.
    ///
    /// # Errors
    /// [`Refused::Schema`] when the rule set reads fields that the requests do not have; [`Refused::Cancelled`].
    pub fn new(engine: &Engine, table: &Arc<Table>, progress: &Progress) -> Result<Self, NotDecided> {
        Self::on(all_cores(), engine, table, progress)
    }

    /// Decides on that many threads; see [`Run::new`].
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn on(threads: NonZeroUsize, engine: &Engine, table: &Arc<Table>, progress: &Progress) -> Result<Self, NotDecided> {
        let Seen { requests: WithHistory { table: seen, figures }, findings } = project(engine, table, progress)?;
        let (facts, history) = (Arc::new(Facts::of(table)), figures.into());
        Ok(Self::of(threads, engine, Requests { table: table.clone(), seen, findings, history, facts }, progress)?)
    }

    fn of(threads: NonZeroUsize, engine: &Engine, requests: Requests, progress: &Progress) -> Result<Self, Cancelled> {
        let rule_set = &engine.definition().rule_set;
        let rules: Vec<(RuleIndex, Status)> = rule_set.rules().map(|(index, _, rule)| (index, rule.status)).collect();
        let scripts: Vec<BatchScript> = rules
            .iter()
            .filter(|(_, status)| *status != Status::Off)
            .map(|(rule, _)| BatchScript::Rule(*rule))
            .chain((0..rule_set.invariants.len()).map(BatchScript::Condition))
            .collect();
        progress.set_total(2 * requests.seen.len() as u64);
        let mut made = run_scripts(engine, &requests.seen, &scripts, threads, progress)?.into_iter().map(Arc::new);
        let columns: RuleColumns =
            rules.iter().map(|(_, status)| if *status == Status::Off { None } else { made.next() }).collect();
        let conditions = made.collect();
        let combining =
            DecisionInputs { combiner: engine.combiner(), columns: &columns, table: &requests.seen, given: &requests.table };
        let decisions = decide(&combining, threads, progress)?;
        Ok(Self::put_together(engine, requests, columns, conditions, decisions))
    }

    fn put_together(
        engine: &Engine,
        requests: Requests,
        columns: RuleColumns,
        conditions: Vec<Arc<RuleColumn>>,
        decisions: Decisions,
    ) -> Self {
        let say = |row: usize| engine.decide(&requests.seen.request(row)).errors;
        let decisions = Arc::new(decisions.with_examples(say));
        let totals = Totals::of(engine.definition(), &decisions);
        let invariants = OnceLock::new();
        Self { inner: Arc::new(Inner { engine: engine.clone(), requests, columns, conditions, decisions, totals, invariants }) }
    }

    /// The same requests by another rule set, doing only what this backtest has not done already: rules whose script, parameters,
    /// lists and shared functions are the same are not run again, and only requests that a change can reach are decided again.
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn changed(&self, engine: &Engine, progress: &Progress) -> Result<Self, NotDecided> {
        self.changed_on(all_cores(), engine, progress)
    }

    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub fn table(&self) -> &Arc<Table> {
        &self.inner.requests.table
    }

    /// The requests with the fields that the rule set knows, its derived ones computed.
    pub fn seen(&self) -> &Arc<Table> {
        &self.inner.requests.seen
    }

    /// Warnings about a schema that is not the rule set's own.
    pub fn findings(&self) -> &[Finding] {
        &self.inner.requests.findings
    }

    /// Requests and amounts per verdict, and what every rule did.
    pub fn totals(&self) -> &Totals {
        &self.inner.totals
    }

    /// What the derived fields were computed from, one for each.
    pub fn history(&self) -> &[HistoryFigures] {
        &self.inner.requests.history
    }

    /// Time, amount, customer and label of every request.
    pub fn facts(&self) -> &Arc<Facts> {
        &self.inner.requests.facts
    }

    /// The decisions of all rows, as columns.
    pub fn decisions(&self) -> &Decisions {
        &self.inner.decisions
    }

    /// How often each invariant was broken, in the rule set's order; counted when first asked for.
    pub fn invariants(&self) -> &[Broken] {
        self.inner.invariants.get_or_init(|| {
            let inner = &self.inner;
            let invariants = inner.engine.definition().rule_set.invariants.iter().zip(&inner.conditions);
            invariants.map(|(invariant, condition)| Broken::count(invariant, condition, &inner.decisions)).collect()
        })
    }

    /// The verdict of a row; none past the end.
    pub fn verdict(&self, row: usize) -> Option<Verdict> {
        self.decisions().verdict(row)
    }

    /// The whole decision of a row, errors with their wording; none past the end.
    pub fn decision(&self, row: usize) -> Option<Decision> {
        let seen = &self.inner.requests.seen;
        (row < seen.len()).then(|| self.inner.engine.decide(&seen.request(row)))
    }

    /// A request with the fields that the rule set knows.
    pub(crate) fn request(&self, row: usize) -> Request {
        self.inner.requests.seen.request(row)
    }

    /// What a rule gives for a row, whatever the other rules and its window say: its outcomes, none where it does not apply, or why it
    /// fails. None for a rule that is off and past the last row.
    pub fn gives(&self, rule: RuleIndex, row: usize) -> Option<&Evaluated> {
        static NOTHING: Evaluated = Ok(Vec::new());
        let column = self.inner.columns.get(rule.at())?.as_deref().filter(|_| row < self.table().len())?;
        Some(column.get(row).unwrap_or(&NOTHING))
    }

    /// How often each condition of a rule is true, false, fails and is not reached, over all rows, whatever the other rules say of
    /// them: the figures beside a script's lines. None for a rule that the interpreter runs.
    ///
    /// # Errors
    /// [`Cancelled`] when `progress` was cancelled before the end.
    pub fn conditions(&self, rule: RuleIndex, progress: &Progress) -> Result<Option<Vec<ConditionCounts>>, Cancelled> {
        conditions_seen(&self.inner.engine, rule, &self.inner.requests.seen, progress)
    }

    pub fn rows_of_verdict(&self, verdict: Verdict) -> RowSet {
        self.rows_where(|shape| shape.verdict == verdict)
    }

    /// The rows a rule hit, as an active rule or as a shadow: it was reached, and returned an outcome.
    pub fn hits(&self, rule: RuleIndex) -> RowSet {
        self.rows_where(|shape| shape.hits.contains(&rule) || shape.shadow_hits.contains(&rule))
    }

    /// The rows in whose decision a rule took part: one of its reasons stands in it, or it routed.
    pub fn decided_by(&self, rule: RuleIndex) -> RowSet {
        let gave = |shape: &DecisionOutline| shape.reasons.iter().any(|given| given.rule == Some(rule));
        self.rows_where(|shape| gave(shape) || shape.routed_by == Some(rule))
    }

    pub fn failures(&self, rule: RuleIndex) -> RowSet {
        self.rows_where(|shape| shape.failures.iter().any(|failure| failure.rule == Some(rule)))
    }

    /// The rows whose decision has something, asked once for each kind of decision.
    pub fn rows_where(&self, wanted: impl Fn(&DecisionOutline) -> bool) -> RowSet {
        let wanted = self.decisions().by_kind(|_, shape| wanted(shape));
        let kinds = self.decisions().kind_numbers();
        RowSet::of(kinds.len(), |row| kinds.get(row).and_then(|kind| wanted.get(*kind as usize)).copied().unwrap_or_default())
    }
}

/// As [`Run::conditions`], of one rule over a table without anything else being decided.
///
/// # Errors
/// As [`Run::new`].
pub fn conditions(
    engine: &Engine,
    rule: RuleIndex,
    table: &Arc<Table>,
    progress: &Progress,
) -> Result<Option<Vec<ConditionCounts>>, NotDecided> {
    let seen = project(engine, table, progress)?.requests.table;
    Ok(conditions_seen(engine, rule, &seen, progress)?)
}

/// A rule's reading counted over a table without anything else being decided. None where the plan does not run.
///
/// # Errors
/// As [`Run::new`].
pub fn reading_totals(
    engine: &Engine,
    (rule, reading): (RuleIndex, &RuleReading),
    table: &Arc<Table>,
    progress: &Progress,
) -> Result<Option<ReadingTotals>, NotDecided> {
    let plan = engine.plan();
    let Some(lowered) = plan.rule(rule).ok().filter(|_| plan.usable()) else { return Ok(None) };
    let seen = project(engine, table, progress)?.requests.table;
    Ok(Some(count_reading(plan, (lowered, reading), &seen, all_cores(), progress)?))
}

/// Counts what one rule uses of its budget for the requests of a table, until enough was looked at.
///
/// # Errors
/// [`Refused::Schema`], as [`Run::new`].
pub fn count_cost(engine: &Engine, rule: RuleIndex, table: &Arc<Table>, costs: &mut Costs) -> Result<(), NotDecided> {
    let seen = project(engine, table, &Progress::default())?.requests.table;
    for at in 0..seen.len() {
        if costs.is_full() {
            break;
        }
        let row = Row::new(engine.program(), &seen.request(at));
        costs.add(engine.program(), std::iter::once(rule), &row, || table.key(at));
    }
    Ok(())
}

fn conditions_seen(
    engine: &Engine,
    rule: RuleIndex,
    seen: &Table,
    progress: &Progress,
) -> Result<Option<Vec<ConditionCounts>>, Cancelled> {
    let probe = engine.plan().probe(engine.definition(), engine.program(), rule);
    probe.map(|probe| count_conditions(&probe, seen, all_cores(), progress)).transpose()
}

/// The requests as a rule set sees them: the fields that it knows, its derived ones computed.
struct Seen {
    requests: WithHistory,
    findings: Vec<Finding>,
}

fn project(engine: &Engine, table: &Arc<Table>, progress: &Progress) -> Result<Seen, NotDecided> {
    let (projection, findings) = Projection::new(engine, table.schema());
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(NotDecided::Schema(findings));
    }
    let requests = with_history(engine.definition(), &projection.table(table), progress)?;
    Ok(Seen { requests, findings })
}

#[cfg(test)]
mod tests;
