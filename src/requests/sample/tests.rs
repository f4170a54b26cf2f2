//! The generator keeps its promises on the shipped schema, and says which schema it cannot fill.

use std::collections::BTreeSet;

use super::*;
use countersign_core::model::{Field, FieldName, Request, Zone};
use countersign_core::text::LocalText;

/// The fields of the shipped schema, read from its file as text: this room loads no workspaces.
const SCHEMA: &str = include_str!("../../../rules/schema.ron");

/// A schema of the fields that the generator knows, all of them free text where no type is needed.
fn schema() -> Arc<Schema> {
    let field = |kind, optional| Field::new(kind, optional);
    let mut groups = indexmap::IndexMap::<String, countersign_core::model::Group>::new();
    let sample = RowStream::new(setting()).next(CUTOVER);
    for (at, name) in NAMES.iter().enumerate() {
        let (group, own) = name.split_once('.').unwrap();
        let kind = match sample.get(at) {
            _ if ["money.amount"].contains(name) => FieldType::Money,
            _ if ["agreement.signed_at"].contains(name) => FieldType::Time,
            _ if own.ends_with("_days") || own.ends_with("_score") || own.ends_with("_percent") => FieldType::Int,
            _ if ["customer.age", "check.otp_failures", "device.sim_count"].contains(name) => FieldType::Int,
            _ if *name == "label.fraud" => FieldType::Bool,
            SampleCell::Bool(_) => FieldType::Bool,
            SampleCell::Int(_) => FieldType::Int,
            SampleCell::Money(_) => FieldType::Money,
            SampleCell::Time(_) => FieldType::Time,
            _ => FieldType::Text,
        };
        let text = LocalText::default();
        let held = groups
            .entry(group.to_owned())
            .or_insert_with(|| countersign_core::model::Group { text, fields: indexmap::IndexMap::new() });
        held.fields.insert(own.to_owned(), field(kind, !["request.id", "request.received_at"].contains(name)));
    }
    let name = |text| FieldName::new(text).unwrap();
    let roles = countersign_core::model::Roles {
        key: name("request.id"),
        time: name("request.received_at"),
        amount: None,
        customer: None,
        interface: None,
        label: None,
    };
    Arc::new(Schema { name: "sample".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups })
}

fn setting() -> Setting {
    Setting {
        seed: 1,
        zone: Zone::parse("+08:00").unwrap(),
        from: CUTOVER,
        until: CUTOVER + DAY,
        cutover: CUTOVER,
        customers: 100,
        rings: 12,
    }
}

fn rows(schema: &Schema, options: SampleOptions) -> Vec<Vec<Value>> {
    Sample::new(schema, options).unwrap().collect()
}

#[test]
fn every_field_of_the_shipped_schema_is_known() {
    let mut group = "";
    let mut named = BTreeSet::new();
    for line in SCHEMA.lines() {
        let indent = line.len() - line.trim_start().len();
        let name = line.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(name, _)| name);
        match (indent, name) {
            (8, Some(name)) => group = name,
            (12, Some(name)) => {
                named.insert(FieldName::full(group, name));
            }
            _ => {}
        }
    }
    assert_eq!(named, NAMES.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn the_same_seed_gives_the_same_requests_and_another_one_others() {
    let schema = schema();
    let make = |seed| rows(&schema, SampleOptions::new(2_000, seed));
    assert_eq!(make(5), make(5));
    assert_ne!(make(5), make(6));
}

#[test]
fn requests_fit_the_schema_in_order_of_time_with_serials_of_their_own() {
    let schema = schema();
    let options = SampleOptions::new(5_000, 9);
    let (mut serials, mut last) = (BTreeSet::new(), options.from);
    for values in rows(&schema, options) {
        let request = Request::new(&schema, values).unwrap();
        let time = request.time(&schema).unwrap();
        assert!(last <= time && time < options.until);
        last = time;
        let Value::Text(serial) = request.get(schema.find("request.id").unwrap().0) else { panic!("a serial") };
        let date = schema.zone.civil(time).strftime("%Y%m%d").to_string();
        assert!(serial.len() == 31 && serial.starts_with(&date), "{serial}");
        assert!(serials.insert(serial.clone()));
    }
    assert_eq!(serials.len(), 5_000);
}

#[test]
fn a_table_holds_what_the_iterator_gives_and_a_cancelled_one_nothing() {
    let schema = schema();
    let options = SampleOptions::new(5_000, 3);
    let progress = Progress::default();
    let table = generate(&schema, options, &progress).unwrap();
    assert_eq!(progress.read(), (5_000, 5_000));
    let last = rows(&schema, options).pop().unwrap();
    assert_eq!(table.request(4_999), Request::new(&schema, last).unwrap());
    progress.cancel();
    assert_eq!(generate(&schema, options, &progress).unwrap_err(), SampleError::Cancelled);
}

#[test]
fn what_cannot_be_made_is_said() {
    let fits = schema();
    let options = SampleOptions::new(10, 1);
    let error = |schema: &Schema, options| Sample::new(schema, options).unwrap_err();
    assert_eq!(error(&fits, SampleOptions { until: options.from, ..options }), SampleError::EmptyPeriod);
    assert_eq!(error(&fits, SampleOptions { rows: 1_000_000_000, ..options }), SampleError::TooMany);
    let mut more = Schema::clone(&fits);
    let must = Field::new(FieldType::Int, false);
    more.groups.get_mut("card").unwrap().fields.insert("colour".to_owned(), must);
    assert_eq!(error(&more, options), SampleError::UnknownField("card.colour".to_owned()));
    let mut foreign = Schema::clone(&fits);
    foreign.groups = foreign.groups.into_iter().take(1).map(|(_, group)| ("payment".to_owned(), group)).collect();
    for field in foreign.groups["payment"].fields.values_mut() {
        field.optional = true;
    }
    assert_eq!(error(&foreign, options), SampleError::ForeignSchema("sample".to_owned()));
    let mut other = Schema::clone(&fits);
    other.groups.get_mut("customer").unwrap().fields.get_mut("id_hash").unwrap().kind = FieldType::Int;
    let error = generate(&Arc::new(other), options, &Progress::default()).unwrap_err();
    assert_eq!(error, SampleError::OtherType("customer.id_hash".to_owned()));
    for error in [SampleError::EmptyPeriod, SampleError::TooMany, SampleError::Cancelled, error] {
        let text = error.text();
        assert!(!text.en.is_empty() && !text.zh.is_empty() && text.en == error.to_string());
    }
}
