//! Nodes for text that is not written yet; their extents are empty.

use super::{Extent, Kind, Member, Node};
use countersign_core::release::node::Node as Value;

/// The tree of a value, without the fields that hold nothing.
pub(crate) fn from_value(value: Value) -> Node {
    let kind = match value {
        Value::Nothing => Kind::Parens(None, Vec::new()),
        Value::Bool(value) => Kind::Word(value.to_string()),
        Value::Int(number) => Kind::Number(number.to_string()),
        Value::Float(number) => Kind::Number(format!("{number:?}")),
        Value::Text(text) => Kind::Text(text),
        Value::Word(word) => Kind::Word(word.to_owned()),
        Value::Variant(name, content) => {
            let content = match *content {
                Value::Record(fields) => named_members(fields),
                other => vec![Member { label: None, value: from_value(other) }],
            };
            Kind::Parens(Some(name.to_owned()), content)
        }
        Value::List(items) => Kind::List(items.into_iter().map(|item| Member { label: None, value: from_value(item) }).collect()),
        Value::Record(fields) => Kind::Parens(None, named_members(fields)),
        Value::Map(entries) => {
            let entry = |(key, value)| Member { label: Some(node(Kind::Text(key))), value: from_value(value) };
            Kind::Map(entries.into_iter().map(entry).collect())
        }
    };
    node(kind)
}

fn named_members(fields: Vec<(&'static str, Value)>) -> Vec<Member> {
    let written = fields.into_iter().filter(|(_, value)| *value != Value::Nothing);
    written.map(|(name, value)| Member { label: Some(node(Kind::Word(name.to_owned()))), value: from_value(value) }).collect()
}

fn node(kind: Kind) -> Node {
    Node { extent: Extent::default(), inner: Extent::default(), kind }
}
