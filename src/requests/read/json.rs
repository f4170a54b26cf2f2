//! JSON Lines: every line an object of known keys, flat (`a.b`) or nested (`b` in `a`), whose texts the plan converts.
//!
//! A value in quotes is read like one without.

use std::ops::Range;
use std::sync::Arc;

use super::chunks::{Chunk, Chunks, count_lines};
use super::grid::Grid;
use super::json_line::Keys;
use super::pipeline::{Gathered, Part, Rows, Task, Worker, gather, problem};
use super::plan::{Plan, Texts, wanted};
use super::{Input, Options, Parts, ReadError};
use crate::model::{RowFault, Schema};
use crate::progress::Progress;
use crate::requests::problem::RowProblem;
use crate::text::LocalText;

/// Rows converted at a time: their texts stay in the processor's cache.
const BATCH: usize = 256;

/// Reads a JSON Lines file.
pub(super) fn read(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut Options<'_>,
    parts: &mut Parts<'_>,
    progress: &Progress,
) -> Result<Gathered, ReadError> {
    let mut chunks = Chunks::new(input, options.longest_line, None);
    let mut first = chunks.next()?.unwrap_or_default();
    if first.text.starts_with(&[0xef, 0xbb, 0xbf]) {
        first.text.drain(..3);
    }
    if let Some(rows) = options.rows {
        let ends = first.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let end = ends.take(rows).last().unwrap_or(first.text.len());
        first.text.truncate(end);
    }
    let is_whole = options.rows.is_none();
    let columns = wanted(schema, options.mapping);
    let ignored = options.mapping.map_or(&[][..], |mapping| &mapping.ignore);
    let plan = Plan::new(&input.name, &columns, schema, options)?;
    let noted = plan.noted_columns();
    let shape = Shape { keys: Keys::new(&columns, ignored), plan, columns: columns.len() };
    let workers: Vec<Worker<'_, Chunk>> =
        (0..options.threads.get()).map(|_| -> Worker<'_, Chunk> { Box::new(|chunk| Ok(shape.read(&chunk))) }).collect();
    let mut first = Some(first);
    let next = || if first.is_some() || !is_whole { Ok(first.take()) } else { chunks.next() };
    gather(Task { input, schema, options, parts, progress, header_lines: 0, findings: Vec::new(), columns: noted }, workers, next)
}

/// What every worker knows of the file.
struct Shape {
    keys: Keys,
    plan: Plan,
    /// How many columns are wanted.
    columns: usize,
}

/// A line with a request.
#[derive(Clone)]
struct Line {
    row: u64,
    number: u64,
    /// Where it stands in the text of the lines.
    bytes: Range<usize>,
}

/// The lines of a chunk that are not blank.
#[derive(Default)]
struct Lines {
    text: String,
    sound: Vec<Line>,
    /// Lines that are not UTF-8.
    problems: Vec<RowProblem>,
    rows: u64,
}

impl Lines {
    fn of(chunk: &Chunk) -> Self {
        let mut lines = Self { text: String::with_capacity(chunk.text.len()), ..Self::default() };
        for (number, line) in (0..).zip(chunk.text.split(|byte| *byte == b'\n')) {
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let row = lines.rows;
            lines.rows += 1;
            match std::str::from_utf8(line) {
                Ok(line) => {
                    let start = lines.text.len();
                    lines.text.push_str(line);
                    lines.sound.push(Line { row, number, bytes: start..lines.text.len() });
                }
                Err(error) => {
                    let at = error.valid_up_to() + 1;
                    let reason = LocalText::new(
                        format!("the row is not UTF-8 from its byte {at} on"),
                        format!("该记录自第 {at} 字节起不是 UTF-8 编码"),
                    );
                    let raw = String::from_utf8_lossy(line).into_owned();
                    let (line, value, fault) = (Some(number), String::new(), RowFault::WrongEncoding);
                    lines.problems.push(RowProblem { row, line, column: None, value, fault, reason, help: None, raw });
                }
            }
        }
        lines
    }

    fn get(&self, line: &Line) -> &str {
        self.text.get(line.bytes.clone()).unwrap_or("")
    }
}

impl Shape {
    fn read(&self, chunk: &Chunk) -> Part {
        let mut lines = Lines::of(chunk);
        let mut problems = std::mem::take(&mut lines.problems);
        let (mut rows, mut grid) = (Rows::default(), Grid::new(self.columns));
        let mut taken: Vec<&Line> = Vec::with_capacity(lines.sound.len());
        for batch in lines.sound.chunks(BATCH) {
            grid.clear();
            for line in batch {
                let json = lines.get(line);
                match self.keys.take(&lines.text, json, &mut grid) {
                    Ok(()) => taken.push(line),
                    Err(fault) => problems.push(RowProblem {
                        row: line.row,
                        line: Some(line.number),
                        column: fault.key,
                        value: String::new(),
                        fault: RowFault::MalformedRow,
                        reason: fault.reason,
                        help: None,
                        raw: json.to_owned(),
                    }),
                }
            }
            let columns = self.plan.used.iter().map(|column| Texts::Cells(grid.column(&lines.text, *column)));
            rows.add(&self.plan, &columns.collect::<Vec<_>>(), grid.rows());
        }
        let mut last = None;
        for cell in &rows.bad {
            if let Some(line) = taken.get(cell.row).filter(|_| last != Some(cell.row)) {
                problems.push(problem(&self.plan, cell, line.row, Some(line.number), lines.get(line).to_owned()));
            }
            last = Some(cell.row);
        }
        problems.sort_by_key(|problem| problem.row);
        let (blocks, noted) = (rows.blocks, rows.noted);
        Part { blocks, rows: lines.rows, lines: count_lines(&chunk.text), bytes: chunk.bytes, bad: problems, noted }
    }
}
