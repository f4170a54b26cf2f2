//! Rows of a request file that could not be read: whether they are left out is asked before the file is taken, and stays to be seen while
//! it is loaded.

use std::sync::Arc;

use super::{Requests, Session, mappings};
use countersign_core::diagnostic::Severity;
use countersign_core::model::SetAside;
use countersign_core::text::LocalText;

impl Session {
    /// A request file that was read but for some rows, and waits for [`FileAction::LeaveOut`](super::FileAction::LeaveOut).
    #[must_use]
    pub fn half_read(&self) -> Option<&Requests> {
        self.half_read.as_deref()
    }

    /// The rows of the loaded requests that are in no figure.
    #[must_use]
    pub fn left_out(&self) -> Option<&SetAside> {
        self.requests.as_ref()?.set_aside.as_ref()
    }

    /// The key by which somebody answers for the rows left out; see [`Action::Acknowledge`](super::Action::Acknowledge).
    #[must_use]
    pub fn left_out_key(&self) -> Option<String> {
        Some(format!("rows left out: {}", self.left_out()?.digest))
    }

    /// Whether somebody answers for the rows left out, where there are any.
    #[must_use]
    pub fn is_left_out_acknowledged(&self) -> bool {
        self.left_out_key().is_none_or(|key| self.view.acknowledged.contains(&key))
    }

    /// Takes what was read; where rows of it cannot be read and nobody has yet said to leave out just these, that is asked first.
    pub(super) fn loaded(&mut self, requests: Requests) {
        let known = self.requests.as_ref().filter(|known| known.path == requests.path).and_then(|known| known.set_aside.as_ref());
        let is_answered = requests.set_aside.as_ref().is_none_or(|aside| known.is_some_and(|known| known.digest == aside.digest));
        if is_answered {
            self.half_read = None;
            self.take_requests(requests);
        } else {
            self.half_read = Some(Box::new(requests));
        }
    }

    /// Answers for the file that was read but for some rows: takes it without them, or not at all.
    pub(super) fn leave_out(&mut self, yes: bool) -> Result<(), LocalText> {
        let nothing = || LocalText::new("no request file waits for an answer", "没有等待确认的请求文件");
        let requests = self.half_read.take().ok_or_else(nothing)?;
        if yes {
            self.take_requests(*requests);
            // The fields may have changed since it was read.
            self.read_requests_again();
        }
        Ok(())
    }

    /// Opens the mapping of the file whose rows cannot be read, as it was read, to be corrected.
    pub(super) fn correct_mapping(&mut self) -> Result<(), LocalText> {
        let nothing = || LocalText::new("every row of the requests was read", "请求文件的全部记录均已读取");
        let waiting = self.half_read.take().map(Arc::from);
        let requests = waiting.or_else(|| self.requests.clone()).filter(|requests| requests.set_aside.is_some());
        let requests = requests.ok_or_else(nothing)?;
        let draft = &self.document.draft;
        let named = || draft.mappings.get(requests.mapping.as_ref()?).cloned();
        let text = requests.own_mapping.clone().or_else(named);
        let name = requests.mapping.as_deref().unwrap_or("…");
        let held = text.map(|text| mappings::understand(name, &text, &draft.definition.schema)).transpose()?;
        let first = requests.problems.first().map(|problem| problem.to_finding(&requests.name, Severity::Error).message);
        self.map_again(&requests.path, held, first);
        Ok(())
    }
}
