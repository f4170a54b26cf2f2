//! Patterns for times: what each part reads, and whether anything that a pattern reads would be ignored.

use countersign_core::model::Zone;
use countersign_core::text::LocalText;

/// The part of a time that a directive reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimePart {
    Year,
    Month,
    Day,
    YearDay,
    IsoYear,
    IsoWeek,
    SundayWeek,
    MondayWeek,
    Weekday,
    Hour,
    HourOfTwelve,
    HalfDay,
    Minute,
    Second,
    Fraction,
    Epoch,
    Offset,
    ZoneName,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatternPart {
    Literal(String),
    /// Any white space, or none.
    Space,
    /// A part of a time, with its maximum number of digits; 0 where it is no plain number. `alone` is the directive for it alone where
    /// `written` reads several.
    TimePart {
        slot: TimePart,
        digits: u8,
        written: String,
        alone: Option<char>,
    },
}

/// The parts of a pattern, with `%F`, `%T`, `%R` and `%D` expanded.
///
/// # Errors
/// The first directive that cannot be used.
pub(crate) fn parts(pattern: &str) -> Result<Vec<PatternPart>, String> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            literal(&mut parts, c);
            continue;
        }
        let mut written = String::from("%");
        let (mut width, mut is_dotted) = (None, false);
        let letter = loop {
            let Some(c) = chars.next() else { return Err(written) };
            written.push(c);
            match c {
                '0'..='9' => width = Some(width.unwrap_or(0_u32).saturating_mul(10).saturating_add(c.to_digit(10).unwrap_or(0))),
                '.' => is_dotted = true,
                '_' | '-' | '^' | '#' | ':' => {}
                letter => break letter,
            }
        };
        let expanded: &[char] = match letter {
            '%' => {
                literal(&mut parts, '%');
                &[]
            }
            'n' | 't' => {
                parts.push(PatternPart::Space);
                &[]
            }
            'F' => &['Y', '-', 'm', '-', 'd'],
            'D' => &['m', '/', 'd', '/', 'y'],
            'T' => &['H', ':', 'M', ':', 'S'],
            'R' => &['H', ':', 'M'],
            _ => &[letter],
        };
        for letter in expanded {
            if expanded.len() == 1 || letter.is_ascii_alphabetic() {
                let (slot, digits) = slot(*letter).ok_or_else(|| written.clone())?;
                let digits = width.and_then(|width| u8::try_from(width).ok()).map_or(digits, |width| digits.max(width));
                let digits = if is_dotted || slot == TimePart::Fraction { 0 } else { digits };
                let alone = (expanded.len() > 1).then_some(*letter);
                parts.push(PatternPart::TimePart { slot, digits, written: written.clone(), alone });
            } else {
                literal(&mut parts, *letter);
            }
        }
    }
    Ok(parts)
}

fn literal(parts: &mut Vec<PatternPart>, c: char) {
    if c.is_ascii_whitespace() {
        parts.push(PatternPart::Space);
    } else if let Some(PatternPart::Literal(text)) = parts.last_mut() {
        text.push(c);
    } else {
        parts.push(PatternPart::Literal(c.to_string()));
    }
}

/// The part of a time that a directive reads, and how many digits it has. `%C` is none: it is overwritten by the year.
fn slot(letter: char) -> Option<(TimePart, u8)> {
    Some(match letter {
        'Y' => (TimePart::Year, 4),
        'y' => (TimePart::Year, 2),
        'm' => (TimePart::Month, 2),
        'b' | 'B' | 'h' => (TimePart::Month, 0),
        'd' | 'e' => (TimePart::Day, 2),
        'j' => (TimePart::YearDay, 3),
        'G' => (TimePart::IsoYear, 4),
        'g' => (TimePart::IsoYear, 2),
        'V' => (TimePart::IsoWeek, 2),
        'U' => (TimePart::SundayWeek, 2),
        'W' => (TimePart::MondayWeek, 2),
        'a' | 'A' => (TimePart::Weekday, 0),
        'u' | 'w' => (TimePart::Weekday, 1),
        'H' | 'k' => (TimePart::Hour, 2),
        'I' | 'l' => (TimePart::HourOfTwelve, 2),
        'p' | 'P' => (TimePart::HalfDay, 0),
        'M' => (TimePart::Minute, 2),
        'S' => (TimePart::Second, 2),
        'f' | 'N' => (TimePart::Fraction, 0),
        's' => (TimePart::Epoch, 0),
        'z' => (TimePart::Offset, 0),
        'Q' => (TimePart::ZoneName, 0),
        _ => return None,
    })
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Zones {
    /// The zone of times that tell none.
    pub(super) zone: Zone,
    /// Whether the mapping names it, not only the schema.
    pub(super) is_given: bool,
}

/// Why a pattern cannot be used: it does not tell a point in time, or reads something that it then ignores. With what helps.
pub(super) fn fault(pattern: &str, zones: Zones) -> Option<(LocalText, LocalText)> {
    let like = || LocalText::new("write it like `%Y-%m-%d %H:%M:%S`", "请写成 `%Y-%m-%d %H:%M:%S` 的形式");
    let parts = match parts(pattern) {
        Ok(parts) => parts,
        Err(unknown) => {
            let help = match unknown.chars().last() {
                Some('C') => LocalText::new("write the whole year: `%Y`", "请写完整的年份：`%Y`"),
                Some('Z') => {
                    LocalText::new("`%Q` reads the name of a time zone, `%z` an offset", "时区名称请用 `%Q`，时差请用 `%z`")
                }
                _ => like(),
            };
            let message = LocalText::new(
                format!("`{unknown}` in the time pattern `{pattern}` cannot be used"),
                format!("时间格式 `{pattern}` 中的 `{unknown}` 不能使用"),
            );
            return Some((message, help));
        }
    };
    let ignored = |part: &str, help: LocalText| {
        let message = LocalText::new(
            format!("`{part}` in the time pattern `{pattern}` would be read and then ignored"),
            format!("时间格式 `{pattern}` 中的 `{part}` 会被读取，但不起作用"),
        );
        Some((message, help))
    };
    let slots: Vec<(TimePart, &str)> = parts.iter().filter_map(PatternPart::slot).collect();
    if let Some((part, help)) = slots_ignored(&slots).or_else(|| literals_ignored(&parts, zones)) {
        return ignored(&part, help);
    }
    if tells_a_time(&slots) {
        return None;
    }
    let message = LocalText::new(
        format!("the time pattern `{pattern}` does not tell date and time"),
        format!("时间格式 `{pattern}` 不能表示完整的日期和时间"),
    );
    Some((message, like()))
}

impl PatternPart {
    pub(crate) fn pattern(&self) -> String {
        match self {
            Self::Literal(text) => text.replace('%', "%%"),
            Self::Space => " ".to_owned(),
            Self::TimePart { alone: Some(letter), .. } => format!("%{letter}"),
            Self::TimePart { written, .. } => written.clone(),
        }
    }

    fn slot(&self) -> Option<(TimePart, &str)> {
        match self {
            Self::TimePart { slot, written, .. } => Some((*slot, written)),
            _ => None,
        }
    }
}

/// The first directive that another one overrides.
fn slots_ignored(slots: &[(TimePart, &str)]) -> Option<(String, LocalText)> {
    let written = |wanted: TimePart| slots.iter().find(|(slot, _)| *slot == wanted).map(|(_, written)| (*written).to_owned());
    let has = |wanted: TimePart| written(wanted).is_some();
    let remove = |part: &str| LocalText::new(format!("remove `{part}`"), format!("请删除 `{part}`"));
    for (at, (slot, part)) in slots.iter().enumerate() {
        if slots.iter().skip(at + 1).any(|(other, _)| other == slot) {
            let help = LocalText::new("tell each part once", "每个部分只能出现一次");
            return Some(((*part).to_owned(), help));
        }
    }
    if let Some(epoch) = written(TimePart::Epoch)
        && slots.len() > 1
    {
        let help = LocalText::new(
            format!("use `{epoch}` alone, or remove it; a plain number is read by `time: Seconds`"),
            format!("`{epoch}` 只能单独使用，否则请删除；纯数字请用 `time: Seconds`"),
        );
        return Some((epoch, help));
    }
    if has(TimePart::Hour) {
        if let Some(hour) = written(TimePart::HourOfTwelve) {
            return Some((hour.clone(), remove(&hour)));
        }
        if let Some(half) = written(TimePart::HalfDay) {
            let help = LocalText::new("write the hour as `%I`", "小时请用 `%I`");
            return Some((half, help));
        }
    }
    // Of several ways to tell a day one is used.
    let by_month = has(TimePart::Month) && has(TimePart::Day);
    let by_iso = has(TimePart::IsoYear) && has(TimePart::IsoWeek) && has(TimePart::Weekday);
    let by_day = has(TimePart::YearDay);
    let mut unused = Vec::new();
    if by_month || by_iso || by_day {
        unused.extend([TimePart::SundayWeek, TimePart::MondayWeek]);
    } else if has(TimePart::SundayWeek) {
        unused.push(TimePart::MondayWeek);
    }
    if by_month || by_iso {
        unused.push(TimePart::YearDay);
    }
    if by_month || !by_iso {
        unused.extend([TimePart::IsoYear, TimePart::IsoWeek]);
    }
    if !by_month {
        unused.extend([TimePart::Month, TimePart::Day]);
    }
    if by_iso && !by_month {
        unused.push(TimePart::Year);
    }
    // A pattern without a day is refused for that alone.
    let tells_day =
        by_month || by_iso || by_day || (has(TimePart::Weekday) && (has(TimePart::SundayWeek) || has(TimePart::MondayWeek)));
    unused.into_iter().filter(|_| tells_day).find_map(written).map(|part| {
        let help = remove(&part);
        (part, help)
    })
}

/// Whether date and time are read: a date alone means its first moment.
fn tells_a_time(slots: &[(TimePart, &str)]) -> bool {
    let has = |wanted: TimePart| slots.iter().any(|(slot, _)| *slot == wanted);
    if has(TimePart::Epoch) {
        return true;
    }
    let day = (has(TimePart::Month) && has(TimePart::Day))
        || has(TimePart::YearDay)
        || (has(TimePart::Weekday) && (has(TimePart::SundayWeek) || has(TimePart::MondayWeek)));
    let date = (has(TimePart::Year) && day) || (has(TimePart::IsoYear) && has(TimePart::IsoWeek) && has(TimePart::Weekday));
    let hour = has(TimePart::Hour) || (has(TimePart::HourOfTwelve) && has(TimePart::HalfDay));
    let is_open = |part: TimePart, before: bool| has(part) && !before;
    date && !is_open(TimePart::Minute, hour)
        && !is_open(TimePart::Second, has(TimePart::Minute))
        && !is_open(TimePart::Fraction, has(TimePart::Second))
        && !is_open(TimePart::HourOfTwelve, hour)
        && !is_open(TimePart::HalfDay, hour)
}

/// Abbreviations of time zones, of which several mean more than one.
const ABBREVIATIONS: [&str; 33] = [
    "ACST", "AEDT", "AEST", "AKST", "AST", "AWST", "BST", "CDT", "CEST", "CET", "CST", "EDT", "EEST", "EET", "EST", "HKT", "HST",
    "ICT", "IST", "JST", "KST", "MDT", "MSK", "MST", "NZDT", "NZST", "PDT", "PHT", "PKT", "PST", "SGT", "WET", "WIB",
];

/// Literal text with a meaning that would be ignored: a zone other than the one that counts, half of the day, digits.
fn literals_ignored(parts: &[PatternPart], zones: Zones) -> Option<(String, LocalText)> {
    let tells_zone =
        parts.iter().filter_map(PatternPart::slot).any(|(slot, _)| matches!(slot, TimePart::Offset | TimePart::ZoneName));
    // Literals with white space between them belong together: `GMT +8`.
    let mut runs: Vec<(String, bool)> = vec![(String::new(), false)];
    for part in parts {
        let Some((run, before_offset)) = runs.last_mut() else { break };
        match part {
            PatternPart::Literal(text) => run.push_str(text),
            PatternPart::Space => run.push(' '),
            PatternPart::TimePart { slot, .. } => {
                *before_offset = *slot == TimePart::Offset;
                runs.push((String::new(), false));
            }
        }
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '[' | ']' | '"' | '\'');
    runs.iter().find_map(|(run, before_offset)| {
        let last = run.split(is_end).rfind(|word| !word.is_empty());
        run.split(is_end).filter(|word| !word.is_empty()).find_map(|word| {
            let is_before_offset = *before_offset && last == Some(word) && run.ends_with(word);
            word_ignored(word, zones, tells_zone, is_before_offset).map(|help| (word.to_owned(), help))
        })
    })
}

/// Why a literal word would be ignored, and what to write instead.
fn word_ignored(word: &str, zones: Zones, tells_zone: bool, is_before_offset: bool) -> Option<LocalText> {
    // What zeros mean, and the letter before a time, tell nothing.
    let word = word.trim_start_matches(['T', 't', '0', ':', '.']);
    let upper = word.to_uppercase();
    if ["AM", "PM", "A.M", "P.M"].contains(&upper.trim_end_matches('.')) || word.contains("上午") || word.contains("下午") {
        return Some(LocalText::new("read it by `%I` and `%p`", "请用 `%I` 和 `%p` 读取"));
    }
    let told = zone_of(&upper);
    if told.is_none() && !ABBREVIATIONS.contains(&upper.as_str()) && !is_zone_name(word) {
        // Zeros are what a part that is left out means anyway.
        let is_told = word.chars().any(|c| c.is_numeric() && c != '0');
        return is_told.then(|| LocalText::new("read the digits by a part such as `%Y` or `%S`", "数字请用 `%Y`、`%S` 等读取"));
    }
    if is_before_offset && told == Some(Zone::default()) && upper != "Z" {
        return None;
    }
    if tells_zone {
        return Some(LocalText::new("name the zone once", "时区只能写一次"));
    }
    if is_zone_name(word) {
        return Some(LocalText::new("read the zone by `%Q`", "时区名称请用 `%Q` 读取"));
    }
    match told {
        Some(told) if told == zones.zone => None,
        Some(told) => {
            Some(LocalText::new(format!("add `zone: \"{told}\"` to the field"), format!("请为该字段添加 `zone: \"{told}\"`")))
        }
        // Whoever names the zone knows which one the letters mean.
        None if zones.is_given => None,
        None => Some(LocalText::new(
            "say which zone the letters mean: add `zone: \"+08:00\"`, with its offset, to the field",
            "请说明该缩写所指的时区：为该字段添加 `zone: \"+08:00\"`（写明其时差）",
        )),
    }
}

/// The offset that a word names; none where it names none.
fn zone_of(upper: &str) -> Option<Zone> {
    if ["北京时间", "中国标准时间"].contains(&upper) {
        return Zone::from_seconds(8 * 3_600);
    }
    let name = ["UTC", "GMT", "UCT", "ZULU", "Z"].into_iter().find_map(|name| upper.strip_prefix(name));
    let offset = match name {
        Some("") => return Some(Zone::default()),
        Some(offset) => offset,
        None => upper,
    };
    let digits: String = offset.strip_prefix(['+', '-'])?.chars().filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = if digits.len() <= 2 { (digits.as_str(), "0") } else { digits.split_at_checked(digits.len() - 2)? };
    let seconds = hours.parse::<i32>().ok()? * 3_600 + minutes.parse::<i32>().ok()? * 60;
    Zone::from_seconds(if offset.starts_with('-') { -seconds } else { seconds })
}

/// Whether a word is like `Asia/Shanghai`.
fn is_zone_name(word: &str) -> bool {
    let mut parts = word.split('/');
    let is_name = |part: &str| part.len() >= 3 && part.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    parts.clone().count() > 1 && parts.all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_reads_what_it_ignores_is_refused() {
        let east = Zones { zone: Zone::parse("+08:00").unwrap(), is_given: false };
        for good in [
            "%Y-%m-%d %H:%M:%S",
            "%F %T%.f",
            "%d/%m/%Y",
            "%m/%d/%y %I:%M %p",
            "%Y-%m-%dT%H:%M:%S%:z",
            "%Y-%m-%d %H:%M:%S %Q",
            "%a %b %d %Y %H:%M:%S GMT%z",
            "%a, %d %b %Y %T %z",
            "%Y-%m-%dT00:00:00",
            "%Y-%m-%dT%H:%M:%S+08:00",
            "%Y-%m-%d %H:%M:%S UTC+8",
            "%Y-%m-%d %H:%M (北京时间)",
            "%Y年%m月%d日 %H时%M分%S秒",
            "%Y-%j",
            "%G-W%V-%u",
            "%Y %U %a",
            "%s",
            "%Y%m%d%H%M%S",
            "%Y-%m-%d %H:%M:%S %z %Q",
        ] {
            assert_eq!(fault(good, east), None, "{good}");
        }
        for (bad, part) in [
            ("%s %Y-%m-%d", "`%s`"),
            ("%Y-%m-%d %I:%M", "does not tell"),
            ("%Y-%m-%d %H:%M %p", "`%p`"),
            ("%Y-%m-%d %H:%I", "`%I`"),
            ("%Y-%m-%dT%H:%M:%SZ", "`Z`"),
            ("%Y-%m-%d %H:%M:%S UTC", "`UTC`"),
            ("%Y-%m-%d %H:%M:%S gmt", "`gmt`"),
            ("%Y-%m-%d %H:%M:%S+00:00", "`+00:00`"),
            ("%Y-%m-%d %H:%M:%S UTC+9", "`UTC+9`"),
            ("%Y-%m-%d %H:%M:%S CST", "`CST`"),
            ("%Y-%m-%d %H:%M:%S Asia/Shanghai", "`Asia/Shanghai`"),
            ("%Y-%m-%dT%H:%M:%SZ%z", "`Z`"),
            ("%Y-%m-%d %H:%M PM", "`PM`"),
            ("%Y-%m-%d 下午%H:%M", "`下午`"),
            ("20%y-%m-%d", "`20`"),
            ("%Y-%m-%dT%H:%M:%S.000Z", "`.000Z`"),
            ("%Y-%m-%dT00:00:00Z", "`T00:00:00Z`"),
            ("%Y-%m-%d %I:%M a.m.", "`a.m.`"),
            ("%H:%M:%S %H %Y-%m-%d", "`%H`"),
            ("%Y-%m-%d %b", "`%m`"),
            ("%F %Y", "`%F`"),
            ("%Y-%m-%d %j", "`%j`"),
            ("%Y-%j %U %a", "`%U`"),
            ("%Y-%m-%d %G", "`%G`"),
            ("%Y %G-W%V-%u", "`%Y`"),
            ("%Y-%j %m", "`%m`"),
            ("%C%y-%m-%d", "`%C`"),
            ("%Y-%m-%d %Z", "`%Z`"),
            ("%Y-%m-%d %k%!", "`%!`"),
            ("%Y-%m-%d %", "`%`"),
            ("%H:%M", "does not tell"),
            ("%Y-%m %H:%M", "does not tell"),
            ("%Y-%m-%d %M", "does not tell"),
            ("%Y-%m-%d %H:%S", "does not tell"),
            ("", "does not tell"),
        ] {
            let found = fault(bad, east).unwrap_or_else(|| panic!("{bad}"));
            assert!(found.0.en.contains(part) && !found.1.en.is_empty(), "{bad}: {}", found.0.en);
        }
        let utc = Zones { zone: Zone::default(), is_given: true };
        for good in ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S CST"] {
            assert_eq!(fault(good, utc), None, "{good}");
        }
    }
}
