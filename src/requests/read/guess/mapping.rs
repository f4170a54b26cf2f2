//! Which column seems to be which field of a schema.

use std::collections::{BTreeMap, BTreeSet};

use super::{column, missing, plain};
use crate::mapping::{FieldMapping, FieldSource, Mapping};
use crate::read::{FieldReader, FirstRows, RawValue};
use countersign_core::model::{Field, FieldName, FieldType, Schema, Zone};

/// A name that is less alike is not taken for the field's.
const ALIKE: u32 = 30;

/// A mapping for the file: every field has the column that seems to be its own, other columns are left out.
pub fn propose(schema: &Schema, first: &FirstRows) -> Mapping {
    let targets = targets(schema, first);
    let mut mapping = Mapping { delimiter: first.delimiter.filter(|delimiter| *delimiter != ','), ..Mapping::default() };
    let mut words = BTreeSet::new();
    for (at, column) in first.columns.iter().enumerate() {
        let Some((name, field)) = targets.get(&at) else {
            mapping.ignore.push(column.clone());
            continue;
        };
        words.extend(missing(first.column(at)));
        let source = if name == column { FieldSource::OwnName } else { FieldSource::Column(column.clone()) };
        let field = FieldMapping { source, ..how(field, column, first.column(at)) };
        if let Ok(name) = FieldName::new(name)
            && field != FieldMapping::default()
        {
            mapping.fields.insert(name, field);
        }
    }
    mapping.missing = words.into_iter().collect();
    mapping
}

/// The field of every column that seems to be one.
fn targets<'a>(schema: &'a Schema, first: &FirstRows) -> BTreeMap<usize, (String, &'a Field)> {
    let fields: Vec<(String, &Field)> = schema.fields().map(|(_, name, field)| (name, field)).collect();
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for (at, column) in first.columns.iter().enumerate() {
        for (of, (name, field)) in fields.iter().enumerate() {
            let alike = alike(column, name, field);
            let counts = alike >= ALIKE && (alike >= 95 || fits(field, column, first, at));
            pairs.extend(counts.then_some((alike, at, of)));
        }
    }
    pairs.sort_by_key(|(alike, at, of)| (std::cmp::Reverse(*alike), *at, *of));
    let (mut taken, mut targets) = (BTreeSet::new(), BTreeMap::new());
    for (_, at, of) in pairs {
        if !targets.contains_key(&at) && taken.insert(of) {
            targets.insert(at, of);
        }
    }
    by_type(&fields, first, &mut taken, &mut targets);
    let field = |of: usize| fields.get(of).cloned();
    targets.into_iter().filter_map(|(at, of)| Some((at, field(of)?))).collect()
}

/// A required time or amount without a column gets the only column of that type that is left.
fn by_type(fields: &[(String, &Field)], first: &FirstRows, taken: &mut BTreeSet<usize>, targets: &mut BTreeMap<usize, usize>) {
    for kind in [FieldType::Time, FieldType::Money] {
        let is_open = |(of, (_, field)): &(usize, &(String, &Field))| !taken.contains(of) && !field.optional && field.kind == kind;
        let mut open = fields.iter().enumerate().filter(is_open).map(|(of, _)| of);
        let is_left = |(at, name): &(usize, &String)| !targets.contains_key(at) && column(name, first.column(*at)).kind == kind;
        let mut left = first.columns.iter().enumerate().filter(is_left).map(|(at, _)| at);
        if let (Some(of), None, Some(at), None) = (open.next(), open.next(), left.next(), left.next()) {
            drop((open, left));
            taken.insert(of);
            targets.insert(at, of);
        }
    }
}

/// How alike the names of a column and a field are, from 0 to 100.
fn alike(column: &str, name: &str, field: &Field) -> u32 {
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    let (column_key, full, own) = (plain(column), plain(name), plain(last));
    let (en, zh) = (plain(&field.text.en), plain(&field.text.zh));
    let long = |text: &str, at_least: usize| text.chars().count() >= at_least;
    let is_part = |text: &str, part: &str, at_least: usize| long(part, at_least) && text.contains(part);
    if column == name {
        100
    } else if column_key == full {
        95
    } else if column_key == own || (!column_key.is_empty() && (column_key == en || column_key == zh)) {
        85
    } else if is_part(&column_key, &own, 4) {
        60
    } else if is_part(&own, &column_key, 4) {
        50
    } else if is_part(&zh, &column_key, 2) || is_part(&column_key, &zh, 2) {
        45
    } else if countersign_core::diagnostic::nearest(&column_key, std::iter::once(own.as_str())).is_some() && long(&own, 4) {
        40
    } else if is_part(&en, &column_key, 4) {
        ALIKE
    } else {
        0
    }
}

/// Whether nearly all cells read as values of the field.
fn fits(field: &Field, name: &str, first: &FirstRows, at: usize) -> bool {
    let how = how(field, name, first.column(at));
    let none = missing(first.column(at));
    let rule = FieldReader::new(field, Some(&how), &[], Zone::default());
    let (mut read, mut all) = (0_u64, 0_u64);
    for cell in first.column(at).filter(|cell| !cell.is_empty() && !none.contains(*cell)) {
        all += 1;
        read += u64::from(rule.try_read(Some(RawValue::Text(cell))).is_ok());
    }
    read * 10 >= all * 9
}

/// How the cells of a column are read as a field, without where they come from.
pub fn how<'a>(field: &Field, name: &str, cells: impl Iterator<Item = &'a str>) -> FieldMapping {
    let cells: Vec<&str> = cells.collect();
    let guess = column(name, cells.iter().copied());
    let empty = FieldMapping::default();
    match &field.kind {
        FieldType::Bool => match guess.how.words {
            Some(words) => FieldMapping { words: Some(words), ..empty },
            None => zeros_and_ones(&cells),
        },
        FieldType::Money => FieldMapping { money: guess.how.money, ..empty },
        FieldType::Time => FieldMapping { time: guess.how.time, ..empty },
        FieldType::Enum(known) => {
            let mut values = BTreeMap::new();
            for cell in cells.iter().filter(|cell| !cell.is_empty() && !known.contains(cell)) {
                let meant = known.values.iter().find(|(value, text)| {
                    let cell = plain(cell);
                    !cell.is_empty() && (plain(value) == cell || plain(&text.en) == cell || plain(&text.zh) == cell)
                });
                if let Some((value, _)) = meant {
                    values.insert((*cell).to_owned(), value.clone());
                }
            }
            FieldMapping { values, ..empty }
        }
        _ => empty,
    }
}

/// A truth value may be written `1` and `0`.
pub(super) fn zeros_and_ones(cells: &[&str]) -> FieldMapping {
    let some: BTreeSet<&str> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
    let is_so = !some.is_empty() && some.iter().all(|cell| matches!(*cell, "0" | "1"));
    let words = crate::mapping::BoolWords { yes: vec!["1".to_owned()], no: vec!["0".to_owned()] };
    FieldMapping { words: is_so.then_some(words), ..FieldMapping::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::{MoneyUnit, TimeFormat};
    use crate::table::tests::every_type;

    #[test]
    fn columns_find_their_fields_by_name_type_and_words() {
        let schema = every_type();
        let columns = ["Text", "cnt", "a.money", "when", "COLOUR", "flag", "remark"].map(str::to_owned).to_vec();
        let row = ["k1", "1", "CNY5.00", "2014/03/24 08:00:00", "RED", "1", "-"].map(str::to_owned).to_vec();
        let first = FirstRows { columns, rows: vec![row], delimiter: Some(';'), ..FirstRows::default() };
        let mapping = propose(&schema, &first);
        let of = |name: &str| mapping.fields.get(name).cloned().unwrap_or_default();
        assert_eq!(mapping.delimiter, Some(';'));
        assert_eq!(of("a.text").source, FieldSource::Column("Text".to_owned()));
        assert_eq!(of("a.money").money, Some(MoneyUnit::Cny));
        assert_eq!(of("a.time").source, FieldSource::Column("when".to_owned()), "the only time that is left");
        assert_eq!(of("a.time").time, Some(TimeFormat::Pattern("%Y/%m/%d %H:%M:%S".to_owned())));
        assert_eq!(of("a.colour").values.get("RED").map(String::as_str), Some("red"));
        assert_eq!(of("a.flag").words.map(|words| words.yes), Some(vec!["1".to_owned()]));
        assert!(mapping.ignore.contains(&"remark".to_owned()), "{:?}", mapping.ignore);
        assert!(mapping.check(&schema, None).is_empty());
    }
}
