//! A script's text with its tokens: turns the interpreter's positions into bytes.

use rhai::Position;

use super::lex::{ScriptToken, TokenKind, lex};
use crate::diagnostic::Finding;
use crate::text::{LineColumn, SourceId, Span};

/// Words that may precede a bracket without calling anything.
pub(super) const KEYWORDS: [&str; 20] = [
    "if", "else", "while", "until", "loop", "do", "for", "in", "return", "switch", "throw", "break", "let", "const", "try",
    "catch", "continue", "true", "false", "fn",
];

/// First and last token of a part of a script, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TokenRange {
    pub first: usize,
    pub last: usize,
}

impl TokenRange {
    /// The smallest extent around both.
    pub(super) fn to(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// A script and where its tokens lie.
#[derive(Clone, Debug)]
pub(super) struct PlacedTokens {
    pub source: SourceId,
    pub text: std::sync::Arc<str>,
    /// The places of the tokens are those in the text that the interpreter reads.
    tokens: Vec<ScriptToken>,
    /// What the interpreter reads in place of the text.
    flat: Option<std::sync::Arc<str>>,
    /// For each bracket, the token that closes or opens it.
    partners: Vec<Option<usize>>,
}

impl PlacedTokens {
    /// Splits a script into tokens.
    ///
    /// # Errors
    /// See [`lex`]; also when brackets do not pair up or are nested too deeply.
    pub(super) fn new(source: SourceId, text: std::sync::Arc<str>) -> Result<Self, Box<Finding>> {
        let tokens = lex(source, &text)?;
        let mut placed = Self { source, text, flat: None, partners: vec![None; tokens.len()], tokens };
        placed.pair()?;
        if let Some(flat) = super::chains::flatten(&placed) {
            for (token, place) in placed.tokens.iter_mut().zip(flat.places) {
                token.place = place;
            }
            placed.flat = Some(flat.text.into());
        }
        Ok(placed)
    }

    /// The text for the interpreter.
    pub(super) fn code(&self) -> &str {
        self.flat.as_ref().unwrap_or(&self.text)
    }

    /// A place of the interpreter as one in the script.
    pub(super) fn moved_back(&self, place: LineColumn) -> LineColumn {
        if self.flat.is_none() {
            return place;
        }
        let count = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
        let wanted = (count(place.line), count(place.column));
        let at = self.tokens.partition_point(|token| token.place <= wanted).saturating_sub(1);
        crate::text::Source::new("", std::sync::Arc::clone(&self.text)).line_column(self.token_span(at).start)
    }

    fn pair(&mut self) -> Result<(), Box<Finding>> {
        let mut open: Vec<usize> = Vec::new();
        for at in 0..self.tokens.len() {
            match self.kind(at) {
                Some(TokenKind::Open) => open.push(at),
                Some(TokenKind::Close) => {
                    let fits = open.last().is_some_and(|from| closes(self.word(*from), self.word(at)));
                    let Some(from) = open.pop().filter(|_| fits) else { return Err(Box::new(super::syntax::unpaired(self, at))) };
                    self.set_partner(from, at);
                    self.set_partner(at, from);
                }
                _ => {}
            }
        }
        match open.last() {
            Some(at) => Err(Box::new(super::syntax::unpaired(self, *at))),
            None => Ok(()),
        }
    }

    fn set_partner(&mut self, at: usize, other: usize) {
        if let Some(place) = self.partners.get_mut(at) {
            *place = Some(other);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// A token as written; empty past the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|token| self.text.get(token.start..token.end)).unwrap_or("")
    }

    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.word(at))
    }

    /// The token at or right before a position of the interpreter; none for "no position".
    pub(super) fn at(&self, position: Position) -> Option<usize> {
        let line = u16::try_from(position.line()?).ok()?;
        let column = u16::try_from(position.position().unwrap_or(0)).ok()?;
        self.tokens.partition_point(|token| token.place <= (line, column)).checked_sub(1)
    }

    /// The closing token of a bracket, or the token itself.
    pub(super) fn close(&self, at: usize) -> usize {
        self.partners.get(at).copied().flatten().filter(|other| *other > at).unwrap_or(at)
    }

    /// The bytes from the first to the last token.
    pub(super) fn span(&self, extent: TokenRange) -> Span {
        let start = self.tokens.get(extent.first).map_or(self.text.len(), |token| token.start);
        let end = self.tokens.get(extent.last).map_or(self.text.len(), |token| token.end);
        Span::new(self.source, start, end.max(start))
    }

    /// The bytes of one token.
    pub(super) fn token_span(&self, at: usize) -> Span {
        self.span(TokenRange { first: at, last: at })
    }

    /// The text of an extent.
    pub(super) fn written(&self, extent: TokenRange) -> &str {
        self.text.get(self.span(extent).range()).unwrap_or("")
    }

    /// With the brackets that only group.
    pub(super) fn grouped(&self, extent: TokenRange) -> TokenRange {
        let mut extent = extent;
        while let Some(before) = extent.first.checked_sub(1) {
            let paired = self.word(before) == "(" && self.partners.get(before).copied().flatten() == Some(extent.last + 1);
            if !paired || self.calls(before) {
                return extent;
            }
            extent = TokenRange { first: before, last: extent.last + 1 };
        }
        extent
    }

    /// With the other half of every bracket inside: the interpreter flattens `a && (b && c)` and forgets the brackets.
    pub(super) fn balanced(&self, extent: TokenRange) -> TokenRange {
        let mut balanced = extent;
        let mut at = extent.first;
        while at <= balanced.last {
            if let Some(other) = self.partners.get(at).copied().flatten() {
                balanced = balanced.to(TokenRange { first: other, last: other });
            }
            at += 1;
        }
        balanced
    }

    /// Whether the bracket at `at` holds the arguments of a call.
    fn calls(&self, at: usize) -> bool {
        let before = self.before(at);
        let word = at.checked_sub(1).and_then(|at| self.kind(at)) == Some(TokenKind::Word);
        word && !KEYWORDS.contains(&before)
    }
}

fn closes(open: &str, close: &str) -> bool {
    matches!((open, close), ("(", ")") | ("[", "]") | ("{" | "#{", "}"))
}
