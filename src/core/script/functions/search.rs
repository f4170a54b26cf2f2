//! A text looked for in another.

use super::{Body, CallFailure, Charge, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::script::host::Cost;
use crate::text::StaticText;

/// What the three functions have in common.
const SEARCH: Function = Function { parameters: &[("text", Takes::Searched), ("part", Takes::Text)], gives: Gives::Bool, ..PURE };

pub static STARTS_WITH: Function = Function {
    name: "starts_with",
    doc: StaticText::new("Whether the text begins with the part.", "文本是否以该部分开头。"),
    example: ("starts_with(\"622202\", \"62\")", "true"),
    words: StaticText::new("{0} starts with {1}", "{0}以{1}开头"),
    words_if_not: StaticText::new("{0} does not start with {1}", "{0}不以{1}开头"),
    body: Body::Value(|args, _| match args {
        [V::Text(text), V::Text(part)] => Ok(V::Bool(text.starts_with(&**part))),
        _ => Err(CallFailure::TYPES),
    }),
    charge: Some(Charge { cost: Cost::new(0, 256), counted: &[1] }),
    foreign: &["beginswith", "hasprefix", "startwith"],
    write: StaticText::new("write `starts_with(text, part)`", "请写 `starts_with(text, part)`"),
    ..SEARCH
};

pub static ENDS_WITH: Function = Function {
    name: "ends_with",
    doc: StaticText::new("Whether the text ends with the part.", "文本是否以该部分结尾。"),
    example: ("ends_with(\"622202\", \"02\")", "true"),
    words: StaticText::new("{0} ends with {1}", "{0}以{1}结尾"),
    words_if_not: StaticText::new("{0} does not end with {1}", "{0}不以{1}结尾"),
    body: Body::Value(|args, _| match args {
        [V::Text(text), V::Text(part)] => Ok(V::Bool(text.ends_with(&**part))),
        _ => Err(CallFailure::TYPES),
    }),
    charge: Some(Charge { cost: Cost::new(0, 256), counted: &[1] }),
    foreign: &["hassuffix", "endwith"],
    write: StaticText::new("write `ends_with(text, part)`", "请写 `ends_with(text, part)`"),
    ..SEARCH
};

pub static CONTAINS: Function = Function {
    name: "contains",
    doc: StaticText::new("Whether the text contains the part.", "文本是否包含该部分。"),
    example: ("contains(\"622202\", \"220\")", "true"),
    words: StaticText::new("{0} contains {1}", "{0}包含{1}"),
    words_if_not: StaticText::new("{0} does not contain {1}", "{0}不包含{1}"),
    body: Body::Value(|args, _| match args {
        [V::Text(text), V::Text(part)] => Ok(V::Bool(text.contains(&**part))),
        _ => Err(CallFailure::TYPES),
    }),
    charge: Some(Charge { cost: Cost::new(1, 16), counted: &[0, 1] }),
    ..SEARCH
};
