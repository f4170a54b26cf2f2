//! A single value as a file writes it.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::model::Scalar;

/// Reads a [`Scalar`] without guessing: a number past 64 bits is refused, not rounded.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ScalarFile(pub Scalar);

impl<'de> Deserialize<'de> for ScalarFile {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = ScalarFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a single value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<ScalarFile, E> {
        Ok(ScalarFile(Scalar::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ScalarFile, E> {
        Ok(ScalarFile(Scalar::Int(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<ScalarFile, E> {
        let too_large = |_| E::invalid_value(serde::de::Unexpected::Unsigned(value), &self);
        i64::try_from(value).map(|value| ScalarFile(Scalar::Int(value))).map_err(too_large)
    }

    fn visit_f64<E>(self, value: f64) -> Result<ScalarFile, E> {
        Ok(ScalarFile(Scalar::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<ScalarFile, E> {
        Ok(ScalarFile(Scalar::Text(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<ScalarFile, E> {
        Ok(ScalarFile(Scalar::Missing(())))
    }

    fn visit_none<E>(self) -> Result<ScalarFile, E> {
        Ok(ScalarFile(Scalar::Missing(())))
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<ScalarFile, D::Error> {
        from.deserialize_any(self)
    }
}
