//! A script laid out evenly: one indentation, one way to put spaces. Lines stay where the author broke them; tokens and comments stay as
//! they are, so the script means what it meant.

use super::highlight::{Class, Piece, pieces};
use super::lex::lex;
use crate::text::SourceId;

/// One step of indentation.
const STEP: &str = "    ";
/// Symbols with a space on both sides in every position.
const APART: [&str; 26] = [
    "==", "!=", "<=", ">=", "&&", "??", "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "**=", "<<=", ">>=", "=>", "<", ">",
    "in", "!in", "===", "!==", "->",
];
/// Symbols that are between two values, or before one.
const EITHER: [&str; 10] = ["+", "-", "*", "/", "%", "**", "&", "^", "<<", ">>"];
/// Symbols that a line goes on with.
const GOES_ON: [&str; 24] = [
    "&&", "||", "??", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ".", "?.", "=",
    "=>",
];

/// The script laid out; none for a text whose tokens cannot be read.
#[must_use]
pub fn format(text: &str) -> Option<String> {
    lex(SourceId::default(), text).ok()?;
    let mut layout = FormatLayout::default();
    let all = pieces(text);
    let mut end = 0;
    for piece in &all {
        let (before, held) = (text.get(end..piece.range.start)?, text.get(piece.range.clone())?);
        layout.take(before, held, piece);
        end = piece.range.end;
    }
    let mut made = layout.made;
    if !made.is_empty() {
        made.push('\n');
    }
    // Whatever the rules above would overlook: a script never comes out as another one.
    (words(&made)? == words(text)?).then_some(made)
}

/// Tokens and comments as texts; the ends of comments' lines do not count.
fn words(text: &str) -> Option<Vec<&str>> {
    lex(SourceId::default(), text).ok()?;
    pieces(text).into_iter().map(|piece| text.get(piece.range).map(str::trim_end)).collect()
}

struct OpenBracket {
    /// Indentation of the line that closes it.
    outer: usize,
    /// Indentation of the lines inside.
    inner: usize,
}

/// What was laid out so far.
#[derive(Default)]
struct FormatLayout<'a> {
    made: String,
    open: Vec<OpenBracket>,
    /// The token before, without comments: its text, and whether a value may end with it.
    last: Option<(&'a str, bool)>,
    /// Whether the token before is a symbol between two values, and not before one like a minus or a closure's bars.
    last_is_between: bool,
    last_is_comment: bool,
    /// Indentation of the statement's first line, and of the present line.
    base: usize,
    indent: usize,
}

impl<'a> FormatLayout<'a> {
    fn take(&mut self, before: &str, held: &'a str, piece: &Piece) {
        let breaks = before.matches('\n').count();
        if breaks > 0 || self.made.is_empty() {
            self.start_line(breaks, held, piece.class);
        } else if piece.class == Class::Comment || self.last_is_comment {
            // A comment after code keeps its distance: it may be one of several in a column.
            self.made.push_str(if before.is_empty() { " " } else { before });
        } else if self.is_apart(held, piece.class, !before.is_empty()) {
            self.made.push(' ');
        }
        self.made.push_str(held.trim_end());
        self.last_is_comment = piece.class == Class::Comment;
        if self.last_is_comment {
            return;
        }
        self.follow_bracket(held, breaks > 0);
        let ends_value = match piece.class {
            Class::Name | Class::Call | Class::Text | Class::Number => true,
            Class::Keyword => matches!(held, "true" | "false" | "this"),
            _ => matches!(held, ")" | "]" | "}"),
        };
        self.last_is_between = self.follows_value() && held != "!";
        self.last = Some((held, ends_value));
    }

    fn follows_value(&self) -> bool {
        self.last.is_some_and(|(_, ends_value)| ends_value)
    }

    fn start_line(&mut self, breaks: usize, held: &str, class: Class) {
        if !self.made.is_empty() {
            self.made.push_str(if breaks > 1 { "\n\n" } else { "\n" });
        }
        let inner = self.open.last().map_or(0, |open| open.inner);
        let goes_on = class != Class::Comment && self.goes_on(held);
        self.base = if matches!(held, ")" | "]" | "}") { self.open.last().map_or(0, |open| open.outer) } else { inner };
        self.indent = self.base + usize::from(goes_on);
        (0..self.indent).for_each(|_| self.made.push_str(STEP));
    }

    /// Whether a line that begins so is part of the statement of the line before.
    fn goes_on(&self, held: &str) -> bool {
        let Some((last, ends_value)) = self.last else { return false };
        let hangs = matches!(last, "=" | "=>") || (GOES_ON.contains(&last) && !ends_value);
        // After a block, what looks like a symbol between two values begins a statement.
        hangs || (GOES_ON.contains(&held) && ends_value && (last != "}" || matches!(held, "." | "?.")))
    }

    fn follow_bracket(&mut self, held: &str, starts_line: bool) {
        match held {
            "{" => self.open.push(OpenBracket { outer: self.base, inner: self.base + 1 }),
            "(" | "[" | "#{" => self.open.push(OpenBracket { outer: self.indent, inner: self.indent + 1 }),
            ")" | "]" | "}" => {
                let closed = self.open.pop();
                // A bracket that opens after it on its line is as deep as the line.
                if let (Some(closed), false) = (closed, starts_line) {
                    self.base = self.base.min(closed.outer);
                }
            }
            _ => {}
        }
    }

    /// Whether a space precedes a token on its line; where both are usual, as the author wrote it.
    fn is_apart(&self, held: &str, class: Class, was: bool) -> bool {
        let Some((last, ends_value)) = self.last else { return false };
        match (last, held) {
            ("{" | "#{", "}") | ("(" | "[", _) | (_, ")" | "]" | "," | ";") => false,
            (_, "|") | ("|", _) => was,
            (_, "||") if !ends_value => was,
            ("||", _) if !self.last_is_between => was,
            ("||", _) | (_, "||") => true,
            (".", _) | (_, ".") if class != Class::Number && !last.starts_with(|c: char| c.is_ascii_digit()) => false,
            ("?." | "::", _) | (_, "?." | "::" | "?[" | ":") => false,
            ("," | ";" | ":" | "{" | "#{", _) | (_, "}" | "{") => true,
            (_, _) if APART.contains(&held) || (APART.contains(&last) && !ends_value) => true,
            (_, _) if EITHER.contains(&held) && ends_value => true,
            (_, _) if EITHER.contains(&last) && self.last_is_between => true,
            ("-" | "+" | "!", _) => was && class == Class::Operator,
            (_, "(") if is_word(last) && !matches!(last, "if" | "while" | "return" | "switch" | "else" | "for" | "until") => false,
            (_, "[") if ends_value => false,
            _ if is_word(last) && class != Class::Operator => true,
            ("}", _) if !matches!(class, Class::Operator | Class::Bracket) => true,
            _ => was,
        }
    }
}

fn is_word(held: &str) -> bool {
    held.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_laid_out_and_stay_what_they_are() {
        let cases = [
            ("", ""),
            ("if   a.b==1{\ndecline( \"X\" )\n}\n\n\n\n// end  ", "if a.b == 1 {\n    decline(\"X\")\n}\n\n// end\n"),
            ("if a\n&&b ==c {\nx( 1,-2 )\n}else{ - y }", "if a\n    && b == c {\n    x(1, -2)\n} else { -y }\n"),
            ("let m=#{a:1,b :[1 ,2]};   // keeps its place", "let m = #{ a: 1, b: [1, 2] };   // keeps its place\n"),
            ("limit(#{\nsingle:yuan(1),\n})", "limit(#{\n    single: yuan(1),\n})\n"),
            ("let x =\n1+2;\nx", "let x =\n    1 + 2;\nx\n"),
            ("if !( a )||b { [ ] }", "if !(a) || b { [] }\n"),
            ("switch x { \"a\"=>1, _=>{\n2\n} }", "switch x { \"a\" => 1, _ => {\n    2\n} }\n"),
            ("a.map(|x|x+1)\n.len()", "a.map(|x|x + 1)\n    .len()\n"),
            ("x - -1 + 1..2", "x - -1 + 1..2\n"),
            ("/* a\n   b */ f (1)", "/* a\n   b */ f(1)\n"),
            ("if a {b}let c=1;", "if a { b } let c = 1;\n"),
            ("x[ 1 ]?.y ?? z", "x[1]?.y ?? z\n"),
        ];
        for (text, wanted) in cases {
            assert_eq!(format(text).as_deref(), Some(wanted), "{text}");
            assert_eq!(format(wanted).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(format("x == \"open"), None);
    }

    #[test]
    fn the_shipped_scripts_are_laid_out_already() {
        let mut folders = ["rules", "tests/card-payments"].map(|name| std::path::PathBuf::from("../..").join(name)).to_vec();
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension() == Some("rhai".as_ref()) {
                    let text = std::fs::read_to_string(&path).unwrap();
                    assert_eq!(format(&text).as_deref(), Some(text.as_str()), "{}", path.display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 70);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

        /// Any tokens in any order, right or not, with any white space between them.
        #[test]
        fn tokens_and_comments_stay_and_twice_is_once(
            parts in proptest::collection::vec(
                ("(if|else|let|in|for|fn|return|true|x|f|a_b|1|2\\.5|0x1F|\"s\"|\"\\\\\"//\"|[-+*/%!<>=&|^.:;,?]|==|!=|<=|&&|\\|\\||\\?\\?|\\?\\.|\\.\\.|=>|!in|\\*\\*|::|[(){}]|\\[|\\]|#\\{|// c\n|/\\* c \n d \\*/)", "( |  |\n|\n\n\n|\t|)"),
                0..24,
            ),
        ) {
            let text: String = parts.into_iter().flat_map(|(part, space)| [part, space]).collect();
            if let (Some(known), Some(made)) = (words(&text), format(&text)) {
                proptest::prop_assert_eq!(&words(&made).unwrap(), &known);
                proptest::prop_assert_eq!(format(&made), Some(made.clone()), "{}", text);
            }
        }
    }
}
