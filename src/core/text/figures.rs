//! Numbers as people read them.

use std::fmt::Display;

/// A whole number with a comma every three digits: `-1,234,567`.
#[must_use]
pub fn grouped(number: impl Display) -> String {
    let number = number.to_string();
    let (sign, digits) = number.strip_prefix('-').map_or(("", number.as_str()), |digits| ("-", digits));
    let mut shown = String::with_capacity(number.len() + digits.len() / 3);
    shown.push_str(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// An amount in fen as yuan: `-1,234.50`.
#[must_use]
pub fn yuan(fen: impl Into<i128>) -> String {
    let fen = fen.into();
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", grouped(fen / 100), fen % 100)
}

/// A number with what is counted, in English: `1 error`, `2,000 errors`.
#[must_use]
pub fn counted(number: impl Display, one: &str, many: &str) -> String {
    let number = grouped(number);
    let word = if number == "1" { one } else { many };
    format!("{number} {word}")
}

/// A part of a whole with one decimal: `12.3 %`; a dash where there is no whole.
#[must_use]
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (u128::from(part) * 2_000 + u128::from(whole)) / (u128::from(whole) * 2);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
