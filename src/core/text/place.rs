//! Source texts and places in them: which file, which bytes, which line.
//!
//! Everything that can be wrong in a file is reported with a [`Span`]; only this room turns bytes into lines and columns.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A source's number in its [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source it lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over bytes `start..end` of `source`; positions past 4 GiB are clamped.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that covers both; `other` must lie in the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes as a range, to slice the source's text with.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A place for people: both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One text with its name and line starts.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    line_starts: Vec<u32>,
}

impl Source {
    /// Indexes the lines of `text`; `name` is the path shown to people.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let after = breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        let line_starts = std::iter::once(0).chain(after).collect();
        Self { name: name.into(), text, line_starts }
    }

    /// The path or other name shown to people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Line and column of a byte; a byte past the end counts as the end, one inside a character as its start.
    #[must_use]
    pub fn line_column(&self, byte: u32) -> LineColumn {
        let mut at = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start as usize <= at);
        let start = self.line_starts.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count());
        LineColumn { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }

    /// The byte at a line and column (both from 1, column in characters), or the line's end when it is shorter.
    #[must_use]
    pub fn byte_at(&self, place: LineColumn) -> usize {
        let line = self.line_text(place.line);
        let start = self.line_starts.get((place.line as usize).saturating_sub(1)).map_or(self.text.len(), |start| *start as usize);
        let skip = (place.column as usize).saturating_sub(1);
        start + line.char_indices().nth(skip).map_or(line.len(), |(at, _)| at)
    }

    /// A line's text without its line break; empty past the end.
    #[must_use]
    pub fn line_text(&self, line: u32) -> &str {
        let index = (line as usize).saturating_sub(1);
        let Some(start) = self.line_starts.get(index) else { return "" };
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// How many lines there are; a text that ends in a line break has an empty last one.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.line_starts.len()).unwrap_or(u32::MAX)
    }

    /// The text under a span; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// All sources that one job reads.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Arc<Source>>,
}

impl Sources {
    /// Adds a text and gives its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Arc::new(Source::new(name, text)));
        id
    }

    /// Puts another text, under another name, in the place of one of these; a number that none has is left alone.
    pub fn replace(&mut self, id: SourceId, name: impl Into<String>, text: impl Into<Arc<str>>) {
        if let Some(place) = self.all.get_mut(id.0 as usize) {
            *place = Arc::new(Source::new(name, text));
        }
    }

    /// The source with that number, if it is one of these.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Arc<Source>> {
        self.all.get(id.0 as usize)
    }

    /// The source of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(SourceId, &Arc<Source>)> {
        let at = self.all.iter().position(|source| source.name() == name)?;
        Some((SourceId(u32::try_from(at).unwrap_or(u32::MAX)), self.all.get(at)?))
    }

    /// The same texts under longer names: `folder` and a `/` before each, as programs outside the workspace name the files.
    #[must_use]
    pub fn under(&self, folder: &str) -> Self {
        let folder = folder.trim_end_matches('/');
        self.renamed(|_, name| format!("{folder}/{name}"))
    }

    /// The same texts under other names.
    #[must_use]
    pub fn renamed(&self, name: impl Fn(SourceId, &str) -> String) -> Self {
        let renamed =
            |(id, source): (SourceId, &Arc<Source>)| Arc::new(Source { name: name(id, source.name()), ..Source::clone(source) });
        Self { all: self.iter().map(renamed).collect() }
    }

    /// Every source with its number, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
        self.all.iter().enumerate().map(|(at, source)| (SourceId(u32::try_from(at).unwrap_or(u32::MAX)), source))
    }
}

/// Where each part of a data file stands, by a path such as `parameters.max_cards.value` or `rules.r2.title.zh`.
#[derive(Clone, Debug, Default)]
pub struct Places {
    // Shared: every edit copies what it is made on.
    spans: Arc<BTreeMap<String, Span>>,
}

impl Places {
    /// Notes where `path` stands.
    pub fn insert(&mut self, path: impl Into<String>, span: Span) {
        Arc::make_mut(&mut self.spans).insert(path.into(), span);
    }

    /// Every part with its place, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.spans.iter().map(|(path, span)| (path.as_str(), *span))
    }

    /// Where `path` stands, or else its nearest enclosing part that is known.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return Some(*span);
            }
            path = path.rsplit_once('.')?.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let source = Source::new("a.rhai", "let 名 = 1;\r\n\nx");
        let place = |byte| source.line_column(byte);
        assert_eq!(place(0), LineColumn { line: 1, column: 1 });
        assert_eq!(place(7), LineColumn { line: 1, column: 6 });
        assert_eq!(place(14), LineColumn { line: 2, column: 1 });
        assert_eq!(place(15), LineColumn { line: 3, column: 1 });
        assert_eq!(place(99), LineColumn { line: 3, column: 2 });
        assert_eq!(source.line_text(1), "let 名 = 1;");
        for byte in [0, 4, 7, 8, 14, 15] {
            assert_eq!(source.byte_at(place(byte)), byte as usize);
        }
    }

    #[test]
    fn an_unknown_place_falls_back_to_the_part_around_it() {
        let mut places = Places::default();
        let span = Span::new(SourceId(1), 3, 9);
        places.insert("rules.r2", span);
        assert_eq!(places.find("rules.r2.title.zh"), Some(span));
        assert_eq!(places.find("schema.x"), None);
    }
}
