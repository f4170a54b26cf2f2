//! The ranges of sums, products and calls.

use super::possible::{Possible, Values};
use crate::script::functions::{FunctionId, ValueRange};
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
pub(super) fn call(function: FunctionId, args: &[&Possible]) -> Option<Possible> {
    match function.range {
        ValueRange::Any => None,
        ValueRange::Within(low, high) => Some(Possible::there(Values::numbers(low, high))),
        ValueRange::First => args.first().map(|first| (*first).clone()),
        ValueRange::Of(range_of) => {
            let ends = args.iter().map(|arg| arg.ends().map(|(low, high)| (low.into(), high.into())));
            let (low, high) = range_of(&ends.collect::<Option<Vec<(i128, i128)>>>()?)?;
            Some(range(low, high))
        }
    }
}
