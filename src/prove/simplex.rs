//! Whole-number solutions of bounds on variables and on sums of variables: the simplex method of Dutertre and de Moura with exact
//! fractions, then branches at fractional values. An answer of "none" comes with the bounds that rule every solution out.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::fraction::Fraction;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Because<L> {
    /// It belongs to the domain of the variable.
    Always,
    /// A literal of the formula says so.
    Literal(L),
    /// A branch at a fractional value.
    Branch(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found<L> {
    /// A value for each column asked about.
    Solution(Vec<i128>),
    /// These bounds have no common solution.
    None(BTreeSet<L>),
    /// Too many steps, or numbers beyond 128 bits.
    GaveUp,
}

type VariableBound<L> = Option<(i128, Because<L>)>;

/// Columns with their bounds; those that are basic are sums of those that are not.
#[derive(Clone, Debug)]
pub(super) struct Simplex<L> {
    rows: BTreeMap<usize, BTreeMap<usize, Fraction>>,
    values: Vec<Fraction>,
    low: Vec<VariableBound<L>>,
    high: Vec<VariableBound<L>>,
    /// How many of the first columns must be whole; sums of them then are too.
    variables: usize,
}

/// What is left of the steps a search may take.
pub(super) struct Steps<'a> {
    pub(super) pivots: u64,
    pub(super) branches: u32,
    /// Whether the run is to stop.
    pub(super) stopped: &'a dyn Fn() -> bool,
}

/// Why a search ended without a solution.
enum End<L> {
    Conflict(BTreeSet<Because<L>>),
    GaveUp,
}

type StepResult<L, T> = Result<T, End<L>>;

fn known<T, L>(value: Option<T>) -> StepResult<L, T> {
    value.ok_or(End::GaveUp)
}

impl<L: Copy + Ord> Simplex<L> {
    pub(super) fn new() -> Self {
        Self { rows: BTreeMap::new(), values: Vec::new(), low: Vec::new(), high: Vec::new(), variables: 0 }
    }

    /// A column of its own, whose value starts as near to `start` as its bounds let it; all of them come before the sums.
    pub(super) fn variable(&mut self, low: (i128, Because<L>), high: (i128, Because<L>), start: i128) -> usize {
        self.values.push(Fraction::whole(start.min(high.0).max(low.0)));
        self.low.push(Some(low));
        self.high.push(Some(high));
        self.variables += 1;
        self.variables - 1
    }

    /// A column that is a sum of variables; nothing where numbers are too large.
    pub(super) fn sum(&mut self, terms: &[(usize, i128)], low: VariableBound<L>, high: VariableBound<L>) -> Option<()> {
        let mut value = Fraction::ZERO;
        let mut row = BTreeMap::new();
        for (column, factor) in terms {
            let factor = Fraction::whole(*factor);
            value = value.plus(self.values.get(*column)?.times(factor)?)?;
            row.insert(*column, factor);
        }
        self.rows.insert(self.values.len(), row);
        self.values.push(value);
        self.low.push(low);
        self.high.push(high);
        Some(())
    }

    pub(super) fn solve(self, steps: &mut Steps<'_>) -> Found<L> {
        match self.branch(steps, 0) {
            Ok(values) => Found::Solution(values),
            Err(End::GaveUp) => Found::GaveUp,
            Err(End::Conflict(why)) => {
                let literals =
                    why.into_iter().filter_map(|why| if let Because::Literal(literal) = why { Some(literal) } else { None });
                Found::None(literals.collect())
            }
        }
    }

    fn branch(mut self, steps: &mut Steps<'_>, depth: u32) -> StepResult<L, Vec<i128>> {
        self.fit(steps)?;
        let fractional = self.values.iter().take(self.variables).position(|value| value.as_whole().is_none());
        let Some(column) = fractional else {
            return known(self.values.iter().take(self.variables).map(|value| value.as_whole()).collect());
        };
        if steps.branches == 0 || depth > 60 {
            return Err(End::GaveUp);
        }
        steps.branches -= 1;
        let this = Because::Branch(depth);
        let floor = known(self.values.get(column).map(|value| value.floor()))?;
        let mut lower = self.clone();
        lower.bound(column, None, Some((floor, this)))?;
        let one = match lower.branch(steps, depth + 1) {
            Err(End::Conflict(why)) => why,
            other => return other,
        };
        if !one.contains(&this) {
            return Err(End::Conflict(one));
        }
        self.bound(column, Some((known(floor.checked_add(1))?, this)), None)?;
        match self.branch(steps, depth + 1) {
            Err(End::Conflict(mut why)) => {
                if why.contains(&this) {
                    why.extend(one);
                    why.remove(&this);
                }
                Err(End::Conflict(why))
            }
            other => other,
        }
    }

    /// Tightens a column's bounds; a column that is not basic moves inside them.
    fn bound(&mut self, column: usize, low: VariableBound<L>, high: VariableBound<L>) -> StepResult<L, ()> {
        if let (Some(low), Some(place)) = (low, self.low.get_mut(column)) {
            *place = Some(low);
        }
        if let (Some(high), Some(place)) = (high, self.high.get_mut(column)) {
            *place = Some(high);
        }
        if self.rows.contains_key(&column) {
            return Ok(());
        }
        let to = low.or(high).map(|(at, _)| Fraction::whole(at));
        let (Some(to), Some(value)) = (to, self.values.get(column).copied()) else { return Ok(()) };
        let outside = if low.is_some() { value.order(to).is_lt() } else { value.order(to).is_gt() };
        if outside { known(self.shift(column, to)) } else { Ok(()) }
    }

    /// Moves a column that is not basic, and with it the sums it is in.
    fn shift(&mut self, column: usize, to: Fraction) -> Option<()> {
        let by = to.minus(*self.values.get(column)?)?;
        *self.values.get_mut(column)? = to;
        for (basic, row) in &self.rows {
            if let Some(factor) = row.get(&column) {
                let value = self.values.get_mut(*basic)?;
                *value = value.plus(factor.times(by)?)?;
            }
        }
        Some(())
    }

    /// The first basic column outside its bounds, with the bound it must move to.
    fn misfit(&self) -> Option<(usize, (i128, Because<L>), Ordering)> {
        self.rows.keys().find_map(|basic| {
            let value = self.values.get(*basic)?;
            let low = (*self.low.get(*basic)?).filter(|(at, _)| value.order(Fraction::whole(*at)).is_lt());
            let high = (*self.high.get(*basic)?).filter(|(at, _)| value.order(Fraction::whole(*at)).is_gt());
            low.map(|low| (*basic, low, Ordering::Greater)).or(high.map(|high| (*basic, high, Ordering::Less)))
        })
    }

    /// Whether a column may grow, or shrink; else the bound that stops it.
    fn room(&self, column: usize, grows: bool) -> Result<(), Because<L>> {
        let bounds = if grows { &self.high } else { &self.low };
        let (Some(value), Some(Some((at, why)))) = (self.values.get(column), bounds.get(column)) else { return Ok(()) };
        let order = value.order(Fraction::whole(*at));
        let free = if grows { order.is_lt() } else { order.is_gt() };
        if free { Ok(()) } else { Err(*why) }
    }

    fn fit(&mut self, steps: &mut Steps<'_>) -> StepResult<L, ()> {
        while let Some((basic, (at, why), way)) = self.misfit() {
            steps.pivots = known(steps.pivots.checked_sub(1).filter(|left| left % 16 != 0 || !(steps.stopped)()))?;
            let mut conflict = BTreeSet::from([why]);
            let mut entering = None;
            for (column, factor) in known(self.rows.get(&basic))? {
                match self.room(*column, factor.is_positive() == way.is_gt()) {
                    Ok(()) => {
                        entering = Some(*column);
                        break;
                    }
                    Err(why) => {
                        conflict.insert(why);
                    }
                }
            }
            let Some(entering) = entering else { return Err(End::Conflict(conflict)) };
            known(self.pivot(basic, entering, Fraction::whole(at)))?;
        }
        Ok(())
    }

    /// Makes `entering` basic in the place of `basic`, which takes the value `to`.
    fn pivot(&mut self, basic: usize, entering: usize, to: Fraction) -> Option<()> {
        let row = self.rows.remove(&basic)?;
        let inverse = row.get(&entering)?.inverse()?;
        let by = to.minus(*self.values.get(basic)?)?.times(inverse)?;
        *self.values.get_mut(basic)? = to;
        let entered = self.values.get(entering)?.plus(by)?;
        *self.values.get_mut(entering)? = entered;
        // entering = basic / factor - the rest / factor.
        let mut solved = BTreeMap::from([(basic, inverse)]);
        for (column, factor) in &row {
            if *column != entering {
                solved.insert(*column, factor.times(inverse)?.negated()?);
            }
        }
        for (other, held) in &mut self.rows {
            let Some(factor) = held.remove(&entering) else { continue };
            let value = self.values.get_mut(*other)?;
            *value = value.plus(factor.times(by)?)?;
            for (column, part) in &solved {
                let sum = held.get(column).copied().unwrap_or(Fraction::ZERO).plus(factor.times(*part)?)?;
                if sum.is_zero() {
                    held.remove(column)
                } else {
                    held.insert(*column, sum)
                };
            }
        }
        self.rows.insert(entering, solved);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type IntBounds = (i128, i128);

    /// Whether some values within the ranges keep every sum within its own, tried one by one.
    fn exists(ranges: &[IntBounds; 3], sums: &[([i128; 3], IntBounds)]) -> bool {
        let values = |at: usize| ranges[at].0..=ranges[at].1;
        values(0).any(|x| {
            values(1).any(|y| {
                values(2).any(|z| sums.iter().all(|(by, range)| (range.0..=range.1).contains(&(by[0] * x + by[1] * y + by[2] * z))))
            })
        })
    }

    #[test]
    fn solutions_and_conflicts_are_those_of_trying_every_value() {
        let mut state = 1_u64;
        let mut next = |count: i128| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from(state >> 33) % count
        };
        let (mut solved, mut refused) = (0, 0);
        for _ in 0..3_000 {
            let ranges = [(); 3].map(|()| {
                let low = next(7) - 4;
                (low, low + next(5))
            });
            let sums: Vec<([i128; 3], IntBounds)> = (0..=next(4))
                .map(|_| {
                    let by = [next(9) - 4, next(9) - 4, next(9) - 4];
                    let low = next(30) - 15;
                    (by, (low, low + next(4)))
                })
                .collect();
            let mut simplex = Simplex::new();
            let columns: Vec<usize> =
                ranges.iter().map(|(low, high)| simplex.variable((*low, Because::Always), (*high, Because::Always), 0)).collect();
            for (at, (by, (low, high))) in sums.iter().enumerate() {
                let terms: Vec<(usize, i128)> =
                    columns.iter().zip(by).filter(|(_, factor)| **factor != 0).map(|(column, factor)| (*column, *factor)).collect();
                simplex.sum(&terms, Some((*low, Because::Literal(2 * at))), Some((*high, Because::Literal(2 * at + 1)))).unwrap();
            }
            match simplex.solve(&mut Steps { pivots: 10_000, branches: 1_000, stopped: &|| false }) {
                Found::Solution(values) => {
                    solved += 1;
                    let point = [0, 1, 2].map(|at| (values[at], values[at]));
                    let inside = ranges.iter().zip(&values).all(|(range, value)| (range.0..=range.1).contains(value));
                    assert!(inside && exists(&point, &sums), "{ranges:?} {sums:?} {values:?}");
                }
                Found::None(why) => {
                    refused += 1;
                    let kept = |at: usize, bound, open| if why.contains(&at) { bound } else { open };
                    let blamed: Vec<_> = sums
                        .iter()
                        .enumerate()
                        .map(|(at, (by, (low, high)))| (*by, (kept(2 * at, *low, -1_000), kept(2 * at + 1, *high, 1_000))))
                        .collect();
                    assert!(!exists(&ranges, &blamed), "{ranges:?} {sums:?} {why:?}");
                }
                Found::GaveUp => panic!("{ranges:?} {sums:?}"),
            }
        }
        assert!(solved > 200 && refused > 500, "{solved} {refused}");
    }
}
