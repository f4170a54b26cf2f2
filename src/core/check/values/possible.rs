//! Which values an expression may have: a range of numbers with holes, or a set of words. Never too few, often too many.

use std::collections::BTreeSet;

use crate::model::Value;
use crate::script::Type;
use crate::script::tree::BinaryOp;

/// The most single numbers kept out of a range, and the most words kept apart.
const MOST: usize = 64;
/// From here on not every whole number is one with a fraction.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Possible {
    /// Whether it may be `()`.
    pub(super) missing: bool,
    /// What it may be when it is there.
    pub(super) values: Values,
}

/// What a value that is there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Anything.
    Any,
    /// From `low` to `high`, both included, without `holes`. Fen, microseconds, and for numbers with a fraction their [`ordinal`].
    Numbers { low: i64, high: i64, holes: BTreeSet<i64> },
    /// The words themselves, or all others where `only` is false. Truth values are words too.
    Words { only: bool, words: BTreeSet<String> },
}

/// The position of a number with a fraction among all of them; both zeros are at 0.
pub(super) fn ordinal(number: f64) -> i64 {
    let size = i64::try_from(number.abs().to_bits()).unwrap_or(i64::MAX);
    if number < 0.0 { -size } else { size }
}

impl Values {
    pub(super) fn numbers(low: i64, high: i64) -> Self {
        Self::Numbers { low, high, holes: BTreeSet::new() }
    }

    pub(super) fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Words { only: true, words: words.into_iter().map(str::to_owned).collect() }
    }

    fn none() -> Self {
        Self::words([])
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Any => false,
            Self::Numbers { low, high, .. } => low > high,
            Self::Words { only, words } => *only && words.is_empty(),
        }
    }

    /// Without holes at either end.
    fn trimmed(mut self) -> Self {
        if let Self::Numbers { low, high, holes } = &mut self {
            while low <= high && holes.remove(low) {
                match low.checked_add(1) {
                    Some(next) => *low = next,
                    None => return Self::none(),
                }
            }
            while low <= high && holes.remove(high) {
                match high.checked_sub(1) {
                    Some(next) => *high = next,
                    None => return Self::none(),
                }
            }
            holes.retain(|hole| *low < *hole && *hole < *high);
        }
        self
    }

    fn both(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, other) | (other, Self::Any) => other,
            (Self::Numbers { low, high, mut holes }, Self::Numbers { low: from, high: to, holes: more }) => {
                holes.extend(more.into_iter().take(MOST));
                Self::Numbers { low: low.max(from), high: high.min(to), holes }.trimmed()
            }
            (Self::Words { only: true, words }, Self::Words { only, words: others }) => {
                Self::Words { only: true, words: words.into_iter().filter(|word| others.contains(word) == only).collect() }
            }
            (Self::Words { words, .. }, Self::Words { only: true, words: others }) => {
                Self::Words { only: true, words: others.into_iter().filter(|word| !words.contains(word)).collect() }
            }
            (Self::Words { mut words, .. }, Self::Words { words: others, .. }) => {
                words.extend(others.into_iter().take(MOST));
                Self::Words { only: false, words }
            }
            // Different kinds: reported by another check.
            (one, _) => one,
        }
    }

    fn either(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one.is_empty() => other,
            (one, other) if other.is_empty() => one,
            (Self::Numbers { low, high, holes }, Self::Numbers { low: from, high: to, holes: more }) => {
                let within = |low: i64, high: i64, out: &BTreeSet<i64>, number: i64| {
                    low <= number && number <= high && !out.contains(&number)
                };
                let all: BTreeSet<i64> = holes.union(&more).copied().collect();
                let open = |number: &i64| !within(low, high, &holes, *number) && !within(from, to, &more, *number);
                let left = all.into_iter().filter(open).collect();
                Self::Numbers { low: low.min(from), high: high.max(to), holes: left }.trimmed()
            }
            (Self::Words { only: true, words }, Self::Words { only: true, words: others }) => {
                Self::Words { only: true, words: words.union(&others).cloned().collect() }
            }
            (Self::Words { only: true, words: some }, Self::Words { words: out, .. })
            | (Self::Words { words: out, .. }, Self::Words { only: true, words: some }) => {
                Self::Words { only: false, words: out.difference(&some).cloned().collect() }
            }
            (Self::Words { words, .. }, Self::Words { words: others, .. }) => {
                Self::Words { only: false, words: words.intersection(&others).cloned().collect() }
            }
            _ => Self::Any,
        }
    }
}

impl Possible {
    pub(super) const ANY: Self = Self { missing: true, values: Values::Any };

    pub(super) fn there(values: Values) -> Self {
        Self { missing: false, values }
    }

    /// `()` alone.
    pub(super) fn nothing() -> Self {
        Self { missing: true, values: Values::none() }
    }

    /// What a value of that type may be.
    pub(super) fn of_type(ty: &Type) -> Self {
        Self::there(match ty {
            Type::Optional(inner) => return Self { missing: true, ..Self::of_type(inner) },
            Type::Unit => return Self::nothing(),
            Type::Bool => Values::words(["false", "true"]),
            Type::Enum(values) => Values::words(values.names()),
            Type::Text => Values::Words { only: false, words: BTreeSet::new() },
            Type::Int | Type::Money | Type::Time => Values::numbers(i64::MIN, i64::MAX),
            Type::Float => Values::numbers(ordinal(f64::MIN), ordinal(f64::MAX)),
            _ => return Self::ANY,
        })
    }

    /// Exactly that value.
    pub(super) fn of_value(value: &Value) -> Self {
        let one = |number: i64| Values::numbers(number, number);
        Self::there(match value {
            Value::Missing => return Self::nothing(),
            Value::Bool(value) => Values::words([if *value { "true" } else { "false" }]),
            Value::Int(number) => one(*number),
            Value::Money(fen) => one(fen.0),
            Value::Time(time) => one(time.micros()),
            Value::Float(number) => one(ordinal(*number)),
            Value::Text(text) => Values::words([text.as_ref()]),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.missing && self.values.is_empty()
    }

    /// Whether it is never there.
    pub(super) fn is_nothing(&self) -> bool {
        self.missing && self.values.is_empty()
    }

    /// The only number it may be.
    pub(super) fn number(&self) -> Option<i64> {
        match &self.values {
            Values::Numbers { low, high, .. } if low == high && !self.missing => Some(*low),
            _ => None,
        }
    }

    /// The only word it may be.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.values {
            Values::Words { only: true, words } if words.len() == 1 && !self.missing => words.first().map(String::as_str),
            _ => None,
        }
    }

    /// Whether it is one value, the same for every request.
    pub(super) fn is_one(&self) -> bool {
        self.number().is_some() || self.word().is_some()
    }

    /// The first and last number it may be.
    pub(super) fn ends(&self) -> Option<(i64, i64)> {
        match &self.values {
            Values::Numbers { low, high, .. } if low <= high => Some((*low, *high)),
            _ => None,
        }
    }

    pub(super) fn may_be(&self, number: i64) -> bool {
        match &self.values {
            Values::Any => true,
            Values::Numbers { low, high, holes } => *low <= number && number <= *high && !holes.contains(&number),
            Values::Words { .. } => false,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { missing: self.missing && other.missing, values: self.values.both(other.values) }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self { missing: self.missing || other.missing, values: self.values.either(other.values) }
    }

    /// The same once it is known whether it is there.
    pub(super) fn present(self, there: bool) -> Self {
        if there { Self { missing: false, ..self } } else { Self { missing: self.missing, values: Values::none() } }
    }

    /// The same once `value op other` holds, where `other` is one value. `ty` is the type of this one, `against` that of the other.
    pub(super) fn compared(&self, op: BinaryOp, ty: &Type, against: &Type, other: &Self) -> Self {
        let mixed = matches!((ty, against), (Type::Int, Type::Float) | (Type::Float, Type::Int));
        match (other.number(), other.word()) {
            (Some(number), _) if !mixed => self.beside(op, number),
            (Some(number), _) if *ty == Type::Float => self.beside(op, ordinal(float(number))),
            (Some(position), _) => self.whole_beside(op, number_at(position)),
            (None, Some(word)) if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) => self.beside_word(op, word),
            _ => self.clone(),
        }
    }

    fn beside(&self, op: BinaryOp, number: i64) -> Self {
        let (below, above) = (number.checked_sub(1), number.checked_add(1));
        let range = |low: Option<i64>, high: Option<i64>| match (low, high) {
            (Some(low), Some(high)) => Values::numbers(low, high),
            _ => Values::none(),
        };
        let values = match op {
            BinaryOp::Equal => range(Some(number), Some(number)),
            BinaryOp::Less => range(Some(i64::MIN), below),
            BinaryOp::LessOrEqual => range(Some(i64::MIN), Some(number)),
            BinaryOp::Greater => range(above, Some(i64::MAX)),
            BinaryOp::GreaterOrEqual => range(Some(number), Some(i64::MAX)),
            BinaryOp::NotEqual => {
                let out = Values::Numbers { low: i64::MIN, high: i64::MAX, holes: BTreeSet::from([number]) };
                return Self { missing: self.missing, values: self.values.clone().both(out).trimmed() };
            }
            _ => return self.clone(),
        };
        if values.is_empty() {
            return Self::there(values);
        }
        Self::there(self.values.clone().both(values))
    }

    /// Beside a number with a fraction, for a whole number.
    fn whole_beside(&self, op: BinaryOp, number: f64) -> Self {
        if number.abs() >= EXACT {
            return self.clone();
        }
        let (Some(floor), Some(ceil)) = (whole(number.floor()), whole(number.ceil())) else { return self.clone() };
        match op {
            BinaryOp::Equal if floor != ceil => Self::there(Values::none()),
            BinaryOp::NotEqual if floor != ceil => self.clone(),
            BinaryOp::Less | BinaryOp::GreaterOrEqual => self.beside(op, ceil),
            _ => self.beside(op, floor),
        }
    }

    fn beside_word(&self, op: BinaryOp, word: &str) -> Self {
        let words = BTreeSet::from([word.to_owned()]);
        if op == BinaryOp::Equal {
            return Self::there(self.values.clone().both(Values::Words { only: true, words }));
        }
        Self { missing: self.missing, values: self.values.clone().both(Values::Words { only: false, words }) }
    }
}

/// The number with a fraction at a position.
pub(super) fn number_at(position: i64) -> f64 {
    let size = f64::from_bits(position.unsigned_abs());
    if position < 0 { -size } else { size }
}

#[expect(clippy::cast_precision_loss, reason = "as the interpreter compares a whole number with one with a fraction")]
fn float(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_possible_truncation, reason = "checked to lie within")]
fn whole(number: f64) -> Option<i64> {
    (number.abs() <= EXACT).then_some(number as i64)
}
