//! From what a column of a file has to the values of its field; what is no value, and what is worth knowing of the others, is noted.

use std::borrow::Cow;

use super::cell_fault::CellFault;
use super::column_notes::{self, ColumnNotes};
use super::field_reader::{FieldReader, Forms, MAX_TEXT_BYTES, NormalizedValue};
use super::given::RawValue;
use super::scalars::{read_money, read_number, read_whole};
use crate::table::{CellData, Cells, Texts};
use countersign_core::model::FieldType;
use countersign_core::text::LocalText;

/// A cell that is not a value of its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadCell {
    /// The row within the batch.
    pub(super) row: usize,
    /// The field's position in the schema.
    pub(super) field: usize,
    /// The text as the file has it.
    pub(super) text: String,
    pub(super) fault: CellFault,
    /// What would accept it; of the first bad rows of a chunk only.
    pub(super) help: Option<LocalText>,
}

/// What is found in a batch besides its values.
#[derive(Debug, Default)]
pub(super) struct BatchNotes {
    /// Cells that are no values of their fields.
    pub(super) bad: Vec<BadCell>,
    /// What is worth knowing of fields, by their position; only of those that have something.
    pub(super) noted: Vec<(usize, ColumnNotes)>,
}

/// Converts the values of one column; `field` only names it in what is observed.
pub(super) fn convert<'a>(
    rule: &'a FieldReader,
    field: usize,
    given: impl ExactSizeIterator<Item = Option<RawValue<'a>>>,
    observed: &mut BatchNotes,
) -> Cells {
    let mut column = ColumnConverter::new(rule, field, observed);
    let Forms { flags, number, money, clock } = &rule.forms;
    let data = match &rule.kind {
        FieldType::Bool => CellData::Bools(column.fill(given, false, |given, _| flags.read(given))),
        FieldType::Int => CellData::Numbers(column.fill(given, 0, |given, _| read_whole(given, number.as_ref()))),
        FieldType::Money => CellData::Numbers(column.fill(given, 0, |given, noted| {
            let (fen, is_rounded) = read_money(given, money)?;
            if is_rounded {
                noted.rounded.add(&given.to_string());
            }
            Ok(fen)
        })),
        FieldType::Float => CellData::Floats(column.fill(given, 0.0, |given, _| read_number(given, number.as_ref()))),
        FieldType::Enum(codes) => CellData::Codes(column.fill(given, 0, |given, _| codes.read(given))),
        FieldType::Time => CellData::Numbers(column.fill(given, 0, |given, _| clock.read(given))),
        FieldType::Text => CellData::Texts(column.texts(given)),
    };
    Cells { data, present: column.finish() }
}

/// One column on its way to values.
struct ColumnConverter<'a, 'b> {
    rule: &'a FieldReader,
    field: usize,
    present: Vec<bool>,
    noted: ColumnNotes,
    observed: &'b mut BatchNotes,
}

impl<'a, 'b> ColumnConverter<'a, 'b> {
    fn new(rule: &'a FieldReader, field: usize, observed: &'b mut BatchNotes) -> Self {
        Self { rule, field, present: Vec::new(), noted: ColumnNotes::default(), observed }
    }

    /// Hands over what was noted; gives which values are present.
    fn finish(self) -> Vec<bool> {
        if self.noted != ColumnNotes::default() {
            self.observed.noted.push((self.field, self.noted));
        }
        self.present
    }

    fn fill<T: Copy>(
        &mut self,
        given: impl ExactSizeIterator<Item = Option<RawValue<'a>>>,
        nothing: T,
        read: impl Fn(RawValue<'_>, &mut ColumnNotes) -> Result<T, CellFault>,
    ) -> Vec<T> {
        let rows = given.len();
        let mut values = Vec::with_capacity(rows);
        for (row, raw) in given.enumerate() {
            if let Some(given @ RawValue::Text(text)) = raw
                && text.len() > FAR_TOO_LONG
            {
                self.refuse(row, given, CellFault::TooLong);
                values.push(nothing);
                continue;
            }
            let value = match self.rule.meant(raw, &mut self.noted) {
                None => {
                    self.missing(row, rows);
                    nothing
                }
                Some(meant) => read(meant.given(), &mut self.noted).unwrap_or_else(|fault| {
                    if let NormalizedValue::Text { text, .. } = &meant {
                        self.note_missing_word(text);
                    }
                    self.refuse(row, raw.unwrap_or(meant.given()), fault);
                    nothing
                }),
            };
            values.push(value);
        }
        values
    }

    fn texts(&mut self, given: impl ExactSizeIterator<Item = Option<RawValue<'a>>>) -> Texts {
        let rows = given.len();
        let mut values = Texts::default();
        for (row, raw) in given.enumerate() {
            if let Some(given @ RawValue::Text(text)) = raw
                && text.len() > FAR_TOO_LONG
            {
                self.refuse(row, given, CellFault::TooLong);
                values.push("");
                continue;
            }
            let taken = match self.rule.meant(raw, &mut self.noted) {
                None => {
                    self.missing(row, rows);
                    None
                }
                Some(NormalizedValue::Typed(typed)) => self.text(row, Cow::Owned(typed.to_string())),
                Some(NormalizedValue::Text { text, .. }) if text.len() > MAX_TEXT_BYTES => {
                    self.refuse(row, RawValue::Text(&text), CellFault::TooLong);
                    None
                }
                Some(NormalizedValue::Text { text, is_mapped: true }) => Some(text),
                Some(NormalizedValue::Text { text, is_mapped: false }) => self.text(row, text),
            };
            values.push(taken.as_deref().unwrap_or(""));
        }
        values
    }

    /// Takes a text that the mapping does not name, unless digits of it are lost where every digit counts.
    #[inline]
    fn text<'c>(&mut self, row: usize, text: Cow<'c, str>) -> Option<Cow<'c, str>> {
        self.note_missing_word(&text);
        if column_notes::is_shortened(&text) {
            if self.rule.is_exact {
                self.refuse(row, RawValue::Text(&text), CellFault::Shortened);
                return None;
            }
            self.noted.shortened.add(&text);
        }
        Some(text)
    }

    fn note_missing_word(&mut self, text: &str) {
        if column_notes::is_missing_word(text) {
            self.noted.missing(text, 1);
        }
    }

    fn missing(&mut self, row: usize, rows: usize) {
        if !self.rule.optional {
            return self.refuse(row, RawValue::Text(""), CellFault::Missing);
        }
        if self.present.is_empty() {
            self.present = vec![true; rows];
        }
        if let Some(place) = self.present.get_mut(row) {
            *place = false;
        }
    }

    fn refuse(&mut self, row: usize, given: RawValue<'_>, fault: CellFault) {
        // Enough to show; a hostile value is not copied.
        let text = match given {
            RawValue::Text(text) => text.chars().take(LONGEST_QUOTED).collect(),
            other => other.to_string(),
        };
        self.observed.bad.push(BadCell { row, field: self.field, text, fault, help: None });
    }
}

/// Longer texts are not even brought to normal form, which shortens a text to a third at most; bytes.
pub(super) const FAR_TOO_LONG: usize = 4 * MAX_TEXT_BYTES;
/// Longer texts that are bad are cut; characters.
pub(super) const LONGEST_QUOTED: usize = 200;
