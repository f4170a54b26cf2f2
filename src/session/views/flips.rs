//! Single flips: a request with what the baseline and what the draft decide of it.

use std::collections::BTreeSet;

use super::decided::DecisionText;
use super::{figures, mask};
use crate::jobs::impact::Impact;
use countersign_core::model::RuleId;
use countersign_run::Run;

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

/// The rows of all flips, or of those with just these causing rules, in the table's order.
pub fn rows(impact: &Impact, rules: Option<&BTreeSet<RuleId>>) -> Vec<u32> {
    let number = |row: usize| u32::try_from(row).ok();
    match rules {
        Some(rules) => impact.rows_of(rules).iter().filter_map(number).collect(),
        None => impact.flips.iter().flat_map(countersign_run::compare::Flips::all).filter_map(|flip| number(flip.row)).collect(),
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
