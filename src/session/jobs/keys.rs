//! What a person can sign with: the agent's keys, a key file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Job, JobKind, JobOutput, JobResult};
use crate::Session;
use countersign_core::diagnostic::Finding;
use countersign_core::progress::Progress;
use countersign_core::release::{Requirements, Trust};
use countersign_workspace::Files;
use countersign_workspace::key::KeyError;
use countersign_workspace::lifecycle::{self, AgentKeyChoice, KnownKey, SigningKey, StepError};

/// A passphrase: wiped when dropped, in no log and no file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passphrase(pub Zeroizing<String>);

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// A key file, with its passphrase where it has one.
    File(PathBuf, Passphrase),
    /// The key with that fingerprint in the running agent.
    Agent(String),
}

/// What a person can sign with.
#[derive(Clone, Debug, Default)]
pub struct SigningKeys {
    /// The agent's keys, or why there are none; none until asked.
    pub agent: Option<Result<Vec<KnownKey>, Vec<Finding>>>,
    /// The key file looked at last, with its path, or what is wrong with it.
    pub file: Option<(PathBuf, Result<KnownKey, Vec<Finding>>)>,
}

pub(super) fn trust(files: &dyn Files, root: &Path) -> Result<(Requirements, Trust), StepError> {
    let requirements = lifecycle::requirements(files, Some(root), None, None)?;
    let trust = requirements.trust.clone().ok_or_else(lifecycle::no_signers)?;
    Ok((requirements, trust))
}

pub(super) fn signer(files: &dyn Files, key: &KeyChoice, trust: &Trust, socket: Option<&Path>) -> Result<SigningKey, StepError> {
    match key {
        KeyChoice::File(path, passphrase) => {
            let typed = || if passphrase.0.is_empty() { Err(KeyError::Encrypted) } else { Ok(passphrase.0.clone()) };
            SigningKey::read(files, path, typed)
        }
        KeyChoice::Agent(fingerprint) => Ok(SigningKey::of_agent(socket, trust, AgentKeyChoice::Fingerprint(fingerprint))?.0),
    }
}

/// The key that signs an entry of the journal, and where its agent listens; none where it is not signed.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryKey(pub Option<(KeyChoice, Option<PathBuf>)>);

impl EntryKey {
    /// The key for the workspace in `root`.
    pub fn signer(&self, files: &dyn Files, root: &Path) -> Result<Option<SigningKey>, StepError> {
        let Some((key, socket)) = &self.0 else { return Ok(None) };
        signer(files, key, &trust(files, root)?.1, socket.as_deref()).map(Some)
    }
}

pub(crate) struct ListAgentKeys {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub socket: Option<PathBuf>,
}

impl Job for ListAgentKeys {
    const KIND: JobKind = JobKind::AgentKeys;
    type Output = Result<Vec<KnownKey>, Vec<Finding>>;

    fn run(self, _: &Progress) -> JobResult<Self::Output> {
        let trust = trust(self.files.as_ref(), &self.root);
        let found = trust.and_then(|(_, trust)| lifecycle::agent_keys(self.socket.as_deref(), &trust));
        Ok(Some(found.map_err(|failed| failed.findings())))
    }

    fn apply(session: &mut Session, made: JobOutput<Self::Output>) {
        session.releases.set_agent_keys(Some(made.output));
    }
}

pub(crate) struct ReadKeyFile {
    pub files: Arc<dyn Files>,
    pub root: PathBuf,
    pub path: PathBuf,
}

impl Job for ReadKeyFile {
    const KIND: JobKind = JobKind::KeyFile;
    type Output = (PathBuf, Result<KnownKey, Vec<Finding>>);

    fn run(self, _: &Progress) -> JobResult<Self::Output> {
        let files = self.files.as_ref();
        let found = trust(files, &self.root).and_then(|(_, trust)| lifecycle::key_file(files, &self.path, &trust));
        Ok(Some((self.path, found.map_err(|failed| failed.findings()))))
    }

    fn apply(session: &mut Session, made: JobOutput<Self::Output>) {
        session.releases.set_key_file(Some(made.output));
    }
}
