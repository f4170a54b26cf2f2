//! Many requests decided by a rule set ([`Run`]), or by two side by side ([`Comparison`](compare::Comparison)), in memory or part by part
//! ([`Streamed`]); the figures and reports of that.
//!
//! From the bottom: `decisions` are columns, `batch` makes them, `run` keeps them for the next edit, `figures` and `compare` read them,
//! `report` writes them down.

mod batch;
pub mod compare;
pub mod decisions;
pub mod evidence;
pub mod figures;
#[cfg(test)]
pub(crate) mod fixture;
pub mod history;
mod identity;
mod key_hash;
pub mod kinds;
mod projection;
pub mod report;
mod row_set;
mod run;
pub mod sql;
mod streamed;

pub use batch::{Cancelled, ConditionCounts};
pub use compare::Comparison;
pub use history::{HistoryFigures, WithHistory, with_history};
pub use identity::{MatchedRule, RuleChange};
pub use row_set::RowSet;
pub use run::{
    Broken, NotDecided, RuleRows, RuleTotals, Run, Totals, conditions, count_cost, reading_totals, rule_rows, rule_rows_on,
};
pub use streamed::{Failed, Streamed};
