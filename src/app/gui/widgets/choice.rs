//! Choosing one of a few, and small forms below a button.

use eframe::egui::{Align, ComboBox, Layout, Popup, PopupCloseBehavior, PopupKind, Response, Ui};

use crate::gui::theme::metrics;
use crate::gui::words::{self, say};
use countersign_core::model::{FieldType, Verdict};

/// One of a few; the one that was chosen. `other` is shown while `now` is none of them.
pub fn one_of<T: Clone + PartialEq>(ui: &mut Ui, label: &str, now: &T, all: &[(T, String)], other: &str, width: f32) -> Option<T> {
    let selected = all.iter().find(|(value, _)| value == now).map_or(other, |(_, words)| words);
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(label).selected_text(selected).width(width).truncate().height(metrics().popup_height);
    ui.scope(|ui| {
        // As wide as asked, however long the chosen one is.
        ui.set_max_width(width);
        let response = combo.show_ui(ui, |ui| {
            for (value, words) in all {
                if ui.selectable_label(value == now, words).clicked() {
                    chosen = Some(value.clone());
                }
            }
        });
        let _ = response.response.accessible_name(label);
    });
    chosen
}

/// One of the four verdicts, from the mildest that is offered on.
pub fn verdict(ui: &mut Ui, label: &str, now: Verdict, least: Verdict, width: f32) -> Option<Verdict> {
    let offered = Verdict::ALL.into_iter().filter(|verdict| *verdict >= least);
    let all: Vec<_> = offered.map(|verdict| (verdict, say(ui, words::verdict(verdict)).to_owned())).collect();
    one_of(ui, label, &now, &all, "", width)
}

/// The type of a field or a parameter; another type starts without values.
pub fn field_type(ui: &mut Ui, label: &str, kind: &mut FieldType, width: f32) {
    let all = FieldType::all();
    let names: Vec<_> = all.iter().map(|kind| (kind.name(), say(ui, kind.text()).to_owned())).collect();
    let now = kind.name();
    if let Some(chosen) = one_of(ui, label, &now, &names, now, width).filter(|chosen| *chosen != now) {
        all.into_iter().filter(|held| held.name() == chosen).for_each(|held| *kind = held);
    }
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
