//! What the editor is given beside the text: marks, notes in the margin, completions.

use std::ops::Range;

use crate::gui::icons::Glyph;
use countersign_core::diagnostic::Severity;
use countersign_core::script::highlight::Pieces;

/// A finding to be shown under the text.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its bytes.
    pub range: Range<usize>,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// The words of the button that mends it.
    pub remedy: Option<String>,
}

/// A note beside a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The line, from 1.
    pub line: usize,
    /// What it says, short: `812 / 40`.
    pub text: String,
    /// What that means, when the pointer rests on it.
    pub hover: String,
}

/// Something that could be typed here.
#[derive(Clone, Debug)]
pub struct Completion {
    /// What it is called.
    pub label: String,
    /// What is put in place of the word before the caret.
    pub insert: String,
    /// Its type or signature.
    pub detail: String,
    /// What it means.
    pub doc: String,
    /// Its icon.
    pub glyph: Glyph,
}

/// Documentation of what is under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// Its name with type or signature.
    pub head: String,
    /// What it means.
    pub body: String,
}

/// Gives what could be typed at a byte of a text, best first, with the range it would replace.
pub type Complete<'a> = &'a dyn Fn(&Pieces, usize) -> (Range<usize>, Vec<Completion>);

/// Everything the editor is given beside the text.
pub struct Input<'a> {
    /// The spoken name of the field.
    pub label: &'a str,
    /// Findings, of the text as it is or of an earlier one.
    pub marks: &'a [Mark],
    /// Notes in the margin.
    pub notes: &'a [Note],
    /// Whether the notes are of an earlier text.
    pub notes_are_old: bool,
    /// What could be typed at a byte, best first, with the range it would replace.
    pub complete: Complete<'a>,
    /// What is known of the name at a byte.
    pub document: &'a dyn Fn(&Pieces, usize) -> Option<Doc>,
    /// Whether the text may be changed.
    pub editable: bool,
}

/// What the person did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The text is another.
    pub changed: bool,
    /// It changed by a word of an input method: a step of its own to undo.
    pub committed: bool,
    /// The mark whose remedy was asked for.
    pub remedy: Option<usize>,
    /// Where the definition of a name was asked for.
    pub definition: Option<usize>,
}
