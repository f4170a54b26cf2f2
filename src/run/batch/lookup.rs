//! Nodes that depend on codes alone: evaluated once for each distinct value, then looked up.

use std::sync::Arc;

use super::bind::EvalCell;
use super::bits::{ALL, BATCH, Bits, NONE, WORDS, or, test, without};
use super::columns::{Code, Cursor, is_code, with_lane};
use countersign_core::model::{FieldIndex, FieldType, Value};
use countersign_core::plan::EvalValue;
use countersign_requests::table::{Column, Data, SEGMENT, Segment};

/// How many codes a column has, where every value is one; the next number stands for a missing value.
pub(super) fn domain(column: &Column) -> Option<usize> {
    let coded = column.segments().iter().all(|segment| matches!(segment.data(), Data::Codes(_)));
    match column.kind() {
        FieldType::Enum(()) if coded => Some(column.names().len()),
        FieldType::Text if coded => Some(column.dictionary().len()),
        _ => None,
    }
}

/// The value of a code; missing past the last.
pub(super) fn value(column: &Column, code: usize) -> Value {
    match column.kind() {
        FieldType::Enum(()) => column.names().get(code).cloned().map_or(Value::Missing, Value::Text),
        _ if code < column.dictionary().len() => Value::Text(column.dictionary().get(code)),
        _ => Value::Missing,
    }
}

/// Where a node is true, missing and failed in a batch.
#[derive(Clone, Debug)]
pub(super) struct NodeBits {
    pub(super) truth: Bits,
    pub(super) missing: Option<Bits>,
    pub(super) failed: Option<Bits>,
}

/// A node by the codes of one column or two.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    fields: Vec<FieldIndex>,
    /// How many codes the second column has, missing included; 1 where there is none.
    stride: usize,
    /// By code, and by code times stride plus the second code.
    flags: Vec<u8>,
    numbers: Vec<i64>,
    /// Where one column's truth is that its code is one of few, these; or is none of them.
    few: Option<(Vec<u64>, bool)>,
    has_missing: bool,
    has_failed: bool,
}

const TRUE: u8 = 1;
const MISSING: u8 = 2;
const FAILED: u8 = 4;

/// How many comparisons are cheaper than looking each row up.
const FEW_CODES: usize = 4;

impl Lookup {
    /// By one column; the last cell is that of a missing value.
    pub(super) fn one(field: FieldIndex, cells: &[EvalCell]) -> Self {
        let mut made = Self::new(vec![field], 1, cells);
        let codes = cells.len().saturating_sub(1);
        let flag = |code: &usize, wanted: u8| made.flags.get(*code).is_some_and(|flags| flags & wanted != 0);
        let plain = !(0..codes).any(|code| flag(&code, MISSING | FAILED));
        let of = |truth: bool| (0..codes).filter(|code| flag(code, TRUE) == truth).map(|code| code as u64).collect::<Vec<u64>>();
        let (trues, falses) = (of(true), of(false));
        made.few = if !plain {
            None
        } else if trues.len() <= FEW_CODES.min(falses.len()) {
            Some((trues, true))
        } else if falses.len() <= FEW_CODES {
            Some((falses, false))
        } else {
            None
        };
        made
    }

    /// By two columns, each with so many codes; the code after them is that of a missing value.
    pub(super) fn two(one: (FieldIndex, usize), other: (FieldIndex, usize), cells: &[EvalCell]) -> Self {
        Self::new(vec![one.0, other.0], other.1 + 1, cells)
    }

    fn new(fields: Vec<FieldIndex>, stride: usize, cells: &[EvalCell]) -> Self {
        let flag = |cell: &EvalCell| match cell {
            None | Some(EvalValue::Text) => FAILED,
            Some(EvalValue::Missing) => MISSING,
            Some(EvalValue::Bool(true)) => TRUE,
            Some(_) => 0,
        };
        let number = |cell: &EvalCell| match cell {
            Some(EvalValue::Int(number)) => *number,
            Some(EvalValue::Float(number)) => number.to_bits().cast_signed(),
            _ => 0,
        };
        let flags: Vec<u8> = cells.iter().map(flag).collect();
        let has = |wanted: u8| flags.iter().any(|flag| flag & wanted != 0);
        let (has_missing, has_failed) = (has(MISSING), has(FAILED));
        Self { fields, stride, flags, numbers: cells.iter().map(number).collect(), few: None, has_missing, has_failed }
    }

    /// The truth of every row of a batch.
    pub(super) fn find(&self, cursors: &mut [Cursor<'_>], batch: usize) -> NodeBits {
        if let (Some((codes, among)), [field]) = (&self.few, self.fields.as_slice())
            && let Some(cursor) = cursors.get_mut(field.at())
        {
            return self.find_few(codes, *among, cursor, batch);
        }
        let mut places = [0_u32; BATCH];
        self.places(cursors, batch, &mut places);
        let mut found = [0_u8; BATCH];
        for (flag, place) in found.iter_mut().zip(&places) {
            *flag = self.flags.get(*place as usize).copied().unwrap_or(FAILED);
        }
        NodeBits {
            truth: test(&found, |flag| flag & TRUE != 0),
            missing: self.has_missing.then(|| test(&found, |flag| flag & MISSING != 0)),
            failed: self.has_failed.then(|| test(&found, |flag| flag & FAILED != 0)),
        }
    }

    fn find_few(&self, codes: &[u64], among: bool, cursor: &mut Cursor<'_>, batch: usize) -> NodeBits {
        let missing = cursor.missing(batch);
        let lane = cursor.lane(batch);
        let mut truth = codes.iter().fold(NONE, |truth, code| or(&truth, &is_code(lane, Some(*code))));
        if !among {
            truth = without(&ALL, &truth);
        }
        let Some(absent) = missing else { return NodeBits { truth, missing: None, failed: None } };
        let flags = self.flags.last().copied().unwrap_or(FAILED);
        let truth = if flags & TRUE != 0 { or(&truth, &absent) } else { without(&truth, &absent) };
        let kept = |wanted: u8| (flags & wanted != 0).then_some(absent);
        NodeBits { truth, missing: kept(MISSING), failed: kept(FAILED) }
    }

    /// The number of every row of a batch.
    pub(super) fn numbers(&self, cursors: &mut [Cursor<'_>], batch: usize, into: &mut Vec<i64>) -> NodeBits {
        let mut places = [0_u32; BATCH];
        self.places(cursors, batch, &mut places);
        into.resize(BATCH, 0);
        for (number, place) in into.iter_mut().zip(&places) {
            *number = self.numbers.get(*place as usize).copied().unwrap_or_default();
        }
        self.find(cursors, batch)
    }

    /// Where every row's cell is.
    fn places(&self, cursors: &mut [Cursor<'_>], batch: usize, places: &mut [u32; BATCH]) {
        for (at, field) in self.fields.iter().enumerate() {
            let Some(cursor) = cursors.get_mut(field.at()) else { continue };
            let weight = if at == 0 { self.stride } else { 1 };
            let absent = if at == 0 { self.flags.len() / self.stride.max(1) } else { self.stride }.saturating_sub(1);
            let (weight, absent) = (u32::try_from(weight).unwrap_or(0), u32::try_from(absent).unwrap_or(0));
            let missing = cursor.missing(batch);
            with_lane!(cursor.lane(batch), lane => {
                for (place, code) in places.iter_mut().zip(lane) {
                    *place = place.wrapping_add(narrow(code.wide()).wrapping_mul(weight));
                }
            });
            let Some(missing) = missing else { continue };
            for row in super::bits::rows(&missing) {
                let code = u32::try_from(cursor.lane(batch).get(row)).unwrap_or(0);
                if let Some(place) = places.get_mut(row) {
                    *place = place.wrapping_sub(code.wrapping_mul(weight)).wrapping_add(absent * weight);
                }
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "codes of columns with few of them")]
fn narrow(code: u64) -> u32 {
    code as u32
}

/// Whether a column's value is one of some texts, found beforehand.
#[derive(Debug)]
pub(super) struct Coded {
    pub(super) field: FieldIndex,
    pub(super) rows: TextMatches,
    /// The node's value where the column's is missing.
    pub(super) missing: EvalCell,
    /// Whether the value must be none of them.
    pub(super) negated: bool,
}

/// Where some texts occur in a column.
#[derive(Debug)]
pub(super) enum TextMatches {
    /// Their codes, where they are few.
    Few(Vec<u64>),
    /// Their codes: a bit a code.
    Codes(Vec<u64>),
    /// Their rows, in a column without codes: a bit a row.
    Rows(Vec<u64>),
}

/// How many parts of a column of texts can be searched, each by itself.
pub(super) fn parts(column: &Column) -> usize {
    match (domain(column), column.kind()) {
        (Some(_), FieldType::Enum(())) => 1,
        (Some(_), _) => column.dictionary().parts(),
        (None, _) => column.segments().len(),
    }
}

/// Finds texts, which are sorted, in a part of a column of them: their codes, or their rows in a column without codes.
pub(super) fn find_in(column: &Column, part: usize, texts: &[Arc<str>]) -> Vec<usize> {
    let mut found = Vec::new();
    match (domain(column), column.kind(), column.segments().get(part)) {
        (Some(_), FieldType::Enum(()), _) => {
            let named = column.names().iter().enumerate().filter(|(_, name)| texts.iter().any(|text| **text == ***name));
            found.extend(named.map(|(code, _)| code));
        }
        (Some(_), ..) => column.dictionary().find_in(part, texts, &mut |code| found.push(code)),
        (None, _, Some(segment)) => match segment.data() {
            Data::Texts(block) => block.find_all(texts, &mut |at| found.push(part * SEGMENT + at)),
            Data::Codes(codes) => {
                let mut wanted = std::collections::BTreeSet::new();
                column.dictionary().find_all(texts, &mut |code| {
                    wanted.insert(code as u64);
                });
                let hits = codes.iter().enumerate().filter(|(_, code)| wanted.contains(code));
                found.extend(hits.map(|(at, _)| part * SEGMENT + at));
            }
            _ => {}
        },
        (None, _, None) => {}
    }
    found
}

impl TextMatches {
    /// From what [`find_in`] found in all parts of a column.
    pub(super) fn new(column: &Column, found: &[usize]) -> Self {
        let bits = |len: usize| {
            let mut words = vec![0_u64; len.div_ceil(64)];
            for at in found {
                words.get_mut(at / 64).into_iter().for_each(|word| *word |= 1 << (at % 64));
            }
            words
        };
        match domain(column) {
            Some(_) if found.len() <= FEW_CODES => Self::Few(found.iter().map(|code| *code as u64).collect()),
            Some(codes) => Self::Codes(bits(codes)),
            None => Self::Rows(bits(column.segments().iter().map(Segment::len).sum())),
        }
    }
}

impl Coded {
    /// The truth of every row of a batch.
    pub(super) fn find(&self, cursors: &mut [Cursor<'_>], batch: usize) -> NodeBits {
        let Some(cursor) = cursors.get_mut(self.field.at()) else {
            return NodeBits { truth: NONE, missing: None, failed: Some(ALL) };
        };
        let absent = cursor.missing(batch);
        let mut truth = match &self.rows {
            TextMatches::Rows(words) => {
                let mut bits = NONE;
                let words = words.get(batch * WORDS..).unwrap_or_default();
                for (bit, word) in bits.iter_mut().zip(words) {
                    *bit = *word;
                }
                bits
            }
            TextMatches::Few(codes) if codes.is_empty() => NONE,
            TextMatches::Few(codes) => {
                let lane = cursor.lane(batch);
                codes.iter().fold(NONE, |truth, code| or(&truth, &is_code(lane, Some(*code))))
            }
            TextMatches::Codes(words) => {
                let has = |code: u64| {
                    let word = usize::try_from(code / 64).ok().and_then(|at| words.get(at));
                    word.is_some_and(|word| (word >> (code % 64)) & 1 == 1)
                };
                with_lane!(cursor.lane(batch), lane => test(lane, |code| has(code.wide())))
            }
        };
        if self.negated {
            truth = without(&ALL, &truth);
        }
        let Some(absent) = absent else { return NodeBits { truth, missing: None, failed: None } };
        match self.missing {
            Some(EvalValue::Bool(true)) => NodeBits { truth: or(&truth, &absent), missing: None, failed: None },
            Some(EvalValue::Missing) => NodeBits { truth: without(&truth, &absent), missing: Some(absent), failed: None },
            Some(_) => NodeBits { truth: without(&truth, &absent), missing: None, failed: None },
            None => NodeBits { truth: without(&truth, &absent), missing: None, failed: Some(absent) },
        }
    }
}
