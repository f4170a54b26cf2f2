//! The document and its files: taken over when opened, put together with what others changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::{OpenState, UnreadableWorkspace};
use super::draft::Draft;
use super::jobs::merge::{MergeEdits, Merged, ReadTextsAgain};
use super::jobs::open::OpenedWorkspace;
use super::notices::Weight;
use super::unsaved::UnsavedEdits;
use super::view::ViewState;
use super::{Session, mappings};
use countersign_core::text::LocalText;
use countersign_workspace::{FileTexts, Files};

/// Files that someone else changed while they were being edited here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Every file that changed on the disk.
    pub theirs: BTreeSet<String>,
    /// Those of them that were edited here too.
    pub both: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolve {
    /// What was edited here stays; the next save writes over theirs.
    KeepMine,
    /// Files that both changed are read from the disk; other edits stay.
    TakeTheirs,
    /// The files edited here are written into another folder first, then theirs are taken.
    SaveCopy(PathBuf),
}

impl Session {
    pub(super) fn opened(&mut self, opened: OpenedWorkspace) {
        if self.document.root() != opened.root {
            self.view = ViewState::default();
            self.requests.clear();
            self.results.clear();
        }
        self.results.clear_checks();
        self.unsaved = UnsavedEdits::of_workspace(opened.kept);
        self.forget_releases();
        self.releases.set_live(opened.live, opened.live_is_published);
        let draft = self.document.open(opened.root, opened.found);
        self.set_draft(draft);
        self.schedule.keep_never();
        self.results.baseline_changed();
        self.read_requests_again();
        if self.document.is_editable() {
            self.schedule.check_now();
        } else {
            self.schedule.check_never();
        }
        for problem in opened.problems {
            self.notify(Weight::Error, problem);
        }
        let root = self.files.absolute(self.document.root());
        self.change_preferences(|preferences| preferences.add_recent_workspace(root));
    }

    /// Shows a workspace's files as text, at first that file; a reload or a save leads back.
    pub(super) fn edit_as_text(&mut self, file: &str) {
        self.document.edit_as_text();
        self.view.selection.file = Some(file.to_owned());
    }

    pub(super) fn edit_text(&mut self, file: String, text: String) -> Result<(), LocalText> {
        self.document.edit_text(file, text)?;
        self.draft_edited();
        Ok(())
    }

    pub(super) fn files_changed(&mut self, theirs: BTreeSet<String>) {
        if theirs.is_empty() {
            return self.document.set_conflict(None);
        }
        let mine = self.document.dirty_files();
        let both: BTreeSet<String> = theirs.intersection(mine).cloned().collect();
        let names = theirs.iter().cloned().collect::<Vec<_>>().join("`, `");
        let message = LocalText::new(format!("read again from disk: `{names}`"), format!("已从磁盘重新读取：`{names}`"));
        if mine.is_empty() {
            self.notify(Weight::Info, message);
            self.reload();
        } else if both.is_empty() {
            self.merge(|_| true, message);
        } else {
            self.document.set_conflict(Some(Conflict { theirs, both }));
        }
    }

    /// Puts the edited files for which `keeps` says so over those on the disk.
    fn merge(&mut self, keeps: impl Fn(&str) -> bool, message: LocalText) {
        let (files, root) = (self.files(), self.document.root().to_owned());
        if self.unreadable().is_some() {
            let mut edited = self.document.edited_texts().clone();
            edited.retain(|name, _| keeps(name));
            self.document.set_conflict(None);
            self.document.set_edited_texts(edited.clone());
            self.start(ReadTextsAgain { files, root, edited });
            return self.notify(Weight::Info, message);
        }
        let mut texts = texts(self.document.saved(), self.document.draft());
        texts.retain(keeps);
        self.start(MergeEdits { files, root, texts, message, conflict: None, falls_back_to_text: false });
    }

    pub(super) fn merged(&mut self, merged: Merged) {
        let draft = self.document.merge(merged.saved, merged.draft, merged.conflict, self.schedule.now());
        self.set_draft(draft);
        self.results.baseline_changed();
        self.notify(Weight::Info, merged.message);
    }

    /// Edits of an earlier run cannot be understood with the files as they are now: they are fixed as text.
    pub(super) fn edit_unfit_texts(&mut self, texts: FileTexts, why: LocalText) {
        let first = texts.writes.keys().next().cloned().unwrap_or_default();
        self.edit_as_text(&first);
        self.document.set_edited_texts(texts.writes);
        self.draft_edited();
        self.notify(Weight::Error, why);
    }

    pub(super) fn resolve(&mut self, resolve: Resolve) -> Result<(), LocalText> {
        let nothing = || LocalText::new("nothing is in conflict", "没有冲突的文件");
        let conflict = self.document.conflict().cloned().ok_or_else(nothing)?;
        let theirs = LocalText::new("theirs was taken where both had changed", "冲突的文件已采用磁盘上的内容");
        match resolve {
            Resolve::KeepMine => {
                let (en, zh) = ("yours stays where both had changed; save to write it", "冲突的文件保留您的修改，保存后写入");
                self.merge(|_| true, LocalText::new(en, zh));
            }
            Resolve::TakeTheirs => self.merge(|name| !conflict.both.contains(name), theirs),
            Resolve::SaveCopy(folder) => {
                let texts = match self.document.opened() {
                    OpenState::Unreadable(_) => {
                        FileTexts { writes: self.document.edited_texts().clone(), removals: BTreeSet::new() }
                    }
                    _ => texts(self.document.saved(), self.document.draft()),
                };
                copy_to(self.files.as_ref(), &folder, &texts)?;
                let shown = folder.display();
                let kept = LocalText::new(
                    format!("your edits are in `{shown}`; {}", theirs.en),
                    format!("您的修改已存于 `{shown}`；{}", theirs.zh),
                );
                self.merge(|name| !conflict.both.contains(name), kept);
            }
        }
        Ok(())
    }

    /// What is known of a workspace that could not be understood.
    pub fn unreadable(&self) -> Option<&Arc<UnreadableWorkspace>> {
        match self.document.opened() {
            OpenState::Unreadable(broken) => Some(broken),
            _ => None,
        }
    }

    /// Files that someone else changed while they were edited here: ask what to do.
    pub fn conflict(&self) -> Option<&Conflict> {
        self.document.conflict()
    }
}

/// What a draft would write; where that cannot be said, at least its scripts.
pub(super) fn texts(saved: &Draft, draft: &Draft) -> FileTexts {
    let (old, new) = ((&*saved.definition, &*saved.cases), (&*draft.definition, &*draft.cases));
    let mut texts = countersign_workspace::texts(old, new, &saved.unread).unwrap_or_else(|_| {
        let rules = draft.rule_set();
        let scripts = rules.rules().map(|(.., rule)| &rule.script).chain(&rules.shared);
        let is_other =
            |text: &str, file: &str| saved.definition.sources.find(file).is_none_or(|(_, was)| was.text().as_ref() != text);
        let changed = scripts.filter(|script| is_other(&script.text, &script.file));
        let writes = changed.map(|script| (script.file.clone(), script.text.as_ref().to_owned()));
        FileTexts { writes: writes.collect(), removals: BTreeSet::new() }
    });
    mappings::add_texts(&mut texts, saved, draft);
    texts
}

fn copy_to(files: &dyn Files, folder: &Path, texts: &FileTexts) -> Result<(), LocalText> {
    for (name, text) in &texts.writes {
        let path = files.inside(folder, name).map_err(|error| error.message())?;
        if let Some(parent) = path.parent() {
            files.create_folder(parent).map_err(|error| error.message())?;
        }
        files.write(&path, text.as_bytes()).map_err(|error| error.message())?;
    }
    Ok(())
}
