//! Flips as lines: key, both decisions, the causing rules.

use serde::Serialize;

use super::Ids;
use crate::Comparison;
use crate::Run;
use crate::compare::Differs;
use countersign_core::model::{Limit, Limits, RuleId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlipSide {
    pub verdict: &'static str,
    /// The interface; empty for none.
    pub interface: String,
    /// The reason codes, each once, in order of evaluation.
    pub reasons: Vec<String>,
    /// The limits in fen: single, day, month, year.
    pub limits_fen: [Option<i64>; 4],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlipLine {
    pub key: String,
    /// In what the decisions differ.
    pub differs: Differs,
    pub old: FlipSide,
    pub new: FlipSide,
    /// The rules that cause it; none where only a stage's settings differ.
    pub causes: Vec<RuleId>,
}

/// Every limit in fen, shortest first.
pub(crate) fn limits_fen(limits: &Limits) -> [Option<i64>; 4] {
    Limit::ALL.map(|limit| limits.get(limit).map(|fen| fen.0))
}

fn side(run: &Run, row: usize) -> FlipSide {
    let ids = Ids(run.engine().definition());
    let decisions = run.decisions();
    let shape = decisions.shape(row).cloned().unwrap_or_default();
    FlipSide {
        verdict: shape.verdict.word(),
        interface: ids.interface(shape.interface).to_owned(),
        reasons: ids.codes(&shape).into_iter().map(str::to_owned).collect(),
        limits_fen: limits_fen(&decisions.limits(row)),
    }
}

/// Every flip in the table's order.
pub fn flip_lines(comparison: &Comparison) -> impl Iterator<Item = FlipLine> + '_ {
    comparison.flips().iter().map(move |flip| FlipLine {
        key: comparison.new_run().table().key(flip.row),
        differs: flip.differs,
        old: side(comparison.old_run(), flip.row),
        new: side(comparison.new_run(), flip.row),
        causes: comparison.cause_ids(flip).into_iter().cloned().collect(),
    })
}
