//! Columns of an Arrow stream in the forms that those of a Parquet file are decoded to: texts as views, dictionaries written out.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryViewArray, RecordBatch, StringViewArray, StructArray, new_null_array};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema as ArrowSchema, SchemaRef};

use super::convert::FAR_TOO_LONG;
use super::parquet_batches::TEXTS;

/// Rows that are written out at a time, where no dictionary holds a long text.
const MOST_ROWS: usize = 8_192;

/// The columns of a stream as they are read.
pub(super) fn plain_schema(schema: &ArrowSchema) -> SchemaRef {
    Arc::new(ArrowSchema::new(plain_fields(schema.fields())))
}

fn plain_fields(fields: &Fields) -> Fields {
    fields.iter().map(|field| Field::new(field.name(), plain_type(field.data_type()), true)).collect()
}

fn plain_type(kind: &DataType) -> DataType {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::Dictionary(_, values) if plain_type(values) == DataType::Utf8View => DataType::Utf8View,
        DataType::Struct(members) => DataType::Struct(plain_fields(members)),
        other => other.clone(),
    }
}

/// Some columns of a batch as they are read; of the type that [`plain_schema`] gives.
pub(super) fn plain_batch(batch: &RecordBatch, roots: &[usize], plain: &ArrowSchema) -> Result<RecordBatch, ArrowError> {
    let schema = Arc::new(plain.project(roots)?);
    let columns = roots.iter().filter_map(|root| batch.columns().get(*root)).map(plain_array).collect();
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(schema, columns, &options)
}

fn plain_array(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8 => Arc::new(StringViewArray::from(array.as_string::<i32>())),
        DataType::LargeUtf8 => Arc::new(StringViewArray::from(array.as_string::<i64>())),
        DataType::Binary => Arc::new(BinaryViewArray::from(array.as_binary::<i32>())),
        DataType::LargeBinary => Arc::new(BinaryViewArray::from(array.as_binary::<i64>())),
        kind @ DataType::Dictionary(..) if plain_type(kind) == DataType::Utf8View => written_out(array),
        DataType::Struct(members) => {
            let (_, columns, nulls) = array.as_struct().clone().into_parts();
            let columns = columns.iter().map(plain_array).collect();
            let group = StructArray::try_new_with_length(plain_fields(members), columns, nulls, array.len());
            group.map_or_else(|_| new_null_array(&DataType::Null, array.len()), |group| Arc::new(group) as ArrayRef)
        }
        _ => array.clone(),
    }
}

/// The text of every row. A text that no field takes is cut, so that it is not copied for every row.
fn written_out(array: &ArrayRef) -> ArrayRef {
    let Some(dictionary) = array.as_any_dictionary_opt().filter(|dictionary| !dictionary.values().is_empty()) else {
        return new_null_array(&DataType::Utf8View, array.len());
    };
    let values = plain_array(dictionary.values());
    let Some(values) = values.as_string_view_opt() else { return new_null_array(&DataType::Utf8View, array.len()) };
    let keys = dictionary.normalized_keys();
    let text = |(row, key): (usize, &usize)| {
        let text = (array.is_valid(row) && values.is_valid(*key)).then(|| values.value(*key))?;
        text.get(..text.floor_char_boundary(FAR_TOO_LONG + 4))
    };
    Arc::new(keys.iter().enumerate().map(text).collect::<StringViewArray>())
}

/// How many rows of a batch are written out at a time, so that the texts of their dictionaries stay within [`TEXTS`].
pub(super) fn rows_at_once(batch: &RecordBatch) -> usize {
    let longest = batch.columns().iter().map(longest_entry).max().unwrap_or(0).clamp(1, FAR_TOO_LONG + 4);
    usize::try_from(TEXTS).unwrap_or(usize::MAX).div_euclid(longest).clamp(1, MOST_ROWS)
}

fn longest_entry(array: &ArrayRef) -> usize {
    if let Some(group) = array.as_struct_opt() {
        return group.columns().iter().map(longest_entry).max().unwrap_or(0);
    }
    let values = array.as_any_dictionary_opt().map(|dictionary| plain_array(dictionary.values()));
    let lengths = values.as_ref().and_then(|values| values.as_string_view_opt()).map(StringViewArray::lengths);
    lengths.and_then(Iterator::max).map_or(0, |longest| usize::try_from(longest).unwrap_or(usize::MAX))
}
