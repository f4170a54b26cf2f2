//! The parser of [`Node`]s: one pass, no look-back, a bounded depth.

use super::text::unescape;
use super::{Extent, Kind, Member, Node};

/// Deeper nesting is refused: as deep as the `ron` crate itself goes.
const DEEPEST: usize = 128;

/// Why a text has no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::workspace) struct TreeError {
    /// The byte at which it went wrong.
    pub at: usize,
    /// What was wanted there, in English and Chinese.
    pub wanted: (&'static str, &'static str),
    /// The bracket around it that is still open.
    pub opened: Option<usize>,
    /// A text in quotes before it that runs over several lines: its closing quote may be missing.
    pub long_text: Option<usize>,
}

impl TreeError {
    fn new(at: usize, en: &'static str, zh: &'static str) -> Self {
        Self { at, wanted: (en, zh), opened: None, long_text: None }
    }
}

/// Reads a whole RON text.
///
/// # Errors
/// The first place that is not RON.
pub(in crate::workspace) fn parse(text: &str) -> Result<Node, TreeError> {
    let mut parser = Parser::new(text, 0);
    parser.whole().map_err(|error| TreeError { long_text: parser.long_text, ..error })
}

/// The first byte at or after `at` that belongs neither to white space nor to a comment.
pub(super) fn past_trivia(text: &str, at: usize) -> usize {
    let mut parser = Parser::new(text, at);
    if parser.skip().is_ok() { parser.at } else { at }
}

/// The start of the next line where only white space and comments follow on this one, or else `at` itself.
pub(super) fn past_line(text: &str, at: usize) -> usize {
    let mut parser = Parser::new(text, at);
    loop {
        parser.take_while(|c| c != '\n' && is_space(c));
        if parser.take("\n") {
            return parser.at;
        }
        if parser.take("//") {
            parser.take_while(|c| c != '\n');
        } else if parser.rest().starts_with("/*") {
            let start = parser.at;
            let is_short = parser.block_comment().is_ok() && !text.get(start..parser.at).unwrap_or("").contains('\n');
            if !is_short {
                return at;
            }
        } else {
            return at;
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Between the brackets of the container read last.
    inner: Extent,
    /// The first text in quotes that runs over several lines.
    long_text: Option<usize>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, depth: 0, inner: Extent::default(), long_text: None }
    }

    fn whole(&mut self) -> Result<Node, TreeError> {
        self.skip()?;
        while self.take("#!") {
            self.attribute()?;
            self.skip()?;
        }
        let node = self.value()?;
        self.skip()?;
        if self.rest().is_empty() { Ok(node) } else { Err(self.wanted("the end of the file", "文件结尾")) }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn wanted(&self, en: &'static str, zh: &'static str) -> TreeError {
        TreeError::new(self.at, en, zh)
    }

    fn take(&mut self, prefix: &str) -> bool {
        let is = self.rest().starts_with(prefix);
        if is {
            self.at += prefix.len();
        }
        is
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !is(c)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or("")
    }

    /// Moves past the next `end`, and gives what stood before it.
    fn until(&mut self, end: &str, wanted: (&'static str, &'static str)) -> Result<&'a str, TreeError> {
        let rest = self.rest();
        let at = rest.find(end).ok_or(TreeError { wanted, ..TreeError::new(self.text.len(), "", "") })?;
        self.at += at + end.len();
        Ok(rest.get(..at).unwrap_or(""))
    }

    /// Skips white space and comments.
    fn skip(&mut self) -> Result<(), TreeError> {
        loop {
            self.take_while(is_space);
            if self.take("//") {
                self.take_while(|c| c != '\n');
            } else if self.rest().starts_with("/*") {
                self.block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn block_comment(&mut self) -> Result<(), TreeError> {
        let start = self.at;
        let mut level = 0_usize;
        loop {
            self.take_while(|c| c != '/' && c != '*');
            if self.take("/*") {
                level += 1;
            } else if self.take("*/") {
                level -= 1;
            } else if self.peek().is_some() {
                self.at += 1;
            } else {
                return Err(TreeError::new(start, "`*/` to end the comment", "用 `*/` 结束注释"));
            }
            if level == 0 {
                return Ok(());
            }
        }
    }

    /// `#![enable(…)]`: its text is of no interest here.
    fn attribute(&mut self) -> Result<(), TreeError> {
        self.until("]", ("`]` to end the attribute", "用 `]` 结束属性")).map(|_| ())
    }

    fn value(&mut self) -> Result<Node, TreeError> {
        let start = self.at;
        if self.depth >= DEEPEST {
            return Err(self.wanted("fewer brackets inside one another", "更少的括号嵌套"));
        }
        self.depth += 1;
        self.inner = Extent::default();
        let kind = self.kind()?;
        self.depth -= 1;
        Ok(Node { extent: Extent { start, end: self.at }, inner: std::mem::take(&mut self.inner), kind })
    }

    fn kind(&mut self) -> Result<Kind, TreeError> {
        let start = self.at;
        if self.take("[") {
            return self.members(']', Label::None).map(Kind::List);
        }
        if self.take("{") {
            return self.members('}', Label::Key).map(Kind::Map);
        }
        if self.take("(") {
            return self.members(')', Label::Field).map(|members| Kind::Parens(None, members));
        }
        if self.take("\"") {
            return self.quoted().map(Kind::Text);
        }
        if self.take("b\"") || self.take("b'") || self.take("'") {
            return self.raw_quoted(start).map(|()| Kind::Raw);
        }
        if self.starts_raw("br") || self.starts_raw("r") {
            let is_text = self.take("r");
            if !is_text {
                self.take("br");
            }
            let text = self.raw_text()?;
            return Ok(if is_text { Kind::Text(text) } else { Kind::Raw });
        }
        match self.peek() {
            Some(c) if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => self.number(),
            Some(c) if c == '_' || c.is_alphabetic() => self.word(),
            _ => Err(self.wanted("a value", "一个值")),
        }
    }

    fn starts_raw(&self, prefix: &str) -> bool {
        self.rest().strip_prefix(prefix).is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
    }

    fn number(&mut self) -> Result<Kind, TreeError> {
        let start = self.at;
        let number = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
        if number.contains("..") {
            return Err(TreeError::new(start, "a number", "一个数字"));
        }
        Ok(Kind::Number(number.to_owned()))
    }

    fn identifier(&mut self) -> String {
        if self.take("r#") {
            return self.take_while(|c| is_word(c) || matches!(c, '.' | '+' | '-')).to_owned();
        }
        self.take_while(is_word).to_owned()
    }

    fn word(&mut self) -> Result<Kind, TreeError> {
        let name = self.identifier();
        let after_name = self.at;
        self.skip()?;
        if self.take("(") {
            return self.members(')', Label::Field).map(|members| Kind::Parens(Some(name), members));
        }
        self.at = after_name;
        Ok(Kind::Word(name))
    }

    fn quoted(&mut self) -> Result<String, TreeError> {
        let start = self.at;
        self.past_quote('"')?;
        let inner = self.text.get(start..self.at.saturating_sub(1)).unwrap_or("");
        if inner.contains('\n') && self.long_text.is_none() {
            self.long_text = Some(start - 1);
        }
        unescape(inner).map_err(|at| {
            TreeError::new(start + at, "an escape such as `\\n`, `\\\"` or `\\u{4e2d}`", " `\\n`、`\\\"`、`\\u{4e2d}` 之类的转义")
        })
    }

    /// Moves past the closing quote, over escaped ones.
    fn past_quote(&mut self, quote: char) -> Result<(), TreeError> {
        let open = self.at.saturating_sub(1);
        loop {
            self.take_while(|c| c != quote && c != '\\');
            match self.peek() {
                Some('\\') => {
                    self.at += 1;
                    self.at += self.peek().map_or(0, char::len_utf8);
                }
                Some(_) => {
                    self.at += 1;
                    return Ok(());
                }
                None => {
                    return Err(TreeError::new(open, "a closing quote for the one here", "与此处对应的右引号"));
                }
            }
        }
    }

    fn raw_quoted(&mut self, start: usize) -> Result<(), TreeError> {
        let quote = if self.text.get(start..self.at).is_some_and(|open| open.ends_with('\'')) { '\'' } else { '"' };
        self.past_quote(quote)
    }

    /// `"…"` or `#"…"#`, after the `r`.
    fn raw_text(&mut self) -> Result<String, TreeError> {
        let hashes = self.take_while(|c| c == '#').to_owned();
        self.take("\"");
        let end = format!("\"{hashes}");
        self.until(&end, ("a closing quote for the raw text", "原始文本的右引号")).map(str::to_owned)
    }

    fn members(&mut self, close: char, label: Label) -> Result<Vec<Member>, TreeError> {
        let opened = self.at.saturating_sub(1);
        let inside = |error: TreeError| TreeError { opened: error.opened.or(Some(opened)), ..error };
        let mut members = Vec::new();
        let start = self.at;
        loop {
            self.skip().map_err(inside)?;
            let end = self.at;
            if self.take(close.encode_utf8(&mut [0; 4])) {
                self.inner = Extent { start, end };
                return Ok(members);
            }
            if self.peek().is_none() {
                let (en, zh) = closing(close);
                return Err(inside(TreeError::new(self.at, en, zh)));
            }
            members.push(self.one_member(label).map_err(inside)?);
            let after = self.at;
            self.skip().map_err(inside)?;
            if !self.take(",") && self.peek() != Some(close) {
                let (en, zh) = comma_or(close);
                return Err(inside(TreeError::new(after, en, zh)));
            }
        }
    }

    fn one_member(&mut self, label: Label) -> Result<Member, TreeError> {
        let first = self.value()?;
        let is_field = matches!(first.kind, Kind::Word(_));
        let may_have = match label {
            Label::None => false,
            Label::Key => true,
            Label::Field => is_field,
        };
        if !may_have {
            return Ok(Member { label: None, value: first });
        }
        let after = self.at;
        self.skip()?;
        if self.take(":") {
            self.skip()?;
            return Ok(Member { label: Some(first), value: self.value()? });
        }
        // A word alone is a tuple's item; a word before anything else lacks its colon.
        if matches!(label, Label::Field) && matches!(self.peek(), None | Some(',' | ')' | ']' | '}')) {
            self.at = after;
            return Ok(Member { label: None, value: first });
        }
        Err(TreeError::new(after, "`:` after the name", "名称后的 `:`"))
    }
}

/// What may stand before a container's values.
#[derive(Clone, Copy)]
enum Label {
    None,
    Key,
    Field,
}

fn closing(close: char) -> (&'static str, &'static str) {
    match close {
        ']' => ("`]`", " `]`"),
        '}' => ("`}`", " `}`"),
        _ => ("`)`", " `)`"),
    }
}

fn comma_or(close: char) -> (&'static str, &'static str) {
    match close {
        ']' => ("`,` or `]`", " `,` 或 `]`"),
        '}' => ("`,` or `}`", " `,` 或 `}`"),
        _ => ("`,` or `)`", " `,` 或 `)`"),
    }
}

/// What the `ron` crate takes for white space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0B' | '\x0C' | '\u{85}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_text_has_its_place() {
        let text =
            "#![enable(implicit_some)]\n// top\n( format: 1, /* a /* nested */ one */ \"k\\n\": Money(r#\"x\"#, [-1.5e3, 'q']), )";
        assert!(parse(text).is_err(), "a field's name is no text");
        let text = text.replace("\"k\\n\":", "r#type :");
        let node = parse(&text).unwrap();
        let member = node.member("type").unwrap();
        assert_eq!(&text[member.extent().start..member.extent().end], "r#type : Money(r#\"x\"#, [-1.5e3, 'q'])");
        let Kind::Parens(Some(name), inner) = &member.value.kind else { panic!() };
        assert_eq!((name.as_str(), inner[0].value.plain()), ("Money", Some("x")));
        assert_eq!(inner[1].value.members()[0].value.plain(), Some("-1.5e3"));
    }

    #[test]
    fn what_is_not_ron_is_refused_at_its_place() {
        for (text, at) in [
            ("", 0),
            ("(a: 1", 5),
            ("(a 1)", 2),
            ("{1 2}", 2),
            ("[1 2]", 2),
            ("\"abc", 0),
            ("/* x", 0),
            ("(a: ..)", 4),
            ("() x", 3),
        ] {
            assert_eq!(parse(text).map(|_| ()).map_err(|error| error.at), Err(at), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
