//! Findings of the examples in the documentation, and of the scripts in `scripts.txt`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use countersign_app::cli::render::human;
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::text::Language;

use crate::checks::fixture::{FIXTURE, assert_held, findings, rendered, with_example, workspace};
use crate::checks::pages::with_examples;

#[test]
fn the_fixture_has_no_finding() {
    let shown = rendered(&workspace(&|_, text| text));
    assert_eq!(shown, "no findings\n");
}

#[test]
fn every_check_fires_on_its_wrong_example_and_not_on_its_right_one() {
    let mut faults = Vec::new();
    for (kind, example) in with_examples() {
        let id = kind.id();
        let wrong = with_example(example.place, example.wrong);
        let (_, found) = findings(&wrong);
        let own: Vec<_> = found.iter().filter(|finding| finding.kind == kind).collect();
        if own.is_empty() {
            faults.push(format!("`{id}` is not reported for its wrong example:\n{}", rendered(&wrong)));
        }
        for finding in own {
            if finding.severity != kind.severity() || finding.span.is_none() || finding.help.is_none() {
                faults.push(format!("`{id}` has another severity than its kind, no place or no help: {finding:?}"));
            }
        }
        let right = with_example(example.place, example.right);
        let (_, found) = findings(&right);
        if found.iter().any(|finding| finding.kind == kind || finding.severity == Severity::Error) {
            faults.push(format!("`{id}` has a right example that is wrong:\n{}", rendered(&right)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn messages_about_wrong_examples_are_held() {
    for (language, name) in [(Language::En, "messages.en.txt"), (Language::Zh, "messages.zh.txt")] {
        let mut messages = String::new();
        for (kind, example) in with_examples() {
            let (sources, found) = findings(&with_example(example.place, example.wrong));
            for finding in found.iter().filter(|finding| finding.kind == kind) {
                writeln!(messages, "{}", human::render_one(finding, &sources, language, false)).unwrap();
            }
        }
        assert_held(&format!("{FIXTURE}/{name}"), &messages);
    }
}

/// Blocks of `scripts.txt`: a title after `###`, the script, then after `---` a line `id: underlined text` for each finding.
#[test]
fn scripts_get_the_findings_written_below_them() {
    let all = fs::read_to_string(Path::new(FIXTURE).join("scripts.txt")).unwrap().replace("\r\n", "\n");
    let mut faults = Vec::new();
    for block in all.split("\n### ").skip(1) {
        let (title, rest) = block.split_once('\n').unwrap();
        let (script, expected) = rest.split_once("\n---").unwrap_or_else(|| panic!("no `---` in {title}"));
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let (sources, found) = findings(&with_example("", script));
        let line = |finding: &Finding| {
            let text = finding.span.and_then(|span| Some(sources.get(span.source)?.slice(span))).unwrap_or_default();
            format!("{}: {}", finding.id(), text.lines().next().unwrap_or_default())
        };
        let mut got: Vec<String> = found.iter().map(line).collect();
        let mut wanted: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
        got.sort();
        wanted.sort();
        if got != wanted {
            faults.push(format!("{title}\n  wanted {wanted:#?}\n  got {got:#?}\n"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
