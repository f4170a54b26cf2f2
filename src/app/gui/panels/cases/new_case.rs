//! A new case: an id, and the template it starts from.

use eframe::egui::{ComboBox, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{metrics, space};
use crate::gui::widgets::{button, field, section};
use crate::gui::words::{say, text};
use countersign_core::model::RuleId;
use countersign_core::text::LocalText;
use countersign_session::{Action, CaseAction, Session};

#[derive(Default)]
pub struct NewCase {
    is_open: bool,
    id: String,
    from: Option<String>,
}

impl NewCase {
    pub fn button(&mut self, ui: &mut Ui) {
        if button::switch(ui, Glyph::Plus, say(ui, text("New case", "新增用例")), self.is_open).clicked() {
            self.is_open = !self.is_open;
        }
    }

    pub fn is_open(&self) -> bool {
        self.is_open
    }

    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// The form, while it is open.
    pub fn form(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let label = say(ui, text("Id", "标识"));
        section::property(ui, label, |ui| {
            let width = ui.available_width() - space().medium;
            field::text(ui, &mut self.id, say(ui, text("Id of the new case", "新用例标识")), "new_customer_declined", width);
        });
        section::property(ui, say(ui, text("Template", "模板")), |ui| {
            template(ui, session, &mut self.from);
        });
        let id = RuleId::new(&self.id).ok();
        section::property(ui, "", |ui| {
            ui.add_enabled_ui(id.is_some() && session.document().is_editable(), |ui| {
                let add = button::primary(ui, None, say(ui, text("Add", "新增")));
                let hint = text("An id has small letters, digits and _", "标识由小写字母、数字和下划线组成");
                let add = add.on_disabled_hover_text(say(ui, hint));
                if let (true, Some(id)) = (add.clicked(), id) {
                    let title = LocalText::same(id.as_str());
                    out.push(Action::Case(CaseAction::New { id, title, from: self.from.clone() }));
                    *self = Self::default();
                }
            });
            if button::ghost(ui, None, say(ui, text("Cancel", "取消"))).clicked() {
                *self = Self::default();
            }
        });
        ui.add_space(space().small);
    }
}

pub fn template(ui: &mut Ui, session: &Session, chosen: &mut Option<String>) {
    let none = say(ui, text("none", "无"));
    let shown = chosen.clone().unwrap_or_else(|| none.to_owned());
    let width = metrics().field_width + metrics().hit_bar;
    let combo = ComboBox::from_id_salt("template").selected_text(shown).width(width).show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, none);
        for name in session.document().cases().templates.keys() {
            ui.selectable_value(chosen, Some(name.clone()), name);
        }
    });
    let _ = combo.response.accessible_name(say(ui, text("Template", "模板")));
}
