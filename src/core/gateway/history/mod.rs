//! Derived fields where requests come one by one: a store keeps the events that windows can still reach.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use countersign_core::gateway::{Gateway, HistoryStore, MemoryHistory};
//!
//! # fn decide(gateway: &Gateway) -> Result<(), Box<dyn std::error::Error>> {
//! let serving = gateway.serving()?;
//! let store = MemoryHistory::new(serving.release().definition(), Duration::from_secs(600))?;
//! let mut request = serving.request();
//! request.set("request.id", "2014032400000001");
//! let request = store.observe(request.finish_for_store()?)?;
//! println!("{}", serving.answer(&serving.decide(&request)).verdict);
//! # Ok(())
//! # }
//! ```

mod snapshot;

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use crate::engine::{History, HistoryError, HistoryEvent};
use crate::model::{CurrentRequest, Definition, HistoryField, HistoryWindow, Request, Timestamp, Value};
pub use snapshot::NotRestored;
use snapshot::{SnapshotReader, SnapshotWriter};

/// Keeps what derived fields count.
pub trait HistoryStore: Send + Sync {
    /// Gives a request its derived fields, and counts it for the requests after it: each request is observed once, in the order in
    /// which they are to count. A request of an earlier time than one before it is counted where its time puts it; figures that were
    /// given before stay as they are.
    ///
    /// # Errors
    /// A figure cannot be computed: a condition fails, a sum leaves 64 bits, or the request came so late that events of its window may be
    /// forgotten. Such a request must not be decided; the fields that could be computed count it all the same.
    fn observe(&self, request: Request) -> Result<Request, HistoryError>;
}

/// How many parts of a store can be used at the same time.
const SHARDS: usize = 64;

/// A store in this process's memory: it gives what a dry run gives over the same requests in the order of their times. Of windows that a
/// length of time, the calendar or a number bounds it keeps what they can reach; of `Ever` and `Since` every event.
pub struct MemoryHistory {
    history: History,
    lateness: i64,
    /// Requests of an earlier time are refused.
    forgotten: AtomicI64,
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
    /// Held alone while a snapshot is taken, so that it has each request wholly or not at all.
    whole: RwLock<()>,
}

/// Events by field and key.
type Shard = HashMap<(usize, Vec<u8>), KeyEvents>;

#[derive(Debug, Default)]
struct KeyEvents {
    /// In order of time, those of equal times as they came.
    in_order: Vec<HistoryEvent>,
    /// The time of the latest event that is forgotten.
    forgotten: Option<Timestamp>,
}

impl fmt::Debug for MemoryHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryHistory").field("lateness", &self.lateness).field("events", &self.len()).finish_non_exhaustive()
    }
}

impl MemoryHistory {
    /// An empty store for the derived fields of a definition. A request may carry a time that much earlier than one that came before.
    ///
    /// # Errors
    /// A derived field names fields or a function that there are not.
    pub fn new(definition: &Definition, lateness: Duration) -> Result<Self, HistoryError> {
        Ok(Self {
            history: History::new(definition)?,
            lateness: i64::try_from(lateness.as_micros()).unwrap_or(i64::MAX),
            forgotten: AtomicI64::new(i64::MIN),
            hasher: RandomState::new(),
            shards: std::iter::repeat_with(Mutex::default).take(SHARDS).collect(),
            whole: RwLock::new(()),
        })
    }

    /// How many events are kept, over all fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| held(shard).values().map(|key| key.in_order.len()).sum::<usize>()).sum()
    }

    /// Whether no event is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what no window of a request at `now` or later can reach, also of keys that are used no more. Call it from time to time. A
    /// request of a time before `now` less the lateness is refused from then on.
    pub fn forget(&self, now: Timestamp) {
        self.forgotten.fetch_max(now.micros().saturating_sub(self.lateness), Ordering::AcqRel);
        for shard in &self.shards {
            held(shard).retain(|(field, _), key| {
                if let Some(field) = self.history.fields().get(*field) {
                    key.forget(self.unreachable(field, key, now));
                }
                !key.in_order.is_empty()
            });
        }
    }

    /// Everything that is kept, as bytes for [`MemoryHistory::restore`]. Requests wait until it is made.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let _alone = self.whole.write().unwrap_or_else(PoisonError::into_inner);
        let mut writer = SnapshotWriter::new(self.forgotten.load(Ordering::Acquire), &self.identities());
        for shard in &self.shards {
            for ((field, key), events) in held(shard).iter() {
                writer.key(*field, key, events.forgotten, &events.in_order);
            }
        }
        writer.finish()
    }

    /// A store for a definition with the events of a snapshot. A field that is defined otherwise than it was begins without events: the
    /// names of such fields are given too.
    ///
    /// # Errors
    /// The bytes are no whole snapshot, or a derived field names fields or a function that there are not.
    pub fn restore(definition: &Definition, lateness: Duration, snapshot: &[u8]) -> Result<(Self, Vec<String>), NotRestored> {
        let store = Self::new(definition, lateness).map_err(NotRestored::Undefined)?;
        let identities = store.identities();
        let mut reader = SnapshotReader::new(snapshot)?;
        store.forgotten.store(reader.forgotten, Ordering::Release);
        let positions: Vec<Option<usize>> =
            reader.identities.iter().map(|known| identities.iter().position(|identity| identity == known)).collect();
        while let Some(key) = reader.key()? {
            let Some(field) = positions.get(key.field).copied().flatten() else { continue };
            if let Some(mut shard) = store.shard(&key.key) {
                shard.insert((field, key.key), KeyEvents { in_order: key.events, forgotten: key.forgotten });
            }
        }
        let is_new = |at: usize| !positions.contains(&Some(at));
        let names = definition.schema.derived().enumerate().filter(|(at, _)| is_new(*at));
        let new = names.map(|(_, (_, name, ..))| name).collect();
        Ok((store, new))
    }

    fn identities(&self) -> Vec<String> {
        self.history.fields().iter().map(|field| self.history.schema().history_identity(field)).collect()
    }

    fn shard(&self, key: &[u8]) -> Option<MutexGuard<'_, Shard>> {
        let at = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).ok()?;
        self.shards.get(at).map(held)
    }

    /// The figure of one field, with the request counted for those after it.
    fn figure(&self, at: usize, field: &HistoryField, request: &Request) -> Result<Value, HistoryError> {
        let (Some(key), Some(now)) = (self.history.key(field, request), request.time(self.history.schema())) else {
            return Ok(Value::Missing);
        };
        let event = self.history.event(field, request)?;
        let Some(mut shard) = self.shard(&key) else { return Ok(Value::Missing) };
        let held = shard.entry((at, key)).or_default();
        let place = held.in_order.partition_point(|event| event.time <= now);
        let is_included = field.derived.current == CurrentRequest::Included;
        let mut end = place;
        if let Some(event) = event.clone().filter(|_| is_included) {
            held.in_order.insert(place, event);
            end += 1;
        }
        let value = match self.history.first_moment(field, request) {
            None => Ok(Value::Missing),
            Some(first) => match held.window(field, first, end) {
                None => Err(self.history.error(field, "the request came too late: events of its window are forgotten".to_owned())),
                Some(window) => self.history.value(field, held.in_order.get(window).unwrap_or(&[]), now),
            },
        };
        if let Some(event) = event.filter(|_| !is_included) {
            held.in_order.insert(place, event);
        }
        let latest = held.in_order.last().map_or(now, |event| event.time);
        let unreachable = self.unreachable(field, held, latest);
        // Seldom and many at once: each event is moved a few times at most.
        if 2 * unreachable > held.in_order.len() {
            held.forget(unreachable);
        }
        value
    }

    /// How many of the first events no window of a request can reach that comes after one at `now`.
    fn unreachable(&self, field: &HistoryField, held: &KeyEvents, now: Timestamp) -> usize {
        let Some(horizon) = Timestamp::from_micros(now.micros().saturating_sub(self.lateness)) else { return 0 };
        match &field.derived.over {
            over @ (HistoryWindow::Last(_) | HistoryWindow::Calendar(_)) => {
                let first = over.first_moment(horizon, self.history.schema().zone, None).unwrap_or(i64::MIN);
                held.in_order.partition_point(|event| event.time.micros() < first)
            }
            HistoryWindow::Events(most) => {
                let before = held.in_order.partition_point(|event| event.time <= horizon);
                before.saturating_sub(usize::try_from(*most).unwrap_or(usize::MAX))
            }
            HistoryWindow::Ever | HistoryWindow::Since(_) => 0,
        }
    }
}

impl KeyEvents {
    fn forget(&mut self, count: usize) {
        if let Some(last) = self.in_order.get(..count).and_then(<[HistoryEvent]>::last) {
            self.forgotten = Some(last.time);
            self.in_order.drain(..count);
        }
    }

    /// Where the events lie that a window holds which ends before the event `end`; none where some of them are forgotten.
    fn window(&self, field: &HistoryField, first: i64, end: usize) -> Option<Range<usize>> {
        if let HistoryWindow::Events(most) = &field.derived.over {
            let most = usize::try_from(*most).unwrap_or(usize::MAX);
            return (self.forgotten.is_none() || end >= most).then(|| end.saturating_sub(most)..end);
        }
        let is_whole = self.forgotten.is_none_or(|forgotten| forgotten.micros() < first);
        let start = self.in_order.partition_point(|event| event.time.micros() < first);
        is_whole.then(|| start.min(end)..end)
    }
}

impl HistoryStore for MemoryHistory {
    fn observe(&self, mut request: Request) -> Result<Request, HistoryError> {
        let _together = self.whole.read().unwrap_or_else(PoisonError::into_inner);
        let time = request.time(self.history.schema()).map_or(i64::MAX, Timestamp::micros);
        let mut failed = None;
        let mut values = Vec::new();
        for (at, field) in self.history.fields().iter().enumerate() {
            if time < self.forgotten.load(Ordering::Acquire) {
                let why = "the request came too late: events of its window may be forgotten".to_owned();
                return Err(self.history.error(field, why));
            }
            match self.figure(at, field, &request) {
                Ok(value) => values.push((field.field, value)),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
        for (field, value) in values {
            request.set(field, value);
        }
        Ok(request)
    }
}

fn held(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
