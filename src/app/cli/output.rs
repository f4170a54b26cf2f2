//! Files that a verb writes: whole or not at all, of the kind their name ends in.

use std::io::Write;
use std::path::Path;

use super::exit::{Failure, cancelled};
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;
use countersign_requests::Format;
use countersign_requests::kinds::UNKNOWN_FORMAT;
use countersign_requests::write::WriteError;
use countersign_workspace::{AtomicFile, FileError, Files};

/// Writes a file in one step: what stood there before stays until all of the new one is on the disk.
///
/// # Errors
/// The file cannot be written; nothing is left behind.
pub fn save<E: Into<WriteError>>(
    files: &dyn Files,
    path: &Path,
    fill: impl FnOnce(&mut Box<dyn AtomicFile>) -> Result<(), E>,
) -> Result<(), Failure> {
    let mut output = files.create(path)?;
    let filled = fill(&mut output).map_err(Into::into).and_then(|()| Ok(output.flush()?));
    filled.map_err(|error| unwritten(path, error))?;
    Ok(output.commit()?)
}

/// Why a file was not written.
pub fn unwritten(path: &Path, error: impl Into<WriteError>) -> Finding {
    match error.into() {
        WriteError::Io(error) => FileError::from_io(path, &error).to_finding(),
        WriteError::Cancelled => cancelled(),
    }
}

/// Which sheet to write, by the end of the file's name.
///
/// # Errors
/// Any other end.
pub fn sheet_format(path: &Path) -> Result<Format, Failure> {
    Format::of_file_name(&path.display().to_string()).ok_or_else(|| wrong_end(path, "`.csv`, `.jsonl`, `.parquet`").into())
}

/// A file to read or write whose name does not end in one of those wanted.
pub fn wrong_end(path: &Path, wanted: &str) -> Finding {
    let path = path.display();
    let message = LocalText::new(
        format!("the end of `{path}` does not say what kind of file it is"),
        format!("无法从 `{path}` 的扩展名判断文件类型"),
    );
    let help = LocalText::new(format!("let the name end in {wanted}"), format!("文件名应以 {wanted} 结尾"));
    Finding::new(UNKNOWN_FORMAT, None, message).with_help(help)
}
