//! Starts the gateway on a free port of loopback, with a release, and asks it as its clients would.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod client;
mod releases;

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use client::{Running, exchange, receive, try_exchange};
use countersign_core::gateway::{Gateway, Requirements, Scalar};
use serde_json::{Map, Value, json};

/// The release that holds one of everything: the library's own tests pin it to the byte.
const RELEASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/release-1.ron");

fn running() -> Running {
    Running::start(gateway(&[RELEASE]).arg("--unapproved"))
}

fn gateway(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway-consumer"));
    command.args(arguments);
    command
}

/// Requests over every value that a rule of the release looks at.
fn requests() -> Vec<Vec<(&'static str, Scalar)>> {
    let mut requests = Vec::new();
    for operation in ["SIGN", "PAY"] {
        for interface in ["zhejiang", "branch_1"] {
            for time in ["2014-03-23T23:59:59.999999", "2014-03-24T00:00:00", "2015-01-01 00:00:00", "2014-03-23T16:00:00Z"] {
                for (identity, age, score) in [("x", Some(30), 0.1), ("黑", None, 0.85), ("y", Some(16), 0.850_000_000_000_000_1)]
                {
                    requests.push(vec![
                        ("request.id", format!("{}", requests.len()).into()),
                        ("request.operation", operation.into()),
                        ("request.received_at", time.into()),
                        ("request.interface", interface.into()),
                        ("customer.age", age.map_or(Scalar::Missing(()), Scalar::from)),
                        ("customer.id_hash", identity.into()),
                        ("customer.score", score.into()),
                        ("customer.verified", true.into()),
                        ("money.amount", "5000.00".into()),
                    ]);
                }
            }
        }
    }
    requests
}

fn as_json(value: &Scalar) -> Value {
    match value {
        Scalar::Bool(value) => json!(value),
        Scalar::Int(value) => json!(value),
        Scalar::Float(value) => json!(value),
        Scalar::Text(text) => json!(text),
        Scalar::Missing(()) => Value::Null,
    }
}

fn flat(request: &[(&str, Scalar)]) -> Value {
    request.iter().map(|(name, value)| ((*name).to_owned(), as_json(value))).collect()
}

fn nested(request: &[(&str, Scalar)]) -> Value {
    let mut groups = Map::new();
    for (name, value) in request {
        let (group, field) = name.split_once('.').unwrap();
        groups.entry(group).or_insert_with(|| json!({}))[field] = as_json(value);
    }
    Value::Object(groups)
}

#[test]
fn every_decision_is_the_library_s_own() {
    let running = running();
    let library = Gateway::load("release-1.ron", &std::fs::read(RELEASE).unwrap(), Requirements::nothing()).unwrap();
    let requests = requests();
    let mut verdicts = std::collections::BTreeSet::new();
    // Many clients at once, each with one connection for all it asks.
    std::thread::scope(|scope| {
        let (running, library) = (&running, &library);
        for part in requests.chunks(12) {
            scope.spawn(move || {
                let mut stream = running.connect();
                for request in part {
                    let wanted = json!(library.decide(request.clone()).unwrap());
                    for body in [flat(request), nested(request)] {
                        let got = exchange(&mut stream, "POST", "/decide", &body.to_string());
                        assert_eq!(got, (200, wanted.clone()), "{body}");
                    }
                }
            });
        }
    });
    for request in &requests {
        verdicts.insert(library.decide(request.clone()).unwrap().verdict);
    }
    assert_eq!(verdicts.into_iter().collect::<Vec<_>>(), ["accept", "decline", "refer"]);
}

#[test]
fn the_release_says_what_it_is() {
    let running = running();
    let digest = include_str!("../../golden/release-1.digest").trim_end();
    let wanted = json!({
        "digest": digest, "name": "quick-payment", "version": "2014.03.24", "maker": "li.na@bank.example",
        "created_at": "2014-03-20T09:30:00+08:00", "approvals": 1,
    });
    let (status, mut told) = running.ask("GET", "/release", "");
    let members = told.as_object_mut().unwrap();
    assert!(members.remove("taken_at").unwrap().as_str().unwrap().starts_with("20"));
    assert_eq!((members.remove("sequence"), status), (Some(json!(0)), 200));
    assert_eq!(told, wanted);
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let running = running();
    let mut request = flat(&requests()[0]);
    request["customer.agee"] = json!(30);
    request["customer.score"] = json!("high");
    let (status, answer) = running.ask("POST", "/decide", &request.to_string());
    assert_eq!(status, 422);
    assert_eq!(answer["fields"][0]["field"], "customer.agee");
    assert_eq!(answer["fields"][0]["message"]["en"], "the schema has no such field, did you mean `customer.age`?");
    assert_eq!(answer["fields"][1]["field"], "customer.score");
    let twice = flat(&requests()[0]).to_string().replacen('{', "{\"customer\":{\"age\":31},", 1);
    let (status, answer) = running.ask("POST", "/decide", &twice);
    assert_eq!((status, &answer["fields"][0]["field"]), (422, &json!("customer.age")));
    let (status, answer) = running.ask("POST", "/decide", "{}");
    assert_eq!((status, &answer["fields"][0]["message"]["zh"]), (422, &json!("缺少值")));
    for (body, message) in [
        ("", "EOF"),
        ("[]", "an object of fields"),
        ("{\"customer\": [1]}", "the field `customer` cannot be a list"),
        ("{\"a\": 1} x", "trailing"),
        (&"{\"a\":".repeat(10_000), "recursion limit"),
    ] {
        let (status, answer) = running.ask("POST", "/decide", body);
        assert!(status == 400 && answer["error"].as_str().unwrap().contains(message), "{status} {answer}");
    }
}

#[test]
fn other_paths_and_methods_are_refused() {
    let running = running();
    assert_eq!(running.ask("GET", "/", "").0, 404);
    assert_eq!(running.ask("GET", "/decide", "").0, 405);
    for path in ["/release", "/health", "/metrics"] {
        assert_eq!(running.ask("POST", path, "{}").0, 405);
    }
}

#[test]
fn health_and_metrics_tell_what_was_decided() {
    let running = running();
    assert_eq!(running.ask("GET", "/health", ""), (200, json!({ "status": "ok" })));
    let mut verdicts = std::collections::BTreeMap::<String, u64>::new();
    for request in requests() {
        let (_, answer) = running.ask("POST", "/decide", &flat(&request).to_string());
        *verdicts.entry(answer["verdict"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(running.ask("POST", "/decide", "{}").0, 422);
    let (status, head, metrics) = try_exchange(&mut running.connect(), "GET", "/metrics", "").unwrap();
    assert!(status == 200 && head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    let all: u64 = verdicts.values().sum();
    let mut wanted: Vec<String> =
        verdicts.iter().map(|(verdict, count)| format!("countersign_decisions_total{{verdict=\"{verdict}\"}} {count}")).collect();
    wanted.extend([
        "countersign_undecided_total{cause=\"fields\"} 1".to_owned(),
        format!("countersign_decision_seconds_bucket{{le=\"+Inf\"}} {all}"),
        format!("countersign_decision_seconds_count {all}"),
        "countersign_release_sequence 0".to_owned(),
        "countersign_release_created_seconds 1395279000".to_owned(),
        "countersign_files_not_taken 0".to_owned(),
    ]);
    for line in wanted {
        assert!(metrics.lines().any(|other| other == line), "no `{line}` in {metrics}");
    }
}

#[test]
fn a_hostile_body_is_answered_in_the_time_of_its_length() {
    let running = running();
    let members = |count: usize| vec![r#""b":1"#; count].join(",");
    for body in [
        format!(r#"{{"{}": {{{}}}}}"#, "a".repeat(4_000), members(9_800)),
        format!("{{{}}}", members(10_000)),
        format!(r#"{{"customer": {{"age": 1, {}}}}}"#, vec![r#""age":1"#; 7_000].join(",")),
        format!("{{{}}}", (0..5_000).map(|number| format!(r#""c.{number}":1"#)).collect::<Vec<_>>().join(",")),
    ] {
        assert!(body.len() <= 65_536, "{}", body.len());
        let began = Instant::now();
        let (status, answer) = running.ask("POST", "/decide", &body);
        assert!(status == 422 && answer.to_string().len() < 20_000, "{status}");
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
}

#[test]
fn a_unix_socket_is_served_and_one_that_was_left_behind_is_taken_over() {
    let scratch = releases::Scratch::new("socket");
    let socket = scratch.path("gateway.sock");
    let start = || {
        let running = Running::start(gateway(&[RELEASE, "--unapproved", "--port", "0", "--socket"]).arg(&socket));
        let began = Instant::now();
        let mut stream = loop {
            match UnixStream::connect(&socket) {
                Ok(stream) => break stream,
                Err(error) => assert!(began.elapsed() < Duration::from_secs(5), "{error}"),
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let (status, _) = exchange(&mut stream, "POST", "/decide", &flat(&requests()[0]).to_string());
        assert_eq!(status, 200);
        running
    };
    let killed = start();
    killed.signal("KILL");
    drop(killed);
    assert!(socket.exists());
    let mut running = start();
    running.signal("TERM");
    assert_eq!(running.wait().code(), Some(0));
    assert!(!socket.exists());
}

#[test]
fn a_body_that_is_too_large_is_refused_however_it_comes() {
    let running = running();
    let large = " ".repeat(70_000);
    let mut stream = running.connect();
    stream.write_all(b"POST /decide HTTP/1.1\r\nhost: g\r\ncontent-length: 9000000000\r\n\r\n").unwrap();
    assert_eq!(receive(&mut stream).0, 413);
    let mut stream = running.connect();
    let chunked =
        format!("POST /decide HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    stream.write_all(chunked.as_bytes()).unwrap();
    assert_eq!(receive(&mut stream).0, 413);
    assert_eq!(running.ask("POST", "/decide", &flat(&requests()[0]).to_string()).0, 200);
}

#[test]
fn a_client_that_says_nothing_is_let_go_while_others_are_served() {
    let running = running();
    let mut silent = running.connect();
    silent.write_all(b"POST /decide HTTP/1.1\r\n").unwrap();
    let mut slow = running.connect();
    slow.write_all(b"POST /decide HTTP/1.1\r\nhost: g\r\ncontent-length: 10\r\n\r\n{").unwrap();
    let began = Instant::now();
    assert_eq!(running.ask("POST", "/decide", &flat(&requests()[0]).to_string()).0, 200);
    assert!(began.elapsed() < Duration::from_secs(4), "the others wait: {:?}", began.elapsed());
    assert_eq!(receive(&mut slow).0, 408);
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_release_that_is_refused_is_not_served() {
    let told = |output: Output| (output.status.code(), String::from_utf8(output.stderr).unwrap(), output.stdout.len());
    let altered = std::env::temp_dir().join(format!("countersign-altered-{}.ron", std::process::id()));
    std::fs::write(&altered, std::fs::read_to_string(RELEASE).unwrap().replacen("value: 70", "value: 71", 1)).unwrap();
    let (code, message, printed) = told(gateway(&[altered.to_str().unwrap(), "--unapproved"]).output().unwrap());
    std::fs::remove_file(&altered).unwrap();
    assert_eq!((code, printed), (Some(1), 0));
    assert!(message.contains("the release is refused\n") && message.contains("(release-digest)"), "{message}");
    let (code, message, _) = told(gateway(&["no/such/release.ron", "--unapproved"]).output().unwrap());
    assert!(code == Some(2) && message.contains("`no/such/release.ron`: it cannot be used"), "{message}");
    // A log that cannot hold anything.
    for log in ["/dev/full", "/", "/no/such/folder/log"] {
        let (code, message, _) = told(gateway(&[RELEASE, "--unapproved", "--log", log]).output().unwrap());
        assert!(code == Some(2) && message.contains("cannot open the log"), "{log}: {message}");
    }
    for wrong in
        [&[][..], &[RELEASE], &[RELEASE, "--port", "70000", "--unapproved"], &[RELEASE, "--policy", "p"], &["--unapproved"]]
    {
        assert_eq!(gateway(wrong).output().unwrap().status.code(), Some(2), "{wrong:?}");
    }
    // Nobody approved it as a policy asks.
    let (policy, signers) = (altered.with_extension("policy"), altered.with_extension("signers"));
    std::fs::write(&policy, "(format: 1, approvals: 1)").unwrap();
    std::fs::write(&signers, "").unwrap();
    let asked = [RELEASE, "--policy", policy.to_str().unwrap(), "--allowed-signers", signers.to_str().unwrap()];
    let (code, message, _) = told(gateway(&asked).output().unwrap());
    std::fs::remove_file(policy).unwrap();
    std::fs::remove_file(signers).unwrap();
    assert!(code == Some(1) && message.contains("(release-submission)"), "{message}");
}
