//! What a field or parameter holds, and how each type is read from text.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::field_type::FieldType;
use super::time::{Timestamp, Zone};

/// An amount of money in fen, the hundredth of a yuan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

impl Fen {
    /// Reads an amount in yuan: `5000`, `5000.5`, `5000.00`, `-3.10` or `CNY5000.00`. More than two decimals are refused, not rounded.
    #[must_use]
    pub fn parse_yuan(text: &str) -> Option<Self> {
        let text = text.strip_prefix("CNY").unwrap_or(text);
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        // Digits before the point, and after it where there is one. Signed from the start, so that the smallest amount can be read too.
        let (mut sum, mut whole, mut decimals) = (0_i64, 0, None);
        for byte in digits.bytes() {
            match byte {
                b'.' if decimals.is_none() && whole > 0 => decimals = Some(0),
                b'0'..=b'9' if decimals != Some(2) => {
                    sum = sum.checked_mul(10)?.checked_add(sign * i64::from(byte - b'0'))?;
                    match &mut decimals {
                        Some(count) => *count += 1,
                        None => whole += 1,
                    }
                }
                _ => return None,
            }
        }
        let scale = match decimals {
            None if whole > 0 => 100,
            Some(1) => 10,
            Some(2) => 1,
            _ => return None,
        };
        sum.checked_mul(scale).map(Self)
    }
}

impl fmt::Display for Fen {
    /// In yuan with two decimals: `5000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// The value of a field or parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// An optional field without a value; `()` in scripts.
    Missing,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An amount of money.
    Money(Fen),
    /// A score; never NaN or infinite, never money.
    Float(f64),
    /// Free text, and the value of an enum.
    Text(Arc<str>),
    /// A point in time.
    Time(Timestamp),
}

/// A value as files write it, before a field's type gives it meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// `true`, `false`.
    Bool(bool),
    /// `42`.
    Int(i64),
    /// `0.5`.
    Float(f64),
    /// `"alipay"`, `"5000.00"`, `"2014-03-24T00:00:00"`.
    Text(String),
    /// `()` or nothing.
    Missing(()),
}

macro_rules! scalar {
    ($($kind:ty => $variant:ident),*) => {
        $(impl From<$kind> for Scalar {
            fn from(value: $kind) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

scalar!(bool => Bool, i64 => Int, i32 => Int, u32 => Int, f64 => Float, &str => Text, String => Text);

/// Why a text or scalar is not a value of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// The field is not optional.
    Missing,
    /// The text or scalar does not fit the type; holds what the type looks like.
    NotA(&'static str),
    /// Not one of the enum's values.
    NotInEnum,
}

impl Value {
    /// Reads a text as a value of `kind`. Empty text is [`Value::Missing`] for every type but Text, where the caller decides.
    ///
    /// # Errors
    /// Says what a text of that type looks like.
    pub fn parse(kind: &FieldType, text: &str, zone: Zone) -> Result<Self, ValueError> {
        let not = |what| ValueError::NotA(what);
        match kind {
            FieldType::Text => Ok(Self::Text(text.into())),
            _ if text.is_empty() => Ok(Self::Missing),
            FieldType::Bool => match text {
                "true" => Ok(Self::Bool(true)),
                "false" => Ok(Self::Bool(false)),
                _ => Err(not("`true` or `false`")),
            },
            FieldType::Int => text.parse().map(Self::Int).map_err(|_| not("a whole number")),
            FieldType::Money => Fen::parse_yuan(text).map(Self::Money).ok_or(not("an amount in yuan such as `5000.00`")),
            FieldType::Float => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Self::Float(number)),
                _ => Err(not("a finite number")),
            },
            FieldType::Enum(values) => {
                if values.contains(text) {
                    Ok(Self::Text(text.into()))
                } else {
                    Err(ValueError::NotInEnum)
                }
            }
            FieldType::Time => zone.parse_time(text).map(Self::Time).ok_or(not("a time such as `2014-03-24T00:00:00`")),
        }
    }

    /// Reads a scalar of a file as a value of `kind`: money and times as text, whole numbers also where a float is wanted.
    ///
    /// # Errors
    /// Says what a scalar of that type looks like.
    pub fn from_scalar(kind: &FieldType, scalar: &Scalar, zone: Zone) -> Result<Self, ValueError> {
        match (kind, scalar) {
            (_, Scalar::Missing(())) => Ok(Self::Missing),
            // An empty text is no amount and no time.
            (_, Scalar::Text(text)) if kind.spec().is_quoted => {
                Self::parse(kind, if text.is_empty() && kind.spec().is_ordered { "-" } else { text }, zone)
            }
            (FieldType::Bool, Scalar::Bool(value)) => Ok(Self::Bool(*value)),
            (FieldType::Int, Scalar::Int(value)) => Ok(Self::Int(*value)),
            (FieldType::Float, Scalar::Float(value)) if value.is_finite() => Ok(Self::Float(*value)),
            #[expect(clippy::cast_precision_loss, reason = "a score written without a decimal point")]
            (FieldType::Float, Scalar::Int(value)) => Ok(Self::Float(*value as f64)),
            _ => Err(ValueError::NotA(kind.looks_like())),
        }
    }

    /// A whole number, the fen of an amount, or the microseconds of a time since 1970; see [`FieldType::value_of_whole`].
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Money(fen) => Some(fen.0),
            Self::Time(time) => Some(time.micros()),
            Self::Missing | Self::Bool(_) | Self::Float(_) | Self::Text(_) => None,
        }
    }

    /// The value as files write it: the inverse of [`Value::from_scalar`].
    #[must_use]
    pub fn to_scalar(&self, zone: Zone) -> Scalar {
        match self {
            Self::Missing => Scalar::Missing(()),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Int(value) => Scalar::Int(*value),
            Self::Float(value) => Scalar::Float(*value),
            Self::Money(_) | Self::Text(_) | Self::Time(_) => Scalar::Text(self.show(zone)),
        }
    }

    /// The value as plain text, as CSV files hold it: the inverse of [`Value::parse`]; empty when missing.
    #[must_use]
    pub fn show(&self, zone: Zone) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Money(fen) => fen.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => text.as_ref().to_owned(),
            Self::Time(time) => zone.format(*time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_exactly_or_refused() {
        let read = |text| Fen::parse_yuan(text).map(|fen| fen.0);
        assert_eq!(read("5000.00"), Some(500_000));
        assert_eq!(read("CNY0.1"), Some(10));
        assert_eq!(read("-3.10"), Some(-310));
        assert_eq!(read("92233720368547758.07"), Some(i64::MAX));
        assert_eq!(read("-92233720368547758.08"), Some(i64::MIN));
        for bad in ["", "-", ".5", "5.", "1.234", "1,000.00", "92233720368547758.08", "1e3", " 1", "CNY", "１"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        for fen in [0, 1, 99, -1, i64::MAX, i64::MIN] {
            assert_eq!(Fen::parse_yuan(&Fen(fen).to_string()), Some(Fen(fen)));
        }
    }

    #[test]
    fn numbers_that_are_no_numbers_are_refused() {
        let zone = Zone::default();
        for bad in ["NaN", "inf", "-inf", "1e999"] {
            assert!(Value::parse(&FieldType::Float, bad, zone).is_err(), "{bad}");
        }
        assert!(Value::from_scalar(&FieldType::Float, &Scalar::Float(f64::NAN), zone).is_err());
        assert!(Value::from_scalar(&FieldType::Money, &Scalar::Float(5.0), zone).is_err());
    }
}
