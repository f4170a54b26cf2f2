//! Chunks of a file go to workers, their converted rows come back in the file's order into one table.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, Scope};

use super::aside::{Known, Tally};
use super::convert::{BadCell, Observed};
use super::duplicates::Repeats;
use super::noted::{self, Noted, NotedColumn};
use super::plan::{Plan, Texts};
use super::rejects::Rejects;
use super::{Input, Options, Parts, ReadError};
use crate::diagnostic::Finding;
use crate::model::{MASK, Schema, SetAside};
use crate::progress::Progress;
use crate::requests::problem::{RowProblem, SHOWN_PROBLEMS, refuse, shorten};
use crate::requests::runs::{Runs, no_scratch};
use crate::requests::table::{Cells, Filler};
use crate::text::LocalText;

/// Converted rows of a batch, one entry a field; bad rows are left out.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) cells: Vec<Cells>,
    /// A hash of every row's key.
    pub(super) key_hashes: Vec<u128>,
    /// What is known of the bad rows that were left out.
    pub(super) aside: Known,
}

/// What the rows of a chunk became so far.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) blocks: Vec<Block>,
    pub(super) count: usize,
    /// Bad cells by row, counted from the chunk's first, and field.
    pub(super) bad: Vec<BadCell>,
    /// What is worth knowing, one entry a field; empty when there is nothing.
    pub(super) noted: Vec<Noted>,
}

impl Rows {
    /// Converts the next batch; `columns` in the order of [`Plan::used`].
    pub(super) fn add(&mut self, plan: &Plan, columns: &[Texts<'_>], rows: usize) {
        let mut observed = Observed::default();
        let cells = plan.convert(columns, rows, &mut observed);
        let Observed { mut bad, noted } = observed;
        noted::add(&mut self.noted, noted);
        bad.sort_by_key(|cell| (cell.row, cell.field));
        for cell in bad.iter_mut().take(SHOWN_PROBLEMS.saturating_sub(self.bad.len())) {
            cell.help = plan.fields.get(cell.field).and_then(|field| field.advice.help(cell, field.personal));
        }
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
    /// What is worth knowing, one entry a field; empty when there is nothing.
    pub(super) noted: Vec<Noted>,
}

/// A bad cell as a problem of its row, counted within the chunk.
pub(super) fn problem(plan: &Plan, cell: &BadCell, row: u64, line: Option<u64>, raw: String) -> RowProblem {
    let field = plan.fields.get(cell.field);
    let value = if field.is_some_and(|field| field.personal) { MASK } else { &cell.text };
    RowProblem {
        row,
        line,
        column: field.map(|field| field.label.clone()),
        value: shorten(value),
        fault: cell.fault.kind(),
        reason: field.map(|field| field.rule.explain(cell.fault, value)).unwrap_or_default(),
        help: cell.help.clone(),
        raw,
    }
}

/// What was read from a file besides its requests.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) repeats: Repeats,
    pub(super) aside: Option<SetAside>,
    /// The file's rows that are in no table, from 1, ascending; nothing where there are several tables.
    pub(super) bad: Vec<u64>,
    /// The first of them.
    pub(super) problems: Vec<RowProblem>,
    pub(super) findings: Vec<Finding>,
    /// Words that often mean "no value" and were not taken as such.
    pub(super) missing_words: Vec<String>,
}

/// What is read, for whom, and what is known of it before the first row.
pub(super) struct Task<'a, 'b, 'p> {
    pub(super) input: &'a Input,
    pub(super) schema: &'a Arc<Schema>,
    pub(super) options: &'a mut Options<'b>,
    pub(super) parts: &'a mut Parts<'p>,
    pub(super) progress: &'a Progress,
    /// Lines before the first row.
    pub(super) header_lines: u64,
    pub(super) findings: Vec<Finding>,
    /// What findings call the columns, one a field.
    pub(super) columns: Vec<NotedColumn>,
}

/// Has `workers` read the chunks that `next` gives, and puts their rows into tables in the file's order.
pub(super) fn gather<C: Send>(
    task: Task<'_, '_, '_>,
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

/// Puts parts into tables in order.
struct Gatherer<'a, 'b, 'p, 'scope, 'env> {
    input: &'a Input,
    schema: &'a Arc<Schema>,
    threads: NonZeroUsize,
    scope: &'scope Scope<'scope, 'env>,
    findings: Vec<Finding>,
    columns: Vec<NotedColumn>,
    noted: Vec<Noted>,
    /// The table being filled.
    filler: Filler<'scope>,
    in_table: usize,
    tables: u64,
    keys: Runs<'p>,
    rows: u64,
    lines: u64,
    tally: Tally,
    bad: Vec<u64>,
    problems: Vec<RowProblem>,
    rejects: Option<Rejects<'a, 'b>>,
    parts: &'a mut Parts<'p>,
    progress: &'a Progress,
}

impl<'a, 'b, 'p, 'scope, 'env> Gatherer<'a, 'b, 'p, 'scope, 'env> {
    fn new(task: Task<'a, 'b, 'p>, scope: &'scope Scope<'scope, 'env>) -> Self {
        let Task { input, schema, options, parts, progress, header_lines, findings, columns } = task;
        let (language, is_raw, threads) = (options.language, options.raw_rejects, options.threads);
        Self {
            input,
            schema,
            threads,
            scope,
            findings,
            columns,
            noted: Vec::new(),
            filler: Filler::new(schema.clone(), threads, scope),
            in_table: 0,
            tables: 0,
            keys: Runs::new(parts.scratch, parts.held),
            rows: 0,
            lines: header_lines,
            tally: Tally::default(),
            bad: Vec::new(),
            problems: Vec::new(),
            rejects: options.rejects.as_deref_mut().map(|out| Rejects::new(out, language, is_raw)),
            parts,
            progress,
        }
    }

    /// Takes the next part.
    fn add(&mut self, part: Part) -> Result<(), ReadError> {
        let mut bad = Vec::with_capacity(part.bad.len());
        for mut problem in part.bad {
            problem.row += self.rows + 1;
            problem.line = problem.line.map(|line| line + self.lines + 1);
            bad.push(problem.row);
            self.tally.add(&problem);
            if let Some(rejects) = &mut self.rejects {
                rejects.write(&problem)?;
            }
            if self.problems.len() < SHOWN_PROBLEMS {
                self.problems.push(problem);
            }
        }
        noted::add(&mut self.noted, part.noted.into_iter().enumerate());
        part.blocks.iter().for_each(|block| self.tally.know(&block.aside));
        let first = self.rows + 1;
        self.rows += part.rows;
        self.lines += part.lines;
        // A file that will be refused needs no table.
        if self.tally.rows() == 0 || self.rejects.is_some() {
            self.fill(part.blocks, first, &bad)?;
        }
        if self.parts.rows == usize::MAX {
            self.bad.extend(bad);
        }
        self.progress.advance(part.bytes);
        Ok(())
    }

    /// Adds rows, the first of which is `first` among the file's unless it is among the `bad` ones.
    fn fill(&mut self, blocks: Vec<Block>, first: u64, bad: &[u64]) -> Result<(), ReadError> {
        let mut bad = bad.iter().peekable();
        let mut rows = (first..).filter(|row| bad.next_if_eq(&row).is_none());
        let mut batches = Vec::with_capacity(blocks.len());
        for block in blocks {
            for pair in block.key_hashes.into_iter().zip(&mut rows) {
                self.keys.push(pair).map_err(|error| no_scratch(&error))?;
            }
            self.in_table += block.cells.first().map_or(0, Cells::len);
            batches.push(block.cells);
            if self.in_table >= self.parts.rows {
                self.filler.append(std::mem::take(&mut batches));
                self.hand_out()?;
            }
        }
        self.filler.append(batches);
        Ok(())
    }

    /// Gives the table away and begins the next.
    fn hand_out(&mut self) -> Result<(), ReadError> {
        let next = Filler::new(self.schema.clone(), self.threads, self.scope);
        let table = std::mem::replace(&mut self.filler, next).finish().ok_or_else(gave_up)?;
        (self.in_table, self.tables) = (0, self.tables + 1);
        if (self.parts.each)(table).is_break() { Err(ReadError::Cancelled) } else { Ok(()) }
    }

    /// Everything noted on the way.
    fn finish(mut self) -> Result<Gathered, ReadError> {
        let bad_rows = self.tally.rows();
        let refused = bad_rows > 0 && (self.rejects.is_none() || bad_rows == self.rows);
        if let Some(rejects) = self.rejects.take() {
            rejects.finish()?;
        }
        if self.rows == 0 {
            let name = &self.input.name;
            let finding = refuse("no-requests", format!("`{name}` has no request"), format!("`{name}` 中没有请求"));
            let help = LocalText::new("was it cut off, or is it the wrong file?", "文件是否被截断，或者选错了文件？");
            return Err(finding.with_help(help).into());
        }
        if !refused && (self.in_table > 0 || self.tables == 0) {
            self.hand_out()?;
        }
        self.findings.extend(noted::findings(&self.input.name, &self.columns, &self.noted));
        Ok(Gathered {
            missing_words: noted::missing_words(&self.noted),
            repeats: Repeats::of(self.keys.sorted()).map_err(|error| no_scratch(&error))?,
            aside: self.tally.finish(self.rows, self.schema),
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
