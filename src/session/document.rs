//! The document: what is being edited ([`Draft`]), what is on the disk, and what tells the two apart.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;

use super::mappings;
use super::scripts::ScriptRef;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{
    Case, CaseSet, Definition, FieldName, Invariant, List, ListEntries, OnError, ReasonId, Roles, Rule, RuleSet, Schema, Script,
    Stage, Template, Verdict, Zone,
};
use countersign_core::text::{LocalText, Places, SourceId, Sources};
use countersign_workspace::{RULE_SET_FILE, SCHEMA_FILE, Unread};

/// Counts the states a document goes through; a result is fresh while its revision is the document's.
pub type Revision = u64;

/// What is being edited. A clone shares everything, so history keeps whole drafts.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Schema and rule set with every script and list.
    pub definition: Arc<Definition>,
    /// The regression cases.
    pub cases: Arc<CaseSet>,
    /// The column mappings: their texts by name.
    pub mappings: Arc<BTreeMap<String, String>>,
    /// What of the workspace could not be read when it was loaded.
    pub unread: Arc<Unread>,
}

impl PartialEq for Draft {
    /// Whether both mean the same; where the parts stand in their files does not count.
    fn eq(&self, other: &Self) -> bool {
        let same_rules = Arc::ptr_eq(&self.definition, &other.definition)
            || (self.definition.rule_set == other.definition.rule_set && self.definition.schema == other.definition.schema);
        let same_mappings = Arc::ptr_eq(&self.mappings, &other.mappings) || self.mappings == other.mappings;
        same_rules && same_mappings && (Arc::ptr_eq(&self.cases, &other.cases) || self.cases == other.cases)
    }
}

impl Draft {
    /// Nothing at all: before a workspace is opened.
    pub(super) fn empty() -> Self {
        let name = |text: &str| FieldName::new(text).unwrap_or_else(|_| unreachable_name());
        let roles = Roles {
            key: name("request.id"),
            time: name("request.time"),
            amount: None,
            customer: None,
            interface: None,
            label: None,
        };
        let schema = Schema { name: String::new(), zone: Zone::default(), roles, groups: IndexMap::new() };
        let reason = ReasonId::new("SYSTEM_ERROR").unwrap_or_else(|_| unreachable_name());
        let rule_set = RuleSet {
            name: String::new(),
            version: String::new(),
            title: LocalText::default(),
            on_error: OnError { verdict: Verdict::Refer, reason },
            stages: Vec::new(),
            parameters: IndexMap::new(),
            interfaces: IndexMap::new(),
            reasons: IndexMap::new(),
            lists: IndexMap::new(),
            invariants: Vec::new(),
            shared: None,
        };
        let definition = Definition { schema, rule_set, sources: Sources::default(), places: Places::default() };
        Self { definition: Arc::new(definition), cases: Arc::default(), mappings: Arc::default(), unread: Arc::default() }
    }

    /// The rules.
    #[must_use]
    pub fn rule_set(&self) -> &RuleSet {
        &self.definition.rule_set
    }

    /// A script's text with its file.
    #[must_use]
    pub fn script(&self, script: &ScriptRef) -> Option<&Script> {
        match script {
            ScriptRef::Rule(id) => self.rule_set().find_rule(id.as_str()).map(|(.., rule)| &rule.script),
            ScriptRef::Shared => self.rule_set().shared.as_ref(),
        }
    }

    /// Which script a source is; none for other files.
    #[must_use]
    pub fn script_of(&self, source: SourceId) -> Option<ScriptRef> {
        let rules = self.rule_set();
        if rules.shared.as_ref().is_some_and(|shared| shared.source == source) {
            return Some(ScriptRef::Shared);
        }
        rules.rules().find(|(.., rule)| rule.script.source == source).map(|(.., rule)| ScriptRef::Rule(rule.id.clone()))
    }
}

#[expect(clippy::unreachable, reason = "the names above are of the right form, and a test makes them")]
fn unreachable_name<T>() -> T {
    unreachable!("a name of the wrong form")
}

/// A workspace that could not be understood: its texts, to be mended by hand.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What was read from the disk.
    pub read: Sources,
    /// The same with what has been edited since; findings point into these.
    pub sources: Sources,
    /// Whether schema and rule set can be understood all the same: a way back to the workspace.
    pub opens: bool,
    /// What is wrong with it; nothing once it has been mended and is still to be saved.
    pub findings: Vec<Finding>,
}

/// What is open.
#[derive(Clone, Debug, Default)]
pub enum Opened {
    /// Nothing yet: the first steps.
    #[default]
    Nothing,
    /// A workspace.
    Workspace,
    /// A workspace whose files could not all be understood.
    Broken(Arc<Broken>),
}

/// What is edited, and what it came from.
#[derive(Debug)]
pub struct Document {
    pub(super) root: PathBuf,
    pub(super) opened: Opened,
    pub(super) saved: Draft,
    pub(super) draft: Draft,
    pub(super) revision: Revision,
    /// Texts edited by hand while the workspace cannot be understood.
    pub(super) raw: BTreeMap<String, String>,
    dirty: Dirty,
}

/// What differs from the disk, as of a revision.
#[derive(Debug, Default)]
struct Dirty {
    files: BTreeSet<String>,
}

impl Default for Document {
    fn default() -> Self {
        let nothing = Draft::empty();
        Self {
            root: PathBuf::new(),
            opened: Opened::Nothing,
            saved: nothing.clone(),
            draft: nothing,
            revision: 0,
            raw: BTreeMap::new(),
            dirty: Dirty::default(),
        }
    }
}

impl Document {
    /// The workspace's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is open.
    #[must_use]
    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    /// Whether a workspace is open that can be edited.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        matches!(self.opened, Opened::Workspace)
    }

    /// What is being edited.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What is on the disk, as far as is known.
    #[must_use]
    pub fn saved(&self) -> &Draft {
        &self.saved
    }

    /// The draft's schema, rules and texts.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.draft.definition
    }

    /// The draft's rules.
    #[must_use]
    pub fn rule_set(&self) -> &RuleSet {
        self.draft.rule_set()
    }

    /// The draft's cases.
    #[must_use]
    pub fn cases(&self) -> &CaseSet {
        &self.draft.cases
    }

    /// The state it is in.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Files whose content is not what is on the disk, by name inside the workspace.
    #[must_use]
    pub fn dirty_files(&self) -> &BTreeSet<String> {
        &self.dirty.files
    }

    /// A file's text while the workspace cannot be understood, as it has been edited.
    #[must_use]
    pub fn raw_text(&self, file: &str) -> Option<&str> {
        let Opened::Broken(broken) = &self.opened else { return None };
        let read = || broken.read.find(file).map(|(_, source)| source.text().as_ref());
        self.raw.get(file).map(String::as_str).or_else(read)
    }

    /// The files that can be edited as text while the workspace cannot be understood, by name.
    #[must_use]
    pub fn raw_files(&self) -> BTreeSet<&str> {
        let Opened::Broken(broken) = &self.opened else { return BTreeSet::new() };
        let read = broken.read.iter().map(|(_, source)| source.name()).filter(|name| !name.contains('#'));
        read.chain(self.raw.keys().map(String::as_str)).collect()
    }

    /// Whether anything is unsaved.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        !self.dirty.files.is_empty()
    }

    /// The file that an edit would write over though nobody knows what it holds.
    pub(super) fn kept_file(&self, draft: &Draft) -> Option<String> {
        let unread = &self.saved.unread;
        if unread.is_empty() {
            return None;
        }
        dirty_files(&self.saved, draft).into_iter().find(|file| unread.keeps(file))
    }

    /// Puts another draft in place: an edit, an undo, a reload.
    pub(super) fn set_draft(&mut self, draft: Draft) {
        self.draft = draft;
        self.revision += 1;
        self.refresh_dirty();
    }

    /// Notes what is on the disk now.
    pub(super) fn set_saved(&mut self, saved: Draft) {
        self.saved = saved;
        self.refresh_dirty();
    }

    pub(super) fn refresh_dirty(&mut self) {
        self.dirty.files = dirty_files(&self.saved, &self.draft);
        self.dirty.files.extend(self.raw.keys().cloned());
    }
}

/// Every file that differs in what it means.
fn dirty_files(saved: &Draft, draft: &Draft) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    if !Arc::ptr_eq(&saved.definition, &draft.definition) {
        let (old, new) = (&saved.definition, &draft.definition);
        compare(&mut files, &scripts(&old.rule_set), &scripts(&new.rule_set));
        compare(&mut files, &lists(&old.rule_set), &lists(&new.rule_set));
        if old.schema != new.schema {
            files.insert(SCHEMA_FILE.to_owned());
        }
        if !same_manifest(&old.rule_set, &new.rule_set) {
            files.insert(RULE_SET_FILE.to_owned());
        }
    }
    if !Arc::ptr_eq(&saved.cases, &draft.cases) {
        compare(&mut files, &cases(&saved.cases), &cases(&draft.cases));
        let templates = (&saved.cases.templates, &draft.cases.templates);
        if templates.0 != templates.1 {
            files.extend(changed_templates(draft, templates));
        }
    }
    files.extend(mappings::changed(saved, draft).iter().map(|name| mappings::file(name)));
    files
}

fn compare<T: PartialEq>(files: &mut BTreeSet<String>, old: &IndexMap<&str, T>, new: &IndexMap<&str, T>) {
    let changed = new.iter().filter(|(file, now)| !old.get(*file).is_some_and(|was| was == *now));
    files.extend(changed.map(|(file, _)| (*file).to_owned()));
    files.extend(old.keys().filter(|file| !new.contains_key(*file)).map(|file| (*file).to_owned()));
}

fn scripts(rules: &RuleSet) -> IndexMap<&str, &str> {
    let of_rules = rules.rules().map(|(.., rule)| &rule.script);
    of_rules.chain(&rules.shared).map(|script| (script.file.as_str(), script.text.as_ref())).collect()
}

fn lists(rules: &RuleSet) -> IndexMap<&str, &ListEntries> {
    rules.lists.values().map(|list| (list.file.as_str(), &list.entries)).collect()
}

fn cases(set: &CaseSet) -> IndexMap<&str, Vec<&Case>> {
    let mut files: IndexMap<&str, Vec<&Case>> = IndexMap::new();
    for case in &set.cases {
        files.entry(case.file.as_str()).or_default().push(case);
    }
    files
}

/// The files of templates that changed; where a file is not known, the first case's.
fn changed_templates(draft: &Draft, (old, new): (&IndexMap<String, Template>, &IndexMap<String, Template>)) -> BTreeSet<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name)).collect();
    let file = |name: &&String| {
        let span = draft.definition.places.find(&format!("templates.{name}"));
        span.and_then(|span| draft.definition.sources.get(span.source)).map(|source| source.name().to_owned())
    };
    names.iter().filter_map(file).collect()
}

/// Whether `ruleset.ron` holds the same: everything but the texts of other files.
fn same_manifest(old: &RuleSet, new: &RuleSet) -> bool {
    let RuleSet { name, version, title, on_error, stages, parameters, interfaces, reasons, lists, invariants, shared } = old;
    let file = |script: &Option<Script>| script.as_ref().map(|script| script.file.clone());
    (name, version, title, on_error) == (&new.name, &new.version, &new.title, &new.on_error)
        && (parameters, interfaces, reasons) == (&new.parameters, &new.interfaces, &new.reasons)
        && alike(stages, &new.stages, same_stage)
        && lists.len() == new.lists.len()
        && lists.iter().all(|(id, list)| new.lists.get(id).is_some_and(|other| same_list(list, other)))
        && alike(invariants, &new.invariants, same_invariant)
        && file(shared) == file(&new.shared)
}

fn alike<T>(old: &[T], new: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
}

fn same_stage(old: &Stage, new: &Stage) -> bool {
    let Stage { id, title, kind, rules } = old;
    (id, title, kind) == (&new.id, &new.title, &new.kind) && alike(rules, &new.rules, same_rule)
}

fn same_rule(old: &Rule, new: &Rule) -> bool {
    let Rule { id, title, owner, basis, status, window, script } = old;
    (id, title, owner, basis, status) == (&new.id, &new.title, &new.owner, &new.basis, &new.status)
        && (window, &script.file) == (&new.window, &new.script.file)
}

fn same_list(old: &List, new: &List) -> bool {
    let List { title, kind, file, entries: _ } = old;
    (title, kind, file) == (&new.title, &new.kind, &new.file)
}

fn same_invariant(old: &Invariant, new: &Invariant) -> bool {
    let Invariant { id, title, when, verdicts } = old;
    (id, title, verdicts) == (&new.id, &new.title, &new.verdicts) && (&when.file, &when.text) == (&new.when.file, &new.when.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_draft_too() {
        let nothing = Draft::empty();
        assert_eq!(nothing, Draft::empty());
        assert!(nothing.rule_set().stages.is_empty());
    }
}
