//! A private key from an OpenSSH key file.

use ssh_key::private::KeypairData;
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, LineEnding, PrivateKey, SshSig};
use zeroize::Zeroizing;

use super::wire::put;
use super::{HASH, short};
use countersign_core::diagnostic::{Help, Operation};
use countersign_core::release::NAMESPACE;
use countersign_core::release::{KeyIdentity, Trust};
use countersign_core::text::LocalText;

/// What an RSA key is called where it is handed over.
const RSA: &[u8] = b"ssh-rsa";

/// Why a key file cannot sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It is no OpenSSH private key.
    NotAKey,
    Public,
    /// It is encrypted: a passphrase is needed.
    Encrypted,
    WrongPassphrase,
    /// A hardware key, which only an agent can use.
    Hardware,
    /// An RSA key, with which only an agent computes: see [`SecretKey::needs_agent`].
    Rsa,
    /// A type of key that does not sign releases.
    Unsupported,
}

impl KeyError {
    /// What is wrong, for people.
    pub fn message(self) -> LocalText {
        match self {
            Self::NotAKey => LocalText::new("this is not an OpenSSH private key", "这不是 OpenSSH 私钥"),
            Self::Public => LocalText::new("this is a public key; the private one signs", "这是公钥；签名需要私钥"),
            Self::Encrypted => LocalText::new("the key needs its passphrase", "该密钥需要口令"),
            Self::WrongPassphrase => LocalText::new("the passphrase is wrong", "口令错误"),
            Self::Hardware => LocalText::new("a hardware key signs by an agent only", "硬件密钥只能通过 ssh-agent 签名"),
            Self::Rsa => LocalText::new("an RSA key signs by an agent only", "RSA 密钥只能通过 ssh-agent 签名"),
            Self::Unsupported => LocalText::new("keys of this type do not sign releases", "该类型的密钥不能签署发布"),
        }
    }

    /// How to fix it.
    pub fn help(self) -> Help {
        let words = match self {
            Self::NotAKey => LocalText::new(
                "make one with `ssh-keygen -t ed25519`; a PEM key becomes one by `ssh-keygen -p -f KEY`",
                "用 `ssh-keygen -t ed25519` 生成；PEM 密钥可用 `ssh-keygen -p -f KEY` 转换",
            ),
            Self::Public => LocalText::new("give the file without `.pub`", "请给出不带 `.pub` 的文件"),
            Self::Encrypted => {
                let words = LocalText::new(
                    "type it, or let an ssh-agent that holds the key sign",
                    "请输入口令，或由持有该密钥的 ssh-agent 签名",
                );
                return Help::with_operation(words, Operation::UseAgent);
            }
            Self::WrongPassphrase => LocalText::new("try again; nothing was changed", "请重试；未作任何改动"),
            Self::Hardware | Self::Rsa => {
                let words =
                    LocalText::new("load it with `ssh-add`, and let the agent sign", "请用 `ssh-add` 载入，并由 ssh-agent 签名");
                return Help::with_operation(words, Operation::UseAgent);
            }
            Self::Unsupported => LocalText::new("use an Ed25519, ECDSA or RSA key", "请使用 Ed25519、ECDSA 或 RSA 密钥"),
        };
        words.into()
    }
}

/// A private key, ready to sign; wiped when dropped.
pub struct SecretKey {
    key: PrivateKey,
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretKey").finish_non_exhaustive()
    }
}

impl SecretKey {
    /// Whether a key file is encrypted, so that its passphrase must be asked for.
    ///
    /// # Errors
    /// It is no private key.
    pub fn is_encrypted(bytes: &[u8]) -> Result<bool, KeyError> {
        parse(bytes).map(|key| key.is_encrypted())
    }

    /// Reads a key file, decrypting it where it is encrypted.
    ///
    /// # Errors
    /// It is no key that can sign, or the passphrase is missing or wrong.
    pub fn read(bytes: &[u8], passphrase: Option<&Zeroizing<String>>) -> Result<Self, KeyError> {
        let mut key = parse(bytes)?;
        if key.is_encrypted() {
            let passphrase = passphrase.ok_or(KeyError::Encrypted)?;
            let decrypted = key.decrypt(passphrase.as_bytes()).ok();
            key = decrypted.or_else(|| short::decrypt(&key, passphrase.as_bytes())).ok_or(KeyError::WrongPassphrase)?;
        }
        match key.algorithm() {
            Algorithm::Ed25519 | Algorithm::Ecdsa { .. } | Algorithm::Rsa { .. } => Ok(Self { key }),
            Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256 => Err(KeyError::Hardware),
            _ => Err(KeyError::Unsupported),
        }
    }

    /// What the trusted signers say of a key file; its passphrase is not needed for that.
    ///
    /// # Errors
    /// It is no private key.
    pub fn public_identity(bytes: &[u8], trust: &Trust) -> Result<KeyIdentity, KeyError> {
        parse(bytes).map(|key| trust.identity(key.public_key().key_data()))
    }

    /// What the trusted signers say of this key.
    pub fn identity(&self, trust: &Trust) -> KeyIdentity {
        trust.identity(self.key.public_key().key_data())
    }

    /// Whether the key signs through an agent only: an RSA key. OpenSSH computes with it, in constant time; see RUSTSEC-2023-0071 for
    /// what the Rust crates lack there.
    pub fn needs_agent(&self) -> bool {
        self.for_agent().is_some()
    }

    /// The key as an agent is handed it, without a comment.
    pub(super) fn for_agent(&self) -> Option<Zeroizing<Vec<u8>>> {
        let KeypairData::Rsa(pair) = self.key.key_data() else { return None };
        let (public, private) = (&pair.public, &pair.private);
        let numbers = [&public.n, &public.e, &private.d, &private.iqmp, &private.p, &private.q];
        // As much as is needed: a copy left behind by growing would not be wiped.
        let length: usize = numbers.iter().map(|number| 4 + number.as_bytes().len()).sum();
        let mut written = Zeroizing::new(Vec::with_capacity(4 + RSA.len() + length));
        put(&mut written, RSA);
        for number in numbers {
            put(&mut written, number.as_bytes());
        }
        Some(written)
    }

    /// The public part.
    pub(super) fn public(&self) -> &KeyData {
        self.key.public_key().key_data()
    }

    /// Signs a release's canonical text: an armoured `SSHSIG` signature.
    ///
    /// # Errors
    /// The key cannot sign, as an RSA key cannot without an agent.
    pub fn sign(&self, text: &str) -> Result<String, KeyError> {
        self.sign_for(NAMESPACE, text)
    }

    /// Signs a text for another purpose than a release, which the namespace names.
    ///
    /// # Errors
    /// The key cannot sign, as an RSA key cannot without an agent.
    pub fn sign_for(&self, namespace: &str, text: &str) -> Result<String, KeyError> {
        if self.needs_agent() {
            return Err(KeyError::Rsa);
        }
        let signature = SshSig::sign(&self.key, namespace, HASH, text.as_bytes()).ok();
        let armour = signature.and_then(|signature| signature.to_pem(LineEnding::LF).ok());
        armour.map(ended).ok_or(KeyError::Unsupported)
    }
}

/// With the line break that `ssh-keygen` ends a signature with.
pub(super) fn ended(mut armour: String) -> String {
    if !armour.ends_with('\n') {
        armour.push('\n');
    }
    armour
}

fn parse(bytes: &[u8]) -> Result<PrivateKey, KeyError> {
    let is_public = ["ssh-", "ecdsa-", "sk-"].iter().any(|start| bytes.starts_with(start.as_bytes()));
    let read = PrivateKey::from_openssh(bytes).ok().or_else(|| short::read(bytes));
    read.ok_or(if is_public { KeyError::Public } else { KeyError::NotAKey })
}
