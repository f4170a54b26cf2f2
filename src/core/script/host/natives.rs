//! Binds every function of [`crate::script::functions`] in the interpreter.

use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, INT, ImmutableString, Map};

use super::operators::type_name;
use super::value::NativeError;
use super::work::{self, NAME};
use crate::model::{Fen, Limit, Limits, Outcome, Verdict, Zone};
use crate::script::functions::{ALL, Body, FunctionId, ScriptValue, quotable};
use crate::script::names::ScriptNames;
use crate::script::run_error::RunErrorKind as Kind;

type NativeResult<T> = Result<T, Box<EvalAltResult>>;

/// Registers all of them for the reasons, interfaces and zone of `names`.
pub(super) fn register(engine: &mut Engine, names: &Arc<ScriptNames>) {
    outcomes(engine, names);
    let zone = names.zone;
    for function in ALL.iter().copied() {
        for count in function.counts() {
            match count {
                1 => engine.register_fn(function.name, move |one: Dynamic| call(function, zone, &[one])),
                2 => engine.register_fn(function.name, move |one: Dynamic, two: Dynamic| call(function, zone, &[one, two])),
                _ => engine.register_fn(function.name, move |one: Dynamic, two: Dynamic, three: Dynamic| {
                    call(function, zone, &[one, two, three])
                }),
            };
        }
    }
}

/// Calls a function for any values: others than it takes are a type error, never "function not found".
fn call<const N: usize>(function: FunctionId, zone: Zone, args: &[Dynamic; N]) -> NativeResult<Dynamic> {
    let refused = || {
        let types: Vec<&str> = args.iter().map(type_name).collect();
        NativeError::raise(Kind::Type, format!("`{}` does not take {}", function.name, types.join(" and ")))
    };
    if matches!(function.body, Body::Outcome(_)) {
        return Err(refused());
    }
    let texts = args.each_ref().map(|arg| arg.as_immutable_string_ref().map(|text| text.clone()).ok());
    let values: Option<Vec<ScriptValue<'_>>> = args.iter().zip(&texts).map(|(arg, text)| value_of(arg, text.as_ref())).collect();
    let values = values.ok_or_else(refused)?;
    work::charge(function.operations(&values))?;
    match function.evaluate(&values, zone) {
        Ok(ScriptValue::Bool(value)) => Ok(value.into()),
        Ok(ScriptValue::Int(number)) => Ok(number.into()),
        Ok(ScriptValue::Float(number)) => Ok(number.into()),
        Ok(ScriptValue::Text(text)) => Ok(text.into_owned().into()),
        Ok(ScriptValue::Array(_)) => Err(refused()),
        Err(failure) => Err(failure.0.map_or_else(refused, NativeError::boxed)),
    }
}

fn value_of<'a>(value: &Dynamic, text: Option<&'a ImmutableString>) -> Option<ScriptValue<'a>> {
    if let Some(text) = text {
        return Some(ScriptValue::text(text));
    }
    let number = value.as_int().map(ScriptValue::Int).or_else(|_| value.as_float().map(ScriptValue::Float));
    let plain = number.or_else(|_| value.as_bool().map(ScriptValue::Bool));
    plain.or_else(|_| value.as_array_ref().map(|array| ScriptValue::Array(array.len()))).ok()
}

fn outcomes(engine: &mut Engine, names: &Arc<ScriptNames>) {
    for verdict in Verdict::ALL {
        let names = Arc::clone(names);
        engine.register_fn(verdict.word(), move |reason: ImmutableString| -> NativeResult<Outcome> {
            Ok(Outcome::Verdict(verdict, find_reason(&names, &reason)?))
        });
    }
    let known = Arc::clone(names);
    engine.register_fn("score", move |points: INT, reason: ImmutableString| -> NativeResult<Outcome> {
        Ok(Outcome::Score(points, find_reason(&known, &reason)?))
    });
    let known = Arc::clone(names);
    engine.register_fn("route", move |interface: ImmutableString| -> NativeResult<Outcome> {
        work::texts(NAME, interface.len())?;
        let index = known.interfaces.get(interface.as_str());
        let index =
            index.ok_or_else(|| NativeError::raise(Kind::Outcome, format!("no interface is named `{}`", quotable(&interface))))?;
        Ok(Outcome::Route(*index))
    });
    engine.register_fn("limit", |map: Map| limit(&map));
}

fn find_reason(names: &ScriptNames, reason: &str) -> NativeResult<crate::model::ReasonIndex> {
    work::texts(NAME, reason.len())?;
    let index = names.reasons.get(reason).copied();
    index.ok_or_else(|| NativeError::raise(Kind::Outcome, format!("no reason has the code `{}`", quotable(reason))))
}

fn limit(map: &Map) -> NativeResult<Outcome> {
    let mut limits = Limits::default();
    for (key, value) in map {
        let limit = Limit::ALL.into_iter().find(|limit| limit.word() == key.as_str());
        let limit = limit.ok_or_else(|| NativeError::raise(Kind::Outcome, format!("`{key}` is no limit")))?;
        let fen = value
            .as_int()
            .map_err(|_| NativeError::raise(Kind::Type, format!("the limit `{key}` is {}, not an amount", type_name(value))))?;
        if fen < 0 {
            return Err(NativeError::raise(Kind::Outcome, format!("the limit `{key}` is {}, less than zero", Fen(fen).shown())));
        }
        limits.set(limit, Fen(fen));
    }
    if limits.is_empty() {
        return Err(NativeError::raise(Kind::Outcome, "`limit` sets no limit"));
    }
    Ok(Outcome::Limit(limits))
}
