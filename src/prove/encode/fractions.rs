//! Numbers with a fraction in the formula: their place in the order of all such numbers is a whole number.

use batsat::Lit;

use super::super::linear::Linear;
use super::term::{Floating, place_of};
use super::{Encoder, INTS};
use countersign_core::plan::semantics;

impl Encoder {
    /// Compares numbers with a fraction; the fraction's place in the order of all is a whole number.
    pub(super) fn floats_at_most(&mut self, one: &Floating, other: &Floating) -> Option<Lit> {
        const EXACT: i128 = 1 << 53;
        let small =
            |this: &Self, number: &Linear| this.formula.range(number).is_some_and(|(low, high)| low >= -EXACT && high <= EXACT);
        Some(match (one, other) {
            (Floating::Known(one), Floating::Known(other)) => self.formula.truth(one <= other),
            (Floating::Place(one), Floating::Known(other)) => self.at_most(one, &Linear::constant(place_of(*other))),
            (Floating::Known(one), Floating::Place(other)) => self.at_most(&Linear::constant(place_of(*one)), other),
            (Floating::Place(one), Floating::Place(other)) => self.at_most(one, other),
            (Floating::Whole(one), Floating::Known(other)) => self.at_most(one, &Linear::constant(last_at_most(*other))),
            (Floating::Known(one), Floating::Whole(other)) => {
                let below = self.at_most(other, &Linear::constant(last_below(*one)));
                !below
            }
            (Floating::Whole(one), Floating::Whole(other)) if small(self, one) && small(self, other) => self.at_most(one, other),
            _ => return None,
        })
    }
}

/// A constant for a whole number that is one for every request.
pub(super) fn as_float(number: &Linear) -> Floating {
    let known = number.as_constant().and_then(|number| i64::try_from(number).ok());
    known.map_or_else(|| Floating::Whole(number.clone()), |number| Floating::Known(semantics::to_float(number)))
}

pub(super) fn negated(number: &Floating) -> Option<Floating> {
    Some(match number {
        Floating::Known(number) => Floating::Known(-number),
        Floating::Place(place) => Floating::Place(place.scaled(-1)?),
        Floating::Whole(_) => return None,
    })
}

/// The last whole number for which something holds that holds for all smaller ones; one below the smallest where it holds for none.
fn last(holds: impl Fn(i64) -> bool) -> i128 {
    let (mut low, mut high) = (INTS.0 - 1, INTS.1);
    while low < high {
        let middle = (low + high + 1).div_euclid(2);
        if i64::try_from(middle).is_ok_and(&holds) { low = middle } else { high = middle - 1 }
    }
    low
}

fn last_at_most(limit: f64) -> i128 {
    last(|number| semantics::to_float(number) <= limit)
}

fn last_below(limit: f64) -> i128 {
    last(|number| semantics::to_float(number) < limit)
}
