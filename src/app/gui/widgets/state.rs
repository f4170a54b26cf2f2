//! What a panel says when it has nothing to show, shows something old, failed, or waits.

use eframe::egui::{Color32, Frame, Label, Margin, ProgressBar, RichText, Ui};

use super::button;
use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, rounded, space, tokens};

/// An empty panel: what would stand here and how to get it.
pub fn empty(ui: &mut Ui, glyph: Glyph, title: &str, hint: &str) {
    message(ui, glyph, colours(ui).text_weak, title, hint);
}

/// A panel whose content could not be made.
pub fn error(ui: &mut Ui, title: &str, hint: &str) {
    message(ui, Glyph::CircleX, colours(ui).error, title, hint);
}

/// A panel whose content is being made; `part` of one is done where that is known.
pub fn loading(ui: &mut Ui, title: &str, part: Option<f32>) {
    message(ui, Glyph::LoaderCircle, colours(ui).text_weak, title, "");
    if let Some(part) = part {
        ui.vertical_centered(|ui| {
            ui.add(ProgressBar::new(part).desired_width(metrics().field_width).desired_height(space().small))
                .accessible_name(title);
        });
    }
}

fn message(ui: &mut Ui, glyph: Glyph, colour: Color32, title: &str, hint: &str) {
    ui.vertical_centered(|ui| {
        // A little above the middle; where there is hardly room, at the top, so that the way out stays in view.
        ui.add_space(((ui.available_height() - metrics().problems_height) * 0.4).clamp(0.0, metrics().problems_height));
        ui.label(icons::icon(glyph).size(tokens().type_scale.display).color(colour));
        ui.label(RichText::new(title).font(theme::title()).color(colours(ui).text_strong));
        if !hint.is_empty() {
            ui.add(Label::new(theme::weak(ui, hint)).wrap());
        }
    });
}

/// Below such a message: the way out. Whether it was taken.
pub fn way_out(ui: &mut Ui, glyph: Glyph, label: &str) -> bool {
    let button = |ui: &mut Ui| {
        ui.add_space(space().small);
        button::plain(ui, Some(glyph), label).clicked()
    };
    ui.vertical_centered(button).inner
}

/// A line over content that is older than the draft.
pub fn stale(ui: &mut Ui, text: &str) {
    banner(ui, Glyph::History, colours(ui).warning, colours(ui).refer_soft, text);
}

/// A line that says something went wrong while the content stays.
pub fn failed(ui: &mut Ui, text: &str) {
    banner(ui, Glyph::CircleX, colours(ui).error, colours(ui).decline_soft, text);
}

pub fn banner(ui: &mut Ui, glyph: Glyph, colour: Color32, ground: Color32, text: &str) {
    #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
    let margin = Margin::symmetric(space().medium as i8, space().tiny as i8);
    Frame::new().fill(ground).inner_margin(margin).corner_radius(rounded()).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(icons::small(glyph, colour));
            ui.add(Label::new(RichText::new(text).font(theme::small()).color(colour)).truncate());
        });
    });
}
