//! Rows that are set aside, as CSV: `row,line,column,value,reason,raw`, after a column `file` where several files are read. Nobody's identity is among them unless the rows are asked for as they
//! stand: then `raw` holds them, else it is empty.

use std::io::{self, Write};

use super::ReadError;
use crate::kinds::UNWRITABLE_REJECTS;
use crate::problem::{RowProblem, refuse};
use countersign_core::text::{Cells, Language, LocalText};

/// Writes rejected rows; every cell is quoted.
pub(super) struct Rejects<'a, 'b> {
    out: &'a mut (dyn Write + 'b),
    language: Language,
    is_raw: bool,
    /// Whether each row begins with its file.
    names_file: bool,
    cells: Cells,
    begun: bool,
}

impl<'a, 'b> Rejects<'a, 'b> {
    pub(super) fn new(out: &'a mut (dyn Write + 'b), language: Language, (is_raw, names_file): (bool, bool), cells: Cells) -> Self {
        Self { out, language, is_raw, names_file, cells, begun: false }
    }

    /// Appends a row.
    pub(super) fn write(&mut self, problem: &RowProblem) -> Result<(), ReadError> {
        let line = problem.line.map_or(String::new(), |line| line.to_string());
        let column = problem.column.as_deref().unwrap_or("");
        let reason = problem.reason.get(self.language);
        let raw = if self.is_raw { problem.raw.as_str() } else { "" };
        let row = problem.row.to_string();
        let cells = [problem.file.as_deref().unwrap_or(""), &row, &line, column, &problem.value, reason, raw];
        self.line(cells.get(usize::from(!self.names_file)..).unwrap_or_default())
    }

    fn header(&self) -> &'static str {
        if self.names_file { "file,row,line,column,value,reason,raw\n" } else { "row,line,column,value,reason,raw\n" }
    }

    fn line(&mut self, cells: &[&str]) -> Result<(), ReadError> {
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            text.push_str(self.header());
        }
        for (at, cell) in cells.iter().enumerate() {
            text.push_str(if at == 0 { "\"" } else { ",\"" });
            text.push_str(&self.cells.text(cell).replace('"', "\"\""));
            text.push('"');
        }
        text.push('\n');
        self.out.write_all(text.as_bytes()).map_err(|error| unwritable(&error))
    }

    /// Writes at least the header, and what is still buffered.
    pub(super) fn finish(self) -> Result<(), ReadError> {
        if !self.begun {
            self.out.write_all(self.header().as_bytes()).map_err(|error| unwritable(&error))?;
        }
        self.out.flush().map_err(|error| unwritable(&error))
    }
}

fn unwritable(error: &io::Error) -> ReadError {
    let (en, zh) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ("the disk is full".to_owned(), "磁盘已满".to_owned()),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ("no permission".to_owned(), "没有权限".to_owned()),
        _ => (error.to_string(), error.raw_os_error().map_or("系统错误".to_owned(), |code| format!("系统错误 {code}"))),
    };
    let (en, zh) = (format!("the rejects cannot be written: {en}"), format!("无法写入拒收文件：{zh}"));
    let help = LocalText::new("free some space, or write them elsewhere", "请清理磁盘空间，或写到其他位置");
    refuse(UNWRITABLE_REJECTS, en, zh).with_help(help).into()
}
