//! Single flips: a request with what the baseline and what the draft decide of it.

use std::collections::BTreeSet;

use super::decided::DecisionText;
use super::{figures, mask};
use crate::jobs::impact::{Impact, rules_of};
use countersign_core::model::RuleId;
use countersign_run::Run;
use countersign_run::compare::{DecisionChange, Differs, Flip};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlipRow {
    /// The request's row.
    pub row: u32,
    /// Its key; masked where it is personal.
    pub key: String,
    pub time: String,
    /// The amount at stake in yuan; empty where there is none.
    pub amount: String,
    pub before: Option<DecisionText>,
    pub after: Option<DecisionText>,
}

/// Which flips are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlipsShown {
    /// Those with just these causing rules.
    CausedBy(BTreeSet<RuleId>),
    /// Those that change in this way.
    Changed(DecisionChange),
}

/// Rows in the table's order, and in what their decisions differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlipRows {
    pub rows: Vec<u32>,
    pub differs: Differs,
}

/// The rows of all flips, or of those that are to be listed.
pub fn rows(impact: &Impact, only: Option<&FlipsShown>) -> FlipRows {
    let Some(flips) = &impact.flips else { return FlipRows::default() };
    let wanted = only.map(|only| match only {
        FlipsShown::CausedBy(rules) => impact.rows_of(rules),
        FlipsShown::Changed(change) => impact.rows(*change),
    });
    let is_wanted = |flip: &Flip| wanted.as_ref().is_none_or(|wanted| wanted.contains(flip.row));
    let rows = flips.all().iter().filter(|flip| is_wanted(flip)).filter_map(|flip| u32::try_from(flip.row).ok());
    FlipRows { rows: rows.collect(), differs: flips.differ_in(is_wanted) }
}

/// Whether some flip would be listed.
pub fn is_there(impact: &Impact, only: &FlipsShown) -> bool {
    match only {
        FlipsShown::CausedBy(rules) => impact.effects.groups.iter().any(|group| rules_of(group) == *rules),
        FlipsShown::Changed(change) => impact.effects.changes.iter().any(|line| line.change == *change),
    }
}

pub fn flip(impact: &Impact, row: u32) -> FlipRow {
    let (at, table) = (row as usize, impact.new.table());
    let schema = table.schema();
    let key = schema.find(schema.roles.key.as_str());
    let key = key.map_or_else(String::new, |(index, field)| mask::shown(field, &table.value(at, index), schema.zone));
    let facts = impact.new.facts();
    let time = facts.time(at).map(|time| figures::value(&countersign_core::model::Value::Time(time), schema.zone));
    FlipRow {
        row,
        key,
        time: time.unwrap_or_default(),
        amount: facts.amount(at).map(|fen| figures::yuan(i128::from(fen.0))).unwrap_or_default(),
        before: impact.old.as_ref().and_then(|old| decided(old, at)),
        after: decided(&impact.new, at),
    }
}

fn decided(run: &Run, row: usize) -> Option<DecisionText> {
    Some(DecisionText::new(run.engine().definition(), &run.decisions().decision(row)?))
}
