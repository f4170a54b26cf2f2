//! Rows of a request file that could not be read and are therefore not decided: how many, why, and what is known of them all the same.
//!
//! They are part of every figure: whatever shows a count or a ratio shows [`SetAside::sentence`] beside it.

use serde::{Deserialize, Serialize};

use super::Digest;
use crate::text::{LocalText, StaticText, counted, grouped, share, yuan};

/// What kind of fault keeps a row from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowFault {
    /// A field that must have a value has none.
    MissingValue,
    /// A text is not a value of its field.
    WrongValue,
    /// A number or time is outside the range that can be kept.
    OutOfRange,
    /// A number or time has more decimals than can be kept.
    TooFine,
    /// A text is longer than any field can hold.
    TooLong,
    /// A number has lost digits, most likely in a spreadsheet, where every digit counts.
    LostDigits,
    /// The row as a whole has not the form of the file's format.
    MalformedRow,
    /// The bytes of the row are not text in the file's encoding.
    WrongEncoding,
}

impl RowFault {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::MissingValue,
        Self::WrongValue,
        Self::OutOfRange,
        Self::TooFine,
        Self::TooLong,
        Self::LostDigits,
        Self::MalformedRow,
        Self::WrongEncoding,
    ];

    /// Its id in files: `missing-value`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MissingValue => "missing-value",
            Self::WrongValue => "wrong-value",
            Self::OutOfRange => "out-of-range",
            Self::TooFine => "too-fine",
            Self::TooLong => "too-long",
            Self::LostDigits => "lost-digits",
            Self::MalformedRow => "malformed-row",
            Self::WrongEncoding => "wrong-encoding",
        }
    }

    /// The kind of that id.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.word() == word)
    }

    /// What is wrong, for people.
    #[must_use]
    pub fn text(self) -> StaticText {
        match self {
            Self::MissingValue => StaticText::new("a required value is missing", "缺少必填值"),
            Self::WrongValue => StaticText::new("the text is not a value of the field", "内容不是该字段的有效取值"),
            Self::OutOfRange => StaticText::new("the value is out of range", "数值超出范围"),
            Self::TooFine => StaticText::new("the value has too many decimals", "精度过高"),
            Self::TooLong => StaticText::new("the text is too long", "文本过长"),
            Self::LostDigits => {
                StaticText::new("the number has lost digits, as in a spreadsheet", "数字已丢失位数（如经电子表格转换）")
            }
            Self::MalformedRow => StaticText::new("the row has not the form of the file", "记录格式错误"),
            Self::WrongEncoding => StaticText::new("the row is not text in the file's encoding", "记录编码错误"),
        }
    }
}

/// Rows with the same fault in the same column; a row counts once, by its first fault in the order of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AsideReason {
    /// The kind of fault.
    pub fault: RowFault,
    /// The file's column; none where the row as a whole is at fault.
    pub column: Option<String>,
    /// How many rows.
    pub rows: u64,
}

impl AsideReason {
    /// The column and what is wrong, without the count.
    #[must_use]
    pub fn text(&self) -> LocalText {
        let fault = self.fault.text();
        match &self.column {
            None => fault.local(),
            Some(column) => LocalText::new(format!("`{column}`: {}", fault.en), format!("`{column}`：{}", fault.zh)),
        }
    }
}

/// Outcomes of rows set aside, as far as their label could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsideLabels {
    /// Rows labelled as fraud.
    pub fraud: u64,
    /// Rows labelled as genuine.
    pub genuine: u64,
    /// Rows whose label is empty: the outcome is not known.
    pub unknown: u64,
}

/// Amounts of rows set aside, as far as they could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsideAmount {
    /// Rows whose amount could be read.
    pub rows: u64,
    /// Their sum in fen; stays at the ends of its range.
    pub fen: i64,
}

/// The rows of one file that were set aside; there is at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// How many rows.
    pub rows: u64,
    /// How many rows the file has, these among them.
    pub of: u64,
    /// Why, the most frequent reason first; the counts add up to `rows`.
    pub reasons: Vec<AsideReason>,
    /// Their outcomes; none where the schema has no label.
    pub labels: Option<AsideLabels>,
    /// Their amounts; none where the schema has no amount.
    pub amount: Option<AsideAmount>,
    /// SHA-256 over one line for each row in the file's order: `[row,"fault","column"]` as JSON with a line feed after it; rows are
    /// counted from 1 without header and blank lines, and the column is `null` where the row as a whole is at fault.
    pub digest: Digest,
}

impl SetAside {
    /// `93 rows left out`.
    #[must_use]
    pub fn short(&self) -> LocalText {
        LocalText::new(format!("{} left out", counted(self.rows, "row", "rows")), format!("已剔除 {} 条记录", grouped(self.rows)))
    }

    /// The share of rows, and what is known of their outcomes and amounts: shown beside every figure.
    #[must_use]
    pub fn sentence(&self) -> LocalText {
        let (rows, of) = (grouped(self.rows), counted(self.of, "row", "rows"));
        let verb = if self.rows == 1 { "was" } else { "were" };
        let head = LocalText::new(
            format!("{rows} of {of} {verb} left out and not decided"),
            format!("{} 条记录中剔除了 {rows} 条，未作决策", grouped(self.of)),
        );
        self.with_what_is_known(head)
    }

    /// The same as a question, before the user has confirmed to leave them out.
    #[must_use]
    pub fn unread(&self) -> LocalText {
        let (rows, of) = (grouped(self.rows), counted(self.of, "row", "rows"));
        self.with_what_is_known(LocalText::new(
            format!("{rows} of {of} cannot be read"),
            format!("{} 条记录中有 {rows} 条无法读取", grouped(self.of)),
        ))
    }

    fn with_what_is_known(&self, head: LocalText) -> LocalText {
        let parts = [Some(head), self.outcomes(), self.amounts()];
        let parts: Vec<LocalText> = parts.into_iter().flatten().collect();
        let join = |part: fn(&LocalText) -> &str, mark: &str| parts.iter().map(part).collect::<Vec<_>>().join(mark);
        LocalText::new(join(|text| &text.en, "; "), join(|text| &text.zh, "；"))
    }

    /// The sentence with the file's name before it.
    #[must_use]
    pub fn of_file(&self, file: &str) -> LocalText {
        let said = self.sentence();
        LocalText::new(format!("{file}: {}", said.en), format!("{file}：{}", said.zh))
    }

    /// What their labels say; none where the schema has no label.
    #[must_use]
    pub fn outcomes(&self) -> Option<LocalText> {
        let labels = self.labels?;
        let counts = [labels.fraud, labels.genuine, labels.unknown, self.unreadable_labels()];
        let names = [
            ("fraud", "欺诈"),
            ("genuine", "正常"),
            ("of unknown outcome", "结果未知"),
            ("with a label that cannot be read", "标签无法读取"),
        ];
        let some = || counts.iter().zip(names).filter(|(count, _)| **count > 0);
        let en: Vec<String> = some().map(|(count, (en, _))| format!("{} {en}", grouped(count))).collect();
        let zh: Vec<String> = some().map(|(count, (_, zh))| format!("{zh} {}", grouped(count))).collect();
        Some(LocalText::new(format!("of these {}", en.join(", ")), format!("其中{}", zh.join("、"))))
    }

    /// The sum of their amounts; none where the schema has no amount.
    #[must_use]
    pub fn amounts(&self) -> Option<LocalText> {
        let AsideAmount { rows, fen } = self.amount?;
        if rows == 0 {
            return Some(LocalText::new("no amount of them can be read", "其金额均无法读取"));
        }
        let sum = yuan(fen);
        let (en, zh) = if rows == self.rows {
            (String::new(), String::new())
        } else {
            (
                format!(" in the {} whose amount can be read", counted(rows, "row", "rows")),
                format!("（可读取金额的 {} 条）", grouped(rows)),
            )
        };
        Some(LocalText::new(format!("¥{sum} together{en}"), format!("金额合计 ¥{sum}{zh}")))
    }

    /// Every reason with its count: `` `customer.age`: a required value is missing: 60 rows ``.
    pub fn reason_lines(&self) -> impl Iterator<Item = LocalText> + '_ {
        self.reasons.iter().map(|reason| {
            let text = reason.text();
            LocalText::new(
                format!("{}: {}", text.en, counted(reason.rows, "row", "rows")),
                format!("{}：{} 条", text.zh, grouped(reason.rows)),
            )
        })
    }

    /// Rows whose label could not be read, where the schema has one.
    #[must_use]
    pub fn unreadable_labels(&self) -> u64 {
        let known =
            self.labels.map_or(self.rows, |labels| labels.fraud.saturating_add(labels.genuine).saturating_add(labels.unknown));
        self.rows.saturating_sub(known)
    }

    /// The known fraud that recall is at worst taken of: that of the rows decided, and of these every row that was fraud or whose label
    /// cannot be read. None where none of them can have been fraud.
    #[must_use]
    pub fn worst_fraud(&self, decided: u64) -> Option<u64> {
        let labels = self.labels?;
        let more = labels.fraud.saturating_add(self.unreadable_labels());
        (more > 0).then(|| decided.saturating_add(more))
    }

    /// `recall 19.0 % of what was read, at worst 16.7 %`: `caught` of `fraud` among the rows decided.
    #[must_use]
    pub fn recall_sentence(&self, caught: u64, fraud: u64) -> Option<LocalText> {
        let worst = share(caught, self.worst_fraud(fraud)?);
        let read = share(caught, fraud);
        Some(LocalText::new(
            format!("recall {read} of what was read, at worst {worst}"),
            format!("召回率按已读入的记录为 {read}，最差为 {worst}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(rows: u64, labels: Option<AsideLabels>, amount: Option<AsideAmount>) -> SetAside {
        let reasons = vec![AsideReason { fault: RowFault::MissingValue, column: Some("a.b".to_owned()), rows }];
        SetAside { rows, of: 134_130, reasons, labels, amount, digest: Digest::of(b"") }
    }

    #[test]
    fn what_was_set_aside_is_one_sentence_in_both_languages() {
        let labels = |fraud, genuine, unknown| Some(AsideLabels { fraud, genuine, unknown });
        let amount = |rows, fen| Some(AsideAmount { rows, fen });
        let cases = [
            (
                aside(93, labels(93, 0, 0), amount(93, 123_456)),
                "93 of 134,130 rows were left out and not decided; of these 93 fraud; ¥1,234.56 together",
                "134,130 条记录中剔除了 93 条，未作决策；其中欺诈 93；金额合计 ¥1,234.56",
            ),
            (
                aside(5, labels(1, 2, 1), amount(2, 100)),
                "5 of 134,130 rows were left out and not decided; of these 1 fraud, 2 genuine, 1 of unknown outcome, \
                 1 with a label that cannot be read; ¥1.00 together in the 2 rows whose amount can be read",
                "134,130 条记录中剔除了 5 条，未作决策；其中欺诈 1、正常 2、结果未知 1、标签无法读取 1；金额合计 ¥1.00（可读取金额的 2 条）",
            ),
            (aside(1, None, None), "1 of 134,130 rows was left out and not decided", "134,130 条记录中剔除了 1 条，未作决策"),
            (
                aside(1, None, amount(0, 0)),
                "1 of 134,130 rows was left out and not decided; no amount of them can be read",
                "134,130 条记录中剔除了 1 条，未作决策；其金额均无法读取",
            ),
        ];
        for (aside, en, zh) in cases {
            assert_eq!(aside.sentence(), LocalText::new(en, zh));
        }
    }

    #[test]
    fn recall_is_at_worst_taken_of_all_that_may_have_been_fraud() {
        let labels = |fraud, genuine, unknown| Some(AsideLabels { fraud, genuine, unknown });
        // 113 of 595 are 19.0 %, of 595 + 93 they are 16.4 %.
        let said = aside(93, labels(93, 0, 0), None).recall_sentence(113, 595).map(|text| text.en);
        assert_eq!(said.as_deref(), Some("recall 19.0 % of what was read, at worst 16.4 %"));
        assert_eq!(aside(93, labels(40, 50, 0), None).worst_fraud(100), Some(143));
        assert_eq!(aside(93, labels(0, 90, 3), None).worst_fraud(100), None);
        assert_eq!(aside(93, None, None).worst_fraud(100), None);
    }

    #[test]
    fn every_kind_of_fault_has_one_id() {
        for fault in RowFault::ALL {
            assert_eq!(RowFault::of_word(fault.word()), Some(fault));
            assert_eq!(serde_json::to_string(&fault).unwrap(), format!("\"{}\"", fault.word()));
        }
    }
}
