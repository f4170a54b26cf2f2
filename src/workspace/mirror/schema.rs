//! `schema.ron` as it is written.

use serde::Deserialize;

use super::Entries;
use countersign_core::text::LocalText;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemaFile {
    #[expect(dead_code, reason = "looked at before the file is read")]
    pub format: u32,
    pub name: String,
    pub zone: String,
    pub roles: RolesFile,
    pub groups: Entries<GroupFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesFile {
    pub key: String,
    pub time: String,
    #[serde(default)]
    pub amount: Option<String>,
    #[serde(default)]
    pub customer: Option<String>,
    #[serde(default)]
    pub interface: Option<String>,
    #[serde(default)]
    pub label: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupFile {
    #[serde(default)]
    pub text: LocalText,
    pub fields: Entries<FieldFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "four answers about a field, each of its own")]
pub(crate) struct FieldFile {
    #[serde(rename = "type")]
    pub kind: FieldTypeFile,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub text: LocalText,
    #[serde(default)]
    pub unit: Option<LocalText>,
    #[serde(default)]
    pub personal: bool,
    #[serde(default)]
    pub as_written: bool,
    #[serde(default)]
    pub identifier: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) enum FieldTypeFile {
    Bool,
    Int,
    Money,
    Float,
    Text,
    Enum(Entries<LocalText>),
    Time,
}
