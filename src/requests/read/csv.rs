//! CSV by arrow-csv: chunks of whole records go to its decoder as text columns, which the plan converts.
//!
//! arrow-csv stops at the first malformed record and does not say where; a chunk it refuses is looked through record by record, the bad ones
//! are noted and the rest is decoded again. A chunk must be UTF-8 before arrow-csv sees it: it checks cells only all together.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch, StringArray};
use arrow_csv::ReaderBuilder;
use arrow_csv::reader::{Decoder, Format};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema};

use super::chunks::{Chunk, Chunks, count_lines};
use super::convert::BadCell;
use super::pipeline::{Block, Gathered, Gatherer, Part, Worker, problem, run};
use super::plan::{Plan, Texts};
use super::records::{Record, Records};
use super::{Input, Options, ReadError};
use crate::diagnostic::Finding;
use crate::model::Schema;
use crate::progress::Progress;
use crate::requests::problem::{RowProblem, refuse};
use crate::text::LocalText;

/// Rows decoded at a time: their texts stay in the processor's cache.
const BATCH: usize = 1_024;

/// Reads a CSV file.
pub(super) fn read(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut Options<'_>,
    progress: &Progress,
) -> Result<Gathered, ReadError> {
    let delimiter = delimiter(input, options);
    let mut chunks = Chunks::new(input, options.longest_line, Some(delimiter));
    let mut first = chunks.next()?.unwrap_or_default();
    let (columns, header_lines) = header(&input.name, &mut first, delimiter)?;
    let mut plan = Plan::new(&input.name, &columns, schema, options.mapping)?;
    let findings = std::mem::take(&mut plan.findings);
    let shape = Shape { plan, delimiter, columns: columns.len() };
    let workers: Vec<Worker<'_, Chunk>> = (0..options.threads.get())
        .map(|_| -> Worker<'_, Chunk> {
            let mut reader = ChunkReader::new(&shape);
            Box::new(move |chunk| reader.read(&chunk))
        })
        .collect();
    let mut first = Some(first);
    let mut gatherer = Gatherer::new(schema, options, progress, header_lines);
    let next = || if first.is_some() { Ok(first.take()) } else { chunks.next() };
    run(workers, next, |part| gatherer.add(part), progress)?;
    gatherer.finish(input, findings)
}

/// The mapping's delimiter; else a tab in a file named `.tsv` and a comma in every other.
fn delimiter(input: &Input, options: &Options<'_>) -> u8 {
    let mapped = options.mapping.and_then(|mapping| mapping.delimiter).and_then(|c| u8::try_from(c).ok());
    mapped.unwrap_or(if input.name.to_ascii_lowercase().ends_with(".tsv") { b'\t' } else { b',' })
}

/// Takes the header off the first chunk: the columns' names and how many lines it took.
fn header(name: &str, chunk: &mut Chunk, delimiter: u8) -> Result<(Vec<String>, u64), Vec<Finding>> {
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
    let (names, _) = Format::default()
        .with_header(true)
        .with_delimiter(delimiter)
        .infer_schema(line, Some(0))
        .map_err(|error| vec![damaged(name, &error)])?;
    let names = names.fields().iter().map(|field| field.name().clone()).collect();
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

fn damaged(name: &str, error: &ArrowError) -> Finding {
    refuse("damaged-file", format!("`{name}` cannot be read: {error}"), format!("无法读取 `{name}`：{error}"))
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
    decoder: Option<Decoder>,
}

/// What a chunk's rows became so far.
#[derive(Default)]
struct Rows {
    blocks: Vec<Block>,
    count: usize,
    /// Rows counted from the chunk's first.
    bad: Vec<BadCell>,
}

impl<'a> ChunkReader<'a> {
    fn new(shape: &'a Shape) -> Self {
        Self { shape, decoder: None }
    }

    fn read(&mut self, chunk: &Chunk) -> Result<Part, Vec<Finding>> {
        let text = &chunk.text;
        let (lines, bytes) = (count_lines(text), chunk.bytes);
        if !chunk.open && std::str::from_utf8(text).is_ok() {
            match self.decode(text) {
                Ok(rows) => {
                    let bad = self.locate(text, &rows);
                    return Ok(Part { rows: rows.count as u64, lines, bytes, bad, blocks: rows.blocks });
                }
                Err(_) => self.decoder = None,
            }
        }
        self.read_carefully(text).map(|part| Part { lines, bytes, ..part })
    }

    /// Decodes and converts whole records; fails on the first malformed one.
    fn decode(&mut self, mut text: &[u8]) -> Result<Rows, ArrowError> {
        let shape = self.shape;
        let decoder = match &mut self.decoder {
            Some(decoder) => decoder,
            none => none.insert(shape.decoder()?),
        };
        let mut rows = Rows::default();
        loop {
            let taken = if text.is_empty() { 0 } else { decoder.decode(text)? };
            text = text.get(taken..).unwrap_or(&[]);
            if decoder.capacity() == 0 || taken == 0 {
                match decoder.flush()? {
                    Some(batch) => rows.add(&shape.plan, &batch),
                    None if taken == 0 => return Ok(rows),
                    None => {}
                }
            }
        }
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
                Some((value, reason)) => {
                    let (row, line) = (count, Some(record.line));
                    problems.push(RowProblem { row, line, column: None, value, reason, raw: raw(text, &record) });
                }
            }
            count += 1;
        }
        let rows = self.decode(&good).map_err(|error| {
            self.decoder = None;
            vec![damaged("CSV", &error)]
        })?;
        if rows.count != sound.len() {
            return Err(vec![refuse(
                "damaged-file",
                "the records of the file cannot be told apart".to_owned(),
                "无法区分文件中的记录".to_owned(),
            )]);
        }
        let mut last = None;
        for cell in &rows.bad {
            if let Some((row, record)) = sound.get(cell.row).filter(|_| last != Some(cell.row)) {
                problems.push(problem(&self.shape.plan, cell, *row, Some(record.line), raw(text, record)));
            }
            last = Some(cell.row);
        }
        problems.sort_by_key(|problem| problem.row);
        Ok(Part { rows: count, bad: problems, blocks: rows.blocks, ..Part::default() })
    }

    /// What is wrong with the form of a record, if anything: value and reason.
    fn malformed(&self, record: &Record, bytes: &[u8]) -> Option<(String, LocalText)> {
        if let Err(error) = std::str::from_utf8(bytes) {
            let at = error.valid_up_to() + 1;
            let reason = LocalText::new(
                format!("the row is not UTF-8 from its byte {at} on"),
                format!("该记录自第 {at} 字节起不是 UTF-8 编码"),
            );
            return Some((String::new(), reason));
        }
        if !record.closed {
            return Some((String::new(), LocalText::new("a quote is opened and never closed", "引号未闭合")));
        }
        let (cells, wanted) = (record.cells, self.shape.columns);
        (cells != wanted).then(|| {
            let reason = LocalText::new(
                format!("the row has {cells} cells, the header {wanted}"),
                format!("该记录有 {cells} 个单元格，表头有 {wanted} 个"),
            );
            (String::new(), reason)
        })
    }
}

impl Shape {
    /// A decoder that has seen a header, so that no later byte order mark is mistaken for one at the file's start.
    fn decoder(&self) -> Result<Decoder, ArrowError> {
        let fields: Vec<Field> = (0..self.columns).map(|at| Field::new(at.to_string(), DataType::Utf8, true)).collect();
        let builder = ReaderBuilder::new(Arc::new(ArrowSchema::new(fields)));
        let builder = builder.with_delimiter(self.delimiter).with_batch_size(BATCH).with_header(true);
        let mut decoder = builder.with_projection(self.plan.used.clone()).build_decoder();
        let mut header: Vec<u8> = vec![b'x'];
        for _ in 1..self.columns {
            header.extend([self.delimiter, b'x']);
        }
        header.push(b'\n');
        decoder.decode(&header)?;
        Ok(decoder)
    }
}

impl Rows {
    fn add(&mut self, plan: &Plan, batch: &RecordBatch) {
        let texts = |column: &Arc<dyn Array>| column.as_any().downcast_ref::<StringArray>().cloned();
        let columns: Vec<StringArray> = batch.columns().iter().filter_map(texts).collect();
        let columns: Vec<Texts<'_>> = columns.iter().map(Texts::Plain).collect();
        let mut bad = Vec::new();
        let rows = batch.num_rows();
        let cells = plan.convert(&columns, rows, &mut bad);
        bad.sort_by_key(|cell| (cell.row, cell.field));
        self.blocks.push(plan.block(cells, rows, &bad));
        self.bad.extend(bad.into_iter().map(|cell| BadCell { row: cell.row + self.count, ..cell }));
        self.count += rows;
    }
}

fn raw(text: &[u8], record: &Record) -> String {
    String::from_utf8_lossy(text.get(record.bytes.clone()).unwrap_or(&[])).into_owned()
}
