//! Keeps unsaved edits for the next start.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::unsaved::{OwnFile, Unsaved, keep};
use countersign_core::progress::Progress;
use countersign_core::text::Sources;
use countersign_workspace::{FileTexts, Files};

/// Keeps what is unsaved for the next start; without anything, what this window kept goes.
struct KeepUnsaved {
    files: Arc<dyn Files>,
    settings: PathBuf,
    root: PathBuf,
    unsaved: Option<Unsaved>,
    own: OwnFile,
}

impl Job for KeepUnsaved {
    const KIND: JobKind = JobKind::Keep;
    type Output = ();

    fn run(self, progress: &Progress) -> JobResult<()> {
        if !progress.begin_writing() {
            return Ok(None);
        }
        let files = self.files.as_ref();
        let kept = match self.unsaved {
            Some(unsaved) => unsaved.keep(files, &self.settings),
            None => keep(files, &self.settings, &self.root, (FileTexts::default(), &Sources::default()), &self.own),
        };
        kept.map(|()| None)
    }

    fn apply(_: &mut Session, _: JobOutput<()>) {}
}

impl Session {
    /// Keeps what is unsaved for the next start.
    pub(crate) fn keep_unsaved(&mut self) {
        let Some(settings) = self.settings_folder() else { return };
        let (files, root, unsaved) = (self.files(), self.document.root().to_owned(), self.unsaved());
        self.start(KeepUnsaved { files, settings, root, unsaved, own: self.unsaved.own() });
    }
}
