//! Files: open, save, what others changed, unsaved edits of an earlier run, releases.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::document_io::Resolve;
use crate::{RecoveryAnswer, Session, Weight};
use countersign_core::model::Moment;
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileAction {
    /// Opens the workspace in a folder; unsaved edits of the one that is open are kept for its next start.
    OpenWorkspace(PathBuf),
    /// Reads a request file, by a mapping of the workspace where one is named.
    OpenRequests {
        path: PathBuf,
        mapping: Option<String>,
    },
    /// Takes the request file of which rows cannot be read without them, or not at all; see [`Session::partly_read`].
    LeaveOut(bool),
    OpenRelease(PathBuf),
    Save,
    /// Looks whether someone else changed the files: when the window is shown again.
    DetectChanges,
    /// What is done about files that both changed.
    Resolve(Resolve),
    /// What is done about unsaved edits of an earlier run.
    Recover(RecoveryAnswer),
    /// The whole text of a file, while the workspace cannot be understood.
    EditText(String, String),
    /// Writes a report of the last dry run and comparison: `.html` or `.json`.
    SaveReport {
        path: PathBuf,
        created_at: Moment,
    },
    /// Makes a release of the draft; see [`readiness`](crate::readiness).
    Export {
        /// Where to; `released/<version>.ron` in the workspace when absent.
        path: Option<PathBuf>,
        /// Why it is made; may be empty.
        comment: String,
        /// When it is made; see [`present`](crate::present).
        created_at: Moment,
    },
    /// Reads a file with entries of a list, one a line; see [`Session::entries_file`].
    ReadEntries(PathBuf),
    /// Writes a file that a panel made: a chart, a list.
    Write {
        path: PathBuf,
        bytes: Vec<u8>,
    },
}

pub(super) fn apply(session: &mut Session, action: FileAction) -> Result<(), LocalText> {
    match action {
        FileAction::OpenWorkspace(root) => session.open_workspace(root),
        FileAction::OpenRequests { path, mapping } => session.open_requests(path, mapping),
        FileAction::ReadEntries(path) => session.read_entries(path),
        FileAction::DetectChanges => session.detect_changes(),
        FileAction::OpenRelease(path) => return session.open_release(&path),
        FileAction::LeaveOut(yes) => return session.leave_out(yes),
        FileAction::Save => return session.save(),
        FileAction::Resolve(resolve) => return session.resolve(resolve),
        FileAction::Recover(answer) => return session.recover(answer),
        FileAction::EditText(file, text) => return session.edit_text(file, text),
        FileAction::SaveReport { path, created_at } => return session.save_report(path, created_at),
        FileAction::Export { path, comment, created_at } => return session.export(path, (comment, created_at), None),
        FileAction::Write { path, bytes } => return write(session, &path, &bytes),
    }
    Ok(())
}

fn write(session: &mut Session, path: &Path, bytes: &[u8]) -> Result<(), LocalText> {
    session.files.write(path, bytes).map_err(|error| {
        let (message, help) = (error.message(), error.help());
        LocalText::new(format!("{}; {}", message.en, help.en), format!("{}；{}", message.zh, help.zh))
    })?;
    let shown = path.display();
    session.notify(Weight::Success, LocalText::new(format!("written: `{shown}`"), format!("已写入 `{shown}`")));
    Ok(())
}
