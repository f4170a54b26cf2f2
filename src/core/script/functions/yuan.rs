//! Amounts written in yuan and in fen.

use super::value::quotable;
use super::{Body, CallFailure, Charge, Fails, Function, Gives, PURE, ScriptValue as V, Takes, ValueRange};
use crate::model::Fen;
use crate::script::host::Cost;
use crate::script::run_error::RunErrorKind;
use crate::text::StaticText;

pub static YUAN: Function = Function {
    name: "yuan",
    parameters: &[("amount", Takes::Yuan)],
    gives: Gives::Money,
    doc: StaticText::new(
        "An amount of whole yuan; an amount with fen is written as text.",
        "以元为单位的金额；带分的金额用文本书写。",
    ),
    example: ("yuan(5_000) + yuan(\"0.50\")", "500050"),
    words: StaticText::new("{0} yuan", "{0} 元"),
    words_if_not: StaticText::new("", ""),
    body: Body::Value(|args, _| match args {
        [V::Int(yuan)] => yuan
            .checked_mul(100)
            .map(V::Int)
            .ok_or_else(|| CallFailure::new(RunErrorKind::Arithmetic, format!("`yuan({yuan})` is too large"))),
        [V::Text(text)] => Fen::parse_yuan(text)
            .filter(|_| !text.starts_with("CNY"))
            .map(|fen| V::Int(fen.0))
            .ok_or_else(|| CallFailure::new(RunErrorKind::Type, format!("`{}` is not an amount such as `0.50`", quotable(text)))),
        _ => Err(CallFailure::TYPES),
    }),
    is_literal: true,
    fails: Fails::ForSome,
    range: ValueRange::Of(|args| match args {
        [(low, high)] => Some((low * 100, high * 100)),
        _ => None,
    }),
    charge: Some(Charge { cost: Cost::READ, counted: &[0] }),
    foreign: &["cny", "rmb", "money", "currency"],
    write: StaticText::new("write amounts as `yuan(5_000)` or `yuan(\"0.50\")`", "金额请写 `yuan(5_000)` 或 `yuan(\"0.50\")`"),
};

pub static FEN: Function = Function {
    name: "fen",
    parameters: &[("amount", Takes::Int)],
    gives: Gives::Money,
    doc: StaticText::new("An amount of fen, the hundredth of a yuan.", "以分为单位的金额。"),
    example: ("fen(150)", "150"),
    words: StaticText::new("{0} fen", "{0} 分"),
    body: Body::Value(|args, _| match args {
        [V::Int(fen)] => Ok(V::Int(*fen)),
        _ => Err(CallFailure::TYPES),
    }),
    is_literal: true,
    range: ValueRange::First,
    foreign: &["cents", "cent"],
    write: StaticText::new("write amounts in fen as `fen(1)`", "以分表示的金额请写 `fen(1)`"),
    ..PURE
};
