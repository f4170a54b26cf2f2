//! Writes requests as CSV, JSON Lines or Parquet, so that [`read`](super::read::read) gives the same table back, and plain sheets of
//! columns for reports.
//!
//! Columns are named `group.field`. A missing value is an empty cell, an absent key or a null. Money is `5000.00`: text in CSV and JSON
//! (no reader then makes a float of it), a decimal in Parquet. Times are `2014-03-24T00:00:00+08:00`, in Parquet microseconds in UTC.
//! In CSV a text that a spreadsheet would take for a formula has an apostrophe before it.

mod batch;
mod tabular;
mod text;

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use arrow_array::RecordBatch;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::Schema as ArrowSchema;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

pub use tabular::{TabularColumn, TabularWriter};

use super::read::Format;
use super::table::Table;
use countersign_core::model::Schema;
use countersign_core::progress::Progress;
use countersign_core::text::Cells;

/// Rows written at a time.
const BATCH: usize = 8_192;
/// Rows of a Parquet row group: what a writer and a reader hold in memory.
const ROW_GROUP: usize = 131_072;

/// Only CSV is opened by programs that take texts for formulas.
fn cells_of(format: Format, cells: Cells) -> Cells {
    if format == Format::Csv { cells } else { Cells::Raw }
}

/// Why nothing, or not everything, was written.
#[derive(Debug)]
pub enum WriteError {
    /// Cancelled by the user.
    Cancelled,
    /// The output could not be written.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("cancelled"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes every request of a table. Progress counts rows.
///
/// # Errors
/// The output could not be written, or the user cancelled; the output is then incomplete.
pub fn write(table: &Table, format: Format, out: impl Write + Send, progress: &Progress) -> Result<(), WriteError> {
    progress.set_total(table.len() as u64);
    let mut writer = RequestWriter::new(table.schema(), format, out)?;
    writer.write(table, progress)?;
    writer.finish()?;
    Ok(())
}

/// Writes requests table by table into one file.
pub struct RequestWriter<W: Write + Send> {
    shape: batch::BatchShape,
    output: Output<W>,
}

impl<W: Write + Send> RequestWriter<W> {
    /// Begins a file of requests of that schema.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn new(schema: &Schema, format: Format, out: W) -> io::Result<Self> {
        let shape = batch::BatchShape::new(schema, format);
        let output = Output::new(out, format, &shape.fields)?;
        Ok(Self { shape, output })
    }

    /// Adds every request of a table. Progress counts rows.
    ///
    /// # Errors
    /// The output could not be written, or the user cancelled; the output is then incomplete.
    pub fn write(&mut self, table: &Table, progress: &Progress) -> Result<(), WriteError> {
        for start in (0..table.len()).step_by(BATCH) {
            if progress.is_cancelled() {
                return Err(WriteError::Cancelled);
            }
            let end = table.len().min(start + BATCH);
            self.output.write(&self.shape.batch(table, start..end)?)?;
            progress.advance((end - start) as u64);
        }
        Ok(())
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self) -> io::Result<W> {
        self.output.finish()
    }
}

/// One of the formats on its way out.
struct Output<W: Write + Send> {
    writer: FormatWriter<Watched<W>>,
    failure: WriteFailure,
}

enum FormatWriter<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
    Parquet(Box<ArrowWriter<W>>),
    ArrowStream(Box<StreamWriter<W>>),
}

impl<W: Write + Send> Output<W> {
    fn new(out: W, format: Format, schema: &Arc<ArrowSchema>) -> io::Result<Self> {
        let failure = WriteFailure::default();
        let out = Watched { out, failure: failure.clone() };
        let writer = match format {
            Format::Csv => {
                // The header comes first, for a file without rows too.
                let mut writer = csv::Writer::from_writer(out);
                let names = schema.fields().iter().map(|field| field.name());
                writer.write_record(names).map_err(|error| failure.or(&error))?;
                FormatWriter::Csv(Box::new(writer))
            }
            Format::JsonLines => FormatWriter::JsonLines(out),
            Format::Parquet => {
                let compression = Compression::ZSTD(ZstdLevel::try_new(3).unwrap_or_default());
                let properties =
                    WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(ROW_GROUP));
                let properties = properties.set_created_by("countersign".to_owned()).build();
                FormatWriter::Parquet(Box::new(
                    ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(|error| failure.or(&error))?,
                ))
            }
        };
        Ok(Self { writer, failure })
    }

    /// An Arrow IPC stream, which each batch leaves at once.
    fn stream(out: W, schema: &ArrowSchema) -> io::Result<Self> {
        let failure = WriteFailure::default();
        let out = Watched { out, failure: failure.clone() };
        let writer = StreamWriter::try_new(out, schema).map_err(|error| failure.or(&error))?;
        Ok(Self { writer: FormatWriter::ArrowStream(Box::new(writer)), failure })
    }

    fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        match &mut self.writer {
            FormatWriter::Csv(writer) => text::write_csv(writer, batch).map_err(|error| self.failure.or(&error)),
            FormatWriter::JsonLines(writer) => text::write_json_lines(writer, batch).map_err(|error| self.failure.or(&error)),
            FormatWriter::Parquet(writer) => writer.write(batch).map_err(|error| self.failure.or(&error)),
            FormatWriter::ArrowStream(writer) => {
                writer.write(batch).and_then(|()| Ok(writer.get_mut().flush()?)).map_err(|error| self.failure.or(&error))
            }
        }
    }

    /// Ends the file and gives the output back.
    fn finish(self) -> io::Result<W> {
        let failure = self.failure;
        let mut watched = match self.writer {
            FormatWriter::Csv(writer) => writer.into_inner().map_err(|error| failure.or(error.error()))?,
            FormatWriter::JsonLines(writer) => writer,
            FormatWriter::Parquet(writer) => writer.into_inner().map_err(|error| failure.or(&error))?,
            FormatWriter::ArrowStream(writer) => writer.into_inner().map_err(|error| failure.or(&error))?,
        };
        watched.flush()?;
        Ok(watched.out)
    }
}

/// The last error of writing: the Arrow crates keep only its text, and a full disk must be recognized.
#[derive(Clone, Default)]
struct WriteFailure(Arc<Mutex<Option<(io::ErrorKind, String)>>>);

impl WriteFailure {
    fn or(&self, error: &impl fmt::Display) -> io::Error {
        let known = self.0.lock().ok().and_then(|mut known| known.take());
        known.map_or_else(|| io::Error::other(error.to_string()), |(kind, words)| io::Error::new(kind, words))
    }

    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let (Err(error), Ok(mut known)) = (&result, self.0.lock()) {
            *known = Some((error.kind(), error.to_string()));
        }
        result
    }
}

struct Watched<W> {
    out: W,
    failure: WriteFailure,
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.failure.note(self.out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.failure.note(self.out.flush())
    }
}
