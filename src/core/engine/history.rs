//! The derived fields of one request as they are defined: all earlier requests are looked at, one by one. Every faster way gives the same.

use std::fmt;

use crate::model::{
    CurrentRequest, Definition, Derived, FieldIndex, FieldType, HistoryField, HistoryFunction, HistoryWindow, Request, Rounding,
    Schema, Timestamp, Value,
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

    /// Whether a request is an event of a field: it meets the condition, and has a value of the field that the function reads.
    ///
    /// # Errors
    /// The condition fails.
    pub fn is_event(&self, field: &HistoryField, request: &Request) -> Result<bool, HistoryError> {
        let has_value = field.derived.function.argument().is_none_or(|of| *request.get(*of) != Value::Missing);
        let Some(condition) = field.condition.filter(|_| has_value) else { return Ok(has_value) };
        let held = self.conditions.holds(condition, &Row::new(&self.conditions, request));
        held.map_err(|error| self.error(field, error.to_string()))
    }

    /// The value of every derived field for a request that comes after the `earlier` ones, which are in the order in which they came.
    /// Those of them that carry a later time are not counted.
    ///
    /// # Errors
    /// A condition fails, or a sum leaves 64 bits.
    pub fn figures(&self, earlier: &[Request], request: &Request) -> Result<Vec<(FieldIndex, Value)>, HistoryError> {
        self.fields.iter().map(|field| Ok((field.field, self.figure(field, earlier, request)?))).collect()
    }

    fn error(&self, field: &HistoryField, why: String) -> HistoryError {
        HistoryError { field: self.schema.name_of(field.field).unwrap_or_default(), why }
    }

    fn figure(&self, field: &HistoryField, earlier: &[Request], request: &Request) -> Result<Value, HistoryError> {
        let derived = &field.derived;
        let key = key_of(derived, request);
        let Some(now) = request.time(&self.schema).filter(|_| !key.contains(&&Value::Missing)) else { return Ok(Value::Missing) };
        let since = match &derived.over {
            HistoryWindow::Since(since) => match request.get(*since) {
                Value::Time(since) => Some(*since),
                _ => return Ok(Value::Missing),
            },
            _ => None,
        };
        let first = derived.over.first_moment(now, self.schema.zone, since);
        let mut events: Vec<(Timestamp, &Request)> = Vec::new();
        for before in earlier {
            let Some(time) = before.time(&self.schema).filter(|time| *time <= now) else { continue };
            if key_of(derived, before) == key && self.is_event(field, before)? {
                events.push((time, before));
            }
        }
        // Equal times keep the order in which the requests came.
        events.sort_by_key(|(time, _)| *time);
        if derived.current == CurrentRequest::Included && self.is_event(field, request)? {
            events.push((now, request));
        }
        events.retain(|(time, _)| first.is_none_or(|first| time.micros() >= first));
        if let HistoryWindow::Events(most) = &derived.over {
            let most = usize::try_from(*most).unwrap_or(usize::MAX);
            events.drain(..events.len().saturating_sub(most));
        }
        let held = Events { field, in_order: &events, now };
        held.value().ok_or_else(|| self.error(field, "the sum leaves 64 bits".to_owned()))
    }
}

/// The values that only requests with the same ones share; a missing one is shared with none.
fn key_of<'r>(derived: &Derived<FieldIndex>, request: &'r Request) -> Vec<&'r Value> {
    let seen = if let HistoryFunction::IsFirst(of) = &derived.function { Some(of) } else { None };
    derived.by.iter().chain(seen).map(|part| request.get(*part)).collect()
}

struct Events<'a> {
    field: &'a HistoryField,
    in_order: &'a [(Timestamp, &'a Request)],
    now: Timestamp,
}

impl Events<'_> {
    /// None where the sum leaves 64 bits.
    fn value(&self) -> Option<Value> {
        use HistoryFunction as H;
        let count = i64::try_from(self.in_order.len()).unwrap_or(i64::MAX);
        Some(match &self.field.derived.function {
            H::Count => Value::Int(count),
            H::IsFirst(_) => Value::Bool(count == 0),
            H::CountDistinct(of) => {
                let mut seen: Vec<&Value> = Vec::new();
                for value in self.values(*of) {
                    if !seen.contains(&value) {
                        seen.push(value);
                    }
                }
                Value::Int(i64::try_from(seen.len()).unwrap_or(i64::MAX))
            }
            H::Sum(of) => self.field.of.as_ref()?.value_of_whole(i64::try_from(self.sum(*of)).ok()?)?,
            H::Mean(_) if count == 0 => Value::Missing,
            H::Mean(of) if self.field.of == Some(FieldType::Money) => {
                FieldType::<()>::Money.value_of_whole(Rounding::HalfUp.divide(self.sum(*of), i128::from(count))?)?
            }
            #[expect(clippy::cast_precision_loss, reason = "the nearest fractions of both are divided")]
            H::Mean(of) => Value::Float(self.sum(*of) as f64 / count as f64),
            H::Min(of) => self.values(*of).min_by(|one, other| order(one, other)).map_or(Value::Missing, unsigned_zero),
            H::Max(of) => self.values(*of).max_by(|one, other| order(one, other)).map_or(Value::Missing, unsigned_zero),
            H::First(of) => self.values(*of).next().cloned().unwrap_or(Value::Missing),
            H::Last(of) => self.values(*of).last().cloned().unwrap_or(Value::Missing),
            H::SecondsSinceLast => match self.in_order.last() {
                Some((last, _)) => Value::Int((self.now.micros() - last.micros()).div_euclid(1_000_000)),
                None => Value::Missing,
            },
        })
    }

    fn values(&self, of: FieldIndex) -> impl Iterator<Item = &Value> {
        self.in_order.iter().map(move |(_, request)| request.get(of))
    }

    fn sum(&self, of: FieldIndex) -> i128 {
        self.values(of).filter_map(Value::whole).map(i128::from).sum()
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
