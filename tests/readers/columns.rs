//! What the cells of a column become, and what is worth knowing of a column.

use super::*;

#[test]
fn a_bad_personal_value_is_not_quoted() {
    let mut schema = Schema::clone(&schema());
    schema.groups.get_mut("a").unwrap().fields.get_mut("count").unwrap().personal = true;
    let text = lines(&[&GOOD.replace(",-5,", ",4402-1977,")]);
    let result = read(&input(Format::Csv, text), &Arc::new(schema), ReadOptions::default(), &Progress::default());
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
            let reading = try_read(format, written(&table, format), ReadOptions::default()).unwrap();
            prop_assert_eq!(rows(&reading.table), rows_in.clone(), "{:?}", format);
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 1..300), format in 0..3_usize) {
        let _ = try_read(FORMATS[format], bytes, ReadOptions::default());
    }

    #[test]
    fn random_rows_never_panic_and_every_row_is_counted(text in "([ak1,\"\r\n{}:\\[\\]]|-5|red|true|2014-03-24|\u{feff}|名){0,80}", format in 0..2_usize) {
        let (head, format) = if format == 0 { (HEADER.to_owned() + "\n", Format::Csv) } else { (String::new(), Format::JsonLines) };
        let mut rejects = Vec::new();
        let options = ReadOptions { rejects: Some(&mut rejects), ..ReadOptions::default() };
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
        if let Ok(reading) = try_read(FORMATS[format], bytes, ReadOptions::default()) {
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
    let table = include_str!("../fixtures/texts/cells.txt");
    let zone = schema().zone;
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with("# ") && !line.is_empty()) {
        let (head, rest) = line.split_once('|').unwrap();
        let (cell, rest) = rest.rsplit_once('|').unwrap();
        let [format, field] = head.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let mut rest = rest.split_whitespace();
        let (wanted, mut ids) = (rest.next().unwrap(), rest.filter(|id| *id != "-").collect::<Vec<_>>());
        let (kind, bytes) = with_cell(format, field, &unescaped(cell));
        let (found, findings) = match try_read(kind, bytes, ReadOptions::default()) {
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
        // Notes are left out where the file is refused.
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
        let options = ReadOptions { threads: NonZeroUsize::new(threads).unwrap(), ..ReadOptions::default() };
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
    let exact = ReadOptions { exact: vec![FieldIndex(7)], ..ReadOptions::default() };
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
            let options = ReadOptions { threads, mapping: Some(&mapping), ..ReadOptions::default() };
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
    let options = ReadOptions { mapping: Some(&mapping), rejects: Some(&mut rejects), ..ReadOptions::default() };
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
    let reading = read(&input(Format::Csv, bytes), &Arc::new(schema), ReadOptions::default(), &Progress::default()).unwrap();
    assert_eq!(reading.table.value(0, FieldIndex(7)), text("'x\u{a0}"));
    assert!(reading.findings.is_empty());
}

#[test]
fn the_first_value_of_a_personal_column_is_masked() {
    let mut schema = (*schema()).clone();
    schema.groups["b"].fields["id"].personal = true;
    let bytes = lines(&[&GOOD.replace("red,,", "red,somebody ,")]);
    let reading = read(&input(Format::Csv, bytes), &Arc::new(schema), ReadOptions::default(), &Progress::default()).unwrap();
    assert_eq!(reading.findings[0].message.en, "`x`, column `b.id`: 1 value trimmed, the first is `***`");
    assert!(reading.findings.iter().all(|finding| !format!("{finding:?}").contains("somebody")));
}
