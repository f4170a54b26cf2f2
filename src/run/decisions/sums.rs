//! Exact sums: requests counted, amounts added without overflow, customers told apart.

use serde::Serialize;

use super::facts::{Facts, Label};
use super::recorded::Decisions;
use countersign_core::model::Fen;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Sums {
    pub requests: u64,
    /// How many of them carry an amount.
    pub with_amount: u64,
    /// The sum of those amounts in fen. As many 64-bit amounts as a machine can hold fit into 128 bits.
    pub amount_fen: i128,
}

impl Sums {
    pub fn add(&mut self, amount: Option<Fen>) {
        self.requests += 1;
        if let Some(Fen(fen)) = amount {
            self.with_amount += 1;
            self.amount_fen += i128::from(fen);
        }
    }

    /// Adds a request with an amount in fen or without one, without a branch.
    #[inline]
    pub(crate) fn add_if(&mut self, fen: i64, there: bool) {
        self.requests += 1;
        self.with_amount += u64::from(there);
        self.amount_fen += i128::from(if there { fen } else { 0 });
    }

    pub fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.with_amount += other.with_amount;
        self.amount_fen += other.amount_fen;
    }

    /// Takes away a count of requests that were counted in.
    pub(crate) fn take(&mut self, other: &Self) {
        self.requests -= other.requests;
        self.with_amount -= other.with_amount;
        self.amount_fen -= other.amount_fen;
    }
}

impl<'a> std::iter::Sum<&'a Self> for Sums {
    fn sum<I: Iterator<Item = &'a Self>>(all: I) -> Self {
        let mut sums = Self::default();
        all.for_each(|one| sums.merge(one));
        sums
    }
}

/// Requests split by what became known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ByLabel {
    /// Known to be fraud.
    pub fraud: Sums,
    /// Known to be genuine.
    pub genuine: Sums,
    /// Nothing is known.
    pub unknown: Sums,
}

impl ByLabel {
    pub fn add(&mut self, label: Label, amount: Option<Fen>) {
        let place = match label {
            Label::Fraud => &mut self.fraud,
            Label::Genuine => &mut self.genuine,
            Label::Unknown => &mut self.unknown,
        };
        place.add(amount);
    }

    pub fn merge(&mut self, other: &Self) {
        self.fraud.merge(&other.fraud);
        self.genuine.merge(&other.genuine);
        self.unknown.merge(&other.unknown);
    }

    /// Takes away a count of requests that were counted in.
    pub(crate) fn take(&mut self, other: &Self) {
        self.fraud.take(&other.fraud);
        self.genuine.take(&other.genuine);
        self.unknown.take(&other.unknown);
    }

    /// All requests, whatever is known of them.
    pub fn all(&self) -> Sums {
        [self.fraud, self.genuine, self.unknown].iter().sum()
    }
}

/// A share as two whole numbers, so that nothing is rounded: `part` of `whole`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ratio {
    pub part: u64,
    /// How many there are; 0 means that there is nothing to take a share of.
    pub whole: u64,
}

impl Ratio {
    /// `part` of `whole`.
    pub fn new(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }
}

/// The sums of every shape's rows, one entry a shape.
pub(crate) fn by_shape(decisions: &Decisions) -> Vec<ByLabel> {
    let mut sums = vec![ByLabel::default(); decisions.shapes().len()];
    for (kind, more) in decisions.kinds().iter().zip(decisions.sums()) {
        if let Some(place) = sums.get_mut(kind.shape as usize) {
            place.merge(more);
        }
    }
    sums
}

/// Every group with every customer of it once, in order; a group is a small number, and a row may be in none.
pub(crate) fn group_customers(facts: &Facts, group_of: impl Fn(usize) -> Option<usize>) -> Vec<(usize, u32)> {
    let pair = |row| {
        let (group, customer) = (u64::try_from(group_of(row)?).ok()?, facts.customer(row)?);
        Some(group << 32 | u64::from(customer))
    };
    let mut pairs: Vec<u64> = (0..facts.len()).filter_map(pair).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let split = |pair: u64| Some((usize::try_from(pair >> 32).ok()?, u32::try_from(pair & u64::from(u32::MAX)).ok()?));
    pairs.into_iter().filter_map(split).collect()
}

/// Counts the distinct customers of every group.
pub(crate) fn customers(facts: &Facts, groups: usize, group_of: impl Fn(usize) -> Option<usize>) -> Vec<u64> {
    let mut counts = vec![0; groups];
    for (group, _) in group_customers(facts, group_of) {
        counts.get_mut(group).into_iter().for_each(|count| *count += 1);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_the_largest_amounts_are_exact() {
        let mut sums = Sums::default();
        for _ in 0..3 {
            sums.add(Some(Fen(i64::MAX)));
        }
        sums.add(None);
        assert_eq!(sums, Sums { requests: 4, with_amount: 3, amount_fen: 3 * i128::from(i64::MAX) });
    }
}
