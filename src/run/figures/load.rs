//! Load per interface over time, against what the interface carries.
//!
//! Two loads are counted: where requests *arrive* (the schema's interface field) and where decisions *route* them. A request without a
//! route loads no interface: it was declined, or failed. A second is over capacity when it holds more requests than
//! `capacity_per_second`. Figures are those of the file as it stands: a sample of one request in ten shows a tenth of the load.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::decisions::ByLabel;
use crate::decisions::Facts;
use crate::decisions::{DecisionOutline, Decisions};
use countersign_core::model::{InterfaceId, RuleId, RuleIndex, RuleSet, Timestamp, Zone};
use countersign_core::text::LocalText;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Peak {
    pub requests: u64,
    /// When it starts; the first where several are as busy.
    pub at: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traffic {
    pub requests: u64,
    pub peak_second: Option<Peak>,
    /// The busiest minute of the clock.
    pub peak_minute: Option<Peak>,
    /// Seconds with more requests than the capacity; `None` where the capacity is unknown.
    pub seconds_over_capacity: Option<u64>,
    /// Requests above the capacity, over all those seconds; `None` where the capacity is unknown.
    pub requests_over_capacity: Option<u64>,
    /// Requests in every bin of the chart.
    pub per_bin: Vec<u64>,
    /// The busiest second in every bin of the chart.
    pub peak_per_bin: Vec<u64>,
}

/// Which rule sent requests to an interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutedBy {
    /// The rule; none for the stage's default.
    pub rule: Option<RuleId>,
    pub requests: u64,
}

/// One interface with what arrives and what is sent there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InterfaceLoad {
    pub interface: InterfaceId,
    pub title: LocalText,
    /// Requests it carries a second, where that is known.
    pub capacity_per_second: Option<u32>,
    /// What is sent there by the decisions.
    pub routed: Traffic,
    pub arriving: Traffic,
    /// Who sent it there, most first.
    pub routed_by: Vec<RoutedBy>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Load {
    /// When the chart's first bin starts; none without a request.
    pub first_bin: Option<String>,
    /// How long a bin of the chart is.
    pub bin_seconds: u64,
    /// Every interface of the rule set, in its order.
    pub interfaces: Vec<InterfaceLoad>,
    /// Requests that no interface is chosen for.
    pub unrouted: u64,
    /// Requests that arrive on an interface that the rule set does not know, by name.
    pub arriving_elsewhere: BTreeMap<String, u64>,
}

/// The bins of the chart: where they start, how long one is, how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bins {
    start: i64,
    seconds: i64,
    count: usize,
}

/// At most this many bins: one every few points on a page.
const BINS: i64 = 168;

/// Lengths that a reader of a chart can name, in seconds.
const LENGTHS: [i64; 15] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];

impl Bins {
    /// Bins over the whole seconds `first..=last`, starting at a round local time.
    fn over(first: i64, last: i64, zone: Zone) -> Self {
        let offset = i64::from(zone.seconds());
        let span = last - first + 1;
        let days = (span / 86_400 / BINS + 1) * 86_400;
        let seconds = LENGTHS.into_iter().find(|length| span / length < BINS).unwrap_or(days);
        let start = (first + offset).div_euclid(seconds) * seconds - offset;
        let count = usize::try_from((last - start) / seconds + 1).unwrap_or(0);
        Self { start, seconds, count }
    }

    fn at(self, second: i64) -> usize {
        usize::try_from((second - self.start) / self.seconds).unwrap_or(usize::MAX)
    }
}

fn second(time: Timestamp) -> i64 {
    time.micros().div_euclid(1_000_000)
}

fn show(second: i64, zone: Zone) -> String {
    let micros = second.saturating_mul(1_000_000).max(Timestamp::MIN.micros());
    Timestamp::from_micros(micros).map(|time| zone.format(time)).unwrap_or_default()
}

/// Requests by place: what is sent to an interface at twice its number, what arrives there at the place after that.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArrivalCounts {
    requests: Vec<u64>,
    elsewhere: BTreeMap<String, u64>,
}

/// How many requests fall to a place in a second, by place and second.
pub(crate) type InSecond = (usize, i64, u64);

impl ArrivalCounts {
    /// Counts requests, and gives their seconds in order for every place.
    pub(crate) fn add(&mut self, rule_set: &RuleSet, facts: &Facts, decisions: &Decisions) -> Vec<Vec<i64>> {
        let names = facts.arriving_names();
        let known: Vec<Option<usize>> = names.iter().map(|name| rule_set.interfaces.get_index_of(name.as_ref())).collect();
        let routed = decisions.by_kind(|_, shape| shape.interface);
        let mut seconds: Vec<Vec<i64>> = vec![Vec::new(); 2 * rule_set.interfaces.len()];
        self.requests.resize(seconds.len(), 0);
        for (row, kind) in decisions.kind_numbers().iter().enumerate() {
            let time = facts.time(row).map(second);
            let mut count = |place: usize| {
                self.requests.get_mut(place).into_iter().for_each(|count| *count += 1);
                seconds.get_mut(place).into_iter().for_each(|seconds| seconds.extend(time));
            };
            if let Some(interface) = routed.get(*kind as usize).copied().flatten() {
                count(2 * interface.at());
            }
            let Some(number) = facts.arriving(row).map(|number| number as usize) else { continue };
            match (known.get(number).copied().flatten(), names.get(number)) {
                (Some(interface), _) => count(2 * interface + 1),
                (None, Some(name)) => *self.elsewhere.entry(name.as_ref().to_owned()).or_default() += 1,
                (None, None) => {}
            }
        }
        for seconds in &mut seconds {
            seconds.sort_unstable();
        }
        seconds
    }

    fn at(&self, place: usize) -> u64 {
        self.requests.get(place).copied().unwrap_or_default()
    }
}

/// The seconds of every place, counted.
pub(crate) fn in_seconds(seconds: &[Vec<i64>]) -> impl Iterator<Item = InSecond> + '_ {
    seconds.iter().enumerate().flat_map(|(place, seconds)| {
        let runs = seconds.chunk_by(|one, next| one == next);
        runs.filter_map(move |run| Some((place, *run.first()?, run.len() as u64)))
    })
}

/// The load of a dry run whose requests arrived within `span`; `seconds` come in order.
pub(crate) fn load(
    (rule_set, zone): (&RuleSet, Zone),
    (shapes, sums): (&[Arc<DecisionOutline>], &[ByLabel]),
    arrivals: &ArrivalCounts,
    span: Option<(Timestamp, Timestamp)>,
    seconds: impl Iterator<Item = InSecond>,
) -> Load {
    let bins = match span {
        Some((first, last)) => Bins::over(second(first), second(last), zone),
        None => Bins { start: 0, seconds: 1, count: 0 },
    };
    let mut seconds = seconds.peekable();
    let mut traffic = |place: usize, capacity: Option<u32>| {
        let mut traffic = Traffic { requests: arrivals.at(place), ..Traffic::quiet(capacity, bins) };
        let own = std::iter::from_fn(|| seconds.next_if(|(at, ..)| *at == place)).map(|(_, second, requests)| (second, requests));
        traffic.measure(own, capacity, bins, zone);
        traffic
    };
    let mut senders = senders(rule_set, shapes, sums);
    let mut interfaces = Vec::with_capacity(rule_set.interfaces.len());
    for ((at, (id, interface)), routed_by) in rule_set.interfaces.iter().enumerate().zip(&mut senders) {
        let capacity = interface.capacity_per_second;
        interfaces.push(InterfaceLoad {
            interface: id.clone(),
            title: interface.title.clone(),
            capacity_per_second: capacity,
            routed: traffic(2 * at, capacity),
            arriving: traffic(2 * at + 1, capacity),
            routed_by: std::mem::take(routed_by),
        });
    }
    let unrouted = shapes.iter().zip(sums).filter(|(shape, _)| shape.interface.is_none());
    Load {
        first_bin: (bins.count > 0).then(|| show(bins.start, zone)),
        bin_seconds: bins.seconds.unsigned_abs(),
        interfaces,
        unrouted: unrouted.map(|(_, sums)| sums.all().requests).sum(),
        arriving_elsewhere: arrivals.elsewhere.clone(),
    }
}

/// For every interface who sent requests there, most first, then in the order of the rules, the default last.
fn senders(rule_set: &RuleSet, shapes: &[Arc<DecisionOutline>], sums: &[ByLabel]) -> Vec<Vec<RoutedBy>> {
    let mut counts: Vec<BTreeMap<usize, u64>> = vec![BTreeMap::new(); rule_set.interfaces.len()];
    for (shape, count) in shapes.iter().zip(sums.iter().map(|sums| sums.all().requests)) {
        if let Some(place) = shape.interface.and_then(|interface| counts.get_mut(interface.at())) {
            *place.entry(shape.routed_by.map_or(usize::MAX, RuleIndex::at)).or_default() += count;
        }
    }
    let ids: Vec<&RuleId> = rule_set.rules().map(|(_, _, rule)| &rule.id).collect();
    let named = |counts: BTreeMap<usize, u64>| {
        let mut senders: Vec<RoutedBy> =
            counts.into_iter().map(|(rule, requests)| RoutedBy { rule: ids.get(rule).map(|id| (*id).clone()), requests }).collect();
        senders.sort_by_key(|sender| std::cmp::Reverse(sender.requests));
        senders
    };
    counts.into_iter().map(named).collect()
}

impl Traffic {
    fn quiet(capacity: Option<u32>, bins: Bins) -> Self {
        Self {
            seconds_over_capacity: capacity.map(|_| 0),
            requests_over_capacity: capacity.map(|_| 0),
            per_bin: vec![0; bins.count],
            peak_per_bin: vec![0; bins.count],
            ..Self::default()
        }
    }

    /// Counts from the requests of every second, in order.
    fn measure(&mut self, seconds: impl Iterator<Item = (i64, u64)>, capacity: Option<u32>, bins: Bins, zone: Zone) {
        let (mut busiest_second, mut busiest_minute, mut minute) = (None, None, (0, i64::MIN));
        for (second, requests) in seconds {
            busiest_second = busier(busiest_second, requests, second);
            let start = second.div_euclid(60) * 60;
            minute = if minute.1 == start { (minute.0 + requests, start) } else { (requests, start) };
            busiest_minute = busier(busiest_minute, minute.0, start);
            if let Some(place) = self.per_bin.get_mut(bins.at(second)) {
                *place += requests;
            }
            if let Some(place) = self.peak_per_bin.get_mut(bins.at(second)) {
                *place = requests.max(*place);
            }
            let over = requests.saturating_sub(capacity.map_or(u64::MAX, u64::from));
            if over > 0 {
                self.seconds_over_capacity = self.seconds_over_capacity.map(|count| count + 1);
                self.requests_over_capacity = self.requests_over_capacity.map(|count| count + over);
            }
        }
        let peak = |(requests, at)| Peak { requests, at: show(at, zone) };
        self.peak_second = busiest_second.map(peak);
        self.peak_minute = busiest_minute.map(peak);
    }
}

fn busier(known: Option<(u64, i64)>, requests: u64, at: i64) -> Option<(u64, i64)> {
    match known {
        Some((most, _)) if most >= requests => known,
        _ => Some((requests, at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_start_at_round_local_times_and_cover_every_second() {
        let zone = Zone::parse("+08:00").unwrap();
        let time = |text| second(zone.parse_time(text).unwrap());
        let cases = [
            ("2014-03-24T09:00:03", "2014-03-24T09:00:07", 1, "2014-03-24T09:00:03"),
            ("2014-03-24T09:00:03", "2014-03-24T10:00:00", 30, "2014-03-24T09:00:00"),
            ("2014-03-24T03:04:05", "2014-03-25T03:04:05", 600, "2014-03-24T03:00:00"),
            ("2014-03-20T03:04:05", "2014-03-26T23:59:59", 3_600, "2014-03-20T03:00:00"),
            ("2014-01-01T03:04:05", "2014-03-31T23:59:59", 86_400, "2014-01-01T00:00:00"),
            ("0002-01-01", "9998-01-01", 86_400 * 21_732, "0001-01-02T08:00:00"),
        ];
        for (first, last, seconds, start) in cases {
            let bins = Bins::over(time(first), time(last), zone);
            assert_eq!((bins.seconds, show(bins.start, zone)), (seconds, format!("{start}+08:00")), "{first} to {last}");
            assert_eq!(bins.at(time(first)), 0);
            assert_eq!(bins.at(time(last)) + 1, bins.count);
            assert!(bins.count <= 170, "{}", bins.count);
        }
    }

    #[test]
    fn peaks_and_seconds_over_capacity_are_counted() {
        let bins = Bins { start: 0, seconds: 60, count: 2 };
        let mut traffic = Traffic::quiet(Some(2), bins);
        traffic.measure([(1, 3), (5, 1), (59, 1), (60, 2), (61, 3)].into_iter(), Some(2), bins, Zone::default());
        assert_eq!(traffic.seconds_over_capacity, Some(2));
        assert_eq!(traffic.requests_over_capacity, Some(2));
        assert_eq!(traffic.peak_second, Some(Peak { requests: 3, at: "1970-01-01T00:00:01+00:00".to_owned() }));
        assert_eq!(traffic.peak_minute, Some(Peak { requests: 5, at: "1970-01-01T00:00:00+00:00".to_owned() }));
        assert_eq!((traffic.per_bin, traffic.peak_per_bin), (vec![5, 5], vec![3, 3]));
    }
}
