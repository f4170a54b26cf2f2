//! One panel a file. A panel keeps what only matters on the screen, reads the session, and pushes what it wants into the outbox:
//! `fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox)`.

pub mod cases;
pub mod changes;
pub mod charts;
pub mod editor;
pub mod explain;
mod flips;
pub mod impact;
pub mod inspector;
pub mod interfaces;
pub mod journal;
pub mod lists;
pub mod path_field;
mod plots;
pub mod problems;
pub mod releases;
pub mod requests;
pub mod rules;
pub mod schema;
mod standing;
#[cfg(test)]
mod testing;
pub mod text_files;
pub mod welcome;

use eframe::egui::Ui;

use super::outbox::{Outbox, Tab};
use countersign_session::Session;

/// The width a part of a panel begins with: what it wants, but no more than a share of the room.
fn part_width(ui: &Ui, wanted: f32, share: f32) -> f32 {
    wanted.min(ui.available_width() * share)
}

#[derive(Default)]
pub struct Panels {
    pub rules: rules::RulesPanel,
    pub editor: editor::EditorPanel,
    pub problems: problems::ProblemsPanel,
    pub inspector: inspector::InspectorPanel,
    pub requests: requests::RequestsPanel,
    pub explain: explain::ExplainPanel,
    pub impact: impact::ImpactPanel,
    pub interfaces: interfaces::InterfacesPanel,
    pub charts: charts::ChartsPanel,
    pub cases: cases::CasesPanel,
    pub lists: lists::ListsPanel,
    pub schema: schema::SchemaPanel,
    pub releases: releases::ReleasesPanel,
    pub journal: journal::JournalPanel,
}

impl Panels {
    pub fn show_tab(&mut self, tab: Tab, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        match tab {
            Tab::Requests => self.requests.show(ui, session, out),
            Tab::Explain => self.explain.show(ui, session, out),
            Tab::Impact => self.impact.show(ui, session, out),
            Tab::Interfaces => self.interfaces.show(ui, session, out),
            Tab::Charts => self.charts.show(ui, session, out),
            Tab::Cases => self.cases.show(ui, session, out),
            Tab::Lists => self.lists.show(ui, session, out),
            Tab::Schema => self.schema.show(ui, session, out),
        }
    }
}
