//! Exact fractions over 128 bits; every operation says where it would overflow.

use std::cmp::Ordering;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    top: i128,
    bottom: i128,
}

/// The greatest common divisor; 0 only for two zeros.
pub(super) fn common_divisor(one: i128, other: i128) -> Option<i128> {
    let (mut one, mut other) = (one.checked_abs()?, other.checked_abs()?);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    Some(one)
}

impl Fraction {
    /// 0.
    pub(super) const ZERO: Self = Self { top: 0, bottom: 1 };

    pub(super) const fn whole(number: i128) -> Self {
        Self { top: number, bottom: 1 }
    }

    fn reduced(top: i128, bottom: i128) -> Option<Self> {
        let divisor = common_divisor(top, bottom)?;
        if bottom == 0 || divisor == 0 {
            return None;
        }
        let (top, bottom) = (top / divisor, bottom / divisor);
        if bottom < 0 { Some(Self { top: top.checked_neg()?, bottom: bottom.checked_neg()? }) } else { Some(Self { top, bottom }) }
    }

    pub(super) fn is_zero(self) -> bool {
        self.top == 0
    }

    pub(super) fn is_positive(self) -> bool {
        self.top > 0
    }

    /// The number itself where it is whole.
    pub(super) fn as_whole(self) -> Option<i128> {
        (self.bottom == 1).then_some(self.top)
    }

    /// The largest whole number that is not larger.
    pub(super) fn floor(self) -> i128 {
        self.top.div_euclid(self.bottom)
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let divisor = common_divisor(self.bottom, other.bottom)?;
        let (mine, its) = (other.bottom.checked_div(divisor)?, self.bottom.checked_div(divisor)?);
        let top = self.top.checked_mul(mine)?.checked_add(other.top.checked_mul(its)?)?;
        Self::reduced(top, self.bottom.checked_mul(mine)?)
    }

    pub(super) fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { top: other.top.checked_neg()?, bottom: other.bottom })
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let (one, two) = (Self::reduced(self.top, other.bottom)?, Self::reduced(other.top, self.bottom)?);
        Some(Self { top: one.top.checked_mul(two.top)?, bottom: one.bottom.checked_mul(two.bottom)? })
    }

    /// One over it; none for 0.
    pub(super) fn inverse(self) -> Option<Self> {
        Self::reduced(self.bottom, self.top)
    }

    pub(super) fn negated(self) -> Option<Self> {
        Some(Self { top: self.top.checked_neg()?, bottom: self.bottom })
    }

    /// Compares without multiplying, so that it never overflows.
    pub(super) fn order(self, other: Self) -> Ordering {
        let (mut one, mut two, mut turned) = ((self.top, self.bottom), (other.top, other.bottom), false);
        loop {
            let order = one.0.div_euclid(one.1).cmp(&two.0.div_euclid(two.1));
            let (rest, its) = (one.0.rem_euclid(one.1), two.0.rem_euclid(two.1));
            let order = if order.is_ne() { order } else { rest.signum().cmp(&its.signum()) };
            if order.is_ne() || rest == 0 {
                return if turned { order.reverse() } else { order };
            }
            (one, two, turned) = ((one.1, rest), (two.1, its), !turned);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_compared_and_reckoned_exactly() {
        for a in -7..8_i128 {
            for b in 1..6 {
                for c in -7..8_i128 {
                    for d in 1..6 {
                        let (one, two) = (Fraction::reduced(a, b).unwrap(), Fraction::reduced(c, d).unwrap());
                        assert_eq!(one.order(two), (a * d).cmp(&(c * b)), "{a}/{b} {c}/{d}");
                        assert_eq!(one.plus(two), Fraction::reduced(a * d + c * b, b * d));
                        assert_eq!(one.times(two), Fraction::reduced(a * c, b * d));
                    }
                }
            }
        }
        assert_eq!(Fraction::whole(i128::MAX).plus(Fraction::whole(1)), None, "an overflow is told");
        assert_eq!(Fraction::ZERO.inverse(), None);
    }
}
