//! Gives the rule set's parameters their meaning: typed values with their ranges.

use indexmap::IndexMap;

use super::common::{Seen, id, value};
use super::schema::field_type;
use crate::at::At;
use crate::mirror::{Entries, ParameterFile};
use crate::read::Reader;
use countersign_core::check::kinds::{WRONG_RANGE, WRONG_VALUE};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{FieldType, Parameter, ParameterId, Range, Value, Zone};
use countersign_core::text::LocalText;

/// The parameters that are right; what is wrong with the others is noted.
pub(super) fn convert(
    reader: &mut Reader<'_>,
    written: &Entries<ParameterFile>,
    at: At<'_>,
    zone: Zone,
) -> IndexMap<ParameterId, Parameter> {
    let mut seen = Seen::default();
    let mut parameters = IndexMap::new();
    for (position, (name, parameter)) in written.0.iter().enumerate() {
        let key = at.key(position);
        let made = id(reader, ParameterId::new(name), key);
        let is_new = seen.note(reader, ("parameter", "参数"), name, key);
        let parameter = one(reader, parameter, at.item(position), zone);
        if let (Some(id), Some(parameter), true) = (made, parameter, is_new) {
            parameters.insert(id, parameter);
        }
    }
    parameters
}

fn one(reader: &mut Reader<'_>, written: &ParameterFile, at: At<'_>, zone: Zone) -> Option<Parameter> {
    let kind = field_type(reader, &written.kind, at.field("type"));
    let set = value(reader, &kind, &written.value.0, zone, at.field("value"));
    if set == Some(Value::Missing) {
        let message = LocalText::new("a parameter always has a value", "参数必须有值");
        let help = LocalText::new("write the value it has until staff change it", "请写出在业务人员修改之前采用的值");
        reader.wrong(Finding::new(WRONG_VALUE, at.field("value").span(), message).with_help(help));
    }
    let range = range(reader, written, &kind, at, zone);
    Some(Parameter { kind, value: set?, range, unit: written.unit.clone(), text: written.text.clone() })
}

fn range(reader: &mut Reader<'_>, written: &ParameterFile, kind: &FieldType, at: At<'_>, zone: Zone) -> Option<Range> {
    let ends = written.range.as_ref()?;
    let place = at.field("range");
    if !matches!(kind, FieldType::Int | FieldType::Money | FieldType::Float | FieldType::Time) {
        let message = LocalText::new(
            format!("a parameter of type `{}` has no range", kind.name()),
            format!("{}类型的参数没有取值范围", kind.text().zh),
        );
        let help = LocalText::new(
            "remove the range; an `Enum` limits what the parameter may be",
            "请删除取值范围；可用 `Enum` 限定参数的取值",
        );
        reader.wrong(Finding::new(WRONG_RANGE, place.span(), message).with_help(help));
        return None;
    }
    let min = value(reader, kind, &ends.min.0, zone, place.field("min"));
    let max = value(reader, kind, &ends.max.0, zone, place.field("max"));
    let range = Range { min: min?, max: max? };
    if range.min == Value::Missing || range.max == Value::Missing || !range.contains(&range.max) {
        let message =
            LocalText::new("the range is empty: its smallest value is above its largest", "取值范围为空：最小值大于最大值");
        let help = LocalText::new("swap `min` and `max`, or fix them", "请对调或修正 `min` 与 `max`");
        reader.wrong(Finding::new(WRONG_RANGE, place.span(), message).with_help(help));
    }
    Some(range)
}
