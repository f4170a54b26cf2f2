//! Values between the model and the interpreter.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, ImmutableString, Position};

use crate::model::{ListEntries, Value};
use crate::script::run_error::RunErrorKind;

/// An error of one of our own functions.
#[derive(Clone, Debug)]
pub(in crate::script) struct NativeError {
    pub kind: RunErrorKind,
    pub message: String,
}

impl NativeError {
    /// As the interpreter wants it; it fills in the position.
    #[expect(clippy::unnecessary_box_returns, reason = "the interpreter wants its errors boxed")]
    pub(super) fn raise(kind: RunErrorKind, message: impl Into<String>) -> Box<EvalAltResult> {
        let error = Self { kind, message: message.into() };
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(error), Position::NONE))
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
