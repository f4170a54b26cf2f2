//! Reads the texts of a workspace: sizes bounded, UTF-8 only, every fault a finding with its place.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use super::at::At;
use super::files::{Entry, FileError, FileErrorKind, Files};
use super::ron_error;
use super::ron_tree::{RonNode, parse};
use super::unread::{ReadState, Unread};
use countersign_core::check::kinds::DUPLICATE_ID;
use countersign_core::diagnostic::{Finding, nearest};
use countersign_core::model::Schema;
use countersign_core::raw::WORKSPACE_FORMAT as FORMAT;
use countersign_core::text::{LocalText, Source, SourceId, Sources, Span, quoted};
use countersign_requests::kinds::{NOT_UTF8, UNKNOWN_FORMAT, WRONG_MAPPING};
use countersign_requests::mapping::{Mapping, MappingError};

/// The largest RON file that is read, in bytes.
pub const LARGEST_RON: u64 = 64 << 20;
/// The largest script that is read, in bytes.
pub const LARGEST_SCRIPT: u64 = 1 << 20;
/// The largest list that is read, in bytes.
pub const LARGEST_LIST: u64 = 1 << 30;

/// A RON file with its value and the place of each part.
pub(super) struct RonDocument<T> {
    pub value: T,
    tree: RonNode,
    source: SourceId,
}

impl<T> RonDocument<T> {
    pub(super) fn top(&self) -> At<'_> {
        At::top(self.source, &self.tree)
    }

    pub(super) fn tree(&self) -> &RonNode {
        &self.tree
    }

    pub(super) fn into_tree(self) -> RonNode {
        self.tree
    }
}

/// Reads files one after the other and gathers what is wrong.
pub(super) struct WorkspaceReader<'a> {
    files: &'a dyn Files,
    root: PathBuf,
    pub sources: Sources,
    /// What keeps the workspace from being understood.
    pub findings: Vec<Finding>,
    /// What keeps a part of it from being read.
    pub unread: Unread,
}

impl<'a> WorkspaceReader<'a> {
    pub(super) fn new(files: &'a dyn Files, root: &Path, sources: Sources) -> Self {
        Self { files, root: root.to_owned(), sources, findings: Vec::new(), unread: Unread::default() }
    }

    /// What was found after the first `before` findings keeps only a script or list from being read.
    pub(super) fn leave_rules(&mut self, file: &str, limit: u64, before: usize) {
        let found = self.findings.split_off(before.min(self.findings.len()));
        let why = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
        self.unread.leave(file, limit, ReadState::Text, &why);
        self.unread.rules.extend(found);
    }

    /// All that was found after the first `before` findings keeps only cases from being read.
    pub(super) fn leave_cases(&mut self, before: usize) {
        let found = self.findings.split_off(before.min(self.findings.len()));
        for finding in &found {
            if let Some(source) = finding.span.and_then(|span| self.sources.get(span.source)) {
                self.unread.leave(source.name(), LARGEST_RON, ReadState::Text, &finding.message);
            }
        }
        self.unread.cases.extend(found);
    }

    /// Names of the files in a folder of the workspace that end in `.ron`, sorted; none where there is no such folder.
    pub(super) fn ron_files(&mut self, folder: &str) -> Vec<String> {
        let entries = self
            .files
            .inside(&self.root, folder)
            .and_then(|path| if self.files.exists(&path) { self.files.list(&path) } else { Ok(Vec::new()) });
        match entries {
            Ok(entries) => entries.into_iter().filter(Entry::is_ron).map(|entry| format!("{folder}/{}", entry.name)).collect(),
            Err(error) => {
                self.findings.push(about_file(&error, None));
                Vec::new()
            }
        }
    }

    /// Reads a text into the sources; what is wrong with it is noted, at `asked` where another file names it.
    pub(super) fn text(&mut self, name: &str, limit: u64, asked: Option<Span>) -> Option<SourceId> {
        if let Some((id, _)) = self.sources.find(name) {
            return (!self.unread.is_no_text(name)).then_some(id);
        }
        let read = self.files.inside(&self.root, name).and_then(|path| self.files.read(&path, limit));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(mut error) => {
                name.clone_into(&mut error.path);
                self.unread.leave(name, limit, ReadState::of(&error.fault), &error.message());
                let finding = about_file(&error, asked);
                let finding = if error.fault == FileErrorKind::Missing { self.suggest_file(finding, name) } else { finding };
                self.findings.push(finding);
                return None;
            }
        };
        match decode(bytes) {
            Ok(text) => Some(self.sources.add(name, text)),
            Err((text, at)) => {
                let id = self.sources.add(name, text);
                let finding = not_utf8(Span::new(id, at, at + 1));
                self.unread.leave(name, limit, ReadState::NoText, &finding.message);
                self.findings.push(finding);
                None
            }
        }
    }

    /// Adds the name of a file in the same folder that is like the one that is missing.
    fn suggest_file(&self, finding: Finding, name: &str) -> Finding {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let entries = self.files.list(&self.root.join(folder)).unwrap_or_default();
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let names: Vec<String> =
            entries.into_iter().filter(|entry| !entry.is_folder).map(|entry| format!("{prefix}{}", entry.name)).collect();
        let Some(best) = nearest(name, names.iter().map(String::as_str)) else { return finding };
        let help = LocalText::new(format!("did you mean `{best}`?"), format!("是否想写 `{best}`？"));
        let finding = finding.with_help(help);
        match finding.span {
            Some(span) => finding.with_fix(span, quoted(best)),
            None => finding,
        }
    }

    pub(super) fn text_of(&self, id: SourceId) -> Arc<str> {
        self.sources.get(id).map_or_else(|| Arc::from(""), |source| Arc::clone(source.text()))
    }

    /// Reads a column mapping; what is wrong with its form or its meaning is noted.
    pub(super) fn mapping(&mut self, name: &str, schema: &Schema) -> Option<Mapping> {
        let source = self.text(name, LARGEST_RON, None)?;
        let text = self.text_of(source);
        let tree = match form(source, &text) {
            Ok(tree) => tree,
            Err(finding) => {
                self.findings.push(*finding);
                return None;
            }
        };
        let before = self.findings.len();
        self.duplicates(At::top(source, &tree));
        match Mapping::from_ron(&text) {
            Ok(mapping) => {
                self.findings.extend(mapping.check(schema, Some((&self.sources, source))));
                (self.findings.len() == before).then_some(mapping)
            }
            Err(error) => {
                self.findings.push(wrong_mapping(source, &text, &tree, error));
                None
            }
        }
    }

    /// Notes keys that appear twice in one map: a reader that keeps the last of them would silently lose the others.
    fn duplicates(&mut self, at: At<'_>) {
        let mut seen = BTreeSet::new();
        for (position, (name, part)) in at.parts().enumerate() {
            if let Some(name) = name.filter(|name| !seen.insert(*name)) {
                let message = LocalText::new(format!("`{name}` appears twice here"), format!("`{name}` 重复出现"));
                let help = LocalText::new("remove one of them", "请删除其中一个");
                self.findings.push(Finding::new(DUPLICATE_ID, at.key(position), message).with_help(help));
            }
            self.duplicates(part);
        }
    }

    /// Reads a RON file of this format; everything wrong with its form is noted.
    pub(super) fn ron<T: DeserializeOwned>(&mut self, name: &str) -> Option<RonDocument<T>> {
        let source = self.text(name, LARGEST_RON, None)?;
        let text = self.text_of(source);
        let document = document(source, &text).ok();
        if document.is_none() {
            self.findings.extend(super::load::faults::<T>(source, &text, |_| Vec::new()));
        }
        document
    }
}

/// A text as a file of this format, or what is wrong with it, with its parts where those can be told apart.
pub(super) fn document<T: DeserializeOwned>(
    source: SourceId,
    text: &str,
) -> Result<RonDocument<T>, (Box<Finding>, Option<RonNode>)> {
    let tree = form(source, text).map_err(|finding| (finding, None))?;
    match options().from_str::<T>(text) {
        Ok(value) => Ok(RonDocument { value, tree, source }),
        Err(error) => Err((Box::new(ron_error::finding(source, text, &tree, &error)), Some(tree))),
    }
}

/// The tree of a text in the format that is known.
fn form(source: SourceId, text: &str) -> Result<RonNode, Box<Finding>> {
    let tree = parse(text).map_err(|error| Box::new(ron_error::syntax(source, text, error)))?;
    check_format(At::top(source, &tree))?;
    Ok(tree)
}

fn wrong_mapping(source: SourceId, text: &str, tree: &RonNode, error: MappingError) -> Finding {
    if let Some(form) = &error.form {
        return ron_error::finding(source, text, tree, form);
    }
    let at = error.place.map_or(0, |place| Source::new("", text).byte_at(place));
    let end = text.get(at..).and_then(|rest| rest.find([',', ')', ']', '}', '\n'])).map_or(at, |length| at + length);
    let span = Span::new(source, at, end);
    let help =
        error.help.unwrap_or_else(|| LocalText::new("`docs/mapping.md` describes every key", "各项写法见 `docs/mapping.zh.md`"));
    Finding::new(WRONG_MAPPING, span, error.message).with_help(help)
}

/// How all our RON files are read: `Some( … )` need not be written.
pub(super) fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// A file of another format is refused before anything else in it is looked at.
fn check_format(top: At<'_>) -> Result<(), Box<Finding>> {
    let place = top.field("format");
    let Some(format) = place.plain() else {
        let message = LocalText::new("the file does not say its format", "文件未注明格式");
        let help =
            LocalText::new(format!("begin the file with `(format: {FORMAT},`"), format!("文件应以 `(format: {FORMAT},` 开头"));
        return Err(Box::new(Finding::new(UNKNOWN_FORMAT, top.span(), message).with_help(help)));
    };
    if format.parse() == Ok(FORMAT) {
        return Ok(());
    }
    let message = LocalText::new(
        format!("format `{format}` is unknown, this version reads format `{FORMAT}`"),
        format!("未知格式 `{format}`，本版本只能读取格式 `{FORMAT}`"),
    );
    let help = LocalText::new(
        format!("write `format: {FORMAT}`, or use the version of the product that wrote the file"),
        format!("请写 `format: {FORMAT}`，或使用写出该文件的产品版本"),
    );
    Err(Box::new(Finding::new(UNKNOWN_FORMAT, place.span(), message).with_help(help)))
}

/// A finding about a file, at the place that names it.
pub(super) fn about_file(error: &FileError, asked: Option<Span>) -> Finding {
    Finding { span: asked, ..error.to_finding() }
}

/// The bytes as text without a byte order mark.
///
/// # Errors
/// As much of a text as they are, with the first byte that is wrong.
pub fn decode(bytes: Vec<u8>) -> Result<String, (String, usize)> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (String::from_utf8_lossy(error.as_bytes()).into_owned(), at)
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn not_utf8(span: Span) -> Finding {
    let message = LocalText::new("the text is not UTF-8 here", "此处不是有效的 UTF-8 文本");
    let help = LocalText::new(
        "save the file as UTF-8; Chinese text from an older editor is often GBK",
        "请将文件另存为 UTF-8；旧编辑器保存的中文常为 GBK 编码",
    );
    Finding::new(NOT_UTF8, span, message).with_help(help)
}
