//! What operators take and give.

use super::ScriptLowering;
use crate::model::Value;
use crate::script::fault::FaultKind;
use crate::script::tree::{BinaryOp, Expr};
use crate::script::types::Type;
use crate::text::Span;

impl ScriptLowering<'_> {
    /// The type of `lhs op rhs`, and its value where every request has the same.
    pub(super) fn operate(&mut self, op: BinaryOp, span: Span, lhs: &Expr, rhs: &Expr) -> (Type, Option<Value>) {
        if op.is_comparison() {
            return (Type::Bool, self.compare(op, span, lhs, rhs));
        }
        let (left, right) = (self.present(lhs), self.present(rhs));
        if left.is_silent() || right.is_silent() {
            return (Type::Unknown, None);
        }
        if let Some(ty) = gives(op, &left, &right) {
            return (ty, folded(op, lhs, rhs));
        }
        let money = matches!((&left, &right), (Type::Money, Type::Float) | (Type::Float, Type::Money));
        let kind =
            if money { FaultKind::FloatAsMoney } else { FaultKind::WrongOperand { op: op.symbol(), lhs: left, rhs: Some(right) } };
        self.fault(span.to(lhs.span).to(rhs.span), kind);
        (Type::Unknown, None)
    }
}

/// What an operator gives for two types; none where it does not take them.
fn gives(op: BinaryOp, left: &Type, right: &Type) -> Option<Type> {
    use BinaryOp as O;
    use Type as T;
    Some(match (left, op, right) {
        (T::Int, O::Range | O::InclusiveRange, T::Int) => T::Range,
        (_, O::Range | O::InclusiveRange, _) => return None,
        (T::Int, _, T::Int) | (T::Money, O::Divide, T::Money) => T::Int,
        (T::Float, _, T::Float | T::Int) | (T::Int, _, T::Float) => T::Float,
        (T::Money, O::Add | O::Subtract | O::Modulo, T::Money)
        | (T::Money, O::Multiply | O::Divide, T::Int)
        | (T::Int, O::Multiply, T::Money) => T::Money,
        (left, O::Add, right) if left.is_text() && right.is_text() => T::Text,
        _ => return None,
    })
}

/// The value of sums and products of literals, where it does not overflow.
fn folded(op: BinaryOp, lhs: &Expr, rhs: &Expr) -> Option<Value> {
    match (lhs.constant.as_ref()?, op, rhs.constant.as_ref()?) {
        (Value::Int(one), BinaryOp::Add, Value::Int(other)) => one.checked_add(*other).map(Value::Int),
        (Value::Int(one), BinaryOp::Subtract, Value::Int(other)) => one.checked_sub(*other).map(Value::Int),
        (Value::Int(one), BinaryOp::Multiply, Value::Int(other)) => one.checked_mul(*other).map(Value::Int),
        (Value::Text(one), BinaryOp::Add, Value::Text(other)) => Some(Value::Text(format!("{one}{other}").into())),
        _ => None,
    }
}
