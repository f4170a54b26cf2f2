//! Makes nodes for text that is not written yet; their extents are empty.

use super::{Extent, Kind, Member, Node};

fn node(kind: Kind) -> Node {
    Node { extent: Extent::default(), inner: Extent::default(), kind }
}

/// A bare word.
pub(crate) fn word(text: &str) -> Node {
    node(Kind::Word(text.to_owned()))
}

/// A whole number.
pub(crate) fn int(number: i64) -> Node {
    node(Kind::Number(number.to_string()))
}

/// A number with a point or an exponent.
pub(crate) fn float(number: f64) -> Node {
    node(Kind::Number(format!("{number:?}")))
}

/// A text in quotes.
pub(crate) fn text(text: &str) -> Node {
    node(Kind::Text(text.to_owned()))
}

/// `()`.
pub(crate) fn unit() -> Node {
    node(Kind::Parens(None, Vec::new()))
}

/// `[ … ]`.
pub(crate) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    node(Kind::List(items.into_iter().map(|value| Member { label: None, value }).collect()))
}

/// `{ … }` with texts as keys.
pub(crate) fn map<K: AsRef<str>>(entries: impl IntoIterator<Item = (K, Node)>) -> Node {
    let entries = entries.into_iter().map(|(key, value)| Member { label: Some(text(key.as_ref())), value });
    node(Kind::Map(entries.collect()))
}

/// `Name(value)`.
pub(crate) fn wrapped(name: &str, value: Node) -> Node {
    node(Kind::Parens(Some(name.to_owned()), vec![Member { label: None, value }]))
}

/// Gathers the fields of a struct, leaving out what need not be written.
#[derive(Default)]
pub(crate) struct Fields(Vec<Member>);

impl Fields {
    /// Adds a field.
    pub(crate) fn with(mut self, name: &str, value: Node) -> Self {
        self.0.push(Member { label: Some(word(name)), value });
        self
    }

    /// Adds a field where there is a value.
    pub(crate) fn maybe(self, name: &str, value: Option<Node>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a container unless it is empty.
    pub(crate) fn unless_empty(self, name: &str, value: Node) -> Self {
        if value.members().is_empty() { self } else { self.with(name, value) }
    }

    /// `( … )`.
    pub(crate) fn plain(self) -> Node {
        node(Kind::Parens(None, self.0))
    }

    /// `Name( … )`.
    pub(crate) fn named(self, name: &str) -> Node {
        node(Kind::Parens(Some(name.to_owned()), self.0))
    }
}
