//! The distinct texts of a column, each known by a code in the order of first appearance.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;

use super::texts::{TextBlock, WantedTexts};

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
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The text of a code; empty for an unknown code.
    pub fn get(&self, code: usize) -> Arc<str> {
        if let Some(text) = self.shared.get(code) {
            return text.clone();
        }
        let mut text = String::new();
        self.read(code, &mut text);
        text.into()
    }

    pub fn read(&self, code: usize, into: &mut String) {
        if let Some(text) = self.shared.get(code) {
            into.push_str(text);
        } else if let Some(block) = self.blocks.get(code / BLOCK) {
            block.read(code % BLOCK, into);
        }
    }

    /// How many parts of it can be searched, each by itself.
    pub fn parts(&self) -> usize {
        self.len.div_ceil(BLOCK)
    }

    /// Tells the codes of those of `texts`, which are sorted, that are in a part.
    pub fn find_in<T: AsRef<str>>(&self, part: usize, texts: &[T], found: &mut impl FnMut(usize)) {
        let start = part * BLOCK;
        if let Some(block) = self.blocks.get(part) {
            block.find_all(texts, &mut |place| found(start + place));
        } else if let Some(shared) = self.shared.get(start..self.shared.len().min(start + BLOCK)) {
            let wanted = WantedTexts::new(texts, shared.len());
            shared.iter().enumerate().filter(|(_, text)| wanted.has(text)).for_each(|(place, _)| found(start + place));
        }
    }

    /// Tells the codes of those of `texts`, which are sorted, that are there.
    pub fn find_all<T: AsRef<str>>(&self, texts: &[T], found: &mut impl FnMut(usize)) {
        (0..self.parts()).for_each(|part| self.find_in(part, texts, found));
    }

    /// How many bytes the longest text can have.
    pub fn longest(&self) -> usize {
        let shared = self.shared.iter().map(|text| text.len());
        shared.chain(self.blocks.iter().map(TextBlock::longest)).max().unwrap_or(0)
    }

    /// Every text in the order of codes: a predicate on a text column runs once for each of them.
    pub fn iter(&self) -> impl Iterator<Item = Arc<str>> + '_ {
        (0..self.len).map(|code| self.get(code))
    }

    /// Bytes on the heap.
    pub fn memory_bytes(&self) -> usize {
        let shared: usize = self.shared.iter().map(|text| text.len() + 2 * size_of::<usize>() + size_of::<Arc<str>>()).sum();
        self.blocks.iter().map(TextBlock::memory_bytes).sum::<usize>() + shared
    }
}

/// Gives codes to texts while a column is built.
///
/// A short text is compared next to its code: one memory access a text, which is what interning millions of them costs.
#[derive(Debug)]
pub(super) struct TextInterner {
    data: String,
    ends: Vec<usize>,
    /// A power of two in length, at most three quarters full.
    slots: Vec<CodeSlot>,
    /// Random, so that no file can be made whose texts all share a place.
    keys: (u64, u64),
    hasher: RandomState,
}

/// A place in the table of codes.
#[derive(Clone, Copy, Debug, Default)]
struct CodeSlot {
    first: u64,
    last: u64,
    len: u32,
    /// The code + 1; 0 where the place is free.
    code: u32,
}

impl CodeSlot {
    fn new(key: TextKey, code: u32) -> Self {
        Self { first: key.first, last: key.last, len: key.len, code }
    }

    fn key(self) -> TextKey {
        TextKey { first: self.first, last: self.last, len: self.len }
    }
}

/// The bytes of a text of up to 16, or the hash of a longer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct TextKey {
    first: u64,
    last: u64,
    /// Length of a short text, [`LONG`] of a longer one.
    len: u32,
}

/// Texts whose places are looked at together.
const AT_ONCE: usize = 64;
/// A table of up to so many places stays in the processor's cache.
const CACHED: usize = 1 << 14;
/// Marks a text that is longer than a slot can hold.
const LONG: u32 = u32::MAX;

impl Default for TextInterner {
    fn default() -> Self {
        let hasher = RandomState::new();
        let keys = (hasher.hash_one(1), hasher.hash_one(2));
        Self { data: String::new(), ends: Vec::new(), slots: Vec::new(), keys, hasher }
    }
}

impl TextInterner {
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
        self.code_of(text, self.key(text))
    }

    /// Appends the codes of many texts; an empty one is missing and has a code without meaning.
    pub(super) fn codes<'a>(&mut self, mut texts: impl Iterator<Item = &'a str>, into: &mut Vec<u32>) {
        let mut some = [("", TextKey::default()); AT_ONCE];
        loop {
            let mut count = 0;
            for (place, text) in some.iter_mut().zip(texts.by_ref()) {
                *place = (text, self.key(text));
                count += 1;
            }
            let some = some.get(..count).unwrap_or(&some);
            if self.slots.len() > CACHED {
                self.warm(some);
            }
            into.extend(some.iter().map(|(text, key)| if text.is_empty() { 0 } else { self.code_of(text, *key) }));
            if count < AT_ONCE {
                return;
            }
        }
    }

    /// Touches the places of the texts that are looked up next: the memory accesses then overlap.
    fn warm(&self, texts: &[(&str, TextKey)]) {
        let mask = self.slots.len().saturating_sub(1);
        let look = |(_, key): &(&str, TextKey)| self.slots.get(self.place(*key) & mask).map_or(0, |slot| slot.code);
        std::hint::black_box(texts.iter().map(look).fold(0, |all, code| all | code));
    }

    #[inline]
    fn code_of(&mut self, text: &str, key: TextKey) -> u32 {
        if self.slots.len() * 3 < (self.len() + 1) * 4 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = self.place(key) & mask;
        while let Some(slot) = self.slots.get(at) {
            let Some(code) = slot.code.checked_sub(1) else { break };
            if slot.key() == key && (key.len != LONG || self.get(code as usize) == text) {
                return code;
            }
            at = (at + 1) & mask;
        }
        self.add(text, key, at)
    }

    /// Gives a new text the next code, kept at the free place `at`.
    fn add(&mut self, text: &str, key: TextKey, at: usize) -> u32 {
        let code = u32::try_from(self.len()).unwrap_or(u32::MAX);
        self.data.push_str(text);
        self.ends.push(self.data.len());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = CodeSlot::new(key, code.saturating_add(1));
        }
        code
    }

    /// What a slot holds of a text: two parts of it that cover it whole, and may overlap.
    #[inline]
    fn key(&self, text: &str) -> TextKey {
        let bytes = text.as_bytes();
        let len = bytes.len();
        if len > 16 {
            return TextKey { first: self.hasher.hash_one(text), last: len as u64, len: LONG };
        }
        let (first, last) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(first), Some(last)) => (u32::from_le_bytes(*first).into(), u32::from_le_bytes(*last).into()),
                _ => (bytes.iter().fold(0, |all, byte| (all << 8) | u64::from(*byte)), 0),
            },
        };
        TextKey { first, last, len: u32::try_from(len).unwrap_or(LONG) }
    }

    /// Where the search for a key begins, before it is cut to the table's size.
    fn place(&self, key: TextKey) -> usize {
        let length = u64::from(key.len) << 32;
        let (low, high) = halves(u128::from(key.first ^ self.keys.0) * u128::from(key.last ^ length ^ self.keys.1));
        low_bits(low ^ high)
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(64);
        let mut slots = vec![CodeSlot::default(); len];
        for slot in self.slots.iter().filter(|slot| slot.code > 0) {
            let mut at = self.place(slot.key()) & (len - 1);
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
            let mut interner = TextInterner::default();
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
        let mut interner = TextInterner::default();
        let alike = ["a", "a\0", "", "\0", "0123456789abcdef", "0123456789abcdef\0"].map(|text| interner.code(text));
        assert_eq!(alike, [0, 1, 2, 3, 4, 5]);
    }
}
