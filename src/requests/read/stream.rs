//! The text of a request file as it is read: unpacked, decoded to UTF-8, an array of JSON objects as lines.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use encoding_rs::{Encoding, UTF_8};

use super::encoding::{Decoded, length_in};
use super::input::{Format, Input, InputFile, Packing, encoding_named, start_of};
use super::json_array::{ArraySplitter, JsonShape};
use super::unpack::{finding_of, open};
use super::workbook;
use crate::kinds::{DAMAGED_FILE, ENCODING_FOUND};
use crate::mapping::Mapping;
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// How many bytes of a JSON text tell whether it is an array.
const LOOKED_AT: usize = 1 << 12;

pub(super) struct Stream {
    name: String,
    text: Decoded,
    splitter: Option<ArraySplitter>,
    /// Read ahead, to be given first.
    ahead: Vec<u8>,
    /// Bytes of the file that were read, and how many of them were reported.
    taken: Arc<AtomicU64>,
    told: u64,
    size: u64,
    about: TextFacts,
    /// What is worth knowing before the first row.
    pub(super) notes: Vec<Finding>,
}

/// What is known of a text besides its characters.
#[derive(Clone)]
pub(super) struct TextFacts {
    encoding: Arc<OnceLock<&'static Encoding>>,
    /// Whether it comes from the sheet of a workbook.
    pub(super) is_sheet: bool,
    /// The sheets of the workbook, the one that is read first.
    pub(super) sheets: Vec<String>,
    pub(super) shape: JsonShape,
}

impl TextFacts {
    /// Why a row is no text: its bytes from one on are not valid in the encoding, counted from 1 as the file has them.
    pub(super) fn invalid(&self, row: &[u8]) -> Option<LocalText> {
        let valid = std::str::from_utf8(row).err()?.valid_up_to();
        let encoding = self.encoding.get().copied().unwrap_or(UTF_8);
        let before = std::str::from_utf8(row.get(..valid)?).ok()?;
        let (at, name) = (length_in(encoding, before) + 1, encoding.name());
        Some(LocalText::new(
            format!("the row is not {name} from its byte {at} on; `--encoding` names another encoding"),
            format!("该记录自第 {at} 字节起不是 {name} 编码；可用 `--encoding` 指定其他编码"),
        ))
    }

    pub(super) fn encoding(&self) -> &'static str {
        self.encoding.get().map_or("UTF-8", |encoding| encoding.name())
    }
}

impl Stream {
    /// Opens a text file of an input.
    pub(super) fn open(input: &Input, file: &InputFile, mapping: Option<&Mapping>) -> Result<Self, Vec<Finding>> {
        let name = &file.name;
        let taken = Arc::default();
        let start = start_of(file.bytes.as_ref(), 4).map_err(|error| vec![super::chunks::unreadable(name, &error)])?;
        let is_sheet = Packing::of(&start) == Packing::Workbook && input.format == Format::Csv;
        let (mut notes, mut sheets) = (Vec::new(), Vec::new());
        let (source, given) = if is_sheet {
            let wanted = input.read_as.sheet.as_deref().or_else(|| mapping.and_then(|mapping| mapping.sheet.as_deref()));
            let sheet = workbook::open(name, &file.bytes, wanted, &taken)?;
            notes.extend(sheet.note);
            sheets = sheet.names;
            (sheet.text, Some(UTF_8))
        } else {
            let mapped = mapping.and_then(|mapping| mapping.encoding.as_deref()).and_then(encoding_named);
            (open(name, &file.bytes, &taken)?, input.read_as.encoding.or(mapped))
        };
        let text = Decoded::new(source, given);
        let about = TextFacts { encoding: text.encoding(), is_sheet, sheets, shape: JsonShape::Lines };
        let (name, size) = (name.clone(), file.bytes.len());
        let mut stream = Self { name, text, splitter: None, ahead: Vec::new(), taken, told: 0, size, about, notes };
        if input.format == Format::JsonLines {
            stream.find_shape()?;
        }
        Ok(stream)
    }

    pub(super) fn about(&self) -> TextFacts {
        self.about.clone()
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether nothing is left.
    pub(super) fn has_ended(&self) -> bool {
        self.ahead.is_empty() && self.text.has_ended()
    }

    /// Appends about `some` bytes.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, some: usize) -> Result<(), Vec<Finding>> {
        let start = text.len();
        text.append(&mut self.ahead);
        self.text.fill(text, some).map_err(|error| vec![finding_of(&self.name, error)])?;
        if let Some(splitter) = &mut self.splitter {
            let new = text.get_mut(start..).unwrap_or_default();
            splitter.split(new).map_err(|message| vec![broken(&self.name, message)])?;
            if self.text.has_ended() {
                splitter.finish().map_err(|message| vec![broken(&self.name, message)])?;
            }
        }
        Ok(())
    }

    /// How many bytes of the file were read since the last call.
    pub(super) fn newly_taken(&mut self) -> u64 {
        let taken = if self.has_ended() { self.size } else { self.taken.load(Ordering::Relaxed).min(self.size) };
        let new = taken.saturating_sub(self.told);
        self.told = self.told.max(taken);
        new
    }

    /// Whether the objects are in an array, or spread over lines.
    fn find_shape(&mut self) -> Result<(), Vec<Finding>> {
        let mut ahead = Vec::new();
        self.text.fill(&mut ahead, LOOKED_AT).map_err(|error| vec![finding_of(&self.name, error)])?;
        self.about.shape = JsonShape::of(&ahead);
        self.splitter = ArraySplitter::new(self.about.shape);
        self.ahead = ahead;
        Ok(())
    }
}

/// The encoding that a file turned out to have, where it is not the usual one and was not stated.
pub(super) fn encoding_note(name: &str, about: &TextFacts, was_given: bool) -> Option<Finding> {
    let encoding = about.encoding();
    (encoding != "UTF-8" && !was_given).then(|| {
        let message = LocalText::new(
            format!("`{name}` is read as {encoding}; `--encoding` names another encoding"),
            format!("`{name}` 按 {encoding} 编码读取；可用 `--encoding` 指定其他编码"),
        );
        Finding::new(ENCODING_FOUND, None, message)
    })
}

fn broken(name: &str, (en, zh): (&str, &str)) -> Finding {
    refuse(DAMAGED_FILE, format!("`{name}`: {en}"), format!("`{name}`：{zh}"))
        .with_help(LocalText::new("was it copied in full?", "文件是否完整复制？"))
}
