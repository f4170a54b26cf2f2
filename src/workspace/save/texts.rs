//! A draft as the texts its files would have: to keep it elsewhere, and to put it over files that changed meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::files::{Files, MemoryFiles};
use super::super::load::{CASES_FOLDER, LoadFailed, Loaded, open};
use super::super::read::{LARGEST_LIST, decode};
use super::super::unread::Unread;
use super::overlay::Overlay;
use super::plan::SavePlan;
use super::{SaveFailed, save_workspace, scripts};
use countersign_core::model::{CaseSet, Definition};

/// Files of a workspace by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTexts {
    /// Files to write, with their whole texts.
    pub writes: BTreeMap<String, String>,
    /// Files to remove.
    pub removals: BTreeSet<String>,
}

impl FileTexts {
    /// Whether nothing is written and nothing removed.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.removals.is_empty()
    }

    /// Every file that is written or removed.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.writes.keys().chain(&self.removals)
    }

    /// Without the files for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.writes.retain(|name, _| keep(name));
        self.removals.retain(|name| keep(name));
    }
}

/// What a save from `old`, as both were loaded, to `new` would write and remove. Reads and writes no file.
///
/// # Errors
/// What keeps the draft from being saved.
pub fn texts(old: (&Definition, &CaseSet), new: (&Definition, &CaseSet), unread: &Unread) -> Result<FileTexts, SaveFailed> {
    let files = MemoryFiles::new();
    let root = Path::new("w");
    let is_script = |name: &str| scripts(&old.0.rule_set).any(|script| script.file == name);
    // Bytes that are no text would come back as one: better there is no such file.
    let is_known = |name: &str| is_file(name) && (!unread.is_no_text(name) || is_script(name));
    for (_, source) in old.0.sources.iter().filter(|(_, source)| is_known(source.name())) {
        files.put(root.join(source.name()), source.text().as_bytes());
    }
    let saved = save_workspace(&files, root, old, new, unread, FileTexts::default())?;
    let all = files.all();
    let text = |name: String| {
        let bytes = all.get(&root.join(&name)).map(|bytes| bytes.as_ref().clone()).unwrap_or_default();
        (name, String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok(FileTexts { writes: saved.written.into_iter().map(text).collect(), removals: saved.removed.into_iter().collect() })
}

/// Loads the workspace in the folder `root` as it would be with these texts.
///
/// # Errors
/// What would keep it from being understood.
pub fn load_with(files: &dyn Files, root: impl AsRef<Path>, texts: &FileTexts) -> Result<Loaded, LoadFailed> {
    let root = root.as_ref();
    let writes = texts.writes.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
    let plan = SavePlan { writes, removals: texts.removals.iter().cloned().collect() };
    open(&Overlay::new(files, root, &plan), root)
}

/// The files that are not as they were when `definition` was loaded with its cases, and case files that are new.
pub fn changed(files: &dyn Files, root: impl AsRef<Path>, definition: &Definition, unread: &Unread) -> BTreeSet<String> {
    let root = root.as_ref();
    let mut changed: BTreeSet<String> = unread.changed(files, root).map(str::to_owned).collect();
    let is_text = |name: &str| is_file(name) && !unread.is_no_text(name) && !unread.is_absent(name);
    for (_, source) in definition.sources.iter().filter(|(_, source)| is_text(source.name())) {
        let read = files.inside(root, source.name()).and_then(|path| files.read(&path, LARGEST_LIST));
        let text = read.ok().and_then(|bytes| decode(bytes).ok());
        if text.as_deref() != Some(source.text().as_ref()) {
            changed.insert(source.name().to_owned());
        }
    }
    let cases = files.list(&root.join(CASES_FOLDER)).unwrap_or_default();
    let is_case_file = |name: &str| Path::new(name).extension().is_some_and(|end| end == "ron") && !name.starts_with('.');
    let names = cases.into_iter().filter(|entry| !entry.is_folder && is_case_file(&entry.name));
    changed.extend(
        names
            .map(|entry| format!("{CASES_FOLDER}/{}", entry.name))
            .filter(|name| definition.sources.find(name).is_none() && unread.why(name).is_none()),
    );
    changed
}

/// Conditions of invariants are sources too, but no files.
fn is_file(name: &str) -> bool {
    !name.contains('#')
}
