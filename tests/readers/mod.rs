//! The readers on good, bad and hostile files, through the library's public face only.

use countersign_core::diagnostic::Finding;
use std::num::NonZeroUsize;
use std::sync::Arc;

use countersign_core::model::{
    EnumType, Fen, Field, FieldIndex, FieldName, FieldType, Group, Roles, Schema, Timestamp, Value, Zone,
};
use countersign_core::progress::Progress;
use countersign_core::text::{LocalText, normalized};
use countersign_requests::write::write;
use countersign_requests::{
    Duplicates, Format, Input, Mapping, ReadError, ReadOptions, Reading, Refusal, Table, TableBuilder, read,
};
use indexmap::IndexMap;
use proptest::prelude::*;

mod columns;
mod files;
mod values;

const FORMATS: [Format; 3] = [Format::Csv, Format::JsonLines, Format::Parquet];

/// `a.*` required, `b.*` optional, every type.
fn schema() -> Arc<Schema> {
    let field = |kind: &FieldType, optional| Field::new(kind.clone(), optional);
    let colours = ["red", "green", "blue"].map(|name| (name.to_owned(), LocalText::same(name)));
    let kinds = [
        ("id", FieldType::Text),
        ("time", FieldType::Time),
        ("flag", FieldType::Bool),
        ("count", FieldType::Int),
        ("money", FieldType::Money),
        ("score", FieldType::Float),
        ("colour", FieldType::Enum(EnumType { values: IndexMap::from(colours) })),
    ];
    let fields = |optional| kinds.iter().map(|(name, kind)| ((*name).to_owned(), field(kind, optional))).collect();
    let group = |optional| Group { text: LocalText::default(), fields: fields(optional) };
    let name = |text| FieldName::new(text).unwrap();
    let roles = Roles { key: name("a.id"), time: name("a.time"), amount: None, customer: None, interface: None, label: None };
    let groups = IndexMap::from([("a".to_owned(), group(false)), ("b".to_owned(), group(true))]);
    Arc::new(Schema { name: "test".to_owned(), zone: Zone::parse("+08:00").unwrap(), roles, groups })
}

const HEADER: &str = "a.id,a.time,a.flag,a.count,a.money,a.score,a.colour,b.id,b.time,b.flag,b.count,b.money,b.score,b.colour";
const GOOD: &str = "k1,2014-03-24T00:00:00,true,-5,5000.10,0.5,red,,,,,,,";

fn lines(rows: &[&str]) -> String {
    std::iter::once(HEADER).chain(rows.iter().copied()).fold(String::new(), |text, row| text + row + "\n")
}

fn input(format: Format, bytes: impl Into<Vec<u8>>) -> Input {
    Input::new("x", format, Arc::new(bytes.into()))
}

fn try_read(format: Format, bytes: impl Into<Vec<u8>>, options: ReadOptions<'_>) -> Result<Reading, ReadError> {
    read(&input(format, bytes), &schema(), options, &Progress::default())
}

fn accept(format: Format, bytes: impl Into<Vec<u8>>) -> Reading {
    try_read(format, bytes, ReadOptions::default()).unwrap()
}

fn refuse(format: Format, bytes: impl Into<Vec<u8>>) -> Refusal {
    match try_read(format, bytes, ReadOptions::default()) {
        Err(ReadError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn mapped(mapping: &str, format: Format, bytes: impl Into<Vec<u8>>) -> Result<Reading, ReadError> {
    let mapping = Mapping::from_ron(mapping).unwrap();
    try_read(format, bytes, ReadOptions { mapping: Some(&mapping), ..ReadOptions::default() })
}

fn written(table: &Table, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    write(table, format, &mut out, &Progress::default()).unwrap();
    out
}

fn text(value: &str) -> Value {
    Value::Text(value.into())
}

fn rows(table: &Table) -> Vec<Vec<Value>> {
    (0..table.len()).map(|row| table.request(row).values().to_vec()).collect()
}

fn built(rows: &[Vec<Value>]) -> Table {
    let mut builder = TableBuilder::new(schema());
    for row in rows {
        builder.push(row).unwrap();
    }
    builder.finish()
}

/// A row that differs for every number.
fn row(at: i64) -> Vec<Value> {
    let mixed = at.wrapping_mul(0x5851_f42d_4c95_7f2d);
    let half = |salt: u32| {
        let number = mixed >> salt;
        let colour = ["red", "green", "blue"][usize::try_from(number.rem_euclid(3)).unwrap()];
        let micros = 1_395_590_400_000_000 + (number % 1_000_000_000_000);
        [
            text(&format!("{colour} \"{number}\", 名\n{}", at % 7)),
            Value::Time(Timestamp::from_micros(micros).unwrap()),
            Value::Bool(number % 2 == 0),
            Value::Int(number),
            Value::Money(Fen(number)),
            Value::Float(f64::from_bits(number.cast_unsigned() & !(0x7ff << 52) | (1_000 << 52))),
            text(colour),
        ]
    };
    let optional = half(3).into_iter().enumerate().map(|(bit, value)| if (mixed >> bit) & 1 == 1 { value } else { Value::Missing });
    let mut row: Vec<Value> = half(1).into_iter().chain(optional).collect();
    row[0] = text(&format!("{at:031}"));
    row
}

// --- good files ---------------------------------------------------------------------------------------------------------------------

#[test]
fn what_is_written_is_read_back_in_every_format_over_many_chunks() {
    let rows_in: Vec<Vec<Value>> = (0..9_000).map(row).collect();
    let table = built(&rows_in);
    for format in FORMATS {
        let bytes = written(&table, format);
        for threads in [1, 3] {
            let options = ReadOptions { threads: NonZeroUsize::new(threads).unwrap(), ..ReadOptions::default() };
            let reading = try_read(format, bytes.clone(), options).unwrap();
            assert!(reading.findings.is_empty(), "{:?}", reading.findings);
            assert_eq!(rows(&reading.table), rows_in, "{format:?}");
        }
    }
}

#[test]
fn a_time_without_zone_is_in_the_schemas_zone() {
    let reading = accept(Format::Csv, lines(&[GOOD]));
    assert_eq!(reading.table.value(0, FieldIndex(1)), Value::Time(Timestamp::from_micros(1_395_590_400_000_000).unwrap()));
    assert_eq!(reading.table.key(0), "k1");
    assert_eq!(reading.table.value(0, FieldIndex(4)), Value::Money(Fen(500_010)));
}

#[test]
fn byte_order_marks_carriage_returns_and_a_missing_last_line_break_do_no_harm() {
    let plain = accept(Format::Csv, lines(&[GOOD, &GOOD.replace("k1", "k2")]));
    let dressed = format!("\u{feff}{}", lines(&[GOOD, &GOOD.replace("k1", "k2")]).replace('\n', "\r\n"));
    for text in [dressed.clone(), dressed.trim_end().to_owned(), dressed.replace("\r\n", "\r\n\r\n"), dressed.replace('\n', "")] {
        assert_eq!(rows(&accept(Format::Csv, text).table), rows(&plain.table));
    }
    // Lines of every length about the chunks' borders, the break within quotes and without.
    for width in 0..3 {
        let line = |at: usize| GOOD.replace("k1", &format!("\"k\r\n{at}{}\"", "x".repeat(width))) + "\r\n";
        let text: String = std::iter::once(HEADER.to_owned() + "\r\n").chain((0..40_000).map(line)).collect();
        let table = accept(Format::Csv, text).table;
        assert_eq!((table.len(), table.key(39_999)), (40_000, format!("k\r\n39999{}", "x".repeat(width))));
    }
}

#[test]
fn json_keys_may_be_flat_or_nested_and_numbers_keep_their_digits() {
    let flat = r#"{"a.id": "k1", "a.time": "2014-03-24T00:00:00", "a.flag": true, "a.count": -5, "a.money": 5000.10, "a.score": 0.5, "a.colour": "red"}"#;
    let nested = r#"{"a": {"id": "k1", "time": "2014-03-24T00:00:00", "flag": true, "count": -5, "money": "5000.10", "score": 5e-1}, "a.colour": "red", "b": null, "b.id": null}"#;
    let wanted = rows(&accept(Format::Csv, lines(&[GOOD])).table);
    for line in [flat, nested, &format!("\u{feff}\r\n\r\n {nested} \r\n")] {
        assert_eq!(rows(&accept(Format::JsonLines, line).table), wanted, "{line}");
    }
}

#[test]
fn a_foreign_file_is_read_by_its_mapping() {
    let mapping = r#"(format: 1, delimiter: ";", zone: "+00:00", missing: ["NULL"], ignore: ["remark"], fields: {
        "a.id": (column: "serial"),
        "a.time": (join: (columns: ["date", "clock"], separator: " "), time: Pattern("%d.%m.%Y %H:%M"), zone: "+08:00"),
        "a.flag": (column: "ok", words: (yes: ["Y"], no: ["N"])),
        "a.count": (column: "n", default: "7"),
        "a.money": (column: "fen", money: Fen),
        "a.score": (constant: "0.25"),
        "a.colour": (column: "colour", values: {"1": "red", "2": "green"}),
        "b.time": (column: "epoch", time: Seconds),
        "b.money": (column: "cny", money: Cny),
    })"#;
    let csv = "remark;serial;date;clock;ok;n;fen;colour;epoch;cny\nx;s1;24.03.2014;00:00;Y;NULL;123;2;1395590400;CNY1.00\ny;s2;24.03.2014;00:00;N;1;0;blue;NULL;\n";
    let reading = mapped(mapping, Format::Csv, csv).unwrap();
    let table = &reading.table;
    let cutover = Value::Time(Timestamp::from_micros(1_395_590_400_000_000).unwrap());
    let first: Vec<Value> = vec![
        text("s1"),
        cutover.clone(),
        Value::Bool(true),
        Value::Int(7),
        Value::Money(Fen(123)),
        Value::Float(0.25),
        text("green"),
    ];
    assert_eq!(table.request(0).values()[..7], first);
    assert_eq!(table.value(0, FieldIndex(8)), cutover);
    assert_eq!(table.value(0, FieldIndex(11)), Value::Money(Fen(100)));
    assert_eq!(table.value(1, FieldIndex(6)), text("blue"));
    assert_eq!(table.value(1, FieldIndex(8)), Value::Missing);
    // The columns of optional fields that are not there are mentioned.
    let absent: Vec<&str> = reading.findings.iter().map(Finding::id).collect();
    assert_eq!(absent, ["absent-column"; 5]);
}

// --- bad files ----------------------------------------------------------------------------------------------------------------------

#[test]
fn columns_that_do_not_fit_are_named_with_what_was_meant() {
    let ids = |text: String| -> Vec<&'static str> { refuse(Format::Csv, text).findings.iter().map(Finding::id).collect() };
    let misspelt = lines(&[GOOD]).replacen("a.count", "a.cuont", 1);
    let refusal = refuse(Format::Csv, misspelt);
    assert_eq!(refusal.findings.len(), 2);
    assert!(refusal.findings[0].message.en.contains("`a.cuont`"));
    assert!(refusal.findings[0].help.as_ref().unwrap().on_command_line().en.contains("`a.count`"));
    let counted = GOOD.replace("red,,,,,", "red,,,,7,");
    assert_eq!(ids(lines(&[&counted]).replacen("b.count", "a.count", 1)), ["duplicate-column"]);
    assert_eq!(ids(lines(&[&counted]).replacen("b.count", "", 1)), ["unknown-column"]);
    assert_eq!(ids(lines(&[GOOD]).replacen("b.count", "extra", 1)), ["unknown-column"]);
    assert_eq!(ids(lines(&[GOOD]).replacen("a.count", "", 1)), ["missing-column"]);
}

#[test]
fn files_without_requests_are_refused() {
    for (format, bytes, id) in [
        (Format::Csv, "", "empty-file"),
        (Format::JsonLines, "", "empty-file"),
        (Format::Parquet, "", "empty-file"),
        (Format::Csv, "\n\r\n", "empty-file"),
        (Format::Csv, HEADER, "no-requests"),
        (Format::JsonLines, "\n \n", "no-requests"),
        (Format::Parquet, "PAR1", "damaged-file"),
        (Format::Csv, "\u{0}\u{1}binary", "not-utf8"),
    ] {
        assert_eq!(refuse(format, bytes).findings[0].id(), id, "{format:?} {bytes:?}");
    }
}

#[test]
fn a_bad_row_is_shown_with_row_line_column_value_and_reason() {
    for (cell, bad, column, reason) in [
        ("-5", "five", "a.count", "not a whole number"),
        ("-5", "9223372036854775808", "a.count", "out of range"),
        ("-5", "", "a.count", "no value"),
        ("5000.10", "5000.123", "a.money", "finer than a fen"),
        ("0.5", "NaN", "a.score", "not a finite number"),
        ("true", "yes", "a.flag", "neither `true` nor `false`"),
        ("red", "rde", "a.colour", "did you mean `red`?"),
        ("red", "mauve", "a.colour", "not one of `red`, `green`, `blue`"),
        ("2014-03-24T00:00:00", "24/03/2014", "a.time", "not a time"),
    ] {
        let text = lines(&[GOOD, "\"k\n2\",2014-03-24,true,1,1,1,red,,,,,,,", &GOOD.replace(cell, bad)]);
        let refusal = refuse(Format::Csv, text);
        assert_eq!((refusal.bad_rows(), refusal.problems.len()), (1, 1), "{bad}");
        let problem = &refusal.problems[0];
        assert_eq!((problem.row, problem.line), (3, Some(5)), "{bad}");
        assert_eq!((problem.column.as_deref(), problem.value.as_str()), (Some(column), bad));
        assert!(problem.reason.en.contains(reason), "{}", problem.reason.en);
        assert_ne!(problem.reason.en, problem.reason.zh);
        let shown = &refusal.findings[1].message.en;
        assert!(shown.contains("`x`, row 3, line 5") && shown.contains(column), "{shown}");
    }
}

#[test]
fn malformed_rows_are_told_apart_from_the_good_ones_around_them() {
    let after = GOOD.replace("k1", "k9");
    let mut broken = lines(&[GOOD, "short,row", &format!("{GOOD},long"), "BYTES", &after]).into_bytes();
    let at = broken.windows(5).position(|bytes| bytes == b"BYTES").unwrap();
    broken[at] = 0xff;
    let mut masked = Vec::new();
    try_read(Format::Csv, broken.clone(), ReadOptions { rejects: Some(&mut masked), ..ReadOptions::default() }).unwrap();
    assert!(
        String::from_utf8(masked).unwrap().contains("\"the row has 2 cells, the header 14\",\"\"\n"),
        "a row is not copied unasked"
    );
    let mut rejects = Vec::new();
    let options = ReadOptions { rejects: Some(&mut rejects), raw_rejects: true, ..ReadOptions::default() };
    let reading = try_read(Format::Csv, broken, options).unwrap();
    assert_eq!((reading.table.len(), reading.rows_set_aside()), (2, 3));
    assert_eq!(reading.table.key(1), "k9");
    let found: Vec<(u64, Option<u64>, &str)> =
        reading.problems.iter().map(|problem| (problem.row, problem.line, problem.reason.en.as_str())).collect();
    let wanted = [
        (2, Some(3), "the row has 2 cells, the header 14"),
        (3, Some(4), "the row has 15 cells, the header 14"),
        (4, Some(5), "the row is not UTF-8 from its byte 1 on; `--encoding` names another encoding"),
    ];
    assert_eq!(found, wanted);
    let rejects = String::from_utf8(rejects).unwrap();
    assert!(rejects.starts_with(
        "row,line,column,value,reason,raw\n\"2\",\"3\",\"\",\"\",\"the row has 2 cells, the header 14\",\"short,row\"\n"
    ));
    assert_eq!(rejects.lines().count(), 4);
    let mut full: &mut [u8] = &mut [];
    let options = ReadOptions { rejects: Some(&mut full), ..ReadOptions::default() };
    let Err(ReadError::Refused(refusal)) = try_read(Format::Csv, lines(&["short,row"]), options) else { panic!() };
    assert_eq!(refusal.findings[0].id(), "unwritable-rejects");
    assert_eq!(countersign_requests::no_scratch(&std::io::ErrorKind::StorageFull.into()).id(), "no-scratch-space");
}

#[test]
fn an_open_quote_is_reported_where_it_opens() {
    let refusal = refuse(Format::Csv, lines(&[GOOD, "\"k2,2014-03-24,true", GOOD]));
    assert_eq!((refusal.problems[0].row, refusal.problems[0].line), (2, Some(3)));
    assert!(refusal.problems[0].reason.en.contains("never closed"));
}

#[test]
fn only_the_first_bad_rows_are_shown_and_all_are_counted() {
    let bad = GOOD.replace("-5", "five");
    let refusal = refuse(Format::Csv, lines(&vec![bad.as_str(); 5_000]));
    assert_eq!((refusal.bad_rows(), refusal.problems.len(), refusal.findings.len()), (5_000, 20, 21));
    assert!(refusal.findings[0].message.en.contains("5,000 bad rows"));
}

#[test]
fn rejected_rows_are_left_out_of_the_table_over_chunk_borders() {
    let count = 40_000;
    let line = |at: usize| GOOD.replace("k1", &format!("k{at}")).replace("-5", if at.is_multiple_of(3) { "x" } else { "4" });
    let all: Vec<String> = (0..count).map(line).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let mut rejects = Vec::new();
    let reading =
        try_read(Format::Csv, lines(&all), ReadOptions { rejects: Some(&mut rejects), ..ReadOptions::default() }).unwrap();
    assert_eq!(reading.rows_set_aside(), 13_334);
    let keys: Vec<String> = (0..reading.table.len()).map(|row| reading.table.key(row)).collect();
    let wanted: Vec<String> = (0..count).filter(|at| at % 3 != 0).map(|at| format!("k{at}")).collect();
    assert_eq!(keys, wanted);
    let last = String::from_utf8(rejects).unwrap().lines().last().unwrap().to_owned();
    assert!(last.starts_with("\"40000\",\"40001\",\"a.count\",\"x\","), "{last}");
}

#[test]
fn json_lines_that_are_wrong_are_reported_one_by_one() {
    let good = r#"{"a.id": "k1", "a.time": "2014-03-24T00:00:00", "a.flag": true, "a.count": -5, "a.money": 1, "a.score": 0.5, "a.colour": "red"}"#;
    let text = [
        good,
        "{",
        &good.replace("-5", "[1]"),
        "",
        &good.replace("-5", "1e400"),
        &good.replace("-5", "5.5"),
        &good.replace("k1", ""),
    ];
    let refusal = refuse(Format::JsonLines, text.join("\n"));
    let found: Vec<(u64, u64, Option<&str>)> =
        refusal.problems.iter().map(|problem| (problem.row, problem.line.unwrap(), problem.column.as_deref())).collect();
    assert_eq!(found, [(2, 2, None), (3, 3, Some("a.count")), (4, 5, None), (5, 6, Some("a.count")), (6, 7, Some("a.id"))]);
}

#[test]
fn repeated_keys_are_reported_with_their_rows() {
    let text = lines(&[GOOD, "bad", &GOOD.replace("k1", "k2"), GOOD, GOOD]);
    let mut rejects = Vec::new();
    let reading = try_read(Format::Csv, text, ReadOptions { rejects: Some(&mut rejects), ..ReadOptions::default() }).unwrap();
    assert_eq!(reading.table.len(), 4);
    let finding = &reading.findings[0];
    assert_eq!((finding.id(), finding.message.en.contains("2 rows repeat")), ("duplicate-request", true));
    assert_eq!(finding.notes[0].1.en, "`k1` in rows 1, 4, 5 of `x`");
    let strict = ReadOptions { duplicates: Duplicates::Refuse, ..ReadOptions::default() };
    assert!(try_read(Format::Csv, lines(&[GOOD, GOOD]), strict).is_err());
    let lax = ReadOptions { duplicates: Duplicates::Accept, ..ReadOptions::default() };
    assert!(try_read(Format::Csv, lines(&[GOOD, GOOD]), lax).unwrap().findings.is_empty());
}

// --- kinds of files -----------------------------------------------------------------------------------------------------------------

#[test]
fn a_parquet_file_cut_or_altered_anywhere_never_panics() {
    let whole = written(&built(&(0..40).map(row).collect::<Vec<_>>()), Format::Parquet);
    assert_eq!(accept(Format::Parquet, whole.clone()).table.len(), 40);
    for end in 0..whole.len() {
        assert_eq!(refuse(Format::Parquet, &whole[..end]).bad_rows(), 0, "cut at {end}");
    }
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 1 << (at % 8);
        let _ = try_read(Format::Parquet, altered, ReadOptions::default());
    }
}

#[test]
fn a_value_nested_a_thousand_times_is_refused_or_ignored() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let good = r#"{"a.id": "k1", "a.time": "2014-03-24", "a.flag": true, "a.count": -5, "a.money": 1, "a.score": 0.5, "a.colour": "red", "x": DEEP}"#;
    assert_eq!(refuse(Format::JsonLines, good.replace("DEEP", &deep)).findings[0].id(), "unknown-column");
    let mapping = r#"(format: 1, ignore: ["x"])"#;
    assert_eq!(mapped(mapping, Format::JsonLines, good.replace("DEEP", &deep)).unwrap().table.len(), 1);
    assert_eq!(refuse(Format::JsonLines, good.replace("-5", &deep).replace("DEEP", "1")).bad_rows(), 1);
}

#[test]
fn reading_stops_when_asked() {
    let table = built(&(0..100).map(row).collect::<Vec<_>>());
    for format in FORMATS {
        let progress = Progress::default();
        progress.cancel();
        let result = read(&input(format, written(&table, format)), &schema(), ReadOptions::default(), &progress);
        assert!(matches!(result, Err(ReadError::Cancelled)), "{format:?}");
    }
}

#[test]
fn progress_reaches_the_files_end() {
    let table = built(&(0..5_000).map(row).collect::<Vec<_>>());
    for format in FORMATS {
        let (progress, bytes) = (Progress::default(), written(&table, format));
        let len = bytes.len() as u64;
        read(&input(format, bytes), &schema(), ReadOptions::default(), &progress).unwrap();
        let (done, total) = progress.read();
        assert_eq!(total, len);
        assert!(done <= total && done + 100 > total, "{format:?}: {done} of {total}");
    }
}

// --- properties ---------------------------------------------------------------------------------------------------------------------

#[test]
fn values_at_the_edge_of_their_types_survive_every_format() {
    let mut rows_in: Vec<Vec<Value>> = Vec::new();
    for (index, _, field) in schema().fields() {
        // Texts in normal form, as they are read; an empty one is no value.
        let is_kept = |value: &Value| !matches!(value, Value::Text(text) if text.is_empty() || field.form(text) != **text);
        for value in field.kind.edge_values().into_iter().filter(is_kept) {
            let mut values = row(i64::try_from(rows_in.len()).unwrap());
            values[index.at()] = value;
            rows_in.push(values);
        }
    }
    for format in FORMATS {
        let reading = accept(format, written(&built(&rows_in), format));
        assert_eq!(rows(&reading.table), rows_in, "{format:?}");
    }
}

fn any_row() -> impl Strategy<Value = Vec<Value>> {
    // In normal form, as texts are read.
    let words = || {
        let words = prop_oneof![".{1,12}", "[a,\"\r\n ]{1,6}", "[0-9a-f]{16}"].prop_map(|word| normalized(&word).into_owned());
        words.prop_filter("a value", |word| !word.is_empty()).prop_map(|word| text(&word))
    };
    let half = move || {
        let micros = Timestamp::MIN.micros()..=Timestamp::MAX.micros();
        let colour = prop_oneof![Just("red"), Just("green"), Just("blue")].prop_map(text);
        let number = any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::Float);
        let time = micros.prop_map(|micros| Value::Time(Timestamp::from_micros(micros).unwrap()));
        let money = any::<i64>().prop_map(|fen| Value::Money(Fen(fen)));
        (words(), time, any::<bool>().prop_map(Value::Bool), any::<i64>().prop_map(Value::Int), money, number, colour)
    };
    (half(), half(), any::<u8>()).prop_map(|(a, b, present)| {
        let b = [b.0, b.1, b.2, b.3, b.4, b.5, b.6].into_iter().enumerate();
        let b = b.map(|(bit, value)| if (present >> bit) & 1 == 1 { value } else { Value::Missing });
        [a.0, a.1, a.2, a.3, a.4, a.5, a.6].into_iter().chain(b).collect()
    })
}
