//! Makes request files of the shipped schema and measures how fast they are read. See the README beside it.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use countersign::model::{Fen, FieldType, Schema, Timestamp, Value};
use countersign::progress::Progress;
use countersign::requests::write::write;
use countersign::requests::{Format, Input, Options, ReadError, Reading, TableBuilder, read};
use countersign::workspace::{DiskFiles, Files, load};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", rows, folder] => make(rows.parse()?, Path::new(folder)),
        ["read", files @ ..] => files.iter().try_for_each(|file| report(file)),
        ["seconds", file] => {
            println!("{}", timed(file)?.1);
            Ok(())
        }
        _ => Err("make ROWS FOLDER | read FILE… | seconds FILE".into()),
    }
}

fn schema() -> Outcome<Arc<Schema>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let definition = load(&DiskFiles, workspace).map_err(|_| "the shipped workspace does not load")?;
    Ok(definition.schema.into())
}

/// One reading of a file and the seconds it took.
fn timed(file: &str) -> Outcome<(Reading, f64)> {
    let schema = schema()?;
    let format = Format::of_file_name(file).ok_or("the file's name has no known end")?;
    let bytes = Arc::from(DiskFiles.open(Path::new(file)).map_err(|error| error.message().en)?);
    let input = Input::new(file, format, bytes);
    let start = Instant::now();
    let reading = read(&input, &schema, Options::default(), &Progress::default());
    let seconds = start.elapsed().as_secs_f64();
    match reading {
        Ok(reading) => Ok((reading, seconds)),
        Err(ReadError::Cancelled) => Err("cancelled".into()),
        Err(ReadError::Refused(refusal)) => Err(refusal.findings.first().map_or(String::new(), |first| first.message.en.clone()).into()),
    }
}

fn report(file: &str) -> Outcome<()> {
    let mut best = f64::INFINITY;
    let mut last = None;
    for _ in 0..5 {
        let (reading, seconds) = timed(file)?;
        best = best.min(seconds);
        last = Some(reading.table);
    }
    let table = last.ok_or("nothing was read")?;
    let (rows, megabytes) = (table.len(), std::fs::metadata(file)?.len() as f64 / 1e6);
    let each = table.memory_bytes() as f64 / rows as f64;
    println!("{file}: {rows} rows in {best:.3} s: {:.0} rows/s, {:.0} MB/s, {each:.1} bytes a request", rows as f64 / best, megabytes / best);
    if std::env::var_os("COLUMNS_TOO").is_some() {
        for (column, (_, name, _)) in table.columns().iter().zip(table.schema().fields()) {
            println!("  {name:32} {:6.2}", column.memory_bytes() as f64 / rows as f64);
        }
    }
    Ok(())
}

fn make(rows: u64, folder: &Path) -> Outcome<()> {
    let schema = schema()?;
    let mut builder = TableBuilder::new(schema.clone());
    for row in 0..rows {
        let values: Vec<Value> = schema.fields().map(|(index, name, field)| {
            let is_key = name == schema.roles.key.as_str();
            let is_time = name == schema.roles.time.as_str();
            value(row, rows, u64::from(index.0), &field.kind, field.optional, is_key, is_time)
        }).collect();
        builder.push(&values).map_err(|(name, _)| name)?;
    }
    let table = builder.finish();
    std::fs::create_dir_all(folder)?;
    for (end, format) in [("csv", Format::Csv), ("jsonl", Format::JsonLines), ("parquet", Format::Parquet)] {
        let out = BufWriter::new(File::create(folder.join(format!("requests.{end}")))?);
        write(&table, format, out, &Progress::default())?;
    }
    Ok(())
}

/// A value as such a field may have it: texts of a third as many customers as rows, small counts, a day of arrivals.
fn value(row: u64, rows: u64, field: u64, kind: &FieldType, optional: bool, is_key: bool, is_time: bool) -> Value {
    let random = mix(row * 64 + field);
    let number = (random >> 8).cast_signed() & i64::MAX;
    if optional && random % 10 < 3 {
        return Value::Missing;
    }
    let second = 1_395_590_400 + (row * 86_400 / rows).cast_signed();
    match kind {
        FieldType::Text if is_key => Value::Text(format!("20140324{row:015}{:08}", number % 100_000_000).into()),
        FieldType::Text => Value::Text(format!("{:016x}", mix(mix(row) % (rows / 3 + 1) * 64 + field)).into()),
        FieldType::Bool => Value::Bool(random % 16 != 0),
        FieldType::Int => Value::Int(number % [4, 12, 100, 1_000][usize::try_from(field % 4).unwrap_or(0)]),
        FieldType::Money => Value::Money(Fen(number % 5_000_000)),
        FieldType::Float => Value::Float((number % 1_000) as f64 / 1_000.0),
        FieldType::Enum(values) => {
            let at = usize::try_from(number).unwrap_or(0) % values.values.len();
            values.names().nth(at).map_or(Value::Missing, |name| Value::Text(name.into()))
        }
        FieldType::Time => {
            let second = if is_time { second } else { second - number % 100_000_000 };
            Timestamp::from_micros(second * 1_000_000).map_or(Value::Missing, Value::Time)
        }
    }
}

fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
