//! Where the records of a CSV text begin and end, by the same grammar as the Arrow reader's: a quote opens a quoted cell only at a cell's
//! start, two quotes inside one are a quote, and a line feed or carriage return outside ends the record. Blank lines are no records.

use std::ops::Range;

use super::chunks::count_lines;
use super::scan::{Form, Scan};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CsvRecord {
    /// Its bytes, the line break not among them.
    pub(super) bytes: Range<usize>,
    pub(super) cells: usize,
    /// Whether every quoted cell is closed; only the last record of a text may be open.
    pub(super) closed: bool,
    /// Whether a line break ends it.
    pub(super) ended: bool,
    /// How many line feeds precede it.
    pub(super) line: u64,
}

/// The records of a text in order.
pub(super) struct CsvRecords<'a> {
    text: &'a [u8],
    scan: Scan<'a>,
    delimiter: u8,
    at: usize,
    /// How many line feeds precede the byte `counted`.
    line: u64,
    counted: usize,
}

impl<'a> CsvRecords<'a> {
    pub(super) fn new(text: &'a [u8], delimiter: u8) -> Self {
        Self { text, scan: Scan::new(text, delimiter, 0), delimiter, at: 0, line: 0, counted: 0 }
    }

    fn part(&self, bytes: Range<usize>) -> &'a [u8] {
        self.text.get(bytes).unwrap_or(&[])
    }
}

impl Iterator for CsvRecords<'_> {
    type Item = CsvRecord;

    fn next(&mut self) -> Option<CsvRecord> {
        let blank = self.part(self.at..self.text.len()).iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let start = self.at + blank.count();
        if start >= self.text.len() {
            return None;
        }
        self.line += count_lines(self.part(self.counted..start));
        self.counted = start;
        let (mut at, mut cells) = (start, 1);
        let cell = loop {
            let cell = self.scan.cell(at);
            if self.text.get(cell.end) != Some(&self.delimiter) {
                break cell;
            }
            cells += 1;
            at = cell.end + 1;
        };
        self.at = cell.end + 1;
        let (closed, ended) = (cell.form != Form::Open, cell.end < self.text.len());
        Some(CsvRecord { bytes: start..cell.end, cells, closed, ended, line: self.line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(&str, usize, bool, u64)> {
        CsvRecords::new(text.as_bytes(), b',')
            .map(|record| (&text[record.bytes], record.cells, record.closed, record.line))
            .collect()
    }

    #[test]
    fn records_end_where_the_reader_ends_them() {
        assert_eq!(records(""), []);
        assert_eq!(records("\r\n\n"), []);
        assert_eq!(records("a,b\r\n\r\nc"), [("a,b", 2, true, 0), ("c", 1, true, 2)]);
        assert_eq!(records("\"x\ny\",2\nz"), [("\"x\ny\",2", 2, true, 0), ("z", 1, true, 2)]);
        assert_eq!(records("\"a\"\"b\",\n"), [("\"a\"\"b\",", 2, true, 0)]);
        assert_eq!(records("5\" disk,x\ny"), [("5\" disk,x", 2, true, 0), ("y", 1, true, 1)]);
        assert_eq!(records("\"a\"b\"\nc"), [("\"a\"b\"", 1, true, 0), ("c", 1, true, 1)]);
        assert_eq!(records("a,\"b\nc"), [("a,\"b\nc", 2, false, 0)]);
    }
}
