//! Opens a workspace off the window's thread: what can be understood becomes the document, the rest findings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, Recovery};
use super::document::{Broken, Draft};
use super::jobs::Outcome;
use super::results::{Done, SavedDraft};
use crate::release::Release;
use crate::text::LocalText;
use crate::workspace::lifecycle;
use crate::workspace::{self, FileError, Files, LoadFailed, Released, SaveFailed};

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
    let (released, problems) = match workspace::released(files, root) {
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
    let kept = settings.and_then(|settings| disk::kept(files, settings, root));
    let found = load(files, root).map_err(|failed| Broken { sources: failed.sources, findings: failed.findings });
    Ok(Some(Done::Opened(Box::new(OpenedWorkspace { root: root.to_owned(), found, live, live_is_published, problems, kept }))))
}

fn problems(released: &Released) -> Vec<LocalText> {
    let refused = released.refused.iter().map(|(name, refused)| {
        let why = refused.findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        LocalText::new(format!("`{name}` is no release: {}", why.en), format!("`{name}` 不是有效的发布：{}", why.zh))
    });
    refused.chain(released.unreadable.iter().map(FileError::message)).collect()
}

/// Loads rules and cases.
pub(super) fn load(files: &dyn Files, root: &Path) -> Result<Draft, LoadFailed> {
    let mut definition = workspace::load(files, root)?;
    let cases = workspace::load_cases(files, root, &mut definition)?;
    Ok(Draft { definition: Arc::new(definition), cases: Arc::new(cases) })
}

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
    let stored = workspace::save_workspace(files, root, old, new).map_err(told)?;
    let written = stored.written.into_iter().chain(stored.removed).collect();
    let now = Draft { definition: Arc::new(stored.definition), cases: Arc::new(stored.cases) };
    Ok(Some(Done::Saved(Box::new(SavedDraft { was: draft.clone(), now, written }))))
}
