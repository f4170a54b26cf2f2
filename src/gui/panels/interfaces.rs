//! Load of the interfaces over time, against what they carry.

use eframe::egui::Ui;

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::widgets::state;
use crate::gui::words::{say, text};
use crate::session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Interfaces;

impl Interfaces {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let _ = (session, out);
        let title = say(ui, text("No load is known", "暂无负载数据"));
        state::empty(
            ui,
            Glyph::Network,
            title,
            say(ui, text("Load requests to see what each interface carries", "载入请求后查看各接口的负载")),
        );
    }
}
