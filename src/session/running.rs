//! What runs when: jobs are started when what they are made from changed, and their results taken up.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use super::document::Opened;
use super::jobs::{Basis, Kind, Message};
use super::requests::{self, Wanted};
use super::results::{Done, Results, Weight};
use super::starting::Starting;
use super::view::Against;
use super::{Action, ScriptRef, Session, deciding, lines, opening, order, sweep};
use countersign_core::engine::cases::run_cases;
use countersign_core::text::LocalText;
use countersign_workspace::Asked;

/// How long nothing must be typed before the draft is checked and run.
const QUIET: Duration = Duration::from_millis(150);

/// What is due when.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// The draft is checked at this time.
    pub(super) check_at: Option<Duration>,
    /// Unsaved text is kept at this time.
    pub(super) keep_at: Option<Duration>,
    /// Whether a save was asked for while one was under way.
    pub(super) save_again: bool,
    /// The requests to read once a workspace is open.
    pub(super) requests_wanted: Option<Wanted>,
}

impl Session {
    /// Takes up what jobs gave and starts what is due; `now` is the span since the start. Says how long until it wants to be called
    /// again; `None` for when something happens.
    pub fn tick(&mut self, now: Duration) -> Option<Duration> {
        self.now = self.now.max(now);
        // Inline jobs are done as soon as they are started, and one result may call for the next job.
        for _ in 0..16 {
            let mut moved = false;
            while let Some(message) = self.jobs.next() {
                self.take_up(message);
                moved = true;
            }
            moved |= self.start_what_is_due();
            if !moved {
                break;
            }
        }
        let next = [self.clock.check_at, self.clock.keep_at, self.releases.look_at].into_iter().flatten().min();
        next.map(|at| at.saturating_sub(self.now))
    }

    /// Plays a recorded list of actions.
    pub fn replay(&mut self, recorded: &[(Duration, Action)]) {
        for (at, action) in recorded {
            self.tick(*at);
            self.apply(action.clone());
        }
    }

    /// What a result of that kind must be made from to be fresh.
    pub(super) fn wanted(&self, kind: Kind) -> Basis {
        let now = Basis { draft: self.document.revision, ..self.basis };
        match kind {
            Kind::Check | Kind::Cases => Basis { draft: now.draft, ..Basis::default() },
            Kind::Baseline => Basis { baseline: now.baseline, ..Basis::default() },
            Kind::Against => Basis { draft: 0, asked: 0, ..now },
            Kind::Order => self.wanted_order(now),
            Kind::Lines => Basis { baseline: 0, asked: self.script_number(), ..now },
            Kind::Sweep => Basis { asked: self.sweeps, ..now },
            _ => Basis { asked: 0, ..now },
        }
    }

    /// A number for the script in the editor.
    fn script_number(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.view.selection.script.hash(&mut hasher);
        hasher.finish()
    }

    /// An order that looks at decisions is of those that are there, whatever has been edited since.
    fn wanted_order(&self, now: Basis) -> Basis {
        let of_impact = self.results.impact.basis().unwrap_or_default();
        if order::needs_decisions(&self.view.requests) {
            return Basis { requests: now.requests, asked: now.asked, ..of_impact };
        }
        Basis { draft: 0, baseline: 0, ..now }
    }

    /// Why results of decisions are not of the draft as it is.
    pub(super) fn why_stale(&self) -> LocalText {
        let has_errors = self.results.check.fresh(self.wanted(Kind::Check)).is_some_and(|checked| checked.engine.is_none());
        if has_errors {
            return LocalText::new("the draft has errors; this is the last good result", "草稿存在错误，显示的是上一次有效结果");
        }
        LocalText::new("being decided again", "正在重新试运行")
    }

    /// The draft changed: it is checked when nothing more is typed.
    pub(super) fn edited(&mut self) {
        self.stamp += 1;
        self.clock.check_at = Some(self.now + QUIET);
        self.keep_later();
    }

    /// Checks and runs without waiting, also what has been done already.
    pub(super) fn run_now(&mut self) {
        self.document.revision += 1;
        self.clock.check_at = Some(self.now);
    }

    pub(super) fn stop(&mut self) {
        let kinds: Vec<Kind> = self.jobs.kinds().filter(|kind| !matches!(kind, Kind::Save | Kind::Keep | Kind::Step)).collect();
        for kind in kinds {
            let basis = self.wanted(kind);
            if self.jobs.cancel(kind) {
                self.note_failure(kind, basis, LocalText::new("stopped", "已停止"));
            } else {
                let what = kind.text();
                let (en, zh) = (
                    format!("{} cannot be stopped any more: the file is being written", what.en),
                    format!("{}：正在写入文件，无法停止", what.zh),
                );
                self.tell(Weight::Info, LocalText::new(en, zh));
            }
        }
    }

    /// Starts what is due; whether anything was started.
    fn start_what_is_due(&mut self) -> bool {
        if self.clock.check_at.is_some_and(|at| at <= self.now) {
            self.clock.check_at = None;
            self.start_check();
            return true;
        }
        if self.clock.keep_at.is_some_and(|at| at <= self.now) {
            self.clock.keep_at = None;
            self.start_keep();
            return true;
        }
        if self.releases.look_at.is_some_and(|at| at <= self.now) {
            self.look_at_releases();
            return true;
        }
        if !self.document.is_editable() {
            return false;
        }
        let is_idle = self.clock.check_at.is_none();
        let prepared = self.start_order() | self.start_requests() | self.start_baseline() | self.start_against();
        is_idle
            && (prepared
                | self.start_impact()
                | self.start_cases()
                | self.start_details()
                | self.start_sweep()
                | self.start_lines()
                | self.start_review())
    }

    /// Whether a job of that kind is to be started for what is wanted now.
    fn is_due(&self, kind: Kind, is_settled: impl Fn(&Results, Basis) -> bool) -> bool {
        let wanted = self.wanted(kind);
        self.jobs.basis(kind) != Some(wanted) && !is_settled(&self.results, wanted)
    }

    fn start_check(&mut self) {
        if let Opened::Broken(broken) = &self.document.opened {
            let (files, root, raw) = (Arc::clone(&self.files), self.document.root.clone(), self.document.raw.clone());
            let read = broken.read.clone();
            let work = move |_: &_| Ok(Some(opening::mend(files.as_ref(), &root, read, &raw)));
            return self.jobs.start(Kind::Check, self.wanted(Kind::Check), work);
        }
        let draft = self.document.draft.clone();
        self.jobs.start(Kind::Check, self.wanted(Kind::Check), move |_| Ok(Some(deciding::check(&draft))));
    }

    fn start_baseline(&mut self) -> bool {
        if !self.is_due(Kind::Baseline, |results, wanted| results.baseline.is_settled(wanted)) {
            return false;
        }
        let live = self.live.as_ref().filter(|_| self.view.against == Against::Live);
        let (definition, is_whole, title, release) = if let Some((_, release)) = live {
            let version = release.version();
            let title = if self.live_is_published {
                LocalText::new(format!("live release {version}"), format!("生效版本 {version}"))
            } else {
                LocalText::new(format!("release {version}, not published"), format!("发布 {version}（未上线）"))
            };
            (Arc::clone(release.definition()), true, title, Some(release.digest()))
        } else {
            let saved = &self.document.saved;
            let title = LocalText::new("workspace as saved", "已保存的工作区");
            (Arc::clone(&saved.definition), saved.unread.rules.is_empty(), title, None)
        };
        let work = move |_: &_| Ok(Some(deciding::baseline(&definition, is_whole, title, release)));
        self.jobs.start(Kind::Baseline, self.wanted(Kind::Baseline), work);
        true
    }

    fn start_requests(&mut self) -> bool {
        let Some(wanted) = self.clock.requests_wanted.take() else { return false };
        let (files, draft) = (Arc::clone(&self.files), self.document.draft.clone());
        self.reading = Some((wanted.clone(), Arc::clone(&draft.definition)));
        let work = move |progress: &_| requests::load(files.as_ref(), &wanted, &draft, progress);
        self.jobs.start(Kind::Requests, self.basis, work);
        true
    }

    fn start_cases(&mut self) -> bool {
        let Some(engine) = self.engine().cloned() else { return false };
        if !self.is_due(Kind::Cases, |results, wanted| results.cases.is_settled(wanted)) {
            return false;
        }
        let cases = Arc::clone(&self.document.draft.cases);
        self.jobs
            .start(Kind::Cases, self.wanted(Kind::Cases), move |_| Ok(Some(Done::Cases(Box::new(run_cases(&engine, &cases))))));
        true
    }

    fn start_against(&mut self) -> bool {
        let Some(requests) = self.requests.clone() else { return false };
        let Some(baseline) = self.results.baseline.fresh(self.wanted(Kind::Baseline)).cloned() else { return false };
        if !self.is_due(Kind::Against, |results, wanted| results.against.is_settled(wanted)) {
            return false;
        }
        let work = move |progress: &_| Ok(deciding::against(&baseline, &requests.table, progress));
        self.jobs.start(Kind::Against, self.wanted(Kind::Against), work);
        true
    }

    fn start_impact(&mut self) -> bool {
        let (Some(engine), Some(requests)) = (self.engine().cloned(), self.requests.clone()) else { return false };
        let Some(against) = self.results.against.fresh(self.wanted(Kind::Against)).cloned() else { return false };
        if !self.is_due(Kind::Impact, |results, wanted| results.impact.is_settled(wanted)) {
            return false;
        }
        let last = self.results.impact.value().map(|impact| impact.new.clone());
        let work = move |progress: &_| deciding::impact(&engine, &against, last.as_ref(), &requests.table, progress);
        self.jobs.start(Kind::Impact, self.wanted(Kind::Impact), work);
        true
    }

    fn start_details(&mut self) -> bool {
        let Some(impact) = self.results.impact.fresh(self.wanted(Kind::Impact)).cloned() else { return false };
        if !self.is_due(Kind::Details, |results, wanted| results.details.is_settled(wanted)) {
            return false;
        }
        self.jobs.start(Kind::Details, self.wanted(Kind::Details), move |_| Ok(Some(deciding::details(&impact))));
        true
    }

    fn start_lines(&mut self) -> bool {
        let Some(ScriptRef::Rule(rule)) = self.view.selection.script.clone() else { return false };
        let Some(requests) = self.requests.clone() else { return false };
        let checked = self.results.check.fresh(self.wanted(Kind::Check)).filter(|checked| checked.engine.is_some());
        let Some(checked) = checked.cloned() else { return false };
        if !self.is_due(Kind::Lines, |results, wanted| results.lines.is_settled(wanted)) {
            return false;
        }
        let work = move |progress: &_| Ok(lines::lines(&checked, &rule, &requests.table, progress));
        self.jobs.start(Kind::Lines, self.wanted(Kind::Lines), work);
        true
    }

    fn start_sweep(&mut self) -> bool {
        let Some(parameter) = self.view.sweep.clone() else { return false };
        let Some(impact) = self.results.impact.fresh(self.wanted(Kind::Impact)).cloned() else { return false };
        if !self.is_due(Kind::Sweep, |results, wanted| results.sweep.is_settled(wanted)) {
            return false;
        }
        let work = move |progress: &_| sweep::sweep(&impact.new, impact.old.as_ref(), &parameter, progress);
        self.jobs.start(Kind::Sweep, self.wanted(Kind::Sweep), work);
        true
    }

    fn start_order(&mut self) -> bool {
        let Some(requests) = self.requests.clone() else { return false };
        if !self.is_due(Kind::Order, |results, wanted| results.order.is_settled(wanted)) {
            return false;
        }
        let asked = order::Asked {
            view: self.view.requests.clone(),
            table: Arc::clone(&requests.table),
            definition: Arc::clone(&self.document.draft.definition),
            impact: self.results.impact.value().cloned(),
        };
        self.jobs.start(Kind::Order, self.wanted(Kind::Order), move |progress| Ok(order::order(&asked, progress)));
        true
    }

    /// One result taken up.
    pub(super) fn take_up(&mut self, message: Message) {
        let Message { kind, basis, took, outcome, .. } = message;
        if kind == Kind::Requests && !matches!(outcome, Ok(None)) && self.read_by_another_schema() {
            return;
        }
        // Nothing came of it: what panels show stays.
        self.stamp += u64::from(!matches!(outcome, Ok(None)));
        match outcome {
            Ok(Some(Done::Opened(opened))) => self.opened(*opened),
            Ok(Some(Done::Saved(saved))) => self.saved(*saved),
            Ok(Some(Done::SavedRaw)) => self.saved_raw(),
            Ok(Some(Done::Mended(broken))) => self.mended(*broken),
            Ok(Some(Done::Requests(requests))) => self.loaded(*requests),
            Ok(Some(Done::Misfit(path, why))) => self.map_requests(Asked::of(&path), Some(why)),
            Ok(Some(Done::First(mapper))) => self.try_mapping(*mapper),
            Ok(Some(Done::Tried(tried))) => self.results.tried = Some(*tried),
            Ok(Some(Done::Starting(starting))) => self.starting = Some(*starting),
            Ok(Some(Done::NoWorkspace(root))) => self.starting = Some(Starting { root, ..Starting::default() }),
            Ok(Some(Done::Checked(checked))) => {
                self.read_exactly(&checked);
                self.results.check.put(basis, took, *checked);
            }
            Ok(Some(Done::Baseline(baseline))) => self.results.baseline.put(basis, took, *baseline),
            Ok(Some(Done::Against(against))) => self.results.against.put(basis, took, *against),
            Ok(Some(Done::Details(details))) => self.results.details.put(basis, took, *details),
            Ok(Some(Done::Sweep(sweep))) => self.results.sweep.put(basis, took, *sweep),
            Ok(Some(Done::Lines(lines))) => self.results.lines.put(basis, took, *lines),
            Ok(Some(Done::Found(row))) => self.found(row),
            Ok(Some(Done::Entries(read))) => self.results.entries = Some(*read),
            Ok(Some(Done::Written(path))) => self.written(&path),
            Ok(Some(Done::Looked(theirs))) => self.looked(theirs),
            Ok(Some(Done::Merged(merged))) => self.merged(*merged),
            Ok(Some(Done::Unfit(texts, why))) => self.unfit(texts, why),
            Ok(Some(Done::Exported(exported))) => self.exported(exported.0, exported.1),
            Ok(Some(Done::Releases(found))) => self.take_releases(took, *found),
            Ok(Some(Done::Review(review))) => self.take_review(basis, took, *review),
            Ok(Some(Done::Stepped(outcome))) => self.stepped(outcome),
            Ok(Some(Done::AgentKeys(found))) => self.take_agent_keys(found),
            Ok(Some(Done::KeyFile(path, found))) => self.take_key_file(path, found),
            Ok(Some(Done::Order(order))) => self.results.order.put(basis, took, *order),
            Ok(Some(Done::Impact(impact))) => self.results.impact.put(basis, took, *impact),
            Ok(Some(Done::Cases(run))) => self.results.cases.put(basis, took, *run),
            Ok(None) => {}
            Err(why) => self.note_failure(kind, basis, why),
        }
    }

    fn note_failure(&mut self, kind: Kind, basis: Basis, why: LocalText) {
        match kind {
            Kind::Check => self.results.check.fail(basis, why),
            Kind::Baseline => self.results.baseline.fail(basis, why),
            Kind::Against => self.results.against.fail(basis, why),
            Kind::Impact => self.results.impact.fail(basis, why),
            Kind::Details => self.results.details.fail(basis, why),
            Kind::Order => self.results.order.fail(basis, why),
            Kind::Sweep => self.results.sweep.fail(basis, why),
            Kind::Lines => self.results.lines.fail(basis, why),
            Kind::Cases => self.results.cases.fail(basis, why),
            Kind::Releases => self.releases.list.fail(basis, why),
            Kind::Review => self.fail_review(basis, why),
            Kind::Step => self.fail_step(why),
            Kind::Requests => {
                self.results.unread = Some(why.clone());
                self.tell(Weight::Error, why);
            }
            // Somebody else may have written meanwhile: then it is asked whose text counts.
            Kind::Save => {
                self.tell(Weight::Error, why);
                self.look();
            }
            _ => self.tell(Weight::Error, why),
        }
    }

    pub(super) fn keep_preferences(&mut self) {
        if let Some(folder) = &self.settings {
            self.preferences.keep(self.files.as_ref(), folder);
        }
    }
}
