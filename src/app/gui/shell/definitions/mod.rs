//! Fields and their parts, parameters, lists, reasons, interfaces, stages and the rule set itself: added, changed, named otherwise and
//! removed. What no form edits is edited as text.

mod fields;
mod interfaces;
mod lists;
mod parameters;
mod parts;
mod reasons;
mod rule_set;
mod stages;

use eframe::egui::{Align, Context, Label, Layout, ScrollArea, Sense, Ui, UiBuilder, Vec2};

use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, field, modal, section};
use crate::gui::words::{halves, language, local, say, text};
use countersign_core::text::{LocalText, StaticText};
use countersign_session::{Command, Session};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum DefinitionKind {
    Fields,
    Parts,
    #[default]
    Parameters,
    Lists,
    Reasons,
    Interfaces,
    Stages,
    RuleSet,
}

impl DefinitionKind {
    /// Every sort with its name, from the request to the decision.
    const ALL: [(Self, StaticText); 8] = [
        (Self::Fields, text("Fields", "字段")),
        (Self::Parts, text("Parts of fields", "字段角色")),
        (Self::Parameters, text("Parameters", "参数")),
        (Self::Lists, text("Lists", "名单")),
        (Self::Reasons, text("Reasons", "原因码")),
        (Self::Interfaces, text("Interfaces", "接口")),
        (Self::Stages, text("Stages", "阶段")),
        (Self::RuleSet, text("Rule set", "规则集")),
    ];
}

enum DefinitionChoice {
    /// Nothing that is there: a new one.
    New,
    Named(String),
}

impl DefinitionChoice {
    fn name(self) -> Option<String> {
        match self {
            Self::New => None,
            Self::Named(name) => Some(name),
        }
    }
}

#[derive(Default)]
pub struct Definitions {
    is_open: bool,
    sort: DefinitionKind,
    fields: fields::FieldDefinitions,
    parameters: parameters::ParameterDefinitions,
    lists: lists::ListDefinitions,
    reasons: reasons::ReasonDefinitions,
    interfaces: interfaces::InterfaceDefinitions,
    stages: stages::StageDefinitions,
}

impl Definitions {
    pub fn open(&mut self) {
        *self = Self { is_open: true, ..Self::default() };
    }

    /// Opens the dialog at a field of the schema; a new one where none is named.
    pub fn open_field(&mut self, session: &Session, field: Option<String>) {
        *self = Self { is_open: true, sort: DefinitionKind::Fields, ..Self::default() };
        self.fields.take(session, field);
    }

    /// Opens the dialog at a reason; a new one where none is named.
    pub fn open_reason(&mut self, session: &Session, code: Option<String>) {
        *self = Self { is_open: true, sort: DefinitionKind::Reasons, ..Self::default() };
        self.reasons.take(session, code);
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let title = text("Definitions", "定义").get(language(ctx));
        let mut done = false;
        let stays = modal::show(ctx, "definitions", title, metrics().dialog_width * 1.7, |ui| {
            let next = sorts(ui, self.sort);
            section::rule(ui);
            ui.add_space(space().small);
            // A size of its own, whatever the form holds: the buttons below stay where they are.
            let size = Vec2::new(ui.available_width(), modal::room(ui).min(metrics().popup_height * 1.6));
            let (place, _) = ui.allocate_exact_size(size, Sense::hover());
            let inside = &mut ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Min)));
            self.part(inside, session, out);
            // A field that is left takes over what was typed as long as it is shown.
            self.sort = next.unwrap_or(self.sort);
            modal::buttons(ui, |ui| {
                done = button::primary(ui, None, say(ui, text("Close", "关闭"))).clicked();
                done |= as_text(ui, session, out);
            });
        });
        self.is_open = stays && !done;
    }

    fn part(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        match self.sort {
            DefinitionKind::Fields => self.fields.show(ui, session, out),
            DefinitionKind::Parts => parts::show(ui, session, out),
            DefinitionKind::Parameters => self.parameters.show(ui, session, out),
            DefinitionKind::Lists => self.lists.show(ui, session, out),
            DefinitionKind::Reasons => self.reasons.show(ui, session, out),
            DefinitionKind::Interfaces => self.interfaces.show(ui, session, out),
            DefinitionKind::Stages => self.stages.show(ui, session, out),
            DefinitionKind::RuleSet => rule_set::show(ui, session, out),
        }
    }
}

/// What can be edited; the one that was asked for.
fn sorts(ui: &mut Ui, now: DefinitionKind) -> Option<DefinitionKind> {
    let mut asked = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        for (sort, name) in DefinitionKind::ALL {
            if ui.selectable_label(now == sort, say(ui, name)).clicked() {
                asked = Some(sort);
            }
        }
    });
    asked
}

/// The way to what no form edits; whether it is taken.
fn as_text(ui: &mut Ui, session: &Session, out: &mut Outbox) -> bool {
    let (command, why_disabled) = (Command::EditAsText, session.why_disabled(Command::EditAsText));
    let title = command.title();
    let response = ui.add_enabled_ui(why_disabled.is_none(), |ui| button::plain(ui, None, &local(ui, &title))).inner;
    let is_taken = response.clicked();
    if let Some(why) = why_disabled {
        response.on_disabled_hover_text(local(ui, &why));
    } else if is_taken {
        out.ask(WindowAction::Run(command));
    }
    let words = text("Invariants: as text", "不变式请以文本编辑");
    ui.add(Label::new(theme::weak(ui, say(ui, words))).truncate());
    is_taken
}

/// What a form asks, scrolled where it is longer than the dialog, with its buttons and what is wrong at a fixed place below.
fn form<T>(ui: &mut Ui, this: &mut T, body: impl FnOnce(&mut T, &mut Ui), foot: impl FnOnce(&mut T, &mut Ui)) {
    let height = (ui.available_height() - metrics().button * 2.0 - space().large).max(metrics().row);
    ScrollArea::vertical().auto_shrink(false).max_height(height).id_salt("form").show(ui, |ui| body(this, ui));
    ui.add_space(space().small);
    foot(this, ui);
}

/// Names on the left, with "new" first; the form of the chosen one on the right.
fn beside<T>(
    ui: &mut Ui,
    names: &[(String, String)],
    chosen: Option<&str>,
    form: impl FnOnce(&mut Ui) -> T,
) -> (Option<DefinitionChoice>, T) {
    let mut asked = None;
    let result = ui.horizontal_top(|ui| {
        // The form has the larger part of a narrow dialog.
        let width = metrics().rules_width.min(ui.available_width() * 0.4);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            let new =
                ListRow::new(say(ui, text("New…", "新增…"))).icon(Glyph::Plus, colours(ui).accent_text).selected(chosen.is_none());
            if new.show(ui).clicked() {
                asked = Some(DefinitionChoice::New);
            }
            ScrollArea::vertical().auto_shrink(false).id_salt("definitions").show(ui, |ui| {
                for (name, hint) in names {
                    let row = ListRow::new(name).hint(hint).selected(chosen == Some(name.as_str()));
                    if row.show(ui).clicked() {
                        asked = Some(DefinitionChoice::Named(name.clone()));
                    }
                }
            });
        });
        ui.separator();
        ui.vertical(form).inner
    });
    (asked, result.inner)
}

/// A line of text with its label.
fn line(ui: &mut Ui, label: &str, value: &mut String, hint: &str) -> bool {
    section::property(ui, label, |ui| field::text(ui, value, label, hint, width(ui)).changed()).inner
}

/// The width of a control: what a narrow dialog leaves.
fn width(ui: &Ui) -> f32 {
    metrics().rules_width.min(ui.available_width() - space().medium)
}

/// A text in both languages, one line each.
fn both(ui: &mut Ui, label: &str, value: &mut LocalText) {
    for (language, half) in halves(ui, value) {
        let label = if language == "en" { format!("{label} (English)") } else { format!("{label}（中文）") };
        line(ui, &label, half, "");
    }
}

/// The form's buttons: takes it over, and removes what is there; which was pressed.
fn decide(ui: &mut Ui, is_new: bool, can: bool) -> (bool, bool) {
    let (mut save, mut remove) = (false, false);
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        ui.add_enabled_ui(can, |ui| {
            let words = if is_new { text("Add", "新增") } else { text("Change", "修改") };
            save = button::primary(ui, None, say(ui, words)).clicked();
        });
        if !is_new {
            remove = button::ghost(ui, Some(Glyph::Trash2), say(ui, text("Remove", "删除"))).clicked();
        }
    });
    (save, remove)
}

/// What a name that scripts say looks like.
fn name_form() -> LocalText {
    LocalText::new(
        "the name starts with a small letter; small letters, digits and _ follow",
        "名称以小写字母开头，仅含小写字母、数字和 _",
    )
}

/// What keeps the form from being taken over.
fn refusal(ui: &mut Ui, why: &LocalText) {
    ui.horizontal(|ui| {
        ui.add_space(space().medium);
        ui.add(Label::new(eframe::egui::RichText::new(local(ui, why)).color(colours(ui).error)).wrap());
    });
}
