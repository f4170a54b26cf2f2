//! One line of JSON Lines into a row of a grid: an object with known keys, each given once.
//!
//! The text of a value is taken as the line has it, without quotes: numbers keep the digits they were written with.

use std::collections::BTreeSet;
use std::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::collector::FileFault;
use super::grid::Grid;
use countersign_core::text::LocalText;

/// How many keys further on are looked at before a key is looked up: writers keep an order, and leave out what is missing.
const AHEAD: usize = 4;
/// A name of so many parts is known in all of its forms.
const FORMS_OF: usize = 6;
/// How many unknown keys of a part of a file are kept.
const MOST_UNKNOWN: usize = 1_000;

/// The keys of a line or of a group in it.
#[derive(Debug, Default)]
struct KeyLevel {
    /// The groups it is in, each with a dot after it.
    prefix: String,
    keys: IndexMap<String, JsonKey>,
    /// Whether other keys are not wanted, rather than unknown.
    ignores_others: bool,
}

#[derive(Debug)]
enum JsonKey {
    /// A wanted column, by position.
    Wanted(usize),
    /// An object with wanted columns in it.
    Group(KeyLevel),
    /// Not wanted.
    Ignored,
}

/// The keys a line may have.
#[derive(Debug)]
pub(super) struct JsonKeys {
    top: KeyLevel,
    names: Vec<String>,
}

impl KeyLevel {
    /// Adds a name in every form that it may have: `a.b.c` as a key, `b.c` in `a`, `c` in `a.b`, `c` in `b` in `a`.
    fn add(&mut self, name: &str, key: Option<usize>) {
        match (self.keys.get_mut(name), key) {
            (None, Some(position)) => drop(self.keys.insert(name.to_owned(), JsonKey::Wanted(position))),
            (None, None) => drop(self.keys.insert(name.to_owned(), JsonKey::Ignored)),
            // What else is in a group that is not wanted.
            (Some(JsonKey::Group(group)), None) => group.ignores_others = true,
            (Some(_), _) => {}
        }
        // A name of many parts has too many forms: its outer groups are objects then.
        let few = name.split('.').count() <= FORMS_OF;
        for (at, _) in name.match_indices('.').take(if few { FORMS_OF } else { 1 }) {
            let (Some(outer), Some(inner)) = (name.get(..at), name.get(at + 1..)) else { continue };
            let prefix = format!("{}{outer}.", self.prefix);
            let new = || JsonKey::Group(Self { prefix, ..Self::default() });
            if let JsonKey::Group(group) = self.keys.entry(outer.to_owned()).or_insert_with(new) {
                group.add(inner, key);
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LineFault {
    pub(super) key: Option<String>,
    pub(super) reason: LocalText,
}

impl JsonKeys {
    /// `wanted` as dotted or plain names; `ignored` the same.
    pub(super) fn new(wanted: &[String], ignored: &[String]) -> Self {
        let mut top = KeyLevel::default();
        for (position, name) in wanted.iter().enumerate() {
            top.add(name, Some(position));
        }
        for name in ignored {
            top.add(name, None);
        }
        Self { top, names: wanted.to_vec() }
    }

    /// Appends a line to `grid`, whose rows are of `text`; the line is a part of it. A line that is wrong leaves nothing; keys that nobody
    /// asked for are added to `faults`.
    pub(super) fn take(&self, text: &str, line: &str, grid: &mut Grid, faults: &mut BTreeSet<FileFault>) -> Result<(), LineFault> {
        grid.add_row();
        let mut row = GridRow { text, names: &self.names, grid, fault: None, faults };
        let mut json = serde_json::Deserializer::from_str(line);
        let object = Object { keys: &self.top, row: &mut row, nullable: false };
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
fn find(keys: &IndexMap<String, JsonKey>, key: &str, next: usize) -> Option<usize> {
    let near = (next..next + AHEAD).find(|place| keys.get_index(*place).is_some_and(|(name, _)| name == key));
    near.or_else(|| keys.get_index_of(key))
}

/// A line on its way into the last row of a grid.
struct GridRow<'a, 'f> {
    /// The text that the line is a part of.
    text: &'a str,
    names: &'a [String],
    grid: &'a mut Grid,
    fault: Option<LineFault>,
    faults: &'f mut BTreeSet<FileFault>,
}

impl GridRow<'_, '_> {
    fn fail<E: Error>(&mut self, key: &str, en: impl Into<String>, zh: impl Into<String>) -> E {
        self.fault = Some(LineFault { key: Some(key.to_owned()), reason: LocalText::new(en, zh) });
        E::custom("refused")
    }

    fn unknown(&mut self, prefix: &str, key: &str) {
        if self.faults.len() < MOST_UNKNOWN {
            let key: String = key.chars().take(100).collect();
            self.faults.insert(FileFault::UnknownKey(format!("{prefix}{key}")));
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
struct Object<'a, 'b, 'c, 'f> {
    keys: &'a KeyLevel,
    row: &'c mut GridRow<'b, 'f>,
    /// Whether it may be null: a group without fields.
    nullable: bool,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_, '_, '_> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.nullable { Ok(()) } else { Err(E::custom("null is no object")) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { keys, row, .. } = self;
        let mut next = 0;
        while let Some(place) = map.next_key_seed(KeySeed { keys, next, row })? {
            next = place.map_or(next, |place| place + 1);
            match place.and_then(|place| keys.keys.get_index(place)).map(|(_, key)| key) {
                None | Some(JsonKey::Ignored) => {
                    map.next_value::<IgnoredAny>()?;
                }
                // Of a group that is ignored, what is no object is passed over.
                Some(JsonKey::Group(fields)) if fields.ignores_others => {
                    let json = map.next_value::<&RawValue>()?.get();
                    if json.starts_with('{') {
                        let object = Object { keys: fields, row, nullable: true };
                        object.deserialize(&mut serde_json::Deserializer::from_str(json)).map_err(A::Error::custom)?;
                    }
                }
                Some(JsonKey::Group(fields)) => map.next_value_seed(Object { keys: fields, row, nullable: true })?,
                Some(JsonKey::Wanted(position)) => row.set(*position, map.next_value::<&RawValue>()?.get())?,
            }
        }
        Ok(())
    }
}

/// Finds the place of a key without copying it.
struct KeySeed<'a, 'b, 'c, 'f> {
    keys: &'a KeyLevel,
    next: usize,
    row: &'c mut GridRow<'b, 'f>,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_, '_, '_> {
    type Value = Option<usize>;
    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_, '_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        let found = find(&self.keys.keys, key, self.next);
        if found.is_none() && !self.keys.ignores_others {
            self.row.unknown(&self.keys.prefix, key);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_keys_have_every_form() {
        let keys = JsonKeys::new(&["a.b.c.d", "a.e"].map(str::to_owned), &["a".to_owned()]);
        for line in [
            r#"{"a.b.c.d": 1, "a.e": 2}"#,
            r#"{"a": {"b": {"c": {"d": 1}}, "e": 2, "other": 3}}"#,
            r#"{"a.b": {"c.d": 1}, "a": {"e": 2}}"#,
            r#"{"a": {"b.c": {"d": 1}, "e": 2, "f": {"g": 1}}}"#,
        ] {
            let mut grid = Grid::new(2);
            let mut faults = BTreeSet::new();
            keys.take(line, line, &mut grid, &mut faults).unwrap();
            assert_eq!([0, 1].map(|column| grid.column(line, column).get(0)), [Some("1"), Some("2")], "{line}");
            assert!(faults.is_empty(), "{line}: {faults:?}");
        }
    }

    #[test]
    fn only_objects_of_known_keys_pass() {
        let keys = JsonKeys::new(&["a.b", "a.c", "plain"].map(str::to_owned), &["note".to_owned(), "a.x".to_owned()]);
        let mut faults = BTreeSet::new();
        let mut judge = |line: &str| keys.take(line, line, &mut Grid::new(3), &mut faults);
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
        let faults = |line: &str| {
            let mut faults = BTreeSet::new();
            assert_eq!(keys.take(line, line, &mut Grid::new(3), &mut faults), Ok(()), "{line}");
            faults
                .into_iter()
                .map(|fault| match fault {
                    FileFault::UnknownKey(key) => key,
                    other => format!("{other:?}"),
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(r#"{"plian": 1, "a": {"d": 1, "x": 2}, "note": {"y": 1}}"#), ["a.d", "plian"]);
        let loose = JsonKeys::new(&["a.b".to_owned()], &["a".to_owned()]);
        for good in [r#"{"a": {"b": 1, "x": {"b": [1]}}}"#, r#"{"a": 5}"#, r#"{"a": [{}], "a.b": 1}"#] {
            assert_eq!(loose.take(good, good, &mut Grid::new(1), &mut BTreeSet::new()), Ok(()), "{good}");
        }
        let deep = format!("{{\"note\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(judge(&deep), Ok(()));
        assert!(judge(&deep.replace("note", "plain")).is_err());
    }
}
