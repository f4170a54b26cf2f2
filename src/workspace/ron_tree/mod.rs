//! RON text as a tree with the place of every part, in order, so that findings can point and a save can change one value only.
//!
//! The `ron` crate defines what a text means; this tree holds where each part is, and refuses what it cannot place. Own code, since no
//! crate edits RON in place: `ron` drops comments, blank lines and the order of maps, which a person's files must keep.

mod chunks;
mod edit;
mod from_value;
mod parse;
pub(super) mod print;
mod same;
mod scan;
#[cfg(test)]
mod tests;
mod text;

pub(super) use edit::edit;
pub(super) use from_value::from_value;
pub(super) use parse::{TreeError, parse};
pub(super) use same::same;
pub(super) use scan::past_trivia;

/// A half-open range of bytes in the text that was parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ByteRange {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl ByteRange {
    /// From the start of one to the end of the other.
    pub(super) fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// One value of the text.
#[derive(Clone, Debug)]
pub(super) struct RonNode {
    /// Its place.
    pub extent: ByteRange,
    /// The text between a container's brackets; empty for anything else.
    pub inner: ByteRange,
    pub kind: NodeKind,
}

/// What a value is, as far as its place matters.
#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    /// A bare word: `true`, `None`, `Active`, `Money`.
    Word(String),
    /// A number as written.
    Number(String),
    /// A text in quotes, without them and with its escapes resolved.
    Text(String),
    /// A character or a byte string; our files have no use for them.
    Raw,
    /// `[ … ]`.
    List(Vec<RonMember>),
    /// `{ … }`.
    Map(Vec<RonMember>),
    /// `( … )` or `Name( … )`: a struct, a tuple, an enum's value or a unit.
    Parens(Option<String>, Vec<RonMember>),
}

/// The part of that name.
pub(super) fn find<'m>(members: &'m [RonMember], name: &str) -> Option<&'m RonMember> {
    members.iter().find(|member| member.name() == Some(name))
}

/// One part of a container: a list's item, a map's entry or a struct's field.
#[derive(Clone, Debug)]
pub(super) struct RonMember {
    /// A map's key or a field's name; none for items.
    pub label: Option<RonNode>,
    pub value: RonNode,
}

impl RonMember {
    /// From the label to the end of the value.
    pub(super) fn extent(&self) -> ByteRange {
        self.label.as_ref().map_or(self.value.extent, |label| label.extent.to(self.value.extent))
    }

    /// The label's text: a field's name or a map's key.
    pub(super) fn name(&self) -> Option<&str> {
        self.label.as_ref().and_then(RonNode::plain)
    }
}

impl RonNode {
    /// The text of a word, number or quoted text.
    pub(super) fn plain(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Word(text) | NodeKind::Number(text) | NodeKind::Text(text) => Some(text),
            NodeKind::Raw | NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Parens(..) => None,
        }
    }

    /// The parts of a container; none for anything else. Looks through `Some( … )`.
    pub(super) fn members(&self) -> &[RonMember] {
        match &self.unwrapped().kind {
            NodeKind::List(members) | NodeKind::Map(members) | NodeKind::Parens(_, members) => members,
            NodeKind::Word(_) | NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Raw => &[],
        }
    }

    /// The value inside `Some( … )`, or the value itself.
    pub(super) fn unwrapped(&self) -> &Self {
        match &self.kind {
            NodeKind::Parens(Some(name), members) if name == "Some" => match members.as_slice() {
                [RonMember { label: None, value }] => value.unwrapped(),
                _ => self,
            },
            _ => self,
        }
    }

    /// A container from its start to the end of its first part, or all of it where it has none.
    pub(super) fn head(&self) -> ByteRange {
        self.members().first().map_or(self.extent, |first| self.extent.to(first.extent()))
    }

    /// The part with that label.
    pub(super) fn member(&self, name: &str) -> Option<&RonMember> {
        find(self.members(), name)
    }
}
