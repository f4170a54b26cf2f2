//! Puts a plan on the disk: first all of it beside the old files, then file by file in their place.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::super::files::{AtomicFile, FileError, FileErrorKind, Files};
use super::super::read::{LARGEST_LIST, decode};
use super::SaveFailed;
use super::plan::SavePlan;
use countersign_core::model::Definition;

/// Writes and removes what is planned.
///
/// # Errors
/// Someone else changed a file, or it could not be written; up to the first file put in place nothing is touched.
pub(super) fn store(files: &dyn Files, root: &Path, old: &Definition, plan: &SavePlan) -> Result<(), SaveFailed> {
    let untouched = |error| SaveFailed::File { error, written: Vec::new() };
    if plan.writes.is_empty() && plan.removals.is_empty() {
        return Ok(());
    }
    // From the look at what is there to the last file in place, nobody else writes.
    let _lock = files.lock(root).map_err(untouched)?;
    let removals: Vec<PathBuf> =
        plan.removals.iter().map(|name| files.inside(root, name)).collect::<Result<_, _>>().map_err(untouched)?;
    for (name, path) in plan.removals.iter().zip(&removals) {
        check_unchanged(files, old, name, path, "").map_err(untouched)?;
    }
    let mut staged = Vec::new();
    for (name, text) in &plan.writes {
        staged.push((name, stage(files, root, old, name, text).map_err(untouched)?));
    }
    let mut written: Vec<String> = Vec::new();
    for (name, file) in staged {
        file.commit().map_err(|error| SaveFailed::File { error, written: written.clone() })?;
        written.push(name.clone());
    }
    for path in removals {
        match files.remove(&path) {
            Err(FileError { fault: FileErrorKind::Missing, .. }) | Ok(()) => {}
            Err(error) => return Err(SaveFailed::File { error, written }),
        }
    }
    Ok(())
}

/// Writes a file beside the one it will replace.
fn stage(files: &dyn Files, root: &Path, old: &Definition, name: &str, text: &str) -> Result<Box<dyn AtomicFile>, FileError> {
    let path = files.inside(root, name)?;
    check_unchanged(files, old, name, &path, text)?;
    if let Some(folder) = path.parent() {
        files.create_folder(folder)?;
    }
    let mut file = files.create(&path)?;
    file.write_all(text.as_bytes()).map_err(|error| FileError::from_io(&path, &error))?;
    file.sync()?;
    Ok(file)
}

/// Refuses when the file is not what was read: what another person wrote meanwhile must not be lost.
fn check_unchanged(files: &dyn Files, old: &Definition, name: &str, path: &Path, wanted: &str) -> Result<(), FileError> {
    let is_there = files.exists(path);
    let before = old.sources.find(name).map(|(_, source)| source.text().as_ref());
    let found = if is_there { decode(files.read(path, LARGEST_LIST)?).ok() } else { None };
    let is_as_read = match (before, found.as_deref()) {
        (Some(before), Some(found)) => before == found || found == wanted,
        (None, Some(found)) => found == wanted,
        (_, None) => !is_there,
    };
    if is_as_read { Ok(()) } else { Err(FileError { path: name.to_owned(), fault: FileErrorKind::Changed }) }
}
