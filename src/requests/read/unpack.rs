//! The bytes of a text file, unpacked as they are read: gzip and zstd, within a bound, so that a small file cannot become an endless one.

use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::input::{Packing, start_of};
use crate::kinds::{DAMAGED_FILE, TOO_LARGE_UNPACKED, UNREADABLE_FILE};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::storage::ReadAt;
use countersign_core::text::LocalText;

/// A packed file may become so many times as large, or [`ALWAYS`], whichever is more.
pub(super) const MOST_TIMES: u64 = 200;
/// Every packed file may become so large, in bytes.
pub(super) const ALWAYS: u64 = 256 << 20;
/// Bytes read of a compressed file at a time.
const BUFFER: usize = 1 << 16;

/// Bytes that are read from their start to their end.
pub(super) type ByteSource = Box<dyn Read + Send>;

/// Wraps a finding as an error of reading, to be taken out again by [`finding_of`].
#[derive(Debug)]
struct RefusedRead(Finding);

impl std::fmt::Display for RefusedRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.message.en)
    }
}

impl std::error::Error for RefusedRead {}

/// A finding as an error of reading.
pub(super) fn refused(finding: Finding) -> io::Error {
    io::Error::other(RefusedRead(finding))
}

/// The finding for an error of reading a file.
pub(super) fn finding_of(name: &str, error: io::Error) -> Finding {
    let text = error.to_string();
    match error.into_inner().map(<dyn std::error::Error + Send + Sync>::downcast::<RefusedRead>) {
        Some(Ok(refused)) => refused.0,
        _ => refuse(UNREADABLE_FILE, format!("`{name}` cannot be read: {text}"), format!("无法读取 `{name}`：{text}")),
    }
}

/// The bytes of a file as its packing hides them; `taken` counts the bytes of the file itself.
pub(super) fn open(name: &str, bytes: &Arc<dyn ReadAt>, taken: &Arc<AtomicU64>) -> Result<ByteSource, Vec<Finding>> {
    let start = start_of(bytes.as_ref(), 4).map_err(|error| vec![super::chunks::unreadable(name, &error)])?;
    let file = FromStart { bytes: bytes.clone(), at: 0, taken: taken.clone(), name: name.to_owned() };
    match Packing::of(&start) {
        Packing::Plain | Packing::Workbook => Ok(Box::new(file)),
        Packing::Gzip => {
            Ok(bounded(name, bytes.len(), flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, file))))
        }
        Packing::Zstd => {
            let decoder = zstd::stream::read::Decoder::new(file).map_err(|error| vec![damaged(name, &error)])?;
            Ok(bounded(name, bytes.len(), decoder))
        }
    }
}

fn bounded(name: &str, packed: u64, inner: impl Read + Send + 'static) -> ByteSource {
    let most = packed.saturating_mul(MOST_TIMES).max(ALWAYS);
    Box::new(BoundedReader { inner, left: most, most, name: name.to_owned() })
}

/// The first bytes that a packed file hides; fewer where it is damaged further on.
pub(super) fn first_bytes(name: &str, bytes: &dyn ReadAt, most: usize) -> Result<Vec<u8>, Vec<Finding>> {
    // Enough to unpack what is wanted, whatever it is packed by.
    let packed: Arc<dyn ReadAt> =
        Arc::new(start_of(bytes, 1 << 18).map_err(|error| vec![super::chunks::unreadable(name, &error)])?);
    let whole = packed.len() == bytes.len();
    let mut source = open(name, &packed, &Arc::default())?;
    let (mut first, mut buffer) = (Vec::new(), vec![0; most]);
    while first.len() < most {
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => first.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Err(error) if whole && first.is_empty() => return Err(vec![finding_of(name, error)]),
            Err(_) => break,
        }
    }
    Ok(first)
}

/// A file from its start on.
struct FromStart {
    name: String,
    bytes: Arc<dyn ReadAt>,
    at: u64,
    taken: Arc<AtomicU64>,
}

impl Read for FromStart {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes.len().saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = into.len().min(left);
        let into = into.get_mut(..count).unwrap_or(&mut []);
        self.bytes.read_at(self.at, into).map_err(|error| refused(super::chunks::unreadable(&self.name, &error)))?;
        self.at += count as u64;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Unpacked bytes, so many and no more.
struct BoundedReader<R> {
    name: String,
    inner: R,
    left: u64,
    most: u64,
}

impl<R: Read> Read for BoundedReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into).map_err(|error| match error.get_ref() {
            Some(inner) if inner.is::<RefusedRead>() => error,
            _ => refused(damaged(&self.name, &error)),
        })?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| refused(too_large(&self.name, self.most)))?;
        Ok(count)
    }
}

fn damaged(name: &str, error: &io::Error) -> Finding {
    let (en, zh) = match error.kind() {
        io::ErrorKind::UnexpectedEof => ("it ends in the middle".to_owned(), "中途截断".to_owned()),
        _ => (error.to_string(), error.to_string()),
    };
    refuse(DAMAGED_FILE, format!("the compressed file `{name}` is damaged: {en}"), format!("压缩文件 `{name}` 已损坏：{zh}"))
        .with_help(LocalText::new("was it copied in full?", "文件是否完整复制？"))
}

/// A packed file that becomes too large.
pub(super) fn too_large(name: &str, most: u64) -> Finding {
    let mib = most >> 20;
    refuse(
        TOO_LARGE_UNPACKED,
        format!("`{name}` unpacks to more than {mib} MiB, {MOST_TIMES} times its size"),
        format!("`{name}` 解压后超过 {mib} MiB，即其大小的 {MOST_TIMES} 倍"),
    )
    .with_help(LocalText::new("if the file is in order, unpack it first", "若文件无误，请先行解压"))
}
