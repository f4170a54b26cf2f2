//! One request's way through the stages and rules.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Explain;

impl Explain {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("No request is chosen", "未选择请求"));
        state::empty(
            ui,
            Glyph::Waypoints,
            title,
            say(
                ui,
                text(
                    "Choose a request in the table to see its way through the rules",
                    "在请求表中选择一条请求，查看其经过各规则的过程",
                ),
            ),
        );
    }
}
