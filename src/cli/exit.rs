//! Exit codes, the same for every verb.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// It ran and found nothing.
    Clean = 0,
    /// It ran and found something: findings at or above the fail level, a failed case, a refused release.
    Found = 1,
    /// It could not run: wrong arguments, missing or unreadable files.
    CouldNotRun = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
