//! Opens a workspace off the window's thread: what can be understood becomes the document, the rest findings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::{Broken, Draft};
use super::jobs::Outcome;
use super::kept::{self, Recovery};
use super::mappings;
use super::results::{Done, SavedDraft};
use countersign_core::release::Release;
use countersign_core::text::{LocalText, Sources};
use countersign_workspace::lifecycle;
use countersign_workspace::{Fault, FileError, Files, LoadFailed, Loaded, RULE_SET_FILE, Released, SCHEMA_FILE, SaveFailed, Texts};

/// What opening gave.
pub(super) struct OpenedWorkspace {
    pub root: PathBuf,
    /// The workspace, or what keeps it from being understood.
    pub found: Result<Draft, Broken>,
    /// The live release, or the one made last where none was published, with its file's name.
    pub live: Option<(String, Release)>,
    /// Whether the journal says that it is live.
    pub live_is_published: bool,
    /// What is wrong with the folder of releases.
    pub problems: Vec<LocalText>,
    /// Unsaved edits of an earlier run.
    pub kept: Option<Recovery>,
}

/// Opens the workspace in a folder.
pub(super) fn open(files: &dyn Files, root: &Path, settings: Option<&Path>) -> Outcome {
    if files.list(root).is_err() {
        let shown = root.display();
        return Err(LocalText::new(format!("`{shown}` is no folder that can be opened"), format!("`{shown}` 不是可打开的文件夹")));
    }
    if !is_workspace(files, root) {
        // One that was made and never saved may have been kept.
        let found = settings.and_then(|settings| kept::kept(files, settings, root));
        let Some(kept) = found else { return Ok(Some(Done::NoWorkspace(root.to_owned()))) };
        let (root, found, kept) = (root.to_owned(), Ok(Draft::empty()), Some(kept));
        let opened = OpenedWorkspace { root, found, live: None, live_is_published: false, problems: Vec::new(), kept };
        return Ok(Some(Done::Opened(Box::new(opened))));
    }
    let (released, problems) = match countersign_workspace::released(files, root) {
        Ok(released) => {
            let problems = problems(&released);
            (released, problems)
        }
        Err(error) => (Released::default(), vec![error.message()]),
    };
    let mut problems = problems;
    let published = lifecycle::live(files, root).unwrap_or_else(|failed| {
        problems.push(LocalText::same(failed.to_string()));
        None
    });
    let live_is_published = published.is_some();
    let live = published.or_else(|| released.newest().cloned());
    let kept = settings.and_then(|settings| kept::kept(files, settings, root));
    let found = load(files, root).map_err(broken);
    Ok(Some(Done::Opened(Box::new(OpenedWorkspace { root: root.to_owned(), found, live, live_is_published, problems, kept }))))
}

fn broken(failed: LoadFailed) -> Broken {
    Broken { read: failed.sources.clone(), sources: failed.sources, opens: false, findings: failed.findings }
}

/// The texts of a workspace as they are now, understood or not.
pub(super) fn texts_of(files: &dyn Files, root: &Path) -> Sources {
    load(files, root).map_or_else(|failed| failed.sources, |draft| draft.definition.sources.clone())
}

/// Looks at a workspace that could not be understood with its texts as they have been edited.
pub(super) fn mend(files: &dyn Files, root: &Path, read: Sources, raw: &BTreeMap<String, String>) -> Done {
    let texts = Texts { writes: raw.clone(), removals: BTreeSet::new() };
    Done::Mended(Box::new(match countersign_workspace::load_with(files, root, &texts) {
        Ok(loaded) => {
            let findings = loaded.unread.findings().cloned().collect();
            Broken { read, sources: loaded.definition.sources, opens: true, findings }
        }
        Err(failed) => Broken { read, sources: failed.sources, opens: false, findings: failed.findings },
    }))
}

/// Writes texts as they are over the files they were read from.
pub(super) fn save_raw(files: &dyn Files, root: &Path, read: &Sources, raw: &BTreeMap<String, String>) -> Outcome {
    let not_saved = |error: &FileError| {
        let (message, help) = (error.message(), error.help());
        LocalText::new(format!("not saved: {}; {}", message.en, help.en), format!("未保存：{}；{}", message.zh, help.zh))
    };
    let _lock = files.lock(root).map_err(|error| not_saved(&error))?;
    for (name, text) in raw {
        let path = files.inside(root, name).map_err(|error| not_saved(&error))?;
        let now = files.read(&path, countersign_workspace::LARGEST_LIST).ok();
        let was = read.find(name).map(|(_, source)| source.text().as_bytes());
        let is_as_read = match &now {
            Some(now) => was == Some(now) || now == text.as_bytes(),
            None => was.is_none() || !files.exists(&path),
        };
        if !is_as_read {
            return Err(not_saved(&FileError { path: name.clone(), fault: Fault::Changed }));
        }
        if let Some(folder) = path.parent() {
            files.create_folder(folder).map_err(|error| not_saved(&error))?;
        }
        files.write(&path, text.as_bytes()).map_err(|error| not_saved(&error))?;
    }
    Ok(Some(Done::SavedRaw))
}

fn problems(released: &Released) -> Vec<LocalText> {
    let refused = released.refused.iter().map(|(name, refused)| {
        let why = refused.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        LocalText::new(format!("`{name}` is no release: {}", why.en), format!("`{name}` 不是有效的发布：{}", why.zh))
    });
    refused.chain(released.unreadable.iter().map(FileError::message)).collect()
}

/// Whether a folder holds a workspace, understood or not.
pub(super) fn is_workspace(files: &dyn Files, root: &Path) -> bool {
    [RULE_SET_FILE, SCHEMA_FILE].iter().any(|name| files.exists(&root.join(name)))
}

/// Loads rules and cases.
pub(super) fn load(files: &dyn Files, root: &Path) -> Result<Draft, LoadFailed> {
    let mut loaded = countersign_workspace::open(files, root)?;
    let mappings = mappings::load(files, root, &mut loaded.definition);
    Ok(draft(loaded, mappings))
}

/// A workspace that was loaded, as what is edited.
pub(super) fn draft(loaded: Loaded, mappings: BTreeMap<String, String>) -> Draft {
    let Loaded { definition, cases, unread } = loaded;
    Draft { definition: Arc::new(definition), cases: Arc::new(cases), mappings: Arc::new(mappings), unread: Arc::new(unread) }
}

const GIT_ATTRIBUTES: &str = ".gitattributes";
/// Lets git merge the journal: the lines of both branches are kept.
const MERGE_BOTH_BRANCHES: &str = "journal.jsonl merge=union\n";

/// Saves a draft; in the files only what changed is touched.
pub(super) fn save(files: &dyn Files, root: &Path, saved: &Draft, draft: &Draft) -> Outcome {
    let told = |failed: SaveFailed| match failed {
        SaveFailed::Refused(failed) => {
            let first = failed.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            LocalText::new(format!("not saved: {}", first.en), format!("未保存：{}", first.zh))
        }
        SaveFailed::File { error, .. } => {
            let (message, help) = (error.message(), error.help());
            LocalText::new(format!("not saved: {}; {}", message.en, help.en), format!("未保存：{}；{}", message.zh, help.zh))
        }
    };
    let (old, new) = ((&*saved.definition, &*saved.cases), (&*draft.definition, &*draft.cases));
    let not_written = |error| told(SaveFailed::File { error, written: Vec::new() });
    files.create_folder(root).map_err(not_written)?;
    let mut beside = Texts::default();
    mappings::add_texts(&mut beside, saved, draft);
    if !is_workspace(files, root) && !files.exists(&root.join(GIT_ATTRIBUTES)) {
        beside.writes.insert(GIT_ATTRIBUTES.to_owned(), MERGE_BOTH_BRANCHES.to_owned());
    }
    let mut stored = countersign_workspace::save_workspace(files, root, old, new, &saved.unread, beside).map_err(told)?;
    let written = stored.written.into_iter().chain(stored.removed).collect();
    let mappings = mappings::load(files, root, &mut stored.loaded.definition);
    let now = self::draft(stored.loaded, mappings);
    Ok(Some(Done::Saved(Box::new(SavedDraft { was: draft.clone(), now, written }))))
}
