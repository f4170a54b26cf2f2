//! Lines of the journal that a crash cut short, looked at by somebody: noted, never deleted.

use std::path::Path;

use super::super::files::Files;
use super::super::journal::{self, JournalAction, JournalRecord};
use super::locked::LockedWorkspace;
use super::{Actor, StepError};
use countersign_core::release::Digest;

/// Notes of every line that was cut short, and that nobody noted yet, that it was looked at. Gives how many there were.
///
/// # Errors
/// The journal does not hold, or the key does not sign.
pub fn repair(files: &dyn Files, root: &Path, actor: Actor<'_>) -> Result<usize, StepError> {
    let Actor { doing, signer, requirements } = actor;
    let mut workspace = LockedWorkspace::open(files, (root.to_owned(), String::new()), requirements, signer)?;
    let cut: Vec<Digest> = workspace.journal.cut_short().collect();
    for left in &cut {
        let record = JournalRecord {
            previous: Vec::new(),
            at: doing.at,
            who: doing.who.clone(),
            what: JournalAction::Repaired,
            from: None,
            to: Some(*left),
            version: String::new(),
            file: journal::JOURNAL_FILE.to_owned(),
            role: String::new(),
            comment: doing.comment.clone(),
            target: String::new(),
            statement: None,
            signature: String::new(),
        };
        let record = workspace.signed(record)?;
        workspace.note(vec![record])?;
    }
    Ok(cut.len())
}
