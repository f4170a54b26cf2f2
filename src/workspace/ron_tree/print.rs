//! Writes nodes as text: what fits into a line is on one line, everything else one part a line.

use super::{NodeKind, RonMember, RonNode};
use countersign_core::text::quoted;

/// The widest line, in characters.
pub(super) const WIDTH: usize = 132;
/// How much deeper the parts of a container are indented, in spaces.
pub(super) const STEP: usize = 4;

/// A whole file.
pub(crate) fn file(node: &RonNode) -> String {
    let mut text = String::new();
    broken(node, 0, &mut text);
    text.push('\n');
    text
}

/// A value that starts at `column` of a line indented by `indent`.
pub(super) fn value(node: &RonNode, indent: usize, column: usize) -> String {
    let mut text = String::new();
    put(node, indent, column, &mut text);
    text
}

/// A part with its label, at the start of a line indented by `indent`.
pub(super) fn member(member: &RonMember, indent: usize) -> String {
    let mut text = String::new();
    put_member(member, indent, &mut text);
    text
}

/// The part in one line.
pub(super) fn member_line(member: &RonMember) -> String {
    let mut text = String::new();
    flat_member(member, &mut text);
    text
}

fn put_member(member: &RonMember, indent: usize, text: &mut String) {
    let start = text.len();
    if let Some(label) = &member.label {
        flat(label, text);
        text.push_str(": ");
    }
    let label = text.get(start..).map_or(0, |label| label.chars().count());
    put(&member.value, indent, indent + label, text);
}

fn put(node: &RonNode, indent: usize, column: usize, text: &mut String) {
    let mut line = String::new();
    flat(node, &mut line);
    // One more for the comma.
    if column + line.chars().count() < WIDTH { text.push_str(&line) } else { broken(node, indent, text) }
}

fn broken(node: &RonNode, indent: usize, text: &mut String) {
    let (open, members, close) = match &node.kind {
        NodeKind::List(members) => ("[", members, "]"),
        NodeKind::Map(members) => ("{", members, "}"),
        NodeKind::Parens(name, members) => {
            text.push_str(name.as_deref().unwrap_or_default());
            // A single unnamed value opens on the same line: `Enum({`.
            if let [RonMember { label: None, value }] = members.as_slice() {
                text.push('(');
                broken(value, indent, text);
                text.push(')');
                return;
            }
            ("(", members, ")")
        }
        NodeKind::Word(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Raw => return flat(node, text),
    };
    text.push_str(open);
    for member in members {
        text.push('\n');
        text.push_str(&" ".repeat(indent + STEP));
        put_member(member, indent + STEP, text);
        text.push(',');
    }
    if !members.is_empty() {
        text.push('\n');
        text.push_str(&" ".repeat(indent));
    }
    text.push_str(close);
}

fn flat(node: &RonNode, text: &mut String) {
    let (open, members, close) = match &node.kind {
        NodeKind::Word(plain) | NodeKind::Number(plain) => return text.push_str(plain),
        NodeKind::Text(plain) => return text.push_str(&quoted(plain)),
        NodeKind::Raw => return,
        NodeKind::List(members) => ("[", members, "]"),
        NodeKind::Map(members) => ("{", members, "}"),
        NodeKind::Parens(name, members) => {
            text.push_str(name.as_deref().unwrap_or_default());
            ("(", members, ")")
        }
    };
    text.push_str(open);
    for (position, member) in members.iter().enumerate() {
        if position > 0 {
            text.push_str(", ");
        }
        flat_member(member, text);
    }
    text.push_str(close);
}

fn flat_member(member: &RonMember, text: &mut String) {
    if let Some(label) = &member.label {
        flat(label, text);
        text.push_str(": ");
    }
    flat(&member.value, text);
}
