//! Keys and signatures made by the real OpenSSH programs, in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use countersign_core::release::{self, Approval, Release, Trust};
use countersign_workspace::DiskFiles;
use countersign_workspace::lifecycle::SigningKey;
use zeroize::Zeroizing;

use crate::common::releases::{changed, moment};

/// A folder with keys.
pub struct Keys {
    folder: tempfile::TempDir,
}

impl Keys {
    /// One key for each name, Ed25519 unless the name says another type: `rsa`, `ecdsa-384`.
    pub fn new(names: &[&str]) -> Self {
        let keys = Self { folder: tempfile::tempdir().unwrap() };
        for name in names {
            let (kind, bits) = match name.split_once('-') {
                Some((kind, bits)) if kind == "rsa" || kind == "ecdsa" => (kind, Some(bits)),
                _ => ("ed25519", None),
            };
            let file = keys.path(name);
            let mut arguments = vec!["-q", "-t", kind, "-N", "", "-C", name, "-f", file.to_str().unwrap()];
            arguments.extend(bits.iter().flat_map(|bits| ["-b", bits]));
            run("ssh-keygen", &arguments, b"");
        }
        keys
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// A line's end for `allowed_signers`: type, key and comment.
    pub fn public(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap().trim_end().to_owned()
    }

    pub fn signer(&self, name: &str, passphrase: &str) -> SigningKey {
        let typed = || Ok(Zeroizing::new(passphrase.to_owned()));
        SigningKey::read(&DiskFiles, &self.path(name), typed).unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// A signature by the real program.
    pub fn sign(&self, name: &str, namespace: &str, text: &str) -> String {
        let out =
            run("ssh-keygen", &["-q", "-Y", "sign", "-f", self.path(name).to_str().unwrap(), "-n", namespace], text.as_bytes());
        String::from_utf8(out.stdout).unwrap()
    }

    /// Whether the real program says that a signature is good.
    pub fn verify(&self, allowed: &Path, principal: &str, signature: &str, text: &str) -> bool {
        self.verify_for(release::NAMESPACE, allowed, principal, signature, text)
    }

    /// Whether the real program says that a signature for a purpose is good.
    pub fn verify_for(&self, namespace: &str, allowed: &Path, principal: &str, signature: &str, text: &str) -> bool {
        let signature = self.write("signature", signature);
        let (allowed, signature) = (allowed.to_str().unwrap(), signature.to_str().unwrap());
        let verify = ["-Y", "verify", "-f", allowed, "-I", principal, "-n", namespace, "-s", signature];
        let found = ask("ssh-keygen", &["-Y", "find-principals", "-f", allowed, "-s", signature], text.as_bytes());
        let is_good = ask("ssh-keygen", &verify, text.as_bytes()).status.success();
        if is_good {
            assert_eq!(String::from_utf8(found.stdout).unwrap().trim_end(), principal);
        }
        is_good
    }

    /// Each named key for the principal of that name.
    pub fn trust(&self, names: &[&str]) -> Trust {
        let lines: Vec<String> = names.iter().map(|name| format!("{} {}", principal(name), self.public(name))).collect();
        read_trust(&lines.join("\n"))
    }
}

/// The principal of a name.
pub fn principal(name: &str) -> String {
    format!("{name}@bank.example")
}

pub fn read_trust(text: &str) -> Trust {
    Trust::read("allowed_signers", text.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"))
}

/// Runs a program and gives what it printed, whatever its exit code.
pub fn ask(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} (Debian: openssh-client): {error}"));
    let mut stdin = child.stdin.take().unwrap();
    // A program that does not want its input may close it.
    drop(stdin.write_all(input));
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Runs a program that must succeed.
pub fn run(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let output = ask(program, arguments, input);
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The golden release as just made: nobody has signed it.
pub fn fresh() -> Release {
    changed(|_| ())
}

/// An approval by the key of that name, in a role, at a time.
pub fn approval(keys: &Keys, release: &Release, name: &str, role: &str, time: &str) -> Approval {
    Approval {
        principal: principal(name),
        role: role.to_owned(),
        time: moment(time),
        journal: None,
        signature: keys
            .signer(name, "")
            .sign(&release.statement(&principal(name), role, moment(time), None))
            .unwrap_or_else(|error| panic!("{name}: {error:?}")),
    }
}

/// The release with approvals, as a file would hold it.
pub fn signed(release: &Release, approvals: impl IntoIterator<Item = Approval>) -> Release {
    approvals.into_iter().fold(release.clone(), |release, approval| {
        release::approve(&release, approval).unwrap_or_else(|findings| panic!("{findings:?}"))
    })
}
