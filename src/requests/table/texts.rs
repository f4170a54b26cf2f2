//! Texts of one column packed by what stands at each position: request ids, hashes, card numbers and addresses take a third to a half
//! of their bytes, and each can be had back alone.
//!
//! At every byte position only some symbols occur (digits; hexadecimal digits; always the same `2014`). A text is a number in that mixed
//! radix, cut into words of 64 bits. Texts that do not pack (long, or of very different lengths) are kept as they are.

/// A run of texts: packed where that is smaller, plain otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextBlock {
    /// In the mixed radix of their positions.
    Packed(PackedTexts),
    /// As they are.
    Plain(PlainTexts),
}

/// Longer texts are never packed.
const LONGEST_PACKED: usize = 128;
/// Stands for "no byte here, the text is shorter".
const PAD: u16 = 256;

impl TextBlock {
    /// Packs `texts` in order.
    #[must_use]
    pub fn new<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let plain_bytes = texts.clone().map(|text| text.len() + size_of::<u32>()).sum::<usize>();
        if let Some(layout) = Layout::of(texts.clone())
            && layout.bytes * texts.len() + layout.memory_bytes() < plain_bytes
        {
            return Self::Packed(PackedTexts::new(layout, texts));
        }
        Self::Plain(PlainTexts::new(texts))
    }

    /// Appends the text at a position to `into`; nothing past the end.
    pub fn read(&self, at: usize, into: &mut String) {
        match self {
            Self::Packed(texts) => texts.read(at, into),
            Self::Plain(texts) => into.push_str(texts.get(at)),
        }
    }

    /// Where a text stands first.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<usize> {
        match self {
            Self::Packed(texts) => {
                let (wanted, bytes) = (texts.pack(text)?, texts.layout.bytes);
                // Nothing is written of texts that are all the same.
                if bytes == 0 { Some(0) } else { texts.data.chunks_exact(bytes).position(|raw| raw == wanted) }
            }
            Self::Plain(texts) => (0..texts.ends.len()).find(|at| texts.get(*at) == text),
        }
    }

    /// Bytes on the heap.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::Packed(texts) => texts.data.len() + texts.layout.memory_bytes(),
            Self::Plain(texts) => texts.data.len() + size_of_val(&*texts.ends),
        }
    }
}

/// Texts back to back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainTexts {
    data: Box<str>,
    ends: Box<[u32]>,
}

impl PlainTexts {
    fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut data = String::new();
        let ends = texts.map(|text| {
            data.push_str(text);
            u32::try_from(data.len()).unwrap_or(u32::MAX)
        });
        let ends = ends.collect();
        Self { data: data.into(), ends }
    }

    /// The text at a position; empty past the end.
    #[must_use]
    pub fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let end = self.ends.get(at).map_or(start, |end| *end as usize);
        self.data.get(start..end).unwrap_or("")
    }
}

/// Which symbols occur at a position, in ascending order; their number is the position's radix.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Position {
    symbols: Box<[u16]>,
}

/// Positions whose numbers share one word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    /// How many positions.
    positions: usize,
    /// How many bytes their common number needs, 0 to 8.
    bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Layout {
    positions: Vec<Position>,
    groups: Vec<Group>,
    /// Bytes of one packed text.
    bytes: usize,
}

impl Layout {
    /// What stands where; `None` when a text is too long to pack.
    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut seen: Vec<[bool; 257]> = Vec::new();
        for (before, text) in texts.enumerate() {
            if text.len() > LONGEST_PACKED {
                return None;
            }
            while seen.len() < text.len() {
                // Every text so far ended before this position.
                let mut fresh = [false; 257];
                mark(&mut fresh, if before > 0 { Some(PAD) } else { None });
                seen.push(fresh);
            }
            for (position, byte) in seen.iter_mut().zip(text.bytes()) {
                mark(position, Some(u16::from(byte)));
            }
            for position in seen.iter_mut().skip(text.len()) {
                mark(position, Some(PAD));
            }
        }
        let symbols = |seen: &[bool; 257]| (0..=PAD).zip(seen).filter(|(_, seen)| **seen).map(|(symbol, _)| symbol).collect();
        let positions: Vec<Position> = seen.iter().map(|seen| Position { symbols: symbols(seen) }).collect();
        let groups = group(&positions);
        let bytes = groups.iter().map(|group| group.bytes).sum();
        Some(Self { positions, groups, bytes })
    }

    fn memory_bytes(&self) -> usize {
        let symbols: usize = self.positions.iter().map(|position| size_of_val(&*position.symbols)).sum();
        symbols + self.positions.len() * size_of::<Position>() + self.groups.len() * size_of::<Group>()
    }
}

fn mark(seen: &mut [bool; 257], symbol: Option<u16>) {
    if let Some(place) = symbol.and_then(|symbol| seen.get_mut(usize::from(symbol))) {
        *place = true;
    }
}

/// Puts as many positions into each word as fit.
fn group(positions: &[Position]) -> Vec<Group> {
    let mut groups = Vec::new();
    let (mut product, mut count) = (1_u128, 0);
    let close = |product: u128, positions: usize| {
        let bits = 128 - (product - 1).leading_zeros();
        Group { positions, bytes: bits.div_ceil(8) as usize }
    };
    for position in positions {
        let wider = product * position.symbols.len() as u128;
        if wider > 1 << 64 {
            groups.push(close(product, count));
            (product, count) = (position.symbols.len() as u128, 1);
        } else {
            (product, count) = (wider, count + 1);
        }
    }
    if count > 0 {
        groups.push(close(product, count));
    }
    groups
}

/// Texts as numbers in the mixed radix of their positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedTexts {
    layout: Layout,
    data: Box<[u8]>,
}

impl PackedTexts {
    fn new<'a>(layout: Layout, texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let encoder = Encoder::new(&layout);
        let mut data = Vec::with_capacity(layout.bytes * texts.len());
        for text in texts {
            encoder.write(text, &mut data);
        }
        Self { layout, data: data.into() }
    }

    /// The packed form of `text`, to compare with [`PackedTexts::raw`] without unpacking; `None` when no text here can be equal to it.
    #[must_use]
    pub fn pack(&self, text: &str) -> Option<Vec<u8>> {
        let fits = |(at, position): (usize, &Position)| {
            let symbol = text.as_bytes().get(at).map_or(PAD, |byte| u16::from(*byte));
            position.symbols.binary_search(&symbol).is_ok()
        };
        let positions = &self.layout.positions;
        if text.len() > positions.len() || !positions.iter().enumerate().all(fits) {
            return None;
        }
        let mut data = Vec::new();
        Encoder::new(&self.layout).write(text, &mut data);
        Some(data)
    }

    /// The packed bytes at a position; all are of one length.
    #[must_use]
    pub fn raw(&self, at: usize) -> &[u8] {
        let bytes = self.layout.bytes;
        self.data.get(at * bytes..(at + 1) * bytes).unwrap_or(&[])
    }

    fn read(&self, at: usize, into: &mut String) {
        let mut raw = self.raw(at);
        if raw.len() < self.layout.bytes {
            return;
        }
        let mut text = [0_u8; LONGEST_PACKED];
        let mut len = 0;
        let mut positions = self.layout.positions.as_slice();
        for group in &self.layout.groups {
            let (head, rest) = raw.split_at_checked(group.bytes).unwrap_or((raw, &[]));
            raw = rest;
            let mut number = head.iter().rev().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
            let (these, later) = positions.split_at_checked(group.positions).unwrap_or((positions, &[]));
            positions = later;
            for position in these {
                let radix = position.symbols.len() as u64;
                let digit = if radix == 1 { 0 } else { number % radix };
                if radix > 1 {
                    number /= radix;
                }
                let symbol = usize::try_from(digit).ok().and_then(|digit| position.symbols.get(digit));
                if let (Some(Ok(byte)), Some(place)) = (symbol.map(|symbol| u8::try_from(*symbol)), text.get_mut(len)) {
                    *place = byte;
                    len += 1;
                }
            }
        }
        into.push_str(text.get(..len).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or(""));
    }
}

/// The digit of every symbol at every position, ready to write many texts.
struct Encoder<'a> {
    layout: &'a Layout,
    digits: Vec<[u16; 257]>,
}

impl<'a> Encoder<'a> {
    fn new(layout: &'a Layout) -> Self {
        let digits = layout.positions.iter().map(|position| {
            let mut digits = [0; 257];
            for (digit, symbol) in (0..).zip(&*position.symbols) {
                if let Some(place) = digits.get_mut(usize::from(*symbol)) {
                    *place = digit;
                }
            }
            digits
        });
        Self { layout, digits: digits.collect() }
    }

    /// Appends a text of which every symbol is known at its position.
    fn write(&self, text: &str, data: &mut Vec<u8>) {
        let mut at = 0;
        for group in &self.layout.groups {
            let (mut number, mut weight) = (0_u64, 1_u64);
            for position in at..at + group.positions {
                let symbol = text.as_bytes().get(position).map_or(usize::from(PAD), |byte| usize::from(*byte));
                let digit = self.digits.get(position).and_then(|digits| digits.get(symbol)).copied().unwrap_or(0);
                let radix = self.layout.positions.get(position).map_or(1, |position| position.symbols.len() as u64);
                number = number.wrapping_add(weight.wrapping_mul(u64::from(digit)));
                weight = weight.wrapping_mul(radix);
            }
            at += group.positions;
            data.extend(number.to_le_bytes().iter().take(group.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(texts: &[&str]) -> TextBlock {
        let block = TextBlock::new(texts.iter().copied());
        for (at, text) in texts.iter().enumerate() {
            let mut read = String::new();
            block.read(at, &mut read);
            assert_eq!(read, *text);
        }
        block
    }

    #[test]
    fn texts_come_back_as_they_were() {
        round_trip(&[]);
        round_trip(&["", "", ""]);
        round_trip(&["名单", "a", "", "名字", "\0", "ab"]);
        round_trip(&["a", &"x".repeat(500)]);
        let all: Vec<String> = (0..512_u32).map(|at| char::from_u32(at).unwrap().to_string().repeat(20)).collect();
        round_trip(&all.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn ids_and_hashes_take_few_bytes() {
        let ids: Vec<String> = (0..4_096_u64).map(|at| format!("20140324{:023}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        let ids = round_trip(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(ids.memory_bytes() < 4_096 * 11, "{}", ids.memory_bytes());
        let hashes: Vec<String> = (0..4_096_u64).map(|at| format!("{:016x}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        let hashes = round_trip(&hashes.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(hashes.memory_bytes() < 4_096 * 9, "{}", hashes.memory_bytes());
    }

    #[test]
    fn a_text_is_found_by_its_packed_form() {
        let ids: Vec<String> = (1000..2000).map(|at| at.to_string()).collect();
        let TextBlock::Packed(block) = TextBlock::new(ids.iter().map(String::as_str)) else { panic!("ids pack") };
        let found: Vec<usize> = (0..1000).filter(|at| block.raw(*at) == block.pack("1234").unwrap()).collect();
        assert_eq!(found, [234]);
        assert_eq!(block.pack("2000"), None);
        assert_eq!(block.pack("12345"), None);
        assert_eq!(block.pack("123"), None);
    }
}
