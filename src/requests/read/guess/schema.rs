//! A schema made from the columns of a file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::identity::{is_identifier, is_label, is_personal, looks_personal};
use super::{column, plain, says};
use crate::mapping::FieldMapping;
use crate::read::FirstRows;
use countersign_core::model::{FieldName, FieldType, Zone};
use countersign_core::text::LocalText;

/// The group of columns whose name has no group.
const GROUP: &str = "request";

/// A field that a column may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "five answers about a column, each of its own")]
pub struct NewField {
    pub column: String,
    /// Its name in scripts: `group.field`.
    pub name: String,
    pub kind: FieldType,
    /// Whether it may be missing.
    pub optional: bool,
    pub personal: bool,
    /// Whether its whole numbers are names and no quantities.
    pub identifier: bool,
    /// Whether it becomes a field at all.
    pub taken: bool,
    /// What it means, for people.
    pub text: LocalText,
    /// How its cells are read; without a source.
    pub how: FieldMapping,
    /// Whether no value comes twice in the first rows.
    pub distinct: bool,
}

/// The fields the columns of a file seem to be.
pub fn fields(first: &FirstRows) -> Vec<NewField> {
    let mut names = BTreeSet::new();
    let field = |(at, column_name): (usize, &String)| {
        let guess = column(column_name, first.column(at));
        let mut seen = BTreeSet::new();
        let distinct = first.column(at).all(|cell| !cell.is_empty() && seen.insert(cell));
        let identifier = seems_identifier(column_name, &guess.kind, first.column(at));
        let is_text = matches!(guess.kind, FieldType::Text | FieldType::Int);
        NewField {
            column: column_name.clone(),
            name: free(&mut names, &name(column_name, at)),
            kind: guess.kind,
            optional: guess.optional,
            personal: is_personal(column_name) || (is_text && looks_personal(first.column(at))),
            identifier,
            taken: true,
            text: LocalText::same(column_name.clone()),
            how: guess.how,
            distinct,
        }
    };
    first.columns.iter().enumerate().map(field).collect()
}

/// A name in scripts for a column.
fn name(column: &str, at: usize) -> String {
    // A name in no group may be a word of the script language.
    if column.contains('.') && FieldName::new(column).is_ok() {
        return column.to_owned();
    }
    let (group, own) = column.rsplit_once('.').unwrap_or((GROUP, column));
    let (group, own) = (snake(group), snake(own));
    let group = if group.is_empty() { GROUP.to_owned() } else { group };
    let own = if own.is_empty() { format!("column_{}", at + 1) } else { own };
    format!("{group}.{own}")
}

/// Small letters, digits and underscores, a letter first: `ReceivedAt` becomes `received_at`.
fn snake(text: &str) -> String {
    let mut snake = String::new();
    let mut last_was_small = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && last_was_small {
                snake.push('_');
            }
            last_was_small = c.is_ascii_lowercase() || c.is_ascii_digit();
            snake.push(c.to_ascii_lowercase());
        } else if !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
            last_was_small = false;
        }
    }
    let snake = snake.trim_matches('_').trim_start_matches(|c: char| !c.is_ascii_lowercase());
    snake.chars().take(48).collect()
}

/// The name, or the first free one with a number.
fn free(names: &mut BTreeSet<String>, wanted: &str) -> String {
    let numbered = (2_u32..).map(|number| format!("{wanted}_{number}"));
    let name = std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !names.contains(name)).unwrap_or_default();
    names.insert(name.clone());
    name
}

/// The fields that play a part: key, time, amount, customer and label; none of the key where the row's number has to be it.
pub fn roles(fields: &[NewField]) -> [Option<FieldName>; 5] {
    let taken = || fields.iter().filter(|field| field.taken);
    let named = |field: &NewField| FieldName::new(&field.name).ok();
    let says_so = |field: &&NewField, words: &[&str]| says(&plain(&field.column), words);
    let is_name = |field: &&NewField| matches!(field.kind, FieldType::Text | FieldType::Int);
    let is_customer = |field: &&NewField| {
        is_name(field) && says_so(field, &["customer", "cust", "user", "client", "payer", "客户", "用户", "付款人"])
    };
    let can_be_key = |field: &&NewField| is_name(field) && !field.optional && field.distinct && !field.personal;
    let is_key = |field: &&NewField| can_be_key(field) && is_identifier(&field.column);
    let key = taken().find(|field| is_key(field) && !is_customer(field)).or_else(|| taken().find(is_key));
    let key = key.or_else(|| taken().find(|field| can_be_key(field) && field.kind == FieldType::Text)).and_then(named);
    let time = taken().find(|field| field.kind == FieldType::Time && !field.optional).and_then(named);
    let is_money = |field: &&NewField| field.kind == FieldType::Money;
    let is_amount = |field: &&NewField| is_money(field) && says_so(field, &["amount", "amt", "金额"]);
    let amount = taken().find(is_amount).or_else(|| taken().find(is_money)).and_then(named);
    let customer = taken().find(is_customer).and_then(named).filter(|name| Some(name) != key.as_ref());
    let label = taken().find(|field| field.kind == FieldType::Bool && is_label(&field.column)).and_then(named);
    [key, time, amount, customer, label]
}

/// The offset that most of the times in the first rows carry; none where they carry none.
pub fn zone(first: &FirstRows, fields: &[NewField]) -> Option<Zone> {
    let mut counts: BTreeMap<i32, (usize, Zone)> = BTreeMap::new();
    for (at, _) in fields.iter().enumerate().filter(|(_, field)| field.kind == FieldType::Time) {
        for zone in first.column(at).filter_map(offset) {
            counts.entry(zone.seconds()).or_insert((0, zone)).0 += 1;
        }
    }
    counts.into_values().max_by_key(|(count, _)| *count).map(|(_, zone)| zone)
}

/// The offset at the end of a time of day.
fn offset(text: &str) -> Option<Zone> {
    let (_, clock) = text.trim().split_once([' ', 'T', 't'])?;
    let at = clock.find(['+', '-', 'Z', 'z']).filter(|_| clock.contains(':'))?;
    Zone::parse(&clock.get(at..)?.to_uppercase())
}

/// A whole number that seems to be a name: by the column's name, or because all of many values have the same count of six or more digits.
fn seems_identifier<'a>(column: &str, kind: &FieldType, cells: impl Iterator<Item = &'a str>) -> bool {
    if *kind != FieldType::Int {
        return false;
    }
    let some: BTreeSet<&str> = cells.filter(|cell| !cell.is_empty()).collect();
    let length = some.first().map_or(0, |cell| cell.len());
    is_identifier(column)
        || (length >= 6 && some.len() > 1 && some.iter().all(|cell| cell.len() == length && !cell.starts_with('-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_fields_with_fit_names_and_parts() {
        let columns =
            ["TxnId", "客户号", "Received At", "amount", "amount", "card.holder.homeCity", "is_fraud"].map(str::to_owned).to_vec();
        let row = |id: &str| [id, "C1", "2014-03-24 00:00:00", "5.00", "6.00", "debit", "true"].map(str::to_owned).to_vec();
        let first = FirstRows { columns, rows: vec![row("T1"), row("T2")], delimiter: None, ..FirstRows::default() };
        let found = fields(&first);
        let names: Vec<&str> = found.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "request.txn_id",
                "request.column_2",
                "request.received_at",
                "request.amount",
                "request.amount_2",
                "card.holder.homeCity",
                "request.is_fraud"
            ]
        );
        assert!(found.iter().all(|field| FieldName::new(&field.name).is_ok()));
        let roles = roles(&found);
        let names = roles.each_ref().map(|role| role.as_ref().map_or("", FieldName::as_str));
        assert_eq!(names, ["request.txn_id", "request.received_at", "request.amount", "request.column_2", "request.is_fraud"]);
    }

    /// A header, a row, a row; then the columns of key, time, amount, customer and label, those that are personal, identifiers, and the
    /// zone.
    const FILES: [(&str, [&str; 5], &str, &str, &str); 2] = [
        (
            "serial,time,fee,amt,user_id,terminal_id,is_fraud,phone\n\
             9001,2014-03-24T10:00:00+09:00,1.00,5.00,31,7863,0,13812345678\n\
             9002,2014-03-24T11:00:00+09:00,1.00,6.00,31,12,1,13812345679",
            ["serial", "time", "amt", "user_id", "is_fraud"],
            "phone",
            "serial user_id terminal_id",
            "+09:00",
        ),
        (
            "交易时间,交易金额,客户号,机构代码,欺诈,姓名,证件号\n\
             2014-03-24 10:00:00,5.00,C1,0571,是,张三,x\n\
             2014-03-24 10:00:00,6.00,C1,0571,否,李四,y",
            ["", "交易时间", "交易金额", "客户号", "欺诈"],
            "姓名 证件号",
            "",
            "",
        ),
    ];

    #[test]
    fn parts_and_marks_are_suggested_by_names_and_values() {
        for (file, parts, personal, identifiers, offset) in FILES {
            let mut lines = file.lines().map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
            let columns = lines.next().unwrap();
            let first = FirstRows { columns, rows: lines.collect(), delimiter: None, ..FirstRows::default() };
            let found = fields(&first);
            let column = |name: &FieldName| found.iter().find(|field| field.name == name.as_str()).unwrap().column.as_str();
            assert_eq!(roles(&found).each_ref().map(|role| role.as_ref().map_or("", column)), parts, "{file}");
            let marked = |is: fn(&NewField) -> bool| {
                found.iter().filter(|field| is(field)).map(|field| field.column.as_str()).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(marked(|field| field.personal), personal, "{file}");
            assert_eq!(marked(|field| field.identifier), identifiers, "{file}");
            assert_eq!(zone(&first, &found).map_or_else(String::new, |zone| zone.to_string()), offset, "{file}");
        }
    }
}
