//! Files as an attacker, a crash or a full disk leave them: each is read whole, or refused without waiting, and no line of the log is lost.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;
use crate::gateway::{Digest, Gateway, LogEnd, LogLine, LogNote, LogNoteKind, Requirements, Scalar};
use crate::release::{self, fixture};

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("countersign-files-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[cfg(unix)]
#[test]
fn only_plain_files_are_read_and_nothing_is_waited_for() {
    let folder = Folder::new("plain");
    let at = |name: &str| folder.path(name);
    fs::write(at("plain"), "12345678").unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::create_dir(at("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    for (link, target) in
        [("link", at("plain")), ("endless", "/dev/zero".into()), ("to_fifo", at("fifo")), ("dangling", at("none"))]
    {
        std::os::unix::fs::symlink(target, at(link)).unwrap();
    }
    let cases = [
        ("plain", 8, "12345678"),
        ("plain", 7, "more than 7 bytes"),
        ("empty", 0, ""),
        ("link", 8, "12345678"),
        ("folder", 8, "not a plain file"),
        ("fifo", 8, "not a plain file"),
        ("to_fifo", 8, "not a plain file"),
        ("socket", 8, "not a plain file"),
        ("endless", 8, "not a plain file"),
        ("dangling", 8, "No such file"),
        ("none", 8, "No such file"),
    ];
    let began = Instant::now();
    for (name, limit, expected) in cases {
        let said = match read_plain(&at(name), limit) {
            Ok(bytes) => String::from_utf8(bytes).unwrap(),
            Err(problem) => problem.to_string(),
        };
        assert!(said.contains(expected), "{name} {limit}: {said}");
        let mut watched = WatchedFile::new(at(name), limit);
        let told = poll_for(&mut watched, Duration::from_millis(300));
        assert_eq!(told.len(), 1, "{name}: each state is told once: {told:?}");
        assert!(told[0].contains(expected), "{name}: {told:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

/// What a watcher tells during a time.
fn poll_for(watched: &mut WatchedFile, time: Duration) -> Vec<String> {
    let until = Instant::now() + time;
    let mut told = Vec::new();
    while Instant::now() < until {
        told.extend(watched.poll().map(|told| match told {
            Ok(bytes) => String::from_utf8(bytes).unwrap(),
            Err(problem) => problem.to_string(),
        }));
        std::thread::sleep(watched.pause().min(Duration::from_millis(20)));
    }
    told
}

#[test]
fn a_watcher_tells_each_content_once_and_soon_however_often_the_file_is_touched() {
    let folder = Folder::new("watch");
    let path = folder.path("live.ron");
    fs::write(&path, "one").unwrap();
    let mut watched = WatchedFile::new(&path, 100);
    assert_eq!(watched.read().unwrap(), b"one");
    let quiet = Duration::from_millis(250);
    assert!(poll_for(&mut watched, quiet).is_empty());
    fs::write(&path, "one").unwrap();
    assert!(poll_for(&mut watched, quiet).is_empty(), "the same content is no news");
    fs::write(&path, "two").unwrap();
    assert_eq!(poll_for(&mut watched, quiet), ["two"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(poll_for(&mut watched, quiet).len(), 1);
    fs::write(&path, "two").unwrap();
    assert_eq!(poll_for(&mut watched, quiet), ["two"], "what was away is told again");
    // Another file, put in place by a rename with the old one's time.
    fs::write(folder.path("next"), "six").unwrap();
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    File::open(folder.path("next")).unwrap().set_modified(time).unwrap();
    fs::rename(folder.path("next"), &path).unwrap();
    assert_eq!(poll_for(&mut watched, quiet), ["six"]);
    // A file that is written to without an end is read all the same.
    let began = Instant::now();
    let (mut count, mut told) = (0, None);
    while told.is_none() {
        count += 1;
        fs::write(&path, format!("seven {count}")).unwrap();
        std::thread::sleep(Duration::from_millis(10));
        told = watched.poll();
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

/// A line of a decision, with that key.
fn line(key: u64) -> LogLine {
    static GATEWAY: std::sync::OnceLock<Gateway> = std::sync::OnceLock::new();
    let gateway = GATEWAY.get_or_init(|| {
        let definition = fixture::definition();
        let release = release::create(&definition, &fixture::evidence(&definition), &fixture::provenance()).unwrap();
        Gateway::load("r.ron", release::write(&release).as_bytes(), Requirements::nothing()).unwrap()
    });
    let serving = gateway.last();
    let mut request = serving.request();
    let text = |text: &str| Scalar::from(text);
    for (name, value) in [
        ("request.id", text(&key.to_string())),
        ("request.operation", text("SIGN")),
        ("request.received_at", text("2014-04-01T00:00:00")),
        ("request.interface", text("branch_1")),
        ("customer.age", 16.into()),
        ("customer.id_hash", text("x")),
        ("customer.score", 0.9.into()),
        ("customer.verified", true.into()),
    ] {
        request.set(name, value);
    }
    let request = request.finish().unwrap();
    serving.log_line(&request, serving.answer(&serving.decide(&request)), now())
}

fn open(folder: &Folder) -> DecisionLog {
    DecisionLog::open(folder.path("d.jsonl"), LogOptions::default()).unwrap_or_else(|problem| panic!("{problem}"))
}

/// The lines of a log as a reader sees them, each held to follow the one before: `key`, `opened`, `torn`, …
fn lines(text: &str, mut end: LogEnd) -> (Vec<String>, LogEnd) {
    let mut seen = Vec::new();
    for text in text.lines() {
        let (place, name) = if let Ok(line) = serde_json::from_str::<LogLine>(text) {
            (line.number.zip(line.previous), line.key)
        } else if let Ok(note) = serde_json::from_str::<LogNote>(text) {
            let name = match &note.note {
                LogNoteKind::Opened => "opened".to_owned(),
                LogNoteKind::Closed => "closed".to_owned(),
                LogNoteKind::Continues { file } => file.clone(),
                LogNoteKind::Torn { bytes, .. } => format!("torn {bytes}"),
                LogNoteKind::Missing { found, written, .. } => format!("missing {found} {written}"),
            };
            (note.number.zip(note.previous), name)
        } else {
            seen.push(format!("? {}", text.len()));
            continue;
        };
        let (number, previous) = place.unwrap();
        if !name.starts_with("missing") {
            assert_eq!((number, previous), (end.number + 1, end.digest), "{text}");
        }
        end = LogEnd { number, digest: Digest::of(text.as_bytes()) };
        seen.push(name);
    }
    (seen, end)
}

fn read(folder: &Folder) -> Vec<String> {
    lines(&fs::read_to_string(folder.path("d.jsonl")).unwrap(), LogEnd::start()).0
}

#[test]
fn a_log_goes_on_where_it_ended_and_notes_what_happened_to_it() {
    let folder = Folder::new("log");
    let path = folder.path("d.jsonl");
    let log = open(&folder);
    log.add(&[line(1), line(2)]).unwrap();
    let told = DecisionLog::open(&path, LogOptions::default()).unwrap_err().to_string();
    assert!(told.contains("another process writes this log"), "{told}");
    log.close().unwrap();
    drop(log);
    assert_eq!(read(&folder), ["opened", "1", "2", "closed"]);
    // Killed in the middle of a line, and once more while that was noted.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole[..], b"{\"number\":5,\"prev"].concat()).unwrap();
    let log = open(&folder);
    log.add(&[line(3)]).unwrap();
    drop(log);
    assert_eq!(read(&folder), ["opened", "1", "2", "closed", "? 17", "torn 17", "opened", "3"]);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, [&whole[..], b"{\"num\n{\"number"].concat()).unwrap();
    drop(open(&folder));
    assert_eq!(read(&folder)[8..], ["? 5", "? 8", "torn 14", "opened"]);
    // Cut at its end, and then away: numbers go on where they were.
    let head = LogEnd::parse(&fs::read_to_string(folder.path("d.jsonl.head")).unwrap()).unwrap();
    assert_eq!(head.number, 9);
    fs::write(&path, &whole).unwrap();
    let log = open(&folder);
    assert_eq!(log.head().number, 11);
    drop(log);
    assert_eq!(read(&folder)[8..], ["missing 7 9", "opened"]);
    fs::remove_file(&path).unwrap();
    drop(open(&folder));
    assert_eq!(read(&folder), ["missing 0 11", "opened"]);
    // Moved away while it is written: a new file goes on; another file in its place is not written to.
    let log = open(&folder);
    fs::rename(&path, folder.path("moved")).unwrap();
    log.sync().unwrap();
    log.add(&[line(4)]).unwrap();
    let (moved, end) = lines(&fs::read_to_string(folder.path("moved")).unwrap(), LogEnd { number: 11, digest: head.digest });
    assert_eq!(moved.last().unwrap(), "opened");
    let (seen, _) = lines(&fs::read_to_string(&path).unwrap(), end);
    assert_eq!(seen, ["d.jsonl, which was moved away", "4"]);
    fs::remove_file(&path).unwrap();
    fs::write(&path, "another").unwrap();
    assert!(log.sync().is_err() && log.add(&[line(5)]).is_err());
    drop(log);
    // What is no log is not written to.
    fs::write(&path, "a,b\n1,2\n").unwrap();
    let told = DecisionLog::open(&path, LogOptions::default()).unwrap_err().to_string();
    assert!(told.contains("no chained decision log"), "{told}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a,b\n1,2\n");
}

#[test]
fn a_log_is_rotated_without_a_break_of_its_chain() {
    let folder = Folder::new("rotated");
    let options = LogOptions { rotate_at: 5_000, sync: SyncPolicy::EachAnswer };
    let log = Arc::new(DecisionLog::open(folder.path("d.jsonl"), options).unwrap());
    std::thread::scope(|scope| {
        for part in 0..4 {
            let log = &log;
            scope.spawn(move || (0..10).for_each(|at| log.add(&[line(part * 10 + at)]).unwrap()));
        }
    });
    drop(log);
    // Killed just after a file was begun, before the head knew.
    let mut parts: Vec<PathBuf> = log_end::rotated(&folder.path("d.jsonl")).unwrap().into_iter().map(|(_, path)| path).collect();
    assert!(parts.len() > 3, "{parts:?}");
    drop(DecisionLog::open(folder.path("d.jsonl"), options).unwrap());
    parts.push(folder.path("d.jsonl"));
    let (mut end, mut keys) = (LogEnd::start(), Vec::new());
    for (at, part) in parts.iter().enumerate() {
        let (seen, next) = lines(&fs::read_to_string(part).unwrap(), end);
        if at > 0 {
            assert!(parts[at - 1].ends_with(&seen[0]), "{seen:?}");
        }
        keys.extend(seen.iter().filter_map(|name| name.parse::<u64>().ok()));
        end = next;
    }
    keys.sort_unstable();
    assert_eq!(keys, (0..40).collect::<Vec<_>>());
    assert_eq!(fs::read_to_string(folder.path("d.jsonl.head")).unwrap(), end.text());
}
