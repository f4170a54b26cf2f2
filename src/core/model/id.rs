//! Names of things as types of their own, so that a rule's id is never taken for a list's, and their positions in a rule set.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a text cannot be an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError {
    /// The text as given.
    pub text: String,
    /// What an id of this kind looks like, for people.
    pub wanted: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not {}", self.text, self.wanted)
    }
}

impl std::error::Error for IdError {}

fn is_snake(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_lowercase())
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && text.len() <= 64
}

fn is_code(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_ascii_uppercase())
        && chars.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && text.len() <= 64
}

/// How many parts a field's name may have.
const MOST_PARTS: usize = 4;

/// A word that scripts can name: letters, digits and `_`, a letter before any digit.
fn is_word(text: &str) -> bool {
    text.trim_start_matches('_').starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.len() <= 64
}

fn is_path(text: &str) -> bool {
    text.split('.').all(is_word) && text.split('.').count() <= MOST_PARTS
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $check:ident, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks the form of the id.
            ///
            /// # Errors
            /// Says what an id of this kind looks like.
            pub fn new(text: impl AsRef<str>) -> Result<Self, IdError> {
                let text = text.as_ref();
                if $check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(IdError { text: text.to_owned(), wanted: $wanted })
                }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// For looking up in a slice.
            #[must_use]
            pub fn at(self) -> usize {
                usize::from(self.0)
            }

            /// From a position; `None` past 65,535, more than any rule set may hold.
            #[must_use]
            pub fn from_position(position: usize) -> Option<Self> {
                u16::try_from(position).ok().map(Self)
            }
        }
    };
}

id!(
    /// A rule's id, such as `closed_interface_new`.
    RuleId, is_snake, "a lower-case name of letters, digits and `_`, at most 64"
);
id!(
    /// A stage's id, such as `access`.
    StageId, is_snake, "a lower-case name of letters, digits and `_`, at most 64"
);
id!(
    /// A parameter's id, as in `params.max_cards_per_mobile`.
    ParameterId, is_snake, "a lower-case name of letters, digits and `_`, at most 64"
);
id!(
    /// A list's id, as in `lists.blocked_ids`.
    ListId, is_snake, "a lower-case name of letters, digits and `_`, at most 64"
);
id!(
    /// An interface's id, such as `zhejiang`.
    InterfaceId, is_snake, "a lower-case name of letters, digits and `_`, at most 64"
);
id!(
    /// A reason's symbolic code, such as `INTERFACE_CLOSED_FOR_NEW`.
    ReasonId, is_code, "an upper-case code of letters, digits and `_`, at most 64"
);
id!(
    /// A field's full name, such as `customer.age`, `amount` or `customer.homeAddress.city`.
    FieldName, is_path, "a field's name such as `customer.age`: one to four words of letters, digits and `_`, with dots between them"
);

impl FieldName {
    /// The groups it is in, with dots between them, and its own word; no group is an empty one.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.as_str().rsplit_once('.').unwrap_or(("", self.as_str()))
    }

    /// The full name of a field in a group; see [`FieldName::parts`].
    #[must_use]
    pub fn full(group: &str, own: &str) -> String {
        if group.is_empty() { own.to_owned() } else { format!("{group}.{own}") }
    }
}

index!(
    /// A rule's position in [`RuleSet::rules`](super::RuleSet::rules), over all stages in order.
    RuleIndex
);
index!(
    /// A stage's position in the rule set.
    StageIndex
);
index!(
    /// A parameter's position in the rule set.
    ParameterIndex
);
index!(
    /// A list's position in the rule set.
    ListIndex
);
index!(
    /// An interface's position in the rule set.
    InterfaceIndex
);
index!(
    /// A reason's position in the rule set.
    ReasonIndex
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_form() {
        for good in ["a", "r2b", "max_cards_per_mobile"] {
            assert!(RuleId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "A", "2a", "a-b", "a.b", "名", &"a".repeat(65)] {
            assert!(RuleId::new(bad).is_err(), "{bad}");
        }
        assert!(ReasonId::new("AGE_UNDER_16").is_ok());
        assert!(ReasonId::new("age").is_err());
        for (good, group, own) in [
            ("customer.age", "customer", "age"),
            ("amount", "", "amount"),
            ("_id", "", "_id"),
            ("customer.homeAddress.City2", "customer.homeAddress", "City2"),
            ("a.b.c.d", "a.b.c", "d"),
        ] {
            let name = FieldName::new(good).unwrap();
            assert_eq!(name.parts(), (group, own), "{good}");
            assert_eq!(FieldName::full(group, own), good);
        }
        for bad in ["", "customer.", ".age", "a..b", "a.b.c.d.e", "a b", "a-b", "1a", "_", "_1", "金额", "a.\"b"] {
            assert!(FieldName::new(bad).is_err(), "{bad}");
        }
    }
}
