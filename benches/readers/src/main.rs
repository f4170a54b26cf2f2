//! Makes request files of the shipped schema and measures how fast they are read. See the README beside it.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use countersign_core::model::{Fen, FieldType, Schema, Timestamp, Value};
use countersign_core::progress::Progress;
use countersign_requests::write::write;
use countersign_requests::{Format, Input, ReadError, ReadOptions, Reading, TableBuilder, read};
use countersign_workspace::{DiskFiles, Files, load};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["make", rows, folder] => make(rows.parse()?, Path::new(folder)),
        ["read", files @ ..] => files.iter().try_for_each(|file| report(file)),
        ["hostile", file] => hostile(file),
        ["seconds", file] => {
            println!("{}", timed(file)?.1);
            Ok(())
        }
        _ => Err("make ROWS FOLDER | read FILE… | seconds FILE | hostile FILE".into()),
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
    let reading = read(&input, &schema, ReadOptions::default(), &Progress::default());
    let seconds = start.elapsed().as_secs_f64();
    match reading {
        Ok(reading) => Ok((reading, seconds)),
        Err(ReadError::Cancelled) => Err("cancelled".into()),
        Err(ReadError::Refused(refusal)) => {
            Err(refusal.findings.first().map_or(String::new(), |first| first.message.en.clone()).into())
        }
    }
}

/// The fewest nanoseconds a byte that reading takes, whatever is said of the text.
fn nanos_a_byte(schema: &Arc<Schema>, format: Format, text: &[u8]) -> f64 {
    let bytes: Arc<Vec<u8>> = Arc::new(text.to_vec());
    let input = Input::new("x", format, bytes);
    let once = || {
        let start = Instant::now();
        drop(read(&input, schema, ReadOptions::default(), &Progress::default()));
        start.elapsed().as_secs_f64() * 1e9 / text.len() as f64
    };
    (0..5).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// Texts made to cost time beside a CSV file in order; an error where one costs more than ten times as much a byte.
fn hostile(file: &str) -> Outcome<()> {
    let schema = schema()?;
    let normal = nanos_a_byte(&schema, Format::Csv, &std::fs::read(file)?);
    println!("{normal:8.2} ns a byte  {file}");
    let own = schema.fields().map(|(_, name, _)| name).collect::<Vec<_>>();
    let unknown: Vec<String> = (0..60_000).map(|at| format!("column_{at:05}")).collect();
    let pairs = |keys: &[String]| keys.iter().map(|key| format!("\"{key}\":1")).collect::<Vec<_>>().join(",");
    let (open, close) = ("[".repeat(400_000), "]".repeat(400_000));
    let row = vec!["x"; own.len()].join(",");
    let cases = [
        ("unknown columns", Format::Csv, unknown.join(",") + "\n"),
        ("one column again and again", Format::Csv, vec![own.first().map_or("", String::as_str); 60_000].join(",") + "\n"),
        ("a long name", Format::Csv, "n".repeat(900_000) + "\n"),
        ("quotes", Format::Csv, "\"\"".repeat(450_000) + "\n"),
        ("bad cells", Format::Csv, format!("{}\n{}", own.join(","), format!("{row}\n").repeat(5_000))),
        ("rows of another width", Format::Csv, format!("{}\n{}", own.join(","), "x,y\n".repeat(200_000))),
        ("unknown keys", Format::JsonLines, format!("{{{}}}\n", pairs(&unknown))),
        ("one key again and again", Format::JsonLines, format!("{{{}}}\n", pairs(&vec!["x".to_owned(); 60_000]))),
        ("lists in lists", Format::JsonLines, format!("{{\"x\":{open}{close}}}\n")),
        ("objects in objects", Format::JsonLines, "{\"a\":".repeat(150_000)),
    ];
    let mut over = 0;
    for (name, format, text) in cases {
        let nanos = nanos_a_byte(&schema, format, text.as_bytes());
        println!("{nanos:8.2} ns a byte, {:6.2} times  {name}", nanos / normal);
        over += usize::from(nanos > 10.0 * normal);
    }
    if over == 0 { Ok(()) } else { Err(format!("{over} cost more than ten times as much a byte").into()) }
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
    println!(
        "{file}: {rows} rows in {best:.3} s: {:.0} rows/s, {:.0} MB/s, {each:.1} bytes a request",
        rows as f64 / best,
        megabytes / best
    );
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
        let values: Vec<Value> = schema
            .fields()
            .map(|(index, name, field)| {
                let is_key = name == schema.roles.key.as_str();
                let is_time = name == schema.roles.time.as_str();
                value(row, rows, u64::from(index.0), &field.kind, field.optional, is_key, is_time)
            })
            .collect();
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
