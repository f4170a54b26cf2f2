//! Fields, parameters, lists and reasons: added, changed, named otherwise and removed. What no form edits is edited as text.

mod fields;
mod lists;
mod parameters;
mod reasons;

use eframe::egui::{Align, Context, Label, Layout, ScrollArea, Sense, Ui, UiBuilder, Vec2};

use crate::gui::icons::Glyph;
use crate::gui::outbox::{Ask, Outbox};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::Row;
use crate::gui::widgets::{button, field, modal, section};
use crate::gui::words::{language, local, say, text};
use crate::session::{Command, Session};
use crate::text::LocalText;

/// What is edited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Sort {
    Fields,
    #[default]
    Parameters,
    Lists,
    Reasons,
}

/// What is chosen on the left.
enum Choice {
    /// Nothing that is there: a new one.
    New,
    /// One that is there.
    Named(String),
}

impl Choice {
    fn name(self) -> Option<String> {
        match self {
            Self::New => None,
            Self::Named(name) => Some(name),
        }
    }
}

/// What the dialog keeps.
#[derive(Default)]
pub struct Definitions {
    is_open: bool,
    sort: Sort,
    fields: fields::Fields,
    parameters: parameters::Parameters,
    lists: lists::Lists,
    reasons: reasons::Reasons,
}

impl Definitions {
    /// Opens the dialog.
    pub fn open(&mut self) {
        *self = Self { is_open: true, ..Self::default() };
    }

    /// Opens the dialog at a field of the schema; a new one where none is named.
    pub fn open_field(&mut self, session: &Session, field: Option<String>) {
        *self = Self { is_open: true, sort: Sort::Fields, ..Self::default() };
        self.fields.take(session, field);
    }

    /// Opens the dialog at a reason; a new one where none is named.
    pub fn open_reason(&mut self, session: &Session, code: Option<String>) {
        *self = Self { is_open: true, sort: Sort::Reasons, ..Self::default() };
        self.reasons.take(session, code);
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let title = text("Fields, parameters, lists and reasons", "字段、参数、名单与原因码").get(language(ctx));
        let mut done = false;
        let stays = modal::show(ctx, "definitions", title, metrics().dialog_width * 1.7, |ui| {
            ui.horizontal(|ui| {
                let sorts = [
                    (Sort::Fields, text("Fields", "字段")),
                    (Sort::Parameters, text("Parameters", "参数")),
                    (Sort::Lists, text("Lists", "名单")),
                    (Sort::Reasons, text("Reasons", "原因码")),
                ];
                for (sort, name) in sorts {
                    if ui.selectable_label(self.sort == sort, say(ui, name)).clicked() {
                        self.sort = sort;
                    }
                }
            });
            section::rule(ui);
            ui.add_space(space().small);
            // A size of its own, whatever the form holds: the buttons below stay where they are.
            let (place, _) = ui.allocate_exact_size(size(ui), Sense::hover());
            let inside = &mut ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Min)));
            match self.sort {
                Sort::Fields => self.fields.show(inside, session, out),
                Sort::Parameters => self.parameters.show(inside, session, out),
                Sort::Lists => self.lists.show(inside, session, out),
                Sort::Reasons => self.reasons.show(inside, session, out),
            }
            modal::buttons(ui, |ui| {
                done = button::primary(ui, None, say(ui, text("Close", "关闭"))).clicked();
                let command = Command::EditAsText;
                let hindrance = session.hindrance(command);
                let title = command.title();
                let response = ui.add_enabled_ui(hindrance.is_none(), |ui| button::plain(ui, None, local(ui, &title))).inner;
                if let Some(why) = hindrance {
                    response.on_disabled_hover_text(local(ui, &why));
                } else if response.clicked() {
                    out.ask(Ask::Run(command));
                    done = true;
                }
                let words = text("Stages, interfaces and the parts fields play: as text", "阶段、接口与字段角色请以文本编辑");
                ui.add(Label::new(theme::weak(ui, say(ui, words))).truncate());
            });
        });
        self.is_open = stays && !done;
    }
}

/// As high as the window allows, at most as a form needs.
fn size(ui: &Ui) -> Vec2 {
    let room = ui.ctx().content_rect().height() - metrics().popup_height;
    Vec2::new(ui.available_width(), room.clamp(metrics().popup_height * 0.6, metrics().popup_height * 1.6))
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
) -> (Option<Choice>, T) {
    let mut asked = None;
    let result = ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(metrics().rules_width);
            ui.spacing_mut().item_spacing.y = 0.0;
            let new =
                Row::new(say(ui, text("New…", "新增…"))).icon(Glyph::Plus, colours(ui).accent_text).selected(chosen.is_none());
            if new.show(ui).clicked() {
                asked = Some(Choice::New);
            }
            ScrollArea::vertical().auto_shrink(false).id_salt("definitions").show(ui, |ui| {
                for (name, hint) in names {
                    let row = Row::new(name).hint(hint).selected(chosen == Some(name.as_str()));
                    if row.show(ui).clicked() {
                        asked = Some(Choice::Named(name.clone()));
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
    section::property(ui, label, |ui| field::text(ui, value, label, hint, metrics().rules_width).changed()).inner
}

/// A text in both languages, one line each.
fn both(ui: &mut Ui, label: &str, value: &mut LocalText) {
    line(ui, &format!("{label} (English)"), &mut value.en, "");
    line(ui, &format!("{label}（中文）"), &mut value.zh, "");
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
