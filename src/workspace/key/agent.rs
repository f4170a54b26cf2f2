//! A client of the ssh-agent protocol (draft-miller-ssh-agent): asks which keys there are, and has one of them sign.
//!
//! Works over any stream; lengths are bounded, and an answer that is not wholly understood is an error.

use std::io::{self, Read, Write};

use ssh_key::public::KeyData;
use ssh_key::{LineEnding, PublicKey, Signature, SshSig};
use zeroize::Zeroizing;

use super::HASH;
use super::file::{SecretKey, ended};
use super::wire::{Wire, put};
use countersign_core::release::NAMESPACE;
use countersign_core::release::{KeyIdentity, Trust};
use countersign_core::text::LocalText;

const FAILURE: u8 = 5;
const SUCCESS: u8 = 6;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
const ADD_CONSTRAINED: u8 = 25;
/// Before the seconds that an agent keeps a key.
const LIFETIME: u8 = 1;
/// Asks an RSA key for SHA-512; other keys ignore it.
const RSA_SHA2_512: u32 = 4;
/// The largest answer that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// Why an agent did not sign.
#[derive(Debug)]
pub enum AgentError {
    /// The connection failed.
    Io(io::Error),
    /// The agent refused: it is locked, the key was not touched, or a person refused.
    Refused,
    /// The answer is none of this protocol.
    Malformed,
}

impl AgentError {
    /// What went wrong, for people.
    pub fn message(&self) -> LocalText {
        match self {
            Self::Io(error) => {
                LocalText::new(format!("the ssh-agent cannot be asked: {error}"), format!("无法访问 ssh-agent：{error}"))
            }
            Self::Refused => LocalText::new("the ssh-agent refused to sign", "ssh-agent 拒绝签名"),
            Self::Malformed => LocalText::new("the ssh-agent's answer is not understood", "无法理解 ssh-agent 的应答"),
        }
    }
}

impl From<io::Error> for AgentError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A key that an agent holds.
#[derive(Clone, Debug)]
pub struct AgentKey {
    key: KeyData,
    /// What its owner called it.
    pub comment: String,
}

impl AgentKey {
    /// What the trusted signers say of this key.
    pub fn identity(&self, trust: &Trust) -> KeyIdentity {
        trust.identity(&self.key)
    }
}

/// A connection to an agent.
#[derive(Debug)]
pub struct Agent<S> {
    stream: S,
}

impl<S: Read + Write> Agent<S> {
    /// Talks to the agent at the other end of a stream.
    pub fn new(stream: S) -> Self {
        Self { stream }
    }

    /// The keys it holds; those of types that do not sign releases are left out.
    ///
    /// # Errors
    /// The agent cannot be reached or is not understood.
    pub fn keys(&mut self) -> Result<Vec<AgentKey>, AgentError> {
        let answer = self.ask(REQUEST_IDENTITIES, &[], IDENTITIES)?;
        let mut rest = Wire(&answer);
        let count = rest.number().ok_or(AgentError::Malformed)?;
        let mut keys = Vec::new();
        for _ in 0..count {
            let blob = rest.bytes().ok_or(AgentError::Malformed)?;
            let comment = String::from_utf8_lossy(rest.bytes().ok_or(AgentError::Malformed)?).into_owned();
            if let Ok(key) = PublicKey::from_bytes(blob)
                && !matches!(key.key_data(), KeyData::Dsa(_) | KeyData::Other(_))
            {
                keys.push(AgentKey { key: key.key_data().clone(), comment });
            }
        }
        if rest.0.is_empty() { Ok(keys) } else { Err(AgentError::Malformed) }
    }

    /// Hands it a key that [needs an agent](SecretKey::needs_agent), to keep for some seconds.
    ///
    /// # Errors
    /// The agent cannot be reached, refuses, or the key is one that signs by itself.
    pub fn add(&mut self, key: &SecretKey, seconds: u32) -> Result<AgentKey, AgentError> {
        let key_bytes = key.for_agent().ok_or(AgentError::Refused)?;
        let mut request = Zeroizing::new(Vec::with_capacity(key_bytes.len() + 9));
        request.extend(key_bytes.iter());
        put(&mut request, b"");
        request.push(LIFETIME);
        request.extend(seconds.to_be_bytes());
        let answer = self.ask(ADD_CONSTRAINED, &request, SUCCESS)?;
        let held = AgentKey { key: key.public().clone(), comment: String::new() };
        if answer.is_empty() { Ok(held) } else { Err(AgentError::Malformed) }
    }

    /// Has a key sign a release's canonical text: an armoured `SSHSIG` signature.
    ///
    /// # Errors
    /// The agent cannot be reached, refuses, or answers what is no signature.
    pub fn sign(&mut self, held: &AgentKey, text: &str) -> Result<String, AgentError> {
        self.sign_for(held, NAMESPACE, text)
    }

    /// Has a key sign a text for another purpose than a release, which the namespace names.
    ///
    /// # Errors
    /// The agent cannot be reached, refuses, or answers what is no signature.
    pub fn sign_for(&mut self, held: &AgentKey, namespace: &str, text: &str) -> Result<String, AgentError> {
        let malformed = |_| AgentError::Malformed;
        let data = SshSig::signed_data(namespace, HASH, text.as_bytes()).map_err(malformed)?;
        let key = PublicKey::from(held.key.clone()).to_bytes().map_err(malformed)?;
        let mut request = Vec::new();
        put(&mut request, &key);
        put(&mut request, &data);
        request.extend(RSA_SHA2_512.to_be_bytes());
        let answer = self.ask(SIGN_REQUEST, &request, SIGN_RESPONSE)?;
        let mut rest = Wire(&answer);
        let blob = rest.bytes().ok_or(AgentError::Malformed)?;
        if !rest.0.is_empty() {
            return Err(AgentError::Malformed);
        }
        let signature = Signature::try_from(blob).map_err(malformed)?;
        let signature = SshSig::new(held.key.clone(), namespace, HASH, signature).map_err(malformed)?;
        signature.to_pem(LineEnding::LF).map(ended).map_err(malformed)
    }

    fn ask(&mut self, kind: u8, body: &[u8], wanted: u8) -> Result<Vec<u8>, AgentError> {
        let length = u32::try_from(body.len() + 1).map_err(|_| AgentError::Malformed)?;
        let mut framed = Zeroizing::new(Vec::with_capacity(body.len() + 5));
        framed.extend(length.to_be_bytes());
        framed.push(kind);
        framed.extend(body);
        self.stream.write_all(&framed)?;
        self.stream.flush()?;
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 || length > LARGEST {
            return Err(AgentError::Malformed);
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        match answer.split_first() {
            Some((kind, body)) if *kind == wanted => Ok(body.to_vec()),
            Some((&FAILURE, _)) => Err(AgentError::Refused),
            _ => Err(AgentError::Malformed),
        }
    }
}
