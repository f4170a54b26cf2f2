//! Looks whether somebody else changed the workspace's files since they were read.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::document::OpenState;
use crate::draft::Draft;
use crate::unsaved::LARGEST;
use countersign_core::progress::Progress;
use countersign_core::text::{Source, Sources};
use countersign_workspace::Files;

struct DetectChanges {
    files: Arc<dyn Files>,
    root: PathBuf,
    read: Read,
}

/// What was read from the files.
enum Read {
    Draft(Draft),
    /// The texts of a workspace that is edited as text.
    Texts(Sources),
}

impl Job for DetectChanges {
    const KIND: JobKind = JobKind::DetectChanges;
    /// The files that are not as they were read.
    type Output = BTreeSet<String>;

    fn run(self, _: &Progress) -> JobResult<BTreeSet<String>> {
        let (files, root) = (self.files.as_ref(), self.root.as_path());
        let read = match &self.read {
            Read::Draft(saved) => return Ok(Some(countersign_workspace::changed(files, root, &saved.definition, &saved.unread))),
            Read::Texts(read) => read,
        };
        let is_other = |source: &Source| {
            let now = files.inside(root, source.name()).and_then(|path| files.read(&path, LARGEST));
            // Compared as it was read: without a byte order mark, and as much of a text as it is.
            let is_same = |now: Vec<u8>| String::from_utf8_lossy(&now).trim_start_matches('\u{feff}') == source.text().as_ref();
            now.map_or(!source.text().is_empty(), |now| !is_same(now))
        };
        let named = read.iter().filter(|(_, source)| !source.name().contains('#') && is_other(source));
        Ok(Some(named.map(|(_, source)| source.name().to_owned()).collect()))
    }

    fn apply(session: &mut Session, made: JobOutput<BTreeSet<String>>) {
        session.files_changed(made.output);
    }
}

impl Session {
    /// Looks whether someone else changed the files: when the window is shown again, and before a save matters.
    pub(crate) fn detect_changes(&mut self) {
        self.refresh_releases();
        let read = match self.document.opened() {
            OpenState::Nothing => return,
            OpenState::Workspace => Read::Draft(self.document.saved().clone()),
            OpenState::Unreadable(broken) => Read::Texts(broken.read.clone()),
        };
        self.start(DetectChanges { files: self.files(), root: self.document.root().to_owned(), read });
    }
}
