//! How the text of one field becomes its value, and what to say when it does not.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::noted::Noted;
use crate::diagnostic::nearest;
use crate::model::{EnumType, Fen, Field, FieldType, RowFault, Timestamp, Zone};
use crate::requests::mapping::{FieldMapping, MoneyUnit, TimeFormat};
use crate::text::{LocalText, normal};

/// Longer texts are refused; bytes. No field of a request is a document.
pub(super) const LONGEST_TEXT: usize = 65_536;

/// How one field is read.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) optional: bool,
    /// Whether texts are taken as they stand in the file.
    pub(super) as_written: bool,
    /// Whether every digit of a text counts: it names the request, or is looked up in a list.
    pub(super) is_exact: bool,
    /// Words for "no value", foreign words, and what an empty cell becomes; `None` in the common case that there are none.
    words: Option<Words>,
}

/// A text that is to become a value.
pub(super) struct Given<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whether the mapping names it: nobody need be told of it.
    pub(super) is_mapped: bool,
}

/// How a text of one type is read.
#[derive(Debug)]
pub(super) enum Kind {
    Bool { yes: Vec<String>, no: Vec<String> },
    Int,
    Money(MoneyUnit),
    Float,
    Text,
    Enum(Codes),
    Time { format: Option<TimeFormat>, zone: Zone },
}

#[derive(Debug)]
struct Words {
    missing: Vec<String>,
    values: BTreeMap<String, String>,
    default: Option<String>,
}

/// Why a text is not a value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is none, and there must be one.
    Missing,
    /// It does not read as the type.
    NotThat,
    /// It reads, but the number does not fit.
    OutOfRange,
    /// The text is longer than [`LONGEST_TEXT`].
    TooLong,
    /// The time is finer than a microsecond.
    TooFine,
    /// It looks like a number of which digits were dropped, where every digit counts.
    Shortened,
}

impl Fault {
    /// The kind of fault that rows are counted by.
    pub(super) fn kind(self) -> RowFault {
        match self {
            Self::Missing => RowFault::MissingValue,
            Self::NotThat => RowFault::WrongValue,
            Self::OutOfRange => RowFault::OutOfRange,
            Self::TooLong => RowFault::TooLong,
            Self::TooFine => RowFault::TooFine,
            Self::Shortened => RowFault::LostDigits,
        }
    }
}

impl Rule {
    /// `missing` and `zone` are the file's; `mapping` is the field's own.
    pub(super) fn new(field: &Field, mapping: Option<&FieldMapping>, missing: &[String], zone: Zone) -> Self {
        let plain = FieldMapping::default();
        let mapping = mapping.unwrap_or(&plain);
        let kind = match &field.kind {
            FieldType::Bool => {
                let form = |words: &[String]| words.iter().map(|word| field.form(word).into_owned()).collect();
                let words = mapping.words.as_ref().map(|words| (form(&words.yes), form(&words.no)));
                let (yes, no) = words.unwrap_or_else(|| (vec!["true".to_owned()], vec!["false".to_owned()]));
                Kind::Bool { yes, no }
            }
            FieldType::Int => Kind::Int,
            FieldType::Money => Kind::Money(mapping.money.unwrap_or(MoneyUnit::Yuan)),
            FieldType::Float => Kind::Float,
            FieldType::Text => Kind::Text,
            FieldType::Enum(values) => Kind::Enum(Codes::new(values)),
            FieldType::Time => Kind::Time { format: mapping.time.clone(), zone: mapping.zone.unwrap_or(zone) },
        };
        let is_plain = missing.is_empty() && mapping.values.is_empty() && mapping.default.is_none();
        let form = |text: &String| field.form(text).into_owned();
        let words = (!is_plain).then(|| Words {
            missing: missing.iter().map(form).collect(),
            values: mapping.values.iter().map(|(word, value)| (form(word), form(value))).collect(),
            default: mapping.default.as_ref().map(form),
        });
        Self { kind, optional: field.optional, as_written: field.as_written, is_exact: false, words }
    }

    /// The text to read: in normal form, foreign words replaced, `None` for no value.
    #[inline]
    pub(super) fn text<'a>(&'a self, raw: Option<&'a str>, noted: &mut Noted) -> Option<Given<'a>> {
        let text = raw.filter(|raw| !raw.is_empty()).map(|raw| match normal(raw).filter(|_| !self.as_written) {
            None => Cow::Borrowed(raw),
            Some(normal) => {
                noted.normalized.add(raw);
                normal
            }
        });
        let text = text.filter(|text| !text.is_empty());
        let Some(words) = &self.words else { return Some(Given { text: text?, is_mapped: false }) };
        let text = text.filter(|text| !words.missing.iter().any(|word| word == text));
        let text = text.or_else(|| words.default.as_deref().map(Cow::Borrowed))?;
        match words.values.get(text.as_ref()) {
            Some(value) => Some(Given { text: Cow::Borrowed(value), is_mapped: true }),
            None => Some(Given { text, is_mapped: false }),
        }
    }

    /// Whether the mapping leaves texts as they are.
    pub(super) fn is_plain(&self) -> bool {
        self.words.is_none()
    }

    /// The offset in which a time of this field is read; of no account for other fields.
    pub(super) fn zone(&self) -> Zone {
        match &self.kind {
            Kind::Time { zone, .. } => *zone,
            _ => Zone::default(),
        }
    }

    /// What is wrong with `text`, for people.
    pub(super) fn explain(&self, fault: Fault, text: &str) -> LocalText {
        match fault {
            Fault::Missing => LocalText::new("has no value, and the field must have one", "没有值，而该字段必须有值"),
            Fault::TooLong => LocalText::new(format!("is longer than {LONGEST_TEXT} bytes"), format!("超过 {LONGEST_TEXT} 字节")),
            Fault::TooFine => LocalText::new("is finer than a microsecond", "精度超过微秒"),
            Fault::Shortened => LocalText::new(
                "looks like a number rounded by a spreadsheet, and its last digits are lost: export the column again as text",
                "疑似被电子表格舍入的数字，末尾数字已丢失：请将该列以文本格式重新导出",
            ),
            Fault::OutOfRange => LocalText::new("is out of range", "超出范围"),
            Fault::NotThat => self.kind.explain(text),
        }
    }
}

impl Kind {
    fn explain(&self, text: &str) -> LocalText {
        match self {
            Self::Bool { yes, no } => {
                let (yes, no) = (yes.join("`, `"), no.join("`, `"));
                LocalText::new(format!("is neither `{yes}` nor `{no}`"), format!("既不是 `{yes}` 也不是 `{no}`"))
            }
            Self::Int => LocalText::new("is not a whole number", "不是整数"),
            Self::Money(MoneyUnit::Yuan) => {
                LocalText::new("is not an amount in yuan such as `5000.00`", "不是以元为单位的金额，例如 `5000.00`")
            }
            Self::Money(MoneyUnit::Fen) => LocalText::new("is not a whole number of fen", "不是以分为单位的整数"),
            Self::Money(MoneyUnit::Cny) => LocalText::new("is not an amount such as `CNY5000.00`", "不是 `CNY5000.00` 形式的金额"),
            Self::Float => LocalText::new("is not a finite number", "不是有限的数"),
            Self::Text => LocalText::new("is not text", "不是文本"),
            Self::Enum(codes) => codes.explain(text),
            Self::Time { format: Some(TimeFormat::Pattern(pattern)), .. } => {
                LocalText::new(format!("is not a time of the form `{pattern}`"), format!("不是 `{pattern}` 形式的时间"))
            }
            Self::Time { format: Some(_), .. } => LocalText::new("is not a whole number since 1970", "不是自 1970 年起的整数"),
            Self::Time { format: None, .. } => {
                LocalText::new("is not a time such as `2014-03-24T00:00:00`", "不是 `2014-03-24T00:00:00` 形式的时间")
            }
        }
    }
}

/// Reads a truth value.
pub(in crate::requests::read) fn read_bool(text: &str, yes: &[String], no: &[String]) -> Result<bool, Fault> {
    if yes.iter().any(|word| word == text) {
        return Ok(true);
    }
    if no.iter().any(|word| word == text) { Ok(false) } else { Err(Fault::NotThat) }
}

/// Reads a whole number: an optional minus sign and digits.
pub(in crate::requests::read) fn read_int(text: &str) -> Result<i64, Fault> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut number, mut all_digits) = (0_i64, !digits.is_empty());
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        all_digits &= digit <= 9;
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    if !all_digits {
        return Err(Fault::NotThat);
    }
    // More digits may have wrapped.
    if digits.len() > 18 {
        return text.parse().map_err(|_| Fault::OutOfRange);
    }
    Ok(if minus { -number } else { number })
}

/// Reads an amount as fen.
pub(in crate::requests::read) fn read_money(text: &str, unit: MoneyUnit) -> Result<i64, Fault> {
    let yuan = |text: &str| {
        let fault = || if is_amount(text) { Fault::OutOfRange } else { Fault::NotThat };
        Fen::parse_yuan(text).map(|fen| fen.0).ok_or_else(fault)
    };
    match unit {
        MoneyUnit::Yuan => yuan(text),
        MoneyUnit::Fen => read_int(text),
        MoneyUnit::Cny => text.starts_with("CNY").then_some(()).ok_or(Fault::NotThat).and_then(|()| yuan(text)),
    }
}

/// Whether a text is written like an amount in yuan, however large.
fn is_amount(text: &str) -> bool {
    let text = text.strip_prefix("CNY").unwrap_or(text);
    let text = text.strip_prefix('-').unwrap_or(text);
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty();
    digits(yuan) && digits(fen) && fen.len() <= 2
}

/// Reads a finite number.
pub(in crate::requests::read) fn read_float(text: &str) -> Result<f64, Fault> {
    let number: f64 = text.parse().map_err(|_| Fault::NotThat)?;
    // The words `inf` and `nan` read as numbers too; digits that give an infinity are out of range.
    match number {
        finite if finite.is_finite() => Ok(finite),
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => Err(Fault::OutOfRange),
        _ => Err(Fault::NotThat),
    }
}

/// Reads a point in time as microseconds since 1970. A time without an offset is in `zone`.
pub(in crate::requests::read) fn read_time(text: &str, format: Option<&TimeFormat>, zone: Zone) -> Result<i64, Fault> {
    let epoch = |scale: i64| {
        let micros = read_int(text)?.checked_mul(scale).and_then(Timestamp::from_micros);
        micros.map(Timestamp::micros).ok_or(Fault::OutOfRange)
    };
    match format {
        None => zone.parse_time(text).map(Timestamp::micros).ok_or(Fault::NotThat),
        Some(TimeFormat::Seconds) => epoch(1_000_000),
        Some(TimeFormat::Milliseconds) => epoch(1_000),
        Some(TimeFormat::Microseconds) => epoch(1),
        Some(TimeFormat::Pattern(pattern)) => read_pattern(text, pattern, zone),
    }
}

fn read_pattern(text: &str, pattern: &str, zone: Zone) -> Result<i64, Fault> {
    let parsed = jiff::fmt::strtime::parse(pattern, text).map_err(|_| Fault::NotThat)?;
    let civil = parsed.to_datetime().map_err(|_| Fault::NotThat)?;
    if civil.subsec_nanosecond() % 1_000 != 0 {
        return Err(Fault::NotThat);
    }
    let seconds = parsed.offset().map_or(zone.seconds(), jiff::tz::Offset::seconds);
    let offset = jiff::tz::Offset::from_seconds(seconds).map_err(|_| Fault::NotThat)?;
    let time = offset.to_timestamp(civil).map_err(|_| Fault::OutOfRange)?;
    Timestamp::from_micros(time.as_microsecond()).map(Timestamp::micros).ok_or(Fault::OutOfRange)
}

/// Finds the position of an enum's value, in one comparison for nearly every text.
#[derive(Debug)]
pub(super) struct Codes {
    names: Vec<String>,
    /// Position + 1 by a cheap hash; 0 where there is none. Names that share a place are found by looking at all.
    slots: Box<[u16; 256]>,
}

impl Codes {
    fn new(values: &EnumType) -> Self {
        let names: Vec<String> = values.names().map(str::to_owned).collect();
        let mut slots = Box::new([0; 256]);
        for (name, position) in names.iter().zip(1..) {
            if let Some(slot) = slots.get_mut(Self::slot(name)).filter(|slot| **slot == 0) {
                *slot = position;
            }
        }
        Self { names, slots }
    }

    fn slot(text: &str) -> usize {
        let bytes = text.as_bytes();
        let [first, middle, last] =
            [0, bytes.len() / 2, bytes.len().saturating_sub(1)].map(|at| bytes.get(at).copied().unwrap_or(0));
        (bytes.len() + usize::from(first) * 5 + usize::from(middle) * 17 + usize::from(last) * 31) % 256
    }

    /// The value's position in the schema.
    pub(super) fn find(&self, text: &str) -> Result<u32, Fault> {
        let guess = self.slots.get(Self::slot(text)).and_then(|slot| slot.checked_sub(1)).map(usize::from);
        let found = guess.filter(|at| self.names.get(*at).is_some_and(|name| name == text));
        let found = found.or_else(|| self.names.iter().position(|name| name == text));
        found.and_then(|at| u32::try_from(at).ok()).ok_or(Fault::NotThat)
    }

    fn explain(&self, text: &str) -> LocalText {
        let names = self.names.iter().map(String::as_str);
        if let Some(best) = nearest(text, names.clone()) {
            return LocalText::new(
                format!("is not a value of the field; did you mean `{best}`?"),
                format!("不是该字段的取值；是否想写 `{best}`？"),
            );
        }
        let some: Vec<&str> = names.take(8).collect();
        let some = some.join("`, `");
        LocalText::new(format!("is not one of `{some}`"), format!("不是 `{some}` 之一"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_exactly_or_refused() {
        assert_eq!(read_int("-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(read_int("007"), Ok(7));
        assert_eq!(read_int("9223372036854775808"), Err(Fault::OutOfRange));
        assert_eq!(read_int(&"9".repeat(400)), Err(Fault::OutOfRange));
        for bad in ["", "-", "+5", "5.0", "1e3", " 5", "5 ", "0x5", "５", "--5"] {
            assert_eq!(read_int(bad), Err(Fault::NotThat), "{bad}");
        }
    }

    #[test]
    fn money_is_read_in_its_unit() {
        assert_eq!(read_money("5000.00", MoneyUnit::Yuan), Ok(500_000));
        assert_eq!(read_money("500000", MoneyUnit::Fen), Ok(500_000));
        assert_eq!(read_money("CNY5000.00", MoneyUnit::Cny), Ok(500_000));
        for large in ["99999999999999999999", "-99999999999999999999", "-99999999999999999999.5", "CNY99999999999999999999.25"] {
            assert_eq!(read_money(large, MoneyUnit::Yuan), Err(Fault::OutOfRange), "{large}");
        }
        for wrong in ["", "-", "--1", "1.", ".5", "1.234", "1e3", "9999999999999999999x", "99999999999999999999.125"] {
            assert_eq!(read_money(wrong, MoneyUnit::Yuan), Err(Fault::NotThat), "{wrong}");
        }
        assert_eq!(read_money("5000.00", MoneyUnit::Cny), Err(Fault::NotThat));
        assert_eq!(read_money("5000.00", MoneyUnit::Fen), Err(Fault::NotThat));
    }

    #[test]
    fn times_are_read_in_their_format_and_zone() {
        let zone = Zone::parse("+08:00").unwrap();
        let pattern = |pattern: &str| TimeFormat::Pattern(pattern.to_owned());
        let cutover = Ok(1_395_590_400_000_000);
        assert_eq!(read_time("2014-03-24T00:00:00", None, zone), cutover);
        assert_eq!(read_time("24/03/2014 00:00", Some(&pattern("%d/%m/%Y %H:%M")), zone), cutover);
        assert_eq!(read_time("20140323160000 +0000", Some(&pattern("%Y%m%d%H%M%S %z")), zone), cutover);
        assert_eq!(read_time("1395590400", Some(&TimeFormat::Seconds), zone), cutover);
        assert_eq!(read_time("1395590400000", Some(&TimeFormat::Milliseconds), zone), cutover);
        assert_eq!(read_time("9223372036854775807", Some(&TimeFormat::Seconds), zone), Err(Fault::OutOfRange));
        assert_eq!(read_time("31/02/2014 00:00", Some(&pattern("%d/%m/%Y %H:%M")), zone), Err(Fault::NotThat));
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        assert_eq!(read_float("1e999"), Err(Fault::OutOfRange));
        assert_eq!(read_float("NaN"), Err(Fault::NotThat));
        assert_eq!(read_float("-0.5"), Ok(-0.5));
    }
}
