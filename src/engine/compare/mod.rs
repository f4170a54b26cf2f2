//! Two rule sets over the same requests: what flips, and which rules are the cause.
//!
//! A *flip* is a request on which the gateway would be told something else: another verdict, interface, reason code or limit. Scores,
//! hits and shadow hits may differ without a flip.

mod causes;
mod figures;
mod identity;
mod project;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

pub use causes::Differs;
pub use figures::{Cell, Figures, Group, InterfaceCell, Transition};
pub use identity::{Change, Known};

use super::Engine;
use super::dry_run::{Cancelled, Decided, Decisions, DryRun, Facts, Roles, Rows, all_cores, in_parts};
use crate::diagnostic::{Finding, Severity};
use crate::model::RuleId;
use crate::progress::Progress;
use identity::Identity;
use project::Projection;

/// Why two rule sets were not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The job was cancelled.
    Cancelled,
    /// The old rule set reads fields that the requests do not have; at least one finding is an error.
    Schema(Vec<Finding>),
}

impl From<Cancelled> for Refused {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// A request on which the two decide differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The row, from 0.
    pub row: usize,
    /// In what they differ.
    pub differs: Differs,
    /// The causing rules, by their number in [`Comparison::groups`].
    pub group: usize,
}

/// Two rule sets over the same requests.
#[derive(Clone)]
pub struct Comparison {
    new: DryRun,
    old: DryRun,
    identity: Identity,
    flips: Vec<Flip>,
    groups: Vec<Vec<usize>>,
    findings: Vec<Finding>,
}

impl Comparison {
    /// The dry run of the new rule set, with everything a dry run alone gives.
    #[must_use]
    pub fn new_run(&self) -> &DryRun {
        &self.new
    }

    /// The old rule set's decisions over the same requests; its invariants are not looked at.
    #[must_use]
    pub fn old_run(&self) -> &DryRun {
        &self.old
    }

    /// Every flip in the table's order.
    #[must_use]
    pub fn flips(&self) -> &[Flip] {
        &self.flips
    }

    /// The rules of either rule set and what became of them.
    #[must_use]
    pub fn rules(&self) -> &[Known] {
        &self.identity.rules
    }

    /// The causing rules of a group, in the new rule set's order, removed ones last; none where only a stage's settings differ.
    pub fn causes(&self, group: usize) -> impl Iterator<Item = &Known> {
        let rules = self.groups.get(group).map_or(&[][..], Vec::as_slice);
        rules.iter().filter_map(|rule| self.identity.rules.get(*rule))
    }

    /// The ids of a flip's causing rules.
    #[must_use]
    pub fn cause_ids(&self, flip: &Flip) -> Vec<&RuleId> {
        self.causes(flip.group).map(|known| &known.rule).collect()
    }

    /// What is worth knowing of the schemas: warnings only.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The figures of the comparison; `rows` are those that were run.
    #[must_use]
    pub fn figures(&self, rows: &impl Rows) -> Figures {
        Figures::of(self, |row| rows.key(row))
    }
}

/// Decides every request of `rows` by both rule sets, on all cores, in one pass.
///
/// # Errors
/// [`Refused::Schema`] when the old rule set reads fields that the requests do not have; [`Refused::Cancelled`].
pub fn compare(old: &Engine, new: &Engine, rows: &impl Rows, progress: &Progress) -> Result<Comparison, Refused> {
    compare_on(all_cores(), old, new, rows, progress)
}

/// Compares on that many threads; see [`compare`].
///
/// # Errors
/// As [`compare`].
pub fn compare_on(
    threads: NonZeroUsize,
    old: &Engine,
    new: &Engine,
    rows: &impl Rows,
    progress: &Progress,
) -> Result<Comparison, Refused> {
    let (projection, findings) = Projection::new(old, rows.schema());
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(Refused::Schema(findings));
    }
    let roles = Roles::new(rows.schema());
    let work = |part: &mut Part, batch: Range<usize>| {
        for request in batch.map(|row| rows.request(row)) {
            part.facts.push(&roles, &request);
            part.new.push(new, &roles, &request);
            let projected = projection.apply(&request);
            let decision = old.decide(projected.as_ref().unwrap_or(&request));
            part.old.push(decision, |message| roles.mask(&request, message));
        }
    };
    let mut all = Part::default();
    for part in in_parts(rows.count(), threads, progress, work)? {
        all.append(part);
    }
    let facts = Arc::new(all.facts);
    let new_run = DryRun::new(new.definition().clone(), facts.clone(), all.new);
    let old_run = DryRun::new(old.definition().clone(), facts, Decided::from(all.old));
    Ok(find_flips(Identity::new(old, new), old_run, new_run, findings))
}

/// The result of some rows.
#[derive(Default)]
struct Part {
    facts: Facts,
    new: Decided,
    old: Decisions,
}

impl Part {
    fn append(&mut self, next: Self) {
        self.facts.append(next.facts);
        self.new.append(next.new);
        self.old.append(next.old);
    }
}

/// Compares the decisions row by row; a pair of shapes is looked at once.
fn find_flips(identity: Identity, old: DryRun, new: DryRun, findings: Vec<Finding>) -> Comparison {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<(u32, u32, bool), (Differs, usize)> = HashMap::new();
    let mut flips = Vec::new();
    let pairs = old.decisions().shape_numbers().iter().zip(new.decisions().shape_numbers());
    for (row, (before, after)) in pairs.enumerate() {
        let limits = (old.decisions().limits(row), new.decisions().limits(row));
        let key = (*before, *after, limits.0 != limits.1);
        let (differs, group) = *known.entry(key).or_insert_with(|| {
            let (Some(one), Some(other)) = (old.decisions().shape(row), new.decisions().shape(row)) else {
                return (Differs::default(), usize::MAX);
            };
            let (differs, rules) = causes::causes(&identity, (one, limits.0), (other, limits.1));
            (differs, if differs.any() { number(&mut groups, rules) } else { usize::MAX })
        });
        if differs.any() {
            flips.push(Flip { row, differs, group });
        }
    }
    Comparison { new, old, identity, flips, groups, findings }
}

fn number(groups: &mut Vec<Vec<usize>>, rules: Vec<usize>) -> usize {
    groups.iter().position(|known| *known == rules).unwrap_or_else(|| {
        groups.push(rules);
        groups.len() - 1
    })
}
