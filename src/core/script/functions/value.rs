//! The values that functions take and give.

use std::borrow::Cow;

use crate::script::host::{FailedArithmetic, NativeError};
use crate::script::run_error::RunErrorKind;

/// A value that is there. Money is fen and a time is microseconds since 1970: both are whole numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum ScriptValue<'a> {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, an amount or a time.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Free text, or the value of an enum.
    Text(Cow<'a, str>),
    /// An array, of which functions see only how many elements it has.
    Array(usize),
}

impl<'a> ScriptValue<'a> {
    /// A text that is held elsewhere.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// The truth value.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The number with a fraction.
    #[must_use]
    pub fn as_float(&self) -> Option<f64> {
        if let Self::Float(number) = self { Some(*number) } else { None }
    }

    /// The text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Why a call has no value: none where the function does not take values of these types, which the interpreter words for all functions
/// alike.
#[derive(Debug)]
pub struct CallFailure(pub(in crate::script) Option<NativeError>);

impl CallFailure {
    /// The function does not take values of these types.
    pub(super) const TYPES: Self = Self(None);

    pub(super) fn new(kind: RunErrorKind, message: impl Into<String>) -> Self {
        Self(Some(NativeError::new(kind, message)))
    }

    pub(super) fn arithmetic(failed: FailedArithmetic) -> Self {
        Self(Some(NativeError::arithmetic(failed)))
    }
}

/// A text as it is quoted in a message between backticks.
pub(in crate::script) fn quotable(text: &str) -> String {
    text.replace('`', "'")
}
