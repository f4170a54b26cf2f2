//! The decision log on the disk: chained lines that survive a killed process, a full disk and rotation.
//!
//! Lines are written before anyone is answered, in one piece; what could be written in part only is cut off again, and nobody is answered.
//! Beside the log lies its head, `NAME.head`: number and digest of the last line, so that a log that was cut is seen at the next start and
//! by `countersign replay`. The head is locked: two processes never write one log.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::log_end::find;
use super::plain::{FileProblem, Stamp, open_plain};
use super::{folder_of, now, sync_folder};
use crate::gateway::{LogEnd, LogLine, LogNote, LogNoteKind};
use crate::model::Digest;

/// When lines reach the disk itself. A killed process loses no written line in either case; this is about the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncPolicy {
    /// After at most this time, by [`DecisionLog::sync_in_background`]: a machine that loses power may lose so much.
    Every(Duration),
    /// Before anyone is answered: nothing is lost, and every answer waits for the disk. Lines that come together share one sync.
    EachAnswer,
}

/// How a log is kept.
#[derive(Clone, Copy, Debug)]
pub struct LogOptions {
    /// A file of at least so many bytes is renamed to `NAME.LASTNUMBER` and a new one is begun.
    pub rotate_at: u64,
    /// When lines reach the disk.
    pub sync: SyncPolicy,
}

impl Default for LogOptions {
    /// Files of 256 MiB, synced every second.
    fn default() -> Self {
        Self { rotate_at: 256 << 20, sync: SyncPolicy::Every(Duration::from_secs(1)) }
    }
}

/// A decision log that is open for writing. Share it by [`Arc`].
#[derive(Debug)]
pub struct DecisionLog {
    path: PathBuf,
    options: LogOptions,
    writer: Mutex<LogWriter>,
    /// The number of the last line that is known to be on the disk.
    synced: Mutex<u64>,
}

#[derive(Debug)]
struct LogWriter {
    file: Arc<File>,
    head: Arc<File>,
    /// The bytes of whole lines in the file.
    length: u64,
    end: LogEnd,
    /// Whether there may be bytes of an unfinished line behind them.
    is_torn: bool,
    /// Why nothing is written any more: after a failed sync nobody knows what is on the disk.
    failed: Option<String>,
}

impl DecisionLog {
    /// Opens a log, or begins one. What a killed gateway left half-written is closed with a note, and so is whatever is missing.
    ///
    /// # Errors
    /// The file, or its head, is not a plain file, is no chained log, is in use by another process, or cannot be written.
    pub fn open(path: impl Into<PathBuf>, options: LogOptions) -> Result<Self, FileProblem> {
        let path = path.into();
        let (head, written) = open_head(&path)?;
        let file = open_plain(&path, OpenOptions::new().read(true).append(true).create(true))?;
        let found = find(&path, &file, written)?;
        let wrong = |error: io::Error| FileProblem::io(&path, &error);
        sync_folder(folder_of(&path));
        let length = file.metadata().map_err(wrong)?.len();
        let mut writer =
            LogWriter { file: Arc::new(file), head: Arc::new(head), length, end: found.end, is_torn: false, failed: None };
        let notes = found.notes.into_iter().chain([LogNoteKind::Opened]).map(|note| body(&LogNote::new(now(), note)));
        let notes = notes.collect::<io::Result<Vec<_>>>().map_err(wrong)?;
        writer.append(if found.is_open { "\n" } else { "" }, &notes).map_err(wrong)?;
        let log = Self { path, options, writer: Mutex::new(writer), synced: Mutex::new(0) };
        log.sync().map_err(|error| FileProblem::io(&log.path, &error))?;
        Ok(log)
    }

    /// Adds lines in one piece. Only when this succeeded may the requests be answered.
    ///
    /// # Errors
    /// Nothing was added: the disk is full or failed, or a line has a place in a chain already. A later call may succeed.
    pub fn add(&self, lines: &[LogLine]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        if lines.iter().any(|line| line.number.is_some() || line.previous.is_some()) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the line has a place in a chain already"));
        }
        let bodies = lines.iter().map(body).collect::<io::Result<Vec<_>>>()?;
        let number = {
            let mut writer = self.lock();
            if writer.length >= self.options.rotate_at {
                // Where that fails, the file only grows.
                let _ = writer.rotate(&self.path);
            }
            writer.append("", &bodies)?;
            writer.end.number
        };
        if self.options.sync == SyncPolicy::EachAnswer { self.sync_through(number) } else { Ok(()) }
    }

    /// Makes everything that was added last. Where the file was moved away or removed, a new one is begun in its place.
    ///
    /// # Errors
    /// The disk failed, or another file lies in the log's place; from then on nothing is added until the log is opened again.
    pub fn sync(&self) -> io::Result<()> {
        let number = self.lock().end.number;
        self.sync_through(number)?;
        let mut writer = self.lock();
        let moved = writer.follow(&self.path);
        if let Err(error) = &moved {
            writer.failed = Some(error.to_string());
        }
        moved
    }

    /// Syncs now and then in a thread of its own, by [`SyncPolicy::Every`] or once a second, as long as the log is in use.
    pub fn sync_in_background(self: &Arc<Self>) {
        let pause = match self.options.sync {
            SyncPolicy::Every(pause) => pause,
            SyncPolicy::EachAnswer => Duration::from_secs(1),
        };
        let log = Arc::downgrade(self);
        thread::spawn(move || {
            loop {
                thread::sleep(pause);
                let Some(log) = log.upgrade() else { return };
                // A failure is kept and returned when the next line is added.
                let _ = log.sync();
            }
        });
    }

    /// The number and the digest of the last line: kept elsewhere, they show that nothing up to it was cut or edited since.
    #[must_use]
    pub fn head(&self) -> LogEnd {
        self.lock().end
    }

    /// Notes that the gateway ends in order, and syncs.
    ///
    /// # Errors
    /// The note cannot be written.
    pub fn close(&self) -> io::Result<()> {
        let note = body(&LogNote::new(now(), LogNoteKind::Closed))?;
        self.lock().append("", &[note])?;
        self.sync()
    }

    fn lock(&self) -> MutexGuard<'_, LogWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever comes first syncs for all that wait.
    fn sync_through(&self, number: u64) -> io::Result<()> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced >= number {
            return Ok(());
        }
        let (file, head, end) = {
            let writer = self.lock();
            writer.check()?;
            (Arc::clone(&writer.file), Arc::clone(&writer.head), writer.end.number)
        };
        match file.sync_data().and_then(|()| head.sync_data()) {
            Ok(()) => {
                *synced = end;
                Ok(())
            }
            Err(error) => {
                self.lock().failed = Some(error.to_string());
                Err(error)
            }
        }
    }
}

impl LogWriter {
    fn check(&self) -> io::Result<()> {
        match &self.failed {
            Some(why) => Err(io::Error::other(format!("the log failed before, restart the gateway: {why}"))),
            None => Ok(()),
        }
    }

    /// Adds lines, each linked to the one before; all of them or none.
    fn append(&mut self, before: &str, bodies: &[String]) -> io::Result<()> {
        self.check()?;
        if self.is_torn {
            self.file.set_len(self.length)?;
            self.is_torn = false;
        }
        let (mut text, mut end) = (before.to_owned(), self.end);
        for body in bodies {
            let from = text.len();
            let number = end.number + 1;
            // The body is an object with members: its opening brace comes first.
            let _ = write!(text, "{{\"number\":{number},\"previous\":\"{}\",", end.digest);
            text += body.get(1..).unwrap_or_default();
            end = LogEnd { number, digest: Digest::of(text.get(from..).unwrap_or_default().as_bytes()) };
            text.push('\n');
        }
        let written = (&*self.file).write_all(text.as_bytes()).and_then(|()| write_head(&self.head, end));
        if let Err(error) = written {
            // No part of these lines stays; where it cannot be cut off now, it is before the next line is written.
            self.is_torn = self.file.set_len(self.length).is_err();
            return Err(error);
        }
        self.length += text.len() as u64;
        self.end = end;
        Ok(())
    }

    /// Begins a new file where the old one lies no more, as when another program moved it away.
    fn follow(&mut self, path: &Path) -> io::Result<()> {
        let is_there = match fs::metadata(path) {
            Ok(about) => Stamp::of(&about).is_one_file(&Stamp::of(&self.file.metadata()?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if is_there {
            return Ok(());
        }
        let file = open_plain(path, OpenOptions::new().read(true).append(true).create(true)).map_err(io::Error::other)?;
        if file.metadata()?.len() > 0 {
            return Err(io::Error::other("another file lies in the log's place"));
        }
        (self.file, self.length, self.is_torn) = (Arc::new(file), 0, false);
        sync_folder(folder_of(path));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let note = body(&LogNote::new(now(), LogNoteKind::Continues { file: format!("{name}, which was moved away") }))?;
        self.append("", &[note])
    }

    /// Begins a new file; its first line names the old one.
    fn rotate(&mut self, path: &Path) -> io::Result<()> {
        self.check()?;
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let old = path.with_file_name(format!("{}.{:012}", name(path), self.end.number));
        let next = path.with_file_name(format!("{}.next", name(path)));
        let note = body(&LogNote::new(now(), LogNoteKind::Continues { file: name(&old) }))?;
        let file = open_plain(&next, OpenOptions::new().read(true).append(true).create(true)).map_err(io::Error::other)?;
        file.set_len(0)?;
        self.file.sync_data()?;
        fs::rename(path, &old)?;
        if let Err(error) = fs::rename(&next, path) {
            fs::rename(&old, path)?;
            return Err(error);
        }
        sync_folder(folder_of(path));
        (self.file, self.length) = (Arc::new(file), 0);
        self.append("", &[note])
    }
}

/// The object of a line that has no place yet.
fn body<T: Serialize>(line: &T) -> io::Result<String> {
    Ok(serde_json::to_string(line)?)
}

/// Opens and locks the head of a log, and reads what it says was written.
fn open_head(path: &Path) -> Result<(File, Option<LogEnd>), FileProblem> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".head");
    let path = path.with_file_name(name);
    let wrong = |error: io::Error| FileProblem::io(&path, &error);
    let mut file = open_plain(&path, OpenOptions::new().read(true).write(true).create(true).truncate(false))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(FileProblem::new(&path, "another process writes this log", "另一个进程正在写该日志"));
        }
        Err(TryLockError::Error(error)) => return Err(wrong(error)),
    }
    let mut text = String::new();
    Read::by_ref(&mut file).take(1 << 10).read_to_string(&mut text).map_err(wrong)?;
    if text.is_empty() {
        return Ok((file, None));
    }
    match LogEnd::parse(&text) {
        Some(end) => Ok((file, Some(end))),
        None => Err(FileProblem::new(
            &path,
            "it does not hold the number and the digest of a line: move it and the log away, and new ones are begun",
            "其中不是行号与摘要：请将其与日志一并移走，将新建日志",
        )),
    }
}

fn write_head(mut head: &File, end: LogEnd) -> io::Result<()> {
    head.seek(SeekFrom::Start(0))?;
    head.write_all(end.text().as_bytes())
}
