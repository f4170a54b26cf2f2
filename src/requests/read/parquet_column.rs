//! A typed column of a Parquet file as values of a field: directly where the types fit, else by way of text.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, StringArray, StringViewArray, new_empty_array};
use arrow_schema::{DataType, TimeUnit};

use super::convert::{Observed, fill};
use super::rule::{Fault, Kind, Rule};
use crate::model::{Timestamp, Zone};
use crate::requests::mapping::MoneyUnit;
use crate::requests::table::{CellData, Cells};

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// From here on not every whole number has a floating-point number of its own.
const WHOLE_32: f32 = 16_777_216.0;
const WHOLE_64: f64 = 9_007_199_254_740_992.0;

/// Whether a column of that type can be read.
pub(super) fn is_supported(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8View | DataType::Null | DataType::Boolean | DataType::Date32)
        || matches!(kind, DataType::Decimal128(..) | DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_))
        || kind.is_integer()
        || matches!(kind, DataType::Float32 | DataType::Float64)
}

/// A column of one batch.
pub(super) struct Column {
    array: ArrayRef,
}

impl Column {
    /// `None` for a column that is not in the batch.
    pub(super) fn new(array: Option<ArrayRef>) -> Self {
        Self { array: array.unwrap_or_else(|| new_empty_array(&DataType::Null)) }
    }

    /// The values where they are text already.
    pub(super) fn views(&self) -> Option<&StringViewArray> {
        self.array.as_string_view_opt()
    }

    /// The values as text, with times in `zone`.
    pub(super) fn as_text(&self, zone: Zone) -> StringArray {
        (0..self.array.len()).map(|row| text(&self.array, row, zone)).collect()
    }

    /// The values without a way round by text, where the types fit and the mapping changes nothing.
    pub(super) fn direct(&self, rule: &Rule, field: usize, observed: &mut Observed) -> Option<Cells> {
        if !rule.is_plain() {
            return None;
        }
        let array = &self.array;
        let show = |row| text(array, row, rule.zone()).unwrap_or_default();
        match (&rule.kind, array.data_type()) {
            (Kind::Bool { .. }, DataType::Boolean) => {
                let flags = array.as_boolean();
                let (data, present) = fill(rule, field, flags.iter(), false, Ok, show, observed);
                Some(Cells { data: CellData::Bools(data), present })
            }
            (Kind::Int | Kind::Money(MoneyUnit::Fen), kind) if kind.is_integer() => self.whole(rule, field, show, observed),
            (Kind::Money(MoneyUnit::Yuan), DataType::Decimal128(_, scale)) => {
                let scale = *scale;
                self.numbers::<Decimal128Type>(rule, field, move |number| fen(number, scale), show, observed)
            }
            (Kind::Float, DataType::Float64) => self.floats::<Float64Type>(rule, field, |number| number, show, observed),
            (Kind::Float, DataType::Float32) => self.floats::<Float32Type>(rule, field, f64::from, show, observed),
            (Kind::Time { zone, .. }, kind) => self.times(rule, field, *zone, kind, show, observed),
            _ => None,
        }
    }

    fn whole(&self, rule: &Rule, field: usize, show: impl Fn(usize) -> String, observed: &mut Observed) -> Option<Cells> {
        match self.array.data_type() {
            DataType::Int8 => self.numbers::<Int8Type>(rule, field, |number| Ok(i64::from(number)), show, observed),
            DataType::Int16 => self.numbers::<Int16Type>(rule, field, |number| Ok(i64::from(number)), show, observed),
            DataType::Int32 => self.numbers::<Int32Type>(rule, field, |number| Ok(i64::from(number)), show, observed),
            DataType::Int64 => self.numbers::<Int64Type>(rule, field, Ok, show, observed),
            DataType::UInt8 => self.numbers::<UInt8Type>(rule, field, |number| Ok(i64::from(number)), show, observed),
            DataType::UInt16 => self.numbers::<UInt16Type>(rule, field, |number| Ok(i64::from(number)), show, observed),
            DataType::UInt32 => self.numbers::<UInt32Type>(rule, field, |number| Ok(i64::from(number)), show, observed),
            DataType::UInt64 => self.numbers::<UInt64Type>(
                rule,
                field,
                |number| i64::try_from(number).map_err(|_| Fault::OutOfRange),
                show,
                observed,
            ),
            _ => None,
        }
    }

    fn times(
        &self,
        rule: &Rule,
        field: usize,
        zone: Zone,
        kind: &DataType,
        show: impl Fn(usize) -> String,
        observed: &mut Observed,
    ) -> Option<Cells> {
        let offset = match kind {
            DataType::Timestamp(_, Some(_)) => 0,
            // A time without a zone is in the schema's, or the mapping's.
            _ => i64::from(zone.seconds()) * 1_000_000,
        };
        let scaled = move |number: i64, scale: i64| instant(number.checked_mul(scale), offset);
        match kind {
            DataType::Timestamp(TimeUnit::Second, _) => {
                self.numbers::<TimestampSecondType>(rule, field, |n| scaled(n, 1_000_000), show, observed)
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                self.numbers::<TimestampMillisecondType>(rule, field, |n| scaled(n, 1_000), show, observed)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.numbers::<TimestampMicrosecondType>(rule, field, |n| scaled(n, 1), show, observed)
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                let micros = move |n: i64| if n % 1_000 == 0 { scaled(n / 1_000, 1) } else { Err(Fault::TooFine) };
                self.numbers::<TimestampNanosecondType>(rule, field, micros, show, observed)
            }
            DataType::Date32 => self.numbers::<Date32Type>(rule, field, |days| scaled(i64::from(days), DAY), show, observed),
            _ => None,
        }
    }

    fn numbers<T: ArrowPrimitiveType>(
        &self,
        rule: &Rule,
        field: usize,
        read: impl Fn(T::Native) -> Result<i64, Fault>,
        show: impl Fn(usize) -> String,
        observed: &mut Observed,
    ) -> Option<Cells> {
        let (data, present) = fill(rule, field, self.array.as_primitive_opt::<T>()?.iter(), 0, read, show, observed);
        Some(Cells { data: CellData::Numbers(data), present })
    }

    fn floats<T: ArrowPrimitiveType>(
        &self,
        rule: &Rule,
        field: usize,
        widen: impl Fn(T::Native) -> f64,
        show: impl Fn(usize) -> String,
        observed: &mut Observed,
    ) -> Option<Cells> {
        let finite = |number| Some(widen(number)).filter(|number| number.is_finite()).ok_or(Fault::NotThat);
        let (data, present) = fill(rule, field, self.array.as_primitive_opt::<T>()?.iter(), 0.0, finite, show, observed);
        Some(Cells { data: CellData::Floats(data), present })
    }
}

/// A decimal number of yuan as fen, exactly or not at all.
fn fen(number: i128, scale: i8) -> Result<i64, Fault> {
    let power = 10_i128.checked_pow(u32::from((2 - i16::from(scale)).unsigned_abs())).ok_or(Fault::OutOfRange)?;
    let fen = if scale <= 2 {
        number.checked_mul(power)
    } else if number % power == 0 {
        Some(number / power)
    } else {
        return Err(Fault::NotThat);
    };
    fen.and_then(|fen| i64::try_from(fen).ok()).ok_or(Fault::OutOfRange)
}

fn instant(local: Option<i64>, offset: i64) -> Result<i64, Fault> {
    let micros = local.and_then(|local| local.checked_sub(offset)).and_then(Timestamp::from_micros);
    micros.map(Timestamp::micros).ok_or(Fault::OutOfRange)
}

/// One value as the text a CSV file would have; none for missing values.
fn text(array: &ArrayRef, row: usize, zone: Zone) -> Option<String> {
    if row >= array.len() || array.is_null(row) {
        return None;
    }
    let zoned = |micros: Option<i64>| micros.and_then(Timestamp::from_micros).map(|time| zone.format(time));
    match array.data_type() {
        DataType::Utf8View => Some(array.as_string_view().value(row).to_owned()),
        DataType::Boolean => Some(array.as_boolean().value(row).to_string()),
        DataType::Int8 => Some(array.as_primitive::<Int8Type>().value(row).to_string()),
        DataType::Int16 => Some(array.as_primitive::<Int16Type>().value(row).to_string()),
        DataType::Int32 => Some(array.as_primitive::<Int32Type>().value(row).to_string()),
        DataType::Int64 => Some(array.as_primitive::<Int64Type>().value(row).to_string()),
        DataType::UInt8 => Some(array.as_primitive::<UInt8Type>().value(row).to_string()),
        DataType::UInt16 => Some(array.as_primitive::<UInt16Type>().value(row).to_string()),
        DataType::UInt32 => Some(array.as_primitive::<UInt32Type>().value(row).to_string()),
        DataType::UInt64 => Some(array.as_primitive::<UInt64Type>().value(row).to_string()),
        DataType::Float32 => {
            let number = array.as_primitive::<Float32Type>().value(row);
            Some(if number.abs() < WHOLE_32 { number.to_string() } else { rounded(number.into()) })
        }
        DataType::Float64 => {
            let number = array.as_primitive::<Float64Type>().value(row);
            Some(if number.abs() < WHOLE_64 { number.to_string() } else { rounded(number) })
        }
        DataType::Decimal128(..) => Some(array.as_primitive::<Decimal128Type>().value_as_string(row)),
        DataType::Date32 => {
            let local = i64::from(array.as_primitive::<Date32Type>().value(row)).checked_mul(DAY);
            local.and_then(Timestamp::from_micros).map(|time| Zone::default().civil(time).date().to_string())
        }
        DataType::Timestamp(unit, known) => {
            let scaled = match unit {
                TimeUnit::Second => array.as_primitive::<TimestampSecondType>().value(row).checked_mul(1_000_000),
                TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().value(row).checked_mul(1_000),
                TimeUnit::Microsecond => Some(array.as_primitive::<TimestampMicrosecondType>().value(row)),
                TimeUnit::Nanosecond => Some(array.as_primitive::<TimestampNanosecondType>().value(row) / 1_000),
            };
            let offset = if known.is_some() { 0 } else { i64::from(zone.seconds()) * 1_000_000 };
            zoned(scaled.and_then(|local| local.checked_sub(offset)))
        }
        DataType::Time32(TimeUnit::Millisecond) => {
            clock(i64::from(array.as_primitive::<Time32MillisecondType>().value(row)) * 1_000)
        }
        DataType::Time64(TimeUnit::Microsecond) => clock(array.as_primitive::<Time64MicrosecondType>().value(row)),
        DataType::Time64(TimeUnit::Nanosecond) => clock(array.as_primitive::<Time64NanosecondType>().value(row) / 1_000),
        _ => None,
    }
}

/// A number that may have lost digits, in a form that says so: `6.2e+18`. Words for what is no number stay.
fn rounded(number: f64) -> String {
    if number.is_finite() { format!("{number:e}").replacen('e', "e+", 1) } else { number.to_string() }
}

/// A time of day as `12:07:06`.
fn clock(micros: i64) -> Option<String> {
    let time = Timestamp::from_micros(micros).filter(|_| (0..DAY).contains(&micros))?;
    Some(Zone::default().civil(time).time().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_fen_exactly_or_not_at_all() {
        assert_eq!(fen(500_000, 2), Ok(500_000));
        assert_eq!(fen(5_000, 0), Ok(500_000));
        assert_eq!(fen(5_000_100, 4), Ok(50_001));
        assert_eq!(fen(5_000_150, 4), Err(Fault::NotThat));
        assert_eq!(fen(i128::MAX, 0), Err(Fault::OutOfRange));
        assert_eq!(fen(5, -3), Ok(500_000));
        assert_eq!(fen(1, -128), Err(Fault::OutOfRange));
    }
}
