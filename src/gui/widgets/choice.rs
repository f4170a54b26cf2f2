//! Choosing one of a few, and small forms below a button.

use eframe::egui::{Align, ComboBox, Layout, Popup, PopupCloseBehavior, PopupKind, Response, Ui};

use crate::gui::theme::metrics;

/// One of a few; the one that was chosen. `other` is shown while `now` is none of them.
pub fn one_of<T: Clone + PartialEq>(ui: &mut Ui, label: &str, now: &T, all: &[(T, String)], other: &str, width: f32) -> Option<T> {
    let selected = all.iter().find(|(value, _)| value == now).map_or(other, |(_, words)| words);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(label).selected_text(selected).width(width).truncate();
    let response = combo.height(metrics().popup_height).show_ui(ui, |ui| {
        for (value, words) in all {
            if ui.selectable_label(value == now, words).clicked() {
                chosen = Some(value.clone());
            }
        }
    });
    let _ = response.response.accessible_name(label);
    chosen
}

/// A form below a button: open until somebody clicks elsewhere, its controls edged as in any panel.
pub fn form(below: &Response, width: f32, contents: impl FnOnce(&mut Ui)) {
    Popup::from_toggle_button_response(below)
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .gap(0.0)
        .width(width)
        .show(contents);
}
