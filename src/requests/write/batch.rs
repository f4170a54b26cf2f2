//! Rows of a table as a batch of the Arrow crates.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field as ArrowField, Schema as ArrowSchema, TimeUnit};

use crate::read::Format;
use crate::table::{Column, Table};
use countersign_core::model::{FieldType, Schema, Value, Zone};
use countersign_core::text::Cells;

/// Digits of the largest amount of fen.
const MONEY_DIGITS: u8 = 19;

/// What a table's columns become in a format.
pub(super) struct BatchShape {
    pub(super) fields: Arc<ArrowSchema>,
    zone: Zone,
    cells: Cells,
}

impl BatchShape {
    pub(super) fn new(schema: &Schema, format: Format) -> Self {
        let typed = format == Format::Parquet;
        let kind = |kind: &FieldType| match kind {
            FieldType::Bool => DataType::Boolean,
            FieldType::Int => DataType::Int64,
            FieldType::Float => DataType::Float64,
            FieldType::Money if typed => DataType::Decimal128(MONEY_DIGITS, 2),
            FieldType::Time if typed => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            FieldType::Money | FieldType::Time | FieldType::Text | FieldType::Enum(_) => DataType::Utf8,
        };
        let fields: Vec<ArrowField> =
            schema.fields().map(|(_, name, field)| ArrowField::new(name, kind(&field.kind), field.optional)).collect();
        Self { fields: Arc::new(ArrowSchema::new(fields)), zone: schema.zone, cells: super::cells_of(format, Cells::Guarded) }
    }

    /// Some rows of a table of this shape's schema.
    pub(super) fn batch(&self, table: &Table, rows: Range<usize>) -> io::Result<RecordBatch> {
        let columns = self.fields.fields().iter().zip(table.columns());
        let arrays = columns.map(|(field, column)| self.array(field.data_type(), column, rows.clone())).collect();
        RecordBatch::try_new(self.fields.clone(), arrays).map_err(|error| io::Error::other(error.to_string()))
    }

    fn array(&self, kind: &DataType, column: &Column, rows: Range<usize>) -> ArrayRef {
        let values = rows.map(|row| column.value(row));
        match kind {
            DataType::Boolean => {
                let flag = |value| if let Value::Bool(flag) = value { Some(flag) } else { None };
                Arc::new(values.map(flag).collect::<BooleanArray>())
            }
            DataType::Int64 => Arc::new(values.map(|value| value.whole()).collect::<Int64Array>()),
            DataType::Float64 => {
                let float = |value| if let Value::Float(number) = value { Some(number) } else { None };
                Arc::new(values.map(float).collect::<Float64Array>())
            }
            DataType::Decimal128(..) => {
                let amounts: Decimal128Array = values.map(|value| value.whole().map(i128::from)).collect();
                Arc::new(amounts.with_data_type(kind.clone()))
            }
            DataType::Timestamp(..) => {
                let times: TimestampMicrosecondArray = values.map(|value| value.whole()).collect();
                Arc::new(times.with_data_type(kind.clone()))
            }
            _ => Arc::new(self.texts(values)),
        }
    }

    fn texts(&self, values: impl Iterator<Item = Value>) -> arrow_array::StringArray {
        let mut texts = StringBuilder::new();
        for value in values {
            match value {
                Value::Missing => texts.append_null(),
                Value::Text(text) => texts.append_value(self.cells.text(&text)),
                other => texts.append_value(other.show(self.zone)),
            }
        }
        texts.finish()
    }
}
