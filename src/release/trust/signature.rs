//! One `SSHSIG` signature: whether its key made it over this text, and whether the file lets this principal sign with that key then.

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

use super::Trust;
use super::line::Signer;
use crate::model::{Timestamp, Zone};
use crate::release::pattern::matches_any;
use crate::text::LocalText;

/// The flag of a hardware key that says its owner touched it.
const TOUCHED: u8 = 1;
/// What a hardware key adds to its signature: the flags and a counter.
const HARDWARE_TAIL: usize = 5;

/// What speaks against a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::release) enum Fault {
    /// It is no signature over this text: made for another release, or damaged.
    Wrong,
    /// A hardware key that nobody touched.
    Untouched,
    /// The file does not name this key for the principal.
    Untrusted(String),
    /// The file allows the key for other namespaces only.
    Namespace,
    /// The key was not valid at some time that counts.
    Expired(LocalText),
}

/// Verifies a signature over `text` for the purpose that the namespace names; gives its key.
pub(in crate::release) fn verify(armoured: &str, namespace: &str, text: &[u8]) -> Result<KeyData, Fault> {
    let signature = SshSig::from_pem(armoured).map_err(|_| Fault::Wrong)?;
    let key = signature.public_key();
    if matches!(signature.algorithm(), Algorithm::Rsa { hash: None } | Algorithm::Dsa) {
        return Err(Fault::Wrong);
    }
    if matches!(key, KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_)) {
        let bytes = signature.signature_bytes();
        let flags = bytes.len().checked_sub(HARDWARE_TAIL).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
        if flags & TOUCHED == 0 {
            return Err(Fault::Untouched);
        }
    }
    PublicKey::from(key.clone()).verify(namespace, text, &signature).map_err(|_| Fault::Wrong)?;
    Ok(key.clone())
}

/// A key's fingerprint: `SHA256:…`.
pub(in crate::release) fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

impl Trust {
    /// Whether `principal` may sign with `key` for a purpose at a time. Nobody attests that time, but it cannot lie before the release was made, and
    /// a gateway takes no release made before the one it runs: a key that ran out approves nothing new.
    pub(in crate::release) fn allows(&self, principal: &str, key: &KeyData, namespace: &str, time: Timestamp) -> Result<(), Fault> {
        let mut worst = Fault::Untrusted(fingerprint(key));
        for line in self.lines(principal, key) {
            match line_allows(line, namespace, time) {
                Ok(()) => return Ok(()),
                Err(fault) => worst = fault,
            }
        }
        Err(worst)
    }
}

fn line_allows(line: &Signer, namespace: &str, time: Timestamp) -> Result<(), Fault> {
    if let Some(namespaces) = &line.options.namespaces
        && !matches_any(namespace, namespaces.iter().map(String::as_str))
    {
        return Err(Fault::Namespace);
    }
    let show = |time: Timestamp| Zone::default().format(time);
    let now = show(time);
    if let Some(after) = line.options.valid_after.filter(|after| time < *after).map(show) {
        let (en, zh) = (format!("valid from {after}, not at {now}"), format!("自 {after} 起有效，{now} 时尚未生效"));
        return Err(Fault::Expired(LocalText::new(en, zh)));
    }
    if let Some(before) = line.options.valid_before.filter(|before| time > *before).map(show) {
        let (en, zh) = (format!("valid until {before}, not at {now}"), format!("有效期至 {before}，{now} 时已失效"));
        return Err(Fault::Expired(LocalText::new(en, zh)));
    }
    Ok(())
}
