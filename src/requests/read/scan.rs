//! Finds where the cells of a CSV text end, sixty-four bytes at a step.
//!
//! The grammar is that of arrow-csv: a quote opens a quoted cell only at a cell's start, two quotes inside one are a quote, what follows
//! the closing quote is plain, and a line feed or carriage return outside quotes ends the record.
//!
//! Own code, since the crates `csv` and `arrow-csv` copy every cell before it becomes a value and end at the first malformed record. Here
//! cells stay places in the text, which findings point at, and malformed records are set aside while the others are read.

/// Bytes looked at in one step.
const BLOCK: usize = 64;
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
const HIGH: u64 = 0x8080_8080_8080_8080;
/// Added to seven bits, reaches the eighth for every byte from 16 on.
const SIXTEEN_UP: u64 = 0x7070_7070_7070_7070;

/// Goes through a text from delimiter to delimiter and line end to line end.
pub(super) struct Scan<'a> {
    text: &'a [u8],
    delimiter: u8,
    /// The start of the block that `found` describes.
    base: usize,
    /// A bit for every byte of the block that may be a mark.
    found: u64,
    /// Where the next block begins.
    next: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScannedCell {
    /// The place of the delimiter or line end after it, or the text's end.
    pub(super) end: usize,
    pub(super) form: Form,
}

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// In quotes and otherwise as it is.
    Quoted,
    /// In quotes, with doubled quotes inside or more after them: see [`unquote`].
    Escaped,
    /// In quotes that the text never closes.
    Open,
}

impl<'a> Scan<'a> {
    /// A scan that begins at byte `at`.
    pub(super) fn new(text: &'a [u8], delimiter: u8, at: usize) -> Self {
        Self { text, delimiter, base: 0, found: 0, next: at }
    }

    /// The cell that begins at `start`; must be called in ascending order.
    #[inline]
    pub(super) fn cell(&mut self, start: usize) -> ScannedCell {
        if self.text.get(start) == Some(&b'"') {
            return self.quoted(start);
        }
        ScannedCell { end: self.mark(start), form: Form::Plain }
    }

    /// The place of the next delimiter or line end from byte `from` on, or the text's end.
    #[inline]
    pub(super) fn mark(&mut self, from: usize) -> usize {
        loop {
            while self.found == 0 {
                let Some(rest) = self.text.get(self.next..).filter(|rest| !rest.is_empty()) else { return self.text.len() };
                self.found = marks(rest, self.delimiter);
                self.base = self.next;
                self.next += BLOCK;
            }
            let at = self.base + self.found.trailing_zeros() as usize;
            self.found &= self.found - 1;
            // Other control characters are found too.
            if at >= from && self.text.get(at).is_some_and(|byte| self.ends_cell(*byte)) {
                return at;
            }
        }
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.delimiter || byte == b'\n' || byte == b'\r'
    }

    /// Looks on from byte `at`.
    fn seek(&mut self, at: usize) {
        (self.found, self.next) = (0, at);
    }

    fn quoted(&mut self, start: usize) -> ScannedCell {
        let (mut at, mut form) = (start + 1, Form::Quoted);
        loop {
            let rest = self.text.get(at..).unwrap_or(&[]);
            let Some(quote) = rest.iter().position(|byte| *byte == b'"').map(|place| at + place) else {
                self.seek(self.text.len());
                return ScannedCell { end: self.text.len(), form: Form::Open };
            };
            match self.text.get(quote + 1) {
                Some(b'"') => (at, form) = (quote + 2, Form::Escaped),
                Some(byte) if !self.ends_cell(*byte) => {
                    self.seek(quote + 1);
                    return ScannedCell { end: self.mark(quote + 1), form: Form::Escaped };
                }
                _ => {
                    self.seek(quote + 2);
                    return ScannedCell { end: quote + 1, form };
                }
            }
        }
    }
}

/// A bit for each of the first sixty-four bytes that is the delimiter or a control character below 16, the first byte's lowest.
#[inline]
fn marks(rest: &[u8], delimiter: u8) -> u64 {
    let wanted = u64::from_ne_bytes([delimiter; 8]);
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        return marks_of(block, wanted);
    }
    let mut block = [0; BLOCK];
    if let Some(place) = block.get_mut(..rest.len()) {
        place.copy_from_slice(rest);
    }
    marks_of(&block, wanted) & ((1 << rest.len()) - 1)
}

#[inline]
fn marks_of(block: &[u8; BLOCK], delimiter: u64) -> u64 {
    let (words, _) = block.as_chunks::<8>();
    words.iter().rev().fold(0, |marks, word| {
        let word = u64::from_le_bytes(*word);
        let other = word ^ delimiter;
        // The high bit of every byte: set where it is neither the delimiter nor below 16.
        let others = (((other & LOW) + LOW) | other) & (((word & LOW) + SIXTEEN_UP) | word);
        // Brings the eight high bits together.
        (marks << 8) | ((!others & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// Appends what a cell in quotes means, closing quote or not.
pub(super) fn unquote(cell: &str, into: &mut String) {
    let mut rest = cell.strip_prefix('"').unwrap_or(cell);
    while let Some((before, after)) = rest.split_once('"') {
        into.push_str(before);
        let Some(next) = after.strip_prefix('"') else {
            into.push_str(after);
            return;
        };
        into.push('"');
        rest = next;
    }
    into.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_wherever_it_stands() {
        for len in 0..200 {
            let mut text = vec![b'x'; len];
            for at in (0..len).step_by(7) {
                text[at] = [b',', b'\n', b'\r', 0xff, 0x01, b'\t', b'"', 0x8d][at % 8];
            }
            let wanted: Vec<usize> = (0..len).filter(|at| matches!(text[*at], b',' | b'\n' | b'\r')).collect();
            let mut scan = Scan::new(&text, b',', 0);
            let found: Vec<usize> = std::iter::from_fn(|| Some(scan.mark(0)).filter(|at| *at < len)).collect();
            assert_eq!(found, wanted, "{len}");
        }
    }

    #[test]
    fn quotes_are_taken_off_as_the_grammar_says() {
        for (cell, end, form, meaning) in [
            ("\"a\",", 3, Form::Quoted, "a"),
            ("\"\"\n", 2, Form::Quoted, ""),
            ("\"a,\n\"\"b\"\"\"", 10, Form::Escaped, "a,\n\"b\""),
            ("\"a\"b\",c", 5, Form::Escaped, "ab\""),
            ("\"a\"\"", 4, Form::Open, "a\""),
            ("5\" disk,", 7, Form::Plain, "5\" disk"),
            ("\"", 1, Form::Open, ""),
        ] {
            let found = Scan::new(cell.as_bytes(), b',', 0).cell(0);
            assert_eq!(found, ScannedCell { end, form }, "{cell}");
            let mut text = String::new();
            if form == Form::Plain {
                text.push_str(&cell[..end]);
            } else {
                unquote(&cell[..end], &mut text);
            }
            assert_eq!(text, meaning, "{cell}");
        }
    }
}
