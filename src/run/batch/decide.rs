//! Decisions from the results of rules: which stages a row reaches, and for which it has no result, is computed for sixty-four rows at a
//! time; what a combination of results means once for all rows that have it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use super::amounts::{BatchAmounts, SumsOfKinds};
use super::bits::{BATCH, Bits, NONE, WORDS, and, any, first, or, rows, without};
use super::columns::Cursor;
use super::matches::{ResultChunk, RuleColumn};
use super::signatures::{KeyPlace, Signatures, key_places};
use super::work::{BatchResults, Cancelled, each_batch};
use crate::decisions::{ByLabel, Decisions, Kinds};
use crate::row_set::Ones;
use countersign_core::engine::{Combiner, StageEffect, StageFlow, StagePlan};
use countersign_core::model::{Decision, RuleIndex, StageIndex, Window};
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
        worker.amounts.add(only, held, &mut worker.moves.went);
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
    came: SumsOfKinds,
    went: SumsOfKinds,
}

/// Adds before it subtracts: rows of a kind may be added in one thread and taken away in another.
fn apply(moves: &[Moves], sums: &mut [ByLabel]) {
    for moves in moves {
        sums.iter_mut().zip(moves.came.by_label()).for_each(|(sums, more)| sums.merge(&more));
    }
    for moves in moves {
        sums.iter_mut().zip(moves.went.by_label()).for_each(|(sums, less)| sums.take(&less));
    }
}

/// No number yet.
const UNKNOWN: u32 = u32::MAX;

/// A value for each row of a batch, sixty-four a word.
type RowValues<T> = Box<[[T; 64]; WORDS]>;

/// A stage, prepared for every batch.
struct BatchStage<'a> {
    index: StageIndex,
    plan: &'a StagePlan,
    rules: Vec<(&'a RuleColumn, Option<Window>, KeyPlace)>,
    places: Vec<KeyPlace>,
    /// How many words a key has.
    words: usize,
    /// What it gives where no rule gives anything, if that is anything at all.
    nothing: Option<StageEffect>,
}

impl<'a> BatchStage<'a> {
    fn all(combining: &'a DecisionInputs<'a>) -> Vec<Self> {
        let stage = |(at, plan): (usize, &'a StagePlan)| {
            let index = StageIndex::from_position(at)?;
            let column = |rule: &RuleIndex| combining.columns.get(rule.at())?.as_deref();
            let given = plan.rules.iter().enumerate();
            let given = given.filter_map(|(at, (rule, _, window))| Some((at, column(rule)?, *window)));
            let given: Vec<(usize, &RuleColumn, Window)> = given.collect();
            let places = key_places(given.iter().map(|(at, column, _)| (*at, column.arms.len())));
            let words = places.last().map_or(1, |place| place.word + 1);
            let bounded = |window: Window| (window.from.is_some() || window.until.is_some()).then_some(window);
            let rules = given.iter().zip(&places).map(|((_, column, window), place)| (*column, bounded(*window), *place)).collect();
            let nothing = combining.combiner.stage_alone(index, []);
            let nothing = Some(nothing).filter(|effect| *effect != StageEffect::default());
            Some(Self { index, plan, rules, places, words, nothing })
        };
        combining.combiner.stages().iter().enumerate().filter_map(stage).collect()
    }

    /// What follows where no rule gives anything.
    fn flow_of_nothing(&self) -> StageFlow {
        self.nothing.as_ref().map(|effect| effect.flow(self.plan)).unwrap_or_default()
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

    fn pass(&mut self, rows: &Bits, flow: StageFlow) {
        for (applies, bits) in [(flow.accepted, &mut self.accepted), (flow.routed, &mut self.routed)] {
            if applies {
                *bits = or(bits, rows);
            }
        }
        if flow.ended {
            self.open = without(&self.open, rows);
        }
    }
}

struct DecisionWorker<'a> {
    combining: &'a DecisionInputs<'a>,
    stages: &'a [BatchStage<'a>],
    signatures: Signatures<'a>,
    time: Option<Cursor<'a>>,
    /// The key of each row in the current stage, word by word, but for what `common` says; 0 between stages.
    keys: Vec<RowValues<u64>>,
    /// What the keys of sixty-four rows have in common.
    common: Vec<Bits>,
    /// The history of each row over the stages before.
    history: RowValues<u32>,
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
        let words = stages.iter().map(|stage| stage.words).max().unwrap_or(1);
        Self {
            combining,
            stages,
            signatures: Signatures::new(combining.combiner, combining.columns),
            time: schema.find(schema.roles.time.as_str()).map(|(field, _)| Cursor::new(combining.table, field)),
            keys: vec![Box::new([[0; 64]; WORDS]); words],
            common: vec![NONE; words],
            history: Box::new([[Signatures::START; 64]; WORDS]),
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
        if self.signatures.is_full() {
            self.signatures = Signatures::new(self.combining.combiner, self.combining.columns);
            self.of_history.clear();
        }
        *self.history = [[Signatures::START; 64]; WORDS];
        let timeless = match &self.time {
            Some(cursor) => and(wanted, &cursor.missing(batch).unwrap_or(NONE)),
            None => *wanted,
        };
        let mut flows = Flows { open: without(wanted, &timeless), accepted: NONE, routed: NONE };
        for stage in self.stages {
            let reached = flows.reach(stage.plan);
            if any(&reached) {
                let touched = self.results(stage, batch, &reached);
                self.end(stage, &touched, &mut flows);
                flows.pass(&without(&reached, &touched), stage.flow_of_nothing());
            }
        }
        self.number(wanted, &timeless, of_row);
        self.amounts.start_batch(batch);
        self.amounts.add(wanted, of_row, &mut self.moves.came);
        progress.advance(super::bits::count(wanted) as u64);
        Ok(())
    }

    /// Puts the rules' results of a stage into the rows' keys; returns the rows that had any.
    fn results(&mut self, stage: &BatchStage<'_>, batch: usize, reached: &Bits) -> Bits {
        let mut touched = NONE;
        for (column, window, place) in &stage.rules {
            let chunk = column.chunk(batch);
            if matches!(chunk, ResultChunk::Never) {
                continue;
            }
            let mut hit = and(chunk.rows(), reached);
            if let (Some(window), true) = (window, any(&hit)) {
                hit = and(&hit, &self.inside(window, batch));
            }
            touched = or(&touched, &hit);
            match chunk {
                ResultChunk::One(_, arm) => self.add(&hit, reached, *place, *arm),
                _ => {
                    for (row, arm) in chunk.each() {
                        let keys = self.keys.get_mut(place.word).and_then(|keys| keys.get_mut(row / 64));
                        let key = keys.and_then(|keys| keys.get_mut(row % 64));
                        key.filter(|_| super::bits::has(&hit, row)).into_iter().for_each(|key| *key ^= place.bits(arm));
                    }
                }
            }
        }
        touched
    }

    /// Adds the same result to the keys of some of the rows that reach the stage.
    fn add(&mut self, hit: &Bits, reached: &Bits, place: KeyPlace, arm: u32) {
        let (Some(keys), Some(common)) = (self.keys.get_mut(place.word), self.common.get_mut(place.word)) else { return };
        let bits = place.bits(arm);
        for ((hit, reached), (common, keys)) in hit.iter().zip(reached).zip(common.iter_mut().zip(keys.iter_mut())) {
            if hit == reached {
                *common ^= if *hit == 0 { 0 } else { bits };
                continue;
            }
            for row in Ones(*hit) {
                if let Some(key) = keys.get_mut(row % 64) {
                    *key ^= bits;
                }
            }
        }
    }

    /// Takes the keys of the touched of sixty-four rows; a number represents each that has several words.
    fn take_keys(&mut self, stage: &BatchStage<'_>, word: usize, touched: u64) -> [u64; 64] {
        let mut taken = self.keys.iter_mut().zip(&mut self.common).take(stage.words).filter_map(|(keys, common)| {
            let common = std::mem::take(common.get_mut(word)?);
            Some(std::mem::replace(keys.get_mut(word)?, [0; 64]).map(|key| key ^ common))
        });
        if stage.words == 1 {
            return taken.next().unwrap_or([0; 64]);
        }
        let taken: Vec<[u64; 64]> = taken.collect();
        let (mut numbers, mut key) = ([0; 64], Vec::with_capacity(stage.words + 1));
        for row in Ones(touched) {
            key.clear();
            key.push(u64::from(stage.index.0));
            key.extend(taken.iter().filter_map(|keys| keys.get(row)));
            let number = self.signatures.number(&key);
            numbers.get_mut(row).into_iter().for_each(|place| *place = number);
        }
        numbers
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

    /// Takes the rows that gave something in a stage through it.
    fn end(&mut self, stage: &BatchStage<'_>, touched: &Bits, flows: &mut Flows) {
        let bits = flows.open.iter_mut().zip(flows.accepted.iter_mut()).zip(flows.routed.iter_mut());
        for (word, (((open, accepted), routed), touched)) in bits.zip(touched).enumerate() {
            if *touched == 0 {
                continue;
            }
            let keys = self.take_keys(stage, word, *touched);
            let Some(histories) = self.history.get_mut(word) else { continue };
            let mut flow = [0; 3];
            for row in Ones(*touched) {
                let (Some(key), Some(history)) = (keys.get(row % 64), histories.get_mut(row % 64)) else { continue };
                let step = self.signatures.step(stage.index, &stage.places, *history, *key);
                *history = step.history;
                flow.iter_mut().zip(step.flow.words()).for_each(|(word, bit)| *word |= bit << row);
            }
            let [accepts, routes, ends] = flow;
            *accepted |= accepts;
            *routed |= routes;
            *open &= !ends;
        }
    }

    /// Numbers the decisions of the wanted rows.
    fn number(&mut self, wanted: &Bits, timeless: &Bits, of_row: &mut [u32]) {
        for (word, (kinds, wanted)) in of_row.chunks_mut(64).zip(wanted).enumerate() {
            let histories = self.history.get(word).copied().unwrap_or([Signatures::START; 64]);
            for row in Ones(*wanted) {
                let (Some(place), Some(history)) = (kinds.get_mut(row), histories.get(row % 64)) else { continue };
                *place = match self.of_history.get(*history as usize) {
                    Some(kind) if *kind != UNKNOWN => *kind,
                    _ => self.kind_first(*history),
                };
            }
        }
        for row in rows(timeless) {
            let kind = self.timeless_kind();
            of_row.get_mut(row).into_iter().for_each(|place| *place = kind);
        }
    }

    fn kind_first(&mut self, history: u32) -> u32 {
        let nothing = |stage: StageIndex| self.stages.get(stage.at())?.nothing.as_ref();
        let kind = self.kind_of(self.signatures.decision(history, nothing));
        if self.of_history.len() <= history as usize {
            self.of_history.resize(history as usize + 1, UNKNOWN);
        }
        self.of_history.get_mut(history as usize).into_iter().for_each(|place| *place = kind);
        kind
    }

    fn timeless_kind(&mut self) -> u32 {
        let made = || self.kind_of(self.combining.combiner.combine(None, |_| Ok(Vec::new()), |_| {}));
        let kind = self.timeless.unwrap_or_else(made);
        self.timeless = Some(kind);
        kind
    }

    fn kind_of(&self, decision: Decision) -> u32 {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner).number(decision)
    }
}
