//! A pointer into a RON tree that always has a place: a part that is not written has the place of the part around it.

use super::ron_tree::{ByteRange, NodeKind, RonMember, RonNode};
use countersign_core::text::{SourceId, Span, quoted};

/// A value of a file, or the place where it would be.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    source: SourceId,
    node: Option<&'a RonNode>,
    extent: ByteRange,
}

impl<'a> At<'a> {
    /// The whole file.
    pub(super) fn top(source: SourceId, node: &'a RonNode) -> Self {
        Self { source, node: Some(node), extent: ByteRange { start: node.extent.start, end: node.extent.start + 1 } }
    }

    /// Where to point: a single value itself; a container's name, or its `id`.
    pub(super) fn span(self) -> Span {
        Span::new(self.source, self.extent.start, self.extent.end)
    }

    /// A field of a struct.
    pub(super) fn field(self, name: &str) -> Self {
        self.part(self.node.and_then(|node| node.member(name)))
    }

    /// The nth item of a list or nth value of a map.
    pub(super) fn item(self, position: usize) -> Self {
        self.part(self.node.and_then(|node| node.members().get(position)))
    }

    /// The key of the nth entry of a map.
    pub(super) fn key(self, position: usize) -> Span {
        let label = self.node.and_then(|node| node.members().get(position)?.label.as_ref());
        label.map_or(self.span(), |label| Span::new(self.source, label.extent.start, label.extent.end))
    }

    /// The parts in order, each with its name if it has one.
    pub(super) fn parts(self) -> impl Iterator<Item = (Option<&'a str>, Self)> {
        self.node.map_or(&[][..], RonNode::members).iter().map(move |member| (member.name(), self.part(Some(member))))
    }

    /// A single value's text.
    pub(super) fn plain(self) -> Option<&'a str> {
        self.node.and_then(|node| node.unwrapped().plain())
    }

    /// A single value as it is written, for messages.
    pub(super) fn shown(self) -> String {
        let Some(node) = self.node.map(RonNode::unwrapped) else { return String::new() };
        match &node.kind {
            NodeKind::Text(text) => quoted(text),
            NodeKind::Word(plain) | NodeKind::Number(plain) => plain.clone(),
            NodeKind::Parens(None, members) if members.is_empty() => "()".to_owned(),
            NodeKind::Raw | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Parens(..) => "…".to_owned(),
        }
    }

    /// The word of a value that is neither a number, a text, `true`, `false`, `None` nor `()`.
    pub(super) fn bare_word(self) -> Option<&'a str> {
        match &self.node?.unwrapped().kind {
            NodeKind::Word(word) | NodeKind::Parens(Some(word), _) if !matches!(word.as_str(), "true" | "false" | "None") => {
                Some(word)
            }
            _ => None,
        }
    }

    /// A part, or the place where it would be.
    fn part(self, member: Option<&'a RonMember>) -> Self {
        match member {
            Some(member) => Self { node: Some(&member.value), extent: head(member), ..self },
            None => Self { node: None, ..self },
        }
    }
}

/// What to underline for a part: a single value, or else its label, its `id`, or the start of it.
fn head(member: &RonMember) -> ByteRange {
    let value = member.value.unwrapped();
    if !matches!(value.kind, NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Parens(..)) {
        return member.value.extent;
    }
    if let Some(label) = &member.label {
        return label.extent;
    }
    if let Some(id) = value.member("id") {
        return id.value.extent;
    }
    value.head()
}
