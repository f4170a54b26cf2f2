//! Many requests decided: for a report ([`dry_run()`]), kept for the next edit ([`Backtest`]), side by side ([`compare()`]); and reports.

pub mod backtest;
mod batch;
pub mod compare;
pub mod dry_run;
pub mod evidence;
#[cfg(test)]
pub(crate) mod fixture;
pub mod kinds;
pub mod report;
mod row_set;
pub mod streamed;

pub use backtest::Backtest;
pub use compare::{Comparison, compare};
pub use dry_run::{DryRun, dry_run};
pub use row_set::RowSet;
pub use streamed::Streamed;
