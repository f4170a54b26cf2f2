//! Operators with two operands, by the kinds of their operands.

use super::super::node::{Binary, CompareOp, NodeId, Unary, ValueKind};
use super::super::rule::NotLowered;
use super::value::LoweredValue;
use super::{Lowered, PlanLowering};
use crate::script::tree::{BinaryOp, Expr};
use crate::text::Span;

impl PlanLowering<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, lhs: &Expr, rhs: &Expr, span: Span) -> Lowered<LoweredValue> {
        let (one, other) = (self.operand(lhs)?, self.operand(rhs)?);
        if matches!(op, BinaryOp::Range | BinaryOp::InclusiveRange) {
            let (low, high) = (Self::as_scalar(&one, lhs.span)?, Self::as_scalar(&other, rhs.span)?);
            if self.graph.node(low).kind != ValueKind::I64 || self.graph.node(high).kind != ValueKind::I64 {
                return Err(unlike(span));
            }
            let (low, high) = (self.graph.present(low), self.graph.present(high));
            return Ok(LoweredValue::Range { low, high, inclusive: op == BinaryOp::InclusiveRange });
        }
        self.operate(op, &one, &other, span).map(LoweredValue::Scalar)
    }

    /// `one op other`.
    pub(super) fn operate(&mut self, op: BinaryOp, one: &LoweredValue, other: &LoweredValue, span: Span) -> Lowered<NodeId> {
        if let Some(how) = CompareOp::of(op) {
            return self.compare(how, one, other, span);
        }
        let (one, other) = (Self::as_scalar(one, span)?, Self::as_scalar(other, span)?);
        let how = Binary::of(op).ok_or_else(|| unlike(span))?;
        match (self.graph.node(one).kind, self.graph.node(other).kind) {
            (ValueKind::I64, ValueKind::I64) => Ok(self.graph.binary(how, one, other)),
            (ValueKind::F64 | ValueKind::I64, ValueKind::F64 | ValueKind::I64) => {
                let (one, other) = (self.graph.present(one), self.graph.present(other));
                let (one, other) = self.both_floats(one, other);
                Ok(self.graph.binary(how, one, other))
            }
            (ValueKind::Text, ValueKind::Text) if how == Binary::Add => Ok(self.graph.binary(Binary::Concat, one, other)),
            _ => Err(unlike(span)),
        }
    }

    fn compare(&mut self, how: CompareOp, one: &LoweredValue, other: &LoweredValue, span: Span) -> Lowered<NodeId> {
        let node = match (one, other) {
            (LoweredValue::Unit, LoweredValue::Unit) => return Ok(self.graph.truth(how == CompareOp::Equal)),
            (LoweredValue::Scalar(node), LoweredValue::Unit) | (LoweredValue::Unit, LoweredValue::Scalar(node)) => *node,
            _ => {
                let (one, other) = (Self::as_scalar(one, span)?, Self::as_scalar(other, span)?);
                return match (self.graph.node(one).kind, self.graph.node(other).kind) {
                    (ValueKind::Bool, ValueKind::Bool) if !matches!(how, CompareOp::Equal | CompareOp::NotEqual) => {
                        Err(unlike(span))
                    }
                    (left, right) if left == right => Ok(self.graph.compare(how, one, other)),
                    (ValueKind::I64, ValueKind::F64) | (ValueKind::F64, ValueKind::I64) => {
                        let (one, other) = self.both_floats(one, other);
                        Ok(self.graph.compare(how, one, other))
                    }
                    _ => Err(unlike(span)),
                };
            }
        };
        let missing = self.graph.is_missing(node);
        match how {
            CompareOp::Equal => Ok(missing),
            CompareOp::NotEqual => Ok(self.graph.unary(Unary::Not, missing)),
            _ => Err(NotLowered::new(span, "an order between a value and nothing `()`", "值与空值 `()` 之间的大小比较")),
        }
    }

    /// Both as numbers with a fraction; a missing one stays missing.
    pub(super) fn both_floats(&mut self, one: NodeId, other: NodeId) -> (NodeId, NodeId) {
        (self.float(one), self.float(other))
    }

    fn float(&mut self, node: NodeId) -> NodeId {
        if self.graph.node(node).kind == ValueKind::F64 {
            return node;
        }
        if !self.graph.node(node).nullable {
            return self.graph.unary(Unary::ToFloat, node);
        }
        let there = self.graph.unary(Unary::ToFloat, node);
        let (absent, missing) = (self.graph.is_missing(node), self.graph.missing(ValueKind::F64));
        self.graph.select(absent, missing, there)
    }
}

fn unlike(span: Span) -> NotLowered {
    NotLowered::new(span, "an operator between such types", "此类类型之间的运算")
}
