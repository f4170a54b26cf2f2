//! Two rule sets over the same requests: what flips, and which rules are the cause.
//!
//! A *flip* is a request on which the gateway would be told something else: another verdict, interface, reason code or limit. Scores,
//! hits and shadow hits may differ without a flip.

mod causes;
mod figures;
mod flips;
mod identity;
mod project;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::sync::Arc;

pub use causes::Differs;
pub use figures::{Cell, Figures, Group, InterfaceCell, Transition};
pub(crate) use figures::{FlipCustomers, FlipTally, Places};
pub use flips::{Flip, Flips};
pub use identity::{Change, Known};
pub(crate) use identity::{Identity, inputs};

use super::Backtest;
use super::batch::{Cancelled, all_cores};
use super::dry_run::DryRun;
use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::model::RuleId;
use countersign_core::progress::Progress;
use countersign_requests::Table;
pub(crate) use project::Projection;

/// Why two rule sets were not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The job was cancelled.
    Cancelled,
    /// The old rule set reads fields that the requests do not have; at least one finding is an error.
    Schema(Vec<Finding>),
}

impl From<Cancelled> for Refused {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Two rule sets over the same requests.
#[derive(Clone)]
pub struct Comparison {
    new: DryRun,
    old: DryRun,
    flips: Flips,
    findings: Vec<Finding>,
}

impl Comparison {
    /// What two backtests of the same table say, to take figures from.
    #[must_use]
    pub fn between(old: &Backtest, new: &Backtest) -> Self {
        let findings = old.findings().to_vec();
        Self { new: new.dry_run(), old: old.dry_run_alone(), flips: new.flips(old), findings }
    }

    /// The dry run of the new rule set, with everything a dry run alone gives.
    #[must_use]
    pub fn new_run(&self) -> &DryRun {
        &self.new
    }

    /// The old rule set's decisions over the same requests; its invariants are not looked at.
    #[must_use]
    pub fn old_run(&self) -> &DryRun {
        &self.old
    }

    /// Every flip in the table's order.
    #[must_use]
    pub fn flips(&self) -> &[Flip] {
        self.flips.all()
    }

    /// The rules of either rule set and what became of them.
    #[must_use]
    pub fn rules(&self) -> &[Known] {
        self.flips.rules()
    }

    /// The causing rules of a group, in the new rule set's order, removed ones last; none where only a stage's settings differ.
    pub fn causes(&self, group: usize) -> impl Iterator<Item = &Known> {
        self.flips.causes(group)
    }

    /// The ids of a flip's causing rules.
    #[must_use]
    pub fn cause_ids(&self, flip: &Flip) -> Vec<&RuleId> {
        self.causes(flip.group).map(|known| &known.rule).collect()
    }

    /// What is worth knowing of the schemas: warnings only.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The figures of the comparison; `rows` are those that were run.
    #[must_use]
    pub fn figures(&self, rows: &Table) -> Figures {
        Figures::of(self, |row| rows.key(row))
    }
}

/// Decides every request of `rows` by both rule sets, on all cores.
///
/// # Errors
/// [`Refused::Schema`] when the old rule set reads fields that the requests do not have; [`Refused::Cancelled`].
pub fn compare(old: &Engine, new: &Engine, rows: &Arc<Table>, progress: &Progress) -> Result<Comparison, Refused> {
    compare_on(all_cores(), old, new, rows, progress)
}

/// Compares on that many threads; see [`compare`].
///
/// # Errors
/// As [`compare`].
pub fn compare_on(
    threads: NonZeroUsize,
    old: &Engine,
    new: &Engine,
    rows: &Arc<Table>,
    progress: &Progress,
) -> Result<Comparison, Refused> {
    let before = Backtest::on(threads, old, rows.clone(), progress)?;
    let after = before.changed_on(threads, new, progress)?;
    Ok(Comparison::between(&before, &after))
}
