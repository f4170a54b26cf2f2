//! From a model of the formula to a whole request, and the request made as plain as it can be.

use std::collections::HashMap;
use std::sync::Arc;

use super::encode::term::{Floating, Term, Val, number_at};
use super::encode::{Encoder, Part, open_text, whole};
use super::formula::Model;
use super::linear::Linear;
use countersign_core::model::{
    Definition, Fen, Field, FieldIndex, FieldType, ParameterIndex, Request, RuleSet, Schema, Timestamp, Value,
};
use countersign_core::plan::semantics::to_float;

/// A request that shows what a question asks for, decided before it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// Every field that must have a value has one.
    pub request: Request,
    /// Parameters with other values than the rule set has, where they were free.
    pub parameters: Vec<(ParameterIndex, Value)>,
    /// The fields without which it would not show it, or that no usual value could be put in the place of.
    pub matters: Vec<FieldIndex>,
}

/// A usual value for every field: what a request has where nothing asks for another value.
pub fn usual_request(definition: &Definition) -> Request {
    let schema = &definition.schema;
    let mut request = Request::empty(schema);
    for (index, name, field) in schema.fields() {
        if !field.optional {
            request.set(index, usual_value(definition, &name, field));
        }
    }
    request
}

fn usual_value(definition: &Definition, name: &str, field: &Field) -> Value {
    match &field.kind {
        FieldType::Bool => Value::Bool(false),
        FieldType::Int => Value::Int(1),
        FieldType::Money => Value::Money(Fen(10_000)),
        FieldType::Float => Value::Float(0.0),
        FieldType::Text => Value::Text(Arc::from(format!("{}-1", name.rsplit('.').next().unwrap_or(name)))),
        FieldType::Enum(values) => values.names().next().map_or(Value::Missing, |value| Value::Text(Arc::from(value))),
        FieldType::Time => Value::Time(usual_time(&definition.rule_set)),
    }
}

/// The latest start of a rule, so that most rules hold; else the first of January 2024.
fn usual_time(rule_set: &RuleSet) -> Timestamp {
    let starts = rule_set.rules().filter_map(|(_, _, rule)| rule.window.from.map(|from| from.at));
    let first = Timestamp::from_micros(1_704_067_200_000_000).unwrap_or_default();
    starts.max().unwrap_or(first)
}

impl Encoder {
    /// Solutions look near these values first.
    pub(super) fn prefer(&mut self, usual: &Request) {
        let terms: Vec<(Term, Option<i128>)> = self.fields.iter().cloned().zip(usual.values().iter().map(whole)).collect();
        for (term, value) in terms {
            let Some(value) = value else { continue };
            let linear = match &term.value {
                Val::Int(cases) => cases.first().map(|(_, linear)| linear.clone()),
                Val::Float(cases) => match cases.first() {
                    Some((_, Floating::Place(place))) => Some(place.clone()),
                    _ => None,
                },
                _ => None,
            };
            if let Some([(variable, 1)]) = linear.as_ref().map(|linear| linear.terms.as_slice()) {
                self.formula.prefer(*variable, value);
            }
        }
    }

    /// The request of a model; none where some text has no example.
    pub(super) fn request(&self, model: &Model, schema: &Schema, usual: &Request) -> Option<Request> {
        let mut request = Request::empty(schema);
        let mut named: HashMap<i128, Arc<str>> = HashMap::new();
        for ((index, _, field), term) in schema.fields().zip(&self.fields) {
            if model.holds(term.missing) {
                continue;
            }
            let value = if let Some(open) = open_text(term) {
                let wanted = if let Value::Text(text) = usual.get(index) { Some(text.as_ref()) } else { None };
                let name = self.texts.is_compared(open).then(|| self.texts.name(model, open));
                let known = name.and_then(|name| named.get(&name)).map(AsRef::as_ref);
                let free =
                    |text: &str| name.is_none_or(|name| named.iter().all(|(held, used)| *held == name || used.as_ref() != text));
                let text = self.texts.pick(model, open, known.or(wanted), free)?;
                if let Some(name) = name {
                    named.insert(name, Arc::clone(&text));
                }
                Value::Text(text)
            } else {
                value_in(model, term, &field.kind)?
            };
            request.set(index, value);
        }
        Some(request)
    }

    /// The values of parameters that are not those of the rule set.
    pub(super) fn other_parameters(
        &self,
        model: &Model,
        part: &Part<'_>,
        rule_set: &RuleSet,
    ) -> Option<Vec<(ParameterIndex, Value)>> {
        let mut made = Vec::new();
        for (position, (parameter, term)) in rule_set.parameters.values().zip(&part.parameters).enumerate() {
            let value = match open_text(term) {
                Some(open) => Value::Text(self.texts.pick(model, open, None, |_| true)?),
                None => match value_in(model, term, &parameter.kind) {
                    Some(value) => value,
                    None => continue,
                },
            };
            if value != parameter.value {
                made.push((ParameterIndex::from_position(position)?, value));
            }
        }
        Some(made)
    }
}

/// A value that is no text, as a model has it.
fn value_in(model: &Model, term: &Term, kind: &FieldType) -> Option<Value> {
    let number = |linear: &Linear| model.value(linear);
    match (&term.value, kind) {
        (Val::Bool(truth), _) => Some(Value::Bool(model.holds(*truth))),
        (Val::Int(cases), kind) => {
            let number = i64::try_from(number(&cases.first()?.1)?).ok()?;
            kind.value_of_whole(number)
        }
        (Val::Float(cases), _) => match &cases.first()?.1 {
            Floating::Known(number) => Some(Value::Float(*number)),
            Floating::Place(place) => number_at(number(place)?).map(Value::Float),
            Floating::Whole(whole) => Some(Value::Float(to_float(i64::try_from(number(whole)?).ok()?))),
        },
        (Val::Text(_), _) => None,
    }
}

/// Puts usual values in the place of all that may have them, one field after the other, and names the others.
pub(super) fn plain(
    mut request: Request,
    usual: &Request,
    schema: &Schema,
    mut shows: impl FnMut(&Request) -> bool,
) -> (Request, Vec<FieldIndex>) {
    let mut matters = Vec::new();
    for (index, _, field) in schema.fields() {
        let mut is_needed = false;
        let missing = if field.optional { Some(Value::Missing) } else { None };
        for other in [Some(usual.get(index).clone()), missing].into_iter().flatten() {
            if *request.get(index) == other {
                continue;
            }
            let held = request.get(index).clone();
            request.set(index, other.clone());
            if other == *usual.get(index) {
                if shows(&request) {
                    is_needed = false;
                    break;
                }
                is_needed = true;
            } else if *usual.get(index) != held && shows(&request) {
                is_needed = true;
                break;
            }
            request.set(index, held);
        }
        if is_needed || matters_here(&mut request, index, field, &mut shows) {
            matters.push(index);
        }
    }
    (request, matters)
}

/// Whether another value of the field would no longer show it: tried with one other value.
fn matters_here(request: &mut Request, index: FieldIndex, field: &Field, shows: &mut impl FnMut(&Request) -> bool) -> bool {
    let held = request.get(index).clone();
    let other = match (&held, &field.kind) {
        (Value::Bool(value), _) => Value::Bool(!value),
        (Value::Text(text), FieldType::Enum(values)) => match values.names().find(|value| *value != text.as_ref()) {
            Some(value) => Value::Text(Arc::from(value)),
            None => return false,
        },
        (Value::Text(_), _) if field.optional => Value::Missing,
        _ => return false,
    };
    request.set(index, other);
    let still = shows(request);
    request.set(index, held);
    !still
}
