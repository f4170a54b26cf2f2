//! What must hold for as long as a gateway runs: no answered decision is missing from the log, whatever ends the process or fills the
//! disk; no client costs the others anything; no replacement fails a request.
//!
//! `COUNTERSIGN_KILLS=100` kills that often, `COUNTERSIGN_SECONDS=600` replaces the release every second for so long.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod client;
mod releases;

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use client::{Running, try_exchange};
use countersign_core::gateway::{Digest, LogEnd, LogLine, LogNote, LogNoteKind};
use releases::{Scratch, request, text, version};
use socket2::{Domain, Socket, Type};

fn of_environment(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().unwrap())
}

fn gateway(scratch: &Scratch, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway-consumer"));
    command.arg(scratch.path("live.ron")).args(["--unapproved", "--log", text(&scratch.path("d.jsonl"))]).args(more);
    command.stderr(Stdio::null());
    command
}

/// Clients that ask until they are told to end or the gateway breaks off; each answered key, and every other status.
fn load(running: &Running, round: &str, is_done: &AtomicBool) -> (BTreeSet<String>, BTreeSet<u16>) {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|client| {
                scope.spawn(move || {
                    let (mut answered, mut others, mut stream) = (BTreeSet::new(), BTreeSet::new(), running.connect());
                    for number in 0.. {
                        if is_done.load(Ordering::Relaxed) {
                            break;
                        }
                        let key = format!("{round}-{client}-{number}");
                        match try_exchange(&mut stream, "POST", "/decide", &request(&key)) {
                            Ok((200, ..)) => drop(answered.insert(key)),
                            Ok((status, ..)) => drop(others.insert(status)),
                            Err(_) => break,
                        }
                    }
                    (answered, others)
                })
            })
            .collect();
        let all = clients.into_iter().map(|client| client.join().unwrap());
        all.fold(Default::default(), |(mut answered, mut others): (BTreeSet<_>, BTreeSet<_>), (one, other)| {
            answered.extend(one);
            others.extend(other);
            (answered, others)
        })
    })
}

/// The keys of a log; that its chain has no break, and its cut lines are noted.
#[track_caller]
fn logged(path: &Path) -> BTreeSet<String> {
    let bytes = fs::read(path).unwrap();
    assert!(bytes.ends_with(b"\n"), "a line is not closed");
    let (mut keys, mut end, mut torn) = (BTreeSet::new(), LogEnd::start(), Vec::new());
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let place = match (serde_json::from_slice::<LogLine>(line), serde_json::from_slice::<LogNote>(line)) {
            (Ok(line), _) => {
                keys.insert(line.key);
                line.number.zip(line.previous)
            }
            (_, Ok(note)) => {
                if let LogNoteKind::Torn { digest, .. } = note.note {
                    assert_eq!(digest, Digest::of(&torn), "{}", String::from_utf8_lossy(&torn));
                    torn.clear();
                }
                assert!(!matches!(note.note, LogNoteKind::Missing { .. }), "{note:?}");
                note.number.zip(note.previous)
            }
            _ => {
                torn = line.to_vec();
                continue;
            }
        };
        assert!(torn.is_empty(), "glued or unexplained: {}", String::from_utf8_lossy(&torn));
        assert_eq!(place, Some((end.number + 1, end.digest)));
        end = LogEnd { number: end.number + 1, digest: Digest::of(line) };
    }
    keys
}

#[test]
fn every_answered_decision_is_in_the_log_however_often_the_process_is_killed() {
    let scratch = Scratch::new("killed");
    scratch.put("live.ron", version(1));
    let mut answered = BTreeSet::new();
    for round in 0..of_environment("COUNTERSIGN_KILLS", 10) {
        let running = Running::start(&mut gateway(&scratch, &[]));
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            let load = scope.spawn(|| load(&running, &round.to_string(), &is_done));
            thread::sleep(Duration::from_millis(150 + round * 37 % 200));
            running.signal("KILL");
            let (keys, others) = load.join().unwrap();
            assert!(!keys.is_empty() && others.is_empty(), "{} {others:?}", keys.len());
            answered.extend(keys);
        });
    }
    // One that is asked to end answers what it has, and closes the log.
    let mut running = Running::start(&mut gateway(&scratch, &[]));
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let load = scope.spawn(|| load(&running, "last", &is_done));
        thread::sleep(Duration::from_millis(300));
        running.signal("TERM");
        let (keys, others) = load.join().unwrap();
        assert!(others.is_empty(), "{others:?}");
        answered.extend(keys);
    });
    assert_eq!(running.wait().code(), Some(0));
    let path = scratch.path("d.jsonl");
    let logged = logged(&path);
    let missing: Vec<_> = answered.difference(&logged).collect();
    assert!(missing.is_empty(), "{} of {} answered decisions are not in the log: {missing:?}", missing.len(), answered.len());
    assert!(fs::read_to_string(&path).unwrap().trim_end().ends_with(r#""note":"closed"}"#));
}

#[test]
fn a_full_disk_refuses_requests_loses_no_answered_one_and_glues_no_lines() {
    let scratch = Scratch::new("full");
    scratch.put("live.ron", version(1));
    let inner = gateway(&scratch, &[]);
    // The limit of a file stands for a full disk: writing ends in the middle of a line.
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -S -f 100; exec \"$@\"", "sh"]).arg(inner.get_program()).args(inner.get_args());
    let mut running = Running::start(command.stderr(Stdio::null()));
    let mut stream = running.connect();
    let (mut answered, mut refused) = (BTreeSet::new(), 0);
    let ask = |stream: &mut _, key: String, answered: &mut BTreeSet<String>| {
        let (status, head, body) = try_exchange(stream, "POST", "/decide", &request(&key)).unwrap();
        match status {
            200 => drop(answered.insert(key)),
            _ => assert!(
                status == 503 && head.contains("retry-after") && body.contains("cannot be logged"),
                "{status} {head} {body}"
            ),
        }
        status
    };
    for number in 0..300 {
        refused += u64::from(ask(&mut stream, format!("before-{number}"), &mut answered) == 503);
    }
    assert!(refused > 50 && answered.len() > 10, "{refused} refused, {} answered", answered.len());
    assert!(logged(&scratch.path("d.jsonl")).is_superset(&answered));
    let (_, metrics) = text_of(&running, "/metrics");
    assert!(metrics.contains(&format!("countersign_undecided_total{{cause=\"log\"}} {refused}\n")), "{metrics}");
    // There is space again: the gateway goes on by itself.
    let limit = ["--fsize=unlimited", "--pid", &running.process().to_string()];
    assert!(Command::new("prlimit").args(limit).status().unwrap().success());
    for number in 0..20 {
        assert_eq!(ask(&mut stream, format!("after-{number}"), &mut answered), 200);
    }
    drop(stream);
    running.signal("INT");
    assert_eq!(running.wait().code(), Some(0));
    assert!(logged(&scratch.path("d.jsonl")).is_superset(&answered));
}

fn text_of(running: &Running, path: &str) -> (u16, String) {
    let (status, _, body) = try_exchange(&mut running.connect(), "GET", path, "").unwrap();
    (status, body)
}

#[test]
fn a_replacement_every_second_fails_no_request() {
    let scratch = Scratch::new("replaced");
    scratch.put("live.ron", version(0));
    let state = scratch.path("state");
    let running = Running::start(&mut gateway(&scratch, &["--state", text(&state)]));
    let (is_done, rounds) = (AtomicBool::new(false), of_environment("COUNTERSIGN_SECONDS", 4));
    let (answered, others) = thread::scope(|scope| {
        let load = scope.spawn(|| load(&running, "r", &is_done));
        for number in 1..=rounds {
            let (release, began) = (version(i64::try_from(number).unwrap()), Instant::now());
            scratch.put("live.ron", release);
            thread::sleep(Duration::from_secs(1).saturating_sub(began.elapsed()));
        }
        thread::sleep(Duration::from_secs(1));
        is_done.store(true, Ordering::Relaxed);
        load.join().unwrap()
    });
    assert!(others.is_empty() && !answered.is_empty(), "{others:?}");
    let (_, release) = running.ask("GET", "/release", "");
    assert_eq!(release["version"], rounds.to_string(), "{release}");
    assert!(logged(&scratch.path("d.jsonl")).is_superset(&answered));
}

/// A connection from another address of loopback.
fn connect_from(address: [u8; 4], to: SocketAddr) -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((address, 0)).into()).unwrap();
    socket.connect(&to.into()).unwrap();
    socket
}

#[test]
fn slow_and_idle_clients_cost_the_others_nothing() {
    let scratch = Scratch::new("slow");
    scratch.put("live.ron", version(1));
    let running = Running::start(&mut gateway(&scratch, &["--connections", "120", "--per-client", "40"]));
    let sent = AtomicU64::new(0);
    // Two addresses take all they can get: idle, a slow head, a slow body.
    let starts: [&[u8]; 3] =
        [b"", b"POST /decide HTTP/1.1\r\nho", b"POST /decide HTTP/1.1\r\nhost: g\r\ncontent-length: 10\r\n\r\n{"];
    let slow: Vec<Socket> = (0..200)
        .map(|number| {
            let socket = connect_from([127, 0, 0, if number % 2 == 0 { 2 } else { 3 }], running.address());
            // Those over the limit are closed already.
            sent.fetch_add(u64::from(socket.send(starts[number % 3]).is_ok()), Ordering::Relaxed);
            socket
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    let (_, metrics) = text_of(&running, "/metrics");
    let value = |name: &str| {
        let line = metrics.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{metrics}"));
        line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(value("countersign_connections "), 81, "two shares and this one");
    assert_eq!(value("countersign_undecided_total{cause=\"client_connections\"}"), 120);
    let began = Instant::now();
    let mut streams: Vec<_> = (0..30).map(|_| running.connect()).collect();
    for (number, stream) in streams.iter_mut().enumerate() {
        assert_eq!(try_exchange(stream, "POST", "/decide", &request(&number.to_string())).unwrap().0, 200);
    }
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    drop(streams);
    // After the time for a head and a body nothing of them is left.
    thread::sleep(Duration::from_secs(6));
    let (_, metrics) = text_of(&running, "/metrics");
    assert!(metrics.contains("\ncountersign_connections 1\n"), "{metrics}");
    drop(slow);
}

#[test]
fn too_many_requests_are_told_to_come_back() {
    let scratch = Scratch::new("busy");
    scratch.put("live.ron", version(1));
    let running = Running::start(&mut gateway(&scratch, &["--queue", "1", "--deadline", "20"]));
    let is_done = AtomicBool::new(false);
    let (answered, others) = thread::scope(|scope| {
        let loads: Vec<_> = (0..6)
            .map(|number| {
                let (running, is_done) = (&running, &is_done);
                scope.spawn(move || load(running, &number.to_string(), is_done))
            })
            .collect();
        thread::sleep(Duration::from_millis(700));
        is_done.store(true, Ordering::Relaxed);
        loads.into_iter().map(|load| load.join().unwrap()).fold((BTreeSet::new(), BTreeSet::new()), |mut all, one| {
            all.0.extend(one.0);
            all.1.extend(one.1);
            all
        })
    });
    assert!(!answered.is_empty());
    assert_eq!(others.into_iter().collect::<Vec<_>>(), [503]);
    assert!(logged(&scratch.path("d.jsonl")).is_superset(&answered));
}
