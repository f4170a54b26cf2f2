//! A request from named fields, typed by the schema; whatever does not fit is named.

use std::fmt;

use serde::Serialize;

use crate::diagnostic::nearest;
use crate::model::{Field, FieldIndex, FieldType, Request, Scalar, Schema, Value, ValueError, Zone};
use crate::text::{Language, LocalText};

/// How many errors of one request are named; the last says how many more there are.
const MOST_ERRORS: usize = 20;
/// Longer names are cut in an error, in characters: whoever sent them knows them.
const LONGEST_NAME: usize = 64;

/// A field that is unknown, given twice, missing, or does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field's full name as given, cut to 64 characters: `customer.age`; empty for the count of further errors.
    pub field: String,
    /// What is wrong, in both languages.
    pub message: LocalText,
}

/// What is wrong with a request: one to 20 errors, the last of which counts those that are not named.
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
    /// Whether a field was given a value that does not fit, in the schema's order.
    faulty: Vec<bool>,
    /// The schema's names, listed when the first unknown one is met.
    names: Vec<String>,
    errors: Vec<FieldError>,
    /// Errors beyond those named.
    more: usize,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let (values, faulty) = (vec![None; schema.len()], vec![false; schema.len()]);
        Self { schema, values, faulty, names: Vec::new(), errors: Vec::new(), more: 0 }
    }

    /// Gives a field its value: a number, `true` or `false`, or a text (also for money, `5000.00` in yuan, and times). Texts are brought
    /// to normal form as those of request files and lists are. Nothing given, an empty text, or `Scalar::Missing(())`, is a missing value.
    pub fn set(&mut self, name: &str, value: impl Into<Scalar>) -> &mut Self {
        let value = value.into();
        self.set_by(name, |field, zone| field.read(&value, zone))
    }

    /// The same for a text, which is not copied.
    pub fn set_text(&mut self, name: &str, text: &str) -> &mut Self {
        self.set_by(name, |field, zone| match field.kind {
            FieldType::Text | FieldType::Enum(_) | FieldType::Money | FieldType::Time => field.parse(text, zone),
            FieldType::Bool | FieldType::Int | FieldType::Float => field.read(&Scalar::from(text), zone),
        })
    }

    fn set_by(&mut self, name: &str, read: impl FnOnce(&Field, Zone) -> Result<Value, ValueError>) -> &mut Self {
        match self.schema.find(name) {
            None if self.errors.len() < MOST_ERRORS => {
                let message = self.unknown(name);
                self.fail(name, message);
            }
            None => self.more += 1,
            Some((index, field)) => match read(field, self.schema.zone) {
                Ok(value) => self.put(index, name, value),
                Err(error) => {
                    if let Some(faulty) = self.faulty.get_mut(index.at()) {
                        *faulty = true;
                    }
                    self.fail(name, explain(&error, field.kind.name()));
                }
            },
        }
        self
    }

    fn fail(&mut self, name: &str, message: LocalText) {
        if self.errors.len() >= MOST_ERRORS {
            self.more += 1;
            return;
        }
        let mut field: String = name.chars().take(LONGEST_NAME).collect();
        if field.len() < name.len() {
            field.push('…');
        }
        self.errors.push(FieldError { field, message });
    }

    fn put(&mut self, index: FieldIndex, name: &str, value: Value) {
        match self.values.get_mut(index.at()) {
            Some(place @ None) => *place = Some(value),
            Some(Some(_)) => {
                self.fail(name, LocalText::new("the field is given twice", "该字段给出了两次"));
            }
            None => {}
        }
    }

    fn unknown(&mut self, name: &str) -> LocalText {
        if self.names.is_empty() {
            self.names = self.schema.fields().map(|(_, name, _)| name).collect();
        }
        match nearest(name, self.names.iter().map(String::as_str)) {
            Some(best) => LocalText::new(
                format!("the schema has no such field, did you mean `{best}`?"),
                format!("请求结构中没有该字段，是否想写 `{best}`？"),
            ),
            None => LocalText::new("the schema has no such field", "请求结构中没有该字段"),
        }
    }

    /// The request, with the values of derived fields. One that may be missing is given as a missing value where it is: left out, nobody
    /// could tell whether it was computed at all.
    ///
    /// # Errors
    /// Every field that is unknown, given twice, missing without being optional, or does not fit; every derived field that is not given.
    pub fn finish(self) -> Result<Request, FieldErrors> {
        self.build(true)
    }

    /// The request without its derived fields, for a [`HistoryStore`](super::HistoryStore) that computes them.
    ///
    /// # Errors
    /// As [`RequestBuilder::finish`]; and every derived field that is given.
    pub fn finish_for_store(self) -> Result<Request, FieldErrors> {
        self.build(false)
    }

    fn build(mut self, has_derived: bool) -> Result<Request, FieldErrors> {
        let mut request = Request::empty(self.schema);
        let values = std::mem::take(&mut self.values);
        let schema = self.schema;
        for ((index, field), value) in schema.indexed().zip(values) {
            if field.derived.is_some() && value.is_some() != has_derived && self.faulty.get(index.at()) != Some(&true) {
                let message = if has_derived {
                    LocalText::new(
                        "the value is derived from earlier requests and was not given: give it, or a missing value where it has none",
                        "该值由更早的请求派生，但未给出：请给出该值，没有值时请给出空值",
                    )
                } else {
                    LocalText::new("the store computes this value: leave it out", "该值由历史存储计算，请勿给出")
                };
                self.fail(&schema.name_of(index).unwrap_or_default(), message);
                continue;
            }
            if field.derived.is_some() && !has_derived {
                continue;
            }
            let value = value.unwrap_or(Value::Missing);
            match field.accepts(&value) {
                Ok(()) => request.set(index, value),
                // What was given and did not fit has its own error already.
                Err(_) if self.faulty.get(index.at()) == Some(&true) => {}
                Err(error) => self.fail(&schema.name_of(index).unwrap_or_default(), explain(&error, field.kind.name())),
            }
        }
        if self.errors.is_empty() {
            return Ok(request);
        }
        if self.more > 0 {
            let more = self.more + 1;
            self.errors.pop();
            let message = LocalText::new(format!("{more} more errors"), format!("另有 {more} 处错误"));
            self.errors.push(FieldError { field: String::new(), message });
        }
        Err(FieldErrors(self.errors))
    }
}

fn explain(error: &ValueError, kind: &str) -> LocalText {
    match error {
        ValueError::Missing => LocalText::new("a value is missing", "缺少值"),
        ValueError::NotA(wanted) => LocalText::new(format!("the value is not {wanted}"), format!("该值不是 {kind} 类型")),
        ValueError::NotInEnum => LocalText::new("the value is not one of the field's values", "该值不在字段的取值范围内"),
    }
}
