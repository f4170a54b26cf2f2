//! Text of any encoding as UTF-8: detected by its byte-order mark or its content, decoded while it is read.
//!
//! A byte that is not valid in the encoding becomes [`INVALID`], which no UTF-8 text has: the row it is in is refused with its place.

use std::io::Read;
use std::sync::{Arc, OnceLock};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::unpack::ByteSource;

/// Stands for a byte that is not valid.
pub(super) const INVALID: u8 = 0xff;
/// How many bytes from the first one that is not ASCII on tell the encoding.
const SAMPLE: usize = 1 << 18;
/// How many bytes tell whether a file is UTF-16.
const START: usize = 1 << 12;
/// Bytes read at a time.
const BLOCK: usize = 1 << 16;

pub(super) struct Decoded {
    source: ByteSource,
    /// Read and not yet decoded.
    raw: Vec<u8>,
    /// No more comes after `raw`.
    ended: bool,
    state: DecoderState,
    given: Option<&'static Encoding>,
    found: Arc<OnceLock<&'static Encoding>>,
}

enum DecoderState {
    Start,
    /// Nothing but ASCII so far.
    Ascii,
    Utf8,
    Other(Box<Decoder>),
}

impl Decoded {
    /// `given` is the stated encoding; a byte-order mark takes precedence.
    pub(super) fn new(source: ByteSource, given: Option<&'static Encoding>) -> Self {
        Self { source, raw: Vec::new(), ended: false, state: DecoderState::Start, given, found: Arc::default() }
    }

    /// The encoding, once a text shows it.
    pub(super) fn encoding(&self) -> Arc<OnceLock<&'static Encoding>> {
        self.found.clone()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended && self.raw.is_empty()
    }

    /// Appends about `some` bytes of UTF-8.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, some: usize) -> std::io::Result<()> {
        if matches!(self.state, DecoderState::Start) {
            self.start()?;
        }
        let wanted = text.len() + some;
        while text.len() < wanted && !self.has_ended() {
            if self.raw.is_empty() {
                if matches!(self.state, DecoderState::Utf8 | DecoderState::Ascii) {
                    self.read_straight(text, wanted)?;
                    continue;
                }
                self.read_more(BLOCK)?;
            }
            self.decode(text)?;
        }
        Ok(())
    }

    /// Reads bytes that need no decoding into their place; what follows the first that may is left for [`Decoded::decode`].
    fn read_straight(&mut self, text: &mut Vec<u8>, wanted: usize) -> std::io::Result<()> {
        let start = text.len();
        text.resize(wanted, 0);
        let count = self.source.read(text.get_mut(start..).unwrap_or_default());
        text.truncate(start + count.as_ref().unwrap_or(&0));
        self.ended = count? == 0;
        let new = text.get(start..).unwrap_or_default();
        if matches!(self.state, DecoderState::Ascii)
            && let Some(at) = first_not_ascii(new)
        {
            self.raw = text.split_off(start + at);
        }
        Ok(())
    }

    fn read_more(&mut self, some: usize) -> std::io::Result<()> {
        let start = self.raw.len();
        self.raw.resize(start + some, 0);
        let count = self.source.read(self.raw.get_mut(start..).unwrap_or_default());
        self.raw.truncate(start + count.as_ref().unwrap_or(&0));
        self.ended = count? == 0;
        Ok(())
    }

    /// Looks for a byte-order mark, and for the zeros of UTF-16.
    fn start(&mut self) -> std::io::Result<()> {
        while self.raw.len() < START && !self.ended {
            self.read_more(START)?;
        }
        let (marked, length) = match Encoding::for_bom(&self.raw) {
            Some((encoding, length)) => (Some(encoding), length),
            None => (self.given.or_else(|| utf_16(&self.raw)), 0),
        };
        self.raw.drain(..length);
        match marked {
            Some(encoding) => self.take(encoding),
            None => self.state = DecoderState::Ascii,
        }
        Ok(())
    }

    fn take(&mut self, encoding: &'static Encoding) {
        let _ = self.found.set(encoding);
        self.state = if encoding == UTF_8 {
            DecoderState::Utf8
        } else {
            DecoderState::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        };
    }

    fn decode(&mut self, text: &mut Vec<u8>) -> std::io::Result<()> {
        if matches!(self.state, DecoderState::Ascii) {
            let plain = first_not_ascii(&self.raw).unwrap_or(self.raw.len());
            text.extend(self.raw.drain(..plain));
            if self.raw.is_empty() {
                return Ok(());
            }
            while self.raw.len() < SAMPLE && !self.ended {
                self.read_more(BLOCK)?;
            }
            self.take(guess(&self.raw, self.ended));
        }
        match &mut self.state {
            DecoderState::Other(decoder) => {
                let raw = std::mem::take(&mut self.raw);
                decode_all(decoder, &raw, self.ended, text);
            }
            _ => text.append(&mut self.raw),
        }
        Ok(())
    }
}

fn decode_all(decoder: &mut Decoder, mut raw: &[u8], last: bool, text: &mut Vec<u8>) {
    loop {
        let start = text.len();
        let room = decoder.max_utf8_buffer_length_without_replacement(raw.len()).unwrap_or(raw.len() * 3).max(16);
        text.resize(start + room, 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(raw, text.get_mut(start..).unwrap_or_default(), last);
        text.truncate(start + written);
        raw = raw.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => text.push(INVALID),
        }
    }
}

fn first_not_ascii(bytes: &[u8]) -> Option<usize> {
    let up_to = Encoding::ascii_valid_up_to(bytes);
    (up_to < bytes.len()).then_some(up_to)
}

/// UTF-16 without a mark: the zeros of ASCII characters are on one side, most pairs are no pairs of ASCII characters, and the text reads.
fn utf_16(start: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = start.as_chunks::<2>();
    let is_shown = |byte: u8| (b' '..=b'~').contains(&byte);
    if pairs.iter().filter(|[first, second]| is_shown(*first) && is_shown(*second)).count() * 2 > pairs.len() {
        return None;
    }
    let first = pairs.iter().filter(|[first, _]| *first == 0).count();
    let second = pairs.iter().filter(|[_, second]| *second == 0).count();
    // A few characters such as `一` have a zero on the other side.
    let encoding = if second > first * 4 {
        UTF_16LE
    } else if first > second * 4 {
        UTF_16BE
    } else {
        return None;
    };
    // Some damage is reported with its place, row by row.
    let (text, _) = encoding.decode_without_bom_handling(start.get(..pairs.len() * 2)?);
    let is_bad = |c: &char| *c == '\u{fffd}' || (c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
    (text.chars().filter(is_bad).count() * 50 <= text.chars().count()).then_some(encoding)
}

/// The encoding of a sample that is not ASCII; `whole` where nothing follows it. UTF-8 where nothing fits, whose bad rows are
/// then reported with their places.
fn guess(sample: &[u8], whole: bool) -> &'static Encoding {
    let (valid, invalid) = utf_8_characters(sample, whole);
    if valid > invalid || invalid == 0 {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, whole);
    let likely = detector.guess(None, Utf8Detection::Deny);
    let chinese = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let is_valid = |encoding: &'static Encoding| reads(encoding, sample, whole);
    if (chinese == GBK || chinese == GB18030) && is_valid(GB18030) && (likely == chinese || common_hanzi(sample)) {
        return GB18030;
    }
    if is_hanzi(sample) && (likely.is_single_byte() || !is_valid(likely)) {
        return GB18030;
    }
    if is_valid(likely) && is_written(likely, sample) { likely } else { UTF_8 }
}

/// Whether a sample has characters that people write, rather than replacements of damaged bytes.
fn is_written(encoding: &'static Encoding, sample: &[u8]) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    text.chars().all(|c| c != 'ÿ' && (!c.is_control() || matches!(c, '\t' | '\r' | '\n' | '\u{1a}')))
}

/// How many characters beyond ASCII read as UTF-8, and how many bytes do not.
fn utf_8_characters(sample: &[u8], whole: bool) -> (usize, usize) {
    let (mut valid, mut invalid, mut rest) = (0, 0, sample);
    loop {
        let (good, error) = match std::str::from_utf8(rest) {
            Ok(good) => (good, None),
            Err(error) => {
                (std::str::from_utf8(rest.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default(), Some(error))
            }
        };
        valid += good.chars().filter(|c| !c.is_ascii()).count();
        let Some(error) = error else { return (valid, invalid) };
        let Some(length) = error.error_len() else { return (valid, invalid + usize::from(whole)) };
        invalid += 1;
        rest = rest.get(error.valid_up_to() + length..).unwrap_or_default();
    }
}

/// Whether every byte is valid in an encoding, but for a character that the end cuts.
fn reads(encoding: &'static Encoding, sample: &[u8], whole: bool) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = Vec::new();
    decode_all(&mut decoder, sample, whole, &mut text);
    !text.contains(&INVALID)
}

/// Whether most of what is not ASCII are pairs of bytes as the common Chinese characters have them.
fn common_hanzi(sample: &[u8]) -> bool {
    let (common, other) = hanzi(sample);
    common > other
}

/// Whether nearly all of it are, so that what is left are damaged bytes.
fn is_hanzi(sample: &[u8]) -> bool {
    let (common, other) = hanzi(sample);
    common > 3 && common >= other * 5
}

/// How many pairs of bytes are common Chinese characters of GB18030, and how much else is not ASCII.
fn hanzi(sample: &[u8]) -> (u32, u32) {
    let (mut common, mut other, mut at) = (0_u32, 0_u32, 0);
    while let Some(first) = sample.get(at) {
        let step = match (first, sample.get(at + 1)) {
            (0..=0x7f, _) => 1,
            (0xb0..=0xf7, Some(0xa1..=0xfe)) => {
                common += 1;
                2
            }
            _ => {
                other += 1;
                2
            }
        };
        at += step;
    }
    (common, other)
}

/// How many bytes a text takes in an encoding.
pub(super) fn length_in(encoding: &'static Encoding, text: &str) -> usize {
    match encoding {
        utf_16 if utf_16 == UTF_16LE || utf_16 == UTF_16BE => text.encode_utf16().count() * 2,
        other => other.encode(text).0.len(),
    }
}
