//! Adds lines, one writer at a time.

use std::path::Path;

use super::super::files::{FileError, Files, FolderLock};
use super::read::read;
use super::{JOURNAL_FILE, Journal, JournalRecord};

/// Notes what was done, after what was noted before. Whoever holds the workspace's lock is the only one who writes; the line is on the disk when this returns.
///
/// # Errors
/// The journal cannot be read or written; then nothing was noted, but for a line cut short that counts for nothing.
pub fn append(
    files: &dyn Files,
    root: impl AsRef<Path>,
    _: &FolderLock,
    records: Vec<JournalRecord>,
) -> Result<Journal, FileError> {
    let root = root.as_ref();
    let journal = read(files, root)?;
    let mut previous = journal.heads.clone();
    // What a crash left of a line is ended, so that it stays a line of its own.
    let mut text = String::from(if journal.is_torn { "\n" } else { "" });
    for record in records {
        let (line, hash) = JournalRecord { previous: std::mem::take(&mut previous), ..record }.line();
        text.push_str(&line);
        text.push('\n');
        previous.push(hash);
    }
    files.append(&files.inside(root, JOURNAL_FILE)?, text.as_bytes())?;
    read(files, root)
}
