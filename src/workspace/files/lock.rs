//! One writer at a time: a lock that every program of this kind takes before it writes into a workspace.
//!
//! The lock is the system's, on a file of its own, so it ends with the program that holds it, however that ends. The file stays: taking
//! it away would let two programs each lock one of that name.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::error::{FileError, FileErrorKind};

pub(super) const LOCK_FILE: &str = ".countersign.lock";
/// How long another program may take to write.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// A lock on a folder, or on one file of this program's own; ends when dropped.
#[derive(Debug)]
pub struct FolderLock {
    _file: Option<File>,
}

impl FolderLock {
    /// No lock: files in memory belong to one program.
    pub(super) fn none() -> Self {
        Self { _file: None }
    }

    /// The lock on a file of the disk, made where there is none; none while another holds it.
    pub(super) fn try_take(path: &Path) -> Result<Option<Self>, FileError> {
        let wrong = |error: std::io::Error| FileError::from_io(path, &error);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: Some(file) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(wrong(error)),
        }
    }

    /// Waits for the lock on a folder of the disk, but not for ever.
    pub(super) fn take(folder: &Path) -> Result<Self, FileError> {
        let path = folder.join(LOCK_FILE);
        // People know the folder, not the file in it.
        let wrong = |error: &std::io::Error| FileError::from_io(folder, error);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|error| wrong(&error))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: Some(file) }),
                Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(FileError::new(folder, FileErrorKind::Locked)),
                Err(TryLockError::Error(error)) => return Err(wrong(&error)),
            }
        }
    }
}
