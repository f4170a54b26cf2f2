//! What of a workspace could not be read: it stays on the disk as it is until somebody fixes it, and the rest is opened without it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::files::{FileErrorKind, Files};
use super::read::decode;
use crate::kinds::UNREAD_LIST;
use countersign_core::check::kinds::UNKNOWN_FUNCTION;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{Definition, Script};
use countersign_core::script::uses;
use countersign_core::text::{LocalText, SourceId, Span};

/// Scripts, lists, case files, and parts of the rule set and schema that could not be read, with what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// What is wrong with scripts and lists: nothing is decided while there is any.
    pub rules: Vec<Finding>,
    /// What is wrong with the files of cases.
    pub cases: Vec<Finding>,
    files: BTreeMap<String, UnreadFile>,
    /// Names of parts that were left out: a parameter, a reason, a field.
    parts: BTreeSet<String>,
}

/// A file that is left as it is.
#[derive(Clone, Debug)]
struct UnreadFile {
    /// The most that is read of it, in bytes.
    limit: u64,
    state: ReadState,
    why: LocalText,
}

/// How much of a file is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadState {
    Missing,
    /// It is there and cannot be read.
    Closed,
    /// It was read, and is no text.
    NoText,
    /// A text that cannot be understood.
    Text,
}

impl ReadState {
    /// After a file could not be read.
    pub(super) fn of(fault: &FileErrorKind) -> Self {
        if *fault == FileErrorKind::Missing { Self::Missing } else { Self::Closed }
    }
}

impl Unread {
    /// Whether everything could be read.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.cases.is_empty()
    }

    /// Everything that is wrong, the rules' parts first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.rules.iter().chain(&self.cases)
    }

    /// Why a file could not be read; nothing for one that could.
    pub fn why(&self, file: &str) -> Option<&LocalText> {
        self.files.get(file).map(|left| &left.why)
    }

    /// Whether a file must not be written or removed: it is there, and what it holds is not known.
    pub fn keeps(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|left| left.state != ReadState::Missing)
    }

    /// The files that could not be read, by name.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Notes a file; what is known of it already stays.
    pub(super) fn leave(&mut self, file: &str, limit: u64, state: ReadState, why: &LocalText) {
        self.files.entry(file.to_owned()).or_insert_with(|| UnreadFile { limit, state, why: why.clone() });
    }

    /// Notes the names of parts of a file that were left out.
    pub(super) fn leave_out(&mut self, names: Vec<String>) {
        self.parts.extend(names);
    }

    pub(super) fn is_no_text(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|left| left.state == ReadState::NoText)
    }

    /// Whether nothing was read of a file.
    pub(super) fn is_absent(&self, file: &str) -> bool {
        self.files.get(file).is_some_and(|left| matches!(left.state, ReadState::Missing | ReadState::Closed))
    }

    /// The files that came, went, or can be read now.
    pub(super) fn changed<'a>(&'a self, files: &dyn Files, root: &Path) -> impl Iterator<Item = &'a str> {
        let is_other = move |(name, left): &(&'a String, &UnreadFile)| {
            let path = files.inside(root, name);
            let read = path.and_then(|path| files.read(&path, left.limit));
            let now = match read.map(decode) {
                Ok(Ok(_)) => ReadState::Text,
                Ok(Err(_)) => ReadState::NoText,
                Err(error) => ReadState::of(&error.fault),
            };
            now != left.state
        };
        let names: Vec<&'a str> = self.files.iter().filter(is_other).map(|(name, _)| name.as_str()).collect();
        names.into_iter()
    }

    /// What a check found, with what could not be read and every use of a list of which nothing is known: sorted by place, the same
    /// thing once.
    pub fn complete(&self, definition: &Definition, mut found: Vec<Finding>) -> Vec<Finding> {
        if self.is_empty() {
            return found;
        }
        self.drop_what_follows(definition, &mut found);
        let own = |finding: &&Finding| !found.iter().any(|one| one.span == finding.span && one.kind == finding.kind);
        let unread: Vec<Finding> = self.findings().filter(own).cloned().collect();
        found.extend(unread);
        found.extend(self.uses(definition));
        found.sort_by_key(|finding| finding.span);
        found
    }

    /// Findings in a script that could not be read follow from that, and so does an unknown function that it may define.
    fn drop_what_follows(&self, definition: &Definition, found: &mut Vec<Finding>) {
        let rules = &definition.rule_set;
        let is_lost = |script: &&Script| self.files.contains_key(&script.file);
        let lost: BTreeSet<SourceId> =
            rules.rules().map(|(.., rule)| &rule.script).chain(&rules.shared).filter(is_lost).map(|script| script.source).collect();
        found.retain(|finding| finding.span.is_none_or(|span| !lost.contains(&span.source)));
        if rules.shared.as_ref().is_some_and(|shared| lost.contains(&shared.source)) {
            found.retain(|finding| finding.kind != UNKNOWN_FUNCTION);
        }
        let is_lost_part = |finding: &Finding| {
            let under = finding.span.and_then(|span| Some(definition.sources.get(span.source)?.slice(span)));
            let name = under.and_then(|under| under.rsplit('.').next()).unwrap_or_default();
            finding.id().starts_with("unknown-") && self.parts.contains(name.trim_matches('"'))
        };
        found.retain(|finding| !is_lost_part(finding));
    }

    /// Where scripts ask a list that could not be read: what is no entry of it is not known.
    fn uses(&self, definition: &Definition) -> Vec<Finding> {
        let rules = &definition.rule_set;
        let lost: Vec<&str> =
            rules.lists.iter().filter(|(_, list)| self.files.contains_key(&list.file)).map(|(id, _)| id.as_str()).collect();
        let scripts = rules.rules().map(|(.., rule)| &rule.script);
        let scripts = scripts.chain(&rules.shared).chain(rules.invariants.iter().map(|invariant| &invariant.when));
        scripts.flat_map(|script| lost.iter().flat_map(|list| uses_in(script, list))).collect()
    }
}

fn uses_in(script: &Script, list: &str) -> Vec<Finding> {
    let places = uses::members(&script.text, "lists", list).into_iter();
    let finding = |place: std::ops::Range<usize>| {
        let message = LocalText::new(
            format!("the list `{list}` could not be read, so nothing is decided by it"),
            format!("名单 `{list}` 无法读取，因此不能据此作出决策"),
        );
        let help = LocalText::new("fix the file of the list", "请修正该名单的文件");
        Finding::new(UNREAD_LIST, Span::new(script.source, place.start, place.end), message).with_help(help)
    };
    places.map(finding).collect()
}
