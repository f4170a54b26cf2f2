//! The folder: loads a workspace's files, and saves them without touching what did not change.
//!
//! The only crate that opens workspace files, through one trait ([`Files`]) that is also implemented in memory. It refuses what it does not
//! understand, everything at once, each at its place; it never writes half a file.

mod agent;
mod at;
mod case_file;
mod expected;
mod files;
#[cfg(any(test, feature = "fixtures"))]
#[allow(clippy::unwrap_used, clippy::panic, clippy::missing_panics_doc, reason = "for tests only")]
pub mod fixture;
mod inputs;
pub mod journal;
pub mod key;
pub mod kinds;
pub mod lifecycle;
mod load;
mod read;
mod released;
mod ron_error;
mod ron_tree;
mod save;
mod unread;
mod write;

pub use agent::{AgentStream, agent};
pub use files::{AtomicFile, DiskFiles, Entry, FileError, FileErrorKind, Files, FolderLock, MemoryFiles, check_name};
pub use inputs::{InputRequest, OpenedInput, STANDARD_INPUT, open_input};
pub use load::{
    CASES_FOLDER, LoadFailed, Loaded, MAPPINGS_FOLDER, RELEASED_FOLDER, RULE_SET_FILE, SCHEMA_FILE, load, load_cases, load_mapping,
    load_mapping_file, open,
};
pub use read::{LARGEST_LIST, LARGEST_RON, LARGEST_SCRIPT, decode};
pub use released::{LARGEST_RELEASE, Released, release_files, released};
pub use save::{FileTexts, SaveFailed, SavedWorkspace, changed, load_with, save_workspace, texts};
pub use unread::Unread;
