//! Lays the text out with its colours, once for each text and look.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::text::{LayoutJob, LayoutSection, TextFormat};
use eframe::egui::{Galley, Ui};

use super::input::{Class, Token};
use crate::gui::theme::{self, colours};

/// What a layout depends on.
#[derive(Clone, Debug, Default, PartialEq)]
struct Key {
    dark: bool,
    pixels_per_point: f32,
    /// Of the faces of the machine.
    faces: u64,
    found: Vec<Range<usize>>,
}

/// The last layout.
#[derive(Default)]
pub struct Laid {
    key: Key,
    text: String,
    tokens: Vec<Token>,
    galley: Option<Arc<Galley>>,
    /// How full the atlas of glyphs was: when it empties, the glyphs of the layout are gone.
    atlas: f32,
}

impl Laid {
    /// Whether a byte is neither in a text nor in a comment.
    pub fn is_code(&self, byte: usize) -> bool {
        let at = self.tokens.partition_point(|token| token.range.end <= byte);
        let token = self.tokens.get(at).filter(|token| token.range.contains(&byte));
        !token.is_some_and(|token| matches!(token.class, Class::Literal | Class::Comment))
    }

    /// The layout of a text; `found` are places that a search found.
    pub fn galley(&mut self, ui: &Ui, text: &str, found: &[Range<usize>], highlight: &dyn Fn(&str) -> Vec<Token>) -> Arc<Galley> {
        let atlas = atlas_fill(ui);
        let is_text = self.text == text;
        let is_same = is_text
            && atlas >= self.atlas
            && self.key.dark == ui.visuals().dark_mode
            && self.key.pixels_per_point.to_bits() == ui.pixels_per_point().to_bits()
            && self.key.faces == theme::generation(ui.ctx())
            && self.key.found == found;
        if let (true, Some(galley)) = (is_same, &self.galley) {
            return Arc::clone(galley);
        }
        if !is_text || self.galley.is_none() {
            text.clone_into(&mut self.text);
            self.tokens = highlight(text);
        }
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(job(ui, text, &self.tokens, found)));
        self.key = Key {
            dark: ui.visuals().dark_mode,
            pixels_per_point: ui.pixels_per_point(),
            faces: theme::generation(ui.ctx()),
            found: found.to_vec(),
        };
        self.atlas = atlas_fill(ui);
        self.galley = Some(Arc::clone(&galley));
        galley
    }
}

/// How full the atlas of glyphs is, of one.
fn atlas_fill(ui: &Ui) -> f32 {
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone fits one lifetime only")]
    ui.fonts(|fonts| fonts.font_atlas_fill_ratio())
}

/// The text with its colours; what no token covers is a name.
fn job(ui: &Ui, text: &str, tokens: &[Token], found: &[Range<usize>]) -> LayoutJob {
    let (c, font) = (colours(ui), theme::code());
    let mut job = LayoutJob { text: text.to_owned(), ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    job.keep_trailing_whitespace = true;
    let mut add = |range: Range<usize>, class: Class| {
        if range.is_empty() || !text.is_char_boundary(range.start) || !text.is_char_boundary(range.end) {
            return;
        }
        let format = TextFormat::simple(font.clone(), class.colour(c));
        for (part, is_found) in split(range, found) {
            let mut format = format.clone();
            if is_found {
                format.background = c.match_found;
            }
            job.sections.push(LayoutSection { leading_space: 0.0, byte_range: part.start.into()..part.end.into(), format });
        }
    };
    let mut at = 0;
    for token in tokens {
        let (start, end) = (token.range.start.clamp(at, text.len()), token.range.end.clamp(at, text.len()));
        add(at..start, Class::Name);
        add(start..end, token.class);
        at = end.max(at);
    }
    add(at..text.len(), Class::Name);
    job
}

/// Cuts a range where found places begin and end.
fn split(range: Range<usize>, found: &[Range<usize>]) -> Vec<(Range<usize>, bool)> {
    let mut parts = Vec::new();
    let mut at = range.start;
    let first = found.partition_point(|place| place.end <= range.start);
    for place in found.get(first..).unwrap_or_default().iter().take_while(|place| place.start < range.end) {
        let (start, end) = (place.start.max(at), place.end.min(range.end));
        parts.push((at..start, false));
        parts.push((start..end, true));
        at = end;
    }
    parts.push((at..range.end, false));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_places_cut_a_token() {
        assert_eq!(split(2..10, &[0..3, 5..6, 9..20]), [(2..3, true), (3..5, false), (5..6, true), (6..9, false), (9..10, true)]);
        assert_eq!(split(2..4, &[]), [(2..4, false)]);
    }
}
