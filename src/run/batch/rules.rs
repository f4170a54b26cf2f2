//! Rules over a table: the steps of each, batch by batch; the interpreter for the rows that the plan cannot be sure of.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::num::NonZeroUsize;

use super::bind::Bound;
use super::bits::{BATCH, Bits, NONE, and, any, or, rows, set, without};
use super::eval::Bench;
use super::matches::{Arms, Chunk, Collect, RuleColumn};
use super::numbers::Side;
use super::states::Mix;
use super::work::{Cancelled, each_batch};
use countersign_core::engine::Engine;
use countersign_core::engine::Evaluated;
use countersign_core::model::{Outcome, ReasonIndex, RuleIndex, Value, Verdict};
use countersign_core::plan::{Answer, Ask, LoweredRule, NodeId, OutcomeNode, Step, semantics};
use countersign_core::progress::Progress;
use countersign_core::script::{Program, Row};
use countersign_requests::Table;

/// A script to run over a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// A rule.
    Rule(RuleIndex),
    /// The condition of an invariant, by its position: as a rule that gives something where the condition holds.
    Condition(usize),
}

/// What an arm of a rule gives.
enum Gives {
    /// Nothing: the rule does not apply.
    Nothing,
    /// The same for every row.
    Fixed(u32),
    /// What the nodes say.
    Computed(Vec<NodeId>),
}

/// One rule made ready.
struct Ready<'p> {
    script: Script,
    /// None where the interpreter runs it.
    lowered: Option<&'p LoweredRule>,
    /// One a step.
    gives: Vec<Gives>,
    arms: Arms,
}

/// Runs some scripts over all rows, on that many threads.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn run_scripts(
    engine: &Engine,
    table: &Table,
    scripts: &[Script],
    threads: NonZeroUsize,
    progress: &Progress,
) -> Result<Vec<RuleColumn>, Cancelled> {
    let plan = engine.plan();
    let lowered = |script: &Script| {
        let found = match script {
            Script::Rule(rule) => plan.rule(*rule).ok(),
            Script::Condition(at) => plan.condition(*at),
        };
        found.filter(|_| plan.usable())
    };
    let roots = scripts.iter().filter_map(lowered).flat_map(|rule| rule.steps.iter().flat_map(Step::nodes));
    let bound = Bound::new(plan, table, roots);
    let ready: Vec<Ready<'_>> = scripts.iter().map(|script| Ready::new(*script, lowered(script), &bound)).collect();
    let make = || Worker { bench: Bench::new(&bound), computed: known(&ready) };
    let work = |worker: &mut Worker<'_>, batch: usize| worker.batch(engine, &ready, batch, progress);
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

impl<'p> Ready<'p> {
    fn new(script: Script, lowered: Option<&'p LoweredRule>, bound: &Bound<'_>) -> Self {
        let arms = Arms::default();
        let gives = |step: &Step| match step {
            Step::Check { .. } => Gives::Nothing,
            Step::Arm { outcomes, .. } if outcomes.is_empty() => Gives::Nothing,
            Step::Arm { outcomes, .. } => {
                let value = |node: NodeId| match bound.constant(node) {
                    Some(Some(Answer::Int(number))) => Ok(number),
                    _ => Err(Ask),
                };
                match made(outcomes, value) {
                    Ok(outcomes) => Gives::Fixed(arms.number(Ok(outcomes))),
                    Err(Ask) => Gives::Computed(outcomes.iter().flat_map(OutcomeNode::parts).collect()),
                }
            }
        };
        let gives = lowered.map(|rule| rule.steps.iter().map(gives).collect()).unwrap_or_default();
        Self { script, lowered, gives, arms }
    }
}

fn made(outcomes: &[OutcomeNode], mut value: impl FnMut(NodeId) -> Result<i64, Ask>) -> Result<Vec<Outcome>, Ask> {
    outcomes.iter().map(|outcome| outcome.outcome(Ask, &mut value)).collect()
}

/// What the interpreter says.
fn run(program: &Program, script: Script, row: &Row) -> Evaluated {
    match script {
        Script::Rule(rule) => program.run(rule, row).map_err(|error| error.to_string()),
        Script::Condition(at) => match program.holds(at, row) {
            Ok(true) => Ok(vec![Outcome::Verdict(Verdict::Accept, ReasonIndex(0))]),
            Ok(false) => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        },
    }
}

type Known = HashMap<Box<[i64]>, u32, BuildHasherDefault<Mix>>;

/// Room for every step of every rule.
fn known(ready: &[Ready<'_>]) -> Vec<Vec<Known>> {
    ready.iter().map(|rule| vec![Known::default(); rule.gives.len()]).collect()
}

struct Worker<'t> {
    bench: Bench<'t>,
    /// By rule and step: the numbers that computed outcomes have, by the values they are made of.
    computed: Vec<Vec<Known>>,
}

impl Worker<'_> {
    fn batch(&mut self, engine: &Engine, ready: &[Ready<'_>], batch: usize, progress: &Progress) -> Result<Vec<Chunk>, Cancelled> {
        self.bench.turn_to(batch);
        let valid = self.bench.valid();
        let long = self.long_rows(&valid);
        let (mut collected, mut asked) = (Vec::with_capacity(ready.len()), Vec::new());
        for (at, rule) in ready.iter().enumerate() {
            let mut collect = Collect::new();
            let mut asks = if rule.lowered.is_some() { long } else { valid };
            let alive = without(&valid, &asks);
            if let Some(lowered) = rule.lowered {
                asks = or(&asks, &self.steps(at, rule, lowered, alive, &mut collect));
            }
            if any(&asks) {
                asked.push((at, asks));
            }
            collected.push(collect);
            if progress.is_cancelled() {
                return Err(Cancelled);
            }
        }
        self.interpret(engine, ready, &asked, &mut collected, progress)?;
        progress.advance(super::bits::count(&valid) as u64);
        Ok(collected.into_iter().map(Collect::finish).collect())
    }

    /// Rows with a text longer than a plan works on.
    fn long_rows(&self, valid: &Bits) -> Bits {
        let mut long = NONE;
        let (bound, start) = (self.bench.bound, self.bench.batch * BATCH);
        for field in &bound.long {
            for row in rows(valid) {
                if matches!(bound.table.value(start + row, *field), Value::Text(text) if text.len() > semantics::TEXT_BYTES) {
                    set(&mut long, row);
                }
            }
        }
        long
    }

    /// Runs a rule's steps; gives the rows on which something in it fails.
    fn steps(&mut self, at: usize, rule: &Ready<'_>, lowered: &LoweredRule, mut alive: Bits, collect: &mut Collect) -> Bits {
        let mut asks = NONE;
        for (number, (step, gives)) in lowered.steps.iter().zip(&rule.gives).enumerate() {
            if !any(&alive) {
                break;
            }
            let (Step::Check { guard, .. } | Step::Arm { guard, .. }) = step;
            self.bench.work(*guard, &alive);
            let mut fails = self.fails(*guard, &alive);
            let mut taken = without(&and(&alive, &self.bench.truth(*guard)), &fails);
            match (step, gives) {
                (Step::Check { node, .. }, _) => {
                    self.bench.work(*node, &taken);
                    let failed = self.bench.failed(*node).unwrap_or(NONE);
                    fails = or(&fails, &and(&taken, &failed));
                    taken = NONE;
                }
                (Step::Arm { .. }, Gives::Nothing) => {}
                (Step::Arm { .. }, Gives::Fixed(arm)) => {
                    if any(&taken) {
                        collect.rows(&taken, *arm);
                    }
                }
                (Step::Arm { outcomes, .. }, Gives::Computed(nodes)) => {
                    for node in nodes {
                        self.bench.ready(*node, &taken);
                        let failed = self.fails(*node, &taken);
                        taken = without(&taken, &failed);
                        fails = or(&fails, &failed);
                    }
                    self.computed(rule, (at, number), (outcomes, nodes), &taken, collect);
                }
            }
            asks = or(&asks, &fails);
            alive = without(&alive, &or(&taken, &fails));
        }
        asks
    }

    /// The rows in which a node, worked out, fails or is missing.
    fn fails(&self, node: NodeId, of: &Bits) -> Bits {
        if matches!(self.bench.bound.constant(node), Some(Some(answer)) if answer != Answer::Missing) {
            return NONE;
        }
        let failed = self.bench.failed(node).unwrap_or(NONE);
        and(of, &or(&failed, &self.bench.missing(node).unwrap_or(NONE)))
    }

    fn computed(
        &mut self,
        rule: &Ready<'_>,
        (at, step): (usize, usize),
        (outcomes, nodes): (&[OutcomeNode], &[NodeId]),
        taken: &Bits,
        collect: &mut Collect,
    ) {
        let Some(known) = self.computed.get_mut(at).and_then(|steps| steps.get_mut(step)) else { return };
        let sides: Vec<Side<'_>> = nodes.iter().map(|node| self.bench.side(*node)).collect();
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
                    place.and_then(|place| values.get(place)).copied().ok_or(Ask)
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

    /// Has the interpreter decide the rows that rules ask it for.
    fn interpret(
        &mut self,
        engine: &Engine,
        ready: &[Ready<'_>],
        asked: &[(usize, Bits)],
        collected: &mut [Collect],
        progress: &Progress,
    ) -> Result<(), Cancelled> {
        let all = asked.iter().fold(NONE, |all, (_, bits)| or(&all, bits));
        for row in rows(&all) {
            if progress.is_cancelled() {
                return Err(Cancelled);
            }
            let request = self.bench.bound.table.request(self.bench.batch * BATCH + row);
            let prepared = Row::new(engine.program(), &request);
            for (at, _) in asked.iter().filter(|(_, bits)| super::bits::has(bits, row)) {
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
