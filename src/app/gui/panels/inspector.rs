//! The chosen rule's form, and the parameters with their ranges.

mod form;
mod parameters;
mod sweep;

use eframe::egui::{ScrollArea, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::space;
use crate::gui::widgets::{section, state};
use crate::gui::words::{say, text};
use countersign_session::Session;

/// What the panel keeps.
#[derive(Default)]
pub struct Inspector {
    parameters: parameters::Parameters,
}

impl Inspector {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = space().tiny;
        if !session.document().is_editable() {
            let hint = say(ui, text("Open a workspace to see its rules", "打开工作区以查看规则"));
            return state::empty(ui, Glyph::SlidersHorizontal, say(ui, text("Nothing to inspect", "暂无内容")), hint);
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            Self::form(ui, session, out);
            section::rule(ui);
            self.parameters.show(ui, session, out);
            ui.add_space(space().huge);
        });
    }
}
