//! Numbers for people: thousands separated, yuan with two decimals, a true minus sign.

use countersign_core::model::{Fen, Value, Zone};
use countersign_core::text::{self, Language, grouped};

/// A count with thousands separators: `1,234,567`.
pub fn count(value: impl TryInto<i128>) -> String {
    let value: i128 = value.try_into().unwrap_or(i128::MAX);
    grouped(value).replacen('-', "−", 1)
}

/// A change with its sign: `+812`, `−40`, `±0`.
pub fn change(value: i64) -> String {
    match value {
        0 => "±0".to_owned(),
        1.. => format!("+{}", count(value)),
        _ => count(value),
    }
}

/// An amount of fen in yuan: `¥1,234.50`.
pub fn yuan(fen: i128) -> String {
    let text = text::yuan(fen);
    text.strip_prefix('-').map_or_else(|| format!("¥{text}"), |size| format!("−¥{size}"))
}

/// An amount of fen, short: `¥3.1 m`, `¥310.0 万`.
pub fn short_yuan(fen: i128, language: Language) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let size = fen as f64 / 100.0;
    let steps: &[(f64, &str)] = match language {
        Language::En => &[(1e9, " bn"), (1e6, " m"), (1e4, " k")],
        Language::Zh => &[(1e8, " 亿"), (1e4, " 万")],
    };
    match steps.iter().find(|(least, _)| size.abs() >= *least) {
        Some((1e4, " k")) => format!("¥{:.1} k", size / 1e3),
        Some((least, unit)) => format!("¥{:.1}{unit}", size / least),
        None => yuan(fen),
    }
}

/// A part of one as a percentage: `12.3 %`; a trace stays visible: `<0.1 %`.
pub fn percent(part: f64) -> String {
    if part > 0.0 && part < 0.0005 {
        return "<0.1 %".to_owned();
    }
    format!("{:.1} %", part * 100.0)
}

/// `part` of `whole` as a percentage; a dash where there is no whole.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { percent(ratio(part, whole)) }
}

/// `part` of `whole`, zero where there is no whole.
#[expect(clippy::cast_precision_loss, reason = "a share is shown with one decimal")]
pub fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A span of time: `0.4 ms`, `87 ms`, `1.24 s`.
pub fn duration(seconds: f64) -> String {
    match seconds * 1000.0 {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        _ => format!("{seconds:.2} s"),
    }
}

/// A field's value: times in the schema's zone without their offset, amounts and numbers separated.
pub fn value(value: &Value, zone: Zone) -> String {
    match value {
        Value::Int(number) => count(*number),
        Value::Money(Fen(fen)) => yuan(i128::from(*fen)).replacen('¥', "", 1),
        Value::Time(time) => zone.civil(*time).to_string().replacen('T', " ", 1),
        other => other.show(zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_signed() {
        let counts = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-12_000, "−12,000")];
        for (value, shown) in counts {
            assert_eq!(count(value), shown);
        }
        assert_eq!([change(812), change(-40), change(0)], ["+812", "−40", "±0"]);
        assert_eq!([yuan(123_450), yuan(-5), yuan(0)], ["¥1,234.50", "−¥0.05", "¥0.00"]);
        assert_eq!(short_yuan(310_000_000, Language::En), "¥3.1 m");
        assert_eq!(short_yuan(310_000_000, Language::Zh), "¥310.0 万");
        assert_eq!(short_yuan(1_234_500, Language::En), "¥12.3 k");
        assert_eq!(short_yuan(99_900, Language::En), "¥999.00");
        assert_eq!([percent(0.1234), percent(0.0001), share(1, 0)], ["12.3 %", "<0.1 %", "–"]);
        assert_eq!([duration(0.000_4), duration(0.087), duration(1.239)], ["0.4 ms", "87 ms", "1.24 s"]);
    }
}
