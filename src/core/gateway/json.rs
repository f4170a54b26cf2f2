//! Requests from JSON: fields flat (`"customer.age": 30`) or nested (`"customer": {"age": 30}`).
//!
//! Each field is put into the request as it is read, so that one given twice is refused; nothing is converted that the schema has not
//! asked for. A name is kept up to a length that no schema's name has: however long and nested names are, the work is linear in the body.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{FieldErrors, Request, RequestBuilder, Scalar, Serving};

/// The longest name that is handed on whole, in bytes.
const LONGEST_NAME: usize = 200;

/// Why a body is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// It is no JSON object of fields.
    NotFields(String),
    /// Its fields do not fit the schema.
    Fields(FieldErrors),
}

impl Serving {
    /// Reads a request of this release's schema from a JSON object. Give `serde_json` the feature `float_roundtrip`, as this crate does:
    /// a score must not differ in its last digit from the one that was tried.
    ///
    /// # Errors
    /// The body is no object of fields, or they do not fit the schema.
    pub fn read_json(&self, body: &[u8]) -> Result<Request, NotRead> {
        let (mut name, mut request) = (String::new(), self.request());
        let mut reader = serde_json::Deserializer::from_slice(body);
        let read = (&mut reader).deserialize_map(JsonMember { name: &mut name, request: &mut request });
        read.and_then(|()| reader.end()).map_err(|error| NotRead::NotFields(error.to_string()))?;
        request.finish().map_err(NotRead::Fields)
    }
}

/// Reads the value of a name; an object adds its members' names to it.
struct JsonMember<'a, 's> {
    name: &'a mut String,
    request: &'a mut RequestBuilder<'s>,
}

/// Adds a part to a name; a name that grows too long ends with `…`, which no schema's name has.
fn extend(name: &mut String, part: &str) {
    if name.ends_with('…') {
        return;
    }
    if !name.is_empty() {
        name.push('.');
    }
    let end = part.floor_char_boundary(LONGEST_NAME.saturating_sub(name.len()));
    name.push_str(part.get(..end).unwrap_or_default());
    // A member without a name is none of the schema's either.
    if end < part.len() || part.is_empty() {
        name.push('…');
    }
}

impl<'de> DeserializeSeed<'de> for JsonMember<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for JsonMember<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() { f.write_str("an object of fields") } else { write!(f, "a value for the field `{}`", self.name) }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.request.set(self.name, Scalar::Bool(value));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.request.set(self.name, Scalar::Int(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::custom(format_args!("the number of the field `{}` is too large", self.name))),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.request.set(self.name, Scalar::Float(value));
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.request.set_text(self.name, value);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.request.set(self.name, Scalar::Missing(()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(format_args!("the field `{}` cannot be a list", self.name)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let length = self.name.len();
        while members.next_key_seed(MemberName(self.name))?.is_some() {
            members.next_value_seed(JsonMember { name: self.name, request: self.request })?;
            self.name.truncate(length);
        }
        Ok(())
    }
}

/// Adds a member's name to the name so far.
struct MemberName<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for MemberName<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for MemberName<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, part: &str) -> Result<(), E> {
        extend(self.0, part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::gateway::{Gateway, Requirements};
    use crate::release::{self, fixture};

    fn gateway() -> Gateway {
        let definition = fixture::definition();
        let release = release::create(&definition, &fixture::evidence(&definition), &fixture::provenance()).unwrap();
        Gateway::load("r.ron", release::write(&release).as_bytes(), Requirements::nothing()).unwrap()
    }

    /// Fields of the fixture's schema, those between them as given.
    fn body(more: &str) -> String {
        let fixed = r#""request": {"id": "x", "operation": "SIGN", "received_at": "2014-04-01T00:00:00", "interface": "branch_1"}"#;
        format!(r#"{{{fixed}, {more}, "customer": {{"id_hash": "y", "verified": true, "score": 0.1}}}}"#)
    }

    #[test]
    fn fields_are_read_flat_and_nested_and_what_is_none_is_refused_by_name() {
        let serving = gateway().last();
        let nested = serving.read_json(body(r#""customer": {"age": 30}"#).as_bytes()).unwrap();
        assert_eq!(serving.read_json(body(r#""customer.age": 30"#).as_bytes()), Ok(nested));
        let long = "é".repeat(2_000);
        for (text, message) in [
            (body(r#""customer.age": 30, "customer": {"age": 30}"#), "`customer.age`: the field is given twice"),
            (body(r#""customer.age": "30""#), "`customer.age`: the value is not a whole number"),
            (body(r#""customer": {"b": [1]}"#), "the field `customer.b` cannot be a list"),
            (body(r#""customer.age": 18446744073709551615"#), "the number of the field `customer.age` is too large"),
            (body(r#""": {"a.b": [1]}"#), "the field `…` cannot be a list"),
            (body(&format!(r#""{long}": {{"b": 1}}"#)), &format!("`{}…`: the schema has no such field", "é".repeat(64))),
            ("[]".to_owned(), "expected an object of fields"),
            ("3".to_owned(), "expected an object of fields"),
            ("{".to_owned(), "EOF"),
            (format!("{} {{}}", body("\"customer.age\": 3")), "trailing"),
        ] {
            let told = match serving.read_json(text.as_bytes()).unwrap_err() {
                NotRead::NotFields(why) => why,
                NotRead::Fields(errors) => errors.to_string(),
            };
            assert!(told.contains(message), "{text}: {told}");
        }
    }

    #[test]
    fn long_names_cost_no_more_than_others() {
        let serving = gateway().last();
        let hostile = format!(r#"{{"{}": {{{}}}}}"#, "a".repeat(4_000), vec![r#""b":1"#; 9_800].join(","));
        let began = Instant::now();
        assert!(matches!(serving.read_json(hostile.as_bytes()), Err(NotRead::Fields(errors)) if errors.0.len() == 20));
        assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    }
}
