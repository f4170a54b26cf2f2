//! The places of the parts of a mapping's text, which the `ron` crate has read before.

use std::ops::Range;

use countersign_core::text::{LineColumn, Source};

#[derive(Debug)]
struct MappingToken {
    kind: MappingTokenKind,
    bytes: Range<usize>,
}

#[derive(Debug, PartialEq, Eq)]
enum MappingTokenKind {
    Open,
    Close,
    Comma,
    Colon,
    /// A text in quotes, or a word.
    Name(String),
}

pub(super) struct MappingPlaces<'a> {
    text: &'a str,
    tokens: Vec<MappingToken>,
}

impl<'a> MappingPlaces<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(token) = next(text, &mut at) {
            tokens.push(token);
        }
        Self { text, tokens }
    }

    /// The bytes of the last key, item or single value that a path leads to.
    pub(super) fn find(&self, path: &[&str]) -> Option<Range<usize>> {
        let mut within = 0..self.tokens.len();
        let mut found = None;
        for step in path {
            let alone = within.start..within.start + 1;
            let (key, value) = match self.inside(within) {
                Some(inside) => self.entry(inside, step)?,
                None => self.entry(alone, step)?,
            };
            found = self.tokens.get(key).map(|token| token.bytes.clone());
            within = value;
        }
        found
    }

    /// Line and column of what a path leads to, or of the nearest enclosing part that has a place.
    pub(super) fn line_column(&self, path: &[&str]) -> Option<LineColumn> {
        let bytes = (0..=path.len()).rev().find_map(|length| self.find(path.get(..length)?));
        let source = Source::new("", self.text);
        let start = bytes.map_or(0, |bytes| bytes.start);
        Some(source.line_column(u32::try_from(start).ok()?))
    }

    /// The tokens between the brackets of a container; a word before the bracket is passed over.
    fn inside(&self, value: Range<usize>) -> Option<Range<usize>> {
        let open = value.clone().take(2).find(|at| self.kind(*at) == Some(&MappingTokenKind::Open))?;
        Some(open + 1..value.end.checked_sub(1)?)
    }

    fn kind(&self, at: usize) -> Option<&MappingTokenKind> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    /// The last entry with that key, or item with that text: the token of the key, and those of its value.
    fn entry(&self, within: Range<usize>, name: &str) -> Option<(usize, Range<usize>)> {
        let (mut found, mut start, mut depth) = (None, within.start, 0_usize);
        for at in within.start..=within.end {
            match self.kind(at).filter(|_| at < within.end) {
                Some(MappingTokenKind::Open) => depth += 1,
                Some(MappingTokenKind::Close) => depth = depth.saturating_sub(1),
                Some(MappingTokenKind::Comma) | None if depth == 0 => {
                    if matches!(self.kind(start), Some(MappingTokenKind::Name(text)) if text == name) {
                        let has_value = self.kind(start + 1) == Some(&MappingTokenKind::Colon);
                        found = Some((start, if has_value { start + 2 } else { start }..at));
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        found
    }
}

fn next(text: &str, at: &mut usize) -> Option<MappingToken> {
    loop {
        let rest = text.get(*at..)?;
        let first = rest.chars().next()?;
        let start = *at;
        let (kind, length) = match first {
            '(' | '[' | '{' => (MappingTokenKind::Open, 1),
            ')' | ']' | '}' => (MappingTokenKind::Close, 1),
            ',' => (MappingTokenKind::Comma, 1),
            ':' => (MappingTokenKind::Colon, 1),
            '"' => quoted(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw(rest),
            '/' if rest.starts_with("//") => {
                *at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") => {
                *at += comment(rest);
                continue;
            }
            _ if first.is_alphanumeric() || matches!(first, '_' | '-' | '+' | '.') => {
                let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '+' | '.')).unwrap_or(rest.len());
                (MappingTokenKind::Name(rest.get(..length).unwrap_or("").to_owned()), length)
            }
            _ => {
                *at += first.len_utf8();
                continue;
            }
        };
        *at += length;
        return Some(MappingToken { kind, bytes: start..*at });
    }
}

/// A text in quotes with its length.
fn quoted(rest: &str) -> (MappingTokenKind, usize) {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    decoded(rest, end.map_or(rest.len(), |(at, _)| at + 1))
}

/// A text without escapes: `r"…"`, `r#"…"#`.
fn raw(rest: &str) -> (MappingTokenKind, usize) {
    let marks = rest.chars().skip(1).take_while(|c| *c == '#').count();
    let end = format!("\"{}", "#".repeat(marks));
    let from = (marks + 2).min(rest.len());
    let length = rest.get(from..).and_then(|rest| rest.find(&end)).map_or(rest.len(), |at| from + at + end.len());
    decoded(rest, length)
}

fn decoded(rest: &str, length: usize) -> (MappingTokenKind, usize) {
    let text = rest.get(..length).unwrap_or("");
    (MappingTokenKind::Name(ron::from_str::<String>(text).unwrap_or_default()), length)
}

/// The length of a comment, which may hold others.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(left) = rest.get(at..).filter(|left| !left.is_empty()) {
        if left.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if left.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += left.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_last_place() {
        let text = r##"(format: 1, /* "a.b": /* ( */ */ missing: ["x", r#"y"#], // "a.b"
            fields: {"a.b": (words: (yes: ["\"q"], no: ["x"]), time: Pattern("%Y")), "a.b": (money: Text(mark: "¥"))})"##;
        let places = MappingPlaces::new(text);
        let of = |path: &[&str]| places.find(path).map(|bytes| &text[bytes]);
        assert_eq!(of(&["missing", "y"]), Some(r##"r#"y"#"##));
        assert_eq!(of(&["fields", "a.b", "money"]), Some("money"));
        assert_eq!(of(&["fields", "a.b", "money", "mark"]), Some("mark"));
        assert_eq!(of(&["fields", "a.c"]), None);
        assert_eq!(places.line_column(&["fields", "a.b", "nothing"]), places.line_column(&["fields", "a.b"]));
        for broken in ["", "(", "\"", "r#\"", "/*", "r#"] {
            assert_eq!(MappingPlaces::new(broken).find(&["a"]), None, "{broken}");
        }
    }
}
