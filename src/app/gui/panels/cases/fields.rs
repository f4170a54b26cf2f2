//! The request of a case: the fields it sets itself, and those that come from its template.

use std::collections::BTreeMap;

use eframe::egui::{ComboBox, Label, RichText, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, field, section};
use crate::gui::words::{local, say, text, tr};
use countersign_core::model::{Case, FieldName, FieldType, RuleId};
use countersign_core::text::LocalText;
use countersign_session::views::cases::{scalar, shown};
use countersign_session::{Action, CaseAction, Session};

/// What is typed and not yet taken over.
#[derive(Default)]
pub struct CaseFields {
    case: Option<RuleId>,
    typed: BTreeMap<FieldName, String>,
    problems: BTreeMap<FieldName, LocalText>,
}

impl CaseFields {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, case: &Case, out: &mut Outbox) {
        if self.case.as_ref() != Some(&case.id) {
            *self = Self { case: Some(case.id.clone()), ..Self::default() };
        }
        section::header(ui, say(ui, text("Request", "请求")), |ui| {
            ui.add_space(space().medium);
            add(ui, session, case, out);
        });
        if case.set.is_empty() {
            section::remark(ui, Glyph::Info, say(ui, text("The case sets no field of its own", "该用例未设置字段")));
        }
        for (name, value) in &case.set {
            self.own(ui, session, case, (name, &shown(value)), out);
        }
        let template = case.from.as_ref().and_then(|from| session.document().cases().templates.get(from));
        let Some(template) = template else { return };
        section::header(ui, say(ui, text("From the template", "来自模板")), |_| {});
        for (name, value) in template.iter().filter(|(name, _)| !case.set.contains_key(*name)) {
            let label = label(ui, session, name);
            let row = section::property(ui, &label, |ui| ui.add(Label::new(theme::weak(ui, shown(value))).truncate()));
            row.response.on_hover_text(name.as_str());
        }
        ui.add_space(space().medium);
    }

    /// A field of the case's own: taken over when it is left, and only when it fits.
    fn own(&mut self, ui: &mut Ui, session: &Session, case: &Case, (name, held): (&FieldName, &str), out: &mut Outbox) {
        let label = label(ui, session, name);
        let kind = session.document().definition().schema.find(name.as_str()).map(|(_, field)| field.kind.clone());
        let mut wanted = None;
        let row = section::property(ui, &label, |ui| {
            let mut edited = self.typed.get(name).cloned().unwrap_or_else(|| held.to_owned());
            let width = (ui.available_width() - metrics().button - 2.0 * space().medium).max(metrics().hit_bar);
            if let Some(FieldType::Enum(values)) = kind {
                let combo = ComboBox::from_id_salt(name.as_str()).selected_text(&edited).width(width).show_ui(ui, |ui| {
                    for (value, words) in &values.values {
                        ui.selectable_value(&mut edited, value.clone(), format!("{value} · {}", local(ui, words)));
                    }
                });
                let _ = combo.response.accessible_name(&label);
                wanted = (edited != held).then_some(edited);
            } else {
                let response = field::text(ui, &mut edited, &label, "", width);
                if response.lost_focus() {
                    self.typed.remove(name);
                    wanted = (edited != held).then_some(edited);
                } else if response.has_focus() {
                    self.typed.insert(name.clone(), edited);
                }
            }
            let remove = format!("{}: {label}", say(ui, text("Take away", "移除")));
            if button::icon(ui, Glyph::X, &remove).clicked() {
                out.push(Action::Case(CaseAction::SetField(case.id.clone(), name.clone(), None)));
            }
        });
        row.response.on_hover_text(name.as_str());
        if let Some(text) = wanted {
            match scalar(session, name.as_str(), &text) {
                Ok(value) => {
                    self.problems.remove(name);
                    out.push(Action::Case(CaseAction::SetField(case.id.clone(), name.clone(), Some(value))));
                }
                Err(why) => drop(self.problems.insert(name.clone(), why)),
            }
        }
        if let Some(why) = self.problems.get(name) {
            section::property(ui, "", |ui| {
                ui.label(RichText::new(local(ui, why)).font(theme::small()).color(colours(ui).error));
            });
        }
    }
}

fn label(ui: &Ui, session: &Session, name: &FieldName) -> String {
    let schema = &session.document().definition().schema;
    let text = schema.find(name.as_str()).map(|(_, field)| local(ui, &field.text).into_owned());
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| name.to_string())
}

/// A field more: with the template's value, or the first its type allows.
fn add(ui: &mut Ui, session: &Session, case: &Case, out: &mut Outbox) {
    let schema = &session.document().definition().schema;
    let template = case.from.as_ref().and_then(|from| session.document().cases().templates.get(from));
    let mut chosen: Option<FieldName> = None;
    let shown = tr(ui, "Set a field", "设置字段");
    let combo = ComboBox::from_id_salt("add field").selected_text(shown).show_ui(ui, |ui| {
        for (_, name, _) in schema.fields().filter(|(_, name, _)| schema.is_visible(name)) {
            let Ok(name) = FieldName::new(&name) else { continue };
            if !case.set.contains_key(&name) {
                let words = format!("{} · {name}", label(ui, session, &name));
                ui.selectable_value(&mut chosen, Some(name), words);
            }
        }
    });
    let _ = combo.response.accessible_name(shown);
    let Some(name) = chosen else { return };
    let kind = schema.find(name.as_str()).map(|(_, field)| &field.kind);
    let first = kind.unwrap_or(&FieldType::Text).first_text();
    let value = template.and_then(|template| template.get(&name)).cloned();
    if let Some(value) = value.or_else(|| scalar(session, name.as_str(), first).ok()) {
        out.push(Action::Case(CaseAction::SetField(case.id.clone(), name, Some(value))));
    }
}
