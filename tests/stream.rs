//! `decide --stream`: an Arrow stream in, a stream of decisions out, the same as a dry run of the same requests writes.
#![cfg(feature = "cli")]

use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, DictionaryArray, LargeStringArray, ListArray, RecordBatch, StructArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::common::scratch::Scratch;

const SAMPLE: &str = "assets/samples/signing-requests.parquet";

/// The first rows of a Parquet file, in one batch.
fn read(path: &str, rows: usize) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    reader.with_batch_size(rows).with_limit(rows).build().unwrap().next().unwrap().unwrap()
}

fn stream(batch: &RecordBatch, at_once: usize) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    for start in (0..batch.num_rows()).step_by(at_once) {
        writer.write(&batch.slice(start, at_once.min(batch.num_rows() - start))).unwrap();
    }
    writer.into_inner().unwrap()
}

fn decide(args: &[&str], sent: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(["decide", "rules", "--stream"]).args(args).env_clear();
    let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut input, sent) = (program.stdin.take().unwrap(), sent.to_vec());
    // The program may refuse before it has read everything.
    let feeder = std::thread::spawn(move || drop(input.write_all(&sent)));
    let output = program.wait_with_output().unwrap();
    feeder.join().unwrap();
    output
}

/// Every cell as text, row by row, under the names of the columns.
fn rows(batches: impl IntoIterator<Item = RecordBatch>) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in batches {
        let names: Vec<Option<String>> = batch.schema().fields().iter().map(|field| Some(field.name().clone())).collect();
        if rows.is_empty() {
            rows.push(names);
        }
        let cell = |column: &ArrayRef, row: usize| match column.data_type() {
            _ if column.is_null(row) => None,
            DataType::Int64 => Some(column.as_primitive::<Int64Type>().value(row).to_string()),
            _ => Some(column.as_string::<i32>().value(row).to_owned()),
        };
        rows.extend((0..batch.num_rows()).map(|row| batch.columns().iter().map(|column| cell(column, row)).collect()));
    }
    rows
}

fn answered(output: &Output) -> Vec<Vec<Option<String>>> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.ends_with(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), "no end mark");
    rows(StreamReader::try_new(output.stdout.as_slice(), None).unwrap().map(Result::unwrap))
}

/// What a dry run writes of the same rows.
fn expected(scratch: &Scratch, rows_of: &RecordBatch) -> Vec<Vec<Option<String>>> {
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(File::create(scratch.path("some.parquet")).unwrap(), rows_of.schema(), None).unwrap();
    writer.write(rows_of).unwrap();
    writer.close().unwrap();
    scratch.run("dry-run rules --requests {}/some.parquet --decisions {}/d.parquet --report {}/r.json").check(0, &[], &[]);
    rows([read(scratch.path("d.parquet").to_str().unwrap(), 1 << 20)])
}

/// The batch with every column copied.
fn mapped(batch: &RecordBatch, make: impl Fn(&ArrayRef) -> ArrayRef) -> RecordBatch {
    let columns: Vec<ArrayRef> = batch.columns().iter().map(make).collect();
    let schema = batch.schema();
    let fields = schema.fields().iter().zip(&columns);
    let fields: Vec<Field> = fields.map(|(field, column)| Field::new(field.name(), column.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn with_column(batch: &RecordBatch, name: &str, column: ArrayRef) -> RecordBatch {
    let schema = batch.schema();
    let place = schema.index_of(name).unwrap();
    let mut columns = batch.columns().to_vec();
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields[place] = Field::new(name, column.data_type().clone(), true);
    columns[place] = column;
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn renamed(batch: &RecordBatch, name: &str, other: &str) -> RecordBatch {
    let schema = batch.schema();
    let name_of = |field: &Arc<Field>| if field.name() == name { other.to_owned() } else { field.name().clone() };
    let fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone().with_name(name_of(field))).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), batch.columns().to_vec()).unwrap()
}

#[test]
fn batches_of_any_size_and_columns_of_any_form_give_what_a_dry_run_gives() {
    let scratch = Scratch::new(1);
    let all = read(SAMPLE, 9_000);
    let wanted = expected(&scratch, &all);
    assert_eq!(wanted.len(), 9_001);
    for at_once in [7, 4_096, usize::MAX] {
        assert_eq!(answered(&decide(&[], &stream(&all, at_once))), wanted, "{at_once} rows at once");
    }
    assert_eq!(answered(&decide(&[], &stream(&all.slice(0, 300), 1))), wanted[..301], "single rows");
    let is_text = |column: &ArrayRef| column.data_type() == &DataType::Utf8;
    let dictionary = |column: &ArrayRef| -> ArrayRef {
        let is_text = is_text(column);
        if is_text { Arc::new(column.as_string::<i32>().iter().collect::<DictionaryArray<Int32Type>>()) } else { column.clone() }
    };
    let large = |column: &ArrayRef| -> ArrayRef {
        let is_text = is_text(column);
        if is_text { Arc::new(column.as_string::<i32>().iter().collect::<LargeStringArray>()) } else { column.clone() }
    };
    for (form, batch) in [("dictionaries", mapped(&all, dictionary)), ("large texts", mapped(&all, large))] {
        assert_eq!(answered(&decide(&[], &stream(&batch, 4_096))), wanted, "{form}");
    }
    let totals = scratch.path("totals.json");
    assert_eq!(answered(&decide(&["--totals", totals.to_str().unwrap()], &stream(&nested(&all), 4_096))), wanted, "groups");
    let summary = |path: &str| serde_json::from_str::<serde_json::Value>(&scratch.read(path)).unwrap()["summary"].clone();
    assert_eq!(summary("totals.json"), summary("r.json"));
    let none = decide(&[], &stream(&all.slice(0, 0), 1));
    assert!(none.status.success() && StreamReader::try_new(none.stdout.as_slice(), None).unwrap().next().is_none());
}

/// A member of a group with its values.
type GroupMember = (Arc<Field>, ArrayRef);

/// The columns `group.field` as the members of a column `group`.
fn nested(batch: &RecordBatch) -> RecordBatch {
    let mut groups: Vec<(String, Vec<GroupMember>)> = Vec::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let (group, name) = field.name().split_once('.').unwrap();
        let member = (Arc::new(field.as_ref().clone().with_name(name)), column.clone());
        match groups.iter_mut().find(|(known, _)| known == group) {
            Some((_, members)) => members.push(member),
            None => groups.push((group.to_owned(), vec![member])),
        }
    }
    let groups = groups.into_iter().map(|(name, members)| (name, Arc::new(StructArray::from(members)) as ArrayRef));
    RecordBatch::try_from_iter(groups).unwrap()
}

#[test]
fn a_row_that_cannot_be_read_keeps_its_place_and_says_its_column() {
    let scratch = Scratch::new(1);
    let all = read(SAMPLE, 50);
    let mut wanted = expected(&scratch, &all);
    let operations = all.column_by_name("request.operation").unwrap().as_string::<i32>();
    let broken: arrow_array::StringArray =
        operations.iter().enumerate().map(|(row, text)| if row % 20 == 3 { Some("NOTHING") } else { text }).collect();
    for row in [3, 23, 43] {
        let key = wanted[row + 1][0].clone();
        let mut cells = vec![None; wanted[0].len()];
        (cells[0], cells[6]) = (key, Some("unread:request.operation".to_owned()));
        wanted[row + 1] = cells;
    }
    let output = decide(&[], &stream(&with_column(&all, "request.operation", Arc::new(broken)), 7));
    assert_eq!(answered(&output), wanted);
    assert!(String::from_utf8_lossy(&output.stderr).contains("3 of 50"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_is_no_whole_stream_of_requests_is_refused_with_its_place() {
    let all = read(SAMPLE, 500);
    let good = stream(&all, 100);
    let flags: ArrayRef = Arc::new(BooleanArray::from(vec![true; all.num_rows()]));
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(vec![Some(vec![Some(1)]); all.num_rows()]));
    let twice = renamed(&all, "customer.age", "request.operation");
    let without = all.project(&(1..all.num_columns()).collect::<Vec<_>>()).unwrap();
    let mut length = good.clone();
    length[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut two = good.clone();
    two.extend_from_slice(&good);
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("nothing", Vec::new(), "is empty"),
        ("a text", b"key,verdict\n1,accept\n".to_vec(), "no Arrow IPC stream"),
        ("a Parquet file", fs::read(SAMPLE).unwrap(), "a Parquet file"),
        ("an Arrow file", b"ARROW1\0\0\0\0\0\0".to_vec(), "an Arrow file"),
        ("cut in a message", good[..good.len() / 2].to_vec(), "was cut"),
        ("cut before its end mark", good[..good.len() - 8].to_vec(), "has no end mark"),
        ("two streams", two, "bytes follow its end"),
        ("a length beyond all bounds", length, "more than the 67108864 that can be taken"),
        ("an unknown column", stream(&renamed(&all, "customer.age", "customer.years"), 100), "customer.years"),
        ("a column twice", stream(&twice, 100), "request.operation"),
        ("a missing column", stream(&without, 100), "missing-column"),
        ("a column of a type that no field has", stream(&with_column(&all, "customer.age", list), 100), "customer.age"),
    ];
    for (what, sent, said) in
        cases.into_iter().chain([("flags for amounts", stream(&with_column(&all, "money.amount", flags), 100), "money.amount")])
    {
        let output = decide(&[], &sent);
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {words}");
        assert!(words.contains(said), "{what}: {words}");
        assert!(!output.stdout.ends_with(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), "{what}: announced as whole");
    }
}
