//! Which column of a file feeds which field: the mapping and the schema brought together with the columns a file has.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexSet;

use super::Options;
use super::advice::Advice;
use super::aside::Known;
use super::convert::{BadCell, Observed, convert};
use super::duplicates::Hashers;
use super::given::Given;
use super::grid::GridColumn;
use super::noted::NotedColumn;
use super::parquet_column::Column;
use super::pipeline::{Block, FileFault};
use super::rule::Rule;
use crate::kinds::{ABSENT_COLUMN, DUPLICATE_COLUMN, MISSING_COLUMN, UNKNOWN_COLUMN};
use crate::mapping::{FieldSource, Mapping};
use crate::problem::{refuse, shorten};
use crate::table::Cells;
use countersign_core::diagnostic::{Finding, MOST_OF_A_KIND, and_more, suggest};
use countersign_core::model::{FieldName, Schema};
use countersign_core::text::{LocalText, normalized};

/// Among so many of a file's columns the name that comes nearest to a missing one is looked for.
const MOST_COMPARED: usize = 1_000;

/// How a file's columns become fields.
#[derive(Debug)]
pub(super) struct Plan {
    /// Positions in the file of the columns that are needed, ascending.
    pub(super) used: Vec<usize>,
    /// Positions of columns that may only be empty, and what is wrong with the file where they are not.
    pub(super) empty: Vec<(usize, FileFault)>,
    /// One a field, in the schema's order.
    pub(super) fields: Vec<FieldPlan>,
    /// The key's field; none where it is the row's number, which is never the same twice.
    pub(super) key: Option<usize>,
    /// The fields of the label and the amount.
    outcome: [Option<usize>; 2],
    pub(super) hashers: Arc<Hashers>,
    /// What is worth knowing about the columns.
    pub(super) findings: Vec<Finding>,
}

/// How one field is filled.
#[derive(Debug)]
pub(super) struct FieldPlan {
    pub(super) rule: Rule,
    pub(super) advice: Advice,
    pub(super) place: Place,
    /// The column's name for people; joined ones with `+`.
    pub(super) label: String,
    /// Whether its values are somebody's identity; the key names the request and is none.
    pub(super) personal: bool,
}

/// Where the text of a field stands; columns by their position in [`Plan::used`].
#[derive(Debug)]
pub(super) enum Place {
    Column(usize),
    Join(Vec<usize>, String),
    Constant(String),
    /// Filled in when the rows before are counted.
    RowNumber,
    Absent,
}

impl Place {
    /// The columns it needs.
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
    /// Of CSV and JSON.
    Cells(GridColumn<'a>),
    /// Of Parquet.
    Typed(&'a Column),
}

/// The columns a file has.
pub(super) struct Columns<'a> {
    /// By name, in the file's order.
    pub(super) names: &'a [String],
    /// Those that the file's folders give, with their values.
    pub(super) folders: &'a [(String, Option<String>)],
}

impl<'a> Texts<'a> {
    /// Gives the value of a row.
    fn reader(self) -> Box<dyn Fn(usize) -> Option<Given<'a>> + 'a> {
        match self {
            Self::Cells(column) => Box::new(move |row| column.get(row).map(Given::Text)),
            Self::Typed(column) => column.reader(),
        }
    }
}

/// The names of all columns that the schema and the mapping ask for, each once.
pub(super) fn wanted(schema: &Schema, mapping: Option<&Mapping>) -> Vec<String> {
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

impl Plan {
    /// Brings the file's `columns` together with the schema.
    ///
    /// # Errors
    /// Every column that is unknown or given twice, and every column that is missing.
    pub(super) fn new(file: &str, found: &Columns<'_>, schema: &Schema, options: &Options<'_>) -> Result<Self, Vec<Finding>> {
        let (columns, folders) = (found.names, found.folders);
        let mapping = options.mapping;
        let wanted = wanted(schema, mapping);
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
            let mut rule = Rule::new(field, own, missing, zone);
            rule.is_exact = name == schema.roles.key.as_str() || options.exact.contains(&index);
            let source = own.map_or(&FieldSource::OwnName, |own| &own.source);
            if let Some(column) = parted(source) {
                errors.push(joined_folder(file, &column, &name));
                continue;
            }
            let (place, label) = match place(&name, source, position, folder) {
                Ok(found) => found,
                Err(column) if field.optional && matches!(source, FieldSource::OwnName) => {
                    findings.push(absent_column(file, &column, is_ignored(mapping, &column)));
                    (Place::Absent, column)
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
            fields.push(FieldPlan { rule, advice, place, label, personal });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let is_hashed = |at: &usize| fields.get(*at).is_some_and(|field| !matches!(field.place, Place::RowNumber));
        let key = schema.find(schema.roles.key.as_str()).map(|(index, _)| index.at()).filter(is_hashed);
        let position = |name: &Option<FieldName>| Some(schema.find(name.as_ref()?.as_str())?.0.at());
        let outcome = [position(&schema.roles.label), position(&schema.roles.amount)];
        Ok(Self { used, empty, fields, key, outcome, hashers: Arc::default(), findings })
    }

    /// Converts a batch of `rows` rows; `columns` in the order of [`Plan::used`].
    pub(super) fn convert(&self, columns: &[Texts<'_>], rows: usize, observed: &mut Observed) -> Vec<Cells> {
        let cells = self.fields.iter().enumerate().map(|(field, plan)| plan.convert(field, columns, rows, observed));
        cells.collect()
    }

    /// What findings call the columns, one a field.
    pub(super) fn noted_columns(&self) -> Vec<NotedColumn> {
        self.fields.iter().map(NotedColumn::new).collect()
    }

    /// Leaves bad rows out of a converted batch, and counts what is known of them; `bad` is in the order of rows.
    pub(super) fn block(&self, mut cells: Vec<Cells>, rows: usize, bad: &[BadCell]) -> Block {
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
        Block { cells, key_hashes, aside }
    }

    /// Labels and amounts of bad rows, where those cells themselves are good.
    fn known(&self, cells: &[Cells], bad: &[BadCell]) -> Known {
        let mut known = Known::default();
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

impl FieldPlan {
    /// Converts this field's values in a batch.
    pub(super) fn convert(&self, field: usize, columns: &[Texts<'_>], rows: usize, observed: &mut Observed) -> Cells {
        let rule = &self.rule;
        match &self.place {
            Place::Column(at) => match columns.get(*at) {
                Some(Texts::Cells(column)) => convert(rule, field, column.iter().map(|text| text.map(Given::Text)), observed),
                Some(Texts::Typed(column)) => match column.views() {
                    Some(views) => convert(rule, field, views.iter().map(|text| text.map(Given::Text)), observed),
                    None => convert(rule, field, (0..rows).map(column.reader()), observed),
                },
                None => convert(rule, field, std::iter::repeat_n(None, rows), observed),
            },
            Place::Join(parts, separator) => {
                let readers: Vec<_> = parts.iter().filter_map(|at| columns.get(*at)).map(|column| column.reader()).collect();
                let joined: Vec<Joined> =
                    (0..rows).map(|row| join(readers.iter().map(|read| read(row)).collect(), separator, rule)).collect();
                convert(rule, field, joined.iter().map(Joined::given), observed)
            }
            Place::Constant(text) => convert(rule, field, std::iter::repeat_n(Some(Given::Text(text)), rows), observed),
            Place::RowNumber => rule.blank(rows),
            Place::Absent => convert(rule, field, std::iter::repeat_n(None, rows), observed),
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
    fn given(&self) -> Option<Given<'_>> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(Given::Text(text)),
            Self::Moment(nanos) => Some(Given::Moment { nanos: *nanos, zoned: false }),
        }
    }
}

/// The parts of a row, in normal form unless as written, with the separator between them. For a time, a typed day and a typed time of day
/// are one point in time.
fn join(parts: Vec<Option<Given<'_>>>, separator: &str, rule: &Rule) -> Joined {
    if let (true, [Some(day), clock @ Some(Given::Clock(_))]) = (rule.is_time(), parts.as_slice())
        && let Some((nanos, _)) = day.moment(*clock)
    {
        return Joined::Moment(nanos);
    }
    let text = |part: Given<'_>| match part {
        Given::Text(text) if rule.as_written => text.to_owned(),
        Given::Text(text) => normalized(text).into_owned(),
        other => other.to_string(),
    };
    let texts: Vec<String> = parts.into_iter().map(|part| part.map(text).unwrap_or_default()).collect();
    if texts.iter().all(String::is_empty) { Joined::Nothing } else { Joined::Text(texts.join(separator)) }
}

/// Where a field's text stands, and what to call it; the name of the first column that is not there.
fn place(
    name: &str,
    source: &FieldSource,
    position: impl Fn(&str) -> Option<usize>,
    folder: impl Fn(&str) -> Option<Option<String>>,
) -> Result<(Place, String), String> {
    let column = |name: &str| match (position(name), folder(name)) {
        (Some(at), _) => Ok((Place::Column(at), name.to_owned())),
        (None, Some(value)) => Ok((value.map_or(Place::Absent, Place::Constant), name.to_owned())),
        (None, None) => Err(name.to_owned()),
    };
    match source {
        FieldSource::OwnName => column(name),
        FieldSource::Column(other) => column(other),
        FieldSource::Join { columns, separator } => {
            let parts = columns.iter().map(|column| position(column).ok_or_else(|| column.clone()));
            Ok((Place::Join(parts.collect::<Result<_, _>>()?, separator.clone()), columns.join("+")))
        }
        FieldSource::Constant(text) => Ok((Place::Constant(text.clone()), name.to_owned())),
        FieldSource::RowNumber => Ok((Place::RowNumber, name.to_owned())),
    }
}

/// Columns that a file has and one of its folders gives too.
fn twice(file: &str, found: &Columns<'_>, wanted: &[String]) -> Vec<Finding> {
    let both = found.folders.iter().filter(|(name, _)| found.names.contains(name) && wanted.contains(name));
    both.map(|(name, _)| duplicate_column(file, name)).collect()
}

fn duplicate_column(file: &str, column: &str) -> Finding {
    refuse(DUPLICATE_COLUMN, format!("`{file}` has two columns `{column}`"), format!("`{file}` 中列 `{column}` 出现两次"))
        .with_help(LocalText::new("remove or rename one of them", "请删除或重命名其中一列"))
}

/// What is wrong with a file, found in its rows.
pub(super) fn fault(file: &str, fault: &FileFault, wanted: &[String]) -> Finding {
    match fault {
        FileFault::UnknownKey(key) => unknown_column(file, key, wanted),
        FileFault::Twice(column) => duplicate_column(file, column),
        FileFault::Unnamed(position) => refuse(
            UNKNOWN_COLUMN,
            format!("column {position} of `{file}` has values and no name"),
            format!("`{file}` 的第 {position} 列有值但没有列名"),
        )
        .with_help(LocalText::new(
            "name it in the header, or list `\"\"` under `ignore` in the mapping",
            "请在表头中写明列名，或在映射的 `ignore` 中列出 `\"\"`",
        )),
    }
}

/// The columns that nobody asked for; of very many the last finding says how many more there are.
fn unknown_columns(file: &str, columns: &IndexSet<&str>, wanted: &[String]) -> Vec<Finding> {
    let most = if columns.len() > MOST_OF_A_KIND { MOST_OF_A_KIND - 1 } else { MOST_OF_A_KIND };
    let told = columns.iter().take(most).map(|column| unknown_column(file, column, wanted));
    let more = (columns.len() > most).then(|| and_more(UNKNOWN_COLUMN, columns.len() - most));
    told.chain(more).collect()
}

fn unknown_column(file: &str, column: &str, wanted: &[String]) -> Finding {
    let shown = shorten(column);
    let finding = refuse(
        UNKNOWN_COLUMN,
        format!("`{file}` has a column `{shown}` that the schema does not know"),
        format!("`{file}` 的列 `{shown}` 不在请求结构中"),
    );
    let help = LocalText::new("name it in the mapping, or list it there under `ignore`", "请在映射中指定该列，或将其列入 `ignore`");
    suggest(finding, column, wanted.iter().map(String::as_str)).with_note(None, help)
}

fn missing_column(file: &str, column: &str, field: &str, columns: &[String]) -> Finding {
    let finding = refuse(
        MISSING_COLUMN,
        format!("`{file}` has no column `{column}`, which field `{field}` needs"),
        format!("`{file}` 缺少字段 `{field}` 所需的列 `{column}`"),
    );
    suggest(finding, column, columns.iter().take(MOST_COMPARED).map(String::as_str))
}

fn ignored_column(column: &str, field: &str) -> Finding {
    refuse(
        MISSING_COLUMN,
        format!("column `{column}` is listed under `ignore` in the mapping, and field `{field}` needs it"),
        format!("列 `{column}` 在映射的 `ignore` 中，而字段 `{field}` 需要该列"),
    )
    .with_help(LocalText::new(
        format!("remove it from `ignore`, or give the field another column: `\"{field}\": (column: \"…\")`"),
        format!("请将其从 `ignore` 中删除，或为该字段指定其他列：`\"{field}\": (column: \"…\")`"),
    ))
}

fn absent_column(file: &str, column: &str, is_ignored: bool) -> Finding {
    let message = if is_ignored {
        LocalText::new(
            format!("column `{column}` is listed under `ignore` in the mapping: the field is missing in every request"),
            format!("列 `{column}` 在映射的 `ignore` 中：所有请求的该字段均为缺失"),
        )
    } else {
        LocalText::new(
            format!("`{file}` has no column `{column}`: the field is missing in every request"),
            format!("`{file}` 没有列 `{column}`：所有请求的该字段均为缺失"),
        )
    };
    Finding::new(ABSENT_COLUMN, None, message)
}

fn joined_folder(file: &str, column: &str, field: &str) -> Finding {
    refuse(
        MISSING_COLUMN,
        format!(
            "field `{field}` joins column `{column}`, which a folder of `{file}` gives: only columns of the file can be joined"
        ),
        format!("字段 `{field}` 的 `join` 使用了由目录给出的列 `{column}`（`{file}`）：只能合并文件自身的列"),
    )
    .with_help(LocalText::new("give the column a field of its own", "请让该列单独对应一个字段"))
}
