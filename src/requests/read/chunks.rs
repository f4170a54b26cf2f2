//! Cuts a text file into chunks of whole records, so that each can be read alone: the file is never in memory as a whole, and a record
//! that does not end is noticed before it fills the memory.

use super::ReadError;
use super::records::CsvRecords;
use super::stream::{Stream, TextFacts};
use crate::kinds::{LINE_TOO_LONG, UNREADABLE_FILE};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// Bytes read of the file at a time.
const CHUNK: usize = 1 << 20;
/// No line may be longer, whatever the options allow: places in a chunk are counted in 32 bits.
const LONGEST: usize = 1 << 30;

#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Ends in a line break; of a carriage return and line feed, the second may be at the next chunk's start.
    pub(super) text: Vec<u8>,
    /// How many bytes of the file it was read from.
    pub(super) bytes: u64,
    /// Whether the last record has a quoted cell that the file never closes.
    pub(super) open: bool,
}

impl Chunk {
    /// The chunk with the bytes of memory it holds.
    pub(super) fn with_size(self) -> (Self, u64) {
        let bytes = self.text.capacity() as u64;
        (self, bytes)
    }
}

/// Gives a text file chunk by chunk.
pub(super) struct Chunks {
    stream: Stream,
    carry: Vec<u8>,
    /// Line feeds before `carry`.
    line: u64,
    longest: usize,
    /// The delimiter of a CSV file, in which line breaks may be in quotes.
    delimiter: Option<u8>,
}

/// The complete lines among the bytes read so far.
struct CompleteLines {
    /// Where the last whole record ends, line break included; 0 when none does.
    end: usize,
    /// Whether what follows has an open quote.
    open: bool,
    /// Where the first record that is too long starts.
    too_long: Option<usize>,
}

impl Chunks {
    /// Chunks of lines, until [`Chunks::separate`] is called.
    pub(super) fn new(stream: Stream, longest: usize) -> Self {
        Self { stream, carry: Vec::new(), line: 0, longest: longest.min(LONGEST), delimiter: None }
    }

    /// The start of the text, before any chunk is taken.
    pub(super) fn start(&mut self) -> Result<&[u8], Vec<Finding>> {
        if self.carry.is_empty() {
            self.stream.fill(&mut self.carry, CHUNK)?;
        }
        Ok(&self.carry)
    }

    /// From here on it is a CSV file with this delimiter, in which line breaks may be in quotes.
    pub(super) fn separate(&mut self, delimiter: u8) {
        self.delimiter = Some(delimiter);
    }

    pub(super) fn about(&self) -> TextFacts {
        self.stream.about()
    }

    /// The next chunk; none at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Chunk>, ReadError> {
        let mut text = std::mem::take(&mut self.carry);
        loop {
            self.read_more(&mut text)?;
            let last = self.stream.has_ended();
            let cut = self.cut(&text);
            if let Some(start) = cut.too_long {
                let before = text.get(..start).unwrap_or(&text);
                let lines = self.stream.about().shape.count_lines(before);
                return Err(self.too_long(self.line + lines).into());
            }
            if last {
                let (bytes, open) = (self.stream.newly_taken(), cut.open);
                if text.is_empty() {
                    return Ok(None);
                }
                if !text.ends_with(b"\n") {
                    text.push(b'\n');
                }
                return Ok(Some(Chunk { text, bytes, open }));
            }
            if cut.end > 0 {
                self.carry = text.split_off(cut.end);
                self.line += self.stream.about().shape.count_lines(&text);
                return Ok(Some(Chunk { bytes: self.stream.newly_taken(), text, open: false }));
            }
        }
    }

    fn read_more(&mut self, text: &mut Vec<u8>) -> Result<(), ReadError> {
        text.reserve_exact(CHUNK + 1);
        Ok(self.stream.fill(text, CHUNK)?)
    }

    fn cut(&self, text: &[u8]) -> CompleteLines {
        match self.delimiter {
            Some(delimiter) if text.contains(&b'"') => cut_quoted(text, delimiter, self.longest),
            _ => cut_plain(text, self.longest),
        }
    }

    fn too_long(&self, line: u64) -> Finding {
        let (name, longest, line) = (self.stream.name(), self.longest, line + 1);
        let finding = refuse(
            LINE_TOO_LONG,
            format!("`{name}`, line {line}: the line is longer than {longest} bytes"),
            format!("`{name}` 第 {line} 行超过 {longest} 字节"),
        );
        finding.with_help(match self.delimiter {
            Some(_) => LocalText::new("is a quote not closed, or is it no text file?", "是否有未闭合的引号，或者并非文本文件？"),
            None => LocalText::new("each line must hold one JSON object", "每行应为一个 JSON 对象"),
        })
    }
}

/// An error about a file that the system does not let us read.
pub(super) fn unreadable(name: &str, error: &std::io::Error) -> Finding {
    refuse(UNREADABLE_FILE, format!("`{name}` cannot be read: {error}"), format!("无法读取 `{name}`：{error}"))
}

pub(super) fn count_lines(text: &[u8]) -> u64 {
    // Short enough runs that a byte holds each count: sixteen of them are added at once.
    let run = |run: &[u8]| run.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    text.chunks(255).map(|bytes| u64::from(run(bytes))).sum()
}

/// Without quotes, every line break ends a record.
fn cut_plain(text: &[u8], longest: usize) -> CompleteLines {
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // A line that is too long covers one of the places a line's length apart: only those are looked at.
    let covers = |place: usize| {
        let (before, after) = text.split_at_checked(place)?;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = after.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| place + at);
        (end - start > longest).then_some(start)
    };
    let too_long = (0..text.len()).step_by(longest.max(1)).find_map(covers);
    CompleteLines { end, open: false, too_long }
}

fn cut_quoted(text: &[u8], delimiter: u8, longest: usize) -> CompleteLines {
    let mut cut = CompleteLines { end: 0, open: false, too_long: None };
    for record in CsvRecords::new(text, delimiter) {
        if record.bytes.len() > longest {
            cut.too_long = Some(record.bytes.start);
            break;
        }
        if record.ended {
            let pair = text.get(record.bytes.end..record.bytes.end + 2) == Some(b"\r\n".as_slice());
            cut.end = record.bytes.end + if pair { 2 } else { 1 };
        }
        cut.open = !record.closed;
    }
    cut
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::read::{Format, Input};

    fn chunks(text: &str, longest: usize) -> Result<Vec<Chunk>, ReadError> {
        let input = Input::new("x.csv", Format::Csv, Arc::new(text.as_bytes().to_vec()));
        let stream = Stream::open(&input, &input.files[0], None).map_err(ReadError::from)?;
        let mut chunks = Chunks::new(stream, longest);
        chunks.separate(b',');
        std::iter::from_fn(|| chunks.next().transpose()).collect()
    }

    #[test]
    fn chunks_end_at_records_and_lose_nothing() {
        for line in ["abc,def\n", "\"a\nb\",\"\"\n", "5\" disk,\"x\"\"\ny\"\r\n"] {
            let text = line.repeat(3_000_000 / line.len());
            let chunks = chunks(&text, 100).unwrap();
            assert!(chunks.len() >= 2 && chunks.iter().all(|chunk| !chunk.open));
            assert_eq!(chunks.iter().map(|chunk| chunk.bytes).sum::<u64>(), text.len() as u64);
            assert_eq!(chunks.iter().flat_map(|chunk| chunk.text.clone()).collect::<Vec<_>>(), text.as_bytes());
            assert!(chunks.iter().all(|chunk| chunk.text.ends_with(b"\n") || chunk.text.ends_with(b"\r")));
        }
        assert!(chunks("", 9).unwrap().is_empty());
        assert!(chunks("a,\"b\nc", 9).unwrap()[0].open);
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_with_its_number() {
        for (text, line) in [("a\nbb\ncccccccccc", 3), ("cccccccccc\na\n", 1), ("a\n\"b\nccccccccc\n\"", 2), ("aaaaaaaaa\nb", 0)] {
            let found = chunks(text, 9);
            let Err(ReadError::Refused(refusal)) = found else {
                assert_eq!(line, 0, "{text}");
                continue;
            };
            assert!(refusal.findings[0].message.en.contains(&format!("line {line}:")), "{text}");
        }
        let endless = "x".repeat(5_000_000);
        assert!(chunks(&endless, 1 << 20).is_err());
    }
}
