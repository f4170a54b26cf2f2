//! The size that the pages of a Parquet file unpack to, from their headers, before any of them is unpacked.
//!
//! The parquet crate unpacks a page into as much memory as its header claims, and of some encodings and packings even more. Here the
//! headers of the columns that are used are read first: a page, a batch or a file that would become too large is refused, and a batch
//! has only so many rows that its pages together stay within [`LARGEST_BATCH`].

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Type as PhysicalType};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;

use super::thrift::{Outline, PageHeader, ThriftReader};
use super::unpack::{ALWAYS, MOST_TIMES};
use crate::kinds::{TOO_LARGE_COLUMN, TOO_LARGE_UNPACKED};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// The most rows decoded at a time.
pub(super) const BATCH: usize = 8_192;
/// The largest page, in bytes as it is unpacked: writers make pages of about one megabyte, few of up to 100.
const LARGEST_PAGE: u64 = 128 << 20;
/// The most bytes that the pages of one batch unpack to, those of all used columns together.
pub(super) const LARGEST_BATCH: u64 = 512 << 20;
/// The largest footer, in bytes.
const LARGEST_FOOTER: u64 = 32 << 20;
/// Groups of columns may be so deep in each other: the crate walks them by calls of itself.
const DEEPEST_GROUP: usize = 64;
/// The most columns and groups of columns; the crate takes up to about one kilobyte for each.
const MAX_SCHEMA_ELEMENTS: u64 = 100_000;
/// The most columns of all row groups together; the crate takes up to about one kilobyte for each.
const MAX_COLUMN_CHUNKS: u64 = 250_000;
/// A file read part by part may unfold to so many bytes, or to [`MOST_TIMES_IN_PARTS`] times its size.
pub(super) const ALWAYS_IN_PARTS: u64 = 4 << 30;
/// How many times its size a file read part by part may unfold to.
pub(super) const MOST_TIMES_IN_PARTS: u64 = 1_000;
/// Bytes of a value that is no text.
const VALUE: u64 = 8;
/// Bytes that a value of a repeated column takes for its place in the row.
const LEVELS: u64 = 16;
/// How many times their size bytes packed by gzip may become, whatever their header claims.
const GZIP_TIMES: u64 = 1_032;
/// The same of framed LZ4.
const LZ4_TIMES: u64 = 255;

#[derive(Debug)]
pub(super) struct Pages {
    /// How many rows are decoded at a time.
    pub(super) batch: usize,
    /// What packed bytes at a place of the file claim to unpack to, where only unpacking shows whether that is true.
    pub(super) claims: Arc<HashMap<u64, u64>>,
}

/// A page among the rows of the file.
#[derive(Clone, Copy, Debug)]
struct DataPage {
    first: u64,
    rows: u64,
    bytes: u64,
    /// Bytes of one row where rows repeat what the page holds once.
    row: u64,
}

/// Refuses a footer that is too large, before it is taken apart.
pub(super) fn check_footer(name: &str, file: &impl ChunkReader) -> Result<(), Vec<Finding>> {
    let Some(start) = file.len().checked_sub(8) else { return Ok(()) };
    let Ok(end) = file.get_bytes(start, 8) else { return Ok(()) };
    let length = end.first_chunk::<4>().map_or(0, |bytes| u64::from(u32::from_le_bytes(*bytes)));
    if length > LARGEST_FOOTER {
        return Err(vec![too_large(
            name,
            &format!("its list of columns and row groups takes {length} bytes"),
            &format!("列与行组的清单占用 {length} 字节"),
        )]);
    }
    let footer = start.checked_sub(length).and_then(|start| file.get_bytes(start, usize::try_from(length).ok()?).ok());
    // What is no Parquet file, or is cut short, is reported by the crate.
    let Some(footer) = footer.filter(|_| end.ends_with(b"PAR1")) else { return Ok(()) };
    let outline = ThriftReader { source: footer.as_ref(), taken: 0 }.outline();
    let Outline { deepest, elements, chunks } =
        outline.ok_or_else(|| vec![super::parquet::damaged(&"its list of columns and row groups cannot be read")])?;
    let (en, zh) = if deepest > DEEPEST_GROUP {
        (
            format!("its columns are in more than {DEEPEST_GROUP} groups, one inside the other"),
            format!("列的嵌套超过 {DEEPEST_GROUP} 层"),
        )
    } else if elements > MAX_SCHEMA_ELEMENTS {
        (
            format!("it has {elements} columns and groups of columns, more than {MAX_SCHEMA_ELEMENTS}"),
            format!("列与列组共 {elements} 个，超过 {MAX_SCHEMA_ELEMENTS} 个"),
        )
    } else if chunks > MAX_COLUMN_CHUNKS {
        (
            format!("its row groups have {chunks} columns together, more than {MAX_COLUMN_CHUNKS}"),
            format!("各行组的列合计 {chunks} 个，超过 {MAX_COLUMN_CHUNKS} 个"),
        )
    } else {
        return Ok(());
    };
    Err(vec![too_large(name, &en, &zh)])
}

/// How much the table of a file that is read whole, or the file read part by part, may unfold to.
pub(super) fn most_unfolded(size: u64, whole: bool) -> u64 {
    let (always, times) = if whole { (ALWAYS, MOST_TIMES) } else { (ALWAYS_IN_PARTS, MOST_TIMES_IN_PARTS) };
    size.saturating_mul(times).max(always)
}

/// Refuses a file whose rows unfold to more than a file of its size may.
pub(super) fn check_rows(name: &str, (rows, columns): (u64, usize), (size, whole): (u64, bool)) -> Result<(), Vec<Finding>> {
    let most = most_unfolded(size, whole);
    let claimed = rows.saturating_mul(VALUE).saturating_mul(columns as u64);
    if claimed <= most { Ok(()) } else { Err(vec![unfolds(name, most)]) }
}

/// A file that unfolds to more than a file of its size may.
pub(super) fn unfolds(name: &str, most: u64) -> Finding {
    let mib = most >> 20;
    refuse(
        TOO_LARGE_UNPACKED,
        format!("`{name}` unfolds to more than {mib} MiB, far more than a file of its size holds"),
        format!("`{name}` 展开后超过 {mib} MiB，远超该大小的文件应有的内容"),
    )
    .with_help(LocalText::new("if the file is in order, save it as CSV", "若文件无误，请另存为 CSV"))
}

fn too_large(name: &str, en: &str, zh: &str) -> Finding {
    refuse(TOO_LARGE_COLUMN, format!("`{name}`: {en}"), format!("`{name}`：{zh}"))
        .with_help(LocalText::new("write it with smaller pages and row groups", "请使用更小的数据页和行组写出文件"))
}

impl Pages {
    /// Reads the headers of the columns below the `roots`, ascending, in at most `most` rows a batch.
    pub(super) fn of(
        name: &str,
        file: &impl ChunkReader,
        metadata: &ParquetMetaData,
        roots: &[usize],
        most: usize,
    ) -> Result<Self, Vec<Finding>> {
        let schema = metadata.file_metadata().schema_descr();
        let mut claims = HashMap::new();
        let (mut pages, mut dictionaries): (Vec<Vec<DataPage>>, Vec<Vec<DataPage>>) = (Vec::new(), Vec::new());
        for column in (0..schema.num_columns()).filter(|column| roots.binary_search(&schema.get_column_root_idx(*column)).is_ok()) {
            let (mut of_column, mut of_dictionary, mut first) = (Vec::new(), Vec::new(), 0);
            for group in metadata.row_groups() {
                let rows = u64::try_from(RowGroupMetaData::num_rows(group)).unwrap_or(0);
                let Some(chunk) = group.columns().get(column) else { continue };
                let mut walk = PageWalk { name, file, chunk, claims: &mut claims, pages: Vec::new(), dictionary: 0 };
                walk.run(first, rows)?;
                of_dictionary.push(DataPage { first, rows, bytes: walk.dictionary, row: 0 });
                of_column.append(&mut walk.pages);
                first += rows;
            }
            pages.push(of_column);
            dictionaries.push(of_dictionary);
        }
        let weight = |batch: usize| -> u64 {
            pages.iter().chain(&dictionaries).map(|column| heaviest(column, batch as u64)).fold(0, u64::saturating_add)
        };
        let batches = std::iter::successors(Some(most.clamp(1, BATCH)), |batch| (*batch > 1).then_some(batch / 2));
        for batch in batches {
            if weight(batch) <= LARGEST_BATCH {
                return Ok(Self { batch, claims: Arc::new(claims) });
            }
        }
        let mib = LARGEST_BATCH >> 20;
        Err(vec![too_large(
            name,
            &format!("the pages of a single row unpack to more than {mib} MiB"),
            &format!("单行所需的数据页解压后超过 {mib} MiB"),
        )])
    }
}

/// The most bytes of the pages that some rows in a row, so many, have a part in.
fn heaviest(pages: &[DataPage], batch: u64) -> u64 {
    let weight = |page: &DataPage| page.bytes.saturating_add(page.rows.min(batch).saturating_mul(page.row));
    let (mut most, mut sum, mut end) = (0_u64, 0_u64, 0);
    for page in pages {
        // A batch that begins with the last row of this page.
        let after = (page.first + page.rows.max(1) - 1).saturating_add(batch);
        while let Some(next) = pages.get(end).filter(|next| next.first < after) {
            sum = sum.saturating_add(weight(next));
            end += 1;
        }
        most = most.max(sum);
        sum = sum.saturating_sub(weight(page));
    }
    most
}

/// The pages of one column of one row group, one after the other.
struct PageWalk<'a, F> {
    name: &'a str,
    file: &'a F,
    chunk: &'a ColumnChunkMetaData,
    claims: &'a mut HashMap<u64, u64>,
    pages: Vec<DataPage>,
    dictionary: u64,
}

impl<F: ChunkReader> PageWalk<'_, F> {
    fn run(&mut self, first: u64, rows: u64) -> Result<(), Vec<Finding>> {
        let (mut at, length) = self.chunk.byte_range();
        let end = at.saturating_add(length);
        let description = self.chunk.column_descr();
        let is_repeated = description.max_rep_level() > 0;
        // What a row may repeat although its page holds it once.
        let shared = self.chunk.encodings().any(|encoding| encoding == Encoding::DELTA_BYTE_ARRAY);
        let fixed = if description.physical_type() == PhysicalType::FIXED_LEN_BYTE_ARRAY { description.type_length() } else { 0 };
        let fixed = u64::try_from(fixed).unwrap_or(0);
        let mut row = first;
        while at < end {
            let (header, taken) = self.header(at)?;
            at = at.saturating_add(taken);
            let size = |size: i64| u64::try_from(size).map_err(|_| vec![self.damaged()]);
            let (packed, mut bytes, values) = (size(header.packed)?, size(header.unpacked)?, size(header.values)?);
            bytes = bytes.max(self.unpacks_to(at, packed, bytes)?).max(packed);
            if bytes > LARGEST_PAGE {
                let (column, mib) = (description.path().string(), LARGEST_PAGE >> 20);
                return Err(vec![too_large(
                    self.name,
                    &format!("a page of column `{column}` unpacks to {bytes} bytes, more than {mib} MiB"),
                    &format!("列 `{column}` 的一个数据页解压后为 {bytes} 字节，超过 {mib} MiB"),
                )]);
            }
            at = at.saturating_add(packed);
            match header.kind {
                // An index, which is not read.
                1 => {}
                2 => self.dictionary = self.dictionary.saturating_add(bytes),
                _ if is_repeated => {
                    let bytes = bytes.saturating_add(values.saturating_mul(LEVELS));
                    self.pages.push(DataPage { first, rows, bytes, row: 0 });
                }
                _ => {
                    self.pages.push(DataPage { first: row, rows: values, bytes, row: if shared { bytes } else { fixed } });
                    row = row.saturating_add(values);
                }
            }
        }
        Ok(())
    }

    /// The most that packed bytes unpack to where their header is not what bounds them. Where they may be more than a page may have, they
    /// are counted when they are read.
    fn unpacks_to(&mut self, at: u64, packed: u64, claimed: u64) -> Result<u64, Vec<Finding>> {
        let times = match self.chunk.compression() {
            Compression::GZIP(_) => GZIP_TIMES,
            Compression::LZ4 => LZ4_TIMES,
            Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_) | Compression::LZ4_RAW => return Ok(claimed),
            other => {
                let (en, zh) = (format!("it is packed by {other}, which is not read"), format!("不支持压缩方式 {other}"));
                return Err(vec![too_large(self.name, &en, &zh)]);
            }
        };
        let most = packed.saturating_mul(times);
        if most <= LARGEST_PAGE || times == LZ4_TIMES {
            return Ok(most.max(claimed));
        }
        self.claims.insert(at, claimed);
        Ok(claimed)
    }

    fn damaged(&self) -> Finding {
        super::parquet::damaged(&format!("a page of column `{}` has a wrong header", self.chunk.column_path().string()))
    }

    /// The header at a place, and how many bytes it takes.
    fn header(&self, at: u64) -> Result<(PageHeader, u64), Vec<Finding>> {
        let source = self.file.get_read(at).map_err(|_| vec![self.damaged()])?;
        let mut compact = ThriftReader { source, taken: 0 };
        let header = compact.header().ok_or_else(|| vec![self.damaged()])?;
        Ok((header, compact.taken))
    }
}

/// Whether packed bytes unpack to no more than they claim; they are unpacked and thrown away.
pub(super) fn keeps_claim(packed: &[u8], claimed: u64) -> bool {
    let decoder = flate2::bufread::MultiGzDecoder::new(packed);
    std::io::copy(&mut decoder.take(claimed.saturating_add(1)), &mut std::io::sink()).is_ok_and(|bytes| bytes <= claimed)
}
