//! The selected request as a form: its fields by group, personal ones masked, with the values tried.

use super::mask;
use crate::model::{FieldIndex, FieldName, FieldType, Value};
use crate::session::Session;
use crate::text::LocalText;

/// A field of the selected request.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldRow {
    /// The field.
    pub name: FieldName,
    /// What it means.
    pub text: LocalText,
    /// Its unit.
    pub unit: Option<LocalText>,
    /// What it holds.
    pub kind: FieldType,
    /// Whether it may be missing.
    pub optional: bool,
    /// Its value for people, masked where it is personal.
    pub shown: String,
    /// Its value as files write it, to be edited; empty where it is personal.
    pub written: String,
    /// Whether it identifies a person: it is shown masked, and only replaced as a whole.
    pub personal: bool,
    /// Whether another value is being tried.
    pub is_tried: bool,
    /// Why the value tried does not fit.
    pub problem: Option<LocalText>,
}

/// A group of fields.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupRows {
    /// The group's name in scripts.
    pub name: String,
    /// What it is.
    pub text: LocalText,
    /// Its fields.
    pub fields: Vec<FieldRow>,
}

/// The selected request; nothing where none is.
#[must_use]
pub fn form(session: &Session) -> Vec<GroupRows> {
    let (Some(row), Some(requests)) = (session.view().selection.request, session.requests()) else { return Vec::new() };
    let schema = requests.table.schema();
    let trial = &session.view().trial;
    let explained = session.explained().value.filter(|explained| explained.row == row);
    let mut index = 0;
    let groups = schema.groups.iter().map(|(group, held)| {
        let fields = held.fields.iter().filter_map(|(name, field)| {
            let at = FieldIndex(index);
            index += 1;
            let name = FieldName::new(format!("{group}.{name}")).ok()?;
            let tried = trial.get(&name);
            let problem =
                explained.and_then(|held| held.problems.iter().find(|(field, _)| *field == name)).map(|(_, why)| why.clone());
            let original = requests.table.value(row as usize, at);
            let value = tried.and_then(|scalar| Value::from_scalar(&field.kind, scalar, schema.zone).ok()).unwrap_or(original);
            let personal = field.personal;
            Some(FieldRow {
                text: field.text.clone(),
                unit: field.unit.clone(),
                kind: field.kind.clone(),
                optional: field.optional,
                shown: if personal { mask::shown(field, &value, schema.zone) } else { super::figures::value(&value, schema.zone) },
                written: if personal { String::new() } else { value.show(schema.zone) },
                personal,
                is_tried: tried.is_some(),
                problem,
                name,
            })
        });
        GroupRows { name: group.clone(), text: held.text.clone(), fields: fields.collect() }
    });
    groups.collect()
}
