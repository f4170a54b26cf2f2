//! The workspace's files as a source of the raw form: its scripts and lists are files of their own.

use super::{RULE_SET_FILE, lists};
use crate::at::At;
use crate::read::{LARGEST_SCRIPT, WorkspaceReader};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{List, RuleId, Script};
use countersign_core::raw::read::{RawPlace, RawSource};
use countersign_core::raw::{ListFile, WorkspaceForm};
use countersign_core::text::Span;

impl RawSource for WorkspaceReader<'_> {
    type Form = WorkspaceForm;

    fn wrong(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn finding_count(&self) -> usize {
        self.findings.len()
    }

    /// A script that cannot be read holds as much of its text as is known.
    fn script(&mut self, name: &String, at: &impl RawPlace) -> Script {
        let before = self.findings.len();
        let read = self.text(name, LARGEST_SCRIPT, Some(at.span()));
        if read.is_none() {
            self.leave_rules(name, LARGEST_SCRIPT, before);
        }
        let known = read.or_else(|| self.sources.find(name).map(|(id, _)| id));
        let source = known.unwrap_or_else(|| self.sources.add(name.as_str(), ""));
        Script { file: name.clone(), text: self.text_of(source), source }
    }

    /// A source of its own: places inside the script are counted from its first character.
    fn condition(&mut self, invariant: &RuleId, text: &String) -> Script {
        let file = format!("{RULE_SET_FILE}#{invariant}");
        let source = self.sources.add(file.clone(), text.as_str());
        Script { file, text: self.text_of(source), source }
    }

    fn list(&mut self, _: &str, written: &ListFile, at: &impl RawPlace) -> Option<List> {
        Some(lists::read(self, written, at.field("file").span()))
    }
}

impl RawPlace for At<'_> {
    fn span(&self) -> Span {
        At::span(*self)
    }

    fn field(&self, name: &str) -> Self {
        At::field(*self, name)
    }

    fn entry(&self, position: usize, _: &str) -> Self {
        self.item(position)
    }

    fn key(&self, position: usize, _: &str) -> Span {
        At::key(*self, position)
    }

    fn content(&self) -> Self {
        self.item(0)
    }

    fn shown(&self) -> String {
        At::shown(*self)
    }

    fn bare_word(&self) -> Option<&str> {
        At::bare_word(*self)
    }
}
