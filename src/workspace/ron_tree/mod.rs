//! RON text as a tree of places: what stands where, in order, so that findings can point and a save can change one value only.
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
pub(super) struct Extent {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Extent {
    /// From the start of one to the end of the other.
    pub(super) fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// One value of the text.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where it stands.
    pub extent: Extent,
    /// What stands between a container's brackets; empty for anything else.
    pub inner: Extent,
    /// What it is.
    pub kind: Kind,
}

/// What a value is, as far as its place matters.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A bare word: `true`, `None`, `Active`, `Money`.
    Word(String),
    /// A number as written.
    Number(String),
    /// A text in quotes, without them and with its escapes resolved.
    Text(String),
    /// A character or a byte string; our files have no use for them.
    Raw,
    /// `[ … ]`.
    List(Vec<Member>),
    /// `{ … }`.
    Map(Vec<Member>),
    /// `( … )` or `Name( … )`: a struct, a tuple, an enum's value or a unit.
    Parens(Option<String>, Vec<Member>),
}

/// The part of that name.
pub(super) fn find<'m>(members: &'m [Member], name: &str) -> Option<&'m Member> {
    members.iter().find(|member| member.name() == Some(name))
}

/// One part of a container: a list's item, a map's entry or a struct's field.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// A map's key or a field's name; none for items.
    pub label: Option<Node>,
    /// The value.
    pub value: Node,
}

impl Member {
    /// From the label to the end of the value.
    pub(super) fn extent(&self) -> Extent {
        self.label.as_ref().map_or(self.value.extent, |label| label.extent.to(self.value.extent))
    }

    /// The label's text: a field's name or a map's key.
    pub(super) fn name(&self) -> Option<&str> {
        self.label.as_ref().and_then(Node::plain)
    }
}

impl Node {
    /// The text of a word, number or quoted text.
    pub(super) fn plain(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(text) | Kind::Number(text) | Kind::Text(text) => Some(text),
            Kind::Raw | Kind::List(_) | Kind::Map(_) | Kind::Parens(..) => None,
        }
    }

    /// The parts of a container; none for anything else. Looks through `Some( … )`.
    pub(super) fn members(&self) -> &[Member] {
        match &self.unwrapped().kind {
            Kind::List(members) | Kind::Map(members) | Kind::Parens(_, members) => members,
            Kind::Word(_) | Kind::Number(_) | Kind::Text(_) | Kind::Raw => &[],
        }
    }

    /// The value inside `Some( … )`, or the value itself.
    pub(super) fn unwrapped(&self) -> &Self {
        match &self.kind {
            Kind::Parens(Some(name), members) if name == "Some" => match members.as_slice() {
                [Member { label: None, value }] => value.unwrapped(),
                _ => self,
            },
            _ => self,
        }
    }

    /// A container from its start to the end of its first part, or all of it where it has none.
    pub(super) fn head(&self) -> Extent {
        self.members().first().map_or(self.extent, |first| self.extent.to(first.extent()))
    }

    /// The part with that label.
    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        find(self.members(), name)
    }
}
