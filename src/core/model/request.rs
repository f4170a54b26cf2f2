//! One request to decide.

use super::schema::{FieldIndex, Schema};
use super::time::Timestamp;
use super::value::{Value, ValueError};

/// One row: a value for every field, in the schema's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    values: Vec<Value>,
}

impl Request {
    /// A request with every field missing; [`Request::set`] fills it.
    #[must_use]
    pub fn empty(schema: &Schema) -> Self {
        Self { values: vec![Value::Missing; schema.len()] }
    }

    /// From values in the schema's order.
    ///
    /// # Errors
    /// The first field whose value does not fit, by full name.
    pub fn new(schema: &Schema, mut values: Vec<Value>) -> Result<Self, (String, ValueError)> {
        values.resize(schema.len(), Value::Missing);
        let request = Self { values };
        request.check(schema)?;
        Ok(request)
    }

    /// Whether every field's value fits the schema.
    ///
    /// # Errors
    /// The first field whose value does not fit, by full name.
    pub fn check(&self, schema: &Schema) -> Result<(), (String, ValueError)> {
        for ((_, name, field), value) in schema.fields().zip(&self.values) {
            field.accepts(value).map_err(|error| (name, error))?;
        }
        Ok(())
    }

    /// The value of a field; missing for a position outside the schema.
    #[must_use]
    pub fn get(&self, field: FieldIndex) -> &Value {
        self.values.get(field.at()).unwrap_or(&Value::Missing)
    }

    /// Puts a value; a position outside the schema is left alone. Call [`Request::check`] when all are put.
    pub fn set(&mut self, field: FieldIndex, value: Value) {
        if let Some(place) = self.values.get_mut(field.at()) {
            *place = value;
        }
    }

    /// All values in the schema's order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// When the request arrived, by the schema's time field.
    #[must_use]
    pub fn time(&self, schema: &Schema) -> Option<Timestamp> {
        let (index, _) = schema.find(schema.roles.time.as_str())?;
        match self.get(index) {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }
}
