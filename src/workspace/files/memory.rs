//! Files in memory, for tests and previews; it can be told to run full or to fail.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::{FileError, FileErrorKind};
use super::{AtomicFile, Entry, Files, check_name};
use countersign_core::storage::ReadAt;

/// The most bytes of a file that is taken over.
const LARGEST_TAKEN: u64 = 1 << 30;

/// Files in memory. Clones share the same files.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    state: Arc<Mutex<MemoryState>>,
}

#[derive(Debug, Default)]
struct MemoryState {
    files: BTreeMap<PathBuf, Arc<Vec<u8>>>,
    /// Bytes that may still be written before the disk is full; no limit when absent.
    room: Option<u64>,
    /// Commits that still succeed; no limit when absent.
    commits_left: Option<u64>,
    /// Files begun and neither committed nor dropped.
    open: usize,
    /// How many files were put in place.
    commits: u64,
}

impl MemoryFiles {
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file, without any of the faults asked for.
    pub fn put(&self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.lock().files.insert(path.as_ref().to_owned(), Arc::new(bytes.into()));
    }

    /// Puts every file that others have in a folder and the folders in it, under the same paths.
    ///
    /// # Errors
    /// What listing or reading them refuses.
    pub fn take_over(&self, others: &dyn Files, folder: &Path) -> Result<(), FileError> {
        for entry in others.list(folder)? {
            let path = folder.join(&entry.name);
            if entry.is_folder {
                self.take_over(others, &path)?;
            } else {
                self.put(&path, others.read(&path, LARGEST_TAKEN)?);
            }
        }
        Ok(())
    }

    /// Every file with its bytes, by path.
    pub fn all(&self) -> BTreeMap<PathBuf, Arc<Vec<u8>>> {
        self.lock().files.clone()
    }

    /// From now on the disk takes only so many bytes more.
    pub fn fill_disk_after(&self, bytes: u64) {
        self.lock().room = Some(bytes);
    }

    /// From now on only so many files can be put in place.
    pub fn fail_commits_after(&self, commits: u64) {
        self.lock().commits_left = Some(commits);
    }

    /// Ends the faults asked for.
    pub fn heal(&self) {
        let mut state = self.lock();
        (state.room, state.commits_left) = (None, None);
    }

    /// How many files have been put in place.
    pub fn commits(&self) -> u64 {
        self.lock().commits
    }

    /// How many files are begun and neither committed nor given up: what would lie about as a temporary file.
    pub fn unfinished(&self) -> usize {
        self.lock().open
    }

    fn lock(&self) -> MutexGuard<'_, MemoryState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, path: &Path) -> Result<Arc<Vec<u8>>, FileError> {
        let state = self.lock();
        if let Some(bytes) = state.files.get(path) {
            return Ok(Arc::clone(bytes));
        }
        Err(FileError::new(path, if state.is_folder(path) { FileErrorKind::NotAFile } else { FileErrorKind::Missing }))
    }
}

impl MemoryState {
    fn is_folder(&self, path: &Path) -> bool {
        self.files.keys().any(|file| file != path && file.starts_with(path))
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let bytes = self.find(path)?;
        let size = bytes.len() as u64;
        if size > limit {
            return Err(FileError::new(path, FileErrorKind::TooLarge { size, limit }));
        }
        Ok(bytes.as_ref().clone())
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError> {
        let state = self.lock();
        if state.files.contains_key(folder) {
            return Err(FileError::new(folder, FileErrorKind::NotAFolder));
        }
        let mut entries: Vec<Entry> = state
            .files
            .keys()
            .filter_map(|file| {
                let mut parts = file.strip_prefix(folder).ok()?.components();
                let name = parts.next()?.as_os_str().to_str()?.to_owned();
                Some(Entry { name, is_folder: parts.next().is_some() })
            })
            .collect();
        entries.dedup();
        if entries.is_empty() { Err(FileError::new(folder, FileErrorKind::Missing)) } else { Ok(entries) }
    }

    fn exists(&self, path: &Path) -> bool {
        let state = self.lock();
        state.files.contains_key(path) || state.is_folder(path)
    }

    fn open(&self, path: &Path) -> Result<Box<dyn ReadAt>, FileError> {
        Ok(Box::new(self.find(path)?.as_ref().clone()))
    }

    fn create(&self, path: &Path) -> Result<Box<dyn AtomicFile>, FileError> {
        let mut state = self.lock();
        if state.is_folder(path) {
            return Err(FileError::new(path, FileErrorKind::NotAFile));
        }
        state.open += 1;
        Ok(Box::new(MemoryFile { files: self.clone(), path: path.to_owned(), bytes: Vec::new() }))
    }

    fn create_folder(&self, folder: &Path) -> Result<(), FileError> {
        if self.lock().files.contains_key(folder) { Err(FileError::new(folder, FileErrorKind::NotAFolder)) } else { Ok(()) }
    }

    fn remove(&self, path: &Path) -> Result<(), FileError> {
        self.find(path)?;
        self.lock().files.remove(path);
        Ok(())
    }

    fn inside(&self, root: &Path, name: &str) -> Result<PathBuf, FileError> {
        check_name(name)?;
        Ok(root.join(name))
    }
}

struct MemoryFile {
    files: MemoryFiles,
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(room) = &mut self.files.lock().room {
            *room = room.checked_sub(bytes.len() as u64).ok_or_else(|| io::Error::from(io::ErrorKind::StorageFull))?;
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AtomicFile for MemoryFile {
    fn sync(&mut self) -> Result<(), FileError> {
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<(), FileError> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut state = self.files.lock();
        if let Some(left) = &mut state.commits_left {
            *left = left.checked_sub(1).ok_or_else(|| FileError::new(&self.path, FileErrorKind::Denied))?;
        }
        state.commits += 1;
        state.files.insert(self.path.clone(), Arc::new(bytes));
        Ok(())
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        self.files.lock().open -= 1;
    }
}
