//! Single values of every format, from `fixtures/readers/values.ron`: what each becomes, and the line of a mapping by which a refused one
//! would be accepted.

use countersign_core::diagnostic::Finding;
use std::collections::BTreeSet;

use arrow_array::types::{Float16Type, Int32Type, Int64Type};
use arrow_array::*;
use arrow_buffer::i256;
use countersign_workspace::{DiskFiles, load};
use parquet::arrow::ArrowWriter;
use parquet::data_type::Int96Type;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde::Deserialize;

use super::*;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    field: String,
    #[serde(default)]
    how: String,
    #[serde(default)]
    top: String,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    json: Vec<String>,
    #[serde(default)]
    typed: Vec<(String, String)>,
    #[serde(default)]
    is: Option<String>,
    #[serde(default)]
    rounded: bool,
    #[serde(default)]
    because: Option<String>,
    #[serde(default)]
    shows: Option<String>,
}

/// Every other required field has a constant.
fn mapping_of(case: &Case, line: &str) -> String {
    let constants = [
        ("a.id", "k"),
        ("a.time", "2014-03-24"),
        ("a.flag", "true"),
        ("a.count", "1"),
        ("a.money", "1"),
        ("a.score", "1"),
        ("a.colour", "red"),
    ];
    let others = constants.iter().filter(|(name, _)| *name != case.field);
    let others: Vec<String> = others.map(|(name, value)| format!("\"{name}\": (constant: \"{value}\"), ")).collect();
    let others = others.concat();
    format!("(format: 1, {} fields: {{{others}{line}}})", case.top)
}

fn one<T: Array + 'static>(array: T) -> ArrayRef {
    Arc::new(array)
}

/// A column of one value.
fn array(kind: &str, literal: &str) -> ArrayRef {
    let some = (literal != "null").then_some(literal);
    let whole = some.and_then(|text| text.parse::<i64>().ok());
    let parts: Vec<&str> = kind.split(':').collect();
    let zone = |is: bool| is.then_some("UTC");
    match parts.as_slice() {
        ["null"] => one(NullArray::new(1)),
        ["utf8"] => one(StringArray::from(vec![some])),
        ["bool"] => one(BooleanArray::from(vec![some.map(|text| text == "true")])),
        ["int8"] => one(Int8Array::from(vec![some.map(|text| text.parse::<i8>().unwrap())])),
        ["int16"] => one(Int16Array::from(vec![some.map(|text| text.parse::<i16>().unwrap())])),
        ["int32"] => one(PrimitiveArray::<Int32Type>::from(vec![some.map(|text| text.parse::<i32>().unwrap())])),
        ["int64"] => one(PrimitiveArray::<Int64Type>::from(vec![whole])),
        ["uint8"] => one(UInt8Array::from(vec![some.map(|text| text.parse::<u8>().unwrap())])),
        ["uint16"] => one(UInt16Array::from(vec![some.map(|text| text.parse::<u16>().unwrap())])),
        ["uint32"] => one(UInt32Array::from(vec![some.map(|text| text.parse::<u32>().unwrap())])),
        ["uint64"] => one(UInt64Array::from(vec![some.map(|text| text.parse::<u64>().unwrap())])),
        ["float16"] => {
            let half = <Float16Type as ArrowPrimitiveType>::Native::from_f32(literal.parse().unwrap());
            one(PrimitiveArray::<Float16Type>::from(vec![Some(half)]))
        }
        ["float32"] => one(Float32Array::from(vec![some.map(|text| text.parse::<f32>().unwrap())])),
        ["float64"] => one(Float64Array::from(vec![some.map(|text| text.parse::<f64>().unwrap())])),
        ["decimal", precision, scale] => {
            let (precision, scale) = (precision.parse().unwrap(), scale.parse().unwrap());
            if precision <= 38 {
                let digits = vec![literal.parse::<i128>().unwrap()];
                one(Decimal128Array::from(digits).with_precision_and_scale(precision, scale).unwrap())
            } else {
                let digits = vec![i256::from_string(literal).unwrap()];
                one(Decimal256Array::from(digits).with_precision_and_scale(precision, scale).unwrap())
            }
        }
        ["ts_ms"] => one(TimestampMillisecondArray::from(vec![whole])),
        ["ts_us" | "ts_us_utc"] => one(TimestampMicrosecondArray::from(vec![whole]).with_timezone_opt(zone(kind.ends_with("utc")))),
        ["ts_ns"] => one(TimestampNanosecondArray::from(vec![whole])),
        ["date"] => one(Date32Array::from(vec![some.map(|text| text.parse::<i32>().unwrap())])),
        ["time_us"] => one(Time64MicrosecondArray::from(vec![whole])),
        ["time_ns"] => one(Time64NanosecondArray::from(vec![whole])),
        other => panic!("{other:?}"),
    }
}

/// A file with the column `v` of one value.
fn parquet_of(kind: &str, literal: &str) -> Vec<u8> {
    let mut out = Vec::new();
    if kind == "int96" {
        let (day, nanos) = literal.split_once(':').unwrap();
        let (day, nanos) = (day.parse::<i32>().unwrap().cast_unsigned(), nanos.parse::<u64>().unwrap());
        let mut value = parquet::data_type::Int96::new();
        let halves = [nanos & 0xffff_ffff, nanos >> 32].map(|half| u32::try_from(half).unwrap());
        value.set_data(halves[0], halves[1], day);
        let schema = Arc::new(parse_message_type("message m { required int96 v; }").unwrap());
        let mut writer = SerializedFileWriter::new(&mut out, schema, Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int96Type>().write_batch(&[value], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
    } else {
        let batch = RecordBatch::try_from_iter_with_nullable([("v", array(kind, literal), true)]).unwrap();
        let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
    out
}

/// Every file that holds the inputs of a case: what it is, its format and bytes, and the input.
fn files(case: &Case) -> Vec<(String, Format, Vec<u8>, String)> {
    let mut files = Vec::new();
    for text in &case.text {
        let csv = format!("v,w\n\"{}\",\n", text.replace('"', "\"\""));
        files.push((format!("CSV {text}"), Format::Csv, csv.into_bytes(), text.clone()));
        let json = format!("{{\"v\": {}}}", serde_json::to_string(text).unwrap());
        files.push((format!("JSON text {text}"), Format::JsonLines, json.into_bytes(), text.clone()));
        files.push((format!("Parquet text {text}"), Format::Parquet, parquet_of("utf8", text), text.clone()));
    }
    for value in &case.json {
        files.push((format!("JSON {value}"), Format::JsonLines, format!("{{\"v\": {value}}}").into_bytes(), value.clone()));
    }
    for (kind, literal) in &case.typed {
        files.push((format!("Parquet {kind} {literal}"), Format::Parquet, parquet_of(kind, literal), String::new()));
    }
    files
}

fn shown(value: &Value, schema: &Schema) -> String {
    match value {
        Value::Missing => "missing".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Money(fen) => fen.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Time(time) => schema.zone.format(*time),
    }
}

/// The lines of a mapping that a help names.
fn lines_in<'a>(help: &'a str, field: &str) -> Vec<&'a str> {
    let start = format!("\"{field}\": (");
    help.split('`').filter(|part| part.starts_with(&start)).collect()
}

#[test]
fn every_value_is_read_or_refused_with_a_line_that_accepts_it() {
    let cases: Vec<Case> = ron::Options::default()
        .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
        .from_str(include_str!("../fixtures/readers/values.ron"))
        .unwrap();
    let schema = schema();
    let mut failed = Vec::new();
    let mut tried = BTreeSet::new();
    for case in &cases {
        let index = schema.find(&case.field).unwrap().0;
        let how = if case.how.is_empty() { String::new() } else { format!(", {}", case.how) };
        let line = format!("\"{}\": (column: \"v\"{how})", case.field);
        let mapping = mapping_of(case, &line).replacen("fields:", "ignore: [\"w\"], fields:", 1);
        for (what, format, bytes, input) in files(case) {
            tried.insert(what.clone());
            let mut fail = |why: String| failed.push(format!("{} ({}): {what}: {why}", case.field, case.how));
            match (mapped(&mapping, format, bytes.clone()), &case.is, &case.because) {
                (Ok(reading), Some(wanted), _) => {
                    let value = shown(&reading.table.value(0, index), &schema);
                    if value != *wanted {
                        fail(format!("`{value}`, not `{wanted}`"));
                    }
                    let is_counted = reading.findings.iter().any(|finding| finding.id() == "rounded-amounts");
                    if is_counted != case.rounded {
                        fail(format!("counted as rounded: {is_counted}"));
                    }
                }
                (Err(ReadError::Refused(refusal)), _, Some(because)) if refusal.problems.len() == 1 => {
                    let problem = &refusal.problems[0];
                    if !problem.reason.en.contains(because.as_str()) || problem.reason.en == problem.reason.zh {
                        fail(format!("{:?}", problem.reason));
                    }
                    let shows = case.shows.as_ref().filter(|shows| !shows.is_empty()).unwrap_or(&input);
                    if !shows.is_empty() && problem.value != *shows {
                        fail(format!("shows `{}`", problem.value));
                    }
                    let help = problem.help.clone().unwrap_or_default();
                    let lines = lines_in(&help.en, &case.field);
                    if lines.is_empty() || lines_in(&help.zh, &case.field) != lines {
                        fail(format!("no line to accept it: {help:?}"));
                    }
                    for line in lines {
                        let mapping = mapping_of(case, line).replacen("fields:", "ignore: [\"w\"], fields:", 1);
                        if let Err(error) = Mapping::from_ron(&mapping) {
                            fail(format!("{line}: {error:?}"));
                        } else if let Err(error) = mapped(&mapping, format, bytes.clone()) {
                            fail(format!("{line} does not accept it: {error:?}"));
                        }
                    }
                }
                (Ok(reading), None, _) => fail(format!("taken as `{}`", shown(&reading.table.value(0, index), &schema))),
                (Err(error), ..) => fail(format!("{error:?}")),
            }
        }
    }
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), tried.len(), failed.join("\n"));
}

#[test]
fn times_without_a_zone_are_noted_with_the_lines_that_settle_them() {
    let cases = [
        ("int96", "2456741:0", "", "", Some("int96-times")),
        ("int96", "2456741:0", "", "zone: \"+00:00\"", None),
        ("int96", "2456741:0", "zone: \"+08:00\",", "", None),
        ("ts_us", "1395619200000000", "", "", Some("times-without-zone")),
        ("ts_ns", "1395619200000000000", "", "zone: \"+08:00\"", None),
        ("ts_us_utc", "1395619200000000", "", "", None),
        ("date", "16153", "", "", None),
        ("utf8", "2014-03-24", "", "", None),
    ];
    for (kind, literal, top, how, wanted) in cases {
        let case = Case { field: "a.time".to_owned(), top: top.to_owned(), ..Case::default() };
        let reading = |line: &str| mapped(&mapping_of(&case, line), Format::Parquet, parquet_of(kind, literal)).unwrap();
        let times = |reading: &Reading| -> Vec<countersign_core::diagnostic::Finding> {
            let about_times = |id: &str| matches!(id, "int96-times" | "times-without-zone");
            reading.findings.iter().filter(|finding| about_times(finding.id())).cloned().collect()
        };
        let found = times(&reading(&format!("\"a.time\": (column: \"v\", {how})")));
        assert_eq!(found.iter().map(Finding::id).collect::<Vec<_>>(), Vec::from_iter(wanted), "{kind} {top} {how}");
        for finding in found {
            assert!(finding.message.en.contains("column `v`") && finding.message.zh.contains("列 `v`"), "{finding:?}");
            let help = finding.help.as_ref().unwrap().on_command_line();
            let lines = lines_in(&help.en, "a.time");
            assert_eq!((lines.len(), lines_in(&help.zh, "a.time")), (2, lines.clone()), "{help:?}");
            for (line, shown) in lines.iter().zip(["T08:00:00", "T00:00:00"]) {
                let settled = reading(line);
                assert!(times(&settled).is_empty(), "{line}");
                let value = shown_at(&settled, "a.time");
                assert!(value.contains(shown), "{line}: {value}");
            }
        }
    }
}

/// The first row's value of a field.
fn shown_at(reading: &Reading, field: &str) -> String {
    let schema = schema();
    shown(&reading.table.value(0, schema.find(field).unwrap().0), &schema)
}

/// The examples of a page.
fn examples(page: &str) -> Vec<&str> {
    page.split("```ron\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

#[test]
fn the_documented_mappings_are_mappings() {
    let (en, zh) = (include_str!("../../docs/mapping.md"), include_str!("../../docs/mapping.zh.md"));
    assert_eq!(examples(en), examples(zh));
    let schema = load(&DiskFiles, "rules").unwrap_or_else(|failed| panic!("{failed}")).schema.clone();
    let mut printed = String::new();
    for example in examples(en) {
        let mapping = Mapping::from_ron(example).unwrap_or_else(|error| panic!("{error:?}: {example}"));
        let findings = mapping.check(&schema, None);
        assert!(findings.is_empty(), "{findings:?}: {example}");
        printed += &mapping.to_ron();
    }
    let keys = "format delimiter encoding sheet zone missing ignore fields column join columns separator constant row_number money unit thousands \
                decimal mark \
                number time words yes no values default";
    for key in keys.split_whitespace() {
        assert!(printed.contains(&format!("{key}:")), "no example of `{key}`");
    }
}
