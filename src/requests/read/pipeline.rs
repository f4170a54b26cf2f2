//! Chunks of a file go to workers, their converted rows come back in the file's order into one table.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;

use super::convert::BadCell;
use super::plan::Plan;
use super::rejects::Rejects;
use super::{Input, Options, ReadError};
use crate::diagnostic::Finding;
use crate::model::Schema;
use crate::progress::Progress;
use crate::requests::problem::{RowProblem, SHOWN_PROBLEMS, refuse, shorten};
use crate::requests::table::{Cells, Table, TableBuilder};

/// Converted rows of a batch, one entry a field; bad rows are left out.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) cells: Vec<Cells>,
    /// A hash of every row's key.
    pub(super) key_hashes: Vec<u64>,
}

/// What became of one chunk.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) blocks: Vec<Block>,
    /// Rows in the chunk, bad ones too.
    pub(super) rows: u64,
    /// Lines in the chunk; 0 for files without lines.
    pub(super) lines: u64,
    /// Bytes of the file, for the progress.
    pub(super) bytes: u64,
    /// Bad rows in order, with row and line counted from 0 within the chunk.
    pub(super) bad: Vec<RowProblem>,
}

/// A bad cell as a problem of its row, counted within the chunk.
pub(super) fn problem(plan: &Plan, cell: &BadCell, row: u64, line: Option<u64>, raw: String) -> RowProblem {
    let field = plan.fields.get(cell.field);
    RowProblem {
        row,
        line,
        column: field.map(|field| field.label.clone()),
        value: shorten(&cell.text),
        reason: field.map(|field| field.rule.explain(cell.fault, &cell.text)).unwrap_or_default(),
        raw,
    }
}

/// Everything that was read from a file.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) table: Table,
    pub(super) key_hashes: Vec<u64>,
    pub(super) bad_rows: u64,
    /// The file's rows that are not in the table, from 1, ascending.
    pub(super) bad: Vec<u64>,
    /// The first of them.
    pub(super) problems: Vec<RowProblem>,
    pub(super) findings: Vec<Finding>,
}

/// Puts parts into the table in order.
pub(super) struct Gatherer<'a, 'b> {
    builder: TableBuilder,
    key_hashes: Vec<u64>,
    rows: u64,
    lines: u64,
    bad: Vec<u64>,
    problems: Vec<RowProblem>,
    rejects: Option<Rejects<'a, 'b>>,
    progress: &'a Progress,
}

impl<'a, 'b> Gatherer<'a, 'b> {
    /// `lines` lines stand before the first part.
    pub(super) fn new(schema: &Arc<Schema>, options: &'a mut Options<'b>, progress: &'a Progress, lines: u64) -> Self {
        let language = options.language;
        let rejects = options.rejects.as_deref_mut().map(|out| Rejects::new(out, language));
        let builder = TableBuilder::new(schema.clone());
        Self { builder, key_hashes: Vec::new(), rows: 0, lines, bad: Vec::new(), problems: Vec::new(), rejects, progress }
    }

    /// Takes the next part.
    pub(super) fn add(&mut self, part: Part) -> Result<(), ReadError> {
        for mut problem in part.bad {
            problem.row += self.rows + 1;
            problem.line = problem.line.map(|line| line + self.lines + 1);
            self.bad.push(problem.row);
            if let Some(rejects) = &mut self.rejects {
                rejects.write(&problem)?;
            }
            if self.problems.len() < SHOWN_PROBLEMS {
                self.problems.push(problem);
            }
        }
        self.rows += part.rows;
        self.lines += part.lines;
        // A file that will be refused needs no table.
        if self.bad.is_empty() || self.rejects.is_some() {
            for block in part.blocks {
                self.builder.append(&block.cells);
                self.key_hashes.extend(block.key_hashes);
            }
        }
        self.progress.advance(part.bytes);
        Ok(())
    }

    /// The table and everything noted on the way.
    pub(super) fn finish(self, input: &Input, findings: Vec<Finding>) -> Result<Gathered, ReadError> {
        if let Some(rejects) = self.rejects {
            rejects.finish()?;
        }
        if self.rows == 0 {
            let name = &input.name;
            return Err(refuse("no-requests", format!("`{name}` has no request"), format!("`{name}` 中没有请求")).into());
        }
        Ok(Gathered {
            table: self.builder.finish(),
            key_hashes: self.key_hashes,
            bad_rows: self.bad.len() as u64,
            bad: self.bad,
            problems: self.problems,
            findings,
        })
    }
}

/// Turns chunks into parts.
pub(super) type Worker<'a, C> = Box<dyn FnMut(C) -> Result<Part, Vec<Finding>> + Send + 'a>;

/// Hands the chunks that `next` gives to workers and their parts, in order, to `add`. Only a few chunks are in memory at a time.
pub(super) fn run<C: Send>(
    workers: Vec<Worker<'_, C>>,
    mut next: impl FnMut() -> Result<Option<C>, ReadError>,
    mut add: impl FnMut(Part) -> Result<(), ReadError>,
    progress: &Progress,
) -> Result<(), ReadError> {
    std::thread::scope(|scope| {
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
        loop {
            if progress.is_cancelled() {
                return Err(ReadError::Cancelled);
            }
            while !ended && given - taken < 2 * lanes.len() {
                match next()? {
                    Some(chunk) => {
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
        }
    })
}

/// Runs a reader of the Arrow crates, in which a hostile file may find a panic.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Vec<Finding>>) -> Result<T, Vec<Finding>> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(vec![gave_up()]))
}

fn gave_up() -> Finding {
    refuse("damaged-file", "the file is damaged: its reader gave up".to_owned(), "文件已损坏：读取程序无法继续".to_owned())
}
