//! Files from the session's side: opening, saving, what others changed, what is kept for the next start.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::disk::{self, Conflict, Merged, Resolve};
use super::document::{Broken, Draft, Opened};
use super::history::Edit;
use super::jobs::{Kind, Slot};
use super::opening::{self, OpenedWorkspace};
use super::preferences::remember;
use super::requests::Wanted;
use super::results::{Checked, Results, SavedDraft, Weight};
use super::view::{Against, View};
use super::{Requests, Session, actions};
use countersign_core::text::LocalText;
use countersign_requests::kinds::SPREADSHEET_NUMBER;
use countersign_requests::read_by;
use countersign_workspace::Texts;

/// How long after the last edit unsaved text is kept for the next start.
const KEEP: Duration = Duration::from_secs(1);

impl Session {
    pub(super) fn open_workspace(&mut self, root: PathBuf) {
        let (files, settings) = (Arc::clone(&self.files), self.settings.clone());
        let unsaved = self.unsaved();
        self.jobs.start(Kind::Open, self.basis, move |progress| {
            // What is unsaved is offered again when its workspace is opened the next time.
            if let (Some(settings), Some(unsaved)) = (&settings, unsaved) {
                unsaved.keep(files.as_ref(), settings)?;
            }
            if progress.is_cancelled() {
                return Ok(None);
            }
            opening::open(files.as_ref(), &root, settings.as_deref())
        });
    }

    /// Another workspace takes the place of this one: what is unsaved is offered when it is opened the next time.
    pub(super) fn keep_before_leaving(&mut self) {
        if let (Some(settings), Some(unsaved)) = (self.settings.clone(), self.unsaved()) {
            let files = Arc::clone(&self.files);
            self.jobs.start(Kind::Keep, self.basis, move |progress| {
                if progress.begin_writing() { unsaved.keep(files.as_ref(), &settings).map(|()| None) } else { Ok(None) }
            });
        }
    }

    pub(super) fn opened(&mut self, opened: OpenedWorkspace) {
        let is_other = self.document.root != opened.root;
        self.document.root.clone_from(&opened.root);
        self.document.raw = BTreeMap::new();
        (self.live, self.live_is_published) = (opened.live, opened.live_is_published);
        (self.conflict, self.recovery, self.own_file) = (None, opened.kept, Arc::default());
        self.forget_releases();
        self.results.check = Slot::default();
        self.results.cases = Slot::default();
        self.history.clear();
        if is_other {
            (self.view, self.requests, self.half_read) = (View::default(), None, None);
            self.results = Results::default();
        }
        let draft = match opened.found {
            Ok(draft) => {
                self.document.opened = Opened::Workspace;
                draft
            }
            Err(broken) => {
                self.document.opened = Opened::Broken(Arc::new(broken));
                Draft::empty()
            }
        };
        self.document.set_saved(draft.clone());
        self.set_draft(draft);
        self.clock.keep_at = None;
        self.basis.baseline += 1;
        self.read_requests_again();
        self.clock.check_at = self.document.is_editable().then_some(self.now);
        for problem in opened.problems {
            self.tell(Weight::Error, problem);
        }
        remember(&mut self.preferences.recent_workspaces, self.files.absolute(&opened.root));
        self.keep_preferences();
    }

    /// Requests are read by the schema: another one of which they lack a field reads them again.
    pub(super) fn read_requests_again(&mut self) {
        let Some(requests) = &self.requests else { return };
        if self.document.is_editable() && !actions::covers(requests.table.schema(), &self.document.draft.definition) {
            let (path, mapping, own) = (requests.path.clone(), requests.mapping.clone(), requests.own_mapping.clone());
            self.clock.requests_wanted = Some(Wanted { path, mapping, own, again: true });
        }
    }

    /// Whether the requests that were just read were read by a schema that is not the draft's any more; then they are read again.
    pub(super) fn read_by_another_schema(&mut self) -> bool {
        let Some((wanted, definition)) = self.reading.take() else { return false };
        let is_other = self.document.is_editable() && definition.schema != self.document.draft.definition.schema;
        if is_other && self.clock.requests_wanted.is_none() {
            self.clock.requests_wanted = Some(wanted);
        }
        is_other
    }

    /// Numbers that a spreadsheet rounded are refused in fields that a rule looks up in a list: where a rule begins to do so, requests
    /// with such numbers are read again.
    pub(super) fn read_exactly(&mut self, checked: &Checked) {
        let schema = &checked.definition.schema;
        let names = checked.program.looked_up().into_iter().filter_map(|field| schema.name_of(field));
        let before = std::mem::replace(&mut self.looked_up, names.collect());
        let Some(requests) = &self.requests else { return };
        let is_new = |name: &String| !before.contains(name) && !requests.exact.contains(name);
        let is_rounded = requests.findings.iter().any(|finding| finding.kind == SPREADSHEET_NUMBER);
        if is_rounded && self.looked_up.iter().any(is_new) {
            let (path, mapping, own) = (requests.path.clone(), requests.mapping.clone(), requests.own_mapping.clone());
            self.clock.requests_wanted = Some(Wanted { path, mapping, own, again: true });
        }
    }

    pub(super) fn open_requests(&mut self, path: PathBuf, mapping: Option<String>) {
        (self.results.unread, self.half_read) = (None, None);
        self.clock.requests_wanted = Some(Wanted { path, mapping, own: None, again: false });
    }

    /// Decides by these requests from now on.
    pub(super) fn take_requests(&mut self, requests: Requests) {
        self.basis.requests += 1;
        self.view.selection.request = None;
        self.view.requests.only.clear();
        remember(&mut self.preferences.recent_requests, self.files.absolute(&requests.path));
        if let Some(mapping) = requests.mapping.as_ref().filter(|_| requests.is_mapping_found) {
            self.tell(Weight::Info, read_by(&requests.name, mapping));
        }
        self.requests = Some(Arc::new(requests));
        self.keep_preferences();
    }

    pub(super) fn save(&mut self) -> Result<(), LocalText> {
        if matches!(self.document.opened, Opened::Broken(_)) {
            self.save_raw();
            return Ok(());
        }
        if !self.document.is_editable() {
            return Err(LocalText::new("no workspace is open that can be saved", "没有可保存的工作区"));
        }
        if self.jobs.running(Kind::Save).is_some() {
            // What is written now is what the next save starts from.
            self.clock.save_again = true;
            return Ok(());
        }
        self.history.seal();
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        let (saved, draft) = (self.document.saved.clone(), self.document.draft.clone());
        self.jobs.start(Kind::Save, self.basis, move |progress| {
            if progress.begin_writing() { opening::save(files.as_ref(), &root, &saved, &draft) } else { Ok(None) }
        });
        Ok(())
    }

    /// Writes the texts of a workspace that could not be understood as they are, and opens it again.
    fn save_raw(&mut self) {
        let Opened::Broken(broken) = &self.document.opened else { return };
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        let (read, raw) = (broken.read.clone(), self.document.raw.clone());
        self.jobs.start(Kind::Save, self.basis, move |progress| {
            if progress.begin_writing() { opening::save_raw(files.as_ref(), &root, &read, &raw) } else { Ok(None) }
        });
    }

    pub(super) fn saved_raw(&mut self) {
        self.tell(Weight::Success, LocalText::new("saved; the workspace is opened again", "已保存，正在重新打开工作区"));
        self.open_workspace(self.document.root.clone());
    }

    /// What is wrong with the texts as they have been edited.
    pub(super) fn mended(&mut self, broken: Broken) {
        if matches!(self.document.opened, Opened::Broken(_)) {
            self.document.opened = Opened::Broken(Arc::new(broken));
        }
    }

    /// Shows a workspace's files as text, at first that file; a reload or a save leads back.
    pub(super) fn edit_as_text(&mut self, file: &str) {
        let saved = &self.document.saved;
        let (sources, findings) = (saved.definition.sources.clone(), saved.unread.findings().cloned().collect());
        self.document.opened = Opened::Broken(Arc::new(Broken { read: sources.clone(), sources, opens: true, findings }));
        self.view.selection.file = Some(file.to_owned());
    }

    /// Changes a file of a workspace that could not be understood.
    pub(super) fn edit_raw(&mut self, file: String, text: String) -> Result<(), LocalText> {
        let Opened::Broken(broken) = &self.document.opened else {
            return Err(LocalText::new("the workspace is understood: edit its rules", "工作区可正常解析，请直接编辑规则"));
        };
        let is_as_read = broken.read.find(&file).is_some_and(|(_, source)| source.text().as_ref() == text);
        if is_as_read {
            self.document.raw.remove(&file);
        } else {
            self.document.raw.insert(file, text);
        }
        self.document.refresh_dirty();
        self.edited();
        Ok(())
    }

    pub(super) fn saved(&mut self, saved: SavedDraft) {
        let is_unchanged = saved.was == self.document.draft;
        self.document.set_saved(saved.now.clone());
        if is_unchanged {
            // The same meaning with the places it has in the files now.
            self.document.set_draft(saved.now);
            self.clock.check_at = Some(self.now);
        }
        if self.view.against == Against::Saved || self.live.is_none() {
            self.basis.baseline += 1;
        }
        self.clock.keep_at = Some(self.now);
        let count = saved.written.len();
        if std::mem::take(&mut self.clock.save_again) && self.document.is_dirty() {
            return drop(self.save());
        }
        self.tell(Weight::Success, LocalText::new(format!("saved: {count} files"), format!("已保存 {count} 个文件")));
    }

    /// Unsaved text is to be kept once typing stops.
    pub(super) fn keep_later(&mut self) {
        self.clock.keep_at = self.settings.is_some().then_some(self.now + KEEP);
    }

    /// Looks whether someone else changed the files: when the window is shown again, and before a save matters.
    pub(super) fn look(&mut self) {
        self.look_at_releases();
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        match &self.document.opened {
            Opened::Nothing => {}
            Opened::Workspace => {
                let saved = self.document.saved.clone();
                self.jobs.start(Kind::Look, self.basis, move |_| Ok(Some(disk::look(files.as_ref(), &root, &saved))));
            }
            Opened::Broken(broken) => {
                let read = broken.read.clone();
                self.jobs.start(Kind::Look, self.basis, move |_| Ok(Some(disk::look_at_texts(files.as_ref(), &root, &read))));
            }
        }
    }

    pub(super) fn looked(&mut self, theirs: BTreeSet<String>) {
        if theirs.is_empty() {
            self.conflict = None;
            return;
        }
        let mine = self.document.dirty_files();
        let both: BTreeSet<String> = theirs.intersection(mine).cloned().collect();
        let names = theirs.iter().cloned().collect::<Vec<_>>().join("`, `");
        let told = LocalText::new(format!("read again from disk: `{names}`"), format!("已从磁盘重新读取：`{names}`"));
        if mine.is_empty() {
            self.tell(Weight::Info, told);
            self.open_workspace(self.document.root.clone());
        } else if both.is_empty() {
            self.merge(|_| true, told);
        } else {
            self.conflict = Some(Conflict { theirs, both });
        }
    }

    /// Puts the edited files for which `keep` says so over those on the disk.
    fn merge(&mut self, keep: impl Fn(&str) -> bool, told: LocalText) {
        if matches!(self.document.opened, Opened::Broken(_)) {
            return self.read_texts_again(keep, told);
        }
        let mut texts = disk::texts(&self.document.saved, &self.document.draft);
        texts.retain(keep);
        self.put_over(texts, told);
    }

    /// Reads the files of a workspace that is edited as text again; edited ones for which `keep` says so stay as they are here.
    fn read_texts_again(&mut self, keep: impl Fn(&str) -> bool, told: LocalText) {
        self.conflict = None;
        self.document.raw.retain(|name, _| keep(name));
        self.document.refresh_dirty();
        let (files, root, raw) = (Arc::clone(&self.files), self.document.root.clone(), self.document.raw.clone());
        self.jobs.start(Kind::Merge, self.basis, move |_| {
            let read = opening::texts_of(files.as_ref(), &root);
            Ok(Some(opening::mend(files.as_ref(), &root, read, &raw)))
        });
        self.tell(Weight::Info, told);
    }

    fn put_over(&mut self, texts: Texts, told: LocalText) {
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        self.jobs.start(Kind::Merge, self.basis, move |_| disk::merge(files.as_ref(), &root, &texts, told));
    }

    pub(super) fn merged(&mut self, merged: Merged) {
        self.conflict = merged.conflict;
        self.document.opened = Opened::Workspace;
        let label = LocalText::new("take over changes from disk", "合并磁盘上的修改");
        let edit = Edit { draft: merged.draft, label, joins: None };
        if self.document.saved.unread.is_empty() && merged.saved.unread.is_empty() {
            self.history.note(self.document.draft.clone(), &edit, self.now);
        } else {
            // An earlier draft knows nothing of a file that could not be read then, and would take its content away.
            self.history.clear();
        }
        self.document.set_saved(merged.saved);
        self.set_draft(edit.draft);
        self.basis.baseline += 1;
        self.tell(Weight::Info, merged.told);
    }

    /// Edits of an earlier run cannot be understood with the files as they are now: they are mended as text.
    pub(super) fn unfit(&mut self, texts: Texts, why: LocalText) {
        let first = texts.writes.keys().next().cloned().unwrap_or_default();
        self.edit_as_text(&first);
        self.document.raw = texts.writes;
        self.document.refresh_dirty();
        self.edited();
        self.tell(Weight::Error, why);
    }

    pub(super) fn resolve(&mut self, resolve: Resolve) -> Result<(), LocalText> {
        let nothing = || LocalText::new("nothing is in conflict", "没有冲突的文件");
        let conflict = self.conflict.clone().ok_or_else(nothing)?;
        let theirs = LocalText::new("theirs was taken where both had changed", "冲突的文件已采用磁盘上的内容");
        match resolve {
            Resolve::KeepMine => {
                let told =
                    LocalText::new("yours stays where both had changed; save to write it", "冲突的文件保留您的修改，保存后写入");
                self.merge(|_| true, told);
            }
            Resolve::TakeTheirs => self.merge(|name| !conflict.both.contains(name), theirs),
            Resolve::SaveCopy(folder) => {
                let texts = match &self.document.opened {
                    Opened::Broken(_) => Texts { writes: self.document.raw.clone(), removals: BTreeSet::new() },
                    _ => disk::texts(&self.document.saved, &self.document.draft),
                };
                disk::copy_to(self.files.as_ref(), &folder, &texts)?;
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
    #[must_use]
    pub fn broken(&self) -> Option<&Arc<Broken>> {
        match &self.document.opened {
            Opened::Broken(broken) => Some(broken),
            _ => None,
        }
    }

    /// Files that someone else changed while they were edited here: ask what to do.
    #[must_use]
    pub fn conflict(&self) -> Option<&Conflict> {
        self.conflict.as_ref()
    }
}
