//! The form of a parameter: name, type, value, range, unit, meaning.

use eframe::egui::Ui;

use super::{beside, both, decide, form, line, refusal};
use crate::gui::outbox::Outbox;
use crate::gui::theme::metrics;
use crate::gui::widgets::{choice, section};
use crate::gui::words::{local, say, text};
use countersign_core::model::{FieldType, ParameterId};
use countersign_core::text::LocalText;
use countersign_session::{Action, ParameterAction, ParameterSpec, Session};

/// What is typed, and whose it is.
pub struct ParameterDefinitions {
    chosen: Option<String>,
    id: String,
    spec: ParameterSpec,
    values: String,
}

impl Default for ParameterDefinitions {
    fn default() -> Self {
        let spec = ParameterSpec {
            kind: FieldType::Int,
            value: String::new(),
            range: Some((String::new(), String::new())),
            unit: LocalText::default(),
            text: LocalText::default(),
        };
        Self { chosen: None, id: String::new(), spec, values: String::new() }
    }
}

impl ParameterDefinitions {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let held = &session.document().rule_set().parameters;
        // Renamed, removed or undone meanwhile.
        if self.chosen.as_ref().is_some_and(|chosen| !held.keys().any(|id| id.as_str() == chosen)) {
            *self = Self::default();
        }
        let names: Vec<(String, String)> =
            held.iter().map(|(id, parameter)| (id.to_string(), local(ui, &parameter.text).into_owned())).collect();
        let chosen = self.chosen.clone();
        let (asked, ()) = beside(ui, &names, chosen.as_deref(), |ui| {
            form(ui, self, Self::body, |this, ui| this.send(ui, session, out));
        });
        if let Some(asked) = asked {
            self.take(session, asked.name());
        }
    }

    fn take(&mut self, session: &Session, chosen: Option<String>) {
        *self = Self::default();
        let zone = session.document().definition().schema.zone;
        let held = chosen.as_ref().and_then(|id| ParameterId::new(id).ok());
        if let Some((id, parameter)) = held.and_then(|id| session.document().rule_set().parameters.get_key_value(&id)) {
            let spec = ParameterSpec::of(parameter, zone);
            let values = match &spec.kind {
                FieldType::Enum(known) => known.names().collect::<Vec<_>>().join(" "),
                _ => String::new(),
            };
            *self = Self { chosen, id: id.to_string(), spec, values };
        }
    }

    fn body(&mut self, ui: &mut Ui) {
        line(ui, say(ui, text("Name in scripts", "脚本中的名称")), &mut self.id, "max_cards");
        self.kind(ui);
        line(ui, say(ui, text("Value", "值")), &mut self.spec.value, "");
        if self.spec.kind.spec().is_ordered {
            let label = say(ui, text("Has a range", "限定范围"));
            let mut ranged = self.spec.range.is_some();
            section::property(ui, "", |ui| ui.checkbox(&mut ranged, label));
            if ranged != self.spec.range.is_some() {
                self.spec.range = ranged.then(Default::default);
            }
            if let Some((min, max)) = &mut self.spec.range {
                line(ui, say(ui, text("Smallest", "最小值")), min, "");
                line(ui, say(ui, text("Largest", "最大值")), max, "");
            }
        } else {
            self.spec.range = None;
        }
        both(ui, say(ui, text("Unit", "单位")), &mut self.spec.unit);
        both(ui, say(ui, text("Meaning", "含义")), &mut self.spec.text);
    }

    fn kind(&mut self, ui: &mut Ui) {
        let label = say(ui, text("Type", "类型"));
        section::property(ui, label, |ui| choice::field_type(ui, label, &mut self.spec.kind, metrics().field_width));
        if let FieldType::Enum(known) = &mut self.spec.kind {
            let label = say(ui, text("Values, separated by spaces", "取值（空格分隔）"));
            line(ui, label, &mut self.values, "low high");
            let text = |value: &str| known.values.get(value).cloned().unwrap_or_else(|| LocalText::same(value));
            known.values = self.values.split_whitespace().map(|value| (value.to_owned(), text(value))).collect();
        }
    }

    fn send(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let zone = session.document().definition().schema.zone;
        let id = ParameterId::new(self.id.trim());
        let is_begun = !self.id.is_empty() || !self.spec.value.is_empty();
        let why = match (&id, self.spec.understand(zone)) {
            (Err(_), _) => Some(super::name_form()),
            (Ok(_), Err(why)) => Some(why),
            (Ok(id), Ok(_)) => {
                let is_taken =
                    self.chosen.as_deref() != Some(id.as_str()) && session.document().rule_set().parameters.contains_key(id);
                is_taken.then(|| LocalText::new("there is a parameter of that name already", "已有同名参数"))
            }
        };
        let (save, remove) = decide(ui, self.chosen.is_none(), why.is_none());
        if let Some(why) = why.filter(|_| is_begun) {
            refusal(ui, &why);
        }
        let before = self.chosen.as_ref().and_then(|chosen| ParameterId::new(chosen).ok());
        let mut act = |action| out.push(Action::Parameter(action));
        if let (true, Ok(id)) = (save, id) {
            if let Some(before) = before.as_ref().filter(|before| **before != id) {
                act(ParameterAction::Rename(before.clone(), id.clone()));
            }
            act(ParameterAction::Define(id, Box::new(self.spec.clone())));
            *self = Self::default();
        } else if let (true, Some(before)) = (remove, before) {
            act(ParameterAction::Remove(before));
        }
    }
}
