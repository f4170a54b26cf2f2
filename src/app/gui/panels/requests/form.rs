//! The chosen request as a form: values are tried, the decision follows, and what was found becomes a case.

use std::collections::BTreeMap;

use eframe::egui::{ComboBox, Label, RichText, ScrollArea, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{badge, button, field, section};
use crate::gui::words::{local, say, text, tr};
use countersign_core::model::{FieldType, RuleId};
use countersign_core::text::LocalText;
use countersign_session::views::decided::DecisionText;
use countersign_session::views::trial::{FormField, Trial, form, try_values};
use countersign_session::{Action, CaseAction, Session};

#[derive(Default)]
pub struct RequestForm {
    row: Option<u32>,
    typed: BTreeMap<String, String>,
    search: String,
    case_id: String,
}

impl RequestForm {
    /// Shows the form of the chosen request.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let Some(row) = session.view().selection.request else {
            section::header(ui, say(ui, text("Request", "请求")), |_| {});
            section::remark(ui, Glyph::MousePointerClick, say(ui, text("Choose a request in the table", "请在表中选择一条请求")));
            return;
        };
        if self.row != Some(row) {
            *self = Self { row: Some(row), search: std::mem::take(&mut self.search), ..Self::default() };
        }
        let trial = try_values(session, row, &self.typed);
        self.head(ui, trial.as_ref(), out);
        section::rule(ui);
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let width = ui.available_width() - space().medium;
            let label = say(ui, text("Search fields", "搜索字段"));
            field::search(ui, eframe::egui::Id::unique("search form"), &mut self.search, label, width);
        });
        ScrollArea::vertical().auto_shrink(false).id_salt("form").show(ui, |ui| {
            self.fields(ui, &form(session, row), trial.as_ref());
        });
    }

    /// What is decided, before and after; reset; save as a case.
    fn head(&mut self, ui: &mut Ui, trial: Option<&Trial>, out: &mut Outbox) {
        let is_changed = !self.typed.is_empty();
        section::header(ui, say(ui, text("Try other values", "试改取值")), |ui| {
            ui.add_enabled_ui(is_changed, |ui| {
                if button::icon(ui, Glyph::RotateCcw, say(ui, text("Back to the request's values", "恢复原值"))).clicked() {
                    self.typed.clear();
                }
            });
            if button::icon(ui, Glyph::Waypoints, say(ui, text("Explain this request", "解释此请求"))).clicked() {
                out.ask(WindowAction::Show(Tab::Explain));
            }
        });
        let Some(trial) = trial else {
            section::remark(ui, Glyph::LoaderCircle, say(ui, text("Being checked", "正在检查")));
            return;
        };
        section::property(ui, say(ui, text("As loaded", "原决策")), |ui| decided(ui, trial.before.as_ref()));
        if is_changed {
            section::property(ui, say(ui, text("As tried", "试改后")), |ui| match &trial.after {
                None if !trial.problems.is_empty() => {
                    ui.label(theme::weak(ui, tr(ui, "a value does not fit", "有取值不合法")));
                }
                after => decided(ui, after.as_ref()),
            });
        }
        self.save_as_case(ui, trial, out);
    }

    fn save_as_case(&mut self, ui: &mut Ui, trial: &Trial, out: &mut Outbox) {
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let label = say(ui, text("Id of the new case", "新用例标识"));
            let button_width = metrics().label_column;
            let width = (ui.available_width() - button_width - 2.0 * space().medium).max(metrics().hit_bar);
            field::text(ui, &mut self.case_id, label, "new_customer_declined", width);
            let id = RuleId::new(&self.case_id).ok().filter(|_| trial.problems.is_empty() && trial.before.is_some());
            ui.add_enabled_ui(id.is_some(), |ui| {
                let save = button::plain(ui, Some(Glyph::ListPlus), say(ui, text("Save as case", "存为用例")));
                let hint = text("An id has small letters, digits and _", "标识由小写字母、数字和下划线组成");
                let save = save.on_disabled_hover_text(say(ui, hint));
                if let (true, Some(id)) = (save.clicked(), id) {
                    let title = LocalText::same(id.as_str());
                    out.push(Action::Case(CaseAction::FromRequest { id, title, changes: trial.changed.clone() }));
                    out.ask(WindowAction::Show(Tab::Cases));
                    self.case_id.clear();
                }
            });
        });
        ui.add_space(space().small);
    }

    fn fields(&mut self, ui: &mut Ui, groups: &[(LocalText, Vec<FormField>)], trial: Option<&Trial>) {
        let words = self.search.to_lowercase();
        let fits = |field: &&FormField| {
            let all = format!("{} {} {}", field.name, field.text.en, field.text.zh).to_lowercase();
            words.split_whitespace().all(|word| all.contains(word))
        };
        for (title, fields) in groups {
            let listed: Vec<&FormField> = fields.iter().filter(fits).collect();
            if listed.is_empty() {
                continue;
            }
            section::header(ui, &local(ui, title), |_| {});
            for field in listed {
                let problem = trial.and_then(|trial| trial.problems.get(&field.name));
                self.one(ui, field, problem);
            }
        }
        ui.add_space(space().medium);
    }

    fn one(&mut self, ui: &mut Ui, field: &FormField, problem: Option<&LocalText>) {
        let label = local(ui, &field.text).into_owned();
        let tried = self.typed.get(&field.name).cloned();
        let answer = section::property(ui, &label, |ui| {
            let answer = value(ui, field, tried.as_deref(), &label);
            if let Some(unit) = &field.unit {
                ui.label(theme::weak(ui, local(ui, unit)));
            }
            if tried.is_some() {
                ui.label(icons::small(Glyph::Pencil, colours(ui).accent_text));
            }
            answer
        });
        answer.response.on_hover_text(&field.name);
        if let Some(text) = answer.inner {
            // What was loaded is nothing tried.
            if text == field.value && !field.personal {
                self.typed.remove(&field.name);
            } else {
                self.typed.insert(field.name.clone(), text);
            }
        }
        if let Some(why) = problem {
            section::property(ui, "", |ui| {
                ui.add(Label::new(RichText::new(local(ui, why)).font(theme::small()).color(colours(ui).error)).truncate());
            });
        }
    }
}

fn decided(ui: &mut Ui, decided: Option<&DecisionText>) {
    let Some(decided) = decided else {
        ui.label(theme::weak(ui, tr(ui, "not decided", "未决策")));
        return;
    };
    badge::verdict(ui, decided.verdict);
    let mut words: Vec<String> = Vec::new();
    words.extend(decided.interface.as_ref().map(|interface| local(ui, interface).into_owned()));
    words.push(decided.codes());
    words.retain(|part| !part.is_empty());
    let words = words.join(" · ");
    let hover: Vec<String> = decided.reasons.iter().map(|(code, text)| format!("{code}: {}", local(ui, text))).collect();
    let response = ui.add(Label::new(theme::weak(ui, words)).truncate());
    if !hover.is_empty() {
        response.on_hover_text(hover.join("\n"));
    }
}

/// The control of a value; what it was set to, as files write it.
fn value(ui: &mut Ui, field: &FormField, tried: Option<&str>, label: &str) -> Option<String> {
    let held = tried.unwrap_or(&field.value);
    let choice: Option<Vec<(String, String)>> = match &field.kind {
        FieldType::Bool => {
            let names = [("true", text("yes", "是")), ("false", text("no", "否"))];
            Some(names.into_iter().map(|(value, name)| (value.to_owned(), say(ui, name).to_owned())).collect())
        }
        FieldType::Enum(values) => Some(
            values
                .values
                .iter()
                .map(|(value, name)| {
                    let name = local(ui, name);
                    (value.clone(), if name.is_empty() { value.clone() } else { name.into_owned() })
                })
                .collect(),
        ),
        _ => None,
    };
    match choice {
        Some(choice) => choose(ui, field, held, choice, label),
        None => typed(ui, field, tried, label),
    }
}

fn choose(ui: &mut Ui, field: &FormField, held: &str, mut choice: Vec<(String, String)>, label: &str) -> Option<String> {
    if field.optional {
        choice.push((String::new(), tr(ui, "missing", "缺失").to_owned()));
    }
    let shown = choice.iter().find(|(value, _)| value == held).map_or(held, |(_, name)| name.as_str()).to_owned();
    let mut chosen = held.to_owned();
    let width = (ui.available_width() - 2.0 * metrics().button).max(metrics().hit_bar);
    let combo = ComboBox::from_id_salt(&field.name).selected_text(shown).width(width).show_ui(ui, |ui| {
        for (value, name) in choice {
            ui.selectable_value(&mut chosen, value, name);
        }
    });
    let _ = combo.response.accessible_name(label);
    (chosen != held).then_some(chosen)
}

/// A personal value is never put into a field: what is typed replaces it.
fn typed(ui: &mut Ui, field: &FormField, tried: Option<&str>, label: &str) -> Option<String> {
    let (mut text, hint) = match (field.personal, tried) {
        (true, None) => (String::new(), field.value.as_str()),
        (_, tried) => (tried.unwrap_or(&field.value).to_owned(), ""),
    };
    let hint = if hint.is_empty() && field.optional { tr(ui, "missing", "缺失") } else { hint };
    let unit = if field.unit.is_some() { metrics().hit_bar } else { 0.0 };
    let width = (ui.available_width() - 2.0 * metrics().button - unit).max(metrics().hit_bar);
    field::text(ui, &mut text, label, hint, width).changed().then_some(text)
}
