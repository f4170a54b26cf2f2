//! The figures of a dry run: what the report shows. All integers are exact, everything is in a fixed order.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;

use super::labels::{Labels, labels};
use super::load::{InSecond, Load, in_seconds, load};
use super::rules::{ErrorLine, Example, ReasonLine, RuleLine, errors, reasons, rules};
use super::scores::{Scores, scores};
use super::tally::{Distinct, Tally};
use crate::decisions::DecisionOutline;
use crate::decisions::{ByLabel, Sums, customers};
use crate::run::Broken;
use crate::{HistoryFigures, Run};
use countersign_core::model::{Definition, Invariant, RuleId, RuleSet, StageId, Verdict};
use countersign_core::text::LocalText;

/// The first and last request's time, in the schema's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeRange {
    pub first: String,
    pub last: String,
}

/// Which of the figures a schema allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Has {
    pub amounts: bool,
    /// Distinct customers.
    pub customers: bool,
    /// The interface a request arrives on.
    pub arriving: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerdictLine {
    /// The verdict's word in files.
    pub verdict: &'static str,
    pub text: LocalText,
    pub sums: Sums,
    /// How many distinct customers got it at least once.
    pub customers: u64,
}

/// What must hold for every request, and whether it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvariantLine {
    pub invariant: RuleId,
    pub title: LocalText,
    /// Requests it speaks of: its condition is true.
    pub applies: u64,
    /// Of those, requests that got another verdict.
    pub broken: u64,
    /// Requests on which its condition failed to run.
    pub failed: u64,
    /// The first requests that break it, or that it failed on.
    pub examples: Vec<Example>,
}

/// Keys that occur more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Duplicates {
    /// Distinct keys that occur more than once.
    pub keys: u64,
    /// Rows beyond the first of their key.
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Which figures there are.
    pub has: Has,
    /// When the requests arrived; none without a request.
    pub time: Option<TimeRange>,
    pub all: Sums,
    /// Distinct customers in all.
    pub customers: u64,
    /// Keys that occur more than once.
    pub duplicates: Duplicates,
    /// What the derived fields were computed from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<HistoryFigures>,
    /// Per verdict, mildest first.
    pub verdicts: Vec<VerdictLine>,
    /// The stages in order, with their names for people.
    pub stages: Vec<(StageId, LocalText)>,
    /// Per rule, in order.
    pub rules: Vec<RuleLine>,
    /// Per reason, in the rule set's order.
    pub reasons: Vec<ReasonLine>,
    pub errors: Vec<ErrorLine>,
    /// Load per interface.
    pub load: Load,
    pub scores: Scores,
    /// Decisions against what became known; none where the schema has no label.
    pub labels: Option<Labels>,
    /// What must hold.
    pub invariants: Vec<InvariantLine>,
}

impl Summary {
    pub fn of(run: &Run) -> Self {
        let (facts, decisions) = (run.facts(), run.decisions());
        let key = |row| run.table().key(row);
        let mut tally = Tally::default();
        let seconds = tally.add(run);
        let verdicts = decisions.by_kind(|_, shape| shape.verdict as usize);
        let verdict_of = |row: usize| verdicts.get(*decisions.kind_numbers().get(row)? as usize).copied();
        let distinct = Distinct {
            customers: facts.customer_count() as u64,
            by_verdict: customers(facts, Verdict::ALL.len(), verdict_of),
            duplicates: duplicates(facts.len(), key),
        };
        Self::put_together(run.engine().definition(), &tally, &distinct, in_seconds(&seconds))
    }

    /// The figures of everything that was tallied; `seconds` come in order.
    pub(crate) fn put_together(
        definition: &Definition,
        tally: &Tally,
        distinct: &Distinct,
        seconds: impl Iterator<Item = InSecond>,
    ) -> Self {
        let (schema, rule_set) = (&definition.schema, &definition.rule_set);
        let (shapes, sums) = (tally.shapes(), tally.sums.as_slice());
        let roles = &schema.roles;
        let time = tally.span.map(|(first, last)| TimeRange { first: schema.zone.format(first), last: schema.zone.format(last) });
        Self {
            has: Has { amounts: roles.amount.is_some(), customers: roles.customer.is_some(), arriving: roles.interface.is_some() },
            time,
            history: tally.history.clone(),
            all: sums.iter().map(ByLabel::all).collect::<Vec<_>>().iter().sum(),
            customers: distinct.customers,
            duplicates: distinct.duplicates,
            verdicts: verdicts(shapes, sums, &distinct.by_verdict),
            stages: rule_set.stages.iter().map(|stage| (stage.id.clone(), stage.title.clone())).collect(),
            rules: rules(rule_set, shapes, sums),
            reasons: reasons(rule_set, shapes, sums),
            errors: errors(rule_set, shapes, sums, &tally.errors),
            load: load((rule_set, schema.zone), (shapes, sums), &tally.arrivals, tally.span, seconds),
            scores: scores(rule_set, &tally.scores),
            labels: roles.label.is_some().then(|| labels(rule_set, shapes, sums)),
            invariants: invariants(rule_set, tally),
        }
    }

    /// A stage's name for people; its id where it has none here.
    pub fn stage_title(&self, stage: &StageId) -> LocalText {
        let found = self.stages.iter().find(|(id, _)| id == stage);
        found.map_or_else(|| LocalText::same(stage.as_str()), |(_, title)| title.clone())
    }

    /// The requests of a verdict.
    pub fn verdict(&self, verdict: Verdict) -> Sums {
        self.verdicts.get(verdict as usize).map(|line| line.sums).unwrap_or_default()
    }
}

fn verdicts(shapes: &[Arc<DecisionOutline>], sums: &[ByLabel], customers: &[u64]) -> Vec<VerdictLine> {
    let line = |(verdict, customers): (Verdict, &u64)| {
        let of_verdict = shapes.iter().zip(sums).filter(|(shape, _)| shape.verdict == verdict);
        let sums = of_verdict.map(|(_, sums)| sums.all()).collect::<Vec<_>>().iter().sum();
        VerdictLine { verdict: verdict.word(), text: verdict.text(), sums, customers: *customers }
    };
    Verdict::ALL.into_iter().zip(customers).map(line).collect()
}

fn invariants(rule_set: &RuleSet, tally: &Tally) -> Vec<InvariantLine> {
    let line = |(invariant, (count, examples)): (&Invariant, &(Broken, Vec<Example>))| InvariantLine {
        invariant: invariant.id.clone(),
        title: invariant.title.clone(),
        applies: count.applies,
        broken: count.broken,
        failed: count.failed,
        examples: examples.clone(),
    };
    rule_set.invariants.iter().zip(&tally.invariants).map(line).collect()
}

/// Counts keys that occur more than once, exactly: equal hashes only say which keys to compare.
fn duplicates(rows: usize, key: impl Fn(usize) -> String) -> Duplicates {
    let hash = |row| {
        let mut hasher = DefaultHasher::new();
        key(row).hash(&mut hasher);
        hasher.finish()
    };
    let hashes: Vec<u64> = (0..rows).map(hash).collect();
    let mut sorted = hashes.clone();
    sorted.sort_unstable();
    let twice: BTreeSet<u64> =
        sorted.windows(2).filter(|pair| pair.first() == pair.last()).filter_map(|pair| pair.first().copied()).collect();
    if twice.is_empty() {
        return Duplicates::default();
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (row, _) in hashes.iter().enumerate().filter(|(_, hash)| twice.contains(hash)) {
        *counts.entry(key(row)).or_default() += 1;
    }
    let repeated = || counts.values().filter(|count| **count > 1);
    Duplicates { keys: repeated().count() as u64, rows: repeated().map(|count| count - 1).sum() }
}
