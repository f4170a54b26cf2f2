//! Classes of tokens for editors. Unlike [`lex`](super::lex), it goes on after a fault, so that a script being typed keeps its colours.

/// The words of the language that scripts may use.
const KEYWORDS: [&str; 17] = [
    "if", "else", "let", "const", "return", "fn", "for", "in", "while", "loop", "do", "until", "break", "continue", "switch",
    "true", "false",
];

/// What a token is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A word of the language.
    Keyword,
    /// What stands before a dot, or one of the constants every script has.
    Constant,
    /// A function.
    Function,
    /// A text in quotes.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// An operator or bracket.
    Symbol,
    /// Any other name.
    Name,
}

/// A token with its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub class: Class,
}

/// Splits a script into classes; white space is left out. Any text is taken.
#[must_use]
pub fn highlight(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, class) = first(rest);
        let length = length.max(1);
        if let Some(class) = class {
            let class = if class == Class::Name { name(rest, length, tokens.last(), text) } else { class };
            tokens.push(Token { start: at, end: at + length, class });
        }
        at += length;
    }
    tokens
}

/// How long the first token of a text is, in bytes, and what it looks like; none for white space.
fn first(rest: &str) -> (usize, Option<Class>) {
    let Some(start) = rest.chars().next() else { return (0, None) };
    let while_so = |so: fn(char) -> bool| rest.find(|c| !so(c)).unwrap_or(rest.len());
    match start {
        c if c.is_whitespace() => (while_so(char::is_whitespace), None),
        '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Some(Class::Comment)),
        '/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), Some(Class::Comment)),
        '"' => (literal(rest), Some(Class::Text)),
        c if c.is_ascii_digit() => (while_so(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.'), Some(Class::Number)),
        c if c.is_alphabetic() || c == '_' => (while_so(|c| c.is_alphanumeric() || c == '_'), Some(Class::Name)),
        c => (c.len_utf8(), Some(Class::Symbol)),
    }
}

/// The length of a text in quotes; one without an end stops at the line's.
fn literal(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return at,
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    rest.len()
}

/// What a name is, by what stands round it.
fn name(rest: &str, length: usize, before: Option<&Token>, text: &str) -> Class {
    let word = rest.get(..length).unwrap_or("");
    let after = rest.get(length..).unwrap_or("").trim_start();
    let follows_dot = before.is_some_and(|token| text.get(token.start..token.end) == Some("."));
    match after.chars().next() {
        _ if KEYWORDS.contains(&word) => Class::Keyword,
        Some('(') => Class::Function,
        Some('.') if !follows_dot => Class::Constant,
        _ => Class::Name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_their_classes() {
        let text = "// 名\nif customer.age >= 18 { refer(\"A\\\"B\") }";
        let found: Vec<_> = highlight(text).into_iter().map(|token| (&text[token.start..token.end], token.class)).collect();
        let expect = [
            ("// 名", Class::Comment),
            ("if", Class::Keyword),
            ("customer", Class::Constant),
            (".", Class::Symbol),
            ("age", Class::Name),
            (">", Class::Symbol),
            ("=", Class::Symbol),
            ("18", Class::Number),
            ("{", Class::Symbol),
            ("refer", Class::Function),
            ("(", Class::Symbol),
            ("\"A\\\"B\"", Class::Text),
            (")", Class::Symbol),
            ("}", Class::Symbol),
        ];
        assert_eq!(found, expect);
    }

    #[test]
    fn a_script_with_faults_keeps_its_colours() {
        for text in ["\"open", "/* open", "“x”（", "1.e", "'a' `b` \\", "\u{3000}"] {
            let tokens = highlight(text);
            assert!(tokens.iter().all(|token| text.get(token.start..token.end).is_some()), "{text}");
            assert!(tokens.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text}");
        }
        let text = "x == \"abc\nif y";
        assert_eq!(highlight(text).last().map(|token| &text[token.start..token.end]), Some("y"));
    }
}
