//! The form of a list: name, what its entries are, title. Entries have a panel of their own.

use eframe::egui::Ui;

use super::{beside, both, decide, form, line, refusal};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, space};
use crate::gui::widgets::section;
use crate::gui::words::{local, say, text};
use countersign_core::model::{ListId, ListType};
use countersign_core::text::LocalText;
use countersign_session::{Action, ListAction, Session};

/// What is typed, and whose it is.
#[derive(Default)]
pub struct ListDefinitions {
    chosen: Option<String>,
    id: String,
    of_numbers: bool,
    title: LocalText,
}

impl ListDefinitions {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().lists;
        if self.chosen.as_ref().is_some_and(|chosen| !held.keys().any(|id| id.as_str() == chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|(id, list)| (id.to_string(), local(ui, &list.title).into_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_deref(), |ui| {
            form(ui, self, Self::body, |this, ui| this.send(ui, session, out));
        });
        if let Some(asked) = asked.map(super::DefinitionChoice::name) {
            *self = Self::default();
            let id = asked.as_ref().and_then(|id| ListId::new(id).ok());
            if let Some((id, list)) = id.and_then(|id| held.get_key_value(&id)) {
                let of_numbers = list.kind == ListType::Int;
                *self = Self { chosen: asked, id: id.to_string(), of_numbers, title: list.title.clone() };
            }
        }
    }

    fn body(&mut self, ui: &mut Ui) {
        line(ui, say(ui, text("Name in scripts", "脚本中的名称")), &mut self.id, "blocked_ids");
        section::property(ui, say(ui, text("Entries", "条目类型")), |ui| {
            ui.add_enabled_ui(self.chosen.is_none(), |ui| {
                for (of_numbers, name) in [(false, text("Texts", "文本")), (true, text("Whole numbers", "整数"))] {
                    if ui.selectable_label(self.of_numbers == of_numbers, say(ui, name)).clicked() {
                        self.of_numbers = of_numbers;
                    }
                }
            });
        });
        both(ui, say(ui, text("Title", "标题")), &mut self.title);
        ui.add_space(space().small);
        let words = text(
            "The entries are in a file under lists/, edited in the panel Lists",
            "条目存于 lists/ 下的文件，在“名单”面板中编辑",
        );
        section::property(ui, "", |ui| ui.label(theme::weak(ui, say(ui, words))));
    }

    fn send(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let lists = &session.document().rule_set().lists;
        let id = ListId::new(self.id.trim());
        let is_taken = |id: &ListId| self.chosen.as_deref() != Some(id.as_str()) && lists.contains_key(id);
        let why = match &id {
            Err(_) => Some(super::name_form()),
            Ok(id) => is_taken(id).then(|| LocalText::new("there is a list of that name already", "已有同名名单")),
        };
        let (save, remove) = decide(ui, self.chosen.is_none(), why.is_none());
        if let Some(why) = why.filter(|_| !self.id.is_empty()) {
            refusal(ui, &why);
        }
        let before = self.chosen.as_ref().and_then(|chosen| ListId::new(chosen).ok());
        let mut act = |action| out.push(Action::List(action));
        match (save, id.ok(), before) {
            (true, Some(id), None) => {
                let kind = if self.of_numbers { ListType::Int } else { ListType::Text };
                act(ListAction::Create(id, kind, self.title.clone()));
                *self = Self::default();
            }
            (true, Some(id), Some(before)) => {
                if before != id {
                    act(ListAction::Rename(before, id.clone()));
                }
                act(ListAction::SetTitle(id, self.title.clone()));
                *self = Self::default();
            }
            (false, _, Some(before)) if remove => act(ListAction::Delete(before)),
            _ => {}
        }
    }
}
