//! Texts of one column packed by the symbols at each position: request ids, hashes, card numbers and addresses take a third to a half
//! of their bytes, and each can be had back alone.
//!
//! At every byte position only some symbols occur (digits; hexadecimal digits; always the same `2014`). A text is a number in that mixed
//! radix, cut into words of 64 bits. Texts that do not pack (long, or of very different lengths) are kept as they are.

/// A run of texts: packed where that is smaller, plain otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextBlock {
    /// In the mixed radix of their positions.
    Packed(PackedTexts),
    Plain(PlainTexts),
}

/// Longer texts are never packed.
const LONGEST_PACKED: usize = 128;
/// Stands for "no byte here, the text is shorter".
const PAD: u16 = 256;

impl TextBlock {
    /// Packs `texts` in order.
    pub fn new<'a>(texts: impl ExactSizeIterator<Item = &'a str> + Clone) -> Self {
        let plain_bytes = texts.clone().map(|text| text.len() + size_of::<u32>()).sum::<usize>();
        if let Some(layout) = TextLayout::of(texts.clone())
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

    /// The first row of a text.
    pub fn find(&self, text: &str) -> Option<usize> {
        let mut first = None;
        self.find_all(&[text.to_owned()], &mut |at| {
            first.get_or_insert(at);
        });
        first
    }

    /// Tells every position that holds one of `texts`, which are sorted.
    pub fn find_all<T: AsRef<str>>(&self, texts: &[T], found: &mut impl FnMut(usize)) {
        let len = match self {
            Self::Packed(packed) => packed.len,
            Self::Plain(plain) => plain.ends.len(),
        };
        if texts.len() > len {
            // A long list: the few texts here are looked up in it.
            let wanted = WantedTexts::new(texts, len);
            let mut text = String::new();
            for at in 0..len {
                text.clear();
                self.read(at, &mut text);
                if wanted.has(&text) {
                    found(at);
                }
            }
            return;
        }
        match self {
            Self::Packed(packed) => packed.find_all(texts, found),
            Self::Plain(plain) => {
                let wanted = WantedTexts::new(texts, len);
                (0..len).filter(|at| wanted.has(plain.get(*at))).for_each(found);
            }
        }
    }

    /// How many bytes the longest text can have.
    pub fn longest(&self) -> usize {
        match self {
            Self::Packed(texts) => texts.layout.positions.len(),
            Self::Plain(texts) => (0..texts.ends.len()).map(|at| texts.get(at).len()).max().unwrap_or(0),
        }
    }

    /// Bytes on the heap.
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::Packed(texts) => texts.data.len() + texts.layout.memory_bytes(),
            Self::Plain(texts) => texts.data.len() + size_of_val(&*texts.ends),
        }
    }
}

/// Sorted texts that are searched for among others.
pub(super) struct WantedTexts<'a, T> {
    sorted: &'a [T],
    filter: FirstBytes,
}

impl<'a, T: AsRef<str>> WantedTexts<'a, T> {
    /// `among` so many others: reading all of a longer list beforehand would cost more than it saves.
    pub(super) fn new(sorted: &'a [T], among: usize) -> Self {
        let filter = if sorted.len() > among {
            FirstBytes([u64::MAX; 64])
        } else {
            FirstBytes::of(sorted.iter().map(|text| text.as_ref().as_bytes()))
        };
        Self { sorted, filter }
    }

    #[inline]
    pub(super) fn has(&self, text: &str) -> bool {
        self.filter.may_have(text.as_bytes()) && self.sorted.binary_search_by(|one| one.as_ref().cmp(text)).is_ok()
    }
}

/// One bit for each of some byte strings, by their first bytes: it tells most others from them.
struct FirstBytes([u64; 64]);

impl FirstBytes {
    fn of<'a>(all: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut made = Self([0; 64]);
        for (word, bit) in all.map(Self::place) {
            made.0.get_mut(word).into_iter().for_each(|word| *word |= 1 << bit);
        }
        made
    }

    #[inline]
    fn place(raw: &[u8]) -> (usize, u64) {
        let hash = first_bytes(raw).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 52;
        (usize::try_from(hash / 64).unwrap_or(0), hash % 64)
    }

    #[inline]
    fn may_have(&self, raw: &[u8]) -> bool {
        let (word, bit) = Self::place(raw);
        self.0.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }
}

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
struct PositionGroup {
    positions: usize,
    /// How many bytes their common number needs, 0 to 8.
    bytes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct TextLayout {
    positions: Vec<Position>,
    groups: Vec<PositionGroup>,
    /// Bytes of one packed text.
    bytes: usize,
}

impl TextLayout {
    /// The symbols at each position; `None` when a text is too long to pack.
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
        symbols + self.positions.len() * size_of::<Position>() + self.groups.len() * size_of::<PositionGroup>()
    }
}

fn mark(seen: &mut [bool; 257], symbol: Option<u16>) {
    if let Some(place) = symbol.and_then(|symbol| seen.get_mut(usize::from(symbol))) {
        *place = true;
    }
}

/// Puts as many positions into each word as fit.
fn group(positions: &[Position]) -> Vec<PositionGroup> {
    let mut groups = Vec::new();
    let (mut product, mut count) = (1_u128, 0);
    let close = |product: u128, positions: usize| {
        let bits = 128 - (product - 1).leading_zeros();
        PositionGroup { positions, bytes: bits.div_ceil(8) as usize }
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
    layout: TextLayout,
    len: usize,
    data: Box<[u8]>,
}

/// The first eight bytes, fewer where there are fewer, as a number.
#[inline]
fn first_bytes(raw: &[u8]) -> u64 {
    match raw.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => raw.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)),
    }
}

impl PackedTexts {
    fn new<'a>(layout: TextLayout, texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let encoder = TextEncoder::new(&layout);
        let len = texts.len();
        let mut data = Vec::with_capacity(layout.bytes * len);
        for text in texts {
            encoder.write(text, &mut data);
        }
        Self { layout, len, data: data.into() }
    }

    /// Tells every position that holds one of `texts`, comparing packed forms without unpacking any.
    fn find_all<T: AsRef<str>>(&self, texts: &[T], found: &mut impl FnMut(usize)) {
        let mut encoder = None;
        let mut wanted: Vec<Vec<u8>> = Vec::new();
        for text in texts.iter().map(AsRef::as_ref).filter(|text| self.fits(text)) {
            let mut raw = Vec::new();
            encoder.get_or_insert_with(|| TextEncoder::new(&self.layout)).write(text, &mut raw);
            wanted.push(raw);
        }
        if wanted.is_empty() {
            return;
        }
        wanted.sort_unstable();
        if self.layout.bytes == 0 {
            // Every text here is the same one.
            return (0..self.len).for_each(found);
        }
        let filter = FirstBytes::of(wanted.iter().map(Vec::as_slice));
        for (at, raw) in self.data.chunks_exact(self.layout.bytes).enumerate() {
            if filter.may_have(raw) && wanted.binary_search_by(|one| one.as_slice().cmp(raw)).is_ok() {
                found(at);
            }
        }
    }

    /// Whether every symbol of a text is known at its position: no text here can be equal to any other.
    fn fits(&self, text: &str) -> bool {
        let known = |(at, position): (usize, &Position)| {
            let symbol = text.as_bytes().get(at).map_or(PAD, |byte| u16::from(*byte));
            position.symbols.binary_search(&symbol).is_ok()
        };
        let positions = &self.layout.positions;
        text.len() <= positions.len() && positions.iter().enumerate().all(known)
    }

    /// The packed bytes at a position; all are of one length.
    fn raw(&self, at: usize) -> &[u8] {
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
struct TextEncoder<'a> {
    layout: &'a TextLayout,
    digits: Vec<[u16; 257]>,
}

impl<'a> TextEncoder<'a> {
    fn new(layout: &'a TextLayout) -> Self {
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
    fn texts_are_found_where_they_stand() {
        let found = |block: &TextBlock, wanted: &[&str]| {
            let mut places = Vec::new();
            let mut wanted = wanted.to_vec();
            wanted.sort_unstable();
            block.find_all(&wanted, &mut |at| places.push(at));
            // The other way, as of a list that is longer than the block.
            let more = (0..3_000).map(|at| format!("{at}, in no block"));
            let mut long: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).chain(more).collect();
            long.sort_unstable();
            let mut again = Vec::new();
            block.find_all(&long, &mut |at| again.push(at));
            assert_eq!(again, places);
            places
        };
        let ids: Vec<String> = (1000..2000).map(|at| format!("{at}-{}", at % 7)).collect();
        let block = TextBlock::new(ids.iter().map(String::as_str));
        assert!(matches!(block, TextBlock::Packed(_)));
        assert_eq!(found(&block, &["1999-4", "1234-2", "1234-3", "2000-5", "12345", "123", ""]), [234, 999]);
        let same = TextBlock::new(["alike"; 400].into_iter());
        assert_eq!(found(&same, &["alike"]).len(), 400);
        assert!(found(&same, &["alik"]).is_empty());
        let plain = TextBlock::new(["a", "名单", "a", "b"].into_iter());
        assert!(matches!(plain, TextBlock::Plain(_)));
        assert_eq!((found(&plain, &["a", "x"]), plain.longest()), (vec![0, 2], 6));
    }
}
