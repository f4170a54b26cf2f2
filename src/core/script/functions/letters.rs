//! A text with other letters, or without white space around it.

use super::{Body, CallFailure, Charge, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::script::host::Cost;
use crate::text::StaticText;

/// What the functions have in common.
const REWRITE: Function = Function {
    parameters: &[("text", Takes::Text)],
    gives: Gives::Text,
    charge: Some(Charge { cost: Cost::new(1, 32), counted: &[0] }),
    ..PURE
};

pub static LOWER: Function = Function {
    name: "lower",
    doc: StaticText::new("The text with the letters A to Z made small.", "将字母 A 至 Z 转为小写。"),
    example: ("lower(\"AbC\")", "\"abc\""),
    words: StaticText::new("{0} in small letters", "{0}的小写形式"),
    body: Body::Value(|args, _| match args {
        [V::Text(text)] => Ok(V::Text(text.to_ascii_lowercase().into())),
        _ => Err(CallFailure::TYPES),
    }),
    foreign: &["tolower", "tolowercase", "lowercase", "lcase", "casefold"],
    write: StaticText::new("write `lower(text)`", "请写 `lower(text)`"),
    ..REWRITE
};

pub static UPPER: Function = Function {
    name: "upper",
    doc: StaticText::new("The text with the letters a to z made large.", "将字母 a 至 z 转为大写。"),
    example: ("upper(\"AbC\")", "\"ABC\""),
    words: StaticText::new("{0} in capitals", "{0}的大写形式"),
    body: Body::Value(|args, _| match args {
        [V::Text(text)] => Ok(V::Text(text.to_ascii_uppercase().into())),
        _ => Err(CallFailure::TYPES),
    }),
    foreign: &["toupper", "touppercase", "uppercase", "ucase"],
    write: StaticText::new("write `upper(text)`", "请写 `upper(text)`"),
    ..REWRITE
};

pub static TRIM: Function = Function {
    name: "trim",
    doc: StaticText::new("The text without white space at either end.", "去掉两端空白后的文本。"),
    example: ("trim(\" a b \")", "\"a b\""),
    words: StaticText::new("{0} without white space around it", "去掉两端空白的{0}"),
    body: Body::Value(|args, _| match args {
        [V::Text(text)] => Ok(V::text(text.trim())),
        _ => Err(CallFailure::TYPES),
    }),
    foreign: &["strip", "trimspace", "btrim"],
    write: StaticText::new("write `trim(text)`", "请写 `trim(text)`"),
    ..REWRITE
};
