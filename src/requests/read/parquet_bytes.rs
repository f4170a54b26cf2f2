//! The bytes of a file for the parquet crate.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

use super::parquet_pages;
use countersign_core::storage::ReadAt;

/// The file's bytes, with the claims of its pages checked.
#[derive(Clone)]
pub(super) struct ParquetBytes {
    file: Arc<dyn ReadAt>,
    /// See [`Pages::claims`].
    pub(super) claims: Arc<HashMap<u64, u64>>,
}

impl ParquetBytes {
    pub(super) fn new(file: Arc<dyn ReadAt>) -> Self {
        Self { file, claims: Arc::default() }
    }
}

impl Length for ParquetBytes {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl ChunkReader for ParquetBytes {
    type T = io::BufReader<BytesFrom>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(io::BufReader::new(BytesFrom { file: self.file.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<bytes::Bytes> {
        let left = self.file.len().saturating_sub(start);
        if length as u64 > left {
            return Err(ParquetError::EOF(format!("{length} bytes are wanted where {left} are left")));
        }
        let mut bytes = vec![0; length];
        self.file.read_at(start, &mut bytes)?;
        if self.claims.get(&start).is_some_and(|claimed| !parquet_pages::keeps_claim(&bytes, *claimed)) {
            return Err(ParquetError::General("a page unpacks to more than its header says".to_owned()));
        }
        Ok(bytes.into())
    }
}

/// Reads on from a place in the file.
pub(super) struct BytesFrom {
    file: Arc<dyn ReadAt>,
    at: u64,
}

impl Read for BytesFrom {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.file.len().saturating_sub(self.at)).unwrap_or(usize::MAX);
        let count = into.len().min(left);
        let into = into.get_mut(..count).unwrap_or(&mut []);
        self.file.read_at(self.at, into)?;
        self.at += count as u64;
        Ok(count)
    }
}
