//! The derived fields of one request as they are defined: all earlier requests are looked at, one by one. Every faster way gives the same.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{
    CurrentRequest, Definition, FieldIndex, FieldType, HistoryField, HistoryFunction, HistoryWindow, Request, Rounding, Schema,
    Timestamp, Value,
};
use crate::script::{Program, Row};

/// The derived fields of a schema with the conditions of their events.
#[derive(Clone)]
pub struct History {
    schema: Schema,
    conditions: Program,
    fields: Vec<HistoryField>,
}

/// Why a derived field has no value for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryError {
    /// The field's name.
    pub field: String,
    /// What happened.
    pub why: String,
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be computed: {}", self.field, self.why)
    }
}

impl std::error::Error for HistoryError {}

impl History {
    /// Readies the derived fields of a definition.
    ///
    /// # Errors
    /// A derived field names fields or a function that there are not; the checks find that.
    pub fn new(definition: &Definition) -> Result<Self, HistoryError> {
        let undefined =
            |field| HistoryError { field, why: "its definition names fields or a function that there are not".to_owned() };
        let fields = definition.schema.history().map_err(undefined)?;
        let conditions = Program::compile(&definition.history_conditions()).program;
        Ok(Self { schema: definition.schema.clone(), conditions, fields })
    }

    /// The derived fields, in the schema's order.
    #[must_use]
    pub fn fields(&self) -> &[HistoryField] {
        &self.fields
    }

    /// The values that only requests with the same ones share, as bytes; none where one is missing: such a request shares them with none.
    #[must_use]
    pub fn key(&self, field: &HistoryField, request: &Request) -> Option<Vec<u8>> {
        let seen = if let HistoryFunction::IsFirst(of) = &field.derived.function { Some(of) } else { None };
        let mut key = Vec::new();
        for part in field.derived.by.iter().chain(seen) {
            put_bytes(request.get(*part), &mut key)?;
        }
        Some(key)
    }

    /// A request as an event of a field: none where it does not meet the condition, or has no value of the field that the function reads.
    ///
    /// # Errors
    /// The condition fails.
    pub fn event(&self, field: &HistoryField, request: &Request) -> Result<Option<HistoryEvent>, HistoryError> {
        let Some(time) = request.time(&self.schema) else { return Ok(None) };
        let value = field.derived.function.argument().map_or(&Value::Missing, |of| request.get(*of));
        if field.derived.function.argument().is_some() && *value == Value::Missing {
            return Ok(None);
        }
        if let Some(condition) = field.condition {
            let held = self.conditions.holds(condition, &Row::new(&self.conditions, request));
            if !held.map_err(|error| self.error(field, error.to_string()))? {
                return Ok(None);
            }
        }
        Ok(Some(HistoryEvent { time, value: value.clone() }))
    }

    /// The first microsecond of a request's window, the smallest number where no time bounds it; none where the request has no time for
    /// it to begin at.
    #[must_use]
    pub fn first_moment(&self, field: &HistoryField, request: &Request) -> Option<i64> {
        let over = &field.derived.over;
        let since = if let HistoryWindow::Since(since) = over { Some(request.get(*since)) } else { None };
        let since = match since {
            Some(Value::Time(since)) => Some(*since),
            Some(_) => return None,
            None => None,
        };
        Some(over.first_moment(request.time(&self.schema)?, self.schema.zone, since).unwrap_or(i64::MIN))
    }

    /// The value over the events in the window of a request that arrives at `now`, the earliest first.
    ///
    /// # Errors
    /// A sum leaves 64 bits.
    pub fn value(&self, field: &HistoryField, events: &[HistoryEvent], now: Timestamp) -> Result<Value, HistoryError> {
        let held = EventsInWindow { field, events, now };
        held.value().ok_or_else(|| self.error(field, "the sum leaves 64 bits".to_owned()))
    }

    /// The value of every derived field for a request that comes after the `earlier` ones, which are in the order in which they came.
    /// Those of them that carry a later time are not counted.
    ///
    /// # Errors
    /// A condition fails, or a sum leaves 64 bits.
    pub fn figures(&self, earlier: &[Request], request: &Request) -> Result<Vec<(FieldIndex, Value)>, HistoryError> {
        self.fields.iter().map(|field| Ok((field.field, self.figure(field, earlier, request)?))).collect()
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// An error of one of the fields.
    pub(crate) fn error(&self, field: &HistoryField, why: String) -> HistoryError {
        HistoryError { field: self.schema.name_of(field.field).unwrap_or_default(), why }
    }

    fn figure(&self, field: &HistoryField, earlier: &[Request], request: &Request) -> Result<Value, HistoryError> {
        let key = self.key(field, request);
        let (Some(now), Some(first)) = (request.time(&self.schema), self.first_moment(field, request)) else {
            return Ok(Value::Missing);
        };
        if key.is_none() {
            return Ok(Value::Missing);
        }
        let mut events: Vec<HistoryEvent> = Vec::new();
        for before in earlier.iter().filter(|before| self.key(field, before) == key) {
            events.extend(self.event(field, before)?.filter(|event| event.time <= now));
        }
        // Equal times keep the order in which the requests came.
        events.sort_by_key(|event| event.time);
        if field.derived.current == CurrentRequest::Included {
            events.extend(self.event(field, request)?);
        }
        let times: Vec<Timestamp> = events.iter().map(|event| event.time).collect();
        self.value(field, events.get(in_window(field, &times, first)..).unwrap_or(&[]), now)
    }
}

/// The position of the first event in a window that begins at `first`, of events whose times are in order.
#[must_use]
pub fn in_window(field: &HistoryField, times: &[Timestamp], first: i64) -> usize {
    let start = times.partition_point(|time| time.micros() < first);
    match &field.derived.over {
        HistoryWindow::Events(most) => start.max(times.len().saturating_sub(usize::try_from(*most).unwrap_or(usize::MAX))),
        _ => start,
    }
}

/// An earlier request as a derived field counts it.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    /// When the request arrived.
    pub time: Timestamp,
    /// What it had in the field that the function reads; missing where it reads none.
    pub value: Value,
}

/// Appends a value so that no two lists of values have the same bytes; none for a missing one.
fn put_bytes(value: &Value, into: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Missing => return None,
        Value::Bool(truth) => into.push(u8::from(*truth)),
        Value::Float(number) => into.extend((number + 0.0).to_bits().to_le_bytes()),
        Value::Text(text) => {
            into.extend(text.len().to_le_bytes());
            into.extend(text.as_bytes());
        }
        Value::Int(_) | Value::Money(_) | Value::Time(_) => into.extend(value.whole()?.to_le_bytes()),
    }
    Some(())
}

struct EventsInWindow<'a> {
    field: &'a HistoryField,
    events: &'a [HistoryEvent],
    now: Timestamp,
}

impl EventsInWindow<'_> {
    /// None where the sum leaves 64 bits.
    fn value(&self) -> Option<Value> {
        use HistoryFunction as H;
        let count = i64::try_from(self.events.len()).unwrap_or(i64::MAX);
        let ends = |event: Option<&HistoryEvent>| event.map_or(Value::Missing, |event| event.value.clone());
        Some(match &self.field.derived.function {
            H::Count => Value::Int(count),
            H::IsFirst(_) => Value::Bool(count == 0),
            H::CountDistinct(_) => {
                let bytes = |value: &Value| {
                    let mut bytes = Vec::new();
                    put_bytes(value, &mut bytes).map(|()| bytes)
                };
                let seen: BTreeSet<Vec<u8>> = self.values().filter_map(bytes).collect();
                Value::Int(i64::try_from(seen.len()).unwrap_or(i64::MAX))
            }
            H::Sum(_) => self.field.of.as_ref()?.value_of_whole(i64::try_from(self.sum()).ok()?)?,
            H::Mean(_) if count == 0 => Value::Missing,
            H::Mean(_) if self.field.of == Some(FieldType::Money) => {
                FieldType::<()>::Money.value_of_whole(Rounding::HalfUp.divide(self.sum(), i128::from(count))?)?
            }
            #[expect(clippy::cast_precision_loss, reason = "the nearest fractions of both are divided")]
            H::Mean(_) => Value::Float(self.sum() as f64 / count as f64),
            H::Min(_) => self.values().min_by(|one, other| order(one, other)).map_or(Value::Missing, unsigned_zero),
            H::Max(_) => self.values().max_by(|one, other| order(one, other)).map_or(Value::Missing, unsigned_zero),
            H::First(_) => ends(self.events.first()),
            H::Last(_) => ends(self.events.last()),
            H::SecondsSinceLast => match self.events.last() {
                Some(last) => Value::Int((self.now.micros() - last.time.micros()).div_euclid(1_000_000)),
                None => Value::Missing,
            },
        })
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.events.iter().map(|event| &event.value)
    }

    fn sum(&self) -> i128 {
        self.values().filter_map(Value::whole).map(i128::from).sum()
    }
}

fn order(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one, other) {
        (Value::Float(one), Value::Float(other)) => one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal),
        _ => one.whole().cmp(&other.whole()),
    }
}

/// Both zeros are one number; it is shown without a sign.
fn unsigned_zero(value: &Value) -> Value {
    match value {
        Value::Float(number) => Value::Float(number + 0.0),
        other => other.clone(),
    }
}
