//! The kernels: a batch's rows as words of sixty-four, and comparisons of a whole lane that give such words.
//!
//! Loops are over slices of fixed length without branches, so that the compiler turns them into vector instructions.

/// Rows worked on at a time: what they need stays in the cache.
pub(crate) const BATCH: usize = 2_048;
/// Words of sixty-four rows in a batch.
pub(crate) const WORDS: usize = BATCH / 64;

/// One bit for each row of a batch, the first in the lowest bit of the first word.
pub(crate) type Bits = [u64; WORDS];

/// No row.
pub(crate) const NONE: Bits = [0; WORDS];
/// Every row.
pub(crate) const ALL: Bits = [u64::MAX; WORDS];

/// The first rows of a batch.
pub(crate) fn first(rows: usize) -> Bits {
    let mut bits = NONE;
    for (at, word) in bits.iter_mut().enumerate() {
        let rows = rows.saturating_sub(at * 64);
        *word = if rows >= 64 { u64::MAX } else { (1 << rows) - 1 };
    }
    bits
}

/// Whether any row is there.
#[inline]
pub(crate) fn any(bits: &Bits) -> bool {
    bits.iter().fold(0, |all, word| all | word) != 0
}

/// How many rows are there.
#[inline]
pub(crate) fn count(bits: &Bits) -> usize {
    bits.iter().map(|word| word.count_ones() as usize).sum()
}

/// Word by word.
#[inline]
pub(crate) fn zip(one: &Bits, other: &Bits, join: impl Fn(u64, u64) -> u64) -> Bits {
    let mut made = NONE;
    for ((made, one), other) in made.iter_mut().zip(one).zip(other) {
        *made = join(*one, *other);
    }
    made
}

/// The rows of both.
#[inline]
pub(crate) fn and(one: &Bits, other: &Bits) -> Bits {
    zip(one, other, |one, other| one & other)
}

/// The rows of either.
#[inline]
pub(crate) fn or(one: &Bits, other: &Bits) -> Bits {
    zip(one, other, |one, other| one | other)
}

/// The rows of the first without those of the second.
#[inline]
pub(crate) fn without(one: &Bits, other: &Bits) -> Bits {
    zip(one, other, |one, other| one & !other)
}

/// The rows in order.
pub(crate) fn rows(bits: &Bits) -> impl Iterator<Item = usize> + '_ {
    bits.iter().enumerate().flat_map(|(at, word)| crate::row_set::Ones(*word).map(move |bit| at * 64 + bit))
}

/// Marks a row.
#[inline]
pub(crate) fn set(bits: &mut Bits, row: usize) {
    if let Some(word) = bits.get_mut(row / 64) {
        *word |= 1 << (row % 64);
    }
}

#[inline]
pub(crate) fn has(bits: &Bits, row: usize) -> bool {
    bits.get(row / 64).is_some_and(|word| (word >> (row % 64)) & 1 == 1)
}

/// A bit for each value of a lane of a batch.
#[inline]
pub(crate) fn test<T: Copy>(lane: &[T], holds: impl Fn(T) -> bool) -> Bits {
    let mut bits = NONE;
    for (word, values) in bits.iter_mut().zip(lane.chunks_exact(64)) {
        let mut bytes = [0_u8; 64];
        for (byte, value) in bytes.iter_mut().zip(values) {
            *byte = u8::from(holds(*value));
        }
        *word = pack(&bytes);
    }
    bits
}

/// A bit for each pair of values of two lanes of a batch.
#[inline]
pub(crate) fn test_both<T: Copy, U: Copy>(one: &[T], other: &[U], holds: impl Fn(T, U) -> bool) -> Bits {
    let mut bits = NONE;
    for ((word, ones), others) in bits.iter_mut().zip(one.chunks_exact(64)).zip(other.chunks_exact(64)) {
        let mut bytes = [0_u8; 64];
        for ((byte, one), other) in bytes.iter_mut().zip(ones).zip(others) {
            *byte = u8::from(holds(*one, *other));
        }
        *word = pack(&bytes);
    }
    bits
}

/// Sixty-four bytes, each 0 or 1, as a word.
#[inline]
pub(crate) fn pack(bytes: &[u8; 64]) -> u64 {
    let eight = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    bytes.as_chunks::<8>().0.iter().enumerate().fold(0, |word, (at, part)| word | eight(part) << (at * 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_becomes_one_bit_a_row() {
        let lane: Vec<u16> = (0..2_048_u16).map(|at| at.wrapping_mul(40_503) >> 7).collect();
        for limit in [0, 1, 200, 511, 512] {
            let bits = test(&lane, |value| value < limit);
            assert!((0..BATCH).all(|row| has(&bits, row) == (lane[row] < limit)), "{limit}");
            assert_eq!(rows(&bits).count(), count(&bits));
        }
        assert_eq!((count(&first(0)), count(&first(65)), first(BATCH)), (0, 65, ALL));
    }
}
