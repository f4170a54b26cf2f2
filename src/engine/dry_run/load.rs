//! Load per interface over time, against what the interface carries.
//!
//! Two loads are counted: where requests *arrive* (the schema's interface field) and where decisions *route* them. A request without a
//! route loads no interface: it was declined, or failed. A second is over capacity when it holds more requests than
//! `capacity_per_second`. Figures are those of the file as it stands: a sample of one request in ten shows a tenth of the load.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::Facts;
use super::recorded::Decisions;
use super::sums::ByLabel;
use crate::model::{InterfaceId, RuleId, RuleIndex, RuleSet, Timestamp, Zone};
use crate::text::LocalText;

/// The busiest second or minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Peak {
    /// Requests in it.
    pub requests: u64,
    /// When it starts; the first where several are as busy.
    pub at: String,
}

/// The load of one interface.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traffic {
    /// Requests in all.
    pub requests: u64,
    /// The busiest second.
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
    /// How many requests it sent there.
    pub requests: u64,
}

/// One interface with what arrives and what is sent there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InterfaceLoad {
    /// The interface.
    pub interface: InterfaceId,
    /// Its name for people.
    pub title: LocalText,
    /// Requests it carries a second, where that is known.
    pub capacity_per_second: Option<u32>,
    /// What is sent there by the decisions.
    pub routed: Traffic,
    /// What arrives there.
    pub arriving: Traffic,
    /// Who sent it there, most first.
    pub routed_by: Vec<RoutedBy>,
}

/// The load of all interfaces.
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

/// Counts the load of a dry run.
pub(crate) fn load(rule_set: &RuleSet, zone: Zone, facts: &Facts, decisions: &Decisions, sums: &[ByLabel]) -> Load {
    let seconds = || (0..facts.len()).filter_map(|row| facts.time(row).map(second));
    let bins = match (seconds().min(), seconds().max()) {
        (Some(first), Some(last)) => Bins::over(first, last, zone),
        _ => Bins { start: 0, seconds: 1, count: 0 },
    };
    let known: Vec<Option<usize>> =
        facts.arriving_names().iter().map(|name| rule_set.interfaces.get_index_of(name.as_ref())).collect();
    let arriving_at = |row| known.get(facts.arriving(row)? as usize).copied().flatten();
    let routed_to = |row| Some(decisions.shape(row)?.interface?.at());
    let count = rule_set.interfaces.len();
    let capacities: Vec<Option<u32>> = rule_set.interfaces.values().map(|interface| interface.capacity_per_second).collect();
    let routed = traffic(facts, &capacities, bins, zone, routed_to);
    let arriving = traffic(facts, &capacities, bins, zone, arriving_at);
    let mut senders = senders(rule_set, decisions, sums, count);
    let interfaces = rule_set.interfaces.iter().zip(routed).zip(arriving).zip(&mut senders);
    let interfaces = interfaces.map(|((((id, interface), routed), arriving), routed_by)| InterfaceLoad {
        interface: id.clone(),
        title: interface.title.clone(),
        capacity_per_second: interface.capacity_per_second,
        routed,
        arriving,
        routed_by: std::mem::take(routed_by),
    });
    Load {
        first_bin: (bins.count > 0).then(|| show(bins.start, zone)),
        bin_seconds: bins.seconds.unsigned_abs(),
        interfaces: interfaces.collect(),
        unrouted: (0..facts.len()).filter(|row| routed_to(*row).is_none()).count() as u64,
        arriving_elsewhere: elsewhere(facts, &known),
    }
}

fn elsewhere(facts: &Facts, known: &[Option<usize>]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let foreign = |number: &u32| known.get(*number as usize).is_some_and(Option::is_none);
    for number in (0..facts.len()).filter_map(|row| facts.arriving(row)).filter(foreign) {
        if let Some(name) = facts.arriving_names().get(number as usize) {
            *counts.entry(name.as_ref().to_owned()).or_default() += 1;
        }
    }
    counts
}

/// For every interface who sent requests there, most first, then in the order of the rules, the default last.
fn senders(rule_set: &RuleSet, decisions: &Decisions, sums: &[ByLabel], interfaces: usize) -> Vec<Vec<RoutedBy>> {
    let mut counts: Vec<BTreeMap<usize, u64>> = vec![BTreeMap::new(); interfaces];
    for (shape, count) in decisions.shapes().iter().zip(sums.iter().map(|sums| sums.all().requests)) {
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

/// The load of every interface, by the interface each row falls to.
fn traffic(
    facts: &Facts,
    capacities: &[Option<u32>],
    bins: Bins,
    zone: Zone,
    interface_of: impl Fn(usize) -> Option<usize>,
) -> Vec<Traffic> {
    let mut seconds: Vec<Vec<i64>> = vec![Vec::new(); capacities.len()];
    let mut all: Vec<Traffic> = capacities.iter().map(|capacity| Traffic::quiet(*capacity, bins)).collect();
    for row in 0..facts.len() {
        let Some(interface) = interface_of(row) else { continue };
        if let Some(traffic) = all.get_mut(interface) {
            traffic.requests += 1;
        }
        if let (Some(seconds), Some(time)) = (seconds.get_mut(interface), facts.time(row)) {
            seconds.push(second(time));
        }
    }
    for ((traffic, mut seconds), capacity) in all.iter_mut().zip(seconds).zip(capacities) {
        seconds.sort_unstable();
        traffic.measure(&seconds, *capacity, bins, zone);
    }
    all
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

    /// Counts from the sorted seconds of all requests.
    fn measure(&mut self, seconds: &[i64], capacity: Option<u32>, bins: Bins, zone: Zone) {
        let mut busiest_second: Option<(u64, i64)> = None;
        for run in seconds.chunk_by(|one, next| one == next) {
            let Some(second) = run.first() else { continue };
            let requests = run.len() as u64;
            busiest_second = busier(busiest_second, requests, *second);
            if let Some(place) = self.per_bin.get_mut(bins.at(*second)) {
                *place += requests;
            }
            if let Some(place) = self.peak_per_bin.get_mut(bins.at(*second)) {
                *place = requests.max(*place);
            }
            let over = requests.saturating_sub(capacity.map_or(u64::MAX, u64::from));
            if over > 0 {
                self.seconds_over_capacity = self.seconds_over_capacity.map(|count| count + 1);
                self.requests_over_capacity = self.requests_over_capacity.map(|count| count + over);
            }
        }
        let minute = |second: &i64| second.div_euclid(60);
        let mut busiest_minute: Option<(u64, i64)> = None;
        for run in seconds.chunk_by(|one, next| minute(one) == minute(next)) {
            let Some(second) = run.first() else { continue };
            busiest_minute = busier(busiest_minute, run.len() as u64, minute(second) * 60);
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
        traffic.measure(&[1, 1, 1, 5, 59, 60, 60, 61, 61, 61], Some(2), bins, Zone::default());
        assert_eq!(traffic.seconds_over_capacity, Some(2));
        assert_eq!(traffic.requests_over_capacity, Some(2));
        assert_eq!(traffic.peak_second, Some(Peak { requests: 3, at: "1970-01-01T00:00:01+00:00".to_owned() }));
        assert_eq!(traffic.peak_minute, Some(Peak { requests: 5, at: "1970-01-01T00:00:00+00:00".to_owned() }));
        assert_eq!((traffic.per_bin, traffic.peak_per_bin), (vec![5, 5], vec![3, 3]));
    }
}
