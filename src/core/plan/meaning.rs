//! What each operation means on plain values: the one place that says so, for folding constants and for every way of running a plan.
//!
//! Each function agrees with the interpreter to the bit. `None` is a failure, which the interpreter then puts into words.

use super::node::{Binary, Comparison, Constant, Unary};
use crate::model::{Fen, Rate, Timestamp, Zone};
use crate::script::{BUDGET, share};

/// The longest text, in bytes, that a plan works on; longer ones could come near the interpreter's budgets, so it decides.
pub const TEXT_BYTES: usize = BUDGET.text_bytes / 8;

const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;
const MINUTE: i64 = 60_000_000;

/// Compares two values that have an order of their own.
#[must_use]
pub fn compare<T: Ord + ?Sized>(how: Comparison, one: &T, other: &T) -> bool {
    let order = one.cmp(other);
    match how {
        Comparison::Equal | Comparison::Same => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// Compares for equality where one side or both are missing; an order with a missing side is a failure.
#[must_use]
pub fn compare_missing(how: Comparison, both: bool) -> bool {
    if how == Comparison::NotEqual { !both } else { both }
}

/// Compares two numbers with a fraction; what is no number has no order.
#[must_use]
pub fn compare_floats(how: Comparison, one: f64, other: f64) -> Option<bool> {
    let order = one.partial_cmp(&other)?;
    Some(match how {
        Comparison::Equal | Comparison::Same => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    })
}

/// Reckons with two whole numbers.
#[must_use]
pub fn reckon(how: Binary, one: i64, other: i64) -> Option<i64> {
    match how {
        Binary::Add => one.checked_add(other),
        Binary::Subtract => one.checked_sub(other),
        Binary::Multiply => one.checked_mul(other),
        Binary::Divide => one.checked_div(other),
        Binary::Modulo => one.checked_rem(other),
        Binary::Power => one.checked_pow(u32::try_from(other).ok()?),
        Binary::Min => Some(one.min(other)),
        Binary::Max => Some(one.max(other)),
        Binary::Percent(how) => Fen(one).percent(Rate(other), how).map(|part| part.0),
        Binary::RoundTo(how) => Fen(one).rounded(Fen(other), how).map(|rounded| rounded.0),
        _ => None,
    }
}

/// Reckons with two numbers with a fraction; what is not finite is a failure.
#[must_use]
#[expect(clippy::float_cmp, reason = "which of two equal numbers it is shows only in the sign of zero")]
pub fn reckon_floats(how: Binary, one: f64, other: f64) -> Option<f64> {
    let smaller = || if other < one { other } else { one };
    let larger = || if other > one { other } else { one };
    let made = match how {
        Binary::Add => one + other,
        Binary::Subtract => one - other,
        Binary::Multiply => one * other,
        Binary::Divide => one / other,
        Binary::Modulo => one % other,
        Binary::Power => one.powf(other),
        Binary::Min | Binary::Max if one == other && one.to_bits() != other.to_bits() => return None,
        Binary::Min => smaller(),
        Binary::Max => larger(),
        _ => return None,
    };
    made.is_finite().then_some(made)
}

/// The nearest whole number, halves away from zero, or the largest that is not larger.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "checked to lie well inside")]
pub fn whole(how: Unary, number: f64) -> Option<i64> {
    let made = if how == Unary::Round { number.round() } else { number.floor() };
    (made.abs() < 9.0e18).then_some(made as i64)
}

/// A whole number as the interpreter turns it into one with a fraction.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "the interpreter converts just so")]
pub fn to_float(number: i64) -> f64 {
    number as f64
}

/// Microseconds since 1970 on the wall clock of the zone.
fn local(micros: i64, zone: Zone) -> Option<i64> {
    let time = Timestamp::from_micros(micros)?;
    Some(time.micros() + i64::from(zone.seconds()) * 1_000_000)
}

/// A part of a time on the wall clock of the zone.
#[must_use]
pub fn part_of_time(part: Unary, micros: i64, zone: Zone) -> Option<i64> {
    let local = local(micros, zone)?;
    match part {
        Unary::Hour => Some(local.rem_euclid(DAY) / HOUR),
        Unary::Minute => Some(local.rem_euclid(HOUR) / MINUTE),
        // 1970-01-01 was a Thursday, the fourth day of its week.
        Unary::Weekday => Some((local.div_euclid(DAY) + 3).rem_euclid(7) + 1),
        Unary::Day => Some(i64::from(zone.civil(Timestamp::from_micros(micros)?).day())),
        Unary::Month => Some(i64::from(zone.civil(Timestamp::from_micros(micros)?).month())),
        Unary::Year => Some(i64::from(zone.civil(Timestamp::from_micros(micros)?).year())),
        Unary::StartOfDay => Some(local.div_euclid(DAY) * DAY - i64::from(zone.seconds()) * 1_000_000),
        _ => None,
    }
}

/// The calendar date in the zone.
#[must_use]
pub fn date(micros: i64, zone: Zone) -> Option<String> {
    Some(zone.civil(Timestamp::from_micros(micros)?).date().to_string())
}

/// Days or minutes from one time to another.
#[must_use]
pub fn between(how: Binary, from: i64, to: i64, zone: Zone) -> Option<i64> {
    let (start, end) = (local(from, zone)?, local(to, zone)?);
    match how {
        Binary::DaysBetween => Some(end.div_euclid(DAY) - start.div_euclid(DAY)),
        Binary::MinutesBetween => Some((end - start) / MINUTE),
        _ => None,
    }
}

/// A question about two texts.
#[must_use]
pub fn ask_texts(how: Binary, one: &str, other: &str) -> Option<bool> {
    match how {
        Binary::StartsWith => Some(one.starts_with(other)),
        Binary::EndsWith => Some(one.ends_with(other)),
        Binary::Contains => Some(one.contains(other)),
        _ => None,
    }
}

/// A text made of another.
#[must_use]
pub fn rewrite(how: Unary, text: &str) -> Option<String> {
    match how {
        Unary::Lower => Some(text.to_ascii_lowercase()),
        Unary::Upper => Some(text.to_ascii_uppercase()),
        Unary::Trim => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// The first or last characters of a text, or all where there are fewer; a negative number of them is a failure.
#[must_use]
pub fn cut(how: Binary, text: &str, wanted: i64) -> Option<&str> {
    let wanted = usize::try_from(wanted).ok()?;
    let starts = || text.char_indices().map(|(at, _)| at);
    match how {
        Binary::Left => text.get(..starts().nth(wanted).unwrap_or(text.len())),
        Binary::Right if wanted == 0 => Some(""),
        Binary::Right => text.get(starts().rev().nth(wanted - 1).unwrap_or(0)..),
        _ => None,
    }
}

/// A number that a text says.
#[must_use]
pub fn read_text(how: Unary, text: &str, zone: Zone) -> Option<i64> {
    match how {
        Unary::Length => i64::try_from(text.chars().count()).ok(),
        Unary::YuanText if !text.starts_with("CNY") => Fen::parse_yuan(text).map(|fen| fen.0),
        Unary::UnitText => Fen::parse_unit(text).map(|fen| fen.0),
        Unary::RateText => Rate::parse(text).map(|rate| rate.0),
        Unary::TimeText => zone.parse_time(text).map(Timestamp::micros),
        _ => None,
    }
}

/// An operation on one constant; none where it fails.
#[must_use]
pub fn fold_unary(how: Unary, operand: &Constant, zone: Zone) -> Option<Constant> {
    Some(match (how, operand) {
        (Unary::Not, Constant::Bool(value)) => Constant::Bool(!value),
        (Unary::Negate, Constant::Int(number)) => Constant::Int(number.checked_neg()?),
        (Unary::Limit, Constant::Int(number)) if *number >= 0 => operand.clone(),
        (Unary::Absolute, Constant::Int(number)) => Constant::Int(number.checked_abs()?),
        (Unary::ToFloat, Constant::Int(number)) => Constant::Float(to_float(*number).to_bits()),
        (Unary::Negate, Constant::Float(bits)) => Constant::Float((-f64::from_bits(*bits)).to_bits()),
        (Unary::Absolute, Constant::Float(bits)) => Constant::Float(f64::from_bits(*bits).abs().to_bits()),
        (Unary::Date, Constant::Int(micros)) => Constant::text(&date(*micros, zone)?),
        (Unary::Lower | Unary::Upper | Unary::Trim, Constant::Text(text)) => Constant::text(&rewrite(how, text)?),
        (Unary::Round | Unary::Floor, Constant::Float(bits)) => Constant::Int(whole(how, f64::from_bits(*bits))?),
        (_, Constant::Int(micros)) => Constant::Int(part_of_time(how, *micros, zone)?),
        (_, Constant::Text(text)) => Constant::Int(read_text(how, text, zone)?),
        _ => return None,
    })
}

/// An operation on two constants; none where it fails.
#[must_use]
pub fn fold_binary(how: Binary, one: &Constant, other: &Constant, zone: Zone) -> Option<Constant> {
    Some(match (one, other) {
        (Constant::Int(one), Constant::Int(other)) => {
            Constant::Int(reckon(how, *one, *other).or_else(|| between(how, *one, *other, zone))?)
        }
        (Constant::Float(one), Constant::Float(other)) => {
            Constant::Float(reckon_floats(how, f64::from_bits(*one), f64::from_bits(*other))?.to_bits())
        }
        (Constant::Text(one), Constant::Text(other)) => match how {
            Binary::Concat if one.len() + other.len() <= TEXT_BYTES => Constant::text(&format!("{one}{other}")),
            Binary::Share => Constant::Int(share(one, other)),
            _ => Constant::Bool(ask_texts(how, one, other)?),
        },
        (Constant::Text(text), Constant::Int(wanted)) => Constant::text(cut(how, text, *wanted)?),
        (Constant::Int(key), Constant::Text(salt)) if how == Binary::Share => Constant::Int(share(&key.to_string(), salt)),
        _ => return None,
    })
}

/// A comparison of two constants of one kind.
#[must_use]
pub fn fold_comparison(how: Comparison, one: &Constant, other: &Constant) -> Option<bool> {
    Some(match (one, other) {
        (Constant::Missing, _) | (_, Constant::Missing) => compare_missing(how, one == other),
        (Constant::Bool(one), Constant::Bool(other)) => compare(how, one, other),
        (Constant::Int(one), Constant::Int(other)) => compare(how, one, other),
        (Constant::Text(one), Constant::Text(other)) => compare(how, one, other),
        (Constant::Float(one), Constant::Float(other)) => compare_floats(how, f64::from_bits(*one), f64::from_bits(*other))?,
        _ => return None,
    })
}
