//! The registry is whole: whatever can be found is documented, in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use countersign_core::diagnostic::Documentation;
use countersign_core::text::Language;

/// Ids of findings as they stand in a source: the first text after each of the functions that make one, and the ids of kinds of fault.
fn ids_made(code: &str) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    for made in ["Finding::error(", "Finding::warning(", "Finding::note(", "Finding::new(", "refuse("] {
        for (at, _) in code.match_indices(made) {
            if let Some(rest) = code[at + made.len()..].trim_start().strip_prefix('"') {
                ids.extend(rest.split('"').next());
            }
        }
    }
    let kinds =
        code.split_once("pub fn id(&self) -> &'static str {").map_or("", |(_, body)| body.split("\n    }\n").next().unwrap());
    ids.extend(kinds.split('"').skip(1).step_by(2));
    ids
}

/// Everything that a user may be told and may ask `explain` about.
fn documented() -> Vec<&'static Documentation> {
    #[cfg(feature = "cli")]
    return countersign_app::cli::documentation();
    #[cfg(not(feature = "cli"))]
    return countersign_core::check::documentation().into_iter().chain(countersign_core::release::refusal::ALL).collect();
}

#[test]
fn every_finding_the_sources_can_make_is_documented() {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let known: BTreeSet<&str> = documented().iter().map(|documentation| documentation.id).collect();
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    all.retain(|path| cfg!(feature = "cli") || !path.starts_with("src/cli"));
    let (mut made, mut unknown) = (0, BTreeSet::new());
    for path in all {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let is_test = path
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests.rs" | "tests" | "fixture.rs" | "sample.rs")));
        let code = if is_test { "" } else { text.split("\n#[cfg(test)]\n").next().unwrap() };
        let ids = ids_made(code);
        made += ids.len();
        unknown.extend(ids.into_iter().filter(|id| !known.contains(id)).map(|id| format!("{id} in {}", path.display())));
    }
    assert!(made > 60, "only {made} findings were seen in the sources");
    assert!(unknown.is_empty(), "not documented: {unknown:#?}");
}

#[test]
fn the_registry_is_whole() {
    let mut seen = BTreeSet::new();
    for documentation in documented() {
        let id = documentation.id;
        assert!(seen.insert(id), "`{id}` stands twice");
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
        for text in [documentation.title, documentation.what, documentation.why, documentation.remedy] {
            assert!(!text.en.trim().is_empty(), "{id}");
            assert!(text.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "`{id}` has no Chinese: {}", text.zh);
        }
        for language in [Language::En, Language::Zh] {
            assert!(documentation.page(language).starts_with(&format!("# {id}: ")), "{id}");
        }
    }
}
