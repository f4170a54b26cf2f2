//! The tokens of any text, right or not, for colours on a screen: the lexer's own, with comments, going on after what it refuses.

use std::ops::Range;

use super::lex::{Lexer, MAX_LINES, TokenKind};
use super::placed::KEYWORDS;
use crate::text::SourceId;

/// What a token is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A word of the language.
    Keyword,
    /// A name that is called.
    Call,
    /// Any other name.
    Name,
    /// A text in double quotes.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// A bracket.
    Bracket,
    /// Any other symbol.
    Operator,
    /// What is no part of the language.
    Wrong,
}

/// A part of a text with its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub class: Class,
}

/// The largest text that is coloured, in bytes: no longer one can be a script.
pub const LONGEST: usize = 256 * 1024;

/// Splits a text into its tokens, in order and without overlap; white space is between them. Nothing for a text that is too long.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if text.len() <= LONGEST {
        read(text, 0, &mut pieces, |_| false);
    }
    pieces
}

/// Reads on from a byte where a token may begin, until the text ends or a token begins where it is to stop; that byte.
fn read(text: &str, from: usize, pieces: &mut Vec<Piece>, mut stops: impl FnMut(usize) -> bool) -> usize {
    let mut lexer = Lexer::starting(SourceId::default(), text, from);
    loop {
        let (from, known) = (lexer.at(), lexer.tokens().len());
        if stops(from) {
            return from;
        }
        let went_on = lexer.step();
        let to = lexer.at();
        match (went_on, lexer.tokens().get(known)) {
            (Ok(false), _) => return text.len(),
            (Ok(true), Some(token)) => {
                let class = class(text, token.kind, token.start..token.end);
                mark_call(text, pieces, token.start..token.end);
                pieces.push(Piece { range: token.start..token.end, class });
            }
            (Ok(true), None) => pieces.extend(comment(text, from, to)),
            (Err(_), _) if to > from => pieces.push(Piece { range: from..to, class: wrong(text, from) }),
            // It stopped where it began: what is left is too long to be placed.
            (Err(_), _) => {
                pieces.push(Piece { range: from..text.len(), class: Class::Wrong });
                return text.len();
            }
        }
    }
}

/// The pieces of a text that is being edited: an edit is read again from the start of its line until all is as before.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    text: String,
    all: Vec<Piece>,
}

impl Pieces {
    /// Those of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), all: pieces(text) }
    }

    /// The text that is still to be read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its pieces, as [`pieces`] gives them.
    #[must_use]
    pub fn all(&self) -> &[Piece] {
        &self.all
    }

    /// Goes on to another text. Outside the bytes it gives, every line is what it was, counted from the start or from the end.
    pub fn follow(&mut self, text: &str) -> Range<usize> {
        let (old, new) = (self.text.len(), text.len());
        let edited = edited(&self.text, text);
        let is_long = (old > LONGEST, new > LONGEST);
        if is_long.0 || is_long.1 || is_high(&self.text) || is_high(text) {
            self.all = pieces(text);
            text.clone_into(&mut self.text);
            // Without any pieces lines differ by their text alone.
            return if is_long == (true, true) { edited.line..edited.after.unwrap_or(new) } else { 0..new };
        }
        let EditedText { line, after } = edited;
        // A name is a call by what follows it, so the piece before the line is read again too.
        let first = self.all.partition_point(|piece| piece.range.end <= line).saturating_sub(1);
        let from = if first == 0 { 0 } else { self.all.get(first).map_or(0, |piece| piece.range.start) };
        let tail = self.all.split_off(first);
        let mut next = 0;
        let to = read(text, from, &mut self.all, |at| {
            if after.is_none_or(|after| at < after) {
                return false;
            }
            let begins = |piece: &Piece| piece.range.start + new;
            next += tail.get(next..).unwrap_or_default().iter().take_while(|piece| begins(piece) < at + old).count();
            tail.get(next).is_some_and(|piece| begins(piece) == at + old)
        });
        if to < new {
            let moved = |byte: usize| byte + new - old;
            let same = tail.into_iter().skip(next);
            let mut same = same.map(|piece| Piece { range: moved(piece.range.start)..moved(piece.range.end), ..piece }).peekable();
            if let Some(piece) = same.peek() {
                mark_call(text, &mut self.all, piece.range.clone());
            }
            self.all.extend(same);
        }
        text.clone_into(&mut self.text);
        from..to
    }
}

/// Which lines of a text an edit touched.
struct EditedText {
    /// Where the first one begins, in both texts.
    line: usize,
    /// Where the line after the last one begins, in the new text.
    after: Option<usize>,
}

fn edited(old: &str, new: &str) -> EditedText {
    let alike = |(one, other): &(u8, u8)| one == other;
    let front = old.bytes().zip(new.bytes()).take_while(alike).count();
    let most = old.len().min(new.len()) - front;
    let back = old.bytes().rev().zip(new.bytes().rev()).take(most).take_while(alike).count();
    let is_break = |byte: &u8| *byte == b'\n';
    let before = new.as_bytes().get(..front).and_then(|before| before.iter().rposition(is_break));
    let rest = new.len() - back;
    let after = new.as_bytes().get(rest..).and_then(|after| after.iter().position(is_break));
    EditedText { line: before.map_or(0, |at| at + 1), after: after.map(|at| rest + at + 1) }
}

/// Whether a text has more lines than can be placed.
fn is_high(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'\n').count() >= MAX_LINES
}

fn comment(text: &str, from: usize, to: usize) -> Option<Piece> {
    let held = text.get(from..to)?;
    held.starts_with('/').then_some(Piece { range: from..to, class: Class::Comment })
}

/// A text or comment without its end is still one to the eye.
fn wrong(text: &str, from: usize) -> Class {
    match text.get(from..).and_then(|rest| rest.chars().next()) {
        Some('"') => Class::Text,
        Some('/') => Class::Comment,
        _ => Class::Wrong,
    }
}

fn class(text: &str, kind: TokenKind, range: Range<usize>) -> Class {
    match kind {
        TokenKind::Word if text.get(range).is_some_and(|word| KEYWORDS.contains(&word)) => Class::Keyword,
        TokenKind::Word => Class::Name,
        TokenKind::Number => Class::Number,
        TokenKind::Text => Class::Text,
        TokenKind::Open | TokenKind::Close => Class::Bracket,
        TokenKind::Symbol => Class::Operator,
    }
}

/// A name before `(` is called.
fn mark_call(text: &str, pieces: &mut [Piece], next: Range<usize>) {
    if text.get(next) == Some("(")
        && let Some(last) = pieces.last_mut().filter(|last| last.class == Class::Name)
    {
        last.class = Class::Call;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, Class)> {
        pieces(text).into_iter().map(|piece| (&text[piece.range.clone()], piece.class)).collect()
    }

    #[test]
    fn every_part_of_a_script_has_its_class() {
        let text = "// 名\nif customer.age >= 16 { decline(\"UNDER_AGE\") } /* x */";
        let wanted = [
            ("// 名", Class::Comment),
            ("if", Class::Keyword),
            ("customer", Class::Name),
            (".", Class::Operator),
            ("age", Class::Name),
            (">=", Class::Operator),
            ("16", Class::Number),
            ("{", Class::Bracket),
            ("decline", Class::Call),
            ("(", Class::Bracket),
            ("\"UNDER_AGE\"", Class::Text),
            (")", Class::Bracket),
            ("}", Class::Bracket),
            ("/* x */", Class::Comment),
        ];
        assert_eq!(shown(text), wanted);
    }

    #[test]
    fn a_text_that_is_no_script_is_coloured_to_its_end() {
        assert_eq!(
            shown("a “b\" c\nd"),
            [("a", Class::Name), ("“", Class::Wrong), ("b", Class::Name), ("\" c", Class::Text), ("d", Class::Name)]
        );
        assert_eq!(shown("a /* b"), [("a", Class::Name), ("/* b", Class::Comment)]);
        assert!(pieces(&"x".repeat(LONGEST + 1)).is_empty());
    }

    /// Texts in which one character changes what many others are.
    const EDITED: &str = "[a(.\"'/*\n1 !名\\\\]{0,40}";

    /// The pieces from a byte on, counted from the end.
    fn after(followed: &Pieces, byte: usize) -> Vec<(usize, usize, Class)> {
        let length = followed.text.len();
        let pieces = followed.all.iter().filter(|piece| piece.range.start >= byte);
        pieces.map(|piece| (length - piece.range.start, length - piece.range.end, piece.class)).collect()
    }

    #[test]
    fn a_text_too_long_for_colours_is_followed_line_by_line() {
        let long = |inner: &str| format!("{}\n{inner}\n{}", "x".repeat(LONGEST), "y".repeat(9));
        let mut followed = Pieces::of(&long("a"));
        let changed = followed.follow(&long("ab"));
        assert_eq!((&followed.text()[changed], followed.all().len()), ("ab\n", 0));
        assert_eq!(followed.follow("a"), 0..1);
        assert_eq!(followed.all().len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn an_edited_text_has_the_pieces_it_would_have_anew(texts in proptest::collection::vec(EDITED, 2..5), cut in 0..60_usize) {
            let mut followed = Pieces::default();
            for (at, text) in texts.iter().enumerate() {
                // Every second text is put into the one before.
                let before = followed.clone();
                let cut = before.text.char_indices().map(|(at, _)| at).nth(cut).filter(|_| at % 2 == 1);
                let text = cut.map_or_else(|| text.clone(), |cut| format!("{}{text}{}", &before.text[..cut], &before.text[cut..]));
                let changed = followed.follow(&text);
                proptest::prop_assert_eq!(followed.all(), pieces(&text));
                proptest::prop_assert_eq!(&before.text[..changed.start], &text[..changed.start]);
                let was = before.text.len() + changed.end - text.len();
                proptest::prop_assert_eq!(&before.text[was..], &text[changed.end..]);
                proptest::prop_assert_eq!(after(&before, was), after(&followed, changed.end));
            }
        }

        #[test]
        fn pieces_never_overlap_and_never_lie_outside(text in "[a-z(){}\"'/* \n名“.0-9]{0,60}") {
            let mut end = 0;
            for piece in pieces(&text) {
                proptest::prop_assert!(piece.range.start >= end && piece.range.end > piece.range.start);
                proptest::prop_assert!(text.get(piece.range.clone()).is_some());
                end = piece.range.end;
            }
        }
    }
}
