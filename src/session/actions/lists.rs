//! Entries of lists: added, also from a file's text, and removed.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition, members, rename_key};
use crate::draft::Draft;
use countersign_core::model::{List, ListEntries, ListId, ListType, list_line};
use countersign_core::text::{LocalText, normalized};

/// The name that scripts reach lists through.
const GROUP: &str = "lists";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ListAction {
    /// Adds entries, in normal form; those that are there already are left as they are, and blank ones passed over.
    Add(ListId, Vec<String>),
    Remove(ListId, BTreeSet<String>),
    /// What the list is, for people.
    SetTitle(ListId, LocalText),
    /// A new list without entries, in a file of its own.
    Create(ListId, ListType, LocalText),
    /// Another name, in every script too; its file stays.
    Rename(ListId, ListId),
    /// Removes a list that no script uses, and its file.
    Delete(ListId),
}

pub(super) fn apply(draft: &Draft, action: ListAction) -> EditResult {
    match action {
        ListAction::Add(list, entries) => add(draft, &list, &entries),
        ListAction::Remove(list, entries) => remove(draft, &list, &entries),
        ListAction::Create(list, kind, title) => create(draft, list, kind, title),
        ListAction::Delete(list) => delete(draft, &list),
        ListAction::Rename(from, to) => rename(draft, &from, &to),
        ListAction::SetTitle(list, title) => {
            let label = LocalText::new(format!("change the title of `{list}`"), format!("修改 `{list}` 的标题"));
            change(draft, &list, label, |held| {
                held.title = title;
                Ok(())
            })
        }
    }
}

fn change(draft: &Draft, id: &ListId, label: LocalText, change: impl FnOnce(&mut List) -> Result<(), LocalText>) -> EditResult {
    edit_definition(draft, label, None, |definition| {
        let list = definition.rule_set.lists.get_mut(id);
        change(list.ok_or_else(|| no_list(id))?)
    })
}

fn create(draft: &Draft, id: ListId, kind: ListType, title: LocalText) -> EditResult {
    let label = LocalText::new(format!("add list `{id}`"), format!("新增名单 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        let lists = &mut definition.rule_set.lists;
        if lists.contains_key(&id) {
            return Err(LocalText::new(format!("there is a list `{id}` already"), format!("名单 `{id}` 已存在")));
        }
        let names = std::iter::once(format!("lists/{id}.txt")).chain((2_u32..).map(|number| format!("lists/{id}_{number}.txt")));
        let file = names.take(1_000).find(|file| !lists.values().any(|list| list.file == *file)).unwrap_or_default();
        let entries = ListEntries::none(kind);
        lists.insert(id, List { title, kind, file, entries });
        Ok(())
    })
}

fn delete(draft: &Draft, id: &ListId) -> EditResult {
    let label = LocalText::new(format!("delete list `{id}`"), format!("删除名单 `{id}`"));
    members::refuse_used(draft.rule_set(), GROUP, id.as_str())?;
    edit_definition(draft, label, None, |definition| {
        let removed = definition.rule_set.lists.shift_remove(id);
        removed.map(|_| ()).ok_or_else(|| no_list(id))
    })
}

fn rename(draft: &Draft, from: &ListId, to: &ListId) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    edit_definition(draft, label, None, |definition| {
        rename_key(&mut definition.rule_set.lists, ("list", "名单"), from, to)?;
        members::rename(definition, (GROUP, from.as_str()), (GROUP, to.as_str()));
        Ok(())
    })
}

fn no_list(id: &ListId) -> LocalText {
    LocalText::new(format!("there is no list `{id}`"), format!("没有名为 `{id}` 的名单"))
}

fn add(draft: &Draft, id: &ListId, entries: &[String]) -> EditResult {
    let entries: Vec<Cow<'_, str>> = entries.iter().map(|entry| normalized(entry)).filter(|entry| !entry.is_empty()).collect();
    let label = match entries.as_slice() {
        [only] => LocalText::new(format!("add `{only}` to `{id}`"), format!("将 `{only}` 加入 `{id}`")),
        many => LocalText::new(format!("add {} entries to `{id}`", many.len()), format!("向 `{id}` 加入 {} 条", many.len())),
    };
    change(draft, id, label, |list| {
        list.entries = match &list.entries {
            ListEntries::Text(known) => {
                let mut all: BTreeSet<Arc<str>> = known.iter().cloned().collect();
                for entry in &entries {
                    all.insert(Arc::from(fitting(entry)?));
                }
                ListEntries::Text(all.into_iter().collect())
            }
            ListEntries::Int(known) => {
                let mut all: BTreeSet<i64> = known.iter().copied().collect();
                for entry in &entries {
                    all.insert(entry.parse().map_err(|_| no_number(entry))?);
                }
                ListEntries::Int(all.into_iter().collect())
            }
        };
        Ok(())
    })
}

fn remove(draft: &Draft, id: &ListId, entries: &BTreeSet<String>) -> EditResult {
    let label = match entries.first() {
        Some(only) if entries.len() == 1 => {
            LocalText::new(format!("remove `{only}` from `{id}`"), format!("从 `{id}` 移除 `{only}`"))
        }
        _ => {
            LocalText::new(format!("remove {} entries from `{id}`", entries.len()), format!("从 `{id}` 移除 {} 条", entries.len()))
        }
    };
    change(draft, id, label, |list| {
        list.entries = match &list.entries {
            ListEntries::Text(known) => {
                ListEntries::Text(known.iter().filter(|entry| !entries.contains(entry.as_ref())).cloned().collect())
            }
            ListEntries::Int(known) => {
                ListEntries::Int(known.iter().copied().filter(|entry| !entries.contains(&entry.to_string())).collect())
            }
        };
        Ok(())
    })
}

/// An entry that a line of the list's file can give.
fn fitting(entry: &str) -> Result<&str, LocalText> {
    if list_line(entry).is_none() {
        return Err(LocalText::new(
            format!("`{}` cannot be an entry: it holds a control character, or `#` after white space", entry.escape_debug()),
            format!("`{}` 含有控制字符，或在空白后含有 `#`，不能作为名单条目", entry.escape_debug()),
        ));
    }
    Ok(entry)
}

fn no_number(entry: &str) -> LocalText {
    LocalText::new(format!("`{entry}` is no whole number"), format!("`{entry}` 不是整数"))
}
