//! A derived field beside the column of the same name that a file carries: how a feature store and the definition differ.

use serde::Serialize;

use countersign_core::model::{FieldIndex, MASK, Schema, Value};
use countersign_requests::Table;
use countersign_requests::table::Column;

/// How many differing requests are named.
const EXAMPLES: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parity {
    /// Requests on which the file's value differs.
    pub different: u64,
    /// The first of them.
    pub examples: Vec<ParityExample>,
}

/// A request whose figure differs from the file's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParityExample {
    pub request: String,
    /// As the file has it; empty where it has none.
    pub given: String,
    pub computed: String,
}

/// Compares what the file gave for a field with what was computed; none where it gave nothing of the field's type.
pub(super) fn parity(schema: &Schema, field: FieldIndex, table: &Table, computed: &Column) -> Option<Parity> {
    let given = table.given(field).filter(|given| given.kind() == computed.kind())?;
    let held = schema.field(field)?;
    let show = |value: &Value| match value {
        Value::Missing => String::new(),
        _ if held.personal => MASK.to_owned(),
        value => value.show(schema.zone),
    };
    let mut has_any = false;
    let mut parity = Parity { different: 0, examples: Vec::new() };
    for row in 0..table.len() {
        let (given, computed) = (given.value(row), computed.value(row));
        has_any |= given != Value::Missing;
        if given == computed {
            continue;
        }
        parity.different += 1;
        if parity.examples.len() < EXAMPLES {
            parity.examples.push(ParityExample { request: table.key(row), given: show(&given), computed: show(&computed) });
        }
    }
    has_any.then_some(parity)
}
