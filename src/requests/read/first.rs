//! The first rows of a request file as texts, before anything is known of what its columns mean.

use indexmap::{IndexMap, IndexSet};
use serde_json::value::RawValue;

use super::chunks::Chunks;
use super::delimiter::likely;
use super::records::CsvRecords;
use super::stream::{Stream, TextFacts};
use super::{Format, Input, ReadError, csv, parquet};
use countersign_core::diagnostic::Finding;

/// Longer lines are no request; bytes.
const LONGEST_LINE: usize = 1 << 20;
/// Objects inside objects are unfolded so far.
const DEEPEST: usize = 8;

/// The first rows of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstRows {
    /// The columns by name, in the file's order; keys of JSON objects inside a group as `group.key`.
    pub columns: Vec<String>,
    /// The texts of the cells, row by row; empty for a missing one.
    pub rows: Vec<Vec<String>>,
    /// What separates the cells of a CSV file.
    pub delimiter: Option<char>,
    /// The encoding of a text file, once its content shows one.
    pub encoding: Option<String>,
    /// The sheets of a workbook, the one that was read first.
    pub sheets: Vec<String>,
}

impl FirstRows {
    /// The cells of a column, empty ones too.
    pub fn column(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.get(at).map_or("", String::as_str))
    }
}

/// Reads at most `most` rows; a CSV file by `delimiter`, or by the one its header suggests. Rows that are damaged are passed over.
///
/// # Errors
/// The file cannot be read, or is not of its format.
pub fn first_rows(input: &Input, delimiter: Option<char>, most: usize) -> Result<FirstRows, Vec<Finding>> {
    let (mut encoding, mut sheets) = (None, Vec::new());
    let mut note = |about: &TextFacts| {
        encoding = (!about.is_sheet).then(|| about.encoding().to_owned());
        sheets.clone_from(&about.sheets);
    };
    let (columns, rows, delimiter) = match input.format {
        Format::Csv => csv_rows(input, delimiter, most, &mut note)?,
        Format::JsonLines => json_rows(input, most, &mut note)?,
        Format::Parquet => parquet::first(input, most)?,
    };
    let mut first = FirstRows { columns, rows, delimiter, encoding, sheets };
    for (name, value) in input.files.first().map_or(&[][..], |file| &file.folders) {
        if !first.columns.contains(name) {
            first.columns.push(name.clone());
            first.rows.iter_mut().for_each(|row| row.push(value.clone().unwrap_or_default()));
        }
    }
    Ok(first)
}

/// Columns, rows, delimiter.
pub(super) type RawRows = (Vec<String>, Vec<Vec<String>>, Option<char>);

fn refused(error: ReadError) -> Vec<Finding> {
    match error {
        ReadError::Refused(refusal) => refusal.findings,
        ReadError::Cancelled => Vec::new(),
    }
}

/// The first file of an input as text, and its notes.
fn text(input: &Input) -> Result<Chunks, Vec<Finding>> {
    let Some(first) = input.files.first() else { return Err(Vec::new()) };
    Ok(Chunks::new(Stream::open(input, first, None)?, LONGEST_LINE))
}

fn csv_rows(
    input: &Input,
    delimiter: Option<char>,
    most: usize,
    note: &mut dyn FnMut(&TextFacts),
) -> Result<RawRows, Vec<Finding>> {
    let mut chunks = text(input)?;
    let about = chunks.about();
    let byte = match delimiter.or(input.read_as.delimiter).and_then(|given| u8::try_from(given).ok()) {
        Some(given) => given,
        None if about.is_sheet => b',',
        None => likely(&input.name, chunks.start()?, &[]).byte,
    };
    chunks.separate(byte);
    let mut first = chunks.next().map_err(refused)?.unwrap_or_default();
    note(&about);
    let (columns, _) = csv::header(&input.name, &mut first, byte, &about)?;
    let text = &first.text;
    let whole = |record: &super::records::CsvRecord| record.closed && record.cells == columns.len();
    let cells = |record: super::records::CsvRecord| csv::names(text.get(record.bytes).unwrap_or(&[]), byte);
    let rows: Vec<Vec<String>> = CsvRecords::new(text, byte).filter(whole).take(most).map(cells).collect();
    let (columns, rows) = named(columns, rows);
    Ok((columns, rows, Some(char::from(byte)).filter(|_| !about.is_sheet)))
}

/// Without the columns that have neither a name nor a value.
fn named(columns: Vec<String>, rows: Vec<Vec<String>>) -> (Vec<String>, Vec<Vec<String>>) {
    let is_empty = |at: usize| rows.iter().all(|row| row.get(at).is_none_or(String::is_empty));
    let keep: Vec<bool> = columns.iter().enumerate().map(|(at, column)| !column.trim().is_empty() || !is_empty(at)).collect();
    let kept = |cells: Vec<String>| cells.into_iter().zip(&keep).filter(|(_, keep)| **keep).map(|(cell, _)| cell).collect();
    (kept(columns), rows.into_iter().map(kept).collect())
}

fn json_rows(input: &Input, most: usize, note: &mut dyn FnMut(&TextFacts)) -> Result<RawRows, Vec<Finding>> {
    let mut chunks = text(input)?;
    let chunk = chunks.next().map_err(refused)?.unwrap_or_default();
    note(&chunks.about());
    let text = String::from_utf8_lossy(&chunk.text);
    let lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
    let rows: Vec<IndexMap<String, String>> = lines.filter_map(json_row).take(most).collect();
    let columns: IndexSet<&String> = rows.iter().flat_map(IndexMap::keys).collect();
    let cells = |row: &IndexMap<String, String>| {
        columns.iter().map(|column| row.get(column.as_str()).cloned().unwrap_or_default()).collect()
    };
    let rows_of_cells = rows.iter().map(cells).collect();
    Ok((columns.iter().map(|column| (*column).clone()).collect(), rows_of_cells, None))
}

/// One object, its groups unfolded.
fn json_row(line: &str) -> Option<IndexMap<String, String>> {
    let object: IndexMap<String, Box<RawValue>> = serde_json::from_str(line).ok()?;
    let mut row = IndexMap::new();
    unfold("", object, DEEPEST, &mut row);
    Some(row)
}

fn unfold(prefix: &str, object: IndexMap<String, Box<RawValue>>, depth: usize, row: &mut IndexMap<String, String>) {
    for (key, value) in object {
        let name = format!("{prefix}{key}");
        match serde_json::from_str::<IndexMap<String, Box<RawValue>>>(value.get()) {
            Ok(group) if depth > 0 => unfold(&format!("{name}."), group, depth - 1, row),
            _ => drop(row.insert(name, json_text(&value))),
        }
    }
}

/// A value without quotes; a number keeps the digits it was written with.
fn json_text(value: &RawValue) -> String {
    match value.get() {
        "null" => String::new(),
        text if text.starts_with('"') => serde_json::from_str(text).unwrap_or_default(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn input(name: &str, text: &str) -> Input {
        Input::new(name, Format::of_file_name(name).unwrap(), Arc::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn rows_come_as_texts_whatever_the_format() {
        let rows = first_rows(&input("a.csv", "id;\"a b\"\n1;\"x;\"\"y\"\n2\n3;\n"), None, 9).unwrap();
        assert_eq!((rows.delimiter, rows.columns.as_slice()), (Some(';'), &["id".to_owned(), "a b".to_owned()][..]));
        assert_eq!(rows.rows, [["1", "x;\"y"], ["3", ""]], "a row with too few cells is passed over");
        let json = "{\"a\":{\"b\":1.50,\"c\":\"x\"},\"d\":null}\nnot json\n{\"d\":true}\n";
        let rows = first_rows(&input("a.jsonl", json), None, 9).unwrap();
        assert_eq!(rows.columns, ["a.b", "a.c", "d"]);
        assert_eq!(rows.rows, [["1.50", "x", ""], ["", "", "true"]]);
        assert_eq!(rows.column(0).collect::<Vec<_>>(), ["1.50", ""]);
        assert!(first_rows(&input("a.csv", "\n\n"), None, 9).is_err());
        assert!(first_rows(&input("a.parquet", "PAR1"), None, 9).is_err());
    }
}
