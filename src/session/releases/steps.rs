//! Steps on a release's way: submitted, approved, rejected, withdrawn, published, rolled back. Taken off the window's thread, by the same
//! code as the command line's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::exporting::present;
use crate::requests::Requests;
use crate::results::Done;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::engine::Engine;
use countersign_core::model::{Moment, Zone};
use countersign_core::progress::Progress;
use countersign_core::release::{self, Clock, Digest, Provenance, Refused, Release, Requirements, Trust};
use countersign_core::text::LocalText;
use countersign_run::Backtest;
use countersign_run::evidence::EvidenceBasis;
use countersign_workspace::Files;
use countersign_workspace::journal::Action as Noted;
use countersign_workspace::key::KeyError;
use countersign_workspace::kinds::RELEASE_STATE;
use countersign_workspace::lifecycle::{self, Actor, As, Doing, Failed, KnownKey, Signer, Wanted};

/// A step on a release's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Step {
    /// The maker asks for approval.
    Submit,
    /// A checker approves.
    Approve,
    /// A checker sends it back.
    Reject,
    /// It is taken out of the way to the gateway.
    Withdraw,
    /// It goes live.
    Publish,
    /// Its content becomes a new release.
    RollBack,
}

impl Step {
    /// Every step, in the order they are taken.
    pub const ALL: [Self; 6] = [Self::Submit, Self::Approve, Self::Publish, Self::Reject, Self::Withdraw, Self::RollBack];

    /// What the journal notes.
    #[must_use]
    pub fn noted(self) -> Noted {
        match self {
            Self::Submit => Noted::Submitted,
            Self::Approve => Noted::Approved,
            Self::Reject => Noted::Rejected,
            Self::Withdraw => Noted::Withdrawn,
            Self::Publish => Noted::Published,
            Self::RollBack => Noted::Created,
        }
    }
}

/// What came of the step taken last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTried {
    /// The step.
    pub step: Step,
    /// The release it was for.
    pub release: Digest,
    /// What was done, or what refused it; none while it is under way.
    pub outcome: Option<Result<LocalText, Vec<Finding>>>,
}

/// A passphrase: wiped when dropped, in no log and no file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passphrase(pub Zeroizing<String>);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// The key somebody signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// A key file, with its passphrase where it has one.
    File(PathBuf, Passphrase),
    /// The key with that fingerprint in the running agent.
    Agent(String),
}

/// A step that somebody takes with a key: a signature under a release, or a signed entry of the journal. No [`Action`](crate::Action): it holds a passphrase, and those are kept
/// nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The release.
    pub release: Digest,
    /// The step.
    pub step: Step,
    /// The role to approve in; none for other steps.
    pub role: Option<String>,
    /// The key.
    pub key: KeyChoice,
    /// Who signs.
    pub principal: String,
    /// A word for the journal; may be empty.
    pub comment: String,
    /// When.
    pub at: Moment,
    /// The gateway's file that publishing writes.
    pub to: Option<PathBuf>,
}

/// What a person can sign with.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// The agent's keys, or why there are none; none until asked.
    pub agent: Option<Result<Vec<KnownKey>, Vec<Finding>>>,
    /// The key file looked at last, with its path, or what is wrong with it.
    pub file: Option<(PathBuf, Result<KnownKey, Vec<Finding>>)>,
}

fn trust(files: &dyn Files, root: &Path) -> Result<(Requirements, Trust), Failed> {
    let requirements = lifecycle::requirements(files, Some(root), None, None)?;
    let trust = requirements.trust.clone().ok_or_else(lifecycle::no_signers)?;
    Ok((requirements, trust))
}

/// Asks the agent for its keys.
pub(crate) fn agent_keys(files: &dyn Files, root: &Path, socket: Option<&Path>) -> Done {
    let found = trust(files, root).and_then(|(_, trust)| lifecycle::agent_keys(socket, &trust));
    Done::AgentKeys(found.map_err(|failed| failed.findings()))
}

/// Looks at a key file.
pub(crate) fn key_file(files: &dyn Files, root: &Path, path: PathBuf) -> Done {
    let found = trust(files, root).and_then(|(_, trust)| lifecycle::key_file(files, &path, &trust));
    Done::KeyFile(path, found.map_err(|failed| failed.findings()))
}

/// Signs.
pub(crate) fn sign(files: &dyn Files, root: &Path, file: &Path, signing: Signing, socket: Option<&Path>) -> Done {
    let done = put(files, root, file, &signing, socket);
    // Wiped here, as soon as it was used.
    drop(signing.key);
    Done::Stepped(done.map_err(|failed| failed.findings()))
}

fn put(files: &dyn Files, root: &Path, file: &Path, signing: &Signing, socket: Option<&Path>) -> Result<LocalText, Failed> {
    let (requirements, trust) = trust(files, root)?;
    let release = lifecycle::read_release(files, file)?;
    if release.digest() != signing.release {
        return Err(lifecycle::changed(file));
    }
    let mut signer = signer(files, &signing.key, &trust, socket)?;
    let part = if signing.step == Step::Submit { As::Maker } else { As::Checker(signing.role.as_deref()) };
    let doing = Doing::new(&signing.principal, signing.at, &signing.comment)?;
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

/// The key that was chosen.
fn signer(files: &dyn Files, key: &KeyChoice, trust: &Trust, socket: Option<&Path>) -> Result<Signer, Failed> {
    match key {
        KeyChoice::File(path, passphrase) => {
            let typed = || if passphrase.0.is_empty() { Err(KeyError::Encrypted) } else { Ok(passphrase.0.clone()) };
            Signer::read(files, path, typed)
        }
        KeyChoice::Agent(fingerprint) => Ok(Signer::of_agent(socket, trust, Wanted::Fingerprint(fingerprint))?.0),
    }
}

/// The key that signs an entry of the journal, and where its agent listens; none where it is not signed.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryKey(pub Option<(KeyChoice, Option<PathBuf>)>);

impl EntryKey {
    /// The key for the workspace in `root`.
    pub fn signer(&self, files: &dyn Files, root: &Path) -> Result<Option<Signer>, Failed> {
        let Some((key, socket)) = &self.0 else { return Ok(None) };
        signer(files, key, &trust(files, root)?.1, socket.as_deref()).map(Some)
    }
}

/// A step that signs nothing of the release.
pub(crate) struct Plain {
    pub step: Step,
    pub file: PathBuf,
    pub who: String,
    pub at: Moment,
    pub comment: String,
    /// The gateway's file, for publishing.
    pub to: Option<PathBuf>,
    pub key: EntryKey,
}

/// What a new release of old rules is counted on.
pub(crate) struct Counting {
    pub file: PathBuf,
    pub provenance: Provenance,
    /// The published release.
    pub live: Option<Release>,
    pub requests: Arc<Requests>,
    pub root: PathBuf,
    pub key: EntryKey,
}

/// Makes a new release of an old one's rules: its evidence is counted on the loaded requests, against the published release.
pub(crate) fn roll_back(files: &dyn Files, counting: &Counting, progress: &Progress) -> Done {
    let made = rolled_back(files, counting, progress);
    Done::Stepped(made.map_err(|failed| failed.findings()))
}

fn rolled_back(files: &dyn Files, counting: &Counting, progress: &Progress) -> Result<LocalText, Failed> {
    let Counting { file, provenance, live, requests, root, key } = counting;
    let old = lifecycle::read_release(files, file)?;
    let run = |release: &Release| {
        let (program, findings) = release::verify_rules(release);
        let errors: Vec<Finding> = findings.iter().filter(|one| one.severity == Severity::Error).cloned().collect();
        if !errors.is_empty() {
            return Err(Failed::from(Refused { sources: release.definition().sources.clone(), findings: errors }));
        }
        let engine = Engine::new(Arc::clone(release.definition()), program);
        let run = Backtest::new(&engine, Arc::clone(&requests.table), progress).map_err(|_| stopped())?;
        Ok((run, findings))
    };
    let (decided, findings) = run(&old)?;
    let before = live.as_ref().map(|live| Ok::<_, Failed>((live.digest(), run(live)?.0))).transpose()?;
    let counted = countersign_run::evidence::collect(&EvidenceBasis {
        findings: &findings,
        cases: None,
        sample: &requests.sample(),
        requests: &decided,
        against: before.as_ref().map(|(digest, run)| (*digest, run)),
    });
    let counted = counted.acknowledged(&provenance.maker, provenance.created_at, &provenance.comment);
    let mut signer = key.signer(files, root)?;
    let (path, release) = lifecycle::roll_back(files, (file, &old), None, counted, provenance, signer.as_mut())?;
    let (path, version) = (path.display(), release.version());
    Ok(LocalText::new(
        format!("`{path}` holds the rules of {version} again; submit it to have it approved"),
        format!("`{path}` 已包含 {version} 的规则，请提交审批"),
    ))
}

fn stopped() -> Failed {
    Finding::new(RELEASE_STATE, None, LocalText::new("stopped: nothing was written", "已停止：未写出任何内容")).into()
}

/// Takes a step that signs nothing of the release.
pub(crate) fn take(files: &dyn Files, root: &Path, plain: &Plain) -> Done {
    Done::Stepped(done(files, root, plain).map_err(|failed| failed.findings()))
}

fn done(files: &dyn Files, root: &Path, plain: &Plain) -> Result<LocalText, Failed> {
    let doing = Doing::new(&plain.who, plain.at, &plain.comment)?;
    let mut signer = plain.key.signer(files, root)?;
    if plain.step == Step::Publish {
        let requirements = lifecycle::requirements(files, Some(root), None, None)?.by(Clock::at(present(Zone::default()).at));
        let release = lifecycle::publish(
            files,
            &plain.file,
            plain.to.as_deref(),
            Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements },
        )?;
        let version = release.version();
        return Ok(LocalText::new(format!("release {version} is live"), format!("发布 {version} 已上线")));
    }
    let requirements = lifecycle::requirements(files, Some(root), None, None)?;
    let actor = Actor { doing: &doing, signer: signer.as_mut(), requirements: &requirements };
    let release = lifecycle::mark(files, &plain.file, plain.step.noted(), actor)?;
    let (version, word) = (release.version(), plain.step.noted().text());
    Ok(LocalText::new(format!("release {version} is {}", word.en), format!("发布 {version} 已{}", word.zh)))
}
