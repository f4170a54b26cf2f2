//! Which requests a figure of one request counts, found by looking at all of them once.

use serde::Serialize;

use countersign_core::engine::{History, in_window};
use countersign_core::model::{CurrentRequest, Definition, HistoryField, MASK, Timestamp, Value};
use countersign_core::text::{LocalText, counted, grouped};
use countersign_requests::Table;

/// How many of the counted requests are named.
const NAMED: usize = 5;

/// A derived field of one request, and what it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contributions {
    pub field: String,
    /// Empty where it is missing.
    pub value: String,
    /// How many requests it counts.
    pub requests: u64,
    /// The keys of the first of them, in order of time.
    pub first: Vec<String>,
}

impl Contributions {
    /// The figure in a sentence without an end.
    #[must_use]
    pub fn sentence(&self) -> LocalText {
        let Self { field, value, requests, first } = self;
        let (shown, shown_zh) = if value.is_empty() { ("missing", "空") } else { (value.as_str(), value.as_str()) };
        let keys: Vec<String> = first.iter().map(|key| format!("`{key}`")).collect();
        let more = if *requests > NAMED as u64 { ", …" } else { "" };
        let (of, of_zh) = if keys.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(": {}{more}", keys.join(", ")), format!("：{}{more}", keys.join("、")))
        };
        LocalText::new(
            format!("`{field}` is {shown}, from {}{of}", counted(*requests, "request", "requests")),
            format!("`{field}` 为 {shown_zh}，来自 {} 条请求{of_zh}", grouped(*requests)),
        )
    }
}

/// The derived fields of a row; `table` has them computed. None of a definition without derived fields, or one that cannot be computed.
#[must_use]
pub fn contributions(definition: &Definition, table: &Table, row: usize) -> Vec<Contributions> {
    let schema = &definition.schema;
    let Some(history) = schema.has_derived().then(|| History::new(definition).ok()).flatten() else { return Vec::new() };
    let each = history.fields().iter().map(|field| {
        let value = match table.value(row, field.field) {
            Value::Missing => String::new(),
            _ if schema.field(field.field).is_some_and(|held| held.personal) => MASK.to_owned(),
            value => value.show(schema.zone),
        };
        let keys = counted_keys(&history, field, table, row);
        Contributions {
            field: schema.name_of(field.field).unwrap_or_default(),
            value,
            requests: keys.len() as u64,
            first: keys.into_iter().take(NAMED).map(|(table, row)| table.key(row)).collect(),
        }
    });
    each.collect()
}

/// The requests that a figure of a row counts, in order.
fn counted_keys<'t>(history: &History, field: &HistoryField, table: &'t Table, row: usize) -> Vec<(&'t Table, usize)> {
    let request = table.request(row);
    let (key, time) = (history.key(field, &request), request.time(table.schema()));
    let (Some(_), Some(now), Some(first)) = (&key, time, history.first_moment(field, &request)) else { return Vec::new() };
    let mut events: Vec<(Timestamp, (&Table, usize))> = Vec::new();
    let tables = table.earlier().iter().map(|earlier| (earlier.as_ref(), false)).chain([(table, true)]);
    for (held, is_own) in tables {
        for at in 0..held.len() {
            // Most requests are of another key: one value tells.
            if field.derived.by.iter().any(|by| held.value(at, *by) != *request.get(*by)) {
                continue;
            }
            let other = held.request(at);
            let is_before = other.time(table.schema()).is_some_and(|time| time < now || time == now && (!is_own || at < row));
            let is_current = is_own && at == row && field.derived.current == CurrentRequest::Included;
            if (is_before || is_current)
                && history.key(field, &other) == key
                && let Ok(Some(event)) = history.event(field, &other)
            {
                events.push((event.time, (held, at)));
            }
        }
    }
    events.sort_by_key(|(time, _)| *time);
    let times: Vec<Timestamp> = events.iter().map(|(time, _)| *time).collect();
    events.into_iter().skip(in_window(field, &times, first)).map(|(_, place)| place).collect()
}
