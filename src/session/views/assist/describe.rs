//! What the name at a place means, and where it is made.

use std::ops::Range;

use super::CursorContext;
use crate::draft::ScriptRef;
use countersign_core::model::{Definition, Field, FieldName, FieldType};
use countersign_core::script::highlight::{Class, Pieces};
use countersign_core::script::{Program, SharedSignature, functions};
use countersign_core::text::LocalText;

/// What is known of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocEntry {
    /// The bytes it is about.
    pub range: Range<usize>,
    /// The name with its type or signature.
    pub head: LocalText,
    pub body: LocalText,
}

/// What the name at a byte means; nothing for what needs no saying.
pub fn document(definition: &Definition, program: Option<&Program>, script: &Pieces, byte: usize) -> Option<DocEntry> {
    let place = CursorContext::new(script, byte);
    let at = place.inside()?;
    let (head, body) = match place.class(at)? {
        Class::Text => of_text(definition, place.slice(at).trim_matches('"'))?,
        Class::Name | Class::Call => of_name(definition, program, &place, at)?,
        _ => return None,
    };
    Some(DocEntry { range: place.range(at), head, body })
}

/// Where the shared function named at a byte is made: the script and the bytes of its name.
pub fn definition(program: &Program, script: &Pieces, byte: usize) -> Option<(ScriptRef, Range<usize>)> {
    let place = CursorContext::new(script, byte);
    let name = place.slice(place.inside()?);
    let shared = program.shared().iter().find(|shared| shared.name == name)?;
    Some((ScriptRef::Shared, shared.span.range()))
}

fn of_text(definition: &Definition, text: &str) -> Option<(LocalText, LocalText)> {
    let rules = &definition.rule_set;
    if let Some((code, reason)) = rules.reasons.get_key_value(text) {
        let head = format!("{code} → {}", reason.wire);
        return Some((LocalText::same(head), reason.text.clone()));
    }
    let (id, interface) = rules.interfaces.get_key_value(text)?;
    let capacity = interface
        .capacity_per_second
        .map(|capacity| LocalText::new(format!("carries {capacity} requests a second"), format!("每秒可承载 {capacity} 笔请求")));
    let head = LocalText::new(format!("{id}: {}", interface.title.en), format!("{id}：{}", interface.title.zh));
    Some((head, capacity.unwrap_or_default()))
}

fn of_name(
    definition: &Definition,
    program: Option<&Program>,
    place: &CursorContext<'_>,
    at: usize,
) -> Option<(LocalText, LocalText)> {
    let name = place.slice(at);
    let rules = &definition.rule_set;
    match place.path_before(at).as_deref() {
        Some("params") => {
            let parameter = rules.parameters.get(name)?;
            let value = super::super::figures::value(&parameter.value, definition.schema.zone);
            let unit = parameter.unit.clone().unwrap_or_default();
            let kind = parameter.kind.text();
            let head = LocalText::new(
                format!("params.{name}: {} = {value} {}", kind.en, unit.en),
                format!("params.{name}：{} = {value} {}", kind.zh, unit.zh),
            );
            Some((head, parameter.text.clone()))
        }
        Some("lists") => {
            let list = rules.lists.get(name)?;
            let count = list.entries.len();
            let head = LocalText::new(format!("lists.{name}: {count} entries"), format!("lists.{name}：{count} 条"));
            Some((head, list.title.clone()))
        }
        Some(group) => {
            let full = FieldName::full(group, name);
            of_field(definition, &full).or_else(|| of_group(definition, &full))
        }
        None => of_lone_name(definition, program, name),
    }
}

fn of_lone_name(definition: &Definition, program: Option<&Program>, name: &str) -> Option<(LocalText, LocalText)> {
    let forms: Vec<(String, LocalText)> = functions::forms(name)
        .map(|function| {
            let (call, value) = function.example;
            let doc = function.doc();
            let body = LocalText::new(format!("{}\n{call} → {value}", doc.en), format!("{}\n{call} → {value}", doc.zh));
            (function.signature(), body)
        })
        .collect();
    if let Some((first, others)) = forms.split_first() {
        let mut body = first.1.clone();
        for (signature, other) in others {
            body.en = format!("{}\n\n{signature}\n{}", body.en, other.en);
            body.zh = format!("{}\n\n{signature}\n{}", body.zh, other.zh);
        }
        return Some((LocalText::same(first.0.clone()), body));
    }
    if let Some(shared) = program.and_then(|program| program.shared().iter().find(|shared| shared.name == name)) {
        let head = format!("{}({})", shared.name, shared.parameters.join(", "));
        return Some((LocalText::same(head), shared_doc(definition, shared)));
    }
    of_field(definition, name).or_else(|| of_group(definition, name))
}

fn of_field(definition: &Definition, name: &str) -> Option<(LocalText, LocalText)> {
    let (_, field) = definition.schema.find(name)?;
    Some((headed(name, &type_of(field)), field.text.clone()))
}

fn of_group(definition: &Definition, name: &str) -> Option<(LocalText, LocalText)> {
    let group = definition.schema.groups.get(name).filter(|_| !name.is_empty())?;
    let count = group.fields.len();
    Some((LocalText::new(format!("{name}: {count} fields"), format!("{name}：{count} 个字段")), group.text.clone()))
}

fn headed(name: &str, kind: &LocalText) -> LocalText {
    LocalText::new(format!("{name}: {}", kind.en), format!("{name}：{}", kind.zh))
}

/// A field's type as people write it: `Int?, years`.
pub(super) fn type_of(field: &Field) -> LocalText {
    let kind = match &field.kind {
        FieldType::Enum(values) => {
            let some: Vec<&str> = values.names().take(4).collect();
            let more = if values.values.len() > some.len() { " | …" } else { "" };
            format!("{}{more}", some.join(" | "))
        }
        other => other.name().to_owned(),
    };
    let mark = if field.optional { "?" } else { "" };
    match &field.unit {
        Some(unit) => LocalText::new(format!("{kind}{mark}, {}", unit.en), format!("{kind}{mark}，{}", unit.zh)),
        None => LocalText::same(format!("{kind}{mark}")),
    }
}

/// The comment lines right above a shared function.
pub(super) fn shared_doc(definition: &Definition, shared: &SharedSignature) -> LocalText {
    let Some(source) = definition.sources.get(shared.span.source) else { return LocalText::default() };
    let line = source.line_column(shared.span.start).line;
    let mut lines: Vec<&str> = Vec::new();
    for above in (1..line).rev() {
        let text = source.line_text(above).trim();
        let Some(said) = text.strip_prefix("//") else { break };
        lines.insert(0, said.trim());
    }
    LocalText::same(lines.join(" "))
}
