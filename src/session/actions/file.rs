//! Files: open, save, reload.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::session::Session;
use crate::text::LocalText;

/// Something done with files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileAction {
    /// Opens the workspace in a folder; unsaved edits of the one that is open are kept for its next start.
    OpenWorkspace(PathBuf),
    /// Reads a request file, by a mapping of the workspace where one is named.
    OpenRequests {
        /// The file.
        path: PathBuf,
        /// The mapping's name.
        mapping: Option<String>,
    },
    /// Saves the workspace.
    Save,
}

pub(super) fn apply(session: &mut Session, action: FileAction) -> Result<(), LocalText> {
    match action {
        FileAction::OpenWorkspace(root) => session.open_workspace(root),
        FileAction::OpenRequests { path, mapping } => session.open_requests(path, mapping),
        FileAction::Save => return session.save(),
    }
    Ok(())
}
