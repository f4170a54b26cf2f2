//! The figures that a screen shows at once: per verdict and per rule.

use crate::decisions::{ByLabel, Decisions, Sums, by_shape};
use countersign_core::model::{Definition, Verdict};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleTotals {
    /// Requests it hit, as an active rule or as a shadow, by what became known of them.
    pub hits: ByLabel,
    /// Requests in whose decision one of its reasons stands.
    pub decided: Sums,
    pub errors: u64,
}

/// Requests and amounts over all rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All requests, by what became known of them.
    pub all: ByLabel,
    /// Per verdict, mildest first, by what became known of them.
    pub verdicts: [ByLabel; 4],
    /// Per rule, by its index.
    pub rules: Vec<RuleTotals>,
    /// Requests on which an active rule failed, or no rule routed.
    pub failed: u64,
}

impl Totals {
    pub(crate) fn of(definition: &Definition, decisions: &Decisions) -> Self {
        let mut totals = Self::default();
        totals.rules.resize(definition.rule_set.rules().count(), RuleTotals::default());
        for (shape, sums) in decisions.shapes().iter().zip(by_shape(decisions)) {
            let all = sums.all();
            totals.all.merge(&sums);
            if let Some(place) = totals.verdicts.get_mut(shape.verdict as usize) {
                place.merge(&sums);
            }
            for hit in shape.hits.iter().chain(&shape.shadow_hits) {
                if let Some(rule) = totals.rules.get_mut(hit.at()) {
                    rule.hits.merge(&sums);
                }
            }
            let mut deciders: Vec<_> = shape.reasons.iter().filter_map(|given| given.rule).collect();
            deciders.sort_unstable();
            deciders.dedup();
            for decider in deciders {
                if let Some(rule) = totals.rules.get_mut(decider.at()) {
                    rule.decided.merge(&all);
                }
            }
            for failed in shape.failures.iter().filter_map(|failure| failure.rule) {
                if let Some(rule) = totals.rules.get_mut(failed.at()) {
                    rule.errors += all.requests;
                }
            }
            if shape.failures.iter().any(|failure| !failure.shadow) {
                totals.failed += all.requests;
            }
        }
        totals
    }

    pub fn verdict(&self, verdict: Verdict) -> Sums {
        self.verdicts.get(verdict as usize).map(ByLabel::all).unwrap_or_default()
    }
}
