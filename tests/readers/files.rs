//! Files as others write them: encodings, compression, workbooks, several at once, lines without end.

use super::*;

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
        let found = try_read(format, bytes, ReadOptions::default());
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
    let options = ReadOptions { rejects: Some(&mut rejects), ..ReadOptions::default() };
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
        let Err(ReadError::Refused(refusal)) = read(&input, &schema(), ReadOptions::default(), &Progress::default()) else {
            panic!("not refused")
        };
        assert_eq!(refusal.findings[0].id(), "line-too-long");
        assert!(refusal.findings[0].message.en.contains("line 3:"), "{}", refusal.findings[0].message.en);
        assert!(file.asked.load(std::sync::atomic::Ordering::Relaxed) < 8 << 20);
    }
}
