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
use countersign_requests::{Duplicates, Format, Input, Mapping, Options, ReadError, Reading, Refusal, Table, TableBuilder, read};
use indexmap::IndexMap;
use proptest::prelude::*;

mod values;

const FORMATS: [Format; 3] = [Format::Csv, Format::JsonLines, Format::Parquet];

/// `a.*` required, `b.*` optional, every type.
fn schema() -> Arc<Schema> {
    let field = |kind: &FieldType, optional| Field {
        kind: kind.clone(),
        optional,
        text: LocalText::default(),
        unit: None,
        personal: false,
        as_written: false,
        identifier: false,
    };
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

fn try_read(format: Format, bytes: impl Into<Vec<u8>>, options: Options<'_>) -> Result<Reading, ReadError> {
    read(&input(format, bytes), &schema(), options, &Progress::default())
}

fn accept(format: Format, bytes: impl Into<Vec<u8>>) -> Reading {
    try_read(format, bytes, Options::default()).unwrap()
}

fn refuse(format: Format, bytes: impl Into<Vec<u8>>) -> Refusal {
    match try_read(format, bytes, Options::default()) {
        Err(ReadError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn mapped(mapping: &str, format: Format, bytes: impl Into<Vec<u8>>) -> Result<Reading, ReadError> {
    let mapping = Mapping::from_ron(mapping).unwrap();
    try_read(format, bytes, Options { mapping: Some(&mapping), ..Options::default() })
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
            let options = Options { threads: NonZeroUsize::new(threads).unwrap(), ..Options::default() };
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
    try_read(Format::Csv, broken.clone(), Options { rejects: Some(&mut masked), ..Options::default() }).unwrap();
    assert!(
        String::from_utf8(masked).unwrap().contains("\"the row has 2 cells, the header 14\",\"\"\n"),
        "a row is not copied unasked"
    );
    let mut rejects = Vec::new();
    let options = Options { rejects: Some(&mut rejects), raw_rejects: true, ..Options::default() };
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
    let options = Options { rejects: Some(&mut full), ..Options::default() };
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
    let reading = try_read(Format::Csv, lines(&all), Options { rejects: Some(&mut rejects), ..Options::default() }).unwrap();
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
    let reading = try_read(Format::Csv, text, Options { rejects: Some(&mut rejects), ..Options::default() }).unwrap();
    assert_eq!(reading.table.len(), 4);
    let finding = &reading.findings[0];
    assert_eq!((finding.id(), finding.message.en.contains("2 rows repeat")), ("duplicate-request", true));
    assert_eq!(finding.notes[0].1.en, "`k1` in rows 1, 4, 5 of `x`");
    let strict = Options { duplicates: Duplicates::Refuse, ..Options::default() };
    assert!(try_read(Format::Csv, lines(&[GOOD, GOOD]), strict).is_err());
    let lax = Options { duplicates: Duplicates::Accept, ..Options::default() };
    assert!(try_read(Format::Csv, lines(&[GOOD, GOOD]), lax).unwrap().findings.is_empty());
}

// --- kinds of files -----------------------------------------------------------------------------------------------------------------

/// Three requests with a Chinese key, as CSV and as JSON objects.
fn three() -> (String, Vec<String>) {
    let csv: Vec<String> = ["杭州一", "宁波二", "温州三"].iter().map(|key| GOOD.replace("k1", key)).collect();
    let names: Vec<&str> = HEADER.split(',').take(7).collect();
    let json = |row: &String| {
        let pairs = names.iter().zip(row.split(',')).map(|(name, cell)| format!("\"{name}\": \"{cell}\""));
        format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
    };
    let objects = csv.iter().map(json).collect();
    (lines(&csv.iter().map(String::as_str).collect::<Vec<_>>()), objects)
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut out, bytes).unwrap();
    out.finish().unwrap()
}

/// A workbook whose first sheet has these rows; a cell is its XML between `<c` and `</c>`, a text when it has no `>`.
fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let cell = |cell: &String| {
        let text = cell.replace('&', "&amp;").replace('<', "&lt;");
        if cell.contains('>') { format!("<c{cell}</c>") } else { format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>") }
    };
    let row = |cells: &Vec<String>| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.iter().map(row).collect::<String>());
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"day\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"other\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r3\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/worksheets/sheet2.xml", "<worksheet><sheetData/></worksheet>".to_owned()),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_same_requests_are_read_from_every_kind_of_file() {
    let (csv, objects) = three();
    let wanted = rows(&accept(Format::Csv, csv.clone()).table);
    let gb18030 = encoding_rs::GB18030.encode(&csv).0.into_owned();
    let big_endian = |text: &str| utf_16(text, u16::to_be_bytes);
    let marked = format!("\u{feff}{csv}");
    let pretty: Vec<String> =
        objects.iter().map(|object| object.replace(['{'], "{\n").replace(", ", ",\n  ").replace('}', "\n}")).collect();
    let cells: Vec<Vec<String>> = csv.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let trailing: String = csv.lines().flat_map(|line| [line, ",,\n"]).collect();
    let nested = |object: &String| object.replace("\"a.", "\"").replacen('{', "{\"a\": {", 1) + "}";
    let late: String = csv.replace("杭州一", "k1").replace("宁波二", "k1").replacen("k1", "杭州一", 1).replacen("k1", "宁波二", 1);
    for (kind, format, bytes) in [
        ("UTF-8 with a mark", Format::Csv, marked.clone().into_bytes()),
        ("GB18030", Format::Csv, gb18030.clone()),
        ("UTF-16 LE", Format::Csv, utf_16(&marked, u16::to_le_bytes)),
        ("UTF-16 BE", Format::Csv, big_endian(&marked)),
        ("UTF-16 LE without a mark", Format::Csv, utf_16(&csv, u16::to_le_bytes)),
        ("UTF-16 BE without a mark", Format::Csv, big_endian(&csv)),
        ("UTF-16 of JSON", Format::JsonLines, big_endian(&objects.join("\n"))),
        ("gzip", Format::Csv, gzipped(csv.as_bytes())),
        ("gzip of GB18030", Format::Csv, gzipped(&gb18030)),
        ("two gzip members", Format::Csv, [gzipped(&csv.as_bytes()[..90]), gzipped(&csv.as_bytes()[90..])].concat()),
        ("zstd", Format::Csv, zstd::encode_all(csv.as_bytes(), 3).unwrap()),
        ("gzip of JSON", Format::JsonLines, gzipped(objects.join("\n").as_bytes())),
        (";", Format::Csv, csv.replace(',', ";").into_bytes()),
        ("tab", Format::Csv, csv.replace(',', "\t").into_bytes()),
        ("|", Format::Csv, csv.replace(',', "|").into_bytes()),
        ("two empty columns", Format::Csv, trailing.into_bytes()),
        ("carriage returns", Format::Csv, late.replace('\n', "\r\n").into_bytes()),
        ("an array", Format::JsonLines, format!("[{}]", objects.join(",")).into_bytes()),
        ("an array over lines", Format::JsonLines, format!("[\n{}\n]\n", pretty.join(",\n")).into_bytes()),
        ("objects over lines", Format::JsonLines, pretty.join("\n").into_bytes()),
        ("nested objects", Format::JsonLines, objects.iter().map(nested).collect::<Vec<_>>().join("\n").into_bytes()),
        ("a workbook", Format::Csv, workbook(&cells)),
    ] {
        let found = try_read(format, bytes, Options::default());
        assert_eq!(rows(&found.unwrap_or_else(|error| panic!("{kind}: {error:?}")).table), wanted, "{kind}");
    }
}

#[test]
fn what_is_found_out_about_a_file_is_said_once() {
    let (csv, objects) = three();
    let key = csv.replace("杭州一", "Müller").replace("宁波二", "Søren").replace("温州三", "Zoë");
    let latin: Vec<u8> = key.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let more = objects.iter().map(|object| object.replacen('{', "{\"b\": {\"x\": {\"y\": 1}}, \"extra\": 2, ", 1));
    for (bytes, format, id, message) in [
        (encoding_rs::GB18030.encode(&csv).0.into_owned(), Format::Csv, "encoding-found", "is read as gb18030"),
        (latin, Format::Csv, "encoding-found", "is read as windows-1252"),
        (csv.replace(',', ";").into_bytes(), Format::Csv, "delimiter-found", "separated by `;`"),
    ] {
        let findings = accept(format, bytes).findings;
        let found: Vec<_> = findings.iter().filter(|finding| finding.id() == id).collect();
        assert_eq!(found.len(), 1, "{message}");
        assert!(found[0].message.en.contains(message), "{}", found[0].message.en);
    }
    let refusal = refuse(Format::JsonLines, more.collect::<Vec<_>>().join("\n"));
    let found: Vec<&str> = refusal.findings.iter().map(|finding| finding.message.en.as_str()).collect();
    let unknown = |key: &str| format!("`x` has a column `{key}` that the schema does not know");
    assert_eq!(found, [unknown("b.x"), unknown("extra")]);
}

#[test]
fn files_that_cannot_be_read_are_refused_with_what_to_do() {
    let (csv, objects) = three();
    let packed = gzipped(csv.as_bytes());
    let strange = csv.replace(',', "^");
    let either = "a;b,c\n1;2,3\n".to_owned();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let endless = std::io::Read::take(std::io::repeat(b'\n'), 300 << 20);
    std::io::copy(&mut std::io::Read::chain(csv.as_bytes(), endless), &mut bomb).unwrap();
    let bomb = bomb.finish().unwrap();
    let cells: Vec<Vec<String>> = csv.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    for (kind, format, bytes, id, help) in [
        ("cut gzip", Format::Csv, packed[..packed.len() - 9].to_vec(), "damaged-file", "copied in full"),
        ("a bomb", Format::Csv, bomb, "too-large-unpacked", "unpack it first"),
        ("cut zstd", Format::Csv, zstd::encode_all(csv.as_bytes(), 3).unwrap()[..60].to_vec(), "damaged-file", "copied in full"),
        ("another delimiter", Format::Csv, strange.into_bytes(), "unclear-delimiter", "--delimiter"),
        ("two delimiters", Format::Csv, either.into_bytes(), "unclear-delimiter", "--delimiter"),
        ("a cut array", Format::JsonLines, format!("[{}", objects.join(",")).into_bytes(), "damaged-file", "copied in full"),
        ("more than an array", Format::JsonLines, b"[{}] {}".to_vec(), "damaged-file", "copied in full"),
        ("a cut workbook", Format::Csv, workbook(&cells)[..900].to_vec(), "damaged-file", "copied in full"),
    ] {
        let refusal = refuse(format, bytes);
        let finding = &refusal.findings[0];
        assert_eq!(finding.id(), id, "{kind}: {}", finding.message.en);
        assert!(finding.help.as_ref().unwrap().on_command_line().en.contains(help), "{kind}");
    }
}

#[test]
fn bytes_that_are_not_valid_are_named_by_row_line_and_byte() {
    let (csv, _) = three();
    let mut gb18030 = encoding_rs::GB18030.encode(&csv).0.into_owned();
    let at = gb18030.len() - 40;
    gb18030[at] = 0xff;
    let mut wide = utf_16(&csv, u16::to_le_bytes);
    let last = wide.len() - 42;
    wide[last..last + 2].copy_from_slice(&[0x00, 0xd8]);
    for (bytes, named) in [(gb18030, "gb18030"), (wide, "UTF-16LE")] {
        let before = csv.lines().last().unwrap();
        let refusal = refuse(Format::Csv, bytes);
        let problem = &refusal.problems[0];
        assert_eq!((refusal.bad_rows(), problem.row, problem.line), (1, 3, Some(4)), "{named}");
        assert!(problem.reason.en.contains(&format!("the row is not {named} from its byte ")), "{}", problem.reason.en);
        assert!(!before.is_empty());
    }
}

#[test]
fn cells_of_a_workbook_keep_their_types() {
    let rows_of = |time: &str, count: &str, money: &str, note: &str| {
        let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>();
        let header = texts(&["a.id", "a.time", "a.flag", "a.count", "a.money", "a.score", "a.colour", "note"]);
        vec![header, texts(&["k1", time, " t=\"b\"><v>1</v>", count, money, "><v>0.5</v>", "red", note])]
    };
    let time = " s=\"1\"><v>41722.378472222219</v>";
    let ignore = r#"(format: 1, ignore: ["note"], sheet: "day")"#;
    let fine = rows_of(time, "><f>1+1</f><v>2</v>", "><v>852</v>", " t=\"e\"><v>#N/A</v>");
    let table = mapped(ignore, Format::Csv, workbook(&fine)).unwrap().table;
    let found: Vec<Value> = rows(&table)[0][..7].to_vec();
    let at = Timestamp::from_micros(1_395_623_100_000_000).unwrap();
    let wanted =
        [text("k1"), Value::Time(at), Value::Bool(true), Value::Int(2), Value::Money(Fen(85_200)), Value::Float(0.5), text("red")];
    assert_eq!(found, wanted);
    for (count, value, reason) in [
        (" t=\"e\"><v>#N/A</v>", "#N/A", "is an error of the sheet"),
        ("><f>A1</f>", "=?", "never computed"),
        ("><v>2.5</v>", "2.5", "not a whole number"),
    ] {
        let Err(ReadError::Refused(refusal)) = mapped(ignore, Format::Csv, workbook(&rows_of(time, count, "1", "x"))) else {
            panic!("{count} is not refused")
        };
        let problem = &refusal.problems[0];
        assert_eq!((problem.row, problem.line, problem.column.as_deref()), (1, Some(2), Some("a.count")), "{count}");
        assert_eq!(problem.value, value);
        assert!(problem.reason.en.contains(reason), "{}", problem.reason.en);
    }
    let Err(ReadError::Refused(refusal)) = mapped(&ignore.replace("day", "dya"), Format::Csv, workbook(&fine)) else { panic!() };
    assert_eq!(refusal.findings[0].id(), "unknown-sheet");
    let found = mapped(&ignore.replace("sheet: \"day\"", ""), Format::Csv, workbook(&fine)).unwrap().findings;
    assert!(found.iter().any(|finding| finding.id() == "sheet-read"), "{found:?}");
    let mut header = fine.clone();
    header[0][7] = " t=\"e\"><v>#N/A</v>".to_owned();
    let Err(ReadError::Refused(refusal)) = mapped(ignore, Format::Csv, workbook(&header)) else { panic!() };
    assert_eq!(refusal.findings[0].id(), "bad-header");
}

#[test]
fn several_files_are_one_input_and_problems_name_their_file() {
    let part = |name: &str, text: String| countersign_requests::InputFile {
        name: name.to_owned(),
        folders: vec![("a.colour".to_owned(), Some("blue".to_owned())), ("b.id".to_owned(), None)],
        bytes: Arc::new(text.into_bytes()),
    };
    let header = HEADER.replace(",a.colour", "").replace(",b.id", "");
    let row = |key: &str| GOOD.replace("k1", key).replace(",red,,", ",");
    let one = part("day/1.csv", format!("{header}\n{}\n{}\n", row("k1"), row("k2")));
    let two = part("day/2.csv", format!("{header}\n{}\n{}\n", row("k1"), row("k3").replace("-5", "five")));
    let mut both = input(Format::Csv, "");
    both.files = vec![one, part("day/3.csv", String::new()), two];
    let mut rejects = Vec::new();
    let options = Options { rejects: Some(&mut rejects), ..Options::default() };
    let reading = read(&both, &schema(), options, &Progress::default()).unwrap();
    assert_eq!((reading.table.len(), reading.rows_set_aside()), (3, 1));
    assert_eq!(rows(&reading.table)[2][6], text("blue"));
    let problem = &reading.problems[0];
    assert_eq!((problem.file.as_deref(), problem.row, problem.line), (Some("day/2.csv"), 2, Some(3)));
    assert!(String::from_utf8(rejects).unwrap().starts_with("file,row,line,column,value,reason,raw\n\"day/2.csv\",\"2\",\"3\","));
    let repeated = reading.findings.iter().find(|finding| finding.id() == "duplicate-request").unwrap();
    assert_eq!(repeated.notes[0].1.en, "`k1` in rows 1 (`day/1.csv`), 1 (`day/2.csv`) of `x`");
}

// --- hostile files ------------------------------------------------------------------------------------------------------------------

/// A file that is never in memory: `head`, then one byte for ever.
struct Endless {
    head: Vec<u8>,
    fill: u8,
    asked: std::sync::atomic::AtomicU64,
}

impl countersign_core::storage::ReadAt for Endless {
    fn len(&self) -> u64 {
        2 << 30
    }
    fn read_at(&self, offset: u64, into: &mut [u8]) -> std::io::Result<()> {
        self.asked.fetch_add(into.len() as u64, std::sync::atomic::Ordering::Relaxed);
        for (at, byte) in (offset..).zip(into) {
            *byte = usize::try_from(at).ok().and_then(|at| self.head.get(at)).copied().unwrap_or(self.fill);
        }
        Ok(())
    }
}

#[test]
fn a_line_of_two_gigabytes_is_refused_with_its_place_before_it_is_read() {
    for (format, head, fill) in [
        (Format::Csv, lines(&[GOOD]), b'x'),
        (Format::Csv, lines(&[GOOD]) + "\"", b'\n'),
        (Format::JsonLines, "{}\n\n".to_owned(), b'['),
    ] {
        let file = Arc::new(Endless { head: head.into_bytes(), fill, asked: 0.into() });
        let input = Input::new("x", format, file.clone());
        let Err(ReadError::Refused(refusal)) = read(&input, &schema(), Options::default(), &Progress::default()) else {
            panic!("not refused")
        };
        assert_eq!(refusal.findings[0].id(), "line-too-long");
        assert!(refusal.findings[0].message.en.contains("line 3:"), "{}", refusal.findings[0].message.en);
        assert!(file.asked.load(std::sync::atomic::Ordering::Relaxed) < 8 << 20);
    }
}

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
        let _ = try_read(Format::Parquet, altered, Options::default());
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
        let result = read(&input(format, written(&table, format)), &schema(), Options::default(), &progress);
        assert!(matches!(result, Err(ReadError::Cancelled)), "{format:?}");
    }
}

#[test]
fn progress_reaches_the_files_end() {
    let table = built(&(0..5_000).map(row).collect::<Vec<_>>());
    for format in FORMATS {
        let (progress, bytes) = (Progress::default(), written(&table, format));
        let len = bytes.len() as u64;
        read(&input(format, bytes), &schema(), Options::default(), &progress).unwrap();
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

#[test]
fn a_bad_personal_value_is_not_quoted() {
    let mut schema = Schema::clone(&schema());
    schema.groups.get_mut("a").unwrap().fields.get_mut("count").unwrap().personal = true;
    let text = lines(&[&GOOD.replace(",-5,", ",4402-1977,")]);
    let result = read(&input(Format::Csv, text), &Arc::new(schema), Options::default(), &Progress::default());
    let Err(ReadError::Refused(refusal)) = result else { panic!("not refused") };
    let said = format!("{:?}", refusal.findings);
    assert!(said.contains("a.count") && said.contains("`***`") && !said.contains("1977"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_table_survives_every_format(rows_in in prop::collection::vec(any_row(), 1..12)) {
        let table = built(&rows_in);
        for format in FORMATS {
            let reading = try_read(format, written(&table, format), Options::default()).unwrap();
            prop_assert_eq!(rows(&reading.table), rows_in.clone(), "{:?}", format);
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 1..300), format in 0..3_usize) {
        let _ = try_read(FORMATS[format], bytes, Options::default());
    }

    #[test]
    fn random_rows_never_panic_and_every_row_is_counted(text in "([ak1,\"\r\n{}:\\[\\]]|-5|red|true|2014-03-24|\u{feff}|名){0,80}", format in 0..2_usize) {
        let (head, format) = if format == 0 { (HEADER.to_owned() + "\n", Format::Csv) } else { (String::new(), Format::JsonLines) };
        let mut rejects = Vec::new();
        let options = Options { rejects: Some(&mut rejects), ..Options::default() };
        if let Ok(reading) = try_read(format, head + text.as_str(), options) {
            prop_assert_eq!(reading.table.len(), 0);
            prop_assert!(reading.rows_set_aside() > 0);
        }
    }

    #[test]
    fn a_file_altered_in_one_place_is_read_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), format in 0..3_usize) {
        let mut bytes = written(&built(&[row(1), row(2), row(3)]), FORMATS[format]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(reading) = try_read(FORMATS[format], bytes, Options::default()) {
            prop_assert!(reading.table.len() <= 4);
        }
    }
}

// --- the normal form of texts -------------------------------------------------------------------------------------------------------

/// `{A0}` is the character of that number.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('{');
    let mut made = parts.next().unwrap().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap();
        made.push(char::from_u32(u32::from_str_radix(number, 16).unwrap()).unwrap());
        made.push_str(rest);
    }
    made
}

/// A file with one good row, of which one cell is another.
fn with_cell(format: &str, field: &str, cell: &str) -> (Format, Vec<u8>) {
    let columns: Vec<&str> = HEADER.split(',').collect();
    let at = columns.iter().position(|column| *column == field).unwrap();
    let mut cells: Vec<String> = GOOD.split(',').map(str::to_owned).collect();
    match format {
        "csv" => {
            cells[at] = format!("\"{}\"", cell.replace('"', "\"\""));
            (Format::Csv, lines(&[&cells.join(",")]).into_bytes())
        }
        "jsonl" => {
            let value = |(position, text): (usize, &String)| {
                let value = if position == at { cell.to_owned() } else { format!("{text:?}") };
                format!("{:?}:{value}", columns[position])
            };
            (Format::JsonLines, format!("{{{}}}\n", cells.iter().enumerate().map(value).collect::<Vec<_>>().join(",")).into_bytes())
        }
        _ => {
            let mut values = rows(&accept(Format::Csv, lines(&[GOOD])).table).remove(0);
            values[at] = text(cell);
            (Format::Parquet, written(&built(&[values]), Format::Parquet))
        }
    }
}

#[test]
fn cells_become_the_values_of_the_table_of_texts() {
    let table = include_str!("fixtures/texts/cells.txt");
    let zone = schema().zone;
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with("# ") && !line.is_empty()) {
        let (head, rest) = line.split_once('|').unwrap();
        let (cell, rest) = rest.rsplit_once('|').unwrap();
        let [format, field] = head.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let mut rest = rest.split_whitespace();
        let (wanted, mut ids) = (rest.next().unwrap(), rest.filter(|id| *id != "-").collect::<Vec<_>>());
        let (kind, bytes) = with_cell(format, field, &unescaped(cell));
        let (found, findings) = match try_read(kind, bytes, Options::default()) {
            Ok(reading) => {
                let (index, _) = reading.table.schema().find(field).unwrap();
                let shown = reading.table.value(0, index).show(zone);
                (if shown == "-" { "\\-".to_owned() } else { shown }, reading.findings)
            }
            Err(ReadError::Refused(refusal)) => ("!".to_owned(), refusal.findings),
            Err(ReadError::Cancelled) => panic!("cancelled"),
        };
        assert_eq!(if found.is_empty() { "-" } else { &found }, wanted, "{line}");
        let mut known: Vec<&str> = findings.iter().map(Finding::id).filter(|id| *id != "absent-column").collect();
        // A refused file is not told of what is only worth knowing.
        ids.retain(|id| wanted != "!" || *id != "normalized-values");
        known.sort_unstable();
        ids.sort_unstable();
        assert_eq!(known, ids, "{line}");
        count += 1;
    }
    assert!(count > 50);
}

#[test]
fn what_is_worth_knowing_of_a_column_is_counted_over_all_chunks() {
    let mut rows = String::new();
    for at in 0..30_000 {
        let id = ["x", "x ", "NULL", "null", "6.2E+18"][at % 5];
        rows.push_str(&GOOD.replace("k1", &format!("k{at}")).replace("red,,", &format!("red,{id},")));
        rows.push('\n');
    }
    let bytes = format!("{HEADER}\n{rows}");
    for threads in [1, 3] {
        let options = Options { threads: NonZeroUsize::new(threads).unwrap(), ..Options::default() };
        let reading = try_read(Format::Csv, bytes.clone(), options).unwrap();
        let said: Vec<&str> = reading.findings.iter().map(|finding| finding.message.en.as_str()).collect();
        let wanted = [
            "`x`, column `b.id`: 6,000 values trimmed, the first is `x `",
            "`x`, column `b.id`: 6,000 values look like a number rounded by a spreadsheet, the first is `6.2E+18`",
            "`x`, column `b.id`: 6,000 values are `NULL`, 6,000 values are `null`; such words often mean that there is no value",
        ];
        assert_eq!(said, wanted);
        let help = reading.findings[2].help.as_ref().unwrap().in_window();
        assert!(help.en.contains("write `missing: [\"NULL\", \"null\"]` in the mapping"), "{}", help.en);
        assert_eq!(reading.missing_words, ["NULL", "null"]);
    }
    let mapping = "(format: 1, missing: [\"NULL\"], fields: {\"b.id\": (values: {\"null\": \"null\", \"x\": \"'y\u{a0}\"})})";
    let reading = mapped(mapping, Format::Csv, bytes.clone()).unwrap();
    assert!(reading.findings.iter().all(|finding| finding.id() != "missing-word") && reading.missing_words.is_empty());
    let ids: Vec<Value> = (0..4).map(|row| reading.table.value(row, FieldIndex(7))).collect();
    assert_eq!(ids, [text("y"), text("y"), Value::Missing, text("null")], "what a mapping gives is in normal form too");
    let exact = Options { exact: vec![FieldIndex(7)], ..Options::default() };
    let Err(ReadError::Refused(refusal)) = try_read(Format::Csv, bytes, exact) else { panic!("not refused") };
    assert_eq!(refusal.bad_rows(), 6_000);
    assert!(refusal.problems[0].reason.en.contains("rounded by a spreadsheet"), "{:?}", refusal.problems[0]);
}

#[test]
fn a_row_number_is_the_place_of_a_row_in_the_input() {
    let rows_in: Vec<Vec<Value>> = (0..9_000).map(row).collect();
    let table = built(&rows_in);
    let mapping = Mapping::from_ron(
        r#"(format: 1, ignore: ["a.id", "b.count"], fields: {"a.id": (row_number: true), "b.count": (row_number: true)})"#,
    );
    let mapping = mapping.unwrap();
    for format in FORMATS {
        let bytes = written(&table, format);
        for threads in [1, 3] {
            let threads = NonZeroUsize::new(threads).unwrap();
            let options = Options { threads, mapping: Some(&mapping), ..Options::default() };
            let reading = try_read(format, bytes.clone(), options).unwrap();
            for at in [0, 4_321, 8_999] {
                assert_eq!(reading.table.key(at), (at + 1).to_string(), "{format:?}");
                assert_eq!(reading.table.value(at, FieldIndex(10)), Value::Int(i64::try_from(at + 1).unwrap()), "{format:?}");
            }
        }
    }
    // A row that is set aside keeps its number, so that the others keep theirs when it is corrected.
    let bytes = lines(&[GOOD, &GOOD.replace("true", "maybe"), GOOD]);
    let mut rejects = Vec::new();
    let options = Options { mapping: Some(&mapping), rejects: Some(&mut rejects), ..Options::default() };
    let reading = try_read(Format::Csv, bytes, options).unwrap();
    assert_eq!([reading.table.key(0), reading.table.key(1)], ["1", "3"]);
    for wrong in [
        r#"(format: 1, fields: {"a.id": (row_number: true, column: "x")})"#,
        r#"(format: 1, fields: {"a.id": (row_number: true, default: "x")})"#,
    ] {
        assert!(Mapping::from_ron(wrong).is_err(), "{wrong}");
    }
    let flag = Mapping::from_ron(r#"(format: 1, fields: {"a.flag": (row_number: true)})"#).unwrap();
    assert_eq!(flag.check(&schema(), None).first().map(Finding::id), Some("mapping-type-mismatch"));
}

#[test]
fn a_field_taken_as_written_keeps_its_texts() {
    let mut schema = (*schema()).clone();
    schema.groups["b"].fields["id"].as_written = true;
    let bytes = lines(&[&GOOD.replace("red,,", "red,'x\u{a0},")]);
    let reading = read(&input(Format::Csv, bytes), &Arc::new(schema), Options::default(), &Progress::default()).unwrap();
    assert_eq!(reading.table.value(0, FieldIndex(7)), text("'x\u{a0}"));
    assert!(reading.findings.is_empty());
}

#[test]
fn the_first_value_of_a_personal_column_is_masked() {
    let mut schema = (*schema()).clone();
    schema.groups["b"].fields["id"].personal = true;
    let bytes = lines(&[&GOOD.replace("red,,", "red,somebody ,")]);
    let reading = read(&input(Format::Csv, bytes), &Arc::new(schema), Options::default(), &Progress::default()).unwrap();
    assert_eq!(reading.findings[0].message.en, "`x`, column `b.id`: 1 value trimmed, the first is `***`");
    assert!(reading.findings.iter().all(|finding| !format!("{finding:?}").contains("somebody")));
}
