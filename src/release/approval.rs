//! Approvals: who put their name under a release. Here only their form is held; whether a signature is good and its principal trusted
//! is asked of an `allowed_signers` file by whoever requires approvals.

use crate::model::Moment;

/// The namespace that a release's signatures are made for, as in `ssh-keygen -Y sign -n`.
pub const NAMESPACE: &str = "countersign-release";

const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
/// Longest line of the armour, as OpenSSH writes it.
const ARMOUR_WIDTH: usize = 70;

/// One approval (审批) of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who approves, as in an `allowed_signers` file: `wang.wei@bank.example`.
    pub principal: String,
    /// In which role: `checker`, `risk_committee`.
    pub role: String,
    /// When.
    pub time: Moment,
    /// The armoured `SSHSIG` signature over the release's canonical text.
    pub signature: String,
}

impl Approval {
    /// Whether every part has its form: a principal, a role, and a complete armoured signature for our namespace.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        is_principal(&self.principal) && is_role(&self.role) && is_signature(&self.signature)
    }
}

/// Whether a text can name a person: no blanks, quotes, commas or control characters, as in an `allowed_signers` file.
#[must_use]
pub fn is_principal(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | '"' | '*' | '?' | '!' | '#');
    !text.is_empty() && text.len() <= 256 && text.chars().all(plain)
}

fn is_role(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a text is an armoured signature in the one form that OpenSSH writes.
fn is_signature(armoured: &str) -> bool {
    let body = armoured.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    let Some(lines) = body.and_then(|body| body.strip_suffix('\n')) else { return false };
    let lines: Vec<&str> = lines.split('\n').collect();
    let Some((last, full)) = lines.split_last() else { return false };
    if full.iter().any(|line| line.len() != ARMOUR_WIDTH) || last.is_empty() || last.len() > ARMOUR_WIDTH {
        return false;
    }
    base64(&lines.concat()).is_some_and(|blob| is_blob(&blob))
}

/// Whether bytes are a `SSHSIG` blob of version 1 for our namespace, with nothing before, between or after its parts.
fn is_blob(blob: &[u8]) -> bool {
    let Some(rest) = blob.strip_prefix(b"SSHSIG\0\0\0\x01") else { return false };
    let mut parts = Vec::new();
    let mut rest = rest;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let Some((part, after)) = after.split_at_checked(u32::from_be_bytes(*length) as usize) else { return false };
        parts.push(part);
        rest = after;
    }
    let [public_key, namespace, reserved, hash, signature] = parts.as_slice() else { return false };
    rest.is_empty()
        && !public_key.is_empty()
        && *namespace == NAMESPACE.as_bytes()
        && reserved.is_empty()
        && matches!(*hash, b"sha256" | b"sha512")
        && !signature.is_empty()
}

/// Reads base64 with its padding, in the one form each sequence of bytes has.
fn base64(text: &str) -> Option<Vec<u8>> {
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
    pub(in crate::release) const SIGNATURE: &str = include_str!("../../tests/golden/signature.sig");

    #[test]
    fn a_signature_of_ssh_keygen_is_well_formed_and_nothing_else_is() {
        assert!(is_signature(SIGNATURE));
        for length in 0..SIGNATURE.len() {
            assert!(!is_signature(&SIGNATURE[..length]), "cut at {length}");
        }
        let other_namespace = SIGNATURE.replace("Y291bnRlcnNpZ24", "Y291bnRlcnNpZ25");
        let one_line = SIGNATURE.replacen('\n', "\r\n", 1);
        let twice = format!("{SIGNATURE}{SIGNATURE}");
        for bad in [&other_namespace, &one_line, &twice, &SIGNATURE.replace('=', "A"), &SIGNATURE.to_lowercase()] {
            assert!(bad == SIGNATURE || !is_signature(bad), "{bad}");
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
