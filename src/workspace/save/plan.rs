//! What a save is going to write and remove.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::super::load::lines;
use super::super::ron_tree::{self, RonNode, print};
use super::scripts;
use countersign_core::model::{Definition, List, ListEntries, list_line};

/// Files to write, in the order in which they are put in place, and files to remove after that.
#[derive(Debug, Default)]
pub(super) struct SavePlan {
    pub writes: Vec<(String, String)>,
    pub removals: Vec<String>,
}

impl SavePlan {
    /// The text a file is going to have, if it is to be written.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.writes.iter().find(|(written, _)| written == name).map(|(_, text)| text.as_str())
    }

    /// Every file that is to be written or removed.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.writes.iter().map(|(name, _)| name).chain(&self.removals).map(String::as_str)
    }

    /// Writes another text than planned.
    pub(super) fn replace(&mut self, name: &str, text: String) {
        match self.writes.iter_mut().find(|(written, _)| written == name) {
            Some((_, old)) => *old = text,
            None => self.writes.push((name.to_owned(), text)),
        }
    }

    /// Scripts whose text changed or that are new; those no longer named go.
    pub(super) fn scripts(&mut self, old: &Definition, new: &Definition) {
        let mut named = BTreeSet::new();
        for script in scripts(&new.rule_set) {
            let is_same = text_of(old, &script.file).is_some_and(|text| text == script.text.as_ref());
            if named.insert(script.file.as_str()) && !is_same {
                self.writes.push((script.file.clone(), script.text.as_ref().to_owned()));
            }
        }
        self.remove(scripts(&old.rule_set).map(|script| script.file.as_str()), &named);
    }

    /// Lists whose entries changed or that are new; those no longer named go.
    pub(super) fn lists(&mut self, old: &Definition, new: &Definition) {
        let named: BTreeSet<&str> = new.rule_set.lists.values().map(|list| list.file.as_str()).collect();
        for list in new.rule_set.lists.values() {
            let before = old.rule_set.lists.values().find(|before| before.file == list.file);
            if before.is_some_and(|before| before.entries == list.entries) {
                continue;
            }
            let text = text_of(old, &list.file).unwrap_or("");
            self.writes.push((list.file.clone(), list_text(text, list)));
        }
        self.remove(old.rule_set.lists.values().map(|list| list.file.as_str()), &named);
    }

    fn remove<'a>(&mut self, old: impl Iterator<Item = &'a str>, named: &BTreeSet<&str>) {
        let gone: BTreeSet<&str> = old.filter(|file| !named.contains(file)).collect();
        self.removals.extend(gone.into_iter().map(str::to_owned));
    }

    /// A RON file, changed in place where its canonical tree changed.
    pub(super) fn ron(&mut self, name: &str, old: &Definition, was: &RonNode, wanted: &RonNode) {
        if ron_tree::same(was, wanted) {
            return;
        }
        let text = text_of(old, name).unwrap_or("");
        let changed = match ron_tree::parse(text) {
            Ok(tree) => ron_tree::edit(text, &tree, was, wanted),
            Err(_) => print::file(wanted),
        };
        self.writes.push((name.to_owned(), changed));
    }
}

fn text_of<'a>(definition: &'a Definition, name: &str) -> Option<&'a str> {
    definition.sources.find(name).map(|(_, source)| source.text().as_ref())
}

/// A list's text with other entries: lines that stay are kept as they are, new entries come last, in order.
fn list_text(old: &str, list: &List) -> String {
    let line_break = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let mut wanted: BTreeMap<String, bool> = match &list.entries {
        ListEntries::Text(entries) => entries.iter().map(|entry| (entry.as_ref().to_owned(), false)).collect(),
        ListEntries::Int(entries) => entries.iter().map(|entry| (entry.to_string(), false)).collect(),
    };
    let mut text = String::with_capacity(old.len());
    for line in old.split_inclusive('\n') {
        let entry = lines(line).next().map(|line| canonical(&line.entry, list));
        match entry.as_ref().map(|entry| wanted.get_mut(entry)) {
            Some(None) => continue,
            Some(Some(is_written)) => *is_written = true,
            None => {}
        }
        text.push_str(line);
    }
    let missing: Vec<&String> = wanted.iter().filter(|(_, is_written)| !**is_written).map(|(entry, _)| entry).collect();
    for entry in in_order(missing, list) {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(line_break);
        }
        text.push_str(&list_line(entry).unwrap_or(Cow::Borrowed(entry)));
        text.push_str(line_break);
    }
    text
}

/// Numbers may be written in more than one way: `+7`, `007`.
fn canonical(entry: &str, list: &List) -> String {
    match list.entries {
        ListEntries::Text(_) => entry.to_owned(),
        ListEntries::Int(_) => entry.parse::<i64>().map_or_else(|_| entry.to_owned(), |number| number.to_string()),
    }
}

fn in_order<'a>(mut entries: Vec<&'a String>, list: &List) -> Vec<&'a String> {
    if matches!(list.entries, ListEntries::Int(_)) {
        entries.sort_by_key(|entry| entry.parse::<i64>().unwrap_or_default());
    }
    entries
}
