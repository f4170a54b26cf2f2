//! The line over the table: go to a key, an expression, the columns, copying; below it the conditions that hold.

use countersign_core::diagnostic::Severity;
use eframe::egui::{Align, Frame, Id, Key, Label, Layout, Margin, Popup, PopupCloseBehavior, RichText, ScrollArea, Ui};

use super::columns;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::{Outbox, WindowAction};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, field, section};
use crate::gui::words::{language, local, say, text, tr};
use countersign_core::text::Language;
use countersign_session::views::conditions;
use countersign_session::views::figures;
use countersign_session::views::table::{CopyAs, MOST_COPIED, RequestRows};
use countersign_session::{Action, Freshness, Session, TableAction};

/// What is typed and not yet asked for.
#[derive(Default)]
pub struct RequestsToolbar {
    key: String,
    expression: Option<String>,
    columns: columns::ColumnChooser,
}

impl RequestsToolbar {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, reader: &RequestRows<'_>, is_editing: &mut bool, out: &mut Outbox) {
        #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
        let margin = Margin::symmetric(space().medium as i8, space().small as i8);
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space().small;
                self.go_to_key(ui, out);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let label = say(ui, text("Edit the chosen request", "编辑所选请求"));
                    if button::switch(ui, Glyph::PanelRight, label, *is_editing).clicked() {
                        *is_editing = !*is_editing;
                    }
                    self.columns.button(ui, session, reader, out);
                    copy_menu(ui, reader, out);
                    ui.add_space(space().small);
                    counted(ui, session, reader);
                    ui.add_space(space().small);
                    self.expression(ui, session, out);
                });
            });
            remarks(ui, session);
            of_file(ui, session);
            chips(ui, session, out);
        });
    }

    fn go_to_key(&mut self, ui: &mut Ui, out: &mut Outbox) {
        let label = say(ui, text("Go to key", "按主键定位"));
        let width = metrics().field_width + metrics().hit_bar;
        let response = field::search(ui, Id::unique("go to key"), &mut self.key, label, width);
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) && !self.key.trim().is_empty() {
            out.push(Action::Table(TableAction::Find(self.key.clone())));
        }
    }

    /// The expression is asked for when the field is left, so that half a condition is not run.
    fn expression(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let asked = &session.view().requests.expression;
        let label = say(ui, text("Filter by expression", "按表达式筛选"));
        let mut typed = self.expression.clone().unwrap_or_else(|| asked.clone());
        let hint = conditions::example(&session.document().definition().schema);
        let width = (ui.available_width() - space().medium).max(metrics().field_width);
        let edit = eframe::egui::TextEdit::singleline(&mut typed)
            .font(theme::code())
            .hint_text(RichText::new(hint).font(theme::code()).color(colours(ui).text_weak))
            .prefix(icons::small(Glyph::Funnel, colours(ui).text_weak))
            .desired_width(width)
            .min_size(eframe::egui::Vec2::new(0.0, metrics().field))
            .align(eframe::egui::Align2::LEFT_CENTER);
        let response = ui.add(edit).accessible_name(label);
        if response.lost_focus() {
            self.expression = None;
            if typed != *asked {
                out.push(Action::Table(TableAction::Expression(typed)));
            }
        } else if response.has_focus() {
            self.expression = Some(typed);
        }
    }
}

/// How many are listed, of how many.
fn counted(ui: &mut Ui, session: &Session, reader: &RequestRows<'_>) {
    let all = session.requests().map_or(0, |requests| requests.table.len());
    let (listed, all_shown) = (figures::count(reader.len()), figures::count(all));
    let words = match (language(ui.ctx()), reader.len() == all) {
        (Language::En, true) => countersign_core::text::counted(all, "request", "requests"),
        (Language::En, false) => format!("{listed} of {all_shown}"),
        (Language::Zh, true) => format!("共 {all_shown} 条"),
        (Language::Zh, false) => format!("{listed} / {all_shown} 条"),
    };
    ui.label(theme::weak(ui, words));
    let order = session.request_order();
    if order.running.is_some() {
        ui.label(icons::small(Glyph::LoaderCircle, colours(ui).text_weak));
    }
    // What is listed is of an earlier state of the rules or of the filter.
    if let Freshness::Stale(why) | Freshness::Failed(why) = &order.status {
        ui.label(theme::weak(ui, local(ui, why)));
    }
}

fn copy_menu(ui: &mut Ui, reader: &RequestRows<'_>, out: &mut Outbox) {
    let label = say(ui, text("Copy the listed requests", "复制所列请求"));
    let response = button::icon(ui, Glyph::Copy, label);
    Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClick).show(|ui| {
        let count = figures::count(reader.len().min(MOST_COPIED));
        for (how, name) in [(CopyAs::Csv, "CSV"), (CopyAs::Json, "JSON")] {
            let words = match language(ui.ctx()) {
                Language::En => format!("Copy {count} rows as {name}"),
                Language::Zh => format!("复制 {count} 行为 {name}"),
            };
            if ui.button(words).clicked() {
                out.ask(WindowAction::Copy(reader.copy(0..reader.len(), how)));
            }
        }
        ui.label(theme::weak(ui, tr(ui, "Personal values are masked", "个人信息已脱敏")));
    });
}

/// What is wrong with the expression, and what it failed on.
fn remarks(ui: &mut Ui, session: &Session) {
    let Some(order) = session.request_order().value else { return };
    let c = colours(ui);
    if let Some(why) = &order.expression_error {
        ui.horizontal(|ui| {
            ui.label(icons::small(Glyph::CircleX, c.error));
            ui.add(Label::new(RichText::new(local(ui, why)).font(theme::small()).color(c.error)).truncate());
        });
    }
    if order.failed > 0 {
        let count = figures::count(order.failed);
        let words = match language(ui.ctx()) {
            Language::En => format!("The expression has no value for {count} requests; they are not listed"),
            Language::Zh => format!("表达式在 {count} 条请求上无法计算，未列出"),
        };
        ui.label(RichText::new(words).font(theme::small()).color(c.warning));
    }
}

/// What is worth knowing of the file, folded.
fn of_file(ui: &mut Ui, session: &Session) {
    let findings = session.requests().map(|requests| requests.findings.as_slice()).unwrap_or_default();
    if findings.is_empty() {
        return;
    }
    let title = match language(ui.ctx()) {
        Language::En => countersign_core::text::counted(findings.len(), "remark on the file", "remarks on the file"),
        Language::Zh => format!("文件说明 {} 条", findings.len()),
    };
    section::foldable(ui, &title, false, |ui| {
        let c = colours(ui);
        ScrollArea::vertical().max_height(metrics().row * 5.0).id_salt("remarks on the file").show(ui, |ui| {
            for finding in findings {
                let (glyph, colour) = match finding.severity {
                    Severity::Note => (Glyph::Info, c.text_weak),
                    Severity::Warning | Severity::Error => (Glyph::TriangleAlert, c.warning),
                };
                section::sentence(ui, glyph, colour, &local(ui, &finding.sentence()));
            }
        });
    });
}

/// The conditions that hold, each with a button that takes it away.
fn chips(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let only = &session.view().requests.only;
    if only.is_empty() {
        return;
    }
    ui.add_space(space().small);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        for (at, condition) in only.iter().enumerate() {
            if chip(ui, &local(ui, &conditions::text(session, condition))) {
                out.push(Action::Table(TableAction::Without(at)));
            }
        }
        if button::ghost(ui, None, say(ui, text("Show all", "显示全部"))).clicked() {
            out.push(Action::Table(TableAction::All));
        }
    });
}

fn chip(ui: &mut Ui, words: &str) -> bool {
    let c = colours(ui);
    #[expect(clippy::cast_possible_truncation, reason = "distances of the tokens are small")]
    let margin = Margin { left: space().medium as i8, ..Margin::ZERO };
    let frame = Frame::new().fill(c.selected).corner_radius(theme::rounded()).inner_margin(margin);
    frame
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space().tiny;
                ui.label(RichText::new(words).font(theme::small()).color(c.selected_text));
                let label = format!("{}: {words}", say(ui, text("Take away", "移除")));
                button::icon(ui, Glyph::X, &label).clicked()
            })
            .inner
        })
        .inner
}
