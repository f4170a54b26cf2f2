//! The first or last characters of a text.

use super::{Body, CallFailure, Charge, Fails, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::script::host::Cost;
use crate::script::run_error::RunErrorKind;
use crate::text::StaticText;

/// What both functions have in common.
const CUT: Function = Function {
    parameters: &[("text", Takes::Text), ("count", Takes::Int)],
    gives: Gives::Text,
    fails: Fails::ForSome,
    charge: Some(Charge { cost: Cost::new(1, 16), counted: &[0] }),
    ..PURE
};

pub static LEFT: Function = Function {
    name: "left",
    doc: StaticText::new("The first characters, or all where there are fewer.", "开头若干个字符；不足时为全部。"),
    example: ("left(\"622202\", 2)", "\"62\""),
    words: StaticText::new("the first {1} characters of {0}", "{0}的前 {1} 个字符"),
    body: Body::Value(|args, _| match args {
        [V::Text(text), V::Int(count)] => {
            let end = text.char_indices().nth(characters(*count)?).map_or(text.len(), |(at, _)| at);
            Ok(V::text(text.get(..end).unwrap_or_default()))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..CUT
};

pub static RIGHT: Function = Function {
    name: "right",
    doc: StaticText::new("The last characters, or all where there are fewer.", "末尾若干个字符；不足时为全部。"),
    example: ("right(\"622202\", 2)", "\"02\""),
    words: StaticText::new("the last {1} characters of {0}", "{0}的末 {1} 个字符"),
    body: Body::Value(|args, _| match args {
        [V::Text(text), V::Int(count)] => {
            let last = characters(*count)?.checked_sub(1);
            let start = last.map_or(text.len(), |last| text.char_indices().nth_back(last).map_or(0, |(at, _)| at));
            Ok(V::text(text.get(start..).unwrap_or_default()))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..CUT
};

fn characters(count: i64) -> Result<usize, CallFailure> {
    let negative = |_| CallFailure::new(RunErrorKind::Arithmetic, format!("{count} characters are asked for"));
    usize::try_from(count).map_err(negative)
}
