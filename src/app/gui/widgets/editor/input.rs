//! What the editor is given beside the text: marks, notes in the margin, completions.

use std::ops::Range;

use crate::gui::icons::Glyph;
use countersign_core::diagnostic::Severity;
use countersign_core::script::highlight::Pieces;

/// A finding to be shown under the text.
#[derive(Clone, Debug)]
pub struct EditorMark {
    /// Its bytes.
    pub range: Range<usize>,
    pub severity: Severity,
    pub message: String,
    pub help: Option<String>,
    /// The words of the button that fixes it.
    pub remedy: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNote {
    /// The line, from 1.
    pub line: usize,
    /// What it says, short: `812 / 40`.
    pub text: String,
    /// What that means, when the pointer rests on it.
    pub hover: String,
}

#[derive(Clone, Debug)]
pub struct EditorCompletion {
    pub label: String,
    /// What is put in place of the word before the caret.
    pub insert: String,
    pub detail: String,
    pub doc: String,
    pub glyph: Glyph,
}

/// Documentation of what is under the pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoverDoc {
    pub head: String,
    pub body: String,
}

/// Gives what could be typed at a byte of a text, best first, with the range it would replace.
pub type Complete<'a> = &'a dyn Fn(&Pieces, usize) -> (Range<usize>, Vec<EditorCompletion>);

/// Everything the editor is given beside the text.
pub struct EditorInput<'a> {
    pub label: &'a str,
    /// Findings, of the text as it is or of an earlier one.
    pub marks: &'a [EditorMark],
    pub notes: &'a [LineNote],
    /// Whether the notes are of an earlier text.
    pub notes_are_old: bool,
    /// What could be typed at a byte, best first, with the range it would replace.
    pub complete: Complete<'a>,
    /// What is known of the name at a byte.
    pub document: &'a dyn Fn(&Pieces, usize) -> Option<HoverDoc>,
    /// Whether the text may be changed.
    pub editable: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditorResponse {
    pub changed: bool,
    /// It changed by a word of an input method: a step of its own to undo.
    pub committed: bool,
    /// The mark whose remedy was asked for.
    pub remedy: Option<usize>,
    /// The same by a key, until the frame is done.
    pub(super) asked_remedy: Option<usize>,
    /// Where the definition of a name was asked for.
    pub definition: Option<usize>,
}
