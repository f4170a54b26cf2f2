//! Flips by part of the requests: the values of every field of named values, and days or weeks.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Flips;
use super::known::{KnownEffect, VerdictCells, directions};
use crate::Run;
use crate::decisions::Sums;
use countersign_core::model::{Field, FieldIndex, FieldType, Schema, Timestamp, Zone};
use countersign_core::text::LocalText;

const DAY_MICROS: i64 = 86_400_000_000;

/// How many days are shown one by one; longer spans are shown by weeks, or by more weeks at a time.
const DAYS_SHOWN: i64 = 62;
const WEEKS_SHOWN: i64 = 120;

/// Requests that have something in common, and what changes among them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SegmentLine {
    /// The value of the field, or the day that it begins with.
    pub value: String,
    pub text: LocalText,
    /// All requests, flips or not.
    pub requests: u64,
    /// Requests with a milder verdict.
    pub milder: Sums,
    /// Requests with a stricter one.
    pub stricter: Sums,
    /// Requests with the same verdict, and something else that differs.
    pub other: Sums,
    /// What changes for requests whose outcome is known; none where that of no request is.
    pub known: Option<KnownEffect>,
}

impl SegmentLine {
    pub fn flips(&self) -> u64 {
        self.milder.requests + self.stricter.requests + self.other.requests
    }
}

/// The segments of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldSegments {
    pub field: String,
    pub text: LocalText,
    /// The values that occur, in the schema's order.
    pub values: Vec<SegmentLine>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Segments {
    /// Every field of named values that identifies nobody.
    pub fields: Vec<FieldSegments>,
    /// How many days each of the spans covers.
    pub span_days: i64,
    /// From the first request to the last; spans without a request are left out.
    pub over_time: Vec<SegmentLine>,
}

/// Requests of every segment being added up.
#[derive(Clone, Debug, Default)]
pub(crate) struct SegmentsTally {
    /// By field and number of the value.
    fields: BTreeMap<(u16, usize), SegmentTally>,
    /// By days since 1970.
    days: BTreeMap<i64, SegmentTally>,
}

#[derive(Clone, Debug, Default)]
struct SegmentTally {
    requests: u64,
    cells: VerdictCells,
}

fn segment_fields(schema: &Schema) -> impl Iterator<Item = (FieldIndex, String, &Field)> {
    schema.fields().filter(|(_, _, field)| matches!(field.kind, FieldType::Enum(_)) && !field.personal)
}

impl SegmentsTally {
    /// Adds requests that follow those added before.
    pub(super) fn add(&mut self, new: &Run, flips: &Flips) {
        let (facts, schema) = (new.facts(), new.table().schema());
        let cell_of = |tally: &mut SegmentTally, flip: &super::Flip| {
            let (old, now) = flips.verdicts(flip);
            let cell = tally.cells.get_mut(old as usize).and_then(|row| row.get_mut(now as usize));
            if let Some(cell) = cell {
                cell.add(facts.label(flip.row), facts.amount(flip.row));
            }
        };
        for (index, _, field) in segment_fields(schema) {
            let FieldType::Enum(known) = &field.kind else { continue };
            let values = facts.named_values(index);
            let places: Vec<Option<usize>> = values.names.iter().map(|name| known.values.get_index_of(name.as_ref())).collect();
            let place = |row: usize| places.get(values.get(row)? as usize).copied().flatten();
            let mut counts = vec![0_u64; known.values.len()];
            for row in 0..facts.len() {
                place(row).and_then(|at| counts.get_mut(at)).into_iter().for_each(|count| *count += 1);
            }
            for (at, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                self.fields.entry((index.0, at)).or_default().requests += count;
            }
            for flip in flips.all() {
                if let Some(at) = place(flip.row) {
                    cell_of(self.fields.entry((index.0, at)).or_default(), flip);
                }
            }
        }
        let day = |row: usize| Some(day_of(facts.time(row)?, schema.zone));
        let (mut last, mut count) = (None, 0);
        for row in 0..facts.len() {
            let day = day(row);
            if day != last {
                self.add_to_day(last, count);
                (last, count) = (day, 0);
            }
            count += 1;
        }
        self.add_to_day(last, count);
        for flip in flips.all() {
            if let Some(day) = day(flip.row) {
                cell_of(self.days.entry(day).or_default(), flip);
            }
        }
    }

    fn add_to_day(&mut self, day: Option<i64>, requests: u64) {
        if let Some(day) = day {
            self.days.entry(day).or_default().requests += requests;
        }
    }

    pub(super) fn put_together(&self, schema: &Schema, is_labelled: bool) -> Segments {
        let line = |value: String, text: LocalText, tally: &SegmentTally| {
            let [milder, stricter, other] = directions(&tally.cells);
            let known = is_labelled.then(|| KnownEffect::of(&tally.cells));
            SegmentLine { value, text, requests: tally.requests, milder, stricter, other, known }
        };
        let fields = segment_fields(schema).map(|(index, name, field)| {
            let held = self.fields.range((index.0, 0)..=(index.0, usize::MAX));
            let values = held.filter_map(|((_, at), tally)| {
                let FieldType::Enum(known) = &field.kind else { return None };
                let (value, text) = known.values.get_index(*at)?;
                let text = if text.en.is_empty() { LocalText::same(value) } else { text.clone() };
                Some(line(value.clone(), text, tally))
            });
            FieldSegments { field: name, text: field.text.clone(), values: values.collect() }
        });
        let days = self.days.first_key_value().zip(self.days.last_key_value());
        let span_days = days.map_or(1, |((first, _), (last, _))| span_days(last - first + 1));
        let mut spans: BTreeMap<i64, SegmentTally> = BTreeMap::new();
        for (day, tally) in &self.days {
            let span = spans.entry(span_start(*day, span_days)).or_default();
            span.requests += tally.requests;
            let cells = span.cells.as_flattened_mut().iter_mut().zip(tally.cells.as_flattened());
            cells.for_each(|(sum, more)| sum.merge(more));
        }
        let over_time = spans.iter().map(|(start, tally)| {
            let date = date_of(*start, schema.zone);
            line(date.clone(), LocalText::same(date), tally)
        });
        Segments { fields: fields.collect(), span_days, over_time: over_time.collect() }
    }
}

fn day_of(time: Timestamp, zone: Zone) -> i64 {
    (time.micros() + i64::from(zone.seconds()) * 1_000_000).div_euclid(DAY_MICROS)
}

fn date_of(day: i64, zone: Zone) -> String {
    let micros = day.saturating_mul(DAY_MICROS) - i64::from(zone.seconds()) * 1_000_000;
    let time = Timestamp::from_micros(micros.max(Timestamp::MIN.micros()));
    time.map(|time| zone.civil(time).date().to_string()).unwrap_or_default()
}

/// How many days a span covers, where so many days are to be shown.
fn span_days(days: i64) -> i64 {
    if days <= DAYS_SHOWN {
        return 1;
    }
    let mut span = 7;
    while days / span > WEEKS_SHOWN {
        span *= 2;
    }
    span
}

/// The day a span begins with; weeks begin on Mondays. The first day of 1970 was a Thursday.
fn span_start(day: i64, span_days: i64) -> i64 {
    if span_days == 1 { day } else { (day + 3).div_euclid(span_days) * span_days - 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone_and_weeks_begin_on_mondays() {
        let zone = Zone::parse("+08:00").unwrap();
        let cases = [
            ("2014-03-24T00:00:00", 1, "2014-03-24"),
            ("2014-03-24T23:59:59", 1, "2014-03-24"),
            ("2014-03-23T23:59:59", 7, "2014-03-17"),
            ("2014-03-24T00:00:00", 7, "2014-03-24"),
            ("1960-01-03T12:00:00", 7, "1959-12-28"),
        ];
        for (time, span, start) in cases {
            let day = day_of(zone.parse_time(time).unwrap(), zone);
            assert_eq!(date_of(span_start(day, span), zone), start, "{time}");
        }
        assert_eq!([1, 62, 63, 840, 848, 3_000_000].map(span_days), [1, 1, 7, 7, 14, 28_672]);
    }
}
