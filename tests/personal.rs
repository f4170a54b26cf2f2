//! Nobody's identity is in what the program writes: every output over the sample's requests is searched for them.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot run the program has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use countersign::workspace::{DiskFiles, load};

/// Requests of the sample that are decided.
const ROWS: usize = 120;
/// Shorter values, such as an empty address, tell nobody from another.
const SHORTEST: usize = 6;

/// The sample's header and rows, and every identity in them that no list of the workspace names.
fn sample() -> (String, BTreeSet<String>, Vec<String>) {
    let schema = load(&DiskFiles, "rules").unwrap().schema;
    let text = fs::read_to_string("assets/samples/signing-requests.csv").unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let personal = |name: &str| schema.find(name).is_some_and(|(_, field)| field.personal);
    let columns: Vec<usize> = (0..header.len()).filter(|at| personal(header[*at])).collect();
    assert!(columns.len() >= 5, "the sample has identities: {header:?}");
    let key = header.iter().position(|name| *name == schema.roles.key.as_str()).unwrap();
    let rows: Vec<&str> = lines.take(ROWS).collect();
    let listed: String =
        fs::read_dir("rules/lists").unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    let cells = |row: &str, at: usize| row.split(',').nth(at).unwrap().to_owned();
    let identities = rows.iter().flat_map(|row| columns.iter().map(|at| cells(row, *at)));
    let identities = identities.filter(|one| one.len() >= SHORTEST && !listed.contains(one.as_str())).collect();
    let keys = rows.iter().map(|row| cells(row, key)).collect();
    (format!("{}\n{}\n", header.join(","), rows.join("\n")), identities, keys)
}

#[test]
fn no_output_names_anyone() {
    let (requests, identities, keys) = sample();
    assert!(identities.len() > ROWS, "{} identities", identities.len());
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("requests.csv"), &requests).unwrap();
    let live = fs::read_to_string("rules/ruleset.ron").unwrap();
    let mut written: Vec<(String, Vec<u8>)> = Vec::new();
    let mut run = |arguments: &str| {
        let words = arguments.split_whitespace().map(|word| word.replace("{}", folder.path().to_str().unwrap()));
        let output = Command::new(env!("CARGO_BIN_EXE_countersign")).env_clear().args(words).output().unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        written.push((arguments.to_owned(), [output.stdout, output.stderr].concat()));
    };
    run(
        "release create rules --requests {}/requests.csv --maker li@bank.example --created-at 2014-03-20T09:00:00+08:00 --out {}/live.ron",
    );
    let draft = folder.path().join("draft");
    copy(std::path::Path::new("rules"), &draft);
    fs::write(draft.join("ruleset.ron"), live.replacen("(type: Int, value: 16,", "(type: Int, value: 18,", 1)).unwrap();
    run("dry-run rules --requests {}/requests.csv --decisions {}/d.csv --report {}/r.html --report {}/r.json");
    run("dry-run rules --requests {}/requests.csv --decisions {}/d.parquet");
    run("compare {}/live.ron {}/draft --requests {}/requests.csv --flips {}/flips.csv --report {}/c.html --report {}/c.json");
    run("release show {}/live.ron");
    run("release canonical {}/live.ron");
    run("release verify {}/live.ron --evidence --requests {}/requests.csv");
    for key in keys.iter().take(3) {
        run(&format!("explain --request {key} --requests {{}}/requests.csv"));
        run(&format!("explain --request {key} --requests {{}}/requests.csv --lang zh"));
        run(&format!("explain --request {key} --requests {{}}/requests.csv --format json"));
    }
    for name in ["d.csv", "d.parquet", "r.html", "r.json", "flips.csv", "c.html", "c.json", "live.ron"] {
        written.push((name.to_owned(), fs::read(path(name)).unwrap()));
    }
    for (what, bytes) in &written {
        let text = String::from_utf8_lossy(bytes);
        let told: Vec<&String> = identities.iter().filter(|identity| text.contains(identity.as_str())).collect();
        assert!(told.is_empty(), "{what} names {told:?}");
    }
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
