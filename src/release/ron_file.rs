//! Reads a small RON file that people write by hand, and says at its place what is wrong with it.

use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use super::Refused;
use super::refusal::refuse;
use crate::diagnostic::Finding;
use crate::text::{LineColumn, LocalText, SourceId, Sources, Span};

/// The largest file that is read, in bytes: hundreds of times what people write.
const LARGEST: usize = 1 << 20;

/// Gathers what is wrong with a file that was read.
pub(super) struct Wrong {
    id: &'static str,
    sources: Sources,
    source: SourceId,
    findings: Vec<Finding>,
}

impl Wrong {
    /// Notes a fault where `text` stands first, within quotes or bare.
    pub(super) fn at(&mut self, text: &str, message: LocalText) {
        let whole = self.sources.get(self.source).map(|source| source.text().as_ref()).unwrap_or_default();
        let start = whole.find(&format!("\"{text}\"")).map(|at| at + 1).or_else(|| whole.find(text)).unwrap_or(0);
        let span = Span::new(self.source, start, start + text.len());
        self.findings.push(refuse(self.id, span, message, correct_it()));
    }

    /// The value, if nothing is wrong.
    pub(super) fn end<T>(self, value: T) -> Result<T, Refused> {
        if self.findings.is_empty() { Ok(value) } else { Err(Refused { sources: self.sources, findings: self.findings }) }
    }
}

/// Reads a file's form; `id` is what its faults are called.
pub(super) fn read_ron<T: DeserializeOwned>(name: &str, bytes: &[u8], id: &'static str) -> Result<(T, Wrong), Refused> {
    let mut sources = Sources::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= LARGEST => text,
        Ok(_) => return Err(unreadable(id, "the file is larger than 1 MiB", "文件超过 1 MiB")),
        Err(_) => return Err(unreadable(id, "the file is not UTF-8 text", "文件不是 UTF-8 文本")),
    };
    let source = sources.add(name, text);
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    match options.from_str(text) {
        Ok(value) => Ok((value, Wrong { id, sources, source, findings: Vec::new() })),
        Err(error) => {
            let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let place = LineColumn { line: clamp(error.span.start.line), column: clamp(error.span.start.col) };
            let start = sources.get(source).map_or(0, |source| source.byte_at(place));
            let finding = refuse(id, Span::new(source, start, start + 1), said(&error.code), correct_it());
            Err(Refused { findings: vec![finding], sources })
        }
    }
}

fn correct_it() -> LocalText {
    LocalText::new("correct the file; the README shows one that is right", "请修正该文件；README 中有正确的示例")
}

fn unreadable(id: &'static str, en: &str, zh: &str) -> Refused {
    let help = LocalText::new("is this the right file?", "请确认文件是否正确");
    Refused { sources: Sources::default(), findings: vec![refuse(id, None, LocalText::new(en, zh), help)] }
}

/// What the parser found, in our words.
fn said(error: &ron::Error) -> LocalText {
    use ron::Error;
    match error {
        Error::NoSuchStructField { found, .. } => {
            LocalText::new(format!("there is no field `{found}` here"), format!("此处没有字段 `{found}`"))
        }
        Error::MissingStructField { field, .. } => {
            LocalText::new(format!("the field `{field}` is missing"), format!("缺少字段 `{field}`"))
        }
        Error::DuplicateStructField { field, .. } => {
            LocalText::new(format!("the field `{field}` stands twice"), format!("字段 `{field}` 出现了两次"))
        }
        Error::NoSuchEnumVariant { found, .. } => {
            LocalText::new(format!("`{found}` is not one of the words allowed here"), format!("`{found}` 不是此处可用的取值"))
        }
        Error::Eof => LocalText::new("the file ends too early", "文件提前结束"),
        Error::TrailingCharacters => LocalText::new("something follows the end", "结尾之后还有多余内容"),
        _ => LocalText::new("this is not what the file has here", "此处内容不符合该文件的格式"),
    }
}
