//! Unsaved edits that survive a crash: kept for the folder they were made in, and offered with what they would change.
//!
//! A folder is known by its path, however it was typed, and by what the system tells it from other folders by: two folders of the same
//! name do not share edits, a folder that was moved keeps its own, and another one in its place is not offered them. Each window keeps in
//! a file of its own, so that none writes over what another kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::Session;
use super::document::OpenState;
use super::document_io::{self, Conflict};
use super::draft::Draft;
use super::jobs::merge::MergeEdits;
use super::notices::Weight;
use super::readiness::present;
use countersign_core::model::{Moment, Zone};
use countersign_core::release::Digest;
use countersign_core::text::{LocalText, Sources};
use countersign_workspace::{FileTexts, Files, FolderLock};

/// The largest file of kept text that is read again, in bytes.
pub(super) const LARGEST: u64 = 256 << 20;
/// So many files are kept for one folder.
const MOST: usize = 1_000;
/// The folder of kept text, in the settings.
const FOLDER: &str = "unsaved";

/// The file that a window keeps its edits in, once it has kept any, with the lock by which other windows know that it is in use.
pub(super) type OwnFile = Arc<Mutex<Option<(PathBuf, FolderLock)>>>;

/// What is done about unsaved edits of an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecoveryAnswer {
    /// They are put over the files as they are now.
    Restore,
    Discard,
    /// They are offered again when the workspace is opened the next time.
    Later,
}

/// What unsaved edits change in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsavedChange {
    /// The file, inside the workspace.
    pub file: String,
    /// Whether somebody changed the file after the edits were made.
    pub is_changed_since: bool,
    /// The lines of the file as it is now that the edits replace.
    pub removed: Vec<String>,
    pub added: Vec<String>,
}

/// Unsaved edits of an earlier run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    pub at: Moment,
    pub changes: Vec<UnsavedChange>,
    texts: FileTexts,
    file: PathBuf,
}

/// What a file of kept edits holds.
#[derive(Serialize, Deserialize)]
struct UnsavedFile {
    /// The workspace's folder: its path from the root of all files, without links.
    root: PathBuf,
    /// What the system tells the folder from others by; empty where it says nothing.
    identity: String,
    at: Moment,
    texts: FileTexts,
    /// The digests of the files that were edited; none of a file that was not there.
    base: BTreeMap<String, Digest>,
}

/// Edits that are not on the disk.
pub(super) struct Unsaved {
    root: PathBuf,
    saved: Draft,
    draft: Draft,
    /// The texts of a workspace that could not be understood, and what they were read as.
    raw: Option<(BTreeMap<String, String>, Sources)>,
    own: OwnFile,
}

impl Unsaved {
    pub(super) fn keep(self, files: &dyn Files, settings: &Path) -> Result<(), LocalText> {
        let (texts, sources) = match self.raw {
            Some((writes, read)) => (FileTexts { writes, removals: BTreeSet::new() }, read),
            None => (document_io::texts(&self.saved, &self.draft), self.saved.definition.sources.clone()),
        };
        keep(files, settings, &self.root, (texts, &sources), &self.own)
    }
}

/// How the names of a folder's files begin: by its path, and by its identity.
fn keys(root: &Path, identity: &str) -> [String; 2] {
    let key = |bytes: &[u8]| Digest::of(bytes).to_string().chars().filter(char::is_ascii_alphanumeric).skip(6).take(32).collect();
    [key(root.to_string_lossy().as_bytes()), key(identity.as_bytes())]
}

fn path(settings: &Path, [root, identity]: &[String; 2], number: usize) -> PathBuf {
    settings.join(FOLDER).join(format!("{root}-{identity}-{number}.ron"))
}

/// The lock on a file of kept edits; none while another window uses it. The empty file that is locked stays for the next one.
fn lock(files: &dyn Files, path: &Path) -> Option<FolderLock> {
    files.try_lock_file(&path.with_extension("lock")).ok().flatten()
}

/// Keeps unsaved edits for the next start; without any, what this window kept goes.
pub(super) fn keep(
    files: &dyn Files,
    settings: &Path,
    root: &Path,
    (texts, sources): (FileTexts, &Sources),
    own: &OwnFile,
) -> Result<(), LocalText> {
    let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
    if texts.is_empty() {
        let Some((path, _lock)) = own.take().filter(|(path, _)| files.exists(path)) else { return Ok(()) };
        return files.remove(&path).map_err(|error| error.message());
    }
    let (root, identity) = (files.canonical(root), files.identity(root));
    let keys = keys(&root, &identity);
    files.create_folder(&settings.join(FOLDER)).map_err(|error| error.message())?;
    // Looked at once more with the lock: another window may have written there meanwhile.
    let locked = |path: PathBuf| {
        let lock = if files.exists(&path) { None } else { lock(files, &path) };
        lock.filter(|_| !files.exists(&path)).map(|lock| (path, lock))
    };
    let free = || (0..MOST).map(|number| path(settings, &keys, number)).find_map(locked);
    let too_many =
        || LocalText::new(format!("{MOST} files of unsaved edits are kept already"), format!("已保留 {MOST} 份未保存的修改"));
    if own.is_none() {
        *own = Some(free().ok_or_else(too_many)?);
    }
    let Some((path, _)) = &*own else { return Ok(()) };
    let read = |name: &String| Some((name.clone(), Digest::of(sources.find(name)?.1.text().as_bytes())));
    let base = texts.names().filter_map(read).collect();
    let kept = UnsavedFile { root, identity, at: present(Zone::default()), texts, base };
    let text = ron::to_string(&kept).map_err(|error| LocalText::same(error.to_string()))?;
    files.write(path, text.as_bytes()).map_err(|error| error.message())
}

/// The newest unsaved edits that were kept for a workspace.
pub(super) fn kept(files: &dyn Files, settings: &Path, root: &Path) -> Option<Recovery> {
    let folder = settings.join(FOLDER);
    let (canonical, identity) = (files.canonical(root), files.identity(root));
    let [of_root, of_identity] = keys(&canonical, &identity);
    let may_be = |name: &str| name.starts_with(&of_root) || name.contains(&of_identity);
    let entries = files.list(&folder).unwrap_or_default().into_iter().filter(|entry| entry.is_ron() && may_be(&entry.name));
    let read = |path: PathBuf| {
        let bytes = files.read(&path, LARGEST).ok()?;
        let kept: UnsavedFile = ron::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
        Some((kept, path))
    };
    let belongs = |kept: &UnsavedFile| match (kept.root == canonical, kept.identity == identity) {
        (true, true) => true,
        // Another folder in its place: offered only where it holds the very files that were edited.
        (true, false) => kept.texts.names().all(|name| !is_changed_since(files, root, kept, name)),
        // Moved here; a copy beside the one they belong to is not offered them.
        (false, true) => !identity.is_empty() && files.list(&kept.root).is_err(),
        (false, false) => false,
    };
    // A window that still runs keeps its own.
    let left = entries.map(|entry| folder.join(entry.name)).filter(|path| lock(files, path).is_some());
    let all = left.filter_map(read);
    let offered = all.filter(|(kept, _)| belongs(kept) && kept.texts.names().any(|name| says_something(files, root, kept, name)));
    let (kept, file) = offered.max_by_key(|(kept, _)| kept.at.at)?;
    let changes = kept.texts.names().map(|name| change(files, root, &kept, name)).collect();
    Some(Recovery { at: kept.at, changes, texts: kept.texts, file })
}

/// A file of the workspace as it is read.
fn text(files: &dyn Files, root: &Path, name: &str) -> Option<String> {
    let bytes = files.inside(root, name).and_then(|path| files.read(&path, LARGEST)).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
}

fn is_changed_since(files: &dyn Files, root: &Path, kept: &UnsavedFile, name: &str) -> bool {
    let now = text(files, root, name).map(|text| Digest::of(text.as_bytes()));
    now.as_ref() != kept.base.get(name) && says_something(files, root, kept, name)
}

/// Whether a file is not as the edits leave it.
fn says_something(files: &dyn Files, root: &Path, kept: &UnsavedFile, name: &str) -> bool {
    text(files, root, name).as_ref() != kept.texts.writes.get(name)
}

fn change(files: &dyn Files, root: &Path, kept: &UnsavedFile, name: &str) -> UnsavedChange {
    let (now, then) = (text(files, root, name).unwrap_or_default(), kept.texts.writes.get(name).map_or("", String::as_str));
    let (old, new): (Vec<&str>, Vec<&str>) = (now.lines().collect(), then.lines().collect());
    let before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - before;
    let after = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    let between =
        |lines: &[&str]| lines.get(before..lines.len() - after).unwrap_or_default().iter().map(ToString::to_string).collect();
    let (removed, added) = (between(&old), between(&new));
    UnsavedChange { file: name.to_owned(), is_changed_since: is_changed_since(files, root, kept, name), removed, added }
}

/// What a window knows of unsaved edits: its own file, and those of an earlier run that it offers.
#[derive(Default)]
pub(super) struct UnsavedEdits {
    own: OwnFile,
    offered: Option<Recovery>,
}

impl UnsavedEdits {
    /// Those of the workspace that is opened now.
    pub(super) fn of_workspace(offered: Option<Recovery>) -> Self {
        Self { own: OwnFile::default(), offered }
    }

    /// The file that this window keeps its edits in.
    pub(super) fn own(&self) -> OwnFile {
        Arc::clone(&self.own)
    }

    fn set_own(&self, own: Option<(PathBuf, FolderLock)>) {
        *self.own.lock().unwrap_or_else(PoisonError::into_inner) = own;
    }
}

impl Session {
    pub(super) fn unsaved(&self) -> Option<Unsaved> {
        let document = &self.document;
        let raw = || match document.opened() {
            OpenState::Unreadable(broken) => Some((document.edited_texts().clone(), broken.read.clone())),
            _ => None,
        };
        document.is_dirty().then(|| Unsaved {
            root: document.root().to_owned(),
            saved: document.saved().clone(),
            draft: document.draft().clone(),
            raw: raw(),
            own: self.unsaved.own(),
        })
    }

    /// The window closes: unsaved edits are kept for the next start before this returns.
    pub fn close(&mut self) {
        if let (Some(settings), Some(unsaved)) = (self.settings_folder(), self.unsaved())
            && let Err(why) = unsaved.keep(self.files.as_ref(), &settings)
        {
            self.notify(Weight::Error, why);
        }
        // What was kept waits for the next window.
        self.unsaved.set_own(None);
    }

    /// Restores unsaved edits of an earlier run, discards them, or leaves them for later.
    pub(super) fn recover(&mut self, answer: RecoveryAnswer) -> Result<(), LocalText> {
        let nothing = || LocalText::new("nothing was kept", "没有可恢复的内容");
        let recovery = self.unsaved.offered.take().ok_or_else(nothing)?;
        if answer == RecoveryAnswer::Restore {
            self.restore(recovery);
            return Ok(());
        }
        if answer == RecoveryAnswer::Discard {
            self.files.remove(&recovery.file).map_err(|error| error.message())?;
        }
        if *self.document.draft() == Draft::empty() && self.unreadable().is_none() {
            // A workspace that was never saved: it is made from the start.
            self.document.close();
            return self.begin_new_workspace(self.document.root().to_owned());
        }
        Ok(())
    }

    /// Puts kept edits over the files as they are now; where somebody changed a file meanwhile, it is asked whose text counts.
    fn restore(&mut self, recovery: Recovery) {
        // From now on they are this window's own, unless another took them up meanwhile.
        let lock = lock(self.files.as_ref(), &recovery.file);
        self.unsaved.set_own(lock.map(|lock| (recovery.file, lock)));
        let both: BTreeSet<String> =
            recovery.changes.iter().filter(|change| change.is_changed_since).map(|change| change.file.clone()).collect();
        let conflict = (!both.is_empty()).then(|| Conflict { theirs: both.clone(), both });
        if self.unreadable().is_some() {
            self.document.set_edited_texts(recovery.texts.writes);
            self.document.set_conflict(conflict);
            return self.draft_edited();
        }
        self.start(MergeEdits {
            files: self.files(),
            root: self.document.root().to_owned(),
            texts: recovery.texts,
            message: LocalText::new("unsaved edits were restored", "已恢复未保存的修改"),
            conflict,
            falls_back_to_text: true,
        });
    }

    /// Unsaved edits of an earlier run: ask whether to restore them.
    pub fn recovery(&self) -> Option<&Recovery> {
        self.unsaved.offered.as_ref()
    }
}
