//! The sample generator: any number of synthetic signing requests, the same for the same seed on every machine.
//!
//! It knows the shipped schema's field names as data (`row`), and refuses a schema that lacks one or needs more.
//! What it imitates: a daily rhythm with one sale, a platform that spreads signings over five interfaces before the cutover and still
//! after it, customers who sign, try again, pay and unlink, rings on few devices and mobiles, missing values, labels that are known
//! for most. Counts and paid sums follow from the requests before, by the generator's own record.

mod clock;
mod fill;
mod history;
mod pay;
mod random;
mod row;
mod stream;
mod tables;
mod world;

use std::fmt;
use std::sync::Arc;

use self::random::Random;
use self::row::{NAMES, SampleCell, SampleRow};
use self::stream::{RowStream, Setting};
use super::table::{Table, TableBuilder};
use countersign_core::model::{Fen, FieldType, Schema, Timestamp, Value};
use countersign_core::progress::Progress;
use countersign_core::text::LocalText;

/// 2014-03-24T00:00:00+08:00, in seconds since 1970.
const CUTOVER: i64 = 1_395_590_400;
const DAY: i64 = 86_400;
/// However large the sample is, so many customers send it: what is remembered of them stays in memory.
const MOST_CUSTOMERS: u64 = 2_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    pub rows: u64,
    /// The same seed gives the same requests.
    pub seed: u64,
    /// The earliest a request may arrive.
    pub from: Timestamp,
    /// Just after the latest.
    pub until: Timestamp,
}

impl SampleOptions {
    /// Three weeks around the cutover of 24 March 2014, one before it and two after.
    pub fn new(rows: u64, seed: u64) -> Self {
        let at = |day: i64| Timestamp::from_micros((CUTOVER + day * DAY) * 1_000_000).unwrap_or(Timestamp::MIN);
        Self { rows, seed, from: at(-7), until: at(14) }
    }
}

/// Why no sample can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SampleError {
    /// The schema has a field that must have a value, and the generator does not know it.
    UnknownField(String),
    /// A field of the schema has another type than the generator fills it with, or lacks one of its values.
    OtherType(String),
    /// The schema lacks every field that the generator knows.
    ForeignSchema(String),
    /// The period ends before it begins, or has no whole second.
    EmptyPeriod,
    /// More rows than serial numbers of nine digits.
    TooMany,
    /// Cancelled by the user.
    Cancelled,
}

impl SampleError {
    /// What is wrong, in both languages.
    pub fn text(&self) -> LocalText {
        match self {
            Self::UnknownField(name) => LocalText::new(
                format!("the generator does not know the field `{name}`, which must have a value"),
                format!("生成器不认识必填字段 `{name}`"),
            ),
            Self::OtherType(name) => LocalText::new(
                format!("the generator fills the field `{name}` with values that the schema does not allow"),
                format!("生成器为字段 `{name}` 生成的值不符合请求结构"),
            ),
            Self::ForeignSchema(name) => LocalText::new(
                format!("the generator makes quick-payment signing requests, and the schema `{name}` is about something else"),
                format!("生成器只生成快捷支付签约请求，请求结构 `{name}` 与之无关"),
            ),
            Self::EmptyPeriod => LocalText::new("the period ends before it begins", "时间段的结束早于开始"),
            Self::TooMany => LocalText::new("a sample holds at most 999,999,999 requests", "样本最多 999,999,999 条请求"),
            Self::Cancelled => LocalText::new("cancelled", "已取消"),
        }
    }
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for SampleError {}

/// Makes a whole table of sample requests. Progress counts rows.
///
/// # Errors
/// See [`SampleError`].
pub fn generate(schema: &Arc<Schema>, options: SampleOptions, progress: &Progress) -> Result<Table, SampleError> {
    /// Rows between two looks at the progress.
    const STEP: u64 = 4_096;
    progress.set_total(options.rows);
    let mut table = TableBuilder::new(Arc::clone(schema));
    for (at, values) in (1..).zip(Sample::new(schema, options)?) {
        table.push(&values).map_err(|(name, _)| SampleError::OtherType(name))?;
        if at % STEP == 0 {
            progress.advance(STEP);
            if progress.is_cancelled() {
                return Err(SampleError::Cancelled);
            }
        }
    }
    progress.advance(options.rows % STEP);
    Ok(table.finish())
}

/// Sample requests one by one, each a value for every field in the schema's order.
#[derive(Debug)]
pub struct Sample {
    stream: RowStream,
    times: clock::Arrivals,
    columns: Vec<SampleColumn>,
}

/// Where a field's values come from: a position in [`NAMES`], and the texts of an enum, made once.
#[derive(Debug)]
struct SampleColumn {
    from: Option<usize>,
    names: Vec<Arc<str>>,
}

impl Sample {
    /// Makes ready; the rows come by iterating.
    ///
    /// # Errors
    /// See [`SampleError`].
    pub fn new(schema: &Schema, options: SampleOptions) -> Result<Self, SampleError> {
        let (from, until) = (options.from.micros().div_euclid(1_000_000), options.until.micros().div_euclid(1_000_000));
        if from >= until {
            return Err(SampleError::EmptyPeriod);
        }
        if options.rows > 999_999_999 {
            return Err(SampleError::TooMany);
        }
        let columns = columns(schema)?;
        let mut random = Random::new(options.seed, 1);
        let times = clock::arrivals(&mut random, options.rows, from, until, i64::from(schema.zone.seconds()));
        let rings = usize::try_from(options.rows / 1_250).unwrap_or(usize::MAX).clamp(12, 100_000);
        let customers = (options.rows * 2 / 5).clamp(100, MOST_CUSTOMERS);
        let setting = Setting { seed: options.seed, zone: schema.zone, from, until, cutover: CUTOVER, customers, rings };
        Ok(Self { stream: RowStream::new(setting), times, columns })
    }
}

impl Sample {
    /// The next requests, at most so many, as a table; none at the end.
    ///
    /// # Errors
    /// [`SampleError::OtherType`]: a value does not fit `schema`, the one it was made ready for.
    pub fn table(&mut self, schema: &Arc<Schema>, rows: usize) -> Result<Option<Table>, SampleError> {
        let mut table = TableBuilder::new(Arc::clone(schema));
        for values in self.take(rows) {
            table.push(&values).map_err(|(name, _)| SampleError::OtherType(name))?;
        }
        Ok((!table.is_empty()).then(|| table.finish()))
    }
}

impl Iterator for Sample {
    type Item = Vec<Value>;

    fn next(&mut self) -> Option<Vec<Value>> {
        let row = self.stream.next(self.times.next()?);
        Some(self.columns.iter().map(|column| column.value(&row)).collect())
    }
}

impl SampleColumn {
    fn value(&self, row: &SampleRow) -> Value {
        let cell = self.from.map_or(SampleCell::Missing, |from| row.get(from));
        match cell {
            SampleCell::Missing => Value::Missing,
            SampleCell::Bool(value) => Value::Bool(value),
            SampleCell::Int(value) => Value::Int(value),
            SampleCell::Money(fen) => Value::Money(Fen(fen)),
            SampleCell::Time(micros) => Timestamp::from_micros(micros).map_or(Value::Missing, Value::Time),
            SampleCell::Name(name) => {
                let known = self.names.iter().find(|known| known.as_ref() == name);
                Value::Text(known.map_or_else(|| name.into(), Arc::clone))
            }
            SampleCell::Hash(_) | SampleCell::Address(_) | SampleCell::Serial(..) => {
                let mut text = String::with_capacity(32);
                cell.write_text(&mut text);
                Value::Text(text.into())
            }
        }
    }
}

/// Ties the schema's fields to the generator's.
fn columns(schema: &Schema) -> Result<Vec<SampleColumn>, SampleError> {
    let mut columns = Vec::new();
    for (_, name, field) in schema.fields() {
        let from = NAMES.iter().position(|known| *known == name);
        if from.is_none() && !field.optional {
            return Err(SampleError::UnknownField(name));
        }
        let names = match &field.kind {
            FieldType::Enum(values) => values.names().map(Into::into).collect(),
            _ => Vec::new(),
        };
        columns.push(SampleColumn { from, names });
    }
    if columns.iter().all(|column| column.from.is_none()) {
        return Err(SampleError::ForeignSchema(schema.name.clone()));
    }
    Ok(columns)
}

#[cfg(test)]
mod tests;
