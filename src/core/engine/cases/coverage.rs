//! Which rules the cases put to the test.

use serde::Serialize;

use crate::engine::{RuleStep, Trace};
use crate::model::{RuleId, RuleSet, StageId, Status};
use crate::text::LocalText;

/// How the cases covered one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleCoverage {
    /// The rule.
    pub rule: RuleId,
    /// Its stage.
    pub stage: StageId,
    /// Its name for people.
    pub title: LocalText,
    /// Whether it counts.
    pub status: Status,
    /// Cases that evaluated it.
    pub evaluated: u64,
    /// Cases in which it returned an outcome.
    pub hit: u64,
    /// Cases in which it failed.
    pub failed: u64,
    /// Whether a passed case names it among its hits, misses, shadow hits or errors, so that somebody looks at what it does.
    pub asserted: bool,
}

/// How far a rule is covered, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    /// No case evaluates it.
    Never,
    /// Cases evaluate it, and it never hits.
    Evaluated,
    /// It hits in at least one case.
    Hit,
}

impl RuleCoverage {
    /// How far it is covered.
    #[must_use]
    pub fn covered(&self) -> Covered {
        match (self.evaluated, self.hit) {
            (0, _) => Covered::Never,
            (_, 0) => Covered::Evaluated,
            _ => Covered::Hit,
        }
    }
}

/// The coverage of every rule, in the rule set's order. Rules that are off are listed and count for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseCoverage {
    /// One entry a rule.
    pub rules: Vec<RuleCoverage>,
}

impl CaseCoverage {
    pub(super) fn new(rule_set: &RuleSet) -> Self {
        let entry = |(_, stage, rule): (_, crate::model::StageIndex, &crate::model::Rule)| {
            Some(RuleCoverage {
                rule: rule.id.clone(),
                stage: rule_set.stages.get(stage.at())?.id.clone(),
                title: rule.title.clone(),
                status: rule.status,
                evaluated: 0,
                hit: 0,
                failed: 0,
                asserted: false,
            })
        };
        Self { rules: rule_set.rules().filter_map(entry).collect() }
    }

    /// Counts what one case evaluated.
    pub(super) fn add(&mut self, trace: &Trace) {
        for (rule, step) in trace.stages.iter().flat_map(|stage| &stage.rules) {
            let (Some(entry), RuleStep::Evaluated { outcome, .. }) = (self.rules.get_mut(rule.at()), step) else { continue };
            entry.evaluated += 1;
            match outcome {
                Ok(outcomes) => entry.hit += u64::from(!outcomes.is_empty()),
                Err(_) => entry.failed += 1,
            }
        }
    }

    /// Notes that a case that passed names a rule.
    pub(super) fn assert(&mut self, rule: &RuleId) {
        if let Some(entry) = self.rules.iter_mut().find(|entry| entry.rule == *rule) {
            entry.asserted = true;
        }
    }

    /// The rules that count: all but those that are off.
    pub fn counting(&self) -> impl Iterator<Item = &RuleCoverage> {
        self.rules.iter().filter(|entry| entry.status != Status::Off)
    }

    /// How many of the rules that count hit in at least one case, and how many count.
    #[must_use]
    pub fn hit(&self) -> (usize, usize) {
        (self.counting().filter(|entry| entry.covered() == Covered::Hit).count(), self.counting().count())
    }
}
