//! A gateway on its files: it starts from them, and follows them while it runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{error, fmt, io};

use serde::Serialize;

use super::keep::{KeptFiles, StateFolder};
use super::plain::{FileProblem, read_plain};
use super::watch::WatchedFile;
use super::{LARGEST_RELEASE, LARGEST_TRUST, now};
use crate::diagnostic::FindingKind;
use crate::gateway::{Gateway, Policy, Refused, Requirements, StartFiles, StateStore, Trust};
use crate::release;
use crate::release::refusal;
use crate::text::{Language, LocalText};

/// What is followed, as the status names it.
const RELEASE: &str = "release";
const REVOCATIONS: &str = "revocations";
const TRUST: &str = "trust";

/// Refusals that pass by themselves: a clock that was wrong, a folder that was full. Such a file is judged again after some time.
const PASSING: [&FindingKind; 2] = [refusal::CLOCK, refusal::KEEP];
/// After how long.
const AGAIN: Duration = Duration::from_secs(30);

/// Where the files of a gateway lie.
#[derive(Clone, Debug, Default)]
pub struct GatewayFiles {
    /// The release; publishing puts a new one in its place.
    pub release: PathBuf,
    /// The release that it names as its base, for a first start.
    pub base: Option<PathBuf>,
    /// Policy and `allowed_signers`; without them any release that is whole is taken.
    pub trust: Option<(PathBuf, PathBuf)>,
    /// The list of revocations.
    pub revocations: Option<PathBuf>,
    /// The gateway's own folder; without it nothing is remembered.
    pub state: Option<PathBuf>,
}

/// Why a gateway does not start.
#[derive(Debug)]
pub enum NotStarted {
    /// A file cannot be read.
    File(FileProblem),
    /// The release, the policy, the signers, the state or the revocations do not hold.
    Refused(Refused),
}

impl fmt::Display for NotStarted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(problem) => problem.fmt(f),
            Self::Refused(refused) => refused.fmt(f),
        }
    }
}

impl error::Error for NotStarted {}

impl From<FileProblem> for NotStarted {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl From<Refused> for NotStarted {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// A file that is not in force, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotTaken {
    /// The file.
    pub file: String,
    /// The reasons, a line each, in both languages.
    pub why: LocalText,
    /// Since when, by the gateway's clock.
    pub since: String,
}

/// How following went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FollowStatus {
    /// What lies there and is not in force: by `release`, `trust`, `revocations`.
    pub not_taken: BTreeMap<&'static str, NotTaken>,
    /// How many releases took over since the start.
    pub taken: u64,
    /// How many files were refused or could not be read since the start.
    pub refusals: u64,
}

/// Follows the files of a gateway.
pub struct Follower {
    gateway: Arc<Gateway>,
    release: WatchedFile,
    trust: Option<(WatchedFile, WatchedFile)>,
    revocations: Option<WatchedFile>,
    status: Arc<Mutex<FollowStatus>>,
    /// When the release is judged again although its file did not change.
    again: Option<Instant>,
}

/// Remembers nothing.
struct NoStore;

impl StateStore for NoStore {
    fn keep(&self, _: &str, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

impl Follower {
    /// Starts a gateway from its files.
    ///
    /// # Errors
    /// A file that is needed cannot be read, or nothing may be served.
    pub fn start(files: &GatewayFiles) -> Result<Self, NotStarted> {
        let watched = |path: &PathBuf| WatchedFile::new(path, LARGEST_TRUST);
        let mut trust = files.trust.as_ref().map(|(policy, signers)| (watched(policy), watched(signers)));
        let mut revocations = files.revocations.as_ref().map(watched);
        let requirements = match &mut trust {
            Some((policy, signers)) => requirements(policy, signers)?,
            None => Requirements::nothing(),
        };
        let (held, keep): (KeptFiles, Box<dyn StateStore>) = match &files.state {
            Some(folder) => {
                let folder = StateFolder::open(folder)?;
                (folder.held()?, Box::new(folder))
            }
            None => (KeptFiles::default(), Box::new(NoStore)),
        };
        let mut release = WatchedFile::new(&files.release, LARGEST_RELEASE);
        let offered = named(&files.release, release.read());
        let base = files.base.as_ref().map(|path| named(path, read_plain(path, LARGEST_RELEASE))).transpose()?;
        let list = revocations.as_mut().map(|file| (file.path().display().to_string(), file.read()));
        let list = list.map(|(name, bytes)| bytes.map(|bytes| (name, bytes))).transpose()?;
        let unreadable = match &offered {
            Err(problem) if held.state.is_none() => return Err(NotStarted::File(problem.clone())),
            other => other.as_ref().err().cloned(),
        };
        let copies: Vec<_> = held.copies.iter().map(borrowed).collect();
        let started = Gateway::start(
            StartFiles {
                offered: offered.as_ref().ok().map(borrowed),
                base: base.as_ref().map(borrowed),
                state: held.state.as_ref().map(borrowed),
                kept: &copies,
                revocations: list.as_ref().map(borrowed),
            },
            requirements,
            keep,
        )?;
        let follower =
            Self { gateway: Arc::new(started.gateway), release, trust, revocations, status: Arc::default(), again: None };
        if let Some(refused) = started.refused {
            follower.refuse(RELEASE, &files.release, &refused);
        }
        if let Some(problem) = unreadable {
            follower.note(RELEASE, &problem.path, problem.message);
        }
        Ok(follower)
    }

    /// The gateway.
    #[must_use]
    pub fn gateway(&self) -> Arc<Gateway> {
        Arc::clone(&self.gateway)
    }

    /// What is not in force and why, kept up to date by whoever follows.
    #[must_use]
    pub fn status(&self) -> Arc<Mutex<FollowStatus>> {
        Arc::clone(&self.status)
    }

    /// Follows in a thread of its own until the program ends; `tell` receives what happened, for the operators.
    pub fn follow(mut self, tell: impl Fn(&LocalText) + Send + 'static) {
        thread::spawn(move || {
            loop {
                self.step().iter().for_each(&tell);
                thread::sleep(self.pause());
            }
        });
    }

    fn pause(&self) -> Duration {
        let trust = self.trust.iter().flat_map(|(policy, signers)| [policy.pause(), signers.pause()]);
        let all = trust.chain(self.revocations.iter().map(WatchedFile::pause));
        all.fold(self.release.pause(), Duration::min)
    }

    /// Looks at every file once and takes what changed; what happened is returned.
    pub fn step(&mut self) -> Vec<LocalText> {
        let mut told = Vec::new();
        let was_trusted = self.is_in_force(TRUST);
        told.extend(self.look_at_trust());
        told.extend(self.look_at_revocations());
        let is_trusted = self.is_in_force(TRUST);
        let is_due = self.again.is_some_and(|again| Instant::now() >= again);
        // Other signers may take what was refused.
        let is_other = is_trusted && (!was_trusted || !told.is_empty());
        if !self.is_in_force(RELEASE) && (is_due || is_other) {
            self.again = None;
            self.release.forget();
        }
        // By whose signatures a release counts is not known: none is taken until it is.
        if is_trusted {
            told.extend(self.look_at_release());
        }
        told
    }

    fn look_at_trust(&mut self) -> Option<LocalText> {
        let (policy, signers) = self.trust.as_mut()?;
        let changes = [policy.poll(), signers.poll()];
        if changes.iter().all(Option::is_none) {
            return None;
        }
        // Both are read, however many changed: they count together.
        let found = requirements(policy, signers);
        let (policy, signers) = (policy.path().to_owned(), signers.path().to_owned());
        match found {
            Ok(requirements) => {
                self.gateway.require(requirements);
                self.settle(TRUST);
                let (policy, signers) = (policy.display(), signers.display());
                Some(LocalText::new(
                    format!("`{policy}` and `{signers}` are in force as they are now"),
                    format!("`{policy}` 与 `{signers}` 的现有内容已生效"),
                ))
            }
            Err(NotStarted::File(problem)) => Some(self.note(TRUST, &problem.path, problem.message)),
            Err(NotStarted::Refused(refused)) => Some(self.refuse(TRUST, &policy, &refused)),
        }
    }

    fn look_at_revocations(&mut self) -> Option<LocalText> {
        let file = self.revocations.as_mut()?;
        let found = file.poll()?;
        let path = file.path().to_owned();
        let bytes = match found {
            Ok(bytes) => bytes,
            Err(problem) => return Some(self.note(REVOCATIONS, &path, problem.message)),
        };
        match self.gateway.revoke(&path.display().to_string(), &bytes) {
            Ok(()) => {
                self.settle(REVOCATIONS);
                let path = path.display();
                Some(LocalText::new(format!("`{path}` is in force as it is now"), format!("`{path}` 的现有内容已生效")))
            }
            Err(refused) => Some(self.refuse(REVOCATIONS, &path, &refused)),
        }
    }

    fn look_at_release(&mut self) -> Option<LocalText> {
        let found = self.release.poll()?;
        let path = self.release.path().to_owned();
        let bytes = match found {
            Ok(bytes) => bytes,
            Err(problem) => return Some(self.note(RELEASE, &path, problem.message)),
        };
        self.again = None;
        let last = self.gateway.last();
        if release::write(last.release()).as_bytes() == bytes {
            self.settle(RELEASE);
            let digest = last.release().digest();
            return Some(LocalText::new(format!("the file holds release {digest} again"), format!("文件内容恢复为发布 {digest}")));
        }
        drop(last);
        match self.gateway.replace(&path.display().to_string(), &bytes) {
            Ok(digest) => {
                self.settle(RELEASE);
                self.lock().taken += 1;
                Some(LocalText::new(format!("release {digest} took over"), format!("发布 {digest} 已生效")))
            }
            Err(refused) => {
                let is_passing = refused.findings.iter().any(|finding| PASSING.contains(&finding.kind));
                self.again = is_passing.then(|| Instant::now() + AGAIN);
                Some(self.refuse(RELEASE, &path, &refused))
            }
        }
    }

    fn is_in_force(&self, kind: &str) -> bool {
        !self.lock().not_taken.contains_key(kind)
    }

    fn lock(&self) -> MutexGuard<'_, FollowStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, kind: &str) {
        self.lock().not_taken.remove(kind);
    }

    fn refuse(&self, kind: &'static str, path: &Path, refused: &Refused) -> LocalText {
        let lines = |language| refused.lines(language).join("\n");
        self.note(kind, path, LocalText::new(lines(Language::En), lines(Language::Zh)))
    }

    fn note(&self, kind: &'static str, path: &Path, why: LocalText) -> LocalText {
        let file = path.display().to_string();
        let told = LocalText::new(
            format!("`{file}` is not taken, what was in force goes on\n{}", why.en),
            format!("未采用 `{file}`，继续使用原有内容\n{}", why.zh),
        );
        let mut status = self.lock();
        status.refusals += 1;
        status.not_taken.insert(kind, NotTaken { file, why, since: now() });
        told
    }
}

fn requirements(policy: &mut WatchedFile, signers: &mut WatchedFile) -> Result<Requirements, NotStarted> {
    let (policy_bytes, signers_bytes) = (policy.read()?, signers.read()?);
    let policy = Policy::read(&policy.path().display().to_string(), &policy_bytes)?;
    Ok(Requirements::new(policy, Trust::read(&signers.path().display().to_string(), &signers_bytes)?))
}

fn named(path: &Path, bytes: Result<Vec<u8>, FileProblem>) -> Result<(String, Vec<u8>), FileProblem> {
    Ok((path.display().to_string(), bytes?))
}

fn borrowed(file: &(String, Vec<u8>)) -> (&str, &[u8]) {
    (&file.0, &file.1)
}
