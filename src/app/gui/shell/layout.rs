//! Where panels stand: rules on the left, the inspector on the right, tabs below, the editor with its problems in the middle.

use eframe::egui::{CentralPanel, Color32, Frame, Panel, Rect, Sense, Ui, UiBuilder};

use super::kept::Sizes;
use super::tabs;
use crate::gui::outbox::{Outbox, Tab};
use crate::gui::panels::Panels;
use crate::gui::theme::{colours, metrics};
use countersign_session::Session;

/// Where panels stand, and what they had in the last run.
#[derive(Default)]
pub struct PanelSizes {
    /// Part of the panels' names: another number forgets their sizes.
    pub reset: u64,
    pub first: Sizes,
}

/// Shows the panels; gives their sizes.
pub fn show(ui: &mut Ui, layout: &PanelSizes, tab: &mut Tab, panels: &mut Panels, session: &Session, out: &mut Outbox) -> Sizes {
    let (reset, first) = (layout.reset, &layout.first);
    let (c, m) = (colours(ui), metrics());
    let ground = |colour: Color32| Frame::new().fill(colour);
    let height = ui.available_height();
    // Neither side may leave the middle without room.
    let side = |least: f32, most: f32| least..=(ui.available_width() * 0.3).clamp(least, most);
    let (rules_range, inspector_range) =
        (side(m.rules_width * 0.6, m.rules_width * 2.0), side(m.inspector_width * 0.7, m.inspector_width * 2.0));
    let tabs = Panel::bottom(("tabs", reset))
        .frame(ground(c.canvas))
        .resizable(true)
        .default_size(first.tabs.unwrap_or_else(|| m.tabs_height.min(height * 0.45)))
        .size_range(m.tab_bar..=(height - m.problems_height).max(m.tab_bar))
        .show(ui, |ui| contained(ui, |ui| tabs::show(ui, tab, panels, session, out)));
    let rules = Panel::left(("rules", reset))
        .frame(ground(c.panel))
        .default_size(first.rules.unwrap_or(m.rules_width))
        .size_range(rules_range)
        .show(ui, |ui| contained(ui, |ui| panels.rules.show(ui, session, out)));
    let inspector = Panel::right(("inspector", reset))
        .frame(ground(c.panel))
        .default_size(first.inspector.unwrap_or(m.inspector_width))
        .size_range(inspector_range)
        .show(ui, |ui| contained(ui, |ui| panels.inspector.show(ui, session, out)));
    let height = ui.available_height();
    let problems = Panel::bottom(("problems", reset))
        .frame(ground(c.panel))
        .resizable(true)
        .default_size(first.problems.unwrap_or(m.problems_height))
        .size_range(m.section..=(height - m.problems_height).max(m.section))
        .show(ui, |ui| contained(ui, |ui| panels.problems.show(ui, session, out)));
    CentralPanel::default().frame(ground(c.canvas)).show(ui, |ui| contained(ui, |ui| panels.editor.show(ui, session, out)));
    let (wide, high) = (|rect: Rect| Some(rect.width()), |rect: Rect| Some(rect.height()));
    Sizes {
        tabs: high(tabs.response.rect),
        rules: wide(rules.response.rect),
        inspector: wide(inspector.response.rect),
        problems: high(problems.response.rect),
    }
}

/// Shows something in just the room there is: what does not fit is cut off and never makes the panel grow.
fn contained(ui: &mut Ui, show: impl FnOnce(&mut Ui)) {
    let room = ui.available_rect_before_wrap();
    let mut part = ui.new_child(UiBuilder::new().max_rect(room));
    part.shrink_clip_rect(room);
    show(&mut part);
    ui.allocate_rect(room, Sense::hover());
}
