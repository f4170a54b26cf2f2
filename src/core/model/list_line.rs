//! The entry on a line of a list, by the same rules in files and in typed or pasted text. `docs/texts.md` documents it.

use std::borrow::Cow;

use crate::text::{is_blank, normalized};

/// The entry on a line, in normal form; none on a blank line and on one with nothing but a comment. A comment begins with `#`, at the
/// line's beginning or after white space; inside an entry `#` is a character like any other.
#[must_use]
pub fn list_entry(line: &str) -> Option<Cow<'_, str>> {
    let entry = normalized(uncommented(line));
    (!entry.is_empty()).then_some(entry)
}

/// The line that gives an entry; none where no line does, such as for control characters and white space before `#`.
#[must_use]
pub fn list_line(entry: &str) -> Option<Cow<'_, str>> {
    let line = if entry.starts_with('#') { Cow::Owned(format!("'{entry}")) } else { Cow::Borrowed(entry) };
    let is_plain = !entry.contains(char::is_control) && list_entry(&line).as_deref() == Some(entry);
    is_plain.then_some(line)
}

/// A line without its comment.
#[must_use]
pub fn uncommented(line: &str) -> &str {
    let start = line.len() - line.trim_start_matches(is_blank).len();
    let begins =
        |(at, _): &(usize, &str)| *at <= start || line.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace));
    let end = line.match_indices('#').find(begins).map_or(line.len(), |(at, _)| at);
    line.get(..end).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_begins_a_line_or_follows_white_space() {
        for (line, entry) in [
            ("acct#7781", Some("acct#7781")),
            ("acct7781", Some("acct7781")),
            ("acct7781 # stolen", Some("acct7781")),
            ("acct7781\t#stolen", Some("acct7781")),
            ("acct7781\u{3000}#stolen", Some("acct7781")),
            ("acct#7781 # stolen #2", Some("acct#7781")),
            ("acct #7781", Some("acct")),
            ("# title", None),
            ("  # title", None),
            ("\u{feff}# title", None),
            ("#", None),
            ("##", None),
            ("", None),
            (" \u{a0}\r\n", None),
            ("'007 # spreadsheet", Some("007")),
            ("=\"007\"", Some("007")),
            ("acct7781\u{200b}", Some("acct7781")),
            ("'#7", Some("#7")),
        ] {
            assert_eq!(list_entry(line).as_deref(), entry, "{line:?}");
        }
    }

    #[test]
    fn an_entry_is_written_as_a_line_that_gives_it() {
        for (entry, line) in [
            ("acct#7781", Some("acct#7781")),
            ("acct 7781", Some("acct 7781")),
            ("#7", Some("'#7")),
            ("acct #7", None),
            ("acct\n7", None),
            ("acct\t7", None),
            (" acct", None),
            ("", None),
        ] {
            assert_eq!(list_line(entry).as_deref(), line, "{entry:?}");
        }
    }
}
