//! The inside of a container cut into chunks: each part with the comments above it, its comma and the comment behind it.
//!
//! Chunks are what a person moves when they move a line; put together again in order they are the text they were cut from.

use super::scan::{past_line, past_trivia};
use super::{ByteRange, RonMember, RonNode, print};

/// A part of a container that is put together again.
pub(super) enum RebuiltPart<'a> {
    /// The part that was at this position.
    Old(usize),
    /// A part from another container.
    Moved(ChunkText),
    New(&'a RonMember),
}

/// The text of an old part with its comma and comments.
#[derive(Clone)]
pub(super) struct ChunkText {
    /// Everything before its comma.
    pub before: String,
    /// Everything behind it.
    pub after: String,
    /// Whether it began a line.
    pub starts_line: bool,
}

impl ChunkText {
    fn text(&self) -> String {
        format!("{},{}", self.before, self.after)
    }
}

/// How new lines are begun.
pub(super) struct ContainerLayout {
    /// What ends a line.
    pub line_break: &'static str,
    /// Spaces before the line on which the container begins.
    pub outer: usize,
    /// Characters before the container's first part, where it is on one line.
    pub column: usize,
    /// Spaces before its parts.
    pub inner: usize,
}

/// The place of one part with its surroundings.
#[derive(Clone, Copy)]
pub(super) struct TextChunk {
    /// The whole chunk.
    pub all: ByteRange,
    /// Its comma; empty, right behind the value, where there is none.
    pub comma: ByteRange,
    /// Whether it begins a line.
    pub starts_line: bool,
}

/// A container's inside: the text before the first chunk, the chunks, and the text after the last one.
pub(super) struct TextChunks {
    pub inner: ByteRange,
    /// The chunks in order, without gaps.
    pub extents: Vec<TextChunk>,
    first: usize,
    last: usize,
    is_one_line: bool,
}

impl TextChunks {
    /// Cuts the inside of a container.
    pub(super) fn of(text: &str, tree: &RonNode) -> Option<Self> {
        let inner = tree.inner;
        let whole = text.get(inner.start..inner.end)?;
        let within = |at: usize, from: usize| if at <= inner.end { at } else { from };
        let first = within(past_line(text, inner.start), inner.start);
        let mut start = first;
        let mut extents = Vec::new();
        for member in tree.members() {
            let end = member.extent().end;
            let next = past_trivia(text, end);
            let has_comma = text.get(next..)?.starts_with(',');
            let comma = if has_comma { ByteRange { start: next, end: next + 1 } } else { ByteRange { start: end, end } };
            let after = within(past_line(text, comma.end), comma.end);
            extents.push(TextChunk { all: ByteRange { start, end: after }, comma, starts_line: begins_line(text, start) });
            start = after;
        }
        Some(Self { inner, extents, first, last: start, is_one_line: !whole.contains('\n') })
    }

    /// Puts parts together in a new order; `old` holds the text of every chunk.
    pub(super) fn join(&self, text: &str, parts: &[RebuiltPart<'_>], old: &[ChunkText], layout: &ContainerLayout) -> String {
        if self.is_one_line {
            return one_line(parts, old, layout);
        }
        let mut lines = Lines { text: text.get(self.inner.start..self.first).unwrap_or("").to_owned(), layout };
        for part in parts {
            match part {
                RebuiltPart::Old(at) => lines.put_old(old.get(*at)),
                RebuiltPart::Moved(kept) => lines.put_old(Some(kept)),
                RebuiltPart::New(member) => lines.put_new(member),
            }
        }
        lines.close(text.get(self.last..self.inner.end).unwrap_or(""), begins_line(text, self.last));
        lines.text
    }
}

fn begins_line(text: &str, at: usize) -> bool {
    at == 0 || text.get(..at).is_some_and(|before| before.ends_with('\n'))
}

/// Lines being put together.
struct Lines<'a> {
    text: String,
    layout: &'a ContainerLayout,
}

impl Lines<'_> {
    fn begin_line(&mut self) {
        if !self.text.ends_with('\n') {
            let len = self.text.trim_end_matches([' ', '\t']).len();
            self.text.truncate(len);
            self.text.push_str(self.layout.line_break);
        }
    }

    fn indent(&mut self, spaces: usize) {
        self.text.push_str(&" ".repeat(spaces));
    }

    fn put_old(&mut self, kept: Option<&ChunkText>) {
        let Some(kept) = kept else { return };
        if kept.starts_line {
            self.begin_line();
            self.text.push_str(&kept.text());
        } else if self.text.ends_with('\n') {
            self.indent(self.layout.inner);
            self.text.push_str(kept.text().trim_start());
        } else {
            self.text.push_str(&kept.text());
        }
    }

    fn put_new(&mut self, member: &RonMember) {
        self.begin_line();
        self.indent(self.layout.inner);
        let text = print::member(member, self.layout.inner).replace('\n', self.layout.line_break);
        self.text.push_str(&text);
        self.text.push(',');
        self.text.push_str(self.layout.line_break);
    }

    /// Adds what stood before the closing bracket.
    fn close(&mut self, rest: &str, starts_line: bool) {
        if starts_line {
            self.begin_line();
        } else if self.text.ends_with('\n') {
            self.indent(self.layout.outer);
        }
        self.text.push_str(rest);
    }
}

/// Parts of a container that stood in one line: they stay there while they fit.
fn one_line(parts: &[RebuiltPart<'_>], old: &[ChunkText], layout: &ContainerLayout) -> String {
    let plain = |kept: &ChunkText| format!("{}{}", kept.before.trim_start(), kept.after.trim_end());
    let line = |part: &RebuiltPart<'_>| match part {
        RebuiltPart::Old(at) => old.get(*at).map(plain).unwrap_or_default(),
        RebuiltPart::Moved(kept) => plain(kept),
        RebuiltPart::New(member) => print::member_line(member),
    };
    let joined = parts.iter().map(line).collect::<Vec<_>>().join(", ");
    let has_new = parts.iter().any(|part| !matches!(part, RebuiltPart::Old(_)));
    let is_long = layout.column + joined.chars().count() > print::WIDTH || joined.contains('\n');
    if !(has_new && is_long) {
        return joined;
    }
    let mut lines = Lines { text: String::new(), layout };
    for part in parts {
        match part {
            RebuiltPart::New(member) => lines.put_new(member),
            RebuiltPart::Old(_) | RebuiltPart::Moved(_) => {
                lines.begin_line();
                lines.indent(layout.inner);
                lines.text.push_str(&line(part));
                lines.text.push(',');
                lines.text.push_str(layout.line_break);
            }
        }
    }
    lines.indent(layout.outer);
    lines.text
}
