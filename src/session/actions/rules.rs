//! Rules: from a template, duplicated, renamed everywhere, moved within and across stages, switched, described.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition, no_rule, rule_mut};
use crate::draft::Draft;
use crate::history::EditJoin;
use crate::templates;
use countersign_core::model::{Case, CaseSet, Definition, Rule, RuleId, RuleSet, Script, StageId, Status, Window};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RuleAction {
    /// A new rule from a template of [`templates::ALL`](crate::templates).
    Add {
        stage: StageId,
        template: String,
        id: RuleId,
        /// Its position in the stage; last when absent.
        at: Option<usize>,
    },
    /// A copy right after the original, switched off.
    Duplicate {
        rule: RuleId,
        id: RuleId,
    },
    /// Another id: in the rule set, in the cases, and of the script's file where that is named after the rule.
    Rename {
        rule: RuleId,
        to: RuleId,
    },
    /// Removes rules with their scripts; cases expect nothing of them any more.
    Delete(BTreeSet<RuleId>),
    /// Moves rules, in their order, to a position of a stage, counted before they are taken out.
    Move {
        rules: BTreeSet<RuleId>,
        stage: StageId,
        /// Before the rule that is there now; at the end when there is none.
        at: usize,
    },
    SetStatus {
        rules: BTreeSet<RuleId>,
        status: Status,
    },
    SetTitle(RuleId, LocalText),
    SetOwner(RuleId, String),
    SetBasis(RuleId, LocalText),
    SetWindow(RuleId, Window),
}

pub(super) fn apply(draft: &Draft, action: RuleAction) -> EditResult {
    match action {
        RuleAction::Add { stage, template, id, at } => add(draft, &stage, &template, &id, at),
        RuleAction::Duplicate { rule, id } => duplicate(draft, &rule, &id),
        RuleAction::Rename { rule, to } => rename(draft, &rule, &to),
        RuleAction::Delete(rules) => delete(draft, &rules),
        RuleAction::Move { rules, stage, at } => move_to(draft, &rules, &stage, at),
        RuleAction::SetStatus { rules, status } => set_status(draft, &rules, status),
        RuleAction::SetTitle(rule, title) => describe(draft, &rule, ("title", "标题"), |rule| rule.title = title),
        RuleAction::SetOwner(rule, owner) => describe(draft, &rule, ("owner", "负责人"), |rule| rule.owner = owner),
        RuleAction::SetBasis(rule, basis) => describe(draft, &rule, ("basis", "依据"), |rule| rule.basis = basis),
        RuleAction::SetWindow(rule, window) => {
            describe(draft, &rule, ("effective window", "生效期"), |rule| rule.window = window)
        }
    }
}

fn describe(draft: &Draft, id: &RuleId, (en, zh): (&'static str, &str), change: impl FnOnce(&mut Rule)) -> EditResult {
    let label = LocalText::new(format!("change the {en} of `{id}`"), format!("修改 `{id}` 的{zh}"));
    edit_definition(draft, label, Some(EditJoin::new(en, id.as_str())), |definition| {
        change(rule_mut(&mut definition.rule_set, id.as_str())?);
        Ok(())
    })
}

fn set_status(draft: &Draft, rules: &BTreeSet<RuleId>, status: Status) -> EditResult {
    let (en, zh) = match status {
        Status::Active => ("active", "启用"),
        Status::Shadow => ("shadow", "影子（仅记录）"),
        Status::Off => ("off", "停用"),
    };
    let (what_en, what_zh) = named(rules);
    let label = LocalText::new(format!("set {what_en} to {en}"), format!("将{what_zh}设为{zh}"));
    edit_definition(draft, label, None, |definition| {
        for id in rules {
            rule_mut(&mut definition.rule_set, id.as_str())?.status = status;
        }
        Ok(())
    })
}

/// Rules as a sentence names them.
fn named(rules: &BTreeSet<RuleId>) -> (String, String) {
    match rules.first() {
        Some(only) if rules.len() == 1 => (format!("`{only}`"), format!(" `{only}` ")),
        _ => (format!("{} rules", rules.len()), format!(" {} 条规则", rules.len())),
    }
}

fn add(draft: &Draft, stage: &StageId, template: &str, id: &RuleId, at: Option<usize>) -> EditResult {
    let template = templates::find(template)
        .ok_or_else(|| LocalText::new(format!("there is no template `{template}`"), format!("没有名为 `{template}` 的模板")))?;
    let label = LocalText::new(format!("add rule `{id}`"), format!("新增规则 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        refuse_taken(&definition.rule_set, id)?;
        let text = (template.script)(definition);
        let rule = Rule {
            id: id.clone(),
            title: template.title.local(),
            owner: String::new(),
            basis: LocalText::default(),
            status: Status::Shadow,
            window: Window::default(),
            script: new_script(definition, stage.as_str(), id, &text),
        };
        insert(&mut definition.rule_set, stage, at.unwrap_or(usize::MAX), vec![rule])
    })
}

fn duplicate(draft: &Draft, from: &RuleId, id: &RuleId) -> EditResult {
    let label = LocalText::new(format!("duplicate `{from}` as `{id}`"), format!("将 `{from}` 复制为 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        refuse_taken(&definition.rule_set, id)?;
        let (stage, at, rule) = locate(&definition.rule_set, from)?;
        let copy = rule.clone();
        let folder = copy.script.file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let script = new_script(definition, &folder, id, &copy.script.text);
        let title = LocalText::new(format!("{} (copy)", copy.title.en), format!("{}（副本）", copy.title.zh));
        let copy = Rule { id: id.clone(), title, status: Status::Off, script, ..copy };
        insert(&mut definition.rule_set, &stage, at + 1, vec![copy])
    })
}

fn rename(draft: &Draft, from: &RuleId, to: &RuleId) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    let mut edit = edit_definition(draft, label, None, |definition| {
        refuse_taken(&definition.rule_set, to)?;
        let rule = rule_mut(&mut definition.rule_set, from.as_str())?;
        rule.id = to.clone();
        let script = rule.script.clone();
        let own_name = script.file.strip_suffix(".rhai").and_then(|file| file.strip_suffix(from.as_str())).map(str::to_owned);
        let Some(folder) = own_name.filter(|folder| folder.is_empty() || folder.ends_with('/')) else { return Ok(()) };
        let file = free_file(&definition.rule_set, folder.trim_end_matches('/'), to.as_str());
        definition.sources.replace(script.source, file.clone(), Arc::clone(&script.text));
        rule_mut(&mut definition.rule_set, to.as_str())?.script.file = file;
        Ok(())
    })?;
    edit.draft.cases = Arc::new(renamed(&draft.cases, from, to));
    Ok(edit)
}

/// The cases with the rule's new id.
fn renamed(cases: &CaseSet, from: &RuleId, to: &RuleId) -> CaseSet {
    let mut cases = cases.clone();
    for case in &mut cases.cases {
        named_in(case).into_iter().flatten().filter(|rule| *rule == from).for_each(|rule| *rule = to.clone());
    }
    cases
}

fn delete(draft: &Draft, rules: &BTreeSet<RuleId>) -> EditResult {
    let (en, zh) = named(rules);
    let label = LocalText::new(format!("delete {en}"), format!("删除{}", zh.trim_end()));
    let mut edit = edit_definition(draft, label, None, |definition| take(&mut definition.rule_set, rules).map(|_| ()))?;
    let mut cases = draft.cases.as_ref().clone();
    for case in &mut cases.cases {
        for named in named_in(case) {
            named.retain(|rule| !rules.contains(rule));
        }
    }
    edit.draft.cases = Arc::new(cases);
    Ok(edit)
}

/// Every place where a case names rules.
fn named_in(case: &mut Case) -> [&mut Vec<RuleId>; 4] {
    let expect = &mut case.expect;
    [&mut expect.hits, &mut expect.misses, &mut expect.shadow_hits, &mut expect.errors]
}

fn move_to(draft: &Draft, rules: &BTreeSet<RuleId>, stage: &StageId, at: usize) -> EditResult {
    let (en, zh) = named(rules);
    let label = LocalText::new(format!("move {en} in `{stage}`"), format!("移动{zh}到 `{stage}`"));
    edit_definition(draft, label, None, |definition| {
        let rule_set = &mut definition.rule_set;
        let held = rule_set.stages.iter().find(|held| held.id == *stage).ok_or_else(|| no_stage(stage))?;
        let before = held.rules.iter().take(at).filter(|rule| rules.contains(&rule.id)).count();
        let moved = take(rule_set, rules)?;
        insert(rule_set, stage, at.saturating_sub(before), moved)
    })
}

/// Takes rules out, in their order.
fn take(rules: &mut RuleSet, ids: &BTreeSet<RuleId>) -> Result<Vec<Rule>, LocalText> {
    if let Some(unknown) = ids.iter().find(|id| rules.find_rule(id.as_str()).is_none()) {
        return Err(no_rule(unknown.as_str()));
    }
    let mut taken = Vec::new();
    for stage in &mut rules.stages {
        taken.extend(stage.rules.extract_if(.., |rule| ids.contains(&rule.id)));
    }
    Ok(taken)
}

fn insert(rules: &mut RuleSet, stage: &StageId, at: usize, new: Vec<Rule>) -> Result<(), LocalText> {
    let held = rules.stages.iter_mut().find(|held| held.id == *stage).ok_or_else(|| no_stage(stage))?;
    let at = at.min(held.rules.len());
    held.rules.splice(at..at, new);
    Ok(())
}

fn locate<'a>(rules: &'a RuleSet, id: &RuleId) -> Result<(StageId, usize, &'a Rule), LocalText> {
    let places = rules.stages.iter().flat_map(|stage| stage.rules.iter().enumerate().map(move |(at, rule)| (stage, at, rule)));
    let (stage, at, rule) = places.into_iter().find(|(.., rule)| rule.id == *id).ok_or_else(|| no_rule(id.as_str()))?;
    Ok((stage.id.clone(), at, rule))
}

fn refuse_taken(rules: &RuleSet, id: &RuleId) -> Result<(), LocalText> {
    if rules.find_rule(id.as_str()).is_none() {
        return Ok(());
    }
    Err(LocalText::new(format!("there is a rule `{id}` already"), format!("规则 `{id}` 已存在")))
}

fn no_stage(stage: &StageId) -> LocalText {
    LocalText::new(format!("there is no stage `{stage}`"), format!("没有名为 `{stage}` 的阶段"))
}

/// A script in a file of its own, named after the rule.
fn new_script(definition: &mut Definition, folder: &str, id: &RuleId, text: &str) -> Script {
    let file = free_file(&definition.rule_set, folder, id.as_str());
    let text: Arc<str> = Arc::from(text);
    let source = definition.sources.add(file.clone(), Arc::clone(&text));
    Script { file, text, source }
}

/// `folder/name.rhai`, or with a number where that is taken.
fn free_file(rules: &RuleSet, folder: &str, name: &str) -> String {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let taken = |file: &str| {
        rules.rules().any(|(.., rule)| rule.script.file == file) || rules.shared.as_ref().is_some_and(|shared| shared.file == file)
    };
    let plain = format!("{prefix}{name}.rhai");
    let numbered = (2..).map(|number| format!("{prefix}{name}_{number}.rhai"));
    std::iter::once(plain).chain(numbered).find(|file| !taken(file)).unwrap_or_default()
}
