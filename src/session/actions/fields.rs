//! Fields of the schema: what they are, new ones, other names everywhere, and none.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition, members};
use crate::draft::Draft;
use crate::mappings;
use countersign_core::model::{CaseSet, Definition, Derived, Field, FieldName, FieldType, Group, Role, Roles, Schema, Template};
use countersign_core::script::uses;
use countersign_core::text::{LocalText, normal};

/// Something done to a field of the schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FieldAction {
    /// What a field is; a new one, in a new group too, where there is none of that name.
    Define(FieldName, Box<FieldSpec>),
    /// Another name: in scripts, cases, mappings and parts.
    Rename(FieldName, FieldName),
    /// Removes one that no script reads and that plays no part; cases set it no more.
    Remove(FieldName),
    /// Gives the parts that fields play to other fields.
    Play(Box<Roles>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "four answers about a field, each of its own")]
pub struct FieldSpec {
    pub kind: FieldType,
    pub optional: bool,
    pub text: LocalText,
    /// Its unit, for people; empty for none.
    pub unit: LocalText,
    pub personal: bool,
    /// Whether its texts are taken as they are given, and not in normal form.
    #[serde(default)]
    pub as_written: bool,
    /// Whether its whole numbers are names and no quantities.
    #[serde(default)]
    pub identifier: bool,
}

impl FieldSpec {
    /// A field as a form shows it.
    pub fn of(field: &Field) -> Self {
        let Field { kind, optional, text, unit, personal, as_written, identifier, .. } = field.clone();
        Self { kind, optional, text, unit: unit.unwrap_or_default(), personal, as_written, identifier }
    }

    /// The field that is meant by that name in a schema.
    ///
    /// # Errors
    /// An enum without values or with one that cannot be, or a field that could not play its part any more.
    pub fn understand(&self, name: &str, schema: &Schema) -> Result<Field, LocalText> {
        if let FieldType::Enum(known) = &self.kind {
            if known.values.is_empty() {
                return Err(LocalText::new("an enum needs at least one value", "枚举至少需要一个取值"));
            }
            let is_wrong = |value: &&str| value.is_empty() || normal(value).is_some() || value.contains(char::is_control);
            if let Some(value) = known.names().find(is_wrong) {
                return Err(LocalText::new(format!("`{value}` cannot be an enum's value"), format!("`{value}` 不能作为枚举值")));
            }
        }
        let unit = Some(self.unit.clone()).filter(|unit| *unit != LocalText::default());
        let (kind, text) = (self.kind.clone(), self.text.clone());
        let Self { optional, personal, as_written, identifier, .. } = *self;
        let derived = schema.find(name).and_then(|(_, known)| known.derived.clone());
        let field = Field { kind, optional, text, unit, personal, as_written, identifier, derived };
        let mut played = schema.roles.all().into_iter().filter(|role| role.field.is_some_and(|player| player.as_str() == name));
        let misfit = played.find_map(|role| misfit(&role, &field));
        misfit.map_or(Ok(field), Err)
    }
}

pub(super) fn apply(draft: &Draft, action: FieldAction) -> EditResult {
    match action {
        FieldAction::Define(name, spec) => define(draft, &name, &spec),
        FieldAction::Rename(from, to) => rename(draft, &from, &to),
        FieldAction::Remove(name) => remove(draft, &name),
        FieldAction::Play(parts) => play(draft, *parts),
    }
}

fn define(draft: &Draft, name: &FieldName, spec: &FieldSpec) -> EditResult {
    let schema = &draft.definition.schema;
    let field = spec.understand(name.as_str(), schema)?;
    let label = if schema.find(name.as_str()).is_some() {
        LocalText::new(format!("change field `{name}`"), format!("修改字段 `{name}`"))
    } else {
        LocalText::new(format!("add field `{name}`"), format!("新增字段 `{name}`"))
    };
    edit_definition(draft, label, None, |definition| {
        let (group, own) = name.parts();
        group_of(&mut definition.schema, group).fields.insert(own.to_owned(), field);
        refuse_clash(&definition.schema)
    })
}

fn rename(draft: &Draft, from: &FieldName, to: &FieldName) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    let mut edit = edit_definition(draft, label, None, |definition| {
        if definition.schema.find(to.as_str()).is_some() {
            return Err(LocalText::new(format!("there is a field `{to}` already"), format!("字段 `{to}` 已存在")));
        }
        move_field(&mut definition.schema, from, to)?;
        refuse_clash(&definition.schema)?;
        definition.schema.roles.names_mut().filter(|name| *name == from).for_each(|name| *name = to.clone());
        let (old, new) = (from.parts(), to.parts());
        members::rename(definition, old, new);
        rename_in_derived(&mut definition.schema, from, to);
        Ok(())
    })?;
    edit.draft.cases = Arc::new(with_templates(&draft.cases, |set| renamed(set, from, to)));
    let mappings = draft.mappings.iter().map(|(name, text)| (name.clone(), mappings::renamed(text, from.as_str(), to.as_str())));
    edit.draft.mappings = Arc::new(mappings.collect::<BTreeMap<_, _>>());
    Ok(edit)
}

/// Says the new name in the definitions of derived fields.
fn rename_in_derived(schema: &mut Schema, from: &FieldName, to: &FieldName) {
    let fields = schema.groups.values_mut().flat_map(|group| group.fields.values_mut());
    for derived in fields.filter_map(|field| field.derived.as_deref_mut()) {
        derived.names_mut().filter(|name| *name == from).for_each(|name| *name = to.clone());
        if let Some(text) = &mut derived.condition {
            *text = members::renamed(text, from.parts(), to.parts()).into();
        }
    }
}

/// Refuses to remove what a derived field is computed from.
fn refuse_used_by_derived(schema: &Schema, name: &FieldName) -> Result<(), LocalText> {
    let (group, own) = name.parts();
    let uses = |derived: &Derived| {
        let in_condition = derived.condition.as_ref().is_some_and(|text| !uses::members(text, group, own).is_empty());
        in_condition || derived.names().any(|used| used == name)
    };
    let found = schema.derived().find(|(_, user, _, derived)| user != name.as_str() && uses(derived));
    found.map_or(Ok(()), |(_, user, ..)| {
        Err(LocalText::new(
            format!("`{user}` is derived from `{name}`: change that first"),
            format!("派生字段 `{user}` 使用了 `{name}`，请先修改"),
        ))
    })
}

fn remove(draft: &Draft, name: &FieldName) -> EditResult {
    let (group, own) = name.parts();
    members::refuse_used(draft.rule_set(), group, own)?;
    refuse_used_by_derived(&draft.definition.schema, name)?;
    if let Some(role) = draft.definition.schema.roles.all().into_iter().find(|role| role.field == Some(name)) {
        let part = role.name;
        return Err(LocalText::new(
            format!("`{name}` is the schema's {part}, so it must stay"),
            format!("`{name}` 是结构中的 {part}，不能删除"),
        ));
    }
    let label = LocalText::new(format!("remove field `{name}`"), format!("删除字段 `{name}`"));
    let mut edit = edit_definition(draft, label, None, |definition| {
        take_field(&mut definition.schema, name)?;
        drop_empty(&mut definition.schema);
        Ok(())
    })?;
    edit.draft.cases = Arc::new(with_templates(&draft.cases, |set| {
        set.shift_remove(name);
    }));
    Ok(edit)
}

fn refuse_clash(schema: &Schema) -> Result<(), LocalText> {
    let clash = |name: String| {
        LocalText::new(format!("`{name}` would be a field and a group of fields"), format!("`{name}` 将同时成为字段和字段组"))
    };
    schema.clash().map_or(Ok(()), |name| Err(clash(name)))
}

fn group_of<'a>(schema: &'a mut Schema, name: &str) -> &'a mut Group {
    let new = || Group { text: LocalText::default(), fields: IndexMap::new() };
    schema.groups.entry(name.to_owned()).or_insert_with(new)
}

/// Takes a field out; gives the field and where it stood.
fn take_field(schema: &mut Schema, name: &FieldName) -> Result<(usize, Field), LocalText> {
    let (group, own) = name.parts();
    let unknown = || LocalText::new(format!("there is no field `{name}`"), format!("没有名为 `{name}` 的字段"));
    let held = schema.groups.get_mut(group).ok_or_else(unknown)?;
    let (at, _, field) = held.fields.shift_remove_full(own).ok_or_else(unknown)?;
    Ok((at, field))
}

fn drop_empty(schema: &mut Schema) {
    schema.groups.retain(|_, group| !group.fields.is_empty());
}

/// Puts a field under another name: in its place, or at the end of another group.
fn move_field(schema: &mut Schema, from: &FieldName, to: &FieldName) -> Result<(), LocalText> {
    let (at, field) = take_field(schema, from)?;
    let (group, own) = to.parts();
    let is_same_group = from.parts().0 == group;
    let fields = &mut group_of(schema, group).fields;
    let at = if is_same_group { at } else { fields.len() };
    fields.shift_insert(at.min(fields.len()), own.to_owned(), field);
    drop_empty(schema);
    Ok(())
}

/// The cases with every template and every request changed.
fn with_templates(cases: &CaseSet, change: impl Fn(&mut Template)) -> CaseSet {
    let mut cases = cases.clone();
    cases.templates.values_mut().for_each(&change);
    cases.cases.iter_mut().flat_map(|case| case.before.iter_mut().chain([&mut case.set])).for_each(&change);
    cases
}

fn renamed(set: &mut Template, from: &FieldName, to: &FieldName) {
    if let Some((at, _, value)) = set.shift_remove_full(from) {
        set.shift_insert(at, to.clone(), value);
    }
}

/// Whether requests read by one schema can be seen by the other as they are: it knows every field, of the same type.
pub(crate) fn covers(read: &Schema, now: &Definition) -> bool {
    // A derived field is computed from the others.
    let fields = now.schema.fields().filter(|(_, _, field)| field.derived.is_none());
    read.zone == now.schema.zone
        && fields.into_iter().all(|(_, name, field)| {
            read.find(&name).is_some_and(|(_, known)| {
                known.kind == field.kind && known.as_written == field.as_written && (field.optional || !known.optional)
            })
        })
}

/// Whether the derived fields of requests read by one schema are those of the other, computed in the same way.
pub(crate) fn has_same_derived(read: &Schema, now: &Schema) -> bool {
    let derived = |schema: &Schema| schema.derived().map(|(_, name, _, derived)| (name, derived.clone())).collect::<Vec<_>>();
    derived(read) == derived(now)
}

/// Why a field cannot play a part.
fn misfit(role: &Role<'_>, field: &Field) -> Option<LocalText> {
    if role.is_played_by(field) {
        return None;
    }
    let (part, types) = (role.name, role.type_names("` or `"));
    let (never, never_zh) = if role.may_miss { ("", "") } else { (" and is never missing", "且必填") };
    Some(LocalText::new(
        format!("the schema's {part} is of type `{types}`{never}"),
        format!("作为 {part} 的字段类型应为 `{}`{never_zh}", role.type_names("` 或 `")),
    ))
}

fn play(draft: &Draft, roles: Roles) -> EditResult {
    let schema = &draft.definition.schema;
    for role in roles.all() {
        let Some(name) = role.field else { continue };
        let field = schema.find(name.as_str()).map(|(_, field)| field);
        let field =
            field.ok_or_else(|| LocalText::new(format!("there is no field `{name}`"), format!("没有名为 `{name}` 的字段")))?;
        misfit(&role, field).map_or(Ok(()), Err)?;
    }
    let (before, after) = (schema.roles.all(), roles.all());
    let changed = before.iter().zip(&after).find(|(before, after)| before.field != after.field).map(|(_, after)| *after);
    let label = match changed {
        Some(Role { name: part, field: Some(field), .. }) => {
            LocalText::new(format!("make `{field}` the {part}"), format!("将 `{field}` 作为 {part}"))
        }
        Some(Role { name: part, field: None, .. }) => {
            LocalText::new(format!("let no field be the {part}"), format!("不再指定 {part} 字段"))
        }
        None => LocalText::new("change the parts of fields", "修改字段角色"),
    };
    edit_definition(draft, label, None, |definition| {
        definition.schema.roles = roles;
        Ok(())
    })
}
