//! Fields and reasons as tables: what each means, and who uses it.

use crate::Session;
use countersign_core::model::{FieldType, Zone};
use countersign_core::script::tree::{ExprKind, walk};
use countersign_core::text::{LocalText, StaticText};

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "four answers about a field, each of its own")]
pub struct FieldRow {
    pub name: String,
    /// What it means, with its unit.
    pub text: LocalText,
    /// What it may hold; the values of an enum.
    pub holds: LocalText,
    pub kind: StaticText,
    pub optional: bool,
    pub personal: bool,
    /// Whether its texts are taken as they are given.
    pub as_written: bool,
    /// Whether its numbers are names and no quantities.
    pub identifier: bool,
    /// What the product itself takes it for.
    pub role: Option<LocalText>,
    /// The rules that read it, as of the last check.
    pub rules: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ReasonRow {
    pub code: String,
    pub text: LocalText,
    pub wire: String,
    /// ISO 8583 field 39.
    pub iso: String,
    /// Requests whose verdict it is a reason of; none without a dry run.
    pub requests: Option<u64>,
    /// The rules whose script names it.
    pub rules: Vec<String>,
}

fn holds(words: &str, all: &[&str]) -> bool {
    let all = all.join("\n").to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

/// The fields that hold all the words, in the schema's order.
pub fn fields(session: &Session, words: &str) -> Vec<FieldRow> {
    let schema = &session.document().definition().schema;
    let roles = &schema.roles;
    let role = |name: &str| {
        let is = |role: Option<&countersign_core::model::FieldName>| role.is_some_and(|role| role.as_str() == name);
        [
            (is(Some(&roles.key)), LocalText::new("key", "主键")),
            (is(Some(&roles.time)), LocalText::new("time", "时间")),
            (is(roles.amount.as_ref()), LocalText::new("amount", "金额")),
            (is(roles.customer.as_ref()), LocalText::new("customer", "客户")),
            (is(roles.interface.as_ref()), LocalText::new("interface", "接口")),
            (is(roles.label.as_ref()), LocalText::new("label", "标签")),
        ]
        .into_iter()
        .find_map(|(is, text)| is.then_some(text))
    };
    let row = |(index, name, field): (countersign_core::model::FieldIndex, String, &countersign_core::model::Field)| FieldRow {
        text: with_unit(&field.text, field.unit.as_ref()),
        holds: allowed(&field.kind, schema.zone),
        kind: field.kind.text(),
        optional: field.optional,
        personal: field.personal,
        as_written: field.as_written,
        identifier: schema.is_identifier(index),
        role: role(&name),
        rules: readers(session, index),
        name,
    };
    let fits = |row: &FieldRow| {
        holds(
            words,
            &[&row.name, &row.text.en, &row.text.zh, &row.holds.en, &row.holds.zh, row.kind.en, row.kind.zh, &row.rules.join(" ")],
        )
    };
    schema.fields().map(row).filter(fits).collect()
}

fn with_unit(text: &LocalText, unit: Option<&LocalText>) -> LocalText {
    unit.map_or_else(
        || text.clone(),
        |unit| LocalText::new(format!("{} ({})", text.en, unit.en), format!("{}（{}）", text.zh, unit.zh)),
    )
}

fn allowed(kind: &FieldType, zone: Zone) -> LocalText {
    match kind {
        FieldType::Enum(values) => {
            let joined = |pick: fn(&LocalText) -> &str, between: &str| {
                let named = values.values.iter().map(|(value, text)| match pick(text) {
                    "" => value.clone(),
                    text => format!("{value} {text}"),
                });
                named.collect::<Vec<_>>().join(between)
            };
            LocalText::new(joined(|text| text.en.as_str(), " · "), joined(|text| text.zh.as_str(), " · "))
        }
        FieldType::Time => LocalText::new(format!("shown in {zone}"), format!("按 {zone} 显示")),
        FieldType::Money => LocalText::new("yuan, kept in fen", "元，以分存储"),
        _ => LocalText::default(),
    }
}

/// The rules that read a field, by the last check.
fn readers(session: &Session, field: countersign_core::model::FieldIndex) -> Vec<String> {
    let Some(checked) = session.check().value else { return Vec::new() };
    let name = session.document().definition().schema.name_of(field).unwrap_or_default();
    let Some((wanted, _)) = checked.definition.schema.find(&name) else { return Vec::new() };
    let reads = |rule: countersign_core::model::RuleIndex| {
        let mut found = false;
        if let Some(tree) = checked.program.tree(rule) {
            walk(tree, &mut |expr| found |= matches!(expr.kind, ExprKind::Field(index) if index == wanted));
        }
        found
    };
    let rules = checked.definition.rule_set.rules();
    rules.filter(|(index, ..)| reads(*index)).map(|(.., rule)| rule.id.to_string()).collect()
}

/// The reasons that hold all the words, in the rule set's order.
pub fn reasons(session: &Session, words: &str) -> Vec<ReasonRow> {
    let rules = session.document().rule_set();
    let lines = session.details().value.map(|details| &details.summary.reasons);
    let row = |(code, reason): (&countersign_core::model::ReasonId, &countersign_core::model::Reason)| {
        let quoted = format!("\"{code}\"");
        let names = rules.rules().filter(|(.., rule)| rule.script.text.contains(&quoted));
        ReasonRow {
            code: code.to_string(),
            text: reason.text.clone(),
            wire: reason.wire.clone(),
            iso: reason.iso8583.clone().unwrap_or_default(),
            requests: lines.map(|lines| lines.iter().find(|line| line.reason == *code).map_or(0, |line| line.given.requests)),
            rules: names.map(|(.., rule)| rule.id.to_string()).collect(),
        }
    };
    let fits = |row: &ReasonRow| holds(words, &[&row.code, &row.text.en, &row.text.zh, &row.wire, &row.iso, &row.rules.join(" ")]);
    rules.reasons.iter().map(row).filter(fits).collect()
}
