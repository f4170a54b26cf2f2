//! What jobs give: plain values, each made from one state of the document.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::deciding::{Against, Baseline, Details, Impact};
use super::disk::Merged;
use super::document::{Broken, Draft};
use super::exporting::Exported;
use super::jobs::Slot;
use super::lines::LineCounts;
use super::mapper::{Mapper, Tried};
use super::opening::OpenedWorkspace;
use super::order::Order;
use super::releases::{Releases, Review};
use super::requests::Requests;
use super::starting::Starting;
use super::sweep::Sweep;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::engine::cases::CaseRun;
use countersign_core::model::Definition;
use countersign_core::release::Release;
use countersign_core::script::Program;
use countersign_core::text::LocalText;
use countersign_workspace::Texts;
use countersign_workspace::lifecycle::KnownKey;

/// What a job gives.
pub(super) enum Done {
    Opened(Box<OpenedWorkspace>),
    Saved(Box<SavedDraft>),
    SavedRaw,
    Mended(Box<Broken>),
    Requests(Box<Requests>),
    /// The columns of a file do not fit; why.
    Misfit(PathBuf, LocalText),
    First(Box<Mapper>),
    Tried(Box<Tried>),
    Starting(Box<Starting>),
    /// A folder without a workspace was to be opened.
    NoWorkspace(PathBuf),
    Checked(Box<Checked>),
    Baseline(Box<Baseline>),
    Against(Box<Against>),
    Impact(Box<Impact>),
    Details(Box<Details>),
    Order(Box<Order>),
    Sweep(Box<Sweep>),
    Lines(Box<LineCounts>),
    Found(Option<u32>),
    Entries(Box<EntriesFile>),
    Written(PathBuf),
    Looked(BTreeSet<String>),
    Merged(Box<Merged>),
    /// Edits of an earlier run that cannot be put over the files; why.
    Unfit(Texts, LocalText),
    Exported(Box<(Exported, Release)>),
    Releases(Box<Releases>),
    Review(Box<Review>),
    Stepped(Result<LocalText, Vec<Finding>>),
    AgentKeys(Result<Vec<KnownKey>, Vec<Finding>>),
    KeyFile(PathBuf, Result<KnownKey, Vec<Finding>>),
    Cases(Box<CaseRun>),
}

/// The text of a file that a person takes entries of a list from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntriesFile {
    /// Tells it from one read before.
    pub number: u64,
    /// What it holds.
    pub text: String,
}

/// A draft that was saved: as it was, and as it stands in the files now.
pub(super) struct SavedDraft {
    pub was: Draft,
    pub now: Draft,
    pub written: BTreeSet<String>,
}

/// The draft compiled and checked.
pub struct Checked {
    /// What was checked; findings point into its sources.
    pub definition: Arc<Definition>,
    /// The compiled scripts.
    pub program: Program,
    /// Everything found, sorted by place.
    pub findings: Vec<Finding>,
    /// What decides by it; none while there are errors.
    pub engine: Option<Engine>,
}

impl Checked {
    /// How many findings weigh that much.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// The last good result of every kind.
#[derive(Default)]
pub(super) struct Results {
    pub check: Slot<Checked>,
    pub baseline: Slot<Baseline>,
    pub against: Slot<Against>,
    pub impact: Slot<Impact>,
    pub details: Slot<Details>,
    pub order: Slot<Order>,
    pub sweep: Slot<Sweep>,
    pub lines: Slot<LineCounts>,
    pub cases: Slot<CaseRun>,
    pub entries: Option<EntriesFile>,
    pub tried: Option<Tried>,
    /// Why the request file that was asked for last could not be read.
    pub unread: Option<LocalText>,
}

/// How much a notice weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing.
    Info,
    /// Done.
    Success,
    /// Something was not done, or not as wanted.
    Error,
}

/// Something to tell the person once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number, to dismiss it by.
    pub id: u64,
    /// How much it weighs.
    pub weight: Weight,
    /// What happened.
    pub text: LocalText,
    /// What to do about it.
    pub help: Option<LocalText>,
    /// The file it is about.
    pub file: Option<PathBuf>,
}
