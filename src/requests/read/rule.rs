//! What the value of one field is, read from what a file has, and what to say when it is none.

use std::borrow::Cow;

use super::convert::{Observed, convert};
use super::given::{Given, Word};
use super::noted::Noted;
use super::number::{Number, Units, float_units, plain_digits};
use super::time::Clock;
use crate::mapping::{FieldMapping, MoneyUnit, NumberText, TimeFormat};
use crate::table::{CellData, Cells, Texts};
use countersign_core::diagnostic::nearest;
use countersign_core::model::{EnumType, Fen, Field, FieldType, RowFault, Zone};
use countersign_core::text::{LocalText, normal};

/// Longer texts are refused; bytes. No field of a request is a document.
pub(super) const LONGEST_TEXT: usize = 65_536;

/// How one field is read.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(super) kind: Kind,
    pub(super) optional: bool,
    /// Whether texts are taken as they stand in the file.
    pub(super) as_written: bool,
    /// Whether every digit of a text counts: it names the request, or is looked up in a list.
    pub(super) is_exact: bool,
    /// Words for "no value", foreign words, and what an empty cell becomes; `None` in the common case that there are none.
    words: Option<Words>,
}

/// What is to become a value.
pub(super) enum Meant<'a> {
    /// A text in normal form.
    Text {
        text: Cow<'a, str>,
        /// Whether the mapping names it: nobody need be told of it.
        is_mapped: bool,
    },
    /// Anything but a text.
    Typed(Given<'a>),
}

impl Meant<'_> {
    pub(super) fn given(&self) -> Given<'_> {
        match self {
            Self::Text { text, .. } => Given::Text(text),
            Self::Typed(given) => *given,
        }
    }
}

/// How a value of one type is read.
#[derive(Debug)]
pub(super) enum Kind {
    Bool(Flags),
    Int(Option<NumberText>),
    Money(MoneyUnit),
    Float(Option<NumberText>),
    Text,
    Enum(Codes),
    Time(Clock),
}

/// What stands for true and false.
#[derive(Debug)]
pub(super) struct Flags {
    yes: Vec<Word>,
    no: Vec<Word>,
}

#[derive(Debug)]
struct Words {
    missing: Vec<Word>,
    values: Vec<(Word, String)>,
    default: Option<String>,
}

/// Why something is not a value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is none, and there must be one.
    Missing,
    /// It does not read as the type.
    NotThat,
    /// It reads, but does not fit.
    OutOfRange,
    /// The text is longer than [`LONGEST_TEXT`].
    TooLong,
    /// The time is finer than a microsecond.
    TooFine,
    /// The amount is finer than a fen.
    FinerThanFen,
    /// It looks like a number of which digits were dropped, where every digit counts.
    Shortened,
    /// A binary number so large that it may stand for several values.
    Imprecise,
    /// An exponent above zero: digits may have been dropped.
    DigitsDropped,
    /// The point may part decimals or group thousands.
    TwoPoints,
    /// A time that the clocks of its zone left out.
    SkippedTime,
    /// A time that the clocks of its zone showed twice.
    RepeatedTime,
    /// A time zone that is not known.
    UnknownZone,
    /// The second 60.
    LeapSecond,
    /// Digits without separators between them that can be parted in several ways.
    RunTogether,
    /// The bytes are not UTF-8.
    NotText,
}

impl Fault {
    /// The kind of fault that rows are counted by.
    pub(super) fn kind(self) -> RowFault {
        match self {
            Self::Missing => RowFault::MissingValue,
            Self::OutOfRange => RowFault::OutOfRange,
            Self::TooLong => RowFault::TooLong,
            Self::TooFine | Self::FinerThanFen => RowFault::TooFine,
            Self::Shortened | Self::Imprecise | Self::DigitsDropped => RowFault::LostDigits,
            Self::NotThat
            | Self::TwoPoints
            | Self::SkippedTime
            | Self::RepeatedTime
            | Self::UnknownZone
            | Self::LeapSecond
            | Self::RunTogether => RowFault::WrongValue,
            Self::NotText => RowFault::WrongEncoding,
        }
    }
}

impl Rule {
    /// Values of the field's form that mean nothing yet, none of them missing.
    pub(super) fn blank(&self, rows: usize) -> Cells {
        let data = if matches!(self.kind, Kind::Text) {
            let mut texts = Texts::default();
            for _ in 0..rows {
                texts.push("");
            }
            CellData::Texts(texts)
        } else {
            CellData::Numbers(vec![0; rows])
        };
        Cells { data, present: Vec::new() }
    }

    /// `missing` and `zone` are the file's; `mapping` is the field's own.
    pub(crate) fn new(field: &Field, mapping: Option<&FieldMapping>, missing: &[String], zone: Zone) -> Self {
        let plain = FieldMapping::default();
        let mapping = mapping.unwrap_or(&plain);
        let zone = mapping.zone.unwrap_or(zone);
        let word = |word: &String| Word::new(&field.form(word), zone);
        let list = |words: &[String]| words.iter().map(word).collect();
        let kind = match &field.kind {
            FieldType::Bool => Kind::Bool(match &mapping.words {
                Some(words) => Flags { yes: list(&words.yes), no: list(&words.no) },
                None => Flags { yes: list(&["true".to_owned()]), no: list(&["false".to_owned()]) },
            }),
            FieldType::Int => Kind::Int(mapping.number.clone()),
            FieldType::Money => Kind::Money(mapping.money.clone().unwrap_or(MoneyUnit::Yuan)),
            FieldType::Float => Kind::Float(mapping.number.clone()),
            FieldType::Text => Kind::Text,
            FieldType::Enum(values) => Kind::Enum(Codes::new(values)),
            FieldType::Time => Kind::Time(Clock::new(mapping.time.as_ref(), zone)),
        };
        let missing = mapping.missing.as_deref().unwrap_or(missing);
        let is_plain = missing.is_empty() && mapping.values.is_empty() && mapping.default.is_none();
        let words = (!is_plain).then(|| Words {
            missing: list(missing),
            values: mapping.values.iter().map(|(foreign, value)| (word(foreign), field.form(value).into_owned())).collect(),
            default: mapping.default.as_ref().map(|text| field.form(text).into_owned()),
        });
        Self { kind, optional: field.optional, as_written: field.as_written, is_exact: false, words }
    }

    /// What to read: texts in normal form, foreign words replaced, `None` for no value.
    #[inline]
    pub(super) fn meant<'a>(&'a self, raw: Option<Given<'a>>, noted: &mut Noted) -> Option<Meant<'a>> {
        let meant = raw.and_then(|raw| match raw {
            Given::Text("") => None,
            Given::Text(raw) => {
                let text = match normal(raw).filter(|_| !self.as_written) {
                    None => Cow::Borrowed(raw),
                    Some(normal) => {
                        noted.normalized.add(raw);
                        normal
                    }
                };
                (!text.is_empty()).then_some(Meant::Text { text, is_mapped: false })
            }
            typed => Some(Meant::Typed(typed)),
        });
        let Some(words) = &self.words else { return meant };
        let meant = meant.filter(|meant| !words.missing.iter().any(|word| word.is(meant.given())));
        let default = || words.default.as_deref().map(|text| Meant::Text { text: Cow::Borrowed(text), is_mapped: false });
        let meant = meant.or_else(default)?;
        let value = words.values.iter().find(|(word, _)| word.is(meant.given()));
        Some(value.map_or(meant, |(_, value)| Meant::Text { text: Cow::Borrowed(value), is_mapped: true }))
    }

    /// Whether it reads points in time.
    pub(super) fn is_time(&self) -> bool {
        matches!(self.kind, Kind::Time(_))
    }

    /// Whether one value can be read.
    ///
    /// # Errors
    /// Why not.
    pub(crate) fn try_read(&self, given: Option<Given<'_>>) -> Result<(), Fault> {
        let mut observed = Observed::default();
        convert(self, 0, std::iter::once(given), &mut observed);
        observed.bad.pop().map_or(Ok(()), |cell| Err(cell.fault))
    }

    /// What is wrong with `text`, for people.
    pub(super) fn explain(&self, fault: Fault, text: &str) -> LocalText {
        let (en, zh) = match fault {
            Fault::Missing => ("has no value, and the field must have one", "没有值，而该字段必须有值"),
            Fault::TooLong => {
                return LocalText::new(format!("is longer than {LONGEST_TEXT} bytes"), format!("超过 {LONGEST_TEXT} 字节"));
            }
            Fault::TooFine => ("is finer than a microsecond", "精度超过微秒"),
            Fault::FinerThanFen => ("is finer than a fen", "精度超过分"),
            Fault::OutOfRange => ("is out of range", "超出范围"),
            Fault::Shortened => (
                "looks like a number rounded by a spreadsheet, and its last digits are lost: export the column again as text",
                "疑似被电子表格舍入的数字，末尾数字已丢失：请将该列以文本格式重新导出",
            ),
            Fault::Imprecise => (
                "is a floating-point number too large to be exact: digits may be lost",
                "是过大的浮点数，无法精确表示：末位数字可能已丢失",
            ),
            Fault::DigitsDropped => {
                ("is written with an exponent: its last digits may have been dropped", "使用了科学计数法：末位数字可能已丢失")
            }
            Fault::TwoPoints => (
                "can be read in two ways: its point may part decimals or group thousands",
                "有两种读法：其中的点可能是小数点，也可能是千位分隔符",
            ),
            Fault::SkippedTime => ("is a time that the clocks of its zone left out", "是其时区调整时钟时跳过的时间"),
            Fault::RepeatedTime => ("is a time that the clocks of its zone showed twice", "是其时区调整时钟时出现两次的时间"),
            Fault::UnknownZone => ("names a time zone that is not known", "所写的时区未知"),
            Fault::LeapSecond => ("has the second 60, which cannot be told from 59", "秒数为 60，无法与 59 区分"),
            Fault::RunTogether => ("has too few digits to tell its parts from each other", "位数不足，无法区分各个部分"),
            Fault::NotText => ("the bytes are not UTF-8", "字节内容不是 UTF-8 编码"),
            Fault::NotThat => return self.kind.explain(text),
        };
        LocalText::new(en, zh)
    }
}

impl Kind {
    fn explain(&self, text: &str) -> LocalText {
        match self {
            Self::Bool(flags) => {
                let list = |words: &[Word]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join("`, `");
                let (yes, no) = (list(&flags.yes), list(&flags.no));
                LocalText::new(format!("is neither `{yes}` nor `{no}`"), format!("既不是 `{yes}` 也不是 `{no}`"))
            }
            Self::Int(_) => LocalText::new("is not a whole number", "不是整数"),
            Self::Money(MoneyUnit::Yuan) => {
                LocalText::new("is not an amount in yuan such as `5000.00`", "不是以元为单位的金额，例如 `5000.00`")
            }
            Self::Money(MoneyUnit::Fen) => LocalText::new("is not a whole number of fen", "不是以分为单位的整数"),
            Self::Money(MoneyUnit::Cny) => LocalText::new("is not an amount such as `CNY5000.00`", "不是 `CNY5000.00` 形式的金额"),
            Self::Money(MoneyUnit::Text { in_fen, form }) => {
                let like = written_like(if *in_fen { "500000" } else { "5000.00" }, form);
                LocalText::new(format!("is not an amount such as `{like}`"), format!("不是 `{like}` 形式的金额"))
            }
            Self::Float(_) => LocalText::new("is not a finite number", "不是有限的数"),
            Self::Text => LocalText::new("is not text", "不是文本"),
            Self::Enum(codes) => codes.explain(text),
            Self::Time(clock) => match &clock.format {
                Some(TimeFormat::Pattern(pattern)) => {
                    LocalText::new(format!("is not a time of the form `{pattern}`"), format!("不是 `{pattern}` 形式的时间"))
                }
                Some(_) => LocalText::new("is not a number since 1970", "不是自 1970 年起的数值"),
                None => LocalText::new("is not a time such as `2014-03-24T00:00:00`", "不是 `2014-03-24T00:00:00` 形式的时间"),
            },
        }
    }
}

/// `5000.00` or `500000` in a form: `¥5,000.00`.
fn written_like(digits: &str, form: &NumberText) -> String {
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let (head, tail) = whole.split_at_checked(whole.len().saturating_sub(3)).unwrap_or(("", whole));
    let mark = form.mark.as_deref().unwrap_or("");
    let thousands = form.thousands.map(String::from).unwrap_or_default();
    let fraction = fraction.map(|fraction| format!("{}{fraction}", form.decimal)).unwrap_or_default();
    format!("{mark}{head}{thousands}{tail}{fraction}")
}

impl Flags {
    /// Reads a truth value.
    pub(super) fn read(&self, given: Given<'_>) -> Result<bool, Fault> {
        if self.yes.iter().any(|word| word.is(given)) {
            return Ok(true);
        }
        if self.no.iter().any(|word| word.is(given)) {
            return Ok(false);
        }
        match given {
            Given::Bool(value) => Ok(value),
            _ => Err(Fault::NotThat),
        }
    }
}

/// Reads a whole number.
pub(super) fn read_whole(given: Given<'_>, form: Option<&NumberText>) -> Result<i64, Fault> {
    match given {
        Given::Text(text) => match form {
            None => read_int(text),
            Some(form) => read_form(text, form)?.whole(),
        },
        Given::Single(number) => binary_whole(f64::from(number), true),
        Given::Double(number) => binary_whole(number, false),
        other => other.number().ok_or(Fault::NotThat)?.whole(),
    }
}

fn binary_whole(number: f64, is_single: bool) -> Result<i64, Fault> {
    match float_units(number, is_single, 0)? {
        Units::Exact(whole) => i64::try_from(whole).map_err(|_| Fault::OutOfRange),
        Units::Near(_) | Units::Between => Err(Fault::NotThat),
    }
}

/// A number in the form a mapping names.
fn read_form(text: &str, form: &NumberText) -> Result<Number, Fault> {
    let plain = plain_digits(text, form).ok_or(Fault::NotThat)?;
    Number::parse(&plain).map(Number::with_known_point).ok_or(Fault::NotThat)
}

/// Reads a whole number: an optional minus sign and digits, or the same with a point and zeros.
pub(super) fn read_int(text: &str) -> Result<i64, Fault> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut number, mut all_digits) = (0_i64, !digits.is_empty());
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        all_digits &= digit <= 9;
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    if !all_digits {
        return Number::parse(text).ok_or(Fault::NotThat)?.whole();
    }
    // More digits may have wrapped.
    if digits.len() > 18 {
        return text.parse().map_err(|_| Fault::OutOfRange);
    }
    Ok(if minus { -number } else { number })
}

/// An amount in fen, and whether it was rounded by less than a thousandth of one.
pub(super) type Amount = (i64, bool);

/// Reads an amount.
pub(super) fn read_money(given: Given<'_>, unit: &MoneyUnit) -> Result<Amount, Fault> {
    let decimals: u8 = match unit {
        MoneyUnit::Yuan | MoneyUnit::Cny | MoneyUnit::Text { in_fen: false, .. } => 2,
        MoneyUnit::Fen | MoneyUnit::Text { in_fen: true, .. } => 0,
    };
    let units = match given {
        Given::Text(text) => {
            if let (MoneyUnit::Yuan, Some(fen)) = (unit, Fen::parse_yuan(text)) {
                return Ok((fen.0, false));
            }
            let number = match unit {
                MoneyUnit::Yuan => Number::parse(text.strip_prefix("CNY").unwrap_or(text)),
                MoneyUnit::Cny => text.strip_prefix("CNY").and_then(Number::parse),
                MoneyUnit::Fen => Number::parse(text),
                MoneyUnit::Text { form, .. } => Some(read_form(text, form)?),
            };
            number.ok_or(Fault::NotThat)?.units(i32::from(decimals))?
        }
        // Amounts with letters are texts.
        _ if *unit == MoneyUnit::Cny => return Err(Fault::NotThat),
        Given::Single(number) => float_units(f64::from(number), true, decimals)?,
        Given::Double(number) => float_units(number, false, decimals)?,
        other => other.number().ok_or(Fault::NotThat)?.units(i32::from(decimals))?,
    };
    let (fen, is_rounded) = match units {
        Units::Exact(fen) => (fen, false),
        Units::Near(fen) => (fen, true),
        Units::Between if decimals == 0 => return Err(Fault::NotThat),
        Units::Between => return Err(Fault::FinerThanFen),
    };
    i64::try_from(fen).map(|fen| (fen, is_rounded)).map_err(|_| Fault::OutOfRange)
}

/// Reads a finite number.
pub(super) fn read_number(given: Given<'_>, form: Option<&NumberText>) -> Result<f64, Fault> {
    let finite = |number: f64| if number.is_finite() { Ok(number) } else { Err(Fault::NotThat) };
    match given {
        Given::Text(text) => match form {
            None => read_float(text),
            Some(form) => read_float(&plain_digits(text, form).ok_or(Fault::NotThat)?),
        },
        Given::Single(number) => finite(f64::from(number)),
        Given::Double(number) => finite(number),
        #[expect(clippy::cast_precision_loss, reason = "a number with a binary point is the nearest one")]
        Given::Whole(number) => Ok(number as f64),
        // The nearest number to all its digits.
        Given::Decimal(..) => read_float(&given.to_string()),
        _ => Err(Fault::NotThat),
    }
}

/// Reads a text as a finite number.
pub(super) fn read_float(text: &str) -> Result<f64, Fault> {
    let number: f64 = text.parse().map_err(|_| Fault::NotThat)?;
    // The words `inf` and `nan` read as numbers too; digits that give an infinity are out of range.
    match number {
        finite if finite.is_finite() => Ok(finite),
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => Err(Fault::OutOfRange),
        _ => Err(Fault::NotThat),
    }
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
    pub(super) fn read(&self, given: Given<'_>) -> Result<u32, Fault> {
        match given {
            Given::Text(text) => self.find(text),
            // A whole number is written without a point.
            Given::Decimal(..) => match given.number().map(Number::whole) {
                Some(Ok(whole)) => self.find(&whole.to_string()),
                _ => self.find(&given.to_string()),
            },
            other => self.find(&other.to_string()),
        }
    }

    /// The position of a value that is written so.
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
        for bad in ["", "-", "+5", "5.5", "5.", ".0", " 5", "5 ", "0x5", "５", "--5"] {
            assert_eq!(read_int(bad), Err(Fault::NotThat), "{bad}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        assert_eq!(read_float("1e999"), Err(Fault::OutOfRange));
        assert_eq!(read_float("NaN"), Err(Fault::NotThat));
        assert_eq!(read_float("-0.5"), Ok(-0.5));
    }
}
