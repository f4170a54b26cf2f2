//! What the functions of [`super::ALL`] do. Each is total: it gives a value or an error, and never panics.

use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map};
use sha2::{Digest, Sha256};

use crate::model::{
    Definition, Fen, InterfaceIndex, Limit, Limits, ListType, Outcome, ReasonIndex, RuleSet, Timestamp, Verdict, Zone,
};
use crate::script::values::ListValue;

type Fallible<T> = Result<T, Box<EvalAltResult>>;

fn fail<T>(message: impl Into<String>) -> Fallible<T> {
    Err(message.into().into())
}

/// Registers every function for one definition, whose reasons, interfaces and zone they use.
pub(in crate::script) fn register(engine: &mut Engine, definition: &Definition) {
    outcomes(engine, &definition.rule_set);
    money(engine);
    times(engine, definition.schema.zone);
    texts(engine);
    numbers(engine);
    membership(engine);
}

/// Codes by position, shared by the outcome functions.
fn codes<'a>(keys: impl Iterator<Item = &'a str>) -> Arc<[Box<str>]> {
    keys.map(Box::from).collect()
}

fn outcomes(engine: &mut Engine, rule_set: &RuleSet) {
    engine.register_type_with_name::<Outcome>("an outcome");
    let reasons = codes(rule_set.reasons.keys().map(crate::model::ReasonId::as_str));
    let reason = move |code: &str| match reasons.iter().position(|known| **known == *code).and_then(ReasonIndex::from_position) {
        Some(index) => Ok(index),
        None => fail(format!("unknown reason `{code}`")),
    };
    for verdict in Verdict::ALL {
        let reason = reason.clone();
        engine.register_fn(verdict.word(), move |code: ImmutableString| -> Fallible<Outcome> {
            Ok(Outcome::Verdict(verdict, reason(&code)?))
        });
    }
    engine.register_fn("score", move |points: i64, code: ImmutableString| -> Fallible<Outcome> {
        Ok(Outcome::Score(points, reason(&code)?))
    });
    engine.register_fn("limit", limit);
    let interfaces = codes(rule_set.interfaces.keys().map(crate::model::InterfaceId::as_str));
    engine.register_fn("route", move |id: ImmutableString| -> Fallible<Outcome> {
        match interfaces.iter().position(|known| **known == *id).and_then(InterfaceIndex::from_position) {
            Some(index) => Ok(Outcome::Route(index)),
            None => fail(format!("unknown interface `{id}`")),
        }
    });
}

fn limit(map: Map) -> Fallible<Outcome> {
    let mut limits = Limits::default();
    for (key, value) in map {
        let Some(limit) = Limit::ALL.into_iter().find(|limit| limit.word() == key) else {
            return fail(format!("unknown limit `{key}`"));
        };
        let Ok(amount) = value.as_int() else {
            return fail(format!("the limit `{key}` is no amount"));
        };
        limits.set(limit, Fen(amount));
    }
    Ok(Outcome::Limit(limits))
}

fn money(engine: &mut Engine) {
    engine.register_fn("yuan", |whole: i64| -> Fallible<i64> {
        whole.checked_mul(100).map_or_else(|| fail(format!("{whole} yuan is more than can be counted")), Ok)
    });
    engine.register_fn("yuan", |text: ImmutableString| -> Fallible<i64> {
        Fen::parse_yuan(&text).map_or_else(|| fail(format!("`{text}` is not an amount in yuan such as `5000.00`")), |fen| Ok(fen.0))
    });
    engine.register_fn("fen", |amount: i64| amount);
}

fn times(engine: &mut Engine, zone: Zone) {
    let civil = move |micros: i64| match Timestamp::from_micros(micros) {
        Some(time) => Ok(zone.civil(time)),
        None => fail(format!("{micros} is not a point in time")),
    };
    engine.register_fn("time", move |text: ImmutableString| -> Fallible<i64> {
        let wrong = || fail(format!("`{text}` is not a time such as `2014-03-24T00:00:00`"));
        zone.parse_time(&text).map_or_else(wrong, |time| Ok(time.micros()))
    });
    engine.register_fn("date", move |time: i64| -> Fallible<ImmutableString> { Ok(civil(time)?.date().to_string().into()) });
    engine.register_fn("hour", move |time: i64| -> Fallible<i64> { Ok(i64::from(civil(time)?.hour())) });
    engine.register_fn("minute", move |time: i64| -> Fallible<i64> { Ok(i64::from(civil(time)?.minute())) });
    engine.register_fn("day_of_month", move |time: i64| -> Fallible<i64> { Ok(i64::from(civil(time)?.day())) });
    engine
        .register_fn("weekday", move |time: i64| -> Fallible<i64> { Ok(i64::from(civil(time)?.weekday().to_monday_one_offset())) });
    let day = move |micros: i64| match Timestamp::from_micros(micros) {
        Some(time) => Ok((time.micros() + i64::from(zone.seconds()) * 1_000_000).div_euclid(86_400_000_000)),
        None => fail(format!("{micros} is not a point in time")),
    };
    engine.register_fn("days_between", move |from: i64, to: i64| -> Fallible<i64> { Ok(day(to)? - day(from)?) });
    engine.register_fn("minutes_between", move |from: i64, to: i64| -> Fallible<i64> {
        civil(from)?;
        civil(to)?;
        Ok((to - from) / 60_000_000)
    });
}

fn texts(engine: &mut Engine) {
    engine.register_fn("share", |key: ImmutableString, salt: ImmutableString| share(&key, &salt));
    engine.register_fn("starts_with", |text: ImmutableString, start: ImmutableString| text.starts_with(start.as_str()));
    engine.register_fn("ends_with", |text: ImmutableString, end: ImmutableString| text.ends_with(end.as_str()));
    engine.register_fn("contains", |text: ImmutableString, part: ImmutableString| text.contains(part.as_str()));
    engine.register_fn("len", |text: ImmutableString| count(text.chars().count()));
    engine.register_fn("len", |array: Array| count(array.len()));
    engine.register_fn("lower", |text: ImmutableString| ImmutableString::from(text.to_lowercase()));
    engine.register_fn("upper", |text: ImmutableString| ImmutableString::from(text.to_uppercase()));
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// The first eight bytes of SHA-256 over salt, a zero byte and key, modulo ten thousand.
pub(in crate::script) fn share(key: &str, salt: &str) -> i64 {
    let mut hasher = Sha256::new();
    hasher.update(salt.as_bytes());
    hasher.update([0]);
    hasher.update(key.as_bytes());
    let first = hasher.finalize().iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    i64::try_from(first % 10_000).unwrap_or_default()
}

fn numbers(engine: &mut Engine) {
    engine.register_fn("min", |one: i64, other: i64| one.min(other));
    engine.register_fn("max", |one: i64, other: i64| one.max(other));
    engine.register_fn("min", |one: f64, other: f64| if other < one { other } else { one });
    engine.register_fn("max", |one: f64, other: f64| if other > one { other } else { one });
    engine.register_fn("abs", |number: i64| -> Fallible<i64> {
        number.checked_abs().map_or_else(|| fail(format!("the absolute value of {number} is more than can be counted")), Ok)
    });
    engine.register_fn("abs", f64::abs);
}

/// `x in y`, which the interpreter calls as `contains(y, x)`.
fn membership(engine: &mut Engine) {
    engine.register_fn("contains", |list: ListValue, item: Dynamic| -> Fallible<bool> {
        let kind = match list.entries {
            crate::model::ListEntries::Text(_) => ListType::Text,
            crate::model::ListEntries::Int(_) => ListType::Int,
        };
        match kind {
            ListType::Text if item.is_string() => {
                Ok(item.read_lock::<ImmutableString>().is_some_and(|text| list.entries.contains_text(&text)))
            }
            ListType::Int if item.is_int() => Ok(item.as_int().is_ok_and(|number| list.entries.contains_int(number))),
            ListType::Text => fail("only a text can be in a list of texts"),
            ListType::Int => fail("only a whole number can be in a list of numbers"),
        }
    });
    engine.register_fn("contains", |array: Array, item: Dynamic| array.iter().any(|element| same(element, &item)));
}

/// Whether two plain values are equal, as `==` has it.
#[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "the interpreter compares a whole number with a float just so")]
fn same(one: &Dynamic, other: &Dynamic) -> bool {
    let number = |value: &Dynamic| value.as_int().ok().map(|int| int as f64).or_else(|| value.as_float().ok());
    match (one.as_int(), other.as_int()) {
        (Ok(one), Ok(other)) => return one == other,
        _ if one.is_unit() || other.is_unit() => return one.is_unit() && other.is_unit(),
        _ => {}
    }
    if let (Ok(one), Ok(other)) = (one.as_bool(), other.as_bool()) {
        return one == other;
    }
    if let (Some(one), Some(other)) = (one.read_lock::<ImmutableString>(), other.read_lock::<ImmutableString>()) {
        return *one == *other;
    }
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}
