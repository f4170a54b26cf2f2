//! A schema made from the columns of a file.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{column, plain, says};
use crate::model::{FieldName, FieldType, Roles};
use crate::requests::mapping::FieldMapping;
use crate::requests::read::FirstRows;
use crate::text::LocalText;

/// The group of columns whose name has no group.
const GROUP: &str = "request";

/// A field that a column may become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "four answers about a column, each of its own")]
pub struct NewField {
    /// The column.
    pub column: String,
    /// Its name in scripts: `group.field`.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
    /// Whether it may be missing.
    pub optional: bool,
    /// Whether it identifies a person.
    pub personal: bool,
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
#[must_use]
pub fn fields(first: &FirstRows) -> Vec<NewField> {
    let mut names = BTreeSet::new();
    let field = |(at, column_name): (usize, &String)| {
        let guess = column(column_name, first.column(at));
        let mut seen = BTreeSet::new();
        let distinct = first.column(at).all(|cell| !cell.is_empty() && seen.insert(cell));
        NewField {
            column: column_name.clone(),
            name: free(&mut names, &name(column_name, at)),
            kind: guess.kind,
            optional: guess.optional,
            personal: is_personal(column_name),
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

/// Whether a column of that name seems to identify a person.
#[must_use]
pub fn is_personal(column: &str) -> bool {
    let key = plain(column);
    let words = [
        "mobile",
        "phone",
        "idcard",
        "idhash",
        "idno",
        "cardno",
        "cardhash",
        "account",
        "email",
        "address",
        "passport",
        "姓名",
        "手机",
        "身份证",
        "证件",
        "卡号",
        "账号",
        "邮箱",
        "地址",
    ];
    says(&key, &words) || key.ends_with("name")
}

/// The fields that play a part: key and time where there are fit ones, the others where their names say so.
#[must_use]
pub fn roles(fields: &[NewField]) -> (Option<FieldName>, Option<FieldName>, Option<Roles>) {
    let taken = || fields.iter().filter(|field| field.taken);
    let named = |field: &NewField| FieldName::new(&field.name).ok();
    let says_so = |field: &&NewField, words: &[&str]| says(&plain(&field.column), words);
    let can_be_key =
        |field: &&NewField| matches!(field.kind, FieldType::Text | FieldType::Int) && !field.optional && field.distinct;
    let is_key = |field: &&NewField| can_be_key(field) && says_so(field, &["id", "no", "key", "serial", "流水", "编号", "号"]);
    let key = taken().find(is_key).or_else(|| taken().find(can_be_key)).and_then(named);
    let time = taken().find(|field| field.kind == FieldType::Time && !field.optional).and_then(named);
    let amount = taken().find(|field| field.kind == FieldType::Money).and_then(named);
    let is_customer = |field: &&NewField| {
        matches!(field.kind, FieldType::Text | FieldType::Int) && says_so(field, &["customer", "cust", "user", "client", "客户"])
    };
    let customer = taken().find(is_customer).and_then(named).filter(|name| Some(name) != key.as_ref());
    let is_label = |field: &&NewField| field.kind == FieldType::Bool && says_so(field, &["fraud", "label", "chargeback", "欺诈"]);
    let label = taken().find(is_label).and_then(named);
    let both = key.clone().zip(time.clone());
    let all = both.map(|(key, time)| Roles { key, time, amount, customer, interface: None, label });
    (key, time, all)
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
        let roles = roles(&found).2.unwrap();
        assert_eq!((roles.key.as_str(), roles.time.as_str()), ("request.txn_id", "request.received_at"));
        assert_eq!(roles.amount.as_ref().map(FieldName::as_str), Some("request.amount"));
        assert_eq!(roles.customer.as_ref().map(FieldName::as_str), Some("request.column_2"));
        assert_eq!(roles.label.as_ref().map(FieldName::as_str), Some("request.is_fraud"));
    }
}
