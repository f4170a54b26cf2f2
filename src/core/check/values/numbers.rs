//! Arithmetic: quotients that were cut, divisors that may be zero, numbers with a fraction where none belongs.

use super::point::{KnownValue, Marks, ProgramPoint};
use super::possible::{Possible, number_at};
use super::walk::Walk;
use super::{DividedAmount, Mistake, Quotient, QuotientUse, ranges};
use crate::model::{Rate, Value};
use crate::script::Type;
use crate::script::functions::{FunctionId, Takes};
use crate::script::tree::{BinaryOp, Expr, ExprKind};
use crate::text::Span;

/// An expression with its value.
type ComparedSide<'a> = (&'a Expr, &'a KnownValue);

fn is_whole(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Money)
}

impl Walk<'_> {
    /// `lhs op rhs`, no comparison.
    pub(super) fn reckon(
        &mut self,
        (op, span): (BinaryOp, Span),
        lhs: ComparedSide<'_>,
        rhs: ComparedSide<'_>,
        point: &ProgramPoint,
    ) -> KnownValue {
        let ((one, left), (other, right)) = (lhs, rhs);
        let (ty, against) = (one.ty.present(), other.ty.present());
        let whole = is_whole(&ty) && is_whole(&against);
        let sum = if whole { ranges::sum(op, &left.possible, &right.possible) } else { None };
        let possible = sum.unwrap_or(Possible::ANY);
        let marks = left.marks.or(right.marks);
        let fraction = ty == Type::Float || against == Type::Float;
        if matches!(op, BinaryOp::Divide | BinaryOp::Modulo) {
            self.divisor(other, &right.possible, point);
        }
        let used = match op {
            _ if fraction => QuotientUse::Fraction,
            BinaryOp::Multiply | BinaryOp::Power => QuotientUse::Multiplied,
            BinaryOp::Divide if right.marks.cut.is_some() => QuotientUse::Divisor,
            BinaryOp::Divide => return KnownValue { possible, marks: self.quotient(span, lhs, rhs, point) },
            BinaryOp::Add | BinaryOp::Subtract => return KnownValue { possible, marks },
            _ => return possible.into(),
        };
        if op == BinaryOp::Power && whole && right.possible.ends().is_some_and(|(_, high)| high < 0) {
            self.note_number(other.span, Mistake::NegativeExponent, point);
        }
        if let Some(cut) = marks.cut {
            self.note_number(span, Mistake::CutUsed(cut, used), point);
        } else if op == BinaryOp::Multiply && whole && (ty == Type::Money || against == Type::Money) {
            return KnownValue { possible, marks: Marks { cut: None, product: Some(span) } };
        }
        possible.into()
    }

    /// What a quotient of whole numbers or amounts carries on.
    fn quotient(
        &mut self,
        span: Span,
        (one, left): ComparedSide<'_>,
        (other, right): ComparedSide<'_>,
        point: &ProgramPoint,
    ) -> Marks {
        let is_exact = match (left.possible.number(), right.possible.number()) {
            (Some(part), Some(whole)) => part.checked_rem(whole) == Some(0),
            (_, whole) => matches!(whole, Some(1 | -1)),
        };
        let (ty, by) = (one.ty.present(), other.ty.present());
        if is_exact || !is_whole(&ty) || !is_whole(&by) {
            return Marks::default();
        }
        let amount = ty == Type::Money && by == Type::Int;
        if amount && left.marks.product.is_some() {
            self.note_number(span, Mistake::CutPart(part(one, other)), point);
            return Marks::default();
        }
        Marks { cut: Some(Quotient { whole: span, one: one.span, other: other.span, amount }), product: None }
    }

    /// A divisor, which must not be zero.
    fn divisor(&mut self, expr: &Expr, possible: &Possible, point: &ProgramPoint) {
        let zero = match expr.ty.present() {
            Type::Int => "0",
            Type::Money => "yuan(0)",
            Type::Float => "0.0",
            _ => return,
        };
        if possible.number() == Some(0) {
            self.note_number(expr.span, Mistake::ZeroDivisor, point);
        } else if possible.may_be(0) {
            self.note_number(expr.span, Mistake::OpenDivisor(zero), point);
        }
    }

    pub(super) fn compared(
        &mut self,
        op: BinaryOp,
        span: Span,
        lhs: ComparedSide<'_>,
        rhs: ComparedSide<'_>,
        point: &ProgramPoint,
    ) {
        let ((one, left), (other, right)) = (lhs, rhs);
        let (ty, against) = (one.ty.present(), other.ty.present());
        let nothing = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(Value::Missing));
        let fraction = ty == Type::Float || against == Type::Float;
        if !fraction || nothing(one) || nothing(other) {
            return;
        }
        if let Some(cut) = left.marks.cut.or(right.marks.cut) {
            self.note_number(span, Mistake::CutUsed(cut, QuotientUse::Fraction), point);
        } else if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            self.note_number(span, Mistake::FloatEquality, point);
        } else {
            let (bound, with) = if ty == Type::Int { (right, &ty) } else { (left, &against) };
            let number = bound.possible.number().map(number_at).filter(|number| *with == Type::Int && number.fract() != 0.0);
            if let Some(number) = number {
                self.note_number(span, Mistake::FractionForInt(number), point);
            }
        }
    }

    /// `item in container`.
    pub(super) fn among(
        &mut self,
        span: Span,
        (item, known): ComparedSide<'_>,
        (container, held): ComparedSide<'_>,
        point: &ProgramPoint,
    ) {
        let Type::Array(element) = container.ty.present() else { return };
        let (ty, element) = (item.ty.present(), element.present());
        let parts = match &container.kind {
            ExprKind::Array(items) => items.iter().map(|item| item.ty.present()).collect(),
            _ => vec![element],
        };
        if ty != Type::Float && !parts.contains(&Type::Float) {
            return;
        }
        let mistake = match known.marks.cut.or(held.marks.cut) {
            Some(cut) => Mistake::CutUsed(cut, QuotientUse::Fraction),
            None => Mistake::FloatEquality,
        };
        self.note_number(span, mistake, point);
    }

    /// A call of a helper.
    pub(super) fn call(
        &mut self,
        function: FunctionId,
        expr: &Expr,
        args: &[Expr],
        known: &[KnownValue],
        point: &ProgramPoint,
    ) -> KnownValue {
        let given: Vec<&Possible> = known.iter().map(|known| &known.possible).collect();
        let literal = matches!(args, [Expr { kind: ExprKind::Literal(_), .. }]);
        let constant = expr.constant.as_ref().filter(|_| literal).map(Possible::of_value);
        let possible = constant.or_else(|| ranges::call(function, &given)).unwrap_or(Possible::ANY);
        if let (FunctionId::Ratio | FunctionId::Div, [_, other], [_, by]) = (function, args, known) {
            self.divisor(other, &by.possible, point);
        }
        let mut marks = Marks::default();
        for ((arg, known), (_, takes)) in args.iter().zip(known).zip(function.parameters) {
            let goes_on = match takes {
                Takes::Float | Takes::Amount | Takes::SameWhole | Takes::Rate => true,
                Takes::Yuan => arg.ty.present() == Type::Int,
                _ => false,
            };
            if function.keeps_number() {
                marks = marks.or(known.marks);
            } else if let Some(cut) = known.marks.cut.filter(|_| goes_on) {
                self.note_number(arg.span, Mistake::CutUsed(cut, QuotientUse::Argument(function.name)), point);
            }
        }
        KnownValue { possible, marks }
    }
}

/// How `amount * number / divisor` is written as a part of the amount.
fn part(product: &Expr, divisor: &Expr) -> DividedAmount {
    DividedAmount { percent: percent(product, divisor), parts: (product.span, divisor.span) }
}

fn percent(product: &Expr, divisor: &Expr) -> Option<(Span, String)> {
    let ExprKind::Binary { op: BinaryOp::Multiply, lhs, rhs, .. } = &product.kind else { return None };
    let (amount, number) = if lhs.ty.present() == Type::Money { (lhs, rhs) } else { (rhs, lhs) };
    let whole = |expr: &Expr| match (&expr.kind, &expr.constant) {
        (ExprKind::Literal(_), Some(Value::Int(number))) => Some(i128::from(*number)),
        _ => None,
    };
    // In billionths of a percent.
    let billionths = whole(number)?.checked_mul(i128::from(Rate::ONE) * 100)?;
    let divisor = whole(divisor).filter(|divisor| *divisor > 0)?;
    let rate = (billionths % divisor == 0).then(|| i64::try_from(billionths / divisor).ok())??;
    Some((amount.span, Rate(rate).to_string()))
}
