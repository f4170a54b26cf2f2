//! Reads a small RON file, and says at its place what is wrong with it: one that people write by hand, or one that programs write, in the
//! one form that they write it in.

use ron::extensions::Extensions;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Refused;
use super::node::{of, ron as printer};
use super::refusal::refuse;
use crate::diagnostic::{Finding, FindingKind, Help, MOST_OF_A_KIND, and_more};
use crate::text::{LineColumn, LocalText, Places, SourceId, Sources, Span};

/// The largest file that is read, in bytes: hundreds of times what people write.
const LARGEST: usize = 1 << 20;

/// Gathers what is wrong with a file that was read.
pub(crate) struct RonFaults {
    kind: &'static FindingKind,
    sources: Sources,
    source: SourceId,
    places: Places,
    findings: Vec<Finding>,
    /// Faults that are counted and not listed.
    more: usize,
}

impl RonFaults {
    /// Notes a fault of the part with that path, such as `taken.0.chain`; of the whole file where it has no such part.
    pub(crate) fn part(&mut self, path: &str, message: LocalText, help: impl Into<Help>) {
        if self.is_full() {
            return;
        }
        let place = self.places.find(path).unwrap_or(Span::new(self.source, 0, 0));
        self.findings.push(refuse(self.kind, place, message, help));
    }

    /// Notes a fault at the first occurrence of `text`, within quotes or bare.
    pub(crate) fn at(&mut self, text: &str, message: LocalText) {
        if self.is_full() {
            return;
        }
        let whole = self.sources.get(self.source).map(|source| source.text().as_ref()).unwrap_or_default();
        let start = whole.find(&format!("\"{text}\"")).map(|at| at + 1).or_else(|| whole.find(text)).unwrap_or(0);
        let span = Span::new(self.source, start, start + text.len());
        self.findings.push(refuse(self.kind, span, message, correct_it()));
    }

    /// Whether so many faults are listed that this one is only counted.
    fn is_full(&mut self) -> bool {
        let is_full = self.findings.len() + 1 >= MOST_OF_A_KIND;
        self.more += usize::from(is_full);
        is_full
    }

    /// The texts and where each part of the file is, if nothing is wrong.
    pub(crate) fn end(mut self) -> Result<(Sources, Places), Refused> {
        if self.more > 0 {
            self.findings.push(and_more(self.kind, self.more));
        }
        if self.findings.is_empty() {
            Ok((self.sources, self.places))
        } else {
            Err(Refused { sources: self.sources, findings: self.findings })
        }
    }
}

/// The text of a file that programs write: in one layout, below a first line that says what it is.
pub(crate) fn written<T: Serialize>(first_line: &str, file: &T) -> String {
    of::node(file).map(|node| printer::print(first_line, &node, false).text).unwrap_or_default()
}

/// Reads a file that programs write: in no other form than [`written`] gives it, to the byte.
pub(crate) fn read_written<T: DeserializeOwned + Serialize>(
    first_line: &str,
    name: &str,
    bytes: &[u8],
    kind: &'static FindingKind,
) -> Result<(T, RonFaults), Refused> {
    let (file, mut wrong) = read_ron::<T>(name, bytes, kind)?;
    let printed = of::node(&file).map(|node| printer::print(first_line, &node, true)).ok();
    let source = wrong.source;
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let printed = printed.unwrap_or(printer::Printed { text: String::new(), places: Vec::new() });
    if printed.text != text {
        let same = printed.text.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
        let message = LocalText::new(
            "from here on the file is not written as the program writes it",
            "从此处开始，文件的写法与程序的写法不一致",
        );
        let help = LocalText::new("put the file back as the program wrote it", "请恢复程序写出的原文件");
        wrong.findings.push(refuse(kind, Span::new(source, same, same), message, help));
        return Err(Refused { sources: wrong.sources, findings: wrong.findings });
    }
    for (path, span) in printed.places {
        wrong.places.insert(path, Span { source, ..span });
    }
    Ok((file, wrong))
}

/// Reads a file's form; `kind` is that of its findings.
pub(crate) fn read_ron<T: DeserializeOwned>(
    name: &str,
    bytes: &[u8],
    kind: &'static FindingKind,
) -> Result<(T, RonFaults), Refused> {
    let mut sources = Sources::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= LARGEST => text,
        Ok(_) => return Err(unreadable(kind, "the file is larger than 1 MiB", "文件超过 1 MiB")),
        Err(_) => return Err(unreadable(kind, "the file is not UTF-8 text", "文件不是 UTF-8 文本")),
    };
    // Editors put a byte-order mark before what people write; files of programs are held to the byte by their reader.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = sources.add(name, text);
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    match options.from_str(text) {
        Ok(value) => Ok((value, RonFaults { kind, sources, source, places: Places::default(), findings: Vec::new(), more: 0 })),
        Err(error) => {
            let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let place = LineColumn { line: clamp(error.span.start.line), column: clamp(error.span.start.col) };
            let start = sources.get(source).map_or(0, |source| source.byte_at(place));
            let finding = refuse(kind, Span::new(source, start, start + 1), said(&error.code), correct_it());
            Err(Refused { findings: vec![finding], sources })
        }
    }
}

fn correct_it() -> LocalText {
    LocalText::new("correct the file; `docs/approvals.md` describes every key", "请修正该文件；各项写法见 `docs/approvals.zh.md`")
}

fn unreadable(kind: &'static FindingKind, en: &str, zh: &str) -> Refused {
    let help = LocalText::new("is this the right file?", "请确认文件是否正确");
    Refused { sources: Sources::default(), findings: vec![refuse(kind, None, LocalText::new(en, zh), help)] }
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
            LocalText::new(format!("the field `{field}` appears twice"), format!("字段 `{field}` 出现了两次"))
        }
        Error::NoSuchEnumVariant { found, .. } => {
            LocalText::new(format!("`{found}` is not one of the words allowed here"), format!("`{found}` 不是此处可用的取值"))
        }
        Error::Eof => LocalText::new("the file ends too early", "文件提前结束"),
        Error::TrailingCharacters => LocalText::new("something follows the end", "结尾之后还有多余内容"),
        _ => LocalText::new("this is not what the file has here", "此处内容不符合该文件的格式"),
    }
}
