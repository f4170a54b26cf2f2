//! Watches one file by its metadata: read only when it changed, and soon after it stopped changing.
//!
//! Polling one file works on every file system, shared ones included, and nothing else in the folder, such as a log, counts as a change.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::plain::{FileProblem, Stamp, look, read_stamped};
use crate::model::Digest;

/// How often the metadata is looked at while nothing changes.
const LOOK: Duration = Duration::from_millis(250);
/// How often while the file changes.
const LOOK_CLOSELY: Duration = Duration::from_millis(50);
/// How long a file must stay as it is before it is read.
const SETTLE: Duration = Duration::from_millis(100);
/// How long a file may go on changing before it is read all the same.
const LONGEST_SETTLE: Duration = Duration::from_millis(400);
/// How long until a file that could not be read is tried again.
const RETRY: Duration = Duration::from_secs(2);
/// A file that was touched without another content is read again after this many times the time its reading took: at most a twentieth of
/// a core goes into it.
const REST: u32 = 20;

/// A file that is watched. Call [`WatchedFile::poll`] again and again, each time after [`WatchedFile::pause`].
#[derive(Debug)]
pub struct WatchedFile {
    path: PathBuf,
    limit: u64,
    /// What the file was when it was read last, or why it could not be.
    seen: Option<Result<Stamp, FileProblem>>,
    /// The content that was given last.
    given: Option<Digest>,
    changing: Option<Changing>,
    /// What was tried last, and until when it is not tried again.
    resting: Option<(Stamp, Instant)>,
    problem: Option<FileProblem>,
}

#[derive(Debug)]
struct Changing {
    now: Result<Stamp, FileProblem>,
    began: Instant,
    /// Since when it is as it is now.
    since: Instant,
}

impl WatchedFile {
    /// Watches a file of at most `limit` bytes. What is there at first is a change too.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, limit: u64) -> Self {
        let path = path.into();
        Self { path, limit, seen: None, given: None, changing: None, resting: None, problem: None }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long to wait before the next look.
    #[must_use]
    pub fn pause(&self) -> Duration {
        if self.changing.is_some() { LOOK_CLOSELY } else { LOOK }
    }

    /// Reads the file at once, as at a start, without waiting for it to settle.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&mut self) -> Result<Vec<u8>, FileProblem> {
        let (bytes, stamp) = read_stamped(&self.path, self.limit)?;
        self.seen = Some(Ok(stamp));
        self.given = Some(Digest::of(&bytes));
        (self.changing, self.problem) = (None, None);
        Ok(bytes)
    }

    /// Tells the content again, as soon as it is looked at and settled.
    pub fn forget(&mut self) {
        (self.seen, self.given, self.resting) = (None, None, None);
    }

    /// Looks at the file: its content where that changed and settled, or why it cannot be read, each told once; otherwise nothing.
    pub fn poll(&mut self) -> Option<Result<Vec<u8>, FileProblem>> {
        let now = Instant::now();
        let looked = look(&self.path, self.limit);
        if self.seen.as_ref() == Some(&looked) {
            self.changing = None;
            return None;
        }
        if !self.has_settled(&looked, now) {
            return None;
        }
        let stamp = match &looked {
            Ok(stamp) => *stamp,
            Err(problem) => {
                let problem = problem.clone();
                self.seen = Some(looked);
                self.changing = None;
                return self.tell(problem);
            }
        };
        if self.resting.is_some_and(|(tried, until)| tried.is_same_file(&stamp) && now < until) {
            return None;
        }
        self.changing = None;
        self.take(stamp, now)
    }

    fn has_settled(&mut self, looked: &Result<Stamp, FileProblem>, now: Instant) -> bool {
        let changing = self.changing.get_or_insert_with(|| Changing { now: looked.clone(), began: now, since: now });
        if changing.now != *looked {
            changing.now.clone_from(looked);
            changing.since = now;
        }
        now - changing.since >= SETTLE || now - changing.began >= LONGEST_SETTLE
    }

    fn take(&mut self, looked: Stamp, now: Instant) -> Option<Result<Vec<u8>, FileProblem>> {
        match read_stamped(&self.path, self.limit) {
            Ok((bytes, stamp)) => {
                let digest = Digest::of(&bytes);
                let is_other = self.given != Some(digest);
                let was_unreadable = self.problem.take().is_some();
                self.seen = Some(Ok(stamp));
                self.given = Some(digest);
                self.resting = if is_other { None } else { Some((stamp, Instant::now() + now.elapsed() * REST)) };
                (is_other || was_unreadable).then_some(Ok(bytes))
            }
            Err(problem) => {
                self.seen = None;
                self.resting = Some((looked, now + RETRY));
                self.tell(problem)
            }
        }
    }

    fn tell(&mut self, problem: FileProblem) -> Option<Result<Vec<u8>, FileProblem>> {
        if self.problem.as_ref() == Some(&problem) {
            return None;
        }
        self.problem = Some(problem.clone());
        Some(Err(problem))
    }
}
