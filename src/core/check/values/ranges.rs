//! The ranges of sums, products and calls.

use super::possible::{Possible, Values, ordinal};
use crate::script::Type;
use crate::script::tree::BinaryOp;

/// A range of whole numbers, as far as there are any.
fn range(low: i128, high: i128) -> Possible {
    let end = |number: i128| i64::try_from(number.clamp(i64::MIN.into(), i64::MAX.into())).unwrap_or_default();
    Possible::there(Values::numbers(end(low), end(high)))
}

/// What `lhs op rhs` may be, where both are whole numbers or amounts. What is too large fails, so it is no value.
pub(super) fn sum(op: BinaryOp, lhs: &Possible, rhs: &Possible) -> Option<Possible> {
    let ((low, high), (from, to)) = (lhs.ends()?, rhs.ends()?);
    let (low, high, from, to) = (i128::from(low), i128::from(high), i128::from(from), i128::from(to));
    Some(match op {
        BinaryOp::Add => range(low + from, high + to),
        BinaryOp::Subtract => range(low - to, high - from),
        BinaryOp::Multiply => {
            let ends = [low * from, low * to, high * from, high * to];
            range(ends.into_iter().min()?, ends.into_iter().max()?)
        }
        BinaryOp::Divide if from > 0 => {
            let ends = [low / from, low / to, high / from, high / to];
            range(ends.into_iter().min()?, ends.into_iter().max()?)
        }
        BinaryOp::Modulo if from > 0 => range(if low < 0 { 1 - to } else { 0 }, if high > 0 { to - 1 } else { 0 }),
        _ => return None,
    })
}

/// What a sign makes of a whole number.
pub(super) fn negated(operand: &Possible) -> Option<Possible> {
    let (low, high) = operand.ends()?;
    Some(range(-i128::from(high), -i128::from(low)))
}

/// What a call may give, where more is known than its type.
pub(super) fn call(name: &str, args: &[(&Type, &Possible)]) -> Option<Possible> {
    let fixed = |low: i64, high: i64| Some(Possible::there(Values::numbers(low, high)));
    match (name, args) {
        ("hour", _) => fixed(0, 23),
        ("minute", _) => fixed(0, 59),
        ("day", _) => fixed(1, 31),
        ("month", _) => fixed(1, 12),
        ("weekday", _) => fixed(1, 7),
        ("share", _) => fixed(0, 9_999),
        ("len", _) => fixed(0, i64::MAX),
        ("abs", [(Type::Float, _)]) => fixed(0, ordinal(f64::MAX)),
        ("abs", [(_, operand)]) => {
            let (low, high) = operand.ends()?;
            let (low, high) = (i128::from(low), i128::from(high));
            let least = if low <= 0 && high >= 0 { 0 } else { low.abs().min(high.abs()) };
            Some(range(least, low.abs().max(high.abs())))
        }
        ("fen", [(_, operand)]) => Some((*operand).clone()),
        ("yuan", [(Type::Int, operand)]) => sum(BinaryOp::Multiply, operand, &range(100, 100)),
        ("div", [(Type::Int | Type::Money, one), (Type::Int | Type::Money, other)]) => sum(BinaryOp::Divide, one, other),
        ("min" | "max", [(_, one), (_, other)]) => {
            let ((low, high), (from, to)) = (one.ends()?, other.ends()?);
            if name == "min" { fixed(low.min(from), high.min(to)) } else { fixed(low.max(from), high.max(to)) }
        }
        _ => None,
    }
}
