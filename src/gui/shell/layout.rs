//! Where panels stand: rules on the left, the inspector on the right, tabs below, the editor with its problems in the middle.

use eframe::egui::{CentralPanel, Color32, Frame, Panel, Sense, Ui, UiBuilder};

use super::tabs;
use crate::gui::outbox::{Outbox, Tab};
use crate::gui::panels::Panels;
use crate::gui::theme::{colours, metrics};
use crate::session::Session;

/// Shows the panels; `reset` is part of their names, so that another number forgets their sizes.
pub fn show(ui: &mut Ui, reset: u64, tab: &mut Tab, panels: &mut Panels, session: &Session, out: &mut Outbox) {
    let (c, m) = (colours(ui), metrics());
    let ground = |colour: Color32| Frame::new().fill(colour);
    let height = ui.available_height();
    Panel::bottom(("tabs", reset))
        .frame(ground(c.canvas))
        .resizable(true)
        .default_size(m.tabs_height.min(height * 0.45))
        .size_range(m.tab_bar..=(height - m.problems_height).max(m.tab_bar))
        .show(ui, |ui| contained(ui, |ui| tabs::show(ui, tab, panels, session, out)));
    Panel::left(("rules", reset))
        .frame(ground(c.panel))
        .default_size(m.rules_width)
        .size_range(m.rules_width * 0.6..=m.rules_width * 2.0)
        .show(ui, |ui| contained(ui, |ui| panels.rules.show(ui, session, out)));
    Panel::right(("inspector", reset))
        .frame(ground(c.panel))
        .default_size(m.inspector_width)
        .size_range(m.inspector_width * 0.7..=m.inspector_width * 2.0)
        .show(ui, |ui| contained(ui, |ui| panels.inspector.show(ui, session, out)));
    let height = ui.available_height();
    Panel::bottom(("problems", reset))
        .frame(ground(c.panel))
        .resizable(true)
        .default_size(m.problems_height)
        .size_range(m.section..=(height - m.problems_height).max(m.section))
        .show(ui, |ui| contained(ui, |ui| panels.problems.show(ui, session, out)));
    CentralPanel::default().frame(ground(c.canvas)).show(ui, |ui| contained(ui, |ui| panels.editor.show(ui, session, out)));
}

/// Shows something in just the room there is: what does not fit is cut off and never makes the panel grow.
fn contained(ui: &mut Ui, show: impl FnOnce(&mut Ui)) {
    let room = ui.available_rect_before_wrap();
    let mut part = ui.new_child(UiBuilder::new().max_rect(room));
    part.shrink_clip_rect(room);
    show(&mut part);
    ui.allocate_rect(room, Sense::hover());
}
