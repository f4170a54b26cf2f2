//! `ruleset.ron` as it is written.

use serde::Deserialize;

use super::{Entries, FieldTypeFile, ScalarFile};
use countersign_core::model::{Band, HitPolicy, Interface, ListType, Reason, Status, Verdict};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSetFile {
    #[expect(dead_code, reason = "looked at before the file is read")]
    pub format: u32,
    pub name: String,
    pub version: String,
    pub title: LocalText,
    pub on_error: OnErrorFile,
    #[serde(default)]
    pub parameters: Entries<ParameterFile>,
    #[serde(default)]
    pub interfaces: Entries<Interface>,
    #[serde(default)]
    pub reasons: Entries<Reason>,
    #[serde(default)]
    pub lists: Entries<ListFile>,
    pub stages: Vec<StageFile>,
    #[serde(default)]
    pub invariants: Vec<InvariantFile>,
    #[serde(default)]
    pub shared: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnErrorFile {
    pub verdict: Verdict,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParameterFile {
    #[serde(rename = "type")]
    pub kind: FieldTypeFile,
    pub value: ScalarFile,
    #[serde(default)]
    pub range: Option<RangeFile>,
    #[serde(default)]
    pub unit: Option<LocalText>,
    pub text: LocalText,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RangeFile {
    pub min: ScalarFile,
    pub max: ScalarFile,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListFile {
    pub title: LocalText,
    #[serde(rename = "type")]
    pub kind: ListType,
    pub file: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageFile {
    pub id: String,
    pub title: LocalText,
    pub kind: StageKindFile,
    #[serde(default)]
    pub rules: Vec<RuleFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum StageKindFile {
    Screen {
        policy: HitPolicy,
        #[serde(default)]
        bands: Vec<Band>,
    },
    Limit,
    Route {
        #[serde(default)]
        default: Option<String>,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub id: String,
    pub title: LocalText,
    #[serde(default)]
    pub owner: String,
    #[serde(default)]
    pub basis: LocalText,
    #[serde(default)]
    pub status: Status,
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub until: Option<String>,
    pub script: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvariantFile {
    pub id: String,
    pub title: LocalText,
    pub when: String,
    pub verdicts: Vec<Verdict>,
}
