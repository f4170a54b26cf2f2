//! Tests of the whole table: what is put in is read back, in every encoding of a column.

use std::sync::Arc;

use indexmap::IndexMap;

use super::*;
use countersign_core::model::{EnumType, Fen, Field, FieldName, FieldType, Group, Roles, Timestamp, Zone};
use countersign_core::text::LocalText;

fn field(kind: FieldType, optional: bool) -> Field {
    Field::new(kind, optional)
}

/// A schema with every type, required (`a.*`) and optional (`b.*`).
pub(crate) fn every_type() -> Arc<Schema> {
    let values = ["red", "green", "blue"].map(|name| (name.to_owned(), LocalText::same(name)));
    let kinds = [
        ("text", FieldType::Text),
        ("time", FieldType::Time),
        ("flag", FieldType::Bool),
        ("count", FieldType::Int),
        ("money", FieldType::Money),
        ("score", FieldType::Float),
        ("colour", FieldType::Enum(EnumType { values: IndexMap::from(values) })),
    ];
    let mut required: IndexMap<String, Field> = IndexMap::from([("id".to_owned(), field(FieldType::Text, false))]);
    required.extend(kinds.iter().map(|(name, kind)| ((*name).to_owned(), field(kind.clone(), false))));
    let optional = kinds.iter().map(|(name, kind)| ((*name).to_owned(), field(kind.clone(), true))).collect();
    let name = |text| FieldName::new(text).unwrap();
    let roles = Roles { key: name("a.id"), time: name("a.time"), amount: None, customer: None, interface: None, label: None };
    let group = |fields| Group { text: LocalText::default(), fields };
    let groups = IndexMap::from([("a".to_owned(), group(required)), ("b".to_owned(), group(optional))]);
    Arc::new(Schema { name: "every-type".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups })
}

/// A row of that schema, different for every number, with missing values in between.
pub(crate) fn sample_row(at: u64) -> Vec<Value> {
    let mixed = at.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let values = |salt: u64| {
        let number = (mixed >> (salt % 20)).cast_signed();
        let colour = ["red", "green", "blue"][usize::try_from(mixed % 3).unwrap()];
        [
            Value::Text(format!("text {}", mixed % 50).into()),
            Value::Time(Timestamp::from_micros(1_395_590_400_000_000 + (number % 1_000_000_000) * 1_000).unwrap()),
            Value::Bool(mixed & 8 == 8),
            Value::Int(number % 1_000),
            Value::Money(Fen(number % 10_000_000)),
            Value::Float(f64::from(i16::try_from(number % 1_000).unwrap()) / 8.0),
            Value::Text(colour.into()),
        ]
    };
    let optional =
        values(7).into_iter().enumerate().map(|(bit, value)| if (mixed >> (bit + 40)) & 1 == 1 { value } else { Value::Missing });
    std::iter::once(Value::Text(format!("{at:08}{mixed:020}").into())).chain(values(3)).chain(optional).collect()
}

#[test]
fn rows_come_back_as_they_went_in() {
    for count in [0, 1, 63, 64, 1_000, SEGMENT as u64, SEGMENT as u64 + 1, 70_000] {
        let mut builder = TableBuilder::new(every_type());
        for at in 0..count {
            builder.push(&sample_row(at)).unwrap();
        }
        let table = builder.finish();
        assert_eq!(table.len() as u64, count);
        for at in (0..count).step_by(if count > 1_000 { 997 } else { 1 }) {
            let row = usize::try_from(at).unwrap();
            assert_eq!(table.request(row).values(), sample_row(at), "row {row} of {count}");
        }
        assert_eq!(table.request(table.len()), Request::empty(table.schema()));
    }
}

#[test]
fn a_row_that_does_not_fit_is_refused_by_name_and_leaves_nothing() {
    let mut builder = TableBuilder::new(every_type());
    let mut row = sample_row(1);
    row[4] = Value::Missing;
    assert_eq!(builder.push(&row).unwrap_err().0, "a.count");
    row[4] = Value::Money(Fen(1));
    assert_eq!(builder.push(&row).unwrap_err().0, "a.count");
    assert!(builder.finish().is_empty());
}

#[test]
fn empty_text_is_a_missing_value() {
    let mut builder = TableBuilder::new(every_type());
    let mut row = sample_row(1);
    row[8] = Value::Text("".into());
    builder.push(&row).unwrap();
    row[1] = Value::Text("".into());
    assert_eq!(builder.push(&row).unwrap_err().0, "a.text");
    assert_eq!(builder.finish().value(0, FieldIndex(8)), Value::Missing);
}

#[test]
fn texts_that_never_repeat_are_kept_without_a_dictionary() {
    let mut builder = TableBuilder::new(every_type());
    for at in 0..270_000_u64 {
        let mut row = sample_row(at);
        row[1] = Value::Text(format!("{:016x}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into());
        builder.push(&row).unwrap();
    }
    let table = builder.finish();
    let unique = table.column(FieldIndex(1)).unwrap();
    assert!(unique.dictionary().is_empty());
    assert!(unique.memory_bytes() < 270_000 * 9);
    for row in [0_u64, 65_535, 65_536, 262_143, 269_999] {
        let text = format!("{:016x}", row.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        assert_eq!(unique.value(usize::try_from(row).unwrap()), Value::Text(text.into()));
    }
    assert_eq!(table.column(FieldIndex(8)).unwrap().dictionary().len(), 50);
}

#[test]
fn a_request_is_found_by_its_key() {
    for count in [1, 900, 70_000] {
        let mut builder = TableBuilder::new(every_type());
        for at in 0..count {
            builder.push(&sample_row(at)).unwrap();
        }
        let table = builder.finish();
        for row in [0, table.len() / 2, table.len() - 1] {
            assert_eq!(table.find(&table.key(row)), Some(row), "row {row} of {count}");
        }
        assert_eq!((table.find("nobody"), table.find("")), (None, None));
    }
}
