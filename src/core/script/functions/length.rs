//! How long a text or an array is.

use super::{Body, CallFailure, Charge, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::script::host::Cost;
use crate::text::StaticText;

pub static IS_EMPTY: Function = Function {
    name: "is_empty",
    parameters: &[("text", Takes::Text)],
    gives: Gives::Bool,
    doc: StaticText::new("Whether the text has no character.", "文本是否为空。"),
    example: ("is_empty(\"\")", "true"),
    words: StaticText::new("{0} is an empty text", "{0}为空文本"),
    words_if_not: StaticText::new("{0} is no empty text", "{0}不是空文本"),
    body: Body::Value(|args, _| match args {
        [V::Text(text)] => Ok(V::Bool(text.is_empty())),
        _ => Err(CallFailure::TYPES),
    }),
    ..PURE
};

pub static LEN: Function = Function {
    name: "len",
    parameters: &[("of", Takes::TextOrArray)],
    gives: Gives::Int,
    doc: StaticText::new("How many characters a text has, or how many elements an array.", "文本的字符数，或数组的元素个数。"),
    example: ("len(\"签约\")", "2"),
    words: StaticText::new("the length of {0}", "{0}的长度"),
    body: Body::Value(|args, _| {
        let length = match args {
            [V::Text(text)] => text.chars().count(),
            [V::Array(length)] => *length,
            _ => return Err(CallFailure::TYPES),
        };
        Ok(V::Int(i64::try_from(length).unwrap_or(i64::MAX)))
    }),
    range: ValueRange::Within(0, i64::MAX),
    charge: Some(Charge { cost: Cost::new(0, 128), counted: &[0] }),
    foreign: &["length", "size", "count", "strlen", "charlength", "cardinality"],
    write: StaticText::new("write `len(x)`", "请写 `len(x)`"),
    ..PURE
};
