//! Texts and settings of the rule set itself, its reasons and interfaces.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition, interfaces, members, rename_key};
use crate::draft::Draft;
use crate::history::EditJoin;
use countersign_core::model::{Interface, InterfaceId, OnError, Reason, ReasonId, Verdict};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TextAction {
    /// A reason's text and codes; a new reason where there is none of that code.
    SetReason(ReasonId, Reason),
    /// Another code, wherever a script, a case or the rule set gives it.
    RenameReason(ReasonId, ReasonId),
    /// Removes a reason that no script gives.
    RemoveReason(ReasonId),
    /// An interface's name and capacity; a new interface where there is none of that id.
    SetInterface(InterfaceId, Interface),
    /// Another id of an interface, wherever a script, a stage, a case, a parameter or a field says it.
    RenameInterface(InterfaceId, InterfaceId),
    RemoveInterface(InterfaceId),
    SetName(String),
    SetOnError(OnError),
    SetTitle(LocalText),
    /// The rule set's version, as the next release will have it.
    SetVersion(String),
}

pub(super) fn apply(draft: &Draft, action: TextAction) -> EditResult {
    match action {
        TextAction::SetReason(id, reason) => set_reason(draft, &id, reason),
        TextAction::RenameReason(from, to) => rename_reason(draft, &from, &to),
        TextAction::RemoveReason(id) => remove_reason(draft, &id),
        TextAction::SetInterface(id, interface) => set_interface(draft, &id, interface),
        TextAction::RenameInterface(from, to) => interfaces::rename(draft, &from, &to),
        TextAction::RemoveInterface(id) => interfaces::remove(draft, &id),
        TextAction::SetName(name) => set_name(draft, name),
        TextAction::SetOnError(on_error) => set_on_error(draft, on_error),
        TextAction::SetTitle(title) => {
            let label = LocalText::new("change the rule set's title", "修改规则集标题");
            edit_definition(draft, label, Some(EditJoin::new("title", "")), |definition| {
                definition.rule_set.title = title;
                Ok(())
            })
        }
        TextAction::SetVersion(version) => {
            let label = LocalText::new(format!("set the version to `{version}`"), format!("将版本设为 `{version}`"));
            edit_definition(draft, label, Some(EditJoin::new("version", "")), |definition| {
                definition.rule_set.version = version;
                Ok(())
            })
        }
    }
}

fn set_reason(draft: &Draft, id: &ReasonId, reason: Reason) -> EditResult {
    let label = LocalText::new(format!("change reason `{id}`"), format!("修改原因码 `{id}`"));
    edit_definition(draft, label, Some(EditJoin::new("reason", id.as_str())), |definition| {
        definition.rule_set.reasons.insert(id.clone(), reason);
        Ok(())
    })
}

fn rename_reason(draft: &Draft, from: &ReasonId, to: &ReasonId) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    let mut edit = edit_definition(draft, label, None, |definition| {
        let rules = &mut definition.rule_set;
        rename_key(&mut rules.reasons, ("reason", "原因码"), from, to)?;
        if rules.on_error.reason == *from {
            rules.on_error.reason = to.clone();
        }
        members::rename_reason(definition, from.as_str(), to.as_str());
        Ok(())
    })?;
    let mut cases = draft.cases.as_ref().clone();
    let named = cases.cases.iter_mut().filter_map(|case| case.expect.reasons.as_mut()).flatten();
    named.filter(|code| *code == from).for_each(|code| *code = to.clone());
    edit.draft.cases = Arc::new(cases);
    Ok(edit)
}

fn remove_reason(draft: &Draft, id: &ReasonId) -> EditResult {
    let users = members::givers(draft.rule_set(), id.as_str());
    if !users.is_empty() {
        let users = users.join("`, `");
        return Err(LocalText::new(
            format!("`{id}` is still given by `{users}`: change that first"),
            format!("`{id}` 仍被 `{users}` 使用，请先修改"),
        ));
    }
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

fn set_interface(draft: &Draft, id: &InterfaceId, interface: Interface) -> EditResult {
    let label = LocalText::new(format!("change interface `{id}`"), format!("修改接口 `{id}`"));
    edit_definition(draft, label, Some(EditJoin::new("interface", id.as_str())), |definition| {
        definition.rule_set.interfaces.insert(id.clone(), interface);
        Ok(())
    })
}

fn set_name(draft: &Draft, name: String) -> EditResult {
    if name.trim().is_empty() {
        return Err(LocalText::new("a rule set has a name", "规则集须有名称"));
    }
    let label = LocalText::new(format!("name the rule set `{name}`"), format!("将规则集命名为 `{name}`"));
    edit_definition(draft, label, None, |definition| {
        definition.rule_set.name = name;
        Ok(())
    })
}

fn set_on_error(draft: &Draft, on_error: OnError) -> EditResult {
    let reason = &on_error.reason;
    if on_error.verdict < Verdict::Refer {
        return Err(LocalText::new("a rule that fails must not let requests through", "规则出错时不得放行请求"));
    }
    if !draft.rule_set().reasons.contains_key(reason) {
        return Err(LocalText::new(format!("there is no reason `{reason}`"), format!("没有原因码 `{reason}`")));
    }
    let label = LocalText::new("change what a failing rule means", "修改规则出错时的处理");
    edit_definition(draft, label, None, |definition| {
        definition.rule_set.on_error = on_error;
        Ok(())
    })
}
