//! What could be typed at a place, best first.

use std::collections::BTreeSet;
use std::ops::Range;

use super::CursorContext;
use countersign_core::model::{Definition, FieldName, FieldType, Parameter};
use countersign_core::script::highlight::{Class, Pieces};
use countersign_core::script::{Program, functions};
use countersign_core::text::LocalText;

/// What a completion is, for its icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompletionKind {
    Field,
    Value,
    Parameter,
    List,
    Reason,
    Interface,
    Variable,
    /// A group of fields, `params`, `lists`.
    Group,
    /// A function of `shared.rhai`.
    Shared,
    Function,
    Keyword,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    pub label: String,
    /// What is put in place of the range.
    pub insert: String,
    pub detail: LocalText,
    pub doc: LocalText,
    pub what: CompletionKind,
}

/// What could be typed at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The bytes that a completion replaces.
    pub replace: Range<usize>,
    /// What fits what is typed already, best first.
    pub all: Vec<Completion>,
}

const WORDS: [&str; 8] = ["if", "else", "let", "return", "switch", "true", "false", "in"];

/// What could be typed at a byte of a script. Nothing in comments and numbers.
pub fn complete(definition: &Definition, program: Option<&Program>, script: &Pieces, byte: usize) -> Completions {
    let place = CursorContext::new(script, byte);
    let before = place.before();
    let (replace, offered) = match before.and_then(|at| Some((at, place.class(at)?))) {
        Some((_, Class::Comment | Class::Number)) => return Completions { replace: byte..byte, all: Vec::new() },
        Some((at, Class::Text)) => {
            let range = place.range(at);
            (range.start + 1..byte, in_text(definition, &place, at))
        }
        Some((at, Class::Name | Class::Call | Class::Keyword)) => {
            let start = place.range(at).start;
            (start..byte, after(definition, program, &place, at))
        }
        _ => (byte..byte, after(definition, program, &place, place.count_before())),
    };
    let typed = script.text().get(replace.clone()).unwrap_or("").to_lowercase();
    Completions { replace, all: ranked(offered, &typed) }
}

/// What is typed must be in it, in order; what begins with it comes first.
fn ranked(offered: Vec<Completion>, typed: &str) -> Vec<Completion> {
    let rank = |completion: &Completion| {
        let label = completion.label.to_lowercase();
        if label.starts_with(typed) {
            Some(0)
        } else if label.split('_').any(|part| part.starts_with(typed)) {
            Some(1)
        } else {
            let mut rest = label.chars();
            typed.chars().all(|wanted| rest.any(|c| c == wanted)).then_some(2)
        }
    };
    let mut ranked: Vec<(u8, Completion)> = offered.into_iter().filter_map(|held| Some((rank(&held)?, held))).collect();
    ranked.sort_by(|(a, one), (b, other)| a.cmp(b).then(one.what.cmp(&other.what)));
    ranked.into_iter().map(|(_, held)| held).collect()
}

/// At the token `at`, which is the name being typed or would be it.
fn after(definition: &Definition, program: Option<&Program>, place: &CursorContext<'_>, at: usize) -> Vec<Completion> {
    match place.path_before(at).as_deref() {
        Some("params") => definition.rule_set.parameters.iter().map(|(id, held)| parameter(id.as_str(), held)).collect(),
        Some("lists") => lists(definition),
        Some(group) => fields(definition, group),
        None => anywhere(definition, program, place),
    }
}

fn item(label: &str, what: CompletionKind, detail: LocalText, doc: LocalText) -> Completion {
    Completion { label: label.to_owned(), insert: label.to_owned(), detail, doc, what }
}

fn parameter(id: &str, held: &Parameter) -> Completion {
    let value = held.value.show(countersign_core::model::Zone::default());
    let unit = held.unit.clone().unwrap_or_default();
    let kind = held.kind.text();
    let detail = LocalText::new(format!("{} = {value} {}", kind.en, unit.en), format!("{} = {value} {}", kind.zh, unit.zh));
    item(id, CompletionKind::Parameter, detail, held.text.clone())
}

fn lists(definition: &Definition) -> Vec<Completion> {
    let one = |(id, list): (&countersign_core::model::ListId, &countersign_core::model::List)| {
        let count = list.entries.len();
        item(
            id.as_str(),
            CompletionKind::List,
            LocalText::new(format!("{count} entries"), format!("{count} 条")),
            list.title.clone(),
        )
    };
    definition.rule_set.lists.iter().map(one).collect()
}

fn fields(definition: &Definition, group: &str) -> Vec<Completion> {
    let schema = &definition.schema;
    let own = schema.groups.get(group).into_iter().flat_map(|held| &held.fields);
    let visible = own.filter(|(name, _)| schema.is_visible(&FieldName::full(group, name)));
    let fields =
        visible.map(|(name, field)| item(name, CompletionKind::Field, super::describe::type_of(field), field.text.clone()));
    fields.chain(groups(definition, group)).collect()
}

/// The groups in a group, or outside of all.
fn groups(definition: &Definition, outer: &str) -> Vec<Completion> {
    let mut found: Vec<Completion> = Vec::new();
    for (path, group) in &definition.schema.groups {
        let rest =
            if outer.is_empty() { Some(path.as_str()) } else { path.strip_prefix(outer).and_then(|rest| rest.strip_prefix('.')) };
        let Some(word) = rest.and_then(|rest| rest.split('.').next()).filter(|word| !word.is_empty()) else { continue };
        let is_whole = rest == Some(word);
        let text = if is_whole { group.text.clone() } else { LocalText::default() };
        match found.iter_mut().find(|held| held.label == word) {
            Some(held) if is_whole => held.doc = text,
            Some(_) => {}
            None => found.push(item(word, CompletionKind::Group, LocalText::new("fields", "字段组"), text)),
        }
    }
    found
}

fn anywhere(definition: &Definition, program: Option<&Program>, place: &CursorContext<'_>) -> Vec<Completion> {
    let mut all = variables(place);
    all.extend(fields(definition, ""));
    let own = [("params", "parameters", "参数"), ("lists", "lists", "名单")];
    all.extend(own.map(|(name, en, zh)| item(name, CompletionKind::Group, LocalText::new(en, zh), LocalText::default())));
    for shared in program.iter().flat_map(|program| program.shared()) {
        let signature = format!("{}({})", shared.name, shared.parameters.join(", "));
        let insert = format!("{}(", shared.name);
        let doc = super::describe::shared_doc(definition, shared);
        all.push(Completion { insert, ..item(&shared.name, CompletionKind::Shared, LocalText::same(signature), doc) });
    }
    all.extend(functions::ALL.iter().map(|function| {
        let insert = format!("{}(", function.name);
        Completion {
            insert,
            ..item(function.name, CompletionKind::Function, LocalText::same(function.signature()), function.doc())
        }
    }));
    all.extend(WORDS.map(|word| item(word, CompletionKind::Keyword, LocalText::default(), LocalText::default())));
    all
}

/// Names made by `let` and `const` before the place.
fn variables(place: &CursorContext<'_>) -> Vec<Completion> {
    let made = (0..place.count_before()).filter(|at| matches!(place.slice(*at), "let" | "const"));
    let names: BTreeSet<&str> = made.map(|at| place.slice(at + 1)).filter(|name| !name.is_empty()).collect();
    let detail = LocalText::new("variable", "变量");
    names.into_iter().map(|name| item(name, CompletionKind::Variable, detail.clone(), LocalText::default())).collect()
}

/// Inside a text: the values of the enum it is compared with, interfaces in `route(`, reasons in an outcome.
fn in_text(definition: &Definition, place: &CursorContext<'_>, at: usize) -> Vec<Completion> {
    if let Some(field) = compared(definition, place, at)
        && let FieldType::Enum(values) = &field
    {
        return values
            .values
            .iter()
            .map(|(value, text)| item(value, CompletionKind::Value, text.clone(), LocalText::default()))
            .collect();
    }
    let rules = &definition.rule_set;
    match called(place, at) {
        Some("route") => {
            let one = |(id, interface): (&countersign_core::model::InterfaceId, &countersign_core::model::Interface)| {
                item(id.as_str(), CompletionKind::Interface, interface.title.clone(), LocalText::default())
            };
            rules.interfaces.iter().map(one).collect()
        }
        Some("accept" | "step_up" | "refer" | "decline" | "score") => {
            let one = |(code, reason): (&countersign_core::model::ReasonId, &countersign_core::model::Reason)| {
                item(code.as_str(), CompletionKind::Reason, LocalText::same(reason.wire.as_str()), reason.text.clone())
            };
            rules.reasons.iter().map(one).collect()
        }
        _ => Vec::new(),
    }
}

/// The function in whose arguments a token is.
fn called<'a>(place: &CursorContext<'a>, at: usize) -> Option<&'a str> {
    let mut depth = 0;
    for before in (0..at).rev() {
        match place.slice(before) {
            ")" => depth += 1,
            "(" if depth == 0 => return Some(place.slice(before.checked_sub(1)?)),
            "(" => depth -= 1,
            "{" | "}" | ";" => return None,
            _ => {}
        }
    }
    None
}

/// The type of what a text is compared with: `group.field == "…`, also inside `in ["…"`.
fn compared(definition: &Definition, place: &CursorContext<'_>, at: usize) -> Option<FieldType> {
    let mut operator = at.checked_sub(1)?;
    while matches!(place.slice(operator), "," | "[") || (place.class(operator) == Some(Class::Text) && operator < at) {
        operator = operator.checked_sub(1)?;
    }
    if !matches!(place.slice(operator), "==" | "!=" | "in" | "!in" | "??") {
        return None;
    }
    let last = operator.checked_sub(1)?;
    let (group, name) = (place.path_before(last).unwrap_or_default(), place.slice(last));
    if group == "params" {
        return definition.rule_set.parameters.get(name).map(|parameter| parameter.kind.clone());
    }
    definition.schema.find(&FieldName::full(&group, name)).map(|(_, field)| field.kind.clone())
}
