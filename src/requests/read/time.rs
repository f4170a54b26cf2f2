//! Points in time as files write them: the plain form, patterns, numbers since 1970, and times of typed columns. Never guessed: a local
//! time that a zone's clocks left out or showed twice is none.

use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::cell_fault::CellFault;
use super::given::RawValue;
use super::number::{Number, Units, float_units};
use super::scalars::read_int;
use crate::mapping::TimeFormat;
use crate::mapping::pattern::{PatternPart, TimePart, parts};
use countersign_core::model::{Timestamp, Zone};

const NANOS_PER_SECOND: i128 = 1_000_000_000;

/// How times of one field are read.
#[derive(Debug)]
pub(super) struct TimeReader {
    pub(super) format: Option<TimeFormat>,
    /// Of times without an offset.
    zone: Zone,
    /// Parts of a pattern that are adjacent without a separator.
    runs: Vec<DigitRun>,
}

/// Directives for digits with nothing but white space between them.
#[derive(Debug)]
struct DigitRun {
    /// The pattern before the first, and up to the last.
    before: String,
    through: String,
    /// The digits of each group between white space.
    groups: Vec<DigitGroup>,
}

#[derive(Clone, Copy, Debug, Default)]
struct DigitGroup {
    digits: usize,
    directives: usize,
    /// Whether any number of digits may follow.
    is_open: bool,
}

impl TimeReader {
    pub(super) fn new(format: Option<&TimeFormat>, zone: Zone) -> Self {
        let runs = match format {
            Some(TimeFormat::Pattern(pattern)) => runs(pattern),
            _ => Vec::new(),
        };
        Self { format: format.cloned(), zone, runs }
    }

    /// Reads a point in time as microseconds since 1970.
    pub(super) fn read(&self, given: RawValue<'_>) -> Result<i64, CellFault> {
        if let RawValue::Text(text) = given {
            return self.read_text(text);
        }
        if let Some((nanos, is_utc)) = given.moment(None) {
            let offset = if is_utc { 0 } else { i128::from(self.zone.seconds()) * NANOS_PER_SECOND };
            return instant(nanos - offset);
        }
        match (&self.format, given) {
            (Some(TimeFormat::Pattern(_)), RawValue::Whole(whole)) => self.read_text(&whole.to_string()),
            (None | Some(TimeFormat::Pattern(_)), _) => Err(CellFault::NotThat),
            (Some(unit), RawValue::Single(number)) => binary_epoch(f64::from(number), true, unit),
            (Some(unit), RawValue::Double(number)) => binary_epoch(number, false, unit),
            (Some(unit), other) => epoch(other.number().ok_or(CellFault::NotThat)?, unit),
        }
    }

    fn read_text(&self, text: &str) -> Result<i64, CellFault> {
        match &self.format {
            None => self.zone.parse_time(text).map(Timestamp::micros).ok_or_else(|| self.fault_of(text)),
            Some(TimeFormat::Pattern(pattern)) => self.read_pattern(text, pattern),
            Some(TimeFormat::Microseconds) if !text.contains('.') => in_range(read_int(text)?),
            Some(unit) => epoch(Number::parse(text).ok_or(CellFault::NotThat)?, unit),
        }
    }

    /// Why a text is no time of the plain form.
    fn fault_of(&self, text: &str) -> CellFault {
        // The point of a fraction is the only one.
        if let Some((whole, rest)) = text.split_once('.') {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, offset) = rest.split_at_checked(digits).unwrap_or((rest, ""));
            let cut = format!("{whole}.{}{offset}", fraction.get(..6).unwrap_or(fraction));
            if digits > 6 && self.zone.parse_time(&cut).is_some() {
                return CellFault::TooFine;
            }
        }
        if text.get(17..19) == Some("60") && self.zone.parse_time(&text.replacen(":60", ":59", 1)).is_some() {
            return CellFault::LeapSecond;
        }
        // The same day of a year that is in range.
        let Some(year) = text.get(..4).and_then(|year| year.parse::<u16>().ok()) else { return CellFault::NotThat };
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let other = format!("{}{}", if is_leap { 2012 } else { 2014 }, text.get(4..).unwrap_or(""));
        if self.zone.parse_time(&other).is_some() { CellFault::OutOfRange } else { CellFault::NotThat }
    }

    fn read_pattern(&self, text: &str, pattern: &str) -> Result<i64, CellFault> {
        let parsed = BrokenDownTime::parse(pattern, text).map_err(|_| CellFault::NotThat)?;
        if let Some(time) = parsed.timestamp() {
            return instant(time.as_nanosecond());
        }
        let civil = parsed.to_datetime().map_err(|_| CellFault::NotThat)?;
        if parsed.second() == Some(59) && is_leap_second(text, pattern) {
            return Err(CellFault::LeapSecond);
        }
        if !self.runs.iter().all(|run| run.is_full(text)) {
            return Err(CellFault::RunTogether);
        }
        let nanos = match (parsed.iana_time_zone(), parsed.offset()) {
            (Some(name), offset) => named(name, offset, civil)?,
            (None, Some(offset)) => local(civil) - i128::from(offset.seconds()) * NANOS_PER_SECOND,
            (None, None) => local(civil) - i128::from(self.zone.seconds()) * NANOS_PER_SECOND,
        };
        instant(nanos)
    }
}

/// Nanoseconds since 1970 on the clock that shows this.
fn local(civil: DateTime) -> i128 {
    let since = civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    since.as_nanos()
}

/// Nanoseconds since 1970 of a time on the clocks of a zone.
fn named(name: &str, offset: Option<Offset>, civil: DateTime) -> Result<i128, CellFault> {
    let zone =
        if name.eq_ignore_ascii_case("Z") { TimeZone::UTC } else { TimeZone::get(name).map_err(|_| CellFault::UnknownZone)? };
    if zone.is_unknown() {
        return Err(CellFault::UnknownZone);
    }
    if let Some(offset) = offset {
        // Where both are given, they must agree.
        let time = offset.to_timestamp(civil).map_err(|_| CellFault::OutOfRange)?;
        return if zone.to_offset(time) == offset { Ok(time.as_nanosecond()) } else { Err(CellFault::NotThat) };
    }
    let times = zone.to_ambiguous_timestamp(civil);
    match times.offset() {
        AmbiguousOffset::Gap { .. } => Err(CellFault::SkippedTime),
        AmbiguousOffset::Fold { .. } => Err(CellFault::RepeatedTime),
        AmbiguousOffset::Unambiguous { .. } => {
            times.unambiguous().map(jiff::Timestamp::as_nanosecond).map_err(|_| CellFault::OutOfRange)
        }
    }
}

fn instant(nanos: i128) -> Result<i64, CellFault> {
    let micros = i64::try_from(nanos.div_euclid(1_000)).map_err(|_| CellFault::OutOfRange).and_then(in_range)?;
    if nanos.rem_euclid(1_000) == 0 { Ok(micros) } else { Err(CellFault::TooFine) }
}

fn in_range(micros: i64) -> Result<i64, CellFault> {
    Timestamp::from_micros(micros).map(Timestamp::micros).ok_or(CellFault::OutOfRange)
}

/// How many decimals of a unit a microsecond is.
fn decimals(unit: &TimeFormat) -> i8 {
    match unit {
        TimeFormat::Seconds => 6,
        TimeFormat::Milliseconds => 3,
        TimeFormat::Microseconds | TimeFormat::Pattern(_) => 0,
        TimeFormat::Nanoseconds => -3,
    }
}

fn epoch(number: Number, unit: &TimeFormat) -> Result<i64, CellFault> {
    whole_micros(number.units(i32::from(decimals(unit)))?)
}

fn binary_epoch(number: f64, is_single: bool, unit: &TimeFormat) -> Result<i64, CellFault> {
    match u8::try_from(decimals(unit)) {
        Ok(decimals) => whole_micros(float_units(number, is_single, decimals)?),
        Err(_) => match float_units(number, is_single, 0)? {
            Units::Exact(nanos) => instant(nanos),
            Units::Near(_) | Units::Between => Err(CellFault::TooFine),
        },
    }
}

fn whole_micros(units: Units) -> Result<i64, CellFault> {
    match units {
        Units::Exact(micros) => i64::try_from(micros).map_err(|_| CellFault::OutOfRange).and_then(in_range),
        Units::Near(_) | Units::Between => Err(CellFault::TooFine),
    }
}

/// Whether the second that was read as 59 is written 60.
fn is_leap_second(text: &str, pattern: &str) -> bool {
    text.match_indices("60").any(|(at, _)| {
        let other = [text.get(..at), Some("58"), text.get(at + 2..)].into_iter().flatten().collect::<String>();
        BrokenDownTime::parse(pattern, other).is_ok_and(|parsed| parsed.second() == Some(58))
    })
}

impl DigitRun {
    /// Whether the text has every digit of the run, so that it can be split in one way only.
    fn is_full(&self, text: &str) -> bool {
        let end = |pattern: &str| BrokenDownTime::parse_prefix(pattern, text).ok().map(|(_, end)| end);
        let (Some(start), Some(end)) = (end(&self.before), end(&self.through)) else { return false };
        let part = text.get(start..end).unwrap_or("").trim_start_matches(['+', '-']);
        let mut parts = part.split_ascii_whitespace();
        let is_full = |group: &DigitGroup| {
            let Some(digits) = parts.next().map(str::len) else { return false };
            group.directives == 1 || if group.is_open { digits > group.digits } else { digits == group.digits }
        };
        self.groups.iter().all(is_full) && parts.next().is_none()
    }
}

/// The runs of a pattern in which digits could be split in several ways.
fn runs(pattern: &str) -> Vec<DigitRun> {
    let Ok(parts) = parts(pattern) else { return Vec::new() };
    let (mut runs, mut before) = (Vec::new(), String::new());
    let mut groups: Vec<DigitGroup> = Vec::new();
    let mut through = String::new();
    let mut start = String::new();
    for part in parts.iter().chain([&PatternPart::Literal(String::new())]) {
        match part {
            PatternPart::TimePart { slot, digits, written, .. }
                if *digits > 0 || (*slot == TimePart::Fraction && !written.contains('.')) =>
            {
                if groups.is_empty() {
                    start.clone_from(&before);
                    groups.push(DigitGroup::default());
                }
                if let Some(group) = groups.last_mut() {
                    group.directives += 1;
                    group.digits += usize::from(*digits);
                    group.is_open |= *slot == TimePart::Fraction;
                }
            }
            PatternPart::Space if !groups.is_empty() => groups.push(DigitGroup::default()),
            _ => {
                let taken: Vec<DigitGroup> = std::mem::take(&mut groups).into_iter().filter(|group| group.directives > 0).collect();
                if taken.len() > 1 || taken.iter().any(|group| group.directives > 1) {
                    runs.push(DigitRun { before: start.clone(), through: through.clone(), groups: taken });
                }
            }
        }
        before.push_str(&part.pattern());
        if matches!(part, PatternPart::TimePart { .. }) {
            through.clone_from(&before);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_their_format_and_zone_or_not_at_all() {
        let zone = Zone::parse("+08:00").unwrap();
        let cutover = Ok(1_395_590_400_000_000);
        let plain = [
            ("2014-03-24T00:00:00", cutover),
            ("2014-03-24 00:00:00.000000000", cutover),
            ("2014-03-23T16:00:00+00", cutover),
            ("2014-03-24T00:00:00+0800", cutover),
            ("2014-03-24T00:00:00.1234567", Err(CellFault::TooFine)),
            ("2014-03-24T23:59:60", Err(CellFault::LeapSecond)),
            ("9999-12-31T00:00:00", Err(CellFault::OutOfRange)),
            ("9996-02-29", Ok(253_281_139_200_000_000)),
            ("0000-02-29", Err(CellFault::OutOfRange)),
            ("2014-02-29", Err(CellFault::NotThat)),
            ("24/03/2014", Err(CellFault::NotThat)),
            ("", Err(CellFault::NotThat)),
        ];
        for (text, wanted) in plain {
            assert_eq!(TimeReader::new(None, zone).read(RawValue::Text(text)), wanted, "{text}");
        }
        for (text, pattern, wanted) in [
            ("24/03/2014 00:00", "%d/%m/%Y %H:%M", cutover),
            ("2014/3/24 0:00", "%Y/%m/%d %H:%M", cutover),
            ("20140323160000 +0000", "%Y%m%d%H%M%S %z", cutover),
            ("2014-03-23 16:00:00 UTC", "%Y-%m-%d %H:%M:%S %Q", cutover),
            ("2014-03-23 16:00:00 Z", "%Y-%m-%d %H:%M:%S %:Q", cutover),
            ("2014-03-24 00:00:00 Asia/Shanghai", "%Y-%m-%d %H:%M:%S %Q", cutover),
            ("2014-03-24 00:00:00 +08:00", "%Y-%m-%d %H:%M:%S %:Q", cutover),
            ("2014-03-24 00:00:00 +0800 Asia/Shanghai", "%Y-%m-%d %H:%M:%S %z %Q", cutover),
            ("2014-03-24 00:00:00 +0900 Asia/Shanghai", "%Y-%m-%d %H:%M:%S %z %Q", Err(CellFault::NotThat)),
            ("2014-03-24 00:00:00 CST", "%Y-%m-%d %H:%M:%S %Q", Err(CellFault::UnknownZone)),
            ("2014-03-24 00:00:00 Etc/Unknown", "%Y-%m-%d %H:%M:%S %Q", Err(CellFault::UnknownZone)),
            ("2014-03-09 02:30:00 America/New_York", "%Y-%m-%d %H:%M:%S %Q", Err(CellFault::SkippedTime)),
            ("2014-11-02 01:30:00 America/New_York", "%Y-%m-%d %H:%M:%S %Q", Err(CellFault::RepeatedTime)),
            ("2014-11-02 01:30:00 -0500 America/New_York", "%Y-%m-%d %H:%M:%S %z %Q", Ok(1_414_909_800_000_000)),
            ("2014-03-23 23:59:60", "%Y-%m-%d %H:%M:%S", Err(CellFault::LeapSecond)),
            ("2014-03-24 00:60:59", "%Y-%m-%d %H:%M:%S", Err(CellFault::NotThat)),
            ("2014-03-24 00:00:59.60", "%Y-%m-%d %H:%M:%S%.f", Ok(1_395_590_459_600_000)),
            ("2014-03-24 00:00:00.1234567", "%Y-%m-%d %H:%M:%S%.f", Err(CellFault::TooFine)),
            ("2014-03-24 00:00:00.123456000", "%Y-%m-%d %H:%M:%S%.f", Ok(1_395_590_400_123_456)),
            ("Mon 2014-03-24", "%a %Y-%m-%d", cutover),
            ("Tue 2014-03-24", "%a %Y-%m-%d", Err(CellFault::NotThat)),
            ("31/02/2014 00:00", "%d/%m/%Y %H:%M", Err(CellFault::NotThat)),
            ("2014111", "%Y%m%d", Err(CellFault::RunTogether)),
            ("20140324", "%Y%m%d", cutover),
            ("14 111", "%y %m%d", Err(CellFault::RunTogether)),
            ("140324", "%y%m%d", cutover),
            ("20140324 0:00", "%Y%m%d %H:%M", cutover),
            ("201403240:00", "%Y%m%d %H:%M", Err(CellFault::RunTogether)),
            ("20140324000000500", "%Y%m%d%H%M%S%f", Ok(1_395_590_400_500_000)),
            ("99991231", "%Y%m%d", Err(CellFault::OutOfRange)),
            ("1395590400", "%s", cutover),
        ] {
            let clock = TimeReader::new(Some(&TimeFormat::Pattern(pattern.to_owned())), zone);
            assert_eq!(clock.read(RawValue::Text(text)), wanted, "{text} by {pattern}");
        }
        for (text, unit, wanted) in [
            ("1395590400", TimeFormat::Seconds, cutover),
            ("1395590400.25", TimeFormat::Seconds, Ok(1_395_590_400_250_000)),
            ("1395590400.0", TimeFormat::Seconds, cutover),
            ("1395590400000", TimeFormat::Milliseconds, cutover),
            ("1395590400000.0001", TimeFormat::Milliseconds, Err(CellFault::TooFine)),
            ("1395590400000000000", TimeFormat::Nanoseconds, cutover),
            ("1395590400000000001", TimeFormat::Nanoseconds, Err(CellFault::TooFine)),
            ("1.39559E+09", TimeFormat::Seconds, Err(CellFault::DigitsDropped)),
            ("9223372036854775807", TimeFormat::Seconds, Err(CellFault::OutOfRange)),
            ("9223372036854775807", TimeFormat::Microseconds, Err(CellFault::OutOfRange)),
        ] {
            assert_eq!(TimeReader::new(Some(&unit), zone).read(RawValue::Text(text)), wanted, "{text}");
        }
        let seconds = TimeReader::new(Some(&TimeFormat::Seconds), zone);
        assert_eq!(seconds.read(RawValue::Double(1_395_590_400.5)), Ok(1_395_590_400_500_000));
        assert_eq!(seconds.read(RawValue::Whole(1_395_590_400)), cutover);
        let plain = TimeReader::new(None, zone);
        assert_eq!(plain.read(RawValue::Day(16_153)), cutover);
        assert_eq!(
            plain.read(RawValue::Moment { nanos: 253_402_214_400 * NANOS_PER_SECOND, zoned: false }),
            Err(CellFault::OutOfRange)
        );
        assert_eq!(plain.read(RawValue::Whole(1_395_590_400)), Err(CellFault::NotThat));
    }
}
