//! JSON Lines by arrow-json: every key as text, flat (`a.b`) or nested (`b` in `a`), which the plan converts.
//!
//! Numbers keep the digits they were written with, so that `5000.10` is exact. A value in quotes is read like one without.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch, StringArray, StructArray};
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema as ArrowSchema};

use super::chunks::{Chunk, Chunks, count_lines};
use super::convert::BadCell;
use super::json_line::Keys;
use super::pipeline::{Block, Gathered, Gatherer, Part, Worker, problem, run};
use super::plan::{Plan, Texts, wanted};
use super::{Input, Options, ReadError};
use crate::diagnostic::Finding;
use crate::model::Schema;
use crate::progress::Progress;
use crate::requests::problem::{RowProblem, refuse};
use crate::text::LocalText;

/// Rows decoded at a time.
const BATCH: usize = 1_024;

/// Reads a JSON Lines file.
pub(super) fn read(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut Options<'_>,
    progress: &Progress,
) -> Result<Gathered, ReadError> {
    let mut chunks = Chunks::new(input, options.longest_line, None);
    let mut first = chunks.next()?.unwrap_or_default();
    if first.text.starts_with(&[0xef, 0xbb, 0xbf]) {
        first.text.drain(..3);
    }
    let columns = wanted(schema, options.mapping);
    let ignored = options.mapping.map_or(&[][..], |mapping| &mapping.ignore);
    let plan = Plan::new(&input.name, &columns, schema, options.mapping)?;
    let shape = Shape { keys: Keys::new(&columns, ignored), plan, columns };
    let workers: Vec<Worker<'_, Chunk>> =
        (0..options.threads.get()).map(|_| -> Worker<'_, Chunk> { Box::new(|chunk| shape.read(&chunk)) }).collect();
    let mut first = Some(first);
    let mut gatherer = Gatherer::new(schema, options, progress, 0);
    let next = || if first.is_some() { Ok(first.take()) } else { chunks.next() };
    run(workers, next, |part| gatherer.add(part), progress)?;
    gatherer.finish(input, Vec::new())
}

/// What every worker knows of the file.
struct Shape {
    keys: Keys,
    plan: Plan,
    columns: Vec<String>,
}

/// A line with a request.
#[derive(Clone, Copy)]
struct Line<'a> {
    row: u64,
    number: u64,
    text: &'a [u8],
}

impl Line<'_> {
    fn problem(&self, column: Option<String>, reason: LocalText) -> RowProblem {
        let raw = String::from_utf8_lossy(self.text).into_owned();
        RowProblem { row: self.row, line: Some(self.number), column, value: String::new(), reason, raw }
    }
}

impl Shape {
    fn read(&self, chunk: &Chunk) -> Result<Part, Vec<Finding>> {
        let lines = (0..).zip(chunk.text.split(|byte| *byte == b'\n')).map(|(line, text)| (line, text.trim_ascii()));
        let lines: Vec<Line<'_>> =
            (0..).zip(lines.filter(|(_, text)| !text.is_empty())).map(|(row, (number, text))| Line { row, number, text }).collect();
        let (mut sound, mut problems) = (Vec::with_capacity(lines.len()), Vec::new());
        for line in &lines {
            match self.judge(line.text) {
                Ok(()) => sound.push(*line),
                Err((key, reason)) => problems.push(line.problem(key, reason)),
            }
        }
        let rows = match self.decode(&sound) {
            Ok(rows) => rows,
            Err(_) => self.decode_each(&mut sound, &mut problems)?,
        };
        let mut last = None;
        for cell in &rows.bad {
            if let Some(line) = sound.get(cell.row).filter(|_| last != Some(cell.row)) {
                let raw = String::from_utf8_lossy(line.text).into_owned();
                problems.push(problem(&self.plan, cell, line.row, Some(line.number), raw));
            }
            last = Some(cell.row);
        }
        problems.sort_by_key(|problem| problem.row);
        let (rows_read, feeds) = (lines.len() as u64, count_lines(&chunk.text));
        Ok(Part { blocks: rows.blocks, rows: rows_read, lines: feeds, bytes: chunk.bytes, bad: problems })
    }

    fn judge(&self, text: &[u8]) -> Result<(), (Option<String>, LocalText)> {
        if let Err(error) = std::str::from_utf8(text) {
            let at = error.valid_up_to() + 1;
            let reason = LocalText::new(
                format!("the row is not UTF-8 from its byte {at} on"),
                format!("该记录自第 {at} 字节起不是 UTF-8 编码"),
            );
            return Err((None, reason));
        }
        self.keys.judge(text).map_err(|fault| (fault.key, fault.reason))
    }

    fn decode(&self, lines: &[Line<'_>]) -> Result<Rows, ArrowError> {
        let mut decoder = self.decoder()?;
        let mut rows = Rows::default();
        for batch in lines.chunks(BATCH) {
            for line in batch {
                decode_whole(&mut decoder, line.text)?;
            }
            if let Some(decoded) = decoder.flush()? {
                if decoded.num_rows() != batch.len() {
                    return Err(ArrowError::JsonError("rows and lines differ".to_owned()));
                }
                rows.add(self, &decoded);
            }
        }
        Ok(rows)
    }

    /// For lines that passed judgement and that arrow-json refuses all the same: finds them one by one.
    fn decode_each(&self, sound: &mut Vec<Line<'_>>, problems: &mut Vec<RowProblem>) -> Result<Rows, Vec<Finding>> {
        sound.retain(|line| match self.decode(std::slice::from_ref(line)) {
            Ok(_) => true,
            Err(error) => {
                problems.push(line.problem(None, LocalText::new(format!("cannot be read: {error}"), format!("无法读取：{error}"))));
                false
            }
        });
        self.decode(sound).map_err(|error| {
            vec![refuse("damaged-file", format!("the file cannot be read: {error}"), format!("无法读取文件：{error}"))]
        })
    }

    /// Reads the wanted keys, each at the top (first) and inside its group (after those).
    fn decoder(&self) -> Result<Decoder, ArrowError> {
        let text = |name: &str| Field::new(name, DataType::Utf8, true);
        let mut fields: Vec<Field> = self.columns.iter().map(|name| text(name)).collect();
        for (group, members) in self.groups() {
            let members: Fields = members.iter().map(|(_, field)| text(field)).collect();
            fields.push(Field::new(group, DataType::Struct(members), true));
        }
        let builder = ReaderBuilder::new(Arc::new(ArrowSchema::new(fields)));
        builder.with_batch_size(BATCH).with_coerce_primitive(true).build_decoder()
    }

    /// The groups in order of first mention, with the position and inner name of each of their columns.
    fn groups(&self) -> Vec<(&str, Vec<(usize, &str)>)> {
        let mut groups: Vec<(&str, Vec<(usize, &str)>)> = Vec::new();
        for (position, name) in self.columns.iter().enumerate() {
            let Some((group, field)) = name.split_once('.').filter(|(group, _)| self.keys.is_group(group)) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.push((position, field)),
                None => groups.push((group, vec![(position, field)])),
            }
        }
        groups
    }
}

fn decode_whole(decoder: &mut Decoder, mut text: &[u8]) -> Result<(), ArrowError> {
    while !text.is_empty() {
        let taken = decoder.decode(text)?;
        if taken == 0 {
            return Err(ArrowError::JsonError("more than one value".to_owned()));
        }
        text = text.get(taken..).unwrap_or(&[]);
    }
    Ok(())
}

/// What the lines of a chunk became so far.
#[derive(Default)]
struct Rows {
    blocks: Vec<Block>,
    count: usize,
    bad: Vec<BadCell>,
}

impl Rows {
    fn add(&mut self, shape: &Shape, batch: &RecordBatch) {
        let text = |column: &Arc<dyn Array>| column.as_any().downcast_ref::<StringArray>().cloned();
        let (flat, structs) = batch.columns().split_at_checked(shape.columns.len()).unwrap_or((batch.columns(), &[]));
        let flat: Vec<StringArray> = flat.iter().filter_map(text).collect();
        let mut nested: Vec<Option<StringArray>> = vec![None; flat.len()];
        for ((_, members), group) in shape.groups().iter().zip(structs) {
            let Some(group) = group.as_any().downcast_ref::<StructArray>() else { continue };
            for ((position, _), column) in members.iter().zip(group.columns()) {
                if let Some(place) = nested.get_mut(*position) {
                    *place = text(column).filter(|column| column.null_count() < column.len());
                }
            }
        }
        let both = flat.iter().zip(&nested).map(|(flat, nested)| match nested {
            Some(nested) => Texts::Both(flat, nested),
            None => Texts::Plain(flat),
        });
        let columns: Vec<Texts<'_>> = both.collect();
        let (mut bad, rows) = (Vec::new(), batch.num_rows());
        let cells = shape.plan.convert(&columns, rows, &mut bad);
        bad.sort_by_key(|cell| (cell.row, cell.field));
        self.blocks.push(shape.plan.block(cells, rows, &bad));
        self.bad.extend(bad.into_iter().map(|cell| BadCell { row: cell.row + self.count, ..cell }));
        self.count += rows;
    }
}
