//! Decisions of many requests, kept small: what most rows have in common is kept once.
//!
//! Rules hit in combinations, and a few hundred combinations cover a million rows. So everything of a decision but its score, its
//! limits and the wording of its errors is a [`Shape`], kept once; a shape with its score and its limits is a [`Kind`], kept once; and a
//! row holds the number of its kind. Figures per rule, reason or verdict are then sums over shapes, not over rows.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::sums::ByLabel;
use crate::key_hash::KeyHashBuilder;
use countersign_core::model::{Decision, DecisionError, InterfaceIndex, Limits, ReasonGiven, RuleIndex, StageIndex, Verdict};

/// How many kinds without a row are kept besides as many as there are with one.
const UNUSED_KINDS: usize = 4_096;

/// How many examples of one rule's errors are kept with their wording.
pub(crate) const EXAMPLES: usize = 5;

/// A rule that failed, or a stage that found no route, without the wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleFailure {
    /// The stage it happened in.
    pub stage: StageIndex,
    /// The rule that failed; none when no rule routed.
    pub rule: Option<RuleIndex>,
    /// Whether it had no effect.
    pub shadow: bool,
}

/// What decisions have in common: everything but score, limits and the wording of errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DecisionOutline {
    pub verdict: Verdict,
    pub interface: Option<InterfaceIndex>,
    pub routed_by: Option<RuleIndex>,
    /// The reasons of the verdict, in order of evaluation.
    pub reasons: Vec<ReasonGiven>,
    /// Active rules that hit, in order of evaluation.
    pub hits: Vec<RuleIndex>,
    /// Shadow rules that hit.
    pub shadow_hits: Vec<RuleIndex>,
    /// What failed, in order.
    pub failures: Vec<RuleFailure>,
}

impl DecisionOutline {
    /// Splits a decision into its shape, its score and its limits; the wording of its errors is left out.
    fn split(decision: Decision) -> (Self, i64, Limits) {
        let failures =
            decision.errors.iter().map(|error| RuleFailure { stage: error.stage, rule: error.rule, shadow: error.shadow });
        let failures = failures.collect();
        let shape = Self {
            verdict: decision.verdict,
            interface: decision.interface,
            routed_by: decision.routed_by,
            reasons: decision.reasons,
            hits: decision.hits,
            shadow_hits: decision.shadow_hits,
            failures,
        };
        (shape, decision.score, decision.limits)
    }
}

/// Values numbered by first appearance.
#[derive(Clone, Debug)]
pub(crate) struct Interner<T> {
    numbers: HashMap<T, u32, KeyHashBuilder>,
    pub(crate) values: Vec<T>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: HashMap::default(), values: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    /// Values under the numbers of their places; equal ones may stand twice.
    fn listed(values: Vec<T>) -> Self {
        let numbers = values.iter().cloned().zip(0..).collect();
        Self { numbers, values }
    }

    pub(crate) fn number(&mut self, value: T) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        // A row is at least one byte of memory, so four thousand million of them do not occur.
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }
}

/// One error with its row and wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorExample {
    pub failure: RuleFailure,
    /// The row of the table, from 0.
    pub row: usize,
    /// What went wrong; no personal value is in it.
    pub message: String,
}

/// What decisions have in common, scores and limits too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The number of the shape, into [`Decisions::shapes`].
    pub shape: u32,
    limits: u32,
    /// The sum of the scores.
    pub score: i64,
}

/// Every kind of decision that occurs; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kinds {
    shapes: Interner<Arc<DecisionOutline>>,
    limits: Interner<Limits>,
    all: Interner<Kind>,
}

impl Kinds {
    pub(crate) fn number(&mut self, decision: Decision) -> u32 {
        let (shape, score, limits) = DecisionOutline::split(decision);
        self.kind(Arc::new(shape), score, limits)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.values.len()
    }

    fn kind(&mut self, shape: Arc<DecisionOutline>, score: i64, limits: Limits) -> u32 {
        let (shape, limits) = (self.shapes.number(shape), self.limits.number(limits));
        self.all.number(Kind { shape, limits, score })
    }

    /// Adds a kind of others.
    fn taken_over(&mut self, others: &Self, kind: u32) -> u32 {
        let Some(kind) = others.all.values.get(kind as usize) else { return u32::MAX };
        let shape = others.shapes.values.get(kind.shape as usize).cloned().unwrap_or_default();
        let limits = others.limits.values.get(kind.limits as usize).copied().unwrap_or_default();
        self.kind(shape, kind.score, limits)
    }

    /// The same kinds under the same numbers, with other numbers for rules; the names of none may be lost that a row still has.
    pub(crate) fn renumbered(&self, rule: impl Fn(RuleIndex) -> Option<RuleIndex>) -> Self {
        let shapes = self.shapes.values.iter().map(|shape| Arc::new(shape.renumbered(&rule))).collect();
        Self { shapes: Interner::listed(shapes), limits: self.limits.clone(), all: self.all.clone() }
    }
}

impl DecisionOutline {
    fn renumbered(&self, rule: &impl Fn(RuleIndex) -> Option<RuleIndex>) -> Self {
        let all = |rules: &[RuleIndex]| rules.iter().filter_map(|known| rule(*known)).collect();
        let given = self.reasons.iter().filter_map(|given| match given.rule {
            Some(known) => rule(known).map(|rule| ReasonGiven { rule: Some(rule), ..*given }),
            None => Some(*given),
        });
        let failures = self.failures.iter().filter_map(|failure| match failure.rule {
            Some(known) => rule(known).map(|rule| RuleFailure { rule: Some(rule), ..*failure }),
            None => Some(*failure),
        });
        Self {
            verdict: self.verdict,
            interface: self.interface,
            routed_by: self.routed_by.and_then(rule),
            reasons: given.collect(),
            hits: all(&self.hits),
            shadow_hits: all(&self.shadow_hits),
            failures: failures.collect(),
        }
    }
}

/// The decisions of all rows of a table, in its order.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    kinds: Kinds,
    of_row: Vec<u32>,
    /// What is at stake in each kind's rows.
    sums: Vec<ByLabel>,
    examples: Vec<ErrorExample>,
}

impl Decisions {
    /// From the kinds of all rows, part after part, and what is at stake in each kind's rows; kinds that no row has are left out, and the
    /// others numbered by their first row.
    pub(crate) fn new(kinds: &Kinds, parts: &[impl AsRef<[u32]>], sums: &[ByLabel]) -> Self {
        let mut made = Self::default();
        made.of_row.reserve_exact(parts.iter().map(|part| part.as_ref().len()).sum());
        let mut renumbered: Vec<u32> = vec![u32::MAX; kinds.len()];
        for part in parts {
            made.of_row.extend(part.as_ref().iter().map(|old| match renumbered.get(*old as usize) {
                Some(number) if *number != u32::MAX => *number,
                _ => {
                    let number = made.kinds.taken_over(kinds, *old);
                    made.sums.push(sums.get(*old as usize).copied().unwrap_or_default());
                    renumbered.get_mut(*old as usize).into_iter().for_each(|place| *place = number);
                    number
                }
            }));
        }
        made
    }

    /// From kinds that were numbered for an earlier run and added to since; kinds that no row has any more are kept as long as they are
    /// not many.
    pub(crate) fn edited(kinds: Kinds, of_row: Vec<u32>, sums: Vec<ByLabel>) -> Self {
        let used = sums.iter().filter(|sums| sums.all().requests > 0).count();
        if kinds.len() > 2 * used + UNUSED_KINDS {
            return Self::new(&kinds, &[of_row], &sums);
        }
        Self { kinds, of_row, sums, examples: Vec::new() }
    }

    /// Adds the wording of errors: `say` decides a row once more.
    pub(crate) fn with_examples(mut self, say: impl Fn(usize) -> Vec<DecisionError>) -> Self {
        self.examples.clear();
        let failing: Vec<bool> =
            self.kinds().iter().map(|kind| self.shape_of(*kind).is_some_and(|shape| !shape.failures.is_empty())).collect();
        if !failing.contains(&true) {
            return self;
        }
        let mut open: HashMap<RuleFailure, usize> = HashMap::new();
        for (row, kind) in self.of_row.iter().enumerate().filter(|(_, kind)| failing.get(**kind as usize) == Some(&true)) {
            let failures = self.kinds().get(*kind as usize).and_then(|kind| self.shape_of(*kind)).map(|shape| &shape.failures);
            let wanted = |failure: &RuleFailure| open.get(failure).copied().unwrap_or(0) < EXAMPLES;
            if !failures.is_some_and(|failures| failures.iter().any(wanted)) {
                continue;
            }
            for error in say(row) {
                let failure = RuleFailure { stage: error.stage, rule: error.rule, shadow: error.shadow };
                let known = open.entry(failure).or_default();
                if *known < EXAMPLES {
                    *known += 1;
                    self.examples.push(ErrorExample { failure, row, message: error.message });
                }
            }
        }
        self
    }

    /// Every kind, for deciding some rows again.
    pub(crate) fn all_kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// What is at stake in the rows of each kind.
    pub fn sums(&self) -> &[ByLabel] {
        &self.sums
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.of_row.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.of_row.is_empty()
    }

    /// Every shape that occurs, and maybe some that occurred before an edit.
    pub fn shapes(&self) -> &[Arc<DecisionOutline>] {
        &self.kinds.shapes.values
    }

    /// Every kind that occurs, and maybe some that occurred before an edit.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds.all.values
    }

    /// The number of every row's kind.
    pub fn kind_numbers(&self) -> &[u32] {
        &self.of_row
    }

    pub fn rows_per_shape(&self) -> Vec<u64> {
        let mut per_kind = vec![0_u64; self.kinds().len()];
        for kind in &self.of_row {
            if let Some(count) = per_kind.get_mut(*kind as usize) {
                *count += 1;
            }
        }
        let mut per_shape = vec![0; self.shapes().len()];
        for (kind, rows) in self.kinds().iter().zip(per_kind) {
            if let Some(count) = per_shape.get_mut(kind.shape as usize) {
                *count += rows;
            }
        }
        per_shape
    }

    /// A row's kind; `None` past the end.
    pub fn kind(&self, row: usize) -> Option<Kind> {
        self.kinds().get(*self.of_row.get(row)? as usize).copied()
    }

    fn shape_of(&self, kind: Kind) -> Option<&DecisionOutline> {
        self.shapes().get(kind.shape as usize).map(Arc::as_ref)
    }

    /// A row's shape; `None` past the end.
    pub fn shape(&self, row: usize) -> Option<&DecisionOutline> {
        self.shape_of(self.kind(row)?)
    }

    /// A row's verdict; `None` past the end.
    pub fn verdict(&self, row: usize) -> Option<Verdict> {
        self.shape(row).map(|shape| shape.verdict)
    }

    /// A row's limits; none are set past the end.
    pub fn limits(&self, row: usize) -> Limits {
        self.kind(row).map(|kind| self.limits_of(kind)).unwrap_or_default()
    }

    pub fn limits_of(&self, kind: Kind) -> Limits {
        self.kinds.limits.values.get(kind.limits as usize).copied().unwrap_or_default()
    }

    /// A row's sum of scores; `None` past the end.
    pub fn score(&self, row: usize) -> Option<i64> {
        self.kind(row).map(|kind| kind.score)
    }

    /// Something of every row, asked once for each kind.
    pub(crate) fn by_kind<T>(&self, of: impl Fn(Kind, &DecisionOutline) -> T) -> Vec<T> {
        self.kinds().iter().filter_map(|kind| Some(of(*kind, self.shape_of(*kind)?))).collect()
    }

    /// The first errors of every rule, with their wording.
    pub fn error_examples(&self) -> &[ErrorExample] {
        &self.examples
    }

    /// A row's decision put together again, without the errors' wording; `None` past the end.
    pub fn decision(&self, row: usize) -> Option<Decision> {
        let shape = self.shape(row)?;
        Some(Decision {
            verdict: shape.verdict,
            reasons: shape.reasons.clone(),
            limits: self.limits(row),
            interface: shape.interface,
            routed_by: shape.routed_by,
            score: self.score(row).unwrap_or_default(),
            hits: shape.hits.clone(),
            shadow_hits: shape.shadow_hits.clone(),
            errors: shape.failures.iter().copied().map(without_wording).collect(),
        })
    }
}

fn without_wording(failure: RuleFailure) -> DecisionError {
    DecisionError { stage: failure.stage, rule: failure.rule, shadow: failure.shadow, message: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_core::model::{Fen, Limit, ReasonIndex};

    fn declined(rule: u16, score: i64) -> Decision {
        let rule = RuleIndex(rule);
        let reason = ReasonGiven { reason: ReasonIndex(0), rule: Some(rule) };
        let mut limits = Limits::default();
        limits.set(Limit::Day, Fen(score));
        Decision { verdict: Verdict::Decline, reasons: vec![reason], hits: vec![rule], score, limits, ..Decision::default() }
    }

    fn failed(message: &str) -> Decision {
        let error = DecisionError { stage: StageIndex(0), rule: Some(RuleIndex(1)), shadow: false, message: message.to_owned() };
        Decision { verdict: Verdict::Refer, errors: vec![error], ..Decision::default() }
    }

    #[test]
    fn kinds_are_kept_once_and_numbered_by_their_first_row() {
        let all: Vec<Decision> = (0..40).map(|at| declined(at % 3, i64::from(at % 5))).collect();
        let mut kinds = Kinds::default();
        // Numbers as threads give them, in any order, and one that no row has.
        kinds.number(declined(9, 9));
        let mut numbers: Vec<u32> = all.iter().rev().map(|decision| kinds.number(decision.clone())).collect();
        numbers.reverse();
        let decisions = Decisions::new(&kinds, &[numbers], &[]);
        assert_eq!((decisions.shapes().len(), decisions.kinds().len()), (3, 15));
        assert_eq!(decisions.kind_numbers().get(..16).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0]);
        for (row, decision) in all.iter().enumerate() {
            assert_eq!(decisions.decision(row).as_ref(), Some(decision), "{row}");
        }
    }

    #[test]
    fn only_the_first_examples_of_an_error_are_kept() {
        let mut kinds = Kinds::default();
        let numbers: Vec<u32> =
            (0..12).map(|row| kinds.number(if row % 2 == 0 { failed("boom") } else { declined(1, 1) })).collect();
        let decisions = Decisions::new(&kinds, &[numbers], &[]).with_examples(|row| failed(&format!("boom {row}")).errors);
        let kept: Vec<(usize, &str)> = decisions.error_examples().iter().map(|e| (e.row, e.message.as_str())).collect();
        assert_eq!(kept, [(0, "boom 0"), (2, "boom 2"), (4, "boom 4"), (6, "boom 6"), (8, "boom 8")]);
    }
}
