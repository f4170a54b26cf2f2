//! The loaded requests: one file, read in the background, and the rows of it that cannot be read.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::jobs::check::CheckedDraft;
use super::jobs::mapping::MappingTrial;
use super::jobs::read_entries::EntriesFile;
use super::jobs::requests::ReadRequests;
use super::mapper::Mapper;
use super::notices::Weight;
use super::{Session, actions, mappings};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::model::{Definition, SetAside};
use countersign_core::release::Digest;
use countersign_core::text::LocalText;
use countersign_requests::kinds::SPREADSHEET_NUMBER;
use countersign_requests::{RowProblem, Table, chosen_mapping_text};
use countersign_run::evidence::SampleFile;

#[derive(Clone, Debug)]
pub struct LoadedRequests {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name without folders.
    pub name: String,
    /// The mapping it was read by: a name in the workspace.
    pub mapping: Option<String>,
    /// Whether nobody named that mapping: it was found among those of the workspace.
    pub is_mapping_found: bool,
    /// The text of a mapping that was made for it, kept in the workspace or not.
    pub own_mapping: Option<String>,
    /// The digest of the mapping's text.
    pub mapping_digest: Option<Digest>,
    /// The digest of its bytes.
    pub digest: Digest,
    pub table: Arc<Table>,
    /// The rows that could not be read and are in no figure.
    pub set_aside: Option<SetAside>,
    /// The first of them.
    pub problems: Vec<RowProblem>,
    /// What is worth knowing of the file.
    pub findings: Vec<Finding>,
    /// The fields of which every digit had to be there, since a rule looks them up in a list.
    pub exact: BTreeSet<String>,
}

impl LoadedRequests {
    /// What evidence names the file by.
    pub fn sample(&self) -> SampleFile {
        SampleFile { name: self.name.clone(), digest: self.digest, mapping: self.mapping_digest, set_aside: self.set_aside.clone() }
    }
}

#[derive(Clone)]
pub(super) struct RequestSource {
    pub path: PathBuf,
    pub mapping: Option<String>,
    /// The text of a mapping that the workspace need not have.
    pub own: Option<String>,
    /// Whether they are loaded and read again by another schema: then no mapping is asked for where they do not fit.
    pub again: bool,
}

/// The request file, what is read of it next, and the mapping that is made for it.
#[derive(Default)]
pub(super) struct RequestState {
    loaded: Option<Arc<LoadedRequests>>,
    /// A file of which rows cannot be read, until it is answered whether they are left out.
    partly_read: Option<Box<LoadedRequests>>,
    /// Why the file that was asked for last could not be read.
    failure: Option<LocalText>,
    /// What is read once a workspace is open.
    queued: Option<RequestSource>,
    /// What is being read, and the definition it is read by.
    reading: Option<(RequestSource, Arc<Definition>)>,
    /// The fields that the rules looked up in a list when they were checked last.
    looked_up: BTreeSet<String>,
    mapper: Option<Mapper>,
    tried: Option<MappingTrial>,
    entries: Option<EntriesFile>,
}

impl RequestState {
    /// Forgets the file, what it failed with, and what was tried on it; another workspace is opened. What is queued stays.
    pub(super) fn clear(&mut self) {
        (self.loaded, self.partly_read, self.failure) = (None, None, None);
        (self.tried, self.entries) = (None, None);
    }

    pub(super) fn queue(&mut self, path: PathBuf, mapping: Option<String>, own: Option<String>) {
        self.queued = Some(RequestSource { path, mapping, own, again: false });
    }

    /// Reads the loaded file once more, by another schema or other rules.
    fn queue_again(&mut self) {
        if let Some(requests) = &self.loaded {
            let (path, mapping, own) = (requests.path.clone(), requests.mapping.clone(), requests.own_mapping.clone());
            self.queued = Some(RequestSource { path, mapping, own, again: true });
        }
    }

    pub(super) fn mapper(&self) -> Option<&Mapper> {
        self.mapper.as_ref()
    }

    pub(super) fn set_mapper(&mut self, mapper: Mapper) {
        self.mapper = Some(mapper);
    }

    /// No mapping is being made any more.
    pub(super) fn close_mapper(&mut self) {
        (self.mapper, self.tried) = (None, None);
    }

    pub(super) fn tried(&self) -> Option<&MappingTrial> {
        self.tried.as_ref()
    }

    pub(super) fn set_tried(&mut self, tried: MappingTrial) {
        self.tried = Some(tried);
    }

    pub(super) fn set_entries(&mut self, entries: EntriesFile) {
        self.entries = Some(entries);
    }
}

impl Session {
    pub fn requests(&self) -> Option<&Arc<LoadedRequests>> {
        self.requests.loaded.as_ref()
    }

    /// Why the request file that was asked for last could not be read.
    pub fn requests_failure(&self) -> Option<&LocalText> {
        self.requests.failure.as_ref()
    }

    /// The file that entries of a list were read from last; see [`FileAction::ReadEntries`](super::FileAction::ReadEntries).
    pub fn entries_file(&self) -> Option<&EntriesFile> {
        self.requests.entries.as_ref()
    }

    pub(super) fn open_requests(&mut self, path: PathBuf, mapping: Option<String>) {
        (self.requests.failure, self.requests.partly_read) = (None, None);
        self.requests.queue(path, mapping, None);
    }

    /// Starts to read what is queued; whether there is any.
    pub(super) fn start_requests(&mut self) -> bool {
        let Some(wanted) = self.requests.queued.take() else { return false };
        let (files, draft) = (self.files(), self.document.draft().clone());
        // Where only definitions of derived fields changed, the rows stay; a new field may be a column of the file.
        let is_known = |requests: &&Arc<LoadedRequests>| {
            let (read, now) = (requests.table.schema(), &draft.definition);
            let has_new = now.schema.derived().any(|(_, name, ..)| read.find(&name).is_none());
            wanted.again && !has_new && actions::covers(read, now) && !actions::has_same_derived(read, &now.schema)
        };
        let known = self.requests.loaded.as_ref().filter(is_known).cloned();
        self.requests.reading = Some((wanted.clone(), Arc::clone(&draft.definition)));
        self.start(ReadRequests { files, wanted, draft, known });
        true
    }

    /// Requests are read by the schema: another one of which they lack a field reads them again.
    pub(super) fn read_requests_again(&mut self) {
        let now = self.document.definition();
        let lacks = |requests: &Arc<LoadedRequests>| {
            let read = requests.table.schema();
            !actions::covers(read, now) || !actions::has_same_derived(read, &now.schema)
        };
        if self.document.is_editable() && self.requests().is_some_and(lacks) {
            self.requests.queue_again();
        }
    }

    /// Whether the requests that were just read were read by a schema that is not the draft's any more; then they are read again.
    pub(super) fn is_read_by_another_schema(&mut self) -> bool {
        let Some((wanted, definition)) = self.requests.reading.take() else { return false };
        let is_other = self.document.is_editable() && definition.schema != self.document.definition().schema;
        if is_other {
            self.requests.queued.get_or_insert(wanted);
        }
        is_other
    }

    /// Numbers that a spreadsheet rounded are refused in fields that a rule looks up in a list: where a rule begins to do so, requests
    /// with such numbers are read again.
    pub(super) fn read_exactly(&mut self, checked: &CheckedDraft) {
        let schema = &checked.definition.schema;
        let names = checked.program.looked_up().into_iter().filter_map(|field| schema.name_of(field));
        let before = std::mem::replace(&mut self.requests.looked_up, names.collect());
        let Some(requests) = &self.requests.loaded else { return };
        let is_new = |name: &String| !before.contains(name) && !requests.exact.contains(name);
        let is_rounded = requests.findings.iter().any(|finding| finding.kind == SPREADSHEET_NUMBER);
        if is_rounded && self.requests.looked_up.iter().any(is_new) {
            self.requests.queue_again();
        }
    }

    /// Decides by these requests from now on.
    fn load_requests(&mut self, requests: LoadedRequests) {
        self.results.requests_changed();
        let is_same = |old: &Arc<LoadedRequests>| old.digest == requests.digest && old.table.len() == requests.table.len();
        if !self.requests.loaded.as_ref().is_some_and(is_same) {
            self.view.selection.request = None;
            self.view.requests.only.clear();
        }
        let path = self.files.absolute(&requests.path);
        if let Some(mapping) = requests.mapping.as_ref().filter(|_| requests.is_mapping_found) {
            self.notify(Weight::Info, chosen_mapping_text(&requests.name, mapping));
        }
        self.requests.loaded = Some(Arc::new(requests));
        self.change_preferences(|preferences| preferences.add_recent_requests(path));
    }

    pub(super) fn requests_failed(&mut self, why: LocalText) {
        self.requests.failure = Some(why.clone());
        self.notify(Weight::Error, why);
    }
    /// A request file that was read but for some rows, and waits for [`FileAction::LeaveOut`](super::FileAction::LeaveOut).
    pub fn partly_read(&self) -> Option<&LoadedRequests> {
        self.requests.partly_read.as_deref()
    }

    /// The rows of the loaded requests that are in no figure.
    pub fn left_out(&self) -> Option<&SetAside> {
        self.requests()?.set_aside.as_ref()
    }

    /// The key by which somebody takes responsibility for the rows left out; see [`Action::Acknowledge`](super::Action::Acknowledge).
    pub fn left_out_key(&self) -> Option<String> {
        Some(format!("rows left out: {}", self.left_out()?.digest))
    }

    /// Whether somebody takes responsibility for the rows left out, where there are any.
    pub fn is_left_out_acknowledged(&self) -> bool {
        self.left_out_key().is_none_or(|key| self.view.acknowledged.contains_key(&key))
    }

    /// Takes what was read; where rows of it cannot be read and nobody has yet said to leave out just these, that is asked first.
    pub(super) fn requests_read(&mut self, requests: LoadedRequests) {
        let known = self.requests().filter(|known| known.path == requests.path).and_then(|known| known.set_aside.as_ref());
        let is_answered = requests.set_aside.as_ref().is_none_or(|aside| known.is_some_and(|known| known.digest == aside.digest));
        if is_answered {
            self.requests.partly_read = None;
            self.load_requests(requests);
        } else {
            self.requests.partly_read = Some(Box::new(requests));
        }
    }

    /// Answers for the file that was read but for some rows: takes it without them, or not at all.
    pub(super) fn leave_out(&mut self, yes: bool) -> Result<(), LocalText> {
        let nothing = || LocalText::new("no request file waits for an answer", "没有等待确认的请求文件");
        let requests = self.requests.partly_read.take().ok_or_else(nothing)?;
        if yes {
            self.load_requests(*requests);
            // The fields may have changed since it was read.
            self.read_requests_again();
        }
        Ok(())
    }

    /// Opens the mapping of the file whose rows cannot be read, as it was read, to be corrected.
    pub(super) fn correct_mapping(&mut self) -> Result<(), LocalText> {
        let nothing = || LocalText::new("every row of the requests was read", "请求文件的全部记录均已读取");
        let waiting = self.requests.partly_read.take().map(Arc::from);
        let requests = waiting.or_else(|| self.requests().cloned()).filter(|requests| requests.set_aside.is_some());
        let requests = requests.ok_or_else(nothing)?;
        let draft = self.document.draft();
        let named = || draft.mappings.get(requests.mapping.as_ref()?).cloned();
        let text = requests.own_mapping.clone().or_else(named);
        let name = requests.mapping.as_deref().unwrap_or("…");
        let held = text.map(|text| mappings::understand(name, &text, &draft.definition.schema)).transpose()?;
        let first = requests.problems.first().map(|problem| problem.to_finding(&requests.name, Severity::Error).message);
        self.map_again(&requests.path, held, first);
        Ok(())
    }
}

pub(super) fn first_message(findings: &[Finding]) -> LocalText {
    findings.first().map(|finding| finding.message.clone()).unwrap_or_default()
}

/// The first finding as a sentence with its place.
pub(super) fn first_sentence(findings: &[Finding]) -> LocalText {
    findings.first().map(Finding::sentence).unwrap_or_default()
}
