//! The dry run: every request of a table decided, on all cores, into columns; and the figures of the report.
//!
//! The result is the same on any number of threads. No error's wording holds a personal value; the key is kept as it is.

mod facts;
mod labels;
mod load;
mod recorded;
mod rules;
mod scores;
mod summary;
mod sums;
mod tally;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::sync::Arc;

pub use super::batch::Cancelled;
pub(crate) use facts::Roles;
pub use facts::{Facts, Label};
pub use labels::{Labels, Level, Outcomes, Quality, RuleQuality};
pub use load::{InterfaceLoad, Load, Peak, RoutedBy, Traffic};
pub use recorded::{Decisions, ErrorExample, Failure, Kind as DecisionKind, Shape};
pub use rules::{ErrorLine, Example, Kind, ReasonLine, RuleLine};
pub use scores::{BandLine, ScoreBin, Scores};
pub use summary::{Duplicates, Has, InvariantLine, Summary, TimeRange, VerdictLine};
pub use sums::{ByLabel, Ratio, Sums};

pub(crate) use load::InSecond;
pub(crate) use recorded::Kinds;
pub(crate) use sums::{by_shape, customers, group_customers};
pub(crate) use tally::{Distinct, Tally};

use super::Backtest;
use super::batch::{BATCH, RuleColumn, all_cores};
use countersign_core::engine::Engine;
use countersign_core::model::{Definition, Invariant};
use countersign_core::progress::Progress;
use countersign_requests::Table;

/// How many requests that break an invariant are kept as examples.
const BROKEN_EXAMPLES: usize = 10;

/// How often an invariant was broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    /// Requests it speaks of.
    pub applies: u64,
    /// Of those, requests that got a verdict it does not allow.
    pub broken: u64,
    /// Requests on which its condition failed to run.
    pub failed: u64,
    /// The first rows that break it or that it failed on, with what happened.
    pub examples: Vec<(usize, String)>,
}

impl Broken {
    /// Counts from what an invariant's condition gave for every row.
    pub(crate) fn count(invariant: &Invariant, condition: &RuleColumn, decisions: &Decisions) -> Self {
        let mut counts = Self::default();
        let verdicts = decisions.by_kind(|_, shape| shape.verdict);
        let verdict_of = |row: usize| decisions.kind_numbers().get(row).and_then(|kind| verdicts.get(*kind as usize)).copied();
        for (batch, chunk) in condition.chunks.iter().enumerate() {
            for (row, arm) in chunk.each() {
                let row = batch * BATCH + row;
                if let Some(Err(message)) = condition.arms.get(arm as usize) {
                    counts.failed += 1;
                    counts.note(row, message);
                    continue;
                }
                counts.applies += 1;
                let verdict = verdict_of(row).unwrap_or_default();
                if !invariant.verdicts.contains(&verdict) {
                    counts.broken += 1;
                    counts.note(row, verdict.word());
                }
            }
        }
        counts
    }

    fn note(&mut self, row: usize, message: &str) {
        if self.examples.len() < BROKEN_EXAMPLES {
            self.examples.push((row, message.to_owned()));
        }
    }
}

/// Every request of a table, decided.
#[derive(Clone)]
pub struct DryRun {
    definition: Arc<Definition>,
    facts: Arc<Facts>,
    decisions: Arc<Decisions>,
    invariants: Vec<Broken>,
}

impl DryRun {
    pub(crate) fn new(definition: Arc<Definition>, facts: Arc<Facts>, decisions: Arc<Decisions>, invariants: Vec<Broken>) -> Self {
        Self { definition, facts, decisions, invariants }
    }

    /// What was run.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// What the figures need to know of every request.
    #[must_use]
    pub fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// The decisions in the table's order.
    #[must_use]
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// Every invariant's count, in the rule set's order.
    #[must_use]
    pub fn invariants(&self) -> &[Broken] {
        &self.invariants
    }

    /// The figures; `rows` are those that were run.
    #[must_use]
    pub fn summary(&self, rows: &Table) -> Summary {
        Summary::of(self, |row| rows.key(row))
    }
}

/// Decides every request of `rows`, on all cores.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub fn dry_run(engine: &Engine, rows: &Arc<Table>, progress: &Progress) -> Result<DryRun, Cancelled> {
    dry_run_on(all_cores(), engine, rows, progress)
}

/// Decides every request of `rows` on that many threads; see [`dry_run`].
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub fn dry_run_on(threads: NonZeroUsize, engine: &Engine, rows: &Arc<Table>, progress: &Progress) -> Result<DryRun, Cancelled> {
    Backtest::of_own(threads, engine, rows.clone(), progress).map(|backtest| backtest.dry_run())
}
