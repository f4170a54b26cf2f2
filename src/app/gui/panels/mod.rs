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
pub mod mend;
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
pub mod welcome;

use eframe::egui::Ui;

use super::outbox::{Outbox, Tab};
use countersign_session::Session;

/// The width a part of a panel begins with: what it wants, but no more than a share of the room.
fn part_width(ui: &Ui, wanted: f32, share: f32) -> f32 {
    wanted.min(ui.available_width() * share)
}

/// Every panel with what it keeps.
#[derive(Default)]
pub struct Panels {
    /// Stages and rules.
    pub rules: rules::Rules,
    /// The script.
    pub editor: editor::Script,
    /// Findings.
    pub problems: problems::Problems,
    /// The chosen rule.
    pub inspector: inspector::Inspector,
    /// The table of requests.
    pub requests: requests::Requests,
    /// One request's way.
    pub explain: explain::Explain,
    /// What the edits change.
    pub impact: impact::Impact,
    /// Load of the interfaces.
    pub interfaces: interfaces::Interfaces,
    /// Figures as pictures.
    pub charts: charts::Charts,
    /// Regression cases.
    pub cases: cases::Cases,
    /// Lists.
    pub lists: lists::Lists,
    /// Fields and reasons.
    pub schema: schema::Schema,
    /// The workspace's releases.
    pub releases: releases::Releases,
    /// Who did what to them.
    pub journal: journal::Journal,
}

impl Panels {
    /// Shows the panel of a tab.
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
