//! A set of a table's rows: one bit a row.

/// Some of the rows of a table of known length; cheap to count, to cut and to walk through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
    rows: usize,
}

impl RowSet {
    /// None of `rows` rows.
    pub fn none(rows: usize) -> Self {
        Self { words: vec![0; rows.div_ceil(64)], rows }
    }

    /// All of `rows` rows.
    pub fn all(rows: usize) -> Self {
        Self::from_words(vec![u64::MAX; rows.div_ceil(64)], rows)
    }

    /// From sixty-four rows a word, the first in the lowest bit; bits past the last row are dropped.
    pub(crate) fn from_words(mut words: Vec<u64>, rows: usize) -> Self {
        words.resize(rows.div_ceil(64), 0);
        if let (Some(last), 1..) = (words.last_mut(), rows % 64) {
            *last &= (1 << (rows % 64)) - 1;
        }
        Self { words, rows }
    }

    /// The rows of `0..rows` for which `wanted` says so.
    pub fn of(rows: usize, mut wanted: impl FnMut(usize) -> bool) -> Self {
        let word = |start: usize| (start..rows.min(start + 64)).fold(0, |word, row| word | (u64::from(wanted(row)) << (row % 64)));
        Self { words: (0..rows).step_by(64).map(word).collect(), rows }
    }

    /// Adds a row; a row outside the table is left out.
    pub fn insert(&mut self, row: usize) {
        if let Some(word) = self.words.get_mut(row / 64).filter(|_| row < self.rows) {
            *word |= 1 << (row % 64);
        }
    }

    /// Whether a row belongs to it.
    pub fn contains(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| (word >> (row % 64)) & 1 == 1)
    }

    /// How many rows belong to it.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no row belongs to it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub fn table_len(&self) -> usize {
        self.rows
    }

    /// Sixty-four rows a word, the first row in the lowest bit.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Its rows in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| Ones(*word).map(move |bit| at * 64 + bit))
    }

    /// The rows that both have.
    pub fn and(&self, other: &Self) -> Self {
        self.with(other, |one, other| one & other)
    }

    /// The rows that either has.
    pub fn or(&self, other: &Self) -> Self {
        self.with(other, |one, other| one | other)
    }

    /// Its rows but for those of `other`.
    pub fn without(&self, other: &Self) -> Self {
        self.with(other, |one, other| one & !other)
    }

    fn with(&self, other: &Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let others = other.words.iter().copied().chain(std::iter::repeat(0));
        Self { words: self.words.iter().zip(others).map(|(one, other)| join(*one, other)).collect(), rows: self.rows }
    }
}

/// The places of the ones of a word, lowest first.
#[derive(Clone, Debug)]
pub(crate) struct Ones(pub(crate) u64);

impl Iterator for Ones {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let at = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_cut_and_walked_through_over_word_borders() {
        let threes = RowSet::of(200, |row| row % 3 == 0);
        let fives = RowSet::of(200, |row| row % 5 == 0);
        assert_eq!(threes.iter().collect::<Vec<_>>(), (0..200).step_by(3).collect::<Vec<_>>());
        assert_eq!(threes.and(&fives), RowSet::of(200, |row| row % 15 == 0));
        assert_eq!(threes.or(&fives).count(), 67 + 40 - 14);
        assert_eq!(threes.without(&fives).count(), 67 - 14);
        assert_eq!(RowSet::all(130).count(), 130);
        let mut none = RowSet::none(130);
        none.insert(130);
        assert!(none.is_empty() && !none.contains(500));
        none.insert(129);
        assert!(none.contains(129) && none.count() == 1);
    }
}
