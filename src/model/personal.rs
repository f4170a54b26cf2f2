//! Personal values: which fields hold them, and how they are kept out of what others read.

use super::request::Request;
use super::schema::Schema;
use super::value::Value;

/// What stands for a personal value, always the same: nothing about the value can be learnt from it.
pub const MASK: &str = "***";

/// A text without the personal values of a request: an error's wording may quote them.
#[must_use]
pub fn mask(schema: &Schema, request: &Request, mut text: String) -> String {
    let key = schema.roles.key.as_str();
    for (index, name, field) in schema.fields() {
        if !field.personal || name == key {
            continue;
        }
        let value = request.get(index);
        let shown = match value {
            Value::Missing | Value::Bool(_) => continue,
            other => other.show(schema.zone),
        };
        // A single letter or digit stands everywhere and tells nobody from another.
        if shown.chars().count() >= 2 {
            text = text.replace(&shown, MASK);
        }
    }
    text
}
