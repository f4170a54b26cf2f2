//! The fields of a request from JSON, flat (`"customer.age": 30`) or nested (`"customer": {"age": 30}`).
//!
//! Each is handed on as it is read, in order, so that one given twice is seen and refused; nothing is converted that the schema has not
//! asked for. A name is kept up to a length that no schema's name has: however long and nested names are, the work is linear in the body.

use std::fmt;

use countersign_core::gateway::Scalar;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The longest name that is handed on whole, in bytes.
const LONGEST_NAME: usize = 200;

/// Reads a body and hands on every field.
///
/// # Errors
/// The body is no JSON object of fields.
pub fn read(body: &[u8], put: impl FnMut(&str, Scalar)) -> Result<(), serde_json::Error> {
    let mut name = String::new();
    let mut reader = serde_json::Deserializer::from_slice(body);
    (&mut reader).deserialize_map(Member { name: &mut name, put: &mut { put } })?;
    reader.end()
}

/// Reads what stands under a name; an object adds its members' names to it.
struct Member<'a, F> {
    name: &'a mut String,
    put: &'a mut F,
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

impl<'de, F: FnMut(&str, Scalar)> DeserializeSeed<'de> for Member<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(&str, Scalar)> Visitor<'de> for Member<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() { f.write_str("an object of fields") } else { write!(f, "a value for the field `{}`", self.name) }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        (self.put)(self.name, Scalar::Bool(value));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        (self.put)(self.name, Scalar::Int(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => Err(E::custom(format_args!("the number of the field `{}` is too large", self.name))),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        (self.put)(self.name, Scalar::Float(value));
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        (self.put)(self.name, Scalar::Text(value.to_owned()));
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        (self.put)(self.name, Scalar::Missing(()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(A::Error::custom(format_args!("the field `{}` cannot be a list", self.name)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let length = self.name.len();
        while members.next_key_seed(Key(self.name))?.is_some() {
            members.next_value_seed(Member { name: self.name, put: self.put })?;
            self.name.truncate(length);
        }
        Ok(())
    }
}

/// Adds a member's name to the name so far.
struct Key<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
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

    fn fields(text: &str) -> Result<Vec<(String, Scalar)>, String> {
        let mut fields = Vec::new();
        let read = read(text.as_bytes(), |name, value| fields.push((name.to_owned(), value)));
        read.map(|()| fields).map_err(|error| error.to_string())
    }

    #[test]
    fn flat_and_nested_members_are_the_same_fields() {
        let flat = fields(r#"{"customer.age": 30, "customer.score": 0.1, "request.id": "x", "money.amount": null}"#).unwrap();
        let nested =
            fields(r#"{"customer": {"age": 30, "score": 0.1}, "request": {"id": "x"}, "money": {"amount": null}}"#).unwrap();
        assert_eq!(flat, nested);
        assert_eq!(flat[0], ("customer.age".to_owned(), Scalar::Int(30)));
        assert_eq!(flat[3], ("money.amount".to_owned(), Scalar::Missing(())));
    }

    #[test]
    fn what_stands_twice_is_kept_twice() {
        assert_eq!(fields(r#"{"a.b": 1, "a": {"b": 2}, "a.b": 3}"#).unwrap().len(), 3);
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
            (r#"{"": {"a.b": [1]}}"#, "the field `…` cannot be a list"),
        ] {
            let error = fields(text).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn long_names_are_cut_and_cost_no_more_than_others() {
        let long = "é".repeat(2_000);
        let found = fields(&format!(r#"{{"{long}": {{"b": 1, "c": {{"d": 2}}}}, "a": {{"{long}": 3}}, "b": 4}}"#)).unwrap();
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        let cut = format!("{}…", "é".repeat(100));
        assert_eq!(names, [cut.as_str(), cut.as_str(), format!("a.{}…", "é".repeat(99)).as_str(), "b"]);
        let hostile = format!(r#"{{"{}": {{{}}}}}"#, "a".repeat(4_000), vec![r#""b":1"#; 9_800].join(","));
        let (began, mut count) = (Instant::now(), 0);
        read(hostile.as_bytes(), |_, _| count += 1).unwrap();
        assert!(count == 9_800 && began.elapsed() < Duration::from_millis(500), "{count} {:?}", began.elapsed());
    }
}
