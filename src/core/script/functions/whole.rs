//! Whole numbers near a number with a fraction.

use super::{Body, CallFailure, Fails, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::script::run_error::RunErrorKind;
use crate::text::StaticText;

/// What both functions have in common.
const TO_WHOLE: Function = Function { parameters: &[("number", Takes::Float)], gives: Gives::Int, fails: Fails::ForSome, ..PURE };

pub static ROUND: Function = Function {
    name: "round",
    doc: StaticText::new("The nearest whole number, halves away from zero.", "四舍五入后的整数；负数的一半远离零。"),
    example: ("round(2.5)", "3"),
    words: StaticText::new("{0} rounded to a whole number", "{0}四舍五入后的整数"),
    body: Body::Value(|args, _| match args {
        [V::Int(number)] => Ok(V::Int(*number)),
        [V::Float(number)] => whole(number.round()),
        _ => Err(CallFailure::TYPES),
    }),
    ..TO_WHOLE
};

pub static FLOOR: Function = Function {
    name: "floor",
    doc: StaticText::new("The largest whole number that is not larger.", "不大于该数的最大整数。"),
    example: ("floor(-2.5)", "-3"),
    words: StaticText::new("{0} rounded down", "{0}向下取整的值"),
    body: Body::Value(|args, _| match args {
        [V::Int(number)] => Ok(V::Int(*number)),
        [V::Float(number)] => whole(number.floor()),
        _ => Err(CallFailure::TYPES),
    }),
    ..TO_WHOLE
};

#[expect(clippy::cast_possible_truncation, reason = "checked to lie well inside")]
fn whole(number: f64) -> Result<V<'static>, CallFailure> {
    if number.abs() < 9.0e18 {
        return Ok(V::Int(number as i64));
    }
    Err(CallFailure::new(RunErrorKind::Arithmetic, "a number that is too large for a whole number"))
}
