//! The figures of a comparison: matrices, what the flips amount to, and the same by part of the requests.

use std::collections::BTreeMap;

use serde::Serialize;

use super::effects::EffectsTally;
use super::segments::SegmentsTally;
use super::{Comparison, Effects, Segments};
use crate::Run;
use crate::decisions::{ByLabel, DecisionOutline, Sums, customers};
use crate::identity::{Identity, MatchedRule, RuleSetSide};
use countersign_core::model::{Schema, Verdict};
use countersign_core::text::LocalText;

/// One cell of a matrix: what the old rule set said, what the new one says, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FlipCell {
    pub sums: Sums,
    /// Distinct customers.
    pub customers: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    pub old: &'static str,
    pub new: &'static str,
    /// Requests, amounts, customers.
    pub cell: FlipCell,
    /// The requests by what became known of them.
    pub labels: ByLabel,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InterfaceCell {
    /// The old interface; none where none was chosen.
    pub old: Option<String>,
    pub new: Option<String>,
    /// Requests, amounts, customers.
    pub cell: FlipCell,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    #[serde(flatten)]
    pub effects: Effects,
    /// Old verdict by new verdict, sixteen cells, old first, mildest first.
    pub transitions: Vec<Transition>,
    /// The interfaces of both rule sets, the new one's first, with their names for people.
    pub interface_names: Vec<(String, LocalText)>,
    /// Old interface by new interface, only cells that occur; "none" last.
    pub interfaces: Vec<InterfaceCell>,
    /// The same by part of the requests.
    pub segments: Segments,
    /// The rules that were added, removed or edited, or read something else now.
    pub changed_rules: Vec<MatchedRule>,
}

/// Requests of a comparison being added up, over a whole table or over its parts one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlipTally {
    effects: EffectsTally,
    segments: SegmentsTally,
    /// By [`FlipPlaces::transition`].
    transitions: Vec<ByLabel>,
    /// By [`FlipPlaces::interfaces`].
    interfaces: BTreeMap<usize, Sums>,
}

/// Distinct customers in every transition, pair of interfaces and group of flips: what only all requests together tell.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlipCustomers {
    pub(crate) transitions: Vec<u64>,
    pub(crate) interfaces: Vec<u64>,
    pub(crate) groups: Vec<u64>,
}

/// Where a row of a comparison counts.
pub(crate) struct FlipPlaces<'a> {
    comparison: &'a Comparison,
    verdicts: [Vec<usize>; 2],
    interfaces: [Vec<usize>; 2],
    group_of: Vec<u32>,
}

pub(crate) const TRANSITIONS: usize = Verdict::ALL.len() * Verdict::ALL.len();

/// How many pairs of interfaces there are, none counted as one.
pub(crate) fn interface_pairs(identity: &Identity) -> usize {
    (identity.interfaces.len() + 1) * (identity.interfaces.len() + 1)
}

impl<'a> FlipPlaces<'a> {
    pub(crate) fn new(comparison: &'a Comparison) -> Self {
        let (old, new) = (comparison.old.decisions(), comparison.new.decisions());
        let identity = &comparison.flips.identity;
        let interface = |side: &RuleSetSide, shape: &DecisionOutline| {
            shape.interface.map_or(identity.interfaces.len(), |at| side.interface(at))
        };
        let mut group_of = vec![u32::MAX; comparison.new.facts().len()];
        for flip in comparison.flips() {
            if let (Some(place), Ok(group)) = (group_of.get_mut(flip.row), u32::try_from(flip.group)) {
                *place = group;
            }
        }
        Self {
            comparison,
            verdicts: [old, new].map(|decisions| decisions.by_kind(|_, shape| shape.verdict as usize)),
            interfaces: [
                old.by_kind(|_, shape| interface(identity.old(), shape)),
                new.by_kind(|_, shape| interface(identity.new_side(), shape)),
            ],
            group_of,
        }
    }

    fn of(&self, by_kind: &[Vec<usize>; 2], row: usize) -> (usize, usize) {
        let [old, new] = by_kind;
        let of = |run: &Run, by_kind: &[usize]| {
            let kind = run.decisions().kind_numbers().get(row);
            kind.and_then(|kind| by_kind.get(*kind as usize)).copied().unwrap_or_default()
        };
        (of(&self.comparison.old, old), of(&self.comparison.new, new))
    }

    /// Old verdict by new verdict.
    pub(crate) fn transition(&self, row: usize) -> usize {
        let (old, new) = self.of(&self.verdicts, row);
        old * Verdict::ALL.len() + new
    }

    /// Old interface by new interface.
    pub(crate) fn interfaces(&self, row: usize) -> usize {
        let (old, new) = self.of(&self.interfaces, row);
        old * (self.comparison.flips.identity.interfaces.len() + 1) + new
    }

    /// The group of a flip, as the comparison numbers it.
    pub(crate) fn group(&self, row: usize) -> Option<usize> {
        self.group_of.get(row).filter(|group| **group != u32::MAX).map(|group| *group as usize)
    }
}

impl FlipTally {
    /// Adds requests that follow those added before. Gives the numbers that the comparison's groups have here.
    pub(crate) fn add(&mut self, places: &FlipPlaces<'_>) -> Vec<usize> {
        let Comparison { new, flips, .. } = places.comparison;
        let facts = new.facts();
        let numbers = self.effects.add(new, flips);
        self.segments.add(new, flips);
        self.transitions.resize(TRANSITIONS, ByLabel::default());
        for row in 0..facts.len() {
            if let Some(cell) = self.transitions.get_mut(places.transition(row)) {
                cell.add(facts.label(row), facts.amount(row));
            }
            self.interfaces.entry(places.interfaces(row)).or_default().add(facts.amount(row));
        }
        numbers
    }
}

impl Figures {
    pub fn of(comparison: &Comparison) -> Self {
        let (facts, flips) = (comparison.new.facts(), &comparison.flips);
        let places = FlipPlaces::new(comparison);
        let mut tally = FlipTally::default();
        tally.add(&places);
        let distinct = FlipCustomers {
            transitions: customers(facts, TRANSITIONS, |row| Some(places.transition(row))),
            interfaces: customers(facts, interface_pairs(&flips.identity), |row| Some(places.interfaces(row))),
            groups: flips.customers(facts),
        };
        Self::put_together(&flips.identity, comparison.new.table().schema(), tally, &distinct)
    }

    /// The figures of everything that was tallied.
    pub(crate) fn put_together(identity: &Identity, schema: &Schema, tally: FlipTally, distinct: &FlipCustomers) -> Self {
        Self {
            segments: tally.segments.put_together(schema, tally.effects.is_labelled),
            effects: tally.effects.put_together(identity, &distinct.groups),
            transitions: transitions(&tally.transitions, &distinct.transitions),
            interface_names: identity.interfaces.clone(),
            interfaces: interfaces(identity, &tally.interfaces, &distinct.interfaces),
            changed_rules: identity.rules.iter().filter(|known| known.change.is_own()).cloned().collect(),
        }
    }
}

fn at(counts: &[u64], place: usize) -> u64 {
    counts.get(place).copied().unwrap_or_default()
}

fn transitions(labels: &[ByLabel], customers: &[u64]) -> Vec<Transition> {
    let pairs = Verdict::ALL.into_iter().flat_map(|old| Verdict::ALL.map(|new| (old, new)));
    let cell = |(place, (old, new)): (usize, (Verdict, Verdict))| {
        let labels = labels.get(place).copied().unwrap_or_default();
        let cell = FlipCell { sums: labels.all(), customers: at(customers, place) };
        Transition { old: old.word(), new: new.word(), cell, labels }
    };
    pairs.enumerate().map(cell).collect()
}

fn interfaces(identity: &Identity, sums: &BTreeMap<usize, Sums>, customers: &[u64]) -> Vec<InterfaceCell> {
    let none = identity.interfaces.len();
    let name = |at: usize| identity.interfaces.get(at).map(|(id, _)| id.clone());
    let cell = |(place, sums): (&usize, &Sums)| InterfaceCell {
        old: name(place / (none + 1)),
        new: name(place % (none + 1)),
        cell: FlipCell { sums: *sums, customers: at(customers, *place) },
    };
    sums.iter().map(cell).collect()
}
