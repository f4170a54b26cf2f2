//! Operators with two operands, by the kinds of their operands.

use super::super::node::{Binary, Comparison, Kind, NodeId, Unary};
use super::super::rule::NotLowered;
use super::value::Val;
use super::{Lower, Lowered};
use crate::script::tree::{BinaryOp, Expr};
use crate::text::Span;

impl Lower<'_> {
    pub(super) fn binary(&mut self, op: BinaryOp, lhs: &Expr, rhs: &Expr, span: Span) -> Lowered<Val> {
        let (one, other) = (self.operand(lhs)?, self.operand(rhs)?);
        if matches!(op, BinaryOp::Range | BinaryOp::InclusiveRange) {
            let (low, high) = (Self::as_scalar(&one, lhs.span)?, Self::as_scalar(&other, rhs.span)?);
            if self.graph.node(low).kind != Kind::I64 || self.graph.node(high).kind != Kind::I64 {
                return Err(unlike(span));
            }
            let (low, high) = (self.graph.present(low), self.graph.present(high));
            return Ok(Val::Range { low, high, inclusive: op == BinaryOp::InclusiveRange });
        }
        self.operate(op, &one, &other, span).map(Val::Scalar)
    }

    /// `one op other`.
    pub(super) fn operate(&mut self, op: BinaryOp, one: &Val, other: &Val, span: Span) -> Lowered<NodeId> {
        if let Some(how) = Comparison::of(op) {
            return self.compare(how, one, other, span);
        }
        let (one, other) = (Self::as_scalar(one, span)?, Self::as_scalar(other, span)?);
        let how = Binary::of(op).ok_or_else(|| unlike(span))?;
        match (self.graph.node(one).kind, self.graph.node(other).kind) {
            (Kind::I64, Kind::I64) => Ok(self.graph.binary(how, one, other)),
            (Kind::F64 | Kind::I64, Kind::F64 | Kind::I64) => {
                let (one, other) = (self.graph.present(one), self.graph.present(other));
                let (one, other) = self.both_floats(one, other);
                Ok(self.graph.binary(how, one, other))
            }
            (Kind::Text, Kind::Text) if how == Binary::Add => Ok(self.graph.binary(Binary::Concat, one, other)),
            _ => Err(unlike(span)),
        }
    }

    fn compare(&mut self, how: Comparison, one: &Val, other: &Val, span: Span) -> Lowered<NodeId> {
        let node = match (one, other) {
            (Val::Unit, Val::Unit) => return Ok(self.graph.truth(how == Comparison::Equal)),
            (Val::Scalar(node), Val::Unit) | (Val::Unit, Val::Scalar(node)) => *node,
            _ => {
                let (one, other) = (Self::as_scalar(one, span)?, Self::as_scalar(other, span)?);
                return match (self.graph.node(one).kind, self.graph.node(other).kind) {
                    (Kind::Bool, Kind::Bool) if !matches!(how, Comparison::Equal | Comparison::NotEqual) => Err(unlike(span)),
                    (left, right) if left == right => Ok(self.graph.compare(how, one, other)),
                    (Kind::I64, Kind::F64) | (Kind::F64, Kind::I64) => {
                        let (one, other) = self.both_floats(one, other);
                        Ok(self.graph.compare(how, one, other))
                    }
                    _ => Err(unlike(span)),
                };
            }
        };
        let missing = self.graph.is_missing(node);
        match how {
            Comparison::Equal => Ok(missing),
            Comparison::NotEqual => Ok(self.graph.unary(Unary::Not, missing)),
            _ => Err(NotLowered::new(span, "an order between a value and nothing `()`", "值与空值 `()` 之间的大小比较")),
        }
    }

    /// Both as numbers with a fraction; a missing one stays missing.
    pub(super) fn both_floats(&mut self, one: NodeId, other: NodeId) -> (NodeId, NodeId) {
        (self.float(one), self.float(other))
    }

    fn float(&mut self, node: NodeId) -> NodeId {
        if self.graph.node(node).kind == Kind::F64 {
            return node;
        }
        if !self.graph.node(node).nullable {
            return self.graph.unary(Unary::ToFloat, node);
        }
        let there = self.graph.unary(Unary::ToFloat, node);
        let (absent, missing) = (self.graph.is_missing(node), self.graph.missing(Kind::F64));
        self.graph.select(absent, missing, there)
    }
}

fn unlike(span: Span) -> NotLowered {
    NotLowered::new(span, "an operator between such types", "此类类型之间的运算")
}
