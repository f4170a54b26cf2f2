//! Gives `schema.ron` its meaning: groups, fields, roles.

use indexmap::IndexMap;

use super::common::{Seen, id, unknown};
use crate::at::At;
use crate::kinds::TOO_MANY;
use crate::mirror::{Entries, FieldFile, FieldTypeFile, SchemaFile};
use crate::read::{Document, Reader};
use countersign_core::check::kinds::{DUPLICATE_ID, UNKNOWN_FIELD, WRONG_ROLE, WRONG_VALUE};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{EnumType, Field, FieldName, FieldType, Group, Role, Roles, Schema, Zone};
use countersign_core::text::{LocalText, Span, normal};

const FIELD: (&str, &str) = ("field", "字段");

/// The schema, or `None` when something is wrong with it.
pub(super) fn convert(reader: &mut Reader<'_>, file: &Document<SchemaFile>) -> Option<Schema> {
    let before = reader.findings.len();
    let top = file.top();
    let zone = zone(reader, &file.value.zone, top.field("zone"));
    let groups = groups(reader, file, top.field("groups"));
    let names = file.value.roles.clone();
    let at = top.field("roles");
    let key = field_name(reader, Some(&names.key), at.field("key"));
    let time = field_name(reader, Some(&names.time), at.field("time"));
    let roles = Roles {
        amount: field_name(reader, names.amount.as_ref(), at.field("amount")),
        customer: field_name(reader, names.customer.as_ref(), at.field("customer")),
        interface: field_name(reader, names.interface.as_ref(), at.field("interface")),
        label: field_name(reader, names.label.as_ref(), at.field("label")),
        key: key?,
        time: time?,
    };
    let schema = Schema { name: file.value.name.clone(), zone: zone?, roles, groups };
    check_size(reader, &schema, top);
    check_clash(reader, &schema, top.field("groups"));
    check_roles(reader, &schema, at);
    (reader.findings.len() == before).then_some(schema)
}

fn zone(reader: &mut Reader<'_>, text: &str, at: At<'_>) -> Option<Zone> {
    let zone = Zone::parse(text);
    if zone.is_none() {
        let message = LocalText::new(format!("`{text}` is not a zone's offset"), format!("`{text}` 不是时区偏移"));
        let help = LocalText::new("write it like `+08:00`", "请写成 `+08:00` 的形式");
        reader.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
    }
    zone
}

fn groups(reader: &mut Reader<'_>, file: &Document<SchemaFile>, at: At<'_>) -> IndexMap<String, Group> {
    let mut seen = Seen::default();
    let mut groups = IndexMap::new();
    for (position, (name, group)) in file.value.groups.0.iter().enumerate() {
        let here = at.item(position);
        let key = at.key(position);
        group_name(reader, name, key);
        if seen.note(reader, ("group", "字段组"), name, key) {
            let fields = fields(reader, &group.fields, here.field("fields"));
            groups.insert(name.clone(), Group { text: group.text.clone(), fields });
        }
    }
    groups
}

fn fields(reader: &mut Reader<'_>, written: &Entries<FieldFile>, at: At<'_>) -> IndexMap<String, Field> {
    let mut seen = Seen::default();
    let mut fields = IndexMap::new();
    for (position, (name, field)) in written.0.iter().enumerate() {
        let key = at.key(position);
        part_name(reader, name, key);
        if seen.note(reader, FIELD, name, key) {
            let kind = field_type(reader, &field.kind, at.item(position).field("type"));
            let FieldFile { optional, text, unit, personal, as_written, identifier, .. } = field.clone();
            fields.insert(name.clone(), Field { kind, optional, text, unit, personal, as_written, identifier });
        }
    }
    fields
}

/// A field's own word.
fn part_name(reader: &mut Reader<'_>, name: &str, span: Span) {
    let made = FieldName::new(name.replace('.', " ")).map_err(|mut error| {
        name.clone_into(&mut error.text);
        error.wanted = "a word of letters, digits and `_`, a letter before any digit, at most 64";
        error
    });
    id(reader, made, span);
}

/// The groups before a field's own word: none, or up to three.
fn group_name(reader: &mut Reader<'_>, name: &str, span: Span) {
    if name.is_empty() {
        return;
    }
    let made = FieldName::new(format!("{name}.a")).map_err(|mut error| {
        name.clone_into(&mut error.text);
        error.wanted = "one to three words of letters, digits and `_`, with dots between them";
        error
    });
    id(reader, made, span);
}

/// A name cannot be a field and a group.
fn check_clash(reader: &mut Reader<'_>, schema: &Schema, at: At<'_>) {
    let Some(name) = schema.clash() else { return };
    let message = LocalText::new(
        format!("`{name}` is a field and a group of fields: no script could tell them apart"),
        format!("`{name}` 既是字段又是字段组：脚本无法区分"),
    );
    let help = LocalText::new("give one of them another name", "请为其中之一改名");
    reader.wrong(Finding::new(DUPLICATE_ID, at.span(), message).with_help(help));
}

/// A type with its allowed values.
pub(super) fn field_type(reader: &mut Reader<'_>, written: &FieldTypeFile, at: At<'_>) -> FieldType {
    match written {
        FieldTypeFile::Bool => FieldType::Bool,
        FieldTypeFile::Int => FieldType::Int,
        FieldTypeFile::Money => FieldType::Money,
        FieldTypeFile::Float => FieldType::Float,
        FieldTypeFile::Text => FieldType::Text,
        FieldTypeFile::Time => FieldType::Time,
        FieldTypeFile::Enum(values) => FieldType::Enum(enum_type(reader, values, at.item(0))),
    }
}

fn enum_type(reader: &mut Reader<'_>, written: &Entries<LocalText>, at: At<'_>) -> EnumType {
    let mut seen = Seen::default();
    let mut values = IndexMap::new();
    for (position, (value, text)) in written.0.iter().enumerate() {
        let key = at.key(position);
        if value.is_empty() || normal(value).is_some() || value.contains(char::is_control) {
            let message = LocalText::new(format!("`{value}` cannot be an enum's value"), format!("`{value}` 不能作为枚举值"));
            let help = LocalText::new(
                "leave out spaces at its ends, invisible and control characters",
                "请去掉首尾空格、不可见字符和控制字符",
            );
            reader.wrong(Finding::new(WRONG_VALUE, key, message).with_help(help));
        }
        if seen.note(reader, ("value", "枚举值"), value, key) {
            values.insert(value.clone(), text.clone());
        }
    }
    if values.is_empty() {
        let message = LocalText::new("an enum needs at least one value", "枚举至少需要一个值");
        let help = LocalText::new(
            "write `Enum({\"alipay\": (en: \"Alipay\", zh: \"支付宝\")})`",
            "请写成 `Enum({\"alipay\": (en: \"Alipay\", zh: \"支付宝\")})`",
        );
        reader.wrong(Finding::new(WRONG_VALUE, at.span(), message).with_help(help));
    }
    EnumType { values }
}

fn field_name(reader: &mut Reader<'_>, text: Option<&String>, at: At<'_>) -> Option<FieldName> {
    id(reader, FieldName::new(text?), at.span())
}

fn check_size(reader: &mut Reader<'_>, schema: &Schema, top: At<'_>) {
    if schema.len() > usize::from(u16::MAX) {
        let message = LocalText::new("a schema holds at most 65,535 fields", "结构最多包含 65,535 个字段");
        reader.wrong(Finding::new(TOO_MANY, top.field("groups").span(), message));
    }
}

fn check_roles(reader: &mut Reader<'_>, schema: &Schema, at: At<'_>) {
    for role in schema.roles.all() {
        let Some(name) = role.field else { continue };
        let span = at.field(role.name).span();
        let Some((_, field)) = schema.find(name.as_str()) else {
            let known: Vec<String> = schema.fields().map(|(_, name, _)| name).collect();
            unknown(reader, UNKNOWN_FIELD, FIELD, name.as_str(), span, known.iter().map(String::as_str));
            continue;
        };
        if let Some(finding) = check_role(&role, name, field, span) {
            reader.wrong(finding);
        }
    }
}

fn check_role(role: &Role<'_>, name: &FieldName, field: &Field, span: Span) -> Option<Finding> {
    let Role { name: part, types, .. } = role;
    if !types.contains(&field.kind.name()) {
        let is = field.kind.name();
        let wanted = types.join("` or `");
        let message = LocalText::new(
            format!("`{name}` cannot be the {part}: it is of type `{is}`"),
            format!("`{name}` 的类型是 `{is}`，不能用作 `{part}`"),
        );
        let help =
            LocalText::new(format!("name a field of type `{wanted}`"), format!("请指定类型为 `{}` 的字段", types.join("` 或 `")));
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
