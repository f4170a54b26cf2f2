//! The journal (审计日志): who did what to which release, and when, as JSON Lines in the workspace.
//!
//! Lines are only ever added. Each names the digest of the line before it, so that none can be changed or taken out unseen; after git has
//! merged two branches' lines, the next line names both ends, and the branches are joined. A line cut short by a crash stays where it is,
//! is told, and counts for nothing.
//!
//! An entry about a signature under a release names what was signed; others are signed themselves by the key of whoever acted. Each
//! release and each signature under it names the entry that was the last one then, so that a journal that was cut no longer fits them.

mod anchors;
mod append;
mod export;
mod proofs;
mod read;
mod record;
mod state;

pub use anchors::{cut_entries, missing_anchor, missing_journal, unlike_releases};
pub use append::append;
pub use export::{JournalFilter, csv, json, time};
pub(super) use proofs::revoked_key;
pub use proofs::{EntryProof, EntryProofs, signatures};
pub use read::{Journal, JournalLine, LARGEST_JOURNAL, read};
pub use record::{JOURNAL_NAMESPACE, JournalAction, JournalRecord};
pub use state::{ReleaseHistory, ReleaseState};

/// The journal's file in a workspace.
pub const JOURNAL_FILE: &str = "journal.jsonl";
