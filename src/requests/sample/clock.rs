//! When requests arrive: by the hour of the day, the day of the week, and one sale that begins on the stroke of ten.

use super::random::Random;
use super::tables::{HOURS, WEEKDAYS};

const HOUR: i64 = 3_600;

/// The sale draws so many requests at most.
const SALE_LARGEST: u64 = 2_000;
/// Its rush lasts so many seconds.
const SALE_SECONDS: u64 = 20;

/// Times drawn before they are counted by the second.
const DRAWN: usize = 1 << 20;

/// Sorted arrival times in seconds since 1970, counted: however many requests there are, there are only so many seconds.
#[derive(Debug)]
pub(super) struct Arrivals {
    counted: std::vec::IntoIter<(i64, u64)>,
    /// The current second, and how many more requests arrive in it.
    now: (i64, u64),
}

impl Iterator for Arrivals {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        while self.now.1 == 0 {
            self.now = self.counted.next()?;
        }
        self.now.1 -= 1;
        Some(self.now.0)
    }
}

/// Draws so many arrivals from `from` to just before `until`, in a zone `east` seconds east of Greenwich.
pub(super) fn arrivals(random: &mut Random, count: u64, from: i64, until: i64, east: i64) -> Arrivals {
    let hours = busy_hours(from, until, east);
    let total = hours.last().map_or(0, |(upto, ..)| *upto);
    let sale = sale(from, until, east);
    let in_sale = if sale.is_some() { (count / 50).min(SALE_LARGEST) } else { 0 };
    let mut counted: Vec<(i64, u64)> = Vec::new();
    let mut drawn = (0..count).map(|at| match sale {
        Some(start) if at < in_sale => start.saturating_add_unsigned(random.low(SALE_SECONDS, 2)),
        _ => usual(random, &hours, total),
    });
    loop {
        let before = counted.len();
        counted.extend(drawn.by_ref().take(DRAWN).map(|second| (second, 1)));
        if counted.len() == before {
            return Arrivals { counted: counted.into_iter(), now: (0, 0) };
        }
        counted.sort_unstable();
        counted.dedup_by(|next, kept| {
            let again = next.0 == kept.0;
            kept.1 += if again { next.1 } else { 0 };
            again
        });
    }
}

/// Every hour of the period: the weight of all hours up to its end, its start and its length, in seconds.
fn busy_hours(from: i64, until: i64, east: i64) -> Vec<(u64, i64, i64)> {
    let mut hours = Vec::new();
    let (mut upto, mut start) = (0, from);
    while start < until {
        let local = start + east;
        let end = (start - local.rem_euclid(HOUR) + HOUR).min(until);
        let length = end - start;
        upto += weight(local) * length.unsigned_abs();
        hours.push((upto, start, length));
        start = end;
    }
    hours
}

/// How busy the hour of a local time is.
fn weight(local: i64) -> u64 {
    let days = local.div_euclid(24 * HOUR);
    // 1970 began on a Thursday.
    let weekday = usize::try_from((days + 3).rem_euclid(7)).unwrap_or(0);
    let hour = usize::try_from(local.rem_euclid(24 * HOUR) / HOUR).unwrap_or(0);
    let of = |table: &[u64], at: usize| table.get(at).copied().unwrap_or(1);
    of(&HOURS, hour) * of(&WEEKDAYS, weekday)
}

fn usual(random: &mut Random, hours: &[(u64, i64, i64)], total: u64) -> i64 {
    let drawn = random.below(total);
    let at = hours.partition_point(|(upto, ..)| *upto <= drawn);
    let (_, start, length) = hours.get(at).copied().unwrap_or_default();
    start.saturating_add_unsigned(random.below(length.unsigned_abs()))
}

/// The sale begins at ten on a day three fifths into the period; none in a period of under two days.
fn sale(from: i64, until: i64, east: i64) -> Option<i64> {
    let day = 24 * HOUR;
    if until - from < 2 * day {
        return None;
    }
    let local = from + (until - from) * 3 / 5 + east;
    let start = local - local.rem_euclid(day) + 10 * HOUR - east;
    (from <= start && start + i64::try_from(SALE_SECONDS).unwrap_or(0) <= until).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_are_quiet_and_the_sale_is_not() {
        let (from, days, east) = (1_395_590_400, 10, 8 * HOUR);
        let times: Vec<i64> = arrivals(&mut Random::new(1, 1), 50_000, from, from + days * 24 * HOUR, east).collect();
        assert!(times.is_sorted() && times.len() == 50_000);
        assert!(times.iter().all(|time| (from..from + days * 24 * HOUR).contains(time)));
        let in_hour = |hour: i64| times.iter().filter(|time| (*time + east).rem_euclid(24 * HOUR) / HOUR == hour).count();
        assert!(in_hour(20) > 8 * in_hour(3), "{} {}", in_hour(20), in_hour(3));
        let start = sale(from, from + days * 24 * HOUR, east).unwrap();
        let rush = times.iter().filter(|time| (start..start + 20).contains(*time)).count();
        assert!((1_000..1_010).contains(&rush), "{rush}");
    }
}
