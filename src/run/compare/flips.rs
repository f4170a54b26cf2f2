//! Which requests flip, and which rules are the cause: two columns of decisions side by side.

use std::collections::HashMap;

use super::causes::{Differs, causes};
use crate::decisions::Decisions;
use crate::identity::{Identity, MatchedRule};
use crate::{RowSet, Run};

/// A request on which the two decide differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The row, from 0.
    pub row: usize,
    pub differs: Differs,
    /// The causing rules, by their number in [`Flips::causes`].
    pub group: usize,
}

/// Every flip between two rule sets over the same requests.
#[derive(Clone, Debug)]
pub struct Flips {
    pub(super) identity: Identity,
    all: Vec<Flip>,
    groups: Vec<Vec<usize>>,
    moves: Vec<[[u64; 4]; 4]>,
    table_len: usize,
}

impl Flips {
    /// What flips from `old`, usually the live rule set, to `new`; both must be over the same table. Rows are compared one by one, a
    /// pair of shapes once.
    pub fn between(old: &Run, new: &Run) -> Self {
        let identity = Identity::new(old.engine(), new.engine());
        let (before, after) = (old.decisions(), new.decisions());
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut known: HashMap<(u32, u32), (Differs, usize)> = HashMap::new();
        let (mut all, mut moves) = (Vec::new(), Vec::new());
        // The kind that most requests of an old kind get again, without a flip.
        let mut usual: Vec<u32> = vec![u32::MAX; before.kinds().len()];
        let pairs = before.kind_numbers().iter().zip(after.kind_numbers());
        for (row, (one, other)) in pairs.enumerate() {
            if usual.get(*one as usize) == Some(other) {
                continue;
            }
            let (differs, group) = *known.entry((*one, *other)).or_insert_with(|| {
                let (Some(one), Some(other)) = (before.shape(row), after.shape(row)) else {
                    return (Differs::default(), usize::MAX);
                };
                let limits = (before.limits(row), after.limits(row));
                let (differs, rules) = causes(&identity, (one, limits.0), (other, limits.1));
                (differs, if differs.any() { number(&mut groups, rules) } else { usize::MAX })
            });
            if let (false, Some(usual)) = (differs.any(), usual.get_mut(*one as usize)) {
                *usual = *other;
            }
            if differs.any() {
                all.push(Flip { row, differs, group });
                moves.resize(groups.len(), [[0; 4]; 4]);
                let verdict = |decisions: &Decisions| decisions.verdict(row).unwrap_or_default() as usize;
                let cell = moves.get_mut(group).and_then(|group| group.get_mut(verdict(before))?.get_mut(verdict(after)));
                if let Some(count) = cell {
                    *count += 1;
                }
            }
        }
        Self { identity, all, groups, moves, table_len: after.len() }
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

    /// How many requests of a group go from which verdict to which, old verdict first, mildest first. The same verdict twice means
    /// that something else differs.
    pub fn moves(&self, group: usize) -> [[u64; 4]; 4] {
        self.moves.get(group).copied().unwrap_or_default()
    }

    /// How many groups of flips with the same causes there are.
    pub fn group_count(&self) -> usize {
        self.groups.len()
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
