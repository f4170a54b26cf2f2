//! Comparisons, `in`, and the values of enums.

use rhai::Expr as Ast;

use super::{Low, ScriptLowering};
use crate::model::{ListType, Value};
use crate::script::fault::FaultKind;
use crate::script::placed::TokenRange;
use crate::script::tree::{BinaryOp, Expr, ExprKind};
use crate::script::types::Type;
use crate::text::Span;

/// Whether two types can be compared, and by which operators.
enum Fit {
    Fits,
    FloatAsMoney,
    Unlike,
}

impl ScriptLowering<'_> {
    /// Checks a comparison; its value where every request has the same.
    pub(super) fn compare(&mut self, op: BinaryOp, op_span: Span, lhs: &Expr, rhs: &Expr) -> Option<Value> {
        let whole = op_span.to(lhs.span).to(rhs.span);
        let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        let missing = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(Value::Missing));
        if equality && (missing(lhs) || missing(rhs)) {
            let other = if missing(rhs) { lhs } else { rhs };
            return compare_with_nothing(op, &other.ty);
        }
        let (left, right) = (self.present(lhs), self.present(rhs));
        if left.is_silent() || right.is_silent() {
            return None;
        }
        match fit(&left, &right, equality) {
            Fit::Fits => self.parameter_member(lhs, rhs),
            Fit::FloatAsMoney => self.fault(whole, FaultKind::FloatAsMoney),
            Fit::Unlike => {
                let known = equality && self.enum_member(lhs, rhs);
                if !known {
                    self.fault(whole, FaultKind::MismatchedComparison { op: Some(op), lhs: left, rhs: right });
                }
                return None;
            }
        }
        let (lhs, rhs) = (lhs.constant.as_ref()?, rhs.constant.as_ref()?);
        Some(Value::Bool(constant_comparison(op, lhs, rhs)?))
    }

    /// Whether a value may be looked for among values of a type; a fault where not.
    pub(super) fn comparable(&mut self, item: &Expr, other: &Expr, span: Span) {
        let (left, right) = (item.ty.present(), other.ty.clone());
        if left.is_silent() || right.is_silent() {
            return;
        }
        match fit(&left, &right, true) {
            Fit::Fits => self.parameter_member(item, other),
            Fit::FloatAsMoney => self.fault(span, FaultKind::FloatAsMoney),
            Fit::Unlike if self.enum_member(item, other) => {}
            Fit::Unlike => self.fault(span, FaultKind::MismatchedComparison { op: None, lhs: left, rhs: right }),
        }
    }

    /// `item in container`.
    pub(super) fn within(&mut self, item: &Ast, container: &Ast, negated: bool) -> Low {
        let container = self.expr(container);
        let item = self.expr(item);
        let extent: TokenRange = self.outer(&item).to(self.outer(&container));
        let span = self.placed.span(extent);
        let wanted = self.present(&item.expr);
        let held = self.present(&container.expr);
        let unlike = match (&wanted, &held) {
            (wanted, held) if wanted.is_silent() || held.is_silent() => false,
            (_, Type::Array(element)) => {
                self.elements(&item.expr, &container.expr, element, span);
                false
            }
            (Type::Int, Type::List(ListType::Int) | Type::Range) => false,
            (wanted, Type::List(ListType::Text)) if wanted.is_text() => {
                self.list_members(wanted, &container.expr);
                false
            }
            (wanted, held) if wanted.is_text() && held.is_text() => {
                self.text_in_text(&item.expr, &container.expr, negated, span);
                false
            }
            _ => true,
        };
        if unlike {
            self.fault(span, FaultKind::MismatchedComparison { op: None, lhs: wanted, rhs: held });
        }
        let kind = ExprKind::In { item: Box::new(item.expr), container: Box::new(container.expr), negated };
        self.made(kind, Type::Bool, extent)
    }

    /// Each element of an array that is written out, or their common type.
    fn elements(&mut self, item: &Expr, container: &Expr, element: &Type, span: Span) {
        if let ExprKind::Array(items) = &container.kind {
            for other in items {
                self.comparable(item, other, other.span);
            }
            return;
        }
        let wanted = item.ty.present();
        if element.is_silent() {
            return;
        }
        // As one of its elements, of which the texts are known.
        let held = Expr { ty: element.clone(), ..container.clone() };
        if !matches!(fit(&wanted, element, true), Fit::Fits) && !self.enum_member(item, &held) {
            self.fault(span, FaultKind::MismatchedComparison { op: None, lhs: wanted, rhs: element.clone() });
        }
    }
}

/// `x == ()`: settled beforehand where `x` is always or never there.
fn compare_with_nothing(op: BinaryOp, other: &Type) -> Option<Value> {
    match other {
        Type::Optional(_) | Type::Unknown | Type::Never | Type::Mixed => None,
        Type::Unit => Some(Value::Bool(op == BinaryOp::Equal)),
        _ => Some(Value::Bool(op == BinaryOp::NotEqual)),
    }
}

fn fit(left: &Type, right: &Type, equality: bool) -> Fit {
    use Type as T;
    match (left, right) {
        (T::Int | T::Float, T::Int | T::Float) | (T::Money, T::Money) | (T::Time, T::Time) | (T::Text, T::Text) => Fit::Fits,
        (T::Bool, T::Bool) if equality => Fit::Fits,
        (T::Enum(one), T::Enum(other)) if equality && one.names().any(|name| other.contains(name)) => Fit::Fits,
        (T::Money, T::Float) | (T::Float, T::Money) => Fit::FloatAsMoney,
        _ => Fit::Unlike,
    }
}

/// Compares two literals as the interpreter does.
pub(super) fn constant_comparison(op: BinaryOp, lhs: &Value, rhs: &Value) -> Option<bool> {
    let order = match (lhs, rhs) {
        (Value::Int(one), Value::Int(other)) => one.cmp(other),
        (Value::Money(one), Value::Money(other)) => one.cmp(other),
        (Value::Time(one), Value::Time(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Float(one), Value::Float(other)) => one.partial_cmp(other)?,
        _ => return None,
    };
    Some(match op {
        BinaryOp::Equal => order.is_eq(),
        BinaryOp::NotEqual => order.is_ne(),
        BinaryOp::Less => order.is_lt(),
        BinaryOp::LessOrEqual => order.is_le(),
        BinaryOp::Greater => order.is_gt(),
        BinaryOp::GreaterOrEqual => order.is_ge(),
        _ => return None,
    })
}
