//! What rules use of their budget of operations, run by the interpreter.

use crate::diagnostic::RuleCost;
use crate::model::RuleIndex;
use crate::script::{BUDGET, Program, Row};

/// No more requests are looked at once so many operations were used: about a second's work.
const MOST_OPERATIONS: u64 = 20_000_000;
/// No more requests are looked at than so many.
const MOST_REQUESTS: u64 = 100_000;

/// The most that a rule used, of all that were looked at.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    worst: Option<(RuleIndex, String, u64)>,
    requests: u64,
    spent: u64,
}

impl Costs {
    /// Whether enough was looked at: what comes later is not counted.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.spent >= MOST_OPERATIONS || self.requests >= MOST_REQUESTS
    }

    /// Runs rules for a request, which is identified by its key.
    pub fn add(&mut self, program: &Program, rules: impl Iterator<Item = RuleIndex>, row: &Row, key: impl Fn() -> String) {
        self.requests += 1;
        for rule in rules.filter(|rule| program.is_ready(*rule)) {
            let (_, used) = program.run_counted(rule, row);
            self.spent += used;
            if self.worst.as_ref().is_none_or(|(.., most)| used > *most) {
                self.worst = Some((rule, key(), used));
            }
        }
    }

    /// The most; none where nothing was looked at. `name` names a rule.
    #[must_use]
    pub fn worst(&self, name: impl Fn(RuleIndex) -> Option<String>) -> Option<RuleCost> {
        let (rule, request, operations) = self.worst.as_ref()?;
        Some(RuleCost {
            rule: name(*rule)?,
            request: request.clone(),
            operations: *operations,
            budget: BUDGET.operations,
            requests: self.requests,
        })
    }
}
