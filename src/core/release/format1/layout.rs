//! How a release writes the raw form: the names and the order of fields that its bytes freeze.

use serde::Serialize;

use crate::release::node::Node;
use crate::release::node::of::{self, NotShown};

const RULE_SET: [&str; 11] =
    ["name", "version", "title", "on_error", "stages", "parameters", "interfaces", "reasons", "invariants", "shared", "lists"];
const FIELD: [&str; 9] = ["id", "kind", "optional", "personal", "as_written", "identifier", "text", "unit", "derived"];

/// A part of a release file, or all of it: entries are lists of records that begin with their id, and `type` is `kind`.
pub(in crate::release) fn node<T: Serialize>(value: &T) -> Result<Node, NotShown> {
    of::node(value).map(|node| frozen("", node))
}

fn frozen(name: &str, node: Node) -> Node {
    match node {
        Node::Map(entries) => Node::List(entries.into_iter().map(|(id, value)| listed(name, id, value)).collect()),
        Node::Record(fields) => {
            let mut fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, frozen(name, value))).collect();
            if name == "rule_set" {
                order(&mut fields, &RULE_SET);
            }
            Node::Record(fields)
        }
        Node::Variant(name, content) => Node::Variant(name, Box::new(frozen(name, *content))),
        Node::List(items) => Node::List(items.into_iter().map(|item| frozen("", item)).collect()),
        other => other,
    }
}

fn listed(entries: &str, id: String, value: Node) -> Node {
    let key = if entries == "reasons" { "code" } else { "id" };
    let mut fields = vec![(key, Node::Text(id))];
    if let Node::Record(own) = frozen("", value) {
        fields.extend(own.into_iter().map(|(name, value)| (if name == "type" { "kind" } else { name }, value)));
    }
    if entries == "fields" {
        order(&mut fields, &FIELD);
    }
    Node::Record(fields)
}

fn order(fields: &mut [(&'static str, Node)], order: &[&str]) {
    fields.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
}
