//! A rule in plain language, counted: how many rows come to each of its clauses, for how many it holds, and which arm they take.

use std::num::NonZeroUsize;

use super::bind::PhysicalPlan;
use super::bits::{BATCH, Bits, NONE, and, count, or, without};
use super::eval::BatchEvaluator;
use super::work::{Cancelled, each_batch};
use countersign_core::plan::{LoweredRule, NodeId, Plan, PlanStep};
use countersign_core::progress::Progress;
use countersign_core::reading::{Clause, PlainStatement, ReadingTotals, RuleReading, StatementCount};
use countersign_requests::Table;

/// Counts a rule's reading over all rows, independent of the other rules. A row on which something fails counts no further.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn count_reading(
    plan: &Plan,
    (rule, reading): (&LoweredRule, &RuleReading),
    table: &Table,
    threads: NonZeroUsize,
    progress: &Progress,
) -> Result<ReadingTotals, Cancelled> {
    let statements =
        reading.clauses().into_iter().filter_map(|clause| if let Clause::One(one) = clause { Some(one) } else { None });
    let said = statements.flat_map(|statement| statement.guards.iter().chain(&statement.nodes).copied());
    let roots = rule.steps.iter().flat_map(PlanStep::nodes).chain(said);
    let bound = PhysicalPlan::new(plan, table, roots, threads, progress)?;
    progress.set_total(table.len() as u64);
    let work = |evaluator: &mut BatchEvaluator<'_>, batch: usize| {
        if progress.is_cancelled() {
            return Err(Cancelled);
        }
        evaluator.start_batch(batch);
        let alive = evaluator.valid();
        let mut counter = Counter { evaluator, failed: NONE, clauses: Vec::new(), arms: Vec::new() };
        counter.rule(rule, reading, alive);
        let (clauses, arms, requests) = (counter.clauses, counter.arms, count(&alive) as u64);
        progress.advance(requests);
        Ok(ReadingTotals { requests, clauses, arms })
    };
    let batches = each_batch(table.len().div_ceil(BATCH), threads, || BatchEvaluator::new(&bound), work)?.results;
    let clauses = vec![StatementCount::default(); reading.clauses().len()];
    let mut totals = ReadingTotals { requests: 0, clauses, arms: vec![0; reading.arms.len()] };
    for batch in &batches {
        totals.add(batch);
    }
    Ok(totals)
}

struct Counter<'e, 'b> {
    evaluator: &'e mut BatchEvaluator<'b>,
    /// Rows on which something has failed.
    failed: Bits,
    clauses: Vec<StatementCount>,
    arms: Vec<u64>,
}

impl Counter<'_, '_> {
    fn rule(&mut self, rule: &LoweredRule, reading: &RuleReading, valid: Bits) {
        let mut alive = reading.common.iter().fold(valid, |alive, clause| self.clause(clause, &alive));
        for (at, step) in rule.steps.iter().enumerate() {
            if let PlanStep::Check { guard, node } = step {
                let reached = self.true_rows(*guard, &alive);
                self.true_rows(*node, &reached);
            }
            if let Some(arm) = reading.arms.iter().find(|arm| arm.step == at) {
                let taken = arm.when.iter().fold(alive, |alive, clause| self.clause(clause, &alive));
                self.arms.push(count(&taken) as u64);
                alive = without(&alive, &taken);
            }
            alive = without(&alive, &self.failed);
        }
    }

    /// Rows of those given on which a clause holds.
    fn clause(&mut self, clause: &Clause, reached: &Bits) -> Bits {
        let own = self.clauses.len();
        self.clauses.push(StatementCount::default());
        let held = match clause {
            Clause::All(parts) => parts.iter().fold(*reached, |rest, part| self.clause(part, &rest)),
            Clause::Any(parts) => {
                let (mut held, mut open) = (NONE, *reached);
                for part in parts {
                    let found = self.clause(part, &open);
                    held = or(&held, &found);
                    open = without(&without(&open, &found), &self.failed);
                }
                held
            }
            Clause::One(statement) => self.statement(statement, reached),
        };
        if let Some(sum) = self.clauses.get_mut(own) {
            *sum = StatementCount { reached: count(reached) as u64, held: count(&held) as u64 };
        }
        held
    }

    fn statement(&mut self, statement: &PlainStatement, reached: &Bits) -> Bits {
        let mut open = *reached;
        for guard in &statement.guards {
            let missing = self.true_rows(*guard, &open);
            open = without(&without(&open, &missing), &self.failed);
        }
        let mut held = NONE;
        for node in &statement.nodes {
            let yes = self.true_rows(*node, &open);
            let no = without(&without(&open, &yes), &self.failed);
            let (same, other) = if statement.holds { (yes, no) } else { (no, yes) };
            if statement.is_all {
                open = same;
            } else {
                (held, open) = (or(&held, &same), other);
            }
        }
        if statement.is_all { open } else { held }
    }

    /// Rows of those given on which an expression is true; those on which it fails are noted.
    fn true_rows(&mut self, node: NodeId, rows: &Bits) -> Bits {
        self.evaluator.evaluate(node, rows);
        let failed = and(rows, self.evaluator.failed(node).unwrap_or(&NONE));
        self.failed = or(&self.failed, &failed);
        without(&and(rows, self.evaluator.truth(node)), &failed)
    }
}
