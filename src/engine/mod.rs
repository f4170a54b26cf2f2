//! Decides: one request ([`Engine::decide`], with every step by [`Engine::trace`]); many, kept for the next edit (`Backtest`) or for
//! a report (`dry_run`).

#[cfg(feature = "desk")]
pub mod backtest;
#[cfg(feature = "desk")]
mod batch;
pub mod cases;
mod combine;
#[cfg(feature = "desk")]
pub mod compare;
mod cost;
mod decide;
#[cfg(feature = "desk")]
pub mod dry_run;
pub mod explain;
#[cfg(test)]
#[cfg(feature = "desk")]
pub(crate) mod fixture;

#[cfg(feature = "desk")]
mod row_set;
#[cfg(feature = "desk")]
pub mod streamed;

#[cfg(feature = "desk")]
pub use backtest::Backtest;
pub use combine::{Combiner, Evaluated, RuleStep, StageResult, Step};
#[cfg(feature = "desk")]
pub use compare::{Comparison, compare};
pub use cost::Costs;
pub use decide::{Engine, StageTrace, Trace};
#[cfg(feature = "desk")]
pub use dry_run::{DryRun, dry_run};
pub use explain::{Explanation, explain};
#[cfg(feature = "desk")]
pub use row_set::RowSet;
#[cfg(feature = "desk")]
pub use streamed::Streamed;
