//! The fields of a request from JSON, flat (`"customer.age": 30`) or nested (`"customer": {"age": 30}`).
//!
//! Members are kept as they come, so that one given twice is seen and refused; nothing is converted that the schema has not asked for.

use std::fmt;

use countersign::gateway::Scalar;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// Full names with their values, in the order they stand.
#[derive(Debug, PartialEq)]
pub struct Fields(pub Vec<(String, Scalar)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Vec::new();
        deserializer.deserialize_map(Member { name: String::new(), fields: &mut fields })?;
        Ok(Self(fields))
    }
}

/// Reads what stands under a name; an object adds its members' names to it.
struct Member<'a> {
    name: String,
    fields: &'a mut Vec<(String, Scalar)>,
}

impl Member<'_> {
    fn push(self, value: Scalar) {
        self.fields.push((self.name, value));
    }
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() { f.write_str("an object of fields") } else { write!(f, "a value for the field `{}`", self.name) }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(Scalar::Bool(value));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(Scalar::Int(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::custom(format!("the number of the field `{}` is too large", self.name))),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.push(Scalar::Float(value));
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.push(Scalar::Text(value.to_owned()));
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.push(Scalar::Missing(()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(format!("the field `{}` cannot be a list", self.name)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(key) = members.next_key::<String>()? {
            let name = if self.name.is_empty() { key } else { format!("{}.{key}", self.name) };
            members.next_value_seed(Member { name, fields: self.fields })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Fields, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn flat_and_nested_members_are_the_same_fields() {
        let flat = read(r#"{"customer.age": 30, "customer.score": 0.1, "request.id": "x", "money.amount": null}"#).unwrap();
        let nested = read(r#"{"customer": {"age": 30, "score": 0.1}, "request": {"id": "x"}, "money": {"amount": null}}"#).unwrap();
        assert_eq!(flat, nested);
        assert_eq!(flat.0[0], ("customer.age".to_owned(), Scalar::Int(30)));
        assert_eq!(flat.0[3], ("money.amount".to_owned(), Scalar::Missing(())));
    }

    #[test]
    fn what_stands_twice_is_kept_twice() {
        assert_eq!(read(r#"{"a.b": 1, "a": {"b": 2}, "a.b": 3}"#).unwrap().0.len(), 3);
    }

    #[test]
    fn what_is_no_field_is_refused_by_name() {
        for (text, message) in [
            (r#"{"a": {"b": [1]}}"#, "the field `a.b` cannot be a list"),
            (r#"{"a.b": 18446744073709551615}"#, "the number of the field `a.b` is too large"),
            ("[]", "expected an object of fields"),
            ("3", "expected an object of fields"),
            ("{", "EOF"),
            ("{} {}", "trailing"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
