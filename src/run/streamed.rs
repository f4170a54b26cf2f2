//! A dry run, or a comparison, of more requests than memory holds: they come in parts, one table after the other.
//!
//! Memory holds one part, the figures added up, and some thousands of numbers of what only all requests together tell: who the distinct
//! customers are, and how many requests fall into a second. More of these than memory should hold are sorted in a scratch file.
//! The figures are those of all requests in one table. Customers are told apart by 128 bits that nobody can foresee.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io;
use std::sync::Arc;

use crate::Comparison;
use crate::compare::{Figures, FlipCustomers, FlipPlaces, FlipTally};
use crate::decisions::{Facts, group_customers};
use crate::figures::{Distinct, Duplicates, InSecond, Summary, Tally};
use crate::identity::Identity;
use crate::{NotDecided, Run};
use countersign_core::engine::Engine;
use countersign_core::model::Value;
use countersign_core::progress::Progress;
use countersign_core::storage::ScratchFactory;
use countersign_requests::{ExternalSort, SortedPairs, Table};

/// Why requests were not decided.
#[derive(Debug)]
pub enum Failed {
    /// The job was cancelled, or the old rule set reads fields that the requests do not have.
    NotDecided(NotDecided),
    /// A scratch file cannot be made, written or read.
    Scratch(io::Error),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Scratch(error)
    }
}

/// What customers are counted by; the number of a group within it stands in the lower half.
#[derive(Clone, Copy)]
enum By {
    Verdict,
    Transition,
    Interfaces,
    Flips,
}

/// A dry run, or a comparison, part by part.
pub struct Streamed<'a> {
    new: &'a Engine,
    old: Option<(&'a Engine, Identity)>,
    tally: Tally,
    flips: FlipTally,
    /// Hashes of customers with what they count in.
    customers: ExternalSort<'a>,
    /// Places and seconds with how many requests fall there.
    seconds: ExternalSort<'a>,
    hashers: (RandomState, RandomState),
}

impl<'a> Streamed<'a> {
    /// Nothing decided yet; compared with `old`, where there is one. Of each kind of number that is sorted, so many are held in memory.
    pub fn new(new: &'a Engine, old: Option<&'a Engine>, (scratch, held): (ScratchFactory<'a>, usize)) -> Self {
        Self {
            new,
            old: old.map(|old| (old, Identity::new(old, new))),
            tally: Tally::default(),
            flips: FlipTally::default(),
            customers: ExternalSort::new(scratch, held),
            seconds: ExternalSort::new(scratch, held),
            hashers: Default::default(),
        }
    }

    /// Decides the next requests, on all cores; with the comparison, where there is an old rule set.
    ///
    /// # Errors
    /// See [`Failed`].
    pub fn add(&mut self, rows: &Arc<Table>, progress: &Progress) -> Result<(Run, Option<Comparison>), Failed> {
        let (run, comparison) = match &self.old {
            None => (Run::new(self.new, rows, progress).map_err(Failed::NotDecided)?, None),
            Some((old, _)) => {
                let comparison = Comparison::new(old, self.new, rows, progress).map_err(Failed::NotDecided)?;
                (comparison.new_run().clone(), Some(comparison))
            }
        };
        self.count(&run, comparison.as_ref())?;
        Ok((run, comparison))
    }

    fn count(&mut self, run: &Run, comparison: Option<&Comparison>) -> io::Result<()> {
        let (facts, decisions) = (run.facts(), run.decisions());
        for (place, seconds) in self.tally.add(run).iter().enumerate() {
            for same in seconds.chunk_by(|one, next| one == next) {
                let Some(second) = same.first() else { continue };
                self.seconds.push((pack(place, *second), same.len() as u64))?;
            }
        }
        let hashes = self.hashes(facts, run.table());
        let verdicts = decisions.by_kind(|_, shape| shape.verdict as usize);
        let verdict_of = |row: usize| verdicts.get(*decisions.kind_numbers().get(row)? as usize).copied();
        self.note(By::Verdict, &group_customers(facts, verdict_of), &hashes)?;
        if let Some(comparison) = comparison {
            let places = FlipPlaces::new(comparison);
            let numbers = self.flips.add(&places);
            self.note(By::Transition, &group_customers(facts, |row| Some(places.transition(row))), &hashes)?;
            self.note(By::Interfaces, &group_customers(facts, |row| Some(places.interfaces(row))), &hashes)?;
            let group = |row| numbers.get(places.group(row)?).copied();
            self.note(By::Flips, &group_customers(facts, group), &hashes)?;
        }
        Ok(())
    }

    /// A hash of every customer of a part, by the number it has there.
    fn hashes(&self, facts: &Facts, rows: &Table) -> Vec<Option<u128>> {
        let schema = rows.schema();
        let field = schema.roles.customer.as_ref().and_then(|name| schema.find(name.as_str()));
        let mut hashes: Vec<Option<u128>> = Vec::new();
        let Some((field, _)) = field else { return hashes };
        for row in 0..facts.len() {
            let Some(number) = facts.customer(row).map(|number| number as usize) else { continue };
            if number >= hashes.len() {
                hashes.resize(number + 1, None);
            }
            if let Some(place @ None) = hashes.get_mut(number) {
                *place = Some(match rows.value(row, field) {
                    Value::Text(text) => hash(&self.hashers, text.as_ref()),
                    Value::Int(number) => hash(&self.hashers, number),
                    _ => continue,
                });
            }
        }
        hashes
    }

    fn note(&mut self, by: By, customers: &[(usize, u32)], hashes: &[Option<u128>]) -> io::Result<()> {
        for (group, customer) in customers {
            if let Some(hash) = hashes.get(*customer as usize).copied().flatten() {
                self.customers.push((hash, (by as u64) << 32 | *group as u64))?;
            }
        }
        Ok(())
    }

    /// The figures of all parts; `duplicates` are the keys that occur more than once.
    ///
    /// # Errors
    /// A scratch file cannot be read.
    pub fn finish(self, duplicates: Duplicates) -> io::Result<(Summary, Option<Figures>)> {
        let (customers, counts) = distinct(self.customers.sorted())?;
        let [by_verdict, transitions, interfaces, groups] = counts;
        let distinct = Distinct { customers, by_verdict, duplicates };
        let mut seconds = Seconds { sorted: self.seconds.sorted(), open: None, failed: None };
        let summary = Summary::put_together(self.new.definition(), &self.tally, &distinct, &mut seconds);
        if let Some(error) = seconds.failed {
            return Err(error);
        }
        let distinct = FlipCustomers { transitions, interfaces, groups };
        let schema = &self.new.definition().schema;
        Ok((summary, self.old.map(|(_, identity)| Figures::put_together(&identity, schema, self.flips, &distinct))))
    }
}

fn hash(hashers: &(RandomState, RandomState), value: impl std::hash::Hash) -> u128 {
    u128::from(hashers.0.hash_one(&value)) << 64 | u128::from(hashers.1.hash_one(&value))
}

/// Counts distinct customers: all, and by verdict, transition, interfaces and group of flips.
fn distinct(sorted: SortedPairs) -> io::Result<(u64, [Vec<u64>; 4])> {
    let (mut all, mut counts) = (0, [vec![0; 4], Vec::new(), Vec::new(), Vec::new()]);
    let mut last = None;
    for pair in sorted {
        let pair = pair?;
        if last == Some(pair) {
            continue;
        }
        all += u64::from(last.map(|(hash, _)| hash) != Some(pair.0));
        last = Some(pair);
        let group = usize::try_from(pair.1 & u64::from(u32::MAX)).unwrap_or(usize::MAX);
        let by = usize::try_from(pair.1 >> 32).unwrap_or(usize::MAX);
        let Some(counts) = counts.get_mut(by) else { continue };
        if group >= counts.len() {
            counts.resize(group + 1, 0_u64);
        }
        counts.get_mut(group).into_iter().for_each(|count| *count += 1);
    }
    Ok((all, counts))
}

/// A place and a second as a number, in the same order.
fn pack(place: usize, second: i64) -> u128 {
    (place as u128) << 64 | u128::from(second.cast_unsigned() ^ 1 << 63)
}

fn unpack(packed: u128) -> (usize, i64) {
    let second = u64::try_from(packed & u128::from(u64::MAX)).unwrap_or_default() ^ 1 << 63;
    (usize::try_from(packed >> 64).unwrap_or(usize::MAX), second.cast_signed())
}

/// Requests by place and second, in order, the counts of all parts added up.
struct Seconds {
    sorted: SortedPairs,
    open: Option<(u128, u64)>,
    failed: Option<io::Error>,
}

impl Iterator for &mut Seconds {
    type Item = InSecond;

    fn next(&mut self) -> Option<InSecond> {
        loop {
            let next = match self.sorted.next() {
                Some(Err(error)) => {
                    self.failed = Some(error);
                    return None;
                }
                Some(Ok(pair)) => Some(pair),
                None => None,
            };
            match (&mut self.open, next) {
                (Some((at, requests)), Some((next, more))) if *at == next => *requests += more,
                (open, next) => {
                    let done = std::mem::replace(open, next);
                    if let Some((at, requests)) = done {
                        let (place, second) = unpack(at);
                        return Some((place, second, requests));
                    }
                    next?;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_before_1970_come_before_those_after() {
        let all = [(0, i64::MIN), (0, -1), (0, 0), (0, i64::MAX), (1, -5), (7, 5)];
        let packed = all.map(|(place, second)| pack(place, second));
        assert!(packed.is_sorted());
        assert_eq!(packed.map(unpack), all);
    }
}
