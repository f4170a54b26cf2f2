//! Parameters, lists and reasons: added, changed and removed. What no dialog edits safely, the schema's fields, is edited as text.

mod lists;
mod parameters;
mod reasons;

use eframe::egui::{Context, Label, ScrollArea, Ui, Vec2};

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
    parameters: parameters::Parameters,
    lists: lists::Lists,
    reasons: reasons::Reasons,
}

impl Definitions {
    /// Opens the dialog.
    pub fn open(&mut self) {
        *self = Self { is_open: true, ..Self::default() };
    }

    /// Shows the dialog while it is open.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        if !self.is_open {
            return;
        }
        let title = text("Parameters, lists and reasons", "参数、名单与原因码").get(language(ctx));
        let mut done = false;
        let stays = modal::show(ctx, "definitions", title, metrics().dialog_width * 1.7, |ui| {
            ui.horizontal(|ui| {
                let sorts = [
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
            let size = Vec2::new(ui.available_width(), metrics().popup_height * 1.3);
            ui.allocate_ui(size, |ui| {
                ui.set_min_size(size);
                match self.sort {
                    Sort::Parameters => self.parameters.show(ui, session, out),
                    Sort::Lists => self.lists.show(ui, session, out),
                    Sort::Reasons => self.reasons.show(ui, session, out),
                }
            });
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
                let words = text("Fields of the schema are edited as text", "字段结构请以文本编辑");
                ui.add(Label::new(theme::weak(ui, say(ui, words))).truncate());
            });
        });
        self.is_open = stays && !done;
    }
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

/// What keeps the form from being taken over.
fn refusal(ui: &mut Ui, why: &LocalText) {
    ui.add(Label::new(eframe::egui::RichText::new(local(ui, why)).color(colours(ui).error)).wrap());
}
