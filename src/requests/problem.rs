//! What can be wrong with a row of a file, as data, and as findings for people.

use crate::kinds::BAD_ROW;
use crate::kinds::UNSUPPORTED_COLUMN;
use countersign_core::diagnostic::FindingKind;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::model::RowFault;
use countersign_core::text::LocalText;

/// How many row problems are kept to be shown.
pub const SHOWN_PROBLEMS: usize = 20;
/// How many characters of a value are shown.
const SHOWN_CHARACTERS: usize = 60;

/// A row that cannot be taken, and why; the first problem of the row in the schema's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The file, where several are read as one.
    pub file: Option<String>,
    /// The row among the file's rows, from 1, header and blank lines not counted.
    pub row: u64,
    /// The line the row starts on, from 1; none for files without lines.
    pub line: Option<u64>,
    /// The file's column, where one is to blame.
    pub column: Option<String>,
    /// The value as the file has it, shortened.
    pub value: String,
    pub fault: RowFault,
    pub reason: LocalText,
    /// What would accept it, where that is known.
    pub help: Option<LocalText>,
    /// The row as the file has it; empty for files without lines.
    pub raw: String,
}

impl RowProblem {
    /// The problem as an error that names file, row, line, column and value.
    pub fn to_finding(&self, file: &str, severity: Severity) -> Finding {
        let file = self.file.as_deref().unwrap_or(file);
        let line = self
            .line
            .map_or(LocalText::default(), |line| LocalText::new(format!(", line {line}"), format!("（第 {line} 行文本）")));
        let column = self
            .column
            .as_ref()
            .map_or(LocalText::default(), |column| LocalText::new(format!(", column `{column}`"), format!("，列 `{column}`")));
        let value = if self.value.is_empty() { String::new() } else { format!("`{}` ", self.value) };
        let message = LocalText::new(
            format!("`{file}`, row {}{}{}: {value}{}", self.row, line.en, column.en, self.reason.en),
            format!("`{file}` 第 {} 条记录{}{}：{value}{}", self.row, line.zh, column.zh, self.reason.zh),
        );
        let finding = Finding::new(BAD_ROW, None, message).with_severity(severity);
        match &self.help {
            Some(help) => finding.with_help(help.clone()),
            None => finding,
        }
    }
}

/// A value short enough to be shown on one line.
pub(super) fn shorten(value: &str) -> String {
    let mut short: String = value.chars().take(SHOWN_CHARACTERS).map(|c| if c.is_control() { '␣' } else { c }).collect();
    if short.len() < value.len() && value.chars().nth(SHOWN_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}

/// An error about the file as a whole.
pub(super) fn refuse(kind: &'static FindingKind, en: String, zh: String) -> Finding {
    Finding::new(kind, None, LocalText::new(en, zh))
}

/// An error about a column whose type no field can have.
pub(super) fn unsupported_column(file: &str, column: &str, kind: &str) -> Finding {
    refuse(
        UNSUPPORTED_COLUMN,
        format!("`{file}`: column `{column}` is of type {kind}, which no field can have"),
        format!("`{file}`：列 `{column}` 的类型为 {kind}，没有字段可以使用该类型"),
    )
    .with_help(LocalText::new(
        "list it under `ignore` in the mapping, or write it as text",
        "请将其列入映射的 `ignore`，或以文本写出",
    ))
}
