//! What the edits change: live against draft.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Impact;

impl Impact {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("Nothing to compare", "暂无对比"));
        state::empty(
            ui,
            Glyph::GitCompareArrows,
            title,
            say(
                ui,
                text(
                    "Load requests and edit a rule: whose decision changes is shown here",
                    "载入请求并编辑规则后，此处显示哪些请求的结论发生变化",
                ),
            ),
        );
    }
}
