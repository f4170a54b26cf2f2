//! What is said of every example, and of the scripts in `scripts.txt`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use countersign_core::diagnostic::{Example, Finding, Severity, human};
use countersign_core::text::Language;

use crate::checks::fixture::{FIXTURE, findings, rendered, with_example, with_examples, workspace};

#[test]
fn the_fixture_has_no_finding() {
    let shown = rendered(&workspace(&|_, text| text));
    assert_eq!(shown, "no findings\n");
}

#[test]
fn every_check_fires_on_its_wrong_example_and_not_on_its_right_one() {
    let mut faults = Vec::new();
    for (documentation, example) in with_examples() {
        let id = documentation.id;
        let wrong = with_example(example, example.wrong());
        let (_, found) = findings(&wrong);
        let own: Vec<_> = found.iter().filter(|finding| finding.id == id).collect();
        if own.is_empty() {
            faults.push(format!("`{id}` is silent on its wrong example:\n{}", rendered(&wrong)));
        }
        for finding in own {
            if finding.severity != documentation.severity || finding.span.is_none() || finding.help.is_none() {
                faults.push(format!("`{id}` has another severity than documented, no place or no help: {finding:?}"));
            }
        }
        let right = with_example(example, example.right());
        let (_, found) = findings(&right);
        if found.iter().any(|finding| finding.id == id || finding.severity == Severity::Error) {
            faults.push(format!("`{id}` has a right example that is wrong:\n{}", rendered(&right)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_said_of_every_wrong_example_is_held() {
    for (language, name) in [(Language::En, "said.en.txt"), (Language::Zh, "said.zh.txt")] {
        let mut said = String::new();
        for (documentation, example) in with_examples() {
            let (sources, found) = findings(&with_example(example, example.wrong()));
            let own = found.iter().filter(|finding| finding.id == documentation.id);
            for finding in own {
                writeln!(said, "{}", human::render_one(finding, &sources, language, false)).unwrap();
            }
        }
        let path = Path::new(FIXTURE).join(name);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&path, &said).unwrap();
        }
        let held = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(said, held, "run with UPDATE_SNAPSHOTS=1 and look at the difference of {}", path.display());
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
        let example = Example::Script { wrong: "", right: "" };
        let (sources, found) = findings(&with_example(example, script));
        let line = |finding: &Finding| {
            let text = finding.span.and_then(|span| Some(sources.get(span.source)?.slice(span))).unwrap_or_default();
            format!("{}: {}", finding.id, text.lines().next().unwrap_or_default())
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
