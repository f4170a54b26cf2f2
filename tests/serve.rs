//! The whole way: the shipped workspace is exported, the gateway loads the file, and every case's request gets over HTTP exactly the
//! decision that the dry run of the release gives it.

#![cfg(feature = "cli")]
#[path = "gateway-consumer/tests/client/mod.rs"]
mod client;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::scratch::copy;
use client::{Running, exchange};
use countersign_core::gateway::Digest;
use countersign_core::model::Scalar;
use countersign_workspace::{DiskFiles, load, load_cases};
use serde_json::{Map, Value, json};

/// Builds the consumer as a gateway would be built, without any feature of the library, and gives its program.
fn build_consumer() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--quiet", "--offline", "--locked", "--package", "gateway-consumer", "--target-dir"]);
    cargo.arg(folder.parent().unwrap());
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(cargo.status().unwrap().success(), "the consumer does not build");
    folder.join(format!("gateway-consumer{}", std::env::consts::EXE_SUFFIX))
}

fn countersign(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
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

/// Every case's request by its id, which takes the place of the request's key: cases share their templates' keys.
fn requests() -> BTreeMap<String, Value> {
    let files = DiskFiles;
    let mut definition = load(&files, "rules").unwrap();
    let cases = load_cases(&files, "rules", &mut definition).unwrap();
    let key = definition.schema.roles.key.as_str();
    let request = |case: &countersign_core::model::Case| {
        let template = case.from.iter().flat_map(|name| &cases.templates[name]);
        let mut fields: Map<String, Value> =
            template.chain(&case.set).map(|(name, value)| (name.to_string(), as_json(value))).collect();
        fields.insert(key.to_owned(), json!(case.id.as_str()));
        (case.id.to_string(), Value::Object(fields))
    };
    cases.cases.iter().map(request).collect()
}

/// An answer as the dry run writes a decision, without the key.
fn as_row(answer: &Value) -> String {
    let list = |part: &Value, name: Option<&str>| {
        let texts =
            part.as_array().unwrap().iter().map(|one| name.map_or(one, |name| &one[name]).as_str().unwrap_or_default().to_owned());
        texts.collect::<Vec<_>>().join(";")
    };
    let mut codes: Vec<String> = Vec::new();
    for reason in answer["reasons"].as_array().unwrap() {
        let code = reason["code"].as_str().unwrap().to_owned();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let active = answer["errors"].as_array().unwrap().iter().filter(|error| error["shadow"] == false);
    let errors = active.map(|error| match error["rule"].as_str() {
        Some(rule) => rule.to_owned(),
        None => format!("stage:{}", error["stage"].as_str().unwrap()),
    });
    let limit = |name: &str| answer["limits"][name].as_i64().map(|fen| fen.to_string()).unwrap_or_default();
    [
        answer["verdict"].as_str().unwrap().to_owned(),
        answer["interface"].as_str().unwrap_or_default().to_owned(),
        answer["score"].to_string(),
        codes.join(";"),
        list(&answer["hits"], None),
        errors.collect::<Vec<_>>().join(";"),
        limit("single"),
        limit("day"),
        limit("month"),
        limit("year"),
    ]
    .join(",")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn an_exported_release_is_served_and_decides_as_the_dry_run_does() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (lines, release, decisions) = (at("cases.jsonl"), at("release.ron"), at("decisions.csv"));
    let plain = requests();
    assert!(plain.len() >= 80, "{} cases", plain.len());
    let mut requests = plain.clone();
    requests.extend(plain.iter().map(|(id, request)| dressed(id, request)));
    fs::write(&lines, requests.values().map(ToString::to_string).collect::<Vec<_>>().join("\n")).unwrap();
    let who = ["--maker", "li.na@bank.example", "--created-at", "2014-03-20T09:00:00+08:00"];
    countersign(&[&["release", "create", "rules", "--requests", text(&lines), "--out", text(&release)][..], &who].concat());
    countersign(&["release", "verify", text(&release), "--evidence", "--requests", text(&lines)]);
    countersign(&["dry-run", text(&release), "--requests", text(&lines), "--decisions", text(&decisions)]);

    let decided = fs::read_to_string(&decisions).unwrap();
    let wanted: BTreeMap<&str, &str> = decided.lines().skip(1).filter_map(|line| line.split_once(',')).collect();
    assert_eq!(wanted.len(), requests.len());
    let log = at("decisions.log");
    let running = Running::start(Command::new(build_consumer()).arg(&release).arg("--unapproved").arg("--log").arg(&log));
    let mut connection = running.connect();
    let (mut wrong, mut said) = (Vec::new(), String::new());
    for (id, request) in &requests {
        let (status, answer) = exchange(&mut connection, "POST", "/decide", &request.to_string());
        assert_eq!(status, 200, "{id}: {answer}");
        said += &answer.to_string();
        let row = as_row(&answer);
        if row != wanted[id.as_str()] {
            wrong.push(format!("{id}: the gateway says {row}, the dry run {}", wanted[id.as_str()]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for id in plain.keys() {
        assert_eq!(wanted[format!("{id}-dressed").as_str()], wanted[id.as_str()], "{id}: blanks and invisible characters count");
    }
    let (_, served) = running.ask("GET", "/release", "");
    assert!(fs::read_to_string(&release).unwrap().contains(served["digest"].as_str().unwrap()));
    let misfit = json!({ "customer.id_hash": ["somebody-in-particular"], "customer.mobile_hash": 7_654_321, "nothing": 1 });
    said += &running.ask("POST", "/decide", &misfit.to_string()).1.to_string();
    drop(running);
    names_nobody(&said, &requests);
    assert!(!said.contains("in-particular") && !said.contains("7654321"), "{said}");
    replays(folder.path(), &requests);
}

/// The same request with blanks and invisible characters round and in every text but the key.
fn dressed(id: &str, request: &Value) -> (String, Value) {
    let id = format!("{id}-dressed");
    let key = load(&DiskFiles, "rules").unwrap().schema.roles.key.to_string();
    let dress = |(name, value): (&String, &Value)| match value {
        Value::String(_) if *name == key => (name.clone(), json!(id)),
        Value::String(text) => (name.clone(), json!(format!("\u{a0}'{text}\u{200b} "))),
        other => (name.clone(), other.clone()),
    };
    let request = request.as_object().unwrap().iter().map(dress).collect();
    (id.clone(), Value::Object(request))
}

/// No personal value of the requests stands in what a gateway says or logs.
fn names_nobody(said: &str, requests: &BTreeMap<String, Value>) {
    let schema = load(&DiskFiles, "rules").unwrap().schema;
    let personal: Vec<String> = schema.fields().filter(|(.., field)| field.personal).map(|(_, name, _)| name).collect();
    for (name, value) in requests.values().flat_map(|request| request.as_object().unwrap()) {
        let is_told = value.as_str().is_some_and(|text| personal.contains(name) && said.contains(text));
        assert!(!is_told, "{name} {value} is told");
    }
}

/// What the gateway logged is decided again; nobody's identity is in it; a line becomes a case.
fn replays(folder: &Path, requests: &BTreeMap<String, Value>) {
    let at = |name: &str| folder.join(name);
    let (log, release) = (at("decisions.log"), at("release.ron"));
    let logged = fs::read_to_string(&log).unwrap();
    let is_decision = |line: &&str| line.contains("\"answer\":");
    assert_eq!(logged.lines().filter(is_decision).count(), requests.len());
    names_nobody(&logged, requests);
    let replay = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let output = command.env_clear().arg("replay").args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    };
    let (code, json) = replay(&[text(&log), "--release", text(&release), "--format", "json"]);
    let counts = serde_json::from_str::<Value>(&json).unwrap()["counts"].clone();
    // Identities decide some cases: without them nothing can be said. All others come out the same.
    let (seen, masked) = (counts["same_as_seen"].as_u64().unwrap(), counts["masked"].as_u64().unwrap());
    assert!(code == 0 && seen + masked == requests.len() as u64 && masked * 5 < seen, "{json}");
    chained(&log, &release, &logged, &replay);
    let (code, said) = replay(&[text(&log)]);
    assert!(code == 1 && said.contains("was not given; name its file with `--release`"), "{said}");

    // Lines without anyone's identity, of which one was tampered with and one is none.
    let plain: Vec<String> = logged.lines().filter(is_decision).take(3).map(without_masked).collect();
    let tampered = plain[1].replacen("\"verdict\":\"", "\"verdict\":\"not_", 1);
    fs::write(&log, [&plain[0], &tampered, "hello", &plain[2]].join("\n")).unwrap();
    let (code, said) = replay(&[text(&log), "--release", text(&release)]);
    assert!(code == 1 && said.contains("line 3 : this is no line of a decision log"), "{said}");
    assert!(said.contains("line 2") && said.contains("verdict \"not_") && said.contains("1 lines get another decision"), "{said}");

    let workspace = at("rules");
    copy("rules", &workspace);
    let add = |line: &str, case: &str| replay(&[text(&log), "--line", line, "--case", case, "--workspace", text(&workspace)]);
    let (code, said) = add("1", "from_the_log");
    assert!(code == 0 && said.contains("case from_the_log added to cases/from_log.ron"), "{said}");
    assert!(fs::read_to_string(workspace.join("cases/from_log.ron")).unwrap().contains("from_the_log"));
    countersign(&["test", text(&workspace)]);
    assert!(add("1", "from_the_log").1.contains("there is a case `from_the_log` already"));
    assert!(add("3", "another").1.contains("line 3 is no line of a decision log"));
    assert_eq!(add("9", "another").0, 2);
}

/// The chain shows what was done to the log.
fn chained(log: &Path, release: &Path, logged: &str, replay: &dyn Fn(&[&str]) -> (i32, String)) {
    let lines: Vec<&str> = logged.lines().collect();
    let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n") + "\n";
    let swapped = [&lines[..4], &[lines[5], lines[4]], &lines[6..]].concat().join("\n") + "\n";
    let torn = format!("{logged}{{\"number\":99,\"prev");
    let last = lines.len();
    for (name, whole, code, said) in [
        ("whole", logged.to_owned(), 0, "notes of the log about itself".to_owned()),
        ("cut at the end", lines[..last - 2].join("\n") + "\n", 1, format!("the log ends with line {}", last - 2)),
        ("cut in front", lines[3..].join("\n") + "\n", 1, "the log begins with line 4".to_owned()),
        ("left out", without(5), 1, "lines 6 to 6 are missing before line 7".to_owned()),
        ("edited", logged.replacen("\"score\":", "\"score\": ", 1), 1, "line 2 was edited".to_owned()),
        ("doubled", [&lines[..5], &lines[4..]].concat().join("\n") + "\n", 1, "line 5 comes after line 5".to_owned()),
        ("moved", swapped, 1, "lines 5 to 5 are missing before line 6".to_owned()),
        ("torn at the end", torn, 0, "1 lines were cut while they were written".to_owned()),
    ] {
        fs::write(log, whole).unwrap();
        let (found, told) = replay(&[text(log), "--release", text(release)]);
        assert!(found == code && told.contains(&said), "{name}: {found} {told}");
    }
    // Without the head a cut end is seen by an anchor only; in two parts it is one log.
    fs::rename(log.with_extension("log.head"), log.with_extension("aside")).unwrap();
    let cut = lines[..last - 2].join("\n") + "\n";
    fs::write(log, &cut).unwrap();
    let anchor = format!("{last}:{}", Digest::of(lines[last - 1].as_bytes()));
    let asked = [text(log), "--release", text(release), "--anchor", &anchor];
    assert_eq!(replay(&asked[..3]).0, 0);
    assert!(replay(&asked).1.contains(&format!("by the anchor: line {last} was written")));
    let rest = log.with_extension("rest");
    fs::write(&rest, lines[last - 2..].join("\n")).unwrap();
    let (code, said) = replay(&[&asked[..1], &[text(&rest)], &asked[1..]].concat());
    assert_eq!(code, 0, "{said}");
    fs::rename(log.with_extension("aside"), log.with_extension("log.head")).unwrap();
}

/// A line whose personal fields were not there.
fn without_masked(line: &str) -> String {
    let mut line: Value = serde_json::from_str(line).unwrap();
    let masked = line["masked"].take();
    for name in masked.as_array().unwrap() {
        line["request"][name.as_str().unwrap()] = json!("nobody-in-particular");
    }
    line["masked"] = json!([]);
    line.to_string()
}
