//! Exit codes, the same for every verb, and how a verb fails.

use std::io;
use std::process::ExitCode;

use crate::diagnostic::Finding;
use crate::text::Sources;
use crate::workspace::lifecycle;

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

/// Why a verb could not go on: what to show, and the code to end with.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The texts the findings point into.
    pub sources: Sources,
    /// The code to end with.
    pub exit: Exit,
}

impl Failure {
    /// It could not run.
    #[must_use]
    pub fn could_not_run(findings: Vec<Finding>, sources: Sources) -> Self {
        Self { findings, sources, exit: Exit::CouldNotRun }
    }

    /// It ran, and what it found keeps it from going on.
    #[must_use]
    pub fn found(findings: Vec<Finding>, sources: Sources) -> Self {
        Self { findings, sources, exit: Exit::Found }
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::could_not_run(vec![finding], Sources::default())
    }
}

impl From<lifecycle::Failed> for Failure {
    fn from(failed: lifecycle::Failed) -> Self {
        match failed {
            lifecycle::Failed::File(error) => error.to_finding().into(),
            lifecycle::Failed::Refused(refused) => Self::found(refused.findings, refused.sources),
            lifecycle::Failed::Asked(finding) => Finding::clone(&finding).into(),
        }
    }
}

impl From<io::Error> for Failure {
    /// Only writing to standard output comes here; files have findings of their own.
    fn from(error: io::Error) -> Self {
        let message = crate::text::LocalText::new(format!("cannot write: {error}"), format!("无法写出：{error}"));
        Finding::error("unwritable-output", None, message).into()
    }
}
