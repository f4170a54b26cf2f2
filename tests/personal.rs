//! Nobody's identity is in what the program says or writes: every verb in every format runs over requests of the sample, and every output
//! and file is searched for every personal value in them. Left out are `sample`, which writes requests, and `--rejects-raw`, which asks for
//! rows as they stand.
#![cfg(feature = "cli")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::common::people::{Person, trust_lines};
use crate::common::scratch::{Scratch, copy, replace_after};
use countersign_core::gateway::{Gateway, Requirements};
use countersign_core::model::{Schema, Value};
use countersign_core::progress::Progress;
use countersign_requests::{Format, Input, ReadOptions, Table, read};
use countersign_workspace::{DiskFiles, load};

/// Requests of the sample that are decided.
const ROWS: usize = 120;
/// Shorter values, such as an empty address, tell nobody from another.
const SHORTEST: usize = 6;

/// What runs, in the order of a release's life; `KEY` stands for a request, `FORMAT` for each format of findings. `x@…` are exit codes
/// other than 0.
const RUNS: &str = "
    check rules --format FORMAT
    check rules --lang zh
    test rules --format FORMAT
    1@ check broken --format FORMAT
    1@ test failing --format FORMAT
    release create rules --requests requests.csv --maker li@bank.example --created-at 2014-03-20T09:00:00+08:00
    release submit rules/released/1.ron --key li --at 2014-03-20T10:00:00+08:00
    release approve rules/released/1.ron --key wang --at 2014-03-20T11:00:00+08:00
    release publish rules/released/1.ron --by wang@bank.example --to live.ron --at 2014-03-20T12:00:00+08:00
    release verify live.ron --allowed-signers rules/allowed_signers --policy rules/approvals.ron --format FORMAT
    release verify live.ron --evidence --requests requests.csv
    1@ release verify live.ron --evidence --requests fewer.csv --format FORMAT
    release show live.ron
    release show live.ron --lang zh
    release canonical live.ron
    check live.ron
    dry-run rules --requests requests.csv --decisions d.csv --report r.html --report r.json
    1@ dry-run failing --requests requests.csv --decisions failing.csv --report failing.html --report failing.json
    dry-run live.ron --requests requests.csv --decisions d.parquet
    dry-run draft --requests requests.csv --against live.ron --flips f.csv --decisions d2.csv --report r2.html --report r2.json
    dry-run draft --requests bad.csv --rejects rejects.csv
    dry-run draft --requests short.csv --rejects short-rejects.csv
    2@ dry-run draft --requests bad.csv
    dry-run draft --requests twice.csv
    compare live.ron draft --requests requests.csv --flips flips.csv --report c.html --report c.json
    compare live.ron draft --requests requests.csv --lang zh
    release create draft --requests requests.csv --against live.ron --acknowledge older --maker li@bank.example --created-at 2014-03-21T09:00:00+08:00 --out 2.ron
    release show 2.ron --against live.ron
    explain rules --request KEY --requests requests.csv
    explain rules --request KEY --requests requests.csv --brief --lang zh
    explain rules --request KEY --requests requests.csv --format json
    explain failing --request KEY --requests requests.csv
    explain failing --request KEY --requests requests.csv --rule unknown_interface --format json
    explain derived --request KEY --requests requests.csv
    explain derived --request KEY --requests requests.csv --rule unknown_interface --format json
    explain derived --rule unknown_interface --requests requests.csv
    explain rules --function all
    explain rules --function left --lang zh
    explain --finding all
    release rollback live.ron --requests requests.csv --maker li@bank.example --comment back --created-at 2014-03-22T09:00:00+08:00 --out back.ron
    release rollback rules/released/1.ron --requests requests.csv --maker li@bank.example --comment again --created-at 2014-03-22T10:00:00+08:00
    release submit rules/released/1-rollback-1.ron --key li --at 2014-03-22T10:30:00+08:00
    release reject rules/released/1-rollback-1.ron --by wang@bank.example --comment no --at 2014-03-22T11:00:00+08:00
    release withdraw rules/released/1.ron --by li@bank.example --comment over --at 2014-03-22T12:00:00+08:00
    journal show rules
    journal show rules --format json
    journal show rules --format csv
    journal verify rules --format FORMAT
    replay log.jsonl --release rules/released/1.ron
    replay log.jsonl --release rules/released/1.ron --format json
    replay log.jsonl --release back.ron
    replay foreign.jsonl --release 2.ron
    replay foreign.jsonl --release 2.ron --format json
    replay log.jsonl --line 1 --case from_the_log --workspace rules
";
/// Files that the runs write, and those of the workspaces besides their rules.
const FILES: [&str; 22] = [
    "d.csv",
    "r.html",
    "r.json",
    "failing.csv",
    "failing.html",
    "failing.json",
    "d.parquet",
    "f.csv",
    "d2.csv",
    "r2.html",
    "r2.json",
    "flips.csv",
    "c.html",
    "c.json",
    "2.ron",
    "live.ron",
    "back.ron",
    "log.jsonl",
    "rejects.csv",
    "short-rejects.csv",
    "rules/released/1.ron",
    "rules/journal.jsonl",
];

/// The requests as a table.
fn table(path: &Path, schema: &Schema) -> Table {
    let bytes = fs::read(path).unwrap();
    let input = Input::new("requests.csv", Format::Csv, std::sync::Arc::new(bytes));
    read(&input, &std::sync::Arc::new(schema.clone()), ReadOptions::default(), &Progress::default()).unwrap().table
}

/// Every personal value of the requests that no list of the workspace names, and the requests' keys.
fn identities(requests: &Table, schema: &Schema) -> (BTreeSet<String>, Vec<String>) {
    let lists = fs::read_dir("rules/lists").unwrap();
    let listed: String = lists.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    let key = schema.find(schema.roles.key.as_str()).unwrap().0;
    let (mut found, mut keys) = (BTreeSet::new(), Vec::new());
    for row in 0..requests.len() {
        let request = requests.request(row);
        keys.push(request.get(key).show(schema.zone));
        for (index, ..) in schema.fields().filter(|(.., field)| field.personal) {
            if *request.get(index) != Value::Missing {
                found.insert(request.get(index).show(schema.zone));
            }
        }
    }
    found.retain(|one| one.len() >= SHORTEST && !listed.contains(one.as_str()));
    (found, keys)
}

/// What a gateway that runs the approved release logs of the requests.
fn log(scratch: &Scratch, requests: &Table) {
    let gateway = Gateway::load("live.ron", scratch.read("live.ron").as_bytes(), Requirements::nothing()).unwrap();
    let serving = gateway.last();
    let line = |row: usize| {
        let request = requests.request(row);
        let answer = serving.answer(&serving.decide(&request));
        serde_json::to_string(&serving.log_line(&request, answer, "2014-03-21T10:00:00+08:00")).unwrap() + "\n"
    };
    let lines: String = (0..requests.len()).map(line).collect();
    // The same, said to be of a release that decides otherwise.
    let other = Gateway::load("2.ron", scratch.read("2.ron").as_bytes(), Requirements::nothing()).unwrap();
    scratch.write("foreign.jsonl", lines.replace(&gateway.digest().to_string(), &other.digest().to_string()));
    scratch.write("log.jsonl", lines);
}

/// Workspaces that are approved, changed, failing at run time, and broken; keys; and files that are not as they should be.
fn prepare(scratch: &Scratch) {
    let people = ["li@bank.example", "wang@bank.example"].map(Person::new);
    for person in &people {
        scratch.write(person.principal.split('@').next().unwrap(), &person.secret);
    }
    copy("rules", scratch.path("rules"));
    scratch.write("rules/allowed_signers", trust_lines(&people));
    scratch.write("rules/approvals.ron", "(format: 1, approvals: 1)");
    let rule_set = scratch.read("rules/ruleset.ron");
    scratch.write("rules/ruleset.ron", replace_after(&rule_set, "version: \"", "1"));
    for name in ["draft", "broken", "failing", "derived"] {
        copy("rules", scratch.path(name));
    }
    fs::remove_dir_all(scratch.path("draft/cases")).unwrap();
    let script = "access/unknown_interface.rhai";
    let text = scratch.read(&format!("rules/{script}"));
    scratch.write(&format!("broken/{script}"), text.replace("request.interface", "request.interfase"));
    scratch.write(&format!("draft/{script}"), "if customer.id_hash != \"\" { decline(\"UNLINKED\") }\n");
    // Fails over the identity of every customer.
    scratch.write(
        &format!("failing/{script}"),
        "if len(customer.id_hash) * 9_000_000_000_000_000_000 > 5 { decline(\"UNLINKED\") }\n",
    );
    // Carries identities through variables, functions and reckoning, and fails over one of them.
    scratch.write(
        &format!("derived/{script}"),
        "let id = upper(customer.id_hash);\nlet both = id + \":\" + card.hash;\nlet some = 0;\nfor at in 0..len(both) { some += at }\n\
         if both != \"\" && some > len(id) && right(both, 12) != id && some * 9_000_000_000_000_000_000 > 5 { decline(\"UNLINKED\") }\n",
    );
    let requests = scratch.read("requests.csv");
    let lines: Vec<&str> = requests.lines().collect();
    scratch.write("fewer.csv", lines[..ROWS / 2].join("\n"));
    scratch.write("twice.csv", [&lines[..5], &lines[4..5]].concat().join("\n"));
    scratch.write("short.csv", lines[..3].join("\n") + "\n" + lines[3].rsplit_once(',').unwrap().0 + "\n");
    scratch.write("bad.csv", requests.replacen(",SIGN,", ",SIGNN,", 2));
}

#[test]
fn no_output_names_anyone() {
    let scratch = Scratch::new(ROWS);
    prepare(&scratch);
    let schema = load(&DiskFiles, "rules").unwrap().schema;
    let requests = table(&scratch.path("requests.csv"), &schema);
    let (identities, keys) = identities(&requests, &schema);
    assert!(identities.len() > ROWS, "{} identities", identities.len());
    let mut written: Vec<(String, String)> = Vec::new();
    for line in RUNS.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (code, args) = line.split_once("@ ").map_or((0, line), |(code, args)| (code.parse().unwrap(), args));
        if args.starts_with("replay log.jsonl --release rules") {
            log(&scratch, &requests);
        }
        let formats = if args.contains("FORMAT") { &["human", "json", "sarif", "junit", "github"][..] } else { &[""] };
        for format in formats.iter().filter(|format| !args.starts_with("test") || **format != "sarif" && **format != "github") {
            for key in if args.contains("KEY") { &keys[..2] } else { &keys[..1] } {
                let args = args.replace("FORMAT", format).replace("KEY", key);
                written.push((args.clone(), scratch.run_inside(&args).says(code, &[]).text()));
            }
        }
    }
    for name in FILES {
        let bytes = fs::read(scratch.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        written.push((name.to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    assert!(scratch.read("f.csv").lines().count() > 10 && scratch.read("failing.csv").contains("unknown_interface"));
    for (what, text) in &written {
        let is_told = |identity: &&String| text.contains(identity.as_str()) || text.contains(&identity.to_uppercase());
        let told: Vec<&String> = identities.iter().filter(is_told).collect();
        assert!(told.is_empty(), "{what} names {told:?}\n{text}");
    }
}
