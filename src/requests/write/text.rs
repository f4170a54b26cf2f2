//! Batches as CSV and as JSON Lines. A missing value is an empty cell, or no member.

use std::io::{self, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;

/// The text of one value of a column of text, whole numbers, fractions or flags.
enum CellText<'a> {
    Missing,
    Text(&'a str),
    /// The same in CSV and JSON.
    Plain(String),
}

fn cell(column: &ArrayRef, row: usize) -> io::Result<CellText<'_>> {
    if column.is_null(row) {
        return Ok(CellText::Missing);
    }
    Ok(match column.data_type() {
        DataType::Utf8 => CellText::Text(column.as_string::<i32>().value(row)),
        DataType::Int64 => CellText::Plain(column.as_primitive::<Int64Type>().value(row).to_string()),
        DataType::Float64 => {
            let number = serde_json::to_string(&column.as_primitive::<Float64Type>().value(row))?;
            CellText::Plain(number.replace("e+", "e"))
        }
        DataType::Boolean => CellText::Plain(column.as_boolean().value(row).to_string()),
        other => return Err(io::Error::other(format!("a column of {other} in a text format"))),
    })
}

/// Adds a batch's rows as records.
pub(super) fn write_csv<W: Write>(out: &mut csv::Writer<W>, batch: &RecordBatch) -> io::Result<()> {
    for row in 0..batch.num_rows() {
        for column in batch.columns() {
            match cell(column, row)? {
                CellText::Missing => out.write_field("")?,
                CellText::Text(text) => out.write_field(text)?,
                CellText::Plain(text) => out.write_field(text)?,
            }
        }
        out.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// Adds a batch's rows as JSON objects, a line each.
pub(super) fn write_json_lines(out: &mut impl Write, batch: &RecordBatch) -> io::Result<()> {
    let schema = batch.schema();
    let names: Vec<String> = schema.fields().iter().map(|field| serde_json::to_string(field.name())).collect::<Result<_, _>>()?;
    let mut lines = Vec::new();
    for row in 0..batch.num_rows() {
        let mut separator = b'{';
        for (name, column) in names.iter().zip(batch.columns()) {
            let value = cell(column, row)?;
            if matches!(value, CellText::Missing) {
                continue;
            }
            lines.push(separator);
            lines.extend_from_slice(name.as_bytes());
            lines.push(b':');
            match value {
                CellText::Missing => {}
                CellText::Text(text) => serde_json::to_writer(&mut lines, text)?,
                CellText::Plain(text) => lines.extend_from_slice(text.as_bytes()),
            }
            separator = b',';
        }
        lines.extend_from_slice(if separator == b'{' { b"{}\n" } else { b"}\n" });
    }
    out.write_all(&lines)
}
