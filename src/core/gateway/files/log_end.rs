//! Where a decision log ends: the last chained line, and what was left behind it when a gateway was stopped while it wrote.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::plain::{FileProblem, open_plain};
use crate::gateway::{LogEnd, LogNoteKind};
use crate::model::Digest;

/// How much of the end of a log is read at a start, in bytes: far more than is written between two syncs.
const TAIL: u64 = 64 << 20;

/// What a log was found to end with.
pub(super) struct LogEnding {
    /// Where the next line goes on.
    pub end: LogEnd,
    /// What has to be noted about it.
    pub notes: Vec<LogNoteKind>,
    /// Whether the last line has no line end.
    pub is_open: bool,
}

/// The part of every chained line that is needed here.
#[derive(Deserialize)]
struct LineNumber {
    number: u64,
}

/// The chained lines at the end of a file, and the bytes behind the last of them.
struct LogTail {
    lines: Vec<LogEnd>,
    rest: Vec<u8>,
    is_whole: bool,
}

fn tail(path: &Path, mut file: &File) -> Result<LogTail, FileProblem> {
    let wrong = |error: io::Error| FileProblem::io(path, &error);
    let length = file.metadata().map_err(wrong)?.len();
    let from = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from)).map_err(wrong)?;
    let mut bytes = Vec::new();
    file.take(TAIL).read_to_end(&mut bytes).map_err(wrong)?;
    let (mut lines, mut rest) = (Vec::new(), Vec::new());
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let content = line.strip_suffix(b"\n");
        match content.and_then(|content| Some((content, serde_json::from_slice::<LineNumber>(content).ok()?))) {
            Some((content, link)) => {
                lines.push(LogEnd { number: link.number, digest: Digest::of(content) });
                rest.clear();
            }
            // The first line of the part that is read may be cut by where it begins.
            None if at == 0 && from > 0 => {}
            None => rest.extend_from_slice(line),
        }
    }
    Ok(LogTail { lines, rest, is_whole: from == 0 })
}

/// The files that the log was continued from, by the number of their last line.
pub(super) fn rotated(path: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in fs::read_dir(super::folder_of(path))? {
        let entry = entry?;
        let number = entry.file_name().to_str().and_then(|other| other.strip_prefix(name)?.strip_prefix('.')?.parse().ok());
        found.extend(number.map(|number: u64| (number, entry.path())));
    }
    found.sort();
    Ok(found)
}

/// Looks how the log in `file` ends; `head` is what was written last, by the head file.
pub(super) fn find(path: &Path, file: &File, head: Option<LogEnd>) -> Result<LogEnding, FileProblem> {
    let own = tail(path, file)?;
    if own.lines.is_empty() && (!own.is_whole || own.rest.contains(&b'\n')) {
        return Err(FileProblem::new(
            path,
            "it is no chained decision log: move it away, and a new one is begun",
            "不是带链接的决策日志：请移走该文件，将新建日志",
        ));
    }
    let mut lines = own.lines;
    // A file that was begun just now may not hold the line that the head names.
    if own.is_whole && head.is_none_or(|head| !lines.contains(&head)) {
        let older = rotated(path).map_err(|error| FileProblem::io(path, &error))?.pop();
        if let Some((_, older)) = older {
            let older = tail(&older, &open_plain(&older, OpenOptions::new().read(true))?)?.lines;
            lines.splice(..0, older);
        }
    }
    let mut found = LogEnding { end: lines.last().copied().unwrap_or_else(LogEnd::start), notes: Vec::new(), is_open: false };
    if !own.rest.is_empty() {
        found.is_open = own.rest.last() != Some(&b'\n');
        found.notes.push(LogNoteKind::Torn { bytes: own.rest.len() as u64, digest: Digest::of(&own.rest) });
    }
    // The head is written after the lines: it may be behind them, but the line it names must be there.
    if let Some(head) = head.filter(|head| head.number > 0 && !lines.contains(head)) {
        found.notes.push(LogNoteKind::Missing { found: found.end.number, written: head.number, digest: head.digest });
        // Numbers that were given are never given again.
        if head.number > found.end.number {
            found.end = head;
        }
    }
    Ok(found)
}
