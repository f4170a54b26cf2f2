//! Decisions of many requests, kept small: what most rows have in common is kept once.
//!
//! Rules hit in combinations, and a few hundred combinations cover a million rows. So everything of a decision but its score, its
//! limits and the wording of its errors is a [`Shape`], kept once, and a row holds its shape's number. Figures per rule, reason or
//! verdict are then sums over shapes, not over rows.

use std::collections::HashMap;
use std::hash::Hash;

use crate::model::{Decision, DecisionError, InterfaceIndex, Limits, ReasonGiven, RuleIndex, StageIndex, Verdict};

/// How many examples of one rule's errors are kept with their wording.
pub(crate) const EXAMPLES: usize = 5;

/// A rule that failed, or a stage that found no route, without the wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Failure {
    /// The stage it happened in.
    pub stage: StageIndex,
    /// The rule that failed; none when no rule routed.
    pub rule: Option<RuleIndex>,
    /// Whether it had no effect.
    pub shadow: bool,
}

/// What decisions have in common: everything but score, limits and the wording of errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The verdict.
    pub verdict: Verdict,
    /// The interface to use.
    pub interface: Option<InterfaceIndex>,
    /// The rule that routed.
    pub routed_by: Option<RuleIndex>,
    /// The reasons of the verdict, in order of evaluation.
    pub reasons: Vec<ReasonGiven>,
    /// Active rules that hit, in order of evaluation.
    pub hits: Vec<RuleIndex>,
    /// Shadow rules that hit.
    pub shadow_hits: Vec<RuleIndex>,
    /// What failed, in order.
    pub failures: Vec<Failure>,
}

impl Shape {
    /// Splits a decision into its shape, its score, its limits and the wording of its errors.
    fn split(decision: Decision) -> (Self, i64, Limits, Vec<(Failure, String)>) {
        let errors: Vec<(Failure, String)> = decision
            .errors
            .into_iter()
            .map(|error| (Failure { stage: error.stage, rule: error.rule, shadow: error.shadow }, error.message))
            .collect();
        let shape = Self {
            verdict: decision.verdict,
            interface: decision.interface,
            routed_by: decision.routed_by,
            reasons: decision.reasons,
            hits: decision.hits,
            shadow_hits: decision.shadow_hits,
            failures: errors.iter().map(|(failure, _)| *failure).collect(),
        };
        (shape, decision.score, decision.limits, errors)
    }
}

/// Values numbered by first appearance.
#[derive(Clone, Debug)]
struct Interner<T> {
    numbers: HashMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    fn number(&mut self, value: T) -> u32 {
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
    /// What failed.
    pub failure: Failure,
    /// The row of the table, from 0.
    pub row: usize,
    /// What went wrong, with personal values masked.
    pub message: String,
}

/// The decisions of all rows of a table, in its order.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    shapes: Interner<Shape>,
    limits: Interner<Limits>,
    shape_of: Vec<u32>,
    limits_of: Vec<u32>,
    scores: Vec<i64>,
    examples: Vec<ErrorExample>,
}

impl Decisions {
    /// Adds the next row's decision; `mask` takes personal values out of an error's wording.
    pub(crate) fn push(&mut self, decision: Decision, mask: impl Fn(String) -> String) {
        let row = self.len();
        let (shape, score, limits, errors) = Shape::split(decision);
        for (failure, message) in errors {
            if self.wants_example(failure) {
                self.examples.push(ErrorExample { failure, row, message: mask(message) });
            }
        }
        let shape = self.shapes.number(shape);
        let limits = self.limits.number(limits);
        self.shape_of.push(shape);
        self.limits_of.push(limits);
        self.scores.push(score);
    }

    fn wants_example(&self, failure: Failure) -> bool {
        self.examples.iter().filter(|known| known.failure == failure).count() < EXAMPLES
    }

    /// Adds the rows of the part of the table that follows.
    pub(crate) fn append(&mut self, next: Self) {
        let before = self.len();
        let shapes: Vec<u32> = next.shapes.values.into_iter().map(|shape| self.shapes.number(shape)).collect();
        let limits: Vec<u32> = next.limits.values.into_iter().map(|limits| self.limits.number(limits)).collect();
        let renumber = |old: &u32, new: &[u32]| new.get(*old as usize).copied().unwrap_or_default();
        self.shape_of.extend(next.shape_of.iter().map(|old| renumber(old, &shapes)));
        self.limits_of.extend(next.limits_of.iter().map(|old| renumber(old, &limits)));
        self.scores.extend(next.scores);
        for example in next.examples {
            if self.wants_example(example.failure) {
                self.examples.push(ErrorExample { row: before + example.row, ..example });
            }
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape_of.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shape_of.is_empty()
    }

    /// Every shape that occurs, numbered by its first row.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes.values
    }

    /// The number of every row's shape.
    #[must_use]
    pub fn shape_numbers(&self) -> &[u32] {
        &self.shape_of
    }

    /// A row's shape; `None` past the end.
    #[must_use]
    pub fn shape(&self, row: usize) -> Option<&Shape> {
        self.shapes.values.get(*self.shape_of.get(row)? as usize)
    }

    /// A row's verdict; `None` past the end.
    #[must_use]
    pub fn verdict(&self, row: usize) -> Option<Verdict> {
        self.shape(row).map(|shape| shape.verdict)
    }

    /// A row's limits; none are set past the end.
    #[must_use]
    pub fn limits(&self, row: usize) -> Limits {
        let number = self.limits_of.get(row).map_or(usize::MAX, |number| *number as usize);
        self.limits.values.get(number).copied().unwrap_or_default()
    }

    /// Every row's sum of scores.
    #[must_use]
    pub fn scores(&self) -> &[i64] {
        &self.scores
    }

    /// The first errors of every rule, with their wording.
    #[must_use]
    pub fn error_examples(&self) -> &[ErrorExample] {
        &self.examples
    }

    /// A row's decision put together again, without the errors' wording; `None` past the end.
    #[must_use]
    pub fn decision(&self, row: usize) -> Option<Decision> {
        let shape = self.shape(row)?;
        Some(Decision {
            verdict: shape.verdict,
            reasons: shape.reasons.clone(),
            limits: self.limits(row),
            interface: shape.interface,
            routed_by: shape.routed_by,
            score: self.scores.get(row).copied().unwrap_or_default(),
            hits: shape.hits.clone(),
            shadow_hits: shape.shadow_hits.clone(),
            errors: shape.failures.iter().copied().map(without_wording).collect(),
        })
    }
}

fn without_wording(failure: Failure) -> DecisionError {
    DecisionError { stage: failure.stage, rule: failure.rule, shadow: failure.shadow, message: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fen, Limit, ReasonIndex};

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
    fn parts_joined_in_order_are_the_same_as_the_whole() {
        let all: Vec<Decision> = (0..40).map(|at| declined(at % 3, i64::from(at % 5))).collect();
        let record = |part: &[Decision]| {
            let mut decisions = Decisions::default();
            for decision in part {
                decisions.push(decision.clone(), |text| text);
            }
            decisions
        };
        let whole = record(&all);
        let mut joined = Decisions::default();
        all.chunks(7).for_each(|part| joined.append(record(part)));
        assert_eq!(whole.shapes(), joined.shapes());
        assert_eq!(whole.shape_numbers(), joined.shape_numbers());
        assert_eq!(joined.shapes().len(), 3);
        for (row, decision) in all.iter().enumerate() {
            assert_eq!(joined.decision(row).as_ref(), Some(decision), "{row}");
        }
    }

    #[test]
    fn only_the_first_examples_of_an_error_are_kept_and_masked() {
        let mut decisions = Decisions::default();
        for part in 0..4 {
            let mut next = Decisions::default();
            for row in 0..3 {
                next.push(failed(&format!("boom 138{part}{row}")), |text| text.replace("138", "***"));
            }
            decisions.append(next);
        }
        let kept: Vec<(usize, &str)> = decisions.error_examples().iter().map(|e| (e.row, e.message.as_str())).collect();
        assert_eq!(kept, [(0, "boom ***00"), (1, "boom ***01"), (2, "boom ***02"), (3, "boom ***10"), (4, "boom ***11")]);
        assert_eq!(decisions.shapes().len(), 1);
    }
}
