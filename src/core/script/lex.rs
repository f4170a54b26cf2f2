//! The tokens of a script with their bytes. The interpreter knows only a line and a column for each part; this gives them their bytes
//! back, and refuses texts that the interpreter would read in a surprising way.
//!
//! What it refuses beyond the interpreter: texts not in double quotes, a comment without an end (which swallows the rest of a rule
//! there), characters that are no part of the language, and scripts too large to be placed exactly.

use crate::diagnostic::Finding;
use crate::diagnostic::FindingKind;
use crate::script::kinds::{SCRIPT_TOO_LARGE, SYNTAX_ERROR};
use crate::text::{LocalText, SourceId, Span};

/// The longest script, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// The longest line, in characters.
const MAX_COLUMNS: u16 = 10_000;
/// The most lines.
pub(super) const MAX_LINES: usize = 60_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Word,
    /// A number without its sign.
    Number,
    /// A text in double quotes.
    Text,
    /// `(`, `[`, `{` or `#{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// Anything else.
    Symbol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScriptToken {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Line from 1 and column in characters from 1, as the interpreter counts.
    pub place: (u16, u16),
}

/// Symbols of more than one character, longest first.
const SYMBOLS: [&str; 38] = [
    "<<=", ">>=", "**=", "..=", "...", "===", "!==", "::<", "!in", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "?[", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", "**", "<<", ">>", "=>", "->", "<-", ":=", "::", "..", "++", "--", "|>",
];

/// Splits a script into tokens, comments left out.
///
/// # Errors
/// What the script may not hold, with its place.
pub(super) fn lex(source: SourceId, text: &str) -> Result<Vec<ScriptToken>, Box<Finding>> {
    if text.len() > MAX_BYTES {
        let message = LocalText::new(
            format!("the script is {} bytes long; at most {MAX_BYTES} are read", text.len()),
            format!("脚本长度为 {} 字节，最多允许 {MAX_BYTES} 字节", text.len()),
        );
        let help = LocalText::new("split it into several rules", "请拆分为多条规则");
        return Err(Box::new(Finding::new(SCRIPT_TOO_LARGE, Span::new(source, 0, 0), message).with_help(help)));
    }
    lex_any(source, text)
}

/// Splits a text of any length.
///
/// # Errors
/// See [`lex`].
pub(super) fn lex_any(source: SourceId, text: &str) -> Result<Vec<ScriptToken>, Box<Finding>> {
    let mut lexer = Lexer::new(source, text);
    while lexer.step()? {}
    Ok(lexer.tokens)
}

pub(super) struct Lexer<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
    line: u16,
    column: u16,
    tokens: Vec<ScriptToken>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: SourceId, text: &'a str) -> Self {
        Self { source, text, at: 0, line: 1, column: 1, tokens: Vec::new() }
    }

    /// Begins at a byte of the text where a token may begin.
    pub(super) fn starting(source: SourceId, text: &'a str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or("");
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |number: usize| u16::try_from(number + 1).unwrap_or(u16::MAX);
        let lines = count(before.matches('\n').count());
        let columns = count(before.get(line..).unwrap_or("").chars().count());
        Self { at: before.len(), line: lines, column: columns, ..Self::new(source, text) }
    }
}

impl Lexer<'_> {
    /// The position of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The tokens so far.
    pub(super) fn tokens(&self) -> &[ScriptToken] {
        &self.tokens
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes past one character.
    fn advance(&mut self) -> Result<Option<char>, Box<Finding>> {
        let Some(c) = self.peek() else { return Ok(None) };
        self.at += c.len_utf8();
        if c == '\n' {
            self.line += 1; // At most one line a byte, and a script has at most 64 KiB.
            self.column = 1;
        } else {
            self.column += 1;
        }
        let too_many_lines = usize::from(self.line) > MAX_LINES;
        if self.column > MAX_COLUMNS || too_many_lines {
            let message = LocalText::new(
                format!("a line longer than {MAX_COLUMNS} characters, or more than {MAX_LINES} lines, cannot be placed"),
                format!("单行超过 {MAX_COLUMNS} 个字符或总行数超过 {MAX_LINES}，无法定位"),
            );
            let help = LocalText::new("break the line", "请换行");
            return Err(Box::new(self.error(SCRIPT_TOO_LARGE, self.at, message).with_help(help)));
        }
        Ok(Some(c))
    }

    fn error(&self, kind: &'static FindingKind, start: usize, message: LocalText) -> Finding {
        Finding::new(kind, Span::new(self.source, start, self.at.max(start)), message)
    }

    /// Reads one token or skips white space or a comment; whether there was anything.
    pub(super) fn step(&mut self) -> Result<bool, Box<Finding>> {
        let Some(first) = self.peek() else { return Ok(false) };
        let (start, place) = (self.at, (self.line, self.column));
        let kind = match first {
            ' ' | '\t' | '\n' | '\r' => {
                self.advance()?;
                return Ok(true);
            }
            '/' if self.rest().starts_with("//") => {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.advance()?;
                }
                return Ok(true);
            }
            '/' if self.rest().starts_with("/*") => {
                self.block_comment()?;
                return Ok(true);
            }
            '"' => {
                self.text_literal()?;
                TokenKind::Text
            }
            '\'' | '`' => return Err(Box::new(self.wrong_quote(first)?)),
            c if c.is_ascii_digit() => {
                self.number()?;
                TokenKind::Number
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                    self.advance()?;
                }
                TokenKind::Word
            }
            c if c.is_ascii_graphic() => self.symbol(c)?,
            other => return Err(Box::new(self.strange(other)?)),
        };
        self.tokens.push(ScriptToken { kind, start, end: self.at, place });
        Ok(true)
    }

    fn block_comment(&mut self) -> Result<(), Box<Finding>> {
        let start = self.at;
        let mut depth = 0_u32;
        loop {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.advance()?;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.advance()?;
            }
            if self.advance()?.is_none() {
                let message = LocalText::new("a comment `/*` without its `*/`", "注释 `/*` 缺少对应的 `*/`");
                let help = LocalText::new("write `*/` where the comment ends", "请在注释结尾处写上 `*/`");
                return Err(Box::new(
                    Finding::new(SYNTAX_ERROR, Span::new(self.source, start, start + 2), message).with_help(help),
                ));
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn text_literal(&mut self) -> Result<(), Box<Finding>> {
        let start = self.at;
        self.advance()?;
        loop {
            match self.peek() {
                Some('"') => {
                    self.advance()?;
                    if self.peek() != Some('"') {
                        return Ok(());
                    }
                    self.advance()?;
                }
                Some('\\') => {
                    self.advance()?;
                    self.advance()?;
                }
                Some('\n') | None => {
                    let message = LocalText::new("a text without its closing `\"`", "文本缺少结尾的双引号 `\"`");
                    let help = LocalText::new("close the text on the line it began on", "请在同一行内结束文本");
                    return Err(Box::new(self.error(SYNTAX_ERROR, start, message).with_help(help)));
                }
                Some(_) => {
                    self.advance()?;
                }
            }
        }
    }

    fn number(&mut self) -> Result<(), Box<Finding>> {
        let digits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut last = '0';
        let based = self.rest().starts_with("0x") || self.rest().starts_with("0X");
        let mut period = false;
        while let Some(c) = self.peek() {
            let sign = matches!(c, '+' | '-') && matches!(last, 'e' | 'E') && !based;
            let point = c == '.' && !period && !based && self.point_belongs();
            if !(digits(c) || sign || point) {
                break;
            }
            period |= point;
            last = c;
            self.advance()?;
        }
        Ok(())
    }

    /// Whether a point is the number's own and not that of a range or of a call.
    fn point_belongs(&self) -> bool {
        let next = self.rest().chars().nth(1);
        !next.is_some_and(|c| c == '.' || c == '_' || c.is_ascii_alphabetic())
    }

    fn symbol(&mut self, first: char) -> Result<TokenKind, Box<Finding>> {
        let negated_in =
            |rest: &str| !rest.get(3..).is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'));
        let rest = self.rest();
        let known = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol) && (**symbol != "!in" || negated_in(rest)));
        let (length, kind) = match (first, known) {
            ('(' | '[' | '{', _) => (1, TokenKind::Open),
            (')' | ']' | '}', _) => (1, TokenKind::Close),
            ('#', _) if rest.starts_with("#{") => (2, TokenKind::Open),
            (_, Some(symbol)) => (symbol.len(), TokenKind::Symbol),
            _ => (1, TokenKind::Symbol),
        };
        for _ in 0..length {
            self.advance()?;
        }
        Ok(kind)
    }

    fn wrong_quote(&mut self, quote: char) -> Result<Finding, Box<Finding>> {
        let start = self.at;
        self.advance()?;
        let close = self.rest().find([quote, '\n']).unwrap_or(0);
        let inside = self.rest().get(..close).unwrap_or("").to_owned();
        let closed = self.rest().get(close..).is_some_and(|rest| rest.starts_with(quote));
        let message = LocalText::new(format!("a text in `{quote}`"), format!("文本使用了 `{quote}`"));
        let help = LocalText::new("write texts in double quotes: `\"SIGN\"`", "文本请使用双引号，例如 `\"SIGN\"`");
        if closed {
            self.at += close + 1;
        }
        let finding = self.error(SYNTAX_ERROR, start, message).with_help(help);
        let plain = closed && !inside.contains(['"', '\\', '$']);
        Ok(match finding.span {
            Some(span) if plain => finding.with_fix(span, format!("\"{inside}\"")),
            _ => finding,
        })
    }

    fn strange(&mut self, c: char) -> Result<Finding, Box<Finding>> {
        let start = self.at;
        self.advance()?;
        let code = u32::from(c);
        let shown = if c.is_control() || c == '\u{feff}' { format!("U+{code:04X}") } else { c.to_string() };
        let message = LocalText::new(
            format!("`{shown}` is no part of the language outside texts and comments"),
            format!("文本和注释之外不能使用 `{shown}`"),
        );
        let finding = self.error(SYNTAX_ERROR, start, message);
        let Some(plain) = plain_form(c) else {
            let help = LocalText::new(
                "names are of the letters a to z, digits and `_`; put other text in double quotes",
                "名称只能由英文字母、数字和 `_` 组成；其他文字请放在双引号中",
            );
            return Ok(finding.with_help(help));
        };
        let help = LocalText::new(format!("write the ASCII character `{plain}`"), format!("请改用半角字符 `{plain}`"));
        let span = Span::new(self.source, start, self.at);
        Ok(finding.with_help(help).with_fix(span, plain.to_string()))
    }
}

/// The ASCII form of punctuation as a Chinese or French keyboard types it.
fn plain_form(c: char) -> Option<char> {
    Some(match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' => '"',
        '。' => '.',
        '、' => ',',
        '—' | '–' | '−' => '-',
        '×' => '*',
        '÷' => '/',
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        lex(SourceId(0), text).unwrap().iter().map(|token| &text[token.start..token.end]).collect()
    }

    fn fault(text: &str) -> (String, String) {
        let finding = lex(SourceId(0), text).unwrap_err();
        let span = finding.span.unwrap();
        (finding.message.en.clone(), text[span.range()].to_owned())
    }

    #[test]
    fn tokens_have_their_bytes() {
        let text = "if a.b!=\"x\\\"\"\"y\" && 1..=20 !in c /* /* n */ */ // rest\n #{x:-1.5e-3,}?.z !inside 0x1F 1.e()";
        let expect = [
            "if",
            "a",
            ".",
            "b",
            "!=",
            "\"x\\\"\"\"y\"",
            "&&",
            "1",
            "..=",
            "20",
            "!in",
            "c",
            "#{",
            "x",
            ":",
            "-",
            "1.5e-3",
            ",",
            "}",
            "?.",
            "z",
            "!",
            "inside",
            "0x1F",
            "1",
            ".",
            "e",
            "(",
            ")",
        ];
        assert_eq!(words(text), expect);
    }

    #[test]
    fn places_count_characters() {
        let tokens = lex(SourceId(0), "\"名\" a\r\n\tb").unwrap();
        assert_eq!(tokens.iter().map(|token| token.place).collect::<Vec<_>>(), [(1, 1), (1, 5), (2, 2)]);
    }

    #[test]
    fn what_the_interpreter_would_read_oddly_is_refused() {
        let cases = [
            ("a /* b", "a comment `/*` without its `*/`", "/*"),
            ("x == \"abc\ny\"", "a text without its closing `\"`", "\"abc"),
            ("x == 'SIGN'", "a text in `'`", "'SIGN'"),
            ("`${x}`", "a text in ```", "`${x}`"),
            ("if a （b", "`（` is no part of the language outside texts and comments", "（"),
            ("\u{feff}a", "`U+FEFF` is no part of the language outside texts and comments", "\u{feff}"),
        ];
        for (text, message, under) in cases {
            assert_eq!(fault(text), (message.to_owned(), under.to_owned()), "{text}");
        }
    }

    #[test]
    fn full_width_punctuation_gets_a_fix() {
        let finding = lex(SourceId(0), "f（x").unwrap_err();
        assert_eq!(finding.fix.unwrap().replacement, "(");
    }

    #[test]
    fn what_cannot_be_placed_is_refused() {
        let long_line = "a ".repeat(6_000);
        let long = "a\n".repeat(40_000);
        let cases = [long_line, long];
        for text in cases {
            assert_eq!(lex(SourceId(0), &text).unwrap_err().kind, SCRIPT_TOO_LARGE);
        }
    }
}
