//! What a reader is given: one file or several that are one, and how their bytes are understood.

use std::sync::Arc;

use encoding_rs::Encoding;

use crate::kinds::{DAMAGED_FILE, UNKNOWN_FORMAT};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::storage::ReadAt;
use countersign_core::text::LocalText;

/// How many bytes of a file are looked at to tell its kind.
const LOOKED_AT: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header, or the sheet of a workbook.
    Csv,
    /// One JSON object a line, `{"customer.age": 30}` or `{"customer": {"age": 30}}`, or an array of such objects.
    JsonLines,
    Parquet,
}

impl Format {
    /// By the end of a file's name: `.csv`, `.tsv`, `.txt`; `.jsonl`, `.ndjson`, `.json`; `.parquet`.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        match end.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// How the bytes of a file hold what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Workbook,
}

impl Packing {
    /// By the first bytes.
    pub(super) fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [b'P', b'K', 3, 4, ..] => Self::Workbook,
            _ => Self::Plain,
        }
    }
}

/// How the bytes of an input are read, as far as the user or the mapping states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextFormOverrides {
    /// What separates the cells of a CSV file.
    pub delimiter: Option<char>,
    pub encoding: Option<&'static Encoding>,
    /// The sheet of a workbook, by name.
    pub sheet: Option<String>,
}

#[derive(Clone)]
pub struct InputFile {
    pub name: String,
    /// Columns that its folders give, `name=value`, with the value in every row; none where it is missing.
    pub folders: Vec<(String, Option<String>)>,
    pub bytes: Arc<dyn ReadAt>,
}

#[derive(Clone)]
pub struct Input {
    pub name: String,
    pub format: Format,
    /// The files, in the order of their rows.
    pub files: Vec<InputFile>,
    /// How their bytes are understood.
    pub read_as: TextFormOverrides,
}

impl Input {
    pub fn new(name: impl Into<String>, format: Format, bytes: Arc<dyn ReadAt>) -> Self {
        let name = name.into();
        let file = InputFile { name: name.clone(), folders: Vec::new(), bytes };
        Self { name, format, files: vec![file], read_as: TextFormOverrides::default() }
    }

    /// The size in bytes on disk.
    pub fn len(&self) -> u64 {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The encoding of that name, as web pages and Windows call them: `gb18030`, `gbk`, `cp936`, `utf-16le`, `latin1`.
pub fn encoding_named(name: &str) -> Option<&'static Encoding> {
    let short: String = name.trim().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    let found = match short.as_str() {
        "cp936" | "ms936" | "windows936" | "936" | "gb" => Some(encoding_rs::GB18030),
        "cp950" => Some(encoding_rs::BIG5),
        "utf16" => Some(encoding_rs::UTF_16LE),
        "ansi" | "cp1252" => Some(encoding_rs::WINDOWS_1252),
        _ => Encoding::for_label(name.trim().as_bytes()).or_else(|| Encoding::for_label(short.as_bytes())),
    };
    // GB18030 has everything that its predecessors have.
    let found = found.map(|found| if found == encoding_rs::GBK { encoding_rs::GB18030 } else { found });
    found.filter(|found| *found != encoding_rs::REPLACEMENT)
}

/// The first bytes of a file.
pub(super) fn start_of(bytes: &dyn ReadAt, most: usize) -> std::io::Result<Vec<u8>> {
    let length = usize::try_from(bytes.len()).unwrap_or(usize::MAX).min(most);
    let mut start = vec![0; length];
    bytes.read_at(0, &mut start)?;
    Ok(start)
}

/// What kind of file it is, by its first bytes and its name; of a compressed file, by the inner name: `a.csv.gz`.
///
/// # Errors
/// Neither is conclusive, or they contradict each other.
pub fn format_of(name: &str, bytes: &dyn ReadAt) -> Result<Format, Vec<Finding>> {
    let start = start_of(bytes, LOOKED_AT).map_err(|error| vec![super::chunks::unreadable(name, &error)])?;
    let lower = name.to_ascii_lowercase();
    let (inner, named) = match lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".gzip")) {
        Some(inner) => (inner, Packing::Gzip),
        None => match lower.strip_suffix(".zst").or_else(|| lower.strip_suffix(".zstd")) {
            Some(inner) => (inner, Packing::Zstd),
            None => (lower.as_str(), Packing::Plain),
        },
    };
    let packing = Packing::of(&start);
    if named != Packing::Plain && packing != named && !start.is_empty() {
        return Err(vec![not_packed(name)]);
    }
    let unpacked = match packing {
        Packing::Workbook => return Ok(Format::Csv),
        Packing::Plain => start,
        Packing::Gzip | Packing::Zstd => super::unpack::first_bytes(name, bytes, LOOKED_AT)?,
    };
    if unpacked.starts_with(b"PAR1") && packing == Packing::Plain {
        return Ok(Format::Parquet);
    }
    unreadable_kind(name, &unpacked)?;
    let end = inner.rsplit_once(['/', '\\']).map_or(inner, |(_, last)| last).rsplit_once('.').map(|(_, end)| end);
    match (Format::of_file_name(inner), end) {
        (Some(Format::Parquet), _) if packing != Packing::Plain => Err(vec![packed_parquet(name)]),
        (Some(format), _) => Ok(format),
        (None, Some("xlsx" | "xlsm")) if !unpacked.is_empty() => Err(vec![not_a_workbook(name)]),
        // Many programs write tab-separated text and name it so.
        (None, Some("xls") | None) => sniffed(&unpacked).ok_or_else(|| vec![unknown_format(name)]),
        (None, Some(end)) if end.starts_with(|c: char| c.is_ascii_digit()) => {
            sniffed(&unpacked).ok_or_else(|| vec![unknown_format(name)])
        }
        (None, Some(_)) if packing != Packing::Plain => sniffed(&unpacked).ok_or_else(|| vec![unknown_format(name)]),
        (None, Some(_)) => Err(vec![unknown_format(name)]),
    }
}

fn sniffed(start: &[u8]) -> Option<Format> {
    let text = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    // In UTF-16, every other byte of an ASCII character is zero.
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(**byte, 0 | 0xff | 0xfe))?;
    Some(if matches!(first, b'{' | b'[') { Format::JsonLines } else { Format::Csv })
}

/// Kinds of file that people take for a table and that are none of those that are read.
fn unreadable_kind(name: &str, start: &[u8]) -> Result<(), Vec<Finding>> {
    let text = start.trim_ascii_start();
    let is = |mark: &[u8]| text.get(..mark.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(mark));
    let (en, zh) = if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        ("an old or password-protected Excel workbook", "旧版或加密的 Excel 工作簿")
    } else if is(b"<html") || is(b"<!doctype") || is(b"<table") {
        ("a web page", "网页")
    } else if is(b"<?xml") {
        ("an XML file", "XML 文件")
    } else if start.starts_with(b"PK\x03\x04") {
        ("a packed workbook or zip file", "经过压缩的工作簿或 zip 文件")
    } else if start.starts_with(b"ORC") || start.starts_with(b"Obj\x01") {
        ("an ORC or Avro file", "ORC 或 Avro 文件")
    } else if start.starts_with(b"BZh") || start.starts_with(&[0xfd, b'7', b'z', b'X', b'Z']) || start.starts_with(b"7z\xbc\xaf") {
        ("packed by a method that is not read", "以不支持的方式压缩的文件")
    } else {
        return Ok(());
    };
    let help = LocalText::new(
        "save it as `.xlsx`, CSV (packed by gzip or zstd, or not) or Parquet",
        "请另存为 `.xlsx`、CSV（可用 gzip 或 zstd 压缩）或 Parquet",
    );
    let finding = refuse(UNKNOWN_FORMAT, format!("`{name}` is {en}"), format!("`{name}` 是{zh}"));
    Err(vec![finding.with_help(help)])
}

fn not_packed(name: &str) -> Finding {
    refuse(
        DAMAGED_FILE,
        format!("`{name}` is named like a compressed file, but its content is not compressed that way"),
        format!("`{name}` 的扩展名表示压缩文件，但内容并非该压缩格式"),
    )
    .with_help(LocalText::new("was it copied in full? If it is plain text, rename it", "文件是否完整复制？若为普通文本，请重命名"))
}

fn not_a_workbook(name: &str) -> Finding {
    refuse(DAMAGED_FILE, format!("`{name}` is damaged or no Excel workbook"), format!("`{name}` 已损坏或不是 Excel 工作簿"))
        .with_help(LocalText::new("was it copied in full?", "文件是否完整复制？"))
}

fn packed_parquet(name: &str) -> Finding {
    refuse(UNKNOWN_FORMAT, format!("`{name}` is a compressed Parquet file"), format!("`{name}` 是经过压缩的 Parquet 文件"))
        .with_help(LocalText::new("unpack it first: Parquet compresses its columns itself", "请先解压：Parquet 自身已压缩各列"))
}

/// Neither the name nor the content of a file shows its format.
pub fn unknown_format(name: &str) -> Finding {
    let message = LocalText::new(
        format!("the end of `{name}` does not say what kind of file it is"),
        format!("无法从 `{name}` 的扩展名判断文件类型"),
    );
    let help = LocalText::new(
        "let the name end in `.csv`, `.jsonl`, `.xlsx` or `.parquet`, or say `--input-format csv`, `json` or `parquet`",
        "文件名应以 `.csv`、`.jsonl`、`.xlsx` 或 `.parquet` 结尾，或用 `--input-format csv`、`json`、`parquet` 指定",
    );
    Finding::new(UNKNOWN_FORMAT, None, message).with_help(help)
}
