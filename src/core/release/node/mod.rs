//! The tree between a release's types and its two texts: the file a person reads ([`ron`]) and the canonical text that is digested
//! and signed ([`json`]). Both are printed from the same tree, so neither can say what the other does not.
//!
//! The printers are our own: the bytes must stay the same for ever, whatever a newer printer of someone else would write.

pub(crate) mod json;
pub mod of;
pub(crate) mod ron;

/// A value that both texts can show.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// No value.
    Nothing,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; a decimal string in canonical text.
    Int(i128),
    /// A finite number.
    Float(f64),
    /// A text.
    Text(String),
    /// An enum's variant without content; a string in canonical text.
    Word(&'static str),
    /// An enum's variant with content; an object of one member in canonical text.
    Variant(&'static str, Box<Node>),
    /// Values in order.
    List(Vec<Node>),
    /// Named values in the order of their type; one that is [`Node::Nothing`] is not written.
    Record(Vec<(&'static str, Node)>),
    /// Named values whose names are data.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The same record without some of its fields; anything else stays as it is.
    pub(super) fn without(self, names: &[&str]) -> Self {
        match self {
            Self::Record(fields) => Self::Record(fields.into_iter().filter(|(name, _)| !names.contains(name)).collect()),
            other => other,
        }
    }
}
