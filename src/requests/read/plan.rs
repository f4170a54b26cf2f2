//! Which column of a file feeds which field: the mapping and the schema brought together with the columns a file has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexSet;

use super::ReadOptions;
use super::advice::Advice;
use super::aside::AsideFacts;
use super::collector::FileFault;
use super::column_notes::ColumnLabel;
use super::convert::{BadCell, BatchNotes, convert};
use super::duplicates::KeyHashers;
use super::field_reader::FieldReader;
use super::given::RawValue;
use super::grid::GridColumn;
use super::pipeline::ConvertedBatch;
use super::plan_findings::{absent_column, ignored_column, joined_folder, missing_column, twice, unknown_columns};
use super::typed_column::TypedColumn;
use crate::mapping::{FieldSource, Mapping};
use crate::problem::shorten;
use crate::table::Cells;
use countersign_core::diagnostic::Finding;
use countersign_core::model::{FieldName, Schema};
use countersign_core::text::normalized;

#[derive(Debug)]
pub(super) struct ReadPlan {
    /// Positions in the file of the columns that are needed, ascending.
    pub(super) used: Vec<usize>,
    /// Positions of columns that may only be empty, and what is wrong with the file where they are not.
    pub(super) empty: Vec<(usize, FileFault)>,
    /// One a field, in the schema's order.
    pub(super) fields: Vec<FieldSourcePlan>,
    /// The key's field; none where it is the row's number, which is never the same twice.
    pub(super) key: Option<usize>,
    /// The fields of the label and the amount.
    outcome: [Option<usize>; 2],
    pub(super) hashers: Arc<KeyHashers>,
    /// What is worth knowing about the columns.
    pub(super) findings: Vec<Finding>,
}

#[derive(Debug)]
pub(super) struct FieldSourcePlan {
    pub(super) rule: FieldReader,
    pub(super) advice: Advice,
    pub(super) place: FieldOrigin,
    /// The column's name for people; joined ones with `+`.
    pub(super) label: String,
    /// Whether its values identify a person; the key identifies the request and is not personal.
    pub(super) personal: bool,
    /// Whether the mapping names the zone of its times.
    pub(super) has_own_zone: bool,
}

/// Where the text of a field comes from; columns by their position in [`ReadPlan::used`].
#[derive(Debug)]
pub(super) enum FieldOrigin {
    Column(usize),
    Join(Vec<usize>, String),
    Constant(String),
    /// Filled in when the rows before are counted.
    RowNumber,
    Absent,
}

impl FieldOrigin {
    pub(super) fn columns(&self) -> &[usize] {
        match self {
            Self::Column(at) => std::slice::from_ref(at),
            Self::Join(parts, _) => parts,
            Self::Constant(_) | Self::RowNumber | Self::Absent => &[],
        }
    }
}

/// The values of one column in a batch.
#[derive(Clone, Copy)]
pub(super) enum Texts<'a> {
    Cells(GridColumn<'a>),
    Typed(&'a TypedColumn),
}

pub(super) struct FileColumns<'a> {
    /// By name, in the file's order.
    pub(super) names: &'a [String],
    /// Those that the file's folders give, with their values.
    pub(super) folders: &'a [(String, Option<String>)],
}

impl<'a> Texts<'a> {
    /// Gives the value of a row.
    fn reader(self) -> Box<dyn Fn(usize) -> Option<RawValue<'a>> + 'a> {
        match self {
            Self::Cells(column) => Box::new(move |row| column.get(row).map(RawValue::Text)),
            Self::Typed(column) => column.reader(),
        }
    }
}

/// The names of all columns that the schema and the mapping ask for, each once.
pub(super) fn wanted_columns(schema: &Schema, mapping: Option<&Mapping>) -> Vec<String> {
    let mut wanted: IndexSet<String> = IndexSet::new();
    for (_, name, _) in schema.fields() {
        let names = match mapping.and_then(|mapping| mapping.fields.get(name.as_str())).map(|field| &field.source) {
            None | Some(FieldSource::OwnName) if is_ignored(mapping, &name) => Vec::new(),
            None | Some(FieldSource::OwnName) => vec![name],
            Some(FieldSource::Column(column)) => vec![column.clone()],
            Some(FieldSource::Join { columns, .. }) => columns.clone(),
            Some(FieldSource::Constant(_) | FieldSource::RowNumber) => Vec::new(),
        };
        wanted.extend(names);
    }
    wanted.into_iter().collect()
}

/// Whether a mapping leaves a column out.
fn is_ignored(mapping: Option<&Mapping>, column: &str) -> bool {
    mapping.is_some_and(|mapping| mapping.ignore.iter().any(|own| own == column))
}

impl ReadPlan {
    /// Brings the file's `columns` together with the schema.
    ///
    /// # Errors
    /// Every column that is unknown or given twice, and every column that is missing.
    pub(super) fn new(
        file: &str,
        found: &FileColumns<'_>,
        schema: &Schema,
        options: &ReadOptions<'_>,
    ) -> Result<Self, Vec<Finding>> {
        let (columns, folders) = (found.names, found.folders);
        let mapping = options.mapping;
        let wanted = wanted_columns(schema, mapping);
        let is_wanted: HashSet<&str> = wanted.iter().map(String::as_str).collect();
        let ignored: HashSet<&str> = mapping.map(|mapping| mapping.ignore.iter().map(String::as_str).collect()).unwrap_or_default();
        let mut errors = twice(file, found, &wanted);
        let (mut empty, mut unknown) = (Vec::new(), IndexSet::new());
        let (mut used, mut positions, mut seen) = (Vec::new(), HashMap::new(), HashSet::new());
        for (at, column) in columns.iter().enumerate() {
            let (name, is_known) = (column.as_str(), is_wanted.contains(column.as_str()));
            if !is_known && ignored.contains(name) {
                continue;
            }
            if !is_known && name.trim().is_empty() {
                empty.push((at, FileFault::Unnamed(at + 1)));
            } else if !seen.insert(name) {
                empty.push((at, FileFault::Twice(shorten(name))));
            } else if is_known {
                positions.insert(name, used.len());
                used.push(at);
            } else {
                unknown.insert(name);
            }
        }
        let of_folders = folders.iter().map(|(name, _)| name.as_str());
        unknown.extend(of_folders.filter(|name| !is_wanted.contains(name) && !ignored.contains(name)));
        errors.extend(unknown_columns(file, &unknown, &wanted));
        let position = |name: &str| positions.get(name).copied();
        let folder = |name: &str| folders.iter().find(|(column, _)| column == name).map(|(_, value)| value.clone());
        let zone = mapping.and_then(|mapping| mapping.zone).unwrap_or(schema.zone);
        let missing = mapping.map_or(&[][..], |mapping| &mapping.missing);
        let (mut fields, mut findings) = (Vec::new(), Vec::new());
        let parted = |source: &FieldSource| match source {
            FieldSource::Join { columns, .. } => columns.iter().find(|name| folder(name).is_some()).cloned(),
            _ => None,
        };
        for (index, name, field) in schema.fields() {
            let own = mapping.and_then(|mapping| mapping.fields.get(name.as_str()));
            let mut rule = FieldReader::new(field, own, missing, zone);
            rule.is_exact = name == schema.roles.key.as_str() || options.exact.contains(&index);
            let source = own.map_or(&FieldSource::OwnName, |own| &own.source);
            if let Some(column) = parted(source) {
                errors.push(joined_folder(file, &column, &name));
                continue;
            }
            let (place, label) = match place(&name, source, position, folder) {
                Ok(found) => found,
                Err(column) if field.optional && matches!(source, FieldSource::OwnName) => {
                    if field.derived.is_none() {
                        findings.push(absent_column(file, &column, is_ignored(mapping, &column)));
                    }
                    (FieldOrigin::Absent, column)
                }
                Err(column) if is_ignored(mapping, &column) => {
                    errors.push(ignored_column(&column, &name));
                    continue;
                }
                Err(column) => {
                    errors.push(missing_column(file, &column, &name, columns));
                    continue;
                }
            };
            let is_key = name == schema.roles.key.as_str();
            let personal = field.personal && !is_key;
            let Ok(name) = FieldName::new(&name) else { continue };
            let advice = Advice::new(name, field, own, missing, zone, is_key);
            let has_own_zone = own.and_then(|own| own.zone).or(mapping.and_then(|mapping| mapping.zone)).is_some();
            fields.push(FieldSourcePlan { rule, advice, place, label, personal, has_own_zone });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let is_hashed = |at: &usize| fields.get(*at).is_some_and(|field| !matches!(field.place, FieldOrigin::RowNumber));
        let key = schema.find(schema.roles.key.as_str()).map(|(index, _)| index.at()).filter(is_hashed);
        let position = |name: &Option<FieldName>| Some(schema.find(name.as_ref()?.as_str())?.0.at());
        let outcome = [position(&schema.roles.label), position(&schema.roles.amount)];
        Ok(Self { used, empty, fields, key, outcome, hashers: Arc::default(), findings })
    }

    /// Converts a batch of `rows` rows; `columns` in the order of [`ReadPlan::used`].
    pub(super) fn convert(&self, columns: &[Texts<'_>], rows: usize, observed: &mut BatchNotes) -> Vec<Cells> {
        let cells = self.fields.iter().enumerate().map(|(field, plan)| plan.convert(field, columns, rows, observed));
        cells.collect()
    }

    /// What findings call the columns, one a field.
    pub(super) fn noted_columns(&self) -> Vec<ColumnLabel> {
        self.fields.iter().map(ColumnLabel::new).collect()
    }

    /// Leaves bad rows out of a converted batch, and counts what is known of them; `bad` is in the order of rows.
    pub(super) fn block(&self, mut cells: Vec<Cells>, rows: usize, bad: &[BadCell]) -> ConvertedBatch {
        let aside = self.known(&cells, bad);
        if !bad.is_empty() {
            let mut keep = vec![true; rows];
            for cell in bad {
                if let Some(place) = keep.get_mut(cell.row) {
                    *place = false;
                }
            }
            for cells in &mut cells {
                cells.retain(&keep);
            }
        }
        let keys = self.key.and_then(|key| cells.get(key));
        let key_hashes = keys.map(|keys| self.hashers.hashes(keys)).unwrap_or_default();
        ConvertedBatch { cells, key_hashes, aside }
    }

    /// Labels and amounts of bad rows, where those cells themselves are good.
    fn known(&self, cells: &[Cells], bad: &[BadCell]) -> AsideFacts {
        let mut known = AsideFacts::default();
        let [label, amount] = self.outcome.map(|field| field.and_then(|at| Some((at, cells.get(at)?))));
        for of_row in bad.chunk_by(|one, next| one.row == next.row) {
            let Some(row) = of_row.first().map(|cell| cell.row) else { continue };
            let is_good = |at: usize| of_row.iter().all(|cell| cell.field != at);
            if let Some((at, column)) = label
                && is_good(at)
            {
                known.add_label(column.truth(row));
            }
            if let Some((at, column)) = amount
                && is_good(at)
                && let Some(fen) = column.number(row)
            {
                known.add_amount(fen);
            }
        }
        known
    }
}

impl FieldSourcePlan {
    /// Converts this field's values in a batch.
    pub(super) fn convert(&self, field: usize, columns: &[Texts<'_>], rows: usize, observed: &mut BatchNotes) -> Cells {
        let rule = &self.rule;
        match &self.place {
            FieldOrigin::Column(at) => match columns.get(*at) {
                Some(Texts::Cells(column)) => convert(rule, field, column.iter().map(|text| text.map(RawValue::Text)), observed),
                Some(Texts::Typed(column)) => match column.views() {
                    Some(views) => convert(rule, field, views.iter().map(|text| text.map(RawValue::Text)), observed),
                    None => convert(rule, field, (0..rows).map(column.reader()), observed),
                },
                None => convert(rule, field, std::iter::repeat_n(None, rows), observed),
            },
            FieldOrigin::Join(parts, separator) => {
                let readers: Vec<_> = parts.iter().filter_map(|at| columns.get(*at)).map(|column| column.reader()).collect();
                let joined: Vec<Joined> =
                    (0..rows).map(|row| join(readers.iter().map(|read| read(row)).collect(), separator, rule)).collect();
                convert(rule, field, joined.iter().map(Joined::given), observed)
            }
            FieldOrigin::Constant(text) => convert(rule, field, std::iter::repeat_n(Some(RawValue::Text(text)), rows), observed),
            FieldOrigin::RowNumber => rule.blank(rows),
            FieldOrigin::Absent => convert(rule, field, std::iter::repeat_n(None, rows), observed),
        }
    }
}

/// What the parts of a row give together.
enum Joined {
    /// Every part is empty.
    Nothing,
    Text(String),
    /// A day and the time of day.
    Moment(i128),
}

impl Joined {
    fn given(&self) -> Option<RawValue<'_>> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(RawValue::Text(text)),
            Self::Moment(nanos) => Some(RawValue::Moment { nanos: *nanos, zoned: false }),
        }
    }
}

/// The parts of a row, in normal form unless as written, with the separator between them. For a time, a typed day and a typed time of day
/// are one point in time.
fn join(parts: Vec<Option<RawValue<'_>>>, separator: &str, rule: &FieldReader) -> Joined {
    if let (true, [Some(day), clock @ Some(RawValue::TimeReader(_))]) = (rule.is_time(), parts.as_slice())
        && let Some((nanos, _)) = day.moment(*clock)
    {
        return Joined::Moment(nanos);
    }
    let text = |part: RawValue<'_>| match part {
        RawValue::Text(text) if rule.as_written => text.to_owned(),
        RawValue::Text(text) => normalized(text).into_owned(),
        other => other.to_string(),
    };
    let texts: Vec<String> = parts.into_iter().map(|part| part.map(text).unwrap_or_default()).collect();
    if texts.iter().all(String::is_empty) { Joined::Nothing } else { Joined::Text(texts.join(separator)) }
}

/// Where a field's text comes from, and its label; the name of the first column that is not there.
fn place(
    name: &str,
    source: &FieldSource,
    position: impl Fn(&str) -> Option<usize>,
    folder: impl Fn(&str) -> Option<Option<String>>,
) -> Result<(FieldOrigin, String), String> {
    let column = |name: &str| match (position(name), folder(name)) {
        (Some(at), _) => Ok((FieldOrigin::Column(at), name.to_owned())),
        (None, Some(value)) => Ok((value.map_or(FieldOrigin::Absent, FieldOrigin::Constant), name.to_owned())),
        (None, None) => Err(name.to_owned()),
    };
    match source {
        FieldSource::OwnName => column(name),
        FieldSource::Column(other) => column(other),
        FieldSource::Join { columns, separator } => {
            let parts = columns.iter().map(|column| position(column).ok_or_else(|| column.clone()));
            Ok((FieldOrigin::Join(parts.collect::<Result<_, _>>()?, separator.clone()), columns.join("+")))
        }
        FieldSource::Constant(text) => Ok((FieldOrigin::Constant(text.clone()), name.to_owned())),
        FieldSource::RowNumber => Ok((FieldOrigin::RowNumber, name.to_owned())),
    }
}
