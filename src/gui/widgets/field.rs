//! Fields for text: plain, and for searching.

use eframe::egui::{Align2, Id, Response, TextEdit, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{colours, metrics};

/// One line of text with a spoken label and a hint while it is empty.
pub fn text(ui: &mut Ui, value: &mut String, label: &str, hint: &str, width: f32) -> Response {
    let size = Vec2::new(0.0, metrics().field);
    // Named after its label, so that what appears or goes above it while somebody types does not take the focus away.
    let edit =
        TextEdit::singleline(value).id_salt(label).hint_text(hint).desired_width(width).min_size(size).align(Align2::LEFT_CENTER);
    ui.add(edit).accessible_name(label)
}

/// A field for searching, with its icon; Escape empties it.
pub fn search(ui: &mut Ui, id: Id, value: &mut String, label: &str, width: f32) -> Response {
    let icon = icons::small(Glyph::Search, colours(ui).text_weak);
    let size = Vec2::new(0.0, metrics().field);
    let edit = TextEdit::singleline(value)
        .id(id)
        .hint_text(label)
        .prefix(icon)
        .desired_width(width)
        .min_size(size)
        .align(Align2::LEFT_CENTER);
    let mut response = ui.add(edit).accessible_name(label);
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
