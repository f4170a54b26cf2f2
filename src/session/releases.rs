//! The releases of the workspace: listed, reviewed, taken a step further, compared with.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::jobs::derive_release::DeriveRelease;
use super::jobs::export::ExportedRelease;
use super::jobs::keys::{EntryKey, ListAgentKeys, ReadKeyFile};
use super::jobs::list_releases::ListReleases;
use super::jobs::review::ReviewRelease;
use super::jobs::step::{SignRelease, TakeStep};
use super::jobs::{Basis, JobKind, ResultSlot};
use super::notices::Weight;
use super::requests::first_message;
use super::view::BaselineChoice;
use super::{
    KeyChoice, ReleaseList, ReleaseRow, ReleaseStep, ResultView, Review, Session, SigningKeys, SigningRequest, StepAttempt,
};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{Moment, RuleId};
use countersign_core::release::{Digest, Provenance, Release};
use countersign_core::text::LocalText;
use countersign_workspace::LARGEST_RELEASE;
use countersign_workspace::journal::ReleaseState;
use countersign_workspace::lifecycle::KnownKey;

/// How often the workspace is looked at while its releases are shown.
const REFRESH_INTERVAL: Duration = Duration::from_secs(2);

/// The releases on the disk, the live one, and the step that is taken.
#[derive(Default)]
pub(super) struct WorkspaceReleases {
    list: ResultSlot<ReleaseList>,
    /// The live release with its file's name, or the one made last where none was published.
    live: Option<(String, Release)>,
    is_published: bool,
    /// The release made last in this run.
    exported: Option<ExportedRelease>,
    /// The step taken last.
    tried: Option<StepAttempt>,
    keys: SigningKeys,
    /// Where the ssh-agent listens.
    agent: Option<PathBuf>,
    is_watched: bool,
    refresh_at: Option<Duration>,
}

impl WorkspaceReleases {
    pub(super) fn new(agent: Option<PathBuf>) -> Self {
        Self { agent, ..Self::default() }
    }

    pub(super) fn live(&self) -> Option<&(String, Release)> {
        self.live.as_ref()
    }

    /// Whether the journal says that [`Self::live`] is live.
    pub(super) fn is_published(&self) -> bool {
        self.is_published
    }

    pub(super) fn set_live(&mut self, live: Option<(String, Release)>, is_published: bool) {
        (self.live, self.is_published) = (live, is_published);
    }

    pub(super) fn is_watched(&self) -> bool {
        self.is_watched
    }

    pub(super) fn refresh_at(&self) -> Option<Duration> {
        self.refresh_at
    }

    pub(super) fn list(&self) -> Option<&Arc<ReleaseList>> {
        self.list.value()
    }

    pub(super) fn list_failed(&mut self, why: LocalText) {
        self.list.fail(Basis::default(), why);
    }

    pub(super) fn row(&self, digest: Digest) -> Option<&Arc<ReleaseRow>> {
        self.list()?.row(digest)
    }

    pub(super) fn set_exported(&mut self, exported: ExportedRelease) {
        self.exported = Some(exported);
    }

    /// A key for entries of the journal.
    pub(super) fn entry_key(&self, key: Option<KeyChoice>) -> EntryKey {
        EntryKey(key.map(|key| (key, self.agent.clone())))
    }

    pub(super) fn set_agent_keys(&mut self, found: Option<Result<Vec<KnownKey>, Vec<Finding>>>) {
        self.keys.agent = found;
    }

    pub(super) fn set_key_file(&mut self, found: Option<(PathBuf, Result<KnownKey, Vec<Finding>>)>) {
        self.keys.file = found;
    }

    /// Notes what a step gave, for the dialog that waits for it; the step where it succeeded. Without a dialog, the outcome.
    pub(super) fn finish_step(
        &mut self,
        outcome: Result<LocalText, Vec<Finding>>,
    ) -> Result<Option<ReleaseStep>, Result<LocalText, Vec<Finding>>> {
        let Some(tried) = &mut self.tried else { return Err(outcome) };
        let succeeded = outcome.is_ok().then_some(tried.step);
        tried.outcome = Some(outcome);
        Ok(succeeded)
    }
}

impl Session {
    /// The workspace's releases and its journal.
    pub fn releases(&self) -> ResultView<'_, ReleaseList> {
        let why = || LocalText::new("being read", "正在读取");
        self.releases.list.shown(Basis::default(), self.jobs.running(JobKind::Releases), why)
    }

    /// The review of the selected release.
    pub fn review(&self) -> ResultView<'_, Review> {
        self.shown::<ReviewRelease>()
    }

    /// The selected release; the newest where none is selected.
    pub fn selected_release(&self) -> Option<&Arc<ReleaseRow>> {
        let all = self.releases.list()?;
        self.view.releases.selected.and_then(|digest| all.row(digest)).or_else(|| all.rows.first())
    }

    /// What the selected release is compared with: what was chosen, else the live one, else the one its evidence names.
    pub fn compared_release(&self) -> Option<&Arc<ReleaseRow>> {
        let (all, row) = (self.releases.list()?, self.selected_release()?);
        let evidence = row.evidence.against.as_ref().map(|against| against.release);
        let is_past = matches!(row.state, ReleaseState::Live | ReleaseState::Superseded);
        let usual = if is_past { evidence } else { all.live_digest().or(evidence) };
        let chosen = self.view.releases.against.or(usual).filter(|digest| *digest != row.digest);
        chosen.and_then(|digest| all.row(digest))
    }

    /// The live release with its file's name, or the one made last where none was published.
    pub fn live(&self) -> Option<&(String, Release)> {
        self.releases.live()
    }

    /// The release that the journal says is live, with its file.
    pub fn published(&self) -> Option<&(String, Release)> {
        self.live().filter(|_| self.releases.is_published)
    }

    /// The release made last in this run.
    pub fn exported_release(&self) -> Option<&ExportedRelease> {
        self.releases.exported.as_ref()
    }

    /// The step taken last, with its outcome.
    pub fn last_step(&self) -> Option<&StepAttempt> {
        self.releases.tried.as_ref()
    }

    /// What a person can sign with.
    pub fn keys(&self) -> &SigningKeys {
        &self.releases.keys
    }

    pub(super) fn watch_releases(&mut self, yes: bool) {
        self.releases.is_watched = yes;
        self.releases.refresh_at = yes.then_some(self.schedule.now());
    }

    pub(super) fn refresh_releases(&mut self) {
        let root = self.document.root().to_owned();
        if root.as_os_str().is_empty() {
            return;
        }
        self.releases.refresh_at = self.releases.is_watched.then_some(self.schedule.now() + REFRESH_INTERVAL);
        self.start(ListReleases { files: self.files(), root, known: self.releases.list().cloned() });
    }

    pub(super) fn forget_releases(&mut self) {
        let refresh_at = Some(self.schedule.now());
        let WorkspaceReleases { agent, is_watched, exported, .. } = std::mem::take(&mut self.releases);
        self.releases = WorkspaceReleases { exported, agent, is_watched, refresh_at, ..WorkspaceReleases::default() };
        self.results.clear_review();
    }

    /// Takes the list; another live release is what the draft is compared with from now on.
    pub(super) fn take_releases(&mut self, took: Duration, found: ReleaseList) {
        let was = self.published().map(|(_, live)| live.digest());
        if was != found.live_digest() {
            if let Some((file, live)) = &found.live {
                let version = live.version().to_owned();
                self.releases.set_live(Some((file.clone(), live.clone())), true);
                if self.releases.list().is_some() {
                    let text = LocalText::new(format!("release {version} is live now"), format!("生效版本已变为 {version}"));
                    self.notify(Weight::Info, text);
                }
            } else {
                self.releases.is_published = false;
            }
            if self.view.against == BaselineChoice::Live {
                self.results.baseline_changed();
            }
        }
        self.releases.list.put(Basis::default(), took, found);
    }

    pub(super) fn open_release(&mut self, path: &Path) -> Result<(), LocalText> {
        let bytes = self.files.read(path, LARGEST_RELEASE).map_err(|error| error.message())?;
        let name = path.display().to_string();
        let release = countersign_core::release::read(&name, &bytes).map_err(|refused| {
            let why = first_message(&refused.findings);
            LocalText::new(format!("`{name}` is no release: {}", why.en), format!("`{name}` 不是有效的发布：{}", why.zh))
        })?;
        self.compare_with_release(name, release);
        Ok(())
    }

    /// Compares with a release; where it is not the live one, none counts as published.
    pub(super) fn compare_with_release(&mut self, name: String, release: Release) {
        let is_published = self.published().is_some_and(|(_, live)| live.digest() == release.digest());
        self.releases.set_live(Some((name, release)), is_published);
        self.view.against = BaselineChoice::Live;
        self.results.baseline_changed();
    }

    /// Compares with the live release, or with the workspace as saved.
    pub(super) fn compare_with(&mut self, against: BaselineChoice) {
        if self.view.against != against {
            self.view.against = against;
            self.results.baseline_changed();
        }
    }

    pub(super) fn list_agent_keys(&mut self) {
        self.releases.set_agent_keys(None);
        let (files, root, socket) = (self.files(), self.document.root().to_owned(), self.releases.agent.clone());
        self.start(ListAgentKeys { files, root, socket });
    }

    pub(super) fn read_key_file(&mut self, path: PathBuf) {
        self.releases.set_key_file(None);
        self.start(ReadKeyFile { files: self.files(), root: self.document.root().to_owned(), path });
    }

    /// Forgets the outcome of the last step, when a dialog opens or closes.
    pub(super) fn forget_step(&mut self) {
        (self.releases.tried, self.releases.keys) = (None, SigningKeys::default());
    }

    /// Takes a step with a key in the background. The passphrase is wiped once it was used, and kept nowhere.
    pub fn sign(&mut self, signing: SigningRequest) {
        self.stamp += 1;
        if !signing.step.needs_key() {
            let SigningRequest { release, step, key, principal, comment, at, to, rule, .. } = signing;
            return self.step((step, release, rule), (principal, comment, at), to, Some(key));
        }
        let Some(file) = self.begin_step(signing.step, signing.release) else { return };
        let (files, root, socket) = (self.files(), self.document.root().to_owned(), self.releases.agent.clone());
        self.start(SignRelease { files, root, file, signing, socket });
    }

    /// Takes a step that signs nothing of the release; the key signs its entry of the journal.
    pub(super) fn step(
        &mut self,
        (step, release, rule): (ReleaseStep, Digest, Option<RuleId>),
        (who, comment, at): (String, String, Moment),
        to: Option<PathBuf>,
        key: Option<KeyChoice>,
    ) {
        let (files, root) = (self.files(), self.document.root().to_owned());
        if step == ReleaseStep::Publish {
            self.change_preferences(|preferences| preferences.set_gateway_file(&root, to.as_deref()));
        }
        let key = self.releases.entry_key(key);
        let Some(file) = self.begin_step(step, release) else { return };
        if let (true, Some(requests)) = (step.makes_release(), self.requests().cloned()) {
            let live = self.published().map(|(_, live)| live.clone());
            let provenance = Provenance { maker: who, ..self.provenance(at, comment) };
            let off = rule.filter(|_| step == ReleaseStep::SwitchOff);
            return self.start(DeriveRelease { files, root, file, off, provenance, live, requests, key });
        }
        self.start(TakeStep { files, root, file, step, who, at, comment, to, key });
    }

    /// The file of the release that a step is for. One step at a time.
    fn begin_step(&mut self, step: ReleaseStep, release: Digest) -> Option<PathBuf> {
        let row = self.releases.row(release).cloned();
        let is_busy = self.jobs.running(JobKind::Step).is_some();
        let Some(row) = row.filter(|_| !is_busy) else {
            let text = LocalText::new("another step is under way, or the release is gone", "另一操作正在进行，或该发布已不存在");
            self.notify(Weight::Error, text);
            return None;
        };
        self.releases.tried = Some(StepAttempt { step, release, outcome: None });
        Some(self.document.root().join(&row.file))
    }
}
