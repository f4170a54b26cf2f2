//! The delimiter of a CSV file: as stated, else as its first rows suggest.

use super::collector::FileTask;
use super::csv;
use super::records::CsvRecords;
use super::stream::TextFacts;
use crate::kinds::{DELIMITER_FOUND, MISSING_COLUMN, UNCLEAR_DELIMITER};
use crate::problem::{refuse, shorten};
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// What may separate cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// How many rows are looked at.
const ROWS: usize = 20;

pub(super) struct Delimiter {
    pub(super) byte: u8,
    /// Whether it was detected; else it was stated.
    is_found: bool,
    /// What else it might be: nothing where the file is clear.
    rivals: Vec<u8>,
}

/// From the command line, else the mapping, else the first rows in `start`; `wanted` are the columns that are needed.
pub(super) fn of(task: &FileTask<'_, '_>, start: &[u8], about: &TextFacts, wanted: &[String]) -> Delimiter {
    let mapped = task.options.mapping.and_then(|mapping| mapping.delimiter);
    let given = task.input.read_as.delimiter.or(mapped).and_then(|given| u8::try_from(given).ok());
    let given = if about.is_sheet { Some(b',') } else { given };
    match given {
        Some(delimiter) => Delimiter { byte: delimiter, is_found: false, rivals: Vec::new() },
        None => likely(&task.file.name, start, wanted),
    }
}

/// The delimiter that gives the header most of the columns that are wanted, else one that gives every row as many cells, more than one.
pub(super) fn likely(name: &str, start: &[u8], wanted: &[String]) -> Delimiter {
    let text = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    let is_tab = name.to_ascii_lowercase().split('.').skip(1).any(|end| end == "tsv");
    let usual = if is_tab { b'\t' } else { b',' };
    let found = |delimiter| Delimiter { byte: delimiter, is_found: delimiter != usual, rivals: Vec::new() };
    let names = |delimiter| {
        let line = CsvRecords::new(text, delimiter).next().and_then(|record| text.get(record.bytes)).unwrap_or_default();
        csv::names(line, delimiter)
    };
    let known = |delimiter: u8| names(delimiter).iter().filter(|name| wanted.contains(name)).count();
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| (known(*delimiter), *delimiter == usual)).unwrap_or(usual);
    if known(best) > 0 {
        return found(best);
    }
    let cells = |delimiter: u8| -> Vec<usize> { CsvRecords::new(text, delimiter).take(ROWS).map(|record| record.cells).collect() };
    let counts: Vec<(u8, Vec<usize>)> = DELIMITERS.into_iter().map(|delimiter| (delimiter, cells(delimiter))).collect();
    let splits = counts.iter().filter(|(_, cells)| cells.first().is_some_and(|cells| *cells > 1));
    let even = |cells: &[usize]| cells.iter().all(|count| Some(count) == cells.first());
    let (even, uneven): (Vec<_>, Vec<_>) = splits.partition(|(_, cells)| even(cells));
    let likely: Vec<u8> = if even.is_empty() { uneven } else { even }.iter().map(|(delimiter, _)| *delimiter).collect();
    match likely.as_slice() {
        [] => found(usual),
        [only] => found(*only),
        _ => Delimiter { byte: usual, is_found: false, rivals: likely },
    }
}

impl Delimiter {
    /// Says what was found, where it is not what one expects.
    pub(super) fn note(&self, file: &str) -> Option<Finding> {
        let shown = shown(self.byte);
        self.is_found.then(|| {
            let message = LocalText::new(
                format!("`{file}`: cells are separated by {}; `--delimiter` names another character", shown.en),
                format!("`{file}`：单元格以{}分隔；可用 `--delimiter` 指定其他字符", shown.zh),
            );
            Finding::new(DELIMITER_FOUND, None, message)
        })
    }

    /// Puts before what is wrong with the columns that the delimiter may be wrong.
    pub(super) fn explain(&self, file: &str, columns: &[String], errors: Vec<Finding>) -> Vec<Finding> {
        let missing = errors.iter().filter(|error| error.kind == MISSING_COLUMN).count();
        if let ([only], 2..) = (columns, missing) {
            return vec![one_cell(file, only)];
        }
        if self.rivals.is_empty() || missing == 0 {
            return errors;
        }
        let (mut en, mut zh) = (String::new(), String::new());
        for rival in &self.rivals {
            let LocalText { en: name, zh: chinese } = shown(*rival);
            en.push_str(if en.is_empty() { "" } else { " or " });
            en.push_str(&name);
            zh.push_str(if zh.is_empty() { "" } else { "或" });
            zh.push_str(&chinese);
        }
        let finding = refuse(
            UNCLEAR_DELIMITER,
            format!("`{file}`: its cells may be separated by {en}"),
            format!("`{file}`：单元格可能以{zh}分隔"),
        );
        let help = LocalText::new(
            "say which with `--delimiter`, or `delimiter:` in the mapping",
            "请用 `--delimiter` 或映射中的 `delimiter:` 指定",
        );
        std::iter::once(finding.with_help(help)).chain(errors).collect()
    }
}

fn one_cell(file: &str, header: &str) -> Finding {
    let header = shorten(header);
    refuse(
        UNCLEAR_DELIMITER,
        format!("`{file}`: no character is known to separate the cells of its header `{header}`"),
        format!("`{file}`：无法识别表头 `{header}` 的分隔符"),
    )
    .with_help(LocalText::new(
        "say which with `--delimiter`, or `delimiter:` in the mapping; the first line must name the columns",
        "请用 `--delimiter` 或映射中的 `delimiter:` 指定；第一行应为列名",
    ))
}

fn shown(delimiter: u8) -> LocalText {
    match delimiter {
        b'\t' => LocalText::new("a tab", "制表符"),
        other => LocalText::same(format!("`{}`", char::from(other))),
    }
}
