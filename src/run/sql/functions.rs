//! Every function that scripts may call, in SQL: NULL where it fails.

use super::words::Words;
use countersign_core::model::{Fen, Rate, Rounding, Timestamp};
use countersign_core::plan::{Constant, ValueKind};
use countersign_core::script::functions::FunctionId;
use countersign_core::text::LocalText;

/// Characters that a text is trimmed of: those of Unicode's `White_Space`.
const BLANKS: &str = "\u{9}\u{a}\u{b}\u{c}\u{d} \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz";
const LARGE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MICROS_OF_DAY: i64 = 86_400_000_000;
const MICROS_OF_HOUR: i64 = 3_600_000_000;
const MICROS_OF_MINUTE: i64 = 60_000_000;

/// An argument: an expression that may be written several times, and what is known of it.
pub(super) struct Argument<'a> {
    pub(super) text: String,
    pub(super) kind: ValueKind,
    pub(super) constant: Option<&'a Constant>,
    /// Whether it is a point in time that no call can fail for.
    pub(super) is_time: bool,
}

impl Argument<'_> {
    fn as_text(&self) -> Option<&str> {
        if let Some(Constant::Text(text)) = self.constant { Some(text) } else { None }
    }
}

/// Why something has no SQL.
pub(super) fn inexact(en: impl Into<String>, zh: impl Into<String>) -> LocalText {
    LocalText::new(en, zh)
}

/// A whole number where it has 64 bits, else NULL: of an expression that is written twice.
pub(super) fn in_range(whole: &str) -> String {
    format!("CASE WHEN {whole} BETWEEN {} AND {} THEN {whole} END", i64::MIN, i64::MAX)
}

/// A call with those arguments.
///
/// # Errors
/// Why it has no exact SQL.
pub(super) fn call(words: &dyn Words, function: FunctionId, args: &[Argument<'_>], offset: i64) -> Result<String, LocalText> {
    let text = |at: usize| args.get(at).map_or("NULL", |arg| arg.text.as_str());
    let (a, b) = (text(0), text(1));
    let kind = args.first().map(|arg| arg.kind);
    let is_fraction = args.iter().any(|arg| arg.kind == ValueKind::F64);
    let local = |at: usize| args.get(at).map(|arg| local_time(arg, offset)).unwrap_or_default();
    let day = |at: usize| floor(words, &local(at), MICROS_OF_DAY);
    Ok(match function {
        FunctionId::Yuan if kind == Some(ValueKind::I64) => in_range(&format!("({a} * 100)")),
        FunctionId::Date => format!("({0} - {1} - {offset})", local(0), modulo(words, &local(0), MICROS_OF_DAY)),
        FunctionId::Year => words.of_day("year", &day(0)),
        FunctionId::Month => words.of_day("month", &day(0)),
        FunctionId::Day => words.of_day("day", &day(0)),
        FunctionId::Hour => words.quotient(&modulo(words, &local(0), MICROS_OF_DAY), &MICROS_OF_HOUR.to_string()),
        FunctionId::Minute => words.quotient(&modulo(words, &local(0), MICROS_OF_HOUR), &MICROS_OF_MINUTE.to_string()),
        FunctionId::Weekday => format!("({} + 1)", modulo(words, &format!("({} + 3)", day(0)), 7)),
        FunctionId::DaysBetween => format!("({} - {})", day(1), day(0)),
        FunctionId::MinutesBetween => words.quotient(&format!("({} - {})", local(1), local(0)), &MICROS_OF_MINUTE.to_string()),
        FunctionId::Share => words.share(a, b),
        FunctionId::StartsWith => words.starts_with(a, b),
        FunctionId::EndsWith => words.ends_with(a, b),
        FunctionId::Contains => words.contains(a, b),
        FunctionId::IsEmpty => format!("({a} = '')"),
        FunctionId::Len if kind == Some(ValueKind::Text) => words.characters(a),
        FunctionId::Lower => words.translated(a, &words.text(LARGE), &words.text(SMALL)),
        FunctionId::Upper => words.translated(a, &words.text(SMALL), &words.text(LARGE)),
        FunctionId::Trim => words.trimmed(a, &words.text(BLANKS)),
        FunctionId::Left => format!("CASE WHEN {b} >= 0 THEN {} END", words.first(a, b)),
        FunctionId::Right => format!("CASE WHEN {b} >= 0 THEN {} END", words.last(a, b)),
        FunctionId::Min => format!("CASE WHEN {a} <= {b} THEN {a} WHEN {a} > {b} THEN {b} END"),
        FunctionId::Max => format!("CASE WHEN {a} >= {b} THEN {a} WHEN {a} < {b} THEN {b} END"),
        FunctionId::Abs if is_fraction => format!("abs({a})"),
        FunctionId::Abs => format!("CASE WHEN {a} > {} THEN abs({a}) END", i64::MIN),
        FunctionId::Round if is_fraction => whole(words, &format!("round({a})")),
        FunctionId::Floor if is_fraction => whole(words, &format!("floor({a})")),
        FunctionId::Fen | FunctionId::Round | FunctionId::Floor => a.to_owned(),
        FunctionId::Ratio => format!("({} / NULLIF({}, 0))", words.to_fraction(a), words.to_fraction(b)),
        FunctionId::Div => in_range(&words.quotient(a, b)),
        FunctionId::RoundTo => {
            let unit = args.get(1).and_then(Argument::as_text).and_then(Fen::parse_unit).ok_or_else(unwritten)?.0;
            in_range(&format!("({} * {unit})", divided(words, a, unit, rounding(args)?)))
        }
        FunctionId::Percent => in_range(&divided(words, &part_of(args, a, b)?, Rate::ONE * 100, rounding(args)?)),
        FunctionId::Accept
        | FunctionId::StepUp
        | FunctionId::Refer
        | FunctionId::Decline
        | FunctionId::Score
        | FunctionId::Limit
        | FunctionId::Route
        | FunctionId::Time
        | FunctionId::Yuan
        | FunctionId::Len => {
            let name = function.name;
            return Err(inexact(format!("a call of `{name}` with such an argument"), format!("以此类参数调用 `{name}`")));
        }
    })
}

/// An amount times a rate in billionths of a percent.
fn part_of(args: &[Argument<'_>], amount: &str, rate: &str) -> Result<String, LocalText> {
    let Some(arg) = args.get(1).filter(|arg| arg.kind == ValueKind::Text) else {
        let most = i64::MAX / Rate::ONE;
        return Ok(format!("({amount} * CASE WHEN {rate} BETWEEN -{most} AND {most} THEN {rate} * {} END)", Rate::ONE));
    };
    let rate = arg.as_text().and_then(Rate::parse).ok_or_else(unwritten)?;
    Ok(format!("({amount} * {})", rate.0))
}

/// The microseconds on the wall clock of a zone with that offset; NULL outside the range of times.
fn local_time(time: &Argument<'_>, offset: i64) -> String {
    let micros = &time.text;
    if time.is_time {
        return format!("({micros} + {offset})");
    }
    let (from, to) = (Timestamp::MIN.micros(), Timestamp::MAX.micros());
    format!("(CASE WHEN {micros} BETWEEN {from} AND {to} THEN {micros} END + {offset})")
}

/// What is left of a whole number above the next multiple of `by` below it.
fn modulo(words: &dyn Words, whole: &str, by: i64) -> String {
    let by = by.to_string();
    words.rest(&format!("({} + {by})", words.rest(whole, &by)), &by)
}

fn floor(words: &dyn Words, whole: &str, by: i64) -> String {
    words.quotient(&format!("({whole} - {})", modulo(words, whole, by)), &by.to_string())
}

/// A number without a fraction as a whole number, where it is not too large.
fn whole(words: &dyn Words, number: &str) -> String {
    format!("CASE WHEN abs({number}) < {} THEN {} END", words.fraction(9.0e18), words.to_whole(number))
}

fn rounding(args: &[Argument<'_>]) -> Result<Rounding, LocalText> {
    match args.get(2) {
        None => Ok(Rounding::default()),
        Some(arg) => arg.as_text().and_then(Rounding::parse).ok_or_else(unwritten),
    }
}

fn unwritten() -> LocalText {
    inexact("a unit, rate or rounding that is not written out", "未直接写明的单位、百分比或舍入方式")
}

/// `part / by` to the nearest whole number; `by` is over zero.
fn divided(words: &dyn Words, part: &str, by: i64, how: Rounding) -> String {
    let by_text = by.to_string();
    let (quotient, rest) = (words.quotient(part, &by_text), words.rest(part, &by_text));
    let half = match how {
        Rounding::HalfUp => String::new(),
        Rounding::HalfEven => format!(" AND {} <> 0", words.rest(&quotient, "2")),
    };
    let away = format!("CASE WHEN {part} < 0 THEN -1 ELSE 1 END");
    let step = format!("CASE WHEN 2 * abs({rest}) > {by} THEN {away} WHEN 2 * abs({rest}) = {by}{half} THEN {away} ELSE 0 END");
    format!("({quotient} + {step})")
}
