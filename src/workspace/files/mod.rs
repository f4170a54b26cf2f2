//! The one way to files: [`Files`], on the disk ([`DiskFiles`]) and in memory ([`MemoryFiles`]).
//!
//! What is written appears whole or not at all: see [`Files::create`].

mod disk;
mod error;
mod lock;
mod memory;
mod name;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub use disk::DiskFiles;
pub use error::{FileError, FileErrorKind};
pub use lock::FolderLock;
pub use memory::MemoryFiles;
pub use name::check_name;

use countersign_core::storage::{ReadAt, ScratchFile};

/// One thing in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// Whether it is a folder itself.
    pub is_folder: bool,
}

impl Entry {
    /// Whether it is a RON file that is not hidden.
    pub fn is_ron(&self) -> bool {
        !self.is_folder && !self.name.starts_with('.') && Path::new(&self.name).extension().is_some_and(|end| end == "ron")
    }
}

/// A file being written: nobody sees it before [`AtomicFile::commit`]; dropped without it, nothing is left behind.
pub trait AtomicFile: Write + Send {
    /// Flushes and syncs what was written, so that a full disk is found out now.
    ///
    /// # Errors
    /// The disk is full or failing; the old file, if there is one, is untouched.
    fn sync(&mut self) -> Result<(), FileError>;

    /// Syncs, and puts the file in the place of the old one in one step.
    ///
    /// # Errors
    /// As [`AtomicFile::sync`], or the folder does not allow it; the old file is untouched.
    fn commit(self: Box<Self>) -> Result<(), FileError>;
}

/// Where files are read and written.
pub trait Files: Send + Sync {
    /// Reads a whole file.
    ///
    /// # Errors
    /// It is missing, no plain file, larger than `limit` bytes, or cannot be read.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError>;

    /// What a folder holds, sorted by name; names that are not UTF-8 are left out.
    ///
    /// # Errors
    /// It is missing, no folder, or cannot be read.
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError>;

    /// The path from the root of all files, wherever the program was started; a path that has none stays as it is.
    fn absolute(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    /// The path from the root of all files, without links, however it was typed; of a path that is not there as far as it is there.
    fn canonical(&self, path: &Path) -> PathBuf {
        self.absolute(path)
    }

    /// What the system tells a folder from all others by, also when it is moved; empty where it says nothing.
    fn identity(&self, folder: &Path) -> String {
        let _ = folder;
        String::new()
    }

    /// Whether there is a file or folder.
    fn exists(&self, path: &Path) -> bool;

    /// Opens a file to read any part of it at any time.
    ///
    /// # Errors
    /// It is missing, no plain file, or cannot be read.
    fn open(&self, path: &Path) -> Result<Box<dyn ReadAt>, FileError>;

    /// As [`Files::open`], for a file of many: it is closed whenever nothing is read of it for a while.
    ///
    /// # Errors
    /// As [`Files::open`].
    fn open_for_a_while(&self, path: &Path) -> Result<Box<dyn ReadAt>, FileError> {
        self.open(path)
    }

    /// What another program sends to this one.
    ///
    /// # Errors
    /// Nothing is sent.
    fn standard_input(&self) -> io::Result<Box<dyn Read>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Starts a file that replaces `path` when it is committed; the folder must exist.
    ///
    /// # Errors
    /// The folder is missing or cannot be written, or `path` is no plain file.
    fn create(&self, path: &Path) -> Result<Box<dyn AtomicFile>, FileError>;

    /// A file for what memory does not hold, gone when it is dropped; it has no name in any folder.
    ///
    /// # Errors
    /// There is no place for it.
    fn scratch(&self) -> io::Result<Box<dyn ScratchFile>> {
        Ok(Box::new(Vec::new()))
    }

    /// Makes a folder and those above it; one that is there is left alone.
    ///
    /// # Errors
    /// A file is in the way, or the folder above cannot be written.
    fn create_folder(&self, folder: &Path) -> Result<(), FileError>;

    /// Removes a file.
    ///
    /// # Errors
    /// It is missing or the folder cannot be written.
    fn remove(&self, path: &Path) -> Result<(), FileError>;

    /// The path of a file inside a workspace, by its name with `/`.
    ///
    /// # Errors
    /// The name leads out of the workspace: `..`, an absolute path, or a link.
    fn inside(&self, root: &Path, name: &str) -> Result<PathBuf, FileError>;

    /// Keeps every other program that takes it out of a workspace until the lock is dropped.
    ///
    /// # Errors
    /// Another one holds it for longer than anyone should, or the folder cannot be written.
    fn lock(&self, folder: &Path) -> Result<FolderLock, FileError> {
        let _ = folder;
        Ok(FolderLock::none())
    }

    /// Locks one file, made where there is none, without waiting; none while another program holds it.
    ///
    /// # Errors
    /// The file cannot be opened for writing.
    fn try_lock_file(&self, path: &Path) -> Result<Option<FolderLock>, FileError> {
        let _ = path;
        Ok(Some(FolderLock::none()))
    }

    /// Adds bytes to the end of a file, which need not exist; they are on the disk when this returns.
    ///
    /// # Errors
    /// The disk is full or failing: some of the bytes may have been added.
    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let mut all = if self.exists(path) { self.read(path, u64::MAX - 1)? } else { Vec::new() };
        all.extend_from_slice(bytes);
        self.write(path, &all)
    }

    /// Writes a whole file in one step: the old one stays until all of the new one is on the disk.
    ///
    /// # Errors
    /// As [`Files::create`] and [`AtomicFile::commit`]; the old file is untouched.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let mut file = self.create(path)?;
        file.write_all(bytes).map_err(|error| FileError::from_io(path, &error))?;
        file.commit()
    }
}
