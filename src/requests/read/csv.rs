//! CSV: chunks of whole records become grids of cells, which the plan converts.
//!
//! A chunk that is not UTF-8 or has a malformed record is looked through record by record, the bad ones are noted and the rest is read
//! again.

use super::ReadError;
use super::chunks::{Chunk, Chunks, count_lines};
use super::collector::{Collector, FileTask};
use super::delimiter;
use super::grid::{Grid, MalformedRecord};
use super::pipeline::{ChunkRows, ChunkWorker, ConvertedChunk, problem};
use super::plan::{FieldSourcePlan, FileColumns, ReadPlan, Texts, wanted_columns};
use super::records::{CsvRecord, CsvRecords};
use super::scan::{Form, Scan, unquote};
use super::stream::{Stream, TextFacts, encoding_note};
use super::workbook::{BROKEN, UNCOMPUTED};
use crate::kinds::{BAD_HEADER, DAMAGED_FILE, EMPTY_FILE, NOT_UTF8};
use crate::problem::{RowProblem, refuse};
use countersign_core::diagnostic::Finding;
use countersign_core::model::RowFault;
use countersign_core::text::LocalText;

/// Rows converted at a time: their texts stay in the processor's cache.
const BATCH: usize = 256;

pub(super) fn read(task: &FileTask<'_, '_>, gatherer: &mut Collector<'_, '_, '_, '_, '_>) -> Result<(), ReadError> {
    let FileTask { input, file, schema, options, .. } = *task;
    let mut stream = Stream::open(input, file, options.mapping)?;
    let mut notes = std::mem::take(&mut stream.notes);
    let mut chunks = Chunks::new(stream, options.longest_line);
    let about = chunks.about();
    let wanted = wanted_columns(schema, options.mapping);
    let found = delimiter::of(task, chunks.start()?, &about, &wanted);
    notes.extend(found.note(&file.name));
    chunks.separate(found.byte);
    let mut first = chunks.next()?.unwrap_or_default();
    let (columns, header_lines) = header(&file.name, &mut first, found.byte, &about)?;
    if let Some(rows) = options.rows {
        let end = CsvRecords::new(&first.text, found.byte).nth(rows).map(|record| record.bytes.start);
        first.text.truncate(end.unwrap_or(first.text.len()));
    }
    let is_whole = options.rows.is_none();
    let known = FileColumns { names: &columns, folders: &file.folders };
    let mut plan =
        ReadPlan::new(&file.name, &known, schema, options).map_err(|errors| found.explain(&file.name, &columns, errors))?;
    notes.append(&mut plan.findings);
    gatherer.note(notes);
    plan.hashers.clone_from(&task.hashers);
    let of_columns = plan.noted_columns();
    let shape = CsvShape { plan, delimiter: found.byte, columns: columns.len(), about: about.clone() };
    let workers: Vec<ChunkWorker<'_, Chunk>> = (0..options.threads.get())
        .map(|_| -> ChunkWorker<'_, Chunk> {
            let mut reader = ChunkReader::new(&shape);
            Box::new(move |chunk| reader.read(&chunk))
        })
        .collect();
    let mut first = Some(first);
    let mut next = || if first.is_some() || !is_whole { Ok(first.take()) } else { chunks.next() };
    let next = || Ok(next()?.map(Chunk::with_size));
    gatherer.run((header_lines, of_columns), workers, next)?;
    gatherer.note(encoding_note(&file.name, &about, input.read_as.encoding.is_some()));
    Ok(())
}

/// Takes the header off the first chunk: the columns' names and how many lines it took.
pub(super) fn header(name: &str, chunk: &mut Chunk, delimiter: u8, about: &TextFacts) -> Result<(Vec<String>, u64), Vec<Finding>> {
    let text = &mut chunk.text;
    if text.iter().take(100).any(|byte| *byte == 0) {
        return Err(vec![no_text(name)]);
    }
    if text.starts_with(&[0xef, 0xbb, 0xbf]) {
        text.drain(..3);
    }
    let Some(record) = CsvRecords::new(text, delimiter).next() else {
        return Err(vec![refuse(EMPTY_FILE, format!("`{name}` has only blank lines"), format!("`{name}` 只有空行"))]);
    };
    let line = text.get(record.bytes.clone()).unwrap_or(&[]);
    if let Some(reason) = about.invalid(line) {
        return Err(vec![broken_header(name, line, &reason, about)]);
    }
    if !record.closed {
        let finding = refuse(
            DAMAGED_FILE,
            format!("`{name}`, the header: a quote is opened and never closed"),
            format!("`{name}` 表头：引号未闭合"),
        );
        return Err(vec![finding.with_help(LocalText::new(
            "close the quote, or double it where it belongs to a name",
            "请闭合引号；若引号属于列名，请写成两个引号",
        ))]);
    }
    let mut names = names(line, delimiter);
    if about.is_sheet {
        for name in &mut names {
            *name = name.replace('\r', "\n");
        }
    }
    let end = (record.bytes.end + 1).min(text.len());
    let rest = text.split_off(end);
    let lines = count_lines(text);
    *text = rest;
    Ok((names, lines))
}

fn no_text(name: &str) -> Finding {
    refuse(NOT_UTF8, format!("`{name}` is no text: it has zero bytes"), format!("`{name}` 不是文本：含有零字节")).with_help(
        LocalText::new(
            "is it the right file? If it is text, `--encoding` names its encoding",
            "是否选错了文件？若为文本，可用 `--encoding` 指定其编码",
        ),
    )
}

fn broken_header(name: &str, line: &[u8], reason: &LocalText, about: &TextFacts) -> Finding {
    if about.is_sheet {
        let error = String::from_utf8_lossy(line.rsplit(|byte| *byte == BROKEN).next().unwrap_or_default()).into_owned();
        let error = error.split(',').next().unwrap_or_default();
        return refuse(
            BAD_HEADER,
            format!("`{name}`: a cell of the header has the error `{error}`"),
            format!("`{name}`：表头中有错误值 `{error}`"),
        )
        .with_help(LocalText::new("correct the name of the column", "请更正列名"));
    }
    refuse(NOT_UTF8, format!("`{name}`, the header: {}", reason.en), format!("`{name}` 表头：{}", reason.zh))
        .with_help(LocalText::new("name its encoding, or save the file as UTF-8", "请指定其编码，或将文件另存为 UTF-8"))
}

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
struct CsvShape {
    plan: ReadPlan,
    delimiter: u8,
    columns: usize,
    about: TextFacts,
}

/// The column at fault and its value, where there are, what kind of fault it is, and why.
type Malformation = (Option<String>, String, RowFault, LocalText);

/// Reads chunks one after the other.
struct ChunkReader<'a> {
    shape: &'a CsvShape,
    grid: Grid,
}

impl<'a> ChunkReader<'a> {
    fn new(shape: &'a CsvShape) -> Self {
        Self { shape, grid: Grid::new(shape.columns) }
    }

    fn read(&mut self, chunk: &Chunk) -> Result<ConvertedChunk, Vec<Finding>> {
        let text = &chunk.text;
        let (lines, bytes) = (count_lines(text), chunk.bytes);
        if let Ok(text) = std::str::from_utf8(text)
            && !chunk.open
            && let Ok(rows) = self.convert(text)
        {
            let bad = self.locate(text.as_bytes(), &rows);
            return Ok(ConvertedChunk {
                rows: rows.count as u64,
                lines,
                bytes,
                bad,
                blocks: rows.blocks,
                noted: rows.noted,
                faults: rows.faults,
                ..ConvertedChunk::default()
            });
        }
        self.read_carefully(text).map(|part| ConvertedChunk { lines, bytes, ..part })
    }

    /// Converts whole records; fails on the first malformed one.
    fn convert(&mut self, text: &str) -> Result<ChunkRows, MalformedRecord> {
        let plan = &self.shape.plan;
        let (mut rows, mut at) = (ChunkRows::default(), 0);
        while at < text.len() {
            at = self.grid.fill(text, self.shape.delimiter, at, BATCH)?;
            let columns: Vec<Texts<'_>> = plan.used.iter().map(|column| Texts::Cells(self.grid.column(text, *column))).collect();
            rows.add(plan, &columns, self.grid.rows());
            for (column, fault) in &plan.empty {
                if self.grid.column(text, *column).iter().any(|cell| cell.is_some_and(|cell| !cell.is_empty())) {
                    rows.faults.insert(fault.clone());
                }
            }
        }
        Ok(rows)
    }

    /// The bad cells with their lines and raw texts, the first of every row.
    fn locate(&self, text: &[u8], rows: &ChunkRows) -> Vec<RowProblem> {
        let mut bad = rows.bad.iter().peekable();
        if bad.peek().is_none() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for (row, record) in CsvRecords::new(text, self.shape.delimiter).enumerate() {
            let Some(cell) = bad.next_if(|cell| cell.row == row) else { continue };
            while bad.next_if(|cell| cell.row == row).is_some() {}
            problems.push(problem(&self.shape.plan, cell, row as u64, Some(record.line), raw(text, &record)));
        }
        problems
    }

    /// Looks at every record, notes the malformed ones, and decodes the rest.
    fn read_carefully(&mut self, text: &[u8]) -> Result<ConvertedChunk, Vec<Finding>> {
        let mut good = Vec::with_capacity(text.len());
        let (mut sound, mut problems, mut count) = (Vec::new(), Vec::new(), 0);
        for record in CsvRecords::new(text, self.shape.delimiter) {
            let bytes = text.get(record.bytes.clone()).unwrap_or(&[]);
            match self.malformed(&record, bytes) {
                None => {
                    good.extend(bytes.iter().copied().filter(|byte| *byte != BROKEN));
                    good.push(b'\n');
                    sound.push((count, record));
                }
                Some((column, value, fault, reason)) => {
                    let (row, line, raw) = (count, Some(record.line), raw(text, &record));
                    problems.push(RowProblem { file: None, row, line, column, value, fault, reason, help: None, raw });
                }
            }
            count += 1;
        }
        let good = String::from_utf8(good).map_err(|_| vec![apart()])?;
        let rows = self.convert(&good).map_err(|MalformedRecord| vec![apart()])?;
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
        Ok(ConvertedChunk {
            rows: count,
            bad: problems,
            blocks: rows.blocks,
            noted: rows.noted,
            faults: rows.faults,
            ..ConvertedChunk::default()
        })
    }

    /// What is wrong with the form of a record, if anything.
    fn malformed(&self, record: &CsvRecord, bytes: &[u8]) -> Option<Malformation> {
        if self.shape.about.is_sheet && bytes.contains(&BROKEN) {
            return self.broken_cell(bytes);
        }
        if let Some(reason) = self.shape.about.invalid(bytes) {
            return Some((None, String::new(), RowFault::WrongEncoding, reason));
        }
        if !record.closed {
            return Some((
                None,
                String::new(),
                RowFault::MalformedRow,
                LocalText::new("a quote is opened and never closed", "引号未闭合"),
            ));
        }
        let (cells, wanted) = (record.cells, self.shape.columns);
        (cells != wanted).then(|| {
            let reason = LocalText::new(
                format!("the row has {cells} cells, the header {wanted}"),
                format!("该记录有 {cells} 个单元格，表头有 {wanted} 个"),
            );
            (None, String::new(), RowFault::MalformedRow, reason)
        })
    }

    /// The first cell of a sheet's row that has an error for a value and feeds a field.
    fn broken_cell(&self, row: &[u8]) -> Option<Malformation> {
        let (mut scan, mut start) = (Scan::new(row, self.shape.delimiter, 0), 0);
        for at in 0..self.shape.columns {
            let cell = scan.cell(start);
            let bytes = row.get(start..cell.end).unwrap_or_default();
            if bytes.first() == Some(&BROKEN)
                && let Some(used) = self.shape.plan.used.iter().position(|used| *used == at)
            {
                let fed = |field: &&FieldSourcePlan| field.place.columns().contains(&used);
                let column = self.shape.plan.fields.iter().find(fed).map(|field| field.label.clone());
                let value = String::from_utf8_lossy(bytes.get(1..).unwrap_or_default()).into_owned();
                let reason = if value == UNCOMPUTED {
                    LocalText::new(
                        "is a formula whose value was never computed; open the workbook in Excel and save it",
                        "是尚未计算的公式；请用 Excel 打开该工作簿并保存",
                    )
                } else {
                    LocalText::new("is an error of the sheet, not a value", "是工作表中的错误值")
                };
                return Some((column, value, RowFault::WrongValue, reason));
            }
            start = cell.end + 1;
        }
        None
    }
}

fn apart() -> Finding {
    refuse(DAMAGED_FILE, "the records of the file cannot be told apart".to_owned(), "无法区分文件中的记录".to_owned())
}

fn raw(text: &[u8], record: &CsvRecord) -> String {
    String::from_utf8_lossy(text.get(record.bytes.clone()).unwrap_or(&[])).into_owned()
}
