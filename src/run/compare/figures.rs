//! The figures of a comparison: matrices, and flips grouped by the rules that cause them.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Comparison, Differs, Flips};
use crate::Run;
use crate::decisions::{ByLabel, DecisionOutline, Sums, customers};
use crate::identity::{Identity, MatchedRule, RuleSetSide};
use countersign_core::model::Verdict;
use countersign_core::text::LocalText;

/// How many keys of a group are named.
const KEYS: usize = 10;

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
pub struct FlipGroup {
    /// The causing rules; none where only a stage's settings differ.
    pub causes: Vec<MatchedRule>,
    /// The flips by what became known of them.
    pub labels: ByLabel,
    /// All flips of the group with their customers.
    pub cell: FlipCell,
    /// How many go from which verdict to which, most first; the same verdict twice means that something else differs.
    pub transitions: Vec<(&'static str, &'static str, u64)>,
    /// The keys of the first flips.
    pub first_keys: Vec<String>,
}

/// How many requests differ in what; one request may count in several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FlipCounts {
    /// In anything: the flips.
    pub any: u64,
    pub verdict: u64,
    pub interface: u64,
    /// In the reason codes.
    pub reasons: u64,
    pub limits: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How many requests differ in what.
    pub flips: FlipCounts,
    /// Old verdict by new verdict, sixteen cells, old first, mildest first.
    pub transitions: Vec<Transition>,
    /// The interfaces of both rule sets, the new one's first, with their names for people.
    pub interface_names: Vec<(String, LocalText)>,
    /// Old interface by new interface, only cells that occur; "none" last.
    pub interfaces: Vec<InterfaceCell>,
    /// Flips by causing rules, most first.
    pub groups: Vec<FlipGroup>,
    /// The rules that were added, removed or edited, or read something else now.
    pub changed_rules: Vec<MatchedRule>,
}

/// Flips being added up, over a whole table or over its parts one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlipTally {
    counts: FlipCounts,
    /// By [`Places::transition`].
    transitions: Vec<ByLabel>,
    /// By [`Places::interfaces`].
    interfaces: BTreeMap<usize, Sums>,
    groups: Vec<GroupTally>,
    /// The groups by their causing rules.
    known: HashMap<Vec<usize>, usize>,
}

#[derive(Clone, Debug, Default)]
struct GroupTally {
    causes: Vec<MatchedRule>,
    labels: ByLabel,
    moves: [[u64; 4]; 4],
    first_keys: Vec<String>,
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
    /// Adds the flips of requests that follow those added before. Gives the numbers that the comparison's groups have here.
    pub(crate) fn add(&mut self, places: &FlipPlaces<'_>) -> Vec<usize> {
        let comparison = places.comparison;
        let facts = comparison.new.facts();
        let numbers: Vec<usize> = (0..comparison.flips.group_count()).map(|group| self.number(&comparison.flips, group)).collect();
        for flip in comparison.flips() {
            let Differs { verdict, interface, reasons, limits } = flip.differs;
            let counts = &mut self.counts;
            counts.any += 1;
            counts.verdict += u64::from(verdict);
            counts.interface += u64::from(interface);
            counts.reasons += u64::from(reasons);
            counts.limits += u64::from(limits);
            let Some(group) = numbers.get(flip.group).and_then(|number| self.groups.get_mut(*number)) else { continue };
            group.labels.add(facts.label(flip.row), facts.amount(flip.row));
            if group.first_keys.len() < KEYS {
                group.first_keys.push(comparison.new.table().key(flip.row));
            }
        }
        self.transitions.resize(TRANSITIONS, ByLabel::default());
        for row in 0..facts.len() {
            if let Some(cell) = self.transitions.get_mut(places.transition(row)) {
                cell.add(facts.label(row), facts.amount(row));
            }
            self.interfaces.entry(places.interfaces(row)).or_default().add(facts.amount(row));
        }
        numbers
    }

    /// The number here of a group of `flips`, with its moves added.
    fn number(&mut self, flips: &Flips, group: usize) -> usize {
        let groups = &mut self.groups;
        let number = *self.known.entry(flips.cause_numbers(group).to_vec()).or_insert_with(|| {
            groups.push(GroupTally { causes: flips.causes(group).cloned().collect(), ..GroupTally::default() });
            groups.len() - 1
        });
        if let Some(group_of) = groups.get_mut(number) {
            let cells = group_of.moves.as_flattened_mut().iter_mut();
            cells.zip(flips.moves(group).as_flattened()).for_each(|(sum, more)| *sum += more);
        }
        number
    }

    pub(crate) fn group_count(&self) -> usize {
        self.groups.len()
    }
}

impl Figures {
    pub fn of(comparison: &Comparison) -> Self {
        let (facts, identity) = (comparison.new.facts(), &comparison.flips.identity);
        let places = FlipPlaces::new(comparison);
        let mut tally = FlipTally::default();
        tally.add(&places);
        let distinct = FlipCustomers {
            transitions: customers(facts, TRANSITIONS, |row| Some(places.transition(row))),
            interfaces: customers(facts, interface_pairs(identity), |row| Some(places.interfaces(row))),
            groups: customers(facts, tally.group_count(), |row| places.group(row)),
        };
        Self::put_together(identity, tally, &distinct)
    }

    /// The figures of everything that was tallied.
    pub(crate) fn put_together(identity: &Identity, tally: FlipTally, distinct: &FlipCustomers) -> Self {
        Self {
            flips: tally.counts,
            transitions: transitions(&tally.transitions, &distinct.transitions),
            interface_names: identity.interfaces.clone(),
            interfaces: interfaces(identity, &tally.interfaces, &distinct.interfaces),
            groups: groups(tally.groups, &distinct.groups),
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

fn groups(tallied: Vec<GroupTally>, customers: &[u64]) -> Vec<FlipGroup> {
    let pairs = || Verdict::ALL.into_iter().flat_map(|old| Verdict::ALL.map(|new| (old.word(), new.word())));
    let group = |(number, tally): (usize, GroupTally)| {
        let moves = pairs().zip(tally.moves.as_flattened()).filter(|(_, count)| **count > 0);
        let mut transitions: Vec<(&str, &str, u64)> = moves.map(|((old, new), count)| (old, new, *count)).collect();
        transitions.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        let cell = FlipCell { sums: tally.labels.all(), customers: at(customers, number) };
        FlipGroup { causes: tally.causes, labels: tally.labels, cell, transitions, first_keys: tally.first_keys }
    };
    let mut groups: Vec<FlipGroup> = tallied.into_iter().enumerate().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.cell.sums.requests));
    groups
}
