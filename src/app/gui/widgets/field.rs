//! Fields for text: plain, and for searching.

use eframe::egui::response::Flags;
use eframe::egui::{Align2, Id, Response, StrokeKind, TextEdit, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::keyboard;
use crate::gui::theme::{self, colours, metrics};

/// One line of text with a spoken label and a hint while it is empty.
pub fn text(ui: &mut Ui, value: &mut String, label: &str, hint: &str, width: f32) -> Response {
    let size = Vec2::new(0.0, metrics().field);
    // Named after its label, so that what appears or goes above it while somebody types does not take the focus away.
    let id = ui.make_persistent_id(label);
    composed(ui, id, value, |ui, value| {
        let edit = TextEdit::singleline(value).id(id).hint_text(hint).desired_width(width).min_size(size);
        ui.add(edit.align(Align2::LEFT_CENTER)).accessible_name(label)
    })
}

/// Adds a field for a value: what an input method composes in it is part of the value only when it is complete.
pub fn composed(ui: &mut Ui, id: Id, value: &mut String, add: impl FnOnce(&mut Ui, &mut String) -> Response) -> Response {
    let place = id.with("composed");
    let held: Option<String> = ui.data(|data| data.get_temp(place));
    let is_composing = keyboard::is_composing(ui.ctx()) && ui.memory(|memory| memory.has_focus(id));
    if !is_composing && held.is_none() {
        return add(ui, value);
    }
    let mut shown = held.unwrap_or_else(|| value.clone());
    let mut response = add(ui, &mut shown);
    if is_composing {
        ui.data_mut(|data| data.insert_temp(place, shown));
        response.flags.remove(Flags::CHANGED);
    } else {
        ui.data_mut(|data| data.remove::<String>(place));
        response.flags.set(Flags::CHANGED, shown != *value);
        *value = shown;
    }
    response
}

/// What is typed into a field that counts when it is left, or what it refused last.
#[derive(Clone)]
enum TypedText {
    Text(String),
    Refused(String),
}

/// The outcome of a field that counts when it is left.
pub struct FieldResponse<T> {
    pub response: Response,
    /// What was taken over, where it is other than before.
    pub taken: Option<T>,
    /// What was refused when the field was left last.
    pub refused: Option<String>,
}

/// A field whose text counts when it is left: `read` understands it. What cannot be understood gives way to what was there, and the field
/// stays marked until somebody types again.
pub fn on_leaving<T>(ui: &mut Ui, label: &str, held: &str, width: f32, read: impl Fn(&str) -> Option<T>) -> FieldResponse<T> {
    let place = ui.make_persistent_id(("typed", label));
    let (mut typed, refused) = match ui.data(|data| data.get_temp(place)) {
        Some(TypedText::Text(text)) => (text, None),
        Some(TypedText::Refused(text)) => (held.to_owned(), Some(text)),
        None => (held.to_owned(), None),
    };
    let response = text(ui, &mut typed, label, "", width);
    let understood = read(&typed);
    if refused.is_some() || understood.is_none() {
        mark_wrong(ui, &response);
    }
    let mut left = FieldResponse { response, taken: None, refused };
    if left.response.lost_focus() {
        if understood.is_some() {
            ui.data_mut(|data| data.remove::<TypedText>(place));
            left.taken = understood.filter(|_| typed != held);
        } else {
            ui.data_mut(|data| data.insert_temp(place, TypedText::Refused(typed)));
        }
    } else if left.response.changed() {
        ui.data_mut(|data| data.insert_temp(place, TypedText::Text(typed)));
    }
    left
}

/// Edges a field as one that holds something wrong.
fn mark_wrong(ui: &Ui, field: &Response) {
    let edge = theme::hairline(colours(ui).error);
    ui.painter().rect_stroke(field.rect, theme::rounded(), edge, StrokeKind::Inside);
}

/// A field for searching, with its icon; Escape empties it.
pub fn search(ui: &mut Ui, id: Id, value: &mut String, label: &str, width: f32) -> Response {
    let icon = icons::small(Glyph::Search, colours(ui).text_weak);
    let size = Vec2::new(0.0, metrics().field);
    let mut response = composed(ui, id, value, |ui, value| {
        let edit = TextEdit::singleline(value).id(id).hint_text(label).prefix(icon).desired_width(width).min_size(size);
        ui.add(edit.align(Align2::LEFT_CENTER)).accessible_name(label)
    });
    if response.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Escape)) && !value.is_empty() {
        value.clear();
        response.mark_changed();
    }
    response
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;

    #[test]
    fn escape_empties_the_search() {
        let mut window = harness(String::new(), |ui, value| drop(search(ui, Id::unique("s"), value, "Search rules", 200.0)));
        window.get_by_label("Search rules").focus();
        window.run();
        window.get_by_label("Search rules").type_text("age");
        window.run();
        assert_eq!(window.state(), "age");
        window.key_press(eframe::egui::Key::Escape);
        window.run();
        assert_eq!(window.state(), "");
    }
}
