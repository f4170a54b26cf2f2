//! Files that a verb writes: whole or not at all, of the kind their name ends in.

use std::io::Write;
use std::path::Path;

use super::exit::Failure;
use crate::diagnostic::Finding;
use crate::requests::Format;
use crate::requests::write::WriteError;
use crate::text::LocalText;
use crate::workspace::{AtomicFile, FileError, Files};

/// Writes a file in one step: what stood there before stays until all of the new one is on the disk.
///
/// # Errors
/// The file cannot be written; nothing is left behind.
pub fn save<E: Into<WriteError>>(
    files: &dyn Files,
    path: &Path,
    fill: impl FnOnce(&mut Box<dyn AtomicFile>) -> Result<(), E>,
) -> Result<(), Failure> {
    let mut output = files.create(path).map_err(|error| error.to_finding())?;
    let filled = fill(&mut output).map_err(Into::into).and_then(|()| output.flush().map_err(WriteError::Io));
    filled.map_err(|error| match error {
        WriteError::Io(error) => FileError::from_io(path, &error).to_finding(),
        WriteError::Cancelled => super::cancelled(),
    })?;
    output.commit().map_err(|error| error.to_finding().into())
}

/// Which sheet to write, by the end of the file's name.
///
/// # Errors
/// Any other end.
pub fn sheet_format(path: &Path) -> Result<Format, Failure> {
    Format::of_file_name(&path.display().to_string()).ok_or_else(|| wrong_end(path, "`.csv`, `.jsonl`, `.parquet`").into())
}

/// A file whose name ends in something that cannot be written.
#[must_use]
pub fn wrong_end(path: &Path, wanted: &str) -> Finding {
    let path = path.display();
    let message = LocalText::new(format!("cannot tell what to write into `{path}`"), format!("无法判断 `{path}` 应写成哪种文件"));
    let help = LocalText::new(format!("let the name end in {wanted}"), format!("文件名应以 {wanted} 结尾"));
    Finding::error("unknown-format", None, message).with_help(help)
}
