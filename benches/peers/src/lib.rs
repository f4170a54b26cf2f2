//! The peers, each in its own file: the rules of the subset in its language, its input built from a request, and which rules hit.

#![expect(missing_docs, reason = "a bench: each module says what it holds")]

pub mod cedar;
pub mod cel_rust;
pub mod plain_rhai;
pub mod zen;

use countersign_core::model::{Definition, Request, Value};
use countersign_benches::subset::{Cond, fields};
use serde_json::{Map, Value as Json};

/// The fields the rules read, by group: numbers, amounts in fen, times in microseconds, texts and flags; `null` for what is missing.
pub fn groups(definition: &Definition, rules: &[(&'static str, Cond)], request: &Request, nulls: bool) -> Map<String, Json> {
    let mut read = Vec::new();
    for (_, cond) in rules {
        fields(cond, &mut read);
    }
    read.sort_unstable();
    read.dedup();
    let mut made = Map::new();
    for name in read {
        let (Some((index, _)), Some((group, field))) = (definition.schema.find(name), name.split_once('.')) else { continue };
        let value = match request.get(index) {
            Value::Missing => Json::Null,
            Value::Bool(flag) => Json::from(*flag),
            Value::Int(number) => Json::from(*number),
            Value::Money(fen) => Json::from(fen.0),
            Value::Time(time) => Json::from(time.micros()),
            Value::Float(number) => Json::from(*number),
            Value::Text(text) => Json::from(text.as_ref()),
        };
        let group = made.entry(group.to_owned()).or_insert_with(|| Json::Object(Map::new()));
        if let (Json::Object(held), true) = (group, nulls || !value.is_null()) {
            held.insert(field.to_owned(), value);
        }
    }
    made
}
