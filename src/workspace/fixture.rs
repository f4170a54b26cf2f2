//! For the tests of several crates: what the repository ships, in memory.

use std::path::{Path, PathBuf};

use crate::{DiskFiles, Files, MemoryFiles};

/// The name of the shipped requests.
pub const SAMPLE: &str = "assets/samples/signing-requests.csv";

pub fn in_repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The bytes of a file of the repository.
pub fn shipped_file(name: &str) -> Vec<u8> {
    DiskFiles.read(&in_repository(name), 1 << 28).unwrap()
}

/// The shipped workspace in the folder `rules`.
pub fn shipped_rules() -> MemoryFiles {
    let (root, taken, files) = (in_repository(""), MemoryFiles::new(), MemoryFiles::new());
    taken.take_over(&DiskFiles, &root.join("rules")).unwrap();
    for (path, bytes) in taken.all() {
        files.put(path.strip_prefix(&root).unwrap(), bytes.to_vec());
    }
    files
}

/// The head and the first of the shipped requests, as CSV.
pub fn first_requests(count: usize) -> String {
    let text = String::from_utf8(shipped_file(SAMPLE)).unwrap();
    text.split_inclusive('\n').take(count + 1).collect()
}
