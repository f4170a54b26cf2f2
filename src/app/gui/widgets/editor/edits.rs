//! What keys do to a text, without a screen: indent, comment, complete, match brackets. All places are bytes.

use std::ops::Range;

pub const INDENT: &str = "    ";
const COMMENT: &str = "//";

/// A change of a text, and what is selected after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    pub replace: Range<usize>,
    pub with: String,
    pub select: Range<usize>,
}

impl TextChange {
    /// Replaces a range and puts the caret after it.
    pub fn insert(replace: Range<usize>, with: impl Into<String>) -> Self {
        let with = with.into();
        let caret = replace.start + with.len();
        Self { replace, with, select: caret..caret }
    }

    pub fn apply(&self, text: &mut String) {
        if text.get(self.replace.clone()).is_some() {
            text.replace_range(self.replace.clone(), &self.with);
        }
    }
}

/// The byte of the n-th character; the end when there are fewer.
pub fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// How many characters stand before a byte.
pub fn char_of(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    text.get(..byte).map_or(0, |before| before.chars().count())
}

/// The first byte of the line a byte is in.
pub fn line_start(text: &str, byte: usize) -> usize {
    text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

/// The end of the line a byte is in, before its line break.
pub fn line_end(text: &str, byte: usize) -> usize {
    text.get(byte..).and_then(|after| after.find('\n')).map_or(text.len(), |at| byte + at)
}

/// The byte at which a line starts, counted from 1; the last line's when there are fewer.
pub fn start_of_line(text: &str, line: usize) -> usize {
    let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(breaks).take(line.max(1)).last().unwrap_or(0)
}

/// The byte after so many characters that are no white space.
pub fn after_solid(text: &str, count: usize) -> usize {
    let mut solid = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    count.checked_sub(1).and_then(|last| solid.nth(last)).map_or(0, |(at, c)| at + c.len_utf8())
}

/// The number of the line a byte is in, from 1.
pub fn line_of(text: &str, byte: usize) -> usize {
    text.get(..byte).map_or(1, |before| breaks(before) + 1)
}

/// How many line breaks a text has.
pub fn breaks(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// A line break that keeps the indentation, one step further after an opening bracket; a closing one goes on a line of its own.
pub fn line_break(text: &str, selection: Range<usize>) -> TextChange {
    let start = line_start(text, selection.start);
    let before = text.get(start..selection.start).unwrap_or("");
    let indent: String = before.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let opens = before.trim_end().ends_with(['{', '(', '[']);
    let closes = text.get(selection.end..).is_some_and(|after| after.trim_start_matches(' ').starts_with(['}', ')', ']']));
    let inner = if opens { format!("\n{indent}{INDENT}") } else { format!("\n{indent}") };
    let caret = selection.start + inner.len();
    let with = if opens && closes { format!("{inner}\n{indent}") } else { inner };
    TextChange { replace: selection, with, select: caret..caret }
}

/// A closing bracket typed on a blank line steps back one indentation.
pub fn closing_bracket(text: &str, selection: Range<usize>, bracket: &str) -> Option<TextChange> {
    let start = line_start(text, selection.start);
    let before = text.get(start..selection.start)?;
    let is_blank = !before.is_empty() && before.chars().all(|c| c == ' ');
    let back = start + before.len().saturating_sub(INDENT.len());
    is_blank.then(|| TextChange::insert(back..selection.end, bracket))
}

/// The lines a selection touches, as one range of bytes without the last line break.
pub fn lines(text: &str, selection: &Range<usize>) -> Range<usize> {
    let start = line_start(text, selection.start);
    // A selection that ends at the start of a line does not touch that line.
    let last = if selection.end > selection.start && text.get(..selection.end).is_some_and(|t| t.ends_with('\n')) {
        selection.end - 1
    } else {
        selection.end
    };
    start..line_end(text, last)
}

fn each_line(text: &str, selection: &Range<usize>, edit: impl Fn(&str) -> String) -> TextChange {
    let replace = lines(text, selection);
    let old = text.get(replace.clone()).unwrap_or("");
    let with = old.split('\n').map(edit).collect::<Vec<_>>().join("\n");
    let select = if selection.is_empty() {
        let grown = (selection.start + with.len()).saturating_sub(old.len());
        let caret = grown.clamp(replace.start, replace.start + with.len());
        caret..caret
    } else {
        replace.start..replace.start + with.len()
    };
    TextChange { replace, with, select }
}

/// Moves the lines of a selection one step in.
pub fn indent(text: &str, selection: &Range<usize>) -> TextChange {
    if selection.is_empty() {
        let column = selection.start - line_start(text, selection.start);
        let spaces = INDENT.len() - column % INDENT.len();
        return TextChange::insert(selection.clone(), " ".repeat(spaces));
    }
    each_line(text, selection, |line| if line.is_empty() { String::new() } else { format!("{INDENT}{line}") })
}

/// Moves the lines of a selection one step out.
pub fn outdent(text: &str, selection: &Range<usize>) -> TextChange {
    each_line(text, selection, |line| {
        let blank = line.bytes().take(INDENT.len()).take_while(|byte| *byte == b' ').count();
        line.get(blank..).unwrap_or(line).to_owned()
    })
}

/// Comments the lines of a selection, or makes them code again when all are comments.
pub fn toggle_comment(text: &str, selection: &Range<usize>) -> TextChange {
    let range = lines(text, selection);
    let touched = text.get(range).unwrap_or("");
    let mut written = touched.split('\n').filter(|line| !line.trim().is_empty()).peekable();
    let all = written.peek().is_some() && written.all(|line| line.trim_start().starts_with(COMMENT));
    each_line(text, selection, |line| {
        let blank = line.len() - line.trim_start().len();
        let (before, rest) = line.split_at(blank);
        match (all, rest.strip_prefix(COMMENT)) {
            (true, Some(code)) => format!("{before}{}", code.strip_prefix(' ').unwrap_or(code)),
            (false, _) if !rest.is_empty() => format!("{before}{COMMENT} {rest}"),
            _ => line.to_owned(),
        }
    })
}

/// The bracket beside the caret and its partner; `is_code` says whether a byte is neither text nor comment.
pub fn brackets(text: &str, caret: usize, is_code: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let here = |at: usize| text.as_bytes().get(at).copied().filter(|_| is_code(at));
    let partner = |byte: u8| match byte {
        b'(' => Some((b')', true)),
        b'[' => Some((b']', true)),
        b'{' => Some((b'}', true)),
        b')' => Some((b'(', false)),
        b']' => Some((b'[', false)),
        b'}' => Some((b'{', false)),
        _ => None,
    };
    let mut beside = [Some(caret), caret.checked_sub(1)].into_iter().flatten();
    let (at, own, (other, forward)) = beside.find_map(|at| here(at).and_then(|byte| Some((at, byte, partner(byte)?))))?;
    let mut depth = 0_usize;
    let mut visit = |place: usize| {
        let byte = here(place)?;
        depth = if byte == own { depth + 1 } else { depth.saturating_sub(usize::from(byte == other)) };
        (depth == 0).then_some(place)
    };
    let found = if forward { (at..text.len()).find_map(&mut visit) } else { (0..=at).rev().find_map(&mut visit) };
    found.map(|found| (at, found))
}

/// The name around a byte, with its group: `customer.age`.
pub fn name_at(text: &str, byte: usize) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let before = text.get(..byte)?;
    let start = before
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + before.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
    let end = byte + text.get(byte..)?.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len() - byte);
    (end > start).then_some(start..end)
}

/// Where two texts differ: the range in the new one.
pub fn difference(old: &str, new: &str) -> Range<usize> {
    let prefix: usize = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (old_rest, new_rest) = (old.get(prefix..).unwrap_or(""), new.get(prefix..).unwrap_or(""));
    let suffix: usize =
        old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    prefix..new.len() - suffix
}

/// Every place a text occurs, ignoring case of ASCII letters unless `exact`.
pub fn find_all(text: &str, wanted: &str, exact: bool) -> Vec<Range<usize>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let ranges = |text: &str, wanted: &str| text.match_indices(wanted).map(|(at, found)| at..at + found.len()).collect();
    if exact { ranges(text, wanted) } else { ranges(&text.to_ascii_lowercase(), &wanted.to_ascii_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text with `|` at both ends of the selection, or once for a caret.
    fn marked(text: &str) -> (String, Range<usize>) {
        let places: Vec<usize> = text.match_indices('|').map(|(at, _)| at).collect();
        let end = places.get(1).map_or(places[0], |end| end - 1);
        (text.replace('|', ""), places[0]..end)
    }

    fn check(before: &str, edit: impl Fn(&str, Range<usize>) -> TextChange, after: &str) {
        let (mut text, selection) = marked(before);
        let change = edit(&text, selection);
        change.apply(&mut text);
        text.insert(change.select.end, '|');
        if !change.select.is_empty() {
            text.insert(change.select.start, '|');
        }
        assert_eq!(text, after, "from {before:?}");
    }

    #[test]
    fn a_line_break_keeps_and_deepens_the_indentation() {
        check("    a|", line_break, "    a\n    |");
        check("if x {|", line_break, "if x {\n    |");
        check("if x {|}", line_break, "if x {\n    |\n}");
        check("  f(|名|)", line_break, "  f(\n      |\n  )");
    }

    #[test]
    fn lines_move_in_and_out() {
        check("a|b", |t, s| indent(t, &s), "a   |b");
        check("|a\n\nb|", |t, s| indent(t, &s), "|    a\n\n    b|");
        check("|    a\n  b\nc|", |t, s| outdent(t, &s), "|a\nb\nc|");
        check("    a|", |t, s| outdent(t, &s), "a|");
        check("{\n    |", |t, s| closing_bracket(t, s, "}").unwrap(), "{\n}|");
        assert_eq!(closing_bracket("a ", 2..2, "}"), None);
    }

    #[test]
    fn comments_come_and_go() {
        check("|a\n  b|\nc", |t, s| toggle_comment(t, &s), "|// a\n  // b|\nc");
        check("|// a\n  //b|", |t, s| toggle_comment(t, &s), "|a\n  b|");
        check("|// a\nb|", |t, s| toggle_comment(t, &s), "|// // a\n// b|");
        check("|a\n|b", |t, s| toggle_comment(t, &s), "|// a|\nb");
    }

    #[test]
    fn a_bracket_finds_its_partner_outside_texts() {
        let text = "f(a, \")\", [b])";
        let is_code = |at| !(5..8).contains(&at);
        assert_eq!(brackets(text, 1, is_code), Some((1, 13)));
        assert_eq!(brackets(text, 14, is_code), Some((13, 1)));
        assert_eq!(brackets(text, 10, is_code), Some((10, 12)));
        assert_eq!(brackets("f(", 1, |_| true), None);
    }

    #[test]
    fn names_lines_and_differences_are_found_among_wide_characters() {
        let text = "// 名\nif customer.age > 1";
        let at = text.find("age").unwrap();
        assert_eq!(&text[name_at(text, at + 1).unwrap()], "customer.age");
        assert_eq!(name_at("a + b", 3), None);
        assert_eq!((line_of(text, at), start_of_line(text, 2), line_end(text, at)), (2, 7, text.len()));
        assert_eq!((char_of(text, 7), byte_of(text, 5)), (5, 7));
        assert_eq!(difference("a名b", "a名xb"), 4..5);
        assert_eq!(difference("abc", "abc"), 3..3);
        assert_eq!(find_all("Age age", "AGE", false), [0..3, 4..7]);
        assert_eq!(find_all("Age age age", "age", true), [4..7, 8..11]);
    }
}
