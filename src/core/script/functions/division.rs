//! Quotients with and without their fraction.

use super::{Body, CallFailure, Fails, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::script::host::{BY_ZERO, FailedArithmetic, TOO_LARGE};
use crate::text::StaticText;

pub static RATIO: Function = Function {
    name: "ratio",
    parameters: &[("one", Takes::SameWhole), ("other", Takes::SameWhole)],
    gives: Gives::Float,
    doc: StaticText::new(
        "How many times the other the first is, with its fraction. The rule fails when the other is zero.",
        "前者是后者的多少倍，保留小数。后者为零时规则出错。",
    ),
    example: ("ratio(yuan(3), yuan(4))", "0.75"),
    words: StaticText::new("{0} divided by {1}", "{0}与{1}之比"),
    body: Body::Value(|args, _| match args {
        [V::Int(one), V::Int(0)] => Err(failed("ratio", *one, 0)),
        [V::Int(one), V::Int(other)] => Ok(V::Float(float(*one) / float(*other))),
        _ => Err(CallFailure::TYPES),
    }),
    fails: Fails::ForSome,
    ..PURE
};

pub static DIV: Function = Function {
    name: "div",
    parameters: &[("one", Takes::Whole), ("other", Takes::Divisor)],
    gives: Gives::Quotient,
    doc: StaticText::new(
        "The whole quotient, cut towards zero: how often the other fits into the first. An amount divided by a number is an amount, cut to the fen. The rule fails when the other is zero.",
        "整数商，向零截断：前者包含多少个后者。金额除以整数得金额，截断到分。后者为零时规则出错。",
    ),
    example: ("div(7, 2)", "3"),
    words: StaticText::new("the whole quotient of {0} and {1}", "{0}除以{1}的整数商"),
    body: Body::Value(|args, _| match args {
        [V::Int(one), V::Int(other)] => one.checked_div(*other).map(V::Int).ok_or_else(|| failed("div", *one, *other)),
        _ => Err(CallFailure::TYPES),
    }),
    fails: Fails::ForSome,
    range: ValueRange::Of(|args| match args {
        [(low, high), (from, to)] if *from > 0 => {
            let ends = [low / from, low / to, high / from, high / to];
            Some((ends.into_iter().min()?, ends.into_iter().max()?))
        }
        _ => None,
    }),
    ..PURE
};

fn failed(name: &'static str, one: i64, other: i64) -> CallFailure {
    let why = if other == 0 { BY_ZERO } else { TOO_LARGE };
    CallFailure::arithmetic(FailedArithmetic { name, one, other: Some(other), why })
}

#[expect(clippy::cast_precision_loss, reason = "the nearest number with a fraction is meant")]
fn float(number: i64) -> f64 {
    number as f64
}
