//! How the columns of a foreign file become the fields of a schema: `mappings/<name>.ron` in a workspace.
//!
//! `docs/mapping.md` describes every key.
//!
//! A field that is not named is read from the column `group.field`.

mod check;
mod contradiction;
mod file;
mod file_form;
pub(crate) mod pattern;
mod places;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use file::MappingError;

use countersign_core::model::{FieldName, Zone};

/// How the columns of a foreign file become the fields of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What separates the cells of a CSV file; found by its first rows when none is given.
    pub delimiter: Option<char>,
    /// The encoding of a text file, by name; found by its content when none is given.
    pub encoding: Option<String>,
    /// The sheet of a workbook, by name; the first when none is given.
    pub sheet: Option<String>,
    /// The offset of times that carry none; the schema's when none is given.
    pub zone: Option<Zone>,
    /// Words that mean "no value", besides the empty cell.
    pub missing: Vec<String>,
    /// Columns of the file that are not wanted.
    pub ignore: Vec<String>,
    /// The fields that are not simply columns of their own name.
    pub fields: IndexMap<FieldName, FieldMapping>,
}

/// Where one field's values come from and how they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMapping {
    /// Where the text of a value comes from.
    pub source: FieldSource,
    /// The unit of an amount and how it is written; [`MoneyUnit::Yuan`] when none is given.
    pub money: Option<MoneyUnit>,
    /// How a whole number or a number is written; in digits, with a point, when none is given.
    pub number: Option<NumberText>,
    /// How a time is written; as in `2014-03-24T00:00:00` when none is given.
    pub time: Option<TimeFormat>,
    /// The offset of times that carry none, when not the mapping's.
    pub zone: Option<Zone>,
    /// The words for true and false; `true` and `false` when none are given.
    pub words: Option<BoolWords>,
    /// Words that mean "no value" in this field, in place of the mapping's; the mapping's when none are given.
    pub missing: Option<Vec<String>>,
    /// Foreign words and the value each becomes; other words are taken as they are.
    pub values: BTreeMap<String, String>,
    /// What an empty cell becomes, written as the file writes values; missing when none is given.
    pub default: Option<String>,
}

/// Where the text of a value comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldSource {
    /// The column of the field's own name.
    #[default]
    OwnName,
    Column(String),
    /// Columns joined by a separator.
    Join {
        /// The columns in order.
        columns: Vec<String>,
        /// What is put between them.
        separator: String,
    },
    /// The same text in every row.
    Constant(String),
    /// The row's number in the input, from 1.
    RowNumber,
}

/// The unit in which a file writes money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoneyUnit {
    /// `5000.00`, with or without `CNY` before it.
    Yuan,
    /// `500000`: whole fen.
    Fen,
    /// `CNY5000.00`: yuan with the letters, as on the wire.
    Cny,
    /// `¥5,000.00`: with separators or a currency mark.
    Text {
        /// Whether it is in fen, not yuan.
        in_fen: bool,
        form: NumberText,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberText {
    /// What groups thousands, where they are grouped: every three digits.
    pub thousands: Option<char>,
    /// What parts the decimals.
    pub decimal: char,
    /// What may precede or follow the number, such as `¥`.
    pub mark: Option<String>,
}

impl Default for NumberText {
    /// `5000.00`.
    fn default() -> Self {
        Self { thousands: None, decimal: '.', mark: None }
    }
}

/// How a file writes points in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Time")]
pub enum TimeFormat {
    /// As `strptime` would read it: `%Y-%m-%d %H:%M:%S`; `%z` for an offset, `%Q` for the name of a time zone.
    Pattern(String),
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
    /// Nanoseconds since 1970, whole microseconds of them.
    Nanoseconds,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Words")]
pub struct BoolWords {
    /// True.
    pub yes: Vec<String>,
    /// False.
    pub no: Vec<String>,
}
