//! One request with values tried on it: what does not fit, and what the draft decides then.

use std::collections::BTreeMap;

use super::decided::{self, DecisionText};
use super::mask;
use crate::Session;
use countersign_core::model::{Field, FieldIndex, FieldName, FieldType, Request, Scalar, Value, ValueError};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq)]
pub struct FormField {
    pub index: FieldIndex,
    pub name: String,
    pub text: LocalText,
    pub unit: Option<LocalText>,
    pub kind: FieldType,
    pub optional: bool,
    /// Whether its value is never shown in full.
    pub personal: bool,
    /// The request's value as files write it; masked where it is personal; empty when missing.
    pub value: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Why a tried value does not fit, by field.
    pub problems: BTreeMap<String, LocalText>,
    /// The tried values that fit and differ, as files write them.
    pub changed: Vec<(FieldName, Scalar)>,
    /// The decision of the request as it was loaded.
    pub before: Option<DecisionText>,
    /// The decision with the tried values; none while one of them does not fit.
    pub after: Option<DecisionText>,
}

/// The fields of a row as a form, in the schema's order, group by group. Scripts never see the label, so the form leaves it out.
pub fn form(session: &Session, row: u32) -> Vec<(LocalText, Vec<FormField>)> {
    let Some(requests) = session.requests() else { return Vec::new() };
    let schema = requests.table.schema();
    let names: BTreeMap<String, FieldIndex> = schema.fields().map(|(index, name, _)| (name, index)).collect();
    let field = |group: &str, name: &str, field: &Field| {
        let full = FieldName::full(group, name);
        let index = *names.get(&full).filter(|_| schema.is_visible(&full))?;
        let value = requests.table.value(row as usize, index);
        Some(FormField {
            index,
            name: full,
            text: field.text.clone(),
            unit: field.unit.clone(),
            kind: field.kind.clone(),
            optional: field.optional,
            personal: field.personal,
            value: mask::shown(field, &value, schema.zone),
        })
    };
    let group = |(name, held): (&String, &countersign_core::model::Group)| {
        let fields = held.fields.iter().filter_map(|(inside, known)| field(name, inside, known));
        (held.text.clone(), fields.collect())
    };
    schema.groups.iter().map(group).collect()
}

/// Decides a row with other values: texts as a person types them, by the field's name.
pub fn try_values(session: &Session, row: u32, typed: &BTreeMap<String, String>) -> Option<Trial> {
    let requests = session.requests()?;
    let engine = decided::engine(session)?;
    let schema = requests.table.schema();
    if (row as usize) >= requests.table.len() {
        return None;
    }
    let plain = requests.table.request(row as usize);
    let mut request = plain.clone();
    let (mut problems, mut changed) = (BTreeMap::new(), Vec::new());
    for (name, text) in typed {
        let Some((index, field)) = schema.find(name) else { continue };
        match read(field, text, schema.zone) {
            Err(error) => drop(problems.insert(name.clone(), why(&error))),
            Ok(value) => {
                if value != *plain.get(index)
                    && let Ok(name) = FieldName::new(name)
                {
                    changed.push((name, value.to_scalar(schema.zone)));
                }
                request.set(index, value);
            }
        }
    }
    // The rules decide requests of their own schema, which may have been edited since the file was read.
    let definition = engine.definition();
    let decide = |request: &Request| {
        let fits = definition.schema == **schema && request.check(&definition.schema).is_ok();
        fits.then(|| DecisionText::new(definition, &engine.decide(request)))
    };
    let after = if problems.is_empty() { decide(&request) } else { None };
    Some(Trial { before: decide(&plain), after, problems, changed })
}

fn read(field: &Field, text: &str, zone: countersign_core::model::Zone) -> Result<Value, ValueError> {
    let value = field.parse(text, zone)?;
    field.accepts(&value).map(|()| value)
}

fn why(error: &ValueError) -> LocalText {
    match error {
        ValueError::Missing => LocalText::new("must not be empty", "不能为空"),
        ValueError::NotA(what) => LocalText::new(format!("must be {what}"), format!("格式应为 {what}")),
        ValueError::NotInEnum => LocalText::new("is none of the allowed values", "不是允许的取值"),
    }
}
