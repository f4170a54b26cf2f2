//! `cases/*.ron` as they are written.

#![expect(clippy::option_option, reason = "not written, written as `None`, and written with a value are three things")]

use serde::{Deserialize, Deserializer};

use super::{Entries, ScalarFile};
use countersign_core::model::Verdict;
use countersign_core::text::LocalText;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasesFile {
    #[expect(dead_code, reason = "looked at before the file is read")]
    pub format: u32,
    #[serde(default)]
    pub templates: Entries<Entries<ScalarFile>>,
    #[serde(default)]
    pub cases: Vec<CaseFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFile {
    pub id: String,
    pub title: LocalText,
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub set: Entries<ScalarFile>,
    pub expect: ExpectFile,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ExpectFile {
    pub verdict: Option<Verdict>,
    pub reasons: Option<Vec<String>>,
    /// `Some(None)` where `interface: None` is written.
    #[serde(deserialize_with = "written")]
    pub interface: Option<Option<String>>,
    pub score: Option<i64>,
    pub hits: Vec<String>,
    pub misses: Vec<String>,
    pub shadow_hits: Vec<String>,
    pub limits: LimitsFile,
    pub errors: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LimitsFile {
    #[serde(deserialize_with = "written")]
    pub single: Option<Option<String>>,
    #[serde(deserialize_with = "written")]
    pub day: Option<Option<String>>,
    #[serde(deserialize_with = "written")]
    pub month: Option<Option<String>>,
    #[serde(deserialize_with = "written")]
    pub year: Option<Option<String>>,
}

/// Tells "is written as `None`" from "is not written".
fn written<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}
