//! Page headers and the footer of a Parquet file, as far as they are judged before the parquet crate reads them.

use std::io::Read;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PageHeader {
    pub(super) kind: i64,
    pub(super) unpacked: i64,
    pub(super) packed: i64,
    pub(super) values: i64,
}

/// What the end of a file lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outline {
    /// How deep groups of columns are in each other.
    pub(super) deepest: usize,
    /// Columns and groups of columns.
    pub(super) elements: u64,
    /// Columns of all row groups together.
    pub(super) chunks: u64,
}

/// Reads the compact protocol of Thrift, as far as page headers use it.
pub(super) struct ThriftReader<R> {
    pub(super) source: R,
    pub(super) taken: u64,
}

/// Structures in structures are followed so far.
const DEEPEST: usize = 8;
/// The longest text of a header, such as the least value of a page.
const LONGEST: u64 = 1 << 24;

impl<R: Read> ThriftReader<R> {
    pub(super) fn header(&mut self) -> Option<PageHeader> {
        let mut header = PageHeader { kind: -1, unpacked: -1, packed: -1, values: 0 };
        let mut id = 0;
        while let Some((next, kind)) = self.field(id)? {
            id = next;
            match (id, kind) {
                (1, 5) => header.kind = self.number()?,
                (2, 5) => header.unpacked = self.number()?,
                (3, 5) => header.packed = self.number()?,
                // Of data pages of both versions the first member is how many values they have.
                (5 | 8, 12) => header.values = self.first_number()?,
                _ => self.skip(kind, 0)?,
            }
        }
        Some(header)
    }

    pub(super) fn outline(&mut self) -> Option<Outline> {
        let (mut id, mut outline) = (0, Outline::default());
        while let Some((next, kind)) = self.field(id)? {
            id = next;
            match (id, kind) {
                (2, 9) => (outline.elements, outline.deepest) = self.schema()?,
                (4, 9) => {
                    for _ in 0..self.list()? {
                        outline.chunks = outline.chunks.saturating_add(self.row_group()?);
                    }
                }
                _ => self.skip(kind, 0)?,
            }
        }
        Some(outline)
    }

    /// How many elements a footer's schema has, and how deep its groups are in each other.
    fn schema(&mut self) -> Option<(u64, usize)> {
        let count = self.list()?;
        // How many columns each group around the next one still has.
        let (mut open, mut deepest): (Vec<i64>, usize) = (Vec::new(), 0);
        for _ in 0..count {
            while open.last() == Some(&0) {
                open.pop();
            }
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            let children = self.children()?;
            if children > 0 {
                open.push(children);
                deepest = deepest.max(open.len());
            }
        }
        Some((count, deepest))
    }

    /// How many columns a row group has.
    fn row_group(&mut self) -> Option<u64> {
        let (mut id, mut columns) = (0, 0);
        while let Some((next, kind)) = self.field(id)? {
            id = next;
            if (id, kind) == (1, 9) {
                columns = self.list()?;
                (0..columns).try_for_each(|_| self.skip(12, 1))?;
            } else {
                self.skip(kind, 1)?;
            }
        }
        Some(columns)
    }

    /// The number of items of a list, written at its start.
    fn list(&mut self) -> Option<u64> {
        let head = self.byte()?;
        if head >> 4 == 15 { self.length() } else { Some(u64::from(head >> 4)) }
    }

    /// How many columns an element of the schema has in it.
    fn children(&mut self) -> Option<i64> {
        let (mut id, mut children) = (0, 0);
        while let Some((next, kind)) = self.field(id)? {
            id = next;
            match (id, kind) {
                (5, 5) => children = self.number()?,
                _ => self.skip(kind, 1)?,
            }
        }
        Some(children)
    }

    /// The first member of a structure; the rest is passed over.
    fn first_number(&mut self) -> Option<i64> {
        let (mut id, mut found) = (0, 0);
        while let Some((next, kind)) = self.field(id)? {
            id = next;
            match (id, kind) {
                (1, 5) => found = self.number()?,
                _ => self.skip(kind, 1)?,
            }
        }
        Some(found)
    }

    /// The next member's number and kind; nothing at the end.
    #[expect(clippy::option_option, reason = "a structure that ends, and bytes that end, are not the same")]
    fn field(&mut self, before: i64) -> Option<Option<(i64, u8)>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        let id = if byte >> 4 == 0 { self.number()? } else { before + i64::from(byte >> 4) };
        Some(Some((id, byte & 15)))
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.source.read_exact(&mut byte).ok()?;
        self.taken += 1;
        byte.first().copied()
    }

    fn length(&mut self) -> Option<u64> {
        let mut value = 0;
        for at in 0..10 {
            let byte = self.byte()?;
            value |= u64::from(byte & 127).checked_shl(7 * at)?;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let value = self.length()?;
        Some(i64::try_from(value >> 1).ok()? ^ -i64::try_from(value & 1).ok()?)
    }

    fn pass(&mut self, bytes: u64) -> Option<()> {
        let passed = std::io::copy(&mut self.source.by_ref().take(bytes), &mut std::io::sink()).ok()?;
        self.taken += passed;
        (passed == bytes && bytes <= LONGEST).then_some(())
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.length().map(|_| ()),
            7 => self.pass(8),
            8 => {
                let length = self.length().filter(|length| *length <= LONGEST)?;
                self.pass(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.length()? } else { u64::from(head >> 4) };
                (0..count).try_for_each(|_| match head & 15 {
                    1 | 2 => self.pass(1),
                    kind => self.skip(kind, depth + 1),
                })
            }
            12 => {
                let mut id = 0;
                while let Some((next, kind)) = self.field(id)? {
                    id = next;
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }
}
