//! The schema: groups, fields, roles.

use std::sync::Arc;

use indexmap::IndexMap;

use super::common::{SeenIds, id, unknown};
use super::{RawPlace, RawSource};
use crate::check::kinds::{DUPLICATE_ID, UNKNOWN_FIELD, WRONG_ROLE, WRONG_VALUE};
use crate::diagnostic::Finding;
use crate::model::{
    CalendarPeriod, Derived, EnumType, Field, FieldName, FieldType, Group, HistoryWindow, Role, Roles, Scalar, Schema, Zone,
};
use crate::raw::kinds::TOO_MANY;
use crate::raw::{DerivedFile, FieldTypeFile, GroupFile, HistoryWindowFile, RawEntries, RawForm, SchemaFieldFile, SchemaFile};
use crate::text::{LocalText, Span, normal, quoted};

const FIELD: (&str, &str) = ("field", "字段");

/// The schema; `None` only with findings.
pub fn schema<S: RawSource>(source: &mut S, written: &SchemaFile<S::Form>, top: &impl RawPlace) -> Option<Schema> {
    let before = source.finding_count();
    let zone = zone(source, &written.zone, &top.field("zone"));
    let groups = groups(source, &written.groups, &top.field("groups"));
    let names = &written.roles;
    let at = &top.field("roles");
    let key = field_name(source, Some(&names.key), &at.field("key"));
    let time = field_name(source, Some(&names.time), &at.field("time"));
    let roles = Roles {
        amount: field_name(source, names.amount.as_ref(), &at.field("amount")),
        customer: field_name(source, names.customer.as_ref(), &at.field("customer")),
        interface: field_name(source, names.interface.as_ref(), &at.field("interface")),
        label: field_name(source, names.label.as_ref(), &at.field("label")),
        key: key?,
        time: time?,
    };
    let schema = Schema { name: written.name.clone(), zone: zone?, roles, groups };
    check_size(source, &schema, top);
    check_clash(source, &schema, &top.field("groups"));
    check_roles(source, &schema, at);
    (source.finding_count() == before).then_some(schema)
}

fn zone(source: &mut impl RawSource, text: &str, at: &impl RawPlace) -> Option<Zone> {
    let zone = Zone::parse(text);
    if zone.is_none() {
        let message = LocalText::new(format!("`{text}` is not a zone's offset"), format!("`{text}` 不是时区偏移"));
        let help = LocalText::new("write it like `+08:00`", "请写成 `+08:00` 的形式");
        source.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
    }
    zone
}

fn groups<S: RawSource>(
    source: &mut S,
    written: &RawEntries<GroupFile<S::Form>, S::Form>,
    at: &impl RawPlace,
) -> IndexMap<String, Group> {
    let mut seen = SeenIds::default();
    let mut groups = IndexMap::new();
    for (position, (name, group)) in written.0.iter().enumerate() {
        let key = at.key(position, name);
        group_name(source, name, key);
        if seen.note(source, ("group", "字段组"), name, key) {
            let fields = fields(source, &group.fields, &at.entry(position, name).field("fields"));
            groups.insert(name.clone(), Group { text: group.text.clone(), fields });
        }
    }
    groups
}

fn fields<S: RawSource>(
    source: &mut S,
    written: &RawEntries<SchemaFieldFile<S::Form>, S::Form>,
    at: &impl RawPlace,
) -> IndexMap<String, Field> {
    let mut seen = SeenIds::default();
    let mut fields = IndexMap::new();
    for (position, (name, field)) in written.0.iter().enumerate() {
        let key = at.key(position, name);
        part_name(source, name, key);
        if seen.note(source, FIELD, name, key) {
            let place = at.entry(position, name);
            let kind = field_type(source, &field.kind, &place.field("type"));
            let made = field.derived.as_ref().map(|written| derived(source, written, &place.field("derived")));
            let SchemaFieldFile { optional, text, unit, personal, as_written, identifier, .. } = field.clone();
            let derived = made.flatten().map(Box::new);
            fields.insert(name.clone(), Field { kind, optional, text, unit, personal, as_written, identifier, derived });
        }
    }
    fields
}

/// How a derived field is computed; `None` only with findings. Whether the fields it names fit is left to the checks.
fn derived(source: &mut impl RawSource, written: &DerivedFile, at: &impl RawPlace) -> Option<Derived> {
    let mut name = |text: &String| field_name(source, Some(text), at);
    let by: Vec<Option<FieldName>> = written.by.iter().map(&mut name).collect();
    let function = written.function.map(&mut name);
    let over = match &written.over {
        HistoryWindowFile::Last(length) => window(source, &length.0, &at.field("over")),
        HistoryWindowFile::Day => Some(HistoryWindow::Calendar(CalendarPeriod::Day)),
        HistoryWindowFile::Month => Some(HistoryWindow::Calendar(CalendarPeriod::Month)),
        HistoryWindowFile::Year => Some(HistoryWindow::Calendar(CalendarPeriod::Year)),
        HistoryWindowFile::Ever => Some(HistoryWindow::Ever),
        HistoryWindowFile::Since(field) => name(field).map(HistoryWindow::Since),
    };
    let condition = written.condition.as_deref().map(Arc::from);
    Some(Derived {
        function: function?,
        by: by.into_iter().collect::<Option<_>>()?,
        condition,
        over: over?,
        current: written.current,
    })
}

/// The window that `Last( … )` means.
fn window(source: &mut impl RawSource, written: &Scalar, at: &impl RawPlace) -> Option<HistoryWindow> {
    let window = match written {
        Scalar::Text(length) => length.parse().ok().map(HistoryWindow::Last),
        Scalar::Int(count) => u32::try_from(*count).ok().filter(|count| *count > 0).map(HistoryWindow::Events),
        _ => None,
    };
    if window.is_none() {
        let shown = match written {
            Scalar::Text(text) => format!("Last({})", quoted(text)),
            Scalar::Int(count) => format!("Last({count})"),
            _ => "Last(…)".to_owned(),
        };
        let message = LocalText::new(format!("`{shown}` is not a window"), format!("`{shown}` 不是有效的窗口"));
        let help = LocalText::new(
            "write a length of at most 100 years such as `Last(\"90s\")`, `Last(\"10m\")`, `Last(\"24h\")`, `Last(\"30d\")`, or a number \
             of events such as `Last(100)`",
            "请写不超过 100 年的时长，例如 `Last(\"90s\")`、`Last(\"10m\")`、`Last(\"24h\")`、`Last(\"30d\")`，或事件个数，例如 `Last(100)`",
        );
        source.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
    }
    window
}

/// A field's own word.
fn part_name(source: &mut impl RawSource, name: &str, span: Span) {
    let made = FieldName::new(name.replace('.', " ")).map_err(|mut error| {
        name.clone_into(&mut error.text);
        error.wanted = "a word of letters, digits and `_`, a letter before any digit, at most 64";
        error
    });
    id(source, made, span);
}

/// The groups before a field's own word: none, or up to three.
fn group_name(source: &mut impl RawSource, name: &str, span: Span) {
    if name.is_empty() {
        return;
    }
    let made = FieldName::new(format!("{name}.a")).map_err(|mut error| {
        name.clone_into(&mut error.text);
        error.wanted = "one to three words of letters, digits and `_`, with dots between them";
        error
    });
    id(source, made, span);
}

/// A name cannot be a field and a group.
fn check_clash(source: &mut impl RawSource, schema: &Schema, at: &impl RawPlace) {
    let Some(name) = schema.clash() else { return };
    let message = LocalText::new(
        format!("`{name}` is a field and a group of fields: no script could tell them apart"),
        format!("`{name}` 既是字段又是字段组：脚本无法区分"),
    );
    let help = LocalText::new("give one of them another name", "请为其中之一改名");
    source.wrong(Finding::new(DUPLICATE_ID, at.span(), message).with_help(help));
}

/// A type with its allowed values.
pub(super) fn field_type<F: RawForm>(source: &mut impl RawSource, written: &FieldTypeFile<F>, at: &impl RawPlace) -> FieldType {
    written.map_enum(|values| enum_type(source, values, &at.content()))
}

fn enum_type<F: RawForm>(source: &mut impl RawSource, written: &RawEntries<F::EnumValue, F>, at: &impl RawPlace) -> EnumType {
    let mut seen = SeenIds::default();
    let mut values = IndexMap::new();
    for (position, (value, text)) in written.0.iter().enumerate() {
        let key = at.key(position, value);
        if value.is_empty() || normal(value).is_some() || value.contains(char::is_control) {
            let message = LocalText::new(format!("`{value}` cannot be an enum's value"), format!("`{value}` 不能作为枚举值"));
            let help = LocalText::new(
                "leave out spaces at its ends, invisible and control characters",
                "请去掉首尾空格、不可见字符和控制字符",
            );
            source.wrong(Finding::new(WRONG_VALUE, key, message).with_help(help));
        }
        if seen.note(source, ("value", "枚举值"), value, key) {
            values.insert(value.clone(), F::enum_text(text).clone());
        }
    }
    if values.is_empty() {
        let message = LocalText::new("an enum needs at least one value", "枚举至少需要一个值");
        let help = LocalText::new(
            "write `Enum({\"alipay\": (en: \"Alipay\", zh: \"支付宝\")})`",
            "请写成 `Enum({\"alipay\": (en: \"Alipay\", zh: \"支付宝\")})`",
        );
        source.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
    }
    EnumType { values }
}

fn field_name(source: &mut impl RawSource, text: Option<&String>, at: &impl RawPlace) -> Option<FieldName> {
    id(source, FieldName::new(text?), at.span())
}

fn check_size(source: &mut impl RawSource, schema: &Schema, top: &impl RawPlace) {
    if schema.len() > usize::from(u16::MAX) {
        let message = LocalText::new("a schema holds at most 65,535 fields", "结构最多包含 65,535 个字段");
        source.wrong(Finding::new(TOO_MANY, top.field("groups").span(), message));
    }
}

fn check_roles(source: &mut impl RawSource, schema: &Schema, at: &impl RawPlace) {
    for role in schema.roles.all() {
        let Some(name) = role.field else { continue };
        let span = at.field(role.name).span();
        let Some((_, field)) = schema.find(name.as_str()) else {
            let known: Vec<String> = schema.fields().map(|(_, name, _)| name).collect();
            unknown(source, UNKNOWN_FIELD, FIELD, name.as_str(), span, known.iter().map(String::as_str));
            continue;
        };
        if let Some(finding) = check_role(&role, name, field, span) {
            source.wrong(finding);
        }
    }
}

fn check_role(role: &Role<'_>, name: &FieldName, field: &Field, span: Span) -> Option<Finding> {
    let part = role.name;
    if !role.takes(&field.kind) {
        let is = field.kind.name();
        let wanted = role.type_names("` or `");
        let message = LocalText::new(
            format!("`{name}` cannot be the {part}: it is of type `{is}`"),
            format!("`{name}` 的类型是 `{is}`，不能用作 `{part}`"),
        );
        let help = LocalText::new(
            format!("name a field of type `{wanted}`"),
            format!("请指定类型为 `{}` 的字段", role.type_names("` 或 `")),
        );
        return Some(Finding::new(WRONG_ROLE, span, message).with_help(help));
    }
    if field.optional && !role.may_miss {
        let message = LocalText::new(
            format!("`{name}` cannot be the {part}: it is optional"),
            format!("`{name}` 是可选字段，不能用作 `{part}`"),
        );
        let help = LocalText::new("name a field that is never missing", "请指定必填字段");
        return Some(Finding::new(WRONG_ROLE, span, message).with_help(help));
    }
    None
}
