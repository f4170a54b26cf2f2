//! Which files of a workspace differ between two drafts.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::draft::Draft;
use super::mappings;
use countersign_core::model::{Case, CaseSet, Invariant, List, ListEntries, Rule, RuleSet, Script, Stage, Template};
use countersign_workspace::{RULE_SET_FILE, SCHEMA_FILE};

/// Every file that differs in what it means.
pub(super) fn files(saved: &Draft, draft: &Draft) -> BTreeSet<String> {
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
