//! Numbers, amounts and enum values, each read exactly or refused.

use super::cell_fault::CellFault;
use super::given::RawValue;
use super::number::{Number, Units, float_units, plain_digits};
use crate::mapping::{MoneyUnit, NumberText};
use countersign_core::diagnostic::nearest;
use countersign_core::model::{EnumType, Fen};
use countersign_core::text::LocalText;

pub(super) fn read_whole(given: RawValue<'_>, form: Option<&NumberText>) -> Result<i64, CellFault> {
    match given {
        RawValue::Text(text) => match form {
            None => read_int(text),
            Some(form) => read_form(text, form)?.whole(),
        },
        RawValue::Single(number) => binary_whole(f64::from(number), true),
        RawValue::Double(number) => binary_whole(number, false),
        other => other.number().ok_or(CellFault::NotThat)?.whole(),
    }
}

fn binary_whole(number: f64, is_single: bool) -> Result<i64, CellFault> {
    match float_units(number, is_single, 0)? {
        Units::Exact(whole) => i64::try_from(whole).map_err(|_| CellFault::OutOfRange),
        Units::Near(_) | Units::Between => Err(CellFault::NotThat),
    }
}

/// A number in the form a mapping names.
fn read_form(text: &str, form: &NumberText) -> Result<Number, CellFault> {
    let plain = plain_digits(text, form).ok_or(CellFault::NotThat)?;
    Number::parse(&plain).map(Number::with_known_point).ok_or(CellFault::NotThat)
}

/// Reads a whole number: an optional minus sign and digits, or the same with a point and zeros.
pub(super) fn read_int(text: &str) -> Result<i64, CellFault> {
    let (minus, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut number, mut all_digits) = (0_i64, !digits.is_empty());
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        all_digits &= digit <= 9;
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    if !all_digits {
        return Number::parse(text).ok_or(CellFault::NotThat)?.whole();
    }
    // More digits may have wrapped.
    if digits.len() > 18 {
        return text.parse().map_err(|_| CellFault::OutOfRange);
    }
    Ok(if minus { -number } else { number })
}

/// An amount in fen, and whether it was rounded by less than a thousandth of one.
pub(super) type Amount = (i64, bool);

pub(super) fn read_money(given: RawValue<'_>, unit: &MoneyUnit) -> Result<Amount, CellFault> {
    let decimals: u8 = match unit {
        MoneyUnit::Yuan | MoneyUnit::Cny | MoneyUnit::Text { in_fen: false, .. } => 2,
        MoneyUnit::Fen | MoneyUnit::Text { in_fen: true, .. } => 0,
    };
    let units = match given {
        RawValue::Text(text) => {
            if let (MoneyUnit::Yuan, Some(fen)) = (unit, Fen::parse_yuan(text)) {
                return Ok((fen.0, false));
            }
            let number = match unit {
                MoneyUnit::Yuan => Number::parse(text.strip_prefix("CNY").unwrap_or(text)),
                MoneyUnit::Cny => text.strip_prefix("CNY").and_then(Number::parse),
                MoneyUnit::Fen => Number::parse(text),
                MoneyUnit::Text { form, .. } => Some(read_form(text, form)?),
            };
            number.ok_or(CellFault::NotThat)?.units(i32::from(decimals))?
        }
        // Amounts with letters are texts.
        _ if *unit == MoneyUnit::Cny => return Err(CellFault::NotThat),
        RawValue::Single(number) => float_units(f64::from(number), true, decimals)?,
        RawValue::Double(number) => float_units(number, false, decimals)?,
        other => other.number().ok_or(CellFault::NotThat)?.units(i32::from(decimals))?,
    };
    let (fen, is_rounded) = match units {
        Units::Exact(fen) => (fen, false),
        Units::Near(fen) => (fen, true),
        Units::Between if decimals == 0 => return Err(CellFault::NotThat),
        Units::Between => return Err(CellFault::FinerThanFen),
    };
    i64::try_from(fen).map(|fen| (fen, is_rounded)).map_err(|_| CellFault::OutOfRange)
}

pub(super) fn read_number(given: RawValue<'_>, form: Option<&NumberText>) -> Result<f64, CellFault> {
    let finite = |number: f64| if number.is_finite() { Ok(number) } else { Err(CellFault::NotThat) };
    match given {
        RawValue::Text(text) => match form {
            None => read_float(text),
            Some(form) => read_float(&plain_digits(text, form).ok_or(CellFault::NotThat)?),
        },
        RawValue::Single(number) => finite(f64::from(number)),
        RawValue::Double(number) => finite(number),
        #[expect(clippy::cast_precision_loss, reason = "a number with a binary point is the nearest one")]
        RawValue::Whole(number) => Ok(number as f64),
        // The nearest number to all its digits.
        RawValue::Decimal(..) => read_float(&given.to_string()),
        _ => Err(CellFault::NotThat),
    }
}

/// Reads a text as a finite number.
pub(super) fn read_float(text: &str) -> Result<f64, CellFault> {
    let number: f64 = text.parse().map_err(|_| CellFault::NotThat)?;
    // The words `inf` and `nan` read as numbers too; digits that give an infinity are out of range.
    match number {
        finite if finite.is_finite() => Ok(finite),
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => Err(CellFault::OutOfRange),
        _ => Err(CellFault::NotThat),
    }
}

/// Finds the position of an enum's value, in one comparison for nearly every text.
#[derive(Debug)]
pub(super) struct EnumCodes {
    names: Vec<String>,
    /// Position + 1 by a cheap hash; 0 where there is none. Names that share a place are found by looking at all.
    slots: Box<[u16; 256]>,
}

impl EnumCodes {
    pub(super) fn new(values: &EnumType) -> Self {
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
    pub(super) fn read(&self, given: RawValue<'_>) -> Result<u32, CellFault> {
        match given {
            RawValue::Text(text) => self.find(text),
            // A whole number is written without a point.
            RawValue::Decimal(..) => match given.number().map(Number::whole) {
                Some(Ok(whole)) => self.find(&whole.to_string()),
                _ => self.find(&given.to_string()),
            },
            other => self.find(&other.to_string()),
        }
    }

    /// The position of a value that is written so.
    pub(super) fn find(&self, text: &str) -> Result<u32, CellFault> {
        let guess = self.slots.get(Self::slot(text)).and_then(|slot| slot.checked_sub(1)).map(usize::from);
        let found = guess.filter(|at| self.names.get(*at).is_some_and(|name| name == text));
        let found = found.or_else(|| self.names.iter().position(|name| name == text));
        found.and_then(|at| u32::try_from(at).ok()).ok_or(CellFault::NotThat)
    }

    pub(super) fn explain(&self, text: &str) -> LocalText {
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
        assert_eq!(read_int("9223372036854775808"), Err(CellFault::OutOfRange));
        assert_eq!(read_int(&"9".repeat(400)), Err(CellFault::OutOfRange));
        for bad in ["", "-", "+5", "5.5", "5.", ".0", " 5", "5 ", "0x5", "５", "--5"] {
            assert_eq!(read_int(bad), Err(CellFault::NotThat), "{bad}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        assert_eq!(read_float("1e999"), Err(CellFault::OutOfRange));
        assert_eq!(read_float("NaN"), Err(CellFault::NotThat));
        assert_eq!(read_float("-0.5"), Ok(-0.5));
    }
}
