//! What can sign: a key file, or a key that the running ssh-agent holds.

use std::path::Path;

use zeroize::Zeroizing;

use super::super::agent::{AgentStream, agent, own_agent};
use super::super::files::Files;
use super::{StepError, wrong_key};
use crate::key::{Agent, AgentError, AgentKey, KeyError, SecretKey};
use countersign_core::diagnostic::{Help, Operation};
use countersign_core::release::{self, KeyIdentity, Trust};
use countersign_core::text::LocalText;

/// The largest key file that is read, in bytes.
const LARGEST_KEY: u64 = 1 << 20;
/// How long an agent run for one key keeps it, in seconds, should this program not end it.
const KEPT: u32 = 60;

/// What can sign: a key that was read, or one that the agent holds.
pub enum SigningKey {
    File(Box<SecretKey>),
    /// A key of the running agent, or of an agent run for an RSA key of a file.
    Agent(Box<Agent<Box<dyn AgentStream>>>, AgentKey),
}

impl SigningKey {
    /// Reads a key file; its passphrase is asked for where it has one. An RSA key is handed to an ssh-agent that runs for it alone.
    ///
    /// # Errors
    /// It cannot be read, is no key that signs, or the passphrase is wrong.
    pub fn read(
        files: &dyn Files,
        path: &Path,
        passphrase: impl FnOnce() -> Result<Zeroizing<String>, KeyError>,
    ) -> Result<Self, StepError> {
        let bytes = Zeroizing::new(files.read(path, LARGEST_KEY)?);
        let is_encrypted = SecretKey::is_encrypted(&bytes).map_err(key_finding)?;
        let typed = is_encrypted.then(passphrase).transpose().map_err(key_finding)?;
        let key = SecretKey::read(&bytes, typed.as_ref()).map_err(key_finding)?;
        if key.needs_agent() {
            let mut agent = Agent::new(own_agent().map_err(|error| no_own_agent(&error))?);
            let held = agent.add(&key, KEPT).map_err(|error| agent_failed(&error))?;
            return Ok(Self::Agent(Box::new(agent), held));
        }
        Ok(Self::File(Box::new(key)))
    }

    /// A key of the agent that listens at `socket`: the one with that fingerprint, where one is named, or else the one that the trusted
    /// signers list for the principal, or the first.
    ///
    /// # Errors
    /// No agent answers, or it holds no such key.
    pub fn of_agent(socket: Option<&Path>, trust: &Trust, wanted: AgentKeyChoice<'_>) -> Result<(Self, KeyIdentity), StepError> {
        let mut agent = connect(socket)?;
        let keys = keys(&mut agent, trust)?;
        let is_wanted = |(_, identity): &&(AgentKey, KeyIdentity)| match wanted {
            AgentKeyChoice::Fingerprint(wanted) => identity.fingerprint == wanted,
            AgentKeyChoice::Principal(wanted) => identity.principals.iter().any(|principal| principal == wanted),
        };
        let first = || keys.first().filter(|_| matches!(wanted, AgentKeyChoice::Principal(_)));
        let (held, identity) = keys.iter().find(is_wanted).or_else(first).cloned().ok_or_else(no_agent)?;
        Ok((Self::Agent(Box::new(agent), held), identity))
    }

    /// What the trusted signers say of it.
    pub fn identity(&self, trust: &Trust) -> KeyIdentity {
        match self {
            Self::File(key) => key.identity(trust),
            Self::Agent(_, held) => held.identity(trust),
        }
    }

    /// Signs a release's canonical text.
    ///
    /// # Errors
    /// The key cannot, or the agent refuses.
    pub fn sign(&mut self, text: &str) -> Result<String, StepError> {
        self.sign_for(release::NAMESPACE, text)
    }

    /// Signs a text for the purpose that the namespace names.
    ///
    /// # Errors
    /// The key cannot, or the agent refuses.
    pub fn sign_for(&mut self, namespace: &str, text: &str) -> Result<String, StepError> {
        match self {
            Self::File(key) => key.sign_for(namespace, text).map_err(key_finding),
            Self::Agent(agent, held) => agent.sign_for(held, namespace, text).map_err(|error| agent_failed(&error)),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum AgentKeyChoice<'a> {
    Fingerprint(&'a str),
    /// One that is listed for that principal; the first where none is.
    Principal(&'a str),
}

/// A key that could sign, as a person chooses among several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// What its owner called it, or the file's path.
    pub comment: String,
    /// Its fingerprint, and for whom it is listed.
    pub identity: KeyIdentity,
    /// Whether it needs a passphrase.
    pub is_encrypted: bool,
}

/// The keys that the agent at `socket` holds.
///
/// # Errors
/// No agent answers.
pub fn agent_keys(socket: Option<&Path>, trust: &Trust) -> Result<Vec<KnownKey>, StepError> {
    let held = keys(&mut connect(socket)?, trust)?;
    Ok(held.into_iter().map(|(held, identity)| KnownKey { comment: held.comment, identity, is_encrypted: false }).collect())
}

/// What is known of a key file without its passphrase.
///
/// # Errors
/// It cannot be read, or is no key that signs.
pub fn key_file(files: &dyn Files, path: &Path, trust: &Trust) -> Result<KnownKey, StepError> {
    let bytes = Zeroizing::new(files.read(path, LARGEST_KEY)?);
    let is_encrypted = SecretKey::is_encrypted(&bytes).map_err(key_finding)?;
    let identity = SecretKey::public_identity(&bytes, trust).map_err(key_finding)?;
    Ok(KnownKey { comment: path.display().to_string(), identity, is_encrypted })
}

/// The principal asked for, or the only one that the keys are listed for.
///
/// # Errors
/// They are listed for nobody, or for several.
pub fn principal(asked: Option<String>, identities: &[&KeyIdentity]) -> Result<String, StepError> {
    let mut names: Vec<&String> = identities.iter().flat_map(|identity| &identity.principals).collect();
    names.sort();
    names.dedup();
    match (asked, names.as_slice()) {
        (Some(asked), _) => Ok(asked),
        (None, [one]) => Ok((*one).clone()),
        (None, []) => {
            let prints: Vec<&str> = identities.iter().map(|identity| identity.fingerprint.as_str()).collect();
            let prints = prints.join("`, `");
            let message = LocalText::new(
                format!("no principal is listed for the key `{prints}`"),
                format!("密钥 `{prints}` 未登记在任何人名下"),
            );
            let help = LocalText::new("list it in `allowed_signers`", "请将其登记到 `allowed_signers`");
            Err(wrong_key(message, help))
        }
        (None, several) => {
            let names = several.iter().map(|name| name.as_str()).collect::<Vec<_>>().join("`, `");
            let message = LocalText::new(format!("who signs: `{names}`?"), format!("由谁签名：`{names}`？"));
            Err(wrong_key(message, Help::with_operation(LocalText::new("choose one", "请选择"), Operation::ChooseSigner)))
        }
    }
}

fn connect(socket: Option<&Path>) -> Result<Agent<Box<dyn AgentStream>>, StepError> {
    let stream = socket.and_then(|socket| agent(socket).ok()).ok_or_else(no_agent)?;
    Ok(Agent::new(stream))
}

fn keys(agent: &mut Agent<Box<dyn AgentStream>>, trust: &Trust) -> Result<Vec<(AgentKey, KeyIdentity)>, StepError> {
    let held = agent.keys().map_err(|error| agent_failed(&error))?;
    Ok(held.into_iter().map(|held| (held.clone(), held.identity(trust))).collect())
}

fn key_finding(error: KeyError) -> StepError {
    wrong_key(error.message(), error.help())
}

fn agent_failed(error: &AgentError) -> StepError {
    wrong_key(error.message(), LocalText::new("look at `ssh-add -l`, and try again", "请查看 `ssh-add -l` 后重试"))
}

fn no_agent() -> StepError {
    let message = LocalText::new("no ssh-agent answers, or it holds no key", "没有可用的 ssh-agent，或其中没有密钥");
    wrong_key(message, LocalText::new("start one, and load a key with `ssh-add`", "请启动 ssh-agent 并用 `ssh-add` 载入密钥"))
}

fn no_own_agent(error: &std::io::Error) -> StepError {
    let message = LocalText::new(
        format!("an RSA key signs by OpenSSH's `ssh-agent`, which does not start: {error}"),
        format!("RSA 密钥由 OpenSSH 的 `ssh-agent` 签名，但其无法启动：{error}"),
    );
    let help = LocalText::new(
        "install OpenSSH (Debian: `openssh-client`), let TMPDIR name a writable folder with a short path, or sign with an Ed25519 key",
        "请安装 OpenSSH（Debian：`openssh-client`），确认 TMPDIR 指向路径较短的可写文件夹，或使用 Ed25519 密钥签名",
    );
    wrong_key(message, help)
}
