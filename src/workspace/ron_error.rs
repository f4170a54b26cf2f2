//! What the `ron` crate finds wrong with a file, put into words that help, at the narrowest place known.

use ron::error::SpannedError;

use super::ron_tree::{Node, TreeError};
use crate::diagnostic::Finding;
use crate::text::{LineColumn, LocalText, Source, SourceId, Span};

/// A finding for an error of the `ron` crate.
pub(super) fn finding(source: SourceId, text: &str, _tree: Option<&Node>, error: &SpannedError) -> Finding {
    let index = Source::new("", text);
    let place = |at: &ron::error::Position| {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        index.byte_at(LineColumn { line: count(at.line), column: count(at.col) })
    };
    let end = place(&error.span.end);
    let message = error.code.to_string();
    Finding::error("wrong-ron", Span::new(source, end.saturating_sub(1), end), LocalText::same(message))
}

/// A finding for a text that the `ron` crate reads and the tree does not.
pub(super) fn unplaced(source: SourceId, error: TreeError) -> Finding {
    let (en, zh) = error.wanted;
    let message = LocalText::new(format!("expected {en}"), format!("此处应为{zh}"));
    Finding::error("wrong-ron", Span::new(source, error.at, error.at + 1), message)
}
