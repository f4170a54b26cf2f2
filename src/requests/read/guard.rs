//! Readers of foreign crates, in which a hostile file may find a panic: it is caught and becomes a finding.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::kinds::DAMAGED_FILE;
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;

thread_local! {
    /// Whether a panic of this thread is caught and becomes a finding.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a reader whose panics become findings: a panic hook has nothing to tell of them.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a reader whose panic becomes a finding.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Vec<Finding>>) -> Result<T, Vec<Finding>> {
    caught(work).unwrap_or_else(|| Err(vec![gave_up()]))
}

/// Runs a reader of a foreign crate; none where it panics.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    result.ok()
}

/// The finding that such a panic becomes.
pub(super) fn gave_up() -> Finding {
    refuse(DAMAGED_FILE, "the file is damaged: its reader gave up".to_owned(), "文件已损坏：读取程序无法继续".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_a_reader_becomes_a_finding_and_is_marked_while_it_lasts() {
        let found: Result<(), _> = guarded(|| if is_guarded() { panic!("a damaged file") } else { Ok(()) });
        assert_eq!(found.unwrap_err().first().map(|finding| finding.kind), Some(DAMAGED_FILE));
        assert!(!is_guarded());
    }
}
