//! Keys that occur more than once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diagnostic::{Finding, Severity};
use crate::requests::problem::shorten;
use crate::requests::table::{CellData, Cells, Table};
use crate::text::LocalText;

/// How many keys are shown.
const SHOWN: usize = 5;

/// A hash of every key in a batch.
pub(super) fn hashes(keys: &Cells) -> Vec<u64> {
    fn hash(value: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    }
    match (&keys.data, keys.texts()) {
        (_, Some(texts)) => texts.iter().map(hash).collect(),
        (CellData::Numbers(numbers), _) => numbers.iter().map(hash).collect(),
        _ => Vec::new(),
    }
}

/// A finding about keys that occur more than once, or none. `bad` are the file's rows that are not in the table, ascending.
pub(super) fn report(file: &str, table: &Table, hashes: &[u64], bad: &[u64], severity: Severity) -> Option<Finding> {
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    let mut twice: Vec<u64> =
        sorted.windows(2).filter(|pair| pair.first() == pair.last()).filter_map(|pair| pair.first().copied()).collect();
    twice.dedup();
    if twice.is_empty() {
        return None;
    }
    let mut rows: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (row, hash) in hashes.iter().enumerate() {
        if twice.binary_search(hash).is_ok() {
            rows.entry(table.key(row)).or_default().push(row);
        }
    }
    rows.retain(|_, rows| rows.len() > 1);
    let extra: usize = rows.values().map(|rows| rows.len() - 1).sum();
    let mut first: Vec<(&String, &Vec<usize>)> = rows.iter().collect();
    first.sort_by_key(|(_, rows)| rows.first().copied());
    if first.is_empty() {
        return None;
    }
    let name = table.schema().roles.key.as_str();
    let message = LocalText::new(
        format!("`{file}`: {extra} rows repeat a `{name}` that another row has; all are kept"),
        format!("`{file}`：{extra} 条记录的 `{name}` 与其他记录重复；全部保留"),
    );
    let finding = Finding::new("duplicate-request", severity, None, message);
    let numbers =
        |rows: &[usize]| rows.iter().take(SHOWN).map(|row| file_row(*row, bad).to_string()).collect::<Vec<_>>().join(", ");
    Some(first.into_iter().take(SHOWN).fold(finding, |finding, (key, rows)| {
        let (key, rows) = (shorten(key), numbers(rows));
        finding.with_note(None, LocalText::new(format!("`{key}` in rows {rows}"), format!("`{key}` 见第 {rows} 条记录")))
    }))
}

/// The number among the file's rows, from 1, of a row of the table.
fn file_row(row: usize, bad: &[u64]) -> u64 {
    let mut number = row as u64 + 1;
    for rejected in bad {
        if *rejected > number {
            break;
        }
        number += 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_in_the_file() {
        assert_eq!([0, 1, 2].map(|row| file_row(row, &[])), [1, 2, 3]);
        assert_eq!([0, 1, 2].map(|row| file_row(row, &[1, 3, 4])), [2, 5, 6]);
    }
}
