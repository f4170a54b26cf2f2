//! The command line as a user meets it: the real program in a cleared environment, its exit codes, what it prints and what it leaves behind.
#![cfg(feature = "cli")]

use std::fs;
use std::process::{Command, Stdio};

use crate::common::scratch::{Scratch, copy};

/// Requests of the sample that are decided.
const ROWS: usize = 300;

#[test]
fn the_shipped_workspace_is_clean_and_its_cases_pass() {
    let scratch = Scratch::new(ROWS);
    scratch.run("check rules").check(0, &["no findings"], &[]);
    scratch.run("check rules --lang zh").check(0, &["没有"], &[]);
    scratch.run("--lang zh check rules").check(0, &["没有"], &[]);
    scratch.run("rules check").check(2, &[], &["after it: `countersign check rules`"]);
    scratch.run("test rules --full-coverage").check(0, &["0 failed"], &[]);
    scratch.run("test rules --format junit").check(0, &["<testsuites", "failures=\"0\""], &[]);
    scratch.run("test rules --format json").check(0, &["\"failed\": 0"], &[]);
    scratch.run("test rules --format sarif").check(2, &[], &["[possible values: human, json, junit]"]);
}

#[test]
fn proofs_are_shown_with_requests_and_end_with_the_worst_finding() {
    let scratch = Scratch::new(ROWS);
    let proved = "proved: `closed_to_new_customers`";
    scratch.run("prove rules").check(0, &["rule `day_amount` can fail", "request.operation = PAY", proved, " 0 unknown"], &[]);
    scratch.run("prove rules --free-parameters --lang zh").check(
        0,
        &["已证明：`closed_to_new_customers`", "可取其范围内的任意值"],
        &[],
    );
    scratch.run("prove rules --fail-level note --format json").check(1, &["\"question\": \"breaks\"", "\"unknown\": 0"], &[]);
    copy("rules", scratch.path("draft"));
    let file = scratch.path("draft/ruleset.ron");
    let text = fs::read_to_string(&file).unwrap();
    // Stricter on age; and an invariant that no rule keeps.
    let older = text.replace("\"min_age\": (type: Int, value: 16", "\"min_age\": (type: Int, value: 18");
    fs::write(&file, &older).unwrap();
    scratch.run("prove {}/draft --against rules").check(0, &["no verdict is milder: proved", "customer.age = 16"], &[]);
    scratch.run("prove rules --against {}/draft").check(1, &["no verdict is stricter: proved", "customer.age = 16"], &[]);
    scratch.run("prove {}/draft --against {}/draft").check(0, &["the same for every request: proved"], &[]);
    fs::write(&file, older.replace("card.status == \\\"lost\\\"\"", "card.status == \\\"lost\\\" || check.factors == 3\""))
        .unwrap();
    scratch.run("prove {}/draft").check(1, &["error: invariant `no_lost_card` can be broken", "check.factors = 3"], &[]);
    scratch.run("prove {}/requests.csv").check(1, &[], &["requests.csv"]);
    scratch.run("prove {}/nothing").check(2, &[], &["nothing"]);
}

#[test]
fn a_dry_run_writes_what_is_asked_and_nothing_else() {
    let scratch = Scratch::new(ROWS);
    let ran = scratch.run("dry-run rules --requests {}/requests.csv --decisions {}/d.csv --decisions-too --report {}/r.html");
    ran.check(2, &[], &["--decisions-too"]);
    let ran = scratch.run("dry-run rules --requests {}/requests.csv --decisions {}/d.csv --report {}/r.html --report {}/r.json");
    ran.check(0, &["300 requests from requests.csv", "accept", "Zhejiang branch"], &[]);
    assert_eq!(scratch.names(), ["d.csv", "r.html", "r.json", "requests.csv"]);
    let decisions = fs::read_to_string(scratch.path("d.csv")).unwrap();
    let columns = "key,verdict,interface,score,reasons,hits,errors,limit_single,limit_day,limit_month,limit_year";
    assert_eq!(decisions.lines().next().unwrap(), columns);
    assert_eq!(decisions.lines().count(), 301);
    let page = fs::read_to_string(scratch.path("r.html")).unwrap();
    assert!(page.contains("快捷支付签约") && page.contains("Quick-payment signing"));
    assert!(!page.contains("src=\"http") && !page.contains("href=\"http"), "the page must stand alone");
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(scratch.path("r.json")).unwrap()).unwrap();
    let verdicts = report["report"]["summary"]["verdicts"].as_array().or(report["summary"]["verdicts"].as_array()).unwrap();
    let sum: u64 = verdicts.iter().map(|line| line["sums"]["requests"].as_u64().unwrap()).sum();
    assert_eq!(sum, 300);
}

#[test]
fn a_release_is_made_shown_verified_compared_and_refused_when_touched() {
    let scratch = Scratch::new(ROWS);
    let create =
        "release create rules --requests {}/requests.csv --maker alice --created-at 2014-03-20T09:00:00+08:00 --out {}/live.ron";
    scratch.run(create).check(0, &["written: {}/live.ron", "sha256:"], &[]);
    let first = fs::read(scratch.path("live.ron")).unwrap();
    scratch.run(create).check(0, &[], &[]);
    assert_eq!(first, fs::read(scratch.path("live.ron")).unwrap(), "the same workspace gives the same bytes");
    scratch.run("release show {}/live.ron").check(0, &["quick-payment-signing", "alice", "nobody has approved it yet"], &[]);
    scratch.run("release canonical {}/live.ron").check(0, &["{\"engine\":"], &[]);
    let verify = "release verify {}/live.ron --evidence --requests {}/requests.csv";
    scratch.run(verify).check(0, &["the same evidence"], &[]);
    scratch.run("release verify {}/live.ron --approvals 1").check(1, &["release-unverifiable"], &[]);
    scratch.run("check {}/live.ron").check(0, &["no findings"], &[]);
    scratch.run("compare {}/live.ron rules --requests {}/requests.csv").check(0, &["0 requests are decided differently"], &[]);

    let text = String::from_utf8(first).unwrap();
    let touched = [text.replacen("alice", "mallory", 1), text.replacen("5000.00", "9000.00", 1), text[..text.len() / 2].to_owned()];
    for touched in touched {
        scratch.write("touched.ron", touched.as_bytes());
        scratch.run("release verify {}/touched.ron").check(1, &["error[release-"], &[]);
        scratch.run("dry-run {}/touched.ron --requests {}/requests.csv").check(1, &[], &["error[release-"]);
    }
    scratch.write("other.csv", &fs::read(scratch.path("requests.csv")).unwrap()[..40_000]);
    scratch.run("release verify {}/live.ron --evidence --requests {}/missing.csv").check(2, &[], &["missing-file"]);
}

#[test]
fn a_draft_with_errors_decides_nothing() {
    let scratch = Scratch::new(ROWS);
    copy("rules", scratch.path("draft"));
    let script = scratch.path("draft/access/closed_interface_new.rhai");
    let text = fs::read_to_string(&script).unwrap().replace("customer.kind", "customer.knid");
    fs::write(&script, text).unwrap();
    let said = ["error[unknown-field]", "closed_interface_new.rhai:", "customer.knid", "did you mean `kind`?"];
    scratch.run("check {}/draft").check(1, &said, &[]);
    scratch.run("check {}/draft --format github").check(1, &["::error ", "unknown-field"], &[]);
    scratch.run("check {}/draft --format sarif").check(1, &["\"2.1.0\"", "unknown-field"], &[]);
    scratch.run("check {}/draft --format junit").check(1, &["<testsuite", "unknown-field"], &[]);
    scratch.run("check {}/draft --format json").check(1, &["\"unknown-field\""], &[]);
    scratch.run("dry-run {}/draft --requests {}/requests.csv --decisions {}/d.csv").check(1, &[], &["unknown-field"]);
    scratch.run("test {}/draft").check(1, &[], &["unknown-field"]);
    let create = "release create {}/draft --requests {}/requests.csv --maker alice --out {}/live.ron";
    scratch.run(create).check(1, &[], &["unknown-field"]);
    copy("rules", scratch.path("draft"));
    let rule_set = scratch.path("draft/ruleset.ron");
    let text =
        fs::read_to_string(&rule_set).unwrap().replace("\"min_age\": (type: Int, value: 16", "\"min_age\": (type: Int, value: 18");
    fs::write(&rule_set, text).unwrap();
    scratch.run(create).check(1, &[], &["failing-cases"]);
    assert_eq!(scratch.names(), ["draft", "requests.csv"], "nothing was written");
}

#[test]
fn every_broken_file_of_a_workspace_is_named_at_once() {
    let scratch = Scratch::new(ROWS);
    copy("rules", scratch.path("draft"));
    scratch.write("draft/cases/6_risk.ron", b"(format: 1,");
    scratch.write("draft/cases/5_amounts.ron", b"(format: 1, cases: {})");
    scratch.write("draft/lists/blocked_ids.txt", b"a\na\n");
    let script = scratch.path("draft/access/closed_interface_new.rhai");
    let text = fs::read_to_string(&script).unwrap().replace("customer.kind", "customer.knid");
    fs::write(&script, text).unwrap();
    let said = ["cases/6_risk.ron:1", "cases/5_amounts.ron:1", "bad-list-entry", "unread-list", "error[unknown-field]"];
    scratch.run("check {}/draft").check(2, &said, &[]);
    scratch.run("check {}/draft --format sarif").check(2, &["bad-list-entry", "ron-syntax"], &[]);
    scratch.run("test {}/draft").check(2, &[], &["cases/6_risk.ron:1", "bad-list-entry"]);
    scratch.run("dry-run {}/draft --requests {}/requests.csv").check(2, &[], &["bad-list-entry"]);
}

#[test]
fn bad_input_is_refused_with_its_place_and_leaves_nothing_behind() {
    let scratch = Scratch::new(ROWS);
    let good = fs::read_to_string(scratch.path("requests.csv")).unwrap();
    let header = good.lines().next().unwrap();
    let row = good.lines().nth(1).unwrap();
    let age = |value: &str| {
        let at = header.split(',').position(|name| name == "customer.age").unwrap();
        let mut cells: Vec<&str> = row.split(',').collect();
        cells[at] = value;
        format!("{header}\n{}", cells.join(",")).into_bytes()
    };
    let bad: [(&str, Vec<u8>, &str); 15] = [
        ("empty.csv", Vec::new(), "empty-file"),
        ("header.csv", header.into(), "no-requests"),
        ("unknown.csv", good.replacen("customer.age", "customer.agee", 1).into(), "`customer.agee`"),
        ("twice.csv", good.replacen("customer.age,", "request.id,", 1).into(), "request.id"),
        ("missing.csv", good.replacen("request.operation", "", 1).into(), ""),
        ("latin.csv", [good.as_bytes(), b"\n\xff\xfe"].concat(), ""),
        ("value.csv", format!("{header}\n{}", row.replacen("2014-", "2o14-", 1)).into(), "row 1"),
        ("large.csv", age("99999999999999999999"), "column `customer.age`: `99999999999999999999` is out of range"),
        ("word.csv", age("三十"), "`三十` is not a whole number"),
        ("endless.csv", [header.as_bytes(), b"\n", &vec![b'x'; 3 << 20]].concat(), "line 2: the line is longer"),
        ("short.csv", format!("{header}\n{row}\n1,2,3").into(), ""),
        ("quote.csv", format!("{header}\n\"{row}").into(), ""),
        ("not.parquet", good.clone().into(), ""),
        ("cut.parquet", fs::read("assets/samples/signing-requests.parquet").unwrap()[..100_000].to_vec(), ""),
        ("not.jsonl", b"{\"request.id\": 1".to_vec(), ""),
    ];
    for (name, bytes, said) in bad {
        scratch.write(name, &bytes);
        let ran = scratch.run(&format!("dry-run rules --requests {{}}/{name} --decisions {{}}/out.csv --report {{}}/out.html"));
        ran.check(2, &[], &["error", said]);
        assert!(!scratch.path("out.csv").exists() && !scratch.path("out.html").exists(), "{name} left something behind");
    }
    fs::create_dir(scratch.path("folder.csv")).unwrap();
    scratch.run("dry-run rules --requests {}/folder.csv").check(2, &[], &["no-request-files"]);
    scratch.run("dry-run rules --requests {}/nothing.csv").check(2, &[], &["missing-file"]);
    scratch.write("requests.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    scratch.run("dry-run rules --requests {}/requests.xls").check(2, &[], &["unknown-format"]);
    scratch.run("dry-run rules --requests {}/requests.csv --report {}/r.pdf").check(2, &[], &["unknown-format"]);
    scratch.run("dry-run rules --requests {}/requests.csv --report {}/no/such/r.html").check(2, &[], &["missing"]);
    scratch.run("check {}/nowhere").check(2, &[], &["missing-file"]);
    scratch.run("check {}").check(2, &[], &["ruleset.ron"]);
    scratch.run("explain --finding release-truncated").check(0, &["release-truncated"], &[]);
    scratch.run("explain --finding nothing").check(2, &[], &["unknown-name"]);
    for id in ["cancelled", "disk-full", "no-cases", "release-exists", "unknown-request"] {
        scratch.run(&format!("explain --finding {id}")).check(0, &[id, "How to fix it"], &[]);
        scratch.run(&format!("explain --finding {id} --lang zh")).check(0, &[id, "如何修正"], &[]);
    }
    scratch.run("explain --request 1 --requests {}/requests.csv").check(2, &[], &["unknown-request"]);
}

#[test]
fn rejects_are_set_aside_and_counted() {
    let scratch = Scratch::new(ROWS);
    let good = fs::read_to_string(scratch.path("requests.csv")).unwrap();
    scratch.write("some.csv", good.replacen(",SIGN,", ",SIGNN,", 2).as_bytes());
    scratch.run("dry-run rules --requests {}/some.csv").check(2, &[], &["2 bad rows", "SIGNN"]);
    let ran = scratch.run("dry-run rules --requests {}/some.csv --rejects {}/rejects.csv");
    ran.check(0, &["298 requests", "2 of 300 rows were left out"], &["2 of 300 rows were left out", "{}/rejects.csv"]);
    let rejects = fs::read_to_string(scratch.path("rejects.csv")).unwrap();
    assert!(rejects.contains("SIGNN") && rejects.contains("request.operation"), "{rejects}");
}

/// See the head of `tests/fixtures/set-aside/runs.txt`.
#[test]
fn rows_set_aside_stand_beside_every_figure_and_are_part_of_evidence() {
    const WITH: &str = "tests/card-payments --mapping payments --requests tests/fixtures/set-aside/payments.csv";
    let scratch = Scratch::new(1);
    let table = fs::read_to_string("tests/fixtures/set-aside/runs.txt").unwrap();
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut runs: Vec<(i32, String, Vec<&str>, Vec<&str>)> = Vec::new();
    for line in lines {
        let (mark, rest) = line.split_once(' ').unwrap();
        match (mark, runs.last_mut()) {
            ("$", _) => {
                let (code, args) = rest.split_once(' ').unwrap();
                let args = args.replace("PAY", "WITH").replace("WITH", WITH).replace("FILE", "tests/fixtures/set-aside");
                runs.push((code.parse().unwrap(), args, Vec::new(), Vec::new()));
            }
            (">", Some(run)) => run.2.push(rest),
            ("!", Some(run)) => run.3.push(rest),
            _ => panic!("{line}"),
        }
    }
    for (code, args, out, err) in runs {
        scratch.run(&args).check(code, &out, &err);
    }
    let left: Vec<String> = scratch.names().into_iter().filter(|name| name.contains("never")).collect();
    assert!(left.is_empty(), "left behind by a refused run: {left:?}");
    let report: serde_json::Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    let aside = &report["about"]["samples"]["set_aside"];
    assert_eq!((aside["rows"].as_u64(), aside["of"].as_u64(), aside["labels"]["fraud"].as_u64()), (Some(5), Some(45), Some(5)));
    assert_eq!(report["recall_at_worst"][1]["recall"], serde_json::json!({ "part": 10, "whole": 23 }));
    let page = scratch.read("report.html");
    assert!(
        page.contains("5 of 45 rows were left out") && page.contains("45 条记录中剔除了 5 条") && page.contains("at worst 43.5 %")
    );
    assert_eq!(scratch.read("decisions.csv").lines().count(), 41);
}

#[test]
fn a_foreign_file_is_read_by_its_mapping_and_a_wrong_mapping_names_its_place() {
    let scratch = Scratch::new(ROWS);
    let run = "dry-run tests/card-payments --requests tests/card-payments/payments.csv --mapping";
    scratch.run(&format!("{run} payments")).check(0, &["40 requests"], &[]);
    let found = "`tests/card-payments/payments.csv` is read by the workspace's mapping `payments`";
    scratch.run(run.trim_end_matches(" --mapping")).check(0, &["40 requests"], &[found]);
    scratch.run(&format!("{run} tests/card-payments/mappings/epoch.ron")).check(0, &["40 requests"], &[]);
    scratch.run(&format!("{run} nothing")).check(2, &[], &["missing-file"]);
    scratch.write("wrong.ron", b"(format: 1, fields: {\"payment.idd\": (column: \"x\")})");
    scratch.run(&format!("{run} {{}}/wrong.ron")).check(2, &[], &["wrong.ron:1:"]);
}

#[test]
fn samples_are_the_same_for_the_same_seed_in_every_format() {
    let scratch = Scratch::new(ROWS);
    for end in ["csv", "jsonl", "parquet"] {
        scratch.run(&format!("sample --rows 200 --seed 7 --out {{}}/one.{end}")).check(0, &[], &[]);
        scratch.run(&format!("sample --rows 200 --seed 7 --out {{}}/two.{end}")).check(0, &[], &[]);
        let read = |name: &str| fs::read(scratch.path(&format!("{name}.{end}"))).unwrap();
        assert_eq!(read("one"), read("two"), "{end}");
        scratch.run(&format!("dry-run rules --requests {{}}/one.{end} --decisions {{}}/{end}.csv")).check(
            0,
            &["200 requests"],
            &[],
        );
    }
    let read = |name: &str| fs::read_to_string(scratch.path(name)).unwrap();
    assert_eq!(read("csv.csv"), read("jsonl.csv"));
    assert_eq!(read("csv.csv"), read("parquet.csv"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["explain", "--finding", "all"])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Keys of requests, how a cell of CSV holds each, and how it does for programs.
const KEYS: [[&str; 3]; 12] = [
    ["=1+1", "'=1+1", "=1+1"],
    ["=HYPERLINK(\"u\")", "\"'=HYPERLINK(\"\"u\"\")\"", "\"=HYPERLINK(\"\"u\"\")\""],
    ["+8613912345678", "'+8613912345678", "+8613912345678"],
    ["-1+1", "'-1+1", "-1+1"],
    ["-5", "-5", "-5"],
    ["-5.25", "-5.25", "-5.25"],
    ["@SUM(1,2)", "\"'@SUM(1,2)\"", "\"@SUM(1,2)\""],
    ["＝1+1", "'＝1+1", "＝1+1"],
    ["－x", "'－x", "－x"],
    ["\"=1+1\"", "\"'\"\"=1+1\"\"\"", "\"\"\"=1+1\"\"\""],
    ["a=1", "a=1", "a=1"],
    ["O'Neil", "O'Neil", "O'Neil"],
];

#[test]
fn no_text_in_csv_is_a_formula_unless_a_program_reads_it() {
    let scratch = Scratch::new(KEYS.len());
    let sample = scratch.read("requests.csv");
    let (header, rows) = sample.split_once('\n').unwrap();
    assert!(header.starts_with("request.id,"));
    // The sample with these keys, as their cells are for people or for programs.
    let keyed = |at: usize| -> String {
        let rows = rows.lines().zip(KEYS).map(|(row, key)| format!("{},{}\n", key[at], row.split_once(',').unwrap().1));
        format!("{header}\n{}", rows.collect::<String>())
    };
    let begin_with = |file: &str, at: usize, all: bool| {
        let text = scratch.read(file);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        let known = |line: &&str| KEYS.iter().any(|key| line.starts_with(&format!("{},", key[at])));
        assert!(lines.len() > 5 && (!all || lines.len() == KEYS.len()) && lines.iter().all(known), "{text}");
    };
    copy("rules", scratch.path("strict"));
    fs::write(scratch.path("strict/risk/blocked_identity.rhai"), "decline(\"INTERFACE_CLOSED_FOR_NEW\")").unwrap();
    // Both forms are read as the same requests.
    for (name, form) in [("raw.csv", 2), ("guarded.csv", 1)] {
        scratch.write(name, keyed(form));
        for (flag, at) in [("", 1), ("--raw", 2)] {
            let run = format!("compare rules {{}}/strict --requests {{}}/{name} --flips {{}}/flips.csv {flag}");
            scratch.run(&run).check(0, &["12 requests"], &[]);
            begin_with("flips.csv", at, false);
            let run = format!("dry-run rules --requests {{}}/{name} --decisions {{}}/decisions.csv {flag}");
            scratch.run(&run).check(0, &["12 requests"], &[]);
            begin_with("decisions.csv", at, true);
        }
        scratch.run(&format!("dry-run rules --requests {{}}/{name} --decisions {{}}/d.jsonl")).check(0, &[], &[]);
        let key = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["key"].as_str().unwrap().to_owned();
        assert_eq!(scratch.read("d.jsonl").lines().map(key).collect::<Vec<_>>(), KEYS.map(|[key, ..]| key));
        for key in ["=1+1", "'=1+1", "-1+1", "'-1+1", "-5", "O'Neil", "'O'Neil"] {
            let run = format!("explain --brief --request={key} --requests {{}}/{name}");
            scratch.run(&run).check(0, &[key.trim_start_matches('\'')], &[]);
        }
    }
    scratch.write("bad.csv", keyed(2).replacen(",SIGN,", ",=cmd|' /C calc'!A0,", 1));
    let run = "dry-run rules --requests {}/bad.csv --rejects {}/rejects.csv --rejects-raw";
    for (flag, cell) in [("", ",\"'=cmd|' /C calc'!A0\","), ("--raw", ",\"=cmd|' /C calc'!A0\",")] {
        scratch.run(&format!("{run} {flag}")).check(0, &["11 requests"], &[]);
        let rejects = scratch.read("rejects.csv");
        assert!(rejects.contains(cell), "{rejects}");
    }
}

/// From inside the folder: a workspace in it, one with blanks and Chinese in its name, one outside of it, and all together.
#[test]
fn what_is_found_is_named_from_the_current_folder() {
    let scratch = Scratch::new(ROWS);
    fs::create_dir(scratch.path("in")).unwrap();
    for name in ["draft", "in/a 规则", "other"] {
        copy("rules", scratch.path(name));
        let script = scratch.path(&format!("{name}/access/closed_interface_new.rhai"));
        fs::write(&script, fs::read_to_string(&script).unwrap().replace("customer.kind", "customer.knid")).unwrap();
    }
    let script = "access/closed_interface_new.rhai";
    let encoded = "in/a%20%E8%A7%84%E5%88%99/access/closed_interface_new.rhai";
    // The command; what it says; the exit code.
    let table: [(&str, Vec<String>, i32); 13] = [
        ("check draft --format github", vec![format!("::error file=draft/{script},line=2,")], 1),
        ("check ./draft/../draft/ --format github", vec![format!("::error file=draft/{script},line=2,")], 1),
        ("check in/a~规则 --format github", vec![format!("file=in/a 规则/{script},"), "title=unknown-field::".to_owned()], 1),
        (
            "check in/a~规则 --format junit",
            vec![format!("file=\"in/a 规则/{script}\""), "<testsuite name=\"in/a 规则\"".to_owned()],
            1,
        ),
        (
            "check in/a~规则 --format sarif",
            vec![
                format!("\"uri\": \"{encoded}\""),
                "\"uriBaseId\": \"%SRCROOT%\"".to_owned(),
                "\"uri\": \"file://{}/\"".to_owned(),
            ],
            1,
        ),
        ("check in/a~规则 --format json", vec![format!("\"file\": \"in/a 规则/{script}\"")], 1),
        ("check in/a~规则", vec![format!("--> in/a 规则/{script}:2:")], 1),
        (
            "check draft other --format github",
            vec![format!("file=draft/{script},"), format!("file=other/{script},"), "title=unknown-field (other)::".to_owned()],
            1,
        ),
        (
            "check draft other --format sarif",
            vec!["\"id\": \"countersign/draft/\"".to_owned(), "\"id\": \"countersign/other/\"".to_owned()],
            1,
        ),
        (
            "check draft other --format junit",
            vec!["<testsuite name=\"draft\"".to_owned(), "<testsuite name=\"other\"".to_owned()],
            1,
        ),
        ("check draft other --format json", vec!["\"target\": \"draft\"".to_owned(), "\"target\": \"other\"".to_owned()], 1),
        ("check draft nowhere", vec![format!("--> draft/{script}:2:"), "nowhere\nerror[missing-file]".to_owned()], 2),
        ("check nowhere --format github", vec!["::error title=missing-file::".to_owned()], 2),
    ];
    for (args, said, code) in table {
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        scratch.run_inside(args).check(code, &said, &[]);
    }
    // Outside of the current folder, which is the repository's.
    scratch.run("check {}/draft --format github").check(1, &[&format!("::error file={{}}/draft/{script},")], &[]);
    scratch.run("check {}/draft --format sarif").check(1, &[&format!("\"uri\": \"file://{{}}/draft/{script}\"")], &[]);
    scratch.run("check rules {}/draft --format junit").check(1, &["<testcase name=\"check\" classname=\"rules\"/>"], &[]);
    scratch.run("test rules --format junit").check(0, &["file=\"rules/cases/1_interfaces.ron\""], &[]);
    // What stands inside a release is shown in the release's file.
    copy("rules", scratch.path("shadowed"));
    let script = scratch.path("shadowed/access/closed_interface_new.rhai");
    let text = fs::read_to_string(&script).unwrap();
    fs::write(&script, format!("if 1 == 1 {{ }}\n{text}")).unwrap();
    scratch.run("release create {}/shadowed --requests {}/requests.csv --maker alice --out {}/live.ron").check(0, &[], &[]);
    let said = ["::warning file=live.ron,line=", "title=constant-condition::", "(`access/closed_interface_new.rhai:1:4`)"];
    scratch.run_inside("check live.ron --format github").check(1, &said, &[]);
    scratch.run_inside("check live.ron").check(1, &["--> access/closed_interface_new.rhai:1:4"], &[]);
    scratch.write("touched.ron", scratch.read("live.ron").replacen("alice", "mallory", 1));
    scratch.run_inside("release verify touched.ron --format github").check(1, &["::error file=touched.ron,line="], &[]);
    scratch.write("draft/journal.jsonl", "nonsense\n");
    scratch.run_inside("journal verify draft --format github").check(1, &["file=draft/journal.jsonl,line=1,"], &[]);
}

#[test]
fn evidence_that_cannot_be_computed_again_says_what_to_give() {
    let scratch = Scratch::new(ROWS);
    copy("tests/card-payments", scratch.path("cards"));
    let create = "release create {}/cards --requests {}/cards/payments.csv --maker alice --out {}/live.ron";
    scratch.run(&format!("{create} --mapping payments")).check(0, &[], &[]);
    let verify = "release verify {}/live.ron --evidence --requests {}/cards/payments.csv";
    let digest = "the release was made with the mapping sha256:";
    fs::create_dir(scratch.path("empty")).unwrap();
    // The rest of the command; what it says; the exit code.
    let table: [(&str, &[&str], i32); 8] = [
        ("--workspace {}/cards --mapping payments", &["the same evidence"], 0),
        ("--workspace {}/nowhere --mapping payments", &["error[no-workspace]", "`{}/nowhere`", "--workspace FOLDER"], 2),
        ("--workspace {}/empty --mapping payments", &["it has no `schema.ron`", "--workspace FOLDER"], 2),
        ("--workspace {}/cards", &["error[other-mapping]", digest, "give it as `--mapping payments`"], 2),
        ("--workspace {}/cards --mapping epoch", &["error[other-mapping]", digest, "and `epoch` is sha256:"], 2),
        ("--workspace {}/cards --mapping {}/cards/mappings/payments.ron", &["the same evidence"], 0),
        ("--workspace {}/cards --format github", &["::error title=other-mapping::", "--mapping payments"], 2),
        ("--workspace {}/nowhere --lang zh", &["[no-workspace]", "--workspace 文件夹"], 2),
    ];
    for (rest, said, code) in table {
        let ran = scratch.run(&format!("{verify} {rest}")).says(code, said);
        assert!(code != 2 || ran.text().matches("error[").count() <= 1, "one error: {}", ran.text());
    }
    let create = "release create rules --requests {}/requests.csv --maker alice --out {}/plain.ron";
    scratch.run(create).check(0, &[], &[]);
    let verify = "release verify {}/plain.ron --evidence --requests {}/requests.csv --mapping {}/cards/mappings/payments.ron";
    scratch.run(verify).says(2, &["made without a mapping", "leave out `--mapping`"]);
}

/// Findings that only commands report, each with a command that does.
#[test]
fn findings_of_commands_have_their_ids() {
    let scratch = Scratch::new(ROWS);
    scratch.write("empty.log", "");
    copy("tests/fixtures/checks", scratch.path("large"));
    let reasons: Vec<String> =
        (0..65_536).map(|at| format!("\"R{at}\": (text: (en: \"a\", zh: \"甲\"), wire: \"1\"),\n")).collect();
    scratch.write("large/ruleset.ron", scratch.read("large/ruleset.ron").replace("// + reasons\n", &reasons.concat()));
    scratch.write("signers", "li ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAYDjurNbiXDWiQceS+odmk/1MLTdm6klAMHfDoDrU+2\n");
    copy("rules", scratch.path("draft"));
    fs::remove_file(scratch.path("draft/approvals.ron")).unwrap();
    for (command, id) in [
        ("prove rules --against tests/card-payments", "not-provable"),
        ("journal statement rules --line 999", "journal-no-entry"),
        ("release create rules --requests {}/requests.csv --maker li --created-at noon --out {}/never.ron", "wrong-time"),
        ("replay {}/empty.log", "empty-log"),
        ("replay {}/requests.csv --line 1 --case new --workspace rules", "wrong-log-line"),
        ("check rules/ruleset.ron/folder", "unreadable-file"),
        ("check {}/large", "too-many"),
        ("sample --rows 0 --out {}/never.csv", "no-sample"),
        ("release create {}/draft --requests {}/requests.csv --maker li --created-at 2014-03-21T09:00:00+08:00", "written"),
        ("release publish {}/draft/released/2014.03.24.ron --by li", "no-approval-policy"),
    ] {
        let text = scratch.run(command).text();
        assert!(text.contains(id), "{command}: no `{id}` in\n{text}");
    }
    // A second release, without the cases, that decides some requests differently.
    fs::rename(scratch.path("draft/released/2014.03.24.ron"), scratch.path("first.ron")).unwrap();
    fs::remove_dir_all(scratch.path("draft/cases")).unwrap();
    let text = scratch
        .read("draft/ruleset.ron")
        .replace("\"icbc_single\": (type: Money, value: \"5000.00", "\"icbc_single\": (type: Money, value: \"100.00");
    scratch.write("draft/ruleset.ron", text.replace("version: \"2014.03.24\"", "version: \"2\""));
    for (command, id) in [
        ("test {}/draft", "without-cases"),
        (
            "release create {}/draft --requests {}/requests.csv --against {}/first.ron --maker li --created-at 2014-03-25T09:00:00+08:00 --out {}/second.ron",
            "written",
        ),
        (
            "release verify {}/second.ron --against {}/first.ron --policy rules/approvals.ron --allowed-signers {}/signers",
            "release-flips",
        ),
    ] {
        let text = scratch.run(command).text();
        assert!(text.contains(id), "{command}: no `{id}` in\n{text}");
    }
    // One case, which hits few rules.
    fs::create_dir(scratch.path("draft/cases")).unwrap();
    fs::copy("rules/cases/1_interfaces.ron", scratch.path("draft/cases/1_interfaces.ron")).unwrap();
    scratch.run("release create {}/draft --requests {}/requests.csv --maker li --created-at 2014-03-25T09:00:00+08:00 --out {}/third.ron").says(1, &["uncovered-rule"]);
    if let Ok(full) = fs::File::options().write(true).open("/dev/full") {
        let output =
            Command::new(env!("CARGO_BIN_EXE_countersign")).args(["explain", "--finding", "all"]).stdout(full).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stderr).contains("[unwritable-output]"));
    }
}

/// A derived field beside the shipped ones: how often a card signed in 24 hours, this request included.
const DERIVED: &str = r#"            "signings_24h": (type: Int, text: (en: "Signings", zh: "签约次数"), derived: (function: Count, by: ["card.hash"], where: "request.operation == \"SIGN\"", over: Last("24h"), current: Included)),
"#;

#[test]
fn derived_fields_are_computed_compared_and_travel_in_a_release() {
    let scratch = Scratch::new(ROWS);
    copy("rules", scratch.path("draft"));
    let schema = scratch.read("draft/schema.ron");
    let start = schema.find("\"signings_today_by_card\"").unwrap();
    let line = schema[..start].rfind('\n').unwrap() + 1;
    scratch.write("draft/schema.ron", format!("{}{DERIVED}{}", &schema[..line], &schema[line..]));
    scratch.run("check {}/draft").check(0, &["no findings"], &[]);
    // Earlier requests of a case: the same with other values.
    let cases = "(format: 1, cases: [\n    (id: \"signed_before\", title: (en: \"Signed before\", zh: \"曾签约\"), from: \"new_sign\", \
                 before: [{\"request.received_at\": \"2014-03-25T10:00:00\"}, {\"request.received_at\": \"2014-03-24T10:15:00\"}], \
                 expect: (verdict: Accept)),\n])\n";
    scratch.write("draft/cases/7_history.ron", cases);
    scratch.run("test {}/draft").check(0, &["0 failed"], &[]);
    let dry = scratch.run("dry-run {}/draft --requests {}/requests.csv --report {}/r.json");
    dry.check(0, &["derived fields", "`velocity.signings_24h`: the window of"], &[]);
    assert!(scratch.read("r.json").contains("\"field\": \"velocity.signings_24h\""));
    let key = scratch.read("requests.csv").lines().nth(9).unwrap().split(',').next().unwrap().to_owned();
    let explained = scratch.run(&format!("explain {{}}/draft --requests {{}}/requests.csv --request {key}"));
    explained.check(0, &["`velocity.signings_24h` is "], &[]);
    let earlier = scratch.run("dry-run {}/draft --requests {}/requests.csv --history {}/requests.csv");
    earlier.check(0, &["300 requests from requests.csv"], &[]);
    scratch.run("dry-run rules --requests {}/requests.csv --history {}/requests.csv").check(2, &[], &["history-unused"]);
    scratch.run("decide {}/draft --stream").check(2, &[], &["history-in-stream"]);
    let refused = "`velocity.signings_24h`, which is derived from earlier requests";
    scratch.run("translate {}/draft --to duckdb --out {}/sql").check(1, &[], &[refused]);
    // A column of the name in the file is compared, and decides nothing.
    let given = scratch.read("requests.csv");
    let given: Vec<String> = given
        .lines()
        .enumerate()
        .map(|(at, line)| format!("{line},{}", if at == 0 { "velocity.signings_24h" } else { "0" }))
        .collect();
    scratch.write("given.csv", given.join("\n") + "\n");
    let compared = scratch.run("dry-run {}/draft --requests {}/given.csv");
    compared.check(0, &["the file's column differs for", "the file has `0`"], &[]);
    scratch.run("release create {}/draft --requests {}/requests.csv --maker alice --out {}/live.ron").check(0, &[], &[]);
    assert!(scratch.read("live.ron").contains("where: \"request.operation == \\\"SIGN\\\"\""));
    let same = scratch.run("compare {}/live.ron {}/draft --requests {}/requests.csv");
    same.check(0, &["0 requests are decided differently", "derived fields"], &[]);
}

#[test]
fn rules_become_sql_that_stays_the_same_and_what_cannot_be_said_is_named() {
    let scratch = Scratch::new(1);
    scratch.run("translate tests/card-payments --to duckdb --out {}/sql").check(0, &["written: {}/sql/decide.sql"], &[]);
    crate::checks::fixture::assert_held("tests/golden/card-payments.duckdb.sql", &scratch.read("sql/decide.sql"));
    copy("rules", scratch.path("draft"));
    let file = scratch.path("draft/risk/under_age.rhai");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("customer.age <", "customer.age ** 3 <")).unwrap();
    let refused = "rule `under_age` (`risk/under_age.rhai`): SQL cannot say this exactly: a power";
    scratch.run("translate {}/draft --to duckdb --out {}/no").check(1, &[], &["error[not-translatable]", refused, "--skip"]);
    assert!(!scratch.path("no").exists());
    scratch.run("translate {}/draft --to duckdb --out {}/some --skip --table a.b").check(1, &[], &["left out: rule `under_age`"]);
    let made = scratch.read("some/decide.sql");
    assert!(made.contains("LEFT OUT: rule under_age") && made.contains("FROM \"a\".\"b\"") && !made.contains("arm under_age"));
}
