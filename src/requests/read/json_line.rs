//! Whether a line is a JSON object with known keys, each given once.
//!
//! arrow-json is lenient: it takes missing and doubled commas, and the last of two equal keys. So every line is first judged here, strictly;
//! arrow-json then reads only lines that passed.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::diagnostic::nearest;
use crate::text::LocalText;

/// What a key stands for.
#[derive(Clone, Debug)]
enum Key {
    /// A wanted column, by position.
    Wanted(usize),
    /// An object of wanted columns: the part before the dot.
    Group(HashMap<String, Key>),
    /// Not wanted.
    Ignored,
}

/// The keys a line may have.
#[derive(Debug)]
pub(super) struct Keys {
    top: HashMap<String, Key>,
    names: Vec<String>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LineFault {
    pub(super) key: Option<String>,
    pub(super) reason: LocalText,
}

impl Keys {
    /// `wanted` as `group.field` or plain names; `ignored` the same.
    pub(super) fn new(wanted: &[String], ignored: &[String]) -> Self {
        let mut top = HashMap::new();
        for name in ignored {
            top.insert(name.clone(), Key::Ignored);
        }
        for (position, name) in wanted.iter().enumerate() {
            top.insert(name.clone(), Key::Wanted(position));
        }
        let inside = wanted.iter().enumerate().map(|(position, name)| (name, Key::Wanted(position)));
        let inside = inside.chain(ignored.iter().map(|name| (name, Key::Ignored)));
        for (name, key) in inside {
            let Some((group, field)) = name.split_once('.') else { continue };
            if let Key::Group(fields) = top.entry(group.to_owned()).or_insert_with(|| Key::Group(HashMap::new())) {
                fields.entry(field.to_owned()).or_insert(key);
            }
        }
        Self { top, names: wanted.to_vec() }
    }

    /// Whether `group` is read as an object of fields.
    pub(super) fn is_group(&self, group: &str) -> bool {
        matches!(self.top.get(group), Some(Key::Group(_)))
    }

    /// Judges one line.
    pub(super) fn judge(&self, line: &[u8]) -> Result<(), LineFault> {
        let mut judge = Judge { names: &self.names, seen: vec![false; self.names.len()], fault: None };
        let mut json = serde_json::Deserializer::from_slice(line);
        let object = Object { keys: &self.top, judge: &mut judge, nullable: false };
        let result = object.deserialize(&mut json).and_then(|()| json.end());
        match (judge.fault, result) {
            (Some(fault), _) => Err(fault),
            (None, Ok(())) => Ok(()),
            (None, Err(error)) => {
                let column = error.column();
                let reason = LocalText::new(
                    format!("the line is not a JSON object, at its byte {column}"),
                    format!("该行不是 JSON 对象，问题位于第 {column} 字节"),
                );
                Err(LineFault { key: None, reason })
            }
        }
    }
}

/// What was seen of a line so far.
struct Judge<'a> {
    names: &'a [String],
    seen: Vec<bool>,
    fault: Option<LineFault>,
}

impl Judge<'_> {
    fn fail<E: Error>(&mut self, key: &str, en: impl Into<String>, zh: impl Into<String>) -> E {
        self.fault = Some(LineFault { key: Some(key.to_owned()), reason: LocalText::new(en, zh) });
        E::custom("refused")
    }

    fn unknown<E: Error>(&mut self, key: &str) -> E {
        let key: String = key.chars().take(100).collect();
        match nearest(&key, self.names.iter().map(String::as_str)) {
            Some(best) => {
                self.fail(&key, format!("is an unknown key; did you mean `{best}`?"), format!("是未知的键；是否想写 `{best}`？"))
            }
            None => self.fail(&key, "is an unknown key", "是未知的键"),
        }
    }
}

/// An object: the line itself, or a group in it.
struct Object<'a, 'b> {
    keys: &'a HashMap<String, Key>,
    judge: &'a mut Judge<'b>,
    /// Whether it may be null: a group without fields.
    nullable: bool,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.nullable { Ok(()) } else { Err(E::custom("null is no object")) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { keys, judge, .. } = self;
        while let Some(key) = map.next_key_seed(KeySeed { keys, judge })? {
            match key {
                Key::Ignored => {
                    map.next_value::<IgnoredAny>()?;
                }
                Key::Group(fields) => map.next_value_seed(Object { keys: fields, judge, nullable: true })?,
                Key::Wanted(position) => {
                    let name = judge.names.get(*position).map_or("", String::as_str);
                    let place = judge.seen.get_mut(*position);
                    if place.is_some_and(|seen| std::mem::replace(seen, true)) {
                        return Err(judge.fail(name, "is given twice", "出现两次"));
                    }
                    map.next_value_seed(ScalarSeed { name, judge })?;
                }
            }
        }
        Ok(())
    }
}

/// Finds what a key stands for without copying it.
struct KeySeed<'a, 'b, 'c> {
    keys: &'a HashMap<String, Key>,
    judge: &'c mut Judge<'b>,
}

impl<'de, 'a> DeserializeSeed<'de> for KeySeed<'a, '_, '_> {
    type Value = &'a Key;
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<&'a Key, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for KeySeed<'a, '_, '_> {
    type Value = &'a Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<&'a Key, E> {
        self.keys.get(key).ok_or_else(|| self.judge.unknown(key))
    }
}

/// A value that is no list and no object.
struct ScalarSeed<'a, 'b> {
    name: &'a str,
    judge: &'a mut Judge<'b>,
}

impl<'de> DeserializeSeed<'de> for ScalarSeed<'_, '_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ScalarSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.judge.fail(self.name, "is a list, not a single value", "是列表，而不是单个值"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.judge.fail(self.name, "is an object, not a single value", "是对象，而不是单个值"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_of_known_keys_pass() {
        let keys = Keys::new(&["a.b", "a.c", "plain"].map(str::to_owned), &["note".to_owned(), "a.x".to_owned()]);
        let judge = |line: &str| keys.judge(line.as_bytes());
        for good in [
            r#"{"a.b": 1, "a": {"c": "x", "x": [1]}, "plain": null, "note": {"deep": [1, {"er": 2}]}}"#,
            "{}",
            r#" {"a": null, "a.b": 2} "#,
        ] {
            assert_eq!(judge(good), Ok(()), "{good}");
        }
        for (bad, key, reason) in [
            (r#"{"a.b": 1, "a": {"b": 2}}"#, Some("a.b"), "given twice"),
            (r#"{"plain": 1, "plain": 1}"#, Some("plain"), "given twice"),
            (r#"{"plian": 1}"#, Some("plian"), "did you mean `plain`?"),
            (r#"{"a": {"d": 1}}"#, Some("d"), "unknown key"),
            (r#"{"plain": [1]}"#, Some("plain"), "is a list"),
            (r#"{"plain": {}}"#, Some("plain"), "is an object"),
            (r#"{"plain": 1,,}"#, None, "not a JSON object"),
            (r#"{"plain" 1}"#, None, "not a JSON object"),
            (r#"{"plain": 1e999}"#, None, "not a JSON object"),
            (r#"{"plain": "\ud800"}"#, None, "not a JSON object"),
            (r#"{"a": 5}"#, None, "not a JSON object"),
            ("[1]", None, "not a JSON object"),
            ("null", None, "not a JSON object"),
            ("{} {}", None, "not a JSON object"),
            ("", None, "not a JSON object"),
            ("{\"plain\": \"\u{1}\"}", None, "not a JSON object"),
        ] {
            let fault = judge(bad).unwrap_err();
            assert_eq!(fault.key.as_deref(), key, "{bad}");
            assert!(fault.reason.en.contains(reason), "{bad}: {}", fault.reason.en);
        }
        let deep = format!("{{\"note\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(judge(&deep), Ok(()));
        assert!(judge(&deep.replace("note", "plain")).is_err());
    }
}
