//! The inspector: parameters as forms, with the value of what the draft is compared with and the rules that read them.

use std::collections::BTreeSet;

use crate::Session;
use crate::jobs::check::CheckedDraft;
use countersign_core::model::{FieldType, ParameterId, RuleId, Value};
use countersign_core::script::tree::{ExprKind, walk};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq)]
pub struct ParameterForm {
    pub id: ParameterId,
    pub text: LocalText,
    pub unit: Option<LocalText>,
    pub kind: FieldType,
    pub value: Value,
    /// Its value as files write it, to be edited.
    pub written: String,
    pub range: Option<(Value, Value)>,
    /// The range for people: `1 – 50`.
    pub range_text: String,
    /// The value of what the draft is compared with, where that differs.
    pub live: Option<String>,
    /// The rules that read it, in order.
    pub readers: Vec<RuleId>,
}

/// The parameters that a rule reads; all of them without a rule.
pub fn parameters(session: &Session, rule: Option<&RuleId>) -> Vec<ParameterForm> {
    let definition = session.document().definition();
    let zone = definition.schema.zone;
    let old = session.baseline().map(|baseline| &baseline.definition.rule_set.parameters);
    let checked = session.check().value.map(AsRef::as_ref);
    let forms = definition.rule_set.parameters.iter().map(|(id, held)| {
        let live = old.and_then(|old| old.get(id)).filter(|old| old.value != held.value);
        let range = held.range.as_ref().map(|range| (range.min.clone(), range.max.clone()));
        let range_text = range.as_ref().map(|(min, max)| {
            let show = |value| super::figures::value(value, zone);
            format!("{} – {}", show(min), show(max))
        });
        ParameterForm {
            id: id.clone(),
            text: held.text.clone(),
            unit: held.unit.clone(),
            kind: held.kind.clone(),
            value: held.value.clone(),
            written: held.value.show(zone),
            range,
            range_text: range_text.unwrap_or_default(),
            live: live.map(|live| super::figures::value(&live.value, zone)),
            readers: checked.map(|checked| readers(checked, id)).unwrap_or_default(),
        }
    });
    forms.filter(|form| rule.is_none_or(|rule| form.readers.contains(rule))).collect()
}

/// The rules that read a parameter, by the last check.
pub fn readers(checked: &CheckedDraft, id: &ParameterId) -> Vec<RuleId> {
    let rules = &checked.definition.rule_set;
    let Some(wanted) = rules.parameters.get_index_of(id) else { return Vec::new() };
    let reads = |index| {
        let mut found = false;
        if let Some(tree) = checked.program.tree(index) {
            walk(tree, &mut |expr| found |= matches!(expr.kind, ExprKind::Parameter(known) if known.at() == wanted));
        }
        found
    };
    rules.rules().filter(|(index, ..)| reads(*index)).map(|(.., rule)| rule.id.clone()).collect()
}

pub(super) fn first_reader(checked: &CheckedDraft, id: &ParameterId) -> Option<RuleId> {
    readers(checked, id).into_iter().next()
}

/// What else a rule speaks of: fields, lists, reasons, shared functions, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    pub fields: BTreeSet<String>,
    pub lists: BTreeSet<String>,
    pub functions: BTreeSet<String>,
}

/// What a rule uses, by the last check.
pub fn uses(checked: &CheckedDraft, rule: &RuleId) -> Uses {
    let mut uses = Uses::default();
    let definition = &checked.definition;
    let found = definition.rule_set.find_rule(rule.as_str());
    let Some(tree) = found.and_then(|(index, ..)| checked.program.tree(index)) else { return uses };
    walk(tree, &mut |expr| match &expr.kind {
        ExprKind::Field(index) => uses.fields.extend(definition.schema.name_of(*index)),
        ExprKind::List(index) => {
            uses.lists.extend(definition.rule_set.lists.get_index(index.at()).map(|(id, _)| id.to_string()));
        }
        ExprKind::SharedCall { name, .. } => {
            uses.functions.insert(name.to_string());
        }
        _ => {}
    });
    uses
}
