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
///
/// A short text is compared where its code stands: one look into memory a text, which is what interning millions of them costs.
#[derive(Debug)]
pub(super) struct Interner {
    data: String,
    ends: Vec<usize>,
    /// A power of two in length, at most three quarters full.
    slots: Vec<Slot>,
    /// Random, so that no file can be made whose texts all share a place.
    keys: (u64, u64),
    hasher: RandomState,
}

/// A place in the table of codes.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The bytes of a text of up to 16, or the hash of a longer one.
    key: (u64, u64),
    /// Length of a short text, [`LONG`] of a longer one.
    len: u32,
    /// The code + 1; 0 where the place is free.
    code: u32,
}

/// Marks a text that is longer than a slot can hold.
const LONG: u32 = u32::MAX;

impl Default for Interner {
    fn default() -> Self {
        let hasher = RandomState::new();
        let keys = (hasher.hash_one(1), hasher.hash_one(2));
        Self { data: String::new(), ends: Vec::new(), slots: Vec::new(), keys, hasher }
    }
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
        if self.slots.len() * 3 < (self.len() + 1) * 4 {
            self.grow();
        }
        let (key, len) = self.key(text);
        let mask = self.slots.len() - 1;
        let mut at = self.place(key) & mask;
        while let Some(slot) = self.slots.get(at) {
            let Some(code) = slot.code.checked_sub(1) else { break };
            if slot.key == key && slot.len == len && (len != LONG || self.get(code as usize) == text) {
                return code;
            }
            at = (at + 1) & mask;
        }
        let code = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.data.push_str(text);
        self.ends.push(self.data.len());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot { key, len, code: code.saturating_add(1) };
        }
        code
    }

    /// Looks at the places of some texts whose codes are asked for next: the waits for memory then overlap.
    pub(super) fn warm(&self, texts: &[&str]) {
        let mask = self.slots.len().saturating_sub(1);
        let look = |text: &&str| self.slots.get(self.place(self.key(text).0) & mask).map_or(0, |slot| slot.code);
        std::hint::black_box(texts.iter().map(look).fold(0, |all, code| all | code));
    }

    /// What a slot holds of a text.
    fn key(&self, text: &str) -> ((u64, u64), u32) {
        let mut bytes = [0; 16];
        if let Some(place) = bytes.get_mut(..text.len()) {
            place.copy_from_slice(text.as_bytes());
            let number = u128::from_le_bytes(bytes);
            return (halves(number), u32::try_from(text.len()).unwrap_or(LONG));
        }
        ((self.hasher.hash_one(text), text.len() as u64), LONG)
    }

    /// Where the search for a key begins, before it is cut to the table's size.
    fn place(&self, key: (u64, u64)) -> usize {
        let (low, high) = halves(u128::from(key.0 ^ self.keys.0) * u128::from(key.1 ^ self.keys.1));
        low_bits(low ^ high)
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(64);
        let mut slots = vec![Slot::default(); len];
        for slot in self.slots.iter().filter(|slot| slot.code > 0) {
            let mut at = self.place(slot.key) & (len - 1);
            while slots.get(at).is_some_and(|slot| slot.code > 0) {
                at = (at + 1) & (len - 1);
            }
            if let Some(place) = slots.get_mut(at) {
                *place = *slot;
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

#[expect(clippy::cast_possible_truncation, reason = "the halves of a number")]
fn halves(number: u128) -> (u64, u64) {
    (number as u64, (number >> 64) as u64)
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are all that a place needs")]
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
            let text = |at: u32| {
                if at.is_multiple_of(2) { format!("text {at}") } else { format!("{at}, a text of more than sixteen bytes") }
            };
            for at in 0..count {
                assert_eq!(interner.code(&text(at)), at);
            }
            assert!((0..count).all(|at| interner.code(&text(at)) == at));
            let dictionary = interner.finish();
            assert_eq!(dictionary.len(), count as usize);
            assert!((0..count).all(|at| *dictionary.get(at as usize) == *text(at)));
            assert_eq!(&*dictionary.get(count as usize), "");
        }
        let mut interner = Interner::default();
        let alike = ["a", "a\0", "", "\0", "0123456789abcdef", "0123456789abcdef\0"].map(|text| interner.code(text));
        assert_eq!(alike, [0, 1, 2, 3, 4, 5]);
    }
}
