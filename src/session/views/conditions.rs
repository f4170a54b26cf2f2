//! The conditions on the listed requests in words, and the way from a cell to a condition.

use super::decided::limit_text;
use super::mask;
use crate::Session;
use crate::view::{RequestColumn, RowFilter};
use countersign_core::model::{Field, FieldName, FieldType, InterfaceId, Limit, RuleId, Schema, Value};
use countersign_core::text::LocalText;
use countersign_run::compare::DecisionChange;

/// A condition in words. Personal values are masked.
pub fn text(session: &Session, only: &RowFilter) -> LocalText {
    match only {
        RowFilter::SameValue { field, row } => same_value(session, field, *row),
        RowFilter::Verdict(verdict) => about("verdict", "结论", &verdict.text()),
        RowFilter::Interface(id) => about("routed to", "路由至", &interface(session, id.as_ref())),
        RowFilter::Rule(rule) => about("hit by", "命中规则", &LocalText::same(rule.as_str())),
        RowFilter::Change(change) => changed(*change),
        RowFilter::Flips(rules) if rules.is_empty() => LocalText::new("flipped by a stage's settings", "因阶段设置而改变"),
        RowFilter::Flips(rules) => {
            let ids: Vec<&str> = rules.iter().map(RuleId::as_str).collect();
            LocalText::new(format!("flipped by {}", ids.join(", ")), format!("因 {} 而改变", ids.join("、")))
        }
        RowFilter::Verdicts(old, new) => from_to(&old.text(), &new.text()),
        RowFilter::Interfaces(old, new) => from_to(&interface(session, old.as_ref()), &interface(session, new.as_ref())),
    }
}

/// A condition in the words of scripts that could be asked of a schema's requests, as an example: an amount or another number, and a
/// word or a yes.
pub fn example(schema: &Schema) -> String {
    let open = || schema.fields().filter(|(_, name, field)| !field.personal && schema.is_visible(name));
    let money = open().find(|(.., field)| field.kind == FieldType::Money).map(|(_, name, _)| format!("{name} > yuan(5_000)"));
    let number = || {
        let is_quantity = |index, field: &Field| field.kind == FieldType::Int && !schema.is_identifier(index);
        open().find(|(index, _, field)| is_quantity(*index, field)).map(|(_, name, _)| format!("{name} > 10"))
    };
    let word = open().find_map(|(_, name, field)| match &field.kind {
        FieldType::Enum(known) => Some(format!("{name} == \"{}\"", known.names().next()?)),
        _ => None,
    });
    let flag = || open().find(|(.., field)| field.kind == FieldType::Bool).map(|(_, name, _)| name);
    let parts = [money.or_else(number), word.or_else(flag)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" && ")
}

fn about(en: &str, zh: &str, what: &LocalText) -> LocalText {
    LocalText::new(format!("{en}: {}", what.en), format!("{zh}：{}", what.zh))
}

fn from_to(old: &LocalText, new: &LocalText) -> LocalText {
    if old == new {
        return LocalText::new(format!("stays {}", old.en), format!("保持{}", old.zh));
    }
    LocalText::new(format!("{} → {}", old.en, new.en), format!("{} → {}", old.zh, new.zh))
}

fn interface(session: &Session, id: Option<&InterfaceId>) -> LocalText {
    let Some(id) = id else { return LocalText::new("no interface", "无接口") };
    let known = session.document().rule_set().interfaces.get(id);
    let title = known.map(|interface| interface.title.clone()).filter(|title| !title.en.is_empty());
    title.unwrap_or_else(|| LocalText::same(id.as_str()))
}

fn same_value(session: &Session, name: &FieldName, row: u32) -> LocalText {
    let Some(requests) = session.requests() else { return LocalText::same(name.as_str()) };
    let schema = requests.table.schema();
    let Some((index, field)) = schema.find(name.as_str()) else { return LocalText::same(name.as_str()) };
    let value = requests.table.value(row as usize, index);
    if value == Value::Missing {
        return LocalText::new(format!("{name} is missing"), format!("{name} 缺失"));
    }
    LocalText::same(format!("{name} = {}", mask::shown(field, &value, schema.zone)))
}

fn changed(change: DecisionChange) -> LocalText {
    match change {
        DecisionChange::Verdict(old, new) => from_to(&old.text(), &new.text()),
        DecisionChange::Route => LocalText::new("another interface", "接口改变"),
        DecisionChange::LimitRaised(limit) => limit_changed(limit, ("higher", "提高")),
        DecisionChange::LimitLowered(limit) => limit_changed(limit, ("lower", "降低")),
        DecisionChange::Reasons => LocalText::new("other reasons", "原因改变"),
    }
}

fn limit_changed(limit: Limit, (en, zh): (&str, &str)) -> LocalText {
    let name = limit_text(limit);
    LocalText::new(format!("{en} {}", name.en), format!("{}{zh}", name.zh))
}

/// The condition that a cell of the table represents: requests that have the same there. None where there is no such condition.
pub fn of_cell(session: &Session, row: u32, column: &RequestColumn) -> Option<RowFilter> {
    if let RequestColumn::Field(field) = column {
        return Some(RowFilter::SameValue { field: field.clone(), row });
    }
    let run = &session.impact().value?.new;
    let rules = &run.engine().definition().rule_set;
    let shape = run.decisions().shape(row as usize)?;
    match column {
        RequestColumn::Verdict => Some(RowFilter::Verdict(shape.verdict)),
        RequestColumn::Interface => {
            let id = shape.interface.and_then(|interface| rules.interfaces.get_index(interface.at()));
            Some(RowFilter::Interface(id.map(|(id, _)| id.clone())))
        }
        RequestColumn::Reasons => {
            let rule = shape.reasons.first().and_then(|given| rules.rule(given.rule?));
            rule.map(|rule| RowFilter::Rule(rule.id.clone()))
        }
        RequestColumn::Hits => {
            let rule = shape.hits.first().and_then(|rule| rules.rule(*rule));
            rule.map(|rule| RowFilter::Rule(rule.id.clone()))
        }
        RequestColumn::Field(_) | RequestColumn::OldVerdict | RequestColumn::Score => None,
    }
}
