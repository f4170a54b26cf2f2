//! Fills a table on several threads, each of which owns some of its columns.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Scope, ScopedJoinHandle};

use super::Table;
use super::builder::{ColumnBuilder, columns};
use super::cells::Cells;
use super::column::Column;
use countersign_core::model::{FieldType, Schema};

/// How many runs of batches may wait for a thread.
const WAITING: usize = 4;
/// What a text column costs where any other costs one.
const TEXT_COST: usize = 5;

/// Batches of a table, one entry a field each.
type CellBatches = Arc<Vec<Vec<Cells>>>;

/// Collects batches into a [`Table`]. Without a call of [`Filler::finish`] its threads end and the table is given up.
pub(crate) struct Filler<'scope> {
    schema: Arc<Schema>,
    rows: usize,
    lanes: Vec<FillerLane<'scope>>,
}

/// One thread and the way to it; it ends at `None`.
struct FillerLane<'scope> {
    give: SyncSender<Option<CellBatches>>,
    columns: ScopedJoinHandle<'scope, Vec<(usize, Column)>>,
}

impl<'scope> Filler<'scope> {
    /// An empty table of that schema.
    pub(crate) fn new(schema: Arc<Schema>, threads: NonZeroUsize, scope: &'scope Scope<'scope, '_>) -> Self {
        let lanes = shares(columns(&schema), threads).into_iter().map(|columns| {
            let (give, take) = sync_channel(WAITING);
            FillerLane { give, columns: scope.spawn(move || fill(columns, &take)) }
        });
        Self { lanes: lanes.collect(), schema, rows: 0 }
    }

    /// Appends batches; the reader has checked that values fit.
    pub(crate) fn append(&mut self, batches: Vec<Vec<Cells>>) {
        self.rows += batches.iter().filter_map(|batch| batch.first()).map(Cells::len).sum::<usize>();
        let batches = Arc::new(batches);
        for lane in &self.lanes {
            // A thread that is gone is noticed at the end.
            let _ = lane.give.send(Some(batches.clone()));
        }
    }

    /// The finished table; none when a thread came to grief.
    pub(crate) fn finish(self) -> Option<Table> {
        for lane in &self.lanes {
            let _ = lane.give.send(None);
        }
        let mut columns = Vec::new();
        for lane in self.lanes {
            columns.extend(lane.columns.join().ok()?);
        }
        columns.sort_by_key(|(at, _)| *at);
        let columns = columns.into_iter().map(|(_, column)| Arc::new(column)).collect();
        Some(Table::new(self.schema, self.rows, columns))
    }
}

/// Deals the columns out so that every thread has about as much to do.
fn shares(columns: Vec<ColumnBuilder>, threads: NonZeroUsize) -> Vec<Vec<(usize, ColumnBuilder)>> {
    let mut shares: Vec<(usize, Vec<(usize, ColumnBuilder)>)> = (0..threads.get()).map(|_| (0, Vec::new())).collect();
    for (at, column) in columns.into_iter().enumerate() {
        let cost = if column.kind == FieldType::Text { TEXT_COST } else { 1 };
        if let Some((sum, share)) = shares.iter_mut().min_by_key(|(sum, _)| *sum) {
            *sum += cost;
            share.push((at, column));
        }
    }
    shares.into_iter().map(|(_, share)| share).collect()
}

/// Appends what comes until it ends.
fn fill(mut columns: Vec<(usize, ColumnBuilder)>, take: &Receiver<Option<CellBatches>>) -> Vec<(usize, Column)> {
    while let Ok(batches) = take.recv() {
        let Some(batches) = batches else {
            return columns.into_iter().map(|(at, column)| (at, column.finish())).collect();
        };
        for (at, column) in &mut columns {
            batches.iter().filter_map(|batch| batch.get(*at)).for_each(|cells| column.append(cells));
        }
    }
    Vec::new()
}
