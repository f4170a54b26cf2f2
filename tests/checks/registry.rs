//! The registry is whole: whatever can be found is documented, in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign::check::{self, ALL};
use countersign::text::Language;

/// Ids of findings as they stand in a source: the first text after each of the functions that make one.
fn ids_made(code: &str) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    for made in ["Finding::error(", "Finding::warning(", "Finding::new(", "refuse("] {
        for (at, _) in code.match_indices(made) {
            if let Some(rest) = code[at + made.len()..].trim_start().strip_prefix('"') {
                ids.extend(rest.split('"').next());
            }
        }
    }
    ids
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
    for room in ["script", "check", "workspace", "requests", "engine"] {
        files(&Path::new("src").join(room), &mut all);
    }
    let mut unknown = BTreeSet::new();
    for path in all {
        let text = fs::read_to_string(&path).unwrap();
        let is_test = path.file_stem().is_some_and(|name| name == "tests" || name == "fixture");
        let code = if is_test { "" } else { text.split("\n#[cfg(test)]\n").next().unwrap() };
        unknown.extend(
            ids_made(code).into_iter().filter(|id| check::find(id).is_none()).map(|id| format!("{id} in {}", path.display())),
        );
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
    }
}
