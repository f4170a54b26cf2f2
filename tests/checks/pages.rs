//! The pages of the kinds of findings in `docs/findings`: their form, their index, their examples.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use countersign_app::finding_kinds;
use countersign_core::diagnostic::FindingKind;
use countersign_core::text::Language;

use crate::checks::fixture::{PLACES, assert_held};

const FOLDER: &str = "docs/findings";

/// The text that a page shows as wrong, and its corrected form.
#[derive(Clone, Copy)]
pub(crate) struct Example {
    /// Where it belongs, as in the heading, such as `` in `parameters` of `ruleset.ron` ``; empty for the script of a rule.
    pub(crate) place: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) right: &'static str,
}

/// The heading of a section, without what is in brackets, what is in brackets, and the text.
fn sections(page: &'static str) -> Vec<(&'static str, &'static str, &'static str)> {
    let section = |section: &'static str| {
        let (heading, text) = section.split_once("\n\n").unwrap_or((section, ""));
        let (heading, place) = heading.split_once(" (").unwrap_or((heading, ""));
        (heading, place.trim_end_matches(')'), text.trim_end())
    };
    page.split("\n## ").skip(1).map(section).collect()
}

/// The code in a fenced block.
fn code(block: &'static str) -> &'static str {
    let inside = block.strip_prefix("```").and_then(|block| block.strip_suffix("\n```")).unwrap();
    inside.split_once('\n').unwrap().1
}

fn example_of(page: &'static str) -> Option<Example> {
    let sections = sections(page);
    let [_, (_, place, wrong), (_, _, right), _] = sections.as_slice() else { return None };
    Some(Example { place, wrong: code(wrong), right: code(right) })
}

/// Every kind whose page has an example.
pub(crate) fn with_examples() -> impl Iterator<Item = (&'static FindingKind, Example)> {
    finding_kinds().into_iter().filter_map(|kind| Some((kind, example_of(kind.page(Language::En))?)))
}

#[test]
fn every_kind_has_a_page_and_every_page_a_kind() {
    let kinds = finding_kinds();
    let names = kinds.iter().flat_map(|kind| ["en", "zh"].map(|language| format!("{}.{language}.md", kind.id())));
    let wanted: BTreeSet<String> = names.collect();
    assert_eq!(wanted.len(), 2 * kinds.len(), "an id is declared twice");
    let files = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<String> =
        files.filter(|name| Path::new(name).extension().is_some_and(|end| end == "md") && !name.starts_with("README")).collect();
    let differing: Vec<&String> = wanted.symmetric_difference(&pages).collect();
    assert!(differing.is_empty(), "a kind is not in a list of `finding_kinds`, or a page has no kind: {differing:#?}");
}

#[test]
fn every_page_has_the_fixed_form_in_both_languages() {
    let headings = [
        (Language::En, "Severity: ", ["Why it matters", "Wrong", "Right", "How to fix it"]),
        (Language::Zh, "级别: ", ["为什么重要", "错误示例", "正确示例", "如何修正"]),
    ];
    let has_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for kind in finding_kinds() {
        let id = kind.id();
        assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}");
        let [en, zh] = headings.map(|(language, severity, headings)| {
            let page = kind.page(language);
            let head: Vec<&str> = page.split("\n## ").next().unwrap().trim_end().split("\n\n").collect();
            let severity = format!("{severity}{}", kind.severity().text().get(language));
            assert_eq!(
                head,
                [format!("# {id}: {}", kind.title(language)).as_str(), &severity, kind.what_is_found(language)],
                "{id}"
            );
            let sections = sections(page);
            let found: Vec<&str> = sections.iter().map(|(heading, ..)| *heading).collect();
            let example = example_of(page);
            assert!(if example.is_some() { found == headings } else { found == [headings[0], headings[3]] }, "{id}: {found:?}");
            let prose = [kind.title(language), kind.what_is_found(language), sections[0].2, kind.how_to_fix(language)];
            assert_eq!(sections.last().unwrap().2, kind.how_to_fix(language), "{id}");
            for text in prose {
                assert!(!text.is_empty() && (language == Language::En || has_chinese(text)), "{id}: {text:?}");
            }
            example
        });
        let code = |example: Example| (example.wrong, example.right);
        assert_eq!(en.map(code), zh.map(code), "the pages of `{id}` have different examples");
        let is_known = |(en, zh): (Example, Example)| PLACES.iter().any(|place| (place.en, place.zh) == (en.place, zh.place));
        assert!(en.zip(zh).is_none_or(is_known), "the examples of `{id}` have a place that `PLACES` does not have");
    }
}

#[test]
fn the_index_lists_every_kind() {
    let pages = [
        (Language::En, "README.md", "# Findings\n\n[中文](README.zh.md)\n\n", "| Finding | Severity | Meaning |"),
        (Language::Zh, "README.zh.md", "# 检查发现的问题\n\n[English](README.md)\n\n", "| 标识 | 级别 | 含义 |"),
    ];
    for (language, name, head, columns) in pages {
        let mut index = format!("{head}{columns}\n|---|---|---|\n");
        for kind in finding_kinds() {
            let (id, severity) = (kind.id(), kind.severity().text());
            let page = if language == Language::En { "en" } else { "zh" };
            writeln!(index, "| [{id}]({id}.{page}.md) | {} | {} |", severity.get(language), kind.title(language)).unwrap();
        }
        assert_held(&format!("{FOLDER}/{name}"), &index);
    }
}

/// The words that tests consist of: ids in texts, and names of constants.
fn words_of_tests() -> BTreeSet<String> {
    fn gather(folder: &Path, is_test: bool, words: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_test = is_test || path.file_stem().is_some_and(|stem| stem.to_str().unwrap().ends_with("tests"));
            if path.ends_with("tests/checks/pages.rs") {
                continue;
            }
            if path.is_dir() {
                gather(&path, is_test, words);
            } else if path.extension().is_some_and(|end| end == "rs" || end == "txt") {
                let text = fs::read_to_string(&path).unwrap();
                let tests =
                    if is_test { Some(text.as_str()) } else { text.split_once("#[cfg(test)]\nmod tests {").map(|parts| parts.1) };
                let words_of = |text: &str| {
                    text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).map(str::to_owned).collect::<Vec<_>>()
                };
                words.extend(tests.map(words_of).unwrap_or_default());
            }
        }
    }
    let mut words = BTreeSet::new();
    gather(Path::new("tests"), true, &mut words);
    gather(Path::new("src"), false, &mut words);
    words
}

/// Only another program at the right moment, a panic, or a file of many gigabytes causes these.
const NOT_CAUSED_BY_TESTS: [&str; 3] = ["release-changed-on-disk", "step-failed", "too-many-rows"];

/// A kind without an example is reported by another test, which names it.
#[test]
fn every_kind_is_reported_by_a_test() {
    let words = words_of_tests();
    let shown: BTreeSet<&str> = with_examples().map(|(kind, _)| kind.id()).collect();
    let is_named = |id: &str| words.contains(id) || words.contains(&id.to_uppercase().replace('-', "_"));
    let others = finding_kinds().into_iter().map(FindingKind::id).filter(|id| !shown.contains(id));
    let unnamed: Vec<&str> = others.filter(|id| !is_named(id)).collect();
    assert_eq!(unnamed, NOT_CAUSED_BY_TESTS);
}
