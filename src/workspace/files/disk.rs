//! Files on the disk.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::{Builder, NamedTempFile, TempPath};

use super::error::{FileError, FileErrorKind};
use super::{AtomicFile, Entry, Files, FolderLock, check_name};
use countersign_core::storage::{ReadAt, ScratchFile};

/// The disk; relative paths start where the process was started.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskFiles;

/// Opens a plain file; anything else could block for ever or have no end.
fn open_plain(path: &Path) -> Result<(File, u64), FileError> {
    let wrong = |error: io::Error| FileError::from_io(path, &error);
    if !fs::metadata(path).map_err(wrong)?.is_file() {
        return Err(FileError::new(path, FileErrorKind::NotAFile));
    }
    let file = File::open(path).map_err(wrong)?;
    let size = file.metadata().map_err(wrong)?.len();
    Ok((file, size))
}

impl Files for DiskFiles {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        let (file, size) = open_plain(path)?;
        if size > limit {
            return Err(FileError::new(path, FileErrorKind::TooLarge { size, limit }));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        // The file may grow while it is read.
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| FileError::from_io(path, &error))?;
        let size = bytes.len() as u64;
        if size > limit { Err(FileError::new(path, FileErrorKind::TooLarge { size, limit })) } else { Ok(bytes) }
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, FileError> {
        let wrong = |error: io::Error| FileError::from_io(folder, &error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(wrong)? {
            let entry = entry.map_err(wrong)?;
            let is_folder = fs::metadata(entry.path()).is_ok_and(|about| about.is_dir());
            if let Ok(name) = entry.file_name().into_string() {
                entries.push(Entry { name, is_folder });
            }
        }
        entries.sort();
        Ok(entries)
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        let path = self.absolute(path);
        let there = path.ancestors().find_map(|part| Some((part, fs::canonicalize(part).ok()?)));
        there.map_or_else(
            || path.clone(),
            |(part, real)| path.strip_prefix(part).map_or_else(|_| path.clone(), |rest| real.join(rest)),
        )
    }

    #[cfg(unix)]
    fn identity(&self, folder: &Path) -> String {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(folder).map_or_else(|_| String::new(), |about| format!("{}:{}", about.dev(), about.ino()))
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn open(&self, path: &Path) -> Result<Box<dyn ReadAt>, FileError> {
        let (file, size) = open_plain(path)?;
        Ok(Box::new(DiskFile { file, size }))
    }

    fn open_for_a_while(&self, path: &Path) -> Result<Box<dyn ReadAt>, FileError> {
        let (_, size) = open_plain(path)?;
        Ok(Box::new(ClosableFile { path: path.to_owned(), size, open: Mutex::default() }))
    }

    fn standard_input(&self) -> io::Result<Box<dyn Read>> {
        let input = io::stdin();
        if input.is_terminal() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a terminal, and no program sends anything"));
        }
        Ok(Box::new(input))
    }

    fn create(&self, path: &Path) -> Result<Box<dyn AtomicFile>, FileError> {
        let wrong = |error: io::Error| FileError::from_io(path, &error);
        // A link is written through: what it points to is replaced, not the link.
        let path = if path.is_symlink() { fs::canonicalize(path).map_err(wrong)? } else { path.to_owned() };
        let before = fs::metadata(&path).ok();
        if before.as_ref().is_some_and(|about| !about.is_file()) {
            return Err(FileError::new(&path, FileErrorKind::NotAFile));
        }
        if before.as_ref().is_some_and(|about| about.permissions().readonly()) {
            return Err(FileError::new(&path, FileErrorKind::Denied));
        }
        let folder = folder_of(&path);
        remove_abandoned(folder);
        let temporary = temporary_in(folder).map_err(wrong)?;
        if let Some(about) = before {
            // Kept where the system allows it; a file of someone else's is still replaced.
            let _ = temporary.as_file().set_permissions(about.permissions());
        }
        let (file, temporary) = temporary.into_parts();
        Ok(Box::new(DiskOutput { writer: BufWriter::with_capacity(1 << 16, file), temporary, path }))
    }

    fn scratch(&self) -> io::Result<Box<dyn ScratchFile>> {
        let file = tempfile::tempfile_in(scratch_folder())?;
        Ok(Box::new(DiskFile { file, size: 0 }))
    }

    fn lock(&self, folder: &Path) -> Result<FolderLock, FileError> {
        FolderLock::take(folder)
    }

    fn try_lock_file(&self, path: &Path) -> Result<Option<FolderLock>, FileError> {
        FolderLock::try_take(path)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let wrong = |error: io::Error| FileError::from_io(path, &error);
        let is_new = !path.exists();
        let mut file = File::options().create(true).append(true).open(path).map_err(wrong)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(wrong)?;
        if is_new {
            sync_folder(folder_of(path));
        }
        Ok(())
    }

    fn create_folder(&self, folder: &Path) -> Result<(), FileError> {
        fs::create_dir_all(folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => FileError::new(folder, FileErrorKind::NotAFolder),
            _ => FileError::from_io(folder, &error),
        })
    }

    fn remove(&self, path: &Path) -> Result<(), FileError> {
        fs::remove_file(path).map_err(|error| FileError::from_io(path, &error))?;
        sync_folder(folder_of(path));
        Ok(())
    }

    fn inside(&self, root: &Path, name: &str) -> Result<PathBuf, FileError> {
        check_name(name)?;
        let path = root.join(name);
        // Follow links as far as the path exists, and see that it is still below the root.
        let Ok(root) = fs::canonicalize(root) else { return Ok(path) };
        let existing = path.ancestors().find_map(|part| fs::canonicalize(part).ok());
        if existing.is_none_or(|part| part.starts_with(&root)) && !is_dangling(&path) {
            return Ok(path);
        }
        Err(FileError::new(Path::new(name), FileErrorKind::Outside))
    }
}

/// How the name of a file that is being written begins and ends.
const TEMPORARY: (&str, &str) = (".countersign-", ".tmp");

/// A temporary file, locked as long as its writer lives.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    loop {
        let temporary = builder.tempfile_in(folder)?;
        // Where nothing can be locked, nobody takes it for abandoned either.
        let is_locked = temporary.as_file().lock().is_ok();
        // Between its making and its locking another writer may have done so.
        if !is_locked || temporary.path().exists() {
            return Ok(temporary);
        }
    }
}

/// Removes what writers that were killed left in a folder: temporary files that nobody holds locked.
fn remove_abandoned(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_temporary = |name: &str| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1);
        if !entry.file_name().to_str().is_some_and(is_temporary) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(file) = File::options().write(true).open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a link at `path` leads nowhere: writing through it could land anywhere.
fn is_dangling(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes a rename last; not every system can sync a folder, and those that cannot do not need it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Where scratch files lie: not in the temporary folder that many systems keep in memory, unless `TMPDIR` asks for one.
fn scratch_folder() -> PathBuf {
    let large = Path::new("/var/tmp");
    if cfg!(unix) && std::env::var_os("TMPDIR").is_none() && large.is_dir() { large.to_owned() } else { std::env::temp_dir() }
}

struct DiskFile {
    file: File,
    size: u64,
}

impl ReadAt for DiskFile {
    fn len(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, into, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut into: &mut [u8]) -> io::Result<()> {
        while !into.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.file, into, offset)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => {
                    offset += read as u64;
                    into = into.split_at_mut(read).1;
                }
            }
        }
        Ok(())
    }
}

/// A file that is opened when something is read of it, and closed by [`ReadAt::rest`].
struct ClosableFile {
    path: PathBuf,
    size: u64,
    open: Mutex<Option<Arc<DiskFile>>>,
}

impl ClosableFile {
    fn file(&self) -> io::Result<Arc<DiskFile>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.as_ref() {
            return Ok(file.clone());
        }
        let file = File::open(&self.path)?;
        if file.metadata()?.len() != self.size {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it was changed while it was read"));
        }
        Ok(open.insert(Arc::new(DiskFile { file, size: self.size })).clone())
    }
}

impl ReadAt for ClosableFile {
    fn len(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.file()?.read_at(offset, into)
    }

    fn rest(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ScratchFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.size))?;
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }
}

/// A temporary file in the folder of the one it replaces; it removes itself unless committed.
struct DiskOutput {
    writer: BufWriter<File>,
    temporary: TempPath,
    path: PathBuf,
}

impl Write for DiskOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl AtomicFile for DiskOutput {
    fn sync(&mut self) -> Result<(), FileError> {
        let done = self.writer.flush().and_then(|()| self.writer.get_ref().sync_all());
        done.map_err(|error| FileError::from_io(&self.path, &error))
    }

    fn commit(mut self: Box<Self>) -> Result<(), FileError> {
        self.sync()?;
        let wrong = |error: &io::Error| FileError::from_io(&self.path, error);
        // The file stays open, and so locked, until it has its name.
        self.temporary.persist(&self.path).map_err(|error| wrong(&error.error))?;
        sync_folder(folder_of(&self.path));
        Ok(())
    }
}
