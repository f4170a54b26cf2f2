//! Operators. Unlike values are an error, sums are checked, and a float is always finite.

use std::cmp::Ordering;
use std::ops::{Range, RangeInclusive};

use rhai::{Array, Dynamic, Engine, EvalAltResult, FLOAT, INT, ImmutableString};

use super::value::{FailedArithmetic, ListHandle, NativeError};
use super::work::{self, COMPARE, JOIN, LIST, LOOKED_THROUGH};
use crate::script::run_error::RunErrorKind as Kind;

type OperatorResult<T> = Result<T, Box<EvalAltResult>>;

type FloatOperator = (&'static str, fn(FLOAT, FLOAT) -> FLOAT);
/// An operator that compares, with what the order of the two must be.
type ComparisonOperator = (&'static str, fn(Ordering) -> bool);

/// Operators that compare.
const COMPARISONS: [ComparisonOperator; 6] = [
    ("==", Ordering::is_eq),
    ("!=", Ordering::is_ne),
    ("<", Ordering::is_lt),
    ("<=", Ordering::is_le),
    (">", Ordering::is_gt),
    (">=", Ordering::is_ge),
];

/// Registers every operator for every pair of types.
pub(super) fn register(engine: &mut Engine) {
    arithmetic(engine);
    floats(engine);
    comparisons(engine);
    containers(engine);
    engine.register_fn("!", |value: bool| !value);
    engine
        .register_fn("+", |one: ImmutableString, other: ImmutableString| -> OperatorResult<ImmutableString> { join(&one, &other) });
    engine.register_fn("+=", |one: &mut ImmutableString, other: ImmutableString| -> OperatorResult<()> {
        *one = join(one, &other)?;
        Ok(())
    });
    for name in ["+", "-", "*", "/", "%", "**", "|", "..", "..=", "==", "!=", "<", "<=", ">", ">="] {
        engine
            .register_fn(name, move |one: Dynamic, other: Dynamic| -> OperatorResult<Dynamic> { Err(unlike(name, &one, &other)) });
    }
    for name in ["+=", "-=", "*="] {
        engine.register_fn(name, move |one: &mut Dynamic, other: Dynamic| -> OperatorResult<()> { Err(unlike(name, one, &other)) });
    }
}

fn join(one: &ImmutableString, other: &ImmutableString) -> OperatorResult<ImmutableString> {
    // Before anything is made, so that doubling a text again and again never makes a large one.
    if one.len() + other.len() > super::BUDGET.text_bytes {
        let message = format!("stopped: a text of more than {} bytes", super::BUDGET.text_bytes);
        return Err(NativeError::raise(Kind::Budget, message));
    }
    work::texts(JOIN, one.len() + other.len())?;
    Ok(one + other)
}

/// Why whole numbers have no result.
pub(in crate::script) const TOO_LARGE: &str = "is too large for a whole number";
pub(in crate::script) const BY_ZERO: &str = "divides by zero";
const NEGATIVE_POWER: &str = "is no whole number: the exponent is negative; write the base with a fraction, such as `2.0`";

#[expect(clippy::unnecessary_box_returns, reason = "the interpreter wants its errors boxed")]
fn fails(name: &'static str, one: INT, other: INT, why: &'static str) -> Box<EvalAltResult> {
    NativeError::arithmetic(FailedArithmetic { name, one, other: Some(other), why }).boxed()
}

/// `one / other` or `one % other`.
fn divide(name: &'static str, work: fn(INT, INT) -> Option<INT>, one: INT, other: INT) -> OperatorResult<INT> {
    let why = if other == 0 { BY_ZERO } else { TOO_LARGE };
    work(one, other).ok_or_else(|| fails(name, one, other, why))
}

fn power(one: INT, other: INT) -> OperatorResult<INT> {
    let why = if other < 0 { NEGATIVE_POWER } else { TOO_LARGE };
    u32::try_from(other).ok().and_then(|other| one.checked_pow(other)).ok_or_else(|| fails("**", one, other, why))
}

fn arithmetic(engine: &mut Engine) {
    let add = move |one: INT, other: INT| one.checked_add(other).ok_or_else(|| fails("+", one, other, TOO_LARGE));
    let subtract = move |one: INT, other: INT| one.checked_sub(other).ok_or_else(|| fails("-", one, other, TOO_LARGE));
    let multiply = move |one: INT, other: INT| one.checked_mul(other).ok_or_else(|| fails("*", one, other, TOO_LARGE));
    engine.register_fn("+", move |one: INT, other: INT| -> OperatorResult<INT> { add(one, other) });
    engine.register_fn("-", move |one: INT, other: INT| -> OperatorResult<INT> { subtract(one, other) });
    engine.register_fn("*", move |one: INT, other: INT| -> OperatorResult<INT> { multiply(one, other) });
    engine.register_fn("/", |one: INT, other: INT| divide("/", INT::checked_div, one, other));
    engine.register_fn("%", |one: INT, other: INT| divide("%", INT::checked_rem, one, other));
    engine.register_fn("**", power);
    engine.register_fn("+=", move |one: &mut INT, other: INT| -> OperatorResult<()> {
        *one = add(*one, other)?;
        Ok(())
    });
    engine.register_fn("-=", move |one: &mut INT, other: INT| -> OperatorResult<()> {
        *one = subtract(*one, other)?;
        Ok(())
    });
    engine.register_fn("*=", move |one: &mut INT, other: INT| -> OperatorResult<()> {
        *one = multiply(*one, other)?;
        Ok(())
    });
    engine.register_fn("-", |one: INT| -> OperatorResult<INT> {
        let failed = || NativeError::arithmetic(FailedArithmetic { name: "-", one, other: None, why: TOO_LARGE }).boxed();
        one.checked_neg().ok_or_else(failed)
    });
    engine.register_fn("+", |one: INT| one);
    engine.register_fn("..", |from: INT, to: INT| from..to);
    engine.register_fn("..=", |from: INT, to: INT| from..=to);
}

/// As a float; the nearest one where the number has more than 53 bits.
#[expect(clippy::cast_precision_loss, reason = "a whole number beside a score")]
fn float(number: INT) -> FLOAT {
    number as FLOAT
}

fn finite(op: &'static str, divisor: FLOAT, value: FLOAT) -> OperatorResult<FLOAT> {
    if value.is_finite() {
        return Ok(value);
    }
    let why = if matches!(op, "/" | "%") && divisor == 0.0 { BY_ZERO } else { "gives no finite number" };
    Err(NativeError::raise(Kind::Arithmetic, format!("`{op}` {why}")))
}

fn floats(engine: &mut Engine) {
    let operators: [FloatOperator; 6] = [
        ("+", |one, other| one + other),
        ("-", |one, other| one - other),
        ("*", |one, other| one * other),
        ("/", |one, other| one / other),
        ("%", |one, other| one % other),
        ("**", FLOAT::powf),
    ];
    for (name, work) in operators {
        engine.register_fn(name, move |one: FLOAT, other: FLOAT| finite(name, other, work(one, other)));
        engine.register_fn(name, move |one: INT, other: FLOAT| finite(name, other, work(float(one), other)));
        engine.register_fn(name, move |one: FLOAT, other: INT| finite(name, float(other), work(one, float(other))));
    }
    let assignments: [FloatOperator; 3] =
        [("+=", |one, other| one + other), ("-=", |one, other| one - other), ("*=", |one, other| one * other)];
    for (name, work) in assignments {
        engine.register_fn(name, move |one: &mut FLOAT, other: FLOAT| -> OperatorResult<()> {
            *one = finite(name, other, work(*one, other))?;
            Ok(())
        });
        engine.register_fn(name, move |one: &mut FLOAT, other: INT| -> OperatorResult<()> {
            *one = finite(name, float(other), work(*one, float(other)))?;
            Ok(())
        });
    }
    engine.register_fn("-", |one: FLOAT| -one);
    engine.register_fn("+", |one: FLOAT| one);
}

fn comparisons(engine: &mut Engine) {
    for (name, holds) in COMPARISONS {
        engine.register_fn(name, move |one: INT, other: INT| holds(one.cmp(&other)));
        engine.register_fn(name, move |one: ImmutableString, other: ImmutableString| -> OperatorResult<bool> {
            work::texts(COMPARE, one.len().min(other.len()))?;
            Ok(holds(one.as_str().cmp(other.as_str())))
        });
        let floats = move |one: FLOAT, other: FLOAT| one.partial_cmp(&other).is_some_and(holds);
        engine.register_fn(name, floats);
        engine.register_fn(name, move |one: INT, other: FLOAT| floats(float(one), other));
        engine.register_fn(name, move |one: FLOAT, other: INT| floats(one, float(other)));
    }
    // Only whether they are the same: nothing is smaller than `true`, and nothing is smaller than nothing.
    for (name, holds) in COMPARISONS.into_iter().take(2) {
        let unlike = holds(Ordering::Less);
        engine.register_fn(name, move |one: bool, other: bool| holds(one.cmp(&other)));
        engine.register_fn(name, move |(): (), (): ()| holds(Ordering::Equal));
        engine.register_fn(name, move |_: INT, (): ()| unlike);
        engine.register_fn(name, move |(): (), _: INT| unlike);
        engine.register_fn(name, move |_: FLOAT, (): ()| unlike);
        engine.register_fn(name, move |(): (), _: FLOAT| unlike);
        engine.register_fn(name, move |_: bool, (): ()| unlike);
        engine.register_fn(name, move |(): (), _: bool| unlike);
        engine.register_fn(name, move |_: ImmutableString, (): ()| unlike);
        engine.register_fn(name, move |(): (), _: ImmutableString| unlike);
        engine.register_fn(name, move |_: Dynamic, (): ()| unlike);
        engine.register_fn(name, move |(): (), _: Dynamic| unlike);
    }
}

/// What `in` looks into, and what `for` walks through.
fn containers(engine: &mut Engine) {
    engine.register_iterator::<Array>();
    engine.register_iterator::<Range<INT>>();
    engine.register_iterator::<RangeInclusive<INT>>();
    engine.register_fn("contains", |range: Range<INT>, item: INT| range.contains(&item));
    engine.register_fn("contains", |range: RangeInclusive<INT>, item: INT| range.contains(&item));
    engine.register_fn("contains", |list: ListHandle, item: ImmutableString| -> OperatorResult<bool> {
        work::texts(LIST, item.len())?;
        match &list.0 {
            crate::model::ListEntries::Text(_) => Ok(list.0.contains_text(&item)),
            crate::model::ListEntries::Int(_) => Err(NativeError::raise(Kind::Type, "a text is looked for in a list of numbers")),
        }
    });
    engine.register_fn("contains", |list: ListHandle, item: INT| -> OperatorResult<bool> {
        work::texts(LIST, 0)?;
        match &list.0 {
            crate::model::ListEntries::Int(_) => Ok(list.0.contains_int(item)),
            crate::model::ListEntries::Text(_) => Err(NativeError::raise(Kind::Type, "a number is looked for in a list of texts")),
        }
    });
    engine.register_fn("contains", |array: Array, item: Dynamic| -> OperatorResult<bool> {
        // Texts of one length are compared whole, and those of an array are at most one long text together.
        work::charge((array.len() / LOOKED_THROUGH) as u64)?;
        for element in &array {
            if same("in", element, &item)? {
                return Ok(true);
            }
        }
        Ok(false)
    });
}

/// Whether two values are equal by `==`.
fn same(op: &str, one: &Dynamic, other: &Dynamic) -> OperatorResult<bool> {
    if one.is_unit() || other.is_unit() {
        return Ok(one.is_unit() && other.is_unit());
    }
    if let (Ok(one), Ok(other)) = (one.as_int(), other.as_int()) {
        return Ok(one == other);
    }
    if let (Ok(one), Ok(other)) = (one.as_immutable_string_ref(), other.as_immutable_string_ref()) {
        return Ok(one.as_str() == other.as_str());
    }
    if let (Ok(one), Ok(other)) = (one.as_bool(), other.as_bool()) {
        return Ok(one == other);
    }
    let number = |value: &Dynamic| value.as_float().ok().or_else(|| value.as_int().ok().map(float));
    match (number(one), number(other)) {
        (Some(one), Some(other)) => Ok(one.partial_cmp(&other) == Some(Ordering::Equal)),
        _ => Err(unlike(op, one, other)),
    }
}

/// The name of a value's type for people.
pub(in crate::script) fn type_name(value: &Dynamic) -> &'static str {
    if value.is_unit() {
        "nothing `()`"
    } else if value.is_bool() {
        "a Bool"
    } else if value.is_int() {
        "a whole number"
    } else if value.is_float() {
        "a Float"
    } else if value.is_string() {
        "a Text"
    } else if value.is_array() {
        "an array"
    } else if value.is_map() {
        "a map"
    } else if value.is::<crate::model::Outcome>() {
        "an outcome"
    } else if value.is::<ListHandle>() {
        "a list"
    } else {
        "a range"
    }
}

#[expect(clippy::unnecessary_box_returns, reason = "the interpreter wants its errors boxed")]
fn unlike(op: &str, one: &Dynamic, other: &Dynamic) -> Box<EvalAltResult> {
    let message = format!("`{op}` does not take {} and {}", type_name(one), type_name(other));
    NativeError::raise(Kind::Type, message)
}
