//! Runs rules over a table by their plan steps, batch by batch; rows on which the plan has no result go to the interpreter.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use super::bind::PhysicalPlan;
use super::bits::{BATCH, Bits, NONE, and, any, or, rows, set, without};
use super::eval::BatchEvaluator;
use super::matches::{ArmNumbers, ChunkBuilder, ResultChunk, RuleColumn};
use super::numbers::NumberColumn;
use super::work::{Cancelled, each_batch};
use crate::key_hash::KeyHashBuilder;
use countersign_core::engine::Engine;
use countersign_core::engine::Evaluated;
use countersign_core::model::{Outcome, ReasonIndex, RuleIndex, Value, Verdict};
use countersign_core::plan::{EvalValue, LoweredRule, NeedsInterpreter, NodeId, OutcomeNode, PlanStep, semantics};
use countersign_core::progress::Progress;
use countersign_core::script::{Program, Row};
use countersign_requests::Table;

/// A script to run over a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchScript {
    Rule(RuleIndex),
    /// The condition of an invariant, by its position: as a rule that gives something where the condition holds.
    Condition(usize),
}

/// The outcomes of an arm of a rule.
enum ArmOutcomes {
    /// Nothing: the rule does not apply.
    Nothing,
    /// The same for every row.
    Fixed(u32),
    /// Computed from these nodes.
    Computed(Vec<NodeId>),
}

/// A rule, prepared for every batch.
struct PreparedRule<'p> {
    script: BatchScript,
    /// None where the interpreter runs it.
    lowered: Option<&'p LoweredRule>,
    gives: Vec<ArmOutcomes>,
    arms: ArmNumbers,
}

/// Runs some scripts over all rows, on that many threads.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn run_scripts(
    engine: &Engine,
    table: &Table,
    scripts: &[BatchScript],
    threads: NonZeroUsize,
    progress: &Progress,
) -> Result<Vec<RuleColumn>, Cancelled> {
    let plan = engine.plan();
    let lowered = |script: &BatchScript| {
        let found = match script {
            BatchScript::Rule(rule) => plan.rule(*rule).ok(),
            BatchScript::Condition(at) => plan.condition(*at),
        };
        found.filter(|_| plan.usable())
    };
    let roots = scripts.iter().filter_map(lowered).flat_map(|rule| rule.steps.iter().flat_map(PlanStep::nodes));
    let bound = PhysicalPlan::new(plan, table, roots, threads, progress)?;
    let ready: Vec<PreparedRule<'_>> = scripts.iter().map(|script| PreparedRule::new(*script, lowered(script), &bound)).collect();
    let make = || RuleWorker { evaluator: BatchEvaluator::new(&bound), computed: known(&ready) };
    let work = |worker: &mut RuleWorker<'_>, batch: usize| worker.batch(engine, &ready, batch, progress);
    let batches = each_batch(table.len().div_ceil(BATCH), threads, make, work)?.results;
    let mut columns: Vec<RuleColumn> = ready
        .into_iter()
        .map(|ready| RuleColumn { arms: ready.arms.into_all(), chunks: Vec::with_capacity(batches.len()) })
        .collect();
    for batch in batches {
        for (column, chunk) in columns.iter_mut().zip(batch) {
            column.chunks.push(chunk);
        }
    }
    Ok(columns)
}

impl<'p> PreparedRule<'p> {
    fn new(script: BatchScript, lowered: Option<&'p LoweredRule>, bound: &PhysicalPlan<'_>) -> Self {
        let arms = ArmNumbers::default();
        let gives = |step: &PlanStep| match step {
            PlanStep::Check { .. } => ArmOutcomes::Nothing,
            PlanStep::Arm { outcomes, .. } if outcomes.is_empty() => ArmOutcomes::Nothing,
            PlanStep::Arm { outcomes, .. } => {
                let value = |node: NodeId| match bound.constant(node) {
                    Some(Some(EvalValue::Int(number))) => Ok(number),
                    _ => Err(NeedsInterpreter),
                };
                match made(outcomes, value) {
                    Ok(outcomes) => ArmOutcomes::Fixed(arms.number(Ok(outcomes))),
                    Err(NeedsInterpreter) => ArmOutcomes::Computed(outcomes.iter().flat_map(OutcomeNode::parts).collect()),
                }
            }
        };
        let gives = lowered.map(|rule| rule.steps.iter().map(gives).collect()).unwrap_or_default();
        Self { script, lowered, gives, arms }
    }
}

fn made(
    outcomes: &[OutcomeNode],
    mut value: impl FnMut(NodeId) -> Result<i64, NeedsInterpreter>,
) -> Result<Vec<Outcome>, NeedsInterpreter> {
    outcomes.iter().map(|outcome| outcome.outcome(NeedsInterpreter, &mut value)).collect()
}

fn run(program: &Program, script: BatchScript, row: &Row) -> Evaluated {
    match script {
        BatchScript::Rule(rule) => program.run(rule, row).map_err(|error| error.to_string()),
        BatchScript::Condition(at) => match program.holds(at, row) {
            Ok(true) => Ok(vec![Outcome::Verdict(Verdict::Accept, ReasonIndex(0))]),
            Ok(false) => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        },
    }
}

type KnownOutcomes = HashMap<Box<[i64]>, u32, KeyHashBuilder>;

/// An empty map for every step of every rule.
fn known(ready: &[PreparedRule<'_>]) -> Vec<Vec<KnownOutcomes>> {
    ready.iter().map(|rule| vec![KnownOutcomes::default(); rule.gives.len()]).collect()
}

struct RuleWorker<'t> {
    evaluator: BatchEvaluator<'t>,
    /// By rule and step: the numbers that computed outcomes have, by the values they are made of.
    computed: Vec<Vec<KnownOutcomes>>,
}

impl RuleWorker<'_> {
    fn batch(
        &mut self,
        engine: &Engine,
        ready: &[PreparedRule<'_>],
        batch: usize,
        progress: &Progress,
    ) -> Result<Vec<ResultChunk>, Cancelled> {
        self.evaluator.start_batch(batch);
        let valid = self.evaluator.valid();
        let long = self.long_rows(&valid);
        let (mut collected, mut to_interpret) = (Vec::with_capacity(ready.len()), Vec::new());
        for (at, rule) in ready.iter().enumerate() {
            let mut collect = ChunkBuilder::new();
            let mut unsure = if rule.lowered.is_some() { long } else { valid };
            let alive = without(&valid, &unsure);
            if let Some(lowered) = rule.lowered {
                unsure = or(&unsure, &self.steps(at, rule, lowered, alive, &mut collect));
            }
            if any(&unsure) {
                to_interpret.push((at, unsure));
            }
            collected.push(collect);
            if progress.is_cancelled() {
                return Err(Cancelled);
            }
        }
        self.interpret(engine, ready, &to_interpret, &mut collected, progress)?;
        progress.advance(super::bits::count(&valid) as u64);
        Ok(collected.into_iter().map(ChunkBuilder::finish).collect())
    }

    /// Rows with a text longer than a plan works on.
    fn long_rows(&self, valid: &Bits) -> Bits {
        let mut long = NONE;
        let (bound, start) = (self.evaluator.bound, self.evaluator.batch * BATCH);
        for field in &bound.long {
            for row in rows(valid) {
                if matches!(bound.table.value(start + row, *field), Value::Text(text) if text.len() > semantics::TEXT_BYTES) {
                    set(&mut long, row);
                }
            }
        }
        long
    }

    /// Runs a rule's steps; returns the rows on which a part of it fails.
    fn steps(
        &mut self,
        at: usize,
        rule: &PreparedRule<'_>,
        lowered: &LoweredRule,
        mut alive: Bits,
        collect: &mut ChunkBuilder,
    ) -> Bits {
        let mut unsure = NONE;
        for (number, (step, gives)) in lowered.steps.iter().zip(&rule.gives).enumerate() {
            if !any(&alive) {
                break;
            }
            let (PlanStep::Check { guard, .. } | PlanStep::Arm { guard, .. }) = step;
            self.evaluator.evaluate(*guard, &alive);
            let (mut taken, mut fails) = self.evaluator.outcome(*guard, &alive);
            match (step, gives) {
                (PlanStep::Check { node, .. }, _) => {
                    self.evaluator.evaluate(*node, &taken);
                    if let Some(failed) = self.evaluator.failed(*node) {
                        fails = Some(or(&fails.unwrap_or(NONE), &and(&taken, failed)));
                    }
                    taken = NONE;
                }
                (PlanStep::Arm { .. }, ArmOutcomes::Nothing) => {}
                (PlanStep::Arm { .. }, ArmOutcomes::Fixed(arm)) => {
                    if any(&taken) {
                        collect.rows(&taken, *arm);
                    }
                }
                (PlanStep::Arm { outcomes, .. }, ArmOutcomes::Computed(nodes)) => {
                    for node in nodes {
                        self.evaluator.ready(*node, &taken);
                        let failed = self.fails(*node, &taken);
                        taken = without(&taken, &failed);
                        fails = Some(or(&fails.unwrap_or(NONE), &failed));
                    }
                    self.computed(rule, (at, number), (outcomes, nodes), &taken, collect);
                }
            }
            alive = without(&alive, &taken);
            if let Some(fails) = fails {
                unsure = or(&unsure, &fails);
                alive = without(&alive, &fails);
            }
        }
        unsure
    }

    /// The rows on which an evaluated node failed or is missing.
    fn fails(&self, node: NodeId, of: &Bits) -> Bits {
        if matches!(self.evaluator.bound.constant(node), Some(Some(answer)) if answer != EvalValue::Missing) {
            return NONE;
        }
        self.evaluator.outcome(node, of).1.unwrap_or(NONE)
    }

    fn computed(
        &mut self,
        rule: &PreparedRule<'_>,
        (at, step): (usize, usize),
        (outcomes, nodes): (&[OutcomeNode], &[NodeId]),
        taken: &Bits,
        collect: &mut ChunkBuilder,
    ) {
        let Some(known) = self.computed.get_mut(at).and_then(|steps| steps.get_mut(step)) else { return };
        let sides: Vec<NumberColumn<'_>> = nodes.iter().map(|node| self.evaluator.side(*node)).collect();
        let mut values = vec![0; sides.len()];
        let mut last: Option<u32> = None;
        for row in rows(taken) {
            let mut same = last.is_some();
            for (value, side) in values.iter_mut().zip(&sides) {
                let now = side.at(row);
                same &= *value == now;
                *value = now;
            }
            let arm = last.filter(|_| same).or_else(|| known.get(values.as_slice()).copied()).or_else(|| {
                let value = |node: NodeId| {
                    let place = nodes.iter().position(|known| *known == node);
                    place.and_then(|place| values.get(place)).copied().ok_or(NeedsInterpreter)
                };
                let arm = rule.arms.number(Ok(made(outcomes, value).ok()?));
                known.insert(values.as_slice().into(), arm);
                Some(arm)
            });
            if let Some(arm) = arm {
                collect.row(row, arm);
            }
            last = arm;
        }
    }

    /// Runs the interpreter on the rows for which a rule needs it.
    fn interpret(
        &mut self,
        engine: &Engine,
        ready: &[PreparedRule<'_>],
        to_interpret: &[(usize, Bits)],
        collected: &mut [ChunkBuilder],
        progress: &Progress,
    ) -> Result<(), Cancelled> {
        let all = to_interpret.iter().fold(NONE, |all, (_, bits)| or(&all, bits));
        for row in rows(&all) {
            if progress.is_cancelled() {
                return Err(Cancelled);
            }
            let request = self.evaluator.bound.table.request(self.evaluator.batch * BATCH + row);
            let prepared = Row::new(engine.program(), &request);
            for (at, _) in to_interpret.iter().filter(|(_, bits)| super::bits::has(bits, row)) {
                let (Some(rule), Some(collect)) = (ready.get(*at), collected.get_mut(*at)) else { continue };
                let result = run(engine.program(), rule.script, &prepared);
                if result.as_ref().is_ok_and(Vec::is_empty) {
                    continue;
                }
                collect.row(row, rule.arms.number(result));
            }
        }
        Ok(())
    }
}
