//! Reads a journal and follows its chain: what was changed, taken out, cut short or never joined is told.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::files::{FileError, Files};
use super::super::read::decode;
use super::{JOURNAL_FILE, JournalAction, JournalRecord};
use crate::kinds::JOURNAL_TORN_LINE;
use crate::kinds::{JOURNAL_ALTERED, JOURNAL_BRANCHES, JOURNAL_DUPLICATE, JOURNAL_GAP, JOURNAL_SECOND_START, JOURNAL_UNMERGED};
use countersign_core::diagnostic::{Finding, Help, Operation, Severity};
use countersign_core::release::Digest;
use countersign_core::text::{LocalText, SourceId, Sources, Span};

/// The largest journal that is read, in bytes.
pub const LARGEST_JOURNAL: u64 = 256 << 20;

/// One line that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Its number in the file, from 1.
    pub number: usize,
    pub hash: Digest,
    /// What it says.
    pub record: JournalRecord,
}

/// A workspace's journal.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// The lines in the file's order, those not understood left out.
    pub lines: Vec<JournalLine>,
    /// The hashes of the lines that none names yet: one, or several after a merge; none in an empty journal.
    pub heads: Vec<Digest>,
    /// Whether the file ends inside a line.
    pub is_torn: bool,
    /// The file's text.
    pub sources: Sources,
    /// Everything wrong with it.
    pub findings: Vec<Finding>,
}

/// Reads the journal of the workspace in the folder `root`; one that never had any is empty.
///
/// # Errors
/// The file cannot be read.
pub fn read(files: &dyn Files, root: impl AsRef<Path>) -> Result<Journal, FileError> {
    let path = files.inside(root.as_ref(), JOURNAL_FILE)?;
    let bytes = if files.exists(&path) { files.read(&path, LARGEST_JOURNAL)? } else { Vec::new() };
    Ok(Journal::of(bytes))
}

impl Journal {
    /// Reads a journal from the bytes of its file.
    pub fn of(bytes: Vec<u8>) -> Self {
        let mut journal = Self::default();
        let text = decode(bytes).unwrap_or_else(|(text, _)| text);
        let source = journal.sources.add(JOURNAL_FILE, text.as_str());
        journal.is_torn = !text.is_empty() && !text.ends_with('\n');
        let mut unread = Vec::new();
        let mut start = 0;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches('\n');
            let span = Span::new(source, start, start + content.len());
            start += line.len();
            match JournalRecord::parse(content) {
                Some((record, hash)) => journal.lines.push(JournalLine { number: at + 1, hash, record }),
                None => unread.push((span, content)),
            }
        }
        journal.unread(&unread);
        journal.follow(&text, source);
        journal.findings.sort_by_key(|finding| finding.span.map(|span| span.start));
        journal
    }

    /// Whether nothing in it was changed or taken out.
    pub fn holds(&self) -> bool {
        !self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// What is left of lines that a crash cut short and that no entry notes, by the digest of each.
    pub fn cut_short(&self) -> impl Iterator<Item = Digest> + '_ {
        let torn =
            self.findings.iter().filter(|finding| finding.kind == JOURNAL_TORN_LINE && finding.severity == Severity::Warning);
        torn.filter_map(|finding| {
            let span = finding.span?;
            let text = self.sources.get(span.source)?.text().get(span.start as usize..span.end as usize)?;
            Some(Digest::of(text.as_bytes()))
        })
    }

    /// The place of a line in its text.
    pub fn place(&self, line: &JournalLine) -> Option<Span> {
        let (id, source) = self.sources.find(JOURNAL_FILE)?;
        let mut lines = source.text().split_inclusive('\n');
        let start: usize = lines.by_ref().take(line.number.saturating_sub(1)).map(str::len).sum();
        let content = lines.next()?.trim_end_matches('\n');
        Some(Span::new(id, start, start + content.len()))
    }

    /// Follows the chain: every hash a line names must be that of a line before it.
    fn follow(&mut self, text: &str, source: SourceId) {
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let place = |number: usize| {
            let start = starts.get(number - 1).copied().unwrap_or(0);
            let end = starts.get(number).map_or(text.len(), |next| next - 1);
            Span::new(source, start, end)
        };
        // Whether some later line names it.
        let mut named: BTreeMap<Digest, bool> = BTreeMap::new();
        let mut beginnings = 0;
        for line in &self.lines {
            let span = place(line.number);
            for previous in &line.record.previous {
                match named.get_mut(previous) {
                    Some(is_named) => *is_named = true,
                    None => self.findings.push(missing(span, *previous)),
                }
            }
            if line.record.previous.is_empty() {
                beginnings += 1;
                if beginnings > 1 {
                    self.findings.push(begins_again(span));
                }
            }
            if named.insert(line.hash, false).is_some() {
                self.findings.push(twice(span));
            }
        }
        let is_head = |line: &&JournalLine| named.get(&line.hash) == Some(&false);
        self.heads = self.lines.iter().filter(is_head).map(|line| line.hash).collect();
        self.heads.dedup();
        if self.heads.len() > 1 && self.findings.is_empty() {
            let count = self.heads.len();
            let message = LocalText::new(
                format!("{count} branches of the journal are not joined yet"),
                format!("审计日志有 {count} 个分支尚未汇合"),
            );
            let help = LocalText::new("the next entry joins them", "下一条记录会将其汇合");
            self.findings.push(Finding::new(JOURNAL_BRANCHES, None, message).with_help(help));
        }
    }

    /// A line cut short: a warning until an entry says that somebody looked at it.
    fn torn(&self, span: Span, content: &str) -> Finding {
        let left = Digest::of(content.as_bytes());
        let seen = self.lines.iter().find(|line| line.record.what == JournalAction::Repaired && line.record.to == Some(left));
        if let Some(JournalRecord { who, at, .. }) = seen.map(|line| &line.record) {
            let message = LocalText::new(
                format!("the line was cut while it was written; {who} looked at it at {at}"),
                format!("该行在写入时中断；{who} 已于 {at} 核对"),
            );
            return Finding::new(JOURNAL_TORN_LINE, Some(span), message).with_severity(Severity::Note);
        }
        let message =
            LocalText::new("the line was cut while it was written: it counts for nothing", "该行在写入时中断：不计为记录");
        let help =
            LocalText::new("check whether what was being done was done, and note that", "请确认当时的操作是否已经完成，并予以记录");
        Finding::new(JOURNAL_TORN_LINE, span, message).with_help(Help::with_operation(help, Operation::RepairJournal))
    }

    /// Lines that are no records: cut short by a crash, or changed.
    fn unread(&mut self, lines: &[(Span, &str)]) {
        for (span, content) in lines {
            // A line that a crash cut has a beginning of ours and no end; whatever has an end was whole once.
            let is_cut = "{\"previous\":[".starts_with(content.get(..13).unwrap_or(content)) && !content.ends_with("\"}");
            let is_mark = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| content.starts_with(mark));
            let finding = match (is_cut, is_mark) {
                (true, _) => self.torn(*span, content),
                (_, true) => unmerged(*span),
                _ => altered(*span),
            };
            self.findings.push(finding);
        }
    }
}

fn missing(span: Span, hash: Digest) -> Finding {
    let message = LocalText::new(
        format!("the line before this one, `{hash}`, is not in the journal"),
        format!("该行所接续的记录 `{hash}` 不在审计日志中"),
    );
    Finding::new(JOURNAL_GAP, span, message).with_help(restore())
}

fn begins_again(span: Span) -> Finding {
    let message = LocalText::new("the journal begins here a second time", "审计日志在此处第二次开始");
    Finding::new(JOURNAL_SECOND_START, span, message)
        .with_help(LocalText::new("that is right only where two branches each began one", "仅当两个分支各自新建审计日志时才属正常"))
}

fn twice(span: Span) -> Finding {
    let message = LocalText::new("the line is there twice", "该行重复出现");
    Finding::new(JOURNAL_DUPLICATE, span, message).with_help(restore())
}

fn altered(span: Span) -> Finding {
    let message = LocalText::new("the line is not as it was written", "该行与写入时不一致");
    Finding::new(JOURNAL_ALTERED, span, message).with_help(restore())
}

/// What git leaves where two branches added lines and nobody told it to keep both.
fn unmerged(span: Span) -> Finding {
    let message = LocalText::new("git did not finish merging the journal", "git 尚未完成审计日志的合并");
    let help = LocalText::new(
        "take out git's marks and keep every other line; with `journal.jsonl merge=union` in `.gitattributes` git does so itself",
        "请删除 git 的冲突标记并保留其余各行；在 `.gitattributes` 中写入 `journal.jsonl merge=union` 后 git 会自动完成",
    );
    Finding::new(JOURNAL_UNMERGED, span, message).with_help(help)
}

fn restore() -> LocalText {
    LocalText::new("restore the file from git or a backup", "请从 git 或备份中恢复该文件")
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_core::release::fixture::moment;

    fn record(who: &str, previous: &[Digest]) -> (String, Digest) {
        let record = JournalRecord {
            previous: previous.to_vec(),
            at: moment("2014-03-20T09:30:00+08:00"),
            who: who.to_owned(),
            what: JournalAction::Approved,
            from: None,
            to: Some(Digest::of(b"release")),
            version: "1".to_owned(),
            file: "released/1.ron".to_owned(),
            role: "it".to_owned(),
            comment: "good, 好".to_owned(),
            target: String::new(),
            statement: None,
            signature: String::new(),
        };
        record.line()
    }

    fn ids(text: &str) -> Vec<(&'static str, u32)> {
        let journal = Journal::of(text.as_bytes().to_vec());
        let line = |finding: &Finding| {
            finding.span.map_or(0, |span| journal.sources.get(span.source).unwrap().line_column(span.start).line)
        };
        journal.findings.iter().map(|finding| (finding.id(), line(finding))).collect()
    }

    /// Four lines: the third and fourth are of two branches, the fifth joins them.
    fn lines() -> [String; 5] {
        let (a, a_hash) = record("a", &[]);
        let (b, b_hash) = record("b", &[a_hash]);
        let (c, c_hash) = record("c", &[b_hash]);
        let (d, d_hash) = record("d", &[b_hash]);
        [a, b, c, d, record("e", &[c_hash, d_hash]).0]
    }

    fn file(lines: &[String]) -> String {
        lines.join("\n") + "\n"
    }

    #[test]
    fn branches_join_and_nothing_is_wrong() {
        let lines = lines();
        let text = |count: usize| file(&lines[..count]);
        assert_eq!(ids(&text(5)), []);
        assert_eq!(ids(&text(4)), [("journal-branches", 0)]);
        assert_eq!(Journal::of(text(4).into_bytes()).heads.len(), 2);
        let swapped = [&lines[0], &lines[1], &lines[3], &lines[2], &lines[4]].map(|line| format!("{line}\n")).concat();
        assert_eq!(ids(&swapped), [], "git may merge them in either order");
        assert_eq!(ids(""), []);
    }

    #[test]
    fn what_was_changed_taken_out_or_cut_is_told() {
        let lines = lines();
        let text = lines.each_ref().map(|line| format!("{line}\n")).concat();
        let without = |at: usize| {
            file(&lines.iter().enumerate().filter(|(one, _)| *one != at).map(|(_, line)| line.clone()).collect::<Vec<_>>())
        };
        assert_eq!(ids(&without(0)), [("journal-gap", 1)]);
        assert_eq!(ids(&without(2)), [("journal-gap", 4)]);
        assert_eq!(
            ids(&text.replacen("\"who\":\"b\"", "\"who\":\"x\"", 1)),
            [("journal-altered", 2), ("journal-gap", 3), ("journal-gap", 4)]
        );
        assert_eq!(ids(&format!("{text}{}\n", lines[4])), [("journal-duplicate", 6)]);
        assert_eq!(ids(&format!("{text}\n")), [("journal-torn-line", 6)], "an empty line is one cut at once");
        assert_eq!(ids(&format!("{text}hello\n")), [("journal-altered", 6)]);
        let unmerged = format!("<<<<<<< HEAD\n{text}>>>>>>> other\n");
        assert_eq!(ids(&unmerged), [("journal-unmerged", 1), ("journal-unmerged", 7)]);
        let told = Journal::of(unmerged.into_bytes()).findings;
        assert!(told.iter().all(|finding| finding.message.en == "git did not finish merging the journal"));
        assert_eq!(ids(&format!("{text}{}", lines[0])), [("journal-second-start", 6), ("journal-duplicate", 6)]);
        let (again, _) = record("f", &[]);
        assert_eq!(ids(&format!("{text}{again}\n")), [("journal-second-start", 6)]);
        for cut in (0..lines[4].len()).filter(|cut| lines[4].is_char_boundary(*cut)) {
            let four = file(&lines[..4]);
            let journal = Journal::of(format!("{four}{}", &lines[4][..cut]).into_bytes());
            assert!(
                journal.holds() && journal.lines.len() == 4 && journal.is_torn == (cut > 0),
                "cut at {cut}: {:?}",
                journal.findings
            );
        }
    }
}
