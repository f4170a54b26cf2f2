//! Text tables on a terminal: columns as wide as their widest cell, Chinese characters counted as two.

use std::fmt::Write;

use countersign_core::text::{self, is_hidden};
use unicode_width::UnicodeWidthStr;

pub use countersign_core::text::share;

/// Rows of cells; some first columns are aligned left, the others right.
#[derive(Debug, Default)]
pub struct Columns {
    rows: Vec<Vec<String>>,
    left: usize,
}

impl Columns {
    /// A table whose first `left` columns are aligned left.
    pub fn new(left: usize) -> Self {
        Self { rows: Vec::new(), left }
    }

    /// Adds a row; what could steer the terminal or break the line shows as signs.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) {
        self.rows.push(cells.into_iter().map(|cell| mask(cell.as_ref())).collect());
    }

    /// The table, each line indented by two and ended by a line break.
    pub fn text(&self) -> String {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let gap = " ".repeat(width - cell.width());
                let _ = if at < self.left { write!(line, "  {cell}{gap}") } else { write!(line, "  {gap}{cell}") };
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// A text as a terminal may show it: control characters as their signs, other hidden characters as `�`, so that no text can steer the
/// terminal or look like another.
pub fn mask(text: &str) -> String {
    let shown = |c| match c {
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        c if is_hidden(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// A count with its thousands apart: `12,345`.
pub fn count(number: impl Into<i128>) -> String {
    text::grouped(number.into())
}

/// An amount in fen as yuan: `¥12,345.60`.
pub fn yuan(fen: i128) -> String {
    let text = text::yuan(fen);
    text.strip_prefix('-').map_or_else(|| format!("¥{text}"), |size| format!("-¥{size}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([count(0), count(999), count(1_000), count(-1_234_567)], ["0", "999", "1,000", "-1,234,567"]);
        assert_eq!([yuan(0), yuan(1_234_567), yuan(-5)], ["¥0.00", "¥12,345.67", "-¥0.05"]);
        assert_eq!([share(1, 3), share(2, 3), share(0, 0), share(7, 7)], ["33.3 %", "66.7 %", "–", "100.0 %"]);
    }

    #[test]
    fn wide_characters_line_up() {
        let mut columns = Columns::new(1);
        columns.row(["通过", "5"]);
        columns.row(["accept", "12"]);
        columns.row(["a\u{1b}[31m\nb"]);
        assert_eq!(columns.text(), "  通过       5\n  accept    12\n  a␛[31m␊b\n");
    }
}
