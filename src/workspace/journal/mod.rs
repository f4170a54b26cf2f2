//! The journal (审计日志): who did what to which release, and when, as JSON Lines in the workspace.
//!
//! Lines are only ever added. Each names the digest of the line before it, so that none can be changed or taken out unseen; after git has
//! merged two branches' lines, the next line names both ends, and the branches are joined. A line cut short by a crash stays where it is,
//! is told, and counts for nothing.
//!
//! An entry about a signature under a release names what was signed; others are signed themselves by the key of whoever acted. Each
//! release and each signature under it names the entry that was the last one then, so that a journal that was cut no longer fits them.

mod append;
mod read;
mod record;
mod sheet;
mod state;
mod told;
mod trail;

pub use append::append;
pub use read::{Journal, LARGEST_JOURNAL, Line, read};
pub use record::{Action, JOURNAL_NAMESPACE, Record};
pub use sheet::{Filter, csv, json, time};
pub use state::{History, State};
pub(super) use told::revoked_key;
pub use told::{Proof, Proofs, signatures};
pub use trail::{cut, gone, missing, told};

/// The journal's file in a workspace.
pub const JOURNAL_FILE: &str = "journal.jsonl";
