//! How the columns of a foreign file become the fields of a schema: `mappings/<name>.ron` in a workspace.
//!
//! ```ron
//! (
//!     format: 1,
//!     delimiter: ";",                     // of CSV files; "," when left out
//!     zone: "+08:00",                     // of times without an offset; the schema's when left out
//!     missing: ["NULL", "-"],             // words that mean "no value", besides the empty cell
//!     ignore: ["remark"],                 // columns that are not wanted
//!     fields: {
//!         "request.id": (column: "serial"),
//!         "request.received_at": (join: (columns: ["date", "time"], separator: " "), time: Pattern("%Y-%m-%d %H:%M:%S")),
//!         "request.interface": (constant: "zhejiang"),
//!         "money.amount": (column: "amt", money: Fen, default: "0"),
//!         "check.name_match": (column: "name_ok", words: (yes: ["Y"], no: ["N"])),
//!         "card.kind": (column: "kind", values: {"00": "debit", "01": "credit"}),
//!     },
//! )
//! ```
//!
//! A field that is not named is read from the column `group.field`.

mod check;
mod file;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use file::MappingError;

use crate::model::{FieldName, Zone};

/// How the columns of a foreign file become the fields of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What parts the cells of a CSV file; a comma when none is given.
    pub delimiter: Option<char>,
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
    /// The unit of an amount; [`MoneyUnit::Yuan`] when none is given.
    pub money: Option<MoneyUnit>,
    /// How a time is written; as in `2014-03-24T00:00:00` when none is given.
    pub time: Option<TimeFormat>,
    /// The offset of times that carry none, when not the mapping's.
    pub zone: Option<Zone>,
    /// What stands for true and false; `true` and `false` when none are given.
    pub words: Option<BoolWords>,
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
    /// Another column.
    Column(String),
    /// Columns put together, with a separator between them.
    Join {
        /// The columns in order.
        columns: Vec<String>,
        /// What is put between them.
        separator: String,
    },
    /// The same text in every row.
    Constant(String),
}

/// The unit in which a file writes money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoneyUnit {
    /// `5000.00`, with or without `CNY` before it.
    Yuan,
    /// `500000`: whole fen.
    Fen,
    /// `CNY5000.00`: yuan with the letters, as on the wire.
    Cny,
}

/// How a file writes points in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeFormat {
    /// As `strptime` would read it: `%Y-%m-%d %H:%M:%S`; `%z` for an offset.
    Pattern(String),
    /// Whole seconds since 1970.
    Seconds,
    /// Whole milliseconds since 1970.
    Milliseconds,
    /// Whole microseconds since 1970.
    Microseconds,
}

/// What stands for true and false.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoolWords {
    /// True.
    pub yes: Vec<String>,
    /// False.
    pub no: Vec<String>,
}
