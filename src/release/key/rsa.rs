//! Signs with an RSA key from a file.

use rsa::pkcs1v15::SigningKey;
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{BigUint, RsaPrivateKey};
use ssh_key::private::RsaKeypair;
use ssh_key::sha2::Sha512;
use ssh_key::{Algorithm, HashAlg, Mpint, Signature, SshSig, public::KeyData};

use super::HASH;

/// The smallest key that signs, in bits.
const LEAST_BITS: usize = 2048;

/// Signs a text for the purpose that a namespace names; nothing where the key is broken or too small.
pub(super) fn sign(pair: &RsaKeypair, namespace: &str, text: &str) -> Option<SshSig> {
    let number = |part: &Mpint| part.as_positive_bytes().map(BigUint::from_bytes_be);
    let primes = vec![number(&pair.private.p)?, number(&pair.private.q)?];
    let key =
        RsaPrivateKey::from_components(number(&pair.public.n)?, number(&pair.public.e)?, number(&pair.private.d)?, primes).ok()?;
    let bits = pair.public.n.as_positive_bytes()?.len() * 8;
    let data = SshSig::signed_data(namespace, HASH, text.as_bytes()).ok()?;
    let signed = SigningKey::<Sha512>::new(key).try_sign(&data).ok().filter(|_| bits >= LEAST_BITS)?;
    let algorithm = Algorithm::Rsa { hash: Some(HashAlg::Sha512) };
    let signature = Signature::new(algorithm, signed.to_vec()).ok()?;
    SshSig::new(KeyData::Rsa(pair.public.clone()), namespace, HASH, signature).ok()
}
