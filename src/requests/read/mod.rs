//! Reads request files into a table: one way in for every format.
//!
//! CSV is split here and JSON by `serde_json`, Parquet is decoded by its crate; `field_reader` decides what a text means. Rows that do not fit
//! the schema are refused or set aside, never guessed.
//! In every format an empty cell is a missing value: there is no empty text.

mod advice;
mod arrow_messages;
mod arrow_stream;
mod arrow_types;
mod aside;
mod cell_fault;
mod chunks;
mod collector;
mod column_notes;
mod convert;
mod csv;
mod delimiter;
mod duplicates;
mod encoding;
mod field_reader;
mod first;
mod given;
mod grid;
mod guard;
pub mod guess;
#[cfg(test)]
#[path = "tests/hostile.rs"]
mod hostile;
mod input;
mod json;
mod json_array;
mod json_line;
mod number;
mod parquet;
mod parquet_batches;
mod parquet_bytes;
mod parquet_pages;
mod pipeline;
mod plan;
mod plan_findings;
mod records;
mod rejects;
mod scalars;
mod scan;
mod stream;
#[cfg(test)]
mod tests;
mod thrift;
mod time;
mod typed_column;
mod unpack;
mod workbook;

pub use arrow_stream::{StreamPart, StreamRead, UnreadRow, read_stream};
pub use aside::{RejectLimit, wrong_most};
pub use duplicates::Repeats;
pub(crate) use field_reader::FieldReader;
pub use first::{FirstRows, first_rows};
pub(crate) use given::{MappedWord, RawValue, WordKey};
pub use guard::is_guarded;
pub use input::{Format, Input, InputFile, TextFormOverrides, encoding_named, format_of, unknown_format};

use std::io;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;

use self::collector::InputSummary;
use super::mapping::Mapping;
use super::problem::{RowProblem, refuse};
use super::table::Table;
use crate::kinds::{BAD_ROWS, EMPTY_FILE};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::model::{FieldIndex, Schema, SetAside};
use countersign_core::progress::Progress;
use countersign_core::storage::{ScratchFactory, ScratchFile};
use countersign_core::text::{Cells, Language, LocalText, counted};

/// What to do with keys that occur more than once; the rows are kept in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Report them as a warning.
    #[default]
    Warn,
    /// Report them as an error: the file is refused.
    Refuse,
    /// Say nothing.
    Accept,
}

pub struct ReadOptions<'a> {
    /// How foreign columns become fields; without one, columns are named `group.field`.
    pub mapping: Option<&'a Mapping>,
    /// Text fields that are looked up in a list: there, as in the key, a number that a spreadsheet rounded is a bad row.
    pub exact: Vec<FieldIndex>,
    /// Where rows that cannot be taken are set aside, as CSV; without one they refuse the file.
    pub rejects: Option<&'a mut dyn io::Write>,
    /// Whether each rejected row is also written unchanged, with its personal values.
    pub raw_rejects: bool,
    /// How many rows are set aside at most: more refuse the file; any number but all when none is given.
    pub most_aside: Option<RejectLimit>,
    /// How texts are written among the rejects.
    pub cells: Cells,
    /// The language of the reasons among the rejects.
    pub language: Language,
    /// What to do with keys that occur more than once.
    pub duplicates: Duplicates,
    /// How many threads convert rows.
    pub threads: NonZeroUsize,
    /// Longer lines refuse the file; bytes, at most 1 GiB.
    pub longest_line: usize,
    /// Only so many of the first rows are read, or fewer where they take more than a megabyte of text; all when none is given.
    pub rows: Option<usize>,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            mapping: None,
            exact: Vec::new(),
            rejects: None,
            raw_rejects: false,
            most_aside: None,
            cells: Cells::Guarded,
            language: Language::En,
            duplicates: Duplicates::Warn,
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            longest_line: 1 << 20,
            rows: None,
        }
    }
}

#[derive(Debug)]
pub struct Reading {
    /// The rows that fit.
    pub table: Table,
    /// The rows that were set aside.
    pub set_aside: Option<SetAside>,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// What is worth knowing: duplicate keys, optional columns the file does not have.
    pub findings: Vec<Finding>,
    /// Words that often mean "no value" and that the mapping does not name.
    pub missing_words: Vec<String>,
}

/// Why a file was not read.
#[derive(Debug)]
pub enum ReadError {
    /// Cancelled by the user.
    Cancelled,
    Refused(Refusal),
}

#[derive(Debug)]
pub struct Refusal {
    /// Every error, the first bad rows among them.
    pub findings: Vec<Finding>,
    /// The first bad rows as data.
    pub problems: Vec<RowProblem>,
    /// The bad rows.
    pub bad: Option<Box<SetAside>>,
}

impl Refusal {
    pub fn bad_rows(&self) -> u64 {
        self.bad.as_ref().map_or(0, |bad| bad.rows)
    }
}

impl From<Finding> for ReadError {
    fn from(finding: Finding) -> Self {
        Self::Refused(Refusal { findings: vec![finding], problems: Vec::new(), bad: None })
    }
}

impl From<Vec<Finding>> for ReadError {
    fn from(findings: Vec<Finding>) -> Self {
        Self::Refused(Refusal { findings, problems: Vec::new(), bad: None })
    }
}

/// How a file becomes several tables, so that none of them fills the memory.
pub struct Parts<'a> {
    /// A table is handed out when it has so many rows, or some thousands more.
    pub rows: usize,
    /// Takes the tables in the file's order, and may end the reading.
    pub each: &'a mut dyn FnMut(Table) -> ControlFlow<()>,
    /// Where hashes of keys are set aside.
    pub scratch: ScratchFactory<'a>,
    /// How many of them are held in memory.
    pub held: usize,
}

impl Reading {
    pub fn rows_set_aside(&self) -> u64 {
        self.set_aside.as_ref().map_or(0, |aside| aside.rows)
    }
}

#[derive(Debug)]
pub struct PartsRead {
    /// The rows that were set aside.
    pub set_aside: Option<SetAside>,
    /// Keys that occur more than once.
    pub repeats: Repeats,
    /// What is worth knowing: duplicate keys, optional columns the file does not have.
    pub findings: Vec<Finding>,
}

/// Reads a file of requests. Progress counts the file's bytes; cancellation is checked every few thousand rows.
///
/// # Errors
/// The file is refused as a whole: it cannot be read, its columns do not fit the schema, or it has bad rows and no place for rejects.
pub fn read(input: &Input, schema: &Arc<Schema>, mut options: ReadOptions<'_>, progress: &Progress) -> Result<Reading, ReadError> {
    let mut whole = None;
    let mut each = |table| {
        whole = Some(table);
        ControlFlow::Continue(())
    };
    let scratch = || Ok(Box::new(Vec::new()) as Box<dyn ScratchFile>);
    let mut parts = Parts { rows: usize::MAX, each: &mut each, scratch: &scratch, held: usize::MAX };
    let has_rejects = options.rejects.is_some();
    let gathered = gather(input, schema, &mut options, &mut parts, progress)?;
    let key = |row| Some(whole.as_ref()?.key(duplicates::table_row(row, &gathered.bad)));
    let findings = judge(input, schema, &gathered, key, (&options, has_rejects))?;
    let table = whole.ok_or(ReadError::Cancelled)?;
    Ok(Reading { table, set_aside: gathered.aside, problems: gathered.problems, findings, missing_words: gathered.missing_words })
}

/// Reads a file of requests part by part: memory holds no more than one part at a time. A bad row that refuses the file may come after
/// parts without faults: the caller discards their results then. See [`read`].
///
/// # Errors
/// As [`read`]; [`ReadError::Cancelled`] also when `parts.each` ends it.
pub fn read_parts(
    input: &Input,
    schema: &Arc<Schema>,
    mut options: ReadOptions<'_>,
    mut parts: Parts<'_>,
    progress: &Progress,
) -> Result<PartsRead, ReadError> {
    let has_rejects = options.rejects.is_some();
    let gathered = gather(input, schema, &mut options, &mut parts, progress)?;
    let findings = judge(input, schema, &gathered, |_| None, (&options, has_rejects))?;
    Ok(PartsRead { set_aside: gathered.aside, repeats: gathered.repeats, findings })
}

fn gather(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut ReadOptions<'_>,
    parts: &mut Parts<'_>,
    progress: &Progress,
) -> Result<InputSummary, ReadError> {
    if let Some(mapping) = options.mapping {
        let findings = mapping.check(schema, None);
        if !findings.is_empty() {
            return Err(findings.into());
        }
    }
    if input.is_empty() {
        let name = &input.name;
        let finding = refuse(EMPTY_FILE, format!("`{name}` is empty"), format!("`{name}` 是空文件"));
        return Err(finding
            .with_help(LocalText::new("a request file has a header or at least one request", "请求文件至少应有表头或一条请求"))
            .into());
    }
    progress.set_total(input.len());
    collector::gather(input, schema, options, parts, progress, |task, gatherer| match input.format {
        Format::Csv => csv::read(task, gatherer),
        Format::JsonLines => json::read(task, gatherer),
        Format::Parquet => parquet::read(task, gatherer),
    })
}

/// Judges what was gathered: bad rows without a place for rejects, or too many of them, and duplicate keys may still refuse the file.
fn judge(
    input: &Input,
    schema: &Schema,
    gathered: &InputSummary,
    key: impl Fn(u64) -> Option<String>,
    (options, has_rejects): (&ReadOptions<'_>, bool),
) -> Result<Vec<Finding>, ReadError> {
    let name = &input.name;
    if let Some(aside) = &gathered.aside {
        let refused = if has_rejects {
            aside::refusal(name, aside, options.most_aside)
        } else {
            Some(bad_rows(name, aside, gathered.problems.len()))
        };
        if let Some(finding) = refused {
            let problems = gathered.problems.clone();
            let mut findings = vec![finding];
            findings.extend(problems.iter().map(|problem| problem.to_finding(name, Severity::Error)));
            findings.extend(gathered.findings.iter().filter(|finding| finding.severity > Severity::Note).cloned());
            return Err(ReadError::Refused(Refusal { findings, problems, bad: Some(Box::new(aside.clone())) }));
        }
    }
    let mut findings = gathered.findings.clone();
    let duplicate = match options.duplicates {
        Duplicates::Accept => None,
        Duplicates::Warn => Some(Severity::Warning),
        Duplicates::Refuse => Some(Severity::Error),
    };
    let field = schema.roles.key.as_str();
    if let Some(finding) =
        duplicate.and_then(|severity| gathered.repeats.report((name, field), key, |row| gathered.row_text(row), severity))
    {
        if finding.severity == Severity::Error {
            return Err(finding.into());
        }
        findings.push(finding);
    }
    Ok(findings)
}

/// Bad rows of a file that is read without a place for rejects; the first `shown` of them are shown.
fn bad_rows(name: &str, aside: &SetAside, shown: usize) -> Finding {
    let message = LocalText::new(
        format!("`{name}` has {}, of which {} shown", counted(aside.rows, "bad row", "bad rows"), counted(shown, "is", "are")),
        format!("`{name}` 中有 {} 条错误记录，此处显示 {shown} 条", aside.rows),
    );
    let help = LocalText::new("correct them, or set them aside with a file for rejects", "请改正这些记录，或指定拒收文件将其剔除");
    aside::with_reasons(Finding::new(BAD_ROWS, None, message).with_help(help), aside)
}
