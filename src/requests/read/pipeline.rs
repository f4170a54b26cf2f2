//! Chunks of a file go to workers, their converted rows come back in the file's order into one table.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, Scope};

use super::convert::BadCell;
use super::plan::{Plan, Texts};
use super::rejects::Rejects;
use super::{Input, Options, ReadError};
use crate::diagnostic::Finding;
use crate::model::Schema;
use crate::progress::Progress;
use crate::requests::problem::{RowProblem, SHOWN_PROBLEMS, refuse, shorten};
use crate::requests::table::{Cells, Filler, Table};
use crate::text::LocalText;

/// Converted rows of a batch, one entry a field; bad rows are left out.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) cells: Vec<Cells>,
    /// A hash of every row's key.
    pub(super) key_hashes: Vec<u64>,
}

/// What the rows of a chunk became so far.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) blocks: Vec<Block>,
    pub(super) count: usize,
    /// Bad cells by row, counted from the chunk's first, and field.
    pub(super) bad: Vec<BadCell>,
}

impl Rows {
    /// Converts the next batch; `columns` in the order of [`Plan::used`].
    pub(super) fn add(&mut self, plan: &Plan, columns: &[Texts<'_>], rows: usize) {
        let mut bad = Vec::new();
        let cells = plan.convert(columns, rows, &mut bad);
        bad.sort_by_key(|cell| (cell.row, cell.field));
        self.blocks.push(plan.block(cells, rows, &bad));
        self.bad.extend(bad.into_iter().map(|cell| BadCell { row: cell.row + self.count, ..cell }));
        self.count += rows;
    }
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

/// What is read, for whom, and what is known of it before the first row.
pub(super) struct Task<'a, 'b> {
    pub(super) input: &'a Input,
    pub(super) schema: &'a Arc<Schema>,
    pub(super) options: &'a mut Options<'b>,
    pub(super) progress: &'a Progress,
    /// Lines before the first row.
    pub(super) header_lines: u64,
    pub(super) findings: Vec<Finding>,
}

/// Has `workers` read the chunks that `next` gives, and puts their rows into a table in the file's order.
pub(super) fn gather<C: Send>(
    task: Task<'_, '_>,
    workers: Vec<Worker<'_, C>>,
    next: impl FnMut() -> Result<Option<C>, ReadError>,
) -> Result<Gathered, ReadError> {
    let progress = task.progress;
    thread::scope(|scope| {
        let mut gatherer = Gatherer::new(task, scope);
        run(workers, next, |part| gatherer.add(part), progress)?;
        gatherer.finish()
    })
}

/// Puts parts into the table in order.
struct Gatherer<'a, 'b, 'scope> {
    input: &'a Input,
    findings: Vec<Finding>,
    filler: Filler<'scope>,
    key_hashes: Vec<u64>,
    rows: u64,
    lines: u64,
    bad: Vec<u64>,
    problems: Vec<RowProblem>,
    rejects: Option<Rejects<'a, 'b>>,
    progress: &'a Progress,
}

impl<'a, 'b, 'scope> Gatherer<'a, 'b, 'scope> {
    fn new(task: Task<'a, 'b>, scope: &'scope Scope<'scope, '_>) -> Self {
        let Task { input, schema, options, progress, header_lines, findings } = task;
        let language = options.language;
        let filler = Filler::new(schema.clone(), options.threads, scope);
        Self {
            input,
            findings,
            filler,
            key_hashes: Vec::new(),
            rows: 0,
            lines: header_lines,
            bad: Vec::new(),
            problems: Vec::new(),
            rejects: options.rejects.as_deref_mut().map(|out| Rejects::new(out, language)),
            progress,
        }
    }

    /// Takes the next part.
    fn add(&mut self, part: Part) -> Result<(), ReadError> {
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
            let mut batches = Vec::with_capacity(part.blocks.len());
            for block in part.blocks {
                self.key_hashes.extend(block.key_hashes);
                batches.push(block.cells);
            }
            self.filler.append(batches);
        }
        self.progress.advance(part.bytes);
        Ok(())
    }

    /// The table and everything noted on the way.
    fn finish(self) -> Result<Gathered, ReadError> {
        if let Some(rejects) = self.rejects {
            rejects.finish()?;
        }
        if self.rows == 0 {
            let name = &self.input.name;
            let finding = refuse("no-requests", format!("`{name}` has no request"), format!("`{name}` 中没有请求"));
            let help = LocalText::new("was it cut off, or is it the wrong file?", "文件是否被截断，或者选错了文件？");
            return Err(finding.with_help(help).into());
        }
        Ok(Gathered {
            table: self.filler.finish().ok_or_else(gave_up)?,
            key_hashes: self.key_hashes,
            bad_rows: self.bad.len() as u64,
            bad: self.bad,
            problems: self.problems,
            findings: self.findings,
        })
    }
}

/// Turns chunks into parts.
pub(super) type Worker<'a, C> = Box<dyn FnMut(C) -> Result<Part, Vec<Finding>> + Send + 'a>;

/// Hands the chunks that `next` gives to workers and their parts, in order, to `add`. Only a few chunks are in memory at a time.
fn run<C: Send>(
    workers: Vec<Worker<'_, C>>,
    mut next: impl FnMut() -> Result<Option<C>, ReadError>,
    mut add: impl FnMut(Part) -> Result<(), ReadError>,
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

thread_local! {
    /// Whether a panic of this thread is caught and becomes a finding.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a reader whose panics become findings: a panic hook has nothing to tell of them.
#[must_use]
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a reader of the Arrow crates, in which a hostile file may find a panic.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Vec<Finding>>) -> Result<T, Vec<Finding>> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    result.unwrap_or_else(|_| Err(vec![gave_up()]))
}

fn gave_up() -> Finding {
    refuse("damaged-file", "the file is damaged: its reader gave up".to_owned(), "文件已损坏：读取程序无法继续".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_reader_becomes_a_finding_and_is_marked_while_it_lasts() {
        let found: Result<(), _> = guarded(|| if is_guarded() { panic!("a damaged file") } else { Ok(()) });
        assert_eq!(found.unwrap_err().first().map(|finding| finding.id), Some("damaged-file"));
        assert!(!is_guarded());
    }
}
