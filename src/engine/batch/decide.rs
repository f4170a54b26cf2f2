//! Decisions from the results of rules: which stages a row reaches is worked out for sixty-four rows at a time, and what a combination
//! of results comes to once for all rows that have it.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use super::bits::{BATCH, Bits, NONE, and, any, first, or, rows, set, without};
use super::columns::Cursor;
use super::matches::RuleColumn;
use super::states::States;
use super::work::{Cancelled, each_batch};
use crate::engine::combine::{Combiner, Flow, StageEffect, StagePlan};
use crate::engine::dry_run::{Decisions, Kinds};
use crate::model::{RuleIndex, StageIndex, Status, Window};
use crate::plan::Comparison;
use crate::progress::Progress;
use crate::requests::Table;

/// Rules' results by rule index; none for a rule that is off.
pub(crate) type Columns = Vec<Option<Arc<RuleColumn>>>;

/// What decides, and by which results.
pub(crate) struct Combining<'a> {
    pub(crate) combiner: &'a Combiner,
    pub(crate) columns: &'a Columns,
    pub(crate) table: &'a Table,
}

/// Decides all rows; or, from the kinds and rows of an earlier run, those that are named for every batch, the others being as they were.
///
/// # Errors
/// [`Cancelled`] when `progress` was cancelled before the end.
pub(crate) fn decide(
    combining: &Combining<'_>,
    before: Option<(Kinds, &[u32], &[Bits])>,
    threads: NonZeroUsize,
    progress: &Progress,
) -> Result<Decisions, Cancelled> {
    let (kinds, rows_before, only) = match before {
        Some((kinds, rows, only)) => (kinds, rows, Some(only)),
        None => (Kinds::default(), &[][..], None),
    };
    let kinds = Mutex::new(kinds);
    let stages = Stage::all(combining);
    let make = || Room::new(combining, &stages, &kinds);
    let len = combining.table.len();
    let work = |room: &mut Room<'_>, batch: usize| {
        let start = batch * BATCH;
        let wanted = match only {
            None => first(len.saturating_sub(start)),
            Some(only) => only.get(batch).copied().unwrap_or(NONE),
        };
        let mut of_row: Vec<u32> = rows_before.get(start..len.min(start + BATCH)).unwrap_or_default().to_vec();
        of_row.resize(BATCH.min(len - start), 0);
        if any(&wanted) {
            room.batch(batch, &wanted, &mut of_row, progress)?;
        }
        progress.advance(super::bits::count(&wanted) as u64);
        Ok(of_row)
    };
    let batches = each_batch(len.div_ceil(BATCH), threads, make, work)?;
    let kinds = kinds.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Decisions::new(&kinds, batches.concat()))
}

/// A stage with what is needed of it for every batch.
struct Stage<'a> {
    index: StageIndex,
    plan: &'a StagePlan,
    rules: Vec<(RuleIndex, &'a RuleColumn, Option<Window>)>,
    /// Whether it does something where no rule gives anything.
    always: bool,
}

impl<'a> Stage<'a> {
    fn all(combining: &'a Combining<'a>) -> Vec<Self> {
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

/// One thread's room.
struct Room<'a> {
    combining: &'a Combining<'a>,
    stages: &'a [Stage<'a>],
    states: States<'a>,
    time: Option<Cursor<'a>>,
    at: Box<[u32; BATCH]>,
    kinds: &'a Mutex<Kinds>,
    /// The kinds of decision that final states come to.
    finals: Finals,
}

type Finals = HashMap<u32, u32, std::hash::BuildHasherDefault<super::states::Mix>>;

/// Stands for the state of a request without a time.
const TIMELESS: u32 = u32::MAX;

impl<'a> Room<'a> {
    fn new(combining: &'a Combining<'a>, stages: &'a [Stage<'a>], kinds: &'a Mutex<Kinds>) -> Self {
        let schema = combining.table.schema();
        let time = schema.find(schema.roles.time.as_str()).map(|(field, _)| Cursor::new(combining.table, field));
        let (fresh, at) = (States::new(combining.combiner), Box::new([States::START; BATCH]));
        Self { combining, stages, states: fresh, time, at, kinds, finals: Finals::default() }
    }

    fn batch(&mut self, batch: usize, wanted: &Bits, of_row: &mut [u32], progress: &Progress) -> Result<(), Cancelled> {
        if progress.is_cancelled() {
            return Err(Cancelled);
        }
        if self.states.is_full() {
            self.states = States::new(self.combining.combiner);
            self.finals.clear();
        }
        *self.at = [States::START; BATCH];
        let timeless = match &self.time {
            Some(cursor) => and(wanted, &cursor.missing(batch).unwrap_or(NONE)),
            None => *wanted,
        };
        let mut open = without(wanted, &timeless);
        let mut accepted = NONE;
        for stage in self.stages {
            let reached = if stage.plan.is_screen() { without(&open, &accepted) } else { open };
            if any(&reached) {
                let touched = self.results(stage, batch, &reached);
                self.end(stage, &if stage.always { reached } else { touched }, &mut open, &mut accepted);
            }
        }
        self.collect(wanted, &timeless, of_row);
        Ok(())
    }

    /// Walks every row of a stage through its rules' results; gives the rows that had any.
    fn results(&mut self, stage: &Stage<'_>, batch: usize, reached: &Bits) -> Bits {
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
                super::matches::Chunk::One(_, arm) => {
                    for row in rows(&hit) {
                        self.step(row, *rule, *arm);
                    }
                }
                _ => {
                    for (row, arm) in chunk.each().filter(|(row, _)| super::bits::has(&hit, *row)) {
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
            *at = self.states.result(*at, rule, arm);
        }
    }

    /// The rows whose time lies in a window.
    fn inside(&mut self, window: &Window, batch: usize) -> Bits {
        let Some(cursor) = &mut self.time else { return NONE };
        let mut inside = super::bits::ALL;
        if let Some(from) = window.from {
            inside = and(&inside, &cursor.compare(batch, Comparison::GreaterOrEqual, from.at.micros()));
        }
        if let Some(until) = window.until {
            inside = and(&inside, &cursor.compare(batch, Comparison::Less, until.at.micros()));
        }
        inside
    }

    fn end(&mut self, stage: &Stage<'_>, ending: &Bits, open: &mut Bits, accepted: &mut Bits) {
        let columns = self.combining.columns;
        let evaluated = |rule: RuleIndex, arm: u32| columns.get(rule.at())?.as_deref()?.arms.get(arm as usize);
        for row in rows(ending) {
            let Some(at) = self.at.get_mut(row) else { continue };
            let end = self.states.end(*at, stage.index, evaluated);
            *at = end.state;
            let mut flow = Flow::default();
            flow.pass(stage.plan, end.verdict);
            if flow.accepted {
                set(accepted, row);
            }
            if flow.ended
                && let Some(word) = open.get_mut(row / 64)
            {
                *word &= !(1 << (row % 64));
            }
        }
    }

    /// Numbers the decisions of the wanted rows.
    fn collect(&mut self, wanted: &Bits, timeless: &Bits, of_row: &mut [u32]) {
        let (states, combiner, kinds) = (&self.states, self.combining.combiner, self.kinds);
        for row in rows(wanted) {
            let state = if super::bits::has(timeless, row) { TIMELESS } else { self.at.get(row).copied().unwrap_or_default() };
            let kind = self.finals.entry(state).or_insert_with(|| {
                let decision = match state {
                    TIMELESS => combiner.combine(None, |_| Ok(Vec::new()), |_| {}),
                    _ => states.decision(state),
                };
                kinds.lock().unwrap_or_else(PoisonError::into_inner).number(decision)
            });
            if let Some(place) = of_row.get_mut(row) {
                *place = *kind;
            }
        }
    }
}
