//! Opens a workspace off the window's thread: what can be understood becomes the document, the rest findings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Job, JobKind, JobOutput, JobResult};
use crate::document::UnreadableWorkspace;
use crate::draft::Draft;
use crate::requests::first_message;
use crate::unsaved::{self, Recovery, Unsaved};
use crate::{Session, mappings};
use countersign_core::progress::Progress;
use countersign_core::release::Release;
use countersign_core::text::LocalText;
use countersign_workspace::lifecycle;
use countersign_workspace::{FileError, Files, LoadFailed, Loaded, RULE_SET_FILE, Released, SCHEMA_FILE};

pub(crate) struct OpenedWorkspace {
    pub root: PathBuf,
    /// The workspace, or what keeps it from being understood.
    pub found: Result<Draft, UnreadableWorkspace>,
    /// The live release, or the one made last where none was published, with its file's name.
    pub live: Option<(String, Release)>,
    /// Whether the journal says that it is live.
    pub live_is_published: bool,
    /// What is wrong with the folder of releases.
    pub problems: Vec<LocalText>,
    /// Unsaved edits of an earlier run.
    pub kept: Option<Recovery>,
}

/// Opens or reloads the workspace in a folder.
pub(crate) struct OpenWorkspace {
    files: Arc<dyn Files>,
    root: PathBuf,
    settings: Option<PathBuf>,
    /// Edits of the workspace that is open; they are offered again when it is opened the next time.
    unsaved: Option<Unsaved>,
}

impl Job for OpenWorkspace {
    const KIND: JobKind = JobKind::Open;
    type Output = OpenOutcome;

    fn run(self, progress: &Progress) -> JobResult<OpenOutcome> {
        let Self { files, root, settings, unsaved } = self;
        if let (Some(settings), Some(unsaved)) = (&settings, unsaved) {
            unsaved.keep(files.as_ref(), settings)?;
        }
        if progress.is_cancelled() {
            return Ok(None);
        }
        open(files.as_ref(), &root, settings.as_deref()).map(Some)
    }

    fn apply(session: &mut Session, made: JobOutput<OpenOutcome>) {
        match made.output {
            OpenOutcome::Workspace(opened) => session.opened(*opened),
            OpenOutcome::NoWorkspace(root) => session.make_workspace(root),
        }
    }
}

impl Session {
    pub(crate) fn open_workspace(&mut self, root: PathBuf) {
        let (settings, unsaved) = (self.settings_folder(), self.unsaved());
        self.start(OpenWorkspace { files: self.files(), root, settings, unsaved });
    }

    pub(crate) fn reload(&mut self) {
        self.open_workspace(self.document.root().to_owned());
    }
}

pub(crate) enum OpenOutcome {
    Workspace(Box<OpenedWorkspace>),
    /// The folder holds none.
    NoWorkspace(PathBuf),
}

/// Opens the workspace in a folder.
pub(crate) fn open(files: &dyn Files, root: &Path, settings: Option<&Path>) -> Result<OpenOutcome, LocalText> {
    if files.list(root).is_err() {
        let shown = root.display();
        return Err(LocalText::new(format!("`{shown}` is no folder that can be opened"), format!("`{shown}` 不是可打开的文件夹")));
    }
    if !is_workspace(files, root) {
        // One that was made and never saved may have been kept.
        let found = settings.and_then(|settings| unsaved::kept(files, settings, root));
        let Some(kept) = found else { return Ok(OpenOutcome::NoWorkspace(root.to_owned())) };
        let (root, found, kept) = (root.to_owned(), Ok(Draft::empty()), Some(kept));
        let opened = OpenedWorkspace { root, found, live: None, live_is_published: false, problems: Vec::new(), kept };
        return Ok(OpenOutcome::Workspace(Box::new(opened)));
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
    let kept = settings.and_then(|settings| unsaved::kept(files, settings, root));
    let found = load(files, root).map_err(unreadable);
    let root = root.to_owned();
    Ok(OpenOutcome::Workspace(Box::new(OpenedWorkspace { root, found, live, live_is_published, problems, kept })))
}

fn unreadable(failed: LoadFailed) -> UnreadableWorkspace {
    UnreadableWorkspace { read: failed.sources.clone(), sources: failed.sources, opens: false, findings: failed.findings }
}

fn problems(released: &Released) -> Vec<LocalText> {
    let refused = released.refused.iter().map(|(name, refused)| {
        let why = first_message(&refused.findings);
        LocalText::new(format!("`{name}` is no release: {}", why.en), format!("`{name}` 不是有效的发布：{}", why.zh))
    });
    refused.chain(released.unreadable.iter().map(FileError::message)).collect()
}

/// Whether a folder holds a workspace, understood or not.
pub(crate) fn is_workspace(files: &dyn Files, root: &Path) -> bool {
    [RULE_SET_FILE, SCHEMA_FILE].iter().any(|name| files.exists(&root.join(name)))
}

pub(crate) fn load(files: &dyn Files, root: &Path) -> Result<Draft, LoadFailed> {
    let mut loaded = countersign_workspace::open(files, root)?;
    let mappings = mappings::load(files, root, &mut loaded.definition);
    Ok(draft(loaded, mappings))
}

/// A workspace that was loaded, as what is edited.
pub(crate) fn draft(loaded: Loaded, mappings: BTreeMap<String, String>) -> Draft {
    let Loaded { definition, cases, unread } = loaded;
    Draft { definition: Arc::new(definition), cases: Arc::new(cases), mappings: Arc::new(mappings), unread: Arc::new(unread) }
}
