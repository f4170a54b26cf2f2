//! The results of one rule for every request of a table, independent of the other rules: which rows, and which of its outcomes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::bits::{BATCH, Bits, NONE, WORDS, or, rows, set, zip};
use countersign_core::engine::Evaluated;

/// A rule's results over a table, a chunk a batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleColumn {
    /// Every result that occurs but "does not apply": outcomes, or why the rule failed.
    pub(crate) arms: Vec<Evaluated>,
    pub(crate) chunks: Vec<ResultChunk>,
}

/// A rule's results over one batch, by their numbers among the rule's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ResultChunk {
    /// It applies nowhere.
    Never,
    /// The same result in all of these rows.
    One(Box<Bits>, u32),
    /// A result for each of these rows, in order.
    Several(Box<Bits>, Box<[u32]>),
}

impl ResultChunk {
    /// The rows in which the rule applies or fails.
    pub(crate) fn rows(&self) -> &Bits {
        match self {
            Self::Never => &NONE,
            Self::One(bits, _) | Self::Several(bits, _) => bits,
        }
    }

    /// Every such row with its result.
    pub(crate) fn each(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let (same, arms): (u32, &[u32]) = match self {
            Self::Never => (0, &[]),
            Self::One(_, arm) => (*arm, &[]),
            Self::Several(_, arms) => (0, arms),
        };
        rows(self.rows()).enumerate().map(move |(at, row)| (row, arms.get(at).copied().unwrap_or(same)))
    }
}

impl RuleColumn {
    /// A row's result; none where the rule does not apply.
    pub(crate) fn get(&self, row: usize) -> Option<&Evaluated> {
        let (chunk, row) = (self.chunk(row / BATCH), row % BATCH);
        let arm = match chunk {
            ResultChunk::Never => return None,
            ResultChunk::One(bits, arm) => super::bits::has(bits, row).then_some(*arm)?,
            ResultChunk::Several(bits, _) => {
                super::bits::has(bits, row).then_some(())?;
                chunk.each().find(|(at, _)| *at == row)?.1
            }
        };
        self.arms.get(arm as usize)
    }

    /// The rows with a wanted result, sixty-four a word.
    pub(crate) fn words_where(&self, wanted: impl Fn(&Evaluated) -> bool) -> Vec<u64> {
        let wanted: Vec<bool> = self.arms.iter().map(wanted).collect();
        let is_wanted = |arm: u32| wanted.get(arm as usize) == Some(&true);
        let mut words = Vec::with_capacity(self.chunks.len() * WORDS);
        for chunk in &self.chunks {
            let mut bits = NONE;
            match chunk {
                ResultChunk::Never => {}
                ResultChunk::One(rows, arm) => bits = if is_wanted(*arm) { **rows } else { NONE },
                ResultChunk::Several(..) => {
                    chunk.each().filter(|(_, arm)| is_wanted(*arm)).for_each(|(row, _)| set(&mut bits, row));
                }
            }
            words.extend(bits);
        }
        words
    }

    pub(crate) fn chunk(&self, batch: usize) -> &ResultChunk {
        self.chunks.get(batch).unwrap_or(&ResultChunk::Never)
    }

    /// For each result of `other` the number of the equal one here.
    pub(crate) fn same_arms(&self, other: &Self) -> Vec<Option<u32>> {
        let here = |arm: &Evaluated| u32::try_from(self.arms.iter().position(|mine| mine == arm)?).ok();
        if self.arms.len().saturating_mul(other.arms.len()) <= 65_536 {
            return other.arms.iter().map(here).collect();
        }
        let known: HashMap<&Evaluated, u32> = self.arms.iter().zip(0..).collect();
        other.arms.iter().map(|arm| known.get(arm).copied()).collect()
    }

    /// The rows of a batch in which two columns of a rule differ; `same` is [`RuleColumn::same_arms`] of the other.
    pub(crate) fn differs(&self, other: &Self, same: &[Option<u32>], batch: usize) -> Bits {
        let (mine, theirs) = (self.chunk(batch), other.chunk(batch));
        let mut differs = zip(mine.rows(), theirs.rows(), |one, other| one ^ other);
        if let (ResultChunk::One(_, one), ResultChunk::One(_, other)) = (mine, theirs)
            && same.get(*other as usize) == Some(&Some(*one))
        {
            return differs;
        }
        let mut here = [u32::MAX; BATCH];
        for (row, arm) in mine.each() {
            if let Some(place) = here.get_mut(row) {
                *place = arm;
            }
        }
        for (row, arm) in theirs.each() {
            if here.get(row).copied() != same.get(arm as usize).copied().flatten() {
                set(&mut differs, row);
            }
        }
        differs
    }
}

/// Numbers a rule's results, for all threads.
#[derive(Debug, Default)]
pub(super) struct ArmNumbers {
    known: Mutex<(HashMap<Evaluated, u32>, Vec<Evaluated>)>,
}

impl ArmNumbers {
    pub(super) fn number(&self, result: Evaluated) -> u32 {
        let mut held = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, all) = &mut *held;
        if let Some(number) = known.get(&result) {
            return *number;
        }
        // One for each row at most, and rows are counted by fewer bits.
        let number = u32::try_from(all.len()).unwrap_or(u32::MAX);
        all.push(result.clone());
        known.insert(result, number);
        number
    }

    pub(super) fn into_all(self) -> Vec<Evaluated> {
        self.known.into_inner().unwrap_or_else(PoisonError::into_inner).1
    }
}

#[derive(Debug)]
pub(super) struct ChunkBuilder {
    bits: Bits,
    parts: Vec<(Bits, u32)>,
    single: Vec<(usize, u32)>,
}

impl ChunkBuilder {
    pub(super) fn new() -> Self {
        Self { bits: NONE, parts: Vec::new(), single: Vec::new() }
    }

    /// The same result in all of those rows.
    pub(super) fn rows(&mut self, bits: &Bits, arm: u32) {
        self.bits = or(&self.bits, bits);
        match self.parts.iter_mut().find(|(_, known)| *known == arm) {
            Some((held, _)) => *held = or(held, bits),
            None => self.parts.push((*bits, arm)),
        }
    }

    /// A result in one row.
    pub(super) fn row(&mut self, row: usize, arm: u32) {
        set(&mut self.bits, row);
        self.single.push((row, arm));
    }

    pub(super) fn finish(self) -> ResultChunk {
        match (self.parts.as_slice(), self.single.as_slice()) {
            ([], []) => ResultChunk::Never,
            ([(bits, arm)], []) => ResultChunk::One(Box::new(*bits), *arm),
            (parts, single) => {
                let mut all = [0; BATCH];
                for (bits, arm) in parts {
                    rows(bits).for_each(|row| all.get_mut(row).into_iter().for_each(|place| *place = *arm));
                }
                for (row, arm) in single {
                    all.get_mut(*row).into_iter().for_each(|place| *place = *arm);
                }
                let arms: Vec<u32> = rows(&self.bits).filter_map(|row| all.get(row).copied()).collect();
                match arms.first() {
                    Some(first) if arms.iter().all(|arm| arm == first) => ResultChunk::One(Box::new(self.bits), *first),
                    _ => ResultChunk::Several(Box::new(self.bits), arms.into()),
                }
            }
        }
    }
}
