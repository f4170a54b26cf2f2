//! The smaller and the larger of two values.

use super::{Body, CallFailure, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::text::StaticText;

/// What both functions have in common.
const OF_TWO: Function =
    Function { parameters: &[("one", Takes::Ordered), ("other", Takes::Ordered)], gives: Gives::SameAsFirst, ..PURE };

pub static MIN: Function = Function {
    name: "min",
    doc: StaticText::new(
        "The smaller of two numbers or amounts, the earlier of two times.",
        "两个数或金额中较小者，两个时间中较早者。",
    ),
    example: ("min(3, 5)", "3"),
    words: StaticText::new("the smaller of {0} and {1}", "{0}与{1}中的较小者"),
    body: Body::Value(|args, _| match args {
        [V::Int(one), V::Int(other)] => Ok(V::Int(*one.min(other))),
        [V::Float(one), V::Float(other)] => Ok(V::Float(one.min(*other))),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Of(|args| match args {
        [(low, high), (from, to)] => Some((*low.min(from), *high.min(to))),
        _ => None,
    }),
    foreign: &["least", "minimum"],
    write: StaticText::new("write `min(one, other)`", "请写 `min(one, other)`"),
    ..OF_TWO
};

pub static MAX: Function = Function {
    name: "max",
    doc: StaticText::new(
        "The larger of two numbers or amounts, the later of two times.",
        "两个数或金额中较大者，两个时间中较晚者。",
    ),
    example: ("max(yuan(3), yuan(5)) == yuan(5)", "true"),
    words: StaticText::new("the larger of {0} and {1}", "{0}与{1}中的较大者"),
    body: Body::Value(|args, _| match args {
        [V::Int(one), V::Int(other)] => Ok(V::Int(*one.max(other))),
        [V::Float(one), V::Float(other)] => Ok(V::Float(one.max(*other))),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Of(|args| match args {
        [(low, high), (from, to)] => Some((*low.max(from), *high.max(to))),
        _ => None,
    }),
    foreign: &["greatest", "maximum"],
    write: StaticText::new("write `max(one, other)`", "请写 `max(one, other)`"),
    ..OF_TWO
};
