//! How often each condition of a rule holds over many requests.

use std::num::NonZeroUsize;

use super::bind::Bound;
use super::bits::{BATCH, Bits, NONE, and, any, count, or, without};
use super::eval::Bench;
use super::work::{Cancelled, each_batch};
use countersign_core::plan::{Condition, Probe, Step};
use countersign_core::progress::Progress;
use countersign_core::text::Span;
use countersign_requests::Table;

/// One condition over all rows; together the four are all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionCounts {
    /// Where it stands; in the shared source for a shared function's.
    pub span: Span,
    /// Rows on which it is true.
    pub holds: u64,
    /// Rows on which it is false.
    pub fails: u64,
    /// Rows on which it, or something in it, cannot be worked out: there the rule fails. (Or there is a text too long for columns, on
    /// which the interpreter decides: then what follows it counts as not asked.)
    pub errors: u64,
    /// Rows on which it is not asked.
    pub not_reached: u64,
}

/// Counts a rule's conditions over all rows, whatever the other rules say of them.
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
    let roots = probe.rule.steps.iter().flat_map(Step::nodes).chain(of_conditions);
    let bound = Bound::new(&probe.plan, table, roots);
    progress.set_total(table.len() as u64);
    let work = |bench: &mut Bench<'_>, batch: usize| {
        if progress.is_cancelled() {
            return Err(Cancelled);
        }
        bench.turn_to(batch);
        let counted = walk(bench, probe);
        progress.advance(count(&bench.valid()) as u64);
        Ok(counted)
    };
    let batches = each_batch(table.len().div_ceil(BATCH), threads, || Bench::new(&bound), work)?.results;
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

/// Takes the steps in order, looking at each condition where it is met.
fn walk(bench: &mut Bench<'_>, probe: &Probe) -> Vec<[u64; 3]> {
    let mut alive = bench.valid();
    let mut counted = Vec::with_capacity(probe.conditions.len());
    let mut conditions = probe.conditions.iter().peekable();
    for at in 0..=probe.rule.steps.len() {
        while let Some(condition) = conditions.next_if(|condition| condition.step <= at) {
            counted.push(look(bench, condition, &alive));
        }
        let Some(step) = probe.rule.steps.get(at) else { break };
        let (Step::Check { guard, .. } | Step::Arm { guard, .. }) = step;
        bench.work(*guard, &alive);
        let mut gone = bench.failed(*guard).unwrap_or(NONE);
        let taken = and(&alive, &bench.truth(*guard));
        match step {
            Step::Check { node, .. } => {
                bench.work(*node, &taken);
                gone = or(&gone, &and(&taken, &bench.failed(*node).unwrap_or(NONE)));
            }
            Step::Arm { .. } => gone = or(&gone, &taken),
        }
        alive = without(&alive, &gone);
    }
    counted
}

/// Rows on which a condition holds, does not, and cannot be worked out.
fn look(bench: &mut Bench<'_>, condition: &Condition, alive: &Bits) -> [u64; 3] {
    bench.work(condition.guard, alive);
    let reached = and(alive, &bench.truth(condition.guard));
    if !any(&reached) {
        return [0; 3];
    }
    bench.work(condition.node, &reached);
    let holds = and(&reached, &bench.truth(condition.node));
    let errors = and(&reached, &bench.failed(condition.node).unwrap_or(NONE));
    let [reached, holds, errors] = [reached, holds, errors].map(|bits| count(&bits) as u64);
    [holds, reached - holds - errors, errors]
}
