//! A span as other programs want it: file, lines, columns and bytes.

use crate::text::{LineColumn, Sources, Span};

/// A span in the words of an output.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file's name.
    pub file: &'a str,
    /// Where it starts.
    pub start: LineColumn,
    /// Just past its end.
    pub end: LineColumn,
}

impl<'a> Place<'a> {
    /// Looks the span up; none where its source is not one of `sources`.
    #[must_use]
    pub fn find(sources: &'a Sources, span: Option<Span>) -> Option<Self> {
        let span = span?;
        let source = sources.get(span.source)?;
        Some(Self { file: source.name(), start: source.line_column(span.start), end: source.line_column(span.end) })
    }
}
