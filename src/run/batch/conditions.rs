//! How often each condition of a rule holds over many requests.

use std::num::NonZeroUsize;

use super::bind::PhysicalPlan;
use super::bits::{BATCH, Bits, NONE, and, any, count, or, without};
use super::eval::BatchEvaluator;
use super::work::{Cancelled, each_batch};
use countersign_core::plan::{PlanStep, Probe, ProbedCondition};
use countersign_core::progress::Progress;
use countersign_core::text::Span;
use countersign_requests::Table;

/// One condition over all rows; together the four are all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionCounts {
    /// Its place; in the shared source for a shared function's.
    pub span: Span,
    /// Rows on which it is true.
    pub holds: u64,
    /// Rows on which it is false.
    pub fails: u64,
    /// Rows on which it, or a part of it, fails: there the rule fails. (Or a text is too long for columns, so that the interpreter
    /// decides: then the conditions after it count as not reached.)
    pub errors: u64,
    /// Rows on which it is not evaluated.
    pub not_reached: u64,
}

/// Counts a rule's conditions over all rows, independent of the other rules.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn count_conditions(
    probe: &Probe,
    table: &Table,
    threads: NonZeroUsize,
    progress: &Progress,
) -> Result<Vec<ConditionCounts>, Cancelled> {
    let of_conditions = probe.conditions.iter().flat_map(|condition| [condition.guard, condition.node]);
    let roots = probe.rule.steps.iter().flat_map(PlanStep::nodes).chain(of_conditions);
    let bound = PhysicalPlan::new(&probe.plan, table, roots, threads, progress)?;
    progress.set_total(table.len() as u64);
    let work = |evaluator: &mut BatchEvaluator<'_>, batch: usize| {
        if progress.is_cancelled() {
            return Err(Cancelled);
        }
        evaluator.start_batch(batch);
        let counted = walk(evaluator, probe);
        progress.advance(count(&evaluator.valid()) as u64);
        Ok(counted)
    };
    let batches = each_batch(table.len().div_ceil(BATCH), threads, || BatchEvaluator::new(&bound), work)?.results;
    let mut all: Vec<ConditionCounts> = probe.conditions.iter().map(|condition| nothing(condition.span)).collect();
    for batch in batches {
        for (sum, [holds, fails, errors]) in all.iter_mut().zip(batch) {
            sum.holds += holds;
            sum.fails += fails;
            sum.errors += errors;
        }
    }
    let rows = table.len() as u64;
    for counts in &mut all {
        counts.not_reached = rows - counts.holds - counts.fails - counts.errors;
    }
    Ok(all)
}

fn nothing(span: Span) -> ConditionCounts {
    ConditionCounts { span, holds: 0, fails: 0, errors: 0, not_reached: 0 }
}

/// Evaluates the steps in order, and each condition before its step.
fn walk(evaluator: &mut BatchEvaluator<'_>, probe: &Probe) -> Vec<[u64; 3]> {
    let mut alive = evaluator.valid();
    let mut counted = Vec::with_capacity(probe.conditions.len());
    let mut conditions = probe.conditions.iter().peekable();
    for at in 0..=probe.rule.steps.len() {
        while let Some(condition) = conditions.next_if(|condition| condition.step <= at) {
            counted.push(look(evaluator, condition, &alive));
        }
        let Some(step) = probe.rule.steps.get(at) else { break };
        let (PlanStep::Check { guard, .. } | PlanStep::Arm { guard, .. }) = step;
        evaluator.evaluate(*guard, &alive);
        let mut gone = evaluator.failed(*guard).copied().unwrap_or(NONE);
        let taken = and(&alive, evaluator.truth(*guard));
        match step {
            PlanStep::Check { node, .. } => {
                evaluator.evaluate(*node, &taken);
                gone = or(&gone, &and(&taken, evaluator.failed(*node).unwrap_or(&NONE)));
            }
            PlanStep::Arm { .. } => gone = or(&gone, &taken),
        }
        alive = without(&alive, &gone);
    }
    counted
}

/// How many rows a condition holds on, does not hold on, and fails on.
fn look(evaluator: &mut BatchEvaluator<'_>, condition: &ProbedCondition, alive: &Bits) -> [u64; 3] {
    evaluator.evaluate(condition.guard, alive);
    let reached = and(alive, evaluator.truth(condition.guard));
    if !any(&reached) {
        return [0; 3];
    }
    evaluator.evaluate(condition.node, &reached);
    let holds = and(&reached, evaluator.truth(condition.node));
    let errors = and(&reached, evaluator.failed(condition.node).unwrap_or(&NONE));
    let [reached, holds, errors] = [reached, holds, errors].map(|bits| count(&bits) as u64);
    [holds, reached - holds - errors, errors]
}
