//! `schema.ron` from the model.

use super::local;
use crate::mirror::FORMAT;
use crate::ron_tree::Node;
use crate::ron_tree::build::{Fields, int, map, text, word, wrapped};
use countersign_core::model::{EnumType, Field, FieldType, Roles, Schema};

/// The whole file.
pub(crate) fn schema(schema: &Schema) -> Node {
    let groups = schema.groups.iter().map(|(name, group)| {
        let fields = map(group.fields.iter().map(|(name, held)| (name, field(held))));
        (name, Fields::default().with("text", local(&group.text)).with("fields", fields).plain())
    });
    Fields::default()
        .with("format", int(i64::from(FORMAT)))
        .with("name", text(&schema.name))
        .with("zone", text(&schema.zone.to_string()))
        .with("roles", roles(&schema.roles))
        .with("groups", map(groups))
        .plain()
}

fn roles(roles: &Roles) -> Node {
    Fields::default()
        .with("key", text(roles.key.as_str()))
        .with("time", text(roles.time.as_str()))
        .maybe("amount", roles.amount.as_ref().map(|name| text(name.as_str())))
        .maybe("customer", roles.customer.as_ref().map(|name| text(name.as_str())))
        .maybe("interface", roles.interface.as_ref().map(|name| text(name.as_str())))
        .maybe("label", roles.label.as_ref().map(|name| text(name.as_str())))
        .plain()
}

fn field(field: &Field) -> Node {
    Fields::default()
        .with("type", field_type(&field.kind))
        .maybe("optional", field.optional.then(|| word("true")))
        .maybe("unit", field.unit.as_ref().map(local))
        .with("text", local(&field.text))
        .maybe("personal", field.personal.then(|| word("true")))
        .maybe("as_written", field.as_written.then(|| word("true")))
        .maybe("identifier", field.identifier.then(|| word("true")))
        .plain()
}

/// A type: `Int`, `Enum({ … })`.
pub(super) fn field_type(kind: &FieldType) -> Node {
    match kind {
        FieldType::Enum(EnumType { values }) => wrapped("Enum", map(values.iter().map(|(value, text)| (value, local(text))))),
        plain => word(plain.name()),
    }
}
