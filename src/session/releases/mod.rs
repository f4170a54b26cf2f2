//! The releases of the workspace from the session's side: listed, reviewed, taken a step further.

mod allowed;
pub(super) mod list;
pub(super) mod review;
pub(super) mod steps;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use list::{ReleaseRow, Releases};
pub use review::{CasesSeen, Counted, FlipsSeen, Review};
pub use steps::{KeyChoice, Keys, Passphrase, Signing, Step, StepTried};

use super::jobs::{Basis, Kind, Slot};
use super::results::Weight;
use super::view::Against;
use super::{Session, Shown};
use crate::kinds::STEP_FAILED;
use countersign_core::diagnostic::Finding;
use countersign_core::model::Moment;
use countersign_core::progress::Progress;
use countersign_core::release::{Digest, Provenance, Release};
use countersign_core::text::LocalText;

/// How often the workspace is looked at while its releases are shown.
const EVERY: Duration = Duration::from_secs(2);

/// What is known of the releases.
#[derive(Default)]
pub(super) struct State {
    pub(super) list: Slot<Releases>,
    review: Slot<Review>,
    tried: Option<StepTried>,
    keys: Keys,
    /// Whether they are shown.
    is_watched: bool,
    /// When to look again.
    pub(super) look_at: Option<Duration>,
    /// Counts what reviews were asked for.
    asked: u64,
    /// The release and what it is seen against, of the review asked for last, the requests and the cases.
    of: Option<(Digest, Option<Digest>, u64, u64)>,
}

impl Session {
    /// The workspace's releases and its journal.
    #[must_use]
    pub fn releases(&self) -> Shown<'_, Releases> {
        let why = || LocalText::new("being read", "正在读取");
        self.releases.list.shown(Basis::default(), self.jobs.running(Kind::Releases), why)
    }

    /// The review of the selected release.
    #[must_use]
    pub fn review(&self) -> Shown<'_, Review> {
        let wanted = Basis { asked: self.releases.asked, ..Basis::default() };
        let why = || LocalText::new("being looked at", "正在核对");
        self.releases.review.shown(wanted, self.jobs.running(Kind::Review), why)
    }

    /// The selected release; the newest where none is selected.
    #[must_use]
    pub fn selected_release(&self) -> Option<&Arc<ReleaseRow>> {
        let all = self.releases.list.value()?;
        self.view.releases.selected.and_then(|digest| all.row(digest)).or_else(|| all.rows.first())
    }

    /// What the selected release is seen against: what was chosen, else the live one, else the one its evidence names.
    #[must_use]
    pub fn seen_against(&self) -> Option<&Arc<ReleaseRow>> {
        let (all, row) = (self.releases.list.value()?, self.selected_release()?);
        let evidence = row.evidence.against.as_ref().map(|against| against.release);
        let is_past =
            matches!(row.state, countersign_workspace::journal::State::Live | countersign_workspace::journal::State::Superseded);
        let usual = if is_past { evidence } else { all.live_digest().or(evidence) };
        let chosen = self.view.releases.against.or(usual).filter(|digest| *digest != row.digest);
        chosen.and_then(|digest| all.row(digest))
    }

    /// The release that the journal says is live, with its file.
    #[must_use]
    pub fn published(&self) -> Option<&(String, Release)> {
        self.live.as_ref().filter(|_| self.live_is_published)
    }

    /// What came of the step taken last.
    #[must_use]
    pub fn step_tried(&self) -> Option<&StepTried> {
        self.releases.tried.as_ref()
    }

    /// What a person can sign with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.releases.keys
    }

    pub(super) fn watch_releases(&mut self, yes: bool) {
        self.releases.is_watched = yes;
        self.releases.look_at = yes.then_some(self.now);
    }

    pub(super) fn look_at_releases(&mut self) {
        if self.document.root.as_os_str().is_empty() {
            return;
        }
        self.releases.look_at = self.releases.is_watched.then_some(self.now + EVERY);
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        let known = self.releases.list.value().cloned();
        self.jobs.start(Kind::Releases, Basis::default(), move |_| list::look(files.as_ref(), &root, known.as_ref()));
    }

    /// Another workspace was opened.
    pub(super) fn forget_releases(&mut self) {
        let is_watched = self.releases.is_watched;
        self.releases = State { is_watched, asked: self.releases.asked + 1, look_at: Some(self.now), ..State::default() };
    }

    /// Takes up the list; another live release is what the draft is compared with from now on.
    pub(super) fn take_releases(&mut self, took: Duration, found: Releases) {
        let was = self.published().map(|(_, live)| live.digest());
        let is_first = self.releases.list.value().is_none();
        if was != found.live_digest() {
            if let Some((file, live)) = &found.live {
                let version = live.version().to_owned();
                (self.live, self.live_is_published) = (Some((file.clone(), live.clone())), true);
                if !is_first {
                    let text = LocalText::new(format!("release {version} is live now"), format!("生效版本已变为 {version}"));
                    self.tell(Weight::Info, text);
                }
            } else {
                self.live_is_published = false;
            }
            self.basis.baseline += u64::from(self.view.against == Against::Live);
        }
        self.releases.list.put(Basis::default(), took, found);
    }

    pub(super) fn take_review(&mut self, basis: Basis, took: Duration, review: Review) {
        self.releases.review.put(basis, took, review);
    }

    pub(super) fn fail_review(&mut self, basis: Basis, why: LocalText) {
        self.releases.review.fail(basis, why);
    }

    /// Starts the review of the selected release where it is shown and was not looked at yet; whether anything was started.
    pub(super) fn start_review(&mut self) -> bool {
        let Some(row) = self.selected_release().filter(|_| self.releases.is_watched).cloned() else { return false };
        let against = self.seen_against().cloned();
        let of = (row.digest, against.as_ref().map(|row| row.digest), self.basis.requests, self.saved_cases());
        if self.releases.of == Some(of) {
            return false;
        }
        self.releases.of = Some(of);
        self.releases.asked += 1;
        let root = self.document.root.clone();
        let evidence = row.evidence.against.as_ref().and_then(|against| self.releases.list.value()?.row(against.release));
        let asked = review::Asked {
            release: root.join(&row.file),
            against: against.map(|row| root.join(&row.file)),
            evidence_against: evidence.map(|row| root.join(&row.file)),
            requests: self.requests.clone(),
            cases: Arc::clone(&self.document.saved.cases),
        };
        let (files, basis) = (Arc::clone(&self.files), Basis { asked: self.releases.asked, ..Basis::default() });
        self.jobs.start(Kind::Review, basis, move |progress| review::review(files.as_ref(), &asked, progress));
        true
    }

    /// A number for the saved cases.
    fn saved_cases(&self) -> u64 {
        Arc::as_ptr(&self.document.saved.cases) as usize as u64
    }

    pub(super) fn ask_agent(&mut self) {
        self.releases.keys.agent = None;
        let (files, root, socket) = (Arc::clone(&self.files), self.document.root.clone(), self.agent.clone());
        let work = move |_: &_| Ok(Some(steps::agent_keys(files.as_ref(), &root, socket.as_deref())));
        self.jobs.start(Kind::AgentKeys, self.basis, work);
    }

    pub(super) fn look_at_key(&mut self, path: PathBuf) {
        self.releases.keys.file = None;
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        self.jobs.start(Kind::KeyFile, self.basis, move |_| Ok(Some(steps::key_file(files.as_ref(), &root, path))));
    }

    pub(super) fn take_agent_keys(&mut self, found: Result<Vec<countersign_workspace::lifecycle::KnownKey>, Vec<Finding>>) {
        self.releases.keys.agent = Some(found);
    }

    pub(super) fn take_key_file(&mut self, path: PathBuf, found: Result<countersign_workspace::lifecycle::KnownKey, Vec<Finding>>) {
        self.releases.keys.file = Some((path, found));
    }

    /// Forgets what came of the last step, when a dialog opens or closes.
    pub(super) fn forget_tried(&mut self) {
        self.releases.tried = None;
        self.releases.keys = Keys::default();
    }

    /// Takes a step with a key in the background. The passphrase is wiped once it was used, and kept nowhere.
    pub fn sign(&mut self, signing: Signing) {
        self.stamp += 1;
        if !matches!(signing.step, Step::Submit | Step::Approve) {
            let Signing { release, step, key, principal, comment, at, to, .. } = signing;
            return self.step((step, release), (principal, comment, at), to, Some(key));
        }
        let Some(file) = self.begin_step(signing.step, signing.release) else { return };
        let (files, root, socket) = (Arc::clone(&self.files), self.document.root.clone(), self.agent.clone());
        let work = move |progress: &Progress| {
            Ok(progress.begin_writing().then(|| steps::sign(files.as_ref(), &root, &file, signing, socket.as_deref())))
        };
        self.jobs.start(Kind::Step, self.basis, work);
    }

    /// Takes a step that signs nothing of the release; the key signs its entry of the journal.
    pub(super) fn step(
        &mut self,
        (step, release): (Step, Digest),
        (who, comment, at): (String, String, Moment),
        to: Option<PathBuf>,
        key: Option<KeyChoice>,
    ) {
        if step == Step::Publish {
            let root = self.document.root().to_owned();
            self.preferences.set_gateway_file(&root, to.as_deref());
            self.keep_preferences();
        }
        let key = steps::EntryKey(key.map(|key| (key, self.agent.clone())));
        let Some(file) = self.begin_step(step, release) else { return };
        if let (Step::RollBack, Some(requests)) = (step, self.requests.clone()) {
            let live = self.published().map(|(_, live)| live.clone());
            let provenance = Provenance { maker: who, ..self.provenance(at, comment) };
            let counting = steps::Counting { file, provenance, live, requests, root: self.document.root.clone(), key };
            let files = Arc::clone(&self.files);
            self.jobs
                .start(Kind::Step, self.basis, move |progress| Ok(Some(steps::roll_back(files.as_ref(), &counting, progress))));
            return;
        }
        let plain = steps::Plain { step, file, who, at, comment, to, key };
        let (files, root) = (Arc::clone(&self.files), self.document.root.clone());
        self.jobs.start(Kind::Step, self.basis, move |progress| {
            Ok(progress.begin_writing().then(|| steps::take(files.as_ref(), &root, &plain)))
        });
    }

    /// The file of the release that a step is for. One step at a time.
    fn begin_step(&mut self, step: Step, release: Digest) -> Option<PathBuf> {
        let row = self.releases.list.value().and_then(|all| all.row(release)).cloned();
        let is_busy = self.jobs.running(Kind::Step).is_some();
        let Some(row) = row.filter(|_| !is_busy) else {
            let text = LocalText::new("another step is under way, or the release is gone", "另一操作正在进行，或该发布已不存在");
            self.tell(Weight::Error, text);
            return None;
        };
        self.releases.tried = Some(StepTried { step, release, outcome: None });
        Some(self.document.root.join(&row.file))
    }

    pub(super) fn stepped(&mut self, outcome: Result<LocalText, Vec<Finding>>) {
        match (&mut self.releases.tried, outcome) {
            (Some(tried), outcome) => {
                if tried.step == Step::RollBack && outcome.is_ok() {
                    // The new release is the newest.
                    (self.view.releases.selected, self.view.releases.against) = (None, None);
                }
                tried.outcome = Some(outcome);
            }
            // Nobody waited for it.
            (None, Ok(text)) => self.tell(Weight::Success, text),
            (None, Err(findings)) => self.tell(Weight::Error, super::requests::first(&findings)),
        }
        self.look_at_releases();
    }

    /// A step that panicked or could not be started.
    pub(super) fn fail_step(&mut self, why: LocalText) {
        let finding = Finding::new(STEP_FAILED, None, why);
        self.stepped(Err(vec![finding]));
    }
}
