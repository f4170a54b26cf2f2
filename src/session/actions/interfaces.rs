//! Interfaces: other names wherever they are used, or removed. They are used by scripts, Route stages, cases, and by parameters and fields
//! whose every value is an interface.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{EditResult, edit_definition, members, rename_key};
use crate::draft::Draft;
use countersign_core::model::{
    CaseSet, Definition, EnumType, FieldName, FieldType, Interface, InterfaceId, Scalar, Schema, StageKind, Template, Value,
};
use countersign_core::script::routes::{self, RouteMember};
use countersign_core::text::LocalText;

/// The name that scripts reach parameters through.
const PARAMETERS: &str = "params";

type Interfaces = IndexMap<InterfaceId, Interface>;

fn is_of_interfaces(kind: &FieldType, known: &Interfaces) -> bool {
    matches!(kind, FieldType::Enum(EnumType { values }) if !values.is_empty() && values.keys().all(|value| known.contains_key(value.as_str())))
}

/// The fields whose values are interfaces: the one that plays that part, and any other.
fn fields(schema: &Schema, known: &Interfaces) -> Vec<FieldName> {
    let plays = |name: &str| schema.roles.interface.as_ref().is_some_and(|player| player.as_str() == name);
    let fitting = schema.fields().filter(|(_, name, field)| plays(name) || is_of_interfaces(&field.kind, known));
    fitting.filter_map(|(_, name, _)| FieldName::new(name).ok()).collect()
}

/// What scripts reach interfaces through: `params.open_interface`, `request.interface`.
fn speakers(definition: &Definition) -> Vec<RouteMember> {
    let known = &definition.rule_set.interfaces;
    let parameters = definition.rule_set.parameters.iter().filter(|(_, held)| is_of_interfaces(&held.kind, known));
    let parameters = parameters.map(|(id, _)| RouteMember::new(PARAMETERS, id.as_str()));
    let fields = fields(&definition.schema, known);
    parameters.chain(fields.iter().map(FieldName::parts).map(|(group, own)| RouteMember::new(group, own))).collect()
}

/// The fields whose values would be renamed with an interface.
pub fn fields_of_interface(definition: &Definition, id: &InterfaceId) -> Vec<FieldName> {
    let has = |name: &FieldName| {
        let field = definition.schema.find(name.as_str()).map(|(_, field)| &field.kind);
        matches!(field, Some(FieldType::Enum(values)) if values.contains(id.as_str()))
    };
    fields(&definition.schema, &definition.rule_set.interfaces).into_iter().filter(has).collect()
}

pub(super) fn rename(draft: &Draft, from: &InterfaceId, to: &InterfaceId) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    let saying = fields(&draft.definition.schema, &draft.rule_set().interfaces);
    let mut edit = edit_definition(draft, label, None, |definition| {
        let speakers = speakers(definition);
        rename_key(&mut definition.rule_set.interfaces, ("interface", "接口"), from, to)?;
        in_stages(definition, from, to);
        in_parameters(definition, &speakers, from, to)?;
        for name in &saying {
            if let Some(kind) = kind_of(&mut definition.schema, name) {
                rename_value(kind, from, to)?;
            }
        }
        members::rewrite(definition, |text| routes::renamed(text, &speakers, from.as_str(), to.as_str()));
        Ok(())
    })?;
    edit.draft.cases = Arc::new(in_cases(&draft.cases, &saying, from, to));
    Ok(edit)
}

fn in_stages(definition: &mut Definition, from: &InterfaceId, to: &InterfaceId) {
    for stage in &mut definition.rule_set.stages {
        if let StageKind::Route { default: Some(default) } = &mut stage.kind
            && default == from
        {
            *default = to.clone();
        }
    }
}

fn in_parameters(
    definition: &mut Definition,
    speakers: &[RouteMember],
    from: &InterfaceId,
    to: &InterfaceId,
) -> Result<(), LocalText> {
    for (id, parameter) in &mut definition.rule_set.parameters {
        if !speakers.contains(&RouteMember::new(PARAMETERS, id.as_str())) {
            continue;
        }
        rename_value(&mut parameter.kind, from, to)?;
        if matches!(&parameter.value, Value::Text(held) if held.as_ref() == from.as_str()) {
            parameter.value = Value::Text(to.as_str().into());
        }
    }
    Ok(())
}

fn kind_of<'a>(schema: &'a mut Schema, name: &FieldName) -> Option<&'a mut FieldType> {
    let (group, own) = name.parts();
    schema.groups.get_mut(group)?.fields.get_mut(own).map(|field| &mut field.kind)
}

/// Puts an enum's value under another name, in its place.
fn rename_value(kind: &mut FieldType, from: &InterfaceId, to: &InterfaceId) -> Result<(), LocalText> {
    match kind {
        FieldType::Enum(EnumType { values }) if values.contains_key(from.as_str()) => {
            rename_key(values, ("value", "取值"), &from.to_string(), &to.to_string())
        }
        _ => Ok(()),
    }
}

fn in_cases(cases: &CaseSet, fields: &[FieldName], from: &InterfaceId, to: &InterfaceId) -> CaseSet {
    let mut cases = cases.clone();
    let change = |set: &mut Template| {
        let values = set.iter_mut().filter(|(name, _)| fields.contains(name)).map(|(_, value)| value);
        let same = values.filter(|value| matches!(value, Scalar::Text(text) if text == from.as_str()));
        same.for_each(|value| *value = Scalar::Text(to.to_string()));
    };
    cases.templates.values_mut().for_each(change);
    for case in &mut cases.cases {
        case.before.iter_mut().chain([&mut case.set]).for_each(&change);
        if let Some(Some(expected)) = &mut case.expect.interface
            && expected == from
        {
            *expected = to.clone();
        }
    }
    cases
}

pub(super) fn remove(draft: &Draft, id: &InterfaceId) -> EditResult {
    super::refuse_users(&format!("`{id}`"), users(draft, id), ("is still used by", "仍被以下内容使用："))?;
    let label = LocalText::new(format!("remove interface `{id}`"), format!("删除接口 `{id}`"));
    edit_definition(draft, label, None, |definition| {
        let removed = definition.rule_set.interfaces.shift_remove(id);
        let missing = || LocalText::new(format!("there is no interface `{id}`"), format!("没有名为 `{id}` 的接口"));
        removed.map(|_| ()).ok_or_else(missing)
    })
}

fn users(draft: &Draft, id: &InterfaceId) -> Vec<String> {
    let (rules, speakers) = (draft.rule_set(), speakers(&draft.definition));
    let says = |text: &str| !routes::places(text, &speakers, id.as_str()).is_empty();
    let scripts = members::scripts(rules).filter(|(_, script)| says(&script.text)).map(|(user, _)| user.to_owned());
    let is_default = |kind: &StageKind| matches!(kind, StageKind::Route { default: Some(default) } if default == id);
    let stages = rules.stages.iter().filter(|stage| is_default(&stage.kind)).map(|stage| stage.id.to_string());
    let has = |kind: &FieldType| matches!(kind, FieldType::Enum(values) if values.contains(id.as_str()));
    let parameters = rules.parameters.iter().filter(|(_, held)| is_of_interfaces(&held.kind, &rules.interfaces) && has(&held.kind));
    let parameters = parameters.map(|(id, _)| format!("{PARAMETERS}.{id}"));
    let fields = fields_of_interface(&draft.definition, id).into_iter().map(|name| name.to_string());
    let expect = draft.cases.cases.iter().filter(|case| case.expect.interface.as_ref() == Some(&Some(id.clone())));
    stages.chain(scripts).chain(parameters).chain(fields).chain(expect.map(|case| case.id.to_string())).collect()
}
