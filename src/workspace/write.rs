//! The model as the files of a workspace hold it, without what need not be written.

use serde::Serialize;

use super::case_file::{CaseEntries, CaseFile, CasesFile};
use super::ron_tree::{self, from_value};
use countersign_core::model::{Case, RuleSet, Schema, Template, Zone};
use countersign_core::raw::{RuleSetFile, ScalarFile, SchemaFile, WORKSPACE_FORMAT, WorkspaceForm, from_model};
use countersign_core::release::node::{Node, of};

/// Fields that are left out where they hold what they hold without being written: nothing, `false`, an empty text, `Active`.
const OMITTED: [&str; 19] = [
    "owner",
    "basis",
    "status",
    "optional",
    "personal",
    "parameters",
    "interfaces",
    "reasons",
    "lists",
    "invariants",
    "bands",
    "templates",
    "cases",
    "set",
    "hits",
    "misses",
    "shadow_hits",
    "limits",
    "errors",
];

/// `ruleset.ron`; times of parameters are written in `zone`.
pub(super) fn rule_set(rules: &RuleSet, zone: Zone) -> ron_tree::RonNode {
    tree::<RuleSetFile<WorkspaceForm>>(&from_model::rule_set(rules, zone))
}

/// `schema.ron`.
pub(super) fn schema(schema: &Schema) -> ron_tree::RonNode {
    tree::<SchemaFile<WorkspaceForm>>(&from_model::schema(schema))
}

/// A file of cases.
pub(super) fn cases<'c>(
    templates: impl IntoIterator<Item = (&'c String, &'c Template)>,
    cases: impl IntoIterator<Item = &'c Case>,
) -> ron_tree::RonNode {
    tree(&CasesFile {
        format: WORKSPACE_FORMAT,
        templates: templates.into_iter().map(|(name, fields)| (name.clone(), case_fields(fields))).collect(),
        cases: cases.into_iter().map(CaseFile::from).collect(),
    })
}

pub(super) fn case_fields(fields: &Template) -> CaseEntries<ScalarFile> {
    fields.iter().map(|(name, value)| (name.to_string(), ScalarFile(value.clone()))).collect()
}

/// A value that cannot be written, such as a number that is not finite, becomes an empty file, which no save takes.
fn tree<T: Serialize>(file: &T) -> ron_tree::RonNode {
    from_value(of::node(file).map_or(Node::Nothing, without_defaults))
}

fn without_defaults(node: Node) -> Node {
    match node {
        Node::Record(fields) => {
            let written = fields.into_iter().filter(|(name, value)| !(OMITTED.contains(name) && is_default(value)));
            Node::Record(written.map(|(name, value)| (name, without_defaults(value))).collect())
        }
        Node::Map(entries) => Node::Map(entries.into_iter().map(|(key, value)| (key, without_defaults(value))).collect()),
        Node::Variant(name, content) => Node::Variant(name, Box::new(without_defaults(*content))),
        Node::List(items) => Node::List(items.into_iter().map(without_defaults).collect()),
        other => other,
    }
}

fn is_default(value: &Node) -> bool {
    match value {
        Node::Nothing => true,
        Node::Bool(value) => !value,
        Node::Text(text) => text.is_empty(),
        Node::Word(word) => *word == "Active",
        Node::List(items) => items.is_empty(),
        Node::Map(entries) => entries.is_empty(),
        Node::Record(fields) => fields.iter().all(|(_, value)| is_default(value)),
        Node::Int(_) | Node::Float(_) | Node::Variant(..) => false,
    }
}
