//! Why the requests that a report shows as examples are decided as they are.

use std::sync::Arc;

use serde::Serialize;

use crate::compare::{Comparison, Projection};
use crate::dry_run::DryRun;
use countersign_core::engine::Engine;
use countersign_core::engine::explain::because;
use countersign_core::model::RuleId;
use countersign_core::text::LocalText;
use countersign_requests::Table;

/// How many of the first flips are explained.
const FLIPS: usize = 20;
/// How many of an invariant's examples are explained.
const BROKEN: usize = 5;

/// Why examples are decided as they are; what is personal is masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Of the first flips, in their order.
    pub flips: Vec<WhyFlip>,
    /// Of every invariant's first examples, in their order.
    pub invariants: Vec<Vec<LocalText>>,
}

/// Why each rule set decides a request as it does: by the rules that cause the flip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhyFlip {
    /// The old one.
    pub old: LocalText,
    /// The new one.
    pub new: LocalText,
}

/// Explains the first examples of a run that comes table by table.
pub struct Explainer<'a> {
    new: &'a Engine,
    old: Option<&'a Engine>,
    explained: Explained,
}

impl<'a> Explainer<'a> {
    /// Nothing explained yet; `old` is the rule set that is compared with.
    #[must_use]
    pub fn new(new: &'a Engine, old: Option<&'a Engine>) -> Self {
        Self { new, old, explained: Explained::default() }
    }

    /// Explains what the next table has of the first examples.
    pub fn add(&mut self, run: &DryRun, comparison: Option<&Comparison>, rows: &Arc<Table>) {
        self.explained.invariants.resize(run.invariants().len(), Vec::new());
        for (whys, broken) in self.explained.invariants.iter_mut().zip(run.invariants()) {
            let more = broken.examples.iter().take(BROKEN - whys.len());
            whys.extend(more.map(|(row, _)| because(self.new, &rows.request(*row), &[])));
        }
        let left = FLIPS - self.explained.flips.len();
        let (Some(old), Some(comparison), 1..) = (self.old, comparison, left) else { return };
        let old_rows = Projection::new(old, rows.schema()).0.table(rows);
        for flip in comparison.flips().iter().take(left) {
            let causes: Vec<RuleId> = comparison.cause_ids(flip).into_iter().cloned().collect();
            let why = |engine: &Engine, rows: &Table| because(engine, &rows.request(flip.row), &causes);
            self.explained.flips.push(WhyFlip { old: why(old, &old_rows), new: why(self.new, rows) });
        }
    }

    /// All that was explained.
    #[must_use]
    pub fn finish(self) -> Explained {
        self.explained
    }
}
