//! A rule set over a table of requests, kept ready for the next edit: what a screen shows while an author types.
//!
//! ```text
//! let live = Backtest::new(&live_engine, table.clone(), &progress)?;      // every request decided, on all cores
//! let draft = live.changed(&draft_engine, &progress)?;                    // after every edit: only what changed
//! draft.totals().verdicts                                                 // requests and amounts per verdict
//! let flips = draft.flips(&live);                                         // who is decided differently, and by which rules
//! flips.causes(group), flips.rows(group), flips.moves(group)              // one group of flips on the screen
//! draft.decision(row), draft.rows_of_verdict(..), draft.hits(rule)        // rows to list
//! ```
//!
//! A backtest never changes and is cheap to clone: a screen keeps the last one and asks it for the next. [`Backtest::changed`] may be
//! asked of any earlier backtest over the same table; the nearer it is to what is wanted, the less there is to do. It gives the same as
//! [`Backtest::new`] would. Both look for the wish to stop after every few hundred microseconds of work, and then keep nothing.
//!
//! Rows count from 0 in the table's order. Decisions hold no personal value but what [`Backtest::decision`] reads of the one row asked for.

mod totals;

use std::sync::Arc;

pub use totals::{RuleTotals, Totals};

use super::compare::{Flips, Projection, Refused};
use super::dry_run::{Decisions, DryRun, Facts, all_cores, decide_all};
use super::{Engine, RowSet};
use crate::diagnostic::{Finding, Severity};
use crate::model::{Decision, RuleIndex, Verdict};
use crate::progress::Progress;
use crate::requests::Table;

/// Every request of a table decided by one rule set; cheap to clone.
#[derive(Clone)]
pub struct Backtest {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    /// The requests as given.
    table: Arc<Table>,
    /// The requests with the fields that the rule set knows.
    seen: Arc<Table>,
    findings: Vec<Finding>,
    facts: Arc<Facts>,
    run: DryRun,
    totals: Totals,
}

impl Backtest {
    /// Decides every request of `table`, on all cores. A rule set of another schema decides what it knows of the requests, by name.
    ///
    /// # Errors
    /// [`Refused::Schema`] when the rule set reads fields that the requests do not have; [`Refused::Cancelled`].
    pub fn new(engine: &Engine, table: Arc<Table>, progress: &Progress) -> Result<Self, Refused> {
        let (projection, findings) = Projection::new(engine, table.schema());
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(Refused::Schema(findings));
        }
        let seen = projection.table(&table);
        let decided = decide_all(all_cores(), engine, &seen, progress)?;
        let facts = Arc::new(Facts::of(&table));
        let run = DryRun::new(engine.definition().clone(), facts.clone(), decided);
        let totals = Totals::of(&run);
        Ok(Self { inner: Arc::new(Inner { engine: engine.clone(), table, seen, findings, facts, run, totals }) })
    }

    /// The same requests by another rule set, doing only what this backtest has not done already: rules whose script, parameters,
    /// lists and shared functions are the same are not run again, and only requests that a change can reach are decided again.
    ///
    /// # Errors
    /// As [`Backtest::new`].
    pub fn changed(&self, engine: &Engine, progress: &Progress) -> Result<Self, Refused> {
        Self::new(engine, self.inner.table.clone(), progress)
    }

    /// What decides.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// The requests.
    #[must_use]
    pub fn table(&self) -> &Arc<Table> {
        &self.inner.table
    }

    /// Warnings about a schema that is not the rule set's own.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.inner.findings
    }

    /// Requests and amounts per verdict, and what every rule did.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.inner.totals
    }

    /// Time, amount, customer and label of every request.
    #[must_use]
    pub fn facts(&self) -> &Arc<Facts> {
        &self.inner.facts
    }

    /// The decisions of all rows, as columns.
    #[must_use]
    pub fn decisions(&self) -> &Decisions {
        self.inner.run.decisions()
    }

    /// The dry run that a report is made of.
    #[must_use]
    pub fn dry_run(&self) -> &DryRun {
        &self.inner.run
    }

    /// The verdict of a row; none past the end.
    #[must_use]
    pub fn verdict(&self, row: usize) -> Option<Verdict> {
        self.decisions().verdict(row)
    }

    /// The whole decision of a row, errors with their wording; none past the end.
    #[must_use]
    pub fn decision(&self, row: usize) -> Option<Decision> {
        (row < self.inner.seen.len()).then(|| self.inner.engine.decide(&self.inner.seen.request(row)))
    }

    /// The rows with that verdict.
    #[must_use]
    pub fn rows_of_verdict(&self, verdict: Verdict) -> RowSet {
        self.rows_where(|shape| shape.verdict == verdict)
    }

    /// The rows a rule hit, as an active rule or as a shadow: it was reached, and returned an outcome.
    #[must_use]
    pub fn hits(&self, rule: RuleIndex) -> RowSet {
        self.rows_where(|shape| shape.hits.contains(&rule) || shape.shadow_hits.contains(&rule))
    }

    /// The rows in whose decision a rule took part: one of its reasons stands in it, or it routed.
    #[must_use]
    pub fn decided_by(&self, rule: RuleIndex) -> RowSet {
        let gave = |shape: &super::dry_run::Shape| shape.reasons.iter().any(|given| given.rule == Some(rule));
        self.rows_where(|shape| gave(shape) || shape.routed_by == Some(rule))
    }

    /// The rows a rule failed on.
    #[must_use]
    pub fn failures(&self, rule: RuleIndex) -> RowSet {
        self.rows_where(|shape| shape.failures.iter().any(|failure| failure.rule == Some(rule)))
    }

    /// The rows whose decision has something, asked once for each shape of decision.
    #[must_use]
    pub fn rows_where(&self, wanted: impl Fn(&super::dry_run::Shape) -> bool) -> RowSet {
        let decisions = self.decisions();
        let wanted: Vec<bool> = decisions.shapes().iter().map(wanted).collect();
        let shapes = decisions.shape_numbers();
        RowSet::of(shapes.len(), |row| shapes.get(row).and_then(|shape| wanted.get(*shape as usize)).copied().unwrap_or_default())
    }

    /// What flips from `against`, usually the live rule set, to this one; both must be over the same table.
    #[must_use]
    pub fn flips(&self, against: &Self) -> Flips {
        Flips::new(&against.inner.engine, &self.inner.engine, against.decisions(), self.decisions())
    }
}

#[cfg(test)]
mod tests;
