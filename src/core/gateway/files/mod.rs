//! Files for a gateway (feature `files`): start from them and follow them, bounded reads, a watcher, the kept state, a chained decision log.
//!
//! Every gateway needs these and each has traps: a FIFO in the release's place that never ends opening, a device without an end, a file
//! that is read while it is written, a log that loses the line of an answered request on a full disk. A gateway that uses this module
//! needs no file access of its own. Nothing here knows HTTP or an async runtime; calls block, so call them from threads of their own.

mod decide;
mod follow;
mod keep;
mod log;
mod log_end;
mod plain;
#[cfg(test)]
mod tests;
mod watch;

use std::fs::File;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

pub use decide::{Deciders, Reply, Requester};
pub use follow::{FollowStatus, Follower, GatewayFiles, NotStarted, NotTaken};
pub use keep::StateFolder;
pub use log::{DecisionLog, LogOptions, SyncPolicy};
pub use plain::{FileProblem, read_plain};
pub use watch::WatchedFile;

/// The largest release that is read: 1 GiB, as everywhere.
pub const LARGEST_RELEASE: u64 = 1 << 30;
/// The largest policy, `allowed_signers` or revocation list that is read: 4 MiB.
pub const LARGEST_TRUST: u64 = 4 << 20;

/// The present by the system's clock, in universal time: `2014-03-24T00:00:00+00:00`.
#[must_use]
pub fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    super::utc(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// The folder a file lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes new and renamed files of a folder last; systems that cannot sync a folder do not need it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
