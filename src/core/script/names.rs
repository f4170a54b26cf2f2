//! What a script may name: fields by group, parameters, lists, reasons, interfaces.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::types::Type;
use crate::model::{
    Definition, FieldIndex, InterfaceIndex, ListEntries, ListIndex, ListType, ParameterIndex, ReasonIndex, Value, Zone,
};

/// The word before a parameter's name.
pub(super) const PARAMS: &str = "params";
/// The word before a list's name.
pub(super) const LISTS: &str = "lists";

/// Everything that has a name.
#[derive(Clone, Debug)]
pub(super) struct ScriptNames {
    pub zone: Zone,
    /// The fields by their groups: `customer`, `customer.address`, none.
    pub groups: IndexMap<String, IndexMap<String, (FieldIndex, Type)>>,
    pub label: Option<FieldIndex>,
    pub parameters: IndexMap<String, (ParameterIndex, Type)>,
    /// The present values of the parameters, in order.
    pub parameter_values: Vec<Value>,
    pub lists: IndexMap<String, (ListIndex, ListType)>,
    /// The entries of the lists, in order.
    pub list_entries: Vec<ListEntries>,
    pub reasons: BTreeMap<String, ReasonIndex>,
    pub interfaces: BTreeMap<String, InterfaceIndex>,
}

impl ScriptNames {
    /// Gathers the names of a definition.
    pub(super) fn new(definition: &Definition) -> Self {
        let rules = &definition.rule_set;
        let label = definition.schema.roles.label.as_ref().and_then(|label| definition.schema.find(label.as_str()));
        let mut groups: IndexMap<String, IndexMap<String, (FieldIndex, Type)>> = IndexMap::new();
        for (index, name, field) in definition.schema.fields() {
            let (group, name) = name.rsplit_once('.').unwrap_or(("", name.as_str()));
            let plain = Type::from(&field.kind);
            let ty = if field.optional { plain.optional() } else { plain };
            groups.entry(group.to_owned()).or_default().insert(name.to_owned(), (index, ty));
        }
        let parameters = rules.parameters.iter().enumerate().filter_map(|(at, (id, parameter))| {
            Some((id.as_str().to_owned(), (ParameterIndex::from_position(at)?, Type::from(&parameter.kind))))
        });
        let lists = rules.lists.iter().enumerate();
        let lists = lists.filter_map(|(at, (id, list))| Some((id.as_str().to_owned(), (ListIndex::from_position(at)?, list.kind))));
        let reasons = rules.reasons.keys().enumerate();
        let interfaces = rules.interfaces.keys().enumerate();
        Self {
            zone: definition.schema.zone,
            groups,
            label: label.map(|(index, _)| index),
            parameters: parameters.collect(),
            parameter_values: rules.parameters.values().map(|parameter| parameter.value.clone()).collect(),
            list_entries: rules.lists.values().map(|list| list.entries.clone()).collect(),
            lists: lists.collect(),
            reasons: reasons.filter_map(|(at, id)| Some((id.as_str().to_owned(), ReasonIndex::from_position(at)?))).collect(),
            interfaces: interfaces
                .filter_map(|(at, id)| Some((id.as_str().to_owned(), InterfaceIndex::from_position(at)?)))
                .collect(),
        }
    }

    /// Whether a word names a group, the parameters or the lists, so that no variable may have it.
    pub(super) fn is_taken(&self, word: &str) -> bool {
        word == PARAMS || word == LISTS || self.is_group(word) || self.field("", word).is_some()
    }

    /// Whether fields, or groups with fields, are in a group.
    pub(super) fn is_group(&self, path: &str) -> bool {
        let is_inside = |group: &String| group.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        !path.is_empty() && self.groups.keys().any(is_inside)
    }

    /// A field by its groups and its own word.
    pub(super) fn field(&self, group: &str, own: &str) -> Option<&(FieldIndex, Type)> {
        self.groups.get(group)?.get(own)
    }

    /// The fields and groups in a group, or outside of all, that scripts may see.
    pub(super) fn visible(&self, group: &str) -> Vec<String> {
        let seen = |fields: &IndexMap<String, (FieldIndex, Type)>| fields.values().any(|(index, _)| Some(*index) != self.label);
        let inside = |path: &String| {
            let rest = if group.is_empty() { path.as_str() } else { path.strip_prefix(group)?.strip_prefix('.')? };
            rest.split('.').next().filter(|word| !word.is_empty()).map(str::to_owned)
        };
        let fields = self.groups.get(group).into_iter().flatten();
        let fields = fields.filter(|(_, (index, _))| Some(*index) != self.label).map(|(name, _)| name.clone());
        let groups = self.groups.iter().filter(|(_, fields)| seen(fields)).filter_map(|(path, _)| inside(path));
        let all: indexmap::IndexSet<String> = fields.chain(groups).collect();
        all.into_iter().collect()
    }

    /// The words that begin a name: groups, and fields in none.
    pub(super) fn roots(&self) -> indexmap::IndexSet<String> {
        let groups = self.groups.keys().filter_map(|group| group.split('.').next());
        let fields = self.groups.get("").into_iter().flat_map(|fields| fields.keys().map(String::as_str));
        groups.chain(fields).filter(|root| !root.is_empty()).map(str::to_owned).collect()
    }
}
