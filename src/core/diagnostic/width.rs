//! How many columns of a terminal a character takes: underlines must be below wide Chinese text.

use crate::text::is_hidden;

/// First and last character of each block that terminals draw two columns wide: East Asian wide and full-width forms, and emoji.
const WIDE: [(u32, u32); 27] = [
    (0x1100, 0x115F),
    (0x231A, 0x231B),
    (0x2329, 0x232A),
    (0x23E9, 0x23EC),
    (0x25FD, 0x25FE),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x26BD, 0x26BE),
    (0x2705, 0x2705),
    (0x274C, 0x274C),
    (0x2753, 0x2755),
    (0x2E80, 0x303E),
    (0x3041, 0x33FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0xA4CF),
    (0xA960, 0xA97C),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE10, 0xFE19),
    (0xFE30, 0xFE6B),
    (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x1F300, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F900, 0x1FAFF),
    (0x20000, 0x2FFFD),
    (0x30000, 0x3FFFD),
];

/// Marks that are drawn on the character before them.
const NARROW_MARKS: [(u32, u32); 8] = [
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x1AB0, 0x1AFF),
    (0x200B, 0x200F),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
];

fn within(blocks: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    let at = blocks.partition_point(|(_, last)| *last < code);
    blocks.get(at).is_some_and(|(first, _)| *first <= code)
}

/// Columns that one character takes: 0, 1 or 2. Control characters count 1: [`visible`] shows a sign for them.
pub(super) fn of_char(c: char) -> usize {
    if c.is_ascii() || c < '\u{300}' {
        1
    } else if within(&NARROW_MARKS, c) {
        0
    } else if within(&WIDE, c) {
        2
    } else {
        1
    }
}

/// The character to show for one of a source: control characters as their signs, and those that turn or hide text as `�`, so that no
/// file can steer the reader's terminal or make a line look like another.
pub(super) fn visible(c: char) -> char {
    match c {
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        c if is_hidden(c) => '\u{fffd}',
        c => c,
    }
}

/// A text on one line as it may be shown: see `visible`.
#[must_use]
pub fn harmless(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// Columns that a text takes on a terminal.
#[must_use]
pub fn display_width(text: &str) -> usize {
    text.chars().map(of_char).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_two_columns_wide_and_marks_none() {
        assert_eq!(display_width("age"), 3);
        assert_eq!(display_width("年龄：（岁）"), 12);
        assert_eq!(display_width("𠮷"), 2);
        assert_eq!(display_width("e\u{301}"), 1);
        assert_eq!(display_width("é—ß…"), 4);
    }

    #[test]
    fn nothing_shown_steers_a_terminal() {
        assert_eq!(harmless("a\u{1b}[31m\u{202e}\u{9b}"), "a\u{241b}[31m\u{fffd}\u{fffd}");
    }
}
