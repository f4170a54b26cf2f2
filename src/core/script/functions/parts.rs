//! A part of an amount, and an amount rounded to a unit: exact in fen.

use super::value::quotable;
use super::{Body, CallFailure, Charge, Fails, Function, Gives, PURE, ScriptValue as V, Takes};
use crate::model::{Fen, Rate, Rounding};
use crate::script::host::Cost;
use crate::script::run_error::RunErrorKind;
use crate::text::StaticText;

/// What both functions have in common: the text that is read, a rate or a unit, counts.
const PART: Function =
    Function { gives: Gives::Money, fails: Fails::ForSome, charge: Some(Charge { cost: Cost::READ, counted: &[1] }), ..PURE };

pub static ROUND_TO: Function = Function {
    name: "round",
    parameters: &[("amount", Takes::Amount), ("unit", Takes::Unit), ("rounding", Takes::Rounding)],
    doc: StaticText::new(
        "The amount rounded to a multiple of the unit: `\"1.00\"` for whole yuan, `\"0.10\"` for jiao. Halves go away from zero (`\"half-up\"`), or to the even multiple with `\"half-even\"`. Exact in fen.",
        "将金额舍入为单位的整数倍：`\"1.00\"` 到元，`\"0.10\"` 到角。默认四舍五入（`\"half-up\"`，负数的一半远离零），`\"half-even\"` 为四舍六入五成双。按分精确计算。",
    ),
    example: ("round(yuan(\"12.50\"), \"1.00\", \"half-even\") == yuan(12)", "true"),
    words: StaticText::new("{0} rounded to {1}[, {2}]", "{0}舍入到{1}的值[（{2}）]"),
    body: Body::Value(|args, _| match args {
        [V::Int(of), V::Text(unit), rounding @ ..] => {
            let how = read_rounding("round", rounding)?;
            let read = Fen::parse_unit(unit).ok_or_else(|| unread(unit, "an amount over zero such as `1.00`"))?;
            amount(Fen(*of).rounded(read, how), || format!("round({}, {unit})", Fen(*of).shown()))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..PART
};

pub static PERCENT: Function = Function {
    name: "percent",
    parameters: &[("amount", Takes::Amount), ("rate", Takes::Rate), ("rounding", Takes::Rounding)],
    doc: StaticText::new(
        "That many percent of the amount, rounded to the fen. The rate is a whole number or a decimal in quotes with at most nine decimals. Half a fen goes away from zero (`\"half-up\"`), or to the even fen with `\"half-even\"`. Exact in fen.",
        "金额的百分之几，舍入到分。百分比为整数，或加引号、至多九位小数的小数。半分默认四舍五入（`\"half-up\"`，负数远离零），`\"half-even\"` 为四舍六入五成双。按分精确计算。",
    ),
    example: ("percent(yuan(\"333.33\"), \"15\") == yuan(\"50.00\")", "true"),
    words: StaticText::new("{1} % of {0}[, rounded {2}]", "{0}的 {1}%[（{2}）]"),
    body: Body::Value(|args, _| match args {
        [V::Int(of), V::Int(rate), rounding @ ..] => {
            let how = read_rounding("percent", rounding)?;
            let part = Rate::whole(*rate).and_then(|rate| Fen(*of).percent(rate, how));
            amount(part, || format!("percent({}, {rate})", Fen(*of).shown()))
        }
        [V::Int(of), V::Text(rate), rounding @ ..] => {
            let how = read_rounding("percent", rounding)?;
            let read = Rate::parse(rate).ok_or_else(|| unread(rate, "a rate in percent such as `15.5`"))?;
            amount(Fen(*of).percent(read, how), || format!("percent({}, {rate})", Fen(*of).shown()))
        }
        _ => Err(CallFailure::TYPES),
    }),
    ..PART
};

fn read_rounding(function: &str, args: &[V<'_>]) -> Result<Rounding, CallFailure> {
    match args {
        [] => Ok(Rounding::default()),
        [V::Text(word)] => Rounding::parse(word).ok_or_else(|| {
            let message = format!("`{}` is no rounding of `{function}`: it is `half-up` or `half-even`", quotable(word));
            CallFailure::new(RunErrorKind::Type, message)
        }),
        _ => Err(CallFailure::TYPES),
    }
}

fn unread(text: &str, wanted: &str) -> CallFailure {
    CallFailure::new(RunErrorKind::Arithmetic, format!("`{}` is not {wanted}", quotable(text)))
}

fn amount(made: Option<Fen>, call: impl Fn() -> String) -> Result<V<'static>, CallFailure> {
    let too_large = || CallFailure::new(RunErrorKind::Arithmetic, format!("`{}` is too large for an amount", call()));
    made.map(|made| V::Int(made.0)).ok_or_else(too_large)
}
