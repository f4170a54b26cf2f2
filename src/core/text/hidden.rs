//! Characters nobody sees: controls, and those that show nothing or turn the direction of a line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is a control, shows nothing, or changes the direction of the text after it.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let is_invisible = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || is_invisible
}

/// The text with every hidden character but line breaks and tabs written as `\u{202e}`, so that a reader sees it and no program obeys it.
#[must_use]
pub fn reveal(text: &str) -> Cow<'_, str> {
    let is_shown = |c: char| matches!(c, '\n' | '\t') || !is_hidden(c);
    if text.chars().all(is_shown) {
        return Cow::Borrowed(text);
    }
    let mut revealed = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_shown(c) { revealed.push(c) } else { revealed.extend(c.escape_unicode()) }
    }
    Cow::Owned(revealed)
}

/// A JSON text with its hidden characters written as JSON escapes: the values stay the same.
#[must_use]
pub fn reveal_json(json: String) -> String {
    // Outside of strings a JSON text has no hidden characters but line breaks, which stay.
    if !json.chars().any(|c| c != '\n' && is_hidden(c)) {
        return json;
    }
    let mut revealed = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if c == '\n' || !is_hidden(c) {
            revealed.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(revealed, "\\u{unit:04x}");
        }
    }
    revealed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_written_out() {
        for (text, shown) in [
            ("plain 中文\n\t", "plain 中文\n\t"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("\u{1b}[31m\r", "\\u{1b}[31m\\u{d}"),
            ("\u{e0041}\u{ad}", "\\u{e0041}\\u{ad}"),
        ] {
            assert_eq!(reveal(text), shown);
        }
        assert_eq!(reveal_json("{\n\"a\u{2066}\u{e0041}\"}".to_owned()), "{\n\"a\\u2066\\udb40\\udc41\"}");
    }
}
