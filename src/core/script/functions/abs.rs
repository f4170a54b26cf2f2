//! A number without its sign.

use super::{Body, CallFailure, Fails, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::script::host::{FailedArithmetic, TOO_LARGE};
use crate::text::StaticText;

pub static ABS: Function = Function {
    name: "abs",
    parameters: &[("number", Takes::Number)],
    gives: Gives::SameAsFirst,
    doc: StaticText::new("The number or amount without its sign.", "数或金额的绝对值。"),
    example: ("abs(-3)", "3"),
    words: StaticText::new("{0} without its sign", "{0}的绝对值"),
    body: Body::Value(|args, _| match args {
        [V::Int(number)] => number
            .checked_abs()
            .map(V::Int)
            .ok_or_else(|| CallFailure::arithmetic(FailedArithmetic { name: "abs", one: *number, other: None, why: TOO_LARGE })),
        [V::Float(number)] => Ok(V::Float(number.abs())),
        _ => Err(CallFailure::TYPES),
    }),
    fails: Fails::ForSome,
    range: ValueRange::Of(|args| match args {
        [(low, high)] => {
            let least = if *low <= 0 && *high >= 0 { 0 } else { low.abs().min(high.abs()) };
            Some((least, low.abs().max(high.abs())))
        }
        _ => None,
    }),
    foreign: &["absolute", "fabs"],
    write: StaticText::new("write `abs(x)`", "请写 `abs(x)`"),
    ..PURE
};
