//! From what a column of a file has to the values of its field; what is no value, and what is worth knowing of the others, is noted.

use std::borrow::Cow;

use super::given::Given;
use super::noted::{self, Noted};
use super::rule::{Fault, Kind, LONGEST_TEXT, Meant, Rule, read_money, read_number, read_whole};
use crate::table::{CellData, Cells, Texts};
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
    pub(super) fault: Fault,
    /// What would accept it; of the first bad rows of a chunk only.
    pub(super) help: Option<LocalText>,
}

/// What is found in a batch besides its values.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Cells that are no values of their fields.
    pub(super) bad: Vec<BadCell>,
    /// What is worth knowing of fields, by their position; only of those that have something.
    pub(super) noted: Vec<(usize, Noted)>,
}

/// Converts the values of one column; `field` only names it in what is observed.
pub(super) fn convert<'a>(
    rule: &'a Rule,
    field: usize,
    given: impl ExactSizeIterator<Item = Option<Given<'a>>>,
    observed: &mut Observed,
) -> Cells {
    let mut column = Column::new(rule, field, observed);
    let data = match &rule.kind {
        Kind::Bool(flags) => CellData::Bools(column.fill(given, false, |given, _| flags.read(given))),
        Kind::Int(form) => CellData::Numbers(column.fill(given, 0, |given, _| read_whole(given, form.as_ref()))),
        Kind::Money(unit) => CellData::Numbers(column.fill(given, 0, |given, noted| {
            let (fen, is_rounded) = read_money(given, unit)?;
            if is_rounded {
                noted.rounded.add(&given.to_string());
            }
            Ok(fen)
        })),
        Kind::Float(form) => CellData::Floats(column.fill(given, 0.0, |given, _| read_number(given, form.as_ref()))),
        Kind::Enum(codes) => CellData::Codes(column.fill(given, 0, |given, _| codes.read(given))),
        Kind::Time(clock) => CellData::Numbers(column.fill(given, 0, |given, _| clock.read(given))),
        Kind::Text => CellData::Texts(column.texts(given)),
    };
    Cells { data, present: column.finish() }
}

/// One column on its way to values.
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
        given: impl ExactSizeIterator<Item = Option<Given<'a>>>,
        nothing: T,
        read: impl Fn(Given<'_>, &mut Noted) -> Result<T, Fault>,
    ) -> Vec<T> {
        let rows = given.len();
        let mut values = Vec::with_capacity(rows);
        for (row, raw) in given.enumerate() {
            if let Some(given @ Given::Text(text)) = raw
                && text.len() > FAR_TOO_LONG
            {
                self.refuse(row, given, Fault::TooLong);
                values.push(nothing);
                continue;
            }
            let value = match self.rule.meant(raw, &mut self.noted) {
                None => {
                    self.missing(row, rows);
                    nothing
                }
                Some(meant) => read(meant.given(), &mut self.noted).unwrap_or_else(|fault| {
                    if let Meant::Text { text, .. } = &meant {
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

    fn texts(&mut self, given: impl ExactSizeIterator<Item = Option<Given<'a>>>) -> Texts {
        let rows = given.len();
        let mut values = Texts::default();
        for (row, raw) in given.enumerate() {
            if let Some(given @ Given::Text(text)) = raw
                && text.len() > FAR_TOO_LONG
            {
                self.refuse(row, given, Fault::TooLong);
                values.push("");
                continue;
            }
            let taken = match self.rule.meant(raw, &mut self.noted) {
                None => {
                    self.missing(row, rows);
                    None
                }
                Some(Meant::Typed(typed)) => self.text(row, Cow::Owned(typed.to_string())),
                Some(Meant::Text { text, .. }) if text.len() > LONGEST_TEXT => {
                    self.refuse(row, Given::Text(&text), Fault::TooLong);
                    None
                }
                Some(Meant::Text { text, is_mapped: true }) => Some(text),
                Some(Meant::Text { text, is_mapped: false }) => self.text(row, text),
            };
            values.push(taken.as_deref().unwrap_or(""));
        }
        values
    }

    /// Takes a text that the mapping does not name, unless digits of it are lost where every digit counts.
    #[inline]
    fn text<'c>(&mut self, row: usize, text: Cow<'c, str>) -> Option<Cow<'c, str>> {
        self.note_missing_word(&text);
        if noted::is_shortened(&text) {
            if self.rule.is_exact {
                self.refuse(row, Given::Text(&text), Fault::Shortened);
                return None;
            }
            self.noted.shortened.add(&text);
        }
        Some(text)
    }

    fn note_missing_word(&mut self, text: &str) {
        if noted::is_missing_word(text) {
            self.noted.missing(text, 1);
        }
    }

    fn missing(&mut self, row: usize, rows: usize) {
        if !self.rule.optional {
            return self.refuse(row, Given::Text(""), Fault::Missing);
        }
        if self.present.is_empty() {
            self.present = vec![true; rows];
        }
        if let Some(place) = self.present.get_mut(row) {
            *place = false;
        }
    }

    fn refuse(&mut self, row: usize, given: Given<'_>, fault: Fault) {
        // Enough to show; a hostile value is not copied.
        let text = match given {
            Given::Text(text) => text.chars().take(LONGEST_QUOTED).collect(),
            other => other.to_string(),
        };
        self.observed.bad.push(BadCell { row, field: self.field, text, fault, help: None });
    }
}

/// Longer texts are not even brought to normal form, which shortens a text to a third at most; bytes.
const FAR_TOO_LONG: usize = 4 * LONGEST_TEXT;
/// Longer texts that are bad are cut; characters.
pub(super) const LONGEST_QUOTED: usize = 200;
