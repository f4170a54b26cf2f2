//! Every text for people in a definition, each with its path among the places.

use super::context::Context;
use crate::model::{FieldType, RuleSet, Schema};
use crate::text::LocalText;

/// Visits every text, except a rule's basis that is empty in both languages: that is a `missing-basis`.
pub(super) fn all(cx: &Context<'_>, visit: &mut dyn FnMut(&str, &LocalText)) {
    schema(&cx.definition.schema, visit);
    let rules = &cx.definition.rule_set;
    visit("title", &rules.title);
    names(rules, visit);
    stages(rules, visit);
    for case in cx.cases.into_iter().flat_map(|set| &set.cases) {
        visit(&format!("cases.{}.title", case.id), &case.title);
    }
}

fn schema(schema: &Schema, visit: &mut dyn FnMut(&str, &LocalText)) {
    for (group, held) in &schema.groups {
        visit(&format!("schema.{group}.text"), &held.text);
        for (name, field) in &held.fields {
            let path = format!("schema.{group}.{name}");
            visit(&format!("{path}.text"), &field.text);
            if let Some(unit) = &field.unit {
                visit(&format!("{path}.unit"), unit);
            }
            values(&path, &field.kind, visit);
        }
    }
}

fn values(path: &str, kind: &FieldType, visit: &mut dyn FnMut(&str, &LocalText)) {
    if let FieldType::Enum(held) = kind {
        for (value, text) in &held.values {
            visit(&format!("{path}.type.{value}"), text);
        }
    }
}

fn names(rules: &RuleSet, visit: &mut dyn FnMut(&str, &LocalText)) {
    for (id, parameter) in &rules.parameters {
        let path = format!("parameters.{id}");
        visit(&format!("{path}.text"), &parameter.text);
        if let Some(unit) = &parameter.unit {
            visit(&format!("{path}.unit"), unit);
        }
        values(&path, &parameter.kind, visit);
    }
    for (id, interface) in &rules.interfaces {
        visit(&format!("interfaces.{id}.title"), &interface.title);
    }
    for (code, reason) in &rules.reasons {
        visit(&format!("reasons.{code}.text"), &reason.text);
    }
    for (id, list) in &rules.lists {
        visit(&format!("lists.{id}.title"), &list.title);
    }
}

fn stages(rules: &RuleSet, visit: &mut dyn FnMut(&str, &LocalText)) {
    for stage in &rules.stages {
        visit(&format!("stages.{}.title", stage.id), &stage.title);
        for rule in &stage.rules {
            let path = format!("rules.{}", rule.id);
            visit(&format!("{path}.title"), &rule.title);
            if rule.basis != LocalText::default() {
                visit(&format!("{path}.basis"), &rule.basis);
            }
        }
    }
    for invariant in &rules.invariants {
        visit(&format!("invariants.{}.title", invariant.id), &invariant.title);
    }
}
