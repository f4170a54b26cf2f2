//! Where a reader's bytes come from, without naming files.

use std::io;

/// Bytes that may be read at any place, from several threads at once.
pub trait RandomRead: Send + Sync {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Fills `into` with the bytes from `offset` on.
    ///
    /// # Errors
    /// What the operating system says, or `UnexpectedEof` where there are fewer bytes.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()>;

    /// Nothing is read for a while: what is kept open may be closed until then.
    fn rest(&self) {}

    /// Whether there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl RandomRead for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let bytes = usize::try_from(offset).ok().and_then(|start| self.get(start..start.checked_add(into.len())?));
        into.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl RandomRead for &[u8] {
    fn len(&self) -> u64 {
        RandomRead::len(*self)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, into)
    }
}

impl RandomRead for Vec<u8> {
    fn len(&self) -> u64 {
        RandomRead::len(self.as_slice())
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, into)
    }
}
