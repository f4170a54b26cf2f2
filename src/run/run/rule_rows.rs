//! Which requests each rule gives something for, without deciding any.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::{NotDecided, project};
use crate::RowSet;
use crate::batch::{BatchScript, RuleColumn, all_cores, run_scripts};
use countersign_core::engine::{Engine, Evaluated};
use countersign_core::progress::Progress;
use countersign_requests::Table;

/// What one rule does on each request, whatever its status, its window and the other rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRows {
    /// The rows for which it gives something.
    pub gives: RowSet,
    /// The rows on which it fails.
    pub fails: RowSet,
}

/// Runs every rule over a table, and decides nothing: for filters and counts, several times faster than [`Run::new`](super::Run::new).
///
/// # Errors
/// As [`Run::new`](super::Run::new).
pub fn rule_rows(engine: &Engine, table: &Arc<Table>, progress: &Progress) -> Result<Vec<RuleRows>, NotDecided> {
    rule_rows_on(all_cores(), engine, table, progress)
}

/// Runs on that many threads; see [`rule_rows`].
///
/// # Errors
/// As [`rule_rows`].
pub fn rule_rows_on(
    threads: NonZeroUsize,
    engine: &Engine,
    table: &Arc<Table>,
    progress: &Progress,
) -> Result<Vec<RuleRows>, NotDecided> {
    let seen = project(engine, table, progress)?.requests.table;
    let scripts: Vec<BatchScript> = engine.definition().rule_set.rules().map(|(rule, ..)| BatchScript::Rule(rule)).collect();
    progress.set_total(seen.len() as u64);
    let columns = run_scripts(engine, &seen, &scripts, threads, progress)?;
    let rows = |column: &RuleColumn, wanted: fn(&Evaluated) -> bool| RowSet::from_words(column.words_where(wanted), seen.len());
    let of = |column: &RuleColumn| RuleRows { gives: rows(column, Result::is_ok), fails: rows(column, Result::is_err) };
    Ok(columns.iter().map(of).collect())
}
