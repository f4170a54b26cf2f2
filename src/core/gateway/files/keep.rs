//! A gateway's own folder: its state and a copy of the release it took last, each written in one step.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::plain::{FileProblem, open_plain, read_plain};
use super::{LARGEST_RELEASE, LARGEST_TRUST, sync_folder};
use crate::gateway::StateStore;
use crate::model::Digest;

/// The state's file.
const STATE: &str = "state.ron";
/// How the name of a copy of a release begins.
const COPY: &str = "release-";
/// The file that is locked while a gateway uses the folder.
const LOCK: &str = "lock";

/// The folder of one gateway, locked as long as it is held.
#[derive(Debug)]
pub struct StateFolder {
    folder: PathBuf,
    _lock: File,
}

/// What a folder held when it was opened.
#[derive(Debug, Default)]
pub(super) struct KeptFiles {
    /// The state and its name.
    pub state: Option<(String, Vec<u8>)>,
    /// Copies of releases and their names.
    pub copies: Vec<(String, Vec<u8>)>,
}

impl StateFolder {
    /// Opens the folder, which is made if it is not there.
    ///
    /// # Errors
    /// It cannot be used, or another gateway uses it.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, FileProblem> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(|error| FileProblem::io(&folder, &error))?;
        let lock = open_plain(&folder.join(LOCK), OpenOptions::new().read(true).write(true).create(true).truncate(false))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                Err(FileProblem::new(&folder, "another gateway uses this folder", "另一个网关正在使用该目录"))
            }
            Err(TryLockError::Error(error)) => Err(FileProblem::io(&folder, &error)),
        }
    }

    /// Reads what is there.
    pub(super) fn held(&self) -> Result<KeptFiles, FileProblem> {
        let mut held = KeptFiles::default();
        let read = |path: &Path, limit| Ok((path.display().to_string(), read_plain(path, limit)?));
        let state = self.folder.join(STATE);
        if state.try_exists().map_err(|error| FileProblem::io(&state, &error))? {
            held.state = Some(read(&state, LARGEST_TRUST)?);
        }
        for path in self.copies().map_err(|error| FileProblem::io(&self.folder, &error))? {
            // A copy that cannot be read is as good as none: the gateway says what it misses.
            held.copies.extend(read(&path, LARGEST_RELEASE));
        }
        Ok(held)
    }

    fn copies(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let is_copy = |name: &str| name.strip_prefix(COPY).is_some_and(|rest| rest.strip_suffix(".ron").is_some());
            found.extend(path.file_name().and_then(|name| name.to_str()).is_some_and(is_copy).then(|| path.clone()));
        }
        found.sort();
        Ok(found)
    }

    /// Writes a file in one step: whoever reads it, at whatever time, finds all of the old or all of the new content.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (path, temporary) = (self.folder.join(name), self.folder.join(format!("{name}.tmp")));
        // Nobody else writes here: what lies there was left by a process that was killed.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        let done = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&temporary, &path));
        if let Err(error) = done {
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        sync_folder(&self.folder);
        Ok(())
    }
}

impl StateStore for StateFolder {
    /// First the copy, under a name of its own, then the state that names it, then older copies are removed: a process that is killed in
    /// between leaves a state with its copy.
    fn keep(&self, state: &str, release: &[u8]) -> io::Result<()> {
        let name = format!("{COPY}{}.ron", Digest::of(release).short());
        let path = self.folder.join(&name);
        if read_plain(&path, LARGEST_RELEASE).ok().as_deref() != Some(release) {
            self.write(&name, release)?;
        }
        self.write(STATE, state.as_bytes())?;
        for old in self.copies()?.into_iter().filter(|old| *old != path) {
            // An old copy that stays does no harm.
            let _ = fs::remove_file(old);
        }
        Ok(())
    }
}
