//! An automaton that combines each combination of results once.
//!
//! Rules hit in combinations, and few combinations cover a million rows. In each stage a row passes through numbered states: each result
//! of a rule leads from one to the next, and the last gives the effect of the stage. [`Combiner`] computes it, once for each state and not
//! for each row. The effects of the stages lead through a second set of numbered states, the last of which gives the decision. A state
//! stands for all results so far, so the decisions are exact.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use countersign_core::engine::{Combiner, Evaluated, StageEffect, StageFlow, join};
use countersign_core::model::{Decision, RuleIndex, StageIndex};

/// States kept before all are dropped: bounds the memory where every row is another combination.
const MOST: usize = 1 << 18;

/// A hasher for numbers that are keys already.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        for byte in rest {
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

type Map<K> = HashMap<K, u32, BuildHasherDefault<KeyHasher>>;

/// No number: not computed yet, or a stage without an effect.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// A state in a stage: the last result, and the state before it.
#[derive(Clone, Copy, Debug)]
struct AutomatonState {
    stage: StageIndex,
    before: u32,
    /// None where no rule of the stage has given anything.
    result: Option<(RuleIndex, u32)>,
    /// The last transition that was looked up: the result as a key, and the next state.
    next: (u64, u32),
    end: Option<StageEnd>,
}

/// The effects of the stages so far: the last one's, and the history before it.
#[derive(Clone, Copy, Debug)]
struct StageHistory {
    before: u32,
    effect: u32,
    /// The last transition that was looked up: the effect, and the next history.
    next: (u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct StageEnd {
    /// [`UNKNOWN`] where it has no effect.
    pub(super) effect: u32,
    pub(super) flow: StageFlow,
}

/// Every state that occurred, with its transitions.
pub(super) struct OutcomeAutomaton<'a> {
    combiner: &'a Combiner,
    /// The first ones are the start states of the stages.
    all: Vec<AutomatonState>,
    results: Map<(u32, u64)>,
    histories: Vec<StageHistory>,
    after: Map<(u32, u32)>,
    effects: Vec<StageEffect>,
    known_effects: HashMap<StageEffect, u32>,
}

fn numbered(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(UNKNOWN)
}

impl<'a> OutcomeAutomaton<'a> {
    /// The history of a row of which no stage has ended.
    pub(super) const START: u32 = 0;

    pub(super) fn new(combiner: &'a Combiner) -> Self {
        let start = |at| {
            let stage = StageIndex::from_position(at)?;
            Some(AutomatonState { stage, before: UNKNOWN, result: None, next: (u64::MAX, 0), end: None })
        };
        Self {
            combiner,
            all: (0..combiner.stages().len()).map_while(start).collect(),
            results: Map::default(),
            histories: vec![StageHistory { before: UNKNOWN, effect: UNKNOWN, next: (UNKNOWN, 0) }],
            after: Map::default(),
            effects: Vec::new(),
            known_effects: HashMap::new(),
        }
    }

    /// Whether there are so many states that they are to be dropped before the next batch.
    pub(super) fn is_full(&self) -> bool {
        self.all.len().max(self.histories.len()).max(self.effects.len()) > MOST
    }

    pub(super) fn start_state(stage: StageIndex) -> u32 {
        u32::from(stage.0)
    }

    /// The state after a rule's result.
    #[inline]
    pub(super) fn result(&mut self, state: u32, rule: RuleIndex, arm: u32) -> u32 {
        let key = u64::from(rule.0) << 32 | u64::from(arm);
        let Some(from) = self.all.get_mut(state as usize) else { return state };
        if from.next.0 == key {
            return from.next.1;
        }
        let after = AutomatonState { before: state, result: Some((rule, arm)), next: (u64::MAX, 0), end: None, ..*from };
        let all = &mut self.all;
        let next = *self.results.entry((state, key)).or_insert_with(|| {
            all.push(after);
            numbered(all.len() - 1)
        });
        self.all.get_mut(state as usize).into_iter().for_each(|from| from.next = (key, next));
        next
    }

    /// The result of a stage for rows in that state; `evaluated` gives a rule's result by its number.
    #[inline]
    pub(super) fn end<'r>(&mut self, state: u32, evaluated: impl Fn(RuleIndex, u32) -> Option<&'r Evaluated>) -> StageEnd {
        if let Some(end) = self.all.get(state as usize).and_then(|state| state.end) {
            return end;
        }
        let end = self.end_first(state, evaluated);
        self.all.get_mut(state as usize).into_iter().for_each(|state| state.end = Some(end));
        end
    }

    fn end_first<'r>(&mut self, state: u32, evaluated: impl Fn(RuleIndex, u32) -> Option<&'r Evaluated>) -> StageEnd {
        let mut results: Vec<(RuleIndex, u32)> = Vec::new();
        let mut end = StageEnd { effect: UNKNOWN, flow: StageFlow::default() };
        let Some(last) = self.all.get(state as usize).copied() else { return end };
        let mut at = last;
        while let Some(result) = at.result {
            results.push(result);
            let Some(before) = self.all.get(at.before as usize).copied() else { break };
            at = before;
        }
        let run = |rule: RuleIndex| {
            let found = results.iter().find(|(known, _)| *known == rule);
            found.and_then(|(rule, arm)| evaluated(*rule, *arm)).cloned().unwrap_or_else(|| Ok(Vec::new()))
        };
        let effect = self.combiner.stage_alone(last.stage, run);
        if let Some(plan) = self.combiner.stages().get(last.stage.at()) {
            end.flow = effect.flow(plan);
        }
        if effect != StageEffect::default() {
            let effects = &mut self.effects;
            end.effect = *self.known_effects.entry(effect).or_insert_with_key(|effect| {
                effects.push(effect.clone());
                numbered(effects.len() - 1)
            });
        }
        end
    }

    /// The history after a stage with that effect.
    #[inline]
    pub(super) fn history(&mut self, before: u32, effect: u32) -> u32 {
        let Some(from) = self.histories.get(before as usize) else { return before };
        if from.next.0 == effect {
            return from.next.1;
        }
        let histories = &mut self.histories;
        let next = *self.after.entry((before, effect)).or_insert_with(|| {
            histories.push(StageHistory { before, effect, next: (UNKNOWN, 0) });
            numbered(histories.len() - 1)
        });
        self.histories.get_mut(before as usize).into_iter().for_each(|from| from.next = (effect, next));
        next
    }

    /// The decision of a row with that history.
    pub(super) fn decision(&self, history: u32) -> Decision {
        let mut effects: Vec<&StageEffect> = Vec::new();
        let mut at = history;
        while let Some(StageHistory { before, effect, .. }) = self.histories.get(at as usize).copied() {
            effects.extend(self.effects.get(effect as usize));
            at = before;
        }
        join(effects.into_iter().rev())
    }
}
