//! One declined sample explained by the real program, for people in both languages and for other programs, kept whole beside it.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test explain` writes what is said now; look at the difference.

#![cfg(feature = "cli")]
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const SAMPLES: &str = "assets/samples/signing-requests.csv";
/// A payment above what its card allows for one payment.
const DECLINED: &str = "2014031707593000000006488152388";

/// Runs `explain` on the first samples and gives its exit code and what it printed on either output.
fn explain(args: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests.csv");
    let samples = fs::read_to_string(SAMPLES).unwrap();
    fs::write(&file, samples.lines().take(301).collect::<Vec<_>>().join("\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(["explain", "rules", "--requests", file.to_str().unwrap()]);
    let words = args.split_whitespace().map(|word| if word == "DECLINED" { DECLINED } else { word });
    let output = command.args(words).env_clear().stdin(Stdio::null()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_pages_are_those_that_were_looked_at() {
    let pages = [
        ("whole.en.txt", "--request DECLINED --lang en"),
        ("brief.zh.txt", "--request DECLINED --lang zh --brief"),
        ("rule.zh.txt", "--request DECLINED --lang zh --rule single_amount"),
        ("rule.json", "--request DECLINED --rule single_amount --format json"),
        ("counts.en.txt", "--rule single_amount"),
        ("counts.zh.txt", "--rule closed_interface_new --lang zh"),
        ("counts.json", "--rule closed_interface_new --format json"),
        ("plain.en.txt", "--rule single_amount --plain"),
        ("plain.zh.txt", "--rule balance_class_limits --plain --lang zh"),
        ("plain.json", "--rule class_two_amount --plain --format json"),
    ];
    for (name, args) in pages {
        let (code, page, noise) = explain(args);
        assert_eq!((code, noise.as_str()), (0, ""), "{args}");
        let path = Path::new("tests/fixtures/explain").join(name);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&path, &page).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let differs = kept.lines().zip(page.lines()).enumerate().find(|(_, (kept, got))| kept != got);
        assert_eq!(differs, None, "{name}: look at the new page, then run this again with UPDATE_SNAPSHOTS=1");
        assert!(kept == page, "{name}: one page is longer than the other");
    }
}

#[test]
fn a_rule_that_is_not_there_is_refused_with_the_nearest_name() {
    for args in ["--request DECLINED --rule single_amout", "--rule single_amout"] {
        let (code, page, said) = explain(args);
        assert_eq!((code, page.as_str()), (2, ""));
        assert!(said.contains("unknown-name") && said.contains("`single_amount`"), "{said}");
    }
}
