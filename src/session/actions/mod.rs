//! Everything that can be done to the application, as data: one file a family.
//!
//! An [`Action`] carries all it needs, so a recorded list of actions does the same again. What a family refuses it says in both
//! languages, and nothing is changed.

mod cases;
mod fields;
mod file;
mod interfaces;
mod lists;
mod mapping;
mod members;
mod parameters;
mod preferences;
mod releases;
mod rules;
mod scripts;
mod select;
mod stages;
mod start;
mod table;
mod texts;

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use cases::CaseAction;
pub use fields::{FieldAction, FieldSpec};
pub(super) use fields::{covers, has_same_derived};
pub use file::FileAction;
pub use interfaces::fields_of_interface;
pub use lists::ListAction;
pub use mapping::MappingAction;
pub use parameters::{ParameterAction, ParameterSpec};
pub use preferences::PreferenceAction;
pub use releases::ReleaseAction;
pub use rules::RuleAction;
pub use scripts::ScriptAction;
pub use select::SelectAction;
pub use stages::{StageAction, StageSpec};
pub use start::StartAction;
pub use table::TableAction;
pub use texts::TextAction;

use super::Session;
use super::commands::Command;
use super::draft::Draft;
use super::history::{DraftEdit, EditJoin};
use super::view::{BaselineChoice, RulesFilter, WhatIf};
use countersign_core::model::{Definition, ParameterId, Rule, RuleSet};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Rules: add, rename, move, status, metadata.
    Rule(RuleAction),
    Script(ScriptAction),
    Parameter(ParameterAction),
    Field(FieldAction),
    List(ListAction),
    Case(CaseAction),
    /// Stages and their order.
    Stage(StageAction),
    /// Texts and settings of reasons, interfaces and the rule set.
    Text(TextAction),
    Select(SelectAction),
    FilterRules(RulesFilter),
    Table(TableAction),
    /// Takes responsibility for a group of flips, by its key, or takes that back.
    Acknowledge {
        group: String,
        yes: bool,
    },
    /// Takes responsibility for a group of flips, and says why it is meant; a release's evidence keeps that.
    AcknowledgeWith {
        group: String,
        comment: String,
    },
    /// What the draft is compared with.
    Compare(BaselineChoice),
    /// Tries a parameter over its range; asked once more, no longer.
    Sweep(ParameterId),
    /// What is asked of the interfaces panel.
    WhatIf(WhatIf),
    Prefer(PreferenceAction),
    /// The mapping of a request file's columns.
    Mapping(MappingAction),
    Start(StartAction),
    File(FileAction),
    Release(ReleaseAction),
    /// A command without a payload.
    Do(Command),
    /// Takes the last edit back.
    Undo,
    Redo,
    Dismiss(u64),
}

/// What an edit gives, or why it is refused.
pub(super) type EditResult = Result<DraftEdit, LocalText>;

/// Does an action: one line a family.
pub(super) fn apply(session: &mut Session, action: Action) -> Result<(), LocalText> {
    match action {
        Action::Rule(action) => session.edit(|draft| rules::apply(draft, action)),
        Action::Script(action) => session.edit(|draft| scripts::apply(draft, action)),
        Action::Parameter(action) => session.edit(|draft| parameters::apply(draft, action)),
        Action::Field(action) => session.edit(|draft| fields::apply(draft, action)),
        Action::List(action) => session.edit(|draft| lists::apply(draft, action)),
        Action::Case(action) => cases::apply(session, action),
        Action::Stage(action) => session.edit(|draft| stages::apply(draft, action)),
        Action::Text(action) => session.edit(|draft| texts::apply(draft, action)),
        Action::Select(action) => select::apply(session, action),
        Action::FilterRules(filter) => done(|| session.view.rules_filter = filter),
        Action::Table(action) => table::apply(session, action),
        Action::Acknowledge { group, yes } => done(|| select::acknowledge(session, group, yes)),
        Action::AcknowledgeWith { group, comment } => done(|| select::comment(session, group, comment)),
        Action::Compare(against) => done(|| session.compare_with(against)),
        Action::Sweep(parameter) => done(|| session.sweep(parameter)),
        Action::WhatIf(what_if) => done(|| session.view.what_if = what_if),
        Action::Prefer(action) => done(|| preferences::apply(session, action)),
        Action::Mapping(action) => mapping::apply(session, action),
        Action::Start(action) => start::apply(session, action),
        Action::File(action) => file::apply(session, action),
        Action::Release(action) => releases::apply(session, action),
        Action::Do(command) => session.run(command),
        Action::Undo => session.undo(),
        Action::Redo => session.redo(),
        Action::Dismiss(notice) => done(|| session.dismiss(notice)),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every family answers alike")]
fn done(what: impl FnOnce()) -> Result<(), LocalText> {
    what();
    Ok(())
}

/// An edit of the definition, made on a copy.
fn edit_definition(
    draft: &Draft,
    label: LocalText,
    joins: Option<EditJoin>,
    change: impl FnOnce(&mut Definition) -> Result<(), LocalText>,
) -> EditResult {
    let mut definition = Definition::clone(&draft.definition);
    change(&mut definition)?;
    let draft = Draft { definition: Arc::new(definition), ..draft.clone() };
    Ok(DraftEdit { draft, label, joins })
}

/// Puts what a key holds under another one, in its place; `what` it is, for people.
fn rename_key<K, T>(held: &mut IndexMap<K, T>, what: (&str, &str), from: &K, to: &K) -> Result<(), LocalText>
where
    K: Clone + Eq + Hash + Display,
{
    let (en, zh) = what;
    if held.contains_key(to) {
        return Err(LocalText::new(format!("there is a {en} `{to}` already"), format!("{zh} `{to}` 已存在")));
    }
    let missing = || LocalText::new(format!("there is no {en} `{from}`"), format!("没有名为 `{from}` 的{zh}"));
    let (at, _, value) = held.shift_remove_full(from).ok_or_else(missing)?;
    held.shift_insert(at, to.clone(), value);
    Ok(())
}

/// Users that a refusal names; more are counted.
const NAMED: usize = 6;

/// Refuses to remove what something still needs.
fn refuse_users(what: &str, users: Vec<String>, (need, need_zh): (&str, &str)) -> Result<(), LocalText> {
    if users.is_empty() {
        return Ok(());
    }
    let more = users.len().saturating_sub(NAMED);
    let named = users.into_iter().take(NAMED).collect::<Vec<_>>().join("`, `");
    let (and, and_zh) = if more == 0 { Default::default() } else { (format!(" and {more} more"), format!(" 等另 {more} 项")) };
    Err(LocalText::new(
        format!("{what} {need} `{named}`{and}: change that first"),
        format!("{what} {need_zh} `{named}`{and_zh}，请先修改"),
    ))
}

fn rule_mut<'a>(rules: &'a mut RuleSet, id: &str) -> Result<&'a mut Rule, LocalText> {
    let found = rules.stages.iter_mut().flat_map(|stage| &mut stage.rules).find(|rule| rule.id.as_str() == id);
    found.ok_or_else(|| no_rule(id))
}

fn no_rule(id: &str) -> LocalText {
    LocalText::new(format!("there is no rule `{id}`"), format!("没有名为 `{id}` 的规则"))
}
