//! A typed column of a Parquet file or an Arrow stream as the values it has, each exactly.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time32MillisecondType, Time32SecondType,
    Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, StringViewArray, new_empty_array};
use arrow_buffer::i256;
use arrow_schema::{DataType, TimeUnit};

use super::given::RawValue;

const MILLIS_OF_DAY: i64 = 86_400_000;

/// Gives the value of a row.
pub(super) type ValueReader<'a> = Box<dyn Fn(usize) -> Option<RawValue<'a>> + 'a>;

/// Whether a column of that type can be read.
pub(super) fn is_supported(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8View | DataType::Null | DataType::Boolean | DataType::Date32 | DataType::Date64)
        || kind.is_decimal()
        || matches!(kind, DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_))
        || kind.is_integer()
        || kind.is_floating()
}

pub(super) struct TypedColumn {
    array: ArrayRef,
    /// Of a column of 96-bit times, whose array has the whole seconds: nanoseconds since 1970 as far as 64 bits go.
    nanos: Option<ArrayRef>,
}

impl TypedColumn {
    /// `None` for a column that is not in the batch.
    pub(super) fn new(array: Option<ArrayRef>, nanos: Option<ArrayRef>) -> Self {
        Self { array: array.unwrap_or_else(|| new_empty_array(&DataType::Null)), nanos }
    }

    /// The values where they are text.
    pub(super) fn views(&self) -> Option<&StringViewArray> {
        self.array.as_string_view_opt()
    }

    /// Gives the values row by row; none for missing ones, and for types that cannot be read.
    pub(super) fn reader(&self) -> ValueReader<'_> {
        let array = &self.array;
        match array.data_type() {
            DataType::Utf8View => {
                let texts = array.as_string_view();
                Box::new(move |row| (row < texts.len() && texts.is_valid(row)).then(|| RawValue::Text(texts.value(row))))
            }
            DataType::Boolean => {
                let flags = array.as_boolean();
                Box::new(move |row| (row < flags.len() && flags.is_valid(row)).then(|| RawValue::Bool(flags.value(row))))
            }
            DataType::Int8 => self.of::<Int8Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::Int16 => self.of::<Int16Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::Int32 => self.of::<Int32Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::Int64 => self.of::<Int64Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::UInt8 => self.of::<UInt8Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::UInt16 => self.of::<UInt16Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::UInt32 => self.of::<UInt32Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::UInt64 => self.of::<UInt64Type>(|number| RawValue::Whole(i128::from(number))),
            DataType::Float16 => self.of::<Float16Type>(|number| RawValue::Single(number.to_f32())),
            DataType::Float32 => self.of::<Float32Type>(RawValue::Single),
            DataType::Float64 => self.of::<Float64Type>(RawValue::Double),
            DataType::Decimal32(_, scale) => {
                let scale = *scale;
                self.of::<Decimal32Type>(move |digits| RawValue::Decimal(i256::from_i128(digits.into()), scale))
            }
            DataType::Decimal64(_, scale) => {
                let scale = *scale;
                self.of::<Decimal64Type>(move |digits| RawValue::Decimal(i256::from_i128(digits.into()), scale))
            }
            DataType::Decimal128(_, scale) => {
                let scale = *scale;
                self.of::<Decimal128Type>(move |digits| RawValue::Decimal(i256::from_i128(digits), scale))
            }
            DataType::Decimal256(_, scale) => {
                let scale = *scale;
                self.of::<Decimal256Type>(move |digits| RawValue::Decimal(digits, scale))
            }
            DataType::Date32 => self.of::<Date32Type>(|day| RawValue::Day(i64::from(day))),
            DataType::Date64 => self.of::<Date64Type>(|millis| RawValue::Day(millis.div_euclid(MILLIS_OF_DAY))),
            DataType::Timestamp(unit, zone) => self.moments(*unit, zone.is_some()),
            DataType::Time32(TimeUnit::Second) => {
                self.of::<Time32SecondType>(|seconds| RawValue::TimeReader(i128::from(seconds) * 1_000_000_000))
            }
            DataType::Time32(TimeUnit::Millisecond) => {
                self.of::<Time32MillisecondType>(|millis| RawValue::TimeReader(i128::from(millis) * 1_000_000))
            }
            DataType::Time64(TimeUnit::Microsecond) => {
                self.of::<Time64MicrosecondType>(|micros| RawValue::TimeReader(i128::from(micros) * 1_000))
            }
            DataType::Time64(TimeUnit::Nanosecond) => {
                self.of::<Time64NanosecondType>(|nanos| RawValue::TimeReader(i128::from(nanos)))
            }
            _ => Box::new(|_| None),
        }
    }

    fn moments(&self, unit: TimeUnit, zoned: bool) -> ValueReader<'_> {
        let moment = move |nanos| RawValue::Moment { nanos, zoned };
        match unit {
            TimeUnit::Second => {
                let Some(nanos) = &self.nanos else {
                    return self.of::<TimestampSecondType>(move |seconds| moment(i128::from(seconds) * 1_000_000_000));
                };
                let (seconds, nanos) = (values::<TimestampSecondType>(&self.array), values::<TimestampNanosecondType>(nanos));
                Box::new(move |row| Some(moment(whole_time(seconds(row)?, nanos(row)?))))
            }
            TimeUnit::Millisecond => self.of::<TimestampMillisecondType>(move |millis| moment(i128::from(millis) * 1_000_000)),
            TimeUnit::Microsecond => self.of::<TimestampMicrosecondType>(move |micros| moment(i128::from(micros) * 1_000)),
            TimeUnit::Nanosecond => self.of::<TimestampNanosecondType>(move |nanos| moment(i128::from(nanos))),
        }
    }

    fn of<'a, T: ArrowPrimitiveType>(&'a self, give: impl Fn(T::Native) -> RawValue<'a> + 'a) -> ValueReader<'a> {
        let value = values::<T>(&self.array);
        Box::new(move |row| value(row).map(&give))
    }
}

fn values<T: ArrowPrimitiveType>(array: &ArrayRef) -> impl Fn(usize) -> Option<T::Native> + '_ {
    let array: Option<&PrimitiveArray<T>> = array.as_primitive_opt();
    move |row| array.filter(|array| row < array.len() && array.is_valid(row)).map(|array| array.value(row))
}

/// A 96-bit time in nanoseconds since 1970: from its whole seconds, and its nanoseconds of which 64 bits are known.
fn whole_time(seconds: i64, nanos: i64) -> i128 {
    let rest = nanos.wrapping_sub(seconds.wrapping_mul(1_000_000_000));
    i128::from(seconds) * 1_000_000_000 + i128::from(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_times_are_whole_where_their_nanoseconds_are_not() {
        for whole in [0_i128, 1_395_590_400_000_000_000, 253_402_214_400_123_456_789, -62_135_596_800_000_000_001, 1 << 80] {
            let seconds = i64::try_from(whole / 1_000_000_000).unwrap();
            let nanos = i64::from_le_bytes(whole.to_le_bytes()[..8].try_into().unwrap());
            assert_eq!(whole_time(seconds, nanos), whole);
        }
    }
}
