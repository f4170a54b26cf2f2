//! What flips amount to: the changes of decisions, the rules that cause them, what it means for known fraud and genuine requests.

use std::collections::HashMap;

use serde::Serialize;

use super::changes::{ChangeLine, ChangeTally};
use super::known::{KnownEffect, VerdictCells};
use super::{Differs, FlipCell, Flips};
use crate::Run;
use crate::decisions::ByLabel;
use crate::identity::{Identity, MatchedRule};
use countersign_core::model::Verdict;

/// How many keys of a group are named.
const KEYS: usize = 10;

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
    /// What it changes for requests whose outcome is known; none where that of no request is.
    pub known: Option<KnownEffect>,
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

impl FlipCounts {
    fn add(&mut self, Differs { verdict, interface, reasons, limits }: Differs, requests: u64) {
        self.any += requests;
        self.verdict += if verdict { requests } else { 0 };
        self.interface += if interface { requests } else { 0 };
        self.reasons += if reasons { requests } else { 0 };
        self.limits += if limits { requests } else { 0 };
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effects {
    /// How many requests differ in what.
    pub flips: FlipCounts,
    /// Every way in which decisions change, worst first.
    pub changes: Vec<ChangeLine>,
    /// What changes for requests whose outcome is known; none where that of no request is.
    pub known: Option<KnownEffect>,
    /// Flips by causing rules, most first.
    pub groups: Vec<FlipGroup>,
}

/// Flips being added up, over a whole table or over its parts one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct EffectsTally {
    counts: FlipCounts,
    changes: ChangeTally,
    pub(super) is_labelled: bool,
    groups: Vec<GroupTally>,
    /// The groups by their causing rules.
    known: HashMap<Vec<usize>, usize>,
}

#[derive(Clone, Debug, Default)]
struct GroupTally {
    causes: Vec<MatchedRule>,
    cells: VerdictCells,
    first_keys: Vec<String>,
}

impl EffectsTally {
    /// Adds the flips of requests that follow those added before. Gives the numbers that their groups have here.
    pub(super) fn add(&mut self, new: &Run, flips: &Flips) -> Vec<usize> {
        let numbers: Vec<usize> = (0..flips.group_count()).map(|group| self.number(flips, group)).collect();
        self.is_labelled = self.is_labelled || new.facts().has_labels();
        for (pair, sums) in flips.pairs(new.facts()) {
            self.counts.add(pair.differs, sums.all().requests);
            self.changes.add(&pair.changes, &sums);
            let group = numbers.get(pair.group).and_then(|number| self.groups.get_mut(*number));
            for cells in group.map(|group| &mut group.cells).into_iter().chain([&mut self.changes.cells]) {
                let cell = cells.get_mut(pair.verdicts.0 as usize).and_then(|row| row.get_mut(pair.verdicts.1 as usize));
                if let Some(cell) = cell {
                    cell.merge(&sums);
                }
            }
        }
        for flip in flips.all() {
            let Some(group) = numbers.get(flip.group).and_then(|number| self.groups.get_mut(*number)) else { continue };
            if group.first_keys.len() < KEYS {
                group.first_keys.push(new.table().key(flip.row));
            }
        }
        numbers
    }

    /// The number here of a group of `flips`.
    fn number(&mut self, flips: &Flips, group: usize) -> usize {
        let groups = &mut self.groups;
        *self.known.entry(flips.cause_numbers(group).to_vec()).or_insert_with(|| {
            groups.push(GroupTally { causes: flips.causes(group).cloned().collect(), ..GroupTally::default() });
            groups.len() - 1
        })
    }

    /// What everything that was added amounts to; `customers` are those of every group.
    pub(super) fn put_together(self, identity: &Identity, customers: &[u64]) -> Effects {
        let known = |cells: &VerdictCells| self.is_labelled.then(|| KnownEffect::of(cells));
        let group = |(number, tally): (usize, &GroupTally)| {
            let labels = tally.cells.as_flattened().iter().fold(ByLabel::default(), |mut all, cell| {
                all.merge(cell);
                all
            });
            let cell = FlipCell { sums: labels.all(), customers: customers.get(number).copied().unwrap_or_default() };
            FlipGroup {
                causes: tally.causes.clone(),
                labels,
                cell,
                transitions: transitions(&tally.cells),
                known: known(&tally.cells),
                first_keys: tally.first_keys.clone(),
            }
        };
        let mut groups: Vec<FlipGroup> = self.groups.iter().enumerate().map(group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.cell.sums.requests));
        Effects { flips: self.counts, changes: self.changes.lines(identity), known: known(&self.changes.cells), groups }
    }
}

impl Effects {
    /// What the flips of `new` against another rule set amount to.
    pub fn of(new: &Run, flips: &Flips) -> Self {
        let mut tally = EffectsTally::default();
        tally.add(new, flips);
        tally.put_together(&flips.identity, &flips.customers(new.facts()))
    }
}

fn transitions(cells: &VerdictCells) -> Vec<(&'static str, &'static str, u64)> {
    let pairs = Verdict::ALL.into_iter().flat_map(|old| Verdict::ALL.map(|new| (old.word(), new.word())));
    let counted = pairs.zip(cells.as_flattened()).map(|((old, new), cell)| (old, new, cell.all().requests));
    let mut all: Vec<(&str, &str, u64)> = counted.filter(|(.., count)| *count > 0).collect();
    all.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    all
}
