//! Derived fields over a table of requests: each is computed once for a definition, from the table and the requests before it, and is
//! kept with the table.

mod contributions;
mod keys;
mod parity;
#[cfg(test)]
mod tests;
mod windows;

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

pub use contributions::{Contributions, contributions};
pub use parity::{Parity, ParityExample};

use crate::NotDecided;
use crate::batch::{BATCH, BatchScript, Cancelled, all_cores, each_batch, run_scripts};
use countersign_core::check::kinds::HISTORY_FAILED;
use countersign_core::diagnostic::Finding;
use countersign_core::engine::Engine;
use countersign_core::model::{
    CurrentRequest, Definition, FieldIndex, FieldType, HistoryField, HistoryFunction, HistoryWindow, Value,
};
use countersign_core::progress::Progress;
use countersign_core::script::Program;
use countersign_core::text::{LocalText, counted, grouped, share};
use countersign_requests::Table;
use countersign_requests::table::{Column, ColumnValues, ComputedColumn};
use keys::Codes;
use windows::{Count, Distinct, EndRow, Figure, FigureColumn, Groups, SinceLast, Smallest, SumResult, Sums, WindowInputs};

/// What a derived field's column is like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryFigures {
    /// The field's name.
    pub field: String,
    pub requests: u64,
    /// Requests whose window begins before the first request: a longer file could give another figure.
    pub incomplete: u64,
    /// How the file's own column of that name compares; none where the file has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parity: Option<Parity>,
}

impl HistoryFigures {
    /// What is worth knowing of it, in sentences without an end: incomplete windows, and how the file's own column compares.
    pub fn remarks(&self) -> Vec<LocalText> {
        let (name, all) = (&self.field, grouped(self.requests));
        let share = |part: u64| share(part, self.requests);
        let mut remarks = Vec::new();
        if self.incomplete > 0 {
            let (part, share) = (grouped(self.incomplete), share(self.incomplete));
            remarks.push(LocalText::new(
                format!("`{name}`: the window of {part} of {all} requests ({share}) begins before the first request, so earlier events may be missing"),
                format!("`{name}`：{all} 条请求中有 {part} 条（{share}）的窗口早于第一条请求，可能缺少更早的事件"),
            ));
        }
        if let Some(parity) = &self.parity {
            let (part, share) = (grouped(parity.different), share(parity.different));
            remarks.push(match parity.examples.first() {
                None => LocalText::new(
                    format!("`{name}`: equal to the file's column for all {all} requests"),
                    format!("`{name}`：全部 {all} 条请求与文件中的列一致"),
                ),
                Some(ParityExample { request, given, computed }) => LocalText::new(
                    format!(
                        "`{name}`: the file's column differs for {part} of {all} requests ({share}); the first is `{request}`: the file has `{given}`, computed is `{computed}`"
                    ),
                    format!(
                        "`{name}`：{all} 条请求中有 {part} 条（{share}）与文件中的列不同，第一条是 `{request}`：文件为 `{given}`，计算为 `{computed}`"
                    ),
                ),
            });
        }
        remarks
    }
}

/// Requests with their derived fields.
#[derive(Clone, Debug)]
pub struct WithHistory {
    pub table: Arc<Table>,
    /// One for each derived field, in order.
    pub figures: Vec<HistoryFigures>,
}

/// Computes the derived fields of `definition` for a table that has its fields. Those that were computed for the table before, by the same
/// definition, are taken over.
///
/// # Errors
/// [`NotDecided::Schema`] where one cannot be computed for a request; [`NotDecided::Cancelled`].
pub fn with_history(definition: &Definition, table: &Arc<Table>, progress: &Progress) -> Result<WithHistory, NotDecided> {
    let schema = &definition.schema;
    if !schema.has_derived() {
        return Ok(WithHistory { table: Arc::clone(table), figures: Vec::new() });
    }
    let fields = schema.history().map_err(|name| NotDecided::Schema(vec![undefined(&name)]))?;
    let names: Vec<String> = fields.iter().map(|field| schema.history_identity(field)).collect();
    let open: Vec<&HistoryField> =
        fields.iter().zip(&names).filter(|(_, name)| table.computed(name).is_none()).map(|(field, _)| field).collect();
    let mut made = HistoryInputs::new(definition, table, &open, progress)?.columns(&open, progress)?.into_iter();
    let mut columns = Vec::new();
    let mut figures = Vec::new();
    for (field, name) in fields.iter().zip(names) {
        let Some(column) = table.computed(&name).or_else(|| made.next()) else { continue };
        table.keep_computed(name, column.clone());
        figures.push(HistoryFigures {
            field: schema.name_of(field.field).unwrap_or_default(),
            requests: table.len() as u64,
            incomplete: column.incomplete as u64,
            parity: parity::parity(schema, field.field, table, &column.column),
        });
        columns.push((field.field, column.column));
    }
    Ok(WithHistory { table: Arc::new(table.replaced(Arc::new(schema.clone()), columns)), figures })
}

fn undefined(name: &str) -> Finding {
    let message = LocalText::new(
        format!("`{name}` cannot be computed: its definition names fields or a function that there are not"),
        format!("无法计算 `{name}`：其定义使用了不存在的字段或函数"),
    );
    let help =
        LocalText::new("run `countersign check`, and correct what it finds", "请运行 `countersign check` 并修正所发现的问题");
    Finding::new(HISTORY_FAILED, None, message).with_help(help)
}

/// What several derived fields are computed from.
struct HistoryInputs<'a> {
    definition: &'a Definition,
    table: &'a Table,
    /// The earlier requests, then the table.
    tables: Vec<&'a Table>,
    times: Vec<i64>,
    first: i64,
    /// Rows by key, by the fields of the key.
    groups: HashMap<Vec<FieldIndex>, Groups>,
    /// For each condition which rows meet it.
    conditions: Vec<Vec<bool>>,
}

/// The fields whose values together are the key.
fn key_fields(field: &HistoryField) -> Vec<FieldIndex> {
    let seen = if let HistoryFunction::IsFirst(of) = &field.derived.function { Some(*of) } else { None };
    field.derived.by.iter().copied().chain(seen).collect()
}

impl<'a> HistoryInputs<'a> {
    fn new(
        definition: &'a Definition,
        table: &'a Table,
        fields: &[&HistoryField],
        progress: &Progress,
    ) -> Result<Self, NotDecided> {
        let tables: Vec<&Table> = table.earlier().iter().map(Arc::as_ref).chain([table]).collect();
        let time = definition.schema.find(definition.schema.roles.time.as_str()).map(|(index, _)| index);
        let times = time.map(|time| keys::numbers(&tables, time).0).unwrap_or_default();
        let first = times.iter().copied().min().unwrap_or(0);
        let mut inputs = Self { definition, table, tables, times, first, groups: HashMap::new(), conditions: Vec::new() };
        if fields.is_empty() {
            return Ok(inputs);
        }
        inputs.conditions = inputs.conditions(fields, progress)?;
        let mut order: Vec<u32> = (0..u32::try_from(inputs.times.len()).unwrap_or(u32::MAX)).collect();
        let time_of = |row: &u32| inputs.times.get(*row as usize).copied();
        if !order.is_sorted_by_key(time_of) {
            // Equal times keep the order of the file.
            order.sort_by_key(time_of);
        }
        let mut codes: HashMap<FieldIndex, Codes> = HashMap::new();
        for field in fields {
            let key = key_fields(field);
            if inputs.groups.contains_key(&key) {
                continue;
            }
            for part in &key {
                codes.entry(*part).or_insert_with(|| keys::codes(&inputs.tables, *part));
            }
            let parts: Vec<&Codes> = key.iter().filter_map(|part| codes.get(part)).collect();
            let groups = match parts.as_slice() {
                [] => Groups::one(order.clone()),
                [one] => Groups::new(&order, one),
                [first, rest @ ..] => {
                    let joined = rest.iter().fold((*first).clone(), |joined, part| joined.with(part));
                    Groups::new(&order, &joined)
                }
            };
            inputs.groups.insert(key, groups);
        }
        Ok(inputs)
    }

    /// Which rows meet the conditions of these fields; of others nothing.
    fn conditions(&self, fields: &[&HistoryField], progress: &Progress) -> Result<Vec<Vec<bool>>, NotDecided> {
        let alone = self.definition.history_conditions();
        let mut held = vec![Vec::new(); alone.rule_set.invariants.len()];
        let wanted: Vec<usize> = fields.iter().filter_map(|field| field.condition).collect();
        if wanted.is_empty() {
            return Ok(held);
        }
        let program = Program::compile(&alone).program;
        let engine = Engine::new(Arc::new(alone), program);
        let scripts: Vec<BatchScript> = wanted.iter().map(|at| BatchScript::Condition(*at)).collect();
        for table in &self.tables {
            let made = run_scripts(&engine, table, &scripts, all_cores(), &progress.part())?;
            for (at, column) in wanted.iter().zip(made) {
                let Some(rows) = held.get_mut(*at) else { continue };
                let start = rows.len();
                rows.resize(start + table.len(), false);
                for (batch, chunk) in column.chunks.iter().enumerate() {
                    for (row, arm) in chunk.each() {
                        let row = batch * BATCH + row;
                        match column.arms.get(arm as usize) {
                            Some(Err(error)) => return Err(self.condition_failed(fields, *at, &table.key(row), error)),
                            Some(Ok(outcomes)) => {
                                if let Some(place) = rows.get_mut(start + row) {
                                    *place = !outcomes.is_empty();
                                }
                            }
                            None => {}
                        }
                    }
                }
            }
        }
        Ok(held)
    }

    fn condition_failed(&self, fields: &[&HistoryField], condition: usize, key: &str, error: &str) -> NotDecided {
        let field = fields.iter().find(|field| field.condition == Some(condition));
        let name = field.and_then(|field| self.definition.schema.name_of(field.field)).unwrap_or_default();
        let message = LocalText::new(
            format!("the condition of `{name}` fails for request `{key}`: {error}"),
            format!("请求 `{key}` 的派生字段 `{name}` 的条件执行失败：{error}"),
        );
        NotDecided::Schema(vec![Finding::new(HISTORY_FAILED, None, message)])
    }

    /// The columns of the fields, computed side by side.
    fn columns(&self, fields: &[&HistoryField], progress: &Progress) -> Result<Vec<ComputedColumn>, NotDecided> {
        let is_cancelled = || progress.is_cancelled();
        let work = |(): &mut (), at: usize| {
            let field = fields.get(at).ok_or(Cancelled)?;
            self.figures(field, &is_cancelled).ok_or(Cancelled)
        };
        let made = each_batch(fields.len(), all_cores(), || (), work)?.results;
        let failed: Vec<Finding> = fields.iter().zip(&made).filter_map(|(field, made)| self.overflow(field, made)).collect();
        if !failed.is_empty() {
            return Err(NotDecided::Schema(failed));
        }
        let columns = fields.iter().zip(made).map(|(field, made)| {
            let incomplete = made.incomplete;
            ComputedColumn { column: Arc::new(self.column(field, made)), incomplete }
        });
        Ok(columns.collect())
    }

    fn figures(&self, field: &HistoryField, is_cancelled: &dyn Fn() -> bool) -> Option<FigureColumn> {
        use HistoryFunction as H;
        let derived = &field.derived;
        let of = |of: &FieldIndex| keys::numbers(&self.tables, *of).0;
        match &derived.function {
            H::Count | H::IsFirst(_) => self.compute(field, &mut Count, is_cancelled),
            H::SecondsSinceLast => self.compute(field, &mut SinceLast, is_cancelled),
            H::CountDistinct(of) => self.compute(field, &mut Distinct::new(&keys::codes(&self.tables, *of)), is_cancelled),
            H::Sum(name) => self.compute(field, &mut Sums::new(&of(name), SumResult::Sum), is_cancelled),
            H::Mean(name) => {
                let result = if field.of == Some(FieldType::Money) { SumResult::MeanAmount } else { SumResult::Mean };
                self.compute(field, &mut Sums::new(&of(name), result), is_cancelled)
            }
            H::Min(name) => self.compute(field, &mut Smallest::new(&of(name), false), is_cancelled),
            H::Max(name) => self.compute(field, &mut Smallest::new(&of(name), true), is_cancelled),
            H::First(_) => self.compute(field, &mut EndRow::new(false), is_cancelled),
            H::Last(_) => self.compute(field, &mut EndRow::new(true), is_cancelled),
        }
    }

    fn compute(&self, field: &HistoryField, figure: &mut impl Figure, is_cancelled: &dyn Fn() -> bool) -> Option<FigureColumn> {
        let derived = &field.derived;
        let mut events = vec![true; self.times.len()];
        let mut only = |held: &[bool]| events.iter_mut().zip(held).for_each(|(event, held)| *event &= held);
        if let Some(held) = field.condition.and_then(|at| self.conditions.get(at)) {
            only(held);
        }
        if let Some(of) = derived.function.argument() {
            only(&keys::present(&self.tables, *of));
        }
        let since = if let HistoryWindow::Since(since) = &derived.over { Some(keys::numbers(&self.tables, *since)) } else { None };
        let inputs = WindowInputs {
            groups: self.groups.get(&key_fields(field))?,
            times: &self.times,
            events: &events,
            over: derived.over.map(|_| since.as_ref())?,
            includes_current: derived.current == CurrentRequest::Included,
            zone: self.definition.schema.zone,
            earlier: self.times.len() - self.table.len(),
            first: self.first,
        };
        inputs.compute(figure, is_cancelled)
    }

    /// The figures as values of the field.
    fn column(&self, field: &HistoryField, made: FigureColumn) -> Column {
        use HistoryFunction as H;
        let held = self.definition.schema.field(field.field);
        let kind = held.map_or(FieldType::Int, |held| held.kind.clone());
        let FigureColumn { numbers, present, .. } = made;
        let values = match &field.derived.function {
            H::IsFirst(_) => ColumnValues::Bools(numbers.iter().map(|count| *count == 0).collect()),
            H::First(of) | H::Last(of) => {
                let row = |(number, present): (&i64, &bool)| usize::try_from(*number).ok().filter(|_| *present);
                let value = |row: Option<usize>| row.map_or(Value::Missing, |row| keys::value(&self.tables, *of, row));
                ColumnValues::Any(numbers.iter().zip(&present).map(row).map(value).collect())
            }
            H::Mean(_) if kind == FieldType::Float => {
                ColumnValues::Floats(numbers.iter().map(|bits| f64::from_bits(bits.cast_unsigned())).collect())
            }
            H::Min(_) | H::Max(_) if kind == FieldType::Float => {
                ColumnValues::Floats(numbers.iter().map(|number| keys::number_of(*number)).collect())
            }
            _ => ColumnValues::Numbers(numbers),
        };
        Column::of(&kind, values, present)
    }

    fn overflow(&self, field: &HistoryField, made: &FigureColumn) -> Option<Finding> {
        let first = *made.failed.iter().min()?;
        let name = self.definition.schema.name_of(field.field).unwrap_or_default();
        let (count, key) = (made.failed.len() as u64, self.table.key(first));
        let message = LocalText::new(
            format!("the sum of `{name}` leaves 64 bits for {}, the first is `{key}`", counted(count, "request", "requests")),
            format!("{} 条请求的派生字段 `{name}` 求和超出 64 位，第一条是 `{key}`", grouped(count)),
        );
        let help = LocalText::new(
            "leave out impossible amounts by a condition `where`, or set these rows aside",
            "请用条件 `where` 排除不可能的金额，或搁置这些行",
        );
        Some(Finding::new(HISTORY_FAILED, None, message).with_help(help))
    }
}
