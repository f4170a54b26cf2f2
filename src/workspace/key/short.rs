//! ECDSA keys whose secret number is short: OpenSSH leaves out its leading zeros, ssh-key 0.6 reads it at full length only.

use ssh_key::PrivateKey;
use zeroize::Zeroizing;

use super::wire::{Wire, put};
use countersign_core::release::base64;

const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";
const MAGIC: &[u8] = b"openssh-key-v1\0";
/// What the secret part of a key that is not encrypted is filled up to, in bytes.
const BLOCK: usize = 8;

/// Reads a key file that is not encrypted, with its secret number at full length.
pub(super) fn read(file: &[u8]) -> Option<PrivateKey> {
    let text = std::str::from_utf8(file).ok()?.trim();
    let body: Zeroizing<String> = Zeroizing::new(text.strip_prefix(BEGIN)?.strip_suffix(END)?.split_ascii_whitespace().collect());
    let blob = Zeroizing::new(base64(&body)?);
    let mut rest = Wire(blob.strip_prefix(MAGIC)?);
    let (cipher, _kdf, _options) = (rest.bytes()?, rest.bytes()?, rest.bytes()?);
    let (1, b"none") = (rest.number()?, cipher) else { return None };
    let (public, secret) = (rest.bytes()?, rest.bytes()?);
    mend(public, secret)
}

/// Decrypts a key with its secret number at full length.
pub(super) fn decrypt(key: &PrivateKey, passphrase: &[u8]) -> Option<PrivateKey> {
    let (secret_key, iv) = key.kdf().derive_key_and_iv(key.cipher(), passphrase).ok()?;
    let mut secret = Zeroizing::new(key.key_data().encrypted()?.to_vec());
    key.cipher().decrypt(&secret_key, &iv, &mut secret, None).ok()?;
    mend(&key.public_key().to_bytes().ok()?, &secret)
}

/// Writes the two parts of a key with the secret number at full length.
fn mend(public: &[u8], secret: &[u8]) -> Option<PrivateKey> {
    let mut rest = Wire(secret);
    let (check, again) = (rest.number()?, rest.number()?);
    let kind = rest.bytes()?;
    let length = match kind {
        b"ecdsa-sha2-nistp256" => 32,
        b"ecdsa-sha2-nistp384" => 48,
        b"ecdsa-sha2-nistp521" => 66,
        _ => return None,
    };
    let (curve, point, number, comment) = (rest.bytes()?, rest.bytes()?, rest.bytes()?, rest.bytes()?);
    if check != again || number.len() >= length {
        return None;
    }
    let mut full = Zeroizing::new(vec![0; length - number.len()]);
    full.extend(number);
    let mut body = Zeroizing::new(Vec::with_capacity(secret.len() + 2 * length));
    body.extend(check.to_be_bytes());
    body.extend(check.to_be_bytes());
    for part in [kind, curve, point, &full, comment] {
        put(&mut body, part);
    }
    for filling in 1_u8.. {
        if body.len().is_multiple_of(BLOCK) {
            break;
        }
        body.push(filling);
    }
    let mut blob = Zeroizing::new(MAGIC.to_vec());
    for part in [&b"none"[..], b"none", b""] {
        put(&mut blob, part);
    }
    blob.extend(1_u32.to_be_bytes());
    put(&mut blob, public);
    put(&mut blob, &body);
    PrivateKey::from_bytes(&blob).ok()
}
