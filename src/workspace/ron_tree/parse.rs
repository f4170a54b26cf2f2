//! The parser of [`RonNode`]s: one pass, no look-back, a bounded depth.

use super::scan::Scanner;
use super::text::unescape;
use super::{ByteRange, NodeKind, RonMember, RonNode};

/// Deeper nesting is refused: as deep as the `ron` crate itself goes.
const DEEPEST: usize = 128;

/// Why a text has no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TreeError {
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
    pub(super) fn new(at: usize, wanted: (&'static str, &'static str)) -> Self {
        Self { at, wanted, opened: None, long_text: None }
    }
}

/// Reads a whole RON text.
///
/// # Errors
/// The first place that is not RON.
pub(crate) fn parse(text: &str) -> Result<RonNode, TreeError> {
    let scan = Scanner { text, at: 0 };
    let mut parser = Parser { scan, depth: 0, inner: ByteRange::default(), long_text: None };
    parser.whole().map_err(|error| TreeError { long_text: parser.long_text, ..error })
}

struct Parser<'a> {
    scan: Scanner<'a>,
    depth: usize,
    /// Between the brackets of the container read last.
    inner: ByteRange,
    /// The first text in quotes that runs over several lines.
    long_text: Option<usize>,
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<RonNode, TreeError> {
        self.scan.skip()?;
        while self.scan.take("#!") {
            self.scan.until("]", ("`]` to end the attribute", "用 `]` 结束属性"))?;
            self.scan.skip()?;
        }
        let node = self.value()?;
        self.scan.skip()?;
        if self.scan.rest().is_empty() { Ok(node) } else { Err(self.wanted("the end of the file", "文件结尾")) }
    }

    fn wanted(&self, en: &'static str, zh: &'static str) -> TreeError {
        TreeError::new(self.scan.at, (en, zh))
    }

    fn value(&mut self) -> Result<RonNode, TreeError> {
        let start = self.scan.at;
        if self.depth >= DEEPEST {
            return Err(self.wanted("fewer brackets inside one another", "更少的括号嵌套"));
        }
        self.depth += 1;
        self.inner = ByteRange::default();
        let kind = self.kind()?;
        self.depth -= 1;
        Ok(RonNode { extent: ByteRange { start, end: self.scan.at }, inner: std::mem::take(&mut self.inner), kind })
    }

    fn kind(&mut self) -> Result<NodeKind, TreeError> {
        if self.scan.take("[") {
            return self.members(']', LabelKind::None).map(NodeKind::List);
        }
        if self.scan.take("{") {
            return self.members('}', LabelKind::Key).map(NodeKind::Map);
        }
        if self.scan.take("(") {
            return self.members(')', LabelKind::Field).map(|members| NodeKind::Parens(None, members));
        }
        if self.scan.take("\"") {
            return self.quoted().map(NodeKind::Text);
        }
        if self.scan.take("b\"") {
            return self.past_quote('"').map(|()| NodeKind::Raw);
        }
        if self.scan.take("b'") || self.scan.take("'") {
            return self.past_quote('\'').map(|()| NodeKind::Raw);
        }
        if let Some(text) = self.raw_text("r")? {
            return Ok(NodeKind::Text(text));
        }
        if self.raw_text("br")?.is_some() {
            return Ok(NodeKind::Raw);
        }
        match self.scan.peek() {
            Some(c) if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => self.number(),
            Some(c) if c == '_' || c.is_alphabetic() => self.word(),
            _ => Err(self.wanted("a value", "一个值")),
        }
    }

    fn number(&mut self) -> Result<NodeKind, TreeError> {
        let start = self.scan.at;
        let number = self.scan.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
        if number.contains("..") {
            return Err(TreeError::new(start, ("a number", "一个数字")));
        }
        Ok(NodeKind::Number(number.to_owned()))
    }

    fn identifier(&mut self) -> String {
        if self.scan.take("r#") {
            return self.scan.take_while(|c| is_word(c) || matches!(c, '.' | '+' | '-')).to_owned();
        }
        self.scan.take_while(is_word).to_owned()
    }

    fn word(&mut self) -> Result<NodeKind, TreeError> {
        let name = self.identifier();
        let after_name = self.scan.at;
        self.scan.skip()?;
        if self.scan.take("(") {
            return self.members(')', LabelKind::Field).map(|members| NodeKind::Parens(Some(name), members));
        }
        self.scan.at = after_name;
        Ok(NodeKind::Word(name))
    }

    fn quoted(&mut self) -> Result<String, TreeError> {
        let start = self.scan.at;
        self.past_quote('"')?;
        let inner = self.scan.text.get(start..self.scan.at.saturating_sub(1)).unwrap_or("");
        if inner.contains('\n') && self.long_text.is_none() {
            self.long_text = Some(start - 1);
        }
        unescape(inner).map_err(|at| {
            let wanted = ("an escape such as `\\n`, `\\\"` or `\\u{4e2d}`", " `\\n`、`\\\"`、`\\u{4e2d}` 之类的转义");
            TreeError::new(start + at, wanted)
        })
    }

    /// Moves past the closing quote, over escaped ones.
    fn past_quote(&mut self, quote: char) -> Result<(), TreeError> {
        let open = self.scan.at.saturating_sub(1);
        loop {
            self.scan.take_while(|c| c != quote && c != '\\');
            match self.scan.peek() {
                Some('\\') => {
                    self.scan.at += 1;
                    self.scan.at += self.scan.peek().map_or(0, char::len_utf8);
                }
                Some(_) => {
                    self.scan.at += 1;
                    return Ok(());
                }
                None => {
                    return Err(TreeError::new(open, ("a closing quote for the one here", "与此处对应的右引号")));
                }
            }
        }
    }

    /// `"…"` or `#"…"#` after a prefix, if it is here.
    fn raw_text(&mut self, prefix: &str) -> Result<Option<String>, TreeError> {
        let after = self.scan.rest().strip_prefix(prefix).unwrap_or_default();
        let hashes = after.len() - after.trim_start_matches('#').len();
        if !after.get(hashes..).is_some_and(|rest| rest.starts_with('"')) {
            return Ok(None);
        }
        self.scan.at += prefix.len() + hashes + 1;
        let end = format!("\"{}", "#".repeat(hashes));
        self.scan.until(&end, ("a closing quote for the raw text", "原始文本的右引号")).map(|text| Some(text.to_owned()))
    }

    fn members(&mut self, close: char, label: LabelKind) -> Result<Vec<RonMember>, TreeError> {
        let opened = self.scan.at.saturating_sub(1);
        let inside = |error: TreeError| TreeError { opened: error.opened.or(Some(opened)), ..error };
        let mut members = Vec::new();
        let start = self.scan.at;
        loop {
            self.scan.skip().map_err(inside)?;
            let end = self.scan.at;
            if self.scan.take(close.encode_utf8(&mut [0; 4])) {
                self.inner = ByteRange { start, end };
                return Ok(members);
            }
            if self.scan.peek().is_none() {
                return Err(inside(TreeError::new(self.scan.at, closing(close))));
            }
            members.push(self.one_member(label).map_err(inside)?);
            let after = self.scan.at;
            self.scan.skip().map_err(inside)?;
            if !self.scan.take(",") && self.scan.peek() != Some(close) {
                return Err(inside(TreeError::new(after, comma_or(close))));
            }
        }
    }

    fn one_member(&mut self, label: LabelKind) -> Result<RonMember, TreeError> {
        let first = self.value()?;
        let is_field = matches!(first.kind, NodeKind::Word(_));
        let may_have = match label {
            LabelKind::None => false,
            LabelKind::Key => true,
            LabelKind::Field => is_field,
        };
        if !may_have {
            return Ok(RonMember { label: None, value: first });
        }
        let after = self.scan.at;
        self.scan.skip()?;
        if self.scan.take(":") {
            self.scan.skip()?;
            return Ok(RonMember { label: Some(first), value: self.value()? });
        }
        // A word alone is a tuple's item; a word before anything else lacks its colon.
        if matches!(label, LabelKind::Field) && matches!(self.scan.peek(), None | Some(',' | ')' | ']' | '}')) {
            self.scan.at = after;
            return Ok(RonMember { label: None, value: first });
        }
        Err(TreeError::new(after, ("`:` after the name", "名称后的 `:`")))
    }
}

/// What may precede a container's values.
#[derive(Clone, Copy)]
enum LabelKind {
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
        let NodeKind::Parens(Some(name), inner) = &member.value.kind else { panic!() };
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
