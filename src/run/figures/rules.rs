//! What every rule and every reason did.
//!
//! - *hits*: the rule is active and returned an outcome.
//! - *sole hits*: of the active rules in stages of its kind (Screen, Limit, Route) it was the only one that hit.
//! - *shadow hits*: the rule is a shadow and returned an outcome.
//! - *decided*: a reason of the rule stands in the decision, so it took part in the final verdict; *alone* when no other rule did.
//! - *errors*: the rule failed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::decisions::{ByLabel, Sums};
use crate::decisions::{DecisionOutline, RuleFailure};
use countersign_core::model::{ReasonId, Rule, RuleId, RuleIndex, RuleSet, StageId, StageIndex, StageKind, Status};
use countersign_core::text::LocalText;

/// What a stage is for, without its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Screen,
    Limit,
    Route,
}

impl Kind {
    pub(crate) fn of(kind: &StageKind) -> Self {
        match kind {
            StageKind::Screen { .. } => Self::Screen,
            StageKind::Limit => Self::Limit,
            StageKind::Route { .. } => Self::Route,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    pub rule: RuleId,
    pub stage: StageId,
    /// What the stage is for.
    pub kind: Kind,
    pub title: LocalText,
    /// Who answers for it.
    pub owner: String,
    /// Whether it counts.
    pub status: Status,
    /// Requests it hit as an active rule.
    pub hits: Sums,
    /// Requests that it alone hit, of the active rules of its kind.
    pub sole_hits: u64,
    /// Requests it hit as a shadow.
    pub shadow_hits: Sums,
    /// Requests in whose final verdict it took part, per verdict, mildest first.
    pub decided: [u64; 4],
    /// Requests whose final verdict is due to it alone.
    pub decided_alone: u64,
    /// Requests it failed on.
    pub errors: u64,
}

impl RuleLine {
    fn new(stage: (&StageId, Kind), rule: &Rule) -> Self {
        Self {
            rule: rule.id.clone(),
            stage: stage.0.clone(),
            kind: stage.1,
            title: rule.title.clone(),
            owner: rule.owner.clone(),
            status: rule.status,
            hits: Sums::default(),
            sole_hits: 0,
            shadow_hits: Sums::default(),
            decided: [0; 4],
            decided_alone: 0,
            errors: 0,
        }
    }

    /// Requests in whose final verdict it took part, whatever the verdict.
    pub fn decided_in_all(&self) -> u64 {
        self.decided.iter().sum()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReasonLine {
    pub reason: ReasonId,
    pub text: LocalText,
    pub wire: String,
    /// ISO 8583 field 39, where it has one.
    pub iso8583: Option<String>,
    /// Requests whose decision gives it.
    pub given: Sums,
    /// The same per verdict, mildest first.
    pub by_verdict: [u64; 4],
}

/// What failed, how often, with examples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorLine {
    pub stage: StageId,
    /// The rule that failed; none when no rule routed and the stage has no default.
    pub rule: Option<RuleId>,
    /// Whether the rule is a shadow, so that the failure had no effect.
    pub shadow: bool,
    pub requests: u64,
    /// The first of them: key and what went wrong.
    pub examples: Vec<Example>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    pub key: String,
    pub message: String,
}

/// The rules that took part in a shape's final verdict, each once, in order.
pub(crate) fn deciders(shape: &DecisionOutline) -> Vec<RuleIndex> {
    let mut rules: Vec<RuleIndex> = shape.reasons.iter().filter_map(|given| given.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Counts what every rule did; `sums` are those of the shapes.
pub(crate) fn rules(rule_set: &RuleSet, shapes: &[Arc<DecisionOutline>], sums: &[ByLabel]) -> Vec<RuleLine> {
    let stage_of = |index: StageIndex| rule_set.stages.get(index.at()).map(|stage| (&stage.id, Kind::of(&stage.kind)));
    let mut lines: Vec<RuleLine> =
        rule_set.rules().filter_map(|(_, stage, rule)| Some(RuleLine::new(stage_of(stage)?, rule))).collect();
    let kinds: Vec<Kind> = lines.iter().map(|line| line.kind).collect();
    for (shape, sums) in shapes.iter().zip(sums) {
        let all = sums.all();
        count_hits(&mut lines, &kinds, shape, &all);
        count_decided(&mut lines, shape, all.requests);
        for failed in shape.failures.iter().filter_map(|failure| failure.rule) {
            if let Some(line) = lines.get_mut(failed.at()) {
                line.errors += all.requests;
            }
        }
    }
    lines
}

fn count_hits(lines: &mut [RuleLine], kinds: &[Kind], shape: &DecisionOutline, all: &Sums) {
    let kind_of = |rule: RuleIndex| kinds.get(rule.at()).copied();
    for rule in &shape.hits {
        let of_kind = shape.hits.iter().filter(|other| kind_of(**other) == kind_of(*rule)).count();
        if let Some(line) = lines.get_mut(rule.at()) {
            line.hits.merge(all);
            line.sole_hits += if of_kind == 1 { all.requests } else { 0 };
        }
    }
    for rule in &shape.shadow_hits {
        if let Some(line) = lines.get_mut(rule.at()) {
            line.shadow_hits.merge(all);
        }
    }
}

fn count_decided(lines: &mut [RuleLine], shape: &DecisionOutline, requests: u64) {
    let deciders = deciders(shape);
    for rule in &deciders {
        let Some(line) = lines.get_mut(rule.at()) else { continue };
        if let Some(count) = line.decided.get_mut(shape.verdict as usize) {
            *count += requests;
        }
        line.decided_alone += if deciders.len() == 1 { requests } else { 0 };
    }
}

/// Counts how often every reason of the rule set was given.
pub(crate) fn reasons(rule_set: &RuleSet, shapes: &[Arc<DecisionOutline>], sums: &[ByLabel]) -> Vec<ReasonLine> {
    let line = |(id, reason): (&ReasonId, &countersign_core::model::Reason)| ReasonLine {
        reason: id.clone(),
        text: reason.text.clone(),
        wire: reason.wire.clone(),
        iso8583: reason.iso8583.clone(),
        given: Sums::default(),
        by_verdict: [0; 4],
    };
    let mut lines: Vec<ReasonLine> = rule_set.reasons.iter().map(line).collect();
    for (shape, sums) in shapes.iter().zip(sums) {
        let mut given: Vec<usize> = shape.reasons.iter().map(|given| given.reason.at()).collect();
        given.sort_unstable();
        given.dedup();
        for reason in given {
            let Some(line) = lines.get_mut(reason) else { continue };
            line.given.merge(&sums.all());
            if let Some(count) = line.by_verdict.get_mut(shape.verdict as usize) {
                *count += sums.all().requests;
            }
        }
    }
    lines
}

pub(crate) fn errors(
    rule_set: &RuleSet,
    shapes: &[Arc<DecisionOutline>],
    sums: &[ByLabel],
    examples: &[(RuleFailure, Example)],
) -> Vec<ErrorLine> {
    let mut counts: BTreeMap<RuleFailure, u64> = BTreeMap::new();
    for (shape, sums) in shapes.iter().zip(sums) {
        let mut failures = shape.failures.clone();
        failures.sort_unstable();
        failures.dedup();
        for failure in failures {
            *counts.entry(failure).or_default() += sums.all().requests;
        }
    }
    let named = |(failure, requests): (RuleFailure, u64)| {
        let examples = examples.iter().filter(|(of, _)| *of == failure);
        Some(ErrorLine {
            stage: rule_set.stages.get(failure.stage.at())?.id.clone(),
            rule: failure.rule.and_then(|rule| rule_set.rule(rule)).map(|rule| rule.id.clone()),
            shadow: failure.shadow,
            requests,
            examples: examples.map(|(_, example)| example.clone()).collect(),
        })
    };
    counts.into_iter().filter_map(named).collect()
}
