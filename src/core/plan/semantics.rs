//! Operators and comparisons on plain values: for folding constants and for every evaluator of a plan. Functions that scripts call have
//! their values from [`crate::script::functions`].
//!
//! Each result agrees with the interpreter to the bit. `None` is a failure, which the interpreter then words.

use super::node::{Binary, CompareOp, Constant, Unary};
use crate::model::Zone;
use crate::script::BUDGET;
use crate::script::functions::{FunctionId, ScriptValue};

/// The longest text, in bytes, that a plan works on; longer ones could come near the interpreter's budgets, so it decides.
pub const TEXT_BYTES: usize = BUDGET.text_bytes / 8;

/// Compares two values that have an order of their own.
#[must_use]
pub fn compare<T: Ord + ?Sized>(how: CompareOp, one: &T, other: &T) -> bool {
    let order = one.cmp(other);
    match how {
        CompareOp::Equal | CompareOp::Same => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    }
}

/// Compares for equality where one side or both are missing; an order with a missing side is a failure.
#[must_use]
pub fn compare_missing(how: CompareOp, both: bool) -> bool {
    if how == CompareOp::NotEqual { !both } else { both }
}

/// Compares two numbers with a fraction; what is no number has no order.
#[must_use]
pub fn compare_floats(how: CompareOp, one: f64, other: f64) -> Option<bool> {
    let order = one.partial_cmp(&other)?;
    Some(match how {
        CompareOp::Equal | CompareOp::Same => order.is_eq(),
        CompareOp::NotEqual => order.is_ne(),
        CompareOp::Less => order.is_lt(),
        CompareOp::LessOrEqual => order.is_le(),
        CompareOp::Greater => order.is_gt(),
        CompareOp::GreaterOrEqual => order.is_ge(),
    })
}

/// Arithmetic with two whole numbers.
#[must_use]
pub fn apply_arith(how: Binary, one: i64, other: i64) -> Option<i64> {
    match how {
        Binary::Add => one.checked_add(other),
        Binary::Subtract => one.checked_sub(other),
        Binary::Multiply => one.checked_mul(other),
        Binary::Divide => one.checked_div(other),
        Binary::Modulo => one.checked_rem(other),
        Binary::Power => one.checked_pow(u32::try_from(other).ok()?),
        Binary::Concat => None,
    }
}

/// Arithmetic with two numbers with a fraction; a result that is not finite is a failure.
#[must_use]
pub fn apply_float_arith(how: Binary, one: f64, other: f64) -> Option<f64> {
    let result = match how {
        Binary::Add => one + other,
        Binary::Subtract => one - other,
        Binary::Multiply => one * other,
        Binary::Divide => one / other,
        Binary::Modulo => one % other,
        Binary::Power => one.powf(other),
        Binary::Concat => return None,
    };
    result.is_finite().then_some(result)
}

/// A whole number as the interpreter turns it into one with a fraction.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the interpreter converts just so")]
pub fn to_float(number: i64) -> f64 {
    number as f64
}

/// An operation on one constant.
#[must_use]
pub fn fold_unary(how: Unary, operand: &Constant) -> Option<Constant> {
    Some(match (how, operand) {
        (Unary::Not, Constant::Bool(value)) => Constant::Bool(!value),
        (Unary::Negate, Constant::Int(number)) => Constant::Int(number.checked_neg()?),
        (Unary::Negate, Constant::Float(bits)) => Constant::Float((-f64::from_bits(*bits)).to_bits()),
        (Unary::LimitAmount, Constant::Int(number)) if *number >= 0 => operand.clone(),
        (Unary::ToFloat, Constant::Int(number)) => Constant::Float(to_float(*number).to_bits()),
        _ => return None,
    })
}

/// An operation on two constants.
#[must_use]
pub fn fold_binary(how: Binary, one: &Constant, other: &Constant) -> Option<Constant> {
    Some(match (one, other) {
        (Constant::Int(one), Constant::Int(other)) => Constant::Int(apply_arith(how, *one, *other)?),
        (Constant::Float(one), Constant::Float(other)) => {
            Constant::Float(apply_float_arith(how, f64::from_bits(*one), f64::from_bits(*other))?.to_bits())
        }
        (Constant::Text(one), Constant::Text(other)) if how == Binary::Concat && one.len() + other.len() <= TEXT_BYTES => {
            Constant::text(&format!("{one}{other}"))
        }
        _ => return None,
    })
}

/// A call with constants.
#[must_use]
pub fn fold_call(function: FunctionId, args: &[&Constant], zone: Zone) -> Option<Constant> {
    let args: Vec<ScriptValue<'_>> = args.iter().map(|arg| arg.as_script_value()).collect::<Option<_>>()?;
    let value = function.evaluate(&args, zone).ok()?;
    Constant::of(value).filter(|value| !matches!(value, Constant::Text(text) if text.len() > TEXT_BYTES))
}

/// A comparison of two constants of one kind.
#[must_use]
pub fn fold_comparison(how: CompareOp, one: &Constant, other: &Constant) -> Option<bool> {
    Some(match (one, other) {
        (Constant::Missing, _) | (_, Constant::Missing) => compare_missing(how, one == other),
        (Constant::Bool(one), Constant::Bool(other)) => compare(how, one, other),
        (Constant::Int(one), Constant::Int(other)) => compare(how, one, other),
        (Constant::Text(one), Constant::Text(other)) => compare(how, one, other),
        (Constant::Float(one), Constant::Float(other)) => compare_floats(how, f64::from_bits(*one), f64::from_bits(*other))?,
        _ => return None,
    })
}
