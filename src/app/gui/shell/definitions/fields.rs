//! The form of a field of the schema: name, type, values, unit, meaning, whether it may be missing or tells who somebody is.

use eframe::egui::Ui;

use super::{beside, both, decide, form, line, refusal};
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{metrics, space};
use crate::gui::widgets::{button, choice, field, section};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::{FieldName, FieldType};
use countersign_core::text::{Language, LocalText, normalized};
use countersign_session::{Action, FieldAction, FieldSpec, Session};

/// What is typed, and whose it is.
pub struct FieldDefinitions {
    chosen: Option<String>,
    name: String,
    spec: FieldSpec,
    /// The values of an enum as they are typed: two may be the same for a while.
    values: Vec<(String, LocalText)>,
}

impl Default for FieldDefinitions {
    fn default() -> Self {
        let (text, unit) = (LocalText::default(), LocalText::default());
        let spec =
            FieldSpec { kind: FieldType::Text, optional: true, text, unit, personal: false, as_written: false, identifier: false };
        Self { chosen: None, name: String::new(), spec, values: Vec::new() }
    }
}

impl FieldDefinitions {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let schema = &session.document().definition().schema;
        // Renamed, removed or undone meanwhile.
        if self.chosen.as_ref().is_some_and(|chosen| schema.find(chosen).is_none()) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            schema.fields().map(|(_, name, field)| (name, local(ui, &field.text).into_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_deref(), |ui| {
            form(ui, self, Self::body, |this, ui| this.send(ui, session, out));
        });
        if let Some(asked) = asked {
            self.take(session, asked.name());
        }
    }

    /// Shows a field in the form; none for a new one.
    pub fn take(&mut self, session: &Session, chosen: Option<String>) {
        *self = Self::default();
        let Some(name) = chosen else { return };
        if let Some((_, field)) = session.document().definition().schema.find(&name) {
            let spec = FieldSpec::of(field);
            let values = match &spec.kind {
                FieldType::Enum(known) => known.values.iter().map(|(value, text)| (value.clone(), text.clone())).collect(),
                _ => Vec::new(),
            };
            *self = Self { chosen: Some(name.clone()), name, spec, values };
        }
    }

    fn body(&mut self, ui: &mut Ui) {
        line(ui, say(ui, text("Name in scripts", "脚本中的名称")), &mut self.name, "customer.age");
        self.kind(ui);
        if matches!(self.spec.kind, FieldType::Enum(_)) {
            self.values(ui);
        }
        let label = say(ui, text("May be missing", "可缺失"));
        section::property(ui, "", |ui| ui.checkbox(&mut self.spec.optional, label));
        let label = say(ui, text("Identifies a person: shown masked", "可识别个人：以掩码显示"));
        section::property(ui, "", |ui| ui.checkbox(&mut self.spec.personal, label));
        let label = say(ui, text("Taken as written: blanks at its ends count", "按原样读取：首尾空白有意义"));
        section::property(ui, "", |ui| ui.checkbox(&mut self.spec.as_written, label));
        if self.spec.kind == FieldType::Int {
            let label = say(ui, text("Identifier: a name and not a quantity", "标识符：仅作编号，不参与计算"));
            section::property(ui, "", |ui| ui.checkbox(&mut self.spec.identifier, label));
        }
        both(ui, say(ui, text("Meaning", "含义")), &mut self.spec.text);
        both(ui, say(ui, text("Unit", "单位")), &mut self.spec.unit);
    }

    fn kind(&mut self, ui: &mut Ui) {
        let label = say(ui, text("Type", "类型"));
        section::property(ui, label, |ui| choice::field_type(ui, label, &mut self.spec.kind, metrics().field_width));
    }

    /// A line for each value: as requests and scripts write it, and as people read it.
    fn values(&mut self, ui: &mut Ui) {
        let chinese = language(ui.ctx()) == Language::Zh;
        let mut gone = None;
        for (at, (value, words)) in self.values.iter_mut().enumerate() {
            let number = at + 1;
            let label = if chinese { format!("取值 {number}") } else { format!("Value {number}") };
            section::property(ui, &label, |ui| {
                let room = ui.available_width() - metrics().button - 3.0 * space().large;
                let width = (room / 3.0).max(metrics().rules_width / 4.0);
                field::text(ui, value, &label, "new", width);
                field::text(ui, &mut words.en, &format!("{label} (English)"), "English", width);
                field::text(ui, &mut words.zh, &format!("{label}（中文）"), "中文", width);
                let remove = if chinese { format!("删除取值 {number}") } else { format!("Remove value {number}") };
                if button::icon(ui, Glyph::Trash2, &remove).clicked() {
                    gone = Some(at);
                }
            });
        }
        if let Some(at) = gone {
            self.values.remove(at);
        }
        section::property(ui, "", |ui| {
            if button::ghost(ui, Some(Glyph::Plus), say(ui, text("Add a value", "新增取值"))).clicked() {
                self.values.push(Default::default());
            }
        });
    }

    /// The field as it is typed, or what is wrong with it.
    fn understand(&self, session: &Session) -> Result<(FieldName, FieldSpec), LocalText> {
        let schema = &session.document().definition().schema;
        let name = FieldName::new(self.name.trim()).map_err(|_| {
            LocalText::new(
                "the name is one to four words with dots between them, such as customer.age: letters, digits and _",
                "名称由一至四个词组成，以点号分隔，例如 customer.age：仅含字母、数字和 _",
            )
        })?;
        if self.chosen.as_deref() != Some(name.as_str()) && schema.find(name.as_str()).is_some() {
            return Err(LocalText::new("there is a field of that name already", "已有同名字段"));
        }
        let mut spec = self.spec.clone();
        if let FieldType::Enum(known) = &mut spec.kind {
            let held = self.values.iter().map(|(value, words)| (normalized(value).into_owned(), words.clone()));
            known.values = held.collect();
            if known.values.len() < self.values.len() {
                return Err(LocalText::new("two values are the same", "有两个取值相同"));
            }
        }
        let before = self.chosen.as_deref().unwrap_or(name.as_str());
        spec.understand(before, schema)?;
        Ok((name, spec))
    }

    fn send(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let made = self.understand(session);
        let (save, remove) = decide(ui, self.chosen.is_none(), made.is_ok());
        if let Some(why) = made.as_ref().err().filter(|_| !self.name.is_empty()) {
            refusal(ui, why);
        }
        let before = self.chosen.as_ref().and_then(|chosen| FieldName::new(chosen).ok());
        let mut act = |action| out.push(Action::Field(action));
        if let (true, Ok((name, spec))) = (save, made) {
            if let Some(before) = before.as_ref().filter(|before| **before != name) {
                act(FieldAction::Rename(before.clone(), name.clone()));
            }
            act(FieldAction::Define(name, Box::new(spec)));
            *self = Self::default();
        } else if let (true, Some(before)) = (remove, before) {
            act(FieldAction::Remove(before));
        }
    }
}
