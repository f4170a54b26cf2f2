//! Every function that scripts may call, documented in both languages; [`native`] holds what they do.

pub(super) mod native;
mod table;

pub use table::ALL;

use crate::text::LocalText;

/// What one argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Whole number.
    Int,
    /// An amount.
    Money,
    /// Int, Money or Float; all such arguments of a call the same.
    Number,
    /// Int, Money, Float or Time; all such arguments of a call the same.
    Ordered,
    /// Text or Enum.
    Text,
    /// A point in time.
    Time,
    /// Text or whole number.
    TextOrInt,
    /// Text or array.
    TextOrArray,
    /// A reason code.
    Reason,
    /// An interface.
    Interface,
    /// `#{ single: …, day: …, month: …, year: … }` with amounts.
    Limits,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// `true` or `false`.
    Bool,
    /// Whole number.
    Int,
    /// An amount.
    Money,
    /// Text.
    Text,
    /// A point in time.
    Time,
    /// What the first argument is.
    SameAsFirst,
    /// An outcome.
    Outcome,
}

/// One function with its documentation.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its arguments: name and what it takes.
    pub parameters: &'static [(&'static str, Takes)],
    /// What it gives.
    pub gives: Gives,
    /// What it does, in English.
    pub en: &'static str,
    /// What it does, in Chinese.
    pub zh: &'static str,
    /// An expression that uses it, and its value as the interpreter shows it.
    pub example: (&'static str, &'static str),
}

impl Function {
    /// The documentation in both languages.
    #[must_use]
    pub fn doc(&self) -> LocalText {
        LocalText::new(self.en, self.zh)
    }
}

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    ALL.iter().find(|function| function.name == name)
}
