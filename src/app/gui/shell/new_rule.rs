//! The dialog for a new rule from a template, and for another name of a rule.

use eframe::egui::{Context, Key, Label, ScrollArea, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, choice, field, modal, section};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::{RuleId, StageId};
use countersign_session::{Action, RuleAction, SelectAction, Session, templates};

/// What the dialog is open for.
#[derive(Default)]
enum NewRuleForm {
    #[default]
    Nothing,
    New {
        stage: Option<StageId>,
        template: Option<&'static str>,
    },
    Rename(RuleId),
}

#[derive(Default)]
pub struct NewRuleDialog {
    open: NewRuleForm,
    id: String,
    take_focus: bool,
}

impl NewRuleDialog {
    /// Opens the dialog for a new rule in the stage that is looked at.
    pub fn open_new(&mut self, session: &Session) {
        let (selection, rules) = (&session.view().selection, session.document().rule_set());
        let of_rule = selection.rule.as_ref().and_then(|rule| rules.find_rule(rule.as_str()));
        let of_rule = of_rule.and_then(|(_, stage, _)| rules.stages.get(stage.at())).map(|stage| stage.id.clone());
        let stage = selection.stage.clone().or(of_rule).or_else(|| rules.stages.first().map(|stage| stage.id.clone()));
        self.open = NewRuleForm::New { stage, template: None };
        (self.id, self.take_focus) = (String::new(), true);
    }

    /// Opens the dialog for another name of the chosen rule.
    pub fn open_rename(&mut self, session: &Session) {
        if let Some(rule) = &session.view().selection.rule {
            self.open = NewRuleForm::Rename(rule.clone());
            (self.id, self.take_focus) = (rule.to_string(), true);
        }
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let title = match self.open {
            NewRuleForm::Nothing => return,
            NewRuleForm::New { .. } => text("New rule", "新增规则"),
            NewRuleForm::Rename(_) => text("Rename rule", "重命名规则"),
        };
        let mut done = false;
        let stays = modal::show(ctx, "rule", title.get(language(ctx)), metrics().dialog_width, |ui| {
            let (fault, entered) = modal::body(ui, |ui| {
                if let NewRuleForm::New { stage, template } = &mut self.open {
                    choose(ui, session, stage, template);
                }
                self.name(ui, session)
            });
            done = self.answer(ui, (fault.is_none(), entered), out);
        });
        if !stays || done {
            self.open = NewRuleForm::Nothing;
        }
    }

    /// The field for the name; why it cannot be done yet, and whether Enter asked for it.
    fn name(&mut self, ui: &mut Ui, session: &Session) -> (Option<String>, bool) {
        let label = say(ui, text("Id", "标识"));
        let response =
            section::property(ui, label, |ui| field::text(ui, &mut self.id, label, "night_signing", metrics().rules_width));
        if std::mem::take(&mut self.take_focus) {
            response.inner.request_focus();
        }
        let entered = response.inner.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let fault = self.fault(ui, session);
        if let Some(fault) = fault.as_ref().filter(|_| !self.id.is_empty()) {
            ui.add(Label::new(theme::weak(ui, fault).color(colours(ui).error)).wrap());
        } else {
            let hint = text(
                "Small letters, figures and “_”; reports and releases name the rule by it",
                "小写字母、数字和 “_”；报告和发布以此指称规则",
            );
            ui.label(theme::weak(ui, say(ui, hint)));
        }
        (fault, entered)
    }

    /// The buttons; whether the dialog is done.
    fn answer(&mut self, ui: &mut Ui, (can, entered): (bool, bool), out: &mut Outbox) -> bool {
        let mut done = false;
        modal::buttons(ui, |ui| {
            let words = if matches!(self.open, NewRuleForm::New { .. }) {
                text("Add rule", "新增规则")
            } else {
                text("Rename", "重命名")
            };
            let pressed = ui.add_enabled_ui(can, |ui| button::primary(ui, None, say(ui, words))).inner.clicked();
            if can && (pressed || entered) {
                self.send(out);
                done = true;
            }
            done |= button::plain(ui, None, say(ui, text("Cancel", "取消"))).clicked();
        });
        done
    }

    fn fault(&self, ui: &Ui, session: &Session) -> Option<String> {
        let id = match RuleId::new(&self.id) {
            Ok(id) => id,
            Err(error) => return Some(error.to_string()),
        };
        let is_same = matches!(&self.open, NewRuleForm::Rename(held) if *held == id);
        if !is_same && session.document().rule_set().find_rule(id.as_str()).is_some() {
            return Some(say(ui, text("there is a rule of that name already", "已有同名规则")).to_owned());
        }
        match &self.open {
            NewRuleForm::New { template: None, .. } => Some(say(ui, text("choose a template", "请选择模板")).to_owned()),
            _ => None,
        }
    }

    fn send(&self, out: &mut Outbox) {
        let Ok(id) = RuleId::new(&self.id) else { return };
        match &self.open {
            NewRuleForm::New { stage: Some(stage), template: Some(template) } => {
                let (stage, template) = (stage.clone(), (*template).to_owned());
                out.push(Action::Rule(RuleAction::Add { stage, template, id: id.clone(), at: None }));
                out.push(Action::Select(SelectAction::Rule(id)));
            }
            NewRuleForm::Rename(rule) if *rule != id => {
                out.push(Action::Rule(RuleAction::Rename { rule: rule.clone(), to: id.clone() }));
                out.push(Action::Select(SelectAction::Rule(id)));
            }
            _ => {}
        }
    }
}

fn choose(ui: &mut Ui, session: &Session, stage: &mut Option<StageId>, template: &mut Option<&'static str>) {
    let label = say(ui, text("Stage", "阶段"));
    section::property(ui, label, |ui| {
        let stages = &session.document().rule_set().stages;
        let all: Vec<_> = stages.iter().map(|held| (Some(held.id.clone()), local(ui, &held.title).into_owned())).collect();
        if let Some(chosen) = choice::one_of(ui, label, stage, &all, "", ui.available_width()) {
            (*stage, *template) = (chosen, None);
        }
    });
    let held = session.document().rule_set().stages.iter().find(|held| Some(&held.id) == stage.as_ref());
    let Some(held) = held else { return };
    section::header(ui, say(ui, text("Template", "模板")), |_| {});
    ScrollArea::vertical().max_height(metrics().popup_height).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for one in templates::fitting(held) {
            let row =
                ListRow::new(say(ui, one.title)).icon(Glyph::FileCode, colours(ui).text_weak).selected(*template == Some(one.id));
            if row.show(ui).clicked() {
                *template = Some(one.id);
            }
        }
    });
    if let Some(chosen) = template.and_then(templates::find) {
        ui.add_space(space().small);
        let script = (chosen.script)(session.document().definition());
        ui.add(Label::new(eframe::egui::RichText::new(script.trim_end()).font(theme::code()).color(colours(ui).text_weak)));
    }
    ui.add_space(space().medium);
}
