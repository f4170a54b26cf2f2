//! Keys that occur more than once.
//!
//! Keys are compared by 128 bits of a keyed hash: among a thousand million keys two different ones are taken for the same
//! once in 10^20 files.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::io;

use crate::external_sort::SortedPairs;
use crate::kinds::DUPLICATE_REQUEST;
use crate::problem::shorten;
use crate::table::{CellData, Cells};
use countersign_core::diagnostic::{Finding, Severity};
use countersign_core::text::LocalText;

/// How many keys are shown, and how many rows of each.
const SHOWN: usize = 5;

/// Two hashers that know nothing of each other.
#[derive(Debug, Default)]
pub(super) struct KeyHashers(RandomState, RandomState);

impl KeyHashers {
    fn hash(&self, value: impl Hash) -> u128 {
        u128::from(self.0.hash_one(&value)) << 64 | u128::from(self.1.hash_one(&value))
    }

    /// A hash of every key in a batch.
    pub(super) fn hashes(&self, keys: &Cells) -> Vec<u128> {
        match (&keys.data, keys.texts()) {
            (_, Some(texts)) => texts.iter().map(|text| self.hash(text)).collect(),
            (CellData::Numbers(numbers), _) => numbers.iter().map(|number| self.hash(number)).collect(),
            _ => Vec::new(),
        }
    }
}

/// Keys that occur more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Distinct keys that do.
    pub keys: u64,
    /// Rows beyond the first of their key.
    pub rows: u64,
    /// The first rows, among the file's from 1, of the keys that are seen twice first; by their first row.
    first: BTreeMap<u64, Vec<u64>>,
}

impl Repeats {
    /// From hashes of keys with their rows, in order.
    pub(super) fn of(sorted: SortedPairs) -> io::Result<Self> {
        let mut repeats = Self::default();
        let (mut key, mut count, mut rows) = (0, 0, Vec::new());
        for pair in sorted {
            let (hash, row) = pair?;
            if hash != key || count == 0 {
                repeats.add(count, &rows);
                (key, count) = (hash, 0);
                rows.clear();
            }
            count += 1;
            if rows.len() < SHOWN {
                rows.push(row);
            }
        }
        repeats.add(count, &rows);
        Ok(repeats)
    }

    /// Adds a key that occurs in so many rows.
    fn add(&mut self, count: u64, rows: &[u64]) {
        let (2.., Some(first)) = (count, rows.first()) else { return };
        self.keys += 1;
        self.rows += count - 1;
        self.first.insert(*first, rows.to_vec());
        if self.first.len() > SHOWN {
            self.first.pop_last();
        }
    }

    /// A finding about them, or none; `key` is the key in a row of the file, where it is still at
    /// hand; `row_text` is what people call the row.
    pub(super) fn report(
        &self,
        (file, field): (&str, &str),
        key: impl Fn(u64) -> Option<String>,
        row_text: impl Fn(u64) -> String,
        severity: Severity,
    ) -> Option<Finding> {
        let extra = self.rows;
        let message = LocalText::new(
            format!("`{file}`: {extra} rows repeat a `{field}` that another row has; all are kept"),
            format!("`{file}`：{extra} 条记录的 `{field}` 与其他记录重复；全部保留"),
        );
        let finding = (extra > 0).then(|| Finding::new(DUPLICATE_REQUEST, None, message).with_severity(severity))?;
        let note = |(first, rows): (&u64, &Vec<u64>)| {
            let rows = rows.iter().map(|row| row_text(*row)).collect::<Vec<_>>().join(", ");
            match key(*first).map(|key| shorten(&key)) {
                Some(key) => {
                    LocalText::new(format!("`{key}` in rows {rows} of `{file}`"), format!("`{key}` 见 `{file}` 第 {rows} 条记录"))
                }
                None => LocalText::new(
                    format!("rows {rows} of `{file}` have the same `{field}`"),
                    format!("`{file}` 第 {rows} 条记录的 `{field}` 相同"),
                ),
            }
        };
        Some(self.first.iter().map(note).fold(finding, |finding, note| finding.with_note(None, note)))
    }
}

/// The row of the table, from 0, of a row of the file, from 1; `bad` are the file's rows that are not in the table, ascending.
pub(super) fn table_row(row: u64, bad: &[u64]) -> usize {
    let before = bad.partition_point(|bad| *bad < row);
    usize::try_from(row).unwrap_or(usize::MAX).saturating_sub(before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_file_are_found_in_the_table() {
        assert_eq!([1, 2, 3].map(|row| table_row(row, &[])), [0, 1, 2]);
        assert_eq!([2, 5, 6].map(|row| table_row(row, &[1, 3, 4])), [0, 1, 2]);
    }
}
