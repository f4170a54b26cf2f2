//! Values between the model and the interpreter.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, INT, ImmutableString, Position};

use crate::model::{ListEntries, Value};
use crate::script::run_error::RunErrorKind;

/// An error of one of our own functions.
#[derive(Clone, Debug)]
pub(in crate::script) struct NativeError {
    pub kind: RunErrorKind,
    pub message: String,
    /// The whole numbers it failed over, which may be amounts: only the typed tree knows.
    pub over: Option<FailedArithmetic>,
}

/// An operation on whole numbers that failed.
#[derive(Clone, Copy, Debug)]
pub(in crate::script) struct FailedArithmetic {
    /// The operator or function.
    pub name: &'static str,
    pub one: INT,
    /// None where there is one operand only.
    pub other: Option<INT>,
    /// The end of the message, after the operation.
    pub why: &'static str,
}

impl FailedArithmetic {
    /// The message, with the operands as `show` writes them; its first argument is whether it is the first operand.
    pub(in crate::script) fn message(&self, show: impl Fn(bool, INT) -> String) -> String {
        let is_function = self.name.starts_with(|first: char| first.is_ascii_alphabetic());
        let (name, one) = (self.name, show(true, self.one));
        let operation = match self.other.map(|other| show(false, other)) {
            Some(other) if is_function => format!("{name}({one}, {other})"),
            Some(other) => format!("{one} {name} {other}"),
            None => format!("{name}({one})"),
        };
        format!("`{operation}` {}", self.why)
    }
}

impl NativeError {
    pub(in crate::script) fn new(kind: RunErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), over: None }
    }

    /// An operation on whole numbers that fails for their values.
    pub(in crate::script) fn arithmetic(failed: FailedArithmetic) -> Self {
        let message = failed.message(|_, number| number.to_string());
        Self { kind: RunErrorKind::Arithmetic, message, over: Some(failed) }
    }

    /// As the interpreter takes it; it fills in the position.
    pub(super) fn boxed(self) -> Box<EvalAltResult> {
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(self), Position::NONE))
    }

    #[expect(clippy::unnecessary_box_returns, reason = "the interpreter takes its errors boxed")]
    pub(super) fn raise(kind: RunErrorKind, message: impl Into<String>) -> Box<EvalAltResult> {
        Self::new(kind, message).boxed()
    }
}

/// A list as a value: a reference, never a copy of its entries.
#[derive(Clone, Debug)]
pub(in crate::script) struct ListHandle(pub ListEntries);

/// Texts that come back in every request, such as the values of an enum, made once.
#[derive(Clone, Debug, Default)]
pub(in crate::script) struct TextCache(Vec<(Arc<str>, ImmutableString)>);

impl TextCache {
    /// Keeps these texts.
    pub(in crate::script) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self(texts.map(|text| (text.into(), text.into())).collect())
    }

    fn get(&self, text: &str) -> ImmutableString {
        let kept = self.0.iter().find(|(known, _)| known.as_ref() == text);
        kept.map_or_else(|| text.into(), |(_, kept)| kept.clone())
    }
}

/// A value as scripts see it: money in fen and times in microseconds as whole numbers, `()` for what is missing.
pub(in crate::script) fn from_value(value: &Value, texts: &TextCache) -> Dynamic {
    match value {
        Value::Missing => Dynamic::UNIT,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Money(fen) => fen.0.into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => texts.get(text).into(),
        Value::Time(time) => time.micros().into(),
    }
}
