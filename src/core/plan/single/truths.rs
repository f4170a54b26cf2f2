//! Conditions of one request.

use super::{EvalResult, FAILED, FALSE, MISSING, NeedsInterpreter, Single, TRUE};
use crate::model::Value;
use crate::plan::node::{CompareOp, Constant, NodeId, Op, Set, Unary, ValueKind};
use crate::plan::semantics;

impl Single<'_> {
    /// A truth value; none when missing.
    pub(super) fn truth(&mut self, node: NodeId) -> EvalResult<Option<bool>> {
        match self.state(node) {
            TRUE => return Ok(Some(true)),
            FALSE => return Ok(Some(false)),
            MISSING => return Ok(None),
            FAILED => return Err(NeedsInterpreter),
            _ => {}
        }
        let result = self.truth_of(node);
        let state = match result {
            Ok(Some(true)) => TRUE,
            Ok(Some(false)) => FALSE,
            Ok(None) => MISSING,
            Err(NeedsInterpreter) => FAILED,
        };
        self.note(node, state);
        result
    }

    fn truth_of(&mut self, node: NodeId) -> EvalResult<Option<bool>> {
        let graph = self.graph;
        match &graph.node(node).op {
            Op::Constant(Constant::Bool(value)) => Ok(Some(*value)),
            Op::Constant(Constant::Missing) => Ok(None),
            Op::Field(field) => bool_value(self.request.get(*field)),
            Op::Parameter(parameter) => bool_value(self.plan.parameter(*parameter)),
            Op::Present(one) => self.truth(*one)?.ok_or(NeedsInterpreter).map(Some),
            Op::IsMissing(one) => self.missing(*one).map(Some),
            Op::Unary(Unary::Not, one) => Ok(self.truth(*one)?.map(|value| !value)),
            Op::Call(function, args) => self.call(*function, args, |value| value.as_bool()).map(Some),
            Op::Compare(how, one, other) => self.compare(*how, *one, *other).map(Some),
            Op::All(parts) => {
                for part in parts {
                    if !self.holds(*part)? {
                        return Ok(Some(false));
                    }
                }
                Ok(Some(true))
            }
            Op::Any(parts) => {
                for part in parts {
                    if self.holds(*part)? {
                        return Ok(Some(true));
                    }
                }
                Ok(Some(false))
            }
            Op::Coalesce(one, other) => match self.truth(*one)? {
                Some(value) => Ok(Some(value)),
                None => self.truth(*other),
            },
            Op::Select(condition, one, other) => {
                let taken = if self.holds(*condition)? { *one } else { *other };
                self.truth(taken)
            }
            Op::InList(list, item) => {
                let entries = self.plan.list(*list).ok_or(NeedsInterpreter)?;
                if graph.node(*item).kind == ValueKind::Text {
                    let item = self.text(*item)?.ok_or(NeedsInterpreter)?;
                    return Ok(Some(entries.contains_text(self.read(item))));
                }
                let item = self.int(*item)?.ok_or(NeedsInterpreter)?;
                Ok(Some(entries.contains_int(item)))
            }
            Op::InSet(set, item) => self.in_set(set, *item).map(Some),
            _ => Err(NeedsInterpreter),
        }
    }

    fn in_set(&mut self, set: &Set, item: NodeId) -> EvalResult<bool> {
        match set {
            Set::Ints(numbers) => Ok(self.int(item)?.is_some_and(|item| numbers.binary_search(&item).is_ok())),
            Set::Texts(texts) => {
                let Some(item) = self.text(item)? else { return Ok(false) };
                let item = self.read(item);
                if texts.len() < 8 {
                    return Ok(texts.iter().any(|text| text.as_ref() == item));
                }
                Ok(texts.binary_search_by(|text| text.as_ref().cmp(item)).is_ok())
            }
        }
    }

    fn compare(&mut self, how: CompareOp, one: NodeId, other: NodeId) -> EvalResult<bool> {
        match self.graph.node(one).kind {
            ValueKind::I64 => {
                let (one, other) = (self.int(one)?, self.int(other)?);
                Ok(both(how, one, other, |one, other| semantics::compare(how, &one, &other)))
            }
            ValueKind::F64 => {
                let (one, other) = (self.float(one)?, self.float(other)?);
                match (one, other) {
                    (Some(one), Some(other)) => semantics::compare_floats(how, one, other).ok_or(NeedsInterpreter),
                    (one, other) => Ok(semantics::compare_missing(how, one.is_none() && other.is_none())),
                }
            }
            ValueKind::Bool => {
                let (one, other) = (self.truth(one)?, self.truth(other)?);
                Ok(both(how, one, other, |one, other| semantics::compare(how, &one, &other)))
            }
            ValueKind::Text => {
                let (one, other) = (self.text(one)?, self.text(other)?);
                Ok(both(how, one, other, |one, other| {
                    let (one, other) = (self.read(one), self.read(other));
                    match how {
                        CompareOp::Equal | CompareOp::Same => one == other,
                        CompareOp::NotEqual => one != other,
                        _ => semantics::compare(how, one, other),
                    }
                }))
            }
        }
    }
}

/// Compares what is there; a missing value compares by its absence.
fn both<T>(how: CompareOp, one: Option<T>, other: Option<T>, compare: impl FnOnce(T, T) -> bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => compare(one, other),
        (one, other) => semantics::compare_missing(how, one.is_none() && other.is_none()),
    }
}

fn bool_value(value: &Value) -> EvalResult<Option<bool>> {
    match value {
        Value::Bool(value) => Ok(Some(*value)),
        Value::Missing => Ok(None),
        _ => Err(NeedsInterpreter),
    }
}
