//! The dry run: every request of a table decided, on all cores, into columns; and the figures of the report.
//!
//! The result is the same on any number of threads. Personal values are masked in what is kept of errors; the key is kept as it is.

mod chunks;
mod facts;
mod labels;
mod load;
mod recorded;
mod rules;
mod scores;
mod summary;
mod sums;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

pub use chunks::Cancelled;
pub use facts::{Facts, Label};
pub use labels::{Labels, Level, Outcomes, Quality, RuleQuality};
pub use load::{InterfaceLoad, Load, Peak, RoutedBy, Traffic};
pub use recorded::{Decisions, ErrorExample, Failure, Shape};
pub use rules::{ErrorLine, Example, Kind, ReasonLine, RuleLine};
pub use scores::{BandLine, ScoreBin, Scores};
pub use summary::{Duplicates, Has, InvariantLine, Summary, TimeRange, VerdictLine};
pub use sums::{ByLabel, Ratio, Sums};

use chunks::in_parts;
use facts::Roles;
pub(crate) use sums::{by_shape, customers};

use super::Engine;
use crate::model::{Definition, Invariant, Request, Verdict};
use crate::progress::Progress;
use crate::requests::Table;
use crate::script::Row;

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
    fn note(&mut self, row: usize, message: String) {
        if self.examples.len() < BROKEN_EXAMPLES {
            self.examples.push((row, message));
        }
    }

    fn append(&mut self, before: usize, next: Self) {
        self.applies += next.applies;
        self.broken += next.broken;
        self.failed += next.failed;
        for (row, message) in next.examples {
            self.note(before + row, message);
        }
    }
}

/// Every request of a table, decided.
#[derive(Clone)]
pub struct DryRun {
    definition: Arc<Definition>,
    facts: Arc<Facts>,
    decisions: Decisions,
    invariants: Vec<Broken>,
}

impl DryRun {
    pub(crate) fn new(definition: Arc<Definition>, facts: Arc<Facts>, decided: Decided) -> Self {
        let mut invariants = decided.invariants;
        invariants.resize(definition.rule_set.invariants.len(), Broken::default());
        Self { definition, facts, decisions: decided.decisions, invariants }
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

/// Decisions and invariants of one definition over some rows.
#[derive(Default)]
pub(crate) struct Decided {
    decisions: Decisions,
    invariants: Vec<Broken>,
}

impl Decided {
    /// Decides the next row and looks at the invariants.
    pub(crate) fn push(&mut self, engine: &Engine, roles: &Roles, request: &Request) {
        let decision = engine.decide(request);
        let row = self.decisions.len();
        let verdict = decision.verdict;
        self.decisions.push(decision, |message| roles.mask(request, message));
        let invariants = &engine.definition().rule_set.invariants;
        if invariants.is_empty() {
            return;
        }
        self.invariants.resize(invariants.len(), Broken::default());
        let prepared = Row::new(engine.program(), request);
        for (at, (invariant, count)) in invariants.iter().zip(&mut self.invariants).enumerate() {
            match engine.program().holds(at, &prepared) {
                Ok(applies) => count_invariant(count, invariant, applies, row, verdict),
                Err(error) => {
                    count.failed += 1;
                    count.note(row, roles.mask(request, error.to_string()));
                }
            }
        }
    }

    /// The decisions of a definition whose invariants are not looked at.
    pub(crate) fn without_invariants(self) -> Self {
        Self { invariants: Vec::new(), ..self }
    }

    /// Adds the rows of the part of the table that follows.
    pub(crate) fn append(&mut self, next: Self) {
        let before = self.decisions.len();
        self.decisions.append(next.decisions);
        self.invariants.resize(self.invariants.len().max(next.invariants.len()), Broken::default());
        for (mine, theirs) in self.invariants.iter_mut().zip(next.invariants) {
            mine.append(before, theirs);
        }
    }
}

fn count_invariant(count: &mut Broken, invariant: &Invariant, applies: bool, row: usize, verdict: Verdict) {
    if !applies {
        return;
    }
    count.applies += 1;
    if !invariant.verdicts.contains(&verdict) {
        count.broken += 1;
        count.note(row, verdict.word().to_owned());
    }
}

/// One thread for every core this process may use.
pub(crate) fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
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
    let decided = decide_all(threads, engine, rows, progress)?;
    Ok(DryRun::new(engine.definition().clone(), Arc::new(Facts::of(rows)), decided))
}

/// The decisions and invariants of every row.
pub(crate) fn decide_all(threads: NonZeroUsize, engine: &Engine, rows: &Table, progress: &Progress) -> Result<Decided, Cancelled> {
    let roles = Roles::new(rows.schema());
    let work = |decided: &mut Decided, batch: Range<usize>| {
        for request in batch.map(|row| rows.request(row)) {
            decided.push(engine, &roles, &request);
        }
    };
    let mut decided = Decided::default();
    for part in in_parts(rows.len(), threads, progress, work)? {
        decided.append(part);
    }
    Ok(decided)
}
