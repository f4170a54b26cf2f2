//! Exit codes, the same for every verb, and how a verb fails.

use std::io;
use std::process::ExitCode;

use crate::cli::kinds::{CANCELLED, UNWRITABLE_OUTPUT};
use countersign_core::diagnostic::Finding;
use countersign_core::release;
use countersign_core::text::{LocalText, Sources};
use countersign_requests::{ReadError, no_scratch};
use countersign_run::{Failed, NotDecided};
use countersign_workspace::{FileError, LoadFailed, lifecycle};

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

/// Why a verb could not go on: what to show, and the code to end with.
#[derive(Debug)]
pub struct Failure {
    pub findings: Vec<Finding>,
    pub sources: Sources,
    pub exit: Exit,
}

impl Failure {
    pub fn could_not_run(findings: Vec<Finding>, sources: Sources) -> Self {
        Self { findings, sources, exit: Exit::CouldNotRun }
    }

    /// It ran, and what it found keeps it from going on.
    pub fn found(findings: Vec<Finding>, sources: Sources) -> Self {
        Self { findings, sources, exit: Exit::Found }
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::could_not_run(vec![finding], Sources::default())
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        error.to_finding().into()
    }
}

impl From<LoadFailed> for Failure {
    fn from(failed: LoadFailed) -> Self {
        Self::could_not_run(failed.findings, failed.sources)
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Refused(refusal) => Self::could_not_run(refusal.findings, Sources::default()),
            ReadError::Cancelled => cancelled().into(),
        }
    }
}

impl From<NotDecided> for Failure {
    fn from(refused: NotDecided) -> Self {
        match refused {
            NotDecided::Cancelled => cancelled().into(),
            NotDecided::Schema(findings) => Self::could_not_run(findings, Sources::default()),
        }
    }
}

impl From<Failed> for Failure {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::NotDecided(refused) => refused.into(),
            Failed::Scratch(error) => no_scratch(&error).into(),
        }
    }
}

impl From<release::Refused> for Failure {
    /// A refused release is a result, not a verb that could not run.
    fn from(refused: release::Refused) -> Self {
        Self::found(refused.findings, refused.sources)
    }
}

impl From<lifecycle::StepError> for Failure {
    fn from(failed: lifecycle::StepError) -> Self {
        match failed {
            lifecycle::StepError::File(error) => error.into(),
            lifecycle::StepError::Refused(refused) => refused.into(),
            lifecycle::StepError::Asked(finding) => (*finding).into(),
        }
    }
}

impl From<io::Error> for Failure {
    /// Only writing to standard output comes here; files have findings of their own.
    fn from(error: io::Error) -> Self {
        let message = LocalText::new(format!("cannot write: {error}"), format!("无法写出：{error}"));
        Finding::new(UNWRITABLE_OUTPUT, None, message).into()
    }
}

/// The user stopped the run.
pub fn cancelled() -> Finding {
    Finding::new(CANCELLED, None, LocalText::new("stopped before the end", "在完成前被停止"))
}
