//! The distinct texts of a column, each known by a code in the order of first appearance.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use super::texts::TextBlock;

/// Entries a block of the dictionary holds.
const BLOCK: usize = 4_096;
/// Up to so many entries are also kept as shared texts, so that reading a value copies nothing.
const SHARED: usize = 65_536;

/// The distinct texts of a column by code.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    blocks: Vec<TextBlock>,
    shared: Vec<Arc<str>>,
    len: usize,
}

impl Dictionary {
    /// How many distinct texts there are: codes run from 0 up to this.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text of a code; empty for an unknown code.
    #[must_use]
    pub fn get(&self, code: usize) -> Arc<str> {
        if let Some(text) = self.shared.get(code) {
            return text.clone();
        }
        let mut text = String::new();
        self.read(code, &mut text);
        text.into()
    }

    /// Appends the text of a code.
    pub fn read(&self, code: usize, into: &mut String) {
        if let Some(text) = self.shared.get(code) {
            into.push_str(text);
        } else if let Some(block) = self.blocks.get(code / BLOCK) {
            block.read(code % BLOCK, into);
        }
    }

    /// Every text in the order of codes: a predicate on a text column runs once for each of them.
    pub fn iter(&self) -> impl Iterator<Item = Arc<str>> + '_ {
        (0..self.len).map(|code| self.get(code))
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        let shared: usize = self.shared.iter().map(|text| text.len() + 2 * size_of::<usize>() + size_of::<Arc<str>>()).sum();
        self.blocks.iter().map(TextBlock::memory_bytes).sum::<usize>() + shared
    }
}

/// Gives codes to texts while a column is built.
#[derive(Debug, Default)]
pub(super) struct Interner {
    data: String,
    ends: Vec<usize>,
    /// The upper half of every text's hash, to skip most comparisons.
    tags: Vec<u32>,
    /// Code + 1 by hash; 0 is free. A power of two in length, at most half full.
    slots: Vec<u32>,
    hasher: RandomState,
}

impl Interner {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, code: usize) -> &str {
        let start = code.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(code).copied().unwrap_or(start);
        self.data.get(start..end).unwrap_or("")
    }

    /// The text's code, a new one when it was not seen before.
    pub(super) fn code(&mut self, text: &str) -> u32 {
        if self.slots.len() < (self.len() + 1) * 2 {
            self.grow();
        }
        let hash = self.hasher.hash_one(text);
        let tag = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        let mut at = low_bits(hash) & mask;
        loop {
            let slot = self.slots.get(at).copied().unwrap_or(0);
            let Some(code) = slot.checked_sub(1) else { break };
            if self.tags.get(code as usize) == Some(&tag) && self.get(code as usize) == text {
                return code;
            }
            at = (at + 1) & mask;
        }
        let code = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.data.push_str(text);
        self.ends.push(self.data.len());
        self.tags.push(tag);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = code.saturating_add(1);
        }
        code
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(64);
        let mut slots = vec![0_u32; len];
        for code in 0..self.len() {
            let mut at = low_bits(self.hasher.hash_one(self.get(code))) & (len - 1);
            while slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & (len - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = u32::try_from(code + 1).unwrap_or(u32::MAX);
            }
        }
        self.slots = slots;
    }

    pub(super) fn finish(&self) -> Dictionary {
        let len = self.len();
        let block = |start: usize| {
            let end = (start + BLOCK).min(len);
            TextBlock::new((start..end).map(|code| self.get(code)))
        };
        if len <= SHARED {
            return Dictionary { blocks: Vec::new(), shared: (0..len).map(|code| self.get(code).into()).collect(), len };
        }
        Dictionary { blocks: (0..len).step_by(BLOCK).map(block).collect(), shared: Vec::new(), len }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are all that a slot needs")]
fn low_bits(hash: u64) -> usize {
    hash as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_code_however_many_follow() {
        for count in [3_u32, 70_000] {
            let mut interner = Interner::default();
            let text = |at: u32| format!("text {at}");
            for at in 0..count {
                assert_eq!(interner.code(&text(at)), at);
            }
            assert!((0..count).all(|at| interner.code(&text(at)) == at));
            let dictionary = interner.finish();
            assert_eq!(dictionary.len(), count as usize);
            assert!((0..count).all(|at| *dictionary.get(at as usize) == *text(at)));
            assert_eq!(&*dictionary.get(count as usize), "");
        }
    }
}
