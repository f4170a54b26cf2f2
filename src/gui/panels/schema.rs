//! The fields scripts may use, and the reasons they may give.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Schema;

impl Schema {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("No schema", "没有字段定义"));
        state::empty(
            ui,
            Glyph::Database,
            title,
            say(ui, text("Open a workspace to see its fields and reasons", "打开工作区后查看字段与原因码")),
        );
    }
}
