//! The parts of a time on the wall clock of the schema's zone.

use super::{Body, CallFailure, Fails, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::model::{Timestamp, Zone};
use crate::script::run_error::RunErrorKind;
use crate::text::StaticText;

pub(super) const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;
const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;
pub(super) const MICROSECONDS_PER_MINUTE: i64 = 60_000_000;

/// Microseconds since 1970-01-01 on the wall clock.
pub(super) fn local_micros(micros: i64, zone: Zone) -> Result<i64, CallFailure> {
    Ok(timestamp(micros)?.micros() + offset(zone))
}

fn timestamp(micros: i64) -> Result<Timestamp, CallFailure> {
    let outside = || CallFailure::new(RunErrorKind::Arithmetic, "a time outside the years 1 to 9998");
    Timestamp::from_micros(micros).ok_or_else(outside)
}

fn offset(zone: Zone) -> i64 {
    i64::from(zone.seconds()) * 1_000_000
}

/// What all functions of one time have in common.
const OF_TIME: Function = Function { parameters: &[("time", Takes::Time)], gives: Gives::Int, fails: Fails::OutsideTimes, ..PURE };

pub static DATE: Function = Function {
    name: "date",
    gives: Gives::Time,
    doc: StaticText::new("The start of that day, in the schema's zone.", "该日零点（请求结构的时区）。"),
    example: ("date(time(\"2014-03-24T09:30:00\")) == time(\"2014-03-24\")", "true"),
    words: StaticText::new("the day of {0}", "{0}的日期"),
    body: Body::Value(|args, zone| match args {
        [V::Int(time)] => {
            let day = local_micros(*time, zone)?.div_euclid(MICROSECONDS_PER_DAY);
            Ok(V::Int(day * MICROSECONDS_PER_DAY - offset(zone)))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..OF_TIME
};

pub static YEAR: Function = Function {
    name: "year",
    doc: StaticText::new("The year, in the schema's zone.", "年份（请求结构的时区）。"),
    example: ("year(time(\"2014-03-24\"))", "2014"),
    words: StaticText::new("the year of {0}", "{0}的年份"),
    body: Body::Value(|args, zone| match args {
        [V::Int(time)] => Ok(V::Int(zone.civil(timestamp(*time)?).year().into())),
        _ => Err(CallFailure::TYPES),
    }),
    foreign: &["getfullyear", "getyear", "yearof"],
    write: StaticText::new("write `year(time)`", "请写 `year(time)`"),
    ..OF_TIME
};

pub static MONTH: Function = Function {
    name: "month",
    doc: StaticText::new("The month, 1 to 12, in the schema's zone.", "月份，1 至 12（请求结构的时区）。"),
    example: ("month(time(\"2014-03-24\"))", "3"),
    words: StaticText::new("the month of {0}", "{0}的月份"),
    body: Body::Value(|args, zone| match args {
        [V::Int(time)] => Ok(V::Int(zone.civil(timestamp(*time)?).month().into())),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Within(1, 12),
    foreign: &["getmonth", "monthof"],
    write: StaticText::new("write `month(time)`", "请写 `month(time)`"),
    ..OF_TIME
};

pub static DAY: Function = Function {
    name: "day",
    doc: StaticText::new("The day of the month, 1 to 31, in the schema's zone.", "日，1 至 31（请求结构的时区）。"),
    example: ("day(time(\"2014-03-24\"))", "24"),
    words: StaticText::new("the day of the month of {0}", "{0}的日（1 至 31）"),
    body: Body::Value(|args, zone| match args {
        [V::Int(time)] => Ok(V::Int(zone.civil(timestamp(*time)?).day().into())),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Within(1, 31),
    foreign: &["dayofmonth", "getdate", "mday"],
    write: StaticText::new("write `day(time)`", "请写 `day(time)`"),
    ..OF_TIME
};

pub static HOUR: Function = Function {
    name: "hour",
    doc: StaticText::new("The hour, 0 to 23, in the schema's zone.", "小时，0 至 23（请求结构的时区）。"),
    example: ("hour(time(\"2014-03-24T23:59:59\"))", "23"),
    words: StaticText::new("the hour of {0}", "{0}的小时（0 至 23）"),
    body: Body::Value(|args, zone| match args {
        [V::Int(time)] => Ok(V::Int(local_micros(*time, zone)?.rem_euclid(MICROSECONDS_PER_DAY) / MICROSECONDS_PER_HOUR)),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Within(0, 23),
    foreign: &["hours", "gethours", "gethour", "hourof"],
    write: StaticText::new("write `hour(time)`", "请写 `hour(time)`"),
    ..OF_TIME
};

pub static MINUTE: Function = Function {
    name: "minute",
    doc: StaticText::new("The minute, 0 to 59, in the schema's zone.", "分钟，0 至 59（请求结构的时区）。"),
    example: ("minute(time(\"2014-03-24T23:59:59\"))", "59"),
    words: StaticText::new("the minute of {0}", "{0}的分钟"),
    body: Body::Value(|args, zone| match args {
        [V::Int(time)] => Ok(V::Int(local_micros(*time, zone)?.rem_euclid(MICROSECONDS_PER_HOUR) / MICROSECONDS_PER_MINUTE)),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Within(0, 59),
    foreign: &["minutes", "getminutes", "getminute"],
    write: StaticText::new("write `minute(time)`", "请写 `minute(time)`"),
    ..OF_TIME
};

pub static WEEKDAY: Function = Function {
    name: "weekday",
    doc: StaticText::new(
        "The day of the week, from 1 for Monday to 7 for Sunday, in the schema's zone.",
        "星期几，1 为星期一，7 为星期日（请求结构的时区）。",
    ),
    example: ("weekday(time(\"2014-03-24\"))", "1"),
    words: StaticText::new("the weekday of {0} (1 is Monday)", "{0}的星期（1 为星期一）"),
    body: Body::Value(|args, zone| match args {
        // 1970-01-01 was a Thursday, the fourth day of its week.
        [V::Int(time)] => Ok(V::Int((local_micros(*time, zone)?.div_euclid(MICROSECONDS_PER_DAY) + 3).rem_euclid(7) + 1)),
        _ => Err(CallFailure::TYPES),
    }),
    range: ValueRange::Within(1, 7),
    foreign: &["dayofweek", "dow", "getday", "isoweekday"],
    write: StaticText::new("write `weekday(time)`: 1 is Monday, 7 is Sunday", "请写 `weekday(time)`：1 为星期一，7 为星期日"),
    ..OF_TIME
};
