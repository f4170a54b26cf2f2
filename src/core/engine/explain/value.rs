//! The value of an expression while a request is explained, and what operators and functions make of such values.
//!
//! Operators have their values from [`crate::plan::semantics`], functions from [`crate::script::functions`]. `None` is a failure, which the
//! interpreter words.

use std::rc::Rc;
use std::sync::Arc;

use crate::model::{Definition, Fen, Limit, Limits, ListEntries, ListIndex, Outcome, Value, Zone};
use crate::plan::{Binary, CompareOp, Constant, Unary, semantics};
use crate::script::BUDGET;
use crate::script::functions::{FunctionId, ScriptValue};
use crate::script::tree::{BinaryOp, OutcomeCall, UnaryOp};

/// The value of an expression for one request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExplainedValue {
    /// Nothing, a truth value, a number or a text.
    Plain(Constant),
    /// `lists.x`.
    List(ListIndex),
    /// `[a, b]`.
    Array(Rc<[ExplainedValue]>),
    /// `#{ name: v }`.
    Map(Rc<[(Arc<str>, ExplainedValue)]>),
    /// `a..b`, `a..=b`.
    Range(i64, i64, bool),
    /// What an outcome function gave.
    Outcome(Outcome),
}

impl ExplainedValue {
    pub(super) const MISSING: Self = Self::Plain(Constant::Missing);

    pub(super) fn of(value: &Value) -> Self {
        Self::Plain(match value {
            Value::Missing => Constant::Missing,
            Value::Bool(value) => Constant::Bool(*value),
            Value::Int(number) => Constant::Int(*number),
            Value::Money(fen) => Constant::Int(fen.0),
            Value::Time(time) => Constant::Int(time.micros()),
            Value::Float(number) => Constant::Float(number.to_bits()),
            Value::Text(text) => Constant::Text(text.clone()),
        })
    }

    pub(super) fn truth(value: bool) -> Self {
        Self::Plain(Constant::Bool(value))
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Self::Plain(Constant::Bool(value)) = self { Some(*value) } else { None }
    }

    pub(super) fn as_int(&self) -> Option<i64> {
        if let Self::Plain(Constant::Int(number)) = self { Some(*number) } else { None }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Plain(Constant::Text(text)) = self { Some(text) } else { None }
    }

    /// A number of either kind, with a fraction.
    pub(super) fn as_float(&self) -> Option<f64> {
        match self {
            Self::Plain(Constant::Int(number)) => Some(semantics::to_float(*number)),
            Self::Plain(Constant::Float(bits)) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    fn as_script_value(&self) -> Option<ScriptValue<'_>> {
        match self {
            Self::Plain(constant) => constant.as_script_value(),
            Self::Array(items) => Some(ScriptValue::Array(items.len())),
            _ => None,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        *self == Self::MISSING
    }

    /// The script's value as its outcomes, as the interpreter reads them.
    pub(super) fn outcomes(&self) -> Option<Vec<Outcome>> {
        match self {
            Self::Plain(Constant::Missing) => Some(Vec::new()),
            Self::Outcome(outcome) => Some(vec![outcome.clone()]),
            Self::Array(items) => {
                items.iter().map(|item| if let Self::Outcome(outcome) = item { Some(outcome.clone()) } else { None }).collect()
            }
            _ => None,
        }
    }
}

/// `op x`.
pub(super) fn unary(op: UnaryOp, operand: &ExplainedValue) -> Option<ExplainedValue> {
    let ExplainedValue::Plain(constant) = operand else { return None };
    match (op, constant) {
        (UnaryOp::Not, Constant::Bool(value)) => Some(ExplainedValue::truth(!value)),
        (UnaryOp::Plus, Constant::Int(_) | Constant::Float(_)) => Some(operand.clone()),
        (UnaryOp::Negate, Constant::Int(_) | Constant::Float(_)) => {
            semantics::fold_unary(Unary::Negate, constant).map(ExplainedValue::Plain)
        }
        _ => None,
    }
}

/// `one op other`.
pub(super) fn binary(op: BinaryOp, one: &ExplainedValue, other: &ExplainedValue) -> Option<ExplainedValue> {
    if let Some(how) = CompareOp::of(op) {
        return compare(how, one, other).map(ExplainedValue::truth);
    }
    if matches!(op, BinaryOp::Range | BinaryOp::InclusiveRange) {
        return Some(ExplainedValue::Range(one.as_int()?, other.as_int()?, op == BinaryOp::InclusiveRange));
    }
    let how = Binary::of(op)?;
    if let (Some(one), Some(other)) = (one.as_int(), other.as_int()) {
        return semantics::apply_arith(how, one, other).map(|made| ExplainedValue::Plain(Constant::Int(made)));
    }
    if let (Some(one), Some(other)) = (one.as_text(), other.as_text()) {
        let fits = how == Binary::Add && one.len() + other.len() <= BUDGET.text_bytes;
        return fits.then(|| ExplainedValue::Plain(Constant::text(&[one, other].concat())));
    }
    let made = semantics::apply_float_arith(how, one.as_float()?, other.as_float()?)?;
    Some(ExplainedValue::Plain(Constant::Float(made.to_bits())))
}

fn compare(how: CompareOp, one: &ExplainedValue, other: &ExplainedValue) -> Option<bool> {
    let equality = matches!(how, CompareOp::Equal | CompareOp::NotEqual | CompareOp::Same);
    if one.is_missing() || other.is_missing() {
        return equality.then(|| semantics::compare_missing(how, one == other));
    }
    match (one, other) {
        (ExplainedValue::Plain(Constant::Bool(_)), ExplainedValue::Plain(Constant::Bool(_))) if !equality => None,
        (ExplainedValue::Plain(Constant::Int(_)), ExplainedValue::Plain(Constant::Float(_)))
        | (ExplainedValue::Plain(Constant::Float(_)), ExplainedValue::Plain(Constant::Int(_))) => {
            semantics::compare_floats(how, one.as_float()?, other.as_float()?)
        }
        (ExplainedValue::Plain(one), ExplainedValue::Plain(other)) => semantics::fold_comparison(how, one, other),
        _ => None,
    }
}

/// `item in container`.
pub(super) fn within(item: &ExplainedValue, container: &ExplainedValue, definition: &Definition) -> Option<bool> {
    match container {
        ExplainedValue::Array(elements) => {
            for element in elements.iter() {
                if compare(CompareOp::Same, element, item)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        ExplainedValue::List(list) => {
            let (_, list) = definition.rule_set.lists.get_index(list.at())?;
            match &list.entries {
                ListEntries::Text(_) => Some(list.entries.contains_text(item.as_text()?)),
                ListEntries::Int(_) => Some(list.entries.contains_int(item.as_int()?)),
            }
        }
        ExplainedValue::Range(low, high, inclusive) => {
            let item = item.as_int()?;
            Some(*low <= item && (item < *high || (*inclusive && item == *high)))
        }
        ExplainedValue::Plain(Constant::Text(text)) => Some(text.contains(item.as_text()?)),
        _ => None,
    }
}

/// A call of a function that gives a value; the interpreter stops at a text that is too long.
pub(super) fn call(function: FunctionId, args: &[ExplainedValue], zone: Zone) -> Option<ExplainedValue> {
    let args: Vec<ScriptValue<'_>> = args.iter().map(ExplainedValue::as_script_value).collect::<Option<_>>()?;
    let value = function.evaluate(&args, zone).ok().and_then(Constant::of)?;
    Some(ExplainedValue::Plain(value)).filter(|made| made.as_text().is_none_or(|text| text.len() <= BUDGET.text_bytes))
}

/// A call of an outcome function.
pub(super) fn outcome(call: OutcomeCall, args: &[ExplainedValue], definition: &Definition) -> Option<Outcome> {
    let rules = &definition.rule_set;
    match (call, args) {
        (OutcomeCall::Verdict(verdict), [code]) => Some(Outcome::Verdict(verdict, rules.reason_index(code.as_text()?)?)),
        (OutcomeCall::Score, [points, code]) => Some(Outcome::Score(points.as_int()?, rules.reason_index(code.as_text()?)?)),
        (OutcomeCall::Route, [id]) => {
            let position = rules.interfaces.get_index_of(id.as_text()?)?;
            crate::model::InterfaceIndex::from_position(position).map(Outcome::Route)
        }
        (OutcomeCall::Limit, [ExplainedValue::Map(entries)]) if !entries.is_empty() => {
            let mut limits = Limits::default();
            for (name, amount) in entries.iter() {
                let limit = Limit::ALL.into_iter().find(|limit| limit.word() == name.as_ref())?;
                limits.set(limit, Fen(amount.as_int().filter(|fen| *fen >= 0)?));
            }
            Some(Outcome::Limit(limits))
        }
        _ => None,
    }
}
