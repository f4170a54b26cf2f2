//! The way of a release in its workspace: draft, submitted, approved, live, superseded or withdrawn. Every step is taken under the
//! workspace's lock, leaves the release's file whole, and is noted in the journal.
//!
//! Keys and signatures come from outside; what is refused is not written.

mod make;
mod publish;
mod sign;
mod signer;
mod trust;
mod unfinished;

use std::fmt;
use std::path::{Path, PathBuf};

use super::files::{Fault, FileError, Files, FolderLock};
use super::journal::{self, Action, History, Journal, Record};
use super::load::{RELEASED_FOLDER, RULE_SET_FILE};
use super::released::LARGEST_RELEASE;
use crate::diagnostic::{Deed, Finding, Help};
use crate::model::Moment;
use crate::release::{self, Policy, Refused, Release, Trust};
use crate::text::{LocalText, Sources};
pub use make::{export, failing_cases, file_of, roll_back};
pub use publish::{live, publish};
pub use sign::{As, mark, sign, sign_with};
pub use signer::{KnownKey, Signer, Wanted, agent_keys, key_file, principal};
pub use trust::{no_signers, requirements, role};
pub use unfinished::unfinished;

/// Who must approve releases of this workspace.
pub const POLICY_FILE: &str = "approvals.ron";
/// Whose signatures count in this workspace.
pub const SIGNERS_FILE: &str = "allowed_signers";
/// The largest policy or signers file that is read, in bytes.
const LARGEST_TRUST: u64 = 8 << 20;

/// Why a step was not taken.
#[derive(Clone, Debug)]
pub enum Failed {
    /// A file cannot be read or written.
    File(FileError),
    /// The step is refused.
    Refused(Refused),
    /// It cannot be tried as it was asked: a key that does not sign, a name that is none, a file in the way.
    Asked(Box<Finding>),
}

impl From<FileError> for Failed {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// A key or a name that cannot sign.
fn wrong_key(message: LocalText, help: impl Into<Help>) -> Failed {
    Failed::Asked(Box::new(Finding::error("wrong-key", None, message).with_help(help)))
}

impl From<Finding> for Failed {
    fn from(finding: Finding) -> Self {
        Self::Refused(Refused { sources: Sources::default(), findings: vec![finding] })
    }
}

impl Failed {
    /// What is wrong, with what to do about it.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Self::File(error) => vec![error.to_finding()],
            Self::Refused(refused) => refused.findings.clone(),
            Self::Asked(finding) => vec![Finding::clone(finding)],
        }
    }

    /// The first of what is wrong, with its remedy, in one sentence for the window.
    #[must_use]
    pub fn message(&self) -> LocalText {
        self.findings().first().map_or_else(|| LocalText::same(self.to_string()), Finding::sentence)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Refused(refused) => refused.fmt(f),
            Self::Asked(finding) => f.write_str(&finding.message.en),
        }
    }
}

impl std::error::Error for Failed {}

/// Who does something, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doing {
    /// The principal.
    pub who: String,
    /// When.
    pub at: Moment,
    /// Why; may be empty.
    pub comment: String,
}

/// The workspace that a release's file lies in, and the file's name inside; none for a file that lies elsewhere.
#[must_use]
pub fn home(files: &dyn Files, release: &Path) -> Option<(PathBuf, String)> {
    let folder = release.parent()?;
    let root = folder.parent()?;
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let name = release.file_name()?.to_str()?;
    let is_here = folder.file_name()? == RELEASED_FOLDER && files.exists(&root.join(RULE_SET_FILE));
    is_here.then(|| (root.to_owned(), format!("{RELEASED_FOLDER}/{name}")))
}

/// Reads a release's file.
///
/// # Errors
/// It cannot be read or is no release.
pub fn read_release(files: &dyn Files, path: &Path) -> Result<Release, Failed> {
    let bytes = files.read(path, LARGEST_RELEASE)?;
    Ok(release::read(&path.display().to_string(), &bytes)?)
}

/// Reads a policy file.
///
/// # Errors
/// It cannot be read or is none.
pub fn read_policy(files: &dyn Files, path: &Path) -> Result<Policy, Failed> {
    let bytes = files.read(path, LARGEST_TRUST)?;
    Ok(Policy::read(&path.display().to_string(), &bytes)?)
}

/// Reads an `allowed_signers` file.
///
/// # Errors
/// It cannot be read or is none.
pub fn read_trust(files: &dyn Files, path: &Path) -> Result<Trust, Failed> {
    let bytes = files.read(path, LARGEST_TRUST)?;
    Ok(Trust::read(&path.display().to_string(), &bytes)?)
}

/// A workspace whose lock is held, with its journal.
struct Desk<'a> {
    files: &'a dyn Files,
    root: PathBuf,
    name: String,
    lock: FolderLock,
    journal: Journal,
}

impl<'a> Desk<'a> {
    /// Takes the lock and reads the journal, which must hold; what was begun before is finished first.
    fn open(files: &'a dyn Files, root: PathBuf, name: String) -> Result<Self, Failed> {
        let lock = files.lock(&root)?;
        let journal = journal::read(files, &root)?;
        if !journal.holds() {
            return Err(Refused { sources: journal.sources, findings: journal.findings }.into());
        }
        let mut desk = Self { files, root, name, lock, journal };
        desk.finish_begun()?;
        Ok(desk)
    }

    fn history(&self) -> History {
        History::of(&self.journal)
    }

    /// Refuses an action that cannot follow where the release is.
    fn check(&self, release: &Release, action: Action) -> Result<(), Failed> {
        let state = self.history().state(release.digest());
        if state.allows(action) {
            return Ok(());
        }
        let (state, step) = (state.text(), action.text());
        let message = LocalText::new(
            format!("the release is {}: it cannot be {}", state.en, step.en),
            format!("该发布处于“{}”状态，不能执行“{}”", state.zh, step.zh),
        );
        let help = Help::by(
            LocalText::new(
                "make a new release where this one has ended; how it came there",
                "若该发布已终结，请重新生成发布；经过见",
            ),
            Deed::ShowJournal,
        );
        Err(Finding::error("release-state", None, message).with_help(help).into())
    }

    fn record(&self, release: &Release, what: Action, doing: &Doing) -> Record {
        Record {
            previous: Vec::new(),
            at: doing.at,
            who: doing.who.clone(),
            what,
            from: None,
            to: Some(release.digest()),
            version: release.version().to_owned(),
            file: self.name.clone(),
            role: String::new(),
            comment: doing.comment.clone(),
            target: String::new(),
        }
    }

    fn note(&mut self, records: Vec<Record>) -> Result<(), Failed> {
        self.journal = journal::append(self.files, &self.root, &self.lock, records)?;
        Ok(())
    }

    /// Notes signatures under a release of which the journal does not tell: a crash came between the file and the line.
    fn catch_up(&mut self, release: &Release) -> Result<(), Failed> {
        let told = |who: &str, what: Action| {
            self.journal
                .lines
                .iter()
                .any(|line| line.record.to == Some(release.digest()) && line.record.who == who && line.record.what == what)
        };
        let mut late = Vec::new();
        for approval in release.approvals() {
            let what = if approval.is_submission() { Action::Submitted } else { Action::Approved };
            if !told(&approval.principal, what) {
                let doing = Doing { who: approval.principal.clone(), at: approval.time, comment: String::new() };
                late.push(Record { role: approval.role.clone(), ..self.record(release, what, &doing) });
            }
        }
        if late.is_empty() { Ok(()) } else { self.note(late) }
    }
}

/// The file holds another release by now.
#[must_use]
pub fn changed(path: &Path) -> Failed {
    Failed::File(FileError::new(path, Fault::Changed))
}

/// A step that only a release in a workspace can take.
fn homeless(path: &Path) -> Failed {
    let path = path.display();
    let message = LocalText::new(
        format!("`{path}` lies in no workspace's `{RELEASED_FOLDER}/`, so there is no journal for it"),
        format!("`{path}` 不在任何工作区的 `{RELEASED_FOLDER}/` 中，没有对应的日志"),
    );
    let help = LocalText::new("copy the release there first", "请先将发布文件复制到该文件夹");
    Finding::error("release-outside-workspace", None, message).with_help(help).into()
}
