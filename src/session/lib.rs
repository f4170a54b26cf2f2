//! The application without a screen: what is open, what is looked at, what is being worked out. No egui, no clap.
//!
//! Three piles of state: the [`Document`] (saved, undone), the [`View`] (selection, filters) and the [`Preferences`]. Whatever changes
//! them is an [`Action`]; a recorded list of actions does the same again. Long work runs in the background ([`jobs`]) on an immutable
//! snapshot, and its last good result stays readable, labelled fresh or stale.
//!
//! A window calls [`Session::tick`] once a frame, lets its panels read and push into an outbox, and applies that in order:
//!
//! ```
//! use std::time::Duration;
//! use countersign_core::model::{ParameterId, Scalar};
//! use crate::{Action, FileAction, Options, ParameterAction, Session, Workers};
//! # use std::sync::Arc;
//! # let files = Arc::new(countersign_workspace::DiskFiles);
//! let mut session = Session::new(files, Options { workers: Workers::Inline, ..Options::default() });
//! session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
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
//! are jobs with a [`Shown`] of their own: [`Session::impact`], [`Session::details`], [`Session::sweep_result`],
//! [`Session::line_counts`], [`Session::order`].
//!
//! A window sends [`FileAction::Look`] when it is shown again, and calls [`Session::close`] before it goes; with a folder for settings,
//! unsaved edits then survive a crash and are offered as [`Session::recovery`].
//!
//! Time is handed in as the span since the start. Between ticks nothing moves; [`Session::tick`] says when it wants the next one.

mod actions;
mod asking;
mod commands;
mod deciding;
mod disk;
mod document;
mod exporting;
mod filing;
#[cfg(any(test, feature = "fixtures"))]
#[allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc, clippy::new_without_default, reason = "for tests only")]
pub mod fixture;
mod history;
pub mod jobs;
mod kept;
pub mod kinds;
mod left_out;
mod lines;
mod mapper;
pub mod mappings;
mod opening;
mod order;
mod preferences;
mod releases;
mod releasing;
mod reporting;
mod requests;
mod results;
mod running;
mod scripts;
mod starting;
mod sweep;
pub mod templates;
mod view;
pub mod views;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use actions::{
    Action, CaseAction, FieldAction, FieldSpec, FileAction, ListAction, MappingAction, ParameterAction, ParameterSpec,
    PreferenceAction, ReleaseAction, RuleAction, ScriptAction, SelectAction, StageAction, StageSpec, StartAction, TableAction,
    TextAction, fields_of_interface,
};
pub use commands::{Command, Menu};
pub use deciding::{Baseline, Details, FlipGroup, Impact, Part};
pub use disk::{Conflict, Resolve};
pub use document::{Broken, Document, Draft, Opened, Revision};
pub use exporting::{Exported, Obstacle, ObstacleKind, Readiness, present, readiness};
pub use history::History;
pub use jobs::{Kind, Running, Shown, Status, Waker, Workers};
pub use kept::{KeptChange, Recovery, RecoveryAnswer};
pub use lines::{LineCount, LineCounts};
pub use mapper::{Mapper, TRIED, Tried};
pub use order::Order;
pub use preferences::{Preferences, Theme};
pub use releases::{
    CasesSeen, Counted, FlipsSeen, KeyChoice, Keys, Passphrase, ReleaseRow, Releases, Review, Signing, Step, StepTried,
};
pub use requests::Requests;
pub use results::{Checked, EntriesFile, Notice, Weight};
pub use scripts::ScriptRef;
pub use starting::{Part as FieldPart, Starting};
pub use sweep::{Point, Sweep};
pub use view::{Against, Change, Column, Only, ReleasesView, RulesFilter, Selection, ShownColumn, TableView, View, WhatIf};

use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::engine::cases::CaseRun;
use countersign_core::release::Release;
use countersign_core::text::{Language, LocalText};
use countersign_workspace::Files;
use history::Edit;
use jobs::{Basis, Jobs};
use results::Results;

/// What a shell hands in.
pub struct Options {
    /// Where preferences and unsaved text are kept; nowhere when absent.
    pub settings: Option<PathBuf>,
    /// The language until a person chose one.
    pub language: Language,
    /// Who does the work.
    pub workers: Workers,
    /// Called by a worker when there is news.
    pub waker: Waker,
    /// Whether actions are kept, to be played again.
    pub record: bool,
    /// Where the ssh-agent listens; nowhere when absent.
    pub agent: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let agent = std::env::var_os("SSH_AUTH_SOCK").filter(|path| !path.is_empty()).map(PathBuf::from);
        Self { settings: None, language: Language::En, workers: Workers::Threads, waker: Arc::new(|| {}), record: false, agent }
    }
}

/// The application without a screen.
pub struct Session {
    files: Arc<dyn Files>,
    settings: Option<PathBuf>,
    now: Duration,
    document: Document,
    history: History,
    view: View,
    preferences: Preferences,
    requests: Option<Arc<Requests>>,
    /// A request file of which rows cannot be read; what becomes of them is being asked.
    half_read: Option<Box<Requests>>,
    /// The fields that the rules looked up in a list when they were checked last.
    looked_up: BTreeSet<String>,
    live: Option<(String, Release)>,
    live_is_published: bool,
    results: Results,
    jobs: Jobs,
    notices: Vec<Notice>,
    next_notice: u64,
    /// The finding the cursor was last sent to.
    problem: Option<usize>,
    clock: running::Clock,
    basis: Basis,
    /// How often another parameter was asked to be swept.
    sweeps: u64,
    conflict: Option<Conflict>,
    recovery: Option<Recovery>,
    own_file: kept::OwnFile,
    exported: Option<Exported>,
    mapper: Option<Mapper>,
    /// The request file being read, and the definition it is read by.
    reading: Option<(requests::Wanted, Arc<countersign_core::model::Definition>)>,
    starting: Option<Starting>,
    releases: releases::State,
    agent: Option<PathBuf>,
    record: Option<Vec<(Duration, Action)>>,
    stamp: u64,
}

impl Session {
    /// Nothing open yet.
    #[must_use]
    pub fn new(files: Arc<dyn Files>, options: Options) -> Self {
        let kept = options.settings.as_ref().and_then(|folder| Preferences::load(files.as_ref(), folder));
        let preferences = kept.unwrap_or_else(|| Preferences { language: options.language, ..Preferences::default() });
        Self {
            files,
            settings: options.settings,
            now: Duration::ZERO,
            document: Document::default(),
            history: History::default(),
            view: View::default(),
            preferences,
            requests: None,
            half_read: None,
            looked_up: BTreeSet::new(),
            live: None,
            live_is_published: false,
            results: Results::default(),
            jobs: Jobs::new(options.workers, options.waker),
            notices: Vec::new(),
            next_notice: 0,
            problem: None,
            clock: running::Clock::default(),
            basis: Basis::default(),
            sweeps: 0,
            conflict: None,
            recovery: None,
            own_file: kept::OwnFile::default(),
            exported: None,
            mapper: None,
            reading: None,
            starting: None,
            releases: releases::State::default(),
            agent: options.agent,
            record: options.record.then(Vec::new),
            stamp: 0,
        }
    }

    /// What is edited.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What can be undone and redone.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What is looked at.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// What the person likes.
    #[must_use]
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// The loaded requests.
    #[must_use]
    pub fn requests(&self) -> Option<&Arc<Requests>> {
        self.requests.as_ref()
    }

    /// Why the request file that was asked for last could not be read.
    #[must_use]
    pub fn unread_requests(&self) -> Option<&LocalText> {
        self.results.unread.as_ref()
    }

    /// The live release with its file's name, or the one made last where none was published.
    #[must_use]
    pub fn live(&self) -> Option<&(String, Release)> {
        self.live.as_ref()
    }

    /// What the person should be told, oldest first.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Grows with everything that changes what panels show: a panel may keep what it worked out while this stays.
    #[must_use]
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// The draft compiled and checked.
    #[must_use]
    pub fn check(&self) -> Shown<'_, Checked> {
        let why = || LocalText::new("being checked", "正在检查");
        self.results.check.shown(self.wanted(Kind::Check), self.jobs.running(Kind::Check), why)
    }

    /// What the edits do to the loaded requests.
    #[must_use]
    pub fn impact(&self) -> Shown<'_, Impact> {
        self.results.impact.shown(self.wanted(Kind::Impact), self.jobs.running(Kind::Impact), || self.why_stale())
    }

    /// Figures of the dry run and the comparison: charts, loads, matrices.
    #[must_use]
    pub fn details(&self) -> Shown<'_, Details> {
        self.results.details.shown(self.wanted(Kind::Details), self.jobs.running(Kind::Details), || self.why_stale())
    }

    /// The parameter tried last over its range.
    #[must_use]
    pub fn sweep_result(&self) -> Shown<'_, Sweep> {
        self.results.sweep.shown(self.wanted(Kind::Sweep), self.jobs.running(Kind::Sweep), || self.why_stale())
    }

    /// How many requests come to each condition of the rule in the editor.
    #[must_use]
    pub fn line_counts(&self) -> Shown<'_, LineCounts> {
        self.results.lines.shown(self.wanted(Kind::Lines), self.jobs.running(Kind::Lines), || self.why_stale())
    }

    /// Which requests are listed, in which order.
    #[must_use]
    pub fn order(&self) -> Shown<'_, Order> {
        let why = || LocalText::new("being filtered and sorted", "正在筛选和排序");
        self.results.order.shown(self.wanted(Kind::Order), self.jobs.running(Kind::Order), why)
    }

    /// The cases, run.
    #[must_use]
    pub fn cases(&self) -> Shown<'_, CaseRun> {
        self.results.cases.shown(self.wanted(Kind::Cases), self.jobs.running(Kind::Cases), || self.why_stale())
    }

    /// The file that entries of a list were read from last; see [`FileAction::ReadEntries`].
    #[must_use]
    pub fn entries_file(&self) -> Option<&EntriesFile> {
        self.results.entries.as_ref()
    }

    /// What the draft is compared with.
    #[must_use]
    pub fn baseline(&self) -> Option<&Arc<Baseline>> {
        self.results.baseline.value()
    }

    /// The findings to show: of the last check, or what keeps the workspace from being understood.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match &self.document.opened {
            Opened::Broken(broken) => &broken.findings,
            _ => self.results.check.value().map_or(&[], |checked| &checked.findings),
        }
    }

    /// What is under way, with how far it is.
    pub fn underway(&self) -> impl Iterator<Item = (Kind, Running)> + '_ {
        self.jobs.kinds().filter_map(|kind| Some((kind, self.jobs.running(kind)?)))
    }

    /// What decides by the draft as it is now; none while it has errors or is being checked.
    #[must_use]
    pub fn engine(&self) -> Option<&Engine> {
        self.results.check.fresh(self.wanted(Kind::Check))?.engine.as_ref()
    }

    /// Why a command cannot be done now; `None` when it can.
    #[must_use]
    pub fn hindrance(&self, command: Command) -> Option<LocalText> {
        commands::hindrance(self, command)
    }

    /// The actions applied so far with their times, where they are recorded.
    #[must_use]
    pub fn recorded(&self) -> &[(Duration, Action)] {
        self.record.as_deref().unwrap_or_default()
    }

    /// Does an action; what refuses it becomes a notice.
    pub fn apply(&mut self, action: Action) {
        if let Some(record) = &mut self.record {
            record.push((self.now, action.clone()));
        }
        if let Err(why) = self.do_action(action) {
            self.tell(Weight::Error, why);
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
    fn edit(&mut self, make: impl FnOnce(&Draft) -> Result<Edit, LocalText>) -> Result<(), LocalText> {
        if !self.document.is_editable() {
            return Err(LocalText::new("no workspace is open that can be edited", "没有打开可编辑的工作区"));
        }
        let edit = make(&self.document.draft)?;
        if edit.draft == self.document.draft {
            return Ok(());
        }
        if let Some(file) = self.document.kept_file(&edit.draft) {
            return Err(LocalText::new(
                format!("`{file}` could not be read, so nothing is changed in it: fix it first (Problems)"),
                format!("`{file}` 无法读取，不能修改其内容：请先修正（见“问题”）"),
            ));
        }
        self.history.note(self.document.draft.clone(), &edit, self.now);
        self.set_draft(edit.draft);
        Ok(())
    }

    fn set_draft(&mut self, draft: Draft) {
        let has_other_fields = self.document.draft.definition.schema != draft.definition.schema;
        let is_filtered = !self.view.requests.expression.trim().is_empty();
        if is_filtered && !order::names_same(&self.document.draft.definition, &draft.definition) {
            self.order_changed();
        }
        self.document.set_draft(draft);
        self.drop_lost_selection();
        self.edited();
        if has_other_fields {
            self.read_requests_again();
        }
    }

    fn undo(&mut self) -> Result<(), LocalText> {
        let step = self.history.undo(&self.document.draft);
        let (draft, _) = step.ok_or_else(|| LocalText::new("nothing to undo", "没有可撤销的操作"))?;
        self.set_draft(draft);
        Ok(())
    }

    fn redo(&mut self) -> Result<(), LocalText> {
        let step = self.history.redo(&self.document.draft);
        let (draft, _) = step.ok_or_else(|| LocalText::new("nothing to redo", "没有可重做的操作"))?;
        self.set_draft(draft);
        Ok(())
    }

    /// What is selected must be there.
    fn drop_lost_selection(&mut self) {
        let draft = &self.document.draft;
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

    fn tell(&mut self, weight: Weight, text: LocalText) {
        self.stamp += 1;
        // The same said twice is said once.
        self.notices.retain(|notice| notice.text != text);
        self.notices.push(Notice { id: self.next_notice, weight, text, help: None, file: None });
        self.next_notice += 1;
    }

    fn dismiss(&mut self, notice: u64) {
        self.notices.retain(|held| held.id != notice);
    }
}
