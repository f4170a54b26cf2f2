//! Ten requests for tests, of the small definition in the core, small enough that every figure can be worked out by hand.

use std::sync::Arc;

pub(crate) use countersign_core::engine::fixture::{engine, new_definition, old_definition, schema};
use countersign_core::model::{Fen, Request, Schema, Value};
use countersign_requests::{Table, TableBuilder};

/// Requests from lines `key second via customer amount points label`; `-` is missing.
pub(crate) fn requests(lines: &[&str]) -> Arc<Table> {
    let schema = schema();
    let start = schema.zone.parse_time("2014-03-24T00:00:00").unwrap();
    let read = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let micros = start.micros() + words[1].parse::<i64>().unwrap() * 1_000_000;
        let values = vec![
            Value::Text(words[0].into()),
            Value::Time(countersign_core::model::Timestamp::from_micros(micros).unwrap()),
            Value::Text(words[2].into()),
            Value::Text(words[3].into()),
            Fen::parse_yuan(words[4]).map_or(Value::Missing, Value::Money),
            Value::Int(words[5].parse().unwrap()),
            match words[6] {
                "fraud" => Value::Bool(true),
                "genuine" => Value::Bool(false),
                _ => Value::Missing,
            },
        ];
        Request::new(&schema, values).unwrap()
    };
    table(schema.clone(), lines.iter().map(read))
}

pub(crate) fn table(schema: Schema, requests: impl Iterator<Item = Request>) -> Arc<Table> {
    let mut builder = TableBuilder::new(Arc::new(schema));
    for request in requests {
        builder.push_request(&request).unwrap();
    }
    Arc::new(builder.finish())
}

/// What the new definition says of each is in the remark.
pub(crate) const TEN: [&str; 10] = [
    "k1  0  east  c1 100.00  0  genuine", // accept, default to east
    "k2  0  east  c1 -       0  -",       // accept, default to east
    "k3  0  west  c2 200.00  0  -",       // decline by `closed`
    "k4  1  east  c3 6000.00 0  fraud",   // refer by `big`, default to east
    "k5  61 north c3 6000.00 40 fraud",   // decline by `big` and `points`; `watch`
    "k6  61 north c4 50.00   10 genuine", // accept, north
    "k7  62 north c9 7000.00 90 genuine", // accept by `trusted`, north
    "k8  62 west  c9 10.00   0  fraud",   // decline by `closed`, breaks the invariant
    "k9  62 east  c5 1.00    7  -",       // refer: `fragile` fails; default to east
    "k9  62 north c5 5.00    60 genuine", // refer by `points`; `watch`; north
];
