//! What an editor offers: what could be typed at a place, what a name means, where a function is made.

mod complete;
mod describe;

pub use complete::{Completion, CompletionKind, Completions, complete};
pub use describe::{DocEntry, definition, document};

use std::ops::Range;

use countersign_core::script::highlight::{Class, Pieces};

/// A text cut into tokens, with the one at or right before a byte.
struct CursorContext<'a> {
    script: &'a Pieces,
    byte: usize,
}

impl<'a> CursorContext<'a> {
    fn new(script: &'a Pieces, byte: usize) -> Self {
        Self { script, byte }
    }

    /// The words with dots between them that stand before the token `at` and a dot.
    fn path_before(&self, at: usize) -> Option<String> {
        let mut words = Vec::new();
        let mut at = at;
        while let Some(word) = at.checked_sub(2).filter(|_| matches!(self.slice(at - 1), "." | "?.")) {
            words.push(self.slice(word));
            at = word;
        }
        words.reverse();
        (!words.is_empty()).then(|| words.join("."))
    }

    fn slice(&self, at: usize) -> &'a str {
        self.script.all().get(at).and_then(|piece| self.script.text().get(piece.range.clone())).unwrap_or("")
    }

    fn class(&self, at: usize) -> Option<Class> {
        self.script.all().get(at).map(|piece| piece.class)
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.script.all().get(at).map_or(self.byte..self.byte, |piece| piece.range.clone())
    }

    /// The token that the byte lies in.
    fn inside(&self) -> Option<usize> {
        let at = self.count_before();
        self.script.all().get(at).filter(|piece| piece.range.start <= self.byte).map(|_| at)
    }

    /// The token that ends at the byte, or that it lies in after its first byte.
    fn before(&self) -> Option<usize> {
        let at = self.script.all().partition_point(|piece| piece.range.end < self.byte);
        self.script.all().get(at).filter(|piece| piece.range.start < self.byte).map(|_| at)
    }

    /// How many tokens end at or before the byte.
    fn count_before(&self) -> usize {
        self.script.all().partition_point(|piece| piece.range.end <= self.byte)
    }
}
