//! Takes the fields of a new workspace from the first rows of a request file.

use std::path::PathBuf;
use std::sync::Arc;

use super::mapping::first;
use super::open;
use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::draft::Draft;
use crate::new_workspace::NewWorkspace;
use crate::unsaved::UnsavedEdits;
use crate::view::ViewState;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;
use countersign_workspace::{Files, InputRequest};

/// How many of the first rows the fields are guessed from.
const GUESSED_ROWS: usize = 5_000;

struct ReadFields {
    files: Arc<dyn Files>,
    starting: NewWorkspace,
    path: PathBuf,
}

impl Job for ReadFields {
    const KIND: JobKind = JobKind::FirstRows;
    type Output = NewWorkspace;

    fn run(self, _: &Progress) -> JobResult<NewWorkspace> {
        let Self { files, mut starting, path } = self;
        starting.first = Arc::new(first(files.as_ref(), &InputRequest::of(&path), GUESSED_ROWS)?);
        starting.file = Some(path);
        starting.guess();
        Ok(Some(starting))
    }

    fn apply(session: &mut Session, made: JobOutput<NewWorkspace>) {
        session.new_workspace = Some(made.output);
    }
}

impl Session {
    /// The workspace being made, if any.
    pub fn new_workspace(&self) -> Option<&NewWorkspace> {
        self.new_workspace.as_ref()
    }

    /// Begins a workspace in a folder that holds none.
    pub(crate) fn begin_new_workspace(&mut self, root: PathBuf) -> Result<(), LocalText> {
        let shown = root.display().to_string();
        if open::is_workspace(self.files.as_ref(), &root) {
            return Err(LocalText::new(
                format!("`{shown}` holds a workspace already: open it"),
                format!("`{shown}` 中已有工作区，请直接打开"),
            ));
        }
        self.make_workspace(root);
        Ok(())
    }

    pub(super) fn make_workspace(&mut self, root: PathBuf) {
        self.new_workspace = Some(NewWorkspace { root, ..NewWorkspace::default() });
    }

    /// Takes its fields from the first rows of a request file.
    pub(crate) fn take_fields_from(&mut self, path: PathBuf) -> Result<(), LocalText> {
        let starting = self.new_workspace.clone().ok_or_else(not_begun)?;
        self.start(ReadFields { files: self.files(), starting, path });
        Ok(())
    }

    pub(crate) fn change_new_workspace(&mut self, change: impl FnOnce(&mut NewWorkspace)) -> Result<(), LocalText> {
        change(self.new_workspace.as_mut().ok_or_else(not_begun)?);
        Ok(())
    }

    /// Opens the workspace as it was made, unsaved, and runs it over the file it came from.
    pub(crate) fn create_workspace(&mut self) -> Result<(), LocalText> {
        let starting = self.new_workspace.as_ref().ok_or_else(not_begun)?;
        if let Some(why) = starting.obstacles().into_iter().next() {
            return Err(why);
        }
        let draft = starting.draft().ok_or_else(not_begun)?;
        let (root, file) = (starting.root.clone(), starting.file.clone());
        let mapping = starting.mapping_name().filter(|name| draft.mappings.contains_key(name));
        self.new_workspace = None;
        // What is unsaved is offered again when its workspace is opened the next time.
        self.keep_unsaved();
        self.view = ViewState::default();
        self.requests.clear();
        self.results.clear();
        self.releases.set_live(None, false);
        self.unsaved = UnsavedEdits::default();
        self.document.open(root, Ok(Draft::empty()));
        self.set_draft(draft);
        self.results.baseline_changed();
        self.schedule.check_now();
        if let Some(path) = file {
            self.requests.queue(path, mapping, None);
        }
        Ok(())
    }
}

fn not_begun() -> LocalText {
    LocalText::new("no workspace is being made", "没有正在新建的工作区")
}
