//! A text with any number of carets, without a screen: whatever is done is done at each of them. All places are bytes.

use std::ops::Range;

use super::edits::{TextChange, line_end, line_start};

/// One end of a selection stays, the other moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caret {
    pub anchor: usize,
    pub head: usize,
}

impl Caret {
    pub fn at(byte: usize) -> Self {
        Self { anchor: byte, head: byte }
    }

    pub fn of(range: &Range<usize>) -> Self {
        Self { anchor: range.start, head: range.end }
    }

    pub fn range(self) -> Range<usize> {
        self.anchor.min(self.head)..self.anchor.max(self.head)
    }

    /// The same caret with its head there, and its anchor too unless a selection grows.
    pub fn to(self, head: usize, selects: bool) -> Self {
        Self { anchor: if selects { self.anchor } else { head }, head }
    }
}

/// A text and its carets; there is always one, and the last is where the next one is looked for.
pub struct CaretText<'a> {
    pub text: &'a mut String,
    pub carets: Vec<Caret>,
    /// Whether a byte is neither in a text nor in a comment.
    pub is_code: &'a dyn Fn(usize) -> bool,
}

impl CaretText<'_> {
    /// The last caret.
    pub fn last(&self) -> Caret {
        self.carets.last().copied().unwrap_or_default()
    }

    /// Makes a change at every caret, from the first in the text to the last; whether the text is another. Of changes that overlap, the
    /// first is made.
    pub fn change(&mut self, change: impl Fn(&str, Range<usize>) -> Option<TextChange>) -> bool {
        let mut order: Vec<usize> = (0..self.carets.len()).collect();
        order.sort_by_key(|at| self.carets.get(*at).map(|caret| caret.range().start));
        let (mut made, mut copied) = (String::with_capacity(self.text.len()), 0);
        let mut moved = self.carets.clone();
        for at in order {
            let Some(caret) = self.carets.get(at).copied() else { continue };
            let wanted = change(self.text, caret.range()).filter(|change| change.replace.start >= copied);
            let before = wanted.as_ref().map_or(caret.range().start.max(copied), |change| change.replace.start);
            made.push_str(self.text.get(copied..before).unwrap_or(""));
            copied = before;
            let place = if let Some(TextChange { replace, with, select }) = wanted {
                let shift = |byte: usize| (byte + made.len()).saturating_sub(replace.start);
                let caret = Caret::of(&(shift(select.start)..shift(select.end)));
                made.push_str(&with);
                copied = replace.end;
                caret
            } else {
                let shift = |byte: usize| (byte + made.len()).saturating_sub(copied);
                Caret { anchor: shift(caret.anchor), head: shift(caret.head) }
            };
            moved.get_mut(at).into_iter().for_each(|caret| *caret = place);
        }
        made.push_str(self.text.get(copied..).unwrap_or(""));
        let is_other = made != *self.text;
        *self.text = made;
        self.carets = moved;
        self.merge();
        is_other
    }

    /// Moves every caret.
    pub fn step(&mut self, to: impl Fn(&str, Caret) -> Caret) {
        let text = self.text.as_str();
        self.carets.iter_mut().for_each(|caret| *caret = to(text, *caret));
        self.merge();
    }

    /// Carets at the same place, or whose selections overlap, become one.
    pub fn merge(&mut self) {
        let text = self.text.as_str();
        for caret in &mut self.carets {
            for byte in [&mut caret.anchor, &mut caret.head] {
                *byte = (0..=(*byte).min(text.len())).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0);
            }
        }
        let mut kept: Vec<Caret> = Vec::new();
        for caret in self.carets.drain(..) {
            let range = caret.range();
            let touches = |known: &&mut Caret| {
                let known = known.range();
                known == range || (known.start < range.end && range.start < known.end)
            };
            match kept.iter_mut().find(touches) {
                Some(known) => {
                    let (start, end) = (known.range().start.min(range.start), known.range().end.max(range.end));
                    *known = Caret { anchor: start, head: end };
                }
                None => kept.push(caret),
            }
        }
        self.carets = kept;
    }

    /// What is selected, or the whole lines of carets without a selection.
    pub fn copied(&self) -> String {
        let mut carets = self.carets.clone();
        carets.sort_unstable_by_key(|caret| caret.range().start);
        let part = |caret: &Caret| {
            let range = caret.range();
            if range.is_empty() {
                format!("{}\n", line(self.text, range.start))
            } else {
                self.text.get(range).unwrap_or("").to_owned()
            }
        };
        let parts: Vec<String> = carets.iter().map(part).collect();
        let are_lines = self.carets.iter().all(|caret| caret.range().is_empty());
        parts.join(if are_lines { "" } else { "\n" })
    }

    /// Puts a text at every caret: a line of it each, where there are as many.
    pub fn paste(&mut self, text: &str) -> bool {
        let lines: Vec<&str> = text.strip_suffix('\n').unwrap_or(text).split('\n').collect();
        if lines.len() != self.carets.len() || lines.len() == 1 {
            return self.change(|_, range| Some(TextChange::insert(range, text)));
        }
        let mut starts: Vec<usize> = self.carets.iter().map(|caret| caret.range().start).collect();
        starts.sort_unstable();
        self.change(|_, range| {
            let line = starts.iter().position(|start| *start == range.start).and_then(|at| lines.get(at))?;
            Some(TextChange::insert(range, *line))
        })
    }
}

/// A caret in every line from one place to another, each selecting from the column of the one to that of the other.
pub fn column(text: &str, from: usize, to: usize) -> Vec<Caret> {
    let column = |byte: usize| text.get(line_start(text, byte)..byte).map_or(0, |before| before.chars().count());
    let (one, other) = (column(from), column(to));
    let place = |start: usize, column: usize| {
        let line = line(text, start);
        start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
    };
    let (mut start, last) = (line_start(text, from.min(to)), line_start(text, from.max(to)));
    let mut carets = Vec::new();
    loop {
        carets.push(Caret { anchor: place(start, one), head: place(start, other) });
        if start >= last {
            break;
        }
        start = line_end(text, start) + 1;
    }
    if from > to {
        carets.reverse();
    }
    carets
}

/// The line a byte is in.
pub fn line(text: &str, byte: usize) -> &str {
    text.get(line_start(text, byte)..line_end(text, byte)).unwrap_or("")
}

/// The next character's place after a byte, or before it.
pub fn beside(text: &str, byte: usize, forward: bool) -> usize {
    if forward {
        text.get(byte..).and_then(|rest| rest.chars().next()).map_or(byte, |c| byte + c.len_utf8())
    } else {
        text.get(..byte).and_then(|rest| rest.chars().next_back()).map_or(byte, |c| byte - c.len_utf8())
    }
}

/// The end of the word after a byte, or the start of the word before it, past white space.
pub fn word_beside(text: &str, byte: usize, forward: bool) -> usize {
    let class = |c: char| {
        if c.is_whitespace() {
            0
        } else if c.is_alphanumeric() || c == '_' {
            1
        } else {
            2
        }
    };
    let mut at = byte;
    let mut kind = None;
    loop {
        let next = beside(text, at, forward);
        let Some(c) = text.get(at.min(next)..at.max(next)).and_then(|part| part.chars().next()) else { return at };
        match kind {
            None if class(c) == 0 => {}
            None => kind = Some(class(c)),
            Some(known) if known != class(c) => return at,
            Some(_) => {}
        }
        at = next;
    }
}

/// The place in the line above or below that is as many characters in; the same place at the end of the text.
pub fn vertical(text: &str, byte: usize, down: bool) -> Option<usize> {
    let start = line_start(text, byte);
    let column = text.get(start..byte)?.chars().count();
    let other = if down { line_end(text, byte) + 1 } else { line_start(text, start.checked_sub(1)?) };
    if other > text.len() {
        return None;
    }
    let line = line(text, other);
    Some(other + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at))
}
