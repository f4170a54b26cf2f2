//! The columns of a Parquet file, and its rows batch by batch as the parquet crate decodes them.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryViewArray, RecordBatch, StringViewArray, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema as ArrowSchema, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::Type as PhysicalType;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

use super::parquet::{damaged, named};
use super::parquet_bytes::ParquetBytes;
use super::parquet_pages::{self};
use super::typed_column::TypedColumn;
use crate::kinds::{TOO_LARGE_COLUMN, TOO_MANY_ROWS};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// A part of a column that claims to unfold to more bytes is refused.
const LARGEST_CHUNK: i64 = 1 << 30;
/// A file that claims more rows is refused.
const MOST_ROWS: i64 = 1 << 28;
/// Groups in groups are followed so far.
const DEEPEST: usize = 16;

/// A column of the file: a field of its own, or one inside groups.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) name: String,
    pub(super) root: usize,
    /// Its position in each group, from the outermost on.
    pub(super) inner: Vec<usize>,
    pub(super) kind: DataType,
    /// Whether it is a time of 96 bits, which no type of 64 bits holds.
    pub(super) is_wide: bool,
}

impl Leaf {
    /// Puts a field by its name, root and place, or what is inside it, among the `leaves`.
    pub(super) fn add(
        (name, root, inner): (String, usize, Vec<usize>),
        kind: &DataType,
        wide: &HashSet<String>,
        leaves: &mut Vec<Self>,
    ) {
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
pub(super) struct UsedColumns {
    pub(super) leaves: Vec<Leaf>,
    /// Of all columns, ascending.
    pub(super) roots: Vec<usize>,
    /// Of columns of 96-bit times, ascending.
    pub(super) wide: Vec<usize>,
}

impl UsedColumns {
    pub(super) fn new(leaves: Vec<Leaf>) -> Self {
        let roots = |leaves: &mut dyn Iterator<Item = &Leaf>| leaves.map(|leaf| leaf.root).collect::<BTreeSet<usize>>();
        let all = roots(&mut leaves.iter());
        let wide = roots(&mut leaves.iter().filter(|leaf| leaf.is_wide));
        Self { leaves, roots: all.into_iter().collect(), wide: wide.into_iter().collect() }
    }
}

/// The footer of a file: once for reading, and once more for the parts of 96-bit times below a second.
pub(super) struct Metadata {
    pub(super) whole: ArrowReaderMetadata,
    pub(super) nanos: Option<ArrowReaderMetadata>,
}

/// Some rows, and the same rows of the columns of 96-bit times in nanoseconds.
pub(super) struct RowBatch {
    pub(super) whole: RecordBatch,
    pub(super) nanos: Option<RecordBatch>,
}

pub(super) struct RowBatches {
    pub(super) whole: ParquetRecordBatchReader,
    pub(super) nanos: Option<ParquetRecordBatchReader>,
    /// Parts of a batch whose texts are too long to be taken at once.
    parts: VecDeque<RowBatch>,
    /// How many bytes of texts may still come, and how many might.
    pub(super) left: u64,
    pub(super) most: u64,
}

impl Metadata {
    /// Reads the footer, bounds what it claims, and lists the columns.
    pub(super) fn open(name: &str, file: &ParquetBytes) -> Result<(Self, Vec<Leaf>), Vec<Finding>> {
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

impl RowBatches {
    /// Starts to read the columns that are used.
    pub(super) fn start(
        file: &ParquetBytes,
        metadata: &Metadata,
        used: &UsedColumns,
        (most, batch): (Option<usize>, usize),
    ) -> Result<Self, Vec<Finding>> {
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

    pub(super) fn next(&mut self) -> Result<Option<RowBatch>, Vec<Finding>> {
        let next = |reader: &mut ParquetRecordBatchReader| reader.next().transpose().map_err(|error| vec![damaged(&error)]);
        let Some(whole) = next(&mut self.whole)? else { return Ok(None) };
        let nanos = match &mut self.nanos {
            Some(reader) => next(reader)?,
            None => None,
        };
        Ok(Some(RowBatch { whole, nanos }))
    }
}

impl RowBatches {
    /// The next rows, so few that their texts together stay within [`TEXTS`].
    pub(super) fn next_part(&mut self, name: &str, used: &UsedColumns) -> Result<Option<RowBatch>, Vec<Finding>> {
        if let Some(part) = self.parts.pop_front() {
            return Ok(Some(part));
        }
        let Some(batch) = self.next().map_err(|found| named(found, name))? else { return Ok(None) };
        let lengths = batch.text_lengths(used);
        let all: u64 = lengths.iter().sum();
        self.left = self.left.checked_sub(all).ok_or_else(|| vec![parquet_pages::unfolds(name, self.most)])?;
        self.parts = batch.parts(&lengths);
        Ok(self.parts.pop_front())
    }
}

/// The bytes of texts that are converted at a time; a text that repeats counts every time.
pub(super) const TEXTS: u64 = 64 << 20;

impl RowBatch {
    /// The rows in parts, so few that their texts, which have these lengths, together stay within [`TEXTS`].
    pub(super) fn parts(self, lengths: &[u64]) -> VecDeque<Self> {
        if lengths.iter().sum::<u64>() <= TEXTS {
            return VecDeque::from([self]);
        }
        let (mut parts, mut start, mut sum) = (VecDeque::new(), 0, 0);
        for (row, length) in lengths.iter().enumerate() {
            if sum + length > TEXTS && row > start {
                parts.push_back(self.slice(start, row - start));
                (start, sum) = (row, 0);
            }
            sum += length;
        }
        parts.push_back(self.slice(start, self.whole.num_rows() - start));
        parts
    }

    /// How many bytes of texts each row has.
    pub(super) fn text_lengths(&self, used: &UsedColumns) -> Vec<u64> {
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

    /// The batch with the bytes of memory it holds, pages that its texts are views of among them.
    pub(super) fn with_size(self) -> (Self, u64) {
        let size = |batch: &RecordBatch| batch.get_array_memory_size() as u64;
        let bytes = size(&self.whole) + self.nanos.as_ref().map_or(0, size);
        (self, bytes)
    }

    fn slice(&self, start: usize, rows: usize) -> Self {
        Self { whole: self.whole.slice(start, rows), nanos: self.nanos.as_ref().map(|nanos| nanos.slice(start, rows)) }
    }

    /// The column of a leaf, one of those that are used.
    /// A row whose bytes are no text is handed to `bad`.
    pub(super) fn column(&self, used: &UsedColumns, leaf: &Leaf, bad: impl FnMut(usize)) -> TypedColumn {
        let nanos = self.nanos.as_ref().filter(|_| leaf.is_wide).and_then(|nanos| array(&used.wide, nanos, leaf));
        TypedColumn::new(array(&used.roots, &self.whole, leaf).map(|array| as_texts(array, bad)), nanos)
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
