//! People with keys of their own, who sign releases.

use countersign_core::release::{Approval, Release, Trust};
use countersign_workspace::key::SecretKey;
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{LineEnding, PrivateKey};

use super::releases::moment;

/// Someone with an Ed25519 key that is the same in every run.
pub struct Person {
    pub principal: String,
    /// The private key as a file of OpenSSH holds it.
    pub secret: String,
    /// Type, key and comment.
    pub public: String,
}

impl Person {
    pub fn new(principal: &str) -> Self {
        let mut seed = [7; 32];
        seed.iter_mut().zip(principal.bytes()).for_each(|(byte, letter)| *byte = letter);
        let key = PrivateKey::new(KeypairData::Ed25519(Ed25519Keypair::from_seed(&seed)), principal).unwrap();
        let (secret, public) = (key.to_openssh(LineEnding::LF).unwrap().to_string(), key.public_key().to_openssh().unwrap());
        Self { principal: principal.to_owned(), secret, public }
    }

    pub fn sign(&self, release: &Release, role: &str, time: &str) -> Approval {
        let key = SecretKey::read(self.secret.as_bytes(), None).unwrap();
        let signature = key.sign(&release.canonical()).unwrap();
        Approval { principal: self.principal.clone(), role: role.to_owned(), time: moment(time), journal: None, signature }
    }
}

/// An `allowed_signers` file: each one's key for the principal of their name.
pub fn trust_lines<'a>(people: impl IntoIterator<Item = &'a Person>) -> String {
    let line = |person: &Person| [&person.principal, " ", &person.public, "\n"].concat();
    people.into_iter().map(line).collect()
}

/// The same, read.
pub fn trust<'a>(people: impl IntoIterator<Item = &'a Person>) -> Trust {
    Trust::read("allowed_signers", trust_lines(people).as_bytes()).unwrap_or_else(|refused| panic!("{refused}"))
}
