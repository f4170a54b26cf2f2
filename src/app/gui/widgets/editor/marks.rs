//! Findings under the text, and the tooltip when the pointer rests on something.

use eframe::egui::text::CCursor;
use eframe::egui::{Id, Label, Pos2, Rect, RichText, Sense, Shape, Stroke, Tooltip, Ui};

use super::edits::{byte_of, char_of};
use super::input::{EditorInput, EditorMark};
use super::{ShownText, paint};
use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics};
use crate::gui::widgets::button;
use countersign_core::script::highlight::Pieces;

/// Paints every mark in view; the one whose remedy was pressed.
pub fn show(ui: &mut Ui, id: Id, text: &str, marks: &[EditorMark], shown: &ShownText) -> Option<usize> {
    let mut remedy = None;
    for (at, mark) in marks.iter().enumerate() {
        let Some(place) = place(text, mark, shown).filter(|place| shown.view.intersects(*place)) else { continue };
        squiggle(ui, place, mark, shown.view);
        let response = ui.interact(place.intersect(shown.view), id.with(("mark", at)), Sense::hover());
        Tooltip::for_enabled(&response).show(|ui| {
            ui.set_max_width(metrics().tooltip_width);
            if told(ui, mark) {
                remedy = Some(at);
            }
        });
    }
    remedy
}

/// Where a mark is on the screen; one that spans lines is shown on its first.
fn place(text: &str, mark: &EditorMark, shown: &ShownText) -> Option<Rect> {
    let line_end = text.get(mark.range.start..)?.find('\n').map_or(text.len(), |at| mark.range.start + at);
    let end = mark.range.end.min(line_end).max(mark.range.start);
    let at =
        |byte| shown.output.galley.pos_from_cursor(CCursor::new(char_of(text, byte))).translate(shown.output.galley_pos.to_vec2());
    let (first, last) = (at(mark.range.start), at(end));
    let right = last.right().max(first.left() + theme::space().medium);
    Some(Rect::from_min_max(first.left_top(), Pos2::new(right, first.bottom())))
}

fn squiggle(ui: &Ui, place: Rect, mark: &EditorMark, view: Rect) {
    let step = metrics().squiggle;
    let bottom = place.bottom();
    let mut points = Vec::new();
    let (mut x, mut is_up) = (place.left(), false);
    while x <= place.right() {
        points.push(Pos2::new(x, if is_up { bottom - step } else { bottom }));
        (x, is_up) = (x + step, !is_up);
    }
    let stroke = Stroke::new(metrics().stroke, paint::severity(colours(ui), mark.severity));
    ui.painter().with_clip_rect(view).add(Shape::line(points, stroke));
}

/// The tooltip of a mark; whether its remedy was pressed.
fn told(ui: &mut Ui, mark: &EditorMark) -> bool {
    ui.horizontal(|ui| {
        ui.label(icons::small(icons::severity(mark.severity), paint::severity(colours(ui), mark.severity)));
        ui.add(Label::new(RichText::new(&mark.message).color(colours(ui).text_strong)).wrap());
    });
    if let Some(help) = &mark.help {
        ui.add(Label::new(theme::weak(ui, help)).wrap());
    }
    mark.remedy.as_ref().is_some_and(|remedy| button::plain(ui, Some(Glyph::WandSparkles), remedy).clicked())
}

/// Shows what is known of the name under the pointer.
pub fn document(pieces: &Pieces, input: &EditorInput<'_>, shown: &ShownText) {
    let response = &shown.output.response.response;
    let Some(pointer) = response.hover_pos().filter(|pointer| shown.view.contains(*pointer)) else { return };
    let inside = pointer - shown.output.galley_pos;
    let row_end = shown.output.galley.rows.iter().find(|row| row.rect().y_range().contains(inside.y)).map(|row| row.rect().right());
    if row_end.is_none_or(|end| inside.x > end) {
        return;
    }
    let byte = byte_of(pieces.text(), shown.output.galley.cursor_from_pos(inside).index.0);
    let Some(doc) = (input.document)(pieces, byte) else { return };
    Tooltip::for_enabled(response).at_pointer().show(|ui| {
        ui.set_max_width(metrics().tooltip_width);
        ui.label(RichText::new(&doc.head).font(theme::code()).color(colours(ui).code_constant));
        ui.add(Label::new(theme::weak(ui, &doc.body)).wrap());
    });
}
