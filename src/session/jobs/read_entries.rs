//! Reads a file that a person takes entries of a list from.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;
use countersign_workspace::Files;

/// A larger file is no list that a person adds; bytes.
const LARGEST_ENTRIES_FILE: u64 = 32 << 20;

/// The text of a file that a person takes entries of a list from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntriesFile {
    /// Tells it from one read before.
    pub number: u64,
    pub text: String,
}

struct ReadEntries {
    files: Arc<dyn Files>,
    path: PathBuf,
    number: u64,
}

impl Job for ReadEntries {
    const KIND: JobKind = JobKind::Entries;
    type Output = EntriesFile;

    fn run(self, _: &Progress) -> JobResult<EntriesFile> {
        let bytes = self.files.read(&self.path, LARGEST_ENTRIES_FILE).map_err(|error| error.message())?;
        let text = String::from_utf8(bytes).map_err(|_| {
            let shown = self.path.display();
            LocalText::new(format!("`{shown}` is not UTF-8"), format!("`{shown}` 不是 UTF-8 编码"))
        })?;
        Ok(Some(EntriesFile { number: self.number, text }))
    }

    fn apply(session: &mut Session, made: JobOutput<EntriesFile>) {
        session.requests.set_entries(made.output);
    }
}

impl Session {
    pub(crate) fn read_entries(&mut self, path: PathBuf) {
        self.start(ReadEntries { files: self.files(), path, number: self.stamp });
    }
}
