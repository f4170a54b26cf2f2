//! Parts and roundings of amounts, exact in fen: whole numbers of 128 bits, never binary fractions.

use std::fmt;

use super::value::Fen;

/// How a value half-way between two steps is rounded. Every other value is rounded to the nearer step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Away from zero: 0.5 to 1, -0.5 to -1.
    #[default]
    HalfUp,
    /// To the even step: 0.5 to 0, 1.5 to 2.
    HalfEven,
}

impl Rounding {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::HalfUp, Self::HalfEven];

    /// As scripts write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::HalfUp => "half-up",
            Self::HalfEven => "half-even",
        }
    }

    /// The rounding of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rounding| rounding.word() == word)
    }

    /// `part / whole` to the nearest whole number; `whole` is over zero. None out of range.
    #[must_use]
    pub fn divide(self, part: i128, whole: i128) -> Option<i64> {
        let (quotient, rest) = (part.checked_div(whole)?, part.checked_rem(whole)?);
        let order = rest.unsigned_abs().cmp(&(whole.unsigned_abs() - rest.unsigned_abs()));
        let away = match self {
            _ if order.is_ne() => order.is_gt(),
            Self::HalfUp => true,
            Self::HalfEven => quotient % 2 != 0,
        };
        let step = if away { part.signum() } else { 0 };
        i64::try_from(quotient + step).ok()
    }
}

/// A rate in billionths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate(pub i64);

impl Rate {
    /// The most decimals a rate is written with.
    pub const DECIMALS: u32 = 9;
    /// Billionths in one percent.
    pub const ONE: i64 = 10_i64.pow(Self::DECIMALS);

    /// A whole number of percent; none where it is too large.
    #[must_use]
    pub fn whole(percent: i64) -> Option<Self> {
        percent.checked_mul(Self::ONE).map(Self)
    }

    /// Reads a rate in percent: `15`, `15.5`, `-0.125`; at most nine decimals, no percent sign.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, decimals)) => (whole, decimals),
            None => (digits, ""),
        };
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let missing = Self::DECIMALS.checked_sub(u32::try_from(decimals.len()).ok()?)?;
        if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
            return None;
        }
        let number: i128 = format!("{whole}{decimals}").parse().ok()?;
        i64::try_from(number.checked_mul(10_i128.checked_pow(missing)?)? * sign).ok().map(Self)
    }
}

impl fmt::Display for Rate {
    /// In percent: `15`, `15.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let one = Self::ONE.unsigned_abs();
        let decimals = format!("{:09}", size % one);
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{decimals}", size / one)
    }
}

impl Fen {
    /// That many percent of the amount, rounded to fen; none where it is too large.
    #[must_use]
    pub fn percent(self, rate: Rate, rounding: Rounding) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(rate.0))?;
        rounding.divide(product, i128::from(Rate::ONE) * 100).map(Self)
    }

    /// The nearest multiple of a unit over zero; none where it is too large.
    #[must_use]
    pub fn rounded(self, unit: Self, rounding: Rounding) -> Option<Self> {
        if unit.0 <= 0 {
            return None;
        }
        let steps = rounding.divide(self.0.into(), unit.0.into())?;
        steps.checked_mul(unit.0).map(Self)
    }

    /// Reads the unit that amounts are rounded to: an amount over zero such as `1.00`.
    #[must_use]
    pub fn parse_unit(text: &str) -> Option<Self> {
        Self::parse_yuan(text).filter(|unit| unit.0 > 0 && !text.starts_with("CNY"))
    }

    /// As people write it: `¥5,000.00`, `-¥0.50`.
    #[must_use]
    pub fn shown(self) -> String {
        let amount = crate::text::yuan(self.0);
        amount.strip_prefix('-').map_or_else(|| format!("¥{amount}"), |size| format!("-¥{size}"))
    }
}
