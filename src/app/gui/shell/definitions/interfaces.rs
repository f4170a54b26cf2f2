//! The form of an interface: id, title, how many requests it carries a second.

use eframe::egui::{Label, Ui};

use super::{beside, both, decide, form, line, refusal};
use crate::gui::outbox::Outbox;
use crate::gui::theme;
use crate::gui::widgets::section;
use crate::gui::words::{language, local, say, text};
use countersign_core::model::{Interface, InterfaceId};
use countersign_core::text::{Language, LocalText};
use countersign_session::{Action, Session, TextAction, fields_of_interface};

/// What is typed, and whose it is.
#[derive(Default)]
pub struct InterfaceDefinitions {
    chosen: Option<InterfaceId>,
    id: String,
    title: LocalText,
    capacity: String,
}

impl InterfaceDefinitions {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().interfaces;
        // Renamed, removed or undone meanwhile.
        if self.chosen.as_ref().is_some_and(|chosen| !held.contains_key(chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|(id, interface)| (id.to_string(), local(ui, &interface.title).into_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_ref().map(InterfaceId::as_str), |ui| {
            form(ui, self, |this, ui| this.body(ui, session), |this, ui| this.send(ui, session, out));
        });
        if let Some(asked) = asked {
            self.take(session, asked.name().as_deref());
        }
    }

    /// Shows an interface in the form; none for a new one.
    fn take(&mut self, session: &Session, chosen: Option<&str>) {
        *self = Self::default();
        let held = &session.document().rule_set().interfaces;
        if let Some((id, interface)) = chosen.and_then(|id| held.get_key_value(id)) {
            let capacity = interface.capacity_per_second.map(|capacity| capacity.to_string()).unwrap_or_default();
            *self = Self { chosen: Some(id.clone()), id: id.to_string(), title: interface.title.clone(), capacity };
        }
    }

    fn body(&mut self, ui: &mut Ui, session: &Session) {
        line(ui, say(ui, text("Id", "标识")), &mut self.id, "zhejiang");
        both(ui, say(ui, text("Title", "标题")), &mut self.title);
        let hint = say(ui, text("not known", "未知"));
        line(ui, say(ui, text("Requests a second", "每秒请求数")), &mut self.capacity, hint);
        let is_renamed = |id: &&InterfaceId| id.as_str() != self.id.trim();
        let Some(before) = self.chosen.as_ref().filter(is_renamed) else { return };
        let fields: Vec<String> =
            fields_of_interface(session.document().definition(), before).iter().map(ToString::to_string).collect();
        if fields.is_empty() {
            return;
        }
        let fields = fields.join(", ");
        let words = match language(ui.ctx()) {
            Language::En => format!("{fields} gets the new id too: request files must say it, or a mapping must"),
            Language::Zh => format!("{fields} 的取值将一并改名：请求文件或其映射须使用新标识"),
        };
        section::property(ui, "", |ui| ui.add(Label::new(theme::weak(ui, words)).wrap()));
    }

    /// The interface as it is typed, or what is wrong with it.
    fn understand(&self, session: &Session) -> Result<(InterfaceId, Interface), LocalText> {
        let id = InterfaceId::new(self.id.trim()).map_err(|_| super::name_form())?;
        if self.chosen.as_ref() != Some(&id) && session.document().rule_set().interfaces.contains_key(&id) {
            return Err(LocalText::new("there is an interface of that name already", "已有同名接口"));
        }
        let wrong = || LocalText::new("requests a second are a whole number from 1 on", "每秒请求数应为不小于 1 的整数");
        let capacity = match self.capacity.trim() {
            "" => None,
            typed => Some(typed.parse().ok().filter(|capacity| *capacity > 0).ok_or_else(wrong)?),
        };
        Ok((id, Interface { title: self.title.clone(), capacity_per_second: capacity }))
    }

    fn send(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let made = self.understand(session);
        let (save, remove) = decide(ui, self.chosen.is_none(), made.is_ok());
        if let Some(why) = made.as_ref().err().filter(|_| !self.id.is_empty()) {
            refusal(ui, why);
        }
        let mut act = |action| out.push(Action::Text(action));
        match (made, self.chosen.clone()) {
            (Ok((id, interface)), before) if save => {
                if let Some(before) = before.filter(|before| *before != id) {
                    act(TextAction::RenameInterface(before, id.clone()));
                }
                act(TextAction::SetInterface(id, interface));
                *self = Self::default();
            }
            (_, Some(before)) if remove => act(TextAction::RemoveInterface(before)),
            _ => {}
        }
    }
}
