//! What the columns of a foreign file seem to mean, by their names and first cells. Guesses are shown and corrected, never just used.

mod identity;
mod mapping;
mod schema;

use std::collections::{BTreeMap, BTreeSet};

pub use identity::is_personal;
pub use mapping::{how, propose};
pub use schema::{NewField, fields, roles, zone};

use super::advice::number_forms;
use super::given::RawValue;
use super::scalars::{read_float, read_int, read_money};
use super::time::TimeReader;
use crate::mapping::{BoolWords, FieldMapping, MoneyUnit, TimeFormat};
use countersign_core::model::{EnumType, FieldType, Zone};
use countersign_core::text::LocalText;

/// Words that often mean "no value".
const MISSING: [&str; 9] = ["NULL", "null", "-", "--", "N/A", "n/a", "NA", "\\N", "无"];
/// Pairs of words for true and false.
const WORDS: [(&str, &str); 9] = [
    ("true", "false"),
    ("True", "False"),
    ("TRUE", "FALSE"),
    ("Y", "N"),
    ("y", "n"),
    ("yes", "no"),
    ("Yes", "No"),
    ("T", "F"),
    ("是", "否"),
];
/// Ways of writing a time, besides the plain one.
pub const TIME_PATTERNS: [&str; 11] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%d %H%M%S",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S",
];
/// Parts of the names of amounts.
const MONEY: [&str; 11] = ["amount", "amt", "money", "balance", "fee", "price", "paid", "yuan", "金额", "余额", "费"];
/// More different values are no enum.
const MOST_VALUES: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    pub kind: FieldType,
    /// Whether cells are empty.
    pub optional: bool,
    /// How its cells are read; without a source.
    pub how: FieldMapping,
}

/// A name as compared with others: small letters, digits and signs of Chinese.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a name holds one of the words.
fn says(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// The words among the cells that mean "no value".
pub fn missing<'a>(cells: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    cells.filter(|cell| MISSING.contains(cell)).map(str::to_owned).collect()
}

/// What a column of that name with these cells seems to hold.
pub fn column<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> Guess {
    let all: Vec<&str> = cells.collect();
    let some: Vec<&str> = all.iter().copied().filter(|cell| !cell.is_empty() && !MISSING.contains(cell)).collect();
    let optional = some.len() < all.len();
    let plainly = |kind| Guess { kind, optional, how: FieldMapping::default() };
    if some.is_empty() {
        return plainly(FieldType::Text);
    }
    if let Some(how) = words(&some) {
        return Guess { how, ..plainly(FieldType::Bool) };
    }
    if identity::is_flag(name) && some.iter().all(|cell| matches!(*cell, "0" | "1")) {
        return Guess { how: mapping::zeros_and_ones(&some), ..plainly(FieldType::Bool) };
    }
    let is_code_name = identity::is_identifier(name);
    let name = plain(name);
    if let Some(how) = time(&name, &some) {
        return Guess { how, ..plainly(FieldType::Time) };
    }
    if let Some(money) = money(&name, &some).filter(|_| !is_code_name) {
        let money = Some(money).filter(|unit| *unit != MoneyUnit::Yuan);
        return Guess { how: FieldMapping { money, ..FieldMapping::default() }, ..plainly(FieldType::Money) };
    }
    if is_number(&name, &some) {
        return plainly(FieldType::Int);
    }
    if some.iter().all(|cell| read_float(cell).is_ok()) && some.iter().any(|cell| cell.contains('.')) && !is_code(&some) {
        return plainly(FieldType::Float);
    }
    match values(&some) {
        Some(values) => plainly(FieldType::Enum(values)),
        None => plainly(FieldType::Text),
    }
}

/// How truth values are written, where they are.
fn words(some: &[&str]) -> Option<FieldMapping> {
    let fits = |(yes, no): &&(&str, &str)| some.iter().all(|cell| cell == yes || cell == no);
    let (yes, no) = WORDS.iter().find(fits)?;
    let words = (*yes != "true").then(|| BoolWords { yes: vec![(*yes).to_owned()], no: vec![(*no).to_owned()] });
    Some(FieldMapping { words, ..FieldMapping::default() })
}

/// How times are written, where they are.
fn time(name: &str, some: &[&str]) -> Option<FieldMapping> {
    let by = |time| FieldMapping { time, ..FieldMapping::default() };
    let fits = |format: Option<&TimeFormat>| {
        let clock = TimeReader::new(format, Zone::default());
        some.iter().all(|cell| clock.read(RawValue::Text(cell)).is_ok())
    };
    if fits(None) {
        return Some(by(None));
    }
    for pattern in TIME_PATTERNS {
        let format = TimeFormat::Pattern(pattern.to_owned());
        if fits(Some(&format)) {
            return Some(by(Some(format)));
        }
    }
    let digits = some.iter().map(|cell| cell.len()).max().unwrap_or(0);
    let is_epoch = says(name, &["time", "date", "at", "ts", "when", "时间"]) && some.iter().all(|cell| read_int(cell).is_ok());
    let format = match digits {
        10 => TimeFormat::Seconds,
        13 => TimeFormat::Milliseconds,
        16 => TimeFormat::Microseconds,
        19 => TimeFormat::Nanoseconds,
        _ => return None,
    };
    is_epoch.then(|| by(Some(format)))
}

fn money(name: &str, some: &[&str]) -> Option<MoneyUnit> {
    let fits = |unit: &MoneyUnit| some.iter().all(|cell| read_money(RawValue::Text(cell), unit).is_ok());
    if fits(&MoneyUnit::Cny) {
        return Some(MoneyUnit::Cny);
    }
    if !fits(&MoneyUnit::Yuan) {
        // The form of the first amount that is not plain.
        let written = some.iter().find(|cell| read_money(RawValue::Text(cell), &MoneyUnit::Yuan).is_err())?;
        let forms = number_forms(written).into_iter().map(|form| MoneyUnit::Text { in_fen: false, form });
        let is_mark = |mark: &str| ["¥", "￥", "元", "圆", "CNY", "RMB", "人民币"].contains(&mark);
        let is_money = |unit: &MoneyUnit| match unit {
            MoneyUnit::Text { form, .. } => form.mark.as_deref().map_or_else(|| says(name, &MONEY), is_mark),
            _ => false,
        };
        return forms.into_iter().find(|unit| is_money(unit) && fits(unit));
    }
    let has_cents = some.iter().all(|cell| cell.len() > 3 && cell.as_bytes().get(cell.len() - 3) == Some(&b'.'));
    let in_fen = says(name, &["fen", "cent", "分"]) && fits(&MoneyUnit::Fen);
    if in_fen {
        return Some(MoneyUnit::Fen);
    }
    (has_cents || says(name, &MONEY)).then_some(MoneyUnit::Yuan)
}

/// Numbers that are counted with; codes such as card numbers stay texts.
fn is_number(name: &str, some: &[&str]) -> bool {
    let is_name = name.ends_with("id") || name.ends_with("no") || says(name, &["mobile", "phone", "card", "手机", "号"]);
    some.iter().all(|cell| read_int(cell).is_ok() && !cell.contains('.'))
        && !is_code(some)
        && !(is_name && some.iter().any(|cell| cell.len() > 9))
}

/// Numbers with zeros before them are codes.
fn is_code(some: &[&str]) -> bool {
    some.iter().any(|cell| cell.len() > 1 && cell.starts_with('0') && !cell.starts_with("0."))
}

/// A few values that come again and again.
fn values(some: &[&str]) -> Option<EnumType> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in some {
        *counts.entry(cell).or_default() += 1;
        if counts.len() > MOST_VALUES {
            return None;
        }
    }
    let repeated = counts.len() * 5 <= some.len();
    let short = counts.keys().all(|value| value.chars().count() <= 32);
    let text = |value: &&str| ((*value).to_owned(), LocalText::same(*value));
    (repeated && short).then(|| EnumType { values: counts.keys().map(text).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_guessed_by_name_and_cells() {
        let of = |name: &str, cells: &[&str]| column(name, cells.iter().copied());
        let kinds = [
            ("flag", &["Y", "N", ""][..], "Bool"),
            ("received_at", &["2014-03-24T00:00:00"], "Time"),
            ("t", &["2014/03/24 08:00:01"], "Time"),
            ("event_time", &["1395590400"], "Time"),
            ("amt", &["12", "5000.5"], "Money"),
            ("x", &["12.00", "5000.50"], "Money"),
            ("amount_fen", &["1200"], "Money"),
            ("pay", &["CNY3.10"], "Money"),
            ("total", &["¥1,200.00", "¥800"], "Money"),
            ("code", &["1,200", "7"], "Text"),
            ("count", &["3", "12"], "Int"),
            ("card_no", &["6222021234567890"], "Text"),
            ("branch", &["0571", "0010"], "Text"),
            ("score", &["0.5", "0.75"], "Float"),
            ("kind", &["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"], "Enum"),
            ("note", &["a", "b"], "Text"),
            ("none", &["", "-"], "Text"),
        ];
        for (name, cells, kind) in kinds {
            assert_eq!(of(name, cells).kind.name(), kind, "{name}");
        }
        assert!(of("flag", &["Y", "N", ""]).optional && !of("flag", &["Y"]).optional);
        assert_eq!(of("amount_fen", &["1200"]).how.money, Some(MoneyUnit::Fen));
        assert_eq!(of("event_time", &["1395590400000"]).how.time, Some(TimeFormat::Milliseconds));
    }
}
