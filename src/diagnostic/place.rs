//! A span as other programs want it: file, lines, columns and bytes.

use std::fmt::Write as _;

use crate::text::{LineColumn, Sources, Span};

/// A span in the words of an output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The file's name.
    pub(super) file: &'a str,
    /// Where it starts.
    pub(super) start: LineColumn,
    /// Just past its end.
    pub(super) end: LineColumn,
    /// The bytes.
    pub(super) span: Span,
}

impl<'a> Place<'a> {
    /// Looks the span up; none where its source is not one of `sources`.
    pub(super) fn find(sources: &'a Sources, span: Option<Span>) -> Option<Self> {
        let span = span?;
        let source = sources.get(span.source)?;
        Some(Self { file: source.name(), start: source.line_column(span.start), end: source.line_column(span.end), span })
    }
}

/// A file's name as a relative URI: everything but letters, digits and `-._~/` percent-encoded.
#[cfg(feature = "desk")]
pub(super) fn uri(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
