//! A publication that was begun and of whose end the journal does not tell: a crash or a full disk came between.
//!
//! The journal says what is to be written before the gateway's file is replaced, and that it was replaced afterwards. Where the second
//! line is missing, the gateway's file itself says how far it came.

use std::path::Path;

use super::super::files::{FileError, FileErrorKind, Files};
use super::super::journal::{Journal, JournalAction, JournalLine, JournalRecord};
use super::locked::LockedWorkspace;
use super::{StepError, read_release};
use crate::kinds::PUBLICATION_UNFINISHED;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// How far a publication came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PublicationOutcome {
    /// The gateway's file holds the release.
    Replaced,
    /// It holds another one, or there is none.
    Kept,
    /// It cannot be seen from here: its folder is on another machine, or it cannot be read.
    Unseen,
}

fn outcome(files: &dyn Files, record: &JournalRecord) -> PublicationOutcome {
    let path = Path::new(&record.target);
    match read_release(files, path) {
        Ok(release) if Some(release.digest()) == record.to => PublicationOutcome::Replaced,
        Ok(_) | Err(StepError::Refused(_)) => PublicationOutcome::Kept,
        Err(StepError::File(FileError { fault: FileErrorKind::Missing, .. }))
            if path.parent().is_some_and(|folder| files.list(folder).is_ok()) =>
        {
            PublicationOutcome::Kept
        }
        Err(_) => PublicationOutcome::Unseen,
    }
}

/// The lines of publications that were begun and not ended.
fn begun(journal: &Journal) -> impl Iterator<Item = &JournalLine> {
    let ends = |later: &JournalRecord, begun: &JournalRecord| match later.what {
        JournalAction::Published | JournalAction::NotPublished => later.to == begun.to,
        JournalAction::Publishing => later.target == begun.target,
        _ => false,
    };
    journal.lines.iter().enumerate().filter_map(move |(at, line)| {
        let mut later = journal.lines.iter().skip(at + 1);
        let is_open = line.record.what == JournalAction::Publishing && !later.any(|later| ends(&later.record, &line.record));
        is_open.then_some(line)
    })
}

/// What is to be said of publications that were not ended: how far they came, and what the next step does about it.
pub fn unfinished(files: &dyn Files, journal: &Journal) -> Vec<Finding> {
    let finding = |line: &JournalLine| {
        let JournalRecord { version, target, .. } = &line.record;
        let (en, zh) = match outcome(files, &line.record) {
            PublicationOutcome::Replaced => {
                ("the file holds it; the next step notes that it is live", "该文件已是此发布；下一次操作将补记上线")
            }
            PublicationOutcome::Kept => (
                "the file does not hold it; the next step notes that it was not published",
                "该文件不是此发布；下一次操作将记为未上线",
            ),
            PublicationOutcome::Unseen => ("the file cannot be read from here", "在此处无法读取该文件"),
        };
        let message = LocalText::new(
            format!("the publication of {version} to `{target}` was begun and not finished: {en}"),
            format!("将 {version} 上线到 `{target}` 的操作已开始但未完成：{zh}"),
        );
        let help = LocalText::new("publish a release to that file again", "请重新上线发布到该文件");
        Finding::new(PUBLICATION_UNFINISHED, journal.place(line), message).with_help(help)
    };
    begun(journal).map(finding).collect()
}

impl LockedWorkspace<'_> {
    /// Ends publications that were not ended, by what the gateway's files hold: noted as published, or as not published.
    pub(super) fn finish_begun(&mut self) -> Result<(), StepError> {
        let ended = |line: &JournalLine| {
            let what = match outcome(self.files, &line.record) {
                PublicationOutcome::Replaced => JournalAction::Published,
                PublicationOutcome::Kept => JournalAction::NotPublished,
                PublicationOutcome::Unseen => return None,
            };
            // It is not this step's key that signed what was begun.
            Some(JournalRecord { what, signature: String::new(), ..line.record.clone() })
        };
        let records: Vec<JournalRecord> = begun(&self.journal).filter_map(ended).collect();
        if records.is_empty() { Ok(()) } else { self.note(records) }
    }
}
