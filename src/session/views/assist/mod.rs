//! What an editor offers: what could be typed at a place, what a name means, where a function is made.

mod complete;
mod describe;

pub use complete::{Completion, Completions, What, complete};
pub use describe::{Doc, definition, document};

use std::ops::Range;

use crate::script::highlight::{Class, Piece, pieces};

/// A text cut into tokens, with the one at or right before a byte.
struct Place<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    byte: usize,
}

impl<'a> Place<'a> {
    fn new(text: &'a str, byte: usize) -> Self {
        Self { text, pieces: pieces(text), byte }
    }

    fn slice(&self, at: usize) -> &'a str {
        self.pieces.get(at).and_then(|piece| self.text.get(piece.range.clone())).unwrap_or("")
    }

    fn class(&self, at: usize) -> Option<Class> {
        self.pieces.get(at).map(|piece| piece.class)
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.pieces.get(at).map_or(self.byte..self.byte, |piece| piece.range.clone())
    }

    /// The token that the byte lies in.
    fn inside(&self) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.range.start <= self.byte && self.byte < piece.range.end)
    }

    /// The token that ends at the byte, or that it lies in after its first byte.
    fn before(&self) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.range.start < self.byte && self.byte <= piece.range.end)
    }

    /// How many tokens end at or before the byte.
    fn count_before(&self) -> usize {
        self.pieces.partition_point(|piece| piece.range.end <= self.byte)
    }
}
