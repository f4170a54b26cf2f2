//! The words for the window: no verb, only what to open.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct WindowArgs {
    /// The workspace to open in the window.
    pub workspace: Option<PathBuf>,
    /// Requests to load into the window.
    #[arg(long, value_name = "FILE")]
    pub requests: Option<PathBuf>,
    /// The mapping the requests are read by: a name in the workspace, or a file.
    #[arg(long, value_name = "NAME|FILE", requires = "requests")]
    pub mapping: Option<String>,
    /// The release the window compares with.
    #[arg(long, value_name = "RELEASE")]
    pub against: Option<PathBuf>,
}
