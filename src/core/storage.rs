//! Bytes that are read and written without naming files; the workspace says which files they are in.

use std::io;

/// Bytes that may be read at any place, from several threads at once.
pub trait ReadAt: Send + Sync {
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

impl ReadAt for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let bytes = usize::try_from(offset).ok().and_then(|start| self.get(start..start.checked_add(into.len())?));
        into.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl ReadAt for &[u8] {
    fn len(&self) -> u64 {
        ReadAt::len(*self)
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, into)
    }
}

impl ReadAt for Vec<u8> {
    fn len(&self) -> u64 {
        ReadAt::len(self.as_slice())
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(offset, into)
    }
}

/// A file for what memory does not hold: nobody else sees it, and it is gone when it is dropped.
pub trait ScratchFile: ReadAt {
    /// Adds bytes to its end.
    ///
    /// # Errors
    /// What the operating system says: mostly that the disk is full.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl ScratchFile for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Makes scratch files.
pub type ScratchFactory<'a> = &'a (dyn Fn() -> io::Result<Box<dyn ScratchFile>> + Sync);
