//! The columns of the table as values, each exactly: a row with a value that is none of its field's is not decided.

use std::fmt::Write;

use super::stages::Columns;
use super::words::{SqlType, Words};
use countersign_core::model::{Definition, FieldIndex, FieldType, Schema, Timestamp, Value};
use countersign_core::plan::{Plan, semantics};

/// Every field as a value, and after that in a query of its own what keeps a row from being decided for certain: `row unread`, the first
/// column whose value cannot be read, and `row long`, whether a text that scripts name is too long for a plan.
pub(super) fn columns(words: &dyn Words, schema: &Schema, plan: &Plan) -> [Columns; 2] {
    let (mut columns, mut misread, mut unread, mut long) = (Columns::new(), String::new(), String::new(), vec!["FALSE".to_owned()]);
    for (index, name, field) in schema.fields() {
        let raw = words.identifier(&name);
        let read = value(words, &raw, &field.kind);
        if !matches!(field.kind, FieldType::Text | FieldType::Enum(_)) {
            let _ = write!(misread, " WHEN {raw} IS NOT NULL AND {read} IS NULL THEN {}", words.text(&name));
        }
        let mut bad = Vec::new();
        if !field.optional {
            bad.push(format!("{raw} IS NULL"));
        }
        match &field.kind {
            FieldType::Text => {
                let is_named = plan.text_fields().contains(&index);
                if (is_named || name == schema.roles.key.as_str()) && !field.as_written {
                    bad.push(format!("NOT {}", words.is_plain(&raw)));
                }
                if is_named {
                    long.push(format!("COALESCE({} > {}, FALSE)", words.bytes(&raw), semantics::TEXT_BYTES));
                }
            }
            FieldType::Enum(known) => {
                let names: Vec<String> = known.names().map(|name| words.text(name)).collect();
                bad.push(if names.is_empty() {
                    format!("{raw} IS NOT NULL")
                } else {
                    format!("{raw} NOT IN ({})", names.join(", "))
                });
            }
            FieldType::Time => bad.push(format!("{raw} NOT BETWEEN {} AND {}", Timestamp::MIN.micros(), Timestamp::MAX.micros())),
            FieldType::Money => bad.push(format!("{raw} NOT BETWEEN {} AND {}", i64::MIN, i64::MAX)),
            FieldType::Bool | FieldType::Int | FieldType::Float => {}
        }
        if !bad.is_empty() {
            let _ = write!(unread, " WHEN {} THEN {}", bad.join(" OR "), words.text(&name));
        }
        columns.push((name, read));
    }
    let text = |cases: &str| {
        let none = words.value("NULL", SqlType::Text);
        if cases.is_empty() { none } else { format!("CASE{cases} ELSE {none} END") }
    };
    columns.push(("row misread".to_owned(), text(&misread)));
    let unread = format!("COALESCE({}, {})", words.identifier("row misread"), text(&unread));
    [columns, vec![("row unread".to_owned(), unread), ("row long".to_owned(), format!("({})", long.join(" OR ")))]]
}

fn value(words: &dyn Words, raw: &str, kind: &FieldType) -> String {
    match kind {
        FieldType::Bool => words.exactly(raw, SqlType::Flag),
        FieldType::Int => words.exactly(raw, SqlType::Whole),
        FieldType::Float => words.exactly(raw, SqlType::Fraction),
        FieldType::Money => words.fen(raw),
        FieldType::Time => words.micros(raw),
        FieldType::Text | FieldType::Enum(_) => format!("NULLIF({}, '')", words.exactly(raw, SqlType::Text)),
    }
}

/// A value as a column of the table has it.
pub(super) fn literal(words: &dyn Words, definition: &Definition, field: FieldIndex, value: &Value) -> String {
    let kind = definition.schema.field(field).map(|field| &field.kind);
    match value {
        Value::Bool(flag) => words.value(if *flag { "TRUE" } else { "FALSE" }, SqlType::Flag),
        Value::Int(number) => words.value(&number.to_string(), SqlType::Whole),
        Value::Money(fen) => words.amount_value(Some(fen.0)),
        Value::Float(number) => words.value(&words.fraction(*number), SqlType::Fraction),
        Value::Text(text) => words.value(&words.text(text), SqlType::Text),
        Value::Time(time) => words.time_value(Some(time.micros())),
        Value::Missing => match kind {
            Some(FieldType::Bool) => words.value("NULL", SqlType::Flag),
            Some(FieldType::Int) => words.value("NULL", SqlType::Whole),
            Some(FieldType::Float) => words.value("NULL", SqlType::Fraction),
            Some(FieldType::Money) => words.amount_value(None),
            Some(FieldType::Time) => words.time_value(None),
            Some(FieldType::Text | FieldType::Enum(_)) | None => words.value("NULL", SqlType::Text),
        },
    }
}

/// A parameter's value as the expressions take it.
pub(super) fn parameter(words: &dyn Words, value: &Value) -> String {
    let of = |text: String, kind: SqlType| format!("CAST({text} AS {})", words.type_name(kind));
    match value {
        Value::Missing => of("NULL".to_owned(), SqlType::Flag),
        Value::Bool(flag) => of(if *flag { "TRUE" } else { "FALSE" }.to_owned(), SqlType::Flag),
        Value::Int(number) => of(number.to_string(), SqlType::Whole),
        Value::Money(fen) => of(fen.0.to_string(), SqlType::Whole),
        Value::Time(time) => of(time.micros().to_string(), SqlType::Whole),
        Value::Float(number) => of(words.fraction(*number), SqlType::Fraction),
        Value::Text(text) => of(words.text(text), SqlType::Text),
    }
}
