//! One field's values over all rows: segments of [`SEGMENT`] rows, each as narrow as its own values allow.

use std::sync::Arc;

use super::bits::{Bitmap, Packed};
use super::builder::ColumnBuilder;
use super::dictionary::Dictionary;
use super::texts::TextBlock;
use countersign_core::model::{FieldType, Value};

/// Rows a segment holds; only the last may hold fewer.
pub const SEGMENT: usize = 65_536;

#[derive(Clone, Debug)]
pub struct Column {
    pub(super) kind: FieldType<()>,
    pub(super) segments: Vec<Segment>,
    /// The enum's values in the schema's order.
    pub(super) names: Vec<Arc<str>>,
    pub(super) dictionary: Dictionary,
}

/// A run of rows of one column.
#[derive(Clone, Debug)]
pub struct Segment {
    pub(super) len: usize,
    pub(super) present: Option<Bitmap>,
    pub(super) data: Data,
}

/// A segment's values; rows that are missing hold a value without meaning.
#[derive(Clone, Debug)]
pub enum Data {
    /// One bit a row.
    Bits(Bitmap),
    /// Codes of the values of an enum, in the schema's order, or of entries of [`Column::dictionary`].
    Codes(Packed),
    /// Whole numbers, fen or microseconds.
    Numbers(Numbers),
    Floats(Box<[f64]>),
    /// Texts of a column in which most occur once.
    Texts(TextBlock),
}

/// Whole numbers as `base + code * scale`: a comparison with a constant becomes one with a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The smallest number.
    pub base: i64,
    /// What all differences from the base are multiples of; at least 1.
    pub scale: u64,
    /// The multiples.
    pub codes: Packed,
}

impl Numbers {
    pub(super) fn new(numbers: &[i64]) -> Self {
        let base = numbers.iter().copied().min().unwrap_or(0);
        // Two's complement: right for every pair of 64-bit numbers.
        let above = |number: &i64| number.wrapping_sub(base).cast_unsigned();
        let mut scale = 0;
        for difference in numbers.iter().map(above) {
            scale = common_divisor(scale, difference);
            if scale == 1 {
                break;
            }
        }
        let scale = scale.max(1);
        let codes = if scale == 1 {
            Packed::new(numbers.iter().map(above))
        } else {
            Packed::new(numbers.iter().map(|number| above(number) / scale))
        };
        Self { base, scale, codes }
    }

    /// The number at a position; the base past the end.
    pub fn get(&self, at: usize) -> i64 {
        self.base.wrapping_add(self.codes.get(at).wrapping_mul(self.scale).cast_signed())
    }
}

/// The greatest number that divides both; 0 counts as divided by everything.
fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while a != 0 {
        (a, b) = (b % a, a);
    }
    b
}

impl Segment {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Which rows have a value; `None` when all have one.
    pub fn present(&self) -> Option<&Bitmap> {
        self.present.as_ref()
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Bytes on the heap.
    pub fn memory_bytes(&self) -> usize {
        let data = match &self.data {
            Data::Bits(bits) => bits.memory_bytes(),
            Data::Codes(codes) => codes.memory_bytes(),
            Data::Numbers(numbers) => numbers.codes.memory_bytes(),
            Data::Floats(floats) => size_of_val(&**floats),
            Data::Texts(texts) => texts.memory_bytes(),
        };
        data + self.present.as_ref().map_or(0, Bitmap::memory_bytes)
    }
}

impl Column {
    /// A column whose every value is missing.
    pub(super) fn missing(kind: &FieldType, rows: usize) -> Self {
        let mut column = ColumnBuilder::new(kind, true, false);
        (0..rows).for_each(|_| column.push_missing());
        column.finish()
    }

    /// The values of an enum in the schema's order; empty for every other column.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    pub fn kind(&self) -> FieldType<()> {
        self.kind
    }

    /// The rows in runs of [`SEGMENT`].
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The distinct texts of a dictionary-coded text column; empty for every other.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// How many bytes the longest text can have; 0 for columns of anything but free text.
    pub fn longest_text(&self) -> usize {
        let blocks = self.segments.iter().filter_map(|segment| match &segment.data {
            Data::Texts(texts) => Some(texts.longest()),
            _ => None,
        });
        blocks.chain([self.dictionary.longest()]).max().unwrap_or(0)
    }

    /// The value of a row; missing past the end.
    pub fn value(&self, row: usize) -> Value {
        let at = row % SEGMENT;
        let Some(segment) = self.segments.get(row / SEGMENT).filter(|segment| at < segment.len) else { return Value::Missing };
        if segment.present.as_ref().is_some_and(|present| !present.get(at)) {
            return Value::Missing;
        }
        match &segment.data {
            Data::Bits(bits) => Value::Bool(bits.get(at)),
            Data::Codes(codes) => self.coded(codes.get(at)),
            Data::Numbers(numbers) => self.kind.value_of_whole(numbers.get(at)).unwrap_or(Value::Missing),
            Data::Floats(floats) => floats.get(at).map_or(Value::Missing, |number| Value::Float(*number)),
            Data::Texts(texts) => {
                let mut text = String::new();
                texts.read(at, &mut text);
                Value::Text(text.into())
            }
        }
    }

    /// The first row of a text column with that text.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        if text.is_empty() {
            return None;
        }
        let code = (0..self.dictionary.len()).find(|code| *self.dictionary.get(*code) == *text);
        self.segments.iter().enumerate().find_map(|(number, segment)| {
            let found = match &segment.data {
                Data::Texts(texts) => texts.find(text),
                // Missing rows hold a code too.
                Data::Codes(codes) => (0..segment.len).find(|at| {
                    let is_there = segment.present.as_ref().is_none_or(|present| present.get(*at));
                    is_there && Some(codes.get(*at)) == code.map(|code| code as u64)
                }),
                _ => None,
            };
            found.map(|at| number * SEGMENT + at)
        })
    }

    fn coded(&self, code: u64) -> Value {
        let code = usize::try_from(code).unwrap_or(usize::MAX);
        match self.kind {
            FieldType::Enum(()) => self.names.get(code).cloned().map_or(Value::Missing, Value::Text),
            _ => Value::Text(self.dictionary.get(code)),
        }
    }

    /// Bytes on the heap.
    pub fn memory_bytes(&self) -> usize {
        let segments: usize = self.segments.iter().map(|segment| segment.memory_bytes() + size_of::<Segment>()).sum();
        segments + self.dictionary.memory_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_at_every_range_and_scale() {
        let samples: [&[i64]; 7] = [
            &[],
            &[7, 7, 7],
            &[i64::MIN, i64::MAX, 0, -1],
            &[1_395_590_400_000_000, 1_395_590_401_000_000, 1_395_676_800_000_000],
            &[-300, 0, 500_000],
            &[i64::MIN, i64::MIN + 100, i64::MIN + 1_000],
            &[0, i64::MAX],
        ];
        for numbers in samples {
            let packed = Numbers::new(numbers);
            let read: Vec<i64> = (0..numbers.len()).map(|at| packed.get(at)).collect();
            assert_eq!(read, numbers);
        }
        let seconds = Numbers::new(samples[3]);
        assert_eq!((seconds.scale, seconds.codes.width()), (1_000_000, 17));
    }
}
