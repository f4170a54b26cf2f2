//! What an expression is in the formula.

use batsat::Lit;

use super::super::formula::Formula;
use super::super::linear::Linear;
use super::super::texts::Text;

/// Values with the conditions under which they hold: exactly one holds wherever the expression has a value.
pub(in super::super) type Cases<T> = Vec<(Lit, T)>;

/// The most cases of one expression; beyond, a value of its own stands for all.
pub(super) const MOST_CASES: usize = 48;

/// An expression: whether working it out fails, whether its value is missing, and else the value.
#[derive(Clone, Debug)]
pub(in super::super) struct Term {
    pub(in super::super) fails: Lit,
    pub(in super::super) missing: Lit,
    pub(in super::super) value: Val,
}

/// A value by its kind.
#[derive(Clone, Debug)]
pub(in super::super) enum Val {
    Bool(Lit),
    Int(Cases<Linear>),
    Float(Cases<Floating>),
    Text(Cases<Text>),
}

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Floating {
    /// The same for every request.
    Known(f64),
    /// Its place in the order of all such numbers, of which 0 has place 0.
    Place(Linear),
    /// A whole number, converted.
    Whole(Linear),
}

/// The place of a finite number in the order of all of them.
pub(in super::super) fn place_of(number: f64) -> i128 {
    let bits = i128::from(number.abs().to_bits());
    if number < 0.0 { -bits } else { bits }
}

pub(in super::super) fn number_at(place: i128) -> Option<f64> {
    let number = f64::from_bits(u64::try_from(place.checked_abs()?).ok()?);
    number.is_finite().then_some(if place < 0 { -number } else { number })
}

impl Term {
    /// Where its value cannot be used.
    pub(in super::super) fn is_bad(&self, formula: &mut Formula) -> Lit {
        formula.any([self.fails, self.missing])
    }

    /// Whether it is there and true.
    pub(in super::super) fn holds(&self, formula: &mut Formula) -> Lit {
        match self.value {
            Val::Bool(truth) => formula.all([!self.fails, !self.missing, truth]),
            _ => formula.no(),
        }
    }
}

/// Adds a case, together with another of the same value.
pub(super) fn add_case<T: PartialEq>(formula: &mut Formula, cases: &mut Cases<T>, guard: Lit, value: T) {
    if guard == formula.no() {
        return;
    }
    match cases.iter_mut().find(|(_, held)| *held == value) {
        Some((held, _)) => *held = formula.any([*held, guard]),
        None => cases.push((guard, value)),
    }
}

/// The first cases where a condition holds, else the second.
pub(super) fn choose_cases<T: PartialEq + Clone>(
    formula: &mut Formula,
    condition: Lit,
    one: &Cases<T>,
    other: &Cases<T>,
) -> Cases<T> {
    let mut made = Vec::new();
    for (condition, cases) in [(condition, one), (!condition, other)] {
        for (guard, value) in cases {
            let guard = formula.all([condition, *guard]);
            add_case(formula, &mut made, guard, value.clone());
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_order_of_numbers() {
        let numbers = [f64::MIN, -1.5, -1.0, -f64::MIN_POSITIVE, 0.0, f64::MIN_POSITIVE, 0.1, 1.0, 1.5, f64::MAX];
        for pair in numbers.windows(2) {
            assert!(place_of(pair[0]) < place_of(pair[1]), "{pair:?}");
        }
        for number in numbers {
            assert_eq!(number_at(place_of(number)), Some(number));
        }
        assert_eq!(place_of(-0.0), 0);
    }
}
