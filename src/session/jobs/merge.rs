//! Puts edits over files that changed on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::check_texts;
use super::open;
use super::{Job, JobKind, JobOutput, JobResult};
use crate::document::UnreadableWorkspace;
use crate::document_io::Conflict;
use crate::draft::Draft;
use crate::requests::first_message;
use crate::{Session, mappings};
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;
use countersign_workspace::{FileTexts, Files};

pub(crate) struct MergeEdits {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub texts: FileTexts,
    /// What is told when it succeeds.
    pub message: LocalText,
    /// Files that were changed on the disk after the edits in them were made.
    pub conflict: Option<Conflict>,
    /// Whether the edits are fixed as text where they cannot be put over the files.
    pub falls_back_to_text: bool,
}

pub(crate) enum MergeOutcome {
    Merged(Box<Merged>),
    /// The edits cannot be understood with the files as they are now; why.
    Unfit(FileTexts, LocalText),
}

/// A draft put over the files as they are now.
pub(crate) struct Merged {
    pub saved: Draft,
    pub draft: Draft,
    pub message: LocalText,
    pub conflict: Option<Conflict>,
}

impl Job for MergeEdits {
    const KIND: JobKind = JobKind::Merge;
    type Output = MergeOutcome;

    fn run(self, _: &Progress) -> JobResult<MergeOutcome> {
        let Self { files, root, texts, message, conflict, falls_back_to_text } = self;
        match merge(files.as_ref(), &root, &texts) {
            Ok((saved, draft)) => Ok(Some(MergeOutcome::Merged(Box::new(Merged { saved, draft, message, conflict })))),
            Err(why) if falls_back_to_text => Ok(Some(MergeOutcome::Unfit(texts, why))),
            Err(why) => Err(why),
        }
    }

    fn apply(session: &mut Session, made: JobOutput<MergeOutcome>) {
        match made.output {
            MergeOutcome::Merged(merged) => session.merged(*merged),
            MergeOutcome::Unfit(texts, why) => session.edit_unfit_texts(texts, why),
        }
    }
}

/// What is on the disk, and the draft with the texts put over it.
fn merge(files: &dyn Files, root: &Path, texts: &FileTexts) -> Result<(Draft, Draft), LocalText> {
    let why = |failed: countersign_workspace::LoadFailed| {
        let first = first_message(&failed.findings);
        LocalText::new(format!("cannot be put together: {}", first.en), format!("无法合并：{}", first.zh))
    };
    let is_new = !open::is_workspace(files, root);
    let saved = if is_new { Draft::empty() } else { open::load(files, root).map_err(why)? };
    let loaded = countersign_workspace::load_with(files, root, texts).map_err(why)?;
    if let Some(wrong) = texts.names().find_map(|name| loaded.unread.why(name)) {
        return Err(LocalText::new(format!("cannot be put together: {}", wrong.en), format!("无法合并：{}", wrong.zh)));
    }
    let mappings = mappings::over(saved.mappings.as_ref().clone(), texts);
    let draft = open::draft(loaded, mappings);
    Ok((saved, draft))
}

/// Reads the files of a workspace that is edited as text again.
pub(crate) struct ReadTextsAgain {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub edited: BTreeMap<String, String>,
}

impl Job for ReadTextsAgain {
    const KIND: JobKind = JobKind::Merge;
    type Output = UnreadableWorkspace;

    fn run(self, _: &Progress) -> JobResult<UnreadableWorkspace> {
        let (files, root) = (self.files.as_ref(), self.root.as_path());
        let read = open::load(files, root).map_or_else(|failed| failed.sources, |draft| draft.definition.sources.clone());
        Ok(Some(check_texts(files, root, read, self.edited)))
    }

    fn apply(session: &mut Session, made: JobOutput<UnreadableWorkspace>) {
        session.document.set_unreadable(made.output);
    }
}
