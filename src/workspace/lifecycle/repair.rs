//! Lines of the journal that a crash cut short, looked at by somebody: noted, never deleted.

use std::path::Path;

use super::super::files::Files;
use super::super::journal::{self, Action, Record};
use super::desk::Desk;
use super::{Actor, Failed};
use countersign_core::release::Digest;

/// Notes of every line that was cut short, and that nobody noted yet, that it was looked at. Gives how many there were.
///
/// # Errors
/// The journal does not hold, or the key does not sign.
pub fn repair(files: &dyn Files, root: &Path, actor: Actor<'_>) -> Result<usize, Failed> {
    let Actor { doing, signer, requirements } = actor;
    let mut desk = Desk::open(files, (root.to_owned(), String::new()), requirements, signer)?;
    let cut: Vec<Digest> = desk.journal.cut_short().collect();
    for left in &cut {
        let record = Record {
            previous: Vec::new(),
            at: doing.at,
            who: doing.who.clone(),
            what: Action::Repaired,
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
        let record = desk.signed(record)?;
        desk.note(vec![record])?;
    }
    Ok(cut.len())
}
