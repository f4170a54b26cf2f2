//! Numbers of one request. Those that cost nothing to read are read again; the others are kept.

use super::{DONE, EvalResult, FAILED, MISSING, NeedsInterpreter, Single};
use crate::model::Value;
use crate::plan::node::{Constant, NodeId, Op, Unary};
use crate::plan::semantics;

impl Single<'_> {
    /// A whole number; none when missing.
    pub(super) fn int(&mut self, node: NodeId) -> EvalResult<Option<i64>> {
        match &self.graph.node(node).op {
            Op::Constant(Constant::Int(number)) => return Ok(Some(*number)),
            Op::Constant(Constant::Missing) => return Ok(None),
            Op::Field(field) => return int_value(self.request.get(*field)),
            Op::Parameter(parameter) => return int_value(self.plan.parameter(*parameter)),
            _ => {}
        }
        match self.state(node) {
            DONE => return Ok(Some(self.number(node))),
            MISSING => return Ok(None),
            FAILED => return Err(NeedsInterpreter),
            _ => {}
        }
        let result = self.int_of(node);
        self.keep(node, result);
        result
    }

    fn int_of(&mut self, node: NodeId) -> EvalResult<Option<i64>> {
        let graph = self.graph;
        match &graph.node(node).op {
            Op::Present(one) => self.int(*one)?.ok_or(NeedsInterpreter).map(Some),
            Op::Unary(Unary::Negate, one) => self.int(*one)?.and_then(i64::checked_neg).ok_or(NeedsInterpreter).map(Some),
            Op::Unary(Unary::LimitAmount, one) => self.int(*one)?.filter(|amount| *amount >= 0).ok_or(NeedsInterpreter).map(Some),
            Op::Binary(how, one, other) => {
                let (one, other) = (self.int(*one)?.ok_or(NeedsInterpreter)?, self.int(*other)?.ok_or(NeedsInterpreter)?);
                semantics::apply_arith(*how, one, other).ok_or(NeedsInterpreter).map(Some)
            }
            Op::Call(function, args) => self.call(*function, args, |value| value.as_int()).map(Some),
            Op::Coalesce(one, other) => match self.int(*one)? {
                Some(number) => Ok(Some(number)),
                None => self.int(*other),
            },
            Op::Select(condition, one, other) => {
                let taken = if self.holds(*condition)? { *one } else { *other };
                self.int(taken)
            }
            Op::Reason(one) => {
                let code = self.text(*one)?.ok_or(NeedsInterpreter)?;
                let position = self.plan.reason(self.read(code)).ok_or(NeedsInterpreter)?;
                Ok(Some(i64::from(position.0)))
            }
            Op::Interface(one) => {
                let id = self.text(*one)?.ok_or(NeedsInterpreter)?;
                let position = self.plan.interface(self.read(id)).ok_or(NeedsInterpreter)?;
                Ok(Some(i64::from(position.0)))
            }
            _ => Err(NeedsInterpreter),
        }
    }

    /// A number with a fraction; none when missing.
    pub(super) fn float(&mut self, node: NodeId) -> EvalResult<Option<f64>> {
        match &self.graph.node(node).op {
            Op::Constant(Constant::Float(bits)) => return Ok(Some(f64::from_bits(*bits))),
            Op::Constant(Constant::Missing) => return Ok(None),
            Op::Field(field) => return float_value(self.request.get(*field)),
            Op::Parameter(parameter) => return float_value(self.plan.parameter(*parameter)),
            _ => {}
        }
        match self.state(node) {
            DONE => return Ok(Some(from_bits(self.number(node)))),
            MISSING => return Ok(None),
            FAILED => return Err(NeedsInterpreter),
            _ => {}
        }
        let result = self.float_of(node);
        self.keep(node, result.map(|number| number.map(to_bits)));
        result
    }

    fn float_of(&mut self, node: NodeId) -> EvalResult<Option<f64>> {
        let graph = self.graph;
        match &graph.node(node).op {
            Op::Present(one) => self.float(*one)?.ok_or(NeedsInterpreter).map(Some),
            Op::Unary(Unary::ToFloat, one) => Ok(Some(semantics::to_float(self.int(*one)?.ok_or(NeedsInterpreter)?))),
            Op::Unary(Unary::Negate, one) => Ok(self.float(*one)?.map(|number| -number)),
            Op::Call(function, args) => self.call(*function, args, |value| value.as_float()).map(Some),
            Op::Binary(how, one, other) => {
                let (one, other) = (self.float(*one)?.ok_or(NeedsInterpreter)?, self.float(*other)?.ok_or(NeedsInterpreter)?);
                semantics::apply_float_arith(*how, one, other).ok_or(NeedsInterpreter).map(Some)
            }
            Op::Coalesce(one, other) => match self.float(*one)? {
                Some(number) => Ok(Some(number)),
                None => self.float(*other),
            },
            Op::Select(condition, one, other) => {
                let taken = if self.holds(*condition)? { *one } else { *other };
                self.float(taken)
            }
            _ => Err(NeedsInterpreter),
        }
    }
}

#[expect(clippy::cast_possible_wrap, reason = "bits, not a number")]
fn to_bits(number: f64) -> i64 {
    number.to_bits() as i64
}

#[expect(clippy::cast_sign_loss, reason = "bits, not a number")]
fn from_bits(bits: i64) -> f64 {
    f64::from_bits(bits as u64)
}

fn int_value(value: &Value) -> EvalResult<Option<i64>> {
    match value {
        Value::Int(number) => Ok(Some(*number)),
        Value::Money(fen) => Ok(Some(fen.0)),
        Value::Time(time) => Ok(Some(time.micros())),
        Value::Missing => Ok(None),
        _ => Err(NeedsInterpreter),
    }
}

fn float_value(value: &Value) -> EvalResult<Option<f64>> {
    match value {
        Value::Float(number) => Ok(Some(*number)),
        Value::Missing => Ok(None),
        _ => Err(NeedsInterpreter),
    }
}
