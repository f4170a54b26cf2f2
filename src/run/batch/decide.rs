//! Decisions from the results of rules: which stages a row reaches is computed for sixty-four rows at a time, and the decision for a
//! combination of results once for all rows that have it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use super::amounts::BatchAmounts;
use super::bits::{BATCH, Bits, NONE, and, any, first, has, or, rows, set, without};
use super::columns::Cursor;
use super::matches::RuleColumn;
use super::outcome_automaton::{OutcomeAutomaton, UNKNOWN};
use super::work::{BatchResults, Cancelled, each_batch};
use crate::decisions::{ByLabel, Decisions, Kinds};
use countersign_core::engine::{Combiner, StageEffect, StageFlow, StagePlan};
use countersign_core::model::{Decision, RuleIndex, StageIndex, Status, Window};
use countersign_core::plan::CompareOp;
use countersign_core::progress::Progress;
use countersign_requests::Table;

/// Rules' results by rule index; none for a rule that is off.
pub(crate) type RuleColumns = Vec<Option<Arc<RuleColumn>>>;

/// The combiner and the results that it combines.
pub(crate) struct DecisionInputs<'a> {
    pub(crate) combiner: &'a Combiner,
    pub(crate) columns: &'a RuleColumns,
    /// The requests as the rule set sees them.
    pub(crate) table: &'a Table,
    /// The requests as given: their amounts and labels are summed.
    pub(crate) given: &'a Table,
}

/// The decisions of an earlier run over the same requests.
pub(crate) struct PreviousDecisions<'a> {
    pub(crate) decisions: &'a Decisions,
    pub(crate) kinds: Kinds,
    /// For every batch the rows to be decided again.
    pub(crate) only: &'a [Bits],
}

/// Decides all rows.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn decide(combining: &DecisionInputs<'_>, threads: NonZeroUsize, progress: &Progress) -> Result<Decisions, Cancelled> {
    let len = combining.table.len();
    let kinds = Mutex::new(Kinds::default());
    let stages = BatchStage::all(combining);
    let work = |worker: &mut DecisionWorker<'_>, batch: usize| {
        let rows = BATCH.min(len - batch * BATCH);
        let mut of_row = vec![0; rows];
        worker.batch(batch, &first(rows), &mut of_row, progress)?;
        Ok(of_row)
    };
    let BatchResults { results, workers } =
        each_batch(len.div_ceil(BATCH), threads, || DecisionWorker::new(combining, &stages, &kinds), work)?;
    let moves: Vec<Moves> = workers.into_iter().map(|worker| worker.moves).collect();
    let kinds = kinds.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut sums = vec![ByLabel::default(); kinds.len()];
    apply(&moves, &mut sums);
    Ok(Decisions::new(&kinds, &results, &sums))
}

/// Decides the named rows again and keeps the other decisions.
///
/// # Errors
/// As [`decide`].
pub(crate) fn decide_again(
    combining: &DecisionInputs<'_>,
    before: PreviousDecisions<'_>,
    threads: NonZeroUsize,
    progress: &Progress,
) -> Result<Decisions, Cancelled> {
    let rows_before = before.decisions.kind_numbers();
    let touched: Vec<(usize, &Bits)> = before.only.iter().enumerate().filter(|(_, only)| any(only)).collect();
    let kinds = Mutex::new(before.kinds);
    let stages = BatchStage::all(combining);
    let work = |worker: &mut DecisionWorker<'_>, at: usize| {
        let Some((batch, only)) = touched.get(at) else { return Ok(Vec::new()) };
        let start = batch * BATCH;
        let held = rows_before.get(start..rows_before.len().min(start + BATCH)).unwrap_or_default();
        let mut of_row = held.to_vec();
        worker.batch(*batch, only, &mut of_row, progress)?;
        for row in rows(only) {
            held.get(row).into_iter().for_each(|kind| worker.amounts.add(row, *kind, &mut worker.moves.went));
        }
        Ok(of_row)
    };
    let BatchResults { results, workers } =
        each_batch(touched.len(), threads, || DecisionWorker::new(combining, &stages, &kinds), work)?;
    let moves: Vec<Moves> = workers.into_iter().map(|worker| worker.moves).collect();
    let kinds = kinds.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut sums = before.decisions.sums().to_vec();
    sums.resize(kinds.len(), ByLabel::default());
    apply(&moves, &mut sums);
    let mut of_row = rows_before.to_vec();
    for ((batch, _), decided) in touched.iter().zip(&results) {
        let start = batch * BATCH;
        of_row.get_mut(start..start + decided.len()).into_iter().for_each(|place| place.copy_from_slice(decided));
    }
    Ok(Decisions::edited(kinds, of_row, sums))
}

/// By kind of decision, the sums of the rows that are of it now, and of those that were.
#[derive(Default)]
struct Moves {
    came: Vec<ByLabel>,
    went: Vec<ByLabel>,
}

/// Adds before it subtracts: rows of a kind may be added in one thread and taken away in another.
fn apply(moves: &[Moves], sums: &mut [ByLabel]) {
    for moves in moves {
        sums.iter_mut().zip(&moves.came).for_each(|(sums, more)| sums.merge(more));
    }
    for moves in moves {
        sums.iter_mut().zip(&moves.went).for_each(|(sums, less)| sums.take(less));
    }
}

/// A stage, prepared for every batch.
struct BatchStage<'a> {
    index: StageIndex,
    plan: &'a StagePlan,
    rules: Vec<(RuleIndex, &'a RuleColumn, Option<Window>)>,
    /// Whether it has an effect where no rule gives anything.
    always: bool,
}

impl<'a> BatchStage<'a> {
    fn all(combining: &'a DecisionInputs<'a>) -> Vec<Self> {
        let stage = |(at, plan): (usize, &'a StagePlan)| {
            let index = StageIndex::from_position(at)?;
            let rule = |(rule, status, window): &(RuleIndex, Status, Window)| {
                let column = combining.columns.get(rule.at())?.as_deref().filter(|_| *status != Status::Off)?;
                let bounded = window.from.is_some() || window.until.is_some();
                Some((*rule, column, bounded.then_some(*window)))
            };
            let rules = plan.rules.iter().filter_map(rule).collect();
            let always = combining.combiner.stage_alone(index, |_| Ok(Vec::new())) != StageEffect::default();
            Some(Self { index, plan, rules, always })
        };
        combining.combiner.stages().iter().enumerate().filter_map(stage).collect()
    }
}

/// Which stages the rows of a batch still reach.
struct Flows {
    /// Rows that may reach any stage.
    open: Bits,
    accepted: Bits,
    routed: Bits,
}

impl Flows {
    fn reach(&self, stage: &StagePlan) -> Bits {
        if stage.is_screen() {
            without(&self.open, &self.accepted)
        } else if stage.is_route() {
            without(&self.open, &self.routed)
        } else {
            self.open
        }
    }

    fn pass(&mut self, row: usize, flow: StageFlow) {
        if flow.accepted {
            set(&mut self.accepted, row);
        }
        if flow.routed {
            set(&mut self.routed, row);
        }
        if let Some(word) = self.open.get_mut(row / 64).filter(|_| flow.ended) {
            *word &= !(1 << (row % 64));
        }
    }
}

struct DecisionWorker<'a> {
    combining: &'a DecisionInputs<'a>,
    stages: &'a [BatchStage<'a>],
    outcome_automaton: OutcomeAutomaton<'a>,
    time: Option<Cursor<'a>>,
    /// The automaton's state of each row in the current stage.
    at: Box<[u32; BATCH]>,
    /// The history of each row over the stages before.
    history: Box<[u32; BATCH]>,
    kinds: &'a Mutex<Kinds>,
    /// By history, the number of its decision.
    of_history: Vec<u32>,
    /// The kind of a request without a time.
    timeless: Option<u32>,
    amounts: BatchAmounts<'a>,
    moves: Moves,
}

impl<'a> DecisionWorker<'a> {
    fn new(combining: &'a DecisionInputs<'a>, stages: &'a [BatchStage<'a>], kinds: &'a Mutex<Kinds>) -> Self {
        let schema = combining.table.schema();
        Self {
            combining,
            stages,
            outcome_automaton: OutcomeAutomaton::new(combining.combiner),
            time: schema.find(schema.roles.time.as_str()).map(|(field, _)| Cursor::new(combining.table, field)),
            at: Box::new([0; BATCH]),
            history: Box::new([OutcomeAutomaton::START; BATCH]),
            kinds,
            of_history: Vec::new(),
            timeless: None,
            amounts: BatchAmounts::new(combining.given),
            moves: Moves::default(),
        }
    }

    fn batch(&mut self, batch: usize, wanted: &Bits, of_row: &mut [u32], progress: &Progress) -> Result<(), Cancelled> {
        if progress.is_cancelled() {
            return Err(Cancelled);
        }
        if self.outcome_automaton.is_full() {
            self.outcome_automaton = OutcomeAutomaton::new(self.combining.combiner);
            self.of_history.clear();
        }
        *self.history = [OutcomeAutomaton::START; BATCH];
        let timeless = match &self.time {
            Some(cursor) => and(wanted, &cursor.missing(batch).unwrap_or(NONE)),
            None => *wanted,
        };
        let mut flows = Flows { open: without(wanted, &timeless), accepted: NONE, routed: NONE };
        for stage in self.stages {
            let reached = flows.reach(stage.plan);
            if any(&reached) {
                *self.at = [OutcomeAutomaton::start_state(stage.index); BATCH];
                let touched = self.results(stage, batch, &reached);
                self.end(&if stage.always { reached } else { touched }, &mut flows);
            }
        }
        self.collect(batch, wanted, &timeless, of_row);
        progress.advance(super::bits::count(wanted) as u64);
        Ok(())
    }

    /// Feeds the rules' results of a stage to the automaton; returns the rows that had any.
    fn results(&mut self, stage: &BatchStage<'_>, batch: usize, reached: &Bits) -> Bits {
        let mut touched = NONE;
        for (rule, column, window) in &stage.rules {
            let chunk = column.chunk(batch);
            let mut hit = and(chunk.rows(), reached);
            if let (Some(window), true) = (window, any(&hit)) {
                hit = and(&hit, &self.inside(window, batch));
            }
            if !any(&hit) {
                continue;
            }
            touched = or(&touched, &hit);
            match chunk {
                super::matches::ResultChunk::One(_, arm) => {
                    for row in rows(&hit) {
                        self.step(row, *rule, *arm);
                    }
                }
                _ => {
                    for (row, arm) in chunk.each().filter(|(row, _)| has(&hit, *row)) {
                        self.step(row, *rule, arm);
                    }
                }
            }
        }
        touched
    }

    #[inline]
    fn step(&mut self, row: usize, rule: RuleIndex, arm: u32) {
        if let Some(at) = self.at.get_mut(row) {
            *at = self.outcome_automaton.result(*at, rule, arm);
        }
    }

    /// The rows whose time lies in a window.
    fn inside(&mut self, window: &Window, batch: usize) -> Bits {
        let Some(cursor) = &mut self.time else { return NONE };
        let mut inside = super::bits::ALL;
        if let Some(from) = window.from {
            inside = and(&inside, &cursor.compare(batch, CompareOp::GreaterOrEqual, from.at.micros()));
        }
        if let Some(until) = window.until {
            inside = and(&inside, &cursor.compare(batch, CompareOp::Less, until.at.micros()));
        }
        inside
    }

    fn end(&mut self, ending: &Bits, flows: &mut Flows) {
        let columns = self.combining.columns;
        let evaluated = |rule: RuleIndex, arm: u32| columns.get(rule.at())?.as_deref()?.arms.get(arm as usize);
        for row in rows(ending) {
            let (Some(at), Some(history)) = (self.at.get(row), self.history.get_mut(row)) else { continue };
            let end = self.outcome_automaton.end(*at, evaluated);
            if end.effect != UNKNOWN {
                *history = self.outcome_automaton.history(*history, end.effect);
            }
            flows.pass(row, end.flow);
        }
    }

    /// Numbers the decisions of the wanted rows, and sums their amounts.
    fn collect(&mut self, batch: usize, wanted: &Bits, timeless: &Bits, of_row: &mut [u32]) {
        self.amounts.start_batch(batch);
        for row in rows(wanted) {
            let kind = if has(timeless, row) { self.timeless_kind() } else { self.kind(row) };
            if let Some(place) = of_row.get_mut(row) {
                *place = kind;
                self.amounts.add(row, kind, &mut self.moves.came);
            }
        }
    }

    #[inline]
    fn kind(&mut self, row: usize) -> u32 {
        let history = self.history.get(row).copied().unwrap_or_default();
        match self.of_history.get(history as usize) {
            Some(kind) if *kind != UNKNOWN => *kind,
            _ => self.kind_first(history),
        }
    }

    fn kind_first(&mut self, history: u32) -> u32 {
        let kind = self.number(self.outcome_automaton.decision(history));
        if self.of_history.len() <= history as usize {
            self.of_history.resize(history as usize + 1, UNKNOWN);
        }
        self.of_history.get_mut(history as usize).into_iter().for_each(|place| *place = kind);
        kind
    }

    fn timeless_kind(&mut self) -> u32 {
        let made = || self.number(self.combining.combiner.combine(None, |_| Ok(Vec::new()), |_| {}));
        let kind = self.timeless.unwrap_or_else(made);
        self.timeless = Some(kind);
        kind
    }

    fn number(&self, decision: Decision) -> u32 {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).number(decision)
    }
}
