//! The application without a screen: what is open, what is looked at, what is being worked out. No egui, no clap.
//!
//! Three piles of state: the [`OpenDocument`] (saved, undone), the [`ViewState`] (selection, filters) and the [`Preferences`]. Whatever changes
//! them is an [`Action`]; a recorded list of actions does the same again. Long work runs in the background ([`jobs`]) on an immutable
//! snapshot, and its last good result stays readable, labelled fresh or stale.
//!
//! A window calls [`Session::tick`] once a frame, lets its panels read and push into an outbox, and applies that in order:
//!
//! ```
//! use std::time::Duration;
//! use countersign_core::model::{ParameterId, Scalar};
//! use countersign_session::{Action, FileAction, SessionOptions, ParameterAction, Session, Workers};
//! # use std::sync::Arc;
//! # let files = Arc::new(countersign_workspace::DiskFiles);
//! let mut session = Session::new(files, SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
//! session.apply(Action::File(FileAction::OpenWorkspace("../../rules".into())));
//! session.tick(Duration::ZERO);
//!
//! // A panel reads …
//! let mut outbox: Vec<Action> = Vec::new();
//! let id = ParameterId::new("max_cards_per_mobile")?;
//! let parameter = &session.document().rule_set().parameters[&id];
//! // … and pushes what was done to it.
//! outbox.push(Action::Parameter(ParameterAction::Set(id, Scalar::from(6))));
//! outbox.drain(..).for_each(|action| session.apply(action));
//! assert_eq!(session.history().undo_label().unwrap().en, "Undo: set `max_cards_per_mobile` to 6");
//! # Ok::<(), countersign_core::model::IdError>(())
//! ```
//!
//! What panels show is worked out in [`views`]: [`views::rules`] the list, [`views::assist`] completions and documentation,
//! [`views::problems`], [`views::inspector`], [`views::table`] the requests, [`views::explain`] and [`views::trial`] one of them,
//! [`views::impact`] the sentence of the strip and the groups of flips, [`views::charts`], [`views::loads`], [`views::palette`]. Slow ones
//! are jobs with a [`ResultView`] of their own: [`Session::impact`], [`Session::details`], [`Session::sweep_result`],
//! [`Session::line_counts`], [`Session::rule_in_words`], [`Session::request_order`].
//!
//! A window sends [`FileAction::DetectChanges`] when it is shown again, and calls [`Session::close`] before it goes; with a folder for settings,
//! unsaved edits then survive a crash and are offered as [`Session::recovery`].
//!
//! Time is handed in as the span since the start. Between ticks nothing moves; [`Session::tick`] says when it wants the next one.

mod actions;
mod commands;
mod dirty;
mod document;
mod document_io;
mod draft;
#[cfg(any(test, feature = "fixtures"))]
#[allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc, clippy::new_without_default, reason = "for tests only")]
pub mod fixture;
mod history;
pub mod jobs;
pub mod kinds;
mod mapper;
pub mod mappings;
mod new_workspace;
mod notices;
mod preferences;
mod readiness;
mod release_steps;
mod releases;
mod requests;
mod scheduler;
pub mod templates;
mod unsaved;
mod view;
pub mod views;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use actions::{
    Action, CaseAction, FieldAction, FieldSpec, FileAction, ListAction, MappingAction, ParameterAction, ParameterSpec,
    PreferenceAction, ReleaseAction, RuleAction, ScriptAction, SelectAction, StageAction, StageSpec, StartAction, TableAction,
    TextAction, fields_of_interface,
};
pub use commands::{Command, Menu};
pub use document::{OpenDocument, OpenState, Revision, UnreadableWorkspace};
pub use document_io::{Conflict, Resolve};
pub use draft::{Draft, ScriptRef};
pub use history::EditHistory;
pub use jobs::baseline::Baseline;
pub use jobs::check::CheckedDraft;
pub use jobs::export::ExportedRelease;
pub use jobs::impact::{Details, Impact};
pub use jobs::keys::{KeyChoice, Passphrase, SigningKeys};
pub use jobs::line_counts::{LineCount, LineCounts};
pub use jobs::list_releases::{ReleaseList, ReleaseRow};
pub use jobs::mapping::MappingTrial;
pub use jobs::read_entries::EntriesFile;
pub use jobs::reading::RuleInWords;
pub use jobs::request_filter::RequestOrder;
pub use jobs::review::{EvidenceCheck, Review, ReviewedCases, ReviewedFlips};
pub use jobs::stage_table::{CellValue, StageInTable};
pub use jobs::step::{ReleaseStep, SigningRequest, StepAttempt};
pub use jobs::sweep::{Caught, Sweep, SweepPoint};
pub use jobs::{Freshness, JobKind, JobProgress, ResultView, Waker, Workers};
pub use mapper::{Mapper, TRIED_ROWS};
pub use new_workspace::{ColumnRole, NewWorkspace};
pub use notices::{Notice, Weight};
pub use preferences::{Preferences, ScriptView, Theme};
pub use readiness::{Obstacle, ObstacleKind, Readiness, present, readiness};
pub use requests::LoadedRequests;
pub use unsaved::{Recovery, RecoveryAnswer, UnsavedChange};
pub use view::{
    BaselineChoice, ReleasesView, RequestColumn, RowFilter, RulesFilter, Selection, ShownColumn, TableView, ViewState, WhatIf,
};

use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::engine::cases::CaseRun;
use countersign_core::text::{Language, LocalText};
use countersign_workspace::Files;
use history::DraftEdit;
use jobs::baseline::PrepareBaseline;
use jobs::check::CheckDraft;
use jobs::impact::{CountDetails, DecideDraft};
use jobs::line_counts::CountLines;
use jobs::reading::ReadRule;
use jobs::request_filter::{FilterRequests, names_same};
use jobs::run_cases::RunCases;
use jobs::stage_table::TabulateStage;
use jobs::sweep::SweepParameter;
use jobs::{Jobs, Results};
use notices::Notices;
use preferences::Settings;
use releases::WorkspaceReleases;
use requests::RequestState;
use scheduler::Schedule;
use unsaved::UnsavedEdits;

pub struct SessionOptions {
    /// Where preferences and unsaved text are kept; nowhere when absent.
    pub settings: Option<PathBuf>,
    /// The language until a person chose one.
    pub language: Language,
    pub workers: Workers,
    /// Called by a worker when there is news.
    pub waker: Waker,
    /// Whether actions are kept, to be played again.
    pub record: bool,
    /// Where the ssh-agent listens; nowhere when absent.
    pub agent: Option<PathBuf>,
}

impl Default for SessionOptions {
    fn default() -> Self {
        let agent = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).map(PathBuf::from);
        Self { settings: None, language: Language::En, workers: Workers::Threads, waker: Arc::new(|| {}), record: false, agent }
    }
}

/// The application without a screen.
pub struct Session {
    files: Arc<dyn Files>,
    document: OpenDocument,
    requests: RequestState,
    results: Results,
    releases: WorkspaceReleases,
    unsaved: UnsavedEdits,
    new_workspace: Option<NewWorkspace>,
    settings: Settings,
    view: ViewState,
    /// The finding the cursor was last sent to.
    problem: Option<usize>,
    notices: Notices,
    schedule: Schedule,
    jobs: Jobs,
    record: Option<Vec<(Duration, Action)>>,
    stamp: u64,
}

impl Session {
    pub fn new(files: Arc<dyn Files>, options: SessionOptions) -> Self {
        Self {
            document: OpenDocument::default(),
            requests: RequestState::default(),
            results: Results::default(),
            releases: WorkspaceReleases::new(options.agent),
            unsaved: UnsavedEdits::default(),
            new_workspace: None,
            settings: Settings::load(files.as_ref(), options.settings, options.language),
            view: ViewState::default(),
            problem: None,
            notices: Notices::default(),
            schedule: Schedule::default(),
            jobs: Jobs::new(options.workers, options.waker),
            record: options.record.then(Vec::new),
            stamp: 0,
            files,
        }
    }

    fn files(&self) -> Arc<dyn Files> {
        Arc::clone(&self.files)
    }

    pub fn document(&self) -> &OpenDocument {
        &self.document
    }

    /// What can be undone and redone.
    pub fn history(&self) -> &EditHistory {
        self.document.history()
    }

    /// Whether the draft is compared with a live release, and not with the workspace as saved.
    pub fn is_against_live(&self) -> bool {
        self.live().is_some() && self.view.against == BaselineChoice::Live
    }

    pub fn view(&self) -> &ViewState {
        &self.view
    }

    /// Grows with everything that changes what panels show: a panel may keep what it worked out while this stays.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    pub fn check(&self) -> ResultView<'_, CheckedDraft> {
        self.shown::<CheckDraft>()
    }

    /// What the edits do to the loaded requests.
    pub fn impact(&self) -> ResultView<'_, Impact> {
        self.shown::<DecideDraft>()
    }

    /// Figures of the dry run and the comparison: charts, loads, matrices.
    pub fn details(&self) -> ResultView<'_, Details> {
        self.shown::<CountDetails>()
    }

    /// The parameter tried last over its range.
    pub fn sweep_result(&self) -> ResultView<'_, Sweep> {
        self.shown::<SweepParameter>()
    }

    /// How many requests reach each condition of the rule in the editor.
    pub fn line_counts(&self) -> ResultView<'_, LineCounts> {
        self.shown::<CountLines>()
    }

    /// The rule in the editor in plain language.
    pub fn rule_in_words(&self) -> ResultView<'_, RuleInWords> {
        self.shown::<ReadRule>()
    }

    /// The stage of the rule in the editor as a decision table; made while it is shown.
    pub fn stage_in_table(&self) -> ResultView<'_, StageInTable> {
        self.shown::<TabulateStage>()
    }

    /// Which requests are listed, in which order.
    pub fn request_order(&self) -> ResultView<'_, RequestOrder> {
        self.shown::<FilterRequests>()
    }

    pub fn cases(&self) -> ResultView<'_, CaseRun> {
        self.shown::<RunCases>()
    }

    /// What the draft is compared with.
    pub fn baseline(&self) -> Option<&Arc<Baseline>> {
        self.last::<PrepareBaseline>()
    }

    /// The findings to show: of the last check, or what keeps the workspace from being understood.
    pub fn findings(&self) -> &[Finding] {
        match self.document.opened() {
            OpenState::Unreadable(broken) => &broken.findings,
            _ => self.last::<CheckDraft>().map_or(&[], |checked| &checked.findings),
        }
    }

    /// What is under way, with how far it is.
    pub fn underway(&self) -> impl Iterator<Item = (JobKind, JobProgress)> + '_ {
        self.jobs.kinds().filter_map(|kind| Some((kind, self.jobs.running(kind)?)))
    }

    /// What decides by the draft as it is now; none while it has errors or is being checked.
    pub fn engine(&self) -> Option<&Engine> {
        self.fresh::<CheckDraft>()?.engine.as_ref()
    }

    /// Why a command cannot be done now; `None` when it can.
    pub fn why_disabled(&self, command: Command) -> Option<LocalText> {
        commands::why_disabled(self, command)
    }

    /// The actions applied so far with their times, where they are recorded.
    pub fn recorded(&self) -> &[(Duration, Action)] {
        self.record.as_deref().unwrap_or_default()
    }

    /// Does an action; what refuses it becomes a notice.
    pub fn apply(&mut self, action: Action) {
        if let Some(record) = &mut self.record {
            record.push((self.schedule.now(), action.clone()));
        }
        if let Err(why) = self.do_action(action) {
            self.notify(Weight::Error, why);
        }
    }

    /// Does an action without recording it: as part of another.
    fn do_action(&mut self, action: Action) -> Result<(), LocalText> {
        self.stamp += 1;
        actions::apply(self, action)
    }

    fn run(&mut self, command: Command) -> Result<(), LocalText> {
        commands::run(self, command)
    }

    /// Edits the draft. An edit that changes nothing is none.
    fn edit(&mut self, make: impl FnOnce(&Draft) -> Result<DraftEdit, LocalText>) -> Result<(), LocalText> {
        if let Some(draft) = self.document.edit(make, self.schedule.now())? {
            self.set_draft(draft);
        }
        Ok(())
    }

    fn set_draft(&mut self, draft: Draft) {
        let has_other_fields = self.document.definition().schema != draft.definition.schema;
        let is_filtered = !self.view.requests.expression.trim().is_empty();
        if is_filtered && !names_same(self.document.definition(), &draft.definition) {
            self.results.filter_changed();
        }
        self.document.set_draft(draft);
        self.drop_lost_selection();
        self.draft_edited();
        if has_other_fields {
            self.read_requests_again();
        }
    }

    fn undo(&mut self) -> Result<(), LocalText> {
        let draft = self.document.undo().ok_or_else(|| LocalText::new("nothing to undo", "没有可撤销的操作"))?;
        self.set_draft(draft);
        Ok(())
    }

    fn redo(&mut self) -> Result<(), LocalText> {
        let draft = self.document.redo().ok_or_else(|| LocalText::new("nothing to redo", "没有可重做的操作"))?;
        self.set_draft(draft);
        Ok(())
    }

    /// What is selected must be there.
    fn drop_lost_selection(&mut self) {
        let draft = self.document.draft();
        let selection = &mut self.view.selection;
        let is_there = |id: &countersign_core::model::RuleId| draft.rule_set().find_rule(id.as_str()).is_some();
        selection.rules.retain(is_there);
        selection.rule.take_if(|rule| !is_there(rule));
        selection.script.take_if(|script| draft.script(script).is_none());
        selection.case.take_if(|case| !draft.cases.cases.iter().any(|held| held.id == *case));
        let has_stage = |id: &countersign_core::model::StageId| draft.rule_set().stages.iter().any(|stage| stage.id == *id);
        selection.stage.take_if(|stage| !has_stage(stage));
        self.view.rules_filter.stages.retain(has_stage);
        let has_interface = |id: &countersign_core::model::InterfaceId| draft.rule_set().interfaces.contains_key(id);
        self.view.what_if.closed.retain(|closed, taker| has_interface(closed) && has_interface(taker));
    }
}
