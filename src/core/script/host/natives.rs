//! The functions that [`crate::script::functions::ALL`] documents.

use std::sync::Arc;

use jiff::civil::DateTime;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FLOAT, INT, ImmutableString, Map};
use sha2::{Digest, Sha256};

use super::operators::{self, type_name};
use super::value::{NativeError, Reckoning};
use super::work::{self, CUT, END, HASH, LENGTH, NAME, READ, REWRITE};
use crate::model::{Fen, Limit, Limits, Outcome, Rate, Rounding, Timestamp, Verdict, Zone};
use crate::script::names::Names;
use crate::script::run_error::RunErrorKind as Kind;

type Gives<T> = Result<T, Box<EvalAltResult>>;

/// A script's value, read.
pub(in crate::script) type Outcomes = Vec<Outcome>;

/// Registers all of them for the reasons, interfaces and zone of `names`.
pub(super) fn register(engine: &mut Engine, names: &Arc<Names>) {
    outcomes(engine, names);
    amounts(engine);
    times(engine, names.zone);
    texts(engine);
    numbers(engine);
    engine.register_fn("share", |key: ImmutableString, salt: ImmutableString| -> Gives<INT> {
        work::texts(HASH, key.len() + salt.len())?;
        Ok(share(&key, &salt))
    });
    engine.register_fn("share", |key: INT, salt: ImmutableString| -> Gives<INT> {
        work::texts(HASH, salt.len())?;
        Ok(share(&key.to_string(), &salt))
    });
    refusals(engine);
}

/// Any other values for a function that exists are a type error, never "function not found".
fn refusals(engine: &mut Engine) {
    for function in crate::script::functions::ALL {
        let name = function.name;
        for count in function.counts() {
            match count {
                1 => engine.register_fn(name, move |one: Dynamic| -> Gives<Dynamic> { Err(refusal(name, &[&one])) }),
                2 => engine
                    .register_fn(name, move |one: Dynamic, two: Dynamic| -> Gives<Dynamic> { Err(refusal(name, &[&one, &two])) }),
                _ => engine.register_fn(name, move |one: Dynamic, two: Dynamic, three: Dynamic| -> Gives<Dynamic> {
                    Err(refusal(name, &[&one, &two, &three]))
                }),
            };
        }
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "the interpreter wants its errors boxed")]
fn refusal(name: &str, values: &[&Dynamic]) -> Box<EvalAltResult> {
    let types: Vec<&str> = values.iter().map(|value| type_name(value)).collect();
    NativeError::raise(Kind::Type, format!("`{name}` does not take {}", types.join(" and ")))
}

fn outcomes(engine: &mut Engine, names: &Arc<Names>) {
    for verdict in Verdict::ALL {
        let names = Arc::clone(names);
        engine.register_fn(verdict.word(), move |reason: ImmutableString| -> Gives<Outcome> {
            Ok(Outcome::Verdict(verdict, find_reason(&names, &reason)?))
        });
    }
    let known = Arc::clone(names);
    engine.register_fn("score", move |points: INT, reason: ImmutableString| -> Gives<Outcome> {
        Ok(Outcome::Score(points, find_reason(&known, &reason)?))
    });
    let known = Arc::clone(names);
    engine.register_fn("route", move |interface: ImmutableString| -> Gives<Outcome> {
        work::texts(NAME, interface.len())?;
        let index = known.interfaces.get(interface.as_str());
        let index =
            index.ok_or_else(|| NativeError::raise(Kind::Outcome, format!("no interface is named `{}`", quotable(&interface))))?;
        Ok(Outcome::Route(*index))
    });
    engine.register_fn("limit", |map: Map| limit(&map));
}

/// A text that stands between backticks in a message.
fn quotable(text: &str) -> String {
    text.replace('`', "'")
}

fn find_reason(names: &Names, reason: &str) -> Gives<crate::model::ReasonIndex> {
    work::texts(NAME, reason.len())?;
    let index = names.reasons.get(reason).copied();
    index.ok_or_else(|| NativeError::raise(Kind::Outcome, format!("no reason has the code `{}`", quotable(reason))))
}

fn limit(map: &Map) -> Gives<Outcome> {
    let mut limits = Limits::default();
    for (key, value) in map {
        let limit = Limit::ALL.into_iter().find(|limit| limit.word() == key.as_str());
        let limit = limit.ok_or_else(|| NativeError::raise(Kind::Outcome, format!("`{key}` is no limit")))?;
        let fen = value
            .as_int()
            .map_err(|_| NativeError::raise(Kind::Type, format!("the limit `{key}` is {}, not an amount", type_name(value))))?;
        if fen < 0 {
            return Err(NativeError::raise(Kind::Outcome, format!("the limit `{key}` is {}, less than zero", Fen(fen).shown())));
        }
        limits.set(limit, Fen(fen));
    }
    if limits.is_empty() {
        return Err(NativeError::raise(Kind::Outcome, "`limit` sets no limit"));
    }
    Ok(Outcome::Limit(limits))
}

fn amounts(engine: &mut Engine) {
    engine.register_fn("yuan", |yuan: INT| -> Gives<INT> {
        yuan.checked_mul(100).ok_or_else(|| NativeError::raise(Kind::Arithmetic, format!("`yuan({yuan})` is too large")))
    });
    engine.register_fn("yuan", |text: ImmutableString| -> Gives<INT> {
        work::texts(READ, text.len())?;
        let fen = Fen::parse_yuan(&text).filter(|_| !text.starts_with("CNY")).map(|fen| fen.0);
        fen.ok_or_else(|| NativeError::raise(Kind::Type, format!("`{}` is not an amount such as `0.50`", quotable(&text))))
    });
    engine.register_fn("fen", |fen: INT| fen);
    parts_of_amounts(engine);
}

fn parts_of_amounts(engine: &mut Engine) {
    type Text = ImmutableString;
    engine.register_fn("percent", |amount: INT, rate: INT| whole_percent(amount, rate, Rounding::HalfUp));
    engine.register_fn("percent", |amount: INT, rate: Text| percent(amount, &rate, Rounding::HalfUp));
    engine.register_fn("percent", |amount: INT, rate: INT, how: Text| whole_percent(amount, rate, rounding("percent", &how)?));
    engine.register_fn("percent", |amount: INT, rate: Text, how: Text| percent(amount, &rate, rounding("percent", &how)?));
    engine.register_fn("round", |amount: INT, unit: Text| round(amount, &unit, Rounding::HalfUp));
    engine.register_fn("round", |amount: INT, unit: Text, how: Text| round(amount, &unit, rounding("round", &how)?));
}

fn rounding(function: &str, word: &str) -> Gives<Rounding> {
    Rounding::parse(word).ok_or_else(|| {
        let message = format!("`{}` is no rounding of `{function}`: it is `half-up` or `half-even`", quotable(word));
        NativeError::raise(Kind::Type, message)
    })
}

/// The amount, or that there is none.
fn amount(made: Option<Fen>, call: impl Fn() -> String) -> Gives<INT> {
    made.map(|made| made.0).ok_or_else(|| NativeError::raise(Kind::Arithmetic, format!("`{}` is too large for an amount", call())))
}

fn whole_percent(of: INT, rate: INT, how: Rounding) -> Gives<INT> {
    let part = Rate::whole(rate).and_then(|rate| Fen(of).percent(rate, how));
    amount(part, || format!("percent({}, {rate})", Fen(of).shown()))
}

fn percent(of: INT, text: &str, how: Rounding) -> Gives<INT> {
    work::texts(READ, text.len())?;
    let rate = Rate::parse(text).ok_or_else(|| {
        NativeError::raise(Kind::Arithmetic, format!("`{}` is not a rate in percent such as `15.5`", quotable(text)))
    })?;
    amount(Fen(of).percent(rate, how), || format!("percent({}, {text})", Fen(of).shown()))
}

fn round(of: INT, text: &str, how: Rounding) -> Gives<INT> {
    work::texts(READ, text.len())?;
    let unit = Fen::parse_unit(text).ok_or_else(|| {
        NativeError::raise(Kind::Arithmetic, format!("`{}` is not an amount over zero such as `1.00`", quotable(text)))
    })?;
    amount(Fen(of).rounded(unit, how), || format!("round({}, {text})", Fen(of).shown()))
}

/// The date and clock time of microseconds since 1970.
fn civil(zone: Zone, micros: INT) -> Gives<DateTime> {
    let time = Timestamp::from_micros(micros);
    let time = time.ok_or_else(|| NativeError::raise(Kind::Arithmetic, "a time outside the years 1 to 9998"))?;
    Ok(zone.civil(time))
}

/// The days from 0000-12-31 (or another fixed day) to a date: only differences count.
fn day_number(zone: Zone, micros: INT) -> Gives<INT> {
    civil(zone, micros)?;
    let local = micros + INT::from(zone.seconds()) * 1_000_000;
    Ok(local.div_euclid(86_400_000_000))
}

fn times(engine: &mut Engine, zone: Zone) {
    engine.register_fn("time", move |text: ImmutableString| -> Gives<INT> {
        work::texts(READ, text.len())?;
        let time = zone.parse_time(&text).map(Timestamp::micros);
        time.ok_or_else(|| {
            NativeError::raise(Kind::Type, format!("`{}` is not a time such as `2014-03-24T00:00:00`", quotable(&text)))
        })
    });
    engine.register_fn("date", move |time: INT| -> Gives<INT> {
        let start = day_number(zone, time)? * 86_400_000_000 - INT::from(zone.seconds()) * 1_000_000;
        Ok(start)
    });
    engine.register_fn("year", move |time: INT| -> Gives<INT> { Ok(civil(zone, time)?.year().into()) });
    engine.register_fn("month", move |time: INT| -> Gives<INT> { Ok(civil(zone, time)?.month().into()) });
    engine.register_fn("day", move |time: INT| -> Gives<INT> { Ok(civil(zone, time)?.day().into()) });
    engine.register_fn("hour", move |time: INT| -> Gives<INT> { Ok(civil(zone, time)?.hour().into()) });
    engine.register_fn("minute", move |time: INT| -> Gives<INT> { Ok(civil(zone, time)?.minute().into()) });
    engine
        .register_fn("weekday", move |time: INT| -> Gives<INT> { Ok(civil(zone, time)?.weekday().to_monday_one_offset().into()) });
    engine.register_fn("days_between", move |from: INT, to: INT| -> Gives<INT> {
        Ok(day_number(zone, to)? - day_number(zone, from)?)
    });
    engine.register_fn("minutes_between", move |from: INT, to: INT| -> Gives<INT> {
        civil(zone, from)?;
        civil(zone, to)?;
        Ok((to - from) / 60_000_000)
    });
}

fn texts(engine: &mut Engine) {
    type Text = ImmutableString;
    engine.register_fn("starts_with", |text: Text, part: Text| -> Gives<bool> {
        work::texts(END, part.len())?;
        Ok(text.starts_with(part.as_str()))
    });
    engine.register_fn("ends_with", |text: Text, part: Text| -> Gives<bool> {
        work::texts(END, part.len())?;
        Ok(text.ends_with(part.as_str()))
    });
    engine.register_fn("is_empty", |text: Text| text.is_empty());
    engine.register_fn("len", |text: Text| -> Gives<INT> {
        work::texts(LENGTH, text.len())?;
        Ok(count(text.chars().count()))
    });
    engine.register_fn("len", |array: Array| count(array.len()));
    for (name, rewrite) in REWRITES {
        engine.register_fn(name, move |text: Text| -> Gives<Text> {
            work::texts(REWRITE, text.len())?;
            Ok(rewrite(&text).into())
        });
    }
    engine.register_fn("left", |text: Text, wanted: INT| -> Gives<Text> {
        work::texts(CUT, text.len())?;
        let wanted = characters(wanted)?;
        Ok(text.chars().take(wanted).collect::<String>().into())
    });
    engine.register_fn("right", |text: Text, wanted: INT| -> Gives<Text> {
        work::texts(CUT, text.len())?;
        let skip = text.chars().count().saturating_sub(characters(wanted)?);
        Ok(text.chars().skip(skip).collect::<String>().into())
    });
}

/// A function that makes a text of another, by its name.
type Rewrite = (&'static str, fn(&str) -> String);

/// Functions that make a text of another.
const REWRITES: [Rewrite; 3] = [
    ("lower", |text| text.to_ascii_lowercase()),
    ("upper", |text| text.to_ascii_uppercase()),
    ("trim", |text| text.trim().to_owned()),
];

fn count(number: usize) -> INT {
    INT::try_from(number).unwrap_or(INT::MAX)
}

fn characters(wanted: INT) -> Gives<usize> {
    usize::try_from(wanted).map_err(|_| NativeError::raise(Kind::Arithmetic, format!("{wanted} characters are asked for")))
}

fn numbers(engine: &mut Engine) {
    engine.register_fn("min", |one: INT, other: INT| one.min(other));
    engine.register_fn("max", |one: INT, other: INT| one.max(other));
    engine.register_fn("min", FLOAT::min);
    engine.register_fn("max", FLOAT::max);
    engine.register_fn("abs", |one: INT| -> Gives<INT> {
        let why = "is too large for a whole number";
        one.checked_abs().ok_or_else(|| NativeError::reckoning(Reckoning { name: "abs", one, other: None, why }))
    });
    engine.register_fn("div", |one: INT, other: INT| operators::divide("div", INT::checked_div, one, other));
    engine.register_fn("ratio", operators::ratio);
    engine.register_fn("abs", FLOAT::abs);
    engine.register_fn("round", |one: FLOAT| whole(one.round()));
    engine.register_fn("floor", |one: FLOAT| whole(one.floor()));
    engine.register_fn("round", |one: INT| one);
    engine.register_fn("floor", |one: INT| one);
}

#[expect(clippy::cast_possible_truncation, reason = "checked to lie well inside")]
fn whole(number: FLOAT) -> Gives<INT> {
    if number.abs() < 9.0e18 {
        return Ok(number as INT);
    }
    Err(NativeError::raise(Kind::Arithmetic, "a number that is too large for a whole number"))
}

/// 0 to 9999, evenly: the first eight bytes of SHA-256 over salt, a zero byte and key, modulo 10000.
#[must_use]
pub fn share(key: &str, salt: &str) -> INT {
    let mut hash = Sha256::new();
    hash.update(salt.as_bytes());
    hash.update([0]);
    hash.update(key.as_bytes());
    let first = hash.finalize().iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    INT::try_from(first % 10_000).unwrap_or(0)
}
