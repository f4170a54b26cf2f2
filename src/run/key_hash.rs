//! A fast hasher for what the engine numbers: keys of results, effects of stages, decisions.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::LazyLock;

/// Random, so that no file can be made whose values all share a place. A program built with `COUNTERSIGN_FIXED_HASH` counts the same
/// instructions in each run, and is for measuring only.
static SEEDS: LazyLock<[u64; 2]> = LazyLock::new(|| match option_env!("COUNTERSIGN_FIXED_HASH") {
    Some(_) => [0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03],
    None => [0_u8, 1].map(|at| RandomState::new().hash_one(at)),
});

#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyHashBuilder {
    start: u64,
    factor: u64,
}

impl Default for KeyHashBuilder {
    fn default() -> Self {
        let [start, factor] = *SEEDS;
        Self { start, factor: factor | 1 }
    }
}

impl BuildHasher for KeyHashBuilder {
    type Hasher = KeyHasher;

    fn build_hasher(&self) -> KeyHasher {
        KeyHasher { hash: self.start, factor: self.factor }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyHasher {
    hash: u64,
    factor: u64,
}

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.hash
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.write_u64(rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    #[expect(clippy::cast_possible_truncation, reason = "the halves of a number")]
    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.hash ^ number) * u128::from(self.factor);
        self.hash = (product as u64) ^ ((product >> 64) as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}
