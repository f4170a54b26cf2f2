//! One field's values over all rows: segments of [`SEGMENT`] rows, each as narrow as its own values allow.

use std::sync::Arc;

use super::bits::{Bitmap, Packed};
use super::dictionary::Dictionary;
use super::texts::TextBlock;
use countersign_core::model::{Fen, FieldType, Timestamp, Value};

/// Rows a segment holds; only the last may hold fewer.
pub const SEGMENT: usize = 65_536;

/// What a column's numbers mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// [`Data::Bits`].
    Bool,
    /// [`Data::Numbers`], whole numbers.
    Int,
    /// [`Data::Numbers`], fen.
    Money,
    /// [`Data::Numbers`], microseconds since 1970.
    Time,
    /// [`Data::Floats`].
    Float,
    /// [`Data::Codes`] into the schema's values of the enum, in its order.
    Enum,
    /// [`Data::Codes`] into [`Column::dictionary`], or [`Data::Texts`] where most texts occur once.
    Text,
}

/// One field's values.
#[derive(Clone, Debug)]
pub struct Column {
    pub(super) kind: ColumnKind,
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
    /// Codes of enum values or dictionary entries.
    Codes(Packed),
    /// Whole numbers, fen or microseconds.
    Numbers(Numbers),
    /// As they are.
    Floats(Box<[f64]>),
    /// Texts without a dictionary.
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
    #[must_use]
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
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Which rows have a value; `None` when all have one.
    #[must_use]
    pub fn present(&self) -> Option<&Bitmap> {
        self.present.as_ref()
    }

    /// The values.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Bytes on the heap.
    #[must_use]
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
        let (kind, data): (ColumnKind, fn(usize) -> Data) = match kind {
            FieldType::Bool => (ColumnKind::Bool, |len| Data::Bits(Bitmap::new(&vec![false; len]))),
            FieldType::Int => (ColumnKind::Int, Self::noughts),
            FieldType::Money => (ColumnKind::Money, Self::noughts),
            FieldType::Time => (ColumnKind::Time, Self::noughts),
            FieldType::Float => (ColumnKind::Float, |len| Data::Floats(vec![0.0; len].into())),
            FieldType::Enum(_) => (ColumnKind::Enum, |len| Data::Codes(Packed::new(std::iter::repeat_n(0, len)))),
            FieldType::Text => (ColumnKind::Text, |len| Data::Codes(Packed::new(std::iter::repeat_n(0, len)))),
        };
        let segment = |start: usize| {
            let len = SEGMENT.min(rows - start);
            Segment { len, present: Some(Bitmap::new(&vec![false; len])), data: data(len) }
        };
        let segments = (0..rows).step_by(SEGMENT).map(segment).collect();
        Self { kind, segments, names: Vec::new(), dictionary: Dictionary::default() }
    }

    fn noughts(len: usize) -> Data {
        Data::Numbers(Numbers::new(&vec![0; len]))
    }

    /// The values of an enum in the schema's order; empty for every other column.
    #[must_use]
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// What the numbers mean.
    #[must_use]
    pub fn kind(&self) -> ColumnKind {
        self.kind
    }

    /// The rows in runs of [`SEGMENT`].
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The distinct texts of a dictionary-coded text column; empty for every other.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// How many bytes the longest text can have; 0 for columns of anything but free text.
    #[must_use]
    pub fn longest_text(&self) -> usize {
        let blocks = self.segments.iter().filter_map(|segment| match &segment.data {
            Data::Texts(texts) => Some(texts.longest()),
            _ => None,
        });
        blocks.chain([self.dictionary.longest()]).max().unwrap_or(0)
    }

    /// The value of a row; missing past the end.
    #[must_use]
    pub fn value(&self, row: usize) -> Value {
        let at = row % SEGMENT;
        let Some(segment) = self.segments.get(row / SEGMENT).filter(|segment| at < segment.len) else { return Value::Missing };
        if segment.present.as_ref().is_some_and(|present| !present.get(at)) {
            return Value::Missing;
        }
        match &segment.data {
            Data::Bits(bits) => Value::Bool(bits.get(at)),
            Data::Codes(codes) => self.coded(codes.get(at)),
            Data::Numbers(numbers) => self.number(numbers.get(at)),
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
            ColumnKind::Enum => self.names.get(code).cloned().map_or(Value::Missing, Value::Text),
            _ => Value::Text(self.dictionary.get(code)),
        }
    }

    fn number(&self, number: i64) -> Value {
        match self.kind {
            ColumnKind::Money => Value::Money(Fen(number)),
            ColumnKind::Time => Timestamp::from_micros(number).map_or(Value::Missing, Value::Time),
            _ => Value::Int(number),
        }
    }

    /// Bytes on the heap.
    #[must_use]
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
