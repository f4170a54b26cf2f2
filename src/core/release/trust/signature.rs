//! One `SSHSIG` signature: whether its key made it over this text, and whether the file lets this principal sign with that key then.

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

use super::line::SignerLine;
use super::{Trust, rsa};
use crate::diagnostic::Finding;
use crate::diagnostic::FindingKind;
use crate::model::{Timestamp, Zone};
use crate::release::pattern::matches_any;
use crate::release::refusal::{self, refuse};
use crate::text::LocalText;

/// The flag of a hardware key that says its owner touched it.
const TOUCHED: u8 = 1;
/// What a hardware key adds to its signature: the flags and a counter.
const HARDWARE_TAIL: usize = 5;

/// What speaks against a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::release) enum SignatureFault {
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

impl SignatureFault {
    /// The refusal's id, the part of an approval that is at fault, what is wrong and what to do; `of` names what `who` signed.
    pub(in crate::release) fn told(
        &self,
        who: &str,
        namespace: &str,
        of: (&str, &str),
    ) -> (&'static FindingKind, &'static str, LocalText, LocalText) {
        let again =
            || LocalText::new("sign it again, with a key that is listed for that name", "请使用登记在该姓名下的密钥重新签名");
        match self {
            Self::Wrong => (
                refusal::SIGNATURE,
                "signature",
                LocalText::new(
                    format!("the signature of `{who}` is not one over {}", of.0),
                    format!("`{who}` 的签名不是对{}的签名", of.1),
                ),
                LocalText::new(
                    "it was made for something else, or changed: have it signed again",
                    "该签名属于其他内容或已被改动：请重新签名",
                ),
            ),
            Self::Untouched => (
                refusal::SIGNATURE,
                "signature",
                LocalText::new(
                    format!("the hardware key of `{who}` was not touched when it signed"),
                    format!("`{who}` 的硬件密钥在签名时未经触碰确认"),
                ),
                LocalText::new("use a key that asks for a touch", "请使用需要触碰确认的密钥"),
            ),
            Self::Untrusted(print) => (
                refusal::UNTRUSTED,
                "signature",
                LocalText::new(format!("the key {print} is not listed for `{who}`"), format!("密钥 {print} 未登记在 `{who}` 名下")),
                LocalText::new(
                    "list the key in `allowed_signers`, or sign with one that is",
                    "请将该密钥登记到 `allowed_signers`，或改用已登记的密钥",
                ),
            ),
            Self::Namespace => (
                refusal::NAMESPACE,
                "signature",
                LocalText::new(
                    format!("the key of `{who}` is not listed for the namespace `{namespace}`"),
                    format!("`{who}` 的密钥登记用途不包括命名空间 `{namespace}`"),
                ),
                LocalText::new(
                    format!("name `{namespace}` too in the `namespaces=\"…\"` of its line in `allowed_signers`"),
                    format!("请在 `allowed_signers` 中该密钥一行的 `namespaces=\"…\"` 里加上 `{namespace}`"),
                ),
            ),
            Self::Expired(when) => (
                refusal::EXPIRED,
                "time",
                LocalText::new(format!("the key of `{who}` is {}", when.en), format!("`{who}` 的密钥{}", when.zh)),
                again(),
            ),
        }
    }
}

/// Verifies a signature over `text` for the purpose that the namespace names; gives its key.
pub(in crate::release) fn verify(armoured: &str, namespace: &str, text: &[u8]) -> Result<KeyData, SignatureFault> {
    let signature = SshSig::from_pem(armoured).map_err(|_| SignatureFault::Wrong)?;
    let key = signature.public_key();
    if matches!(signature.algorithm(), Algorithm::Rsa { hash: None } | Algorithm::Dsa) {
        return Err(SignatureFault::Wrong);
    }
    if matches!(key, KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_)) {
        let bytes = signature.signature_bytes();
        let flags = bytes.len().checked_sub(HARDWARE_TAIL).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
        if flags & TOUCHED == 0 {
            return Err(SignatureFault::Untouched);
        }
    }
    if is_by_key(&signature, namespace, text) { Ok(key.clone()) } else { Err(SignatureFault::Wrong) }
}

/// Whether the key that a signature names made it over `text`, for that purpose.
fn is_by_key(signature: &SshSig, namespace: &str, text: &[u8]) -> bool {
    match (signature.public_key(), signature.algorithm()) {
        (KeyData::Rsa(key), Algorithm::Rsa { hash: Some(hash) }) if signature.namespace() == namespace => {
            let data = SshSig::signed_data(namespace, signature.hash_alg(), text);
            data.is_ok_and(|data| rsa::verify(key, hash, &data, signature.signature_bytes()))
        }
        (KeyData::Rsa(_), _) => false,
        (key, _) => PublicKey::from(key.clone()).verify(namespace, text, signature).is_ok(),
    }
}

/// A key's fingerprint: `SHA256:…`.
pub(in crate::release) fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// The fingerprint of the key that a signature names, whether or not that key made it.
#[must_use]
pub fn key_of(armoured: &str) -> Option<String> {
    SshSig::from_pem(armoured).ok().map(|signature| fingerprint(signature.public_key()))
}

impl Trust {
    /// Whether `principal` may sign with `key` for a purpose at a time. Nobody attests that time, but it cannot lie before the release was
    /// made, and a gateway takes no release made before the one it runs: a key that ran out approves nothing new.
    pub(in crate::release) fn allows(
        &self,
        principal: &str,
        key: &KeyData,
        namespace: &str,
        time: Timestamp,
    ) -> Result<(), SignatureFault> {
        let mut worst = SignatureFault::Untrusted(fingerprint(key));
        for line in self.lines(principal, key) {
            match line_allows(line, namespace, time) {
                Ok(()) => return Ok(()),
                Err(fault) => worst = fault,
            }
        }
        Err(worst)
    }

    /// Whether `principal` signed `text` for `namespace`, with a key that is listed for them and valid at each of the times. Gives the
    /// key's fingerprint. `of` names what was signed, in both languages: `this entry`.
    ///
    /// # Errors
    /// Why it is refused, without a place.
    pub fn verify(
        &self,
        (namespace, of): (&str, (&str, &str)),
        principal: &str,
        text: &str,
        armoured: &str,
        times: &[Timestamp],
    ) -> Result<String, Box<Finding>> {
        let judged = verify(armoured, namespace, text.as_bytes()).and_then(|key| {
            times.iter().try_for_each(|time| self.allows(principal, &key, namespace, *time))?;
            Ok(fingerprint(&key))
        });
        judged.map_err(|fault| {
            let (kind, _, message, help) = fault.told(principal, namespace, of);
            Box::new(refuse(kind, None, message, help))
        })
    }
}

fn line_allows(line: &SignerLine, namespace: &str, time: Timestamp) -> Result<(), SignatureFault> {
    if let Some(namespaces) = &line.options.namespaces
        && !matches_any(namespace, namespaces.iter().map(String::as_str))
    {
        return Err(SignatureFault::Namespace);
    }
    let show = |time: Timestamp| Zone::default().format(time);
    let now = show(time);
    if let Some(after) = line.options.valid_after.filter(|after| time < *after).map(show) {
        let (en, zh) = (format!("valid from {after}, not at {now}"), format!("自 {after} 起有效，{now} 时尚未生效"));
        return Err(SignatureFault::Expired(LocalText::new(en, zh)));
    }
    if let Some(before) = line.options.valid_before.filter(|before| time > *before).map(show) {
        let (en, zh) = (format!("valid until {before}, not at {now}"), format!("有效期至 {before}，{now} 时已失效"));
        return Err(SignatureFault::Expired(LocalText::new(en, zh)));
    }
    Ok(())
}
