//! CSV: chunks of whole records become grids of cells, which the plan converts.
//!
//! A chunk that is not UTF-8 or has a malformed record is looked through record by record, the bad ones are noted and the rest is read
//! again.

use std::sync::Arc;

use super::chunks::{Chunk, Chunks, count_lines};
use super::grid::{Grid, Malformed};
use super::pipeline::{Gathered, Part, Rows, Task, Worker, gather, problem};
use super::plan::{Plan, Texts};
use super::records::{Record, Records};
use super::scan::{Form, Scan, unquote};
use super::{Input, Options, Parts, ReadError};
use crate::diagnostic::Finding;
use crate::model::{RowFault, Schema};
use crate::progress::Progress;
use crate::requests::problem::{RowProblem, refuse};
use crate::text::LocalText;

/// Rows converted at a time: their texts stay in the processor's cache.
const BATCH: usize = 256;

/// Reads a CSV file.
pub(super) fn read(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut Options<'_>,
    parts: &mut Parts<'_>,
    progress: &Progress,
) -> Result<Gathered, ReadError> {
    let delimiter = delimiter(input, options);
    let mut chunks = Chunks::new(input, options.longest_line, Some(delimiter));
    let mut first = chunks.next()?.unwrap_or_default();
    let (columns, header_lines) = header(&input.name, &mut first, delimiter)?;
    if let Some(rows) = options.rows {
        let end = Records::new(&first.text, delimiter).nth(rows).map(|record| record.bytes.start);
        first.text.truncate(end.unwrap_or(first.text.len()));
    }
    let is_whole = options.rows.is_none();
    let mut plan = Plan::new(&input.name, &columns, schema, options)?;
    let findings = std::mem::take(&mut plan.findings);
    let noted = plan.noted_columns();
    let shape = Shape { plan, delimiter, columns: columns.len() };
    let workers: Vec<Worker<'_, Chunk>> = (0..options.threads.get())
        .map(|_| -> Worker<'_, Chunk> {
            let mut reader = ChunkReader::new(&shape);
            Box::new(move |chunk| reader.read(&chunk))
        })
        .collect();
    let mut first = Some(first);
    let next = || if first.is_some() || !is_whole { Ok(first.take()) } else { chunks.next() };
    gather(Task { input, schema, options, parts, progress, header_lines, findings, columns: noted }, workers, next)
}

/// The mapping's delimiter; else a tab in a file named `.tsv` and a comma in every other.
fn delimiter(input: &Input, options: &Options<'_>) -> u8 {
    let mapped = options.mapping.and_then(|mapping| mapping.delimiter).and_then(|c| u8::try_from(c).ok());
    mapped.unwrap_or(if input.name.to_ascii_lowercase().ends_with(".tsv") { b'\t' } else { b',' })
}

/// Takes the header off the first chunk: the columns' names and how many lines it took.
pub(super) fn header(name: &str, chunk: &mut Chunk, delimiter: u8) -> Result<(Vec<String>, u64), Vec<Finding>> {
    let text = &mut chunk.text;
    if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) || text.iter().take(100).any(|byte| *byte == 0) {
        return Err(vec![not_utf8(name, "line 1", "第 1 行")]);
    }
    if text.starts_with(&[0xef, 0xbb, 0xbf]) {
        text.drain(..3);
    }
    let Some(record) = Records::new(text, delimiter).next() else {
        return Err(vec![refuse("empty-file", format!("`{name}` has only blank lines"), format!("`{name}` 只有空行"))]);
    };
    let line = text.get(record.bytes.clone()).unwrap_or(&[]);
    if std::str::from_utf8(line).is_err() {
        return Err(vec![not_utf8(name, "the header", "表头")]);
    }
    if !record.closed {
        let finding = refuse(
            "damaged-file",
            format!("`{name}`, the header: a quote is opened and never closed"),
            format!("`{name}` 表头：引号未闭合"),
        );
        return Err(vec![finding.with_help(LocalText::new(
            "close the quote, or double it where it belongs to a name",
            "请闭合引号；若引号属于列名，请写成两个引号",
        ))]);
    }
    let names = names(line, delimiter);
    let end = (record.bytes.end + 1).min(text.len());
    let rest = text.split_off(end);
    let lines = count_lines(text);
    *text = rest;
    Ok((names, lines))
}

fn not_utf8(name: &str, en: &str, zh: &str) -> Finding {
    refuse("not-utf8", format!("`{name}`, {en}: the text is not UTF-8"), format!("`{name}` {zh}：文本不是 UTF-8 编码"))
        .with_help(LocalText::new("save the file as UTF-8", "请将文件另存为 UTF-8 编码"))
}

/// The cells of a header.
pub(super) fn names(line: &[u8], delimiter: u8) -> Vec<String> {
    let (mut scan, mut start, mut names) = (Scan::new(line, delimiter, 0), 0, Vec::new());
    loop {
        let cell = scan.cell(start);
        let text = String::from_utf8_lossy(line.get(start..cell.end).unwrap_or(&[]));
        let mut name = String::new();
        if cell.form == Form::Plain {
            name.push_str(&text);
        } else {
            unquote(&text, &mut name);
        }
        names.push(name);
        start = cell.end + 1;
        if cell.end >= line.len() {
            return names;
        }
    }
}

/// What every worker knows of the file.
struct Shape {
    plan: Plan,
    delimiter: u8,
    /// How many columns the file has.
    columns: usize,
}

/// Reads chunks one after the other.
struct ChunkReader<'a> {
    shape: &'a Shape,
    grid: Grid,
}

impl<'a> ChunkReader<'a> {
    fn new(shape: &'a Shape) -> Self {
        Self { shape, grid: Grid::new(shape.columns) }
    }

    fn read(&mut self, chunk: &Chunk) -> Result<Part, Vec<Finding>> {
        let text = &chunk.text;
        let (lines, bytes) = (count_lines(text), chunk.bytes);
        if let Ok(text) = std::str::from_utf8(text)
            && !chunk.open
            && let Ok(rows) = self.convert(text)
        {
            let bad = self.locate(text.as_bytes(), &rows);
            return Ok(Part { rows: rows.count as u64, lines, bytes, bad, blocks: rows.blocks, noted: rows.noted });
        }
        self.read_carefully(text).map(|part| Part { lines, bytes, ..part })
    }

    /// Converts whole records; fails on the first malformed one.
    fn convert(&mut self, text: &str) -> Result<Rows, Malformed> {
        let plan = &self.shape.plan;
        let (mut rows, mut at) = (Rows::default(), 0);
        while at < text.len() {
            at = self.grid.fill(text, self.shape.delimiter, at, BATCH)?;
            let columns: Vec<Texts<'_>> = plan.used.iter().map(|column| Texts::Cells(self.grid.column(text, *column))).collect();
            rows.add(plan, &columns, self.grid.rows());
        }
        Ok(rows)
    }

    /// The bad cells with their lines and raw texts, the first of every row.
    fn locate(&self, text: &[u8], rows: &Rows) -> Vec<RowProblem> {
        let mut bad = rows.bad.iter().peekable();
        if bad.peek().is_none() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for (row, record) in Records::new(text, self.shape.delimiter).enumerate() {
            let Some(cell) = bad.next_if(|cell| cell.row == row) else { continue };
            while bad.next_if(|cell| cell.row == row).is_some() {}
            problems.push(problem(&self.shape.plan, cell, row as u64, Some(record.line), raw(text, &record)));
        }
        problems
    }

    /// Looks at every record, notes the malformed ones, and decodes the rest.
    fn read_carefully(&mut self, text: &[u8]) -> Result<Part, Vec<Finding>> {
        let mut good = Vec::with_capacity(text.len());
        let (mut sound, mut problems, mut count) = (Vec::new(), Vec::new(), 0);
        for record in Records::new(text, self.shape.delimiter) {
            let bytes = text.get(record.bytes.clone()).unwrap_or(&[]);
            match self.malformed(&record, bytes) {
                None => {
                    good.extend_from_slice(bytes);
                    good.push(b'\n');
                    sound.push((count, record));
                }
                Some((fault, reason)) => {
                    let (row, line, value) = (count, Some(record.line), String::new());
                    problems.push(RowProblem {
                        row,
                        line,
                        column: None,
                        value,
                        fault,
                        reason,
                        help: None,
                        raw: raw(text, &record),
                    });
                }
            }
            count += 1;
        }
        let good = String::from_utf8(good).map_err(|_| vec![apart()])?;
        let rows = self.convert(&good).map_err(|Malformed| vec![apart()])?;
        if rows.count != sound.len() {
            return Err(vec![apart()]);
        }
        let mut last = None;
        for cell in &rows.bad {
            if let Some((row, record)) = sound.get(cell.row).filter(|_| last != Some(cell.row)) {
                problems.push(problem(&self.shape.plan, cell, *row, Some(record.line), raw(text, record)));
            }
            last = Some(cell.row);
        }
        problems.sort_by_key(|problem| problem.row);
        Ok(Part { rows: count, bad: problems, blocks: rows.blocks, noted: rows.noted, ..Part::default() })
    }

    /// What is wrong with the form of a record, if anything.
    fn malformed(&self, record: &Record, bytes: &[u8]) -> Option<(RowFault, LocalText)> {
        if let Err(error) = std::str::from_utf8(bytes) {
            let at = error.valid_up_to() + 1;
            let reason = LocalText::new(
                format!("the row is not UTF-8 from its byte {at} on"),
                format!("该记录自第 {at} 字节起不是 UTF-8 编码"),
            );
            return Some((RowFault::WrongEncoding, reason));
        }
        if !record.closed {
            return Some((RowFault::MalformedRow, LocalText::new("a quote is opened and never closed", "引号未闭合")));
        }
        let (cells, wanted) = (record.cells, self.shape.columns);
        (cells != wanted).then(|| {
            let reason = LocalText::new(
                format!("the row has {cells} cells, the header {wanted}"),
                format!("该记录有 {cells} 个单元格，表头有 {wanted} 个"),
            );
            (RowFault::MalformedRow, reason)
        })
    }
}

fn apart() -> Finding {
    refuse("damaged-file", "the records of the file cannot be told apart".to_owned(), "无法区分文件中的记录".to_owned())
}

fn raw(text: &[u8], record: &Record) -> String {
    String::from_utf8_lossy(text.get(record.bytes.clone()).unwrap_or(&[])).into_owned()
}
