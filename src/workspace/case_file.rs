//! `cases/*.ron` as they are written.

#![expect(clippy::option_option, reason = "not written, written as `None`, and written with a value are three things")]

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::write::case_fields;
use countersign_core::model::{Case, Fen, InterfaceId, RuleId, Verdict};
use countersign_core::raw::{RawEntries, ScalarFile, WorkspaceForm};
use countersign_core::text::LocalText;

pub(super) type CaseEntries<T> = RawEntries<T, WorkspaceForm>;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CasesFile {
    pub format: u32,
    #[serde(default)]
    pub templates: CaseEntries<CaseEntries<ScalarFile>>,
    #[serde(default)]
    pub cases: Vec<CaseFile>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseFile {
    pub id: String,
    pub title: LocalText,
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub set: CaseEntries<ScalarFile>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<CaseEntries<ScalarFile>>,
    pub expect: ExpectFile,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ExpectFile {
    pub verdict: Option<Verdict>,
    pub reasons: Option<Vec<String>>,
    #[serde(with = "none_is_written")]
    pub interface: Option<Option<String>>,
    pub score: Option<i64>,
    pub hits: Vec<String>,
    pub misses: Vec<String>,
    pub shadow_hits: Vec<String>,
    pub limits: LimitsFile,
    pub errors: Vec<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LimitsFile {
    #[serde(with = "none_is_written")]
    pub single: Option<Option<String>>,
    #[serde(with = "none_is_written")]
    pub day: Option<Option<String>>,
    #[serde(with = "none_is_written")]
    pub month: Option<Option<String>>,
    #[serde(with = "none_is_written")]
    pub year: Option<Option<String>>,
}

/// `Some(None)` is the word `None`; `None` is not written.
mod none_is_written {
    use super::{Deserialize, Deserializer, Serializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(from).map(Some)
    }

    #[expect(clippy::ref_option, reason = "the signature that serde calls")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Option<String>>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            None => to.serialize_none(),
            Some(None) => to.serialize_unit_variant("Option", 0, "None"),
            Some(Some(text)) => to.serialize_str(text),
        }
    }
}

impl From<&Case> for CaseFile {
    fn from(case: &Case) -> Self {
        let expect = &case.expect;
        let rules = |rules: &[RuleId]| rules.iter().map(ToString::to_string).collect();
        let amount = |limit: Option<Option<Fen>>| limit.map(|fen| fen.map(|fen| fen.to_string()));
        let interface = |interface: &Option<InterfaceId>| interface.as_ref().map(ToString::to_string);
        Self {
            id: case.id.to_string(),
            title: case.title.clone(),
            from: case.from.clone(),
            set: case_fields(&case.set),
            before: case.before.iter().map(case_fields).collect(),
            expect: ExpectFile {
                verdict: expect.verdict,
                reasons: expect.reasons.as_ref().map(|codes| codes.iter().map(ToString::to_string).collect()),
                interface: expect.interface.as_ref().map(interface),
                score: expect.score,
                hits: rules(&expect.hits),
                misses: rules(&expect.misses),
                shadow_hits: rules(&expect.shadow_hits),
                limits: LimitsFile {
                    single: amount(expect.limits.single),
                    day: amount(expect.limits.day),
                    month: amount(expect.limits.month),
                    year: amount(expect.limits.year),
                },
                errors: rules(&expect.errors),
            },
        }
    }
}
