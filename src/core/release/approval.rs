//! Approvals: who put their name under a release. Here only their form is held; whether a signature is good and its principal trusted
//! is asked of an `allowed_signers` file by whoever requires approvals.

use crate::model::{Digest, Moment, Timestamp};

/// The namespace that a release's signatures are made for, as in `ssh-keygen -Y sign -n`.
pub const NAMESPACE: &str = "countersign-release";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
/// Longest line of the armour, as OpenSSH writes it.
const ARMOUR_WIDTH: usize = 70;

/// The role of the maker's own signature: it submits a release, and never counts as an approval.
pub const MAKER: &str = "maker";
/// The role of a signature that rejects a release (驳回): with it the release is refused.
pub const REJECTED: &str = "rejected";
/// The role of a signature that withdraws a release (撤回): with it the release is refused.
pub const WITHDRAWN: &str = "withdrawn";

/// One approval (审批) of a release; the one in the role [`MAKER`] is the maker's submission (提交), and those in the roles [`REJECTED`] and
/// [`WITHDRAWN`] end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who approves, as in an `allowed_signers` file: `wang.wei@bank.example`.
    pub principal: String,
    /// In which role: `checker`, `head_office_risk`.
    pub role: String,
    /// When.
    pub time: Moment,
    /// The last entry of the workspace's journal when it was signed; none outside a workspace, and in format 1.
    pub journal: Option<Digest>,
    /// The armoured `SSHSIG` signature over [`Release::signed_text`](super::Release::signed_text).
    pub signature: String,
}

/// What of an approval has not its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MalformedPart {
    Principal,
    Role,
    Signature,
    /// A signature, but made for another purpose.
    Namespace,
}

impl Approval {
    /// Whether this is the maker's own signature.
    #[must_use]
    pub fn is_submission(&self) -> bool {
        self.role == MAKER
    }

    /// Whether this ends the release: a rejection or a withdrawal.
    #[must_use]
    pub fn ends(&self) -> bool {
        is_ending(&self.role)
    }

    /// Whether this counts as a checker's approval.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.is_submission() && !self.ends()
    }

    /// Whether both are of one person and one kind: a second of these says nothing more.
    pub(super) fn is_again(&self, other: &Self) -> bool {
        let kind = |one: &Self| (one.is_submission(), one.ends().then(|| one.role.clone()));
        self.principal == other.principal && kind(self) == kind(other)
    }

    /// Whether every part has its form: a principal, a role, and a complete armoured signature for our namespace.
    pub(super) fn form(&self) -> Result<(), MalformedPart> {
        if !is_principal(&self.principal) {
            return Err(MalformedPart::Principal);
        }
        if !is_role(&self.role) {
            return Err(MalformedPart::Role);
        }
        is_armoured(&self.signature, NAMESPACE)
    }

    /// What approvals are ordered by: the submission first, then by time and principal.
    pub(super) fn order(&self) -> (bool, Timestamp, &str) {
        (!self.is_submission(), self.time.at, &self.principal)
    }
}

/// Whether a text can name a person: no blanks, quotes, commas or control characters, as in an `allowed_signers` file.
#[must_use]
pub fn is_principal(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | '"' | '*' | '?' | '!' | '#');
    !text.is_empty() && text.len() <= 256 && text.chars().all(plain)
}

/// Whether a role ends the release that is signed in it.
pub(super) fn is_ending(role: &str) -> bool {
    [REJECTED, WITHDRAWN].contains(&role)
}

/// Whether a text can name a role: lower-case letters, digits and `_`.
#[must_use]
pub fn is_role(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a text is a complete armoured signature for that namespace.
pub(super) fn is_armoured(text: &str, wanted: &str) -> Result<(), MalformedPart> {
    match namespace(text) {
        None => Err(MalformedPart::Signature),
        Some(namespace) if namespace == wanted.as_bytes() => Ok(()),
        Some(_) => Err(MalformedPart::Namespace),
    }
}

/// What a signature was made for, if the text is an armoured signature in the one form that OpenSSH writes.
fn namespace(armoured: &str) -> Option<Vec<u8>> {
    let body = armoured.strip_prefix(BEGIN)?.strip_suffix(END)?.strip_suffix('\n')?;
    let lines: Vec<&str> = body.split('\n').collect();
    let (last, full) = lines.split_last()?;
    if full.iter().any(|line| line.len() != ARMOUR_WIDTH) || last.is_empty() || last.len() > ARMOUR_WIDTH {
        return None;
    }
    namespace_of_blob(&base64(&lines.concat())?)
}

/// The same of a `SSHSIG` blob of version 1, with nothing before, between or after its parts.
fn namespace_of_blob(blob: &[u8]) -> Option<Vec<u8>> {
    let mut rest = blob.strip_prefix(b"SSHSIG\0\0\0\x01")?;
    let mut parts = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (part, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        parts.push(part);
        rest = after;
    }
    let [public_key, namespace, reserved, hash, signature] = parts.as_slice() else { return None };
    let is_whole = rest.is_empty() && !public_key.is_empty() && reserved.is_empty() && !signature.is_empty();
    (is_whole && matches!(*hash, b"sha256" | b"sha512")).then(|| namespace.to_vec())
}

/// Reads base64 with its padding, in the one form each sequence of bytes has.
#[must_use]
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let (groups, []) = text.as_bytes().as_chunks::<4>() else { return None };
    let (last, full) = groups.split_last()?;
    let digit = |byte: u8| {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        Some(u32::from(value))
    };
    let group = |[a, b, c, d]: [u8; 4]| Some(digit(a)? << 18 | digit(b)? << 12 | digit(c)? << 6 | digit(d)?);
    let mut bytes = Vec::with_capacity(groups.len() * 3);
    for chars in full {
        bytes.extend(group(*chars)?.to_be_bytes().into_iter().skip(1));
    }
    let (filled, padding) = match *last {
        [a, b, b'=', b'='] => ([a, b, b'A', b'A'], 2),
        [a, b, c, b'='] => ([a, b, c, b'A'], 1),
        whole => (whole, 0),
    };
    let tail = group(filled)?.to_be_bytes();
    let (kept, dropped) = tail.get(1..)?.split_at_checked(3 - padding)?;
    bytes.extend(kept);
    dropped.iter().all(|byte| *byte == 0).then_some(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A signature that `ssh-keygen -Y sign -n countersign-release` made over the text `x`.
    pub(in crate::release) const SIGNATURE: &str = include_str!("../../../tests/golden/signature.sig");

    #[test]
    fn a_signature_of_ssh_keygen_is_well_formed_and_nothing_else_is() {
        assert_eq!(namespace(SIGNATURE).as_deref(), Some(NAMESPACE.as_bytes()));
        for length in 0..SIGNATURE.len() {
            assert!(namespace(&SIGNATURE[..length]).is_none(), "cut at {length}");
        }
        let one_line = SIGNATURE.replacen('\n', "\r\n", 1);
        let twice = format!("{SIGNATURE}{SIGNATURE}");
        for bad in [&one_line, &twice, &SIGNATURE.replace('=', "A"), &SIGNATURE.to_lowercase()] {
            assert!(bad == SIGNATURE || namespace(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn base64_has_one_form() {
        assert_eq!(base64("TWFu").unwrap(), b"Man");
        assert_eq!(base64("TWE=").unwrap(), b"Ma");
        assert_eq!(base64("TQ==").unwrap(), b"M");
        for bad in ["", "T", "TQ=", "TR==", "TWF=", "T===", "====", "TQ==TQ==", "TW F", "TWFu\n"] {
            assert_eq!(base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_principal_names_one_person() {
        assert!(is_principal("wang.wei@bank.example"));
        for bad in ["", "a b", "a,b", "*", "a\n", "\u{3000}"] {
            assert!(!is_principal(bad), "{bad:?}");
        }
    }
}
