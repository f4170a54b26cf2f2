//! The figures of a dry run: what the report shows. All integers are exact, everything is in a fixed order.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;

use super::facts::Facts;
use super::labels::{Labels, labels};
use super::load::{Load, load};
use super::rules::{ErrorLine, Example, ReasonLine, RuleLine, errors, reasons, rules};
use super::scores::{Scores, scores};
use super::sums::{Sums, by_kind, by_shape, customers};
use super::{Broken, DryRun};
use crate::model::{RuleId, StageId, Verdict};
use crate::text::LocalText;

/// The first and last request's time, in the schema's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeRange {
    /// The earliest.
    pub first: String,
    /// The latest.
    pub last: String,
}

/// Which of the figures a schema allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Has {
    /// Amounts.
    pub amounts: bool,
    /// Distinct customers.
    pub customers: bool,
    /// The interface a request arrives on.
    pub arriving: bool,
}

/// One verdict's requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerdictLine {
    /// The verdict's word in files.
    pub verdict: &'static str,
    /// Its words for people.
    pub text: LocalText,
    /// Its requests.
    pub sums: Sums,
    /// How many distinct customers got it at least once.
    pub customers: u64,
}

/// What must hold for every request, and whether it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvariantLine {
    /// The invariant.
    pub invariant: RuleId,
    /// What it says.
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

/// The figures of a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Which figures there are.
    pub has: Has,
    /// When the requests arrived; none without a request.
    pub time: Option<TimeRange>,
    /// All requests.
    pub all: Sums,
    /// Distinct customers in all.
    pub customers: u64,
    /// Keys that occur more than once.
    pub duplicates: Duplicates,
    /// Per verdict, mildest first.
    pub verdicts: Vec<VerdictLine>,
    /// The stages in order, with their names for people.
    pub stages: Vec<(StageId, LocalText)>,
    /// Per rule, in order.
    pub rules: Vec<RuleLine>,
    /// Per reason, in the rule set's order.
    pub reasons: Vec<ReasonLine>,
    /// What failed.
    pub errors: Vec<ErrorLine>,
    /// Load per interface.
    pub load: Load,
    /// Spread of scores.
    pub scores: Scores,
    /// Decisions against what became known; none where the schema has no label.
    pub labels: Option<Labels>,
    /// What must hold.
    pub invariants: Vec<InvariantLine>,
}

impl Summary {
    /// Counts; `key` names a row of the table that was run.
    #[must_use]
    pub fn of(run: &DryRun, key: impl Fn(usize) -> String) -> Self {
        let definition = run.definition();
        let (schema, rule_set) = (&definition.schema, &definition.rule_set);
        let (facts, decisions) = (run.facts(), run.decisions());
        let kind_sums = by_kind(decisions, facts);
        let sums = by_shape(decisions, &kind_sums);
        let all: Sums = sums.iter().map(super::sums::ByLabel::all).collect::<Vec<_>>().iter().sum();
        let roles = &schema.roles;
        let has = Has { amounts: roles.amount.is_some(), customers: roles.customer.is_some(), arriving: roles.interface.is_some() };
        Self {
            has,
            time: time_range(facts, schema.zone),
            all,
            customers: facts.customer_count() as u64,
            duplicates: duplicates(facts.len(), &key),
            verdicts: verdicts(run, &sums),
            stages: rule_set.stages.iter().map(|stage| (stage.id.clone(), stage.title.clone())).collect(),
            rules: rules(rule_set, decisions, &sums),
            reasons: reasons(rule_set, decisions, &sums),
            errors: errors(rule_set, decisions, &sums, &key),
            load: load(rule_set, schema.zone, facts, decisions, &sums),
            scores: scores(rule_set, decisions, &kind_sums),
            labels: roles.label.is_some().then(|| labels(rule_set, decisions, &sums, facts)),
            invariants: invariants(run, &key),
        }
    }

    /// A stage's name for people; its id where it has none here.
    #[must_use]
    pub fn stage_title(&self, stage: &StageId) -> LocalText {
        let found = self.stages.iter().find(|(id, _)| id == stage);
        found.map_or_else(|| LocalText::same(stage.as_str()), |(_, title)| title.clone())
    }

    /// The requests of a verdict.
    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> Sums {
        self.verdicts.get(verdict as usize).map(|line| line.sums).unwrap_or_default()
    }
}

fn time_range(facts: &Facts, zone: crate::model::Zone) -> Option<TimeRange> {
    let times = || (0..facts.len()).filter_map(|row| facts.time(row));
    Some(TimeRange { first: zone.format(times().min()?), last: zone.format(times().max()?) })
}

fn verdicts(run: &DryRun, sums: &[super::sums::ByLabel]) -> Vec<VerdictLine> {
    let decisions = run.decisions();
    let verdict_of = |row: usize| decisions.verdict(row).map(|verdict| verdict as usize);
    let customers = customers(run.facts(), Verdict::ALL.len(), verdict_of);
    let line = |(verdict, customers): (Verdict, u64)| {
        let mut line = VerdictLine { verdict: verdict.word(), text: verdict.text(), sums: Sums::default(), customers };
        for (shape, sums) in decisions.shapes().iter().zip(sums) {
            if shape.verdict == verdict {
                line.sums.merge(&sums.all());
            }
        }
        line
    };
    Verdict::ALL.into_iter().zip(customers).map(line).collect()
}

fn invariants(run: &DryRun, key: impl Fn(usize) -> String) -> Vec<InvariantLine> {
    let line = |(invariant, count): (&crate::model::Invariant, &Broken)| InvariantLine {
        invariant: invariant.id.clone(),
        title: invariant.title.clone(),
        applies: count.applies,
        broken: count.broken,
        failed: count.failed,
        examples: count.examples.iter().map(|(row, message)| Example { key: key(*row), message: message.clone() }).collect(),
    };
    run.definition().rule_set.invariants.iter().zip(run.invariants()).map(line).collect()
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
