//! Combines each combination of results once.
//!
//! In each stage a row has a key: a few bits for each rule, which say what the rule gave; a number represents a key of several words. Few keys cover a million rows, and [`Combiner`] is
//! asked once for each. What the stages made of a row that gave something in them is its history, a number too, which leads to the
//! decision. A key holds every result of the stage, so the decisions are exact.

use std::collections::HashMap;
use std::sync::Arc;

use super::decide::RuleColumns;
use crate::key_hash::KeyHashBuilder;
use countersign_core::engine::{Combiner, Evaluated, StageEffect, StageFlow, join};
use countersign_core::model::{Decision, StageIndex};

/// Histories, and effects of stages, kept before all are dropped: bounds the memory where every row is another combination.
const MOST: usize = 1 << 18;

/// Steps found again without a map.
const RECENT_STEPS: usize = 1 << 12;

/// Words of long keys kept before all are dropped.
const MOST_WORDS: usize = 1 << 22;

type Map<K> = HashMap<K, u32, KeyHashBuilder>;

/// The bits of a rule's result in the key of its stage: 0 where it gave none, else the result's number after 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyPlace {
    /// The rule's position in the stage.
    position: usize,
    pub(super) word: usize,
    shift: u32,
    width: u32,
}

impl KeyPlace {
    /// The bits of a result.
    pub(super) fn bits(self, arm: u32) -> u64 {
        (u64::from(arm) + 1) << self.shift
    }
}

/// The places of a stage's rules, given by position, each with as many results as it has.
pub(super) fn key_places(rules: impl Iterator<Item = (usize, usize)>) -> Vec<KeyPlace> {
    let (mut word, mut used) = (0, 0);
    let place = |(position, arms): (usize, usize)| {
        let width = usize::BITS - arms.leading_zeros();
        if used + width > u64::BITS {
            (word, used) = (word + 1, 0);
        }
        let shift = used;
        used += width;
        KeyPlace { position, word, shift, width }
    };
    rules.map(place).collect()
}

/// A stage that a row is through.
#[derive(Clone, Copy, Debug)]
pub(super) struct StageStep {
    pub(super) key: u64,
    /// The history before, and the stage.
    from: u64,
    /// The history after it.
    pub(super) history: u32,
    pub(super) flow: FlowBits,
}

/// A stage's flow as a bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FlowBits(u32);

impl FlowBits {
    fn new(flow: StageFlow) -> Self {
        Self(u32::from(flow.accepted) | u32::from(flow.routed) << 1 | u32::from(flow.ended) << 2)
    }

    /// Accepted, routed, ended: each 0 or 1.
    #[inline]
    pub(super) fn words(self) -> [u64; 3] {
        let bits = u64::from(self.0);
        [bits & 1, bits >> 1 & 1, bits >> 2]
    }
}

/// What came of a stage.
struct StageClass {
    stage: StageIndex,
    effect: StageEffect,
    flow: StageFlow,
}

/// Every combination that occurred, with what came of it.
pub(super) struct Signatures<'a> {
    combiner: &'a Combiner,
    columns: &'a RuleColumns,
    /// The last steps, each where its hash says.
    recent: Box<[StageStep]>,
    /// Keys of several words by the number that represents them, each after its stage.
    long_keys: Vec<Arc<[u64]>>,
    numbers: Map<Arc<[u64]>>,
    long_words: usize,
    classes: Vec<StageClass>,
    by_key: Map<(u64, u64)>,
    by_effect: Map<(StageIndex, StageEffect)>,
    /// The history before, and the class of the last stage that gave something.
    histories: Vec<(u32, u32)>,
    after: Map<(u32, u32)>,
}

fn numbered(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl<'a> Signatures<'a> {
    /// The history of a row for which no stage has given anything.
    pub(super) const START: u32 = 0;

    pub(super) fn new(combiner: &'a Combiner, columns: &'a RuleColumns) -> Self {
        let none = StageStep { key: 0, from: u64::MAX, history: Self::START, flow: FlowBits::default() };
        Self {
            combiner,
            columns,
            recent: vec![none; RECENT_STEPS].into_boxed_slice(),
            long_keys: Vec::new(),
            numbers: Map::default(),
            long_words: 0,
            classes: Vec::new(),
            by_key: Map::default(),
            by_effect: Map::default(),
            histories: vec![(Self::START, u32::MAX)],
            after: Map::default(),
        }
    }

    /// Whether there is so much that it is to be dropped before the next batch.
    pub(super) fn is_full(&self) -> bool {
        self.by_key.len().max(self.histories.len()) > MOST || self.long_words > MOST_WORDS
    }

    /// The number that represents a key of several words, after which `words` begin with the stage.
    pub(super) fn number(&mut self, words: &[u64]) -> u64 {
        if let Some(number) = self.numbers.get(words) {
            return u64::from(*number);
        }
        let (number, words) = (numbered(self.long_keys.len()), Arc::<[u64]>::from(words));
        self.long_words += words.len();
        self.long_keys.push(Arc::clone(&words));
        self.numbers.insert(words, number);
        u64::from(number)
    }

    /// The result of a stage for a row with that history and key.
    #[inline]
    pub(super) fn step(&mut self, stage: StageIndex, places: &[KeyPlace], history: u32, key: u64) -> StageStep {
        let from = u64::from(stage.0) << 32 | u64::from(history);
        let hash = (key ^ from.wrapping_mul(0xd6e8_feb8_6659_fd93)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let at = usize::try_from(hash >> (u64::BITS - RECENT_STEPS.trailing_zeros())).unwrap_or_default();
        if let Some(step) = self.recent.get(at).filter(|step| step.key == key && step.from == from) {
            return *step;
        }
        let step = self.step_first(stage, places, history, key, from);
        self.recent.get_mut(at).into_iter().for_each(|place| *place = step);
        step
    }

    fn step_first(&mut self, stage: StageIndex, places: &[KeyPlace], before: u32, key: u64, from: u64) -> StageStep {
        let known = self.by_key.get(&(u64::from(stage.0), key)).copied();
        let class = known.unwrap_or_else(|| self.class(stage, places, key));
        let histories = &mut self.histories;
        let history = *self.after.entry((before, class)).or_insert_with(|| {
            histories.push((before, class));
            numbered(histories.len() - 1)
        });
        let flow = self.classes.get(class as usize).map(|class| FlowBits::new(class.flow)).unwrap_or_default();
        StageStep { key, from, history, flow }
    }

    /// The class of a stage with that key, combined.
    fn class(&mut self, stage: StageIndex, places: &[KeyPlace], key: u64) -> u32 {
        let combiner = self.combiner;
        let is_long = places.last().is_some_and(|place| place.word > 0);
        let long = usize::try_from(key).ok().and_then(|number| self.long_keys.get(number)).filter(|_| is_long);
        let words = long.map_or(std::slice::from_ref(&key), |key| key.get(1..).unwrap_or_default());
        let rules = combiner.stages().get(stage.at()).map_or(&[][..], |plan| &plan.rules);
        let result = |place: &KeyPlace| -> Option<(usize, Evaluated)> {
            let bits = words.get(place.word)? >> place.shift & ((1 << place.width) - 1);
            let column = self.columns.get(rules.get(place.position)?.0.at())?.as_deref()?;
            let arm = usize::try_from(bits).ok()?.checked_sub(1)?;
            Some((place.position, column.arms.get(arm)?.clone()))
        };
        let effect = combiner.stage_alone(stage, places.iter().filter_map(result));
        let flow = combiner.stages().get(stage.at()).map(|plan| effect.flow(plan)).unwrap_or_default();
        let classes = &mut self.classes;
        let class = *self.by_effect.entry((stage, effect)).or_insert_with_key(|(stage, effect)| {
            classes.push(StageClass { stage: *stage, effect: effect.clone(), flow });
            numbered(classes.len() - 1)
        });
        self.by_key.insert((u64::from(stage.0), key), class);
        class
    }

    /// The decision of a row with that history: what its stages gave, and what the others that it reaches give without any result.
    pub(super) fn decision<'n>(&self, history: u32, nothing: impl Fn(StageIndex) -> Option<&'n StageEffect>) -> Decision {
        let mut classes: Vec<&StageClass> = Vec::new();
        let mut at = history;
        while let Some((before, class)) = self.histories.get(at as usize).filter(|_| at != Self::START) {
            classes.extend(self.classes.get(*class as usize));
            at = *before;
        }
        let mut flow = StageFlow::default();
        let mut effects: Vec<&StageEffect> = Vec::new();
        for (at, plan) in self.combiner.stages().iter().enumerate() {
            let Some(stage) = StageIndex::from_position(at).filter(|_| !flow.skips(plan)) else { continue };
            let given = classes.pop_if(|class| class.stage == stage).map(|class| &class.effect);
            if let Some(effect) = given.or_else(|| nothing(stage)) {
                flow = flow.and_then(effect.flow(plan));
                effects.push(effect);
            }
        }
        join(effects.into_iter())
    }
}
