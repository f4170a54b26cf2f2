//! Holds the code map: a room names only rooms above it, `rhai` is named in one room, and each crate of a shell stays in its shell.
//!
//! Reads the sources as text, so that a wrong `use` fails here with its file and line, whatever features are on.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in order, each with the rooms above it that it must not know all the same.
const ROOMS: [(&str, &[&str]); 17] = [
    ("text", &[]),
    ("progress", &[]),
    ("diagnostic", &[]),
    ("model", &[]),
    ("script", &[]),
    ("plan", &[]),
    ("check", &[]),
    ("requests", &["script", "check", "plan"]),
    ("engine", &["check"]),
    ("prove", &["check", "requests"]),
    ("release", &["requests"]),
    ("gateway", &["requests"]),
    ("report", &["check", "script", "plan"]),
    ("workspace", &[]),
    ("session", &[]),
    ("cli", &["session"]),
    ("gui", &["cli"]),
];

/// Outside names that belong to some rooms only.
const CRATES: [(&str, &[&str]); 14] = [
    ("rhai::", &["script"]),
    ("arrow_", &["requests"]),
    ("batsat", &["prove"]),
    ("parquet::", &["requests"]),
    ("egui", &["gui"]),
    ("eframe", &["gui"]),
    ("rfd::", &["gui"]),
    ("fontdb::", &["gui"]),
    ("skrifa::", &["gui"]),
    ("ssh_key::", &["release"]),
    ("crypto_bigint::", &["release"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("std::fs", &["workspace"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The room a source belongs to: the folder or file right under `src/`.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn position(room: &str) -> Option<usize> {
    ROOMS.iter().position(|(name, _)| *name == room)
}

/// Lines that are code: no comments, and nothing from the tests module on.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]");
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(at, line)| (at + 1, line))
}

#[test]
fn a_room_knows_only_rooms_above_it() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let room = room(&path);
        if room == "lib" || room == "main" {
            continue;
        }
        let own = position(&room).unwrap_or_else(|| panic!("`{room}` is not on the code map"));
        let barred = ROOMS[own].1;
        for (line, text) in code(&fs::read_to_string(&path).unwrap()) {
            for (at, (other, _)) in ROOMS.iter().enumerate() {
                let named = text.contains(&format!("crate::{other}::")) || text.contains(&format!("crate::{other};"));
                if named && (at > own || barred.contains(other)) {
                    wrong.push(format!("{}:{line}: `{room}` must not know `{other}`", path.display()));
                }
            }
            for (name, homes) in CRATES {
                let named = text.contains(name) && !text.contains(&format!("\"{name}"));
                // Tests of any room may lay files ready.
                let is_laid = name == "std::fs" && path.components().any(|part| part.as_os_str() == "tests");
                // The one other place: what a gateway does with files, behind a feature.
                let is_gateway_file = name == "std::fs" && path.starts_with("src/gateway/files");
                if named && !is_laid && !is_gateway_file && !homes.contains(&room.as_str()) {
                    wrong.push(format!("{}:{line}: `{name}` belongs to {homes:?}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_source_says_what_it_is() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let silent: Vec<_> = files.iter().filter(|path| !fs::read_to_string(path).unwrap().starts_with("//!")).collect();
    assert!(silent.is_empty(), "no `//!` at the top of {silent:?}");
}

#[test]
fn files_stay_small() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let lines = |path: &PathBuf| fs::read_to_string(path).unwrap().lines().take_while(|line| *line != "#[cfg(test)]").count();
    let large: Vec<_> = files.iter().map(|path| (path, lines(path))).filter(|(_, lines)| *lines > 500).collect();
    assert!(large.is_empty(), "over 500 lines: {large:?}");
}
