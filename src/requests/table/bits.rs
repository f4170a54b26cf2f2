//! Whole numbers in as few bits as the largest of them needs, and bitmaps.

/// Numbers of one fixed width between 0 and 64 bits, back to back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    width: usize,
    len: usize,
    words: Box<[u64]>,
}

/// How many bits the largest of `values` needs; 0 when all are 0.
fn width_of(values: impl Iterator<Item = u64>) -> usize {
    64 - values.fold(0, |all, value| all | value).leading_zeros() as usize
}

impl Packed {
    /// Packs `values` in the width that the largest needs.
    #[must_use]
    pub fn new(values: impl ExactSizeIterator<Item = u64> + Clone) -> Self {
        let width = width_of(values.clone());
        let len = values.len();
        let mut words = Vec::with_capacity((len * width).div_ceil(64));
        let (mut word, mut used) = (0_u64, 0);
        if width > 0 {
            for value in values {
                word |= value << used;
                used += width;
                if used >= 64 {
                    words.push(word);
                    used -= 64;
                    // What did not fit: the top `used` bits of `value`.
                    word = if used == 0 { 0 } else { value >> (width - used) };
                }
            }
            if used > 0 {
                words.push(word);
            }
        }
        Self { width, len, words: words.into() }
    }

    /// The number at a position; 0 past the end.
    #[must_use]
    pub fn get(&self, at: usize) -> u64 {
        if self.width == 0 || at >= self.len {
            return 0;
        }
        let bit = at * self.width;
        let (word, shift) = (bit / 64, bit % 64);
        let low = self.words.get(word).copied().unwrap_or(0) >> shift;
        let both =
            if shift + self.width > 64 { low | (self.words.get(word + 1).copied().unwrap_or(0) << (64 - shift)) } else { low };
        both & mask(self.width)
    }

    /// Writes the numbers from `start` on into `into`, as many as fit there and are left; gives their count. For batch work: a
    /// column's batch becomes a plain slice of the narrowest lane that holds [`Packed::width`] bits.
    pub fn unpack<L: Lane>(&self, start: usize, into: &mut [L]) -> usize {
        let count = self.len.saturating_sub(start).min(into.len());
        let mut bit = start * self.width;
        for place in into.iter_mut().take(count) {
            let (word, shift) = (bit / 64, bit % 64);
            let mut value = self.words.get(word).copied().unwrap_or(0) >> shift;
            if shift + self.width > 64 {
                value |= self.words.get(word + 1).copied().unwrap_or(0) << (64 - shift);
            }
            *place = L::narrow(value & mask(self.width));
            bit += self.width;
        }
        count
    }

    /// Bits a number takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many numbers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Every number in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.len).map(|at| self.get(at))
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of_val(&*self.words)
    }
}

fn mask(width: usize) -> u64 {
    if width >= 64 { u64::MAX } else { (1 << width) - 1 }
}

/// An unsigned integer that a packed number is unpacked into.
pub trait Lane: Copy {
    /// The low bits of `value`.
    fn narrow(value: u64) -> Self;
}

macro_rules! lane {
    ($($lane:ty),*) => {
        $(impl Lane for $lane {
            #[allow(clippy::cast_possible_truncation, reason = "the caller picks a lane of at least the packed width")]
            fn narrow(value: u64) -> Self {
                value as Self
            }
        })*
    };
}
lane!(u8, u16, u32, u64);

/// One bit a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    words: Box<[u64]>,
}

impl Bitmap {
    /// From one `bool` a row.
    #[must_use]
    pub fn new(bits: &[bool]) -> Self {
        let word = |chunk: &[bool]| chunk.iter().enumerate().fold(0_u64, |word, (at, bit)| word | (u64::from(*bit) << at));
        Self { words: bits.chunks(64).map(word).collect() }
    }

    /// The bit of a row; `false` past the end.
    #[must_use]
    pub fn get(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| (word >> (at % 64)) & 1 == 1)
    }

    /// Sixty-four rows a word, the first row in the lowest bit.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        size_of_val(&*self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_gives_back_what_was_packed() {
        for width in 0..=64 {
            let values: Vec<u64> =
                (0..200_u64).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) & mask(width)).chain([mask(width)]).collect();
            let packed = Packed::new(values.iter().copied());
            assert_eq!(packed.width(), width);
            assert_eq!(packed.iter().collect::<Vec<_>>(), values, "{width}");
            let mut lanes = vec![0_u64; 77];
            assert_eq!(packed.unpack(130, &mut lanes), 71);
            assert_eq!(lanes.get(..71), values.get(130..), "{width}");
        }
    }

    #[test]
    fn bitmaps_keep_their_bits_over_word_borders() {
        let bits: Vec<bool> = (0..130).map(|at| at % 3 == 0).collect();
        let bitmap = Bitmap::new(&bits);
        assert!((0..130).all(|at| bitmap.get(at) == bits[at]));
        assert!(!bitmap.get(130) && !bitmap.get(9_999));
        assert_eq!(bitmap.memory_bytes(), 24);
    }
}
