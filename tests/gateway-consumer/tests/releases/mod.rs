//! Releases that follow each other, and a folder to put them in.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};

use countersign_core::gateway::{Gateway, Requirements};
use countersign_core::model::Timestamp;
use countersign_core::release::{create, rule_set_digest, write};

/// A release whose rules and lineage the library's own tests pin.
pub const RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/release-2.ron");

/// The same rules as version `number`, made so many minutes later.
pub fn version(number: i64) -> String {
    let gateway = Gateway::load("release-2.ron", &std::fs::read(RELEASE).unwrap(), Requirements::nothing()).unwrap();
    let last = gateway.last();
    let release = last.release();
    let mut definition = release.definition().as_ref().clone();
    definition.rule_set.version = number.to_string();
    let mut evidence = release.evidence().clone();
    evidence.rule_set = rule_set_digest(&definition.rule_set, definition.schema.zone);
    let mut provenance = release.provenance().clone();
    let micros = provenance.created_at.at.micros() + number * 60_000_000;
    if let Some(lineage) = &mut provenance.lineage {
        lineage.sequence += number.unsigned_abs();
    }
    provenance.created_at.at = Timestamp::from_micros(micros).unwrap();
    let made = create(&definition, &evidence, &provenance).unwrap_or_else(|findings| panic!("{findings:#?}"));
    write(&made).to_owned()
}

/// A folder that is removed when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("countersign-{name}-{}", std::process::id()));
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Puts a file in its place in one step, as releases are written.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let temporary = self.path("temporary");
        std::fs::write(&temporary, bytes).unwrap();
        std::fs::rename(temporary, self.path(name)).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A request with that key.
#[allow(dead_code, reason = "not every test needs it")]
pub fn request(key: &str) -> String {
    format!(
        r#"{{"request.id": "{key}", "request.operation": "SIGN", "request.received_at": "2014-04-01T00:00:00",
            "request.interface": "branch_1", "customer": {{"age": 30, "id_hash": "x", "score": 0.5, "verified": true}}}}"#
    )
}
