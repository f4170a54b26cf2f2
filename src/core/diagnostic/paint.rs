//! Colour for a terminal, only when asked for; every colour is next to a word.

use super::Severity;

/// What a piece of text is, and so how it is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// The word and underline of a finding.
    Of(Severity),
    /// Line numbers, bars and arrows.
    Rule,
    /// The message.
    Strong,
}

/// Paints, or does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    /// Whether to paint at all.
    pub(super) colour: bool,
}

impl Paint {
    /// The text with its colour round it.
    pub(super) fn with(self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Of(Severity::Error) => "1;31",
            Tone::Of(Severity::Warning) => "1;33",
            Tone::Of(Severity::Note) => "1;36",
            Tone::Rule => "1;34",
            Tone::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
