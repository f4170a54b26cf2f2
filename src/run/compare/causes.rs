//! Whether two decisions of one request differ, and which rules are the cause.
//!
//! Rules are told by id, never by equal output. For a pair of decisions the rules that *took part differently* are:
//!
//! - verdict or reasons differ: rules that gave a reason of one decision and not the same reason of the other; where every rule gave the
//!   same reasons (a band moved), all that gave one;
//! - both have an interface and these differ: the rules that routed;
//! - limits differ, and both or neither were declined: the rules of Limit stages that hit in one decision only; where the same ones hit, all of them.
//!
//! Scripts are deterministic, so a difference begins where the rule sets differ. Of those rules, the ones that were added, removed or
//! edited, or that read another parameter or list, are therefore *the causes*, where there are any; the others only follow from them.
//! Where none of them changed, the changed rules that hit on one side only are the causes (a removed rule may have taken points away),
//! and where there are none of these either, all that took part differently: then a stage's settings differ.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::decisions::DecisionOutline;
use crate::identity::{Identity, RuleSetSide};
use countersign_core::model::{Limits, RuleIndex, Verdict};

/// In what two decisions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "four independent parts of a decision")]
pub struct Differs {
    pub verdict: bool,
    pub interface: bool,
    pub reasons: bool,
    pub limits: bool,
}

impl Differs {
    pub fn any(self) -> bool {
        self.verdict || self.interface || self.reasons || self.limits
    }
}

/// One side's view of a decision, in the common numbering.
struct View<'a> {
    side: &'a RuleSetSide,
    shape: &'a DecisionOutline,
}

impl View<'_> {
    /// Every reason with the rule that gave it, where a rule did.
    fn given(&self) -> BTreeSet<(Option<usize>, usize)> {
        let given = |given: &countersign_core::model::ReasonGiven| {
            (given.rule.map(|rule| self.side.rule(rule)), self.side.reason(given.reason))
        };
        self.shape.reasons.iter().map(given).collect()
    }

    fn codes(&self) -> BTreeSet<usize> {
        self.shape.reasons.iter().map(|given| self.side.reason(given.reason)).collect()
    }

    fn interface(&self) -> Option<usize> {
        self.shape.interface.map(|interface| self.side.interface(interface))
    }

    fn router(&self) -> Option<usize> {
        self.shape.routed_by.map(|rule| self.side.rule(rule))
    }

    fn acted(&self) -> BTreeSet<usize> {
        let failed = self.shape.failures.iter().filter(|failure| !failure.shadow).filter_map(|failure| failure.rule);
        self.shape.hits.iter().copied().chain(failed).map(|rule| self.side.rule(rule)).collect()
    }

    fn limiters(&self) -> BTreeSet<usize> {
        let sets = |rule: &&RuleIndex| self.side.sets_limits(**rule);
        self.shape.hits.iter().filter(sets).map(|rule| self.side.rule(*rule)).collect()
    }
}

fn one_only<T: Ord + Clone>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> BTreeSet<T> {
    one.symmetric_difference(other).cloned().collect()
}

/// In what two decisions differ, and the rules that are the cause, by their number in `identity`.
pub(crate) fn causes(
    identity: &Identity,
    old: (&DecisionOutline, Limits),
    new: (&DecisionOutline, Limits),
) -> (Differs, Vec<usize>) {
    let (before, after) = (View { side: identity.old(), shape: old.0 }, View { side: identity.new_side(), shape: new.0 });
    let differs = Differs {
        verdict: before.shape.verdict != after.shape.verdict,
        interface: before.interface() != after.interface(),
        reasons: before.codes() != after.codes(),
        limits: old.1 != new.1,
    };
    if !differs.any() {
        return (differs, Vec::new());
    }
    let mut rules = BTreeSet::new();
    if differs.verdict || differs.reasons {
        rules.extend(verdict_rules(&before, &after));
    }
    if differs.interface && before.interface().is_some() && after.interface().is_some() {
        rules.extend(before.router().into_iter().chain(after.router()));
    }
    // Where only one of the two was declined, its limits are gone because the decision ended there.
    let ended = |view: &View<'_>| view.shape.verdict == Verdict::Decline;
    if differs.limits && ended(&before) == ended(&after) {
        let (one, other) = (before.limiters(), after.limiters());
        let only = one_only(&one, &other);
        rules.extend(if only.is_empty() { &one | &other } else { only });
    }
    let changed =
        |rules: &BTreeSet<usize>| -> Vec<usize> { rules.iter().copied().filter(|rule| identity.is_changed(*rule)).collect() };
    let own = changed(&rules);
    if !own.is_empty() {
        return (differs, own);
    }
    let acted = changed(&one_only(&before.acted(), &after.acted()));
    (differs, if acted.is_empty() { rules.into_iter().collect() } else { acted })
}

fn verdict_rules(before: &View<'_>, after: &View<'_>) -> BTreeSet<usize> {
    let (one, other) = (before.given(), after.given());
    let only: BTreeSet<usize> = one_only(&one, &other).into_iter().filter_map(|(rule, _)| rule).collect();
    if !only.is_empty() {
        return only;
    }
    one.union(&other).filter_map(|(rule, _)| *rule).collect()
}
