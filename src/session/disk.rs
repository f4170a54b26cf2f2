//! What others do to the files meanwhile: looking and merging.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::document::Draft;
use super::jobs::Outcome;
use super::mappings;
use super::opening;
use super::results::Done;
use countersign_core::text::{LocalText, Source, Sources};
use countersign_workspace::{Files, Texts};

/// The largest file that is compared, in bytes.
const LARGEST: u64 = 256 << 20;

/// Files that someone else changed while they were being edited here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Every file that changed on the disk.
    pub theirs: BTreeSet<String>,
    /// Those of them that were edited here too.
    pub both: BTreeSet<String>,
}

/// What is done about a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolve {
    /// What was edited here stays; the next save writes over theirs.
    KeepMine,
    /// Files that both changed are read from the disk; other edits stay.
    TakeTheirs,
    /// The files edited here are written into another folder first, then theirs are taken.
    SaveCopy(PathBuf),
}

/// A draft put over the files as they are now.
pub(super) struct Merged {
    pub saved: Draft,
    pub draft: Draft,
    pub told: LocalText,
    /// Files that were changed on the disk after the edits in them were made.
    pub conflict: Option<Conflict>,
}

/// Which files changed since they were loaded.
pub(super) fn look(files: &dyn Files, root: &Path, saved: &Draft) -> Done {
    Done::Looked(countersign_workspace::changed(files, root, &saved.definition, &saved.unread))
}

/// Which files of a workspace that is edited as text changed since they were read.
pub(super) fn look_at_texts(files: &dyn Files, root: &Path, read: &Sources) -> Done {
    let is_other = |source: &Source| {
        let now = files.inside(root, source.name()).and_then(|path| files.read(&path, LARGEST));
        // Compared as it was read: without a byte order mark, and as much of a text as it is.
        let is_same = |now: Vec<u8>| String::from_utf8_lossy(&now).trim_start_matches('\u{feff}') == source.text().as_ref();
        now.map_or(!source.text().is_empty(), |now| !is_same(now))
    };
    let named = read.iter().filter(|(_, source)| !source.name().contains('#') && is_other(source));
    Done::Looked(named.map(|(_, source)| source.name().to_owned()).collect())
}

/// What a draft would write; where that cannot be said, at least its scripts.
pub(super) fn texts(saved: &Draft, draft: &Draft) -> Texts {
    let (old, new) = ((&*saved.definition, &*saved.cases), (&*draft.definition, &*draft.cases));
    let mut texts = countersign_workspace::texts(old, new, &saved.unread).unwrap_or_else(|_| {
        let rules = draft.rule_set();
        let scripts = rules.rules().map(|(.., rule)| &rule.script).chain(&rules.shared);
        let is_other =
            |text: &str, file: &str| saved.definition.sources.find(file).is_none_or(|(_, was)| was.text().as_ref() != text);
        let changed = scripts.filter(|script| is_other(&script.text, &script.file));
        let writes = changed.map(|script| (script.file.clone(), script.text.as_ref().to_owned()));
        Texts { writes: writes.collect(), removals: BTreeSet::new() }
    });
    mappings::add_texts(&mut texts, saved, draft);
    texts
}

/// Puts texts over the files as they are now.
pub(super) fn merge(files: &dyn Files, root: &Path, texts: &Texts, told: LocalText) -> Outcome {
    let why = |failed: countersign_workspace::LoadFailed| {
        let first = failed.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        LocalText::new(format!("cannot be put together: {}", first.en), format!("无法合并：{}", first.zh))
    };
    let is_new = !opening::is_workspace(files, root);
    let saved = if is_new { Draft::empty() } else { opening::load(files, root).map_err(why)? };
    let loaded = countersign_workspace::load_with(files, root, texts).map_err(why)?;
    if let Some(wrong) = texts.names().find_map(|name| loaded.unread.why(name)) {
        return Err(LocalText::new(format!("cannot be put together: {}", wrong.en), format!("无法合并：{}", wrong.zh)));
    }
    let mappings = mappings::over(saved.mappings.as_ref().clone(), texts);
    let draft = opening::draft(loaded, mappings);
    Ok(Some(Done::Merged(Box::new(Merged { saved, draft, told, conflict: None }))))
}

/// Writes texts into another folder.
pub(super) fn copy_to(files: &dyn Files, folder: &Path, texts: &Texts) -> Result<(), LocalText> {
    for (name, text) in &texts.writes {
        let path = files.inside(folder, name).map_err(|error| error.message())?;
        if let Some(parent) = path.parent() {
            files.create_folder(parent).map_err(|error| error.message())?;
        }
        files.write(&path, text.as_bytes()).map_err(|error| error.message())?;
    }
    Ok(())
}
