//! Hardware keys: their signatures are made here as a security key makes them, and shown to the real program.

use countersign_core::release::{NAMESPACE, Policy, Requirements, verify_approvals};
use sha2::{Digest, Sha256};
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey, PublicKey, Signature, SigningKey, SshSig, public};

use crate::signatures::keys::{self, Keys, fresh, principal, read_trust, signed};

/// A signature by a security key over a text: its key signs the application, the flags, a counter and the text's hash.
fn sign(pair: &Ed25519Keypair, text: &str, flags: u8) -> String {
    let data = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, text.as_bytes()).unwrap();
    let tail = [flags, 0, 0, 0, 7];
    let hash = |bytes: &[u8]| Sha256::digest(bytes).to_vec();
    let message = [hash(b"ssh:"), tail.to_vec(), hash(&data)].concat();
    let key = PrivateKey::new(KeypairData::Ed25519(pair.clone()), "").unwrap();
    let signature = bare(&key, &message);
    let blob = [signature.as_bytes(), &tail].concat();
    let signature = Signature::new(Algorithm::SkEd25519, blob).unwrap();
    let key = public::KeyData::SkEd25519(public::SkEd25519::new(pair.public, "ssh:"));
    SshSig::new(key, NAMESPACE, HashAlg::Sha512, signature).unwrap().to_pem(LineEnding::LF).unwrap()
}

/// The bare signature of a software key.
fn bare(key: &impl SigningKey, message: &[u8]) -> Signature {
    key.sign(message)
}

#[test]
fn a_touched_hardware_key_approves_and_an_untouched_one_does_not() {
    let keys = Keys::new(&["li.na"]);
    let pair = Ed25519Keypair::from_seed(&[7; 32]);
    let public = PublicKey::from(public::KeyData::SkEd25519(public::SkEd25519::new(pair.public, "ssh:")));
    let line = format!("{} {}\n", principal("wang.wei"), public.to_openssh().unwrap());
    let lines = format!("{line}{} {}\n", principal("li.na"), keys.public("li.na"));
    let allowed = keys.write("allowed_signers", &lines);
    let release = fresh();
    let text = release.canonical();
    let requirements = Requirements::new(Policy::of(1), read_trust(&lines));
    let submission = keys::approval(&keys, &release, "li.na", "maker", "2014-03-20T10:00:00+08:00");
    let checked = |flags| {
        let approval = countersign_core::release::Approval {
            principal: principal("wang.wei"),
            role: "checker".to_owned(),
            time: "2014-03-20T16:00:00+08:00".to_owned().try_into().unwrap(),
            journal: None,
            signature: sign(&pair, &text, flags),
        };
        verify_approvals(&signed(&release, [submission.clone(), approval]), &requirements, None)
    };
    let touched = sign(&pair, &text, 1);
    assert!(keys.verify(&allowed, &principal("wang.wei"), touched.trim_end(), &text), "ssh-keygen refuses it");
    assert_eq!(checked(1), []);
    let findings = checked(0);
    assert_eq!(findings[0].message.en, "the hardware key of `wang.wei@bank.example` was not touched when it signed");
}
