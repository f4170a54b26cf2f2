//! From the texts of a column to its values; what is no value, and what is worth knowing of the others, is noted.

use std::borrow::Cow;

use super::noted::{self, Noted};
use super::rule::{Fault, Given, Kind, LONGEST_TEXT, Rule, read_bool, read_float, read_int, read_money, read_time};
use crate::requests::table::{CellData, Cells, Texts};

/// A cell that is not a value of its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadCell {
    /// The row within the batch.
    pub(super) row: usize,
    /// The field's position in the schema.
    pub(super) field: usize,
    /// The text as the file has it.
    pub(super) text: String,
    pub(super) fault: Fault,
}

/// What is found in a batch besides its values.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Cells that are no values of their fields.
    pub(super) bad: Vec<BadCell>,
    /// What is worth knowing of fields, by their position; only of those that have something.
    pub(super) noted: Vec<(usize, Noted)>,
}

/// Converts the texts of one column; `field` only names it in what is observed.
pub(super) fn convert<'a>(
    rule: &'a Rule,
    field: usize,
    texts: impl ExactSizeIterator<Item = Option<&'a str>>,
    observed: &mut Observed,
) -> Cells {
    let mut column = Column::new(rule, field, observed);
    let data = match &rule.kind {
        Kind::Bool { yes, no } => CellData::Bools(column.fill(texts, false, |text| read_bool(text, yes, no))),
        Kind::Int => CellData::Numbers(column.fill(texts, 0, read_int)),
        Kind::Money(unit) => CellData::Numbers(column.fill(texts, 0, |text| read_money(text, *unit))),
        Kind::Float => CellData::Floats(column.fill(texts, 0.0, read_float)),
        Kind::Enum(codes) => CellData::Codes(column.fill(texts, 0, |text| codes.find(text))),
        Kind::Time { format, zone } => CellData::Numbers(column.fill(texts, 0, |text| read_time(text, format.as_ref(), *zone))),
        Kind::Text => CellData::Texts(column.texts(texts)),
    };
    Cells { data, present: column.finish() }
}

/// One column on its way from texts to values.
struct Column<'a, 'b> {
    rule: &'a Rule,
    field: usize,
    present: Vec<bool>,
    noted: Noted,
    observed: &'b mut Observed,
}

impl<'a, 'b> Column<'a, 'b> {
    fn new(rule: &'a Rule, field: usize, observed: &'b mut Observed) -> Self {
        Self { rule, field, present: Vec::new(), noted: Noted::default(), observed }
    }

    /// Hands over what was noted; gives which values are present.
    fn finish(self) -> Vec<bool> {
        if self.noted != Noted::default() {
            self.observed.noted.push((self.field, self.noted));
        }
        self.present
    }

    fn fill<T: Copy>(
        &mut self,
        texts: impl ExactSizeIterator<Item = Option<&'a str>>,
        nothing: T,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Vec<T> {
        let rows = texts.len();
        let mut values = Vec::with_capacity(rows);
        for (row, raw) in texts.enumerate() {
            let value = match self.rule.text(raw, &mut self.noted) {
                None => {
                    self.missing(row, rows);
                    nothing
                }
                Some(Given { text, .. }) => read(&text).unwrap_or_else(|fault| {
                    self.note_missing_word(&text);
                    self.refuse(row, raw.unwrap_or(&text), fault);
                    nothing
                }),
            };
            values.push(value);
        }
        values
    }

    fn texts(&mut self, texts: impl ExactSizeIterator<Item = Option<&'a str>>) -> Texts {
        let rows = texts.len();
        let mut values = Texts::default();
        for (row, raw) in texts.enumerate() {
            let taken = match self.rule.text(raw, &mut self.noted) {
                None => {
                    self.missing(row, rows);
                    None
                }
                Some(Given { text, .. }) if text.len() > LONGEST_TEXT => {
                    self.refuse(row, &text, Fault::TooLong);
                    None
                }
                Some(given) => self.text(row, given),
            };
            values.push(taken.as_deref().unwrap_or(""));
        }
        values
    }

    /// Takes a text, unless it is one of which digits are lost where every digit counts.
    #[inline]
    fn text(&mut self, row: usize, given: Given<'a>) -> Option<Cow<'a, str>> {
        if !given.is_mapped {
            self.note_missing_word(&given.text);
            if noted::is_shortened(&given.text) {
                if self.rule.is_exact {
                    self.refuse(row, &given.text, Fault::Shortened);
                    return None;
                }
                self.noted.shortened.add(&given.text);
            }
        }
        Some(given.text)
    }

    fn note_missing_word(&mut self, text: &str) {
        if noted::is_missing_word(text) {
            self.noted.missing(text, 1);
        }
    }

    fn missing(&mut self, row: usize, rows: usize) {
        if !self.rule.optional {
            return self.refuse(row, "", Fault::Missing);
        }
        if self.present.is_empty() {
            self.present = vec![true; rows];
        }
        if let Some(place) = self.present.get_mut(row) {
            *place = false;
        }
    }

    fn refuse(&mut self, row: usize, text: &str, fault: Fault) {
        // Enough to show; a hostile value is not copied.
        let text = text.chars().take(200).collect();
        self.observed.bad.push(BadCell { row, field: self.field, text, fault });
    }
}

/// Reads typed values of one column; `show` gives a bad one as text. Gives the values and which are present, as [`Cells`] hold them.
pub(super) fn fill<V, T: Copy>(
    rule: &Rule,
    field: usize,
    values: impl ExactSizeIterator<Item = Option<V>>,
    nothing: T,
    read: impl Fn(V) -> Result<T, Fault>,
    show: impl Fn(usize) -> String,
    observed: &mut Observed,
) -> (Vec<T>, Vec<bool>) {
    let mut column = Column::new(rule, field, observed);
    let rows = values.len();
    let mut taken = Vec::with_capacity(rows);
    for (row, value) in values.enumerate() {
        let value = value.map(&read);
        taken.push(match value {
            Some(Ok(value)) => value,
            Some(Err(fault)) => {
                column.refuse(row, &show(row), fault);
                nothing
            }
            None => {
                column.missing(row, rows);
                nothing
            }
        });
    }
    (taken, column.finish())
}
