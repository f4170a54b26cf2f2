//! Numbers exactly as a text or a typed column has them, and how much of one a field can hold. Nothing here rounds without saying so.

use arrow_buffer::i256;

use super::cell_fault::CellFault;
use crate::mapping::NumberText;

/// More digits than any field holds: further ones only count as "and a little more".
const MOST_DIGITS: i128 = 10_i128.pow(36);
/// Larger exponents are cut to this.
const MOST_EXPONENT: i32 = 100_000;
/// Below it every whole number is a number of 64 bits with a binary point.
const SURE_DOUBLE: f64 = 9_007_199_254_740_992.0;
/// The same for 32 bits.
const SURE_SINGLE: f64 = 16_777_216.0;

/// A decimal number: `digits` × 10^-`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    digits: i128,
    scale: i32,
    /// Whether digits that are not zero were cut off.
    cut: bool,
    form: NumberForm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberForm {
    /// With digits alone, or by a typed column.
    Plain,
    Point,
    /// With a point before exactly three digits, so that the point may as well group thousands.
    Thousands,
    /// With an exponent above zero: its last digits may have been dropped by the program that wrote it.
    Exponent,
}

/// How well a number fits units of a power of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    Exact(i128),
    /// So many but for less than a thousandth of one.
    Near(i128),
    /// Not a whole number of them.
    Between,
}

impl Number {
    pub(super) fn new(digits: i128, scale: i32) -> Self {
        Self { digits, scale, cut: false, form: NumberForm::Plain }
    }

    /// A wide decimal number of a typed column.
    pub(super) fn wide(mut digits: i256, scale: i8) -> Self {
        let (mut scale, mut cut) = (i32::from(scale), false);
        let ten = i256::from_i128(10);
        loop {
            if let Some(digits) = digits.to_i128() {
                return Self { digits, scale, cut, form: NumberForm::Plain };
            }
            cut |= digits.checked_rem(ten) != Some(i256::ZERO);
            digits = digits.checked_div(ten).unwrap_or(i256::ZERO);
            scale -= 1;
        }
    }

    /// Reads digits with or without a minus sign, a point and an exponent.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (minus, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (rest, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        if whole.is_empty() {
            return None;
        }
        let (mut digits, mut scale, mut cut) = (0_i128, 0_i32, false);
        for (at, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
            let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
            let is_fraction = at >= whole.len();
            if digits < MOST_DIGITS {
                digits = digits * 10 + i128::from(digit);
                scale = scale.saturating_add(i32::from(is_fraction));
            } else {
                cut |= digit != 0;
                scale = scale.saturating_sub(i32::from(!is_fraction));
            }
        }
        let form = match (exponent, whole.len(), fraction.len()) {
            (1.., ..) => NumberForm::Exponent,
            (0, 1..=3, 3) if !whole.starts_with('0') => NumberForm::Thousands,
            (_, _, 0) => NumberForm::Plain,
            _ => NumberForm::Point,
        };
        Some(Self { digits: if minus { -digits } else { digits }, scale: scale.saturating_sub(exponent), cut, form })
    }

    /// The number, whose point is known to part decimals.
    pub(super) fn with_known_point(self) -> Self {
        Self { form: if self.form == NumberForm::Thousands { NumberForm::Point } else { self.form }, ..self }
    }

    /// Whether its form leaves no doubt about the value.
    ///
    /// # Errors
    /// Digits may be missing, or the point may group thousands.
    fn is_sure(self) -> Result<(), CellFault> {
        match self.form {
            NumberForm::Exponent => Err(CellFault::DigitsDropped),
            NumberForm::Thousands => Err(CellFault::TwoPoints),
            NumberForm::Plain | NumberForm::Point => Ok(()),
        }
    }

    /// The number in units of 10^-`decimals`.
    ///
    /// # Errors
    /// It is far too large, or its form leaves a doubt.
    pub(super) fn units(self, decimals: i32) -> Result<Units, CellFault> {
        self.is_sure()?;
        let Self { digits, scale, cut, .. } = self;
        if digits == 0 && !cut {
            return Ok(Units::Exact(0));
        }
        let shift = decimals.saturating_sub(scale);
        let power = 10_i128.checked_pow(shift.unsigned_abs());
        if shift >= 0 {
            return power.and_then(|power| digits.checked_mul(power)).map(Units::Exact).ok_or(CellFault::OutOfRange);
        }
        let Some(power) = power else {
            // The digits are below 10^39.
            return Ok(if shift < -42 { Units::Near(0) } else { Units::Between });
        };
        let (count, rest) = (digits / power, (digits % power).abs());
        let is_near = |part: i128| part.checked_mul(1_000).is_some_and(|part| part < power);
        Ok(match rest {
            0 if !cut => Units::Exact(count),
            rest if is_near(rest) => Units::Near(count),
            rest if is_near(power - rest) => Units::Near(count + digits.signum()),
            _ => Units::Between,
        })
    }

    /// Digits without zeros at their end, and the scale; none where digits were cut off.
    pub(super) fn reduced(self) -> Option<(i128, i32)> {
        let Self { mut digits, mut scale, .. } = self;
        while digits != 0 && digits % 10 == 0 {
            (digits, scale) = (digits / 10, scale.saturating_sub(1));
        }
        (!self.cut).then_some(if digits == 0 { (0, 0) } else { (digits, scale) })
    }

    /// The whole number it is.
    ///
    /// # Errors
    /// It is none, or does not fit.
    pub(super) fn whole(self) -> Result<i64, CellFault> {
        let Units::Exact(whole) = self.units(0)? else { return Err(CellFault::NotThat) };
        // What a program writes with a point was a binary number, which may have lost digits.
        if self.form == NumberForm::Point && whole.unsigned_abs() > 1 << 53 {
            return Err(CellFault::Imprecise);
        }
        i64::try_from(whole).map_err(|_| CellFault::OutOfRange)
    }
}

fn read_exponent(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i32>().unwrap_or(MOST_EXPONENT).min(MOST_EXPONENT);
    Some(if text.starts_with('-') { -size } else { size })
}

/// A binary number in units of 10^-`decimals`; `decimals` is from 0 to 9. A number that is the nearest to so many units is exact.
///
/// # Errors
/// It is none, or too large to tell two units apart.
pub(super) fn float_units(number: f64, is_single: bool, decimals: u8) -> Result<Units, CellFault> {
    if !number.is_finite() {
        return Err(CellFault::NotThat);
    }
    let scale = 10_f64.powi(i32::from(decimals));
    let count = (number * scale).round();
    let sure = if is_single { SURE_SINGLE } else { SURE_DOUBLE };
    // With decimals, units must be further apart than the numbers are.
    if count.abs() > if decimals == 0 { sure } else { sure / 2.0 } {
        return Err(CellFault::Imprecise);
    }
    let nearest = count / scale;
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers up to 2^53; and a number of 32 bits as such")]
    let (count, singles) = (count as i128, (nearest as f32, number as f32));
    #[expect(clippy::float_cmp, reason = "whether it is the very number nearest to the units")]
    let is_it = if is_single { singles.0 == singles.1 } else { nearest == number };
    Ok(match is_it {
        true => Units::Exact(count),
        false if (number - nearest).abs() * scale < 0.001 => Units::Near(count),
        false => Units::Between,
    })
}

/// A number as `form` writes it, in digits with a point; none where it is not written so.
pub(super) fn plain_digits(text: &str, form: &NumberText) -> Option<String> {
    let mut text = text.trim();
    let mut sign = take_sign(&mut text);
    if let Some(mark) = form.mark.as_deref() {
        let bare = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark));
        text = bare.unwrap_or(text).trim();
    }
    // Before the mark or after it.
    sign = sign.or_else(|| take_sign(&mut text));
    let (whole, fraction) = match text.split_once(form.decimal) {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut plain = if sign == Some('-') { String::from("-") } else { String::new() };
    match form.thousands.filter(|mark| whole.contains(*mark)) {
        None if is_digits(whole) => plain.push_str(whole),
        None => return None,
        Some(mark) => {
            for (at, group) in whole.split(mark).enumerate() {
                let fits = if at == 0 { group.len() <= 3 } else { group.len() == 3 };
                if !fits || !is_digits(group) {
                    return None;
                }
                plain.push_str(group);
            }
        }
    }
    if let Some(fraction) = fraction {
        if !is_digits(fraction) {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    Some(plain)
}

fn take_sign(text: &mut &str) -> Option<char> {
    let sign = text.chars().next().filter(|sign| matches!(sign, '-' | '+'))?;
    *text = text.get(1..).unwrap_or("").trim_start();
    Some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_fit_units_exactly_nearly_or_not() {
        for (text, decimals, wanted) in [
            ("5000.10", 2, Ok(Units::Exact(500_010))),
            ("1200.0000", 2, Ok(Units::Exact(120_000))),
            ("914.1500000000001", 2, Ok(Units::Near(91_415))),
            ("-914.1499999999999", 2, Ok(Units::Near(-91_415))),
            ("914.150001", 2, Ok(Units::Near(91_415))),
            ("914.15001", 2, Ok(Units::Between)),
            ("914.151", 2, Err(CellFault::TwoPoints)),
            ("1.200", 2, Err(CellFault::TwoPoints)),
            ("0.500", 2, Ok(Units::Exact(50))),
            ("1e3", 0, Err(CellFault::DigitsDropped)),
            ("1.4210854715202004e-14", 2, Ok(Units::Near(0))),
            ("1e-90000", 2, Ok(Units::Near(0))),
            ("0.00000", 2, Ok(Units::Exact(0))),
            ("99999999999999999999999999999999999999999999", 2, Err(CellFault::OutOfRange)),
        ] {
            let number = Number::parse(text).unwrap();
            assert_eq!(number.units(decimals), wanted, "{text}");
        }
        let long = format!("0.1{}1", "0".repeat(60));
        assert_eq!(Number::parse(&long).unwrap().units(2), Ok(Units::Near(10)));
        assert_eq!(Number::new(5, -3).units(2), Ok(Units::Exact(500_000)));
        assert_eq!(Number::new(1, -128).units(2), Err(CellFault::OutOfRange));
        for wrong in ["", "-", "1.", ".5", "1e", "1e+", "5x", "+5", "1.2.3", "１", "0x5", " 5"] {
            assert_eq!(Number::parse(wrong), None, "{wrong}");
        }
        let wide = i256::from_i128(500_000).checked_mul(i256::from_i128(10_i128.pow(36))).unwrap();
        assert_eq!(Number::wide(wide, 38).units(2), Ok(Units::Exact(500_000)));
    }

    #[test]
    fn binary_numbers_fit_units_while_they_tell_them_apart() {
        for (number, is_single, decimals, wanted) in [
            (914.15, false, 2, Ok(Units::Exact(91_415))),
            (914.150_000_000_000_1, false, 2, Ok(Units::Near(91_415))),
            (0.1 + 0.2, false, 2, Ok(Units::Near(30))),
            (914.151, false, 2, Ok(Units::Between)),
            (f64::from(914.15_f32), true, 2, Ok(Units::Exact(91_415))),
            (1e14, false, 2, Err(CellFault::Imprecise)),
            (f64::from(200_000.0_f32), true, 2, Err(CellFault::Imprecise)),
            (852.0, false, 0, Ok(Units::Exact(852))),
            (6.2e18, false, 0, Err(CellFault::Imprecise)),
            (f64::NAN, false, 0, Err(CellFault::NotThat)),
        ] {
            assert_eq!(float_units(number, is_single, decimals), wanted, "{number}");
        }
    }

    #[test]
    fn written_forms_become_plain_digits_or_nothing() {
        let form = |thousands, decimal, mark: &str| NumberText {
            thousands,
            decimal,
            mark: Some(mark.to_owned()).filter(|mark| !mark.is_empty()),
        };
        for (text, form, wanted) in [
            ("1,234,567.80", form(Some(','), '.', ""), Some("1234567.80")),
            ("1234567.80", form(Some(','), '.', ""), Some("1234567.80")),
            ("-¥1,200.00", form(Some(','), '.', "¥"), Some("-1200.00")),
            ("¥ -1200", form(None, '.', "¥"), Some("-1200")),
            ("1200,00 元", form(Some('.'), ',', "元"), Some("1200.00")),
            ("+5", form(None, '.', ""), Some("5")),
            ("1,20,000", form(Some(','), '.', ""), None),
            ("1,2000", form(Some(','), '.', ""), None),
            (",200", form(Some(','), '.', ""), None),
            ("¥¥5", form(None, '.', "¥"), None),
            ("5.", form(None, '.', ""), None),
            ("--5", form(None, '.', ""), None),
            ("", form(None, '.', ""), None),
        ] {
            assert_eq!(plain_digits(text, &form).as_deref(), wanted, "{text}");
        }
    }
}
