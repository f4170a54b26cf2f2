//! Steps on a release's way: submitted, approved, rejected, withdrawn, published. Taken by the same code as the command line's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::keys::{EntryKey, KeyChoice, signer, trust};
use super::{Basis, Job, JobKind, JobOutput, JobResult};
use crate::Session;
use crate::kinds::STEP_FAILED;
use crate::notices::Weight;
use crate::readiness::present;
use crate::requests::first_sentence;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{Moment, RuleId, Zone};
use countersign_core::progress::Progress;
use countersign_core::release::{Digest, VerifierClock};
use countersign_core::text::LocalText;
use countersign_workspace::Files;
use countersign_workspace::journal::JournalAction as Noted;
use countersign_workspace::lifecycle::{
    self, Actor, As, REVOCATIONS_FILE, RevocationRequest, StepDetails, StepError, WrittenRevocations,
};

/// A step on a release's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReleaseStep {
    Submit,
    Approve,
    Reject,
    /// It is taken out of the way to the gateway.
    Withdraw,
    Publish,
    /// Its content becomes a new release.
    RollBack,
    /// Its content becomes a new release with a rule switched off.
    SwitchOff,
    /// It is put on the signed list of what gateways no longer load.
    Revoke,
}

impl ReleaseStep {
    /// Every step, in the order they are taken.
    pub const ALL: [Self; 8] =
        [Self::Submit, Self::Approve, Self::Publish, Self::Reject, Self::Withdraw, Self::RollBack, Self::SwitchOff, Self::Revoke];

    /// Whether a new release comes of it.
    pub fn makes_release(self) -> bool {
        matches!(self, Self::RollBack | Self::SwitchOff)
    }

    /// Whether a key must sign it: the release itself, or the list of revocations.
    pub fn needs_key(self) -> bool {
        matches!(self, Self::Submit | Self::Approve | Self::Revoke)
    }

    /// How the journal calls it; none for a step that is on another list.
    pub fn noted(self) -> Option<Noted> {
        match self {
            Self::Submit => Some(Noted::Submitted),
            Self::Approve => Some(Noted::Approved),
            Self::Reject => Some(Noted::Rejected),
            Self::Withdraw => Some(Noted::Withdrawn),
            Self::Publish => Some(Noted::Published),
            Self::RollBack | Self::SwitchOff => Some(Noted::Created),
            Self::Revoke => None,
        }
    }
}

/// The outcome of the step taken last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepAttempt {
    pub step: ReleaseStep,
    pub release: Digest,
    /// What was done, or what refused it; none while it is under way.
    pub outcome: Option<Result<LocalText, Vec<Finding>>>,
}

/// A step that somebody takes with a key: a signature under a release, or a signed entry of the journal. No [`Action`](crate::Action): it holds a passphrase, and those are kept
/// nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningRequest {
    pub release: Digest,
    pub step: ReleaseStep,
    /// The role to approve in; none for other steps.
    pub role: Option<String>,
    pub key: KeyChoice,
    pub principal: String,
    /// A word for the journal; may be empty.
    pub comment: String,
    pub at: Moment,
    /// The gateway's file that publishing writes.
    pub to: Option<PathBuf>,
    /// The rule to switch off.
    pub rule: Option<RuleId>,
}

/// What was done, for people, or what refused it.
pub(super) type Stepped = Result<LocalText, Vec<Finding>>;

pub(super) fn apply_step(session: &mut Session, outcome: Stepped) {
    match session.releases.finish_step(outcome) {
        Ok(Some(step)) if step.makes_release() => {
            // The new release is the newest.
            (session.view.releases.selected, session.view.releases.against) = (None, None);
        }
        Ok(_) => {}
        // No dialog waits for it.
        Err(Ok(text)) => session.notify(Weight::Success, text),
        Err(Err(findings)) => session.notify(Weight::Error, first_sentence(&findings)),
    }
    session.refresh_releases();
}

pub(super) fn fail_step(session: &mut Session, why: LocalText) {
    apply_step(session, Err(vec![Finding::new(STEP_FAILED, None, why)]));
}

/// Signs a release: the maker's submission, or an approval.
pub(crate) struct SignRelease {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub file: PathBuf,
    pub signing: SigningRequest,
    /// Where the agent listens.
    pub socket: Option<PathBuf>,
}

impl Job for SignRelease {
    const KIND: JobKind = JobKind::Step;
    type Output = Stepped;

    fn run(self, progress: &Progress) -> JobResult<Stepped> {
        Ok(progress.begin_writing().then(|| sign(&self).map_err(|failed| failed.findings())))
    }

    fn apply(session: &mut Session, made: JobOutput<Stepped>) {
        apply_step(session, made.output);
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        fail_step(session, why);
    }
}

fn sign(job: &SignRelease) -> Result<LocalText, StepError> {
    let SignRelease { files, root, file, signing, socket } = job;
    let files = files.as_ref();
    if signing.step == ReleaseStep::Revoke {
        return revoke(files, root, signing, socket.as_deref());
    }
    let (requirements, trust) = trust(files, root)?;
    let release = lifecycle::read_release(files, file)?;
    if release.digest() != signing.release {
        return Err(lifecycle::changed(file));
    }
    let mut signer = signer(files, &signing.key, &trust, socket.as_deref())?;
    let part = if signing.step == ReleaseStep::Submit { As::Maker } else { As::Checker(signing.role.as_deref()) };
    let doing = StepDetails::new(&signing.principal, signing.at, &signing.comment)?;
    let (_, approval) = lifecycle::sign_with(files, file, &release, (&mut signer, part), &doing, &requirements)?;
    let (who, role, version) = (&approval.principal, &approval.role, release.version());
    Ok(if approval.is_submission() {
        LocalText::new(format!("release {version} is submitted by {who}"), format!("{who} 已提交发布 {version}"))
    } else {
        LocalText::new(
            format!("release {version} is approved by {who} as {role}"),
            format!("{who} 已以角色 {role} 审批发布 {version}"),
        )
    })
}

/// Adds the release to the workspace's list of revocations, and signs that.
fn revoke(files: &dyn Files, root: &Path, signing: &SigningRequest, socket: Option<&Path>) -> Result<LocalText, StepError> {
    let trusted = lifecycle::trusted(files, Some(root), None, None)?;
    let requirements = trusted.by(VerifierClock::at(present(Zone::default()).at));
    let trust = requirements.trust.clone().ok_or_else(lifecycle::no_signers)?;
    let mut key = signer(files, &signing.key, &trust, socket)?;
    let doing = StepDetails::new(&signing.principal, signing.at, &signing.comment)?;
    let what = RevocationRequest { releases: vec![signing.release], ..RevocationRequest::default() };
    let path = root.join(REVOCATIONS_FILE);
    let WrittenRevocations { list, open } = lifecycle::revoke(files, &path, &what, &mut key, &doing, &requirements)?;
    let number = list.sequence();
    let done = LocalText::new(
        format!("the release is revoked by list {number}, signed by {}", doing.who),
        format!("{} 已签署撤销清单 {number}，该发布已撤销", doing.who),
    );
    let open = open.into_iter().map(|finding| finding.message);
    let rest = open.chain(lifecycle::after_revoking(files, root, &list)?);
    Ok(rest.fold(done, |all, one| LocalText::new(format!("{}; {}", all.en, one.en), format!("{}；{}", all.zh, one.zh))))
}

/// Takes a step that signs nothing of the release.
pub(crate) struct TakeStep {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub file: PathBuf,
    pub step: ReleaseStep,
    pub who: String,
    pub at: Moment,
    pub comment: String,
    pub to: Option<PathBuf>,
    pub key: EntryKey,
}

impl Job for TakeStep {
    const KIND: JobKind = JobKind::Step;
    type Output = Stepped;

    fn run(self, progress: &Progress) -> JobResult<Stepped> {
        Ok(progress.begin_writing().then(|| take(&self).map_err(|failed| failed.findings())))
    }

    fn apply(session: &mut Session, made: JobOutput<Stepped>) {
        apply_step(session, made.output);
    }

    fn fail(session: &mut Session, _: Basis, why: LocalText) {
        fail_step(session, why);
    }
}

fn take(job: &TakeStep) -> Result<LocalText, StepError> {
    let (files, root) = (job.files.as_ref(), job.root.as_path());
    let doing = StepDetails::new(&job.who, job.at, &job.comment)?;
    let mut signer = job.key.signer(files, root)?;
    if job.step == ReleaseStep::Publish {
        let requirements =
            lifecycle::requirements(files, Some(root), None, None)?.by(VerifierClock::at(present(Zone::default()).at));
        let release = lifecycle::publish(
            files,
            &job.file,
            job.to.as_deref(),
            Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements },
        )?;
        let version = release.version();
        return Ok(LocalText::new(format!("release {version} is live"), format!("发布 {version} 已上线")));
    }
    let requirements = lifecycle::requirements(files, Some(root), None, None)?;
    let actor = Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements };
    let unsigned = || Finding::new(STEP_FAILED, None, LocalText::new("a key is needed for that", "该操作需要密钥签名"));
    let what = job.step.noted().ok_or_else(unsigned)?;
    let release = lifecycle::mark(files, &job.file, what, actor)?;
    let (version, word) = (release.version(), what.text());
    Ok(LocalText::new(format!("release {version} is {}", word.en), format!("发布 {version} 已{}", word.zh)))
}
