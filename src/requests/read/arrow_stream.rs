//! Requests that come as an Arrow IPC stream, handed out part by part while it lasts: memory holds a part, whatever the stream's length.
//!
//! Columns are understood as those of a Parquet file. A row that cannot be read keeps its place, so that there is an answer for each row.

use std::collections::VecDeque;
use std::io::Read;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread::{self, Scope};

use arrow_schema::DataType;

use super::arrow_messages::ArrowBatches;
use super::arrow_types::{plain_batch, plain_schema, rows_at_once};
use super::aside::AsideTally;
use super::collector::{numbered, put_numbers, taken_rows};
use super::column_notes::{self, ColumnNotes};
use super::guard::{gave_up, guarded};
use super::parquet::{TypedPlan, check_types, damaged, named, without_zone};
use super::parquet_batches::{Leaf, RowBatch, UsedColumns};
use super::pipeline::{self, ChunkWorker, ConvertedChunk};
use super::plan::{self, FieldOrigin, FileColumns, ReadPlan};
use super::plan_findings;
use super::{ReadError, ReadOptions};
use crate::kinds::UNSUPPORTED_COLUMN;
use crate::problem::refuse;
use crate::table::{Filler, Table};
use countersign_core::diagnostic::Finding;
use countersign_core::model::{FieldType, Schema, SetAside};
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// Some rows of a stream, in order.
pub struct StreamPart {
    /// Those that could be read.
    pub table: Table,
    /// Those between them that could not.
    pub unread: Vec<UnreadRow>,
}

/// A row that cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRow {
    /// Its place among all rows of its part, from 0.
    pub row: usize,
    /// Its key as the stream has it, where there is one.
    pub key: Option<String>,
    /// The column to blame.
    pub column: String,
}

/// What was read of a whole stream.
#[derive(Debug)]
pub struct StreamRead {
    /// The rows that cannot be decided.
    pub set_aside: Option<SetAside>,
    /// What is worth knowing of its columns.
    pub findings: Vec<Finding>,
}

/// Reads a stream to its end, and hands out its rows in parts of so many, or some thousands more; `each` may end it.
///
/// # Errors
/// The stream is none, is damaged or was cut, its columns do not fit the schema; [`ReadError::Cancelled`] also when `each` ends it. What
/// was handed out before is then not all.
pub fn read_stream(
    (name, source): (&str, &mut dyn Read),
    (schema, options): (&Arc<Schema>, &ReadOptions<'_>),
    rows: usize,
    each: &mut dyn FnMut(StreamPart) -> ControlFlow<()>,
    progress: &Progress,
) -> Result<StreamRead, ReadError> {
    if let Some(mapping) = options.mapping {
        let findings = mapping.check(schema, None);
        if !findings.is_empty() {
            return Err(findings.into());
        }
    }
    let mut batches = guarded(|| ArrowBatches::open(name, source))?;
    let (typed, mut findings) = plan(name, &batches, schema, options)?;
    let labels = typed.plan.noted_columns();
    let workers: Vec<ChunkWorker<'_, RowBatch>> =
        (0..options.threads.get()).map(|_| -> ChunkWorker<'_, RowBatch> { Box::new(|rows| Ok(typed.convert(&rows))) }).collect();
    thread::scope(|scope| {
        let mut parts = PartCollector::new((schema, options), (rows, each), scope);
        let mut pieces = Pieces { batches: &mut batches, ready: VecDeque::new() };
        let next = || {
            let piece = guarded(|| pieces.next(&typed.used)).map_err(|found| named(found, name))?;
            Ok(piece.map(RowBatch::with_size))
        };
        pipeline::run(workers, next, |chunk| parts.add(chunk), progress)?;
        if parts.in_part > 0 {
            parts.hand_out()?;
        }
        findings.extend(column_notes::findings(name, &labels, &parts.noted));
        Ok(StreamRead { set_aside: parts.tally.finish(parts.rows, schema), findings })
    })
}

/// Which column feeds which field, and what is worth knowing of that.
fn plan(
    name: &str,
    batches: &ArrowBatches<'_>,
    schema: &Arc<Schema>,
    options: &ReadOptions<'_>,
) -> Result<(TypedPlan, Vec<Finding>), Vec<Finding>> {
    let columns = plain_schema(&batches.schema);
    let mut leaves = Vec::new();
    for (root, field) in columns.fields().iter().enumerate() {
        Leaf::add((field.name().clone(), root, Vec::new()), field.data_type(), &std::collections::HashSet::new(), &mut leaves);
    }
    let names: Vec<String> = leaves.iter().map(|leaf| leaf.name.clone()).collect();
    let mut plan = ReadPlan::new(name, &FileColumns { names: &names, folders: &[] }, schema, options)?;
    if !plan.empty.is_empty() {
        let wanted = plan::wanted_columns(schema, options.mapping);
        return Err(plan.empty.iter().map(|(_, fault)| plan_findings::fault(name, fault, &wanted)).collect());
    }
    let mut findings = std::mem::take(&mut plan.findings);
    let used = UsedColumns::new(plan.used.iter().filter_map(|at| leaves.get(*at).cloned()).collect());
    check_types(name, &used)?;
    check_kinds(name, &plan, &used)?;
    findings.extend(plan.fields.iter().filter_map(|field| without_zone(name, field, &used, schema.zone)));
    Ok((TypedPlan { plan, used }, findings))
}

/// Refuses columns of flags and of times for fields that have other values: there no row could be read.
fn check_kinds(name: &str, plan: &ReadPlan, used: &UsedColumns) -> Result<(), Vec<Finding>> {
    let is_wrong = |kind: &DataType, field: &FieldType<_>| match field {
        FieldType::Int | FieldType::Money | FieldType::Float => kind.is_temporal() || *kind == DataType::Boolean,
        FieldType::Time => *kind == DataType::Boolean,
        FieldType::Bool => kind.is_temporal(),
        FieldType::Text | FieldType::Enum(_) => false,
    };
    let wrong = plan.fields.iter().filter_map(|field| {
        let FieldOrigin::Column(at) = field.place else { return None };
        let kind = &used.leaves.get(at)?.kind;
        is_wrong(kind, &field.rule.kind).then(|| wrong_kind(name, &field.label, (kind, field.rule.kind.name())))
    });
    let findings: Vec<Finding> = wrong.collect();
    if findings.is_empty() { Ok(()) } else { Err(findings) }
}

fn wrong_kind(name: &str, column: &str, (kind, field): (&DataType, &str)) -> Finding {
    refuse(
        UNSUPPORTED_COLUMN,
        format!("`{name}`: column `{column}` is of type {kind}, and its field of type {field}"),
        format!("`{name}`：列 `{column}` 的类型为 {kind}，而字段类型为 {field}"),
    )
    .with_help(LocalText::new(
        format!("send it as {field}, or name the column that is meant in a mapping"),
        format!("请以 {field} 传入，或在映射中指定正确的列"),
    ))
}

/// The rows of a stream in pieces that are converted at a time.
struct Pieces<'a, 'b> {
    batches: &'a mut ArrowBatches<'b>,
    ready: VecDeque<RowBatch>,
}

impl Pieces<'_, '_> {
    fn next(&mut self, used: &UsedColumns) -> Result<Option<RowBatch>, Vec<Finding>> {
        while self.ready.is_empty() {
            let Some(batch) = self.batches.next(&used.roots)? else { return Ok(None) };
            let plain = plain_schema(&batch.schema());
            let (most, all) = (rows_at_once(&batch), (0..used.roots.len()).collect::<Vec<_>>());
            for start in (0..batch.num_rows()).step_by(most) {
                let piece = batch.slice(start, most.min(batch.num_rows() - start));
                let whole = plain_batch(&piece, &all, &plain).map_err(|error| vec![damaged(&error)])?;
                let piece = RowBatch { whole, nanos: None };
                let lengths = piece.text_lengths(used);
                self.ready.extend(piece.parts(&lengths));
            }
        }
        Ok(self.ready.pop_front())
    }
}

/// Puts converted chunks together to parts.
struct PartCollector<'a, 'scope, 'env> {
    schema: &'a Arc<Schema>,
    threads: NonZeroUsize,
    scope: &'scope Scope<'scope, 'env>,
    filler: Filler<'scope>,
    most: usize,
    each: &'a mut dyn FnMut(StreamPart) -> ControlFlow<()>,
    unread: Vec<UnreadRow>,
    /// Rows of the open part and of the stream, unread ones too.
    in_part: usize,
    rows: u64,
    tally: AsideTally,
    noted: Vec<ColumnNotes>,
    numbered: Vec<usize>,
}

impl<'a, 'scope, 'env> PartCollector<'a, 'scope, 'env> {
    fn new(
        (schema, options): (&'a Arc<Schema>, &ReadOptions<'_>),
        (most, each): (usize, &'a mut dyn FnMut(StreamPart) -> ControlFlow<()>),
        scope: &'scope Scope<'scope, 'env>,
    ) -> Self {
        let threads = options.threads;
        let filler = Filler::new(schema.clone(), threads, scope);
        let numbered = numbered(schema, options.mapping);
        let (unread, tally, noted) = (Vec::new(), AsideTally::default(), Vec::new());
        Self { schema, threads, scope, filler, most, each, unread, in_part: 0, rows: 0, tally, noted, numbered }
    }

    fn add(&mut self, chunk: ConvertedChunk) -> Result<(), ReadError> {
        column_notes::add(&mut self.noted, chunk.noted.into_iter().enumerate());
        let mut bad = Vec::with_capacity(chunk.bad.len());
        for (mut problem, key) in chunk.bad.into_iter().zip(chunk.bad_keys) {
            let in_chunk = usize::try_from(problem.row).unwrap_or(usize::MAX);
            let column = problem.column.clone().unwrap_or_default();
            self.unread.push(UnreadRow { row: self.in_part + in_chunk, key, column });
            problem.row += self.rows + 1;
            bad.push(problem.row);
            self.tally.add(&problem);
        }
        let mut rows = taken_rows(self.rows + 1, &bad);
        let mut batches = Vec::with_capacity(chunk.blocks.len());
        for mut block in chunk.blocks {
            self.tally.know(&block.aside);
            put_numbers(&mut block, &self.numbered, &mut rows);
            batches.push(block.cells);
        }
        self.filler.append(batches);
        self.rows += chunk.rows;
        self.in_part += usize::try_from(chunk.rows).unwrap_or(usize::MAX);
        if self.in_part >= self.most { self.hand_out() } else { Ok(()) }
    }

    fn hand_out(&mut self) -> Result<(), ReadError> {
        let next = Filler::new(self.schema.clone(), self.threads, self.scope);
        let table = std::mem::replace(&mut self.filler, next).finish().ok_or_else(gave_up)?;
        self.in_part = 0;
        let part = StreamPart { table, unread: std::mem::take(&mut self.unread) };
        if (self.each)(part).is_break() { Err(ReadError::Cancelled) } else { Ok(()) }
    }
}
