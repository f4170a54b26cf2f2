//! What is worth knowing of the values of a column, counted while they are read: values brought to normal form, words that often mean
//! "no value", numbers that lost digits. The counts are of all rows, also of those that are set aside.

use super::plan::FieldSourcePlan;
use crate::kinds::{MISSING_WORD, NORMALIZED_VALUES, ROUNDED_AMOUNTS, SPREADSHEET_NUMBER};
use crate::problem::shorten;
use countersign_core::diagnostic::{Finding, FindingKind};
use countersign_core::model::MASK;
use countersign_core::text::{LocalText, counted, grouped, visible};

/// Words that often mean "no value", in small letters; errors of spreadsheets among them.
const MISSING_WORDS: [&str; 39] = [
    "null",
    "(null)",
    "<null>",
    "[null]",
    "nil",
    "\\n",
    "nan",
    "-nan",
    "none",
    "(none)",
    "<none>",
    "na",
    "n/a",
    "<na>",
    "nat",
    "undefined",
    "-",
    "--",
    "---",
    "/",
    "?",
    ".",
    "#n/a",
    "#na",
    "#null!",
    "#ref!",
    "#value!",
    "#name?",
    "#num!",
    "#div/0!",
    "无",
    "空",
    "暂无",
    "(空)",
    "（空）",
    "（无）",
    "(无)",
    "—",
    "——",
];
/// The longest of them in bytes.
const LONGEST_WORD: usize = 9;
/// What they begin with, where it is ASCII.
const FIRST_OF_WORDS: &[u8] = b"nNuU(<[\\-/?.#";
/// So many different words of a column are counted separately.
const MOST_WORDS: usize = 8;
/// From here on not every whole number has a binary floating-point number of its own; in digits.
const FLOAT_DIGITS: usize = 16;

/// How often something occurs, with the first value as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Occurrences {
    pub(super) count: u64,
    pub(super) first: Option<String>,
}

impl Occurrences {
    pub(super) fn add(&mut self, value: &str) {
        self.count += 1;
        // Enough to show; a hostile value is not copied.
        self.first.get_or_insert_with(|| value.chars().take(200).collect());
    }

    /// Adds what comes later in the file.
    fn merge(&mut self, later: Self) {
        self.count += later.count;
        self.first = self.first.take().or(later.first);
    }
}

/// What is worth knowing of the values of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ColumnNotes {
    /// Values that were brought to normal form.
    pub(super) normalized: Occurrences,
    /// Texts that look like numbers of which a spreadsheet dropped digits.
    pub(super) shortened: Occurrences,
    /// Amounts that were rounded to whole fen.
    pub(super) rounded: Occurrences,
    /// Words that often mean "no value", as the file writes them, in the order they occur.
    pub(super) missing: Vec<(String, u64)>,
}

impl ColumnNotes {
    /// Counts a word that often means "no value".
    pub(super) fn missing(&mut self, word: &str, count: u64) {
        if let Some((_, so_far)) = self.missing.iter_mut().find(|(known, _)| known == word) {
            *so_far += count;
        } else if self.missing.len() < MOST_WORDS {
            self.missing.push((word.to_owned(), count));
        }
    }

    /// Adds what was noted later in the file.
    pub(super) fn merge(&mut self, later: Self) {
        self.normalized.merge(later.normalized);
        self.shortened.merge(later.shortened);
        self.rounded.merge(later.rounded);
        for (word, count) in later.missing {
            self.missing(&word, count);
        }
    }
}

/// Adds what was noted later in the file, by the field's position.
pub(super) fn add(so_far: &mut Vec<ColumnNotes>, later: impl IntoIterator<Item = (usize, ColumnNotes)>) {
    for (field, later) in later {
        if so_far.len() <= field {
            so_far.resize(field + 1, ColumnNotes::default());
        }
        if let Some(so_far) = so_far.get_mut(field) {
            so_far.merge(later);
        }
    }
}

/// Whether a text is a word that often means "no value".
#[inline]
pub(super) fn is_missing_word(text: &str) -> bool {
    let may_be = |first: &u8| text.len() <= LONGEST_WORD && (!first.is_ascii() || FIRST_OF_WORDS.contains(first));
    text.as_bytes().first().is_some_and(may_be) && MISSING_WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a text looks like a number of which a spreadsheet or a binary number dropped digits: `6.22202E+18`, `6222020000000000000.0`.
#[inline]
pub(super) fn is_shortened(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Nearly every text ends here: its last bytes have no exponent and no fraction of zeros.
    let Some(last) = bytes.last().filter(|last| last.is_ascii_digit()) else { return false };
    let tail = bytes.get(bytes.len().saturating_sub(5)..).unwrap_or(bytes);
    (tail.iter().any(|byte| matches!(byte, b'e' | b'E')) && has_exponent(text)) || (*last == b'0' && is_whole_float(text))
}

/// One digit, a fraction, an exponent; of a number without a fraction the exponent has a sign: `3e10` may be a code.
fn has_exponent(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let bare = exponent.strip_prefix(['+', '-']);
    let (whole, fraction) = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    whole.len() == 1 && digits(whole) && fraction.map_or(bare.is_some(), digits) && digits(bare.unwrap_or(exponent))
}

/// A whole number written with a fraction of zeros and too large for a binary floating-point number to hold every digit.
fn is_whole_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((whole, zeros)) = text.split_once('.') else { return false };
    whole.len() >= FLOAT_DIGITS && whole.bytes().all(|byte| byte.is_ascii_digit()) && zeros.bytes().all(|byte| byte == b'0')
}

/// What was noted of every field of `file`, one finding a column and kind.
pub(super) fn findings(file: &str, columns: &[ColumnLabel], noted: &[ColumnNotes]) -> Vec<Finding> {
    let of = |(column, noted): (&ColumnLabel, &ColumnNotes)| column.findings(file, noted);
    columns.iter().zip(noted).flat_map(of).collect()
}

/// The words that often mean "no value" of all fields, each once.
pub(super) fn missing_words(noted: &[ColumnNotes]) -> Vec<String> {
    let mut words: Vec<String> = noted.iter().flat_map(|noted| &noted.missing).map(|(word, _)| word.clone()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[derive(Clone, Debug)]
pub(super) struct ColumnLabel {
    label: String,
    personal: bool,
    optional: bool,
}

impl ColumnLabel {
    pub(super) fn new(field: &FieldSourcePlan) -> Self {
        Self { label: field.label.clone(), personal: field.personal, optional: field.rule.optional }
    }

    fn findings(&self, file: &str, noted: &ColumnNotes) -> Vec<Finding> {
        let found = |noted: &Occurrences, finding: fn(&Self, &str, &Occurrences) -> Finding| {
            (noted.count > 0).then(|| finding(self, file, noted))
        };
        let mut findings: Vec<Finding> = [
            found(&noted.normalized, Self::normalized),
            found(&noted.shortened, Self::shortened),
            found(&noted.rounded, Self::rounded),
        ]
        .into_iter()
        .flatten()
        .collect();
        findings.extend((!noted.missing.is_empty()).then(|| self.missing(file, &noted.missing)));
        findings
    }

    /// A finding that begins with file and column.
    fn finding(&self, kind: &'static FindingKind, file: &str, what: &LocalText) -> Finding {
        let label = &self.label;
        let message =
            LocalText::new(format!("`{file}`, column `{label}`: {}", what.en), format!("`{file}` 列 `{label}`：{}", what.zh));
        Finding::new(kind, None, message)
    }

    /// The first value, made visible; masked where it is personal.
    fn first(&self, noted: &Occurrences) -> String {
        if self.personal { MASK.to_owned() } else { shorten(&visible(noted.first.as_deref().unwrap_or(""))) }
    }

    fn normalized(&self, file: &str, noted: &Occurrences) -> Finding {
        let (first, count) = (self.first(noted), grouped(noted.count));
        let what = LocalText::new(
            format!("{} trimmed, the first is `{first}`", counted(noted.count, "value", "values")),
            format!("{count} 个值已去除首尾空白等多余字符，第一个是 `{first}`"),
        );
        self.finding(NORMALIZED_VALUES, file, &what)
    }

    fn shortened(&self, file: &str, noted: &Occurrences) -> Finding {
        let (first, count) = (self.first(noted), grouped(noted.count));
        let what = LocalText::new(
            format!(
                "{} like a number rounded by a spreadsheet, the first is `{first}`",
                counted(noted.count, "value looks", "values look")
            ),
            format!("{count} 个值疑似被电子表格舍入的数字，第一个是 `{first}`"),
        );
        let help = LocalText::new(
            "the dropped digits cannot be restored: export the column again as text",
            "丢失的位数无法恢复：请将该列以文本格式重新导出",
        );
        self.finding(SPREADSHEET_NUMBER, file, &what).with_help(help)
    }

    fn rounded(&self, file: &str, noted: &Occurrences) -> Finding {
        let (first, count) = (self.first(noted), grouped(noted.count));
        let what = LocalText::new(
            format!("{} rounded to whole fen, the first is `{first}`", counted(noted.count, "amount", "amounts")),
            format!("{count} 个金额已舍入到分，第一个是 `{first}`"),
        );
        self.finding(ROUNDED_AMOUNTS, file, &what)
    }

    fn missing(&self, file: &str, words: &[(String, u64)]) -> Finding {
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        for (word, count) in words {
            en.push(format!("{} `{word}`", counted(count, "value is", "values are")));
            zh.push(format!("{} 个值为 `{word}`", grouped(count)));
        }
        let what = LocalText::new(
            format!("{}; such words often mean that there is no value", en.join(", ")),
            format!("{}；这类写法通常表示没有值", zh.join("，")),
        );
        let quoted: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
        let list = quoted.join(", ");
        let same: Vec<String> = quoted.iter().map(|word| format!("{word}: {word}")).collect();
        let same = same.join(", ");
        let (en, zh) = if self.optional {
            ("", "")
        } else {
            (" (rows without a value of this field are then bad rows)", "（该字段为空的记录随后会成为错误记录）")
        };
        let help = LocalText::new(
            format!(
                "write `missing: [{list}]` in the mapping{en}; if they are values, map them to themselves: `values: {{{same}}}`"
            ),
            format!("请在映射中写 `missing: [{list}]`{zh}；若确为取值，请将其映射为自身：`values: {{{same}}}`"),
        );
        self.finding(MISSING_WORD, file, &what).with_help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_their_last_digits_are_recognized() {
        let shortened = ["6.22202E+18", "6.2e18", "6E+18", "-6.22202E+18", "6,22202E+18", "1.5e3", "6222020000000000000.0"];
        let whole = [
            "6222021234567890123",
            "3e10",
            "12e4",
            "1e",
            "E+18",
            "e5",
            "62.2E+18",
            "6.2E+",
            "6.E+18",
            "v1.5e3",
            "123.0",
            "1.0",
            "2014e",
            "9007199254740993",
            "abc",
            "",
            "0",
            "5e-",
            "6.22202E+18x",
            "622202000000000000a.0",
        ];
        for text in shortened {
            assert!(is_shortened(text), "{text}");
        }
        for text in whole {
            assert!(!is_shortened(text), "{text}");
        }
    }

    #[test]
    fn words_for_no_value_are_recognized_in_every_case() {
        for word in [
            "NULL", "null", "Null", "\\N", "nan", "NaN", "None", "#N/A", "N/A", "n/a", "NA", "-", "--", "(null)", "无", "空", "NaT",
        ] {
            assert!(is_missing_word(word), "{word}");
        }
        for word in ["", "0", "nullable", "no", "N", "+", "张无", "----------", "null null"] {
            assert!(!is_missing_word(word), "{word}");
        }
        assert!(MISSING_WORDS.iter().all(|word| is_missing_word(word) && word.to_lowercase() == *word));
    }

    #[test]
    fn what_parts_of_a_file_note_adds_up_in_order() {
        let mut all = Vec::new();
        for part in ["b", "a"] {
            let mut noted = ColumnNotes::default();
            noted.normalized.add(part);
            noted.missing("NULL", 2);
            (0..20).for_each(|at| noted.missing(&"-".repeat(at), 1));
            add(&mut all, [(1, noted)]);
        }
        assert_eq!(all[1].normalized, Occurrences { count: 2, first: Some("b".to_owned()) });
        assert_eq!((all[1].missing.len(), all[1].missing[0].1), (MOST_WORDS, 4));
    }
}
