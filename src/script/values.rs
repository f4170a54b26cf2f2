//! What a script sees of a request, the parameters and the lists: constants whose members are read by name and cannot be changed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, Position, Scope};

use crate::model::{Definition, ListEntries, Request, Value};

/// The name of the parameters in a script.
pub const PARAMS: &str = "params";
/// The name of the lists in a script.
pub const LISTS: &str = "lists";

/// Which fields any script reads, by position; the others are not prepared.
#[derive(Clone, Debug, Default)]
pub struct Names {
    used: Arc<[bool]>,
}

impl Names {
    /// Notes the fields whose own name stands anywhere in one of the texts: more than are read, never fewer.
    #[must_use]
    pub fn of<'a>(definition: &Definition, texts: impl Iterator<Item = &'a str>) -> Self {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let words: std::collections::HashSet<&str> = texts.flat_map(|text| text.split(move |c| !is_word(c))).collect();
        let visible = |name: &str| definition.schema.is_visible(name);
        let last = |name: &str| name.rsplit('.').next().is_some_and(|last| words.contains(last));
        Self { used: definition.schema.fields().map(|(_, name, _)| visible(&name) && last(&name)).collect() }
    }
}

/// A group of the request, such as `customer`.
#[derive(Clone)]
struct Group {
    at: u16,
    fields: Arc<[Dynamic]>,
}

/// `params`.
#[derive(Clone)]
struct Params;

/// `lists`.
#[derive(Clone)]
struct Lists;

/// `lists.x`; the entries are shared, never copied.
#[derive(Clone)]
pub struct ListValue {
    /// The entries.
    pub entries: ListEntries,
}

/// One request, prepared for the scripts of one program; made once and used for all its rules.
pub struct Row {
    pub(super) scope: RefCell<Scope<'static>>,
}

impl Row {
    pub(super) fn prepare(definition: &Definition, names: &Names, request: &Request) -> Self {
        let read = |(value, used): (&Value, &bool)| if *used { to_dynamic(value) } else { Dynamic::UNIT };
        let fields: Arc<[Dynamic]> = request.values().iter().zip(names.used.iter()).map(read).collect();
        Self { scope: RefCell::new(scope(definition, &fields)) }
    }
}

/// The names every script may use, with no values behind them, to parse against.
pub fn blank_scope(definition: &Definition) -> Scope<'static> {
    scope(definition, &Arc::default())
}

fn scope(definition: &Definition, fields: &Arc<[Dynamic]>) -> Scope<'static> {
    let mut scope = Scope::new();
    for (at, name) in definition.schema.groups.keys().enumerate() {
        let Ok(at) = u16::try_from(at) else { break };
        scope.push_constant(name.as_str(), Group { at, fields: Arc::clone(fields) });
    }
    scope.push_constant(PARAMS, Params);
    scope.push_constant(LISTS, Lists);
    scope
}

/// A value as the interpreter holds it: money and times are whole numbers, a missing value is `()`.
pub fn to_dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Missing => Dynamic::UNIT,
        Value::Bool(value) => Dynamic::from(*value),
        Value::Int(value) => Dynamic::from(*value),
        Value::Money(fen) => Dynamic::from(fen.0),
        Value::Time(time) => Dynamic::from(time.micros()),
        Value::Float(value) => Dynamic::from(*value),
        Value::Text(text) => ImmutableString::from(text.as_ref()).into(),
    }
}

/// Registers a reader for every member; a member that is not there stays the interpreter's own error.
pub fn register(engine: &mut Engine, definition: &Definition, names: &Names) {
    engine.register_type_with_name::<Group>("a group of fields");
    engine.register_type_with_name::<Params>("the parameters");
    engine.register_type_with_name::<Lists>("the lists");
    engine.register_type_with_name::<ListValue>("a list");
    for (name, places) in fields_by_name(definition, names) {
        let getter = name.clone();
        engine.register_get(getter, move |group: &mut Group| -> Result<Dynamic, Box<EvalAltResult>> {
            let place = places.iter().find(|(at, _)| *at == group.at);
            let value = place.and_then(|(_, field)| group.fields.get(*field));
            value.cloned().ok_or_else(|| EvalAltResult::ErrorPropertyNotFound(name.clone(), Position::NONE).into())
        });
    }
    for (id, parameter) in &definition.rule_set.parameters {
        let value = to_dynamic(&parameter.value);
        engine.register_get(id.as_str(), move |_: &mut Params| value.clone());
    }
    for (id, list) in &definition.rule_set.lists {
        let value = ListValue { entries: list.entries.clone() };
        engine.register_get(id.as_str(), move |_: &mut Lists| value.clone());
    }
}

/// A field's own name may stand in several groups: group position and field position for each.
fn fields_by_name(definition: &Definition, names: &Names) -> BTreeMap<String, Vec<(u16, usize)>> {
    let mut found: BTreeMap<String, Vec<(u16, usize)>> = BTreeMap::new();
    let groups = definition.schema.groups.values().enumerate();
    let flat = groups.flat_map(|(at, group)| group.fields.keys().map(move |name| (at, name)));
    for (field, (group, name)) in flat.enumerate() {
        let used = names.used.get(field).copied().unwrap_or(false);
        if let (true, Ok(group)) = (used, u16::try_from(group)) {
            found.entry(name.clone()).or_default().push((group, field));
        }
    }
    found
}
