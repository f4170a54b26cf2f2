//! `docs/security-model.md` and its Chinese twin hold nothing but numbered sentences, and each one names what proves it.

use std::collections::BTreeSet;
use std::fs;

const PAGES: [&str; 2] = [include_str!("../../docs/security-model.md"), include_str!("../../docs/security-model.zh.md")];
const PROOFS: &str = include_str!("security-model.txt");

/// The numbers of a page's sentences; every line must be a heading, the link to the twin, or one numbered sentence.
fn numbers(page: &'static str) -> Vec<&'static str> {
    let is_sentence = |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.contains("(security-model.");
    let number = |line: &'static str| {
        let parts = line.strip_prefix("- **").and_then(|rest| rest.split_once("** "));
        let (number, sentence) = parts.unwrap_or_else(|| panic!("no number: {line}"));
        let ends = sentence.split(". ").count() + sentence.matches('。').count().saturating_sub(1);
        assert!(ends == 1 && sentence.ends_with(['.', '。']), "{number} is not one sentence: {sentence}");
        number
    };
    page.lines().filter(is_sentence).map(number).collect()
}

#[test]
fn every_sentence_of_the_security_model_is_proved() {
    let [english, chinese] = PAGES.map(numbers);
    assert_eq!(english, chinese, "both languages say the same");
    let mut proved = BTreeSet::new();
    for line in PROOFS.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [number, file, what] = parts[..] else { panic!("not three parts: {line}") };
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let is_there = match what.strip_prefix("fn ") {
            Some(name) => text.split("#[test]").skip(1).any(|test| test.trim_start().starts_with(&format!("fn {name}("))),
            None => text.contains(&format!("name: \"{what}\"")),
        };
        assert!(is_there, "{number}: no `{what}` in {file}");
        assert!(english.contains(&number), "{number} is no sentence");
        proved.insert(number);
    }
    let open: Vec<&&str> = english.iter().filter(|number| !proved.contains(**number)).collect();
    assert!(open.is_empty(), "nothing proves {open:?}");
}
