//! Numbers for people: thousands separated, yuan with two decimals, shares as per cent.

use crate::model::{Fen, Value, Zone};

/// A whole number: `1,234,567`.
#[must_use]
pub fn count(number: u64) -> String {
    separated(&number.to_string())
}

/// A change: `+812`, `−40`, `±0`.
#[must_use]
pub fn change(number: i64) -> String {
    let sign = match number {
        0 => "±",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", count(number.unsigned_abs()))
}

/// An amount in yuan with two decimals: `¥31,000.00`.
#[must_use]
pub fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}¥{}.{:02}", separated(&(fen / 100).to_string()), fen % 100)
}

/// A share as per cent with one decimal: `3.4 %`; empty where there is nothing to take a share of.
#[must_use]
pub fn per_cent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let tenths = (u128::from(part) * 1_000 + u128::from(whole) / 2) / u128::from(whole);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A field's value: times in the schema's zone without their offset, amounts and numbers separated.
#[must_use]
pub fn value(value: &Value, zone: Zone) -> String {
    match value {
        Value::Int(number) => {
            let sign = if *number < 0 { "−" } else { "" };
            format!("{sign}{}", count(number.unsigned_abs()))
        }
        Value::Money(Fen(fen)) => yuan(i128::from(*fen)).replacen('¥', "", 1),
        Value::Time(time) => zone.civil(*time).to_string().replacen('T', " ", 1),
        other => other.show(zone),
    }
}

fn separated(digits: &str) -> String {
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!([count(0), count(999), count(1_000), count(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([change(812), change(-40), change(0)], ["+812", "−40", "±0"]);
        assert_eq!([yuan(310_000_000), yuan(-5), yuan(0)], ["¥3,100,000.00", "−¥0.05", "¥0.00"]);
        assert_eq!([per_cent(1, 3), per_cent(2, 2), per_cent(0, 0)], ["33.3 %", "100.0 %", ""]);
    }
}
