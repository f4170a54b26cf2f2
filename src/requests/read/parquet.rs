//! Parquet by the parquet crate: batches of typed columns, whose values the plan converts.
//!
//! The crate is strict about most damage but may panic on some: every call runs guarded. What a small file claims to unfold to is
//! bounded before it is unfolded.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryViewArray, RecordBatch, StringViewArray, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema as ArrowSchema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as PhysicalType;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::convert::BadCell;
use super::first::Found;
use super::guard::guarded;
use super::parquet_column::{self, Column};
use super::parquet_pages::{self, BATCH, Pages};
use super::pipeline::{Gatherer, Part, Rows, Task, Worker, problem};
use super::plan::{Columns, FieldPlan, Plan, Texts};
use super::rule::Fault;
use super::{Input, ReadError};
use crate::kinds::{DAMAGED_FILE, TOO_LARGE_COLUMN, TOO_MANY_ROWS};
use crate::problem::{refuse, unsupported_column};
use crate::source::RandomRead;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// A file that claims more rows is refused.
const MOST_ROWS: i64 = 1 << 28;
/// A part of a column that claims to unfold to more bytes is refused.
const LARGEST_CHUNK: i64 = 1 << 30;

/// Reads a Parquet file.
pub(super) fn read(task: &Task<'_, '_>, gatherer: &mut Gatherer<'_, '_, '_, '_, '_>) -> Result<(), ReadError> {
    let Task { file: found, schema, options, .. } = *task;
    let name = &found.name;
    let mut file = Bytes::new(found.bytes.clone());
    let (metadata, columns) = guarded(|| Metadata::open(name, &file)).map_err(|found| named(found, name))?;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let known = Columns { names: &names, folders: &found.folders };
    let mut plan = Plan::new(name, &known, schema, options)?;
    gatherer.note(std::mem::take(&mut plan.findings));
    plan.hashers.clone_from(&task.hashers);
    let noted = plan.noted_columns();
    let used = Used::new(plan.used.iter().filter_map(|at| columns.get(*at).cloned()).collect());
    let unsupported: Vec<Finding> = used
        .leaves
        .iter()
        .filter(|leaf| !is_readable(&leaf.kind))
        .map(|leaf| unsupported_column(name, &leaf.name, &leaf.kind.to_string()))
        .collect();
    if !unsupported.is_empty() {
        return Err(unsupported.into());
    }
    let rows = u64::try_from(metadata.whole.metadata().file_metadata().num_rows()).unwrap_or(0).max(1);
    let size = found.bytes.len();
    let whole = gatherer.is_whole() && options.rows.is_none();
    parquet_pages::check_rows(name, (rows, used.leaves.len()), (size, whole))?;
    let pages = guarded(|| Pages::of(name, &file, metadata.whole.metadata(), &used.roots, options.rows.unwrap_or(BATCH)))?;
    file.claims.clone_from(&pages.claims);
    let bytes_of = |batch: usize| (u128::from(size) * batch as u128 / u128::from(rows)).try_into().unwrap_or(0);
    let most = options.rows;
    let start = || Batches::start(&file, &metadata, &used, (most, pages.batch));
    let mut batches = guarded(start).map_err(|found| named(found, name))?;
    batches.left = parquet_pages::most_unfolded(size, whole);
    batches.most = batches.left;
    let shape = Shape { plan, used };
    let workers: Vec<Worker<'_, Batch>> = (0..options.threads.get())
        .map(|_| -> Worker<'_, Batch> {
            Box::new(|batch| Ok(Part { bytes: bytes_of(batch.whole.num_rows()), ..shape.convert(&batch) }))
        })
        .collect();
    let next = || guarded(|| batches.next_part(name, &shape.used)).map_err(ReadError::from);
    gatherer.run((0, noted), workers, next)
}

/// Whether a column can be read, texts without the mark of UTF-8 among them.
fn is_readable(kind: &DataType) -> bool {
    matches!(kind, DataType::BinaryView) || parquet_column::is_supported(kind)
}

pub(super) fn damaged(error: &impl std::fmt::Display) -> Finding {
    refuse(
        DAMAGED_FILE,
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

/// Groups in groups are followed so far.
const DEEPEST: usize = 16;

/// A column of the file: a field of its own, or one inside groups.
#[derive(Clone, Debug)]
struct Leaf {
    name: String,
    root: usize,
    /// Its position in each group, from the outermost on.
    inner: Vec<usize>,
    kind: DataType,
    /// Whether it is a time of 96 bits, which no type of 64 bits holds.
    is_wide: bool,
}

impl Leaf {
    /// Puts a field by its name, root and place, or what is inside it, among the `leaves`.
    fn add((name, root, inner): (String, usize, Vec<usize>), kind: &DataType, wide: &HashSet<String>, leaves: &mut Vec<Self>) {
        match kind {
            DataType::Struct(members) if inner.len() < DEEPEST => {
                for (at, member) in members.iter().enumerate() {
                    let inner = inner.iter().copied().chain([at]).collect();
                    Self::add((format!("{name}.{}", member.name()), root, inner), member.data_type(), wide, leaves);
                }
            }
            kind => {
                let is_wide = wide.contains(&name);
                leaves.push(Self { name, root, inner, kind: kind.clone(), is_wide });
            }
        }
    }
}

/// The columns that are read, and the positions in the file of the fields they are in.
struct Used {
    leaves: Vec<Leaf>,
    /// Of all columns, ascending.
    roots: Vec<usize>,
    /// Of columns of 96-bit times, ascending.
    wide: Vec<usize>,
}

impl Used {
    fn new(leaves: Vec<Leaf>) -> Self {
        let roots = |leaves: &mut dyn Iterator<Item = &Leaf>| leaves.map(|leaf| leaf.root).collect::<BTreeSet<usize>>();
        let all = roots(&mut leaves.iter());
        let wide = roots(&mut leaves.iter().filter(|leaf| leaf.is_wide));
        Self { leaves, roots: all.into_iter().collect(), wide: wide.into_iter().collect() }
    }
}

/// What the end of a file says of it: once for reading, and once more for the parts of 96-bit times below a second.
struct Metadata {
    whole: ArrowReaderMetadata,
    nanos: Option<ArrowReaderMetadata>,
}

/// Some rows, and the same rows of the columns of 96-bit times in nanoseconds.
struct Batch {
    whole: RecordBatch,
    nanos: Option<RecordBatch>,
}

/// Reads batches.
struct Batches {
    whole: ParquetRecordBatchReader,
    nanos: Option<ParquetRecordBatchReader>,
    /// Parts of a batch whose texts are too long to be taken at once.
    parts: VecDeque<Batch>,
    /// How many bytes of texts may still come, and how many might.
    left: u64,
    most: u64,
}

impl Metadata {
    /// Reads the footer, bounds what it claims, and lists the columns.
    fn open(name: &str, file: &Bytes) -> Result<(Self, Vec<Leaf>), Vec<Finding>> {
        let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        parquet_pages::check_footer(name, file)?;
        let metadata = ArrowReaderMetadata::load(file, options()).map_err(|error| vec![damaged(&error)])?;
        check_claims(name, metadata.metadata())?;
        let wide = wide_times(metadata.metadata());
        let with = |seconds: &HashSet<String>| {
            let fields: Vec<Field> = metadata.schema().fields().iter().map(|field| as_read(field, "", seconds)).collect();
            let schema = Arc::new(ArrowSchema::new(fields));
            ArrowReaderMetadata::try_new(metadata.metadata().clone(), options().with_schema(schema))
                .map_err(|error| vec![damaged(&error)])
        };
        let whole = with(&wide)?;
        let nanos = if wide.is_empty() { None } else { Some(with(&HashSet::new())?) };
        let mut leaves = Vec::new();
        for (root, field) in whole.schema().fields().iter().enumerate() {
            Leaf::add((field.name().clone(), root, Vec::new()), field.data_type(), &wide, &mut leaves);
        }
        Ok((Self { whole, nanos }, leaves))
    }
}

/// The columns of 96-bit times by their dotted names.
fn wide_times(metadata: &ParquetMetaData) -> HashSet<String> {
    let columns = metadata.file_metadata().schema_descr().columns().iter();
    columns.filter(|column| column.physical_type() == PhysicalType::INT96).map(|column| column.path().string()).collect()
}

/// Texts as views into their pages: a long text that repeats is not copied for every row. Times that are named, in whole seconds.
fn as_read(field: &Field, group: &str, seconds: &HashSet<String>) -> Field {
    let name = if group.is_empty() { field.name().clone() } else { format!("{group}.{}", field.name()) };
    let kind = match field.data_type() {
        DataType::Utf8 => DataType::Utf8View,
        // Texts as well, where the writer left out the mark.
        DataType::Binary => DataType::BinaryView,
        DataType::Timestamp(..) if seconds.contains(&name) => DataType::Timestamp(TimeUnit::Second, None),
        DataType::Struct(members) => {
            DataType::Struct(members.iter().map(|member| as_read(member, &name, seconds)).collect::<Fields>())
        }
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
        return Err(vec![refuse(TOO_MANY_ROWS, en, zh).with_help(help)]);
    }
    let mut sizes = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns).map(ColumnChunkMetaData::uncompressed_size);
    let Some(size) = sizes.find(|size| !(0..=LARGEST_CHUNK).contains(size)) else { return Ok(()) };
    let (en, zh) = (format!("a column claims {size} bytes in one row group"), format!("某列在一个行组中声明占用 {size} 字节"));
    let help = LocalText::new("write it with smaller row groups", "请使用更小的行组写出文件");
    Err(vec![refuse(TOO_LARGE_COLUMN, en, zh).with_help(help)])
}

impl Batches {
    /// Starts to read the columns that are used.
    fn start(file: &Bytes, metadata: &Metadata, used: &Used, (most, batch): (Option<usize>, usize)) -> Result<Self, Vec<Finding>> {
        let start = |metadata: &ArrowReaderMetadata, roots: &[usize]| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file.clone(), metadata.clone());
            let mask = ProjectionMask::roots(builder.parquet_schema(), roots.iter().copied());
            let builder = builder.with_projection(mask).with_batch_size(batch);
            let reader = match most {
                Some(most) => builder.with_limit(most).build(),
                None => builder.build(),
            };
            reader.map_err(|error| vec![damaged(&error)])
        };
        let whole = start(&metadata.whole, &used.roots)?;
        let nanos =
            metadata.nanos.as_ref().filter(|_| !used.wide.is_empty()).map(|metadata| start(metadata, &used.wide)).transpose()?;
        Ok(Self { whole, nanos, parts: VecDeque::new(), left: u64::MAX, most: u64::MAX })
    }

    fn next(&mut self) -> Result<Option<Batch>, Vec<Finding>> {
        let next = |reader: &mut ParquetRecordBatchReader| reader.next().transpose().map_err(|error| vec![damaged(&error)]);
        let Some(whole) = next(&mut self.whole)? else { return Ok(None) };
        let nanos = match &mut self.nanos {
            Some(reader) => next(reader)?,
            None => None,
        };
        Ok(Some(Batch { whole, nanos }))
    }
}

impl Batches {
    /// The next rows, so few that their texts together stay within [`TEXTS`].
    fn next_part(&mut self, name: &str, used: &Used) -> Result<Option<Batch>, Vec<Finding>> {
        if let Some(part) = self.parts.pop_front() {
            return Ok(Some(part));
        }
        let Some(batch) = self.next().map_err(|found| named(found, name))? else { return Ok(None) };
        let lengths = batch.text_lengths(used);
        let all: u64 = lengths.iter().sum();
        self.left = self.left.checked_sub(all).ok_or_else(|| vec![parquet_pages::unfolds(name, self.most)])?;
        if all <= TEXTS {
            return Ok(Some(batch));
        }
        let (mut start, mut sum) = (0, 0);
        for (row, length) in lengths.iter().enumerate() {
            if sum + length > TEXTS && row > start {
                self.parts.push_back(batch.slice(start, row - start));
                (start, sum) = (row, 0);
            }
            sum += length;
        }
        self.parts.push_back(batch.slice(start, batch.whole.num_rows() - start));
        Ok(self.parts.pop_front())
    }
}

/// The bytes of texts that are converted at a time; a text that repeats counts every time.
const TEXTS: u64 = 64 << 20;

impl Batch {
    /// How many bytes of texts each row has.
    fn text_lengths(&self, used: &Used) -> Vec<u64> {
        let mut lengths = vec![0; self.whole.num_rows()];
        for array in used.leaves.iter().filter_map(|leaf| array(&used.roots, &self.whole, leaf)) {
            let texts = array.as_any().downcast_ref::<StringViewArray>().map(StringViewArray::views);
            let bytes = || array.as_any().downcast_ref::<BinaryViewArray>().map(BinaryViewArray::views);
            for (sum, view) in lengths.iter_mut().zip(texts.or_else(bytes).into_iter().flat_map(|views| views.iter())) {
                // The first 32 bits of a view are its length.
                *sum += u64::try_from(*view & u128::from(u32::MAX)).unwrap_or(0);
            }
        }
        lengths
    }

    fn slice(&self, start: usize, rows: usize) -> Self {
        Self { whole: self.whole.slice(start, rows), nanos: self.nanos.as_ref().map(|nanos| nanos.slice(start, rows)) }
    }

    /// The column of a leaf, one of those that are used.
    /// A row whose bytes are no text is handed to `bad`.
    fn column(&self, used: &Used, leaf: &Leaf, bad: impl FnMut(usize)) -> Column {
        let nanos = self.nanos.as_ref().filter(|_| leaf.is_wide).and_then(|nanos| array(&used.wide, nanos, leaf));
        Column::new(array(&used.roots, &self.whole, leaf).map(|array| as_texts(array, bad)), nanos)
    }
}

/// Characters of a cell of the first rows.
const LONGEST_SHOWN: usize = 10_000;

/// The first rows as texts; a column whose type no field can have is empty.
pub(super) fn first(input: &Input, most: usize) -> Result<Found, Vec<Finding>> {
    let Some(first) = input.files.first() else { return Err(Vec::new()) };
    let mut file = Bytes::new(first.bytes.clone());
    let read = guarded(|| {
        let (metadata, leaves) = Metadata::open(&first.name, &file)?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let used = Used::new(leaves);
        let pages = Pages::of(&first.name, &file, metadata.whole.metadata(), &used.roots, most)?;
        file.claims.clone_from(&pages.claims);
        let mut batches = Batches::start(&file, &metadata, &used, (Some(most), pages.batch))?;
        while let Some(batch) = batches.next()? {
            let columns: Vec<Column> = used.leaves.iter().map(|leaf| batch.column(&used, leaf, |_| ())).collect();
            let readers: Vec<_> = columns.iter().map(Column::reader).collect();
            let cell = |read: &parquet_column::Reader<'_>, row| {
                read(row).map(|given| given.to_string().chars().take(LONGEST_SHOWN).collect()).unwrap_or_default()
            };
            rows.extend((0..batch.whole.num_rows()).map(|row| readers.iter().map(|read| cell(read, row)).collect()));
        }
        Ok((used.leaves.into_iter().map(|leaf| leaf.name).collect(), rows, None))
    });
    read.map_err(|found| named(found, &first.name))
}

/// What every worker knows of the file.
struct Shape {
    plan: Plan,
    /// The needed columns, in the order of [`Plan::used`].
    used: Used,
}

impl Shape {
    fn convert(&self, batch: &Batch) -> Part {
        let rows = batch.whole.num_rows();
        let (mut columns, mut no_text) = (Vec::with_capacity(self.used.leaves.len()), Vec::new());
        for (at, leaf) in self.used.leaves.iter().enumerate() {
            let feeds = |(_, field): &(usize, &FieldPlan)| field.place.columns().contains(&at);
            let fields: Vec<usize> = self.plan.fields.iter().enumerate().filter(feeds).map(|(field, _)| field).collect();
            let bad = |row| BadCell { row, field: 0, text: String::new(), fault: Fault::NotText, help: None };
            let cells = |row| fields.iter().map(move |field| BadCell { field: *field, ..bad(row) });
            columns.push(batch.column(&self.used, leaf, |row| no_text.extend(cells(row))));
        }
        let texts: Vec<Texts<'_>> = columns.iter().map(Texts::Typed).collect();
        let mut converted = Rows::default();
        converted.add_with(&self.plan, &texts, rows, no_text);
        let mut bad = converted.bad;
        bad.dedup_by_key(|cell: &mut BadCell| cell.row);
        let bad = bad.iter().map(|cell| problem(&self.plan, cell, cell.row as u64, None, String::new())).collect();
        Part {
            blocks: converted.blocks,
            rows: rows as u64,
            lines: 0,
            bytes: 0,
            bad,
            noted: converted.noted,
            faults: converted.faults,
        }
    }
}

/// The column of a leaf; rows whose group is missing are missing in it too.
fn array(roots: &[usize], batch: &RecordBatch, leaf: &Leaf) -> Option<ArrayRef> {
    let root = batch.columns().get(roots.binary_search(&leaf.root).ok()?)?;
    leaf.inner.iter().try_fold(root.clone(), |outer, inner| {
        let group = outer.as_any().downcast_ref::<StructArray>()?;
        let (_, columns, nulls) = group.clone().into_parts();
        let column = columns.get(*inner)?;
        let Some(nulls) = nulls else { return Some(column.clone()) };
        let both = arrow_buffer::NullBuffer::union(Some(&nulls), column.nulls());
        column.to_data().into_builder().nulls(both).build().ok().map(arrow_array::make_array)
    })
}

/// Bytes as the texts they are; a row whose bytes are not UTF-8 is handed to `bad` and missing.
fn as_texts(array: ArrayRef, mut bad: impl FnMut(usize)) -> ArrayRef {
    let Some(bytes) = array.as_any().downcast_ref::<BinaryViewArray>() else { return array };
    if let Ok(texts) = bytes.clone().to_string_view() {
        return Arc::new(texts);
    }
    let mut text = |(row, bytes): (usize, Option<&[u8]>)| {
        let text = std::str::from_utf8(bytes?);
        if text.is_err() {
            bad(row);
        }
        text.ok().map(str::to_owned)
    };
    Arc::new(bytes.iter().enumerate().map(&mut text).collect::<StringViewArray>())
}

/// The file's bytes as the parquet crate asks for them.
#[derive(Clone)]
struct Bytes {
    file: Arc<dyn RandomRead>,
    /// See [`Pages::claims`].
    claims: Arc<HashMap<u64, u64>>,
}

impl Bytes {
    fn new(file: Arc<dyn RandomRead>) -> Self {
        Self { file, claims: Arc::default() }
    }
}

impl Length for Bytes {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl ChunkReader for Bytes {
    type T = io::BufReader<From>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(io::BufReader::new(From { file: self.file.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<bytes::Bytes> {
        let left = self.file.len().saturating_sub(start);
        if length as u64 > left {
            return Err(ParquetError::EOF(format!("{length} bytes are wanted where {left} are left")));
        }
        let mut bytes = vec![0; length];
        self.file.read_at(start, &mut bytes)?;
        if self.claims.get(&start).is_some_and(|claimed| !parquet_pages::keeps_claim(&bytes, *claimed)) {
            return Err(ParquetError::General("a page unpacks to more than its header says".to_owned()));
        }
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
