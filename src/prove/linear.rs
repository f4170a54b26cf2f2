//! Linear expressions over whole-number variables.

use super::fraction::common_divisor;

/// A variable that stands for a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LinearVariable(pub(super) u32);

impl LinearVariable {
    pub(super) fn at(self) -> usize {
        self.0 as usize
    }
}

/// A sum of variables with factors other than 0, by variable, and a constant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Linear {
    pub(super) terms: Vec<(LinearVariable, i128)>,
    pub(super) constant: i128,
}

/// `form <= bound`, or its opposite, with a form whose factors have no common divisor and of which the first is positive.
pub(super) struct Bounded {
    pub(super) form: Vec<(LinearVariable, i128)>,
    pub(super) bound: i128,
    /// The relation is `form >= bound`.
    pub(super) from_below: bool,
}

impl Linear {
    pub(super) fn constant(number: i128) -> Self {
        Self { terms: Vec::new(), constant: number }
    }

    pub(super) fn variable(variable: LinearVariable) -> Self {
        Self { terms: vec![(variable, 1)], constant: 0 }
    }

    pub(super) fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    pub(super) fn scaled(&self, factor: i128) -> Option<Self> {
        if factor == 0 {
            return Some(Self::default());
        }
        let terms =
            self.terms.iter().map(|(variable, held)| Some((*variable, held.checked_mul(factor)?))).collect::<Option<_>>()?;
        Some(Self { terms, constant: self.constant.checked_mul(factor)? })
    }

    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.terms.len());
        let (mut mine, mut its) = (self.terms.iter().copied().peekable(), other.terms.iter().copied().peekable());
        loop {
            let next = match (mine.peek(), its.peek()) {
                (None, None) => break,
                (Some(one), Some(two)) if one.0 == two.0 => {
                    let sum = (one.0, one.1.checked_add(two.1)?);
                    mine.next();
                    its.next();
                    Some(sum)
                }
                (Some(one), Some(two)) if one.0 < two.0 => mine.next(),
                (Some(_), None) => mine.next(),
                _ => its.next(),
            };
            terms.extend(next.filter(|(_, factor)| *factor != 0));
        }
        Some(Self { terms, constant: self.constant.checked_add(other.constant)? })
    }

    pub(super) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.scaled(-1)?)
    }

    pub(super) fn shifted(&self, by: i128) -> Option<Self> {
        Some(Self { terms: self.terms.clone(), constant: self.constant.checked_add(by)? })
    }

    /// `self <= 0` with its form in normal shape; none for a constant and where it overflows.
    pub(super) fn at_most_zero(&self) -> Option<Bounded> {
        let (_, first) = *self.terms.first()?;
        let mut divisor = 0;
        for (_, factor) in &self.terms {
            divisor = common_divisor(divisor, *factor)?;
        }
        let sign = first.signum();
        let form = self.terms.iter().map(|(variable, factor)| (*variable, sign * factor / divisor)).collect();
        // sum <= -constant, or after turning the sign sum >= constant.
        let bound = if sign > 0 {
            self.constant.checked_neg()?.div_euclid(divisor)
        } else {
            self.constant.checked_neg()?.div_euclid(divisor).checked_neg()?
        };
        Some(Bounded { form, bound, from_below: sign < 0 })
    }
}
