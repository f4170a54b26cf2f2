//! The form of a list: name, what its entries are, title. Entries have a panel of their own.

use eframe::egui::Ui;

use super::{beside, both, line, refusal};
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, space};
use crate::gui::widgets::{button, section};
use crate::gui::words::{local, say, text};
use crate::model::{ListId, ListType};
use crate::session::{Action, ListAction, Session};
use crate::text::LocalText;

/// What is typed, and whose it is.
#[derive(Default)]
pub struct Lists {
    chosen: Option<String>,
    id: String,
    of_numbers: bool,
    title: LocalText,
}

impl Lists {
    /// Shows names and form.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().lists;
        if self.chosen.as_ref().is_some_and(|chosen| !held.keys().any(|id| id.as_str() == chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|(id, list)| (id.to_string(), local(ui, &list.title).to_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_deref(), |ui| self.form(ui, session, out));
        if let Some(asked) = asked.map(super::Choice::name) {
            *self = Self::default();
            let id = asked.as_ref().and_then(|id| ListId::new(id).ok());
            if let Some((id, list)) = id.and_then(|id| held.get_key_value(&id)) {
                let of_numbers = list.kind == ListType::Int;
                *self = Self { chosen: asked, id: id.to_string(), of_numbers, title: list.title.clone() };
            }
        }
    }

    fn form(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let label = say(ui, text("Name in scripts", "脚本中的名称"));
        let is_new = self.chosen.is_none();
        ui.add_enabled_ui(is_new, |ui| line(ui, label, &mut self.id, "blocked_ids"));
        section::property(ui, say(ui, text("Entries", "条目类型")), |ui| {
            ui.add_enabled_ui(is_new, |ui| {
                for (of_numbers, name) in [(false, text("Texts", "文本")), (true, text("Whole numbers", "整数"))] {
                    if ui.selectable_label(self.of_numbers == of_numbers, say(ui, name)).clicked() {
                        self.of_numbers = of_numbers;
                    }
                }
            });
        });
        both(ui, say(ui, text("Title", "标题")), &mut self.title);
        ui.add_space(space().small);
        let id = ListId::new(self.id.trim());
        let is_taken = is_new && id.as_ref().is_ok_and(|id| session.document().rule_set().lists.contains_key(id));
        let (mut save, mut remove) = (false, false);
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            ui.add_enabled_ui(id.is_ok() && !is_taken, |ui| {
                let words = if is_new { text("Add", "新增") } else { text("Change", "修改") };
                save = button::primary(ui, None, say(ui, words)).clicked();
            });
            if !is_new {
                remove = button::ghost(ui, Some(Glyph::Trash2), say(ui, text("Remove", "删除"))).clicked();
            }
        });
        if is_taken {
            refusal(ui, &LocalText::new("there is a list of that name already", "已有同名名单"));
        }
        let words = text(
            "The entries stand in a file under lists/, edited in the panel Lists",
            "条目存于 lists/ 下的文件，在“名单”面板中编辑",
        );
        ui.label(theme::weak(ui, say(ui, words)));
        let Ok(id) = id else { return };
        if save && is_new {
            let kind = if self.of_numbers { ListType::Int } else { ListType::Text };
            out.push(Action::List(ListAction::Create(id, kind, self.title.clone())));
            *self = Self::default();
        } else if save {
            out.push(Action::List(ListAction::SetTitle(id, self.title.clone())));
        } else if remove {
            out.push(Action::List(ListAction::Delete(id)));
        }
    }
}
