//! The cells of a batch of rows as places in their text: nothing is copied before it is a value.

use super::scan::{Form, Scan, unquote};

/// The byte range of a cell's text: in the text that was read, or behind its end among the unquoted texts.
type CellPlace = (u32, u32);

/// Stands where no text was set.
const UNSET: CellPlace = (u32::MAX, u32::MAX);

/// Cells row by row, every row of the same width.
#[derive(Debug)]
pub(super) struct Grid {
    columns: usize,
    places: Vec<CellPlace>,
    /// Texts that had to be unquoted, back to back.
    made: String,
}

#[derive(Clone, Copy)]
pub(super) struct GridColumn<'a> {
    text: &'a str,
    made: &'a str,
    /// From this column's first cell on.
    places: &'a [CellPlace],
    columns: usize,
}

/// A record that has another number of cells, or a quote that is not closed.
#[derive(Debug)]
pub(super) struct MalformedRecord;

impl Grid {
    pub(super) fn new(columns: usize) -> Self {
        Self { columns: columns.max(1), places: Vec::new(), made: String::new() }
    }

    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.made.clear();
    }

    pub(super) fn rows(&self) -> usize {
        self.places.len() / self.columns
    }

    /// Holds up to `most` CSV records from byte `at` on; gives where the next begins.
    pub(super) fn fill(&mut self, text: &str, delimiter: u8, at: usize, most: usize) -> Result<usize, MalformedRecord> {
        self.clear();
        let bytes = text.as_bytes();
        let mut scan = Scan::new(bytes, delimiter, at);
        let (mut start, mut row) = (at, 0);
        while start < bytes.len() {
            let cell = scan.cell(start);
            let ends_record = bytes.get(cell.end) != Some(&delimiter);
            let is_blank_line = ends_record && cell.end == start && self.places.len() == row;
            if !is_blank_line {
                let place = self.place(text, start, cell.end, cell.form)?;
                self.places.push(place);
                if ends_record {
                    if self.places.len() - row != self.columns {
                        return Err(MalformedRecord);
                    }
                    row = self.places.len();
                    if self.rows() == most {
                        return Ok(cell.end + 1);
                    }
                }
            }
            start = cell.end + 1;
        }
        // A delimiter at the very end leaves a record without its last cell.
        if self.places.len() == row { Ok(start) } else { Err(MalformedRecord) }
    }

    #[inline]
    fn place(&mut self, text: &str, start: usize, end: usize, form: Form) -> Result<CellPlace, MalformedRecord> {
        match form {
            Form::Plain => Ok(place(start, end)),
            Form::Quoted => Ok(place(start + 1, end - 1)),
            Form::Escaped => {
                let from = self.made.len();
                unquote(text.get(start..end).unwrap_or(""), &mut self.made);
                Ok(place(text.len() + from, text.len() + self.made.len()))
            }
            Form::Open => Err(MalformedRecord),
        }
    }

    /// Appends a row in which nothing has a text yet.
    pub(super) fn add_row(&mut self) {
        self.places.resize(self.places.len() + self.columns, UNSET);
    }

    /// Takes the last row off again.
    pub(super) fn drop_row(&mut self) {
        self.places.truncate(self.places.len().saturating_sub(self.columns));
    }

    /// Whether a cell of the last row has not been set yet.
    pub(super) fn is_unset(&self, column: usize) -> bool {
        let row = self.places.len().saturating_sub(self.columns);
        self.places.get(row + column).is_some_and(|place| *place == UNSET)
    }

    /// Sets a cell of the last row to a part of `text`.
    pub(super) fn set(&mut self, column: usize, start: usize, end: usize) {
        let row = self.places.len().saturating_sub(self.columns);
        if let Some(cell) = self.places.get_mut(row + column) {
            *cell = place(start, end);
        }
    }

    /// Sets a cell of the last row to a text that `text` does not hold.
    pub(super) fn set_made(&mut self, column: usize, text: &str, made: &str) {
        let from = text.len() + self.made.len();
        self.made.push_str(made);
        self.set(column, from, from + made.len());
    }

    /// A column of the current rows, which are of `text`.
    pub(super) fn column<'a>(&'a self, text: &'a str, column: usize) -> GridColumn<'a> {
        let places = self.places.get(column..).unwrap_or(&[]);
        GridColumn { text, made: &self.made, places, columns: self.columns }
    }
}

/// Chunks are far smaller than what 32 bits count.
fn place(start: usize, end: usize) -> CellPlace {
    let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    (short(start), short(end))
}

impl<'a> GridColumn<'a> {
    /// The texts of all rows; an empty one is none.
    #[inline]
    pub(super) fn iter(self) -> impl ExactSizeIterator<Item = Option<&'a str>> {
        self.places.iter().step_by(self.columns).map(move |place| Some(self.text_at(*place)))
    }

    /// The text of one row.
    pub(super) fn get(self, row: usize) -> Option<&'a str> {
        self.places.get(row * self.columns).map(|place| self.text_at(*place))
    }

    #[inline]
    fn text_at(self, (start, end): CellPlace) -> &'a str {
        let (start, end) = (start as usize, end as usize);
        let found = if start < self.text.len() {
            self.text.get(start..end)
        } else {
            self.made.get(start - self.text.len()..end.saturating_sub(self.text.len()))
        };
        found.unwrap_or("")
    }
}
