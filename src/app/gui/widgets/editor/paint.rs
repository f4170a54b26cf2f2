//! What surrounds the text: the current line, line numbers, brackets, notes in the margin.

use std::ops::Range;

use eframe::egui::layers::ShapeIdx;
use eframe::egui::text::CCursor;
use eframe::egui::{Align2, Color32, CornerRadius, Rect, Sense, Shape, Stroke, StrokeKind, Ui, Vec2};

use super::carets::Caret;
use super::edits::{self, char_of, line_of};
use super::input::{EditorInput, EditorMark};
use super::{CodeEditor, ShownText};
use crate::gui::theme::{self, Colours, colours, metrics, space};
use countersign_core::diagnostic::Severity;

/// Where the columns beside the text are.
pub struct VisibleLines {
    pub area: Rect,
    pub gutter: f32,
    pub margin: f32,
    /// The caret's byte.
    pub caret: usize,
}

/// The colour of how much a finding weighs.
pub fn severity(colours: &Colours, severity: Severity) -> Color32 {
    match severity {
        Severity::Error => colours.error,
        Severity::Warning => colours.warning,
        Severity::Note => colours.note,
    }
}

/// The rows in view: number from 1, top and bottom on the screen.
fn rows(shown: &ShownText) -> impl Iterator<Item = (usize, f32, f32)> + '_ {
    let (rows, origin) = (&shown.output.galley.rows, shown.output.galley_pos.y);
    let first = rows.partition_point(|row| origin + row.rect().bottom() < shown.view.top());
    let visible = rows.iter().enumerate().skip(first);
    let placed = visible.map(move |(at, row)| (at + 1, origin + row.rect().top(), origin + row.rect().bottom()));
    placed.take_while(|(_, top, _)| *top < shown.view.bottom())
}

/// The ground of the line with the caret.
pub fn ground(ui: &Ui, text: &str, lines: &VisibleLines, shown: &ShownText, place: ShapeIdx) {
    let line = line_of(text, lines.caret);
    let Some((_, top, bottom)) = rows(shown).find(|(number, ..)| *number == line) else { return };
    let rect = Rect::from_x_y_ranges(lines.area.x_range(), top..=bottom).intersect(lines.area);
    ui.painter().set(place, Shape::rect_filled(rect, CornerRadius::ZERO, colours(ui).current_line));
}

/// A frame around the place of a search that is selected.
pub fn current(ui: &Ui, text: &str, place: Option<&Range<usize>>, shown: &ShownText) {
    let Some(place) = place else { return };
    let at = |byte| shown.output.galley.pos_from_cursor(CCursor::new(char_of(text, byte)));
    let rect = Rect::from_min_max(at(place.start).left_top(), at(place.end).left_bottom());
    let rect = rect.translate(shown.output.galley_pos.to_vec2());
    let stroke = Stroke::new(metrics().stroke, colours(ui).accent_text);
    let painter = ui.painter().with_clip_rect(shown.view);
    painter.rect_stroke(rect, theme::slightly_rounded(), stroke, StrokeKind::Outside);
}

/// Carets besides the text field's own, with what they select.
pub fn more_carets(ui: &Ui, text: &str, carets: &[Caret], shown: &ShownText, ground: ShapeIdx) {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for range in carets.iter().map(|caret| caret.range()).filter(|range| !range.is_empty()) {
        let mut start = range.start;
        for line in text.get(range).unwrap_or("").split('\n') {
            ranges.push(start..start + line.len());
            start += line.len() + 1;
        }
    }
    ranges.sort_unstable_by_key(|range| range.start);
    let selection = ui.visuals().selection.bg_fill;
    places(ui, text, &ranges, shown, (ground, selection));
    let painter = ui.painter().with_clip_rect(shown.view);
    for caret in carets {
        let at = shown.output.galley.pos_from_cursor(CCursor::new(char_of(text, caret.head)));
        let at = at.translate(shown.output.galley_pos.to_vec2());
        painter.vline(at.left(), at.y_range(), Stroke::new(metrics().stroke_strong, colours(ui).text_strong));
    }
}

/// The ground of places in the text, in order, each within a line.
pub fn places(ui: &Ui, text: &str, places: &[Range<usize>], shown: &ShownText, (ground, colour): (ShapeIdx, Color32)) {
    let Some((first, ..)) = rows(shown).next().filter(|_| !places.is_empty()) else { return };
    let left = shown.output.galley_pos.x;
    let mut shapes = Vec::new();
    let mut start = edits::start_of_line(text, first);
    for ((number, top, bottom), line) in rows(shown).zip(text.get(start..).unwrap_or("").split('\n')) {
        let end = start + line.len();
        let row = shown.output.galley.rows.get(number - 1);
        let x = |byte: usize| row.map_or(left, |row| left + row.x_offset(char_of(line, byte - start).into()));
        let within = places.iter().skip(places.partition_point(|place| place.start < start)).take_while(|place| place.end <= end);
        let rect = |place: &Range<usize>| Rect::from_x_y_ranges(x(place.start)..=x(place.end), top..=bottom).intersect(shown.view);
        shapes.extend(within.map(rect).map(|rect| Shape::rect_filled(rect, CornerRadius::ZERO, colour)));
        start = end + 1;
    }
    ui.painter().set(ground, Shape::Vec(shapes));
}

/// The ground of a bracket and its partner.
pub fn brackets(ui: &Ui, editor: &CodeEditor, shown: &ShownText, places: [ShapeIdx; 2]) {
    let caret = editor.caret.end;
    let pair = edits::brackets(&editor.text, caret, |byte| editor.laid.is_code(byte));
    let Some(pair) = pair.filter(|_| editor.caret.is_empty() && shown.output.response.response.has_focus()) else { return };
    for (byte, place) in [pair.0, pair.1].into_iter().zip(places) {
        let at = |byte| shown.output.galley.pos_from_cursor(CCursor::new(char_of(&editor.text, byte)));
        let rect = Rect::from_min_max(at(byte).left_top(), at(byte + 1).left_bottom()).translate(shown.output.galley_pos.to_vec2());
        if shown.view.contains_rect(rect) {
            ui.painter().set(place, Shape::rect_filled(rect, theme::slightly_rounded(), colours(ui).bracket));
        }
    }
}

/// Line numbers, with a dot where a line has findings.
pub fn gutter(ui: &Ui, lines: &VisibleLines, shown: &ShownText, marks: &[EditorMark], text: &str) {
    let c = colours(ui);
    let painter = ui.painter().with_clip_rect(lines.area.intersect(ui.clip_rect()));
    let right = lines.area.left() + lines.gutter - space().medium;
    let current = line_of(text, lines.caret);
    let mut worst: std::collections::BTreeMap<usize, Severity> = std::collections::BTreeMap::new();
    for mark in marks {
        let line = worst.entry(line_of(text, mark.range.start)).or_insert(mark.severity);
        *line = (*line).max(mark.severity);
    }
    for (number, top, bottom) in rows(shown) {
        let colour = if number == current { c.text } else { c.gutter };
        painter.text((right, f32::midpoint(top, bottom)).into(), Align2::RIGHT_CENTER, number, theme::code(), colour);
        if let Some(weight) = worst.get(&number) {
            let centre = (lines.area.left() + space().medium, f32::midpoint(top, bottom));
            painter.circle_filled(centre.into(), metrics().marker, severity(c, *weight));
        }
    }
}

pub fn notes(ui: &Ui, lines: &VisibleLines, shown: &ShownText, input: &EditorInput<'_>) {
    if input.notes.is_empty() {
        return;
    }
    let c = colours(ui);
    let left = lines.area.right() - lines.margin;
    let painter = ui.painter().with_clip_rect(lines.area.intersect(ui.clip_rect()));
    painter.vline(left, lines.area.y_range(), theme::hairline(c.hairline));
    let colour = if input.notes_are_old { c.gutter } else { c.text_weak };
    for (number, top, bottom) in rows(shown) {
        for note in input.notes.iter().filter(|note| note.line == number) {
            let place =
                Rect::from_min_max((left, top).into(), (lines.area.right(), bottom).into()).shrink2(Vec2::new(space().medium, 0.0));
            painter.text(place.right_center(), Align2::RIGHT_CENTER, &note.text, theme::small(), colour);
            let response = ui.interact(place, shown.output.response.response.id.with(("note", number)), Sense::hover());
            response.on_hover_text(&note.hover);
        }
    }
}
