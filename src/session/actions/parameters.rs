//! Values of parameters, kept inside their type and range.

use serde::{Deserialize, Serialize};

use super::{Edited, edit_definition};
use crate::model::{Parameter, ParameterId, Scalar, Value, Zone};
use crate::session::document::Draft;
use crate::session::history::Joins;
use crate::text::LocalText;

/// Something done to a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ParameterAction {
    /// Another value, as files write it: `6`, `"5000.00"`, `"2014-03-24T00:00:00"`. Dragging a slider is one step to undo.
    Set(ParameterId, Scalar),
}

pub(super) fn apply(draft: &Draft, action: ParameterAction) -> Edited {
    match action {
        ParameterAction::Set(id, scalar) => set(draft, &id, &scalar),
    }
}

fn set(draft: &Draft, id: &ParameterId, scalar: &Scalar) -> Edited {
    let zone = draft.definition.schema.zone;
    let parameter = draft.rule_set().parameters.get(id).ok_or_else(|| no_parameter(id))?;
    let value = fitting(parameter, scalar, zone)?;
    let shown = value.show(zone);
    let label = LocalText::new(format!("set `{id}` to {shown}"), format!("将 `{id}` 设为 {shown}"));
    edit_definition(draft, label, Some(Joins::new("parameter", id.as_str())), |definition| {
        let parameter = definition.rule_set.parameters.get_mut(id).ok_or_else(|| no_parameter(id))?;
        parameter.value = value;
        Ok(())
    })
}

/// The value a scalar gives the parameter.
pub(in crate::session) fn fitting(parameter: &Parameter, scalar: &Scalar, zone: Zone) -> Result<Value, LocalText> {
    let looks = parameter.kind.looks_like();
    let value = Value::from_scalar(&parameter.kind, scalar, zone);
    let value = value.ok().filter(|value| *value != Value::Missing);
    let value = value
        .ok_or_else(|| LocalText::new(format!("the value must be {looks}"), format!("值的类型应为 {}", parameter.kind.name())))?;
    if let Some(range) = parameter.range.as_ref().filter(|range| !range.contains(&value)) {
        let (min, max) = (range.min.show(zone), range.max.show(zone));
        return Err(LocalText::new(format!("the value must lie between {min} and {max}"), format!("值应介于 {min} 与 {max} 之间")));
    }
    Ok(value)
}

fn no_parameter(id: &ParameterId) -> LocalText {
    LocalText::new(format!("there is no parameter `{id}`"), format!("没有名为 `{id}` 的参数"))
}
