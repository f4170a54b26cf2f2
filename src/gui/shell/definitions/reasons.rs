//! The form of a reason: code, what it says, the codes on the wire.

use eframe::egui::Ui;

use super::{beside, both, line};
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::space;
use crate::gui::widgets::button;
use crate::gui::words::{local, say, text};
use crate::model::{Reason, ReasonId};
use crate::session::{Action, Session, TextAction};
use crate::text::LocalText;

/// What is typed, and whose it is.
#[derive(Default)]
pub struct Reasons {
    chosen: Option<String>,
    code: String,
    text: LocalText,
    wire: String,
    iso: String,
}

impl Reasons {
    /// Shows codes and form.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().reasons;
        if self.chosen.as_ref().is_some_and(|chosen| !held.keys().any(|id| id.as_str() == chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|(id, reason)| (id.to_string(), local(ui, &reason.text).to_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_deref(), |ui| self.form(ui, out));
        if let Some(asked) = asked.map(super::Choice::name) {
            *self = Self::default();
            let id = asked.as_ref().and_then(|id| ReasonId::new(id).ok());
            if let Some((id, reason)) = id.and_then(|id| held.get_key_value(&id)) {
                let Reason { text, wire, iso8583 } = reason.clone();
                *self = Self { chosen: asked, code: id.to_string(), text, wire, iso: iso8583.unwrap_or_default() };
            }
        }
    }

    fn form(&mut self, ui: &mut Ui, out: &mut Outbox) {
        let is_new = self.chosen.is_none();
        let label = say(ui, text("Code", "原因码"));
        ui.add_enabled_ui(is_new, |ui| line(ui, label, &mut self.code, "NEW_REASON"));
        both(ui, say(ui, text("What it says", "说明")), &mut self.text);
        line(ui, say(ui, text("On the wire", "应答码")), &mut self.wire, "PB511019");
        line(ui, say(ui, text("ISO 8583 field 39", "ISO 8583 第 39 域")), &mut self.iso, "05");
        ui.add_space(space().small);
        let id = ReasonId::new(self.code.trim());
        let (mut save, mut remove) = (false, false);
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            ui.add_enabled_ui(id.is_ok() && !self.wire.trim().is_empty(), |ui| {
                let words = if is_new { text("Add", "新增") } else { text("Change", "修改") };
                save = button::primary(ui, None, say(ui, words)).clicked();
            });
            if !is_new {
                remove = button::ghost(ui, Some(Glyph::Trash2), say(ui, text("Remove", "删除"))).clicked();
            }
        });
        let Ok(id) = id else { return };
        if save {
            let iso8583 = Some(self.iso.trim().to_owned()).filter(|iso| !iso.is_empty());
            let reason = Reason { text: self.text.clone(), wire: self.wire.trim().to_owned(), iso8583 };
            out.push(Action::Text(TextAction::SetReason(id, reason)));
            *self = Self::default();
        } else if remove {
            out.push(Action::Text(TextAction::RemoveReason(id)));
        }
    }
}
