//! Parameters: their values, kept inside their type and range; what they are; new ones, other names, and none.

use serde::{Deserialize, Serialize};

use super::{EditResult, edit_definition, members, rename_key};
use crate::draft::Draft;
use crate::history::EditJoin;
use countersign_core::model::{FieldType, Parameter, ParameterId, Range, Scalar, Value, Zone};
use countersign_core::text::LocalText;

/// The name that scripts reach parameters through.
const GROUP: &str = "params";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ParameterAction {
    /// Another value, as files write it: `6`, `"5000.00"`, `"2014-03-24T00:00:00"`. Dragging a slider is one step to undo.
    Set(ParameterId, Scalar),
    /// What a parameter is; a new one where there is none of that name.
    Define(ParameterId, Box<ParameterSpec>),
    /// Another name, in every script too.
    Rename(ParameterId, ParameterId),
    /// Removes one that no script uses.
    Remove(ParameterId),
}

/// What a parameter is, with values as people type them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterSpec {
    pub kind: FieldType,
    pub value: String,
    /// The smallest and largest value; none for any.
    pub range: Option<(String, String)>,
    pub unit: LocalText,
    pub text: LocalText,
}

impl ParameterSpec {
    /// A parameter as people would type it.
    pub fn of(parameter: &Parameter, zone: Zone) -> Self {
        let range = parameter.range.as_ref().map(|range| (range.min.show(zone), range.max.show(zone)));
        let unit = parameter.unit.clone().unwrap_or_default();
        let (kind, value, text) = (parameter.kind.clone(), parameter.value.show(zone), parameter.text.clone());
        Self { kind, value, range, unit, text }
    }

    /// The parameter that is meant.
    ///
    /// # Errors
    /// The value or an end of the range is none of the type, or the value lies outside.
    pub fn understand(&self, zone: Zone) -> Result<Parameter, LocalText> {
        let read = |what: (&str, &str), text: &str| {
            let value = Value::parse(&self.kind, text.trim(), zone).ok();
            let value = value.filter(|value| match (&self.kind, value) {
                (FieldType::Enum(known), Value::Text(text)) => known.contains(text),
                _ => true,
            });
            value.ok_or_else(|| {
                let looks = self.kind.looks_like();
                LocalText::new(format!("the {} must be {looks}", what.0), format!("{}的类型应为{}", what.1, self.kind.text().zh))
            })
        };
        let value = read(("value", "值"), &self.value)?;
        let range = match &self.range {
            None => None,
            Some((min, max)) => {
                let range =
                    Range { min: read(("smallest value", "最小值"), min)?, max: read(("largest value", "最大值"), max)? };
                if !range.contains(&value) {
                    let (min, max) = (range.min.show(zone), range.max.show(zone));
                    return Err(LocalText::new(
                        format!("the value must lie between {min} and {max}"),
                        format!("值应介于 {min} 与 {max} 之间"),
                    ));
                }
                Some(range)
            }
        };
        let unit = Some(self.unit.clone()).filter(|unit| *unit != LocalText::default());
        Ok(Parameter { kind: self.kind.clone(), value, range, unit, text: self.text.clone() })
    }
}

pub(super) fn apply(draft: &Draft, action: ParameterAction) -> EditResult {
    match action {
        ParameterAction::Set(id, scalar) => set(draft, &id, &scalar),
        ParameterAction::Define(id, spec) => define(draft, id, &spec),
        ParameterAction::Rename(from, to) => rename(draft, &from, &to),
        ParameterAction::Remove(id) => remove(draft, &id),
    }
}

fn define(draft: &Draft, id: ParameterId, spec: &ParameterSpec) -> EditResult {
    let parameter = spec.understand(draft.definition.schema.zone)?;
    let label = if draft.rule_set().parameters.contains_key(&id) {
        LocalText::new(format!("change parameter `{id}`"), format!("修改参数 `{id}`"))
    } else {
        LocalText::new(format!("add parameter `{id}`"), format!("新增参数 `{id}`"))
    };
    edit_definition(draft, label, None, |definition| {
        definition.rule_set.parameters.insert(id, parameter);
        Ok(())
    })
}

fn rename(draft: &Draft, from: &ParameterId, to: &ParameterId) -> EditResult {
    let label = LocalText::new(format!("rename `{from}` to `{to}`"), format!("将 `{from}` 改名为 `{to}`"));
    edit_definition(draft, label, None, |definition| {
        rename_key(&mut definition.rule_set.parameters, ("parameter", "参数"), from, to)?;
        members::rename(definition, (GROUP, from.as_str()), (GROUP, to.as_str()));
        Ok(())
    })
}

fn remove(draft: &Draft, id: &ParameterId) -> EditResult {
    let label = LocalText::new(format!("remove parameter `{id}`"), format!("删除参数 `{id}`"));
    members::refuse_used(draft.rule_set(), GROUP, id.as_str())?;
    edit_definition(draft, label, None, |definition| {
        let removed = definition.rule_set.parameters.shift_remove(id);
        removed.map(|_| ()).ok_or_else(|| no_parameter(id))
    })
}

fn set(draft: &Draft, id: &ParameterId, scalar: &Scalar) -> EditResult {
    let zone = draft.definition.schema.zone;
    let parameter = draft.rule_set().parameters.get(id).ok_or_else(|| no_parameter(id))?;
    let value = fitting(parameter, scalar, zone)?;
    let shown = value.show(zone);
    let label = LocalText::new(format!("set `{id}` to {shown}"), format!("将 `{id}` 设为 {shown}"));
    edit_definition(draft, label, Some(EditJoin::new("parameter", id.as_str())), |definition| {
        let parameter = definition.rule_set.parameters.get_mut(id).ok_or_else(|| no_parameter(id))?;
        parameter.value = value;
        Ok(())
    })
}

/// The value a scalar gives the parameter.
pub(crate) fn fitting(parameter: &Parameter, scalar: &Scalar, zone: Zone) -> Result<Value, LocalText> {
    let looks = parameter.kind.looks_like();
    let value = Value::from_scalar(&parameter.kind, scalar, zone);
    let value = value.ok().filter(|value| *value != Value::Missing);
    let value = value
        .ok_or_else(|| LocalText::new(format!("the value must be {looks}"), format!("值的类型应为{}", parameter.kind.text().zh)))?;
    if let Some(range) = parameter.range.as_ref().filter(|range| !range.contains(&value)) {
        let (min, max) = (range.min.show(zone), range.max.show(zone));
        return Err(LocalText::new(format!("the value must lie between {min} and {max}"), format!("值应介于 {min} 与 {max} 之间")));
    }
    Ok(value)
}

fn no_parameter(id: &ParameterId) -> LocalText {
    LocalText::new(format!("there is no parameter `{id}`"), format!("没有名为 `{id}` 的参数"))
}
