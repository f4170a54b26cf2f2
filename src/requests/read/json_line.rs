//! One line of JSON Lines into a row of a grid: an object with known keys, each given once.
//!
//! The text of a value is taken as the line has it, without quotes: numbers keep the digits they were written with.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::grid::Grid;
use crate::diagnostic::nearest;
use crate::text::LocalText;

/// How many keys further on are looked at before a key is looked up: writers keep an order, and leave out what is missing.
const AHEAD: usize = 4;

/// The keys of a line or of a group in it.
type Level = IndexMap<String, Key>;

/// What a key stands for.
#[derive(Debug)]
enum Key {
    /// A wanted column, by position.
    Wanted(usize),
    /// An object of wanted columns: the part before the dot.
    Group(Level),
    /// The same where the group is ignored: its other keys are not wanted, nor is anything that is no object.
    Loose(Level),
    /// Not wanted.
    Ignored,
}

/// The keys a line may have.
#[derive(Debug)]
pub(super) struct Keys {
    top: Level,
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
        let mut top = Level::new();
        for (position, name) in wanted.iter().enumerate() {
            top.insert(name.clone(), Key::Wanted(position));
        }
        for name in ignored {
            top.entry(name.clone()).or_insert(Key::Ignored);
        }
        let inside = wanted.iter().enumerate().map(|(position, name)| (name, Key::Wanted(position)));
        let inside = inside.chain(ignored.iter().map(|name| (name, Key::Ignored)));
        for (name, key) in inside {
            let Some((group, field)) = name.split_once('.') else { continue };
            let held = top.entry(group.to_owned()).or_insert_with(|| Key::Group(Level::new()));
            if matches!((&*held, &key), (Key::Ignored, Key::Wanted(_))) {
                *held = Key::Loose(Level::new());
            }
            if let Key::Group(fields) | Key::Loose(fields) = held {
                fields.entry(field.to_owned()).or_insert(key);
            }
        }
        Self { top, names: wanted.to_vec() }
    }

    /// Appends a line to `grid`, whose rows are of `text`; the line is a part of it. A line that is wrong leaves nothing.
    pub(super) fn take(&self, text: &str, line: &str, grid: &mut Grid) -> Result<(), LineFault> {
        grid.add_row();
        let mut row = Row { text, names: &self.names, grid, fault: None };
        let mut json = serde_json::Deserializer::from_str(line);
        let object = Object { keys: &self.top, row: &mut row, nullable: false, loose: false };
        let result = object.deserialize(&mut json).and_then(|()| json.end());
        let fault = match (row.fault, result) {
            (Some(fault), _) => fault,
            (None, Ok(())) => return Ok(()),
            (None, Err(error)) => {
                let column = error.column();
                let reason = LocalText::new(
                    format!("the line is not a JSON object, at its byte {column}"),
                    format!("该行不是 JSON 对象，问题位于第 {column} 字节"),
                );
                LineFault { key: None, reason }
            }
        };
        grid.drop_row();
        Err(fault)
    }
}

/// The place of a key among those of its level: the next few are looked at first.
fn find(keys: &Level, key: &str, next: usize) -> Option<usize> {
    let near = (next..next + AHEAD).find(|place| keys.get_index(*place).is_some_and(|(name, _)| name == key));
    near.or_else(|| keys.get_index_of(key))
}

/// A line on its way into the last row of a grid.
struct Row<'a> {
    /// The text that the line is a part of.
    text: &'a str,
    names: &'a [String],
    grid: &'a mut Grid,
    fault: Option<LineFault>,
}

impl Row<'_> {
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

    /// Takes the value of a wanted column as JSON text.
    fn set<E: Error>(&mut self, position: usize, json: &str) -> Result<(), E> {
        let name = self.names.get(position).map_or("", String::as_str);
        if !self.grid.is_unset(position) {
            return Err(self.fail(name, "is given twice", "出现两次"));
        }
        // A part of the text: how far from its start, both are addresses within.
        let start = json.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let end = start + json.len();
        match json.as_bytes().first() {
            Some(b'"') if json.contains('\\') => {
                let value: String = serde_json::from_str(json).map_err(E::custom)?;
                self.grid.set_made(position, self.text, &value);
            }
            Some(b'"') => self.grid.set(position, start + 1, end - 1),
            Some(b'[') => return Err(self.fail(name, "is a list, not a single value", "是列表，而不是单个值")),
            Some(b'{') => return Err(self.fail(name, "is an object, not a single value", "是对象，而不是单个值")),
            Some(b'n') => self.grid.set(position, start, start),
            Some(b'-' | b'0'..=b'9') => return self.set_number(position, json, start),
            _ => self.grid.set(position, start, end),
        }
        Ok(())
    }

    /// Takes a number, in one form for texts made of it: a whole one without a fraction, an exponent with its sign.
    fn set_number<E: Error>(&mut self, position: usize, json: &str, start: usize) -> Result<(), E> {
        if is_infinite(json) {
            return Err(E::custom("number out of range"));
        }
        match json.find(['e', 'E']) {
            Some(at) if json.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit) => {
                let (before, after) = json.split_at_checked(at + 1).unwrap_or((json, ""));
                self.grid.set_made(position, self.text, &format!("{before}+{after}"));
            }
            _ => self.grid.set(position, start, start + whole(json).unwrap_or(json).len()),
        }
        Ok(())
    }
}

/// Digits of a whole number that a binary floating-point number holds for certain.
const EXACT_DIGITS: usize = 15;

/// Whether a JSON number is beyond every finite one.
fn is_infinite(number: &str) -> bool {
    let may_be = number.len() > 300 || number.contains(['e', 'E']);
    may_be && number.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// The whole number that a number with a fraction of zeros is: `7781` of `7781.0`. A larger one may have lost digits and stays.
fn whole(number: &str) -> Option<&str> {
    let (whole, zeros) = number.split_once('.')?;
    (whole.len() <= EXACT_DIGITS && zeros.bytes().all(|byte| byte == b'0')).then_some(whole)
}

/// An object: the line itself, or a group in it.
struct Object<'a, 'b, 'c> {
    keys: &'a Level,
    row: &'c mut Row<'b>,
    /// Whether it may be null: a group without fields.
    nullable: bool,
    /// Whether unknown keys are passed over.
    loose: bool,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.nullable { Ok(()) } else { Err(E::custom("null is no object")) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { keys, row, loose, .. } = self;
        let mut next = 0;
        while let Some(place) = map.next_key_seed(KeySeed { keys, next, row, loose })? {
            next = place + 1;
            match keys.get_index(place).map(|(_, key)| key) {
                None | Some(Key::Ignored) => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(Key::Group(fields)) => map.next_value_seed(Object { keys: fields, row, nullable: true, loose: false })?,
                Some(Key::Loose(fields)) => {
                    let json = map.next_value::<&RawValue>()?.get();
                    if json.starts_with('{') {
                        let object = Object { keys: fields, row, nullable: true, loose: true };
                        object.deserialize(&mut serde_json::Deserializer::from_str(json)).map_err(A::Error::custom)?;
                    }
                }
                Some(Key::Wanted(position)) => row.set(*position, map.next_value::<&RawValue>()?.get())?,
            }
        }
        Ok(())
    }
}

/// Finds the place of a key without copying it.
struct KeySeed<'a, 'b, 'c> {
    keys: &'a Level,
    next: usize,
    row: &'c mut Row<'b>,
    loose: bool,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_, '_> {
    type Value = usize;
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_, '_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        match find(self.keys, key, self.next) {
            Some(place) => Ok(place),
            // No key has that place.
            None if self.loose => Ok(self.keys.len()),
            None => Err(self.row.unknown(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_of_known_keys_pass() {
        let keys = Keys::new(&["a.b", "a.c", "plain"].map(str::to_owned), &["note".to_owned(), "a.x".to_owned()]);
        let judge = |line: &str| keys.take(line, line, &mut Grid::new(3));
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
        let loose = Keys::new(&["a.b".to_owned()], &["a".to_owned()]);
        for good in [r#"{"a": {"b": 1, "x": {"b": [1]}}}"#, r#"{"a": 5}"#, r#"{"a": [{}], "a.b": 1}"#] {
            assert_eq!(loose.take(good, good, &mut Grid::new(1)), Ok(()), "{good}");
        }
        let deep = format!("{{\"note\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(judge(&deep), Ok(()));
        assert!(judge(&deep.replace("note", "plain")).is_err());
    }
}
