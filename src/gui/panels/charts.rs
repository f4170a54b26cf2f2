//! Figures as pictures.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Charts;

impl Charts {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("No figures yet", "暂无图表"));
        state::empty(
            ui,
            Glyph::ChartColumn,
            title,
            say(ui, text("Load requests to see shares, hits and scores", "载入请求后查看结论占比、命中与评分分布")),
        );
    }
}
