//! The workspace as it will be after a save: planned files over those on the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::files::{AtomicFile, Entry, FileError, FileErrorKind, Files};
use super::plan::SavePlan;
use countersign_core::storage::ReadAt;

/// Reads planned files from the plan and every other from the disk; writes nothing.
pub(super) struct Overlay<'a> {
    below: &'a dyn Files,
    root: &'a Path,
    plan: &'a SavePlan,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(below: &'a dyn Files, root: &'a Path, plan: &'a SavePlan) -> Self {
        Self { below, root, plan }
    }

    fn planned(&self, path: &Path) -> Option<&'a str> {
        let name = path.strip_prefix(self.root).ok()?.to_str()?;
        self.plan.text(&name.replace('\\', "/"))
    }
}

fn read_only<T>(path: &Path) -> Result<T, FileError> {
    Err(FileError::new(path, FileErrorKind::Denied))
}

impl Files for Overlay<'_> {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let Some(text) = self.planned(path) else { return self.below.read(path, limit) };
        let size = text.len() as u64;
        if size > limit { Err(FileError::new(path, FileErrorKind::TooLarge { size, limit })) } else { Ok(text.as_bytes().to_vec()) }
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError> {
        let inside = |name: &String| {
            let path = self.root.join(name);
            let is_here = path.parent() == Some(folder);
            path.file_name().and_then(|name| name.to_str()).filter(|_| is_here).map(str::to_owned)
        };
        let new: BTreeSet<String> = self.plan.writes.iter().filter_map(|(name, _)| inside(name)).collect();
        let gone: BTreeSet<String> = self.plan.removals.iter().filter_map(inside).collect();
        let mut entries = if self.below.exists(folder) { self.below.list(folder)? } else { Vec::new() };
        entries.retain(|entry| !new.contains(&entry.name) && !gone.contains(&entry.name));
        entries.extend(new.into_iter().map(|name| Entry { name, is_folder: false }));
        entries.sort();
        Ok(entries)
    }

    fn exists(&self, path: &Path) -> bool {
        let is_folder_of_plan = || self.plan.writes.iter().any(|(name, _)| self.root.join(name).starts_with(path));
        self.planned(path).is_some() || self.below.exists(path) || is_folder_of_plan()
    }

    fn open(&self, path: &Path) -> Result<Box<dyn ReadAt>, FileError> {
        self.below.open(path)
    }

    fn create(&self, path: &Path) -> Result<Box<dyn AtomicFile>, FileError> {
        read_only(path)
    }

    fn create_folder(&self, folder: &Path) -> Result<(), FileError> {
        read_only(folder)
    }

    fn remove(&self, path: &Path) -> Result<(), FileError> {
        read_only(path)
    }

    fn inside(&self, root: &Path, name: &str) -> Result<PathBuf, FileError> {
        self.below.inside(root, name)
    }
}
