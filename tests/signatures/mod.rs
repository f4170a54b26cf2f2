//! Who approved a release: signatures of the real OpenSSH programs and ours verify each other, and each way to cheat is refused by its name.
mod followed;
mod hardware;
mod keys;
mod policy;
mod state;
mod trust;

use std::fs;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use countersign_core::release::{NAMESPACE, Policy, Requirements, verify_approvals};
use countersign_workspace::key::{Agent, KeyError, SecretKey};
use keys::{Keys, fresh, principal, run, signed};
use zeroize::Zeroizing;

/// Every type of key that signs.
const TYPES: [&str; 6] = ["plain", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048", "rsa-4096"];

#[test]
fn our_signatures_are_good_for_ssh_keygen_and_its_own_for_us() {
    let keys = Keys::new(&[&TYPES[..], &["li.na"]].concat());
    let release = fresh();
    let text = release.canonical();
    let line = |name: &&str| format!("{} namespaces=\"{NAMESPACE}\" {}\n", principal(name), keys.public(name));
    let allowed = keys.write("allowed_signers", &TYPES.iter().chain(&["li.na"]).map(line).collect::<String>());
    let requirements = Requirements::new(Policy::of(1), keys::read_trust(&fs::read_to_string(&allowed).unwrap()));
    for name in TYPES {
        let ours = keys::approval(&keys, &release, name, "checker", "2014-03-20T16:00:00+08:00");
        assert!(keys.verify(&allowed, &principal(name), &ours.signature, &text), "{name}: ssh-keygen refuses ours");
        assert!(!keys.verify(&allowed, &principal(name), &ours.signature, &format!("{text} ")), "{name}: of another text");
        let theirs = keys.sign(name, NAMESPACE, &text);
        let submission = keys::approval(&keys, &release, "li.na", "maker", "2014-03-20T10:00:00+08:00");
        for signature in [theirs, ours.signature.clone()] {
            let release = signed(&release, [submission.clone(), countersign_core::release::Approval { signature, ..ours.clone() }]);
            assert_eq!(verify_approvals(&release, &requirements, None), [], "{name}");
        }
    }
}

#[test]
fn a_key_file_asks_for_its_passphrase_and_says_what_is_wrong_with_it() {
    let keys = Keys::new(&["plain"]);
    let locked = keys.path("locked");
    run("ssh-keygen", &["-q", "-t", "ed25519", "-N", "correct horse", "-f", locked.to_str().unwrap()], b"");
    let bytes = fs::read(&locked).unwrap();
    assert_eq!(SecretKey::is_encrypted(&bytes), Ok(true));
    let read = |passphrase: Option<&str>| SecretKey::read(&bytes, passphrase.map(|text| Zeroizing::new(text.to_owned())).as_ref());
    assert_eq!(read(None).unwrap_err(), KeyError::Encrypted);
    assert_eq!(read(Some("wrong")).unwrap_err(), KeyError::WrongPassphrase);
    assert!(read(Some("correct horse")).unwrap().sign("x").is_ok());
    assert_eq!(SecretKey::is_encrypted(&fs::read(keys.path("plain")).unwrap()), Ok(false));
    assert_eq!(SecretKey::is_encrypted(&fs::read(keys.path("plain.pub")).unwrap()), Err(KeyError::Public));
    for bad in [&b""[..], b"-----BEGIN RSA PRIVATE KEY-----\n", b"\xff\xfe", &bytes[..bytes.len() / 2]] {
        assert_eq!(SecretKey::is_encrypted(bad), Err(KeyError::NotAKey));
    }
}

#[test]
fn an_rsa_key_signs_by_an_agent_of_its_own() {
    let keys = Keys::new(&[]);
    for (name, passphrase) in [("open", ""), ("locked", "correct horse")] {
        let file = keys.path(name);
        run("ssh-keygen", &["-q", "-t", "rsa", "-b", "2048", "-N", passphrase, "-f", file.to_str().unwrap()], b"");
        let key = SecretKey::read(&fs::read(&file).unwrap(), Some(&Zeroizing::new(passphrase.to_owned()))).unwrap();
        assert_eq!(key.sign("text"), Err(KeyError::Rsa));
        let allowed = keys.write("allowed_signers", &format!("a@x {}\n", keys.public(name)));
        let mut signer = keys.signer(name, passphrase);
        assert!(keys.verify(&allowed, "a@x", &signer.sign("text").unwrap(), "text"), "{name}");
    }
}

#[test]
fn an_ecdsa_key_with_a_short_number_signs_too() {
    // Every second key of 521 bits has one: of six, some have and some have not.
    let names: Vec<String> = (0..6).map(|at| format!("ecdsa-521-{at}")).collect();
    let keys = Keys::new(&[]);
    for (at, name) in names.iter().enumerate() {
        let passphrase = if at % 2 == 0 { "" } else { "correct horse" };
        let file = keys.path(name);
        run("ssh-keygen", &["-q", "-t", "ecdsa", "-b", "521", "-N", passphrase, "-f", file.to_str().unwrap()], b"");
        let key = SecretKey::read(&fs::read(&file).unwrap(), Some(&Zeroizing::new(passphrase.to_owned()))).unwrap();
        let allowed = keys.write("allowed_signers", &format!("a@x {}\n", keys.public(name)));
        assert!(keys.verify(&allowed, "a@x", &key.sign("text").unwrap(), "text"), "{name}");
    }
}

/// A running ssh-agent; ended when dropped.
struct RunningAgent(Child);

impl Drop for RunningAgent {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn an_agent_signs_with_the_keys_it_holds() {
    let keys = Keys::new(&TYPES);
    let socket = keys.path("agent");
    let mut command = Command::new("ssh-agent");
    command.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
    let _running = RunningAgent(command.spawn().unwrap());
    let began = Instant::now();
    let stream = loop {
        match UnixStream::connect(&socket) {
            Ok(stream) => break stream,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(10), "the agent does not start: {error}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let mut agent = Agent::new(stream);
    assert!(agent.keys().unwrap().is_empty());
    for name in TYPES {
        let added = Command::new("ssh-add").arg("-q").arg(keys.path(name)).env("SSH_AUTH_SOCK", &socket).output().unwrap();
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    }
    let trust = keys.trust(&TYPES);
    let line = |name: &str| format!("{} {}\n", principal(name), keys.public(name));
    let allowed = keys.write("allowed_signers", &TYPES.map(line).concat());
    let held = agent.keys().unwrap();
    assert_eq!(held.len(), TYPES.len());
    for (name, key) in TYPES.iter().zip(&held) {
        assert_eq!((key.comment.as_str(), key.identity(&trust).principals), (*name, vec![principal(name)]));
        let signature = agent.sign(key, "text").unwrap();
        assert!(keys.verify(&allowed, &principal(name), &signature, "text"), "{name}");
    }
}

/// A stream that gives a prepared answer.
struct Prepared(std::io::Cursor<Vec<u8>>);

impl std::io::Read for Prepared {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into)
    }
}

impl std::io::Write for Prepared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_agent_that_talks_nonsense_is_an_error() {
    for answer in [
        &[][..],
        &[0, 0, 0, 0],
        &[0, 0, 0, 1, 5],
        &[255, 255, 255, 255, 12],
        &[0, 0, 0, 5, 12, 255, 255, 255, 255],
        &[0, 0, 0, 6, 12, 0, 0, 0, 0, 7],
        &[0, 0, 0, 9, 12, 0, 0, 0, 1, 0, 0, 0, 9],
    ] {
        assert!(Agent::new(Prepared(std::io::Cursor::new(answer.to_vec()))).keys().is_err(), "{answer:?}");
    }
}
