//! Reads the lists: one entry a line, in normal form; `#` at a line's beginning or after white space starts a comment.

use std::borrow::Cow;
use std::sync::Arc;

use crate::kinds::BAD_LIST_ENTRY;
use crate::read::{LARGEST_LIST, WorkspaceReader};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{List, ListEntries, ListType, list_entry, uncommented};
use countersign_core::raw::ListFile;
use countersign_core::text::{LocalText, SourceId, Span};

/// Wrong entries that are shown one by one; those after them are counted.
const SHOWN: usize = 20;
/// The longest entry, in bytes.
const LONGEST: usize = 1024;

/// A list; one that cannot be read has no entries, and what is wrong with it is noted. `asked` is where the rule set names its file.
pub(super) fn read(reader: &mut WorkspaceReader<'_>, written: &ListFile, asked: Span) -> List {
    let before = reader.findings.len();
    let read = reader.text(&written.file, LARGEST_LIST, Some(asked)).and_then(|source| entries(reader, source, written.kind));
    if read.is_none() {
        reader.leave_rules(&written.file, LARGEST_LIST, before);
    }
    let entries = read.unwrap_or_else(|| ListEntries::none(written.kind));
    List { title: written.title.clone(), kind: written.kind, file: written.file.clone(), entries }
}

fn entries(reader: &mut WorkspaceReader<'_>, source: SourceId, kind: ListType) -> Option<ListEntries> {
    let text = reader.text_of(source);
    let mut wrong = ListFaults { source, findings: Vec::new(), more: 0 };
    let entries = match kind {
        ListType::Text => {
            let read = lines(&text).filter_map(|line| wrong.text(line));
            let sorted = sort(read.collect());
            let sorted = wrong.without_duplicates(sorted);
            ListEntries::Text(sorted.into_iter().map(|entry| Arc::from(entry.as_ref())).collect())
        }
        ListType::Int => {
            let read = lines(&text).filter_map(|line| wrong.int(&line));
            let sorted = sort(read.collect());
            ListEntries::Int(wrong.without_duplicates(sorted).into())
        }
    };
    wrong.report(reader).then_some(entries)
}

/// An entry and its bytes in the file.
pub(crate) struct ListLine<'t> {
    /// In normal form.
    pub entry: Cow<'t, str>,
    at: usize,
    len: usize,
}

/// Every entry of a list's text.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = ListLine<'_>> {
    let mut next = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = next;
        next += line.len();
        let entry = list_entry(line)?;
        let written = uncommented(line);
        let at = start + written.len() - written.trim_start().len();
        Some(ListLine { entry, at, len: written.trim().len() })
    })
}

/// An entry with the byte it starts at and its length in the file.
type PlacedEntry<T> = (T, usize, usize);

fn sort<T: Ord>(mut entries: Vec<PlacedEntry<T>>) -> Vec<PlacedEntry<T>> {
    entries.sort_unstable();
    entries
}

/// What is wrong with a list's entries.
struct ListFaults {
    source: SourceId,
    findings: Vec<Finding>,
    more: usize,
}

impl ListFaults {
    fn add(&mut self, (at, len): (usize, usize), why: LocalText, help: LocalText) {
        if self.findings.len() >= SHOWN {
            self.more += 1;
            return;
        }
        let span = Span::new(self.source, at, at + len);
        self.findings.push(Finding::new(BAD_LIST_ENTRY, span, why).with_help(help));
    }

    fn text<'t>(&mut self, line: ListLine<'t>) -> Option<PlacedEntry<Cow<'t, str>>> {
        let ListLine { entry, at, len } = line;
        if entry.len() <= LONGEST && !entry.contains(char::is_control) {
            return Some((entry, at, len));
        }
        let why = LocalText::new("this is no entry: too long, or with control characters", "此行不是有效条目：过长或含控制字符");
        let help = LocalText::new(
            format!("write one entry of at most {LONGEST} bytes a line"),
            format!("每行写一个条目，至多 {LONGEST} 字节"),
        );
        self.add((at, 1), why, help);
        None
    }

    fn int(&mut self, line: &ListLine<'_>) -> Option<PlacedEntry<i64>> {
        let ListLine { entry, at, len } = line;
        if let Ok(number) = entry.parse() {
            return Some((number, *at, *len));
        }
        let shown: String = entry.chars().take(40).collect();
        let why = LocalText::new(format!("`{shown}` is not a whole number"), format!("`{shown}` 不是整数"));
        let help = if entry.contains('#') {
            LocalText::new("write white space before a comment: `7 # why`", "注释前请留空白：`7 # 说明`")
        } else {
            LocalText::new(
                "write one whole number a line, or make the list of type `Text`",
                "每行写一个整数，或将名单类型改为 `Text`",
            )
        };
        self.add((*at, *len), why, help);
        None
    }

    /// Drops duplicate entries; `sorted` is ascending, equal entries by place.
    fn without_duplicates<T: PartialEq + ToString>(&mut self, sorted: Vec<PlacedEntry<T>>) -> Vec<T> {
        let mut kept: Vec<T> = Vec::with_capacity(sorted.len());
        for (entry, at, len) in sorted {
            if kept.last() == Some(&entry) {
                let shown = entry.to_string();
                let why = LocalText::new(format!("`{shown}` appears twice in the list"), format!("名单中 `{shown}` 重复"));
                let help = LocalText::new("remove this line", "请删除此行");
                self.add((at, len), why, help);
            } else {
                kept.push(entry);
            }
        }
        kept
    }

    /// Hands the findings over; says whether there was none.
    fn report(self, reader: &mut WorkspaceReader<'_>) -> bool {
        let is_fine = self.findings.is_empty();
        let last = self.findings.len();
        for (position, mut finding) in self.findings.into_iter().enumerate() {
            if self.more > 0 && position + 1 == last {
                let more = self.more;
                let note = LocalText::new(
                    format!("and {more} more entries of this list are wrong"),
                    format!("该名单还有 {more} 个条目有误"),
                );
                finding = finding.with_note(None, note);
            }
            reader.findings.push(finding);
        }
        is_fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_entries_without_comments() {
        let text = "# title\r\n a \r\n\r\nb # why\n#\nc#7\n'd\u{200b}\n=\"007\" # sheet\n";
        let found: Vec<_> = lines(text).map(|line| (line.entry.into_owned(), &text[line.at..line.at + line.len])).collect();
        let wanted = [("a", "a"), ("b", "b"), ("c#7", "c#7"), ("d", "'d\u{200b}"), ("007", "=\"007\"")];
        assert_eq!(found, wanted.map(|(entry, written)| (entry.to_owned(), written)));
    }
}
