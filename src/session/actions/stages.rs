//! Stages: what they are for and how their rules combine, new ones, other names, their order, and none.

use std::mem::discriminant;

use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition};
use crate::draft::Draft;
use countersign_core::model::{RuleSet, Stage, StageId, StageKind};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StageAction {
    /// What a stage is; where there is none of that name a new one, after the last of its kind.
    Define(StageId, Box<StageSpec>),
    Rename(StageId, StageId),
    /// Moves a stage to a position, counted after it is taken out.
    Move(StageId, usize),
    /// Removes one without rules.
    Remove(StageId),
}

/// What a stage is, without its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageSpec {
    pub title: LocalText,
    pub kind: StageKind,
}

impl StageSpec {
    /// Whether a rule set can have such a stage.
    ///
    /// # Errors
    /// Score bands that do not go up, or an interface that the rule set does not have.
    pub fn check(&self, rules: &RuleSet) -> Result<(), LocalText> {
        match &self.kind {
            StageKind::Screen { bands, .. } => {
                let goes_up = bands.is_sorted_by(|lower, upper| lower.at_least < upper.at_least && lower.verdict <= upper.verdict);
                let wrong = || {
                    LocalText::new(
                        "the score bands must go up, each with a verdict at least as severe as the one before",
                        "评分区间须从低到高排列，且结论不得比前一区间更轻",
                    )
                };
                goes_up.then_some(()).ok_or_else(wrong)
            }
            StageKind::Route { default: Some(name) } if !rules.interfaces.contains_key(name) => {
                Err(LocalText::new(format!("there is no interface `{name}`"), format!("没有名为 `{name}` 的接口")))
            }
            StageKind::Limit | StageKind::Route { .. } => Ok(()),
        }
    }
}

pub(super) fn apply(draft: &Draft, action: StageAction) -> EditResult {
    match action {
        StageAction::Define(id, spec) => define(draft, id, *spec),
        StageAction::Rename(from, to) => rename(draft, &from, to),
        StageAction::Move(id, to) => move_to(draft, &id, to),
        StageAction::Remove(id) => remove(draft, &id),
    }
}

fn position(rules: &RuleSet, id: &StageId) -> Option<usize> {
    rules.stages.iter().position(|stage| stage.id == *id)
}

fn found(rules: &RuleSet, id: &StageId) -> Result<usize, LocalText> {
    position(rules, id).ok_or_else(|| LocalText::new(format!("there is no stage `{id}`"), format!("没有名为 `{id}` 的阶段")))
}

fn define(draft: &Draft, id: StageId, spec: StageSpec) -> EditResult {
    spec.check(draft.rule_set())?;
    let StageSpec { title, kind } = spec;
    let known = position(draft.rule_set(), &id);
    let label = if known.is_some() {
        LocalText::new(format!("change stage `{id}`"), format!("修改阶段 `{id}`"))
    } else {
        LocalText::new(format!("add stage `{id}`"), format!("新增阶段 `{id}`"))
    };
    edit_definition(draft, label, None, |definition| {
        let stages = &mut definition.rule_set.stages;
        if let Some(stage) = known.and_then(|at| stages.get_mut(at)) {
            (stage.title, stage.kind) = (title, kind);
            return Ok(());
        }
        let like = stages.iter().rposition(|stage| discriminant(&stage.kind) == discriminant(&kind));
        let at = like.map_or(stages.len(), |last| last + 1);
        stages.insert(at, Stage { id, title, kind, rules: Vec::new() });
        Ok(())
    })
}

fn rename(draft: &Draft, from: &StageId, to: StageId) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    edit_definition(draft, label, None, |definition| {
        let rules = &mut definition.rule_set;
        if position(rules, &to).is_some() {
            return Err(LocalText::new(format!("there is a stage `{to}` already"), format!("阶段 `{to}` 已存在")));
        }
        let at = found(rules, from)?;
        if let Some(stage) = rules.stages.get_mut(at) {
            stage.id = to;
        }
        Ok(())
    })
}

fn move_to(draft: &Draft, id: &StageId, to: usize) -> EditResult {
    let label = LocalText::new(format!("move stage `{id}`"), format!("移动阶段 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        let at = found(&definition.rule_set, id)?;
        let stages = &mut definition.rule_set.stages;
        let stage = stages.remove(at);
        stages.insert(to.min(stages.len()), stage);
        Ok(())
    })
}

fn remove(draft: &Draft, id: &StageId) -> EditResult {
    let label = LocalText::new(format!("remove stage `{id}`"), format!("删除阶段 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        let at = found(&definition.rule_set, id)?;
        let stages = &mut definition.rule_set.stages;
        let rules = stages.get(at).map(|stage| stage.rules.iter().map(|rule| rule.id.to_string()).collect()).unwrap_or_default();
        super::refuse_users(&format!("`{id}`"), rules, ("still holds", "仍包含"))?;
        stages.remove(at);
        Ok(())
    })
}
