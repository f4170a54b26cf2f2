//! Whole numbers in as few bits as the largest of them needs, and bitmaps.

/// Numbers of one fixed width between 0 and 64 bits, back to back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    width: usize,
    len: usize,
    /// The first number in the lowest bits; [`PADDING`] bytes more than that needs, so that eight can be read from any of them on.
    bytes: Box<[u8]>,
}

/// Bytes past the last number.
const PADDING: usize = 8;

/// Numbers that end at a whole byte, whatever their width.
const GROUP: usize = 8;

/// The most bits that eight bytes hold of a number wherever it starts in the first of them.
const WIDEST_READ: usize = 57;

/// How many bits the largest of `values` needs; 0 when all are 0.
fn width_of(values: impl Iterator<Item = u64>) -> usize {
    64 - values.fold(0, |all, value| all | value).leading_zeros() as usize
}

impl Packed {
    /// Packs `values` in the width that the largest needs.
    pub fn new(values: impl ExactSizeIterator<Item = u64> + Clone) -> Self {
        let width = width_of(values.clone());
        let len = values.len();
        let mut bytes = Vec::with_capacity((len * width).div_ceil(64) * 8 + PADDING);
        let (mut word, mut used) = (0_u64, 0);
        if width > 0 {
            for value in values {
                word |= value << used;
                used += width;
                if used >= 64 {
                    bytes.extend(word.to_le_bytes());
                    used -= 64;
                    // What did not fit: the top `used` bits of `value`.
                    word = if used == 0 { 0 } else { value >> (width - used) };
                }
            }
            if used > 0 {
                bytes.extend(word.to_le_bytes());
            }
        }
        bytes.extend([0; PADDING]);
        Self { width, len, bytes: bytes.into() }
    }

    /// The number at a position; 0 past the end.
    pub fn get(&self, at: usize) -> u64 {
        if self.width == 0 || at >= self.len {
            return 0;
        }
        let bit = at * self.width;
        let (byte, shift) = (bit / 8, bit % 8);
        let low = eight(&self.bytes, byte) >> shift;
        let both = if shift + self.width > 64 { low | (eight(&self.bytes, byte + 8) << (64 - shift)) } else { low };
        both & mask(self.width)
    }

    /// Writes the numbers from `start` on into `into`, as many as fit there and are left; gives their count. For batch work: a
    /// column's batch becomes a plain slice of the narrowest lane that holds [`Packed::width`] bits.
    pub fn unpack<L: Lane>(&self, start: usize, into: &mut [L]) -> usize {
        let count = self.len.saturating_sub(start).min(into.len());
        let into = into.get_mut(..count).unwrap_or_default();
        if self.width == 0 {
            into.fill(L::narrow(0));
            return count;
        }
        let grouped = if start.is_multiple_of(GROUP) && self.width <= WIDEST_READ { count / GROUP * GROUP } else { 0 };
        let (groups, rest) = into.split_at_mut(grouped);
        self.unpack_groups(start / GROUP * self.width, groups);
        for (place, at) in rest.iter_mut().zip(start + grouped..) {
            *place = L::narrow(self.get(at));
        }
        count
    }

    /// Unpacks whole groups, the first of which starts at a byte.
    fn unpack_groups<L: Lane>(&self, byte: usize, into: &mut [L]) {
        macro_rules! by_width {
            ($($width:literal)*) => {
                match self.width {
                    $($width => unpack_groups::<$width, L>(self.bytes.get(byte..).unwrap_or_default(), into),)*
                    _ => {}
                }
            };
        }
        // One loop for every width: shifts and places are then known to the compiler.
        by_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
            33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57);
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Every number in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.len).map(|at| self.get(at))
    }

    /// Bytes on the heap.
    pub fn memory_bytes(&self) -> usize {
        size_of_val(&*self.bytes)
    }
}

/// Eight bytes from one on, the first the lowest; 0 past the end.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Unpacks groups of numbers of one width, back to back from the first byte on.
fn unpack_groups<const WIDTH: usize, L: Lane>(bytes: &[u8], into: &mut [L]) {
    for (group, places) in into.chunks_exact_mut(GROUP).enumerate() {
        let Some(bytes) = bytes.get(group * WIDTH..group * WIDTH + WIDTH + PADDING) else { return };
        if WIDTH <= 8 {
            let lanes = [32, 16, 8].into_iter().fold(eight(bytes, 0), |lanes, to| apart(lanes, WIDTH * to / 8, to));
            places.iter_mut().zip(lanes.to_le_bytes()).for_each(|(place, lane)| *place = L::narrow(lane.into()));
        } else if WIDTH <= 16 {
            for (half, places) in places.chunks_exact_mut(GROUP / 2).enumerate() {
                let bit = half * (GROUP / 2) * WIDTH;
                let packed = eight(bytes, bit / 8) >> (bit % 8);
                let lanes = [32, 16].into_iter().fold(packed, |lanes, to| apart(lanes, WIDTH * to / 16, to));
                places.iter_mut().enumerate().for_each(|(at, place)| *place = L::narrow(lanes >> (at * 16) & 0xffff));
            }
        } else {
            for (at, place) in places.iter_mut().enumerate() {
                let bit = at * WIDTH;
                *place = L::narrow((eight(bytes, bit / 8) >> (bit % 8)) & mask(WIDTH));
            }
        }
    }
}

/// In every `2 * to` bits: two numbers of `from` bits, back to back, become two of `to` bits.
#[inline]
fn apart(lanes: u64, from: usize, to: usize) -> u64 {
    let low = mask(from) * (u64::MAX / mask(2 * to));
    (lanes & low) | ((lanes >> from & low) << to)
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
    pub fn new(bits: &[bool]) -> Self {
        let word = |chunk: &[bool]| chunk.iter().enumerate().fold(0_u64, |word, (at, bit)| word | (u64::from(*bit) << at));
        Self { words: bits.chunks(64).map(word).collect() }
    }

    /// The bit of a row; `false` past the end.
    pub fn get(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| (word >> (at % 64)) & 1 == 1)
    }

    /// Sixty-four rows a word, the first row in the lowest bit.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Bytes on the heap.
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
            assert_eq!(packed.unpack(8, &mut lanes), 77);
            assert_eq!(Some(&*lanes), values.get(8..85), "{width}");
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
