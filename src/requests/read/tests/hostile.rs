//! Files made to fill memory or time: each is refused with words, or read within bounds.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use ::parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use arrow_array::*;

use super::*;
use crate::table::tests::every_type;
use countersign_core::diagnostic::MOST_OF_A_KIND;

/// Every field from nowhere but `a.text`, which a column of that name feeds.
const MAPPING: &str = r#"(format: 1, fields: {
    "a.id": (row_number: true), "a.text": (column: "text"), "a.time": (constant: "2014-03-24T00:00:00"), "a.flag": (constant: "true"),
    "a.count": (constant: "1"), "a.money": (constant: "1.00"), "a.score": (constant: "0.5"), "a.colour": (constant: "red"),
})"#;

/// The findings that refuse a file; none where it is read.
fn said(name: &str, format: Format, bytes: Vec<u8>, mapping: Option<&str>) -> Vec<Finding> {
    let mapping = mapping.map(|text| Mapping::from_ron(text).unwrap());
    let input = Input::new(name, format, Arc::new(bytes));
    refusal(read(&input, &every_type(), ReadOptions { mapping: mapping.as_ref(), ..ReadOptions::default() }, &Progress::default()))
}

/// The same where it is read part by part, by four threads.
fn said_in_parts(name: &str, bytes: Vec<u8>) -> Vec<Finding> {
    let mapping = Mapping::from_ron(MAPPING).unwrap();
    let input = Input::new(name, Format::Parquet, Arc::new(bytes));
    let threads = NonZeroUsize::new(4).unwrap();
    let options = ReadOptions { mapping: Some(&mapping), threads, ..ReadOptions::default() };
    let scratch = || Ok(Box::new(Vec::new()) as Box<dyn ScratchFile>);
    let parts = Parts { rows: 1 << 20, each: &mut |_| ControlFlow::Continue(()), scratch: &scratch, held: 1 << 20 };
    refusal(read_parts(&input, &every_type(), options, parts, &Progress::default()))
}

fn refusal<T>(read: Result<T, ReadError>) -> Vec<Finding> {
    match read {
        Ok(_) | Err(ReadError::Cancelled) => Vec::new(),
        Err(ReadError::Refused(refusal)) => refusal.findings,
    }
}

/// A Parquet file of one column of texts, written batch by batch.
fn texts(properties: WriterPropertiesBuilder, batches: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let properties: WriterProperties = properties.build();
    let of = |texts: Vec<String>| {
        let column: ArrayRef = Arc::new(StringArray::from(texts));
        RecordBatch::try_from_iter([("text", column)]).unwrap()
    };
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, of(Vec::new()).schema(), Some(properties)).unwrap();
    batches.for_each(|texts| writer.write(&of(texts)).unwrap());
    writer.close().unwrap();
    out
}

fn packed(by: Compression) -> WriterPropertiesBuilder {
    let large = 1 << 30;
    WriterProperties::builder()
        .set_compression(by)
        .set_dictionary_page_size_limit(large)
        .set_data_page_size_limit(large)
        .set_statistics_enabled(::parquet::file::properties::EnabledStatistics::None)
}

fn zeros(mib: usize) -> String {
    "0".repeat(mib << 20)
}

/// The small files that would unfold to large ones, each with the finding that is expected; none where it may be read.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    let zstd = || Compression::ZSTD(ZstdLevel::default());
    let plain = |by| packed(by).set_dictionary_enabled(false);
    let gzip = texts(plain(Compression::GZIP(GzipLevel::default())), std::iter::once(vec![zeros(160)]));
    vec![
        ("dictionary, zstd", texts(packed(zstd()), std::iter::once(vec![zeros(140); 3])), &["too-large-column"]),
        ("page, zstd", texts(plain(zstd()), std::iter::once(vec![zeros(140)])), &["too-large-column"]),
        ("page, snappy", texts(plain(Compression::SNAPPY), std::iter::once(vec![zeros(140)])), &["too-large-column"]),
        ("page, lz4", texts(plain(Compression::LZ4_RAW), std::iter::once(vec![zeros(140)])), &["too-large-column"]),
        ("page that claims less, gzip", claiming_less(gzip), &["damaged-file"]),
        // One long text that every row has: each is too long, and none is copied.
        ("dictionary of one text", texts(packed(zstd()), (0..20).map(|_| vec![zeros(2); 5])), &["bad-rows", "bad-row"]),
        (
            "texts that share their beginning",
            texts(plain(zstd()).set_encoding(Encoding::DELTA_BYTE_ARRAY), (0..60).map(|_| vec!["0".repeat(60_000); 100])),
            &["too-large-unpacked"],
        ),
        ("texts by reference", texts(packed(zstd()), (0..60).map(|_| vec!["0".repeat(60_000); 100])), &["too-large-unpacked"]),
        // Pages of 100 MiB, of which a few are in memory at a time.
        (
            IN_PARTS,
            texts(plain(zstd()).set_max_row_group_row_count(Some(100)), (0..16).map(|_| vec![zeros(1); 100])),
            &["bad-rows", "bad-row"],
        ),
        ("footer of many columns", footer(3_000_000, 0, 0), &["too-large-column"]),
        ("footer of many row groups", footer(100, 9_000, 1_000), &["too-large-column"]),
        ("footer of as much as may be", footer(99_999, 250, 1_000), &["damaged-file"]),
        ("rows by runs", texts(packed(zstd()), (0..500).map(|_| vec![String::new(); 100_000])), &["too-large-unpacked"]),
    ]
}

/// The file that is read part by part.
const IN_PARTS: &str = "large pages";

/// A file that is only a footer: with so many columns, and row groups of so many columns each.
fn footer(columns: usize, groups: usize, chunks: usize) -> Vec<u8> {
    let mut footer = vec![0x15, 0x02, 0x19];
    list(&mut footer, columns + 1);
    footer.extend([0x48, 1, b'm', 0x15]);
    number(&mut footer, 2 * columns);
    footer.push(0);
    // Optional whole numbers, each named by one letter.
    (0..columns).for_each(|_| footer.extend([0x15, 0x04, 0x25, 0x02, 0x18, 1, b'g', 0]));
    footer.extend([0x16, 0x00, 0x19]);
    list(&mut footer, groups);
    for _ in 0..groups {
        footer.push(0x19);
        list(&mut footer, chunks);
        // A place in the file, and nothing else.
        (0..chunks).for_each(|_| footer.extend([0x26, 0x08, 0]));
        footer.extend([0x16, 0x00, 0x16, 0x00, 0]);
    }
    footer.push(0);
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1".as_slice(), &footer, &length, b"PAR1"].concat()
}

/// The head of a list of structures.
fn list(out: &mut Vec<u8>, count: usize) {
    out.push(0xfc);
    number(out, count);
}

/// A number, seven bits a byte.
fn number(out: &mut Vec<u8>, mut number: usize) {
    while number > 127 {
        out.push(u8::try_from(number & 127).unwrap() | 128);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap());
}

/// The same file, whose first page claims to unpack to far less than it does.
fn claiming_less(mut file: Vec<u8>) -> Vec<u8> {
    // The size follows the mark of the format and the page's kind, seven bits a byte and twice as large.
    let size = &mut file[4 + 3..];
    let last = size.iter().position(|byte| byte & 128 == 0).unwrap();
    size[last] = 0;
    file
}

/// The most memory that this process had, in MiB; none where the system does not say.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? >> 10)
}

/// Which file the child process of the test reads.
const FILE: &str = "COUNTERSIGN_TEST_BOMB";

#[test]
fn small_files_that_unfold_to_large_ones_stay_within_bounds() {
    if let Ok(path) = std::env::var(FILE) {
        let bytes = std::fs::read(&path).unwrap();
        let found = if path.ends_with(IN_PARTS) {
            said_in_parts("x.parquet", bytes)
        } else {
            said("x.parquet", Format::Parquet, bytes, Some(MAPPING))
        };
        let mut ids: Vec<&str> = found.iter().map(Finding::id).collect();
        ids.dedup();
        println!("found {} memory {}", ids.join(","), most_memory().unwrap_or(0));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, wanted) in bombs() {
        assert!(bytes.len() < 32 << 20, "{name}: {}", bytes.len());
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        let module = module_path!().split_once("::").unwrap().1;
        let test = format!("{module}::small_files_that_unfold_to_large_ones_stay_within_bounds");
        let start = Instant::now();
        let child =
            Command::new(std::env::current_exe().unwrap()).args(["--exact", &test, "--nocapture"]).env(FILE, &path).output();
        let out = String::from_utf8(child.unwrap().stdout).unwrap();
        let told = out.lines().find_map(|line| line.split("found ").nth(1)).unwrap_or_else(|| panic!("{name}: {out}"));
        let (found, memory) = told.split_once(" memory ").unwrap();
        assert_eq!(found, wanted.join(","), "{name}");
        // The pages of a batch, and as much again beside them.
        let most = 2 * (parquet_pages::LARGEST_BATCH >> 20);
        assert!(memory.parse::<u64>().unwrap() < most, "{name}: {memory} MiB");
        assert!(start.elapsed() < Duration::from_mins(1), "{name}: {:?}", start.elapsed());
        eprintln!("{name}: {} bytes, {found}, {memory} MiB, {:?}", bytes.len(), start.elapsed());
    }
}

#[test]
fn many_and_long_names_are_told_in_linear_time() {
    let header = |names: &mut dyn Iterator<Item = String>| names.collect::<Vec<_>>().join(",") + "\n";
    let own = "a.id,a.text,a.time,a.flag,a.count,a.money,a.score,a.colour,";
    let unknown = || (0..60_000).map(|at| format!("column_{at:05}"));
    let keys = |value: &str| format!("{{{}}}", unknown().map(|name| format!("\"{name}\":{value}")).collect::<Vec<_>>().join(","));
    let cases = [
        ("unknown columns", Format::Csv, [own, &header(&mut unknown())].concat(), MOST_OF_A_KIND, "59901 more"),
        ("columns without those of the schema", Format::Csv, header(&mut unknown()), MOST_OF_A_KIND + 8, "59901 more"),
        ("columns again and again", Format::Csv, header(&mut (0..100_000).map(|_| "a.text".to_owned())), 7, "a.id"),
        ("a long name", Format::Csv, [own, &header(&mut std::iter::once("n".repeat(900_000)))].concat(), 1, "nnn…"),
        ("unknown keys", Format::JsonLines, keys("1"), MOST_OF_A_KIND, "more"),
        ("lists in lists", Format::JsonLines, format!("{{\"x\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000)), 1, "`x`"),
        ("objects in objects", Format::JsonLines, ["{\"a\":".repeat(50_000), "}".repeat(50_000)].join("1"), 3, ""),
        ("an array in arrays", Format::JsonLines, "[".repeat(500_000), 1, ""),
    ];
    for (name, format, text, most, words) in cases {
        let start = Instant::now();
        let found = said("x", format, text.into_bytes(), None);
        assert!(!found.is_empty() && found.len() <= most, "{name}: {} findings", found.len());
        let told: String = found.iter().map(|finding| finding.message.en.clone() + "\n").collect();
        assert!(told.contains(words), "{name}: {}", told.chars().take(2_000).collect::<String>());
        assert!(found.iter().all(|finding| finding.message.en.len() < 2_000), "{name}");
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

/// The end of a Parquet file whose groups are in each other, `depth` of them.
fn nested(depth: usize) -> Vec<u8> {
    let element = |children: bool| {
        // A repetition and a name; where it is a group, how many columns it has.
        let mut bytes = vec![0x35, 0x02, 0x18, 1, b'g'];
        bytes.extend(if children { [0x15, 0x02].as_slice() } else { &[] });
        bytes.push(0);
        bytes
    };
    let mut footer = vec![0x15, 0x02, 0x19];
    list(&mut footer, depth + 1);
    (0..depth).for_each(|_| footer.extend(element(true)));
    footer.extend(element(false));
    footer.extend([0x16, 0x00, 0x19, 0x0c, 0x00]);
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1".as_slice(), &footer, &length, b"PAR1"].concat()
}

#[test]
fn groups_deep_in_each_other_are_refused() {
    for depth in [10, 65, 1_000, 1_000_000] {
        let found = said("x.parquet", Format::Parquet, nested(depth), Some(MAPPING));
        let ids: Vec<&str> = found.iter().map(Finding::id).collect();
        assert_eq!(ids == ["too-large-column"], depth > 64, "{depth}: {found:?}");
        assert!(!found.is_empty(), "{depth}");
    }
}
