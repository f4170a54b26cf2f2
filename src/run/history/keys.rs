//! Values as numbers: equal ones have the same, over several tables one after the other.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use countersign_core::model::{FieldIndex, FieldType, Value};
use countersign_requests::Table;
use countersign_requests::table::{Column, Data, Segment};

/// The code of a value that is missing.
pub(super) const NO_CODE: u32 = u32::MAX;

/// A code for every row.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    pub(super) codes: Vec<u32>,
    /// Codes run from 0 up to this.
    pub(super) count: u32,
}

/// Gives numbers to values as they come.
struct Numbering<T> {
    known: HashMap<T, u32>,
}

impl<T: std::hash::Hash + Eq> Numbering<T> {
    fn new() -> Self {
        Self { known: HashMap::new() }
    }

    fn code(&mut self, value: T) -> u32 {
        // There are fewer rows than numbers.
        let next = u32::try_from(self.known.len()).unwrap_or(NO_CODE);
        match self.known.entry(value) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => *free.insert(next),
        }
    }
}

/// The codes of a field's values in tables of one schema.
pub(super) fn codes(tables: &[&Table], field: FieldIndex) -> Codes {
    let rows = tables.iter().map(|table| table.len()).sum();
    let mut codes = Vec::with_capacity(rows);
    let mut numbers = Numbering::<i64>::new();
    let mut texts = Numbering::<Box<str>>::new();
    for table in tables {
        let Some(column) = table.column(field) else { continue };
        // Of a text once for each distinct one, where the column has a dictionary.
        let mut of_dictionary = vec![NO_CODE; column.dictionary().len()];
        for segment in column.segments() {
            let is_there = |at: usize| segment.present().is_none_or(|present| present.get(at));
            let mut text = String::new();
            for at in 0..segment.len() {
                let code = match (segment.data(), is_there(at)) {
                    (_, false) => NO_CODE,
                    (Data::Bits(bits), _) => numbers.code(i64::from(bits.get(at))),
                    (Data::Numbers(held), _) => numbers.code(held.get(at)),
                    (Data::Floats(held), _) => numbers.code(held.get(at).map_or(0, |number| ordered(*number))),
                    (Data::Codes(held), _) => {
                        let code = usize::try_from(held.get(at)).unwrap_or(usize::MAX);
                        match of_dictionary.get_mut(code).filter(|_| column.kind() == FieldType::Text) {
                            None => numbers.code(i64::try_from(code).unwrap_or(i64::MAX)),
                            Some(known) => {
                                if *known == NO_CODE {
                                    *known = texts.code(column.dictionary().get(code).as_ref().into());
                                }
                                *known
                            }
                        }
                    }
                    (Data::Texts(held), _) => {
                        text.clear();
                        held.read(at, &mut text);
                        texts.code(text.as_str().into())
                    }
                };
                codes.push(code);
            }
        }
    }
    let count = numbers.known.len().max(texts.known.len());
    Codes { codes, count: u32::try_from(count).unwrap_or(NO_CODE) }
}

impl Codes {
    /// Codes of pairs: a row without one of the two has none.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut pairs = Numbering::<u64>::new();
        let both = self.codes.iter().zip(&other.codes);
        let codes = both.map(|(one, other)| {
            if *one == NO_CODE || *other == NO_CODE { NO_CODE } else { pairs.code(u64::from(*one) << 32 | u64::from(*other)) }
        });
        let codes = codes.collect();
        Self { codes, count: u32::try_from(pairs.known.len()).unwrap_or(NO_CODE) }
    }
}

/// A whole number in the order of the numbers, for which both zeros are one.
pub(super) fn ordered(number: f64) -> i64 {
    let bits = (number + 0.0).to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The number of [`ordered`].
pub(super) fn number_of(ordered: i64) -> f64 {
    f64::from_bits((ordered ^ ((ordered >> 63).cast_unsigned() >> 1).cast_signed()).cast_unsigned())
}

/// The numbers of a column of numbers, amounts, times or fractions ([`ordered`]), and which rows have one.
pub(super) fn numbers(tables: &[&Table], field: FieldIndex) -> (Vec<i64>, Vec<bool>) {
    let rows = tables.iter().map(|table| table.len()).sum();
    let (mut numbers, mut present) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    each(tables, field, |segment| match segment.data() {
        Data::Numbers(held) => numbers.extend((0..segment.len()).map(|at| held.get(at))),
        Data::Floats(held) => numbers.extend(held.iter().map(|number| ordered(*number))),
        Data::Bits(_) | Data::Codes(_) | Data::Texts(_) => numbers.resize(numbers.len() + segment.len(), 0),
    });
    each(tables, field, |segment| present_rows(segment, &mut present));
    (numbers, present)
}

/// Which rows have a value.
pub(super) fn present(tables: &[&Table], field: FieldIndex) -> Vec<bool> {
    let mut present = Vec::new();
    each(tables, field, |segment| present_rows(segment, &mut present));
    present
}

fn present_rows(segment: &Segment, into: &mut Vec<bool>) {
    match segment.present() {
        None => into.resize(into.len() + segment.len(), true),
        Some(present) => into.extend((0..segment.len()).map(|at| present.get(at))),
    }
}

fn each(tables: &[&Table], field: FieldIndex, mut look: impl FnMut(&Segment)) {
    tables.iter().filter_map(|table| table.column(field)).flat_map(Column::segments).for_each(&mut look);
}

/// The value of a row over several tables.
pub(super) fn value(tables: &[&Table], field: FieldIndex, mut row: usize) -> Value {
    for table in tables {
        match row.checked_sub(table.len()) {
            None => return table.value(row, field),
            Some(rest) => row = rest,
        }
    }
    Value::Missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_keep_their_order_as_whole_numbers() {
        let sorted = [f64::MIN, -1.5, -f64::MIN_POSITIVE, 0.0, f64::MIN_POSITIVE, 0.5, 1e300, f64::MAX];
        assert!(sorted.is_sorted_by(|one, next| ordered(*one) < ordered(*next)));
        assert_eq!(ordered(-0.0), ordered(0.0));
        for number in sorted {
            assert_eq!(number_of(ordered(number)).to_bits(), number.to_bits());
        }
    }
}
