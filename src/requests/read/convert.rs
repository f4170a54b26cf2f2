//! From the texts of a column to its values; what is no value is noted.

use super::rule::{Fault, Kind, LONGEST_TEXT, Rule, read_bool, read_float, read_int, read_money, read_time};
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

/// Converts the texts of one column; `field` only names it in what is bad.
pub(super) fn convert<'a>(
    rule: &'a Rule,
    field: usize,
    texts: impl ExactSizeIterator<Item = Option<&'a str>>,
    bad: &mut Vec<BadCell>,
) -> Cells {
    let mut column = Column { rule, field, present: Vec::new(), bad };
    let data = match &rule.kind {
        Kind::Bool { yes, no } => CellData::Bools(column.fill(texts, false, |text| read_bool(text, yes, no))),
        Kind::Int => CellData::Numbers(column.fill(texts, 0, read_int)),
        Kind::Money(unit) => CellData::Numbers(column.fill(texts, 0, |text| read_money(text, *unit))),
        Kind::Float => CellData::Floats(column.fill(texts, 0.0, read_float)),
        Kind::Enum(codes) => CellData::Codes(column.fill(texts, 0, |text| codes.find(text))),
        Kind::Time { format, zone } => CellData::Numbers(column.fill(texts, 0, |text| read_time(text, format.as_ref(), *zone))),
        Kind::Text => CellData::Texts(column.texts(texts)),
    };
    Cells { data, present: column.present }
}

/// One column on its way from texts to values.
struct Column<'a, 'b> {
    rule: &'a Rule,
    field: usize,
    present: Vec<bool>,
    bad: &'b mut Vec<BadCell>,
}

impl<'a> Column<'a, '_> {
    fn fill<T: Copy>(
        &mut self,
        texts: impl ExactSizeIterator<Item = Option<&'a str>>,
        nothing: T,
        read: impl Fn(&str) -> Result<T, Fault>,
    ) -> Vec<T> {
        let rows = texts.len();
        let mut values = Vec::with_capacity(rows);
        for (row, raw) in texts.enumerate() {
            let value = match self.rule.text(raw) {
                None => {
                    self.missing(row, rows);
                    nothing
                }
                Some(text) => read(text).unwrap_or_else(|fault| {
                    self.refuse(row, raw.unwrap_or(text), fault);
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
            match self.rule.text(raw) {
                None => {
                    self.missing(row, rows);
                    values.push("");
                }
                Some(text) if text.len() > LONGEST_TEXT => {
                    self.refuse(row, text, Fault::TooLong);
                    values.push("");
                }
                Some(text) => values.push(text),
            }
        }
        values
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
        self.bad.push(BadCell { row, field: self.field, text, fault });
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
    bad: &mut Vec<BadCell>,
) -> (Vec<T>, Vec<bool>) {
    let mut column = Column { rule, field, present: Vec::new(), bad };
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
    (taken, column.present)
}
