//! The raw form of a rule set and schema: what `ruleset.ron` and `schema.ron` of a workspace and the same parts of a release hold, ids
//! and values still plain texts. [`read`] gives it its meaning and reports everything that has none; [`from_model`] is the way back.
//!
//! Two files share it. A workspace names its scripts and lists and may leave out what is usual; a release holds them, writes every field,
//! in an order that `release::format1` freezes.

#![expect(missing_docs, reason = "the fields are those of the files: `docs/workspace-files.md` describes them")]

mod entries;
pub mod from_model;
pub mod kinds;
pub mod read;
mod scalar;

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::{
    Band, CurrentRequest, FieldType, HistoryFunction, HitPolicy, Interface, List, ListEntries, ListType, Reason, Script, Status,
    Verdict, WithoutKey,
};
use crate::text::LocalText;

pub use entries::RawEntries;
pub use scalar::ScalarFile;

/// The one format number that the files of a workspace have so far.
pub const WORKSPACE_FORMAT: u32 = 1;

/// Which of the two files it is: what they hold differently.
pub trait RawForm: Clone + Debug + PartialEq + 'static {
    /// A workspace's files say their format; in a release the whole file does.
    const FORMAT: Option<u32>;
    const IS_RELEASE: bool;
    type Script: Raw;
    /// The condition of an invariant.
    type Condition: Raw;
    type List: Raw;
    type EnumValue: Raw;

    fn script(script: &Script) -> Self::Script;
    fn condition(script: &Script) -> Self::Condition;
    fn list(list: &List) -> Self::List;
    fn enum_value(text: &LocalText) -> Self::EnumValue;
    fn enum_text(value: &Self::EnumValue) -> &LocalText;
}

/// What every part of a raw form can do.
pub trait Raw: Clone + Debug + PartialEq + Serialize + DeserializeOwned {}

impl<T: Clone + Debug + PartialEq + Serialize + DeserializeOwned> Raw for T {}

/// The files of a workspace: scripts and lists by the names of their files.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkspaceForm {}

/// A release: scripts and lists with their content.
#[derive(Clone, Debug, PartialEq)]
pub enum ReleaseForm {}

impl RawForm for WorkspaceForm {
    const FORMAT: Option<u32> = Some(WORKSPACE_FORMAT);
    const IS_RELEASE: bool = false;
    type Script = String;
    type Condition = String;
    type List = ListFile;
    type EnumValue = LocalText;

    fn script(script: &Script) -> String {
        script.file.clone()
    }

    fn condition(script: &Script) -> String {
        script.text.as_ref().to_owned()
    }

    fn list(list: &List) -> ListFile {
        ListFile { title: list.title.clone(), kind: list.kind, file: list.file.clone() }
    }

    fn enum_value(text: &LocalText) -> LocalText {
        text.clone()
    }

    fn enum_text(value: &LocalText) -> &LocalText {
        value
    }
}

impl RawForm for ReleaseForm {
    const FORMAT: Option<u32> = None;
    const IS_RELEASE: bool = true;
    type Script = ScriptText;
    type Condition = ScriptText;
    type List = ListText;
    type EnumValue = EnumValueText;

    fn script(script: &Script) -> ScriptText {
        ScriptText { file: script.file.clone(), text: script.text.as_ref().to_owned() }
    }

    fn condition(script: &Script) -> ScriptText {
        Self::script(script)
    }

    fn list(list: &List) -> ListText {
        let mut entries = String::new();
        let mut add = |entry: &str| {
            entries.push_str(entry);
            entries.push('\n');
        };
        match &list.entries {
            ListEntries::Text(texts) => texts.iter().for_each(|text| add(text)),
            ListEntries::Int(numbers) => numbers.iter().for_each(|number| add(&number.to_string())),
        }
        let count = u64::try_from(list.entries.len()).unwrap_or(u64::MAX);
        ListText { title: list.title.clone(), kind: list.kind, file: list.file.clone(), count, entries }
    }

    fn enum_value(text: &LocalText) -> EnumValueText {
        EnumValueText { text: text.clone() }
    }

    fn enum_text(value: &EnumValueText) -> &LocalText {
        &value.text
    }
}

macro_rules! raw {
    ($($(#[$attribute:meta])* struct $name:ident $(<$form:ident>)? {
        $($(#[$field_attribute:meta])* $field:ident: $kind:ty),* $(,)?
    })*) => {
        $($(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, bound = "")]
        pub struct $name $(<$form: RawForm>)? { $($(#[$field_attribute])* pub $field: $kind),* })*
    };
}

raw! {
    struct RuleSetFile<F> {
        #[serde(default, skip_serializing_if = "Option::is_none")] format: Option<u32>,
        name: String,
        version: String,
        title: LocalText,
        on_error: OnErrorFile,
        #[serde(default)] parameters: RawEntries<ParameterFile<F>, F>,
        #[serde(default)] interfaces: RawEntries<Interface, F>,
        #[serde(default)] reasons: RawEntries<Reason, F>,
        #[serde(default)] lists: RawEntries<F::List, F>,
        stages: Vec<StageFile<F>>,
        #[serde(default)] invariants: Vec<InvariantFile<F>>,
        #[serde(default)] shared: Option<F::Script>,
    }
    struct OnErrorFile { verdict: Verdict, reason: String }
    struct ParameterFile<F> {
        #[serde(rename = "type")] kind: FieldTypeFile<F>,
        value: ScalarFile,
        #[serde(default)] range: Option<RangeFile>,
        #[serde(default)] unit: Option<LocalText>,
        text: LocalText,
    }
    struct RangeFile { min: ScalarFile, max: ScalarFile }
    struct ListFile { title: LocalText, #[serde(rename = "type")] kind: ListType, file: String }
    /// A list with its entries, one a line.
    struct ListText {
        title: LocalText,
        #[serde(rename = "type")] kind: ListType,
        file: String,
        count: u64,
        entries: String,
    }
    struct StageFile<F> { id: String, title: LocalText, kind: StageKindFile, #[serde(default)] rules: Vec<RuleFile<F>> }
    struct RuleFile<F> {
        id: String,
        title: LocalText,
        #[serde(default)] owner: String,
        #[serde(default)] basis: LocalText,
        #[serde(default)] status: Status,
        #[serde(default)] from: Option<String>,
        #[serde(default)] until: Option<String>,
        script: F::Script,
    }
    struct ScriptText { file: String, text: String }
    struct InvariantFile<F> { id: String, title: LocalText, when: F::Condition, verdicts: Vec<Verdict> }

    struct SchemaFile<F> {
        #[serde(default, skip_serializing_if = "Option::is_none")] format: Option<u32>,
        name: String,
        zone: String,
        roles: RolesFile,
        groups: RawEntries<GroupFile<F>, F>,
    }
    struct RolesFile {
        key: String,
        time: String,
        #[serde(default)] amount: Option<String>,
        #[serde(default)] customer: Option<String>,
        #[serde(default)] interface: Option<String>,
        #[serde(default)] label: Option<String>,
    }
    struct GroupFile<F> { #[serde(default)] text: LocalText, fields: RawEntries<SchemaFieldFile<F>, F> }
    struct SchemaFieldFile<F> {
        #[serde(rename = "type")] kind: FieldTypeFile<F>,
        #[serde(default)] optional: bool,
        #[serde(default)] unit: Option<LocalText>,
        #[serde(default)] text: LocalText,
        #[serde(default)] personal: bool,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] as_written: bool,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] identifier: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")] derived: Option<DerivedFile>,
    }
    struct DerivedFile {
        function: HistoryFunction<String>,
        by: Vec<String>,
        #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")] condition: Option<String>,
        over: HistoryWindowFile,
        current: CurrentRequest,
        #[serde(default)] without_key: WithoutKey,
    }
    struct EnumValueText { text: LocalText }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum StageKindFile {
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

/// `Last` holds a length of time such as `"24h"`, or a number of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HistoryWindowFile {
    Last(ScalarFile),
    Day,
    Month,
    Year,
    Ever,
    Since(String),
}

/// A type whose enum has its values with their texts, as the form writes them.
pub type FieldTypeFile<F> = FieldType<RawEntries<<F as RawForm>::EnumValue, F>>;
