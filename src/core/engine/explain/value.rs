//! What an expression comes to while a request is explained, and what operators and helpers make of such values.
//!
//! The meaning of each operation is [`crate::plan::meaning`]'s; here is only which one is meant. `None` is a failure: the interpreter has
//! the words for it.

use std::rc::Rc;
use std::sync::Arc;

use crate::model::{Definition, Fen, Limit, Limits, ListEntries, ListIndex, Outcome, Rate, Rounding, Value, Zone};
use crate::plan::{Binary, Comparison, Constant, Unary, meaning};
use crate::script::BUDGET;
use crate::script::tree::{BinaryOp, OutcomeCall, UnaryOp};

/// The value of an expression for one request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val {
    /// Nothing, a truth value, a number or a text.
    Plain(Constant),
    /// `lists.x`.
    List(ListIndex),
    /// `[a, b]`.
    Array(Rc<[Val]>),
    /// `#{ name: v }`.
    Map(Rc<[(Arc<str>, Val)]>),
    /// `a..b`, `a..=b`.
    Range(i64, i64, bool),
    /// What an outcome function gave.
    Outcome(Outcome),
}

impl Val {
    pub(super) const MISSING: Self = Self::Plain(Constant::Missing);

    pub(super) fn of(value: &Value) -> Self {
        Self::Plain(match value {
            Value::Missing => Constant::Missing,
            Value::Bool(value) => Constant::Bool(*value),
            Value::Int(number) => Constant::Int(*number),
            Value::Money(fen) => Constant::Int(fen.0),
            Value::Time(time) => Constant::Int(time.micros()),
            Value::Float(number) => Constant::Float(number.to_bits()),
            Value::Text(text) => Constant::Text(text.clone()),
        })
    }

    pub(super) fn truth(value: bool) -> Self {
        Self::Plain(Constant::Bool(value))
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Self::Plain(Constant::Bool(value)) = self { Some(*value) } else { None }
    }

    pub(super) fn as_int(&self) -> Option<i64> {
        if let Self::Plain(Constant::Int(number)) = self { Some(*number) } else { None }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        if let Self::Plain(Constant::Text(text)) = self { Some(text) } else { None }
    }

    /// A number of either kind, with a fraction.
    pub(super) fn as_float(&self) -> Option<f64> {
        match self {
            Self::Plain(Constant::Int(number)) => Some(meaning::to_float(*number)),
            Self::Plain(Constant::Float(bits)) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        *self == Self::MISSING
    }

    /// The script's value as its outcomes, as the interpreter reads them.
    pub(super) fn outcomes(&self) -> Option<Vec<Outcome>> {
        match self {
            Self::Plain(Constant::Missing) => Some(Vec::new()),
            Self::Outcome(outcome) => Some(vec![outcome.clone()]),
            Self::Array(items) => {
                items.iter().map(|item| if let Self::Outcome(outcome) = item { Some(outcome.clone()) } else { None }).collect()
            }
            _ => None,
        }
    }
}

/// `op x`.
pub(super) fn unary(op: UnaryOp, operand: &Val, zone: Zone) -> Option<Val> {
    let Val::Plain(constant) = operand else { return None };
    match (op, constant) {
        (UnaryOp::Not, Constant::Bool(value)) => Some(Val::truth(!value)),
        (UnaryOp::Plus, Constant::Int(_) | Constant::Float(_)) => Some(operand.clone()),
        (UnaryOp::Negate, Constant::Int(_) | Constant::Float(_)) => {
            meaning::fold_unary(Unary::Negate, constant, zone).map(Val::Plain)
        }
        _ => None,
    }
}

/// `one op other`.
pub(super) fn binary(op: BinaryOp, one: &Val, other: &Val) -> Option<Val> {
    if let Some(how) = Comparison::of(op) {
        return compare(how, one, other).map(Val::truth);
    }
    if matches!(op, BinaryOp::Range | BinaryOp::InclusiveRange) {
        return Some(Val::Range(one.as_int()?, other.as_int()?, op == BinaryOp::InclusiveRange));
    }
    let how = Binary::of(op)?;
    if let (Some(one), Some(other)) = (one.as_int(), other.as_int()) {
        return meaning::reckon(how, one, other).map(|made| Val::Plain(Constant::Int(made)));
    }
    if let (Some(one), Some(other)) = (one.as_text(), other.as_text()) {
        let fits = how == Binary::Add && one.len() + other.len() <= BUDGET.text_bytes;
        return fits.then(|| Val::Plain(Constant::text(&[one, other].concat())));
    }
    let made = meaning::reckon_floats(how, one.as_float()?, other.as_float()?)?;
    Some(Val::Plain(Constant::Float(made.to_bits())))
}

fn compare(how: Comparison, one: &Val, other: &Val) -> Option<bool> {
    let equality = matches!(how, Comparison::Equal | Comparison::NotEqual | Comparison::Same);
    if one.is_missing() || other.is_missing() {
        return equality.then(|| meaning::compare_missing(how, one == other));
    }
    match (one, other) {
        (Val::Plain(Constant::Bool(_)), Val::Plain(Constant::Bool(_))) if !equality => None,
        (Val::Plain(Constant::Int(_)), Val::Plain(Constant::Float(_)))
        | (Val::Plain(Constant::Float(_)), Val::Plain(Constant::Int(_))) => {
            meaning::compare_floats(how, one.as_float()?, other.as_float()?)
        }
        (Val::Plain(one), Val::Plain(other)) => meaning::fold_comparison(how, one, other),
        _ => None,
    }
}

/// `item in container`.
pub(super) fn within(item: &Val, container: &Val, definition: &Definition) -> Option<bool> {
    match container {
        Val::Array(elements) => {
            for element in elements.iter() {
                if compare(Comparison::Same, element, item)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        Val::List(list) => {
            let (_, list) = definition.rule_set.lists.get_index(list.at())?;
            match &list.entries {
                ListEntries::Text(_) => Some(list.entries.contains_text(item.as_text()?)),
                ListEntries::Int(_) => Some(list.entries.contains_int(item.as_int()?)),
            }
        }
        Val::Range(low, high, inclusive) => {
            let item = item.as_int()?;
            Some(*low <= item && (item < *high || (*inclusive && item == *high)))
        }
        Val::Plain(Constant::Text(text)) => Some(text.contains(item.as_text()?)),
        _ => None,
    }
}

/// A call of a helper; the interpreter stops at a text that is too long.
pub(super) fn call(name: &str, args: &[Val], zone: Zone) -> Option<Val> {
    called(name, args, zone).filter(|made| made.as_text().is_none_or(|text| text.len() <= BUDGET.text_bytes))
}

fn called(name: &str, args: &[Val], zone: Zone) -> Option<Val> {
    match (name, args) {
        ("len", [Val::Array(items)]) => i64::try_from(items.len()).ok().map(|count| Val::Plain(Constant::Int(count))),
        ("yuan", [Val::Plain(Constant::Int(yuan))]) => yuan.checked_mul(100).map(|fen| Val::Plain(Constant::Int(fen))),
        ("fen" | "round" | "floor", [Val::Plain(Constant::Int(_))]) => args.first().cloned(),
        ("is_empty", [Val::Plain(Constant::Text(text))]) => Some(Val::truth(text.is_empty())),
        ("percent" | "round", [Val::Plain(amount), Val::Plain(with), rest @ ..]) => {
            part_of_amount(name, amount, with, rest).map(|made| Val::Plain(Constant::Int(made)))
        }
        ("ratio", [Val::Plain(Constant::Int(_)), Val::Plain(Constant::Int(_))]) => {
            let mut numbers = args.iter().filter_map(Val::as_float);
            let made = meaning::reckon_floats(Binary::Divide, numbers.next()?, numbers.next()?)?;
            Some(Val::Plain(Constant::Float(made.to_bits())))
        }
        (_, [Val::Plain(one)]) => call_one(name, one, zone).map(Val::Plain),
        (_, [Val::Plain(one), Val::Plain(other)]) => call_two(name, one, other, zone).map(Val::Plain),
        _ => None,
    }
}

/// `percent(amount, rate)` or `round(amount, unit)`, each with the rounding where it is given.
fn part_of_amount(name: &str, amount: &Constant, with: &Constant, rest: &[Val]) -> Option<i64> {
    let Constant::Int(amount) = amount else { return None };
    let how = match rest {
        [] => Rounding::default(),
        [word] => Rounding::parse(word.as_text()?)?,
        _ => return None,
    };
    match (name, with) {
        ("percent", Constant::Int(rate)) => meaning::reckon(Binary::Percent(how), *amount, Rate::whole(*rate)?.0),
        ("percent", Constant::Text(rate)) => meaning::reckon(Binary::Percent(how), *amount, Rate::parse(rate)?.0),
        ("round", Constant::Text(unit)) => meaning::reckon(Binary::RoundTo(how), *amount, Fen::parse_unit(unit)?.0),
        _ => None,
    }
}

fn call_one(name: &str, operand: &Constant, zone: Zone) -> Option<Constant> {
    use Constant as C;
    let how = match (name, operand) {
        ("yuan", C::Text(_)) => Unary::YuanText,
        ("time", C::Text(_)) => Unary::TimeText,
        ("len", C::Text(_)) => Unary::Length,
        ("lower", C::Text(_)) => Unary::Lower,
        ("upper", C::Text(_)) => Unary::Upper,
        ("trim", C::Text(_)) => Unary::Trim,
        ("date", C::Int(_)) => Unary::StartOfDay,
        ("year", C::Int(_)) => Unary::Year,
        ("month", C::Int(_)) => Unary::Month,
        ("day", C::Int(_)) => Unary::Day,
        ("hour", C::Int(_)) => Unary::Hour,
        ("minute", C::Int(_)) => Unary::Minute,
        ("weekday", C::Int(_)) => Unary::Weekday,
        ("abs", C::Int(_) | C::Float(_)) => Unary::Absolute,
        ("round", C::Float(_)) => Unary::Round,
        ("floor", C::Float(_)) => Unary::Floor,
        _ => return None,
    };
    meaning::fold_unary(how, operand, zone)
}

fn call_two(name: &str, one: &Constant, other: &Constant, zone: Zone) -> Option<Constant> {
    use Constant as C;
    // Two zeros of unlike signs: either of them is the smaller one, as the interpreter takes it.
    if let ("min" | "max", C::Float(one), C::Float(other)) = (name, one, other) {
        let (one, other) = (f64::from_bits(*one), f64::from_bits(*other));
        return Some(C::Float(if name == "min" { one.min(other) } else { one.max(other) }.to_bits()));
    }
    let how = match (name, one, other) {
        ("div", C::Int(_), C::Int(_)) => Binary::Divide,
        ("min", C::Int(_), C::Int(_)) => Binary::Min,
        ("max", C::Int(_), C::Int(_)) => Binary::Max,
        ("days_between", C::Int(_), C::Int(_)) => Binary::DaysBetween,
        ("minutes_between", C::Int(_), C::Int(_)) => Binary::MinutesBetween,
        ("share", C::Text(_) | C::Int(_), C::Text(_)) => Binary::Share,
        ("starts_with", C::Text(_), C::Text(_)) => Binary::StartsWith,
        ("ends_with", C::Text(_), C::Text(_)) => Binary::EndsWith,
        ("contains", C::Text(_), C::Text(_)) => Binary::Contains,
        ("left", C::Text(_), C::Int(_)) => Binary::Left,
        ("right", C::Text(_), C::Int(_)) => Binary::Right,
        _ => return None,
    };
    meaning::fold_binary(how, one, other, zone)
}

/// A call of an outcome function.
pub(super) fn outcome(call: OutcomeCall, args: &[Val], definition: &Definition) -> Option<Outcome> {
    let rules = &definition.rule_set;
    match (call, args) {
        (OutcomeCall::Verdict(verdict), [code]) => Some(Outcome::Verdict(verdict, rules.reason_index(code.as_text()?)?)),
        (OutcomeCall::Score, [points, code]) => Some(Outcome::Score(points.as_int()?, rules.reason_index(code.as_text()?)?)),
        (OutcomeCall::Route, [id]) => {
            let position = rules.interfaces.get_index_of(id.as_text()?)?;
            crate::model::InterfaceIndex::from_position(position).map(Outcome::Route)
        }
        (OutcomeCall::Limit, [Val::Map(entries)]) if !entries.is_empty() => {
            let mut limits = Limits::default();
            for (name, amount) in entries.iter() {
                let limit = Limit::ALL.into_iter().find(|limit| limit.word() == name.as_ref())?;
                limits.set(limit, Fen(amount.as_int().filter(|fen| *fen >= 0)?));
            }
            Some(Outcome::Limit(limits))
        }
        _ => None,
    }
}
