//! Nodes for text that is not written yet; their extents are empty.

use super::{ByteRange, NodeKind, RonMember, RonNode};
use countersign_core::release::node::Node as Value;

/// The tree of a value, without the fields that hold nothing.
pub(crate) fn from_value(value: Value) -> RonNode {
    let kind = match value {
        Value::Nothing => NodeKind::Parens(None, Vec::new()),
        Value::Bool(value) => NodeKind::Word(value.to_string()),
        Value::Int(number) => NodeKind::Number(number.to_string()),
        Value::Float(number) => NodeKind::Number(format!("{number:?}")),
        Value::Text(text) => NodeKind::Text(text),
        Value::Word(word) => NodeKind::Word(word.to_owned()),
        Value::Variant(name, content) => {
            let content = match *content {
                Value::Record(fields) => named_members(fields),
                other => vec![RonMember { label: None, value: from_value(other) }],
            };
            NodeKind::Parens(Some(name.to_owned()), content)
        }
        Value::List(items) => {
            NodeKind::List(items.into_iter().map(|item| RonMember { label: None, value: from_value(item) }).collect())
        }
        Value::Record(fields) => NodeKind::Parens(None, named_members(fields)),
        Value::Map(entries) => {
            let entry = |(key, value)| RonMember { label: Some(node(NodeKind::Text(key))), value: from_value(value) };
            NodeKind::Map(entries.into_iter().map(entry).collect())
        }
    };
    node(kind)
}

fn named_members(fields: Vec<(&'static str, Value)>) -> Vec<RonMember> {
    let written = fields.into_iter().filter(|(_, value)| *value != Value::Nothing);
    written
        .map(|(name, value)| RonMember { label: Some(node(NodeKind::Word(name.to_owned()))), value: from_value(value) })
        .collect()
}

fn node(kind: NodeKind) -> RonNode {
    RonNode { extent: ByteRange::default(), inner: ByteRange::default(), kind }
}
