//! Writes the draft, or the texts of a workspace that cannot be understood, to the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::open;
use super::{Basis, Job, JobKind, JobOutput, JobResult};
use crate::document::OpenState;
use crate::draft::Draft;
use crate::notices::Weight;
use crate::requests::first_message;
use crate::view::BaselineChoice;
use crate::{Session, mappings};
use countersign_core::progress::Progress;
use countersign_core::text::{LocalText, Sources};
use countersign_workspace::{FileError, FileErrorKind, FileTexts, Files, SaveFailed};

const GIT_ATTRIBUTES: &str = ".gitattributes";
/// Lets git merge the journal: the lines of both branches are kept.
const MERGE_BOTH_BRANCHES: &str = "journal.jsonl merge=union\n";

/// Saves a draft; in the files only what changed is touched.
struct SaveDraft {
    files: Arc<dyn Files>,
    root: PathBuf,
    saved: Draft,
    draft: Draft,
}

/// A draft that was saved: as it was, and as it is read from the files now.
pub(crate) struct SavedDraft {
    pub was: Draft,
    pub now: Draft,
    pub written: BTreeSet<String>,
}

impl Job for SaveDraft {
    const KIND: JobKind = JobKind::Save;
    type Output = SavedDraft;

    fn run(self, progress: &Progress) -> JobResult<SavedDraft> {
        if !progress.begin_writing() {
            return Ok(None);
        }
        let Self { files, root, saved, draft } = &self;
        let (files, root) = (files.as_ref(), root.as_path());
        let not_saved = |failed: SaveFailed| match failed {
            SaveFailed::Refused(failed) => {
                let first = first_message(&failed.findings);
                LocalText::new(format!("not saved: {}", first.en), format!("未保存：{}", first.zh))
            }
            SaveFailed::File { error, .. } => {
                let (message, help) = (error.message(), error.help());
                LocalText::new(format!("not saved: {}; {}", message.en, help.en), format!("未保存：{}；{}", message.zh, help.zh))
            }
        };
        let (old, new) = ((&*saved.definition, &*saved.cases), (&*draft.definition, &*draft.cases));
        let not_written = |error| not_saved(SaveFailed::File { error, written: Vec::new() });
        files.create_folder(root).map_err(not_written)?;
        let mut beside = FileTexts::default();
        mappings::add_texts(&mut beside, saved, draft);
        if !open::is_workspace(files, root) && !files.exists(&root.join(GIT_ATTRIBUTES)) {
            beside.writes.insert(GIT_ATTRIBUTES.to_owned(), MERGE_BOTH_BRANCHES.to_owned());
        }
        let mut stored = countersign_workspace::save_workspace(files, root, old, new, &saved.unread, beside).map_err(not_saved)?;
        let written = stored.written.into_iter().chain(stored.removed).collect();
        let mappings = mappings::load(files, root, &mut stored.loaded.definition);
        let now = open::draft(stored.loaded, mappings);
        Ok(Some(SavedDraft { was: draft.clone(), now, written }))
    }

    fn apply(session: &mut Session, made: JobOutput<SavedDraft>) {
        session.saved(made.output);
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        fail(session, why);
    }
}

/// Somebody else may have written meanwhile: then it is asked whose text counts.
fn fail(session: &mut Session, why: LocalText) {
    session.notify(Weight::Error, why);
    session.detect_changes();
}

/// Writes texts as they are over the files they were read from.
struct SaveTexts {
    files: Arc<dyn Files>,
    root: PathBuf,
    read: Sources,
    edited: BTreeMap<String, String>,
}

impl Job for SaveTexts {
    const KIND: JobKind = JobKind::Save;
    type Output = ();

    fn run(self, progress: &Progress) -> JobResult<()> {
        if !progress.begin_writing() {
            return Ok(None);
        }
        let not_saved = |error: &FileError| {
            let (message, help) = (error.message(), error.help());
            LocalText::new(format!("not saved: {}; {}", message.en, help.en), format!("未保存：{}；{}", message.zh, help.zh))
        };
        let _lock = self.files.lock(&self.root).map_err(|error| not_saved(&error))?;
        for (name, text) in &self.edited {
            let path = self.files.inside(&self.root, name).map_err(|error| not_saved(&error))?;
            let now = self.files.read(&path, countersign_workspace::LARGEST_LIST).ok();
            let was = self.read.find(name).map(|(_, source)| source.text().as_bytes());
            let is_as_read = match &now {
                Some(now) => was == Some(now) || now == text.as_bytes(),
                None => was.is_none() || !self.files.exists(&path),
            };
            if !is_as_read {
                return Err(not_saved(&FileError { path: name.clone(), fault: FileErrorKind::Changed }));
            }
            if let Some(folder) = path.parent() {
                self.files.create_folder(folder).map_err(|error| not_saved(&error))?;
            }
            self.files.write(&path, text.as_bytes()).map_err(|error| not_saved(&error))?;
        }
        Ok(Some(()))
    }

    fn apply(session: &mut Session, _: JobOutput<()>) {
        session.notify(Weight::Success, LocalText::new("saved; the workspace is opened again", "已保存，正在重新打开工作区"));
        session.reload();
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        fail(session, why);
    }
}

impl Session {
    pub(crate) fn save(&mut self) -> Result<(), LocalText> {
        let (files, root) = (self.files(), self.document.root().to_owned());
        if let OpenState::Unreadable(broken) = self.document.opened() {
            let (read, edited) = (broken.read.clone(), self.document.edited_texts().clone());
            self.start(SaveTexts { files, root, read, edited });
            return Ok(());
        }
        if !self.document.is_editable() {
            return Err(LocalText::new("no workspace is open that can be saved", "没有可保存的工作区"));
        }
        // What is written now is what the next save starts from.
        if self.document.begin_save(self.jobs.running(JobKind::Save).is_some()) {
            let (saved, draft) = (self.document.saved().clone(), self.document.draft().clone());
            self.start(SaveDraft { files, root, saved, draft });
        }
        Ok(())
    }

    fn saved(&mut self, saved: SavedDraft) {
        let is_unchanged = saved.was == *self.document.draft();
        self.document.set_saved(saved.now.clone());
        if is_unchanged {
            // The same meaning with the places it has in the files now.
            self.document.set_draft(saved.now);
            self.schedule.check_now();
        }
        if self.view.against == BaselineChoice::Saved || self.releases.live().is_none() {
            self.results.baseline_changed();
        }
        self.schedule.keep_now();
        let count = saved.written.len();
        if self.document.is_to_be_saved_again() {
            return drop(self.save());
        }
        self.notify(Weight::Success, LocalText::new(format!("saved: {count} files"), format!("已保存 {count} 个文件")));
    }
}
