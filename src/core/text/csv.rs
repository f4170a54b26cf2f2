//! Cells and lines of CSV: a text that a spreadsheet would take for a formula has an apostrophe before it, which spreadsheets and our
//! readers take away again.

use std::borrow::Cow;

/// How texts stand in CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cells {
    /// An apostrophe stands before each text that a spreadsheet would take for a formula.
    #[default]
    Guarded,
    /// Every text as it is, for programs.
    Raw,
}

impl Cells {
    /// A text as its cell holds it, before quotes.
    #[must_use]
    pub fn text(self, text: &str) -> Cow<'_, str> {
        if self == Self::Guarded && is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
    }

    /// A line with its end; cells are quoted where they must be.
    #[must_use]
    pub fn line<'a>(self, cells: impl IntoIterator<Item = &'a str>) -> String {
        let mut line = String::new();
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                line.push(',');
            }
            let cell = self.text(cell);
            // A spreadsheet may split at these, whatever the first line looks like.
            if cell.contains([',', ';', '\t', '"', '\n', '\r']) {
                line.push('"');
                line.push_str(&cell.replace('"', "\"\""));
                line.push('"');
            } else {
                line.push_str(&cell);
            }
        }
        line.push('\n');
        line
    }
}

/// Whether a spreadsheet would take the text for a formula: it begins with `=`, `+`, `-` or `@`, also as full-width characters and after
/// blanks, quotes and invisible characters, or with a tab or a line break. A negative number is none.
fn is_formula(text: &str) -> bool {
    let is_begun = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let is_passed_over = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '\'' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    if text.starts_with('\'') {
        return false;
    }
    let begun = text.trim_start_matches(is_passed_over).starts_with(is_begun);
    text.starts_with(['\t', '\r', '\n']) || (begun && !is_negative_number(text))
}

/// `-5`, `-5,000.00`, `-1.5e9`.
fn is_negative_number(text: &str) -> bool {
    let Some(number) = text.strip_prefix('-') else { return false };
    let (number, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let groups = whole.split(',').all(all_digits);
    groups && all_digits(fraction) && all_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalized;

    /// Texts and what their cells hold.
    const CELLS: &str = include_str!("csv.txt");

    #[test]
    fn no_text_is_a_formula_in_its_cell() {
        let unescape =
            |text: &str| text.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace("\\u200b", "\u{200b}");
        let mut guarded = 0;
        for line in CELLS.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
            let (text, cell) = line.split_once(" -> ").unwrap();
            let bare = |text: &str| unescape(text.strip_prefix('|').unwrap().strip_suffix('|').unwrap());
            let (text, cell) = (bare(text), bare(cell));
            assert_eq!(Cells::Guarded.text(&text), cell, "{line}");
            assert_eq!(Cells::Raw.text(&text), text, "{line}");
            assert_eq!(normalized(&cell), normalized(&text), "what reads the file gets the text: {line}");
            guarded += usize::from(text != cell);
        }
        assert!(guarded > 15);
    }

    #[test]
    fn cells_are_quoted_where_something_would_split_them() {
        let cells = ["a", "a,b", "a;=1", "x\"y", "two\nlines", "=1+1", "", "-5"];
        assert_eq!(Cells::Guarded.line(cells), "a,\"a,b\",\"a;=1\",\"x\"\"y\",\"two\nlines\",'=1+1,,-5\n");
        assert_eq!(Cells::Raw.line(["=1+1", "@x"]), "=1+1,@x\n");
    }
}
