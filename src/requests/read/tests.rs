//! Readers against the Arrow crates themselves: the same records, and Parquet files that others write.

use std::sync::Arc;

use ::parquet::arrow::ArrowWriter;
use arrow_array::*;
use arrow_csv::ReaderBuilder;
use arrow_schema::{DataType, Field, Schema as ArrowSchema};
use proptest::prelude::*;

use super::grid::Grid;
use super::records::CsvRecords;
use super::*;
use crate::kinds::UNSUPPORTED_COLUMN;
use crate::table::tests::every_type;
use countersign_core::model::{Fen, FieldIndex, Timestamp, Value};

/// The records arrow-csv sees in a text, as cells; `None` where it refuses the text.
fn by_arrow(text: &str, cells: usize) -> Option<Vec<Vec<String>>> {
    let fields: Vec<Field> = (0..cells).map(|at| Field::new(at.to_string(), DataType::Utf8, true)).collect();
    let builder = ReaderBuilder::new(Arc::new(ArrowSchema::new(fields)));
    let batches: Vec<RecordBatch> = builder.with_header(false).build(text.as_bytes()).unwrap().collect::<Result<_, _>>().ok()?;
    let mut records = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cell = |column: &ArrayRef| column.as_any().downcast_ref::<StringArray>().unwrap().value(row).to_owned();
            records.push(batch.columns().iter().map(cell).collect());
        }
    }
    Some(records)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_are_told_apart_as_arrow_tells_them(text in "[ab,\"\r\n]{0,24}") {
        let ours: Vec<_> = CsvRecords::new(text.as_bytes(), b',').collect();
        let wanted = ours.first().map_or(1, |record| record.cells);
        let even = ours.iter().all(|record| record.cells == wanted);
        let theirs = by_arrow(&text, wanted);
        prop_assert_eq!(theirs.is_some(), even, "{:?}", text);
        // Every record alone is the same as it was among the others.
        if let Some(theirs) = theirs {
            prop_assert_eq!(theirs.len(), ours.len());
            for (record, cells) in ours.iter().zip(&theirs) {
                let alone = by_arrow(&text[record.bytes.clone()], wanted).unwrap();
                prop_assert_eq!(&alone[..], std::slice::from_ref(cells));
            }
        }
    }
}

/// The cells of the records of a text as a grid has them; `None` where it refuses the text.
fn by_grid(text: &str, cells: usize) -> Option<Vec<Vec<String>>> {
    let (mut grid, mut at, mut records) = (Grid::new(cells), 0, Vec::new());
    while at < text.len() {
        at = grid.fill(text, b',', at, 2).ok()?;
        let cell = |row: usize, column: usize| grid.column(text, column).get(row).unwrap().to_owned();
        records.extend((0..grid.rows()).map(|row| (0..cells).map(|column| cell(row, column)).collect::<Vec<_>>()));
    }
    Some(records)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_are_read_as_arrow_reads_them(text in "([ab,\"\r\n名]|\"\"|,\"|\",|\"\n){0,40}") {
        let text = text + "\n";
        let records: Vec<_> = CsvRecords::new(text.as_bytes(), b',').collect();
        let cells = records.first().map_or(1, |record| record.cells);
        // A quote that is never closed is refused here, and taken there.
        if records.iter().all(|record| record.closed) {
            prop_assert_eq!(by_grid(&text, cells), by_arrow(&text, cells), "{:?}", text);
        } else {
            prop_assert_eq!(by_grid(&text, cells), None, "{:?}", text);
        }
    }
}

/// A Parquet file of these columns, read by a mapping from them to the fields of the same last name.
fn read_foreign(columns: Vec<(&str, ArrayRef)>, mapping: &str) -> Result<Reading, ReadError> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mapping = Mapping::from_ron(mapping).unwrap();
    let input = Input::new("x.parquet", Format::Parquet, Arc::new(out));
    read(&input, &every_type(), ReadOptions { mapping: Some(&mapping), ..ReadOptions::default() }, &Progress::default())
}

const CUTOVER: i64 = 1_395_590_400_000_000;

fn common() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("id", Arc::new(Int64Array::from(vec![7, 8]))),
        ("text", Arc::new(DictionaryArray::<types::Int32Type>::from_iter(["x", "y"]))),
        ("time", Arc::new(TimestampMillisecondArray::from(vec![CUTOVER / 1_000; 2]).with_timezone("+00:00"))),
        ("flag", Arc::new(Int8Array::from(vec![0, 1]))),
        ("count", Arc::new(UInt16Array::from(vec![1, 65_535]))),
        ("money", Arc::new(Decimal128Array::from(vec![500_010, 1]).with_precision_and_scale(10, 2).unwrap())),
        ("score", Arc::new(Float32Array::from(vec![0.5, 0.25]))),
        ("colour", Arc::new(StringViewArray::from(vec!["red", "green"]))),
    ]
}

const COMMON: &str = r#"
    "a.id": (column: "id"), "a.text": (column: "text"), "a.time": (column: "time"), "a.flag": (column: "flag", words: (yes: ["1"], no: ["0"])),
    "a.count": (column: "count"), "a.money": (column: "money"), "a.score": (column: "score"), "a.colour": (column: "colour"),"#;

#[test]
fn types_that_other_writers_choose_become_the_schemas() {
    let mut columns = common();
    columns.extend([
        ("local", Arc::new(TimestampNanosecondArray::from(vec![CUTOVER * 1_000 + 28_800_000_000_000; 2])) as ArrayRef),
        ("yuan", Arc::new(Float64Array::from(vec![Some(0.1), None]))),
        ("day", Arc::new(Date32Array::from(vec![16_153, 16_153]))),
        ("unwanted", Arc::new(BinaryArray::from_vec(vec![b"x", b"y"]))),
        ("unmarked", Arc::new(BinaryArray::from_vec(vec![b"x", b"y"]))),
    ]);
    let mapping = format!(
        r#"(format: 1, ignore: ["unwanted", "day"], fields: {{{COMMON} "b.time": (column: "local"), "b.money": (column: "yuan"), "b.text": (column: "unmarked") }})"#
    );
    let table = read_foreign(columns, &mapping).unwrap().table;
    let time = Value::Time(Timestamp::from_micros(CUTOVER).unwrap());
    let first = [
        Value::Text("7".into()),
        Value::Text("x".into()),
        time.clone(),
        Value::Bool(false),
        Value::Int(1),
        Value::Money(Fen(500_010)),
        Value::Float(0.5),
        Value::Text("red".into()),
    ];
    assert_eq!(&table.request(0).values()[..8], first);
    assert_eq!(table.value(0, FieldIndex(8)), Value::Text("x".into()), "bytes without the mark of text");
    assert_eq!(table.value(0, FieldIndex(9)), time);
    assert_eq!((table.value(0, FieldIndex(12)), table.value(1, FieldIndex(12))), (Value::Money(Fen(10)), Value::Missing));
}

#[test]
fn typed_values_that_do_not_fit_are_bad_rows() {
    let with = |name: &str, array: ArrayRef| {
        let columns =
            common().into_iter().map(|(known, column)| if known == name { (known, array.clone()) } else { (known, column) });
        match read_foreign(columns.collect(), &format!("(format: 1, fields: {{{COMMON}}})")) {
            Err(ReadError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    };
    let first =
        |refusal: Refusal| (refusal.problems[0].row, refusal.problems[0].value.clone(), refusal.problems[0].reason.en.clone());
    let wide = with("count", Arc::new(UInt64Array::from(vec![1, u64::MAX])));
    assert_eq!(first(wide), (2, u64::MAX.to_string(), "is out of range".to_owned()));
    let fine = with("money", Arc::new(Decimal128Array::from(vec![1_234, 1]).with_precision_and_scale(10, 3).unwrap()));
    assert_eq!(first(fine).1, "1.234");
    let finer = with("time", Arc::new(TimestampNanosecondArray::from(vec![1_000, 1_001])));
    assert_eq!(first(finer).2, "is finer than a microsecond");
    let none = with("score", Arc::new(Float64Array::from(vec![Some(f64::NAN), None])));
    assert_eq!((none.bad_rows(), none.problems[1].reason.en.as_str()), (2, "has no value, and the field must have one"));
    let damaged = with("text", Arc::new(BinaryArray::from_vec(vec![b"x", b"\xff"])));
    assert_eq!((damaged.bad_rows(), first(damaged).2.as_str()), (1, "the bytes are not UTF-8"));
    let sixteen = FixedSizeBinaryArray::try_from_iter([[0_u8; 16], [1; 16]].into_iter()).unwrap();
    assert_eq!(with("text", Arc::new(sixteen)).findings[0].kind, UNSUPPORTED_COLUMN);
}
