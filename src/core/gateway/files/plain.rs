//! Bounded reads of plain files: no FIFO, device, socket or directory, and never more bytes than the caller allows.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{error, fmt};

use crate::text::{Language, LocalText};

/// A file that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub message: LocalText,
}

impl FileProblem {
    pub(super) fn new(path: &Path, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: LocalText::new(en, zh) }
    }

    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        Self::new(path, format!("it cannot be used: {error}"), format!("无法使用该文件：{error}"))
    }

    fn not_plain(path: &Path) -> Self {
        Self::new(
            path,
            "it is not a plain file (a folder, FIFO, socket or device is never read)",
            "不是普通文件（不读取目录、管道、套接字或设备）",
        )
    }

    fn too_large(path: &Path, limit: u64) -> Self {
        Self::new(path, format!("it has more than {limit} bytes"), format!("文件超过 {limit} 字节"))
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path.display(), self.message.get(Language::En))
    }
}

impl error::Error for FileProblem {}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Device and inode, where the system has them.
    identity: (u64, u64),
    pub length: u64,
    modified: Option<SystemTime>,
    /// When content or metadata changed last, in seconds and nanoseconds, where the system has it: it cannot be set back.
    changed: (i64, i64),
}

impl Stamp {
    pub fn of(about: &Metadata) -> Self {
        #[cfg(unix)]
        let (identity, changed) = {
            use std::os::unix::fs::MetadataExt;
            ((about.dev(), about.ino()), (about.ctime(), about.ctime_nsec()))
        };
        #[cfg(not(unix))]
        let (identity, changed) = ((0, 0), (0, 0));
        Self { identity, length: about.len(), modified: about.modified().ok(), changed }
    }

    /// Whether it is one file, where the system can tell.
    pub fn is_one_file(&self, other: &Self) -> bool {
        self.identity == other.identity
    }

    /// Whether it is one file of one length, perhaps written to.
    pub fn is_same_file(&self, other: &Self) -> bool {
        (self.identity, self.length) == (other.identity, other.length)
    }
}

/// Looks at a file without opening it.
pub(super) fn look(path: &Path, limit: u64) -> Result<Stamp, FileProblem> {
    let about = fs::metadata(path).map_err(|error| FileProblem::io(path, &error))?;
    judged(path, limit, &about)
}

fn judged(path: &Path, limit: u64, about: &Metadata) -> Result<Stamp, FileProblem> {
    match about.is_file() {
        false => Err(FileProblem::not_plain(path)),
        true if about.len() > limit => Err(FileProblem::too_large(path, limit)),
        true => Ok(Stamp::of(about)),
    }
}

/// Opens a plain file. It is looked at before, since opening a device can have effects, and after, since another file may have taken its
/// place in between; opening never waits for the other end of a FIFO.
pub(super) fn open_plain(path: &Path, options: &mut OpenOptions) -> Result<File, FileProblem> {
    match fs::metadata(path) {
        Ok(about) if !about.is_file() => return Err(FileProblem::not_plain(path)),
        Ok(_) => {}
        // The options may ask for a new file.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(FileProblem::io(path, &error)),
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NONBLOCK);
    let file = options.open(path).map_err(|error| FileProblem::io(path, &error))?;
    let about = file.metadata().map_err(|error| FileProblem::io(path, &error))?;
    if about.is_file() { Ok(file) } else { Err(FileProblem::not_plain(path)) }
}

/// Reads a plain file of at most `limit` bytes. A symbolic link to a plain file is followed.
///
/// # Errors
/// It is no plain file, larger, or cannot be read. Nothing is waited for and no more than the limit is held in memory.
pub fn read_plain(path: &Path, limit: u64) -> Result<Vec<u8>, FileProblem> {
    read_stamped(path, limit).map(|(bytes, _)| bytes)
}

/// Reads a plain file, with what it was when reading began.
pub(super) fn read_stamped(path: &Path, limit: u64) -> Result<(Vec<u8>, Stamp), FileProblem> {
    let wrong = |error: &io::Error| FileProblem::io(path, error);
    let file = open_plain(path, OpenOptions::new().read(true))?;
    let stamp = judged(path, limit, &file.metadata().map_err(|error| wrong(&error))?)?;
    let mut bytes = Vec::new();
    // A file that grows while it is read ends at the limit.
    (&file).take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
    if bytes.len() as u64 > limit { Err(FileProblem::too_large(path, limit)) } else { Ok((bytes, stamp)) }
}
