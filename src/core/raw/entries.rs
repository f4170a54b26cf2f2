//! Entries that each have an id: a map in a workspace, a list of records that begin with the id in a release.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::RawForm;

/// Entries in the order they are written; an id that is written twice is there twice.
#[derive(Clone, Debug, PartialEq)]
pub struct RawEntries<T, F>(pub Vec<(String, T)>, PhantomData<F>);

impl<T, F> Default for RawEntries<T, F> {
    fn default() -> Self {
        Self(Vec::new(), PhantomData)
    }
}

impl<T, F> FromIterator<(String, T)> for RawEntries<T, F> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(entries: I) -> Self {
        Self(entries.into_iter().collect(), PhantomData)
    }
}

/// Always as a map; the printer of releases makes lists of them.
impl<T: Serialize, F> Serialize for RawEntries<T, F> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(id, value)| (id, value)))
    }
}

impl<'de, T: Deserialize<'de>, F: RawForm> Deserialize<'de> for RawEntries<T, F> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let visitor = EntriesVisitor(PhantomData);
        if F::IS_RELEASE { from.deserialize_seq(visitor) } else { from.deserialize_map(visitor) }
    }
}

struct EntriesVisitor<T, F>(PhantomData<(T, F)>);

impl<'de, T: Deserialize<'de>, F> Visitor<'de> for EntriesVisitor<T, F> {
    type Value = RawEntries<T, F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entries in `{ }`, each a name in quotes, `:` and a value")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(RawEntries(entries, PhantomData))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let mut entries = Vec::new();
        while let Some(ListedEntry(id, value)) = list.next_element()? {
            entries.push((id, value));
        }
        Ok(RawEntries(entries, PhantomData))
    }
}

/// An entry as a release has it: `(id: …, …)`.
struct ListedEntry<T>(String, T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ListedEntry<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_struct("ListedEntry", &["id"], ListedVisitor(PhantomData))
    }
}

struct ListedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListedVisitor<T> {
    type Value = ListedEntry<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record that begins with its id")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        if !matches!(map.next_key::<String>()?.as_deref(), Some("id" | "code")) {
            return Err(M::Error::missing_field("id"));
        }
        let id = map.next_value()?;
        let value = T::deserialize(MapAccessDeserializer::new(WorkspaceNames(map)))?;
        Ok(ListedEntry(id, value))
    }
}

/// The fields of a release's record by the names that they have in a workspace: `kind` is `type` there.
struct WorkspaceNames<M>(M);

impl<'de, M: MapAccess<'de>> MapAccess<'de> for WorkspaceNames<M> {
    type Error = M::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, M::Error> {
        let Some(name) = self.0.next_key::<String>()? else { return Ok(None) };
        let name = if name == "kind" { "type" } else { name.as_str() };
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, M::Error> {
        self.0.next_value_seed(seed)
    }
}
