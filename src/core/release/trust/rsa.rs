//! RSA signatures (RSASSA-PKCS1-v1_5, RFC 8017, section 8.2.2): only verified here, with public data, so how long it takes tells nothing.

use crypto_bigint::modular::runtime_mod::{DynResidue, DynResidueParams};
use crypto_bigint::{U64, U4096, U8192, Uint};
use ssh_key::HashAlg;
use ssh_key::public::RsaPublicKey;

use crate::text::LocalText;

/// The fewest bits of a modulus.
const FEWEST_BITS: usize = 2048;
/// The most bits of a modulus.
const MOST_BITS: usize = U8192::BITS;
/// The most bits of a public exponent.
const EXPONENT_BITS: usize = 33;

/// What precedes a hash in the padded text: the DER form of `DigestInfo` (RFC 8017, section 9.2, note 1).
const SHA_256: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
const SHA_512: [u8; 19] =
    [0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40];

/// Why a public key is not accepted.
pub(super) fn fault(key: &RsaPublicKey) -> Option<LocalText> {
    numbers(key).err()
}

/// Whether `signature` is one over `data` by the owner of `key`.
pub(super) fn verify(key: &RsaPublicKey, hash: HashAlg, data: &[u8], signature: &[u8]) -> bool {
    let Ok((modulus, exponent)) = numbers(key) else { return false };
    // Of the same length, so that this compares numbers.
    if signature.len() != modulus.len() || signature >= modulus {
        return false;
    }
    let padded = padded(hash, data, modulus.len());
    if modulus.len() <= U4096::BYTES {
        is_power::<{ U4096::LIMBS }>(signature, exponent, modulus, &padded)
    } else {
        is_power::<{ U8192::LIMBS }>(signature, exponent, modulus, &padded)
    }
}

/// The modulus and the exponent of a key whose numbers are usable; otherwise what is wrong with them.
fn numbers(key: &RsaPublicKey) -> Result<(&[u8], u64), LocalText> {
    let modulus = key.n.as_positive_bytes().unwrap_or_default();
    let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = modulus.len() * 8 - zeros;
    if bits < FEWEST_BITS {
        return Err(LocalText::new("the RSA key has fewer than 2048 bits", "该 RSA 密钥不足 2048 位"));
    }
    if bits > MOST_BITS {
        return Err(LocalText::new("the RSA key has more than 8192 bits", "该 RSA 密钥超过 8192 位"));
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let exponent = key.e.as_positive_bytes().filter(|bytes| is_odd(bytes) && bytes.len() <= EXPONENT_BITS.div_ceil(8));
    let exponent = exponent.map(|bytes| bytes.iter().fold(0, |number: u64, byte| number << 8 | u64::from(*byte)));
    let exponent = exponent.filter(|number| (3..1 << EXPONENT_BITS).contains(number) && is_odd(modulus));
    exponent.map(|exponent| (modulus, exponent)).ok_or_else(|| {
        LocalText::new(
            "the RSA key cannot be used: its modulus and exponent must be odd, and the exponent from 3 to 2^33",
            "该 RSA 密钥不可用：模数和指数须为奇数，且指数须在 3 至 2^33 之间",
        )
    })
}

/// The whole text that a signature of `size` bytes must give; comparing all of it leaves no room for a forger's own bytes.
fn padded(hash: HashAlg, data: &[u8], size: usize) -> Vec<u8> {
    let info = if hash == HashAlg::Sha256 { SHA_256 } else { SHA_512 };
    let tail = [&[0][..], &info, &hash.digest(data)].concat();
    let mut text = vec![0, 1];
    text.resize(size.saturating_sub(tail.len()), 0xff);
    text.extend(tail);
    text
}

/// Whether `base` to the power of `exponent` is `expected`, modulo an odd `modulus`.
fn is_power<const LIMBS: usize>(base: &[u8], exponent: u64, modulus: &[u8], expected: &[u8]) -> bool {
    let number = |bytes: &[u8]| {
        let mut wide = vec![0; Uint::<LIMBS>::BYTES.saturating_sub(bytes.len())];
        wide.extend(bytes);
        Uint::<LIMBS>::from_be_slice(&wide)
    };
    let parameters = DynResidueParams::new(&number(modulus));
    let power = DynResidue::new(&number(base), parameters).pow_bounded_exp(&U64::from_u64(exponent), EXPONENT_BITS);
    power.retrieve() == number(expected)
}

#[cfg(test)]
mod tests {
    use ssh_key::{HashAlg, Mpint};

    use super::{RsaPublicKey, fault, verify};

    /// Signatures computed by another program, and forgeries: good or not, hash, exponent, modulus, signature, what it is.
    const TABLE: &str = include_str!("../../../../tests/fixtures/signatures/rsa.txt");

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    fn key(modulus: &str, exponent: &str) -> RsaPublicKey {
        let number = |hex| Mpint::from_positive_bytes(&bytes(hex)).unwrap();
        RsaPublicKey { n: number(modulus), e: number(exponent) }
    }

    #[test]
    fn a_table_of_signatures_and_forgeries() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let [good, hash, exponent, modulus, signature, what] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let hash = if hash == "sha256" { HashAlg::Sha256 } else { HashAlg::Sha512 };
            assert_eq!(verify(&key(modulus, exponent), hash, b"text", &bytes(signature)), good == "good", "{what}");
            if good == "good" {
                assert_eq!(fault(&key(modulus, exponent)), None, "{what}");
                assert!(!verify(&key(modulus, exponent), hash, b"text ", &bytes(signature)), "{what}: another text");
                for at in (0..signature.len() / 2).step_by(signature.len() / 12) {
                    let mut flipped = bytes(signature);
                    flipped[at] ^= 1;
                    assert!(!verify(&key(modulus, exponent), hash, b"text", &flipped), "{what}: byte {at} flipped");
                }
            }
        }
    }
}
