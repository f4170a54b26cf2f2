//! Buttons: one primary in a place, ghosts for the rest, and icons with a spoken name.

use eframe::egui::{Button, Color32, Response, RichText, Stroke, Ui, Vec2};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{colours, metrics};

/// The one thing to do in a place.
pub fn primary(ui: &mut Ui, glyph: Option<Glyph>, label: &str) -> Response {
    let c = colours(ui);
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for (look, fill) in
            [(&mut widgets.inactive, c.accent), (&mut widgets.hovered, c.accent_hover), (&mut widgets.active, c.accent_hover)]
        {
            look.weak_bg_fill = fill;
            look.bg_stroke = Stroke::NONE;
            look.fg_stroke.color = c.text_on_accent;
        }
        labelled(ui, glyph, label)
    })
    .inner
}

/// Something else to do: no edge until the pointer is on it.
pub fn ghost(ui: &mut Ui, glyph: Option<Glyph>, label: &str) -> Response {
    ui.scope(|ui| {
        flat(ui);
        labelled(ui, glyph, label)
    })
    .inner
}

/// A button with an edge, for dialogs.
pub fn plain(ui: &mut Ui, glyph: Option<Glyph>, label: &str) -> Response {
    labelled(ui, glyph, label)
}

/// A line of a menu; `right` is its keys, or another remark.
pub fn menu_item(ui: &mut Ui, label: &str, right: &str) -> Response {
    named(ui.add(Button::new(label).shortcut_text(right)), label)
}

/// An icon that does something; `label` is spoken and shown when the pointer rests.
pub fn icon(ui: &mut Ui, glyph: Glyph, label: &str) -> Response {
    switch(ui, glyph, label, false)
}

/// An icon that is on or off.
pub fn switch(ui: &mut Ui, glyph: Glyph, label: &str, on: bool) -> Response {
    ui.scope(|ui| {
        flat(ui);
        let c = colours(ui);
        let text = if on { icons::icon(glyph).color(c.accent_text) } else { icons::icon(glyph) };
        let side = metrics().button;
        ui.spacing_mut().button_padding = Vec2::ZERO;
        let fill = if on { c.selected } else { Color32::TRANSPARENT };
        let mut button = Button::new(text).min_size(Vec2::splat(side));
        if on {
            button = button.fill(fill);
        }
        named(ui.add(button), label).on_hover_text(label)
    })
    .inner
}

/// Replaces the spoken name, which would hold the icon's private character.
fn named(response: Response, label: &str) -> Response {
    use eframe::egui::{Role, WidgetInfo};
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, label));
    response
}

fn labelled(ui: &mut Ui, glyph: Option<Glyph>, label: &str) -> Response {
    let size = Vec2::new(0.0, metrics().button);
    let response = match glyph {
        Some(glyph) => ui.add(Button::new((icons::icon(glyph), RichText::new(label))).min_size(size)),
        None => ui.add(Button::new(label).min_size(size)),
    };
    named(response, label)
}

/// No ground and no edge at rest.
fn flat(ui: &mut Ui) {
    let c = colours(ui);
    let widgets = &mut ui.visuals_mut().widgets;
    for (look, fill) in [
        (&mut widgets.inactive, Color32::TRANSPARENT),
        (&mut widgets.hovered, c.hover),
        (&mut widgets.active, c.pressed),
        (&mut widgets.open, c.pressed),
    ] {
        look.weak_bg_fill = fill;
        look.bg_stroke = Stroke::NONE;
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;

    #[test]
    fn buttons_are_found_by_their_words_and_clicked_by_pointer_and_key() {
        let mut window = harness(Vec::<&str>::new(), |ui, pressed| {
            for (label, response) in [
                ("Save", primary(ui, Some(Glyph::Save), "Save")),
                ("Undo", ghost(ui, None, "Undo")),
                ("Export", plain(ui, Some(Glyph::Package), "Export")),
                ("Find", icon(ui, Glyph::Search, "Find")),
            ] {
                if response.clicked() {
                    pressed.push(label);
                }
            }
        });
        for label in ["Save", "Undo", "Export", "Find"] {
            window.get_by_label(label).click();
            window.run();
        }
        window.get_by_label("Undo").focus();
        window.run();
        window.key_press(eframe::egui::Key::Enter);
        window.run();
        assert_eq!(*window.state(), ["Save", "Undo", "Export", "Find", "Undo"]);
    }
}
