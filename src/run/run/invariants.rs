//! How often each invariant was broken.

use crate::batch::{BATCH, RuleColumn};
use crate::decisions::Decisions;
use countersign_core::model::Invariant;

/// How many requests that break an invariant are kept as examples.
pub(crate) const BROKEN_EXAMPLES: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    /// Requests it speaks of.
    pub applies: u64,
    /// Of those, requests that got a verdict it does not allow.
    pub broken: u64,
    /// Requests on which its condition failed to run.
    pub failed: u64,
    /// The first rows that break it or that it failed on, with what happened.
    pub examples: Vec<(usize, String)>,
}

impl Broken {
    /// Counts from what an invariant's condition gave for every row.
    pub(crate) fn count(invariant: &Invariant, condition: &RuleColumn, decisions: &Decisions) -> Self {
        let mut counts = Self::default();
        let verdicts = decisions.by_kind(|_, shape| shape.verdict);
        let verdict_of = |row: usize| decisions.kind_numbers().get(row).and_then(|kind| verdicts.get(*kind as usize)).copied();
        for (batch, chunk) in condition.chunks.iter().enumerate() {
            for (row, arm) in chunk.each() {
                let row = batch * BATCH + row;
                if let Some(Err(message)) = condition.arms.get(arm as usize) {
                    counts.failed += 1;
                    counts.note(row, message);
                    continue;
                }
                counts.applies += 1;
                let verdict = verdict_of(row).unwrap_or_default();
                if !invariant.verdicts.contains(&verdict) {
                    counts.broken += 1;
                    counts.note(row, verdict.word());
                }
            }
        }
        counts
    }

    fn note(&mut self, row: usize, message: &str) {
        if self.examples.len() < BROKEN_EXAMPLES {
            self.examples.push((row, message.to_owned()));
        }
    }
}
