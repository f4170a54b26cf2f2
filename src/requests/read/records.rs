//! Where the records of a CSV text begin and end, by the same grammar as the Arrow reader's: a quote opens a quoted cell only at a cell's
//! start, two quotes inside one are a quote, and a line feed or carriage return outside ends the record. Blank lines are no records.

use std::ops::Range;

/// One record of a CSV text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its bytes, the line break not among them.
    pub(super) bytes: Range<usize>,
    /// How many cells it has.
    pub(super) cells: usize,
    /// Whether every quoted cell is closed; only the last record of a text may be open.
    pub(super) closed: bool,
    /// Whether a line break ends it.
    pub(super) ended: bool,
    /// How many line feeds stand before it.
    pub(super) line: u64,
}

/// The records of a text in order.
pub(super) struct Records<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
    delimiter: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// A quote inside a quoted cell: its end, or the first of two.
    QuoteInQuoted,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a [u8], delimiter: u8) -> Self {
        Self { text, at: 0, line: 0, delimiter }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or(&[])
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let blank = self.rest().iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
        let (mut skipped, mut feeds) = (0, 0);
        for byte in blank {
            skipped += 1;
            feeds += u64::from(*byte == b'\n');
        }
        self.at += skipped;
        self.line += feeds;
        let (start, line) = (self.at, self.line);
        let (mut state, mut cells) = (State::CellStart, 1);
        for byte in self.rest() {
            self.at += 1;
            self.line += u64::from(*byte == b'\n');
            state = match (state, *byte) {
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::Quoted, _) | (State::CellStart | State::QuoteInQuoted, b'"') => State::Quoted,
                (_, b'\n' | b'\r') => {
                    return Some(Record { bytes: start..self.at - 1, cells, closed: true, ended: true, line });
                }
                (_, byte) if byte == self.delimiter => {
                    cells += 1;
                    State::CellStart
                }
                _ => State::Plain,
            };
        }
        let closed = state != State::Quoted;
        (self.at > start).then_some(Record { bytes: start..self.at, cells, closed, ended: false, line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(&str, usize, bool, u64)> {
        Records::new(text.as_bytes(), b',').map(|record| (&text[record.bytes], record.cells, record.closed, record.line)).collect()
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
