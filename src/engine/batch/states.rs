//! Combinations of results, each combined once.
//!
//! Rules hit in combinations, and few combinations cover a million rows. A row walks through numbered states: each result of a rule in
//! a stage leads from one state to the next, and so does the end of a stage, with what the stage made of its results. What that is, is
//! [`Combiner`]'s business, asked once for each state and not for each row. A state is all that happened so far, so nothing is guessed.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::engine::combine::{Combiner, Evaluated, StageEffect, join};
use crate::model::{Decision, RuleIndex, StageIndex, Verdict};

/// States kept before all are forgotten: bounds the memory where every row is another combination.
const MOST: usize = 1 << 18;

/// Mixes a number that is a key already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }
}

type Map<K> = HashMap<K, u32, BuildHasherDefault<Mix>>;

/// A state: what happened last, and the state before.
#[derive(Clone, Copy, Debug)]
struct State {
    before: u32,
    event: Event,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// The beginning.
    Nothing,
    /// A rule of the stage at hand gave a result, by its number among the rule's.
    Result(RuleIndex, u32),
    /// A stage ended with an effect.
    Ended(u32),
}

/// Where the end of a stage leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The state after it.
    pub(super) state: u32,
    /// The verdict of the stage, which says what stages follow.
    pub(super) verdict: Option<Verdict>,
}

/// The states one thread has met.
pub(super) struct States<'a> {
    combiner: &'a Combiner,
    all: Vec<State>,
    /// By state, rule and result.
    results: Map<(u32, u64)>,
    /// By state and stage, into `ended`.
    ends: Map<(u32, u32)>,
    ended: Vec<End>,
    /// By state before the stage and effect.
    after: Map<(u32, u32)>,
    effects: Vec<StageEffect>,
    known_effects: HashMap<StageEffect, u32>,
}

impl<'a> States<'a> {
    /// The state of a row of which nothing is known yet.
    pub(super) const START: u32 = 0;

    pub(super) fn new(combiner: &'a Combiner) -> Self {
        Self {
            combiner,
            all: vec![State { before: 0, event: Event::Nothing }],
            results: Map::default(),
            ends: Map::default(),
            ended: Vec::new(),
            after: Map::default(),
            effects: Vec::new(),
            known_effects: HashMap::new(),
        }
    }

    /// Whether there are so many that they are better forgotten; between two batches.
    pub(super) fn is_full(&self) -> bool {
        self.all.len() > MOST || self.effects.len() > MOST
    }

    fn add(states: &mut Vec<State>, before: u32, event: Event) -> u32 {
        let number = u32::try_from(states.len()).unwrap_or(u32::MAX);
        states.push(State { before, event });
        number
    }

    /// The state after a rule's result.
    #[inline]
    pub(super) fn result(&mut self, state: u32, rule: RuleIndex, arm: u32) -> u32 {
        let key = (state, u64::from(rule.0) << 32 | u64::from(arm));
        if let Some(next) = self.results.get(&key) {
            return *next;
        }
        let next = Self::add(&mut self.all, state, Event::Result(rule, arm));
        self.results.insert(key, next);
        next
    }

    /// Where the end of a stage leads; `evaluated` gives a rule's result by its number.
    #[inline]
    pub(super) fn end<'r>(
        &mut self,
        from: u32,
        stage: StageIndex,
        evaluated: impl Fn(RuleIndex, u32) -> Option<&'r Evaluated>,
    ) -> End {
        let key = (from, u32::from(stage.0));
        if let Some(end) = self.ends.get(&key).and_then(|at| self.ended.get(*at as usize)) {
            return *end;
        }
        let end = self.end_first(from, stage, evaluated);
        let at = u32::try_from(self.ended.len()).unwrap_or(u32::MAX);
        self.ended.push(end);
        self.ends.insert(key, at);
        end
    }

    fn end_first<'r>(&mut self, from: u32, stage: StageIndex, evaluated: impl Fn(RuleIndex, u32) -> Option<&'r Evaluated>) -> End {
        let mut results: Vec<(RuleIndex, u32)> = Vec::new();
        let mut start = from;
        while let Some(State { before, event: Event::Result(rule, arm) }) = self.all.get(start as usize).copied() {
            results.push((rule, arm));
            start = before;
        }
        let run = |rule: RuleIndex| {
            let found = results.iter().find(|(known, _)| *known == rule);
            found.and_then(|(rule, arm)| evaluated(*rule, *arm)).cloned().unwrap_or_else(|| Ok(Vec::new()))
        };
        let effect = self.combiner.stage_alone(stage, run);
        let verdict = effect.verdict;
        if effect == StageEffect::default() {
            return End { state: start, verdict };
        }
        let effects = &mut self.effects;
        let number = *self.known_effects.entry(effect).or_insert_with_key(|effect| {
            effects.push(effect.clone());
            u32::try_from(effects.len() - 1).unwrap_or(u32::MAX)
        });
        let states = &mut self.all;
        let next = *self.after.entry((start, number)).or_insert_with(|| Self::add(states, start, Event::Ended(number)));
        End { state: next, verdict }
    }

    /// The decision of a row whose last stage has ended in that state.
    pub(super) fn decision(&self, state: u32) -> Decision {
        let mut effects: Vec<&StageEffect> = Vec::new();
        let mut at = state;
        while at != Self::START {
            let Some(State { before, event }) = self.all.get(at as usize).copied() else { break };
            if let Event::Ended(effect) = event {
                effects.extend(self.effects.get(effect as usize));
            }
            at = before;
        }
        join(effects.into_iter().rev())
    }
}
