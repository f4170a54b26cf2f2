//! What is asked of the jobs besides the draft: a comparison, a sweep, a request by its key.

use super::jobs::Kind;
use super::results::Weight;
use super::view::Against;
use super::{Session, order};
use crate::model::ParameterId;
use crate::text::LocalText;

impl Session {
    pub(super) fn compare_with(&mut self, against: Against) {
        if self.view.against != against {
            self.view.against = against;
            self.basis.baseline += 1;
        }
    }

    pub(super) fn sweep(&mut self, parameter: ParameterId) {
        self.view.sweep = Some(parameter);
        self.asks.sweep += 1;
        self.asks.sweep_is_due = true;
    }

    pub(super) fn order_changed(&mut self) {
        self.basis.asked += 1;
    }

    /// Looks for a request by its key.
    pub(super) fn find_request(&mut self, key: String) {
        let Some(requests) = self.requests.clone() else { return };
        self.jobs.start(Kind::Find, self.basis, move |progress| Ok(order::find(&requests.table, &key, progress)));
    }

    pub(super) fn found(&mut self, row: Option<u32>) {
        match row {
            Some(row) => self.view.selection.request = Some(row),
            None => self.tell(Weight::Info, LocalText::new("no request has that key", "没有该流水号的请求")),
        }
    }
}
