//! Times written out.

use super::value::quotable;
use super::{Body, CallFailure, Charge, Fails, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::script::host::Cost;
use crate::script::run_error::RunErrorKind;
use crate::text::StaticText;

pub static TIME: Function = Function {
    name: "time",
    parameters: &[("text", Takes::TimeText)],
    gives: Gives::Time,
    doc: StaticText::new(
        "A point in time, read in the schema's zone unless an offset is written.",
        "一个时间点；未写时区偏移时按请求结构的时区读取。",
    ),
    example: ("time(\"2014-03-24T00:00:00\") == time(\"2014-03-23T16:00:00Z\")", "true"),
    words: StaticText::new("the time {0}", "时间{0}"),
    body: Body::Value(|args, zone| match args {
        [V::Text(text)] => zone.parse_time(text).map(|time| V::Int(time.micros())).ok_or_else(|| {
            CallFailure::new(RunErrorKind::Type, format!("`{}` is not a time such as `2014-03-24T00:00:00`", quotable(text)))
        }),
        _ => Err(CallFailure::TYPES),
    }),
    is_literal: true,
    fails: Fails::ForSome,
    charge: Some(Charge { cost: Cost::READ, counted: &[0] }),
    foreign: &["todate", "parsedate", "datetime", "strptime", "todatetime", "timestamp", "parsetime"],
    write: StaticText::new("write a fixed time as `time(\"2014-03-24T00:00:00\")`", "固定时间请写 `time(\"2014-03-24T00:00:00\")`"),
    ..PURE
};
