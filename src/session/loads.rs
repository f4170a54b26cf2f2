//! Load per interface over time against its capacity, as it is and as it would be with more traffic or a closed interface.

use std::collections::{BTreeMap, HashMap};

use super::deciding::Impact;
use super::results::Done;
use super::view::WhatIf;
use crate::model::{InterfaceId, Timestamp};
use crate::text::LocalText;

/// At most so many bins on the time axis.
const BINS: i64 = 240;

/// One interface's load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InterfaceLoad {
    /// Requests routed there, with the growth asked for.
    pub requests: u64,
    /// The busiest second.
    pub peak: u64,
    /// When that is, in microseconds since 1970.
    pub peak_at: i64,
    /// Seconds with more requests than it carries; none where its capacity is unknown.
    pub seconds_over: Option<u64>,
    /// Requests above what it carries, over all those seconds.
    pub requests_over: Option<u64>,
    /// The busiest second of every bin.
    pub peak_per_bin: Vec<u64>,
    /// Requests of every bin.
    pub per_bin: Vec<u64>,
}

/// The load of every interface.
#[derive(Clone, Debug, Default)]
pub struct Loads {
    /// What was asked.
    pub what_if: WhatIf,
    /// When the first bin starts, in seconds since 1970.
    pub start_second: i64,
    /// How long a bin is.
    pub bin_seconds: i64,
    /// Every interface of the draft, in its order: id, name, capacity a second, load.
    pub interfaces: Vec<(InterfaceId, LocalText, Option<u32>, InterfaceLoad)>,
    /// Requests that no interface is chosen for.
    pub unrouted: u64,
}

impl Loads {
    /// The question of 2014 for one interface, answered in a sentence.
    #[must_use]
    pub fn answer(&self, interface: &InterfaceId) -> Option<LocalText> {
        let (_, title, capacity, load) = self.interfaces.iter().find(|(id, ..)| id == interface)?;
        let (en, zh) = (title.get(crate::text::Language::En), title.get(crate::text::Language::Zh));
        let Some(capacity) = capacity else {
            return Some(LocalText::new(format!("{en}: its capacity is not known"), format!("{zh}：容量未知")));
        };
        let peak = load.peak;
        match load.seconds_over {
            Some(0) | None => Some(LocalText::new(
                format!("{en} carries it: at most {peak} a second, {capacity} are possible"),
                format!("{zh}可以承载：每秒最多 {peak} 笔，容量 {capacity} 笔"),
            )),
            Some(over) => Some(LocalText::new(
                format!("{en} is overloaded for {over} seconds: up to {peak} a second, {capacity} are possible"),
                format!("{zh}有 {over} 秒超出容量：每秒最多 {peak} 笔，容量 {capacity} 笔"),
            )),
        }
    }
}

/// Counts the load.
pub(super) fn loads(impact: &Impact, what_if: &WhatIf) -> Done {
    let run = &impact.new;
    let rules = &run.engine().definition().rule_set;
    let index = |id: &InterfaceId| rules.interfaces.get_index_of(id);
    let mut sent_to: Vec<usize> = (0..rules.interfaces.len()).collect();
    for (from, to) in &what_if.closed {
        if let (Some(from), Some(to)) = (index(from), index(to))
            && let Some(place) = sent_to.get_mut(from)
        {
            *place = to;
        }
    }
    let mut seconds: HashMap<(usize, i64), u64> = HashMap::new();
    let mut unrouted = 0;
    for row in 0..run.table().len() {
        let routed = run.decisions().shape(row).and_then(|shape| shape.interface);
        let to = routed.and_then(|interface| sent_to.get(interface.at()));
        match (to, run.facts().time(row)) {
            (Some(to), Some(time)) => *seconds.entry((*to, second(time))).or_default() += 1,
            (None, _) => unrouted += 1,
            (Some(_), None) => {}
        }
    }
    let first = seconds.keys().map(|(_, second)| *second).min().unwrap_or(0);
    let last = seconds.keys().map(|(_, second)| *second).max().unwrap_or(0);
    let bin_seconds = ((last - first) / BINS + 1).max(1);
    let bins = usize::try_from((last - first) / bin_seconds + 1).unwrap_or(1);
    let mut loads: BTreeMap<usize, InterfaceLoad> = BTreeMap::new();
    let mut sorted: Vec<((usize, i64), u64)> = seconds.into_iter().collect();
    sorted.sort_unstable();
    for ((interface, second), count) in sorted {
        let count = (count * u64::from(what_if.growth_percent)).div_ceil(100);
        let capacity = rules.interfaces.get_index(interface).and_then(|(_, held)| held.capacity_per_second);
        let bin = usize::try_from((second - first) / bin_seconds).unwrap_or(0);
        add(loads.entry(interface).or_default(), second, count, capacity, (bin, bins));
    }
    let interfaces = rules.interfaces.iter().enumerate().map(|(at, (id, held))| {
        let mut load = loads.remove(&at).unwrap_or_default();
        if held.capacity_per_second.is_some() {
            load.seconds_over.get_or_insert(0);
            load.requests_over.get_or_insert(0);
        }
        load.per_bin.resize(bins, 0);
        load.peak_per_bin.resize(bins, 0);
        (id.clone(), held.title.clone(), held.capacity_per_second, load)
    });
    let interfaces = interfaces.collect();
    Done::Loads(Box::new(Loads { what_if: what_if.clone(), start_second: first, bin_seconds, interfaces, unrouted }))
}

fn add(load: &mut InterfaceLoad, second: i64, count: u64, capacity: Option<u32>, (bin, bins): (usize, usize)) {
    load.requests += count;
    if count > load.peak {
        (load.peak, load.peak_at) = (count, second.saturating_mul(1_000_000));
    }
    if let Some(over) = capacity.map(|capacity| count.saturating_sub(u64::from(capacity))) {
        *load.seconds_over.get_or_insert(0) += u64::from(over > 0);
        *load.requests_over.get_or_insert(0) += over;
    }
    load.per_bin.resize(bins, 0);
    load.peak_per_bin.resize(bins, 0);
    if let Some(sum) = load.per_bin.get_mut(bin) {
        *sum += count;
    }
    if let Some(peak) = load.peak_per_bin.get_mut(bin) {
        *peak = (*peak).max(count);
    }
}

fn second(time: Timestamp) -> i64 {
    time.micros().div_euclid(1_000_000)
}
