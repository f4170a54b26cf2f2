//! What is being edited: the rules, the cases and the mappings of a workspace.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use countersign_core::model::{
    CaseSet, Definition, FieldName, OnError, ReasonId, Roles, RuleId, RuleSet, Schema, Script, Verdict, Zone,
};
use countersign_core::text::{LocalText, Places, SourceId, Sources};
use countersign_workspace::Unread;

/// A script of the workspace, whatever its file is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ScriptRef {
    Rule(RuleId),
    /// The functions every script may call.
    Shared,
}

/// What is being edited. A clone shares everything, so history keeps whole drafts.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Schema and rule set with every script and list.
    pub definition: Arc<Definition>,
    pub cases: Arc<CaseSet>,
    /// The column mappings: their texts by name.
    pub mappings: Arc<BTreeMap<String, String>>,
    /// What of the workspace could not be read when it was loaded.
    pub unread: Arc<Unread>,
}

impl PartialEq for Draft {
    /// Whether both mean the same; places in the files are not compared.
    fn eq(&self, other: &Self) -> bool {
        let same_rules = Arc::ptr_eq(&self.definition, &other.definition)
            || (self.definition.rule_set == other.definition.rule_set && self.definition.schema == other.definition.schema);
        let same_mappings = Arc::ptr_eq(&self.mappings, &other.mappings) || self.mappings == other.mappings;
        same_rules && same_mappings && (Arc::ptr_eq(&self.cases, &other.cases) || self.cases == other.cases)
    }
}

impl Draft {
    /// Nothing at all: before a workspace is opened.
    pub(super) fn empty() -> Self {
        let name = |text: &str| FieldName::new(text).unwrap_or_else(|_| unreachable_name());
        let roles = Roles {
            key: name("request.id"),
            time: name("request.time"),
            amount: None,
            customer: None,
            interface: None,
            label: None,
        };
        let schema = Schema { name: String::new(), zone: Zone::default(), roles, groups: IndexMap::new() };
        let reason = ReasonId::new("SYSTEM_ERROR").unwrap_or_else(|_| unreachable_name());
        let rule_set = RuleSet {
            name: String::new(),
            version: String::new(),
            title: LocalText::default(),
            on_error: OnError { verdict: Verdict::Refer, reason },
            stages: Vec::new(),
            parameters: IndexMap::new(),
            interfaces: IndexMap::new(),
            reasons: IndexMap::new(),
            lists: IndexMap::new(),
            invariants: Vec::new(),
            shared: None,
        };
        let definition = Definition { schema, rule_set, sources: Sources::default(), places: Places::default() };
        Self { definition: Arc::new(definition), cases: Arc::default(), mappings: Arc::default(), unread: Arc::default() }
    }

    pub fn rule_set(&self) -> &RuleSet {
        &self.definition.rule_set
    }

    pub fn script(&self, script: &ScriptRef) -> Option<&Script> {
        match script {
            ScriptRef::Rule(id) => self.rule_set().find_rule(id.as_str()).map(|(.., rule)| &rule.script),
            ScriptRef::Shared => self.rule_set().shared.as_ref(),
        }
    }

    /// Which script a source is; none for other files.
    pub fn script_of(&self, source: SourceId) -> Option<ScriptRef> {
        let rules = self.rule_set();
        if rules.shared.as_ref().is_some_and(|shared| shared.source == source) {
            return Some(ScriptRef::Shared);
        }
        rules.rules().find(|(.., rule)| rule.script.source == source).map(|(.., rule)| ScriptRef::Rule(rule.id.clone()))
    }
}

#[expect(clippy::unreachable, reason = "the names above are of the right form, and a test makes them")]
fn unreachable_name<T>() -> T {
    unreachable!("a name of the wrong form")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_draft_too() {
        let nothing = Draft::empty();
        assert_eq!(nothing, Draft::empty());
        assert!(nothing.rule_set().stages.is_empty());
    }
}
