//! The form of a reason: code, what it says, the codes on the wire.

use eframe::egui::Ui;

use super::{beside, both, decide, form, line, refusal};
use crate::gui::outbox::Outbox;
use crate::gui::words::{local, say, text};
use countersign_core::model::{Reason, ReasonId};
use countersign_core::text::LocalText;
use countersign_session::{Action, Session, TextAction};

/// What is typed, and whose it is.
#[derive(Default)]
pub struct ReasonDefinitions {
    chosen: Option<String>,
    code: String,
    text: LocalText,
    wire: String,
    iso: String,
}

impl ReasonDefinitions {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().reasons;
        if self.chosen.as_ref().is_some_and(|chosen| !held.keys().any(|id| id.as_str() == chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|(id, reason)| (id.to_string(), local(ui, &reason.text).into_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_deref(), |ui| {
            form(ui, self, Self::body, |this, ui| this.send(ui, session, out));
        });
        if let Some(asked) = asked {
            self.take(session, asked.name());
        }
    }

    /// Shows a reason in the form; none for a new one.
    pub fn take(&mut self, session: &Session, chosen: Option<String>) {
        *self = Self::default();
        let held = &session.document().rule_set().reasons;
        if let Some((id, reason)) = chosen.as_deref().and_then(|code| held.get_key_value(code)) {
            let Reason { text, wire, iso8583 } = reason.clone();
            *self = Self { code: id.to_string(), chosen, text, wire, iso: iso8583.unwrap_or_default() };
        }
    }

    fn body(&mut self, ui: &mut Ui) {
        line(ui, say(ui, text("Code", "原因码")), &mut self.code, "NEW_REASON");
        both(ui, say(ui, text("What it says", "说明")), &mut self.text);
        line(ui, say(ui, text("On the wire", "应答码")), &mut self.wire, "PB511019");
        line(ui, say(ui, text("ISO 8583 field 39", "ISO 8583 第 39 域")), &mut self.iso, "05");
    }

    /// What is wrong with what is typed.
    fn refused(&self, session: &Session) -> Option<LocalText> {
        let reasons = &session.document().rule_set().reasons;
        match ReasonId::new(self.code.trim()) {
            Err(_) => Some(LocalText::new(
                "the code starts with a capital letter; capital letters, digits and _ follow",
                "原因码以大写字母开头，仅含大写字母、数字和 _",
            )),
            Ok(id) if self.chosen.as_deref() != Some(id.as_str()) && reasons.contains_key(&id) => {
                Some(LocalText::new("there is a reason of that code already", "已有相同的原因码"))
            }
            Ok(_) if self.wire.trim().is_empty() => Some(LocalText::new("say what is sent on the wire", "请填写应答码")),
            Ok(_) => None,
        }
    }

    fn send(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let why = self.refused(session);
        let (save, remove) = decide(ui, self.chosen.is_none(), why.is_none());
        if let Some(why) = why.filter(|_| !self.code.is_empty()) {
            refusal(ui, &why);
        }
        let before = self.chosen.as_ref().and_then(|chosen| ReasonId::new(chosen).ok());
        let mut act = |action| out.push(Action::Text(action));
        if let (true, Ok(id)) = (save, ReasonId::new(self.code.trim())) {
            if let Some(before) = before.filter(|before| *before != id) {
                act(TextAction::RenameReason(before, id.clone()));
            }
            let iso8583 = Some(self.iso.trim().to_owned()).filter(|iso| !iso.is_empty());
            let reason = Reason { text: self.text.clone(), wire: self.wire.trim().to_owned(), iso8583 };
            act(TextAction::SetReason(id, reason));
            *self = Self::default();
        } else if let (true, Some(before)) = (remove, before) {
            act(TextAction::RemoveReason(before));
        }
    }
}
