//! Lays the text out with its colours: all lines once for each look, later only those that an edit touched.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use eframe::egui::text::{LayoutJob, LayoutSection, TextFormat};
use eframe::egui::{Color32, Galley, Ui};

use super::edits::{breaks, line_start};
use crate::gui::theme::{self, Colours, colours};
use countersign_core::script::highlight::{Class, Piece, Pieces};

/// What the look of a layout depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct TextLook {
    dark: bool,
    pixels_per_point: f32,
    faces: u64,
}

/// The last layout.
#[derive(Default)]
pub struct LaidOutText {
    look: TextLook,
    script: Pieces,
    lines: Vec<Arc<Galley>>,
    galley: Option<Arc<Galley>>,
    /// How full the atlas of glyphs was: when it empties, the glyphs of the layout are gone.
    atlas: f32,
}

impl LaidOutText {
    /// Whether a byte is neither in a text nor in a comment.
    pub fn is_code(&self, byte: usize) -> bool {
        let pieces = self.script.all();
        let at = pieces.partition_point(|piece| piece.range.end <= byte);
        let piece = pieces.get(at).filter(|piece| piece.range.contains(&byte));
        !piece.is_some_and(|piece| matches!(piece.class, Class::Text | Class::Comment))
    }

    /// The pieces of a text: at hand where it was the last to be laid out.
    pub fn pieces(&self, text: &str) -> Cow<'_, Pieces> {
        if self.script.text() == text { Cow::Borrowed(&self.script) } else { Cow::Owned(Pieces::of(text)) }
    }

    pub fn galley(&mut self, ui: &Ui, text: &str) -> Arc<Galley> {
        let (dark, pixels_per_point) = (ui.visuals().dark_mode, ui.pixels_per_point());
        let look = TextLook { dark, pixels_per_point, faces: theme::generation(ui.ctx()) };
        let is_look = self.look == look && atlas_fill(ui) >= self.atlas && !self.lines.is_empty();
        let is_text = self.script.text() == text;
        if let (true, true, Some(galley)) = (is_look, is_text, &self.galley) {
            return Arc::clone(galley);
        }
        let changed = if is_text { 0..text.len() } else { self.script.follow(text) };
        if is_look {
            self.lay(ui, changed);
        } else {
            self.lines.clear();
            self.lay(ui, 0..text.len());
        }
        // The colours are in the lines; a layout without any section would count as empty.
        let mut whole = unbroken(text);
        whole.sections.push(section(0..text.len(), Color32::PLACEHOLDER));
        let galley = Arc::new(Galley::concat(Arc::new(whole), &self.lines, pixels_per_point));
        (self.look, self.atlas, self.galley) = (look, atlas_fill(ui), Some(Arc::clone(&galley)));
        galley
    }

    /// Lays the lines of some bytes out again; those before and after are what they were.
    fn lay(&mut self, ui: &Ui, changed: Range<usize>) {
        let text = self.script.text();
        let breaks = |range: Range<usize>| text.get(range).map_or(0, breaks);
        let (before, within, after) = (breaks(0..changed.start), breaks(changed.clone()), breaks(changed.end..text.len()));
        let kept = self.lines.split_off(self.lines.len().saturating_sub(after));
        self.lines.truncate(before);
        let mut start = line_start(text, changed.start);
        for line in text.get(start..).unwrap_or("").split('\n').take(within + 1) {
            let range = start..start + line.len();
            start = range.end + 1;
            let job = job(colours(ui), text, range, self.script.all());
            self.lines.push(ui.fonts_mut(|fonts| fonts.layout_job(job)));
        }
        self.lines.extend(kept);
    }
}

/// How full the atlas of glyphs is, of one.
fn atlas_fill(ui: &Ui) -> f32 {
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone fits one lifetime only")]
    ui.fonts(|fonts| fonts.font_atlas_fill_ratio())
}

/// A text whose lines are as long as they are.
fn unbroken(text: &str) -> LayoutJob {
    let mut job = LayoutJob { text: text.to_owned(), ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    job.keep_trailing_whitespace = true;
    job
}

fn section(bytes: Range<usize>, colour: Color32) -> LayoutSection {
    let byte_range = bytes.start.into()..bytes.end.into();
    LayoutSection { leading_space: 0.0, byte_range, format: TextFormat::simple(theme::code(), colour) }
}

/// A line with its colours; what no piece covers is a name.
fn job(colours: &Colours, text: &str, line: Range<usize>, pieces: &[Piece]) -> LayoutJob {
    let mut job = unbroken(text.get(line.clone()).unwrap_or(""));
    let mut at = line.start;
    let mut add = |to: usize, colour: Color32| {
        job.sections.push(section(at - line.start..to - line.start, colour));
        at = to;
    };
    let first = pieces.partition_point(|piece| piece.range.end <= line.start);
    let within = pieces.get(first..).unwrap_or_default().iter().take_while(|piece| piece.range.start < line.end);
    let mut end = line.start;
    for piece in within {
        let (from, to) = (piece.range.start.max(end), piece.range.end.min(line.end));
        if from > end {
            add(from, colours.code_text);
        }
        add(to, colour(colours, text, piece));
        end = to;
    }
    // An empty line has a section too: it gives the line its height.
    if end < line.end || line.is_empty() {
        add(line.end, colours.code_text);
    }
    job
}

/// The colour of a piece; a name before a dot is a group, the parameters or the lists.
fn colour(colours: &Colours, text: &str, piece: &Piece) -> Color32 {
    match piece.class {
        Class::Keyword => colours.code_keyword,
        Class::Call => colours.code_function,
        Class::Name if text.get(piece.range.end..).is_some_and(|after| after.starts_with('.')) => colours.code_constant,
        Class::Name | Class::Wrong => colours.code_text,
        Class::Text => colours.code_literal,
        Class::Number => colours.code_number,
        Class::Comment => colours.code_comment,
        Class::Bracket | Class::Operator => colours.code_operator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::widgets::testing::harness;

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

        #[test]
        fn an_edited_text_is_laid_out_as_anew(texts in proptest::collection::vec("[a(.\"/*\n 1名]{0,40}", 1..6)) {
            let (mut laid, mut at) = (LaidOutText::default(), 0);
            let mut harness = harness(Vec::new(), move |ui, seen: &mut Vec<(Arc<Galley>, Arc<Galley>)>| {
                for text in &texts {
                    // Each text is put into the middle of the one before, every third is alone.
                    let held = laid.script.text().to_owned();
                    let cut = held.char_indices().map(|(at, _)| at).nth(held.chars().count() / 2).filter(|_| at % 3 > 0);
                    let text = cut.map_or_else(|| text.clone(), |cut| format!("{}{text}{}", &held[..cut], &held[cut..]));
                    seen.push((laid.galley(ui, &text), LaidOutText::default().galley(ui, &text)));
                    at += 1;
                }
            });
            harness.run();
            for (edited, anew) in harness.state() {
                proptest::prop_assert_eq!(edited, anew);
            }
        }
    }

    #[test]
    fn lines_stand_where_the_toolkit_puts_them() {
        for text in ["", "\n", "a\n\n  b = \"名\"\n", "/* a\nb */ c.d(1)"] {
            let mut harness = harness(Vec::new(), move |ui, seen: &mut Vec<(Arc<Galley>, Arc<Galley>)>| {
                let mut whole = unbroken(text);
                whole.sections.push(section(0..text.len(), Color32::WHITE));
                seen.push((LaidOutText::default().galley(ui, text), ui.fonts_mut(|fonts| fonts.layout_job(whole))));
            });
            harness.run();
            for (ours, theirs) in harness.state() {
                let rows = |galley: &Galley| -> Vec<_> {
                    galley.rows.iter().map(|row| (row.pos, row.size, row.ends_with_newline, row.glyphs.len())).collect()
                };
                assert_eq!((rows(ours), ours.rect, ours.text()), (rows(theirs), theirs.rect, theirs.text()), "{text:?}");
                assert_eq!(ours.is_empty(), theirs.is_empty(), "{text:?}");
            }
        }
    }
}
