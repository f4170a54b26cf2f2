//! The tokens of any text, right or not, for colours on a screen: the lexer's own, with comments, going on after what it refuses.

use std::ops::Range;

use super::lex::{Lexer, TokenKind};
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
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut lexer = Lexer::new(SourceId::default(), text);
    let mut pieces: Vec<Piece> = Vec::new();
    loop {
        let (from, known) = (lexer.at(), lexer.tokens().len());
        let went_on = lexer.step();
        let to = lexer.at();
        match (went_on, lexer.tokens().get(known)) {
            (Ok(false), _) => break,
            (Ok(true), Some(token)) => {
                let class = class(text, token.kind, token.start..token.end);
                mark_call(text, &mut pieces, token.start..token.end);
                pieces.push(Piece { range: token.start..token.end, class });
            }
            (Ok(true), None) => pieces.extend(comment(text, from, to)),
            (Err(_), _) if to > from => pieces.push(Piece { range: from..to, class: wrong(text, from) }),
            // It stopped where it began: what is left is too long to be placed.
            (Err(_), _) => {
                pieces.push(Piece { range: from..text.len(), class: Class::Wrong });
                break;
            }
        }
    }
    pieces
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

    proptest::proptest! {
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
