//! Which requests flip, and which rules are the cause: two columns of decisions side by side.

use std::collections::HashMap;

use super::causes::{Differs, causes};
use super::changes::{DecisionChange, Way, changes};
use crate::decisions::{ByLabel, Facts};
use crate::identity::{Identity, MatchedRule};
use crate::{RowSet, Run};
use countersign_core::model::Verdict;

/// A request on which the two decide differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The row, from 0.
    pub row: usize,
    pub differs: Differs,
    /// The causing rules, by their number in [`Flips::causes`].
    pub group: usize,
    /// Into [`Flips::pairs`].
    pair: u32,
}

/// Two decisions that differ, of any number of requests.
#[derive(Clone, Debug)]
pub(super) struct FlipPair {
    pub(super) differs: Differs,
    pub(super) group: usize,
    pub(super) verdicts: (Verdict, Verdict),
    pub(super) changes: Vec<(DecisionChange, Way)>,
}

/// Every flip between two rule sets over the same requests.
#[derive(Clone, Debug)]
pub struct Flips {
    pub(super) identity: Identity,
    all: Vec<Flip>,
    groups: Vec<Vec<usize>>,
    pairs: Vec<FlipPair>,
    table_len: usize,
}

impl Flips {
    /// What flips from `old`, usually the live rule set, to `new`; both must be over the same table. Rows are compared one by one, a
    /// pair of shapes once.
    pub fn between(old: &Run, new: &Run) -> Self {
        let identity = Identity::new(old.engine(), new.engine());
        let (before, after) = (old.decisions(), new.decisions());
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<(u32, u32), Option<u32>> = HashMap::new();
        let (mut all, mut pairs): (Vec<Flip>, Vec<FlipPair>) = (Vec::new(), Vec::new());
        // The kind that most requests of an old kind get again, without a flip.
        let mut usual: Vec<u32> = vec![u32::MAX; before.kinds().len()];
        for (row, (one, other)) in before.kind_numbers().iter().zip(after.kind_numbers()).enumerate() {
            if usual.get(*one as usize) == Some(other) {
                continue;
            }
            let pair = *known.entry((*one, *other)).or_insert_with(|| {
                let old = (before.shape(row)?, before.limits(row));
                let new = (after.shape(row)?, after.limits(row));
                let (differs, rules) = causes(&identity, old, new);
                if !differs.any() {
                    return None;
                }
                let (group, verdicts) = (number(&mut groups, rules), (old.0.verdict, new.0.verdict));
                pairs.push(FlipPair { differs, group, verdicts, changes: changes(&identity, differs, old, new) });
                u32::try_from(pairs.len() - 1).ok()
            });
            match pair.and_then(|pair| Some((pair, pairs.get(pair as usize)?))) {
                Some((pair, FlipPair { differs, group, .. })) => all.push(Flip { row, differs: *differs, group: *group, pair }),
                None => usual.get_mut(*one as usize).into_iter().for_each(|usual| *usual = *other),
            }
        }
        Self { identity, all, groups, pairs, table_len: after.len() }
    }

    /// Every flip in the table's order.
    pub fn all(&self) -> &[Flip] {
        &self.all
    }

    /// The rules of either rule set and what became of them.
    pub fn rules(&self) -> &[MatchedRule] {
        &self.identity.rules
    }

    pub fn rows(&self, group: usize) -> RowSet {
        let mut rows = RowSet::none(self.table_len);
        self.all.iter().filter(|flip| flip.group == group).for_each(|flip| rows.insert(flip.row));
        rows
    }

    /// The rows whose decision changes in that way.
    pub fn rows_of(&self, change: DecisionChange) -> RowSet {
        let is_it = |pair: &FlipPair| pair.changes.iter().any(|(known, _)| *known == change);
        let wanted: Vec<bool> = self.pairs.iter().map(is_it).collect();
        let mut rows = RowSet::none(self.table_len);
        let theirs = self.all.iter().filter(|flip| wanted.get(flip.pair as usize) == Some(&true));
        theirs.for_each(|flip| rows.insert(flip.row));
        rows
    }

    /// Every two decisions that differ, and what is at stake in the requests that have them.
    pub(super) fn pairs(&self, facts: &Facts) -> Vec<(&FlipPair, ByLabel)> {
        let mut sums = vec![ByLabel::default(); self.pairs.len()];
        for flip in &self.all {
            let place = sums.get_mut(flip.pair as usize).into_iter();
            place.for_each(|sums| sums.add(facts.label(flip.row), facts.amount(flip.row)));
        }
        self.pairs.iter().zip(sums).collect()
    }

    /// The verdicts of a flip, the old one first.
    pub(super) fn verdicts(&self, flip: &Flip) -> (Verdict, Verdict) {
        self.pairs.get(flip.pair as usize).map(|pair| pair.verdicts).unwrap_or_default()
    }

    /// Distinct customers of every group.
    pub(super) fn customers(&self, facts: &Facts) -> Vec<u64> {
        let mut pairs: Vec<(usize, u32)> =
            self.all.iter().filter_map(|flip| Some((flip.group, facts.customer(flip.row)?))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut counts = vec![0; self.groups.len()];
        for (group, _) in pairs {
            counts.get_mut(group).into_iter().for_each(|count| *count += 1);
        }
        counts
    }

    /// How many groups of flips with the same causes there are.
    pub fn group_count(&self) -> usize {
        self.groups.len()
    }

    /// In what any of these rows' decisions differ.
    pub fn differ_in(&self, wanted: impl Fn(&Flip) -> bool) -> Differs {
        let mut all = Differs::default();
        for flip in self.all.iter().filter(|flip| wanted(flip)) {
            all.verdict |= flip.differs.verdict;
            all.interface |= flip.differs.interface;
            all.reasons |= flip.differs.reasons;
            all.limits |= flip.differs.limits;
        }
        all
    }

    /// The numbers of a group's causing rules: the same for the same rule sets over any requests.
    pub(super) fn cause_numbers(&self, group: usize) -> &[usize] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }

    /// The causing rules of a group, in the new rule set's order, removed ones last; none where only a stage's settings differ.
    pub fn causes(&self, group: usize) -> impl Iterator<Item = &MatchedRule> {
        let rules = self.groups.get(group).map_or(&[][..], Vec::as_slice);
        rules.iter().filter_map(|rule| self.identity.rules.get(*rule))
    }
}

fn number(groups: &mut Vec<Vec<usize>>, rules: Vec<usize>) -> usize {
    groups.iter().position(|known| *known == rules).unwrap_or_else(|| {
        groups.push(rules);
        groups.len() - 1
    })
}
