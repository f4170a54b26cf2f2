//! Plain sheets of text and whole numbers, for what reports list row by row.

use std::io::{self, Write};
use std::mem::discriminant;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema as ArrowSchema};

use super::{BATCH, Output, cells_of};
use crate::read::Format;
use countersign_core::text::Cells;

/// Some rows of one column, none to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TabularColumn {
    /// Text; `None` is an empty cell.
    Text(Vec<Option<String>>),
    /// Whole numbers; `None` is an empty cell.
    Int(Vec<Option<i64>>),
}

/// Writes a sheet, some rows at a time, as CSV, JSON Lines or Parquet.
///
/// What is written does not depend on how many rows are handed over at a time: they go out in batches of the same size.
pub struct TabularWriter<W: Write + Send> {
    schema: Arc<ArrowSchema>,
    output: Output<W>,
    /// Raw wherever the format is not CSV.
    cells: Cells,
    /// Rows of a batch that is not full yet.
    open: Vec<TabularColumn>,
}

impl<W: Write + Send> TabularWriter<W> {
    /// Begins a sheet with columns of these names, and the first rows of each.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new(out: W, format: Format, columns: &[(&str, TabularColumn)], cells: Cells) -> io::Result<Self> {
        Self::begin(columns, cells_of(format, cells), |schema| Output::new(out, format, schema))
    }

    /// Begins an Arrow IPC stream of such a sheet. It has an end mark only when it is finished.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn stream(out: W, columns: &[(&str, TabularColumn)]) -> io::Result<Self> {
        Self::begin(columns, Cells::Raw, |schema| Output::stream(out, schema))
    }

    fn begin(
        columns: &[(&str, TabularColumn)],
        cells: Cells,
        output: impl FnOnce(&Arc<ArrowSchema>) -> io::Result<Output<W>>,
    ) -> io::Result<Self> {
        let kind = |column: &TabularColumn| match column {
            TabularColumn::Text(_) => DataType::Utf8,
            TabularColumn::Int(_) => DataType::Int64,
        };
        let fields: Vec<Field> = columns.iter().map(|(name, column)| Field::new(*name, kind(column), true)).collect();
        let schema = Arc::new(ArrowSchema::new(fields));
        let output = output(&schema)?;
        let open = columns.iter().map(|(_, column)| column.clone()).collect();
        Ok(Self { schema, output, cells, open })
    }

    /// Appends rows: one entry a column, all of one length, of the kinds the sheet was begun with.
    ///
    /// # Errors
    /// The output cannot be written, or the columns do not fit the sheet.
    pub fn write(&mut self, columns: Vec<TabularColumn>) -> io::Result<()> {
        let rows = columns.first().map_or(0, TabularColumn::len);
        let fits = |(open, more): (&TabularColumn, &TabularColumn)| more.len() == rows && discriminant(open) == discriminant(more);
        if columns.len() != self.open.len() || !self.open.iter().zip(&columns).all(fits) {
            return Err(io::Error::other("the columns do not fit the sheet"));
        }
        for (open, more) in self.open.iter_mut().zip(columns) {
            match (open, more) {
                (TabularColumn::Text(open), TabularColumn::Text(more)) => open.extend(more),
                (TabularColumn::Int(open), TabularColumn::Int(more)) => open.extend(more),
                _ => {}
            }
        }
        while self.open.first().map_or(0, TabularColumn::len) >= BATCH {
            let rest = self.open.iter_mut().map(TabularColumn::split).collect();
            let full = std::mem::replace(&mut self.open, rest);
            self.put(full)?;
        }
        Ok(())
    }

    fn put(&mut self, columns: Vec<TabularColumn>) -> io::Result<()> {
        let array = |column| -> ArrayRef {
            match column {
                TabularColumn::Text(texts) if self.cells == Cells::Raw => Arc::new(StringArray::from(texts)),
                TabularColumn::Text(texts) => {
                    Arc::new(texts.iter().map(|text| Some(self.cells.text(text.as_deref()?))).collect::<StringArray>())
                }
                TabularColumn::Int(numbers) => Arc::new(Int64Array::from(numbers)),
            }
        };
        let arrays = columns.into_iter().map(array).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(|error| io::Error::other(error.to_string()))?;
        self.output.write(&batch)
    }

    /// Ends the sheet and gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if self.open.first().map_or(0, TabularColumn::len) > 0 {
            let rest = std::mem::take(&mut self.open);
            self.put(rest)?;
        }
        self.output.finish()
    }
}

impl TabularColumn {
    /// Texts without a row.
    pub const TEXT: Self = Self::Text(Vec::new());
    /// Whole numbers without a row.
    pub const INT: Self = Self::Int(Vec::new());

    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Int(numbers) => numbers.len(),
        }
    }

    /// Cuts off what is more than a batch.
    fn split(&mut self) -> Self {
        match self {
            Self::Text(texts) => Self::Text(texts.split_off(BATCH.min(texts.len()))),
            Self::Int(numbers) => Self::Int(numbers.split_off(BATCH.min(numbers.len()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_written_with_its_header_and_empty_cells() {
        let columns = [("key", TabularColumn::TEXT), ("score", TabularColumn::INT)];
        let write = |rows: bool| {
            let mut out = Vec::new();
            let mut sheet = TabularWriter::new(&mut out, Format::Csv, &columns, Cells::Guarded).unwrap();
            if rows {
                let texts = ["a;b", "x,\"y\""].map(|text| Some(text.to_owned())).into_iter().chain([None]).collect();
                sheet.write(vec![TabularColumn::Text(texts), TabularColumn::Int(vec![Some(-5), None, Some(7)])]).unwrap();
                let uneven = vec![TabularColumn::Text(vec![None]), TabularColumn::Int(vec![])];
                assert!(sheet.write(uneven).is_err());
            }
            sheet.finish().unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(write(true), "key,score\na;b,-5\n\"x,\"\"y\"\"\",\n,7\n");
        assert_eq!(write(false), "key,score\n");
    }

    #[test]
    fn a_formula_is_guarded_in_csv_and_nowhere_else() {
        let write = |format: Format, cells: Cells| {
            let mut out = Vec::new();
            let mut sheet = TabularWriter::new(&mut out, format, &[("key", TabularColumn::TEXT)], cells).unwrap();
            sheet.write(vec![TabularColumn::Text(vec![Some("=1+1".to_owned()), Some("-5".to_owned())])]).unwrap();
            sheet.finish().unwrap();
            String::from_utf8_lossy(&out).into_owned()
        };
        assert_eq!(write(Format::Csv, Cells::Guarded), "key\n'=1+1\n-5\n");
        assert_eq!(write(Format::Csv, Cells::Raw), "key\n=1+1\n-5\n");
        assert_eq!(write(Format::JsonLines, Cells::Guarded), "{\"key\":\"=1+1\"}\n{\"key\":\"-5\"}\n");
        assert!(!write(Format::Parquet, Cells::Guarded).contains("'=1+1"));
    }

    #[test]
    fn a_full_disk_reads_as_one() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::StorageFull.into())
            }
        }
        for format in [Format::Csv, Format::JsonLines, Format::Parquet] {
            let fill = || -> io::Result<()> {
                let mut sheet = TabularWriter::new(Full, format, &[("key", TabularColumn::TEXT)], Cells::Guarded)?;
                sheet.write(vec![TabularColumn::Text(vec![Some("x".repeat(100_000))])])?;
                sheet.finish().map(drop)
            };
            assert_eq!(fill().unwrap_err().kind(), io::ErrorKind::StorageFull, "{format:?}");
        }
    }
}
