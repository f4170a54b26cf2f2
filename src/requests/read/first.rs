//! The first rows of a request file as texts, before anything is known of what its columns mean.

use indexmap::{IndexMap, IndexSet};
use serde_json::value::RawValue;

use super::chunks::Chunks;
use super::records::Records;
use super::{Format, Input, ReadError, csv, parquet};
use crate::diagnostic::Finding;

/// Longer lines are no request; bytes.
const LONGEST_LINE: usize = 1 << 20;
/// What may part the cells of a CSV file, the likeliest first.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// The first rows of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstRows {
    /// The columns by name, in the file's order; keys of JSON objects inside a group as `group.key`.
    pub columns: Vec<String>,
    /// The texts of the cells, row by row; empty for a missing one.
    pub rows: Vec<Vec<String>>,
    /// What parts the cells of a CSV file.
    pub delimiter: Option<char>,
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
    let (columns, rows, delimiter) = match input.format {
        Format::Csv => csv_rows(input, delimiter, most)?,
        Format::JsonLines => json_rows(input, most)?,
        Format::Parquet => parquet::first(input, most)?,
    };
    Ok(FirstRows { columns, rows, delimiter })
}

/// Columns, rows, delimiter.
pub(super) type Found = (Vec<String>, Vec<Vec<String>>, Option<char>);

fn refused(error: ReadError) -> Vec<Finding> {
    match error {
        ReadError::Refused(refusal) => refusal.findings,
        ReadError::Cancelled => Vec::new(),
    }
}

fn csv_rows(input: &Input, delimiter: Option<char>, most: usize) -> Result<Found, Vec<Finding>> {
    let delimiter = match delimiter {
        Some(given) => given,
        None => likely_delimiter(input)?,
    };
    let byte = u8::try_from(delimiter).unwrap_or(b',');
    let mut first = Chunks::new(input, LONGEST_LINE, Some(byte)).next().map_err(refused)?.unwrap_or_default();
    let (columns, _) = csv::header(&input.name, &mut first, byte)?;
    let text = &first.text;
    let whole = |record: &super::records::Record| record.closed && record.cells == columns.len();
    let cells = |record: super::records::Record| csv::names(text.get(record.bytes).unwrap_or(&[]), byte);
    let rows = Records::new(text, byte).filter(whole).take(most).map(cells).collect();
    Ok((columns, rows, Some(delimiter)))
}

/// The delimiter that gives the header the most cells.
fn likely_delimiter(input: &Input) -> Result<char, Vec<Finding>> {
    let first = Chunks::new(input, LONGEST_LINE, Some(b',')).next().map_err(refused)?.unwrap_or_default();
    let count = |delimiter: char| {
        let byte = u8::try_from(delimiter).unwrap_or(b',');
        Records::new(&first.text, byte).next().map_or(0, |record| record.cells)
    };
    // Of those that give as many, the first.
    Ok(DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(','))
}

fn json_rows(input: &Input, most: usize) -> Result<Found, Vec<Finding>> {
    let chunk = Chunks::new(input, LONGEST_LINE, None).next().map_err(refused)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&chunk.text);
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
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
    for (key, value) in object {
        match serde_json::from_str::<IndexMap<String, Box<RawValue>>>(value.get()) {
            Ok(group) => row.extend(group.into_iter().map(|(inner, value)| (format!("{key}.{inner}"), json_text(&value)))),
            Err(_) => drop(row.insert(key, json_text(&value))),
        }
    }
    Some(row)
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
        Input { name: name.to_owned(), format: Format::of_file_name(name).unwrap(), bytes: Arc::new(text.as_bytes().to_vec()) }
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
