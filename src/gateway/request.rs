//! A request from named fields, typed by the schema; whatever does not fit is named.

use std::fmt;

use serde::Serialize;

use crate::diagnostic::nearest;
use crate::model::{FieldIndex, Request, Scalar, Schema, Value, ValueError};
use crate::text::{Language, LocalText};

/// A field that is unknown, given twice, missing, or does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's full name as given: `customer.age`.
    pub field: String,
    /// What is wrong, in both languages.
    pub message: LocalText,
}

/// Everything that is wrong with a request, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FieldErrors(pub Vec<FieldError>);

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> =
            self.0.iter().map(|error| format!("`{}`: {}", error.field, error.message.get(Language::En))).collect();
        f.write_str(&lines.join("; "))
    }
}

impl std::error::Error for FieldErrors {}

/// Gathers the fields of one request.
#[derive(Clone, Debug)]
pub struct RequestBuilder<'a> {
    schema: &'a Schema,
    values: Vec<Option<Value>>,
    errors: Vec<FieldError>,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self { schema, values: vec![None; schema.len()], errors: Vec::new() }
    }

    /// Gives a field its value: a number, `true` or `false`, or a text (also for money, `5000.00` in yuan, and times). Texts are brought
    /// to normal form as those of request files and lists are. Nothing given, an empty text, or `Scalar::Missing(())`, is a missing value.
    pub fn set(&mut self, name: &str, value: impl Into<Scalar>) -> &mut Self {
        let value = value.into();
        match self.schema.find(name) {
            None => {
                let error = self.unknown(name);
                self.errors.push(error);
            }
            Some((index, field)) => match field.read(&value, self.schema.zone) {
                Ok(value) => self.put(index, name, value),
                Err(error) => self.errors.push(FieldError { field: name.to_owned(), message: explain(&error, field.kind.name()) }),
            },
        }
        self
    }

    fn put(&mut self, index: FieldIndex, name: &str, value: Value) {
        match self.values.get_mut(index.at()) {
            Some(place @ None) => *place = Some(value),
            Some(Some(_)) => {
                let message = LocalText::new("the field is given twice", "该字段给出了两次");
                self.errors.push(FieldError { field: name.to_owned(), message });
            }
            None => {}
        }
    }

    fn unknown(&self, name: &str) -> FieldError {
        let names: Vec<String> = self.schema.fields().map(|(_, name, _)| name).collect();
        let message = match nearest(name, names.iter().map(String::as_str)) {
            Some(best) => LocalText::new(
                format!("the schema has no such field, did you mean `{best}`?"),
                format!("请求结构中没有该字段，是否想写 `{best}`？"),
            ),
            None => LocalText::new("the schema has no such field", "请求结构中没有该字段"),
        };
        FieldError { field: name.to_owned(), message }
    }

    /// The request.
    ///
    /// # Errors
    /// Every field that is unknown, given twice, missing without being optional, or does not fit.
    pub fn finish(self) -> Result<Request, FieldErrors> {
        let Self { schema, values, mut errors } = self;
        let mut request = Request::empty(schema);
        for ((index, name, field), value) in schema.fields().zip(values) {
            let value = value.unwrap_or(Value::Missing);
            match field.accepts(&value) {
                Ok(()) => request.set(index, value),
                // What was given and did not fit has its own error already.
                Err(_) if errors.iter().any(|error| error.field == name) => {}
                Err(error) => errors.push(FieldError { message: explain(&error, field.kind.name()), field: name }),
            }
        }
        if errors.is_empty() { Ok(request) } else { Err(FieldErrors(errors)) }
    }
}

fn explain(error: &ValueError, kind: &str) -> LocalText {
    match error {
        ValueError::Missing => LocalText::new("a value is missing", "缺少值"),
        ValueError::NotA(wanted) => LocalText::new(format!("the value is not {wanted}"), format!("该值不是 {kind} 类型")),
        ValueError::NotInEnum => LocalText::new("the value is not one of the field's values", "该值不在字段的取值范围内"),
    }
}
