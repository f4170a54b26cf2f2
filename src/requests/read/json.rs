//! JSON Lines, or an array of objects: every object has known keys, flat (`a.b`) or nested (`b` in `a`), whose texts the plan converts.
//!
//! A value in quotes is read like one without.

use std::ops::Range;

use super::ReadError;
use super::chunks::{Chunk, Chunks};
use super::collector::{Collector, FileTask};
use super::grid::Grid;
use super::json_line::JsonKeys;
use super::pipeline::{ChunkRows, ChunkWorker, ConvertedChunk, problem};
use super::plan::{FileColumns, ReadPlan, Texts, wanted_columns};
use super::stream::{Stream, TextFacts, encoding_note};
use crate::problem::RowProblem;
use countersign_core::model::RowFault;

/// Rows converted at a time: their texts stay in the processor's cache.
const BATCH: usize = 256;

pub(super) fn read(task: &FileTask<'_, '_>, gatherer: &mut Collector<'_, '_, '_, '_, '_>) -> Result<(), ReadError> {
    let FileTask { input, file, schema, options, .. } = *task;
    let stream = Stream::open(input, file, options.mapping)?;
    let mut chunks = Chunks::new(stream, options.longest_line);
    let about = chunks.about();
    let mut first = chunks.next()?.unwrap_or_default();
    if let Some(rows) = options.rows {
        let ends = first.text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let end = ends.take(rows).last().unwrap_or(first.text.len());
        first.text.truncate(end);
    }
    let is_whole = options.rows.is_none();
    let is_in_folders = |column: &String| file.folders.iter().any(|(name, _)| name == column);
    let columns: Vec<String> =
        wanted_columns(schema, options.mapping).into_iter().filter(|column| !is_in_folders(column)).collect();
    let ignored = options.mapping.map_or(&[][..], |mapping| &mapping.ignore);
    let known = FileColumns { names: &columns, folders: &file.folders };
    let mut plan = ReadPlan::new(&file.name, &known, schema, options)?;
    plan.hashers.clone_from(&task.hashers);
    let noted = plan.noted_columns();
    let shape = JsonShape { keys: JsonKeys::new(&columns, ignored), plan, columns: columns.len(), about: about.clone() };
    let workers: Vec<ChunkWorker<'_, Chunk>> =
        (0..options.threads.get()).map(|_| -> ChunkWorker<'_, Chunk> { Box::new(|chunk| Ok(shape.read(&chunk))) }).collect();
    let mut first = Some(first);
    let mut next = || if first.is_some() || !is_whole { Ok(first.take()) } else { chunks.next() };
    let next = || Ok(next()?.map(Chunk::with_size));
    gatherer.run((0, noted), workers, next)?;
    gatherer.note(encoding_note(&file.name, &about, input.read_as.encoding.is_some()));
    Ok(())
}

/// What every worker knows of the file.
struct JsonShape {
    keys: JsonKeys,
    plan: ReadPlan,
    columns: usize,
    about: TextFacts,
}

#[derive(Clone)]
struct JsonLine {
    row: u64,
    number: u64,
    /// Its place in the text of the lines.
    bytes: Range<usize>,
}

/// The lines of a chunk that are not blank.
#[derive(Default)]
struct JsonLines {
    text: String,
    sound: Vec<JsonLine>,
    /// Lines that are not UTF-8.
    problems: Vec<RowProblem>,
    rows: u64,
}

impl JsonLines {
    fn of(chunk: &Chunk, about: &TextFacts) -> Self {
        let mut lines = Self { text: String::with_capacity(chunk.text.len()), ..Self::default() };
        let mut number = 0;
        for whole in chunk.text.split_inclusive(|byte| *byte == b'\n') {
            let start = number;
            number += about.shape.count_lines(whole);
            let before = whole.len() - whole.trim_ascii_start().len();
            let line = whole.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let number = start + about.shape.count_lines(whole.get(..before).unwrap_or_default());
            let row = lines.rows;
            lines.rows += 1;
            if let Ok(line) = std::str::from_utf8(line) {
                let start = lines.text.len();
                lines.text.push_str(line);
                lines.sound.push(JsonLine { row, number, bytes: start..lines.text.len() });
            } else {
                let reason = about.invalid(line).unwrap_or_default();
                let raw = String::from_utf8_lossy(line).into_owned();
                lines.problems.push(RowProblem {
                    file: None,
                    row,
                    line: Some(number),
                    column: None,
                    value: String::new(),
                    fault: RowFault::WrongEncoding,
                    reason,
                    help: None,
                    raw,
                });
            }
        }
        lines
    }

    fn get(&self, line: &JsonLine) -> &str {
        self.text.get(line.bytes.clone()).unwrap_or("")
    }
}

impl JsonShape {
    fn read(&self, chunk: &Chunk) -> ConvertedChunk {
        let mut lines = JsonLines::of(chunk, &self.about);
        let mut problems = std::mem::take(&mut lines.problems);
        let (mut rows, mut grid) = (ChunkRows::default(), Grid::new(self.columns));
        let mut taken: Vec<&JsonLine> = Vec::with_capacity(lines.sound.len());
        for batch in lines.sound.chunks(BATCH) {
            grid.clear();
            for line in batch {
                let json = lines.get(line);
                match self.keys.take(&lines.text, json, &mut grid, &mut rows.faults) {
                    Ok(()) => taken.push(line),
                    Err(fault) => problems.push(RowProblem {
                        file: None,
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
        let line_ends = self.about.shape.count_lines(&chunk.text);
        ConvertedChunk {
            blocks: rows.blocks,
            rows: lines.rows,
            lines: line_ends,
            bytes: chunk.bytes,
            bad: problems,
            noted: rows.noted,
            faults: rows.faults,
            ..ConvertedChunk::default()
        }
    }
}
