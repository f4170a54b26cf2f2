//! What is asked of the jobs besides the draft: a comparison, a sweep, a request by its key.

use std::path::PathBuf;
use std::sync::Arc;

use super::jobs::Kind;
use super::results::{Done, EntriesFile, Weight};
use super::view::Against;
use super::{Session, order};
use countersign_core::model::ParameterId;
use countersign_core::text::LocalText;

/// A larger file is no list that a person adds; bytes.
const MOST_ENTRIES: u64 = 32 << 20;

impl Session {
    pub(super) fn compare_with(&mut self, against: Against) {
        if self.view.against != against {
            self.view.against = against;
            self.basis.baseline += 1;
        }
    }

    pub(super) fn sweep(&mut self, parameter: ParameterId) {
        let is_closed = self.view.sweep.as_ref() == Some(&parameter);
        self.view.sweep = (!is_closed).then_some(parameter);
        self.sweeps += 1;
    }

    pub(super) fn order_changed(&mut self) {
        self.basis.asked += 1;
    }

    /// Looks for a request by its key.
    pub(super) fn find_request(&mut self, key: String) {
        let Some(requests) = self.requests.clone() else { return };
        self.jobs.start(Kind::Find, self.basis, move |progress| Ok(order::find(&requests.table, &key, progress)));
    }

    /// Reads a file with entries of a list.
    pub(super) fn read_entries(&mut self, path: PathBuf) {
        let files = Arc::clone(&self.files);
        let number = self.stamp;
        self.jobs.start(Kind::Entries, self.basis, move |_| {
            let bytes = files.read(&path, MOST_ENTRIES).map_err(|error| error.message())?;
            let text = String::from_utf8(bytes).map_err(|_| {
                let shown = path.display();
                LocalText::new(format!("`{shown}` is not UTF-8"), format!("`{shown}` 不是 UTF-8 编码"))
            })?;
            Ok(Some(Done::Entries(Box::new(EntriesFile { number, text }))))
        });
    }

    pub(super) fn found(&mut self, row: Option<u32>) {
        match row {
            Some(row) => self.view.selection.request = Some(row),
            None => self.tell(Weight::Info, LocalText::new("no request has that key", "没有该流水号的请求")),
        }
    }
}
