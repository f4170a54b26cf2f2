//! Texts and settings of the rule set itself, its reasons, interfaces and stages.

use serde::{Deserialize, Serialize};

use super::{Edited, edit_definition};
use crate::model::{Interface, InterfaceId, Reason, ReasonId, StageId};
use crate::session::document::Draft;
use crate::session::history::Joins;
use crate::text::LocalText;

/// Something done to texts and settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TextAction {
    /// A reason's text and codes; a new reason where there is none of that code.
    SetReason(ReasonId, Reason),
    /// Removes a reason.
    RemoveReason(ReasonId),
    /// An interface's name and capacity; a new interface where there is none of that id.
    SetInterface(InterfaceId, Interface),
    /// A stage's title.
    SetStageTitle(StageId, LocalText),
    /// The rule set's title.
    SetTitle(LocalText),
    /// The rule set's version, as the next release will have it.
    SetVersion(String),
}

pub(super) fn apply(draft: &Draft, action: TextAction) -> Edited {
    match action {
        TextAction::SetReason(id, reason) => set_reason(draft, &id, reason),
        TextAction::RemoveReason(id) => remove_reason(draft, &id),
        TextAction::SetInterface(id, interface) => set_interface(draft, &id, interface),
        TextAction::SetStageTitle(id, title) => set_stage_title(draft, &id, title),
        TextAction::SetTitle(title) => {
            let label = LocalText::new("change the rule set's title", "修改规则集标题");
            edit_definition(draft, label, Some(Joins::new("title", "")), |definition| {
                definition.rule_set.title = title;
                Ok(())
            })
        }
        TextAction::SetVersion(version) => {
            let label = LocalText::new(format!("set the version to `{version}`"), format!("将版本设为 `{version}`"));
            edit_definition(draft, label, Some(Joins::new("version", "")), |definition| {
                definition.rule_set.version = version;
                Ok(())
            })
        }
    }
}

fn set_reason(draft: &Draft, id: &ReasonId, reason: Reason) -> Edited {
    let label = LocalText::new(format!("change reason `{id}`"), format!("修改原因码 `{id}`"));
    edit_definition(draft, label, Some(Joins::new("reason", id.as_str())), |definition| {
        definition.rule_set.reasons.insert(id.clone(), reason);
        Ok(())
    })
}

fn remove_reason(draft: &Draft, id: &ReasonId) -> Edited {
    let label = LocalText::new(format!("remove reason `{id}`"), format!("删除原因码 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        if definition.rule_set.on_error.reason == *id {
            return Err(LocalText::new(
                format!("`{id}` is given when a rule fails, so it must stay"),
                format!("`{id}` 用于规则出错时，不能删除"),
            ));
        }
        let removed = definition.rule_set.reasons.shift_remove(id);
        removed.map(|_| ()).ok_or_else(|| LocalText::new(format!("there is no reason `{id}`"), format!("没有原因码 `{id}`")))
    })
}

fn set_interface(draft: &Draft, id: &InterfaceId, interface: Interface) -> Edited {
    let label = LocalText::new(format!("change interface `{id}`"), format!("修改接口 `{id}`"));
    edit_definition(draft, label, Some(Joins::new("interface", id.as_str())), |definition| {
        definition.rule_set.interfaces.insert(id.clone(), interface);
        Ok(())
    })
}

fn set_stage_title(draft: &Draft, id: &StageId, title: LocalText) -> Edited {
    let label = LocalText::new(format!("change the title of stage `{id}`"), format!("修改阶段 `{id}` 的标题"));
    edit_definition(draft, label, Some(Joins::new("stage", id.as_str())), |definition| {
        let stage = definition.rule_set.stages.iter_mut().find(|stage| stage.id == *id);
        let stage = stage.ok_or_else(|| LocalText::new(format!("there is no stage `{id}`"), format!("没有名为 `{id}` 的阶段")))?;
        stage.title = title;
        Ok(())
    })
}
