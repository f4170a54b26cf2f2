//! Counts the rows that are set aside while a file is read, and how many of them are taken at most.

use std::collections::BTreeMap;

use crate::kinds::{ALL_ROWS_SET_ASIDE, TOO_MANY_SET_ASIDE, WRONG_MAX_REJECTS};
use crate::problem::{RowProblem, refuse};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{AsideAmount, AsideLabels, AsideReason, Hasher, RowFault, Schema, SetAside};
use countersign_core::text::{LocalText, counted, grouped};

/// What is known of bad rows by cells of theirs that could be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AsideFacts {
    pub(super) labels: AsideLabels,
    pub(super) amount: AsideAmount,
}

impl AsideFacts {
    /// Counts a row's label; `None` for an empty one.
    pub(super) fn add_label(&mut self, label: Option<bool>) {
        let count = match label {
            Some(true) => &mut self.labels.fraud,
            Some(false) => &mut self.labels.genuine,
            None => &mut self.labels.unknown,
        };
        *count += 1;
    }

    /// Counts a row's amount.
    pub(super) fn add_amount(&mut self, fen: i64) {
        self.amount.rows += 1;
        self.amount.fen = self.amount.fen.saturating_add(fen);
    }

    fn merge(&mut self, more: &Self) {
        self.labels.fraud += more.labels.fraud;
        self.labels.genuine += more.labels.genuine;
        self.labels.unknown += more.labels.unknown;
        self.amount.rows += more.amount.rows;
        self.amount.fen = self.amount.fen.saturating_add(more.amount.fen);
    }
}

/// Counts bad rows in the file's order.
#[derive(Debug, Default)]
pub(super) struct AsideTally {
    rows: u64,
    reasons: BTreeMap<(RowFault, Option<String>), u64>,
    known: AsideFacts,
    hasher: Hasher,
}

impl AsideTally {
    /// Counts a row; its number is that in the file.
    pub(super) fn add(&mut self, problem: &RowProblem) {
        self.rows += 1;
        let column = problem.column.clone().filter(|_| problem.fault != RowFault::MalformedRow);
        let line = serde_json::json!([problem.row, problem.fault.word(), column]);
        self.hasher.update(format!("{line}\n").as_bytes());
        *self.reasons.entry((problem.fault, column)).or_default() += 1;
    }

    /// Counts what is known of some of the rows.
    pub(super) fn know(&mut self, known: &AsideFacts) {
        self.known.merge(known);
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Everything counted, `of` so many rows; nothing where no row is bad.
    pub(super) fn finish(self, of: u64, schema: &Schema) -> Option<SetAside> {
        let counted = self.reasons.into_iter().map(|((fault, column), rows)| AsideReason { fault, column, rows });
        let mut reasons: Vec<AsideReason> = counted.collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rows));
        (self.rows > 0).then(|| SetAside {
            rows: self.rows,
            of,
            reasons,
            labels: schema.roles.label.as_ref().map(|_| self.known.labels),
            amount: schema.roles.amount.as_ref().map(|_| self.known.amount),
            digest: self.hasher.finish(),
        })
    }
}

/// How many rows may be set aside at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectLimit {
    Rows(u64),
    /// So many millionths of one percent of all rows of the file.
    Share(u64),
}

/// Millionths of a percent in one percent.
const PERCENT: u64 = 1_000_000;

impl RejectLimit {
    /// Reads `20`, `5%`, `0.25%`.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(percent) = text.strip_suffix('%') else {
            return text.parse().ok().filter(|_| is_digits(text)).map(Self::Rows);
        };
        let (whole, decimals) = percent.split_once('.').unwrap_or((percent, "0"));
        if !is_digits(whole) || !is_digits(decimals) || decimals.len() > 6 {
            return None;
        }
        let millionths = format!("{decimals:0<6}").parse::<u64>().ok()?;
        let share = whole.parse::<u64>().ok()?.checked_mul(PERCENT)?.checked_add(millionths)?;
        (share <= 100 * PERCENT).then_some(Self::Share(share))
    }

    fn takes(self, aside: &SetAside) -> bool {
        match self {
            Self::Rows(most) => aside.rows <= most,
            Self::Share(share) => u128::from(aside.rows) * u128::from(100 * PERCENT) <= u128::from(aside.of) * u128::from(share),
        }
    }

    fn text(self) -> LocalText {
        match self {
            Self::Rows(0) => LocalText::new("none", "不允许剔除"),
            Self::Rows(most) => LocalText::new(grouped(most), format!("最多 {} 条", grouped(most))),
            Self::Share(share) => {
                let decimals = format!("{:06}", share % PERCENT);
                let decimals = decimals.trim_end_matches('0');
                let mark = if decimals.is_empty() { "" } else { "." };
                let shown = format!("{}{mark}{decimals} %", share / PERCENT);
                LocalText::new(format!("{shown} of all rows"), format!("最多占全部记录的 {shown}"))
            }
        }
    }
}

/// Why a file is refused although its bad rows may be set aside: all of them are bad, or more than the most that are taken.
pub(super) fn refusal(name: &str, aside: &SetAside, most: Option<RejectLimit>) -> Option<Finding> {
    let finding = if aside.rows == aside.of {
        let rows = counted(aside.of, "row", "rows");
        let message = LocalText::new(
            format!("no request of `{name}` can be decided: not one of its {rows} can be read"),
            format!("`{name}` 中没有可决策的请求：{} 条记录均无法读取", grouped(aside.of)),
        );
        let help =
            LocalText::new("describe the file's columns in a mapping, or correct the file", "请用映射说明文件的列，或改正文件");
        Finding::new(ALL_ROWS_SET_ASIDE, None, message).with_help(help)
    } else {
        let most = most.filter(|most| !most.takes(aside))?.text();
        let (rows, of) = (grouped(aside.rows), counted(aside.of, "row", "rows"));
        let message = LocalText::new(
            format!("{rows} of {of} of `{name}` would be set aside, more than the maximum: {}", most.en),
            format!("`{name}` 的 {} 条记录中有 {rows} 条需剔除，超过上限（{}）", grouped(aside.of), most.zh),
        );
        let help = LocalText::new(
            format!("correct the rows or the mapping, or allow as many with `--max-rejects {}`", aside.rows),
            format!("请改正记录或映射；如允许剔除，请指定 `--max-rejects {}`", aside.rows),
        );
        Finding::new(TOO_MANY_SET_ASIDE, None, message).with_help(help)
    };
    Some(with_reasons(finding, aside))
}

/// The finding with every reason and its count.
pub(super) fn with_reasons(finding: Finding, aside: &SetAside) -> Finding {
    aside.reason_lines().fold(finding, |finding, line| finding.with_note(None, line))
}

pub fn wrong_most(text: &str) -> Finding {
    let finding = refuse(
        WRONG_MAX_REJECTS,
        format!("`{text}` is neither a number of rows nor a percentage of all rows"),
        format!("`{text}` 既不是条数，也不是占全部记录的百分比"),
    );
    finding.with_help(LocalText::new(
        "write it like `--max-rejects 20`, `--max-rejects 5%` or `--max-rejects 0.25%`",
        "请写成 `--max-rejects 20`、`--max-rejects 5%` 或 `--max-rejects 0.25%`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_core::model::Digest;

    #[test]
    fn a_maximum_is_a_number_or_a_percentage() {
        let cases = [
            ("0", Some(RejectLimit::Rows(0))),
            ("20", Some(RejectLimit::Rows(20))),
            ("5%", Some(RejectLimit::Share(5_000_000))),
            ("0.25%", Some(RejectLimit::Share(250_000))),
            ("100%", Some(RejectLimit::Share(100_000_000))),
            ("100.000001%", None),
            ("0.0000001%", None),
            ("", None),
            ("%", None),
            (".5%", None),
            ("5.%", None),
            ("-1", None),
            ("+1", None),
            ("5 %", None),
            ("1e3", None),
            ("99999999999999999999", None),
            ("99999999999999999999%", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(RejectLimit::parse(text), wanted, "{text}");
        }
        let aside = |rows, of| SetAside { rows, of, reasons: Vec::new(), labels: None, amount: None, digest: Digest::of(b"") };
        let takes = |most: &str, rows, of| RejectLimit::parse(most).is_some_and(|most| most.takes(&aside(rows, of)));
        assert!(takes("5%", 5, 100) && !takes("5%", 6, 100) && !takes("0%", 1, u64::MAX) && takes("100%", 1, 1));
        assert!(takes("3", 3, 4) && !takes("3", 4, 4));
    }
}
