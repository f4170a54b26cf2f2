//! The way of a release in its workspace: draft, submitted, approved, live, superseded or withdrawn. Every step is taken under the
//! workspace's lock, leaves the release's file whole, and is noted in the journal.
//!
//! Keys and signatures come from outside; what is refused is not written.

mod locked;
mod make;
mod publish;
mod repair;
mod revoke;
mod sign;
mod signer;
mod trust;
mod unfinished;

use std::fmt;
use std::path::{Path, PathBuf};

use super::files::{FileError, FileErrorKind, Files};
use super::journal;
use super::load::{RELEASED_FOLDER, RULE_SET_FILE};
use super::released::{LARGEST_RELEASE, released};
use crate::kinds::{RELEASE_OUTSIDE_WORKSPACE, WRONG_KEY};
use countersign_core::diagnostic::{Finding, Help, Severity};
use countersign_core::model::Moment;
use countersign_core::release::{self, Digest, Policy, Refused, Release, Requirements, Trust};
use countersign_core::text::{LocalText, Sources};
pub use make::{export, failing_cases, file_of, roll_back, switch_off};
pub use publish::{live, publish};
pub use repair::repair;
pub use revoke::{RevocationRequest, WrittenRevocations, after_revoking, home_of_list, is_list, read_revocations, revoke};
pub use sign::{As, mark, sign, sign_with};
pub use signer::{AgentKeyChoice, KnownKey, SigningKey, agent_keys, key_file, principal};
pub use trust::{no_signers, requirements, role, trusted, without};
pub use unfinished::unfinished;

/// Who must approve releases of this workspace.
pub const POLICY_FILE: &str = "approvals.ron";
/// Whose signatures count in this workspace.
pub const SIGNERS_FILE: &str = "allowed_signers";
/// What was revoked in this workspace.
pub const REVOCATIONS_FILE: &str = "revocations.ron";
/// The largest policy or signers file that is read, in bytes.
const LARGEST_TRUST: u64 = 8 << 20;

/// Why a step was not taken.
#[derive(Clone, Debug)]
pub enum StepError {
    /// A file cannot be read or written.
    File(FileError),
    Refused(Refused),
    /// The request itself is wrong: a key that does not sign, a name that is none, a file in the way.
    Asked(Box<Finding>),
}

impl From<FileError> for StepError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<Refused> for StepError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// A key or a name that cannot sign.
fn wrong_key(message: LocalText, help: impl Into<Help>) -> StepError {
    StepError::Asked(Box::new(Finding::new(WRONG_KEY, None, message).with_help(help)))
}

impl From<Finding> for StepError {
    fn from(finding: Finding) -> Self {
        Self::Refused(Refused { sources: Sources::default(), findings: vec![finding] })
    }
}

impl StepError {
    /// What is wrong, with what to do about it.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Self::File(error) => vec![error.to_finding()],
            Self::Refused(refused) => refused.findings.clone(),
            Self::Asked(finding) => vec![Finding::clone(finding)],
        }
    }

    /// The first of what is wrong, with its remedy, in one sentence for the window.
    pub fn message(&self) -> LocalText {
        self.findings().first().map_or_else(|| LocalText::same(self.to_string()), Finding::sentence)
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Refused(refused) => refused.fmt(f),
            Self::Asked(finding) => f.write_str(&finding.message.en),
        }
    }
}

impl std::error::Error for StepError {}

/// Who does something, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDetails {
    /// The principal.
    pub who: String,
    /// When.
    pub at: Moment,
    /// Why; may be empty.
    pub comment: String,
}

/// Who acts, by which rules, and with which key.
pub struct Actor<'a> {
    /// Who, when and why.
    pub doing: &'a StepDetails,
    /// The key that signs the entry of the journal; none where it is not signed.
    pub signer: Option<&'a mut SigningKey>,
    /// The workspace's policy, and whose signatures count.
    pub requirements: &'a Requirements,
}

/// The workspace that a release's file lies in, and the file's name inside; none for a file that lies elsewhere.
pub fn home(files: &dyn Files, release: &Path) -> Option<(PathBuf, String)> {
    let folder = release.parent()?;
    let root = folder.parent()?;
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let name = release.file_name()?.to_str()?;
    let is_here = folder.file_name()? == RELEASED_FOLDER && files.exists(&root.join(RULE_SET_FILE));
    is_here.then(|| (root.to_owned(), format!("{RELEASED_FOLDER}/{name}")))
}

/// The last entry of the journal of the workspace that a release's file lies in: what a new release or signature names, so that the
/// journal cannot be cut before it. None outside a workspace, and where nothing was noted yet.
///
/// # Errors
/// The journal cannot be read.
pub fn anchor(files: &dyn Files, path: &Path) -> Result<Option<Digest>, StepError> {
    let Some((root, _)) = home(files, path) else { return Ok(None) };
    Ok(journal::read(files, root)?.heads.last().copied())
}

/// What the journal of the workspace that a release's file lies in says against it; nothing for one that lies elsewhere.
///
/// # Errors
/// The journal cannot be read.
pub fn against_journal(files: &dyn Files, path: &Path, release: &Release) -> Result<Vec<Finding>, StepError> {
    let Some((root, name)) = home(files, path) else { return Ok(Vec::new()) };
    let journal = journal::read(files, root)?;
    let errors = journal.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let mut findings: Vec<Finding> = errors.map(|finding| Finding { span: None, ..finding.clone() }).collect();
    findings.extend(journal::cut_entries(&journal, &[(name, release.clone())]));
    Ok(findings)
}

/// What else than its own chain speaks against a workspace's journal: publications that were not ended, signatures of entries, and what
/// the releases tell otherwise. Places are those in the journal.
///
/// # Errors
/// The releases cannot be read.
pub fn held_against(
    files: &dyn Files,
    root: &Path,
    journal: &journal::Journal,
    requirements: &Requirements,
) -> Result<Vec<Finding>, StepError> {
    let releases = released(files, root)?.releases;
    let mut findings = unfinished(files, journal);
    // These have their places in the releases.
    findings.extend(journal::cut_entries(journal, &releases).into_iter().map(|finding| Finding { span: None, ..finding }));
    findings.extend(journal::unlike_releases(journal, &releases));
    findings.extend(journal::signatures(journal, requirements));
    Ok(findings)
}

/// Reads a release's file.
///
/// # Errors
/// It cannot be read or is no release.
pub fn read_release(files: &dyn Files, path: &Path) -> Result<Release, StepError> {
    let bytes = files.read(path, LARGEST_RELEASE)?;
    Ok(release::read(&path.display().to_string(), &bytes)?)
}

/// Reads a policy file.
///
/// # Errors
/// It cannot be read or is none.
pub fn read_policy(files: &dyn Files, path: &Path) -> Result<Policy, StepError> {
    let bytes = files.read(path, LARGEST_TRUST)?;
    Ok(Policy::read(&path.display().to_string(), &bytes)?)
}

/// Reads an `allowed_signers` file.
///
/// # Errors
/// It cannot be read or is none.
pub fn read_trust(files: &dyn Files, path: &Path) -> Result<Trust, StepError> {
    let bytes = files.read(path, LARGEST_TRUST)?;
    Ok(Trust::read(&path.display().to_string(), &bytes)?)
}

/// The file holds another release by now.
pub fn changed(path: &Path) -> StepError {
    StepError::File(FileError::new(path, FileErrorKind::Changed))
}

/// A step that only a release in a workspace can take.
fn homeless(path: &Path) -> StepError {
    let path = path.display();
    let message = LocalText::new(
        format!("`{path}` lies in no workspace's `{RELEASED_FOLDER}/`, so there is no journal for it"),
        format!("`{path}` 不在任何工作区的 `{RELEASED_FOLDER}/` 中，没有对应的审计日志"),
    );
    let help = LocalText::new("copy the release there first", "请先将发布文件复制到该文件夹");
    Finding::new(RELEASE_OUTSIDE_WORKSPACE, None, message).with_help(help).into()
}
