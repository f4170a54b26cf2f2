//! The words for the window: no verb, only what to open.

use std::path::PathBuf;

use clap::Args;

/// What the window opens.
#[derive(Debug, Args)]
pub struct Window {
    /// The workspace to open in the window.
    pub workspace: Option<PathBuf>,
    /// Requests to load into the window.
    #[arg(long, value_name = "FILE")]
    pub requests: Option<PathBuf>,
    /// The release the window compares with.
    #[arg(long, value_name = "RELEASE")]
    pub against: Option<PathBuf>,
}
