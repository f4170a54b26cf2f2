//! Parquet by the parquet crate: batches of typed columns, whose values the plan converts.
//!
//! The crate is strict about most damage but may panic on some: every call runs guarded. What a small file claims to unfold to is
//! bounded before it is unfolded.

use arrow_schema::DataType;

use super::cell_fault::CellFault;
use super::collector::{Collector, FileTask};
use super::convert::BadCell;
use super::first::RawRows;
use super::guard::guarded;
use super::parquet_batches::{Metadata, RowBatch, RowBatches, UsedColumns};
use super::parquet_bytes::ParquetBytes;
use super::parquet_pages::{self, BATCH, Pages};
use super::pipeline::{ChunkRows, ChunkWorker, ConvertedChunk, problem};
use super::plan::{FieldOrigin, FieldSourcePlan, FileColumns, ReadPlan, Texts};
use super::typed_column::{self, TypedColumn};
use super::{Input, ReadError};
use crate::kinds::{DAMAGED_FILE, INT96_TIMES, TIMES_WITHOUT_ZONE};
use crate::problem::{refuse, unsupported_column};
use countersign_core::diagnostic::Finding;
use countersign_core::model::Zone;
use countersign_core::text::LocalText;

pub(super) fn read(task: &FileTask<'_, '_>, gatherer: &mut Collector<'_, '_, '_, '_, '_>) -> Result<(), ReadError> {
    let FileTask { file: found, schema, options, .. } = *task;
    let name = &found.name;
    let mut file = ParquetBytes::new(found.bytes.clone());
    let (metadata, columns) = guarded(|| Metadata::open(name, &file)).map_err(|found| named(found, name))?;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let known = FileColumns { names: &names, folders: &found.folders };
    let mut plan = ReadPlan::new(name, &known, schema, options)?;
    gatherer.note(std::mem::take(&mut plan.findings));
    plan.hashers.clone_from(&task.hashers);
    let noted = plan.noted_columns();
    let used = UsedColumns::new(plan.used.iter().filter_map(|at| columns.get(*at).cloned()).collect());
    gatherer.note(plan.fields.iter().filter_map(|field| without_zone(name, field, &used, schema.zone)));
    check_types(name, &used)?;
    let rows = u64::try_from(metadata.whole.metadata().file_metadata().num_rows()).unwrap_or(0).max(1);
    let size = found.bytes.len();
    let whole = gatherer.is_whole() && options.rows.is_none();
    parquet_pages::check_rows(name, (rows, used.leaves.len()), (size, whole))?;
    let pages = guarded(|| Pages::of(name, &file, metadata.whole.metadata(), &used.roots, options.rows.unwrap_or(BATCH)))?;
    file.claims.clone_from(&pages.claims);
    let bytes_of = |batch: usize| (u128::from(size) * batch as u128 / u128::from(rows)).try_into().unwrap_or(0);
    let most = options.rows;
    let start = || RowBatches::start(&file, &metadata, &used, (most, pages.batch));
    let mut batches = guarded(start).map_err(|found| named(found, name))?;
    batches.left = parquet_pages::most_unfolded(size, whole);
    batches.most = batches.left;
    let shape = TypedPlan { plan, used };
    let workers: Vec<ChunkWorker<'_, RowBatch>> = (0..options.threads.get())
        .map(|_| -> ChunkWorker<'_, RowBatch> {
            Box::new(|batch| Ok(ConvertedChunk { bytes: bytes_of(batch.whole.num_rows()), ..shape.convert(&batch) }))
        })
        .collect();
    let next = || {
        let part = guarded(|| batches.next_part(name, &shape.used)).map_err(ReadError::from)?;
        Ok(part.map(RowBatch::with_size))
    };
    gatherer.run((0, noted), workers, next)
}

/// Refuses columns whose type no field can have.
pub(super) fn check_types(name: &str, used: &UsedColumns) -> Result<(), Vec<Finding>> {
    let unreadable = used.leaves.iter().filter(|leaf| !is_readable(&leaf.kind));
    let findings: Vec<Finding> = unreadable.map(|leaf| unsupported_column(name, &leaf.name, &leaf.kind.to_string())).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

/// Whether a column can be read, texts without the mark of UTF-8 among them.
fn is_readable(kind: &DataType) -> bool {
    matches!(kind, DataType::BinaryView) || typed_column::is_supported(kind)
}

/// That the times of a column have no zone and the mapping names none for the field: they are read in `zone`, that of the schema.
pub(super) fn without_zone(file: &str, field: &FieldSourcePlan, used: &UsedColumns, zone: Zone) -> Option<Finding> {
    let FieldOrigin::Column(at) = field.place else { return None };
    let leaf = used.leaves.get(at)?;
    if !field.rule.is_time() || field.has_own_zone || !matches!(leaf.kind, DataType::Timestamp(_, None)) {
        return None;
    }
    let column = &field.label;
    let (kind, en, zh) = if leaf.is_wide {
        (INT96_TIMES, "96-bit times (INT96)", "96 位时间戳（INT96）")
    } else {
        (TIMES_WITHOUT_ZONE, "times", "时间戳")
    };
    let message = LocalText::new(
        format!("`{file}`, column `{column}`: {en} without a zone are read as times of {zone}"),
        format!("`{file}` 列 `{column}`：{zh}没有时区，按 {zone} 的时间读取"),
    );
    let (utc, local) = (field.advice.line_with_zone(Zone::default()), field.advice.line_with_zone(zone));
    let help = LocalText::new(
        format!("if the file has them in UTC, as Spark writes them, write `{utc}` in the mapping; otherwise `{local}`"),
        format!("若文件中为 UTC 时间（Spark 即如此写出），请在映射中写 `{utc}`；否则请写 `{local}`"),
    );
    Some(Finding::new(kind, None, message).with_help(help))
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
pub(super) fn named(mut findings: Vec<Finding>, name: &str) -> Vec<Finding> {
    for finding in &mut findings {
        finding.message = LocalText::new(format!("`{name}`: {}", finding.message.en), format!("`{name}`：{}", finding.message.zh));
    }
    findings
}

/// Characters of a cell of the first rows.
const LONGEST_SHOWN: usize = 10_000;

/// The first rows as texts; a column whose type no field can have is empty.
pub(super) fn first(input: &Input, most: usize) -> Result<RawRows, Vec<Finding>> {
    let Some(first) = input.files.first() else { return Err(Vec::new()) };
    let mut file = ParquetBytes::new(first.bytes.clone());
    let read = guarded(|| {
        let (metadata, leaves) = Metadata::open(&first.name, &file)?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let used = UsedColumns::new(leaves);
        let pages = Pages::of(&first.name, &file, metadata.whole.metadata(), &used.roots, most)?;
        file.claims.clone_from(&pages.claims);
        let mut batches = RowBatches::start(&file, &metadata, &used, (Some(most), pages.batch))?;
        while let Some(batch) = batches.next()? {
            let columns: Vec<TypedColumn> = used.leaves.iter().map(|leaf| batch.column(&used, leaf, |_| ())).collect();
            let readers: Vec<_> = columns.iter().map(TypedColumn::reader).collect();
            let cell = |read: &typed_column::ValueReader<'_>, row| {
                read(row).map(|given| given.to_string().chars().take(LONGEST_SHOWN).collect()).unwrap_or_default()
            };
            rows.extend((0..batch.whole.num_rows()).map(|row| readers.iter().map(|read| cell(read, row)).collect()));
        }
        Ok((used.leaves.into_iter().map(|leaf| leaf.name).collect(), rows, None))
    });
    read.map_err(|found| named(found, &first.name))
}

/// What every worker knows of the typed columns.
pub(super) struct TypedPlan {
    pub(super) plan: ReadPlan,
    /// The needed columns, in the order of [`ReadPlan::used`].
    pub(super) used: UsedColumns,
}

impl TypedPlan {
    pub(super) fn convert(&self, batch: &RowBatch) -> ConvertedChunk {
        let rows = batch.whole.num_rows();
        let (mut columns, mut no_text) = (Vec::with_capacity(self.used.leaves.len()), Vec::new());
        for (at, leaf) in self.used.leaves.iter().enumerate() {
            let feeds = |(_, field): &(usize, &FieldSourcePlan)| field.place.columns().contains(&at);
            let fields: Vec<usize> = self.plan.fields.iter().enumerate().filter(feeds).map(|(field, _)| field).collect();
            let bad = |row| BadCell { row, field: 0, text: String::new(), fault: CellFault::NotText, help: None };
            let cells = |row| fields.iter().map(move |field| BadCell { field: *field, ..bad(row) });
            columns.push(batch.column(&self.used, leaf, |row| no_text.extend(cells(row))));
        }
        let texts: Vec<Texts<'_>> = columns.iter().map(Texts::Typed).collect();
        let mut converted = ChunkRows::default();
        converted.add_with(&self.plan, &texts, rows, no_text);
        let mut bad = converted.bad;
        bad.dedup_by_key(|cell: &mut BadCell| cell.row);
        let key = self.plan.key.and_then(|at| self.plan.fields.get(at)).map(|field| field.place.columns());
        let key = key.and_then(|at| if let [at] = at { columns.get(*at) } else { None }).map(TypedColumn::reader);
        let bad_keys = bad.iter().map(|cell| Some(key.as_ref()?(cell.row)?.to_string())).collect();
        let bad = bad.iter().map(|cell| problem(&self.plan, cell, cell.row as u64, None, String::new())).collect();
        ConvertedChunk {
            blocks: converted.blocks,
            rows: rows as u64,
            lines: 0,
            bytes: 0,
            bad,
            bad_keys,
            noted: converted.noted,
            faults: converted.faults,
        }
    }
}
