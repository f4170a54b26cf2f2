//! The line of a mapping by which a value that is refused would be accepted, ready to be copied. No line is given that does not do so.

use jiff::fmt::strtime::{self, BrokenDownTime};

use super::cell_fault::CellFault;
use super::convert::{BadCell, BatchNotes, LONGEST_QUOTED, convert};
use super::field_reader::FieldReader;
use super::given::RawValue;
use super::number::plain_digits;
use crate::mapping::{BoolWords, FieldMapping, MoneyUnit, NumberText, TimeFormat};
use crate::table::CellData;
use countersign_core::model::{Field, FieldName, FieldType, Zone};
use countersign_core::text::LocalText;

/// Words for true, and for false, each beside its opposite.
const YES_AND_NO: [(&str, &str); 11] = [
    ("true", "false"),
    ("1", "0"),
    ("yes", "no"),
    ("y", "n"),
    ("t", "f"),
    ("on", "off"),
    ("是", "否"),
    ("真", "假"),
    ("有", "无"),
    ("对", "错"),
    ("✓", "✗"),
];
/// Ways of writing a day, of which those with the same digits are adjacent.
const DATES: [&str; 20] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%a, %d %b %Y",
    "%a %b %d %Y",
];
/// Ways of writing a time of day after it.
const CLOCKS: [&str; 14] = [
    "",
    " %H:%M:%S",
    " %H:%M",
    " %H:%M:%S%.f",
    "T%H:%M:%S",
    "T%H:%M",
    "T%H:%M:%S%.f",
    " %I:%M:%S %p",
    " %I:%M %p",
    " %H%M%S",
    "%H%M%S",
    "%H%M%S%f",
    " %H时%M分%S秒",
    " %H时%M分",
];
/// Ways of writing an offset or a zone after that.
const ZONES: [&str; 6] = ["", " %z", " %:z", " %:::z", " %Q", " GMT%z"];
/// Ways of writing all of it in another order.
const TIMES: [&str; 3] = ["%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %Q %Y", "%a %b %d %H:%M:%S %z %Y"];

/// What is known of a field, to say how its values would be accepted.
#[derive(Debug)]
pub(super) struct Advice {
    name: FieldName,
    field: Field,
    own: FieldMapping,
    /// The file's words for "no value".
    missing: Vec<String>,
    zone: Zone,
    is_key: bool,
}

impl Advice {
    pub(super) fn new(
        name: FieldName,
        field: &Field,
        own: Option<&FieldMapping>,
        missing: &[String],
        zone: Zone,
        is_key: bool,
    ) -> Self {
        Self { name, field: field.clone(), own: own.cloned().unwrap_or_default(), missing: missing.to_vec(), zone, is_key }
    }

    /// The field's line in the mapping, with a zone.
    pub(super) fn line_with_zone(&self, zone: Zone) -> String {
        FieldMapping { zone: Some(zone), ..self.own.clone() }.line(self.name.as_str())
    }

    /// What would accept a bad value; `is_secret` where it must not be quoted.
    pub(super) fn help(&self, cell: &BadCell, is_secret: bool) -> Option<LocalText> {
        let text = cell.text.as_str();
        if cell.fault == CellFault::Missing {
            return self.for_nothing();
        }
        if cell.fault == CellFault::TooLong || text.chars().count() >= LONGEST_QUOTED {
            return None;
        }
        let mut lines: Vec<(CellData, String)> = Vec::new();
        // No other form makes a binary number exact.
        let candidates = if cell.fault == CellFault::Imprecise { Vec::new() } else { self.candidates(text) };
        for candidate in candidates {
            let Some(data) = self.reads(&candidate, text) else { continue };
            let line = candidate.line(self.name.as_str());
            let is_told = is_secret && text.len() > 1 && line.contains(text);
            if !is_told && lines.iter().all(|(other, _)| *other != data) {
                lines.push((data, line));
            }
            if lines.len() == 2 {
                break;
            }
        }
        match lines.as_slice() {
            [] if is_secret => None,
            [] => self.for_word(text),
            [(_, line)] => Some(LocalText::new(
                format!("to accept it, write in the mapping under `fields`: `{line}`"),
                format!("若要接受该值，请在映射的 `fields` 中写：`{line}`"),
            )),
            [(_, one), (_, other), ..] => Some(LocalText::new(
                format!("to accept it, write in the mapping under `fields`: `{one}` or, where that is meant, `{other}`"),
                format!("若要接受该值，请在映射的 `fields` 中写：`{one}`；若另有所指，则写：`{other}`"),
            )),
        }
    }

    /// The value that a text has by a mapping of the field, if it has one and the mapping is sound.
    fn reads(&self, own: &FieldMapping, text: &str) -> Option<CellData> {
        let zone = own.zone.unwrap_or(self.zone);
        if !own.contradictions(&self.name, &self.missing, zone).is_empty() {
            return None;
        }
        let rule = FieldReader::new(&self.field, Some(own), &self.missing, self.zone);
        let mut observed = BatchNotes::default();
        let cells = convert(&rule, 0, std::iter::once(Some(RawValue::Text(text))), &mut observed);
        observed.bad.is_empty().then_some(cells.data)
    }

    /// Mappings of the field that might read a text, the likeliest first.
    fn candidates(&self, text: &str) -> Vec<FieldMapping> {
        let own = || self.own.clone();
        match &self.field.kind {
            FieldType::Bool => self.flags(text).into_iter().map(|words| FieldMapping { words: Some(words), ..own() }).collect(),
            FieldType::Int | FieldType::Float => {
                number_forms(text).into_iter().map(|form| FieldMapping { number: Some(form), ..own() }).collect()
            }
            FieldType::Money => {
                let in_fen = matches!(self.own.money, Some(MoneyUnit::Fen | MoneyUnit::Text { in_fen: true, .. }));
                let plain = [MoneyUnit::Yuan].into_iter().filter(|_| matches!(self.own.money, Some(MoneyUnit::Cny)));
                let forms = number_forms(text).into_iter().map(|form| MoneyUnit::Text { in_fen, form });
                // An amount in yuan among those in fen is no form of them.
                plain.chain(forms).map(|money| FieldMapping { money: Some(money), ..own() }).collect()
            }
            FieldType::Enum(known) => {
                let folded =
                    |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
                let meant = known.values.iter().filter(|(value, words)| {
                    let text = folded(text);
                    !text.is_empty() && [value.as_str(), &words.en, &words.zh].iter().any(|name| folded(name) == text)
                });
                meant.map(|(value, _)| self.with_value(text, value)).collect()
            }
            FieldType::Time => times(text).into_iter().map(|time| FieldMapping { time: Some(time), ..own() }).collect(),
            FieldType::Text => Vec::new(),
        }
    }

    fn with_value(&self, word: &str, value: &str) -> FieldMapping {
        let mut own = self.own.clone();
        own.values.insert(word.to_owned(), value.to_owned());
        own
    }

    /// The words for true and false with one more that seems to be one.
    fn flags(&self, text: &str) -> Option<BoolWords> {
        let folded = text.to_lowercase();
        let (yes, no) = YES_AND_NO.into_iter().find(|(yes, no)| folded == *yes || folded == *no)?;
        let is_yes = folded == yes;
        if let Some(mut words) = self.own.words.clone() {
            if is_yes { &mut words.yes } else { &mut words.no }.push(text.to_owned());
            return Some(words);
        }
        // Its opposite in the same letters.
        let is_capital = text.chars().next().is_some_and(char::is_uppercase);
        let is_upper = is_capital && !text.chars().any(char::is_lowercase);
        let cased = |word: &str| {
            let mut letters = word.chars();
            match letters.next() {
                _ if is_upper => word.to_uppercase(),
                Some(first) if is_capital => first.to_uppercase().chain(letters).collect(),
                _ => word.to_owned(),
            }
        };
        Some(BoolWords { yes: vec![cased(yes)], no: vec![cased(no)] })
    }

    /// What gives a missing value another value.
    fn for_nothing(&self) -> Option<LocalText> {
        if self.is_key {
            return None;
        }
        let sample = self.sample()?;
        let own = FieldMapping { default: Some(sample.clone()), ..self.own.clone() };
        let rule = FieldReader::new(&self.field, Some(&own), &self.missing, self.zone);
        let is_sound = own.contradictions(&self.name, &self.missing, self.zone).is_empty();
        (is_sound && rule.try_read(None).is_ok()).then(|| {
            let line = own.line(self.name.as_str());
            LocalText::new(
                format!("if an empty cell stands for a value, write in the mapping under `fields`: `{line}`, with that value in place of `{sample}`"),
                format!("若空单元格代表某个取值，请在映射的 `fields` 中写：`{line}`，并将 `{sample}` 换成该取值"),
            )
        })
    }

    /// What makes "no value" or another value of a text that is none.
    fn for_word(&self, text: &str) -> Option<LocalText> {
        if self.field.optional {
            let mut missing = self.own.missing.clone().unwrap_or_else(|| self.missing.clone());
            missing.push(text.to_owned());
            let own = FieldMapping { missing: Some(missing), ..self.own.clone() };
            self.reads(&own, text)?;
            let line = own.line(self.name.as_str());
            return Some(LocalText::new(
                format!("if it means no value, write in the mapping under `fields`: `{line}`"),
                format!("若该值表示缺失，请在映射的 `fields` 中写：`{line}`"),
            ));
        }
        let cut = |text: &str, decimals: usize| {
            let (whole, rest) = text.split_once('.')?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            Some(format!("{whole}.{}{}", rest.get(..decimals.min(digits))?, rest.get(digits..)?))
        };
        let near = match self.field.kind {
            FieldType::Money => cut(text, 2),
            FieldType::Time => cut(text, 6).or_else(|| Some(text.replacen(":60", ":59", 1))),
            FieldType::Enum(ref known) => countersign_core::diagnostic::nearest(text, known.names()).map(str::to_owned),
            _ => None,
        };
        let values = [near, Some(text.trim().to_owned()), self.sample()];
        let found = values.into_iter().flatten().find_map(|value| {
            let own = self.with_value(text, &value);
            self.reads(&own, text).map(|_| (own.line(self.name.as_str()), value))
        });
        found.map(|(line, value)| {
            LocalText::new(
                format!(
                    "if it stands for a value, write in the mapping under `fields`: `{line}`, with that value in place of `{value}`"
                ),
                format!("若该值代表某个取值，请在映射的 `fields` 中写：`{line}`，并将 `{value}` 换成该取值"),
            )
        })
    }

    /// Any value of the field, as its mapping writes it.
    fn sample(&self) -> Option<String> {
        let time = jiff::civil::date(2014, 1, 1).at(0, 0, 0, 0);
        Some(match &self.field.kind {
            FieldType::Bool => {
                self.own.words.as_ref().and_then(|words| words.no.first()).map_or("false", String::as_str).to_owned()
            }
            FieldType::Money if self.own.money == Some(MoneyUnit::Cny) => "CNY0.00".to_owned(),
            FieldType::Text => "unknown".to_owned(),
            FieldType::Enum(known) => known.names().next()?.to_owned(),
            FieldType::Time => match &self.own.time {
                None => time.to_string(),
                Some(TimeFormat::Pattern(pattern)) => {
                    strtime::format(pattern, &time.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()?).ok()?
                }
                Some(TimeFormat::Seconds) => "1388534400".to_owned(),
                Some(TimeFormat::Milliseconds) => "1388534400000".to_owned(),
                Some(TimeFormat::Microseconds) => "1388534400000000".to_owned(),
                Some(TimeFormat::Nanoseconds) => "1388534400000000000".to_owned(),
            },
            other => other.first_text().to_owned(),
        })
    }
}

/// The forms in which a text may write a number, the likeliest first.
pub(super) fn number_forms(text: &str) -> Vec<NumberText> {
    let text = text.trim();
    let (Some(start), Some(last)) = (text.find(|c: char| c.is_ascii_digit()), text.rfind(|c: char| c.is_ascii_digit())) else {
        return Vec::new();
    };
    let part = |bytes: std::ops::Range<usize>| text.get(bytes).unwrap_or("");
    let bare = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '+')).to_owned();
    let (before, digits, after) = (bare(part(0..start)), part(start..last + 1), bare(part(last + 1..text.len())));
    let mark = match (before.is_empty(), after.is_empty()) {
        (true, true) => None,
        (false, true) => Some(before),
        (true, false) => Some(after),
        (false, false) => return Vec::new(),
    };
    let mut separators: Vec<char> = Vec::new();
    for c in digits.chars().filter(|c| !c.is_ascii_digit()) {
        separators.retain(|other| *other != c);
        separators.push(c);
    }
    if separators.iter().any(|c| c.is_alphanumeric() || matches!(c, '-' | '+')) {
        return Vec::new();
    }
    let form = |thousands, decimal| NumberText { thousands, decimal, mark: mark.clone() };
    let forms = match separators.as_slice() {
        [] => vec![form(None, '.')],
        [one] => {
            let grouped = form(Some(*one), if *one == '.' { ',' } else { '.' });
            let parted = form(None, *one);
            let decimals = digits.rsplit(*one).next().map_or(0, str::len);
            if decimals == 3 && *one != '.' { vec![grouped, parted] } else { vec![parted, grouped] }
        }
        [thousands, decimal] => vec![form(Some(*thousands), *decimal)],
        _ => Vec::new(),
    };
    forms.into_iter().filter(|form| plain_digits(text, form).is_some()).collect()
}

/// The formats that may have written a time.
fn times(text: &str) -> Vec<TimeFormat> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let unit = match digits {
        10 if is_number => Some(TimeFormat::Seconds),
        13 if is_number => Some(TimeFormat::Milliseconds),
        16 if is_number => Some(TimeFormat::Microseconds),
        19 if is_number => Some(TimeFormat::Nanoseconds),
        _ => None,
    };
    let built = DATES.iter().flat_map(|date| {
        CLOCKS.iter().flat_map(move |clock| {
            let zones = if clock.is_empty() { ZONES.get(..1).unwrap_or(&[]) } else { &ZONES };
            zones.iter().map(move |zone| format!("{date}{clock}{zone}"))
        })
    });
    let built = built.chain(TIMES.iter().map(|pattern| (*pattern).to_owned()));
    let patterns = built.filter(|pattern| BrokenDownTime::parse(pattern, text).is_ok()).map(TimeFormat::Pattern);
    unit.into_iter().chain(patterns).collect()
}
