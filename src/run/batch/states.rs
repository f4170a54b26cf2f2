//! Combinations of results, each combined once.
//!
//! Rules hit in combinations, and few combinations cover a million rows. In each stage a row walks through numbered states: each result
//! of a rule leads from one to the next, and the last of them says what the stage comes to. That is [`Combiner`]'s business, asked once
//! for each state and not for each row. What the stages came to one after the other leads through a second set of numbered states, the
//! last of which is the decision. A state is all that happened so far, so nothing is guessed.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use countersign_core::engine::{Combiner, Evaluated, Flow, StageEffect, join};
use countersign_core::model::{Decision, RuleIndex, StageIndex};

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

type Map<K> = HashMap<K, u32, BuildHasherDefault<Mix>>;

/// No number: nothing is known, or a stage without an effect.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Where a row stands in a stage: the last result, and the state before.
#[derive(Clone, Copy, Debug)]
struct State {
    stage: StageIndex,
    before: u32,
    /// None where no rule of the stage has given anything.
    result: Option<(RuleIndex, u32)>,
    /// The result asked for last, as a key, and where it leads.
    next: (u64, u32),
    end: Option<End>,
}

/// What stages came to: the last one's effect, and the state before.
#[derive(Clone, Copy, Debug)]
struct Past {
    before: u32,
    effect: u32,
    /// The effect asked for last, and where it leads.
    next: (u32, u32),
}

/// What a stage comes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// [`UNKNOWN`] where it has no effect.
    pub(super) effect: u32,
    /// What follows.
    pub(super) flow: Flow,
}

/// Every state met so far, with where each leads.
pub(super) struct States<'a> {
    combiner: &'a Combiner,
    /// The first ones are the beginnings of the stages.
    all: Vec<State>,
    results: Map<(u32, u64)>,
    pasts: Vec<Past>,
    after: Map<(u32, u32)>,
    effects: Vec<StageEffect>,
    known_effects: HashMap<StageEffect, u32>,
}

fn numbered(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(UNKNOWN)
}

impl<'a> States<'a> {
    /// The past of a row of which no stage has ended.
    pub(super) const START: u32 = 0;

    pub(super) fn new(combiner: &'a Combiner) -> Self {
        let start = |at| {
            let stage = StageIndex::from_position(at)?;
            Some(State { stage, before: UNKNOWN, result: None, next: (u64::MAX, 0), end: None })
        };
        Self {
            combiner,
            all: (0..combiner.stages().len()).map_while(start).collect(),
            results: Map::default(),
            pasts: vec![Past { before: UNKNOWN, effect: UNKNOWN, next: (UNKNOWN, 0) }],
            after: Map::default(),
            effects: Vec::new(),
            known_effects: HashMap::new(),
        }
    }

    /// Whether there are so many that they are better forgotten; between two batches.
    pub(super) fn is_full(&self) -> bool {
        self.all.len().max(self.pasts.len()).max(self.effects.len()) > MOST
    }

    /// Where every row begins in a stage.
    pub(super) fn beginning(stage: StageIndex) -> u32 {
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
        let after = State { before: state, result: Some((rule, arm)), next: (u64::MAX, 0), end: None, ..*from };
        let all = &mut self.all;
        let next = *self.results.entry((state, key)).or_insert_with(|| {
            all.push(after);
            numbered(all.len() - 1)
        });
        self.all.get_mut(state as usize).into_iter().for_each(|from| from.next = (key, next));
        next
    }

    /// What a stage comes to for rows in that state; `evaluated` gives a rule's result by its number.
    #[inline]
    pub(super) fn end<'r>(&mut self, state: u32, evaluated: impl Fn(RuleIndex, u32) -> Option<&'r Evaluated>) -> End {
        if let Some(end) = self.all.get(state as usize).and_then(|state| state.end) {
            return end;
        }
        let end = self.end_first(state, evaluated);
        self.all.get_mut(state as usize).into_iter().for_each(|state| state.end = Some(end));
        end
    }

    fn end_first<'r>(&mut self, state: u32, evaluated: impl Fn(RuleIndex, u32) -> Option<&'r Evaluated>) -> End {
        let mut results: Vec<(RuleIndex, u32)> = Vec::new();
        let mut end = End { effect: UNKNOWN, flow: Flow::default() };
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

    /// The past after a stage with that effect.
    #[inline]
    pub(super) fn past(&mut self, before: u32, effect: u32) -> u32 {
        let Some(from) = self.pasts.get(before as usize) else { return before };
        if from.next.0 == effect {
            return from.next.1;
        }
        let pasts = &mut self.pasts;
        let next = *self.after.entry((before, effect)).or_insert_with(|| {
            pasts.push(Past { before, effect, next: (UNKNOWN, 0) });
            numbered(pasts.len() - 1)
        });
        self.pasts.get_mut(before as usize).into_iter().for_each(|from| from.next = (effect, next));
        next
    }

    /// The decision of a row with that past.
    pub(super) fn decision(&self, past: u32) -> Decision {
        let mut effects: Vec<&StageEffect> = Vec::new();
        let mut at = past;
        while let Some(Past { before, effect, .. }) = self.pasts.get(at as usize).copied() {
            effects.extend(self.effects.get(effect as usize));
            at = before;
        }
        join(effects.into_iter().rev())
    }
}
