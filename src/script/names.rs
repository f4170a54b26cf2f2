//! What a script may name: fields by group, parameters, lists, reasons, interfaces.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::types::Type;
use crate::model::{Definition, FieldIndex, InterfaceIndex, ListIndex, ListType, ParameterIndex, ReasonIndex, Zone};

/// The word before a parameter's name.
pub(super) const PARAMS: &str = "params";
/// The word before a list's name.
pub(super) const LISTS: &str = "lists";

/// Everything that has a name.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub zone: Zone,
    pub groups: IndexMap<String, IndexMap<String, (FieldIndex, Type)>>,
    pub label: Option<FieldIndex>,
    pub parameters: IndexMap<String, (ParameterIndex, Type)>,
    pub lists: IndexMap<String, (ListIndex, ListType)>,
    pub reasons: BTreeMap<String, ReasonIndex>,
    pub interfaces: BTreeMap<String, InterfaceIndex>,
}

impl Names {
    /// Gathers the names of a definition.
    pub(super) fn new(definition: &Definition) -> Self {
        let rules = &definition.rule_set;
        let label = definition.schema.roles.label.as_ref().and_then(|label| definition.schema.find(label.as_str()));
        let mut groups: IndexMap<String, IndexMap<String, (FieldIndex, Type)>> = IndexMap::new();
        for (index, name, field) in definition.schema.fields() {
            let Some((group, name)) = name.split_once('.') else { continue };
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
            lists: lists.collect(),
            reasons: reasons.filter_map(|(at, id)| Some((id.as_str().to_owned(), ReasonIndex::from_position(at)?))).collect(),
            interfaces: interfaces
                .filter_map(|(at, id)| Some((id.as_str().to_owned(), InterfaceIndex::from_position(at)?)))
                .collect(),
        }
    }

    /// Whether a word stands for a group, the parameters or the lists, so that no variable may have it.
    pub(super) fn is_taken(&self, word: &str) -> bool {
        word == PARAMS || word == LISTS || self.groups.contains_key(word)
    }

    /// The fields of a group that scripts may see.
    pub(super) fn visible_fields(&self, group: &str) -> Vec<String> {
        let fields = self.groups.get(group).into_iter().flatten();
        fields.filter(|(_, (index, _))| Some(*index) != self.label).map(|(name, _)| name.clone()).collect()
    }

    /// Whether scripts may see anything of a group.
    pub(super) fn is_visible(&self, group: &str) -> bool {
        self.groups.get(group).is_some_and(|fields| fields.values().any(|(index, _)| Some(*index) != self.label))
    }
}
