//! A place in a RON text that moves on over what it understands: white space, comments, runs of characters.

use super::parse::TreeError;

/// A place in a text.
pub(super) struct Scanner<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The current byte.
    pub at: usize,
}

/// The first byte at or after `at` that belongs neither to white space nor to a comment.
pub(crate) fn past_trivia(text: &str, at: usize) -> usize {
    let mut scanner = Scanner { text, at };
    if scanner.skip().is_ok() { scanner.at } else { at }
}

/// The start of the next line where only white space and comments follow on this one, or else `at` itself.
pub(super) fn past_line(text: &str, at: usize) -> usize {
    let mut scanner = Scanner { text, at };
    loop {
        scanner.take_while(|c| c != '\n' && is_space(c));
        if scanner.take("\n") {
            return scanner.at;
        }
        let start = scanner.at;
        let is_short = scanner.comment().is_ok_and(|was_one| was_one) && !text.get(start..scanner.at).unwrap_or("").contains('\n');
        if !is_short {
            return at;
        }
    }
}

impl<'a> Scanner<'a> {
    /// What has not been passed yet.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves past `prefix`, if it is here.
    pub(super) fn take(&mut self, prefix: &str) -> bool {
        let is = self.rest().starts_with(prefix);
        if is {
            self.at += prefix.len();
        }
        is
    }

    /// Moves past the characters that are so, and gives them.
    pub(super) fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !is(c)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or("")
    }

    /// Moves past the next `end`, and gives what stood before it.
    pub(super) fn until(&mut self, end: &str, wanted: (&'static str, &'static str)) -> Result<&'a str, TreeError> {
        let rest = self.rest();
        let at = rest.find(end).ok_or_else(|| TreeError::new(self.text.len(), wanted))?;
        self.at += at + end.len();
        Ok(rest.get(..at).unwrap_or(""))
    }

    /// Moves past white space and comments.
    pub(super) fn skip(&mut self) -> Result<(), TreeError> {
        loop {
            self.take_while(is_space);
            if !self.comment()? {
                return Ok(());
            }
        }
    }

    /// Moves past a comment; says whether there was one.
    fn comment(&mut self) -> Result<bool, TreeError> {
        if self.take("//") {
            self.take_while(|c| c != '\n');
            return Ok(true);
        }
        let start = self.at;
        if !self.take("/*") {
            return Ok(false);
        }
        let mut level = 1_usize;
        while level > 0 {
            self.take_while(|c| c != '/' && c != '*');
            if self.take("/*") {
                level += 1;
            } else if self.take("*/") {
                level -= 1;
            } else if self.peek().is_some() {
                self.at += 1;
            } else {
                return Err(TreeError::new(start, ("`*/` to end the comment", "用 `*/` 结束注释")));
            }
        }
        Ok(true)
    }
}

/// What the `ron` crate takes for white space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0B' | '\x0C' | '\u{85}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
}
