//! Load of the interfaces by the second, and what becomes of it with more traffic or with an interface closed.

use std::borrow::Cow;

use crate::view::WhatIf;
use countersign_core::model::{InterfaceId, RuleSet, Timestamp, Zone};
use countersign_core::text::LocalText;
use countersign_run::Run;

/// Bins of the chart: at most so many.
const BINS: i64 = 240;
/// Lengths of a bin that a reader can name, in seconds.
const LENGTHS: [i64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400];
const MICROS: i64 = 1_000_000;

/// A second since 1970, and the requests in it.
type Count = (i64, u64);

/// Requests of every second as the draft routes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestsPerSecond {
    zone: Zone,
    /// Per interface of the rule set, sorted; seconds without a request have no entry.
    routed: Vec<Vec<Count>>,
    names: Vec<(InterfaceId, LocalText, Option<u32>)>,
    /// First and last second of all requests.
    span: Option<(i64, i64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LoadRow {
    pub id: InterfaceId,
    /// Its name for people; the id where it has none.
    pub title: LocalText,
    /// Requests it carries a second, where that is known.
    pub capacity: Option<u32>,
    /// Whether it is taken as closed.
    pub is_closed: bool,
    /// Where its load goes then; none where every interface that could take it is closed too.
    pub goes_to: Option<InterfaceId>,
    /// Requests in all, with the growth.
    pub requests: u64,
    pub peak: u64,
    pub peak_at: Option<String>,
    /// Seconds with more than the capacity; none where that is unknown.
    pub seconds_over: Option<u64>,
    /// Requests above the capacity; none where that is unknown.
    pub requests_over: Option<u64>,
    /// The busiest second in every bin of the chart.
    pub bins: Vec<f64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loads {
    /// The interfaces in the rule set's order.
    pub rows: Vec<LoadRow>,
    /// Requests that would go to a closed interface and find no other.
    pub lost: u64,
    /// The first bin's start: seconds since 1970.
    pub start: i64,
    /// How long a bin is, in seconds.
    pub bin_seconds: i64,
    /// The zone that times are shown in.
    pub zone: Zone,
}

impl RequestsPerSecond {
    /// Counts the requests of a backtest.
    pub fn of(run: &Run) -> Self {
        let definition = run.engine().definition();
        let rules: &RuleSet = &definition.rule_set;
        let mut all: Vec<Vec<i64>> = vec![Vec::new(); rules.interfaces.len()];
        let mut span: Option<(i64, i64)> = None;
        for row in 0..run.table().len() {
            let Some(time) = run.facts().time(row) else { continue };
            let second = time.micros().div_euclid(MICROS);
            span = Some(span.map_or((second, second), |(first, last)| (first.min(second), last.max(second))));
            let interface = run.decisions().shape(row).and_then(|shape| shape.interface);
            if let Some(seconds) = interface.and_then(|interface| all.get_mut(interface.at())) {
                seconds.push(second);
            }
        }
        let names = rules.interfaces.iter().map(|(id, interface)| {
            let title = if interface.title.en.is_empty() { LocalText::same(id.as_str()) } else { interface.title.clone() };
            (id.clone(), title, interface.capacity_per_second)
        });
        Self { zone: definition.schema.zone, names: names.collect(), routed: all.into_iter().map(counted).collect(), span }
    }

    /// The interface that takes the load of one: itself while it is open.
    fn taker(&self, at: usize, what_if: &WhatIf) -> Option<usize> {
        let mut now = at;
        for _ in 0..=self.names.len() {
            let (id, ..) = self.names.get(now)?;
            let Some(next) = what_if.closed.get(id) else { return Some(now) };
            now = self.names.iter().position(|(known, ..)| known == next)?;
        }
        None
    }

    pub fn ask(&self, what_if: &WhatIf) -> Loads {
        let growth = u64::from(what_if.growth_percent);
        let mut taken: Vec<Cow<'_, [Count]>> = vec![Cow::default(); self.names.len()];
        let mut nowhere = 0;
        let takers: Vec<Option<usize>> = (0..self.names.len()).map(|at| self.taker(at, what_if)).collect();
        for (seconds, taker) in self.routed.iter().zip(&takers) {
            match taker.and_then(|taker| taken.get_mut(taker)) {
                Some(place) if place.is_empty() => *place = Cow::Borrowed(seconds),
                Some(place) => *place = Cow::Owned(together(place, seconds)),
                None => nowhere += seconds.iter().map(|(_, count)| count).sum::<u64>(),
            }
        }
        let (first, last) = self.span.unwrap_or_default();
        let bin_seconds = LENGTHS.into_iter().find(|length| (last - first) / length < BINS).unwrap_or(604_800);
        let offset = i64::from(self.zone.seconds());
        let start = (first + offset).div_euclid(bin_seconds) * bin_seconds - offset;
        let bins = if self.span.is_some() { usize::try_from((last - start) / bin_seconds + 1).unwrap_or(0) } else { 0 };
        let rows = self.names.iter().enumerate().zip(&taken).map(|((at, (id, title, capacity)), seconds)| {
            let goes_to = takers.get(at).copied().flatten().and_then(|taker| self.names.get(taker));
            let row = LoadRow {
                id: id.clone(),
                title: title.clone(),
                capacity: *capacity,
                is_closed: what_if.closed.contains_key(id),
                goes_to: goes_to.map(|(id, ..)| id.clone()),
                requests: seconds.iter().map(|(_, count)| count).sum::<u64>() * growth / 100,
                peak: 0,
                peak_at: None,
                seconds_over: capacity.map(|_| 0),
                requests_over: capacity.map(|_| 0),
                bins: vec![0.0; bins],
            };
            measured(row, seconds, growth, (start, bin_seconds), self.zone)
        });
        Loads { rows: rows.collect(), lost: nowhere * growth / 100, start, bin_seconds, zone: self.zone }
    }
}

/// Fills in what the seconds say.
fn measured(mut row: LoadRow, seconds: &[Count], growth: u64, (start, length): (i64, i64), zone: Zone) -> LoadRow {
    let (mut over_hundredths, mut seconds_over, mut busiest) = (0_u64, 0, (0, 0));
    for (second, count) in seconds {
        // In hundredths of a request, so that growth is not rounded away.
        let load = count * growth;
        if load > busiest.0 {
            busiest = (load, *second);
        }
        if let Some(capacity) = row.capacity {
            let over = load.saturating_sub(u64::from(capacity) * 100);
            over_hundredths += over;
            seconds_over += u64::from(over > 0);
        }
        let bin = usize::try_from((second - start) / length).ok().and_then(|at| row.bins.get_mut(at));
        #[expect(clippy::cast_precision_loss, reason = "a height of a chart")]
        let height = load as f64 / 100.0;
        if let Some(bin) = bin {
            *bin = bin.max(height);
        }
    }
    if row.capacity.is_some() {
        (row.seconds_over, row.requests_over) = (Some(seconds_over), Some(over_hundredths.div_ceil(100)));
    }
    row.peak = busiest.0.div_ceil(100);
    let at = (busiest.0 > 0).then(|| Timestamp::from_micros(busiest.1.saturating_mul(MICROS))).flatten();
    row.peak_at = at.map(|at| zone.civil(at).to_string().replacen('T', " ", 1));
    row
}

/// Two counts by the second as one.
fn together(a: &[Count], b: &[Count]) -> Vec<Count> {
    let mut both = [a, b].concat();
    both.sort_unstable();
    let same = both.chunk_by(|a, b| a.0 == b.0);
    same.filter_map(|same| Some((same.first()?.0, same.iter().map(|(_, count)| count).sum()))).collect()
}

fn counted(mut seconds: Vec<i64>) -> Vec<Count> {
    seconds.sort_unstable();
    seconds.chunk_by(|a, b| a == b).filter_map(|same| Some((*same.first()?, same.len() as u64))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> RequestsPerSecond {
        let id = |name: &str| InterfaceId::new(name).unwrap();
        let names = vec![(id("one"), LocalText::same("One"), Some(3)), (id("two"), LocalText::same("Two"), None)];
        RequestsPerSecond {
            zone: Zone::default(),
            routed: vec![vec![(10, 2), (11, 3)], vec![(11, 2), (12, 1)]],
            names,
            span: Some((10, 12)),
        }
    }

    fn of(growth_percent: u32, closed: &[(&str, &str)]) -> Loads {
        let id = |name: &&str| InterfaceId::new(name).unwrap();
        let closed = closed.iter().map(|(from, to)| (id(from), id(to))).collect();
        two().ask(&WhatIf { growth_percent, closed })
    }

    #[test]
    fn growth_and_a_closed_interface_load_the_other() {
        let figures = |loads: &Loads| -> Vec<(u64, u64, Option<u64>, Option<u64>)> {
            loads.rows.iter().map(|row| (row.requests, row.peak, row.seconds_over, row.requests_over)).collect()
        };
        let plain = of(100, &[]);
        assert_eq!(figures(&plain), [(5, 3, Some(0), Some(0)), (3, 2, None, None)]);
        assert_eq!(plain.rows[0].bins, [2.0, 3.0, 0.0]);
        assert_eq!(figures(&of(150, &[]))[0], (7, 5, Some(1), Some(2)));
        let closed = of(100, &[("two", "one")]);
        assert_eq!(figures(&closed), [(8, 5, Some(1), Some(2)), (0, 0, None, None)]);
        assert!(closed.rows[1].is_closed && closed.rows[1].goes_to == Some(closed.rows[0].id.clone()));
        let both = of(100, &[("two", "one"), ("one", "two")]);
        assert_eq!((both.lost, both.rows[0].requests), (8, 0));
    }
}
