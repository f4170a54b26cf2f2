//! A sheet of an Excel workbook as CSV text, made while it is read: dates in ISO form, whole numbers without a fraction, the values of
//! formulas. A cell without a usable value is marked by [`BROKEN`] and its text.
//!
//! A line of the text is a row of the sheet: a line break inside a cell becomes a carriage return.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::guard::caught;
use super::unpack::{ALWAYS, ByteSource, MOST_TIMES, refused, too_large};
use crate::kinds::{DAMAGED_FILE, SHEET_READ, UNKNOWN_SHEET};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::storage::ReadAt;
use countersign_core::text::LocalText;

/// Stands before the text of a cell that has no usable value; no UTF-8 text has this byte.
pub(super) const BROKEN: u8 = 0xff;
/// Stands for the value of a formula that has none.
pub(super) const UNCOMPUTED: &str = "=?";
/// Text is handed over in pieces of about so many bytes.
const PIECE: usize = 1 << 16;
/// How many pieces wait at most.
const WAITING: usize = 8;
/// From here on, floating-point numbers no longer hold every digit; spreadsheets show them rounded.
const ROUNDED_FROM: f64 = 1e15;
/// The first day after 9999-12-31, as Excel counts days.
const DAYS_END: f64 = 2_958_466.0;

/// What the thread that reads the workbook sends.
enum WorkbookMessage {
    /// The sheets, the one that is read first.
    Sheets(Vec<String>),
    Text(Vec<u8>),
    Failed(Vec<Finding>),
    End,
}

/// A sheet's text, and what is worth knowing of it.
pub(super) struct Sheet {
    pub(super) text: ByteSource,
    pub(super) note: Option<Finding>,
    /// All sheets, this one first.
    pub(super) names: Vec<String>,
}

/// Opens a workbook's sheet of that name, or its first.
pub(super) fn open(
    name: &str,
    bytes: &Arc<dyn ReadAt>,
    sheet: Option<&str>,
    taken: &Arc<AtomicU64>,
) -> Result<Sheet, Vec<Finding>> {
    let (give, take) = sync_channel(WAITING);
    let (name, wanted) = (name.to_owned(), sheet.map(str::to_owned));
    let (file, bytes, taken) = (name.clone(), bytes.clone(), taken.clone());
    thread::spawn(move || {
        let result = caught(|| write(&file, &bytes, wanted.as_deref(), &give));
        let result = result.unwrap_or_else(|| Err(SheetStop::Failed(vec![damaged(&file, &"its reader gave up")])));
        taken.fetch_add(bytes.len(), Ordering::Relaxed);
        let _ = give.send(match result {
            Ok(()) => WorkbookMessage::End,
            Err(SheetStop::Failed(findings)) => WorkbookMessage::Failed(findings),
            Err(SheetStop::Unwanted) => return,
        });
    });
    match take.recv() {
        Ok(WorkbookMessage::Sheets(names)) => {
            let text = Box::new(SheetText { name: name.clone(), take, piece: Vec::new(), at: 0, ended: false });
            let note = names.first().filter(|_| names.len() > 1).map(|sheet| which_sheet(&name, sheet, names.len()));
            Ok(Sheet { text, note, names })
        }
        Ok(WorkbookMessage::Failed(findings)) => Err(findings),
        _ => Err(vec![damaged(&name, &"it has no cells")]),
    }
}

fn which_sheet(name: &str, sheet: &str, count: usize) -> Finding {
    let message = LocalText::new(
        format!("`{name}`: sheet `{sheet}` is read, one of {count}; `--sheet` names another"),
        format!("`{name}`：读取工作表 `{sheet}`（共 {count} 个）；可用 `--sheet` 指定其他工作表"),
    );
    Finding::new(SHEET_READ, None, message)
}

/// The text as the other thread makes it.
struct SheetText {
    name: String,
    take: Receiver<WorkbookMessage>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for SheetText {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.piece.len() && !self.ended {
            match self.take.recv() {
                Ok(WorkbookMessage::Text(piece)) => (self.piece, self.at) = (piece, 0),
                Ok(WorkbookMessage::End) => self.ended = true,
                Ok(WorkbookMessage::Failed(findings)) => {
                    let finding = findings.into_iter().next();
                    return Err(refused(finding.unwrap_or_else(|| damaged(&self.name, &"its reader gave up"))));
                }
                Ok(WorkbookMessage::Sheets(_)) => {}
                Err(_) => return Err(refused(damaged(&self.name, &"its reader gave up"))),
            }
        }
        let left = self.piece.get(self.at..).unwrap_or_default();
        let count = left.len().min(into.len());
        if let (Some(from), Some(to)) = (left.get(..count), into.get_mut(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

/// Why the text ends early.
enum SheetStop {
    Failed(Vec<Finding>),
    /// Nobody reads on.
    Unwanted,
}

impl From<Finding> for SheetStop {
    fn from(finding: Finding) -> Self {
        Self::Failed(vec![finding])
    }
}

impl From<Vec<Finding>> for SheetStop {
    fn from(findings: Vec<Finding>) -> Self {
        Self::Failed(findings)
    }
}

/// Writes the sheet's rows.
fn write(name: &str, bytes: &Arc<dyn ReadAt>, wanted: Option<&str>, give: &SyncSender<WorkbookMessage>) -> Result<(), SheetStop> {
    check_size(name, bytes)?;
    let mut workbook = Xlsx::new(WorkbookBytes { bytes: bytes.clone(), at: 0 }).map_err(|error| damaged(name, &error))?;
    let names = workbook.sheet_names();
    let sheet = match wanted {
        None => names.first().ok_or_else(|| damaged(name, &"it has no sheet"))?,
        Some(wanted) => names.iter().find(|sheet| *sheet == wanted).ok_or_else(|| no_such_sheet(name, wanted, &names))?,
    };
    let others = names.iter().filter(|name| *name != sheet);
    give.send(WorkbookMessage::Sheets(std::iter::once(sheet).chain(others).cloned().collect())).map_err(|_| SheetStop::Unwanted)?;
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|error| damaged(name, &error))?;
    let mut rows = SheetRows { give, text: Vec::with_capacity(PIECE * 2), row: 0, next: 0, width: None };
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| damaged(name, &error))? {
        let (row, column) = cell.pos;
        let text = match (&cell.value, &cell.formula) {
            (DataRef::Empty, None) => continue,
            (DataRef::Empty, Some(_)) => WorkbookCell::Broken(UNCOMPUTED.to_owned()),
            (value, _) => text_of(value),
        };
        if matches!(&text, WorkbookCell::Text(text) if text.is_empty()) {
            continue;
        }
        if row < rows.row || (row == rows.row && column < rows.next) {
            return Err(damaged(name, &"its cells are out of order").into());
        }
        rows.put(row, column, &text)?;
    }
    rows.finish()
}

enum WorkbookCell {
    Text(String),
    /// An error value, or a formula whose value was never computed.
    Broken(String),
}

fn text_of(value: &DataRef<'_>) -> WorkbookCell {
    WorkbookCell::Text(match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => return WorkbookCell::Broken(error.to_string()),
    })
}

/// Whole numbers without a fraction; those that may have lost digits as spreadsheets show them, `6.22202E+18`.
fn number_text(number: f64) -> String {
    if number.abs() < ROUNDED_FROM {
        return format!("{number}");
    }
    let text = format!("{number:E}");
    if text.contains("E-") { text } else { text.replace('E', "E+") }
}

/// `2014-03-24T09:05:00`; a time of day or a duration `09:05:00`; a number that is no day as it is.
fn time_text(time: &ExcelDateTime) -> String {
    let days = time.as_f64();
    if !(0.0..DAYS_END).contains(&days) {
        return number_text(days);
    }
    if time.is_duration() || days < 1.0 {
        let thousandths = (days * 86_400_000.0).round();
        // Fewer than three million days: exact in 64 bits.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 3 * 10^14")]
        let thousandths = thousandths as u64;
        let seconds = thousandths / 1_000;
        let fraction = fraction(u16::try_from(thousandths % 1_000).unwrap_or(0));
        return format!("{:02}:{:02}:{:02}{fraction}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, thousandths) = time.to_ymd_hms_milli();
    let fraction = fraction(thousandths);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}")
}

fn fraction(thousandths: u16) -> String {
    if thousandths == 0 { String::new() } else { format!(".{thousandths:03}") }
}

/// The rows as they are written.
struct SheetRows<'a> {
    give: &'a SyncSender<WorkbookMessage>,
    text: Vec<u8>,
    /// The row being written, from 0.
    row: u32,
    next: u32,
    /// How many columns the header has, once it is written.
    width: Option<u32>,
}

impl SheetRows<'_> {
    fn put(&mut self, row: u32, column: u32, cell: &WorkbookCell) -> Result<(), SheetStop> {
        while self.row < row {
            self.end_row()?;
        }
        let commas = if self.next == 0 { column } else { column + 1 - self.next };
        self.text.extend(std::iter::repeat_n(b',', commas as usize));
        self.next = column + 1;
        match cell {
            WorkbookCell::Broken(text) => {
                self.text.push(BROKEN);
                self.text.extend_from_slice(text.as_bytes());
            }
            WorkbookCell::Text(text) => {
                let text = text.replace("\r\n", "\n").replace('\n', "\r");
                let is_plain = !text.contains(['"', ',', '\r']);
                let quoted = if is_plain { text } else { format!("\"{}\"", text.replace('"', "\"\"")) };
                self.text.extend_from_slice(quoted.as_bytes());
            }
        }
        Ok(())
    }

    /// Ends a row: filled up to the header's width where it has a cell at all.
    fn end_row(&mut self) -> Result<(), SheetStop> {
        if self.next > 0 {
            let width = *self.width.get_or_insert(self.next);
            self.text.extend(std::iter::repeat_n(b',', width.saturating_sub(self.next) as usize));
        }
        self.text.push(b'\n');
        (self.row, self.next) = (self.row + 1, 0);
        if self.text.len() >= PIECE { self.hand_over() } else { Ok(()) }
    }

    fn hand_over(&mut self) -> Result<(), SheetStop> {
        self.give.send(WorkbookMessage::Text(std::mem::take(&mut self.text))).map_err(|_| SheetStop::Unwanted)
    }

    fn finish(mut self) -> Result<(), SheetStop> {
        if self.next > 0 {
            self.end_row()?;
        }
        self.hand_over()
    }
}

/// Unpacks every part once and counts: a few bytes may claim to be endless, and the texts of a workbook are held in memory.
fn check_size(name: &str, bytes: &Arc<dyn ReadAt>) -> Result<(), Vec<Finding>> {
    let most = bytes.len().saturating_mul(MOST_TIMES).max(ALWAYS);
    let mut parts =
        zip::ZipArchive::new(WorkbookBytes { bytes: bytes.clone(), at: 0 }).map_err(|error| vec![damaged(name, &error)])?;
    let mut size = 0;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|error| vec![damaged(name, &error)])?;
        size += io::copy(&mut part.take(most + 1), &mut io::sink()).map_err(|error| vec![damaged(name, &error)])?;
        if size > most {
            return Err(vec![too_large(name, most)]);
        }
    }
    Ok(())
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> Finding {
    refuse(
        DAMAGED_FILE,
        format!("`{name}` is damaged or no Excel workbook: {error}"),
        format!("`{name}` 已损坏或不是 Excel 工作簿：{error}"),
    )
    .with_help(LocalText::new(
        "was it copied in full? A workbook of another kind must be saved as `.xlsx`",
        "文件是否完整复制？其他类型的工作簿请另存为 `.xlsx`",
    ))
}

fn no_such_sheet(name: &str, wanted: &str, names: &[String]) -> Finding {
    let all = names.iter().take(10).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let finding = refuse(
        UNKNOWN_SHEET,
        format!("`{name}` has no sheet `{wanted}`; it has {all}"),
        format!("`{name}` 中没有工作表 `{wanted}`；现有 {all}"),
    );
    countersign_core::diagnostic::suggest(finding, wanted, names.iter().map(String::as_str))
}

/// The file's bytes for the zip reader.
struct WorkbookBytes {
    bytes: Arc<dyn ReadAt>,
    at: u64,
}

impl Read for WorkbookBytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes.len().saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = into.len().min(left);
        let into = into.get_mut(..count).unwrap_or(&mut []);
        self.bytes.read_at(self.at, into)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for WorkbookBytes {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.bytes.len().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
