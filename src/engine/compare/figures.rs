//! The figures of a comparison: matrices, and flips grouped by the rules that cause them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Comparison, Differs, Known};
use crate::engine::dry_run::{ByLabel, Sums, customers};
use crate::model::Verdict;
use crate::text::LocalText;

/// How many keys of a group are named.
const KEYS: usize = 10;

/// One cell of a matrix: what the old rule set said, what the new one says, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Requests and amounts.
    pub sums: Sums,
    /// Distinct customers.
    pub customers: u64,
}

/// One cell of the transition matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// The old verdict.
    pub old: &'static str,
    /// The new verdict.
    pub new: &'static str,
    /// Requests, amounts, customers.
    pub cell: Cell,
    /// The requests by what became known of them.
    pub labels: ByLabel,
}

/// One cell of the interface matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InterfaceCell {
    /// The old interface; none where none was chosen.
    pub old: Option<String>,
    /// The new interface.
    pub new: Option<String>,
    /// Requests, amounts, customers.
    pub cell: Cell,
}

/// Flips with the same causing rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The causing rules; none where only a stage's settings differ.
    pub causes: Vec<Known>,
    /// The flips by what became known of them.
    pub labels: ByLabel,
    /// All flips of the group with their customers.
    pub cell: Cell,
    /// How many go from which verdict to which, most first; the same verdict twice means that something else differs.
    pub transitions: Vec<(&'static str, &'static str, u64)>,
    /// The keys of the first flips.
    pub first_keys: Vec<String>,
}

/// How many requests differ in what; one request may count in several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// In anything: the flips.
    pub any: u64,
    /// In the verdict.
    pub verdict: u64,
    /// In the interface.
    pub interface: u64,
    /// In the reason codes.
    pub reasons: u64,
    /// In a limit.
    pub limits: u64,
}

/// The figures of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How many requests differ in what.
    pub flips: Counts,
    /// Old verdict by new verdict, sixteen cells, old first, mildest first.
    pub transitions: Vec<Transition>,
    /// The interfaces of both rule sets, the new one's first, with their names for people.
    pub interface_names: Vec<(String, LocalText)>,
    /// Old interface by new interface, only cells that occur; "none" last.
    pub interfaces: Vec<InterfaceCell>,
    /// Flips by causing rules, most first.
    pub groups: Vec<Group>,
    /// The rules that were added, removed or edited, or read something else now.
    pub changed_rules: Vec<Known>,
}

impl Figures {
    pub(crate) fn of(comparison: &Comparison, key: impl Fn(usize) -> String) -> Self {
        let mut flips = Counts::default();
        for flip in comparison.flips() {
            let Differs { verdict, interface, reasons, limits } = flip.differs;
            flips.any += 1;
            flips.verdict += u64::from(verdict);
            flips.interface += u64::from(interface);
            flips.reasons += u64::from(reasons);
            flips.limits += u64::from(limits);
        }
        Self {
            flips,
            transitions: transitions(comparison),
            interface_names: comparison.flips.identity.interfaces.clone(),
            interfaces: interfaces(comparison),
            groups: groups(comparison, key),
            changed_rules: comparison.rules().iter().filter(|known| known.change.is_own()).cloned().collect(),
        }
    }
}

fn verdicts(comparison: &Comparison, row: usize) -> (Verdict, Verdict) {
    let of = |run: &crate::engine::dry_run::DryRun| run.decisions().verdict(row).unwrap_or_default();
    (of(&comparison.old), of(&comparison.new))
}

fn transitions(comparison: &Comparison) -> Vec<Transition> {
    let facts = comparison.new.facts();
    let place = |(old, new): (Verdict, Verdict)| old as usize * Verdict::ALL.len() + new as usize;
    let pairs = Verdict::ALL.into_iter().flat_map(|old| Verdict::ALL.map(|new| (old, new)));
    let mut cells: Vec<Transition> = pairs
        .map(|(old, new)| Transition { old: old.word(), new: new.word(), cell: Cell::default(), labels: ByLabel::default() })
        .collect();
    for row in 0..facts.len() {
        if let Some(cell) = cells.get_mut(place(verdicts(comparison, row))) {
            cell.labels.add(facts.label(row), facts.amount(row));
        }
    }
    let customers = customers(facts, cells.len(), |row| Some(place(verdicts(comparison, row))));
    for (cell, customers) in cells.iter_mut().zip(customers) {
        cell.cell = Cell { sums: cell.labels.all(), customers };
    }
    cells
}

fn interfaces(comparison: &Comparison) -> Vec<InterfaceCell> {
    let identity = &comparison.flips.identity;
    let facts = comparison.new.facts();
    let none = identity.interfaces.len();
    let pair = |row: usize| {
        let old = comparison.old.decisions().shape(row).and_then(|shape| shape.interface);
        let new = comparison.new.decisions().shape(row).and_then(|shape| shape.interface);
        let old = old.map_or(none, |interface| identity.old().interface(interface));
        let new = new.map_or(none, |interface| identity.new_side().interface(interface));
        old * (none + 1) + new
    };
    let mut sums: BTreeMap<usize, Sums> = BTreeMap::new();
    for row in 0..facts.len() {
        sums.entry(pair(row)).or_default().add(facts.amount(row));
    }
    let customers = customers(facts, (none + 1) * (none + 1), |row| Some(pair(row)));
    let name = |at: usize| identity.interfaces.get(at).map(|(id, _)| id.clone());
    let cell = |(at, sums): (usize, Sums)| InterfaceCell {
        old: name(at / (none + 1)),
        new: name(at % (none + 1)),
        cell: Cell { sums, customers: customers.get(at).copied().unwrap_or_default() },
    };
    sums.into_iter().map(cell).collect()
}

fn groups(comparison: &Comparison, key: impl Fn(usize) -> String) -> Vec<Group> {
    let facts = comparison.new.facts();
    let count = comparison.flips.group_count();
    let mut moves: Vec<BTreeMap<(Verdict, Verdict), u64>> = vec![BTreeMap::new(); count];
    let mut group_of: Vec<u32> = vec![u32::MAX; facts.len()];
    let mut groups: Vec<Group> = (0..count).map(|group| empty(comparison, group)).collect();
    for flip in comparison.flips() {
        let (Some(group), Some(moves)) = (groups.get_mut(flip.group), moves.get_mut(flip.group)) else { continue };
        group.labels.add(facts.label(flip.row), facts.amount(flip.row));
        if group.first_keys.len() < KEYS {
            group.first_keys.push(key(flip.row));
        }
        *moves.entry(verdicts(comparison, flip.row)).or_default() += 1;
        if let (Some(place), Ok(group)) = (group_of.get_mut(flip.row), u32::try_from(flip.group)) {
            *place = group;
        }
    }
    let in_group = |row: usize| group_of.get(row).filter(|group| **group != u32::MAX).map(|group| *group as usize);
    let customers = customers(facts, count, in_group);
    for ((group, customers), moves) in groups.iter_mut().zip(customers).zip(moves) {
        group.cell = Cell { sums: group.labels.all(), customers };
        group.transitions = moves.into_iter().map(|((old, new), count)| (old.word(), new.word(), count)).collect();
        group.transitions.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.cell.sums.requests));
    groups
}

fn empty(comparison: &Comparison, group: usize) -> Group {
    Group {
        causes: comparison.causes(group).cloned().collect(),
        labels: ByLabel::default(),
        cell: Cell::default(),
        transitions: Vec::new(),
        first_keys: Vec::new(),
    }
}
