//! One value as a file has it, before the type of its field gives it a meaning; and words of a mapping compared with it.

use std::collections::HashMap;
use std::fmt;

use arrow_buffer::i256;

use super::number::Number;
use countersign_core::model::Zone;

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const NANOS_PER_DAY: i128 = 86_400 * NANOS_PER_SECOND;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RawValue<'a> {
    Text(&'a str),
    Bool(bool),
    Whole(i128),
    /// Digits and how many of them are decimals.
    Decimal(i256, i8),
    /// A binary number of 32 bits.
    Single(f32),
    /// A binary number of 64 bits.
    Double(f64),
    /// Nanoseconds since 1970, on a local clock unless `zoned`.
    Moment {
        nanos: i128,
        zoned: bool,
    },
    /// Days since 1970.
    Day(i64),
    /// Nanoseconds since midnight.
    TimeReader(i128),
}

impl RawValue<'_> {
    /// The number it is, unless it is text, a truth value, a time or a binary number.
    pub(super) fn number(self) -> Option<Number> {
        match self {
            Self::Whole(whole) => Some(Number::new(whole, 0)),
            Self::Decimal(digits, scale) => Some(Number::wide(digits, scale)),
            _ => None,
        }
    }

    /// The point in time it is, with the time of day of another column where it is a day; nanoseconds, and whether they are since 1970 in
    /// UTC.
    pub(super) fn moment(self, clock: Option<RawValue<'_>>) -> Option<(i128, bool)> {
        let day = match self {
            Self::Day(day) => i128::from(day) * NANOS_PER_DAY,
            Self::Moment { nanos, zoned: false } if clock.is_none() || nanos.rem_euclid(NANOS_PER_DAY) == 0 => nanos,
            Self::Moment { nanos, zoned: true } if clock.is_none() => return Some((nanos, true)),
            _ => return None,
        };
        match clock {
            None => Some((day, false)),
            Some(RawValue::TimeReader(nanos)) => Some((day + nanos, false)),
            Some(_) => None,
        }
    }
}

impl fmt::Display for RawValue<'_> {
    /// The whole value, however large: what is shown of a bad row, and what a text field takes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Text(text) => f.write_str(text),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Decimal(digits, scale) => write_decimal(f, digits, scale),
            Self::Single(number) if number.abs() < 16_777_216.0 => write!(f, "{}", number + 0.0),
            Self::Single(number) => write_large(f, f64::from(number)),
            Self::Double(number) if number.abs() < 9_007_199_254_740_992.0 => write!(f, "{}", number + 0.0),
            Self::Double(number) => write_large(f, number),
            Self::Moment { nanos, zoned } => {
                write_day(f, nanos.div_euclid(NANOS_PER_DAY))?;
                f.write_str("T")?;
                write_clock(f, nanos.rem_euclid(NANOS_PER_DAY))?;
                if zoned { f.write_str("Z") } else { Ok(()) }
            }
            Self::Day(day) => write_day(f, i128::from(day)),
            Self::TimeReader(nanos) => write_clock(f, nanos),
        }
    }
}

/// A number that may have lost digits, in a form that shows it: `6.2e+18`. Words for what is no number stay.
fn write_large(f: &mut fmt::Formatter<'_>, number: f64) -> fmt::Result {
    if number.is_finite() { f.write_str(&format!("{number:e}").replacen('e', "e+", 1)) } else { write!(f, "{number}") }
}

fn write_decimal(f: &mut fmt::Formatter<'_>, digits: i256, scale: i8) -> fmt::Result {
    let digits = digits.to_string();
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |digits| ("-", digits));
    let decimals = usize::try_from(scale).unwrap_or(0);
    let zeros = if digits == "0" { 0 } else { usize::from(scale.min(0).unsigned_abs()) };
    let padded = format!("{digits:0>width$}{:0<zeros$}", "", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len().saturating_sub(decimals));
    write!(f, "{sign}{whole}{}{fraction}", if fraction.is_empty() { "" } else { "." })
}

/// A day of any year, by the calendar that is used today.
fn write_day(f: &mut fmt::Formatter<'_>, day: i128) -> fmt::Result {
    // Years from March on, in eras of 400 years.
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    write!(f, "{year:04}-{month:02}-{day:02}")
}

fn write_clock(f: &mut fmt::Formatter<'_>, nanos: i128) -> fmt::Result {
    let (seconds, fraction) = (nanos.div_euclid(NANOS_PER_SECOND), nanos.rem_euclid(NANOS_PER_SECOND));
    write!(f, "{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)?;
    if fraction == 0 {
        return Ok(());
    }
    let digits = format!("{fraction:09}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

/// A word of a mapping, compared with texts letter by letter and with typed values by its value.
#[derive(Debug)]
pub(crate) struct MappedWord {
    pub(crate) text: String,
    /// Where it is a plain number: that. `01` is a code and equals no number.
    number: Option<Number>,
    /// Where it is a time: nanoseconds since 1970 in UTC, and the same on its local clock.
    time: Option<(i128, i128)>,
    /// Whether it may be a number or time too large for that, which is compared as it is shown.
    is_large: bool,
}

impl MappedWord {
    /// `zone` is that of times without an offset.
    pub(crate) fn new(text: &str, zone: Zone) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        let number = Number::parse(text).filter(|_| !is_code).map(Number::with_known_point);
        let time = read_any_time(text, zone);
        let is_cut = number.is_some_and(|number| number.reduced().is_none());
        let is_long = time.is_none() && text.len() > 18 && text.contains('T') && digits.starts_with(|c: char| c.is_ascii_digit());
        Self { text: text.to_owned(), number, time, is_large: is_cut || is_long }
    }

    pub(super) fn is(&self, given: RawValue<'_>) -> bool {
        match given {
            RawValue::Text(text) => self.text == text,
            _ if self.is_large => self.text == given.to_string(),
            RawValue::Bool(value) => self.text == if value { "true" } else { "false" },
            RawValue::Whole(_) | RawValue::Decimal(..) => {
                let (Some(word), Some(number)) = (self.number, given.number()) else { return false };
                word.is_same(number)
            }
            RawValue::Single(number) if number.is_finite() => self.number.is_some() && self.text.parse() == Ok(number),
            RawValue::Double(number) if number.is_finite() => self.number.is_some() && self.text.parse() == Ok(number),
            RawValue::Single(_) | RawValue::Double(_) => self.text.eq_ignore_ascii_case(&given.to_string()),
            RawValue::Moment { nanos, zoned } => self.time.is_some_and(|(utc, local)| nanos == if zoned { utc } else { local }),
            RawValue::Day(day) => self.time.is_some_and(|(_, local)| local == i128::from(day) * NANOS_PER_DAY),
            RawValue::TimeReader(_) => self.text == given.to_string(),
        }
    }

    /// What words that mean one value have in common: their letters, or their number.
    pub(crate) fn keys(&self) -> impl Iterator<Item = WordKey<'_>> {
        let number = self.number.and_then(Number::reduced).map(|(digits, scale)| WordKey::Number(digits, scale));
        std::iter::once(WordKey::Letters(&self.text)).chain(number)
    }
}

/// One of the two ways in which words are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WordKey<'a> {
    Letters(&'a str),
    /// Digits without zeros at their end, and the scale.
    Number(i128, i32),
}

/// Words of a mapping in their order; texts are looked up in a map where there are many.
#[derive(Debug)]
pub(super) struct MappedWords {
    words: Vec<MappedWord>,
    /// The first position of each text; empty for a short list.
    by_text: HashMap<String, usize>,
}

/// Shorter lists are compared word by word.
const LONG_LIST: usize = 16;

impl MappedWords {
    pub(super) fn new(words: Vec<MappedWord>) -> Self {
        let mut by_text = HashMap::new();
        if words.len() >= LONG_LIST {
            for (at, word) in words.iter().enumerate() {
                by_text.entry(word.text.clone()).or_insert(at);
            }
        }
        Self { words, by_text }
    }

    /// The position of the first word that is this value.
    #[inline]
    pub(super) fn position(&self, given: RawValue<'_>) -> Option<usize> {
        match given {
            RawValue::Text(text) if !self.by_text.is_empty() => self.by_text.get(text).copied(),
            _ => self.words.iter().position(|word| word.is(given)),
        }
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| word.text.as_str())
    }
}

impl Number {
    fn is_same(self, other: Self) -> bool {
        let (one, other) = (self.reduced(), other.reduced());
        one.is_some() && one == other
    }
}

/// A time of any year from -9999 to 9999 in the plain form, with or without an offset.
fn read_any_time(text: &str, zone: Zone) -> Option<(i128, i128)> {
    // Texts that jiff would read but the plain form does not have are no times.
    if !text.get(..10)?.bytes().any(|byte| byte == b'-') || text.contains('[') {
        return None;
    }
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    let days = local.date().duration_since(jiff::civil::Date::constant(1970, 1, 1)).as_secs();
    let clock = local.time().duration_since(jiff::civil::Time::midnight()).as_nanos();
    let nanos = i128::from(days) * NANOS_PER_SECOND + clock;
    let offset = pieces.to_numeric_offset().map_or(zone.seconds(), jiff::tz::Offset::seconds);
    Some((nanos - i128::from(offset) * NANOS_PER_SECOND, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_are_shown_whole() {
        let day = |nanos: i128| RawValue::Moment { nanos, zoned: false };
        for (given, shown) in [
            (day(253_402_214_400 * NANOS_PER_SECOND), "9999-12-31T00:00:00"),
            (day(NANOS_PER_DAY * 3_000_000 + 1), "10183-09-21T00:00:00.000000001"),
            (day(-1_000), "1969-12-31T23:59:59.999999"),
            (RawValue::Moment { nanos: 0, zoned: true }, "1970-01-01T00:00:00Z"),
            (RawValue::Day(16_153), "2014-03-24"),
            (RawValue::TimeReader(43_626_500_000_000), "12:07:06.5"),
            (RawValue::Decimal(i256::from_i128(-5), 2), "-0.05"),
            (RawValue::Decimal(i256::from_i128(500_010), 2), "5000.10"),
            (RawValue::Decimal(i256::from_i128(5), -3), "5000"),
            (RawValue::Decimal(i256::MAX, 0), "57896044618658097711785492504343953926634992332820282019728792003956564819967"),
            (RawValue::Double(7.0), "7"),
            (RawValue::Double(-0.0), "0"),
            (RawValue::Double(6.2e18), "6.2e+18"),
            (RawValue::Double(0.1), "0.1"),
            (RawValue::Single(0.1), "0.1"),
            (RawValue::Double(f64::NAN), "NaN"),
        ] {
            assert_eq!(given.to_string(), shown, "{given:?}");
        }
    }

    #[test]
    fn words_meet_typed_values_by_value() {
        let zone = Zone::parse("+08:00").unwrap();
        let end = 253_402_214_400 * NANOS_PER_SECOND;
        for (word, given, is) in [
            ("-1", RawValue::Whole(-1), true),
            ("-1", RawValue::Double(-1.0), true),
            ("-1.0", RawValue::Decimal(i256::from_i128(-100), 2), true),
            ("01", RawValue::Whole(1), false),
            ("1", RawValue::Text("1.0"), false),
            ("nan", RawValue::Double(f64::NAN), true),
            ("0.1", RawValue::Single(0.1), true),
            ("true", RawValue::Bool(true), true),
            ("9999-12-31", RawValue::Moment { nanos: end, zoned: false }, true),
            ("9999-12-31T00:00:00", RawValue::Moment { nanos: end - 28_800 * NANOS_PER_SECOND, zoned: true }, true),
            ("9999-12-31T00:00:00Z", RawValue::Moment { nanos: end, zoned: true }, true),
            ("1900-01-01", RawValue::Day(-25_567), true),
            ("NULL", RawValue::Whole(0), false),
        ] {
            assert_eq!(MappedWord::new(word, zone).is(given), is, "{word} {given:?}");
        }
    }
}
