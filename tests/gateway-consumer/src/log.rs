//! The decision log: one JSON object a line, added to a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use countersign::gateway::{LogLine, utc};

/// A log that is open for writing.
pub struct DecisionLog(Mutex<File>);

impl DecisionLog {
    /// Opens or makes the file; lines are added to what is there.
    pub fn open(path: &str) -> io::Result<Self> {
        Ok(Self(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)))
    }

    /// Adds a line in one piece.
    pub fn add(&self, line: &LogLine) -> io::Result<()> {
        let text = serde_json::to_string(line)? + "\n";
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(text.as_bytes())
    }
}

/// The present in universal time: `2014-03-24T00:00:00+00:00`.
pub fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    utc(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
