//! The shapes of the workspace's RON files, as they are written: read here, given meaning in `load/`.
//!
//! Ids and values are plain text here, so that everything wrong with them can be reported at once, each at its place.

mod cases;
mod entries;
mod rule_set;
mod scalar;
mod schema;

pub(super) use cases::{CaseFile, CasesFile};
pub(super) use entries::Entries;
pub(super) use rule_set::{ListFile, ParameterFile, RuleFile, RuleSetFile, StageFile, StageKindFile};
pub(super) use scalar::ScalarFile;
pub(super) use schema::{FieldFile, FieldTypeFile, SchemaFile};

/// The one format number of every file there is so far.
pub(super) const FORMAT: u32 = 1;
