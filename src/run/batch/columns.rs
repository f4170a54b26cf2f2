//! A column's batch as a lane: whole numbers and codes in the narrowest unsigned integers that hold them.

use super::bits::{ALL, BATCH, Bits, NONE, WORDS, test, without};
use countersign_core::model::FieldIndex;
use countersign_core::plan::CompareOp;
use countersign_requests::Table;
use countersign_requests::table::{Column, Data, SEGMENT, Segment};

#[derive(Clone, Debug)]
pub(super) enum CodeLane {
    /// Up to 8 bits.
    U8(Vec<u8>),
    /// Up to 16 bits.
    U16(Vec<u16>),
    /// Up to 32 bits.
    U32(Vec<u32>),
    U64(Vec<u64>),
}

pub(super) trait Code: Copy {
    fn wide(self) -> u64;
}

macro_rules! code {
    ($($width:ty),*) => {
        $(impl Code for $width {
            #[inline]
            #[allow(clippy::cast_lossless, reason = "the same for every width")]
            fn wide(self) -> u64 {
                self as u64
            }
        })*
    };
}
code!(u8, u16, u32, u64);

/// One column being read batch by batch.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    column: Option<&'t Column>,
    batch: usize,
    lane: CodeLane,
    unpacked: bool,
}

/// Runs the same code for every width of lane.
macro_rules! with_lane {
    ($lane:expr, $values:ident => $body:expr) => {
        match $lane {
            $crate::batch::columns::CodeLane::U8($values) => $body,
            $crate::batch::columns::CodeLane::U16($values) => $body,
            $crate::batch::columns::CodeLane::U32($values) => $body,
            $crate::batch::columns::CodeLane::U64($values) => $body,
        }
    };
}
pub(super) use with_lane;

impl<'t> Cursor<'t> {
    pub(super) fn new(table: &'t Table, field: FieldIndex) -> Self {
        Self { column: table.column(field), batch: usize::MAX, lane: CodeLane::U8(Vec::new()), unpacked: false }
    }

    /// The segment that holds a batch, and where the batch starts in it.
    fn place(&self, batch: usize) -> Option<(&'t Segment, usize)> {
        let row = batch * BATCH;
        Some((self.column?.segments().get(row / SEGMENT)?, row % SEGMENT))
    }

    /// The rows without a value, past the last row too; none at all where every row has one.
    pub(super) fn missing(&self, batch: usize) -> Option<Bits> {
        let Some((segment, start)) = self.place(batch) else { return Some(ALL) };
        let present = segment.present()?;
        let mut there = NONE;
        let words = present.words().get(start / 64..).unwrap_or_default();
        for (word, held) in there.iter_mut().zip(words) {
            *word = *held;
        }
        Some(without(&ALL, &there))
    }

    /// The truth values of a column of them.
    pub(super) fn bits(&self, batch: usize) -> Bits {
        let mut made = NONE;
        if let Some((segment, start)) = self.place(batch)
            && let Data::Bits(bits) = segment.data()
        {
            let words = bits.words().get(start / 64..).unwrap_or_default();
            for (word, held) in made.iter_mut().zip(words) {
                *word = *held;
            }
        }
        made
    }

    /// The numbers with a fraction of a column of them, fewer at the table's end.
    pub(super) fn floats(&self, batch: usize) -> &'t [f64] {
        match self.place(batch).map(|(segment, start)| (segment.data(), start)) {
            Some((Data::Floats(floats), start)) => floats.get(start..floats.len().min(start + BATCH)).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The codes of a batch; past the last row their values mean nothing.
    pub(super) fn lane(&mut self, batch: usize) -> &CodeLane {
        if self.batch != batch || !self.unpacked {
            self.batch = batch;
            self.unpacked = true;
            let codes = match self.place(batch).map(|(segment, start)| (segment.data(), start)) {
                Some((Data::Numbers(numbers), start)) => Some((&numbers.codes, start)),
                Some((Data::Codes(codes), start)) => Some((codes, start)),
                _ => None,
            };
            let width = codes.map_or(0, |(codes, _)| codes.width());
            self.lane.fit(width);
            if let Some((codes, start)) = codes {
                with_lane!(&mut self.lane, lane => {
                    codes.unpack(start, lane);
                });
            }
        }
        &self.lane
    }

    /// What the codes of a batch mean as whole numbers: `base + code * scale`.
    pub(super) fn numbers(&self, batch: usize) -> (i64, u64) {
        match self.place(batch).map(|(segment, _)| segment.data()) {
            Some(Data::Numbers(numbers)) => (numbers.base, numbers.scale),
            _ => (0, 1),
        }
    }

    pub(super) fn widen(&mut self, batch: usize, into: &mut Vec<i64>) {
        let (base, scale) = self.numbers(batch);
        into.resize(BATCH, 0);
        with_lane!(self.lane(batch), lane => {
            for (place, code) in into.iter_mut().zip(lane) {
                *place = base.wrapping_add(code.wide().wrapping_mul(scale).cast_signed());
            }
        });
    }

    /// Compares a batch's numbers with one number, in terms of codes.
    pub(super) fn compare(&mut self, batch: usize, how: CompareOp, with: i64) -> Bits {
        let (base, scale) = self.numbers(batch);
        let distance = i128::from(with) - i128::from(base);
        let scale = i128::from(scale.max(1));
        let (quotient, rest) = (distance.div_euclid(scale), distance.rem_euclid(scale));
        let lane = self.lane(batch);
        match how {
            CompareOp::Equal | CompareOp::Same => equal(lane, quotient, rest),
            CompareOp::NotEqual => without(&ALL, &equal(lane, quotient, rest)),
            // Below the first code that is not below.
            CompareOp::Less => below(lane, quotient + i128::from(rest != 0)),
            CompareOp::GreaterOrEqual => without(&ALL, &below(lane, quotient + i128::from(rest != 0))),
            CompareOp::LessOrEqual => below(lane, quotient + 1),
            CompareOp::Greater => without(&ALL, &below(lane, quotient + 1)),
        }
    }

    /// Reads a row's value where no lane helps.
    pub(super) fn column(&self) -> Option<&'t Column> {
        self.column
    }
}

fn equal(lane: &CodeLane, code: i128, rest: i128) -> Bits {
    if rest != 0 {
        return NONE;
    }
    is_code(lane, u64::try_from(code).ok())
}

/// The rows of one code.
pub(super) fn is_code(lane: &CodeLane, code: Option<u64>) -> Bits {
    let Some(code) = code else { return NONE };
    match lane {
        CodeLane::U8(lane) => u8::try_from(code).map_or(NONE, |code| test(lane, |value| value == code)),
        CodeLane::U16(lane) => u16::try_from(code).map_or(NONE, |code| test(lane, |value| value == code)),
        CodeLane::U32(lane) => u32::try_from(code).map_or(NONE, |code| test(lane, |value| value == code)),
        CodeLane::U64(lane) => test(lane, |value| value == code),
    }
}

/// The rows whose code is smaller than a limit.
fn below(lane: &CodeLane, limit: i128) -> Bits {
    if limit <= 0 {
        return NONE;
    }
    match lane {
        CodeLane::U8(lane) => u8::try_from(limit).map_or(ALL, |limit| test(lane, |value| value < limit)),
        CodeLane::U16(lane) => u16::try_from(limit).map_or(ALL, |limit| test(lane, |value| value < limit)),
        CodeLane::U32(lane) => u32::try_from(limit).map_or(ALL, |limit| test(lane, |value| value < limit)),
        CodeLane::U64(lane) => u64::try_from(limit).map_or(ALL, |limit| test(lane, |value| value < limit)),
    }
}

impl CodeLane {
    /// Changes to a lane that holds numbers of so many bits.
    fn fit(&mut self, width: usize) {
        let fits = matches!(
            (&self, width),
            (Self::U8(_), 0..=8) | (Self::U16(_), 9..=16) | (Self::U32(_), 17..=32) | (Self::U64(_), 33..)
        );
        if !fits || with_lane!(self, lane => lane.is_empty()) {
            *self = match width {
                0..=8 => Self::U8(vec![0; BATCH]),
                9..=16 => Self::U16(vec![0; BATCH]),
                17..=32 => Self::U32(vec![0; BATCH]),
                _ => Self::U64(vec![0; BATCH]),
            };
        }
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> usize {
        let code = with_lane!(self, lane => lane.get(row).map_or(0, |code| code.wide()));
        usize::try_from(code).unwrap_or(usize::MAX)
    }
}

const _: () = assert!(SEGMENT.is_multiple_of(BATCH) && WORDS * 64 == BATCH);

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_core::plan::semantics;

    #[test]
    fn numbers_are_compared_as_codes() {
        let samples: [&[i64]; 4] = [
            &[i64::MIN, i64::MAX, 0, -1, 7],
            &[1_395_590_400_000_000, 1_395_590_401_000_000, 1_395_676_800_000_000],
            &[-300, 0, 500_000],
            &[5, 5, 5],
        ];
        let schema = crate::fixture::schema();
        let (field, _) = schema.find("risk.points").unwrap();
        for numbers in samples {
            let rows = numbers.iter().map(|number| {
                let mut request = crate::fixture::requests(&crate::fixture::TEN).request(0);
                request.set(field, countersign_core::model::Value::Int(*number));
                request
            });
            let table = crate::fixture::table(schema.clone(), rows);
            let mut cursor = Cursor::new(&table, field);
            let near = numbers.iter().flat_map(|number| [-1, 0, 1].map(|by| number.saturating_add(by)));
            for with in near.chain([i64::MIN, i64::MAX]) {
                for how in [
                    CompareOp::Equal,
                    CompareOp::NotEqual,
                    CompareOp::Less,
                    CompareOp::LessOrEqual,
                    CompareOp::Greater,
                    CompareOp::GreaterOrEqual,
                ] {
                    let bits = cursor.compare(0, how, with);
                    for (row, number) in numbers.iter().enumerate() {
                        let wanted = semantics::compare(how, number, &with);
                        assert_eq!(super::super::bits::has(&bits, row), wanted, "{number} {how:?} {with}");
                    }
                }
            }
            let mut wide = Vec::new();
            cursor.widen(0, &mut wide);
            assert_eq!(wide.get(..numbers.len()), Some(numbers));
        }
    }
}
