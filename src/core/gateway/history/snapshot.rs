//! What a history store keeps, as bytes: fields by their identity, each key with its events; a digest at the end.

use std::fmt;

use crate::engine::{HistoryError, HistoryEvent};
use crate::model::{Digest, Fen, Timestamp, Value};

const HEAD: &[u8] = b"countersign-history 1\n";
/// `sha256:` and the digits.
const DIGEST_BYTES: usize = 71;

/// Why a store cannot be made of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRestored {
    /// A derived field of the definition names fields or a function that there are not.
    Undefined(HistoryError),
    /// The bytes are no snapshot, or not the whole of one.
    Damaged,
}

impl fmt::Display for NotRestored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined(error) => error.fmt(f),
            Self::Damaged => f.write_str("the bytes are no whole snapshot of a history"),
        }
    }
}

impl std::error::Error for NotRestored {}

/// The events of one key.
pub(super) struct KeySnapshot {
    /// The position of the field's identity.
    pub(super) field: usize,
    pub(super) key: Vec<u8>,
    /// The time of the latest event that is forgotten.
    pub(super) forgotten: Option<Timestamp>,
    pub(super) events: Vec<HistoryEvent>,
}

pub(super) struct SnapshotWriter(Vec<u8>);

impl SnapshotWriter {
    pub(super) fn new(forgotten: i64, identities: &[String]) -> Self {
        let mut writer = Self(HEAD.to_vec());
        writer.number(forgotten);
        writer.length(identities.len());
        for identity in identities {
            writer.bytes(identity.as_bytes());
        }
        writer
    }

    pub(super) fn key(&mut self, field: usize, key: &[u8], forgotten: Option<Timestamp>, events: &[HistoryEvent]) {
        self.length(field);
        self.bytes(key);
        self.number(forgotten.map_or(i64::MIN, Timestamp::micros));
        self.length(events.len());
        for event in events {
            self.number(event.time.micros());
            self.value(&event.value);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        let digest = Digest::of(&self.0).to_string();
        self.0.extend(digest.as_bytes());
        self.0
    }

    fn number(&mut self, number: i64) {
        self.0.extend(number.to_le_bytes());
    }

    fn length(&mut self, length: usize) {
        self.0.extend((length as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend(bytes);
    }

    fn value(&mut self, value: &Value) {
        let (tag, number) = match value {
            Value::Missing => (0, None),
            Value::Bool(truth) => (1, Some(i64::from(*truth))),
            Value::Int(number) => (2, Some(*number)),
            Value::Money(amount) => (3, Some(amount.0)),
            Value::Float(number) => (4, Some(number.to_bits().cast_signed())),
            Value::Time(time) => (5, Some(time.micros())),
            Value::Text(_) => (6, None),
        };
        self.0.push(tag);
        if let Some(number) = number {
            self.number(number);
        }
        if let Value::Text(text) = value {
            self.bytes(text.as_bytes());
        }
    }
}

/// Reads what is left; nothing is made larger than the bytes that are there.
pub(super) struct SnapshotReader<'a> {
    rest: &'a [u8],
    pub(super) forgotten: i64,
    pub(super) identities: Vec<String>,
}

impl<'a> SnapshotReader<'a> {
    pub(super) fn new(snapshot: &'a [u8]) -> Result<Self, NotRestored> {
        let open = || {
            let (held, digest) = snapshot.split_at_checked(snapshot.len().checked_sub(DIGEST_BYTES)?)?;
            let is_whole = Digest::of(held).to_string().as_bytes() == digest;
            let mut reader = Self { rest: held.strip_prefix(HEAD).filter(|_| is_whole)?, forgotten: 0, identities: Vec::new() };
            reader.forgotten = reader.number()?;
            for _ in 0..reader.length()? {
                let identity = String::from_utf8(reader.bytes()?.to_vec()).ok()?;
                reader.identities.push(identity);
            }
            Some(reader)
        };
        open().ok_or(NotRestored::Damaged)
    }

    /// The next key; none at the end.
    pub(super) fn key(&mut self) -> Result<Option<KeySnapshot>, NotRestored> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.some_key().map(Some).ok_or(NotRestored::Damaged)
    }

    fn some_key(&mut self) -> Option<KeySnapshot> {
        let (field, key) = (self.length()?, self.bytes()?.to_vec());
        let forgotten = Timestamp::from_micros(self.number()?);
        let mut events = Vec::new();
        for _ in 0..self.length()? {
            events.push(HistoryEvent { time: Timestamp::from_micros(self.number()?)?, value: self.value()? });
        }
        Some(KeySnapshot { field, key, forgotten, events })
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        self.take(length)
    }

    fn value(&mut self) -> Option<Value> {
        Some(match self.take(1)? {
            [0] => Value::Missing,
            [1] => Value::Bool(self.number()? != 0),
            [2] => Value::Int(self.number()?),
            [3] => Value::Money(Fen(self.number()?)),
            [4] => Value::Float(f64::from_bits(self.number()?.cast_unsigned())),
            [5] => Value::Time(Timestamp::from_micros(self.number()?)?),
            [6] => Value::Text(std::str::from_utf8(self.bytes()?).ok()?.into()),
            _ => return None,
        })
    }
}
