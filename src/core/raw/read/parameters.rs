//! Parameters: typed values with their ranges.

use indexmap::IndexMap;

use super::common::{SeenIds, id, value};
use super::schema::field_type;
use super::{RawPlace, RawSource};
use crate::check::kinds::{WRONG_RANGE, WRONG_VALUE};
use crate::diagnostic::Finding;
use crate::model::{FieldType, Parameter, ParameterId, Range, Value, Zone};
use crate::raw::{ParameterFile, RawEntries, RawForm};
use crate::text::LocalText;

/// The parameters that are right; what is wrong with the others is noted.
pub(super) fn convert<S: RawSource>(
    source: &mut S,
    written: &RawEntries<ParameterFile<S::Form>, S::Form>,
    at: &impl RawPlace,
    zone: Zone,
) -> IndexMap<ParameterId, Parameter> {
    let mut seen = SeenIds::default();
    let mut parameters = IndexMap::new();
    for (position, (name, parameter)) in written.0.iter().enumerate() {
        let key = at.key(position, name);
        let made = id(source, ParameterId::new(name), key);
        let is_new = seen.note(source, ("parameter", "参数"), name, key);
        let parameter = one(source, parameter, &at.entry(position, name), zone);
        if let (Some(id), Some(parameter), true) = (made, parameter, is_new) {
            parameters.insert(id, parameter);
        }
    }
    parameters
}

fn one<S: RawSource>(source: &mut S, written: &ParameterFile<S::Form>, at: &impl RawPlace, zone: Zone) -> Option<Parameter> {
    let kind = field_type(source, &written.kind, &at.field("type"));
    let set = value(source, &kind, &written.value.0, zone, &at.field("value"));
    if set == Some(Value::Missing) {
        let message = LocalText::new("a parameter always has a value", "参数必须有值");
        let help = LocalText::new("write the value it has until staff change it", "请写出在业务人员修改之前采用的值");
        source.wrong(Finding::new(WRONG_VALUE, at.field("value").span(), message).with_help(help));
    }
    let range = range(source, written, &kind, at, zone);
    Some(Parameter { kind, value: set?, range, unit: written.unit.clone(), text: written.text.clone() })
}

fn range<F: RawForm>(
    source: &mut impl RawSource,
    written: &ParameterFile<F>,
    kind: &FieldType,
    at: &impl RawPlace,
    zone: Zone,
) -> Option<Range> {
    let ends = written.range.as_ref()?;
    let place = at.field("range");
    if !kind.spec().is_ordered {
        let message = LocalText::new(
            format!("a parameter of type `{}` has no range", kind.name()),
            format!("{}类型的参数没有取值范围", kind.text().zh),
        );
        let help = LocalText::new(
            "remove the range; an `Enum` limits what the parameter may be",
            "请删除取值范围；可用 `Enum` 限定参数的取值",
        );
        source.wrong(Finding::new(WRONG_RANGE, place.span(), message).with_help(help));
        return None;
    }
    let min = value(source, kind, &ends.min.0, zone, &place.field("min"));
    let max = value(source, kind, &ends.max.0, zone, &place.field("max"));
    let range = Range { min: min?, max: max? };
    if range.min == Value::Missing || range.max == Value::Missing || !range.contains(&range.max) {
        let message =
            LocalText::new("the range is empty: its smallest value is above its largest", "取值范围为空：最小值大于最大值");
        let help = LocalText::new("swap `min` and `max`, or fix them", "请对调或修正 `min` 与 `max`");
        source.wrong(Finding::new(WRONG_RANGE, place.span(), message).with_help(help));
    }
    Some(range)
}
