//! A new release is put in the file's place while the gateway runs: an approved one takes over, any other is told and the old one goes on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod client;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use client::Running;
use serde_json::Value;

const RELEASE: &str = include_str!("../../golden/release-1.ron");

/// A folder that is removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("countersign-replace-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Puts a file in its place in one step, as releases are written.
    fn put(&self, name: &str, text: &str) {
        let temporary = self.path("temporary");
        std::fs::write(&temporary, text).unwrap();
        std::fs::rename(temporary, self.path(name)).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Asks until the release is as wanted.
fn wait(running: &Running, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let (_, release) = running.ask("GET", "/release", "");
        if wanted(&release) {
            return release;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "still {release}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(release: &Path) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway-consumer"));
    Running::start(command.arg(release).arg("--unapproved").stderr(Stdio::null()))
}

#[test]
fn a_new_release_takes_over_and_a_refused_one_does_not() {
    let scratch = Scratch::new();
    scratch.put("live.ron", RELEASE);
    let running = start(&scratch.path("live.ron"));
    let first = wait(&running, |_| true);
    assert_eq!(first.get("refused"), None);
    scratch.put("live.ron", &RELEASE.replacen("value: 70", "value: 71", 1));
    let refused = wait(&running, |release| release.get("refused").is_some());
    assert_eq!(refused["digest"], first["digest"], "the old one goes on");
    assert!(refused["refused"].as_str().unwrap().contains("(release-digest)"), "{refused}");
    // A file that is not there for a moment, and one that is half copied.
    std::fs::remove_file(scratch.path("live.ron")).unwrap();
    std::fs::write(scratch.path("live.ron"), &RELEASE[..RELEASE.len() / 2]).unwrap();
    let refused = wait(&running, |release| release["refused"].as_str().is_some_and(|why| why.contains("(release-truncated)")));
    assert_eq!(refused["digest"], first["digest"]);
    scratch.put("live.ron", RELEASE);
    wait(&running, |release| release.get("refused").is_none());
    // Without its approval it is another file of the same content: it takes over.
    let start = RELEASE.find("    approvals: [").unwrap();
    let end = RELEASE.find("    approvals_digest").unwrap();
    let empty = format!("{}    approvals: [],\n{}", &RELEASE[..start], &RELEASE[end..]);
    let stated = empty.split("approvals_digest: \"").nth(1).unwrap().split('"').next().unwrap();
    let nothing = "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
    scratch.put("live.ron", &empty.replacen(stated, nothing, 1));
    let taken = wait(&running, |release| release["approvals"] == 0);
    assert_eq!(taken["digest"], first["digest"]);
}
