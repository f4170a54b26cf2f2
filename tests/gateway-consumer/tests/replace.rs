//! A new release is put in the file's place while the gateway runs: an approved one takes over at once, anything else is told and the old
//! one goes on; a restart remembers what was taken.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod client;
mod releases;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use client::Running;
use releases::{Scratch, text, version};
use serde_json::Value;

fn start(scratch: &Scratch, more: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway-consumer"));
    let log = scratch.path("decisions.jsonl");
    command.arg(scratch.path("live.ron")).args(["--unapproved", "--log", text(&log)]).args(more);
    Running::start(command.stderr(Stdio::null()))
}

/// Asks until the release is as wanted; gives how long that took.
#[track_caller]
fn wait(running: &Running, wanted: impl Fn(&Value) -> bool) -> (Value, Duration) {
    let began = Instant::now();
    loop {
        let (_, release) = running.ask("GET", "/release", "");
        if wanted(&release) {
            return (release, began.elapsed());
        }
        assert!(began.elapsed() < Duration::from_secs(20), "still {release}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn why(release: &Value) -> &str {
    release["not_taken"]["release"]["why"]["en"].as_str().unwrap_or_default()
}

#[test]
fn what_is_no_newer_release_is_told_and_costs_nothing_while_the_old_one_goes_on() {
    let scratch = Scratch::new("hostile");
    let (live, second) = (scratch.path("live.ron"), version(2));
    scratch.put("live.ron", &second);
    let running = start(&scratch, &[]);
    let (first, _) = wait(&running, |_| true);
    assert_eq!((first["version"].as_str(), first.get("not_taken")), (Some("2"), None));
    let remove = || drop(fs::remove_file(&live).or_else(|_| fs::remove_dir(&live)));
    let fifo = || assert!(Command::new("mkfifo").arg(&live).status().unwrap().success());
    let cases: [(&str, &dyn Fn(), &str); 8] = [
        ("edited", &|| scratch.put("live.ron", second.replacen("value: 70", "value: 71", 1)), "(release-digest)"),
        ("cut", &|| fs::write(&live, &second[..second.len() / 2]).unwrap(), "(release-truncated)"),
        ("older", &|| scratch.put("live.ron", version(1)), "(release-older)"),
        ("gone", &|| {}, "No such file"),
        ("folder", &|| fs::create_dir(&live).unwrap(), "not a plain file"),
        ("fifo", &fifo, "not a plain file"),
        ("endless", &|| symlink("/dev/zero", &live).unwrap(), "not a plain file"),
        ("large", &|| fs::File::create(&live).unwrap().set_len((1 << 30) + 1).unwrap(), "more than 1073741824 bytes"),
    ];
    for (name, put, expected) in cases {
        if !matches!(name, "edited" | "cut" | "older") {
            remove();
        }
        put();
        let (told, _) = wait(&running, |release| why(release).contains(expected));
        assert_eq!(told["digest"], first["digest"], "{name}");
        assert_eq!(running.ask("GET", "/health", "").0, 200, "{name}");
    }
    assert!(resident(&running) < 100 << 20, "{} bytes of memory", resident(&running));
    // The one that runs is put back, and is not judged again.
    remove();
    scratch.put("live.ron", &second);
    wait(&running, |release| release.get("not_taken").is_none());
    remove();
    symlink(scratch.path("third.ron"), &live).unwrap();
    scratch.put("third.ron", version(3));
    wait(&running, |release| release["version"] == "3");
}

#[test]
fn a_large_file_that_is_touched_again_and_again_is_seldom_read() {
    let scratch = Scratch::new("touched");
    scratch.put("live.ron", version(1));
    let running = start(&scratch, &[]);
    scratch.put("live.ron", format!("{}{}", version(2), " ".repeat(50 << 20)));
    let is_refused = |release: &Value| why(release).contains("(release-altered)");
    wait(&running, is_refused);
    let before = processor(&running);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(3) {
        fs::File::open(scratch.path("live.ron")).unwrap().set_modified(std::time::SystemTime::now()).unwrap();
        std::thread::sleep(Duration::from_millis(15));
    }
    let used = processor(&running).saturating_sub(before);
    // One or two readings of a debug build; half a core would be 1.5 s.
    assert!(used < Duration::from_millis(900), "{used:?} of processor time");
    let took = take_over(&running, &scratch, 3);
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[test]
fn a_release_takes_over_within_a_second_under_load_with_the_log_in_its_folder() {
    let scratch = Scratch::new("over");
    scratch.put("live.ron", version(1));
    let running = start(&scratch, &[]);
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let best = std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            let mut stream = running.connect();
            while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                assert_eq!(client::exchange(&mut stream, "POST", "/decide", &releases::request("1")).0, 200);
            }
        });
        // The machine may be busy with other tests: one of them shows what the gateway takes.
        let best = (2..6).map(|number| take_over(&running, &scratch, number)).min().unwrap();
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        load.join().unwrap();
        best
    });
    assert!(best < Duration::from_secs(1), "{best:?}");
}

fn take_over(running: &Running, scratch: &Scratch, number: i64) -> Duration {
    let release = version(number);
    scratch.put("live.ron", release);
    let wanted = number.to_string();
    wait(running, |release| release["version"] == wanted.as_str()).1
}

#[test]
fn a_restart_goes_on_with_what_was_taken_last() {
    let scratch = Scratch::new("restart");
    let state = scratch.path("state");
    let with_state = ["--state", text(&state)];
    scratch.put("live.ron", version(1));
    let running = start(&scratch, &with_state);
    take_over(&running, &scratch, 2);
    running.signal("KILL");
    drop(running);
    // The file there now was never taken.
    for (bytes, expected) in [
        (version(1), "(release-older)"),
        (version(3).replacen("value: 70", "value: 71", 1), "(release-digest)"),
        (String::new(), "(release-"),
    ] {
        scratch.put("live.ron", bytes);
        let running = start(&scratch, &with_state);
        let (told, _) = wait(&running, |_| true);
        assert_eq!(told["version"], "2");
        assert!(why(&told).contains(expected), "{expected}: {told}");
    }
    fs::remove_file(scratch.path("live.ron")).unwrap();
    let running = start(&scratch, &with_state);
    assert!(why(&wait(&running, |release| release["version"] == "2").0).contains("No such file"));
    let mut second = Command::new(env!("CARGO_BIN_EXE_gateway-consumer"));
    let told = second.arg(scratch.path("live.ron")).args(["--unapproved"]).args(with_state).output().unwrap();
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.status.code() == Some(2) && said.contains("another gateway uses this folder"), "{said}");
    take_over(&running, &scratch, 3);
    drop(running);
    // A state that was edited is refused, and so is one whose copy is gone.
    let file = state.join("state.ron");
    let kept = fs::read_to_string(&file).unwrap();
    fs::write(&file, kept.replacen("sequence: ", "sequence: 1", 1)).unwrap();
    let mut edited = Command::new(env!("CARGO_BIN_EXE_gateway-consumer"));
    let told = edited.arg(scratch.path("live.ron")).args(["--unapproved"]).args(with_state).output().unwrap();
    assert_eq!(told.status.code(), Some(1), "{}", String::from_utf8_lossy(&told.stderr));
}

/// Processor time that the gateway took so far.
fn processor(running: &Running) -> Duration {
    let text = fs::read_to_string(format!("/proc/{}/stat", running.process())).unwrap();
    let fields: Vec<&str> = text.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Memory that the gateway holds, in bytes.
fn resident(running: &Running) -> u64 {
    let text = fs::read_to_string(format!("/proc/{}/statm", running.process())).unwrap();
    text.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}
