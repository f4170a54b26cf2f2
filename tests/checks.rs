//! Every check fires on its own wrong example and not on its right one; what is said is held word for word; nothing is undocumented.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test checks` writes what is said now into `tests/fixtures/checks/said.*.txt`; look at the difference.

#![cfg(feature = "desk")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its fixture has failed")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use countersign::check::{self, ALL};
use countersign::diagnostic::{Documentation, Example, Finding, Part, Severity, human};
use countersign::script::Program;
use countersign::text::{Language, Sources};
use countersign::workspace::{DiskFiles, MemoryFiles, load, load_cases};

const FIXTURE: &str = "tests/fixtures/checks";

/// The fixture's files in memory, under `w/`, changed by `change(path, text)`.
fn workspace(change: &dyn Fn(&str, String) -> String) -> MemoryFiles {
    fn add(files: &MemoryFiles, folder: &Path, change: &dyn Fn(&str, String) -> String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                add(files, &path, change);
            } else {
                let name = path.strip_prefix(FIXTURE).unwrap().to_str().unwrap().replace('\\', "/");
                let text = change(&name, fs::read_to_string(&path).unwrap());
                files.put(PathBuf::from("w").join(name), text);
            }
        }
    }
    let files = MemoryFiles::new();
    add(&files, Path::new(FIXTURE), change);
    files
}

/// Everything found in a workspace, by whatever finds it first: reading, compiling, checking.
fn findings(files: &MemoryFiles) -> (Sources, Vec<Finding>) {
    let mut definition = match load(files, "w") {
        Ok(definition) => definition,
        Err(failed) => return (failed.sources, failed.findings),
    };
    let cases = match load_cases(files, "w", &mut definition) {
        Ok(cases) => cases,
        Err(failed) => return (failed.sources, failed.findings),
    };
    let compiled = Program::compile(&definition);
    let findings = check::check_compiled(&definition, &compiled, Some(&cases));
    (definition.sources, findings)
}

/// The fixture with `text` put where an example of that kind belongs.
fn with_example(example: Example, text: &str) -> MemoryFiles {
    let after = |marker: &str, all: String| all.replace(&format!("// + {marker}\n"), &format!("{text}\n"));
    let line = |start: &str, all: String| {
        let lines = all.lines().map(|line| if line.trim_start().starts_with(start) { text } else { line });
        lines.collect::<Vec<_>>().join("\n")
    };
    workspace(&|file, all| match (example, file) {
        (Example::Script { .. }, "risk/example.rhai") => text.to_owned(),
        (Example::Entry { part, .. }, _) => match (part, file) {
            (Part::Parameter, "ruleset.ron") => after("parameters", all),
            (Part::Interface, "ruleset.ron") => after("interfaces", all),
            (Part::Reason, "ruleset.ron") => after("reasons", all),
            (Part::List, "ruleset.ron") => after("lists", all),
            (Part::Stage, "ruleset.ron") => after("stages", all),
            (Part::Rule, "ruleset.ron") => after("rules", all),
            (Part::Case, "cases/cases.ron") => after("cases", all),
            (Part::OnError, "ruleset.ron") => line("on_error:", all),
            (Part::Roles, "schema.ron") => line("roles:", all),
            (Part::IntList, "lists/bins.txt")
            | (Part::LimitScript, "limits/example.rhai")
            | (Part::RouteScript, "routing/example.rhai") => text.to_owned(),
            (Part::Shared, "shared.rhai") => format!("{all}\n{text}\n"),
            // A shared function is typed only where it is called.
            (Part::Shared, "risk/example.rhai") if text.contains("fn days_left(") => {
                "if days_left(velocity.cards_by_mobile) > 1 {\n    refer(\"TOO_MANY_CARDS\")\n}\n".to_owned()
            }
            _ => all,
        },
        _ => all,
    })
}

fn ids(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.id).collect()
}

fn rendered(files: &MemoryFiles) -> String {
    let (sources, findings) = findings(files);
    human::render(&findings, &sources, Language::En, false)
}

fn with_examples() -> impl Iterator<Item = (&'static Documentation, Example)> {
    let all = ALL.iter().map(|check| (&check.documentation, check.documentation.example));
    all.filter(|(_, example)| *example != Example::None)
}

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

#[test]
fn every_finding_the_sources_can_make_is_documented() {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut all = Vec::new();
    for room in ["script", "check", "workspace"] {
        files(&Path::new("src").join(room), &mut all);
    }
    let known: BTreeSet<&str> = ALL.iter().map(|check| check.documentation.id).collect();
    let mut unknown = BTreeSet::new();
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("\n#[cfg(test)]\n").next().unwrap();
        for made in ["Finding::error(\"", "Finding::warning(\""] {
            for (at, _) in code.match_indices(made) {
                let id = code[at + made.len()..].split('"').next().unwrap();
                if !known.contains(id) {
                    unknown.insert(format!("{id} in {}", path.display()));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "not in the registry: {unknown:#?}");
}

#[test]
fn the_registry_is_whole() {
    let mut seen = BTreeSet::new();
    for check in ALL {
        let documentation = &check.documentation;
        let id = documentation.id;
        assert!(seen.insert(id), "`{id}` stands twice");
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
        assert!(check::find(id).is_some());
        for text in [documentation.title, documentation.what, documentation.why, documentation.remedy] {
            assert!(!text.en.trim().is_empty(), "{id}");
            assert!(text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "`{id}` has no Chinese: {}", text.zh);
        }
        for language in [Language::En, Language::Zh] {
            assert!(documentation.page(language).starts_with(&format!("# {id}: ")), "{id}");
        }
        for finding in check::documentation() {
            assert!(seen.contains(finding.id) || ALL.iter().any(|other| other.documentation.id == finding.id));
        }
    }
}

#[test]
fn a_fault_in_a_shared_function_is_found_once() {
    let files = workspace(&|file, text| {
        match file {
        "shared.rhai" => format!("{text}\nfn too_young(age) {{\n    age < limit_of_age\n}}\n"),
        "risk/example.rhai" | "risk/extra.rhai" => "if too_young(customer.age ?? 99) {\n    decline(\"AGE_UNDER_16\")\n}\n".to_owned(),
        "ruleset.ron" => text.replace(
            "// + rules",
            "(id: \"extra\", title: (en: \"E\", zh: \"附\"), owner: \"r\", basis: (en: \"E\", zh: \"示\"), script: \"risk/extra.rhai\"),",
        ),
        _ => text,
    }
    });
    let (_, found) = findings(&files);
    assert_eq!(found.iter().filter(|finding| finding.id == "unknown-variable").count(), 1, "{:?}", ids(&found));
}

/// A thousand rules like the largest of the fixture, each with a script of its own.
fn large(rules: usize) -> MemoryFiles {
    let files = workspace(&|file, text| {
        if file != "ruleset.ron" {
            return text;
        }
        let mut more = String::new();
        for at in 0..rules {
            let entry = "title: (en: \"E\", zh: \"附\"), owner: \"r\", basis: (en: \"E\", zh: \"示\")";
            writeln!(more, "(id: \"r{at}\", {entry}, script: \"risk/r{at}.rhai\"),").unwrap();
        }
        text.replace("// + rules", &more)
    });
    let script = fs::read_to_string(Path::new(FIXTURE).join("risk/everything.rhai")).unwrap();
    for at in 0..rules {
        files.put(format!("w/risk/r{at}.rhai"), script.replace("age < 16", &format!("age < {at}")));
    }
    files
}

#[test]
#[ignore = "a measurement: cargo test --release --test checks -- --ignored --nocapture"]
fn a_thousand_rules_are_checked_in_well_under_a_second() {
    for rules in [250, 1_000, 4_000] {
        let definition = load(&large(rules), "w").unwrap_or_else(|failed| panic!("{failed}"));
        let start = Instant::now();
        let compiled = Program::compile(&definition);
        let compile = start.elapsed();
        let start = Instant::now();
        let found = check::check_compiled(&definition, &compiled, None);
        println!("{rules} rules: compile {compile:?}, check {:?}, {} findings", start.elapsed(), found.len());
    }
}

#[test]
fn the_shipped_workspace_has_no_error() {
    let mut definition = load(&DiskFiles, "rules").unwrap_or_else(|failed| panic!("{failed}"));
    let cases = load_cases(&DiskFiles, "rules", &mut definition).unwrap_or_else(|failed| panic!("{failed}"));
    let compiled = Program::compile(&definition);
    let found = check::check_compiled(&definition, &compiled, Some(&cases));
    let errors = found.iter().any(|finding| finding.severity == Severity::Error);
    assert!(!errors, "{}", human::render(&found, &definition.sources.under("rules"), Language::En, false));
}

#[test]
fn a_shared_script_that_cannot_be_read_is_reported_once_and_not_for_every_call() {
    let files = workspace(&|file, text| if file == "shared.rhai" { text.replace("&&", "& &") } else { text });
    let (sources, found) = findings(&files);
    let shown = human::render(&found, &sources, Language::En, false);
    assert_eq!(found.len(), 1, "{shown}");
    assert!(shown.contains("--> shared.rhai:2:25"), "{shown}");
}
