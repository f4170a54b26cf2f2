//! Regression cases: what each must give, and what it gives.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Cases;

impl Cases {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("No cases", "没有用例"));
        state::empty(
            ui,
            Glyph::ListChecks,
            title,
            say(ui, text("Save a request as a case to keep its decision", "可将请求保存为用例以固定其结论")),
        );
    }
}
