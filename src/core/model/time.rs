//! Points in time, and the one fixed offset a schema reads and shows them in.
//!
//! A zone is a fixed offset, not a name: a rule must decide the same for ever, and time-zone tables change.

use std::fmt;

use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Within [`Timestamp::MIN`] to [`Timestamp::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-02T00:00:00Z: the day before it is still in year 1 in every zone.
    pub const MIN: Self = Self(-62_135_510_400_000_000);
    /// The last microsecond of 9998.
    pub const MAX: Self = Self(253_370_764_799_999_999);

    /// From microseconds since 1970; `None` outside [`Timestamp::MIN`] to [`Timestamp::MAX`].
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0).contains(&micros).then_some(Self(micros))
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }
}

/// A fixed offset from UTC, written `+08:00`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    seconds: i32,
}

impl Zone {
    /// From seconds east of Greenwich; whole minutes, at most 18 hours either way.
    #[must_use]
    pub fn from_seconds(seconds: i32) -> Option<Self> {
        (seconds % 60 == 0 && seconds.abs() <= 18 * 3600).then_some(Self { seconds })
    }

    /// Seconds east of Greenwich.
    #[must_use]
    pub fn seconds(self) -> i32 {
        self.seconds
    }

    /// Reads `+08:00`, `-03:30`, `+0800`, `+08` or `Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "Z" {
            return Some(Self { seconds: 0 });
        }
        let [sign, digits @ ..] = text.as_bytes() else { return None };
        let sign = match sign {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (h1, h2, m1, m2) = match *digits {
            [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (h1, h2, m1, m2),
            [h1, h2] => (h1, h2, b'0', b'0'),
            _ => return None,
        };
        let digits = [h1, h2, m1, m2];
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let [hours, minutes] = [[h1, h2], [m1, m2]].map(|[ten, one]| i32::from(ten - b'0') * 10 + i32::from(one - b'0'));
        if minutes > 59 {
            return None;
        }
        Self::from_seconds(sign * (hours * 3600 + minutes * 60))
    }

    /// Reads a local time such as `2014-03-24T00:00:00`, `2014-03-24 00:00:00.25` or `2014-03-24`; an offset at its end (`Z`,
    /// `+08:00`, `+0800`, `+08`) overrides the zone. Digits finer than a microsecond are refused unless they are zeros.
    #[must_use]
    pub fn parse_time(self, text: &str) -> Option<Timestamp> {
        let (local, zone) = split_offset(text);
        let zone = if zone.is_empty() { self } else { Self::parse(zone)? };
        let civil = parse_civil(local)?;
        let micros = civil_micros(civil)?.checked_sub(i64::from(zone.seconds) * 1_000_000)?;
        Timestamp::from_micros(micros)
    }

    /// The calendar date and clock time in this zone.
    #[must_use]
    pub fn civil(self, time: Timestamp) -> DateTime {
        let offset = Offset::from_seconds(self.seconds).unwrap_or(Offset::UTC);
        jiff::Timestamp::from_microsecond(time.0).map(|time| offset.to_datetime(time)).unwrap_or_default()
    }

    /// Shows a time as `2014-03-24T00:00:00+08:00`, with a fraction only where there is one.
    #[must_use]
    pub fn format(self, time: Timestamp) -> String {
        format!("{}{self}", self.civil(time))
    }
}

/// A part of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalendarPeriod {
    /// A date.
    Day,
    /// A month of a year.
    Month,
    /// A year.
    Year,
}

impl Zone {
    /// The microsecond at which the day, month or year begins that a time lies in, in this zone.
    #[must_use]
    pub fn start_of(self, period: CalendarPeriod, time: Timestamp) -> i64 {
        let offset = i64::from(self.seconds) * 1_000_000;
        let date = match period {
            CalendarPeriod::Day => return time.0 - (time.0 + offset).rem_euclid(86_400_000_000),
            CalendarPeriod::Month => self.civil(time).date().first_of_month(),
            CalendarPeriod::Year => self.civil(time).date().first_of_year(),
        };
        // The first days of year 1 are in range of a date, not of a time.
        civil_micros(date.to_datetime(Time::midnight())).map_or(i64::MIN, |micros| micros - offset)
    }
}

/// Splits an offset off the end of a time.
fn split_offset(text: &str) -> (&str, &str) {
    if let Some(local) = text.strip_suffix('Z') {
        return (local, "Z");
    }
    // The date before it has signs of its own.
    let at = text.get(10..).and_then(|rest| rest.rfind(['+', '-'])).map_or(text.len(), |at| at + 10);
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Only the forms the documents name: jiff itself reads many more, and what one reader takes every reader must. Reads digit by digit,
/// since files hold millions of times.
fn parse_civil(text: &str) -> Option<DateTime> {
    let bytes = match text.as_bytes().split_at_checked(26) {
        Some((micros, finer)) if finer.iter().all(|byte| *byte == b'0') => micros,
        _ => text.as_bytes(),
    };
    let mark = |at: usize, known: &[u8]| bytes.get(at).is_none_or(|byte| known.contains(byte));
    let marks = mark(4, b"-") && mark(7, b"-") && mark(10, b"T ") && mark(13, b":") && mark(16, b":") && mark(19, b".");
    if !marks || !matches!(bytes.len(), 10 | 16 | 19 | 21..=26) {
        return None;
    }
    // Parts that the text is too short for are 0.
    let number = |from: usize, to: usize| {
        let digits = bytes.get(from..to.min(bytes.len())).unwrap_or(&[]);
        digits.iter().try_fold(0_i32, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i32::from(byte - b'0')))
    };
    let two = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let fraction = number(20, 26)?;
    let nanoseconds = fraction * 10_i32.pow(u32::try_from(29_usize.saturating_sub(bytes.len().max(20))).ok()?);
    let year = i16::try_from(number(0, 4)?).ok()?;
    DateTime::new(year, two(5)?, two(8)?, two(11)?, two(14)?, two(17)?, nanoseconds).ok()
}

fn civil_micros(civil: DateTime) -> Option<i64> {
    let time = Offset::UTC.to_timestamp(civil).ok()?;
    Some(time.as_microsecond())
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.seconds < 0 { '-' } else { '+' };
        let minutes = self.seconds.abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl TryFrom<String> for Zone {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not an offset such as `+08:00`"))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.to_string()
    }
}

/// A point in time as a person wrote it into a file, with its offset: `2014-03-24T00:00:00+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    /// The point in time.
    pub at: Timestamp,
    /// The offset it was written with.
    pub zone: Zone,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zone.format(self.at))
    }
}

impl TryFrom<String> for Moment {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time with an offset such as `2014-03-24T00:00:00+08:00`");
        let (_, zone) = split_offset(&text);
        let zone = Zone::parse(zone).ok_or_else(wrong)?;
        Ok(Self { at: zone.parse_time(&text).ok_or_else(wrong)?, zone })
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_read_in_the_zone_and_an_offset_overrides_it() {
        let zone = Zone::parse("+08:00").unwrap();
        let cutover = zone.parse_time("2014-03-24T00:00:00").unwrap();
        assert_eq!(cutover.micros(), 1_395_590_400_000_000);
        assert_eq!(zone.parse_time("2014-03-23 16:00:00Z"), Some(cutover));
        assert_eq!(zone.parse_time("2014-03-24"), Some(cutover));
        assert_eq!(zone.format(cutover), "2014-03-24T00:00:00+08:00");
        assert_eq!(zone.parse_time("2014-03-24T00:00:00.5").unwrap().micros(), cutover.micros() + 500_000);
        assert_eq!(zone.parse_time("2014-03-24T00:00:00.000001").unwrap().micros(), cutover.micros() + 1);
        assert_eq!(zone.parse_time("2014-03-24T00:01").unwrap().micros(), cutover.micros() + 60_000_000);
        for offset in ["+00", "+0000", "+00:00", "-00"] {
            assert_eq!(zone.parse_time(&format!("2014-03-23 16:00:00.000000000{offset}")), Some(cutover), "{offset}");
        }
        assert_eq!(zone.parse_time("2014-03-24+08"), Some(cutover));
        assert_eq!(zone.parse_time("2014-03-24T00:00:00.250000").unwrap().micros(), cutover.micros() + 250_000);
        let wrong = [
            "",
            "2014",
            "2014-02-30",
            "2014-03-24T25:00:00",
            "2014-03-24T00:00:00.1234567",
            "2014-03-24T00:00:00.",
            "2014-03-24T00:00:60",
            "2014-03-24T24:00:00",
            "2014-03-24T00:0:000",
            "2014-03-2４",
            "24/03/2014",
            "名",
            "2014-03-24T00:00:00+25:00",
            "2014-03-24T00:00:00+8",
            "2014-03-24T00:00:00+080",
            "2014-03-24T00:00:00.1234560001",
        ];
        for bad in wrong {
            assert_eq!(zone.parse_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_time_in_range_has_a_date() {
        for zone in ["+18:00", "-18:00", "+00:00"].map(|text| Zone::parse(text).unwrap()) {
            for time in [Timestamp::MIN, Timestamp::MAX] {
                assert_ne!(zone.civil(time), DateTime::default(), "{zone} {time:?}");
            }
        }
    }
}
