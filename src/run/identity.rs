//! The rules, reasons and interfaces of two rule sets, matched by id, and what changed about each rule.

use std::sync::Arc;

use indexmap::IndexSet;
use serde::Serialize;

use countersign_core::engine::Engine;
use countersign_core::model::{
    InterfaceId, InterfaceIndex, ListEntries, ListId, ParameterId, ReasonId, ReasonIndex, Rule, RuleId, RuleIndex, RuleSet,
    StageIndex, Value,
};
use countersign_core::script::tree::{ExprKind, ScriptTree, walk};
use countersign_core::text::LocalText;

/// What became of a rule between two rule sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleChange {
    /// Only the new rule set has it.
    Added,
    /// Only the old rule set has it.
    Removed,
    /// Its script, status or window differs, or it stands in another stage.
    Edited,
    /// A parameter, list or shared function that it reads differs.
    Inputs,
    /// It is the same; it acts differently only because of what is around it.
    Same,
}

impl RuleChange {
    pub fn text(self) -> LocalText {
        match self {
            Self::Added => LocalText::new("new", "新增"),
            Self::Removed => LocalText::new("removed", "删除"),
            Self::Edited => LocalText::new("edited", "修改"),
            Self::Inputs => LocalText::new("inputs changed", "参数或名单变化"),
            Self::Same => LocalText::new("unchanged", "未变"),
        }
    }

    /// Whether the rule itself differs, so that it can be where a flip begins.
    pub fn is_own(self) -> bool {
        self != Self::Same
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchedRule {
    pub rule: RuleId,
    /// Its name for people: the new one where it is in both.
    pub title: LocalText,
    pub change: RuleChange,
}

/// Both rule sets' ids as one numbering.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// Rules: the new rule set's in order, then those only the old one has.
    pub(crate) rules: Vec<MatchedRule>,
    /// Interfaces, by id, in the same order.
    pub(crate) interfaces: Vec<(String, LocalText)>,
    /// The codes of both rule sets with their texts, the new one's first.
    pub(crate) reasons: Vec<(String, LocalText)>,
    old: RuleSetSide,
    new: RuleSetSide,
}

/// Where one rule set's positions lie in the common numbering.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleSetSide {
    rules: Vec<usize>,
    reasons: Vec<usize>,
    interfaces: Vec<usize>,
    /// Whether the rule at a position stands in a Limit stage.
    limits: Vec<bool>,
}

impl RuleSetSide {
    pub(crate) fn rule(&self, rule: RuleIndex) -> usize {
        self.rules.get(rule.at()).copied().unwrap_or(usize::MAX)
    }

    pub(crate) fn reason(&self, reason: ReasonIndex) -> usize {
        self.reasons.get(reason.at()).copied().unwrap_or(usize::MAX)
    }

    pub(crate) fn interface(&self, interface: InterfaceIndex) -> usize {
        self.interfaces.get(interface.at()).copied().unwrap_or(usize::MAX)
    }

    pub(crate) fn sets_limits(&self, rule: RuleIndex) -> bool {
        self.limits.get(rule.at()).copied().unwrap_or_default()
    }
}

/// Ids in order, the new ones first, with the position of each side's own.
fn union<'a>(
    old: impl Iterator<Item = &'a str>,
    new: impl Iterator<Item = &'a str>,
) -> (IndexSet<&'a str>, Vec<usize>, Vec<usize>) {
    let mut all = IndexSet::new();
    let new: Vec<usize> = new.map(|id| all.insert_full(id).0).collect();
    let old: Vec<usize> = old.map(|id| all.insert_full(id).0).collect();
    (all, old, new)
}

impl Identity {
    pub(crate) fn new(old: &Engine, new: &Engine) -> Self {
        let (before, after) = (&old.definition().rule_set, &new.definition().rule_set);
        let ids =
            |rule_set: &RuleSet| -> Vec<String> { rule_set.rules().map(|(_, _, rule)| rule.id.as_str().to_owned()).collect() };
        let (old_ids, new_ids) = (ids(before), ids(after));
        let (all, old_rules, new_rules) = union(old_ids.iter().map(String::as_str), new_ids.iter().map(String::as_str));
        let rules = all.iter().filter_map(|id| known(old, new, id)).collect();
        let (reasons, old_reasons, new_reasons) =
            union(before.reasons.keys().map(ReasonId::as_str), after.reasons.keys().map(ReasonId::as_str));
        let (interfaces, old_interfaces, new_interfaces) =
            union(before.interfaces.keys().map(InterfaceId::as_str), after.interfaces.keys().map(InterfaceId::as_str));
        let title = |id: &str| {
            let found = after.interfaces.get(id).or_else(|| before.interfaces.get(id));
            found.map_or_else(|| LocalText::same(id), |interface| interface.title.clone())
        };
        let reason = |id: &str| {
            let found = after.reasons.get(id).or_else(|| before.reasons.get(id));
            found.map_or_else(|| LocalText::same(id), |reason| reason.text.clone())
        };
        Self {
            rules,
            interfaces: interfaces.iter().map(|id| ((*id).to_owned(), title(id))).collect(),
            reasons: reasons.iter().map(|id| ((*id).to_owned(), reason(id))).collect(),
            old: RuleSetSide { rules: old_rules, reasons: old_reasons, interfaces: old_interfaces, limits: limit_rules(before) },
            new: RuleSetSide { rules: new_rules, reasons: new_reasons, interfaces: new_interfaces, limits: limit_rules(after) },
        }
    }

    pub(crate) fn old(&self) -> &RuleSetSide {
        &self.old
    }

    pub(crate) fn new_side(&self) -> &RuleSetSide {
        &self.new
    }

    /// Whether a rule of the common numbering itself differs.
    pub(crate) fn is_changed(&self, rule: usize) -> bool {
        self.rules.get(rule).is_some_and(|known| known.change.is_own())
    }
}

fn limit_rules(rule_set: &RuleSet) -> Vec<bool> {
    let limit = |stage: StageIndex| {
        rule_set.stages.get(stage.at()).is_some_and(|stage| matches!(stage.kind, countersign_core::model::StageKind::Limit))
    };
    rule_set.rules().map(|(_, stage, _)| limit(stage)).collect()
}

fn known(old: &Engine, new: &Engine, id: &str) -> Option<MatchedRule> {
    let before = old.definition().rule_set.find_rule(id);
    let after = new.definition().rule_set.find_rule(id);
    let (change, rule) = match (before, after) {
        (Some(before), Some(after)) => (change(old, new, before, after), after.2),
        (None, Some(after)) => (RuleChange::Added, after.2),
        (before, None) => (RuleChange::Removed, before?.2),
    };
    Some(MatchedRule { rule: rule.id.clone(), title: rule.title.clone(), change })
}

type Placed<'a> = (RuleIndex, StageIndex, &'a Rule);

fn change(old: &Engine, new: &Engine, before: Placed<'_>, after: Placed<'_>) -> RuleChange {
    let stage = |engine: &Engine, stage: StageIndex| {
        engine.definition().rule_set.stages.get(stage.at()).map(|stage| stage.id.as_str().to_owned())
    };
    let (rule, next) = (before.2, after.2);
    let same = rule.script.text == next.script.text
        && rule.status == next.status
        && rule.window == next.window
        && stage(old, before.1) == stage(new, after.1);
    if !same {
        RuleChange::Edited
    } else if inputs(old, old.program().tree(before.0)) == inputs(new, new.program().tree(after.0)) {
        RuleChange::Same
    } else {
        RuleChange::Inputs
    }
}

/// Something that a script reads besides the request.
#[derive(Debug)]
pub(crate) enum RuleInput<'a> {
    Parameter(&'a ParameterId, &'a Value),
    List(&'a ListId, &'a ListEntries),
    Shared(&'a str),
}

impl PartialEq for RuleInput<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Parameter(id, value), Self::Parameter(other, held)) => id == other && value == held,
            (Self::List(id, entries), Self::List(other, held)) => id == other && same_entries(entries, held),
            (Self::Shared(one), Self::Shared(other)) => one == other,
            _ => false,
        }
    }
}

/// Long lists are mostly the very same one.
fn same_entries(one: &ListEntries, other: &ListEntries) -> bool {
    match (one, other) {
        (ListEntries::Text(one), ListEntries::Text(other)) => Arc::ptr_eq(one, other) || one == other,
        (ListEntries::Int(one), ListEntries::Int(other)) => Arc::ptr_eq(one, other) || one == other,
        _ => false,
    }
}

/// What a script reads besides the request, in its order; everything where it could not be understood.
pub(crate) fn inputs<'a>(engine: &'a Engine, tree: Option<&'a ScriptTree>) -> Vec<RuleInput<'a>> {
    let rule_set = &engine.definition().rule_set;
    let parameter = |at: usize| {
        let (id, parameter) = rule_set.parameters.get_index(at)?;
        Some(RuleInput::Parameter(id, &parameter.value))
    };
    let list = |at: usize| {
        let (id, list) = rule_set.lists.get_index(at)?;
        Some(RuleInput::List(id, &list.entries))
    };
    let shared = || rule_set.shared.as_ref().map(|shared| RuleInput::Shared(&shared.text));
    let mut inputs = Vec::new();
    let Some(tree) = tree else {
        inputs.extend((0..rule_set.parameters.len()).filter_map(parameter));
        inputs.extend((0..rule_set.lists.len()).filter_map(list));
        inputs.extend(shared());
        return inputs;
    };
    walk(tree, &mut |expr| match &expr.kind {
        ExprKind::Parameter(index) => inputs.extend(parameter(index.at())),
        ExprKind::List(index) => inputs.extend(list(index.at())),
        ExprKind::SharedCall { .. } => inputs.extend(shared()),
        _ => {}
    });
    inputs
}
