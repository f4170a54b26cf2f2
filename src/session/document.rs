//! The document: what is being edited ([`Draft`]), what is on the disk, and what tells the two apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::dirty;
use super::document_io::Conflict;
use super::draft::Draft;
use super::history::{DraftEdit, EditHistory};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{CaseSet, Definition, RuleSet};
use countersign_core::text::{LocalText, Sources};

/// Counts the states of a document; a result is fresh while its revision is the document's.
pub type Revision = u64;

/// A workspace that could not be understood: its texts, to be fixed by hand.
#[derive(Clone, Debug)]
pub struct UnreadableWorkspace {
    /// What was read from the disk.
    pub read: Sources,
    /// The same with what has been edited since; findings point into these.
    pub sources: Sources,
    /// Whether schema and rule set can be understood all the same: a way back to the workspace.
    pub opens: bool,
    /// What is wrong with it; nothing once it has been fixed and is still to be saved.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, Default)]
pub enum OpenState {
    /// Nothing yet: the first steps.
    #[default]
    Nothing,
    Workspace,
    /// A workspace whose files could not all be understood.
    Unreadable(Arc<UnreadableWorkspace>),
}

/// What is edited, and what it came from.
#[derive(Debug)]
pub struct OpenDocument {
    root: PathBuf,
    opened: OpenState,
    saved: Draft,
    draft: Draft,
    revision: Revision,
    history: EditHistory,
    /// Texts edited by hand while the workspace cannot be understood.
    edited_texts: BTreeMap<String, String>,
    /// Files that differ from the disk.
    dirty_files: BTreeSet<String>,
    /// Files that somebody else changed while they were edited here.
    conflict: Option<Conflict>,
    /// Whether a save was asked for while one was under way.
    save_again: bool,
}

impl Default for OpenDocument {
    fn default() -> Self {
        let nothing = Draft::empty();
        Self {
            root: PathBuf::new(),
            opened: OpenState::Nothing,
            saved: nothing.clone(),
            draft: nothing,
            revision: 0,
            history: EditHistory::default(),
            edited_texts: BTreeMap::new(),
            dirty_files: BTreeSet::new(),
            conflict: None,
            save_again: false,
        }
    }
}

impl OpenDocument {
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn opened(&self) -> &OpenState {
        &self.opened
    }

    /// Whether a workspace is open that can be edited.
    pub fn is_editable(&self) -> bool {
        matches!(self.opened, OpenState::Workspace)
    }

    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What is on the disk, as far as is known.
    pub fn saved(&self) -> &Draft {
        &self.saved
    }

    /// The draft's schema, rules and texts.
    pub fn definition(&self) -> &Arc<Definition> {
        &self.draft.definition
    }

    pub fn rule_set(&self) -> &RuleSet {
        self.draft.rule_set()
    }

    pub fn cases(&self) -> &CaseSet {
        &self.draft.cases
    }

    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Files whose content is not what is on the disk, by name inside the workspace.
    pub fn dirty_files(&self) -> &BTreeSet<String> {
        &self.dirty_files
    }

    /// A file's text while the workspace cannot be understood, as it has been edited.
    pub fn raw_text(&self, file: &str) -> Option<&str> {
        let OpenState::Unreadable(broken) = &self.opened else { return None };
        let read = || broken.read.find(file).map(|(_, source)| source.text().as_ref());
        self.edited_texts.get(file).map(String::as_str).or_else(read)
    }

    /// The files that can be edited as text while the workspace cannot be understood, by name.
    pub fn raw_files(&self) -> BTreeSet<&str> {
        let OpenState::Unreadable(broken) = &self.opened else { return BTreeSet::new() };
        let read = broken.read.iter().map(|(_, source)| source.name()).filter(|name| !name.contains('#'));
        read.chain(self.edited_texts.keys().map(String::as_str)).collect()
    }

    pub fn is_dirty(&self) -> bool {
        !self.dirty_files.is_empty()
    }

    pub fn history(&self) -> &EditHistory {
        &self.history
    }

    /// The draft after an edit, which is noted to be undone; none where the edit changes nothing.
    pub(super) fn edit(
        &mut self,
        make: impl FnOnce(&Draft) -> Result<DraftEdit, LocalText>,
        now: Duration,
    ) -> Result<Option<Draft>, LocalText> {
        if !self.is_editable() {
            return Err(LocalText::new("no workspace is open that can be edited", "没有打开可编辑的工作区"));
        }
        let edit = make(&self.draft)?;
        if edit.draft == self.draft {
            return Ok(None);
        }
        if let Some(file) = self.unreadable_file_changed(&edit.draft) {
            return Err(LocalText::new(
                format!("`{file}` could not be read, so nothing is changed in it: fix it first (Problems)"),
                format!("`{file}` 无法读取，不能修改其内容：请先修正（见“问题”）"),
            ));
        }
        self.history.note(self.draft.clone(), &edit, now);
        Ok(Some(edit.draft))
    }

    /// The draft before the last edit.
    pub(super) fn undo(&mut self) -> Option<Draft> {
        self.history.undo(&self.draft)
    }

    pub(super) fn redo(&mut self) -> Option<Draft> {
        self.history.redo(&self.draft)
    }

    /// The next edit is a step of its own.
    pub(super) fn end_edit_step(&mut self) {
        self.history.seal();
    }

    /// Takes what was found in a folder; the draft that is then to be put in place.
    pub(super) fn open(&mut self, root: PathBuf, found: Result<Draft, UnreadableWorkspace>) -> Draft {
        (self.root, self.edited_texts, self.conflict) = (root, BTreeMap::new(), None);
        self.history.clear();
        let draft = match found {
            Ok(draft) => {
                self.opened = OpenState::Workspace;
                draft
            }
            Err(broken) => {
                self.opened = OpenState::Unreadable(Arc::new(broken));
                Draft::empty()
            }
        };
        self.set_saved(draft.clone());
        draft
    }

    pub(super) fn close(&mut self) {
        self.opened = OpenState::Nothing;
    }

    /// Takes a draft that was put over the files as they are now; it is then to be put in place.
    pub(super) fn merge(&mut self, saved: Draft, draft: Draft, conflict: Option<Conflict>, now: Duration) -> Draft {
        (self.conflict, self.opened) = (conflict, OpenState::Workspace);
        if self.saved.unread.is_empty() && saved.unread.is_empty() {
            let label = LocalText::new("take over changes from disk", "合并磁盘上的修改");
            let edit = DraftEdit { draft: draft.clone(), label, joins: None };
            self.history.note(self.draft.clone(), &edit, now);
        } else {
            // An earlier draft knows nothing of a file that could not be read then, and would take its content away.
            self.history.clear();
        }
        self.set_saved(saved);
        draft
    }

    /// What is wrong with the texts of a workspace that cannot be understood, as they have been edited.
    pub(super) fn set_unreadable(&mut self, broken: UnreadableWorkspace) {
        if matches!(self.opened, OpenState::Unreadable(_)) {
            self.opened = OpenState::Unreadable(Arc::new(broken));
        }
    }

    /// Shows the workspace's files as text; a reload or a save leads back.
    pub(super) fn edit_as_text(&mut self) {
        let (sources, findings) = (self.saved.definition.sources.clone(), self.saved.unread.findings().cloned().collect());
        self.opened =
            OpenState::Unreadable(Arc::new(UnreadableWorkspace { read: sources.clone(), sources, opens: true, findings }));
    }

    /// Texts edited by hand while the workspace cannot be understood, by file.
    pub(super) fn edited_texts(&self) -> &BTreeMap<String, String> {
        &self.edited_texts
    }

    pub(super) fn set_edited_texts(&mut self, texts: BTreeMap<String, String>) {
        self.edited_texts = texts;
        self.refresh_dirty();
    }

    /// Changes a file of a workspace that could not be understood.
    pub(super) fn edit_text(&mut self, file: String, text: String) -> Result<(), LocalText> {
        let OpenState::Unreadable(broken) = &self.opened else {
            return Err(LocalText::new("the workspace is understood: edit its rules", "工作区可正常解析，请直接编辑规则"));
        };
        if broken.read.find(&file).is_some_and(|(_, source)| source.text().as_ref() == text) {
            self.edited_texts.remove(&file);
        } else {
            self.edited_texts.insert(file, text);
        }
        self.refresh_dirty();
        Ok(())
    }

    /// Files that somebody else changed while they were edited here.
    pub(super) fn conflict(&self) -> Option<&Conflict> {
        self.conflict.as_ref()
    }

    pub(super) fn set_conflict(&mut self, conflict: Option<Conflict>) {
        self.conflict = conflict;
    }

    /// Whether a save can start; while one is under way, another follows it.
    pub(super) fn begin_save(&mut self, is_saving: bool) -> bool {
        self.save_again = is_saving;
        if !is_saving {
            self.history.seal();
        }
        !is_saving
    }

    /// Whether a save was asked for during the last one, and is still needed.
    pub(super) fn is_to_be_saved_again(&mut self) -> bool {
        std::mem::take(&mut self.save_again) && self.is_dirty()
    }

    /// The file that an edit would write over though nobody knows what it holds.
    fn unreadable_file_changed(&self, draft: &Draft) -> Option<String> {
        let unread = &self.saved.unread;
        if unread.is_empty() {
            return None;
        }
        dirty::files(&self.saved, draft).into_iter().find(|file| unread.keeps(file))
    }

    /// Results of the draft are worked out again although it has not changed.
    pub(super) fn revise(&mut self) {
        self.revision += 1;
    }

    /// Puts another draft in place: an edit, an undo, a reload.
    pub(super) fn set_draft(&mut self, draft: Draft) {
        self.draft = draft;
        self.revision += 1;
        self.refresh_dirty();
    }

    /// Notes what is on the disk now.
    pub(super) fn set_saved(&mut self, saved: Draft) {
        self.saved = saved;
        self.refresh_dirty();
    }

    fn refresh_dirty(&mut self) {
        self.dirty_files = dirty::files(&self.saved, &self.draft);
        self.dirty_files.extend(self.edited_texts.keys().cloned());
    }
}
