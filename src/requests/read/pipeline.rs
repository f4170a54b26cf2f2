//! Chunks of a file go to workers, their converted rows come back in the file's order into one table.

use std::collections::{BTreeSet, VecDeque};
use std::sync::mpsc;
use std::thread::{self};

use super::ReadError;
use super::aside::AsideFacts;
use super::collector::FileFault;
use super::column_notes::{self, ColumnNotes};
use super::convert::{BadCell, BatchNotes};
use super::guard::{gave_up, guarded};
use super::plan::{ReadPlan, Texts};
use crate::problem::{RowProblem, SHOWN_PROBLEMS, shorten};
use crate::table::Cells;
use countersign_core::diagnostic::Finding;
use countersign_core::model::MASK;
use countersign_core::progress::Progress;

/// Converted rows of a batch, one entry a field; bad rows are left out.
#[derive(Debug)]
pub(super) struct ConvertedBatch {
    pub(super) cells: Vec<Cells>,
    /// A hash of every row's key.
    pub(super) key_hashes: Vec<u128>,
    /// What is known of the bad rows that were left out.
    pub(super) aside: AsideFacts,
}

/// What the rows of a chunk became so far.
#[derive(Default)]
pub(super) struct ChunkRows {
    pub(super) blocks: Vec<ConvertedBatch>,
    pub(super) count: usize,
    /// Bad cells by row, counted from the chunk's first, and field.
    pub(super) bad: Vec<BadCell>,
    /// What is worth knowing, one entry a field; empty when there is nothing.
    pub(super) noted: Vec<ColumnNotes>,
    pub(super) faults: BTreeSet<FileFault>,
}

impl ChunkRows {
    /// Converts the next batch; `columns` in the order of [`ReadPlan::used`].
    pub(super) fn add(&mut self, plan: &ReadPlan, columns: &[Texts<'_>], rows: usize) {
        self.add_with(plan, columns, rows, Vec::new());
    }

    /// The same, where some cells are known to be bad: they are missing in `columns`.
    pub(super) fn add_with(&mut self, plan: &ReadPlan, columns: &[Texts<'_>], rows: usize, known: Vec<BadCell>) {
        let mut observed = BatchNotes::default();
        let cells = plan.convert(columns, rows, &mut observed);
        let BatchNotes { mut bad, noted } = observed;
        bad.retain(|cell| !known.iter().any(|known| (known.row, known.field) == (cell.row, cell.field)));
        bad.extend(known);
        column_notes::add(&mut self.noted, noted);
        bad.sort_by_key(|cell| (cell.row, cell.field));
        for cell in bad.iter_mut().take(SHOWN_PROBLEMS.saturating_sub(self.bad.len())) {
            cell.help = plan.fields.get(cell.field).and_then(|field| field.advice.help(cell, field.personal));
        }
        self.blocks.push(plan.block(cells, rows, &bad));
        self.bad.extend(bad.into_iter().map(|cell| BadCell { row: cell.row + self.count, ..cell }));
        self.count += rows;
    }
}

#[derive(Debug, Default)]
pub(super) struct ConvertedChunk {
    pub(super) blocks: Vec<ConvertedBatch>,
    /// Rows in the chunk, bad ones too.
    pub(super) rows: u64,
    /// Lines in the chunk; 0 for files without lines.
    pub(super) lines: u64,
    /// Bytes of the file, for the progress.
    pub(super) bytes: u64,
    /// Bad rows in order, with row and line counted from 0 within the chunk.
    pub(super) bad: Vec<RowProblem>,
    /// Their keys as the file has them, as far as those can be read; of typed columns only.
    pub(super) bad_keys: Vec<Option<String>>,
    /// What is worth knowing, one entry a field; empty when there is nothing.
    pub(super) noted: Vec<ColumnNotes>,
    pub(super) faults: BTreeSet<FileFault>,
}

/// A bad cell as a problem of its row, counted within the chunk.
pub(super) fn problem(plan: &ReadPlan, cell: &BadCell, row: u64, line: Option<u64>, raw: String) -> RowProblem {
    let field = plan.fields.get(cell.field);
    let value = if field.is_some_and(|field| field.personal) { MASK } else { &cell.text };
    RowProblem {
        file: None,
        row,
        line,
        column: field.map(|field| field.label.clone()),
        value: shorten(value),
        fault: cell.fault.kind(),
        reason: field.map(|field| cell.fault.explain(&field.rule, value)).unwrap_or_default(),
        help: cell.help.clone(),
        raw,
    }
}

pub(super) type ChunkWorker<'a, C> = Box<dyn FnMut(C) -> Result<ConvertedChunk, Vec<Finding>> + Send + 'a>;

/// Chunks in progress that hold more bytes keep the next one from being read.
pub(super) const MAX_QUEUED_BYTES: u64 = 128 << 20;

/// Hands the chunks that `next` gives to workers and their parts, in order, to `add`. In memory are two chunks a worker at most, and no
/// more than one beyond [`MAX_QUEUED_BYTES`].
pub(super) fn run<C: Send>(
    workers: Vec<ChunkWorker<'_, C>>,
    mut next: impl FnMut() -> Result<Option<(C, u64)>, ReadError>,
    mut add: impl FnMut(ConvertedChunk) -> Result<(), ReadError>,
    progress: &Progress,
) -> Result<(), ReadError> {
    thread::scope(|scope| {
        let lanes: Vec<_> = workers
            .into_iter()
            .map(|mut worker| {
                let (give, chunks) = mpsc::channel::<C>();
                let (parts, take) = mpsc::channel();
                scope.spawn(move || {
                    for chunk in chunks {
                        let part = guarded(|| worker(chunk));
                        if parts.send(part).is_err() {
                            break;
                        }
                    }
                });
                (give, take)
            })
            .collect();
        let (mut given, mut taken, mut ended) = (0, 0, false);
        let mut queued: VecDeque<u64> = VecDeque::new();
        loop {
            if progress.is_cancelled() {
                return Err(ReadError::Cancelled);
            }
            while !ended && given - taken < 2 * lanes.len() && queued.iter().sum::<u64>() <= MAX_QUEUED_BYTES {
                match next()? {
                    Some((chunk, bytes)) => {
                        queued.push_back(bytes);
                        let _ = lanes.get(given % lanes.len()).map(|(give, _)| give.send(chunk));
                        given += 1;
                    }
                    None => ended = true,
                }
            }
            if taken == given {
                return Ok(());
            }
            let part = lanes.get(taken % lanes.len()).and_then(|(_, take)| take.recv().ok());
            add(part.unwrap_or_else(|| Err(vec![gave_up()]))?)?;
            taken += 1;
            queued.pop_front();
        }
    })
}
