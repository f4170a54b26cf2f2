//! What the figures of a dry run are made of, added up: over a whole table, or over its parts one after the other.
//!
//! Everything here stays small however many requests there are. What does not (distinct customers, keys that repeat, requests by the
//! second) is handed in when the figures are asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::load::ArrivalCounts;
use super::{Duplicates, Example};
use crate::decisions::{ByLabel, by_shape};
use crate::decisions::{DecisionOutline, EXAMPLES, Interner, RuleFailure};
use crate::run::{BROKEN_EXAMPLES, Broken};
use crate::{HistoryFigures, Run};
use countersign_core::model::{Timestamp, Verdict};

#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    shapes: Interner<Arc<DecisionOutline>>,
    pub(super) sums: Vec<ByLabel>,
    pub(super) scores: BTreeMap<(i64, Verdict), u64>,
    /// When the first and the last request arrived.
    pub(super) span: Option<(Timestamp, Timestamp)>,
    /// The first of each failure.
    pub(super) errors: Vec<(RuleFailure, Example)>,
    /// Every invariant's counts and its first examples.
    pub(super) invariants: Vec<(Broken, Vec<Example>)>,
    pub(super) arrivals: ArrivalCounts,
    pub(super) history: Vec<HistoryFigures>,
}

/// What only all requests together tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Distinct {
    pub(crate) customers: u64,
    /// Distinct customers of every verdict, mildest first.
    pub(crate) by_verdict: Vec<u64>,
    /// Keys that occur more than once.
    pub(crate) duplicates: Duplicates,
}

impl Tally {
    /// Adds the requests of a run that follow those added before. Gives the seconds they fall to, in order, for every place of
    /// [`Arrivals`].
    pub(crate) fn add(&mut self, run: &Run) -> Vec<Vec<i64>> {
        let (facts, decisions) = (run.facts(), run.decisions());
        let key = |row| run.table().key(row);
        for (shape, sums) in decisions.shapes().iter().zip(by_shape(decisions)).filter(|(_, sums)| sums.all().requests > 0) {
            let number = self.shapes.number(shape.clone()) as usize;
            self.sums.resize(self.shapes.values.len(), ByLabel::default());
            self.sums.get_mut(number).into_iter().for_each(|place| place.merge(&sums));
        }
        let kinds = decisions.by_kind(|kind, shape| (kind.score, shape.verdict)).into_iter().zip(decisions.sums());
        for (kind, sums) in kinds.filter(|(_, sums)| sums.all().requests > 0) {
            *self.scores.entry(kind).or_default() += sums.all().requests;
        }
        for time in (0..facts.len()).filter_map(|row| facts.time(row)) {
            let (first, last) = self.span.unwrap_or((time, time));
            self.span = Some((first.min(time), last.max(time)));
        }
        for example in decisions.error_examples() {
            if self.errors.iter().filter(|(failure, _)| *failure == example.failure).count() < EXAMPLES {
                let named = Example { key: key(example.row), message: example.message.clone() };
                self.errors.push((example.failure, named));
            }
        }
        self.invariants.resize_with(run.invariants().len(), Default::default);
        for ((sum, examples), more) in self.invariants.iter_mut().zip(run.invariants()) {
            sum.applies += more.applies;
            sum.broken += more.broken;
            sum.failed += more.failed;
            let named = more.examples.iter().map(|(row, message)| Example { key: key(*row), message: message.clone() });
            examples.extend(named.take(BROKEN_EXAMPLES - examples.len()));
        }
        if self.history.is_empty() {
            // Requests with derived fields are in one table.
            self.history = run.history().to_vec();
        }
        self.arrivals.add(&run.engine().definition().rule_set, facts, decisions)
    }

    pub(super) fn shapes(&self) -> &[Arc<DecisionOutline>] {
        &self.shapes.values
    }
}
