//! Saves cases and templates into the files they came from.

use std::collections::{BTreeMap, BTreeSet};

use super::super::load::CASES_FOLDER;
use super::super::ron_tree::{self, RonNode, print};
use super::super::write;
use super::plan::SavePlan;
use countersign_core::model::{Case, CaseSet, Definition, Template};
use countersign_core::release;

/// Case files that changed, and those that are empty now. Each case goes into the file it names, each template into the file it came from;
/// a new template into the file of the first case that starts from it, or else `cases/templates.ron`.
pub(super) fn plan_cases(plan: &mut SavePlan, definition: &Definition, old: &CaseSet, new: &CaseSet) {
    let names: BTreeSet<String> = [old, new]
        .into_iter()
        .flat_map(|set| {
            set.cases.iter().map(|case| case.file.clone()).chain(set.templates.keys().map(|name| home(definition, name, set)))
        })
        .collect();
    for name in names {
        let (was, wanted) = (file(definition, old, &name), file(definition, new, &name));
        match (was, wanted) {
            (was, Some(wanted)) => {
                let was = was.unwrap_or_else(|| ron_tree::from_value(release::node::Node::Nothing));
                plan.ron(&name, definition, &was, &wanted);
            }
            (Some(_), None) => plan.removals.push(name),
            (None, None) => {}
        }
    }
}

/// Replaces the text of every planned case file.
pub(super) fn rewrite(plan: &mut SavePlan, definition: &Definition, new: &CaseSet) {
    for (name, text) in &mut plan.writes {
        if let Some(node) = file(definition, new, name) {
            *text = print::file(&node);
        }
    }
}

/// The file a template is in.
fn home(definition: &Definition, template: &str, set: &CaseSet) -> String {
    let span = definition.places.find(&format!("templates.{template}"));
    let known = span.and_then(|span| definition.sources.get(span.source));
    let user = || set.cases.iter().find(|case| case.from.as_deref() == Some(template)).map(|case| case.file.clone());
    known.map(|source| source.name().to_owned()).or_else(user).unwrap_or_else(|| format!("{CASES_FOLDER}/templates.ron"))
}

/// What one file holds of a set of cases; nothing where it holds none.
fn file(definition: &Definition, set: &CaseSet, name: &str) -> Option<RonNode> {
    let templates: Vec<(&String, &Template)> = set.templates.iter().filter(|(id, _)| home(definition, id, set) == name).collect();
    let cases: Vec<&Case> = set.cases.iter().filter(|case| case.file == name).collect();
    if templates.is_empty() && cases.is_empty() {
        return None;
    }
    Some(write::cases(templates, cases))
}

/// Whether both hold the same cases and templates, file by file in the same order.
pub(super) fn same_meaning(a: &CaseSet, b: &CaseSet) -> bool {
    let by_file = |set: &CaseSet| {
        let mut cases: Vec<&Case> = set.cases.iter().collect();
        cases.sort_by(|a, b| a.file.cmp(&b.file));
        let files: Vec<String> = cases.iter().map(|case| case.file.clone()).collect();
        (files, write::cases(set.templates.iter().collect::<BTreeMap<_, _>>(), cases))
    };
    let ((a_files, a_cases), (b_files, b_cases)) = (by_file(a), by_file(b));
    a_files == b_files && ron_tree::same(&a_cases, &b_cases)
}
