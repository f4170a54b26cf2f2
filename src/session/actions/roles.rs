//! The parts that fields play: which one tells requests apart, which one is the time.

use super::{Edited, edit_definition};
use crate::document::Draft;
use countersign_core::model::{Field, Role, Roles};
use countersign_core::text::LocalText;

/// Why a field cannot play a part.
pub(super) fn misfit(role: &Role<'_>, field: &Field) -> Option<LocalText> {
    if role.is_played_by(field) {
        return None;
    }
    let (part, types) = (role.name, role.types.join("` or `"));
    let (never, never_zh) = if role.may_miss { ("", "") } else { (" and is never missing", "且必填") };
    Some(LocalText::new(
        format!("the schema's {part} is of type `{types}`{never}"),
        format!("作为 {part} 的字段类型应为 `{}`{never_zh}", role.types.join("` 或 `")),
    ))
}

/// Gives the parts to other fields.
pub(super) fn play(draft: &Draft, roles: Roles) -> Edited {
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
