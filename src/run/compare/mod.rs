//! Two rule sets over the same requests: what flips, and which rules are the cause.
//!
//! A *flip* is a request on which the gateway would be told something else: another verdict, interface, reason code or limit. Scores,
//! hits and shadow hits may differ without a flip.

mod causes;
mod changes;
mod effects;
mod figures;
mod flips;
mod known;
mod segments;
mod sentences;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::sync::Arc;

pub use causes::Differs;
pub use changes::{ChangeLine, ChangedValue, DecisionChange};
pub use effects::{Effects, FlipCounts, FlipGroup};
pub use figures::{Figures, FlipCell, InterfaceCell, Transition};
pub(crate) use figures::{FlipCustomers, FlipPlaces, FlipTally};
pub use flips::{Flip, Flips};
pub use known::KnownEffect;
pub use segments::{FieldSegments, SegmentLine, Segments};
pub use sentences::known_effect;

use crate::batch::all_cores;
use crate::identity::MatchedRule;
use crate::{NotDecided, Run};
use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::model::RuleId;
use countersign_core::progress::Progress;
use countersign_requests::Table;

/// Two rule sets over the same requests.
#[derive(Clone)]
pub struct Comparison {
    old: Run,
    new: Run,
    flips: Flips,
}

impl Comparison {
    /// Decides every request of `table` by both rule sets, on all cores.
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn new(old: &Engine, new: &Engine, table: &Arc<Table>, progress: &Progress) -> Result<Self, NotDecided> {
        Self::on(all_cores(), old, new, table, progress)
    }

    /// Decides on that many threads; see [`Comparison::new`].
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn on(
        threads: NonZeroUsize,
        old: &Engine,
        new: &Engine,
        table: &Arc<Table>,
        progress: &Progress,
    ) -> Result<Self, NotDecided> {
        let before = Run::on(threads, old, table, progress)?;
        let after = before.changed_on(threads, new, progress)?;
        Ok(Self::between(&before, &after))
    }

    /// Compares two runs over the same table.
    pub fn between(old: &Run, new: &Run) -> Self {
        Self { old: old.clone(), new: new.clone(), flips: Flips::between(old, new) }
    }

    pub fn new_run(&self) -> &Run {
        &self.new
    }

    pub fn old_run(&self) -> &Run {
        &self.old
    }

    /// Every flip in the table's order.
    pub fn flips(&self) -> &[Flip] {
        self.flips.all()
    }

    /// The rules of either rule set and what became of them.
    pub fn rules(&self) -> &[MatchedRule] {
        self.flips.rules()
    }

    /// The causing rules of a group, in the new rule set's order, removed ones last; none where only a stage's settings differ.
    pub fn causes(&self, group: usize) -> impl Iterator<Item = &MatchedRule> {
        self.flips.causes(group)
    }

    /// The ids of a flip's causing rules.
    pub fn cause_ids(&self, flip: &Flip) -> Vec<&RuleId> {
        self.causes(flip.group).map(|known| &known.rule).collect()
    }

    /// Warnings about an old schema that differs.
    pub fn findings(&self) -> &[Finding] {
        self.old.findings()
    }
}
