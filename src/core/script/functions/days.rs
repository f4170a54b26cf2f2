//! Days and minutes from one time to another.

use super::calendar::{MICROSECONDS_PER_DAY, MICROSECONDS_PER_MINUTE, local_micros};
use super::{Body, CallFailure, Fails, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::text::StaticText;

/// What both functions have in common.
const BETWEEN: Function =
    Function { parameters: &[("from", Takes::Time), ("to", Takes::Time)], gives: Gives::Int, fails: Fails::OutsideTimes, ..PURE };

pub static DAYS_BETWEEN: Function = Function {
    name: "days_between",
    doc: StaticText::new(
        "How many midnights, in the schema's zone, lie between the two; negative when `to` is earlier.",
        "两个时间之间经过的零点数（请求结构的时区）；`to` 较早时为负。",
    ),
    example: ("days_between(time(\"2014-03-23T23:00:00\"), time(\"2014-03-24T01:00:00\"))", "1"),
    words: StaticText::new("the days from {0} to {1}", "{0}至{1}的天数"),
    body: Body::Value(|args, zone| match args {
        [V::Int(from), V::Int(to)] => {
            let (from, to) = (local_micros(*from, zone)?, local_micros(*to, zone)?);
            Ok(V::Int(to.div_euclid(MICROSECONDS_PER_DAY) - from.div_euclid(MICROSECONDS_PER_DAY)))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..BETWEEN
};

pub static MINUTES_BETWEEN: Function = Function {
    name: "minutes_between",
    doc: StaticText::new(
        "How many whole minutes have passed; negative when `to` is earlier.",
        "两个时间之间的整分钟数；`to` 较早时为负。",
    ),
    example: ("minutes_between(time(\"2014-03-24T00:00:00\"), time(\"2014-03-24T00:01:59\"))", "1"),
    words: StaticText::new("the minutes from {0} to {1}", "{0}至{1}的分钟数"),
    body: Body::Value(|args, zone| match args {
        [V::Int(from), V::Int(to)] => {
            let (from, to) = (local_micros(*from, zone)?, local_micros(*to, zone)?);
            Ok(V::Int((to - from) / MICROSECONDS_PER_MINUTE))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..BETWEEN
};
