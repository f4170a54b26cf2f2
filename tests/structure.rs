//! What the manifests of the crates cannot hold: the order of modules in the core, what only one place may name, and the size of files.

use std::fs;
use std::path::{Path, PathBuf};

/// Names that only files under these paths may contain.
const HOMES: [(&str, &[&str]); 6] = [
    ("rhai::", &["src/core/script"]),
    ("ssh_key::", &["src/core/release", "src/workspace/key"]),
    ("crypto_bigint::", &["src/core/release"]),
    // The window and the command line share one crate; neither uses the other.
    ("countersign_session", &["src/session", "src/app/gui"]),
    ("crate::cli", &["src/app/cli"]),
    ("crate::gui", &["src/app/gui"]),
];

/// Where files are opened; tests may do so anywhere.
const FILES: [&str; 2] = ["src/workspace", "src/core/gateway/files"];

const MOST_LINES: usize = 600;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The modules of the core in the order of the table in its `lib.rs`.
fn order() -> Vec<String> {
    let text = fs::read_to_string("src/core/lib.rs").unwrap();
    let name = |line: &str| Some(line.strip_prefix("//! | [`")?.split_once('`')?.0.to_owned());
    text.lines().filter_map(name).collect()
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_test(path: &Path) -> bool {
    path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "fixture.rs" || part == "testing.rs")
}

#[test]
fn a_module_of_the_core_uses_only_modules_above_it() {
    let order = order();
    let mut wrong = Vec::new();
    for (path, text) in sources("src/core") {
        let module = path.iter().nth(2).unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = order.iter().position(|known| known == module) else {
            assert_eq!(module, "lib", "the table in src/core/lib.rs has no `{module}`");
            continue;
        };
        for other in order.iter().skip(own + 1) {
            let uses = format!("crate::{other}::");
            wrong.extend(
                lines(&text).filter(|(_, line)| line.contains(&uses)).map(|(at, _)| format!("{}:{at}: {uses}", path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_one_home_is_named_nowhere_else() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let is_home = |homes: &[&str]| homes.iter().any(|home| path.starts_with(home));
        let unit_tests = text.find("\n#[cfg(test)]\nmod ").unwrap_or(text.len());
        for (at, line) in lines(&text) {
            let mut barred = HOMES.iter().filter(|(name, homes)| line.contains(name) && !is_home(homes)).map(|(name, _)| *name);
            let opens = line.contains("std::fs") && !is_home(&FILES) && !is_test(&path) && text[..unit_tests].contains(line);
            wrong.extend(barred.next().or(opens.then_some("std::fs")).map(|name| format!("{}:{at}: {name}", path.display())));
        }
    }
    // The shells are joined in one file.
    wrong.retain(|place| !place.starts_with("src/app/lib.rs"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_small_and_begin_with_what_they_hold() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        let count = text.lines().count();
        if count > MOST_LINES {
            wrong.push(format!("{}: {count} lines, at most {MOST_LINES}", path.display()));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{}: no `//!` at the top", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
