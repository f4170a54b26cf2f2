//! How decisions compare with what became known afterwards, where the schema has a label.
//!
//! Only requests with a known outcome are judged. A request without one (blocked before anything could happen, or never looked at) is
//! counted as such and enters no ratio: nothing is guessed. Definitions, for "caught" by the decision or by one rule's hit:
//!
//! - *precision*: fraud caught, of all caught with a known outcome.
//! - *recall*: fraud caught, of all known fraud.
//! - *false-positive ratio*: genuine requests caught for each fraud caught (`3 : 1`), as fraud teams count.
//! - *saved*: the amount of fraud caught. *Lost*: the amount of fraud let through. *Turned away*: the amount of genuine requests caught.

use serde::Serialize;
use std::sync::Arc;

use super::rules::{Kind, deciders};
use crate::decisions::DecisionOutline;
use crate::decisions::{ByLabel, Ratio, Sums};
use countersign_core::model::{RuleId, RuleIndex, RuleSet, Status, Verdict};

/// How well something tells fraud from genuine requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// Requests caught, by what became known of them.
    pub caught: ByLabel,
    /// Requests not caught, by what became known of them.
    pub passed: ByLabel,
    /// Fraud caught, of all caught with a known outcome.
    pub precision: Ratio,
    /// Fraud caught, of all known fraud.
    pub recall: Ratio,
    /// Genuine requests caught (part) for the fraud caught (whole).
    pub false_positives_to_frauds: Ratio,
}

impl Quality {
    fn new(caught: ByLabel, passed: ByLabel) -> Self {
        let (fraud, genuine) = (caught.fraud.requests, caught.genuine.requests);
        Self {
            caught,
            passed,
            precision: Ratio::new(fraud, fraud + genuine),
            recall: Ratio::new(fraud, fraud + passed.fraud.requests),
            false_positives_to_frauds: Ratio::new(genuine, fraud),
        }
    }

    /// The amount of fraud caught, in fen.
    pub fn saved_fen(&self) -> i128 {
        self.caught.fraud.amount_fen
    }

    /// The amount of fraud let through, in fen.
    pub fn lost_fen(&self) -> i128 {
        self.passed.fraud.amount_fen
    }

    /// The amount of genuine requests caught, in fen.
    pub fn turned_away_fen(&self) -> i128 {
        self.caught.genuine.amount_fen
    }
}

/// The decisions taken together, "caught" meaning at least that verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Level {
    /// The mildest verdict that counts as caught.
    pub at_least: &'static str,
    pub quality: Quality,
}

/// What became known of the requests of one verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    pub verdict: &'static str,
    pub requests: ByLabel,
}

/// One rule of a Screen stage, "caught" meaning that it hit. For a rule that accepts, a high precision is a warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleQuality {
    pub rule: RuleId,
    /// Whether it is a shadow: what it would have caught.
    pub shadow: bool,
    /// How well its hits tell.
    pub quality: Quality,
    /// Requests referred or declined in whose verdict it took part. Several rules may take part in one.
    pub stopped: ByLabel,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Labels {
    pub all: ByLabel,
    /// The same per verdict, mildest first.
    pub outcomes: Vec<Outcomes>,
    /// All rules together, strictest level first: declined; referred or declined; stepped up, referred or declined.
    pub levels: Vec<Level>,
    /// Every rule of a Screen stage that is not off, in order.
    pub rules: Vec<RuleQuality>,
}

fn part(shapes: &[Arc<DecisionOutline>], sums: &[ByLabel], choose: impl Fn(&DecisionOutline) -> bool) -> (ByLabel, ByLabel) {
    let mut parts = (ByLabel::default(), ByLabel::default());
    for (shape, sums) in shapes.iter().zip(sums) {
        if choose(shape) {
            parts.0.merge(sums);
        } else {
            parts.1.merge(sums);
        }
    }
    parts
}

/// Judges a dry run; `sums` are those of the shapes.
pub(crate) fn labels(rule_set: &RuleSet, shapes: &[Arc<DecisionOutline>], sums: &[ByLabel]) -> Labels {
    let (all, _) = part(shapes, sums, |_| true);
    let outcomes = Verdict::ALL.map(|verdict| {
        let (requests, _) = part(shapes, sums, |shape| shape.verdict == verdict);
        Outcomes { verdict: verdict.word(), requests }
    });
    let levels = [Verdict::Decline, Verdict::Refer, Verdict::StepUp].map(|at_least| {
        let (caught, passed) = part(shapes, sums, |shape| shape.verdict >= at_least);
        Level { at_least: at_least.word(), quality: Quality::new(caught, passed) }
    });
    let rules = rule_set.rules().filter_map(|(index, stage, rule)| {
        let screen = rule_set.stages.get(stage.at()).is_some_and(|stage| Kind::of(&stage.kind) == Kind::Screen);
        (screen && rule.status != Status::Off).then(|| of_rule(shapes, sums, index, rule))
    });
    Labels { all, outcomes: outcomes.into(), levels: levels.into(), rules: rules.collect() }
}

fn of_rule(
    shapes: &[Arc<DecisionOutline>],
    sums: &[ByLabel],
    index: RuleIndex,
    rule: &countersign_core::model::Rule,
) -> RuleQuality {
    let hit = |shape: &DecisionOutline| shape.hits.contains(&index) || shape.shadow_hits.contains(&index);
    let (caught, passed) = part(shapes, sums, hit);
    let (stopped, _) = part(shapes, sums, |shape| shape.verdict >= Verdict::Refer && deciders(shape).contains(&index));
    RuleQuality { rule: rule.id.clone(), shadow: rule.status == Status::Shadow, quality: Quality::new(caught, passed), stopped }
}

impl RuleQuality {
    /// Sums of the requests it stopped that were fraud.
    pub fn saved(&self) -> &Sums {
        &self.stopped.fraud
    }
}
