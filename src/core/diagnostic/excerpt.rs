//! The lines of a source that a span lies on, with the span underlined.

use std::fmt::Write as _;

use super::paint::{Paint, Tone};
use super::width;
use crate::text::{LineColumn, Source, Span};

/// A tab is shown as so many blanks, whatever its column: what counts is that the underline agrees.
const TAB: usize = 4;
/// A line wider than this is cut to the part around the span.
const WIDEST: usize = 140;
/// Columns kept before the span in a line that is cut.
const BEFORE: usize = 50;
/// A span over more lines shows its first and its last only.
const MOST_LINES: u32 = 4;

/// Part of a line as shown, with the columns under which the mark goes.
struct Shown {
    text: String,
    mark_from: usize,
    mark_to: usize,
}

/// How wide the line numbers of an excerpt are.
pub(super) fn number_width(source: &Source, span: Span) -> usize {
    source.line_column(span.end).line.to_string().len()
}

/// Adds the excerpt, each line with its number in a column `gutter` wide.
pub(super) fn add(out: &mut String, source: &Source, span: Span, gutter: usize, paint: Paint, tone: Tone) {
    let first = source.line_column(span.start).line;
    let end = source.line_column(span.end);
    // A span that ends with a line break does not reach into the next line.
    let last = if end.column == 1 && end.line > first { end.line - 1 } else { end.line };
    let long = last - first >= MOST_LINES;
    let bar = paint.with(Tone::Rule, "|");
    let blank = " ".repeat(gutter);
    let _ = writeln!(out, "{blank} {bar}");
    for line in first..=last {
        if long && line != first && line != last {
            if line == first + 1 {
                out.push_str(&paint.with(Tone::Rule, "..."));
                out.push('\n');
            }
            continue;
        }
        let shown = show(source, line, span);
        let number = paint.with(Tone::Rule, &format!("{line:>gutter$} |"));
        let marks = "^".repeat(shown.mark_to.saturating_sub(shown.mark_from).max(1));
        out.push_str(format!("{number} {}", shown.text).trim_end());
        let _ = writeln!(out, "\n{blank} {bar} {}{}", " ".repeat(shown.mark_from), paint.with(tone, &marks));
    }
}

/// One line as shown, and where the span lies in it.
fn show(source: &Source, line: u32, span: Span) -> Shown {
    let text = source.line_text(line);
    let line_start = source.byte_at(LineColumn { line, column: 1 });
    let inside = |byte: u32| (byte as usize).saturating_sub(line_start).min(text.len());
    let (from, to) = (inside(span.start), inside(span.end));
    // What a span over several lines covers of a later line begins after its indentation.
    let indent = text.len() - text.trim_start().len();
    let from = if (span.start as usize) < line_start { indent } else { from };
    let to = to.max(from);
    let cut = if text.len() > WIDEST { columns_back(text, from) } else { 0 };
    let mut shown = Shown { text: String::new(), mark_from: 0, mark_to: 0 };
    let mut column = 0;
    if cut > 0 {
        shown.text.push('…');
        column = 1;
    }
    (shown.mark_from, shown.mark_to) = (column, column);
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < cut) {
        if column >= WIDEST {
            shown.text.push('…');
            break;
        }
        if c == '\t' {
            shown.text.push_str(&" ".repeat(TAB));
            column += TAB;
        } else {
            let c = width::visible(c);
            shown.text.push(c);
            column += width::of_char(c);
        }
        if at < from {
            shown.mark_from = column;
        }
        if at < to {
            shown.mark_to = column;
        }
    }
    shown.mark_to = shown.mark_to.max(shown.mark_from);
    shown
}

/// The byte some columns before `from`, at the start of a character; 0 when the line's start is that near.
fn columns_back(text: &str, from: usize) -> usize {
    let before = text.get(..from).unwrap_or("");
    before.char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at)
}
