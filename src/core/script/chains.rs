//! Long chains of `if … else if …`, which the interpreter would nest as deep as they are long: it gets them as a `switch true` instead,
//! whose arms it tries one after the other, and which means the same.
//!
//! Only the text the interpreter reads is another one. Every token of the script keeps its own bytes, and has its position in that
//! text, so that the interpreter's places are found again.

use super::lex::{TokenKind, lex_any};
use super::placed::{KEYWORDS, PlacedTokens};

/// A chain with at most so many conditions is left as it is.
const SHORT: usize = 8;

/// A text for the interpreter.
#[derive(Clone, Debug)]
pub(super) struct Flat {
    /// The text.
    pub text: String,
    /// Line and column in it of every token of the script, in order.
    pub places: Vec<(u16, u16)>,
}

/// What replaces a token: words before it, the word it becomes, words after it.
#[derive(Clone, Copy, Default)]
struct ChainEdit {
    before: &'static [&'static str],
    becomes: Option<&'static str>,
    after: &'static [&'static str],
    starts_line: bool,
}

/// The text with every long chain flattened; none where there is no such chain.
pub(super) fn flatten(placed: &PlacedTokens) -> Option<Flat> {
    let mut edits = vec![ChainEdit::default(); placed.len()];
    let mut found = false;
    let heads = (0..placed.len()).filter(|at| placed.word(*at) == "if" && !matches!(placed.before(*at), "else" | "." | "?."));
    for head in heads {
        if let Some(chain) = Chain::read(placed, head).filter(|chain| chain.arms.len() > SHORT) {
            found |= chain.edit(&mut edits).is_some();
        }
    }
    if found { write(placed, &edits) } else { None }
}

/// A chain, by its tokens.
struct Chain {
    /// For each condition, its `if` and the bracket its statements begin with.
    arms: Vec<(usize, usize)>,
    /// The bracket that begins the statements for all else.
    otherwise: Option<usize>,
    /// The last bracket.
    end: usize,
}

impl Chain {
    fn read(placed: &PlacedTokens, head: usize) -> Option<Self> {
        let mut arms = Vec::new();
        let mut at = head;
        loop {
            let open = statements_after(placed, at + 1)?;
            arms.push((at, open));
            let end = placed.close(open);
            match (placed.word(end + 1), placed.word(end + 2)) {
                ("else", "if") => at = end + 2,
                ("else", "{") => return Some(Self { arms, otherwise: Some(end + 2), end: placed.close(end + 2) }),
                ("else", _) => return None,
                _ => return Some(Self { arms, otherwise: None, end }),
            }
        }
    }

    fn edit(&self, edits: &mut [ChainEdit]) -> Option<()> {
        for (nth, (word, open)) in self.arms.iter().enumerate() {
            if nth == 0 {
                let edit = edits.get_mut(*word)?;
                (edit.becomes, edit.after) = (Some("switch"), &["true", "{", "true", "if"]);
            } else {
                edits.get_mut(word.checked_sub(1)?)?.becomes = Some(",");
                let edit = edits.get_mut(*word)?;
                (edit.before, edit.starts_line) = (&["true"], true);
            }
            edits.get_mut(*open)?.before = &["=>"];
        }
        if let Some(open) = self.otherwise {
            edits.get_mut(open.checked_sub(1)?)?.becomes = Some(",");
            let edit = edits.get_mut(open)?;
            (edit.before, edit.starts_line) = (&["_", "=>"], true);
        }
        edits.get_mut(self.end)?.after = &["}"];
        Some(())
    }
}

/// The bracket after a condition; none where the condition holds brackets of its own kind that could be taken for it.
fn statements_after(placed: &PlacedTokens, from: usize) -> Option<usize> {
    let mut at = from;
    while at < placed.len() {
        match placed.word(at) {
            "{" => {
                let ends_value = match placed.kind(at.checked_sub(1)?)? {
                    TokenKind::Word => !KEYWORDS.contains(&placed.before(at)) || matches!(placed.before(at), "true" | "false"),
                    TokenKind::Number | TokenKind::Text | TokenKind::Close => true,
                    TokenKind::Open | TokenKind::Symbol => false,
                };
                return (at > from && ends_value).then_some(at);
            }
            ";" | "}" | ")" | "]" | "=>" | "if" | "else" | "switch" | "while" | "until" | "loop" | "do" | "for" | "let"
            | "const" | "return" => return None,
            "(" | "[" | "#{" => at = placed.close(at) + 1,
            _ => at += 1,
        }
    }
    None
}

fn write(script: &PlacedTokens, edits: &[ChainEdit]) -> Option<Flat> {
    let mut text = String::with_capacity(script.text.len() * 2);
    // For each token written, whether it is one of the script.
    let mut own = Vec::new();
    let mut end = 0;
    for (at, edit) in edits.iter().enumerate() {
        let span = script.token_span(at).range();
        text.push_str(script.text.get(end..span.start)?);
        end = span.end;
        if edit.starts_line {
            text.push('\n');
        }
        for word in edit.before {
            text.push_str(word);
            text.push(' ');
            own.push(false);
        }
        text.push_str(edit.becomes.unwrap_or_else(|| script.word(at)));
        own.push(true);
        for word in edit.after {
            text.push(' ');
            text.push_str(word);
            own.push(false);
        }
        if !edit.after.is_empty() {
            text.push(' ');
        }
    }
    text.push_str(script.text.get(end..)?);
    let tokens = lex_any(script.source, &text).ok().filter(|tokens| tokens.len() == own.len())?;
    let own_tokens = tokens.iter().zip(own).filter(|(_, own)| *own);
    let places = own_tokens.map(|(token, _)| token.place).collect();
    Some(Flat { text, places })
}
