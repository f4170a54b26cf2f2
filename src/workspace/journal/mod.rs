//! The journal (审计日志): who did what to which release, and when, as JSON Lines in the workspace.
//!
//! Lines are only ever added. Each names the digest of the line before it, so that none can be changed or taken out unseen; after git has
//! merged two branches' lines, the next line names both ends, and the branches are joined. A line cut short by a crash stays where it is,
//! is told, and counts for nothing.

mod append;
mod read;
mod record;
mod sheet;
mod state;

pub use append::append;
pub use read::{Journal, LARGEST_JOURNAL, Line, read};
pub use record::{Action, Record};
pub use sheet::{Filter, csv, json, time};
pub use state::{History, State};

/// The journal's file in a workspace.
pub const JOURNAL_FILE: &str = "journal.jsonl";
