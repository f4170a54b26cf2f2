//! Parquet by the parquet crate: batches of typed columns, which become values directly where the types fit and by way of text elsewhere.
//!
//! The crate is strict about most damage but may panic on some: every call runs guarded. What a small file claims to unfold to is
//! bounded before it is unfolded.

use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema as ArrowSchema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::convert::{BadCell, Observed};
use super::first::Found;
use super::noted;
use super::parquet_column::{self, Column};
use super::pipeline::{Gathered, Part, Task, Worker, gather, guarded, problem};
use super::plan::{Place, Plan, Texts};
use super::{Input, Options, Parts, ReadError};
use crate::diagnostic::Finding;
use crate::model::{Schema, Zone};
use crate::progress::Progress;
use crate::requests::problem::{refuse, unsupported_column};
use crate::requests::source::RandomRead;
use crate::requests::table::Cells;
use crate::text::LocalText;

/// Rows decoded at a time.
const BATCH: usize = 8_192;
/// A file that claims more rows is refused.
const MOST_ROWS: i64 = 1 << 28;
/// A part of a column that claims to unfold to more bytes is refused.
const LARGEST_CHUNK: i64 = 1 << 30;

/// Reads a Parquet file.
pub(super) fn read(
    input: &Input,
    schema: &Arc<Schema>,
    options: &mut Options<'_>,
    parts: &mut Parts<'_>,
    progress: &Progress,
) -> Result<Gathered, ReadError> {
    let file = Bytes(input.bytes.clone());
    let (metadata, columns) = guarded(|| open(&input.name, &file)).map_err(|found| named(found, &input.name))?;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut plan = Plan::new(&input.name, &names, schema, options)?;
    let findings = std::mem::take(&mut plan.findings);
    let noted = plan.noted_columns();
    let used: Vec<Leaf> = plan.used.iter().filter_map(|at| columns.get(*at).cloned()).collect();
    let unsupported: Vec<Finding> = used
        .iter()
        .filter(|leaf| !parquet_column::is_supported(&leaf.kind))
        .map(|leaf| unsupported_column(&input.name, &leaf.name, &leaf.kind.to_string()))
        .collect();
    if !unsupported.is_empty() {
        return Err(unsupported.into());
    }
    let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0).max(1);
    let bytes_of = |batch: usize| (u128::from(input.bytes.len()) * batch as u128 / u128::from(rows)).try_into().unwrap_or(0);
    let most = options.rows;
    let mut reader = guarded(|| start(file, metadata, &used, most).map_err(|error| vec![damaged(&error)]))
        .map_err(|found| named(found, &input.name))?;
    let shape = Shape { plan, used };
    let workers: Vec<Worker<'_, RecordBatch>> = (0..options.threads.get())
        .map(|_| -> Worker<'_, RecordBatch> {
            Box::new(|batch| Ok(Part { bytes: bytes_of(batch.num_rows()), ..shape.convert(&batch) }))
        })
        .collect();
    let next = || {
        let batch = guarded(|| reader.next().transpose().map_err(|error| vec![damaged(&error)]));
        batch.map_err(|found| named(found, &input.name).into())
    };
    gather(Task { input, schema, options, parts, progress, header_lines: 0, findings, columns: noted }, workers, next)
}

fn damaged(error: &impl std::fmt::Display) -> Finding {
    refuse(
        "damaged-file",
        format!("the file is damaged or no Parquet file: {error}"),
        format!("文件已损坏或不是 Parquet 文件：{error}"),
    )
    .with_help(LocalText::new("was it copied in full?", "文件是否完整复制？"))
}

/// Puts the file's name before every message.
fn named(mut findings: Vec<Finding>, name: &str) -> Vec<Finding> {
    for finding in &mut findings {
        finding.message = LocalText::new(format!("`{name}`: {}", finding.message.en), format!("`{name}`：{}", finding.message.zh));
    }
    findings
}

/// A column of the file: a field of its own, or one inside a group.
#[derive(Clone, Debug)]
struct Leaf {
    name: String,
    root: usize,
    inner: Option<usize>,
    kind: DataType,
}

/// Reads the footer, bounds what it claims, and lists the columns.
fn open(name: &str, file: &Bytes) -> Result<(ArrowReaderMetadata, Vec<Leaf>), Vec<Finding>> {
    let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(file, options()).map_err(|error| vec![damaged(&error)])?;
    check_claims(name, metadata.metadata())?;
    let fields: Vec<Field> = metadata.schema().fields().iter().map(|field| as_views(field)).collect();
    let views = Arc::new(ArrowSchema::new(fields));
    let metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options().with_schema(views))
        .map_err(|error| vec![damaged(&error)])?;
    let mut leaves = Vec::new();
    for (root, field) in metadata.schema().fields().iter().enumerate() {
        let name = field.name();
        match field.data_type() {
            DataType::Struct(members) => leaves.extend(members.iter().enumerate().map(|(inner, member)| {
                let name = format!("{name}.{}", member.name());
                Leaf { name, root, inner: Some(inner), kind: member.data_type().clone() }
            })),
            kind => leaves.push(Leaf { name: name.clone(), root, inner: None, kind: kind.clone() }),
        }
    }
    Ok((metadata, leaves))
}

/// Texts as views into their pages: a long text that repeats is not copied for every row.
fn as_views(field: &Field) -> Field {
    let kind = match field.data_type() {
        DataType::Utf8 => DataType::Utf8View,
        DataType::Struct(members) => DataType::Struct(members.iter().map(|member| as_views(member)).collect::<Fields>()),
        other => other.clone(),
    };
    field.clone().with_data_type(kind)
}

fn check_claims(name: &str, metadata: &ParquetMetaData) -> Result<(), Vec<Finding>> {
    let rows = metadata.row_groups().iter().map(RowGroupMetaData::num_rows);
    let total = rows.clone().try_fold(0_i64, i64::checked_add).unwrap_or(i64::MAX);
    if rows.clone().any(|rows| rows < 0) || total != metadata.file_metadata().num_rows() {
        return Err(vec![damaged(&"its row counts contradict each other")]);
    }
    if total > MOST_ROWS {
        let (en, zh) = (
            format!("{total} rows are more than the {MOST_ROWS} that can be taken"),
            format!("共 {total} 行，超过上限 {MOST_ROWS} 行"),
        );
        let help = LocalText::new(format!("split `{name}`"), format!("请拆分 `{name}`"));
        return Err(vec![refuse("too-many-rows", en, zh).with_help(help)]);
    }
    let mut sizes = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns).map(ColumnChunkMetaData::uncompressed_size);
    let Some(size) = sizes.find(|size| !(0..=LARGEST_CHUNK).contains(size)) else { return Ok(()) };
    let (en, zh) = (format!("a column claims {size} bytes in one row group"), format!("某列在一个行组中声明占用 {size} 字节"));
    let help = LocalText::new("write it with smaller row groups", "请使用更小的行组写出文件");
    Err(vec![refuse("too-large-column", en, zh).with_help(help)])
}

fn start(
    file: Bytes,
    metadata: ArrowReaderMetadata,
    used: &[Leaf],
    most: Option<usize>,
) -> ParquetResult<ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
    let mask = ProjectionMask::roots(builder.parquet_schema(), used.iter().map(|leaf| leaf.root));
    let builder = builder.with_projection(mask).with_batch_size(most.unwrap_or(BATCH).clamp(1, BATCH));
    match most {
        Some(most) => builder.with_limit(most).build(),
        None => builder.build(),
    }
}

/// The first rows as texts; a column whose type no field can have is empty.
pub(super) fn first(input: &Input, most: usize) -> Result<Found, Vec<Finding>> {
    let file = Bytes(input.bytes.clone());
    let read = guarded(|| {
        let (metadata, leaves) = open(&input.name, &file)?;
        let mut rows = Vec::new();
        for batch in start(file.clone(), metadata, &leaves, Some(most)).map_err(|error| vec![damaged(&error)])? {
            let batch = batch.map_err(|error| vec![damaged(&error)])?;
            let texts: Vec<StringArray> = leaves.iter().map(|leaf| leaf_texts(&leaves, &batch, leaf)).collect();
            let cell = |texts: &StringArray, row: usize| {
                if row < texts.len() && texts.is_valid(row) { texts.value(row).to_owned() } else { String::new() }
            };
            rows.extend((0..batch.num_rows()).map(|row| texts.iter().map(|texts| cell(texts, row)).collect()));
        }
        Ok((leaves.into_iter().map(|leaf| leaf.name).collect(), rows, None))
    });
    read.map_err(|found| named(found, &input.name))
}

fn leaf_texts(leaves: &[Leaf], batch: &RecordBatch, leaf: &Leaf) -> StringArray {
    if !parquet_column::is_supported(&leaf.kind) {
        return StringArray::new_null(batch.num_rows());
    }
    let column = Column::new(array(leaves, batch, leaf));
    match column.views() {
        Some(views) => views.iter().collect(),
        None => column.as_text(Zone::default()),
    }
}

/// What every worker knows of the file.
struct Shape {
    plan: Plan,
    /// The needed columns, in the order of [`Plan::used`].
    used: Vec<Leaf>,
}

impl Shape {
    fn convert(&self, batch: &RecordBatch) -> Part {
        let (rows, mut observed) = (batch.num_rows(), Observed::default());
        let columns: Vec<Column> = self.used.iter().map(|leaf| Column::new(array(&self.used, batch, leaf))).collect();
        let fields = self.plan.fields.iter().enumerate();
        let cells: Vec<Cells> = fields
            .map(|(at, field)| {
                if let Place::Column(column) = field.place
                    && let Some(cells) = columns.get(column).and_then(|column| column.direct(&field.rule, at, &mut observed))
                {
                    return cells;
                }
                let needed = field.place.columns();
                let zone = field.rule.zone();
                let made = columns
                    .iter()
                    .enumerate()
                    .map(|(at, column)| (needed.contains(&at) && column.views().is_none()).then(|| column.as_text(zone)));
                let made: Vec<StringArray> = made.map(|made| made.unwrap_or_else(|| StringArray::new_null(0))).collect();
                let texts = columns.iter().zip(&made).map(|(column, made)| column.views().map_or(Texts::Made(made), Texts::Views));
                field.convert(at, &texts.collect::<Vec<_>>(), rows, &mut observed)
            })
            .collect();
        let Observed { mut bad, noted: found } = observed;
        let mut noted = Vec::new();
        noted::add(&mut noted, found);
        bad.sort_by_key(|cell: &BadCell| (cell.row, cell.field));
        let block = self.plan.block(cells, rows, &bad);
        bad.dedup_by_key(|cell| cell.row);
        let bad = bad.iter().map(|cell| problem(&self.plan, cell, cell.row as u64, None, String::new())).collect();
        Part { blocks: vec![block], rows: rows as u64, lines: 0, bytes: 0, bad, noted }
    }
}

/// The column of a leaf; rows whose group is missing are missing in it too.
fn array(used: &[Leaf], batch: &RecordBatch, leaf: &Leaf) -> Option<ArrayRef> {
    let mut roots: Vec<usize> = used.iter().map(|leaf| leaf.root).collect();
    roots.sort_unstable();
    roots.dedup();
    let root = batch.columns().get(roots.iter().position(|root| *root == leaf.root)?)?;
    let Some(inner) = leaf.inner else { return Some(root.clone()) };
    let group = root.as_any().downcast_ref::<StructArray>()?;
    let (_, columns, nulls) = group.clone().into_parts();
    let column = columns.get(inner)?;
    let Some(nulls) = nulls else { return Some(column.clone()) };
    let both = arrow_buffer::NullBuffer::union(Some(&nulls), column.nulls());
    column.to_data().into_builder().nulls(both).build().ok().map(arrow_array::make_array)
}

/// The file's bytes as the parquet crate asks for them.
#[derive(Clone)]
struct Bytes(Arc<dyn RandomRead>);

impl Length for Bytes {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Bytes {
    type T = io::BufReader<From>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(io::BufReader::new(From { file: self.0.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<bytes::Bytes> {
        let left = self.0.len().saturating_sub(start);
        if length as u64 > left {
            return Err(ParquetError::EOF(format!("{length} bytes are wanted where {left} are left")));
        }
        let mut bytes = vec![0; length];
        self.0.read_at(start, &mut bytes)?;
        Ok(bytes.into())
    }
}

/// Reads on from a place in the file.
struct From {
    file: Arc<dyn RandomRead>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.file.len().saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = into.len().min(left);
        let into = into.get_mut(..count).unwrap_or(&mut []);
        self.file.read_at(self.at, into)?;
        self.at += count as u64;
        Ok(count)
    }
}
