//! Columns that were computed from a table's own and from earlier requests: kept for as long as the table, by what they are computed from.

use std::sync::{Arc, Mutex, PoisonError};

use indexmap::IndexMap;

use super::{Column, Table};

/// So many columns are kept: a definition that is edited live makes one for each state it passes through.
const MOST_KEPT: usize = 64;

#[derive(Clone, Debug)]
pub struct ComputedColumn {
    pub column: Arc<Column>,
    /// Rows that a longer file could give another value.
    pub incomplete: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct ComputedColumns(Arc<Mutex<IndexMap<String, ComputedColumn>>>);

impl Table {
    /// The column that was kept under that name.
    pub fn computed(&self, name: &str) -> Option<ComputedColumn> {
        self.computed.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Keeps a column of as many rows, for this table and all that share its rows.
    pub fn keep_computed(&self, name: String, column: ComputedColumn) {
        let mut kept = self.computed.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.shift_remove_index(0);
        }
        kept.insert(name, column);
    }
}
