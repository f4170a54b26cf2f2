//! Lists of the rule set with their entries.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Lists;

impl Lists {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("No lists", "没有名单"));
        state::empty(ui, Glyph::List, title, say(ui, text("Lists of the workspace are shown here", "工作区中的名单显示在此处")));
    }
}
