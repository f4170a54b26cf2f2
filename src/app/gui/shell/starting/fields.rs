//! The fields the columns become, one a line: taken or not, name, type, optional, personal, the first values.

use eframe::egui::{Grid, Label, RichText, ScrollArea, Ui, Vec2};

use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{choice, field};
use crate::gui::words::{language, say, text};
use countersign_core::model::FieldType;
use countersign_core::text::Language;
use countersign_requests::read::guess::NewField;
use countersign_session::views::mask;
use countersign_session::{Action, NewWorkspace, StartAction};

/// How many of the first rows are shown.
const SHOWN: usize = 2;

#[derive(Default)]
pub struct NewFields {
    typed: Option<(usize, String)>,
}

impl NewFields {
    pub fn show(&mut self, ui: &mut Ui, starting: &NewWorkspace, out: &mut Outbox) {
        let room = ui.ctx().content_rect().height() - metrics().section * 16.0;
        let gap = Vec2::new(space().large, space().tiny);
        ScrollArea::both().auto_shrink([false, true]).max_height(room.max(metrics().problems_height)).id_salt("new fields").show(
            ui,
            |ui| {
                Grid::new("new fields").num_columns(7 + SHOWN).spacing(gap).striped(true).show(ui, |ui| {
                    head(ui);
                    for (at, held) in starting.fields.iter().enumerate() {
                        self.line(ui, starting, at, held, out);
                        ui.end_row();
                    }
                });
            },
        );
    }

    fn line(&mut self, ui: &mut Ui, starting: &NewWorkspace, at: usize, held: &NewField, out: &mut Outbox) {
        let mut field = held.clone();
        let said = |ui: &Ui, en: &str, zh: &str| match language(ui.ctx()) {
            Language::En => format!("{en}: {}", held.column),
            Language::Zh => format!("{zh}：{}", held.column),
        };
        check(ui, &mut field.taken, &said(ui, "Take", "采用"));
        let colour = if held.taken { colours(ui).text_strong } else { colours(ui).text_weak };
        clipped(ui, RichText::new(&held.column).color(colour), &held.column);
        ui.add_enabled_ui(held.taken, |ui| self.name(ui, at, &mut field, &said(ui, "Name in scripts", "脚本中的名称")));
        ui.add_enabled_ui(held.taken, |ui| {
            choice::field_type(ui, &said(ui, "Type", "类型"), &mut field.kind, metrics().label_column);
        });
        ui.add_enabled_ui(held.taken, |ui| check(ui, &mut field.optional, &said(ui, "May be missing", "可缺失")));
        ui.add_enabled_ui(held.taken, |ui| check(ui, &mut field.personal, &said(ui, "Personal", "个人信息")));
        let is_number = held.taken && held.kind == FieldType::Int;
        ui.add_enabled_ui(is_number, |ui| check(ui, &mut field.identifier, &said(ui, "Identifier", "标识符")));
        for row in 0..SHOWN {
            let cell = starting.first.rows.get(row).and_then(|row| row.get(at)).map_or("", String::as_str);
            let cell = if held.personal && !cell.is_empty() { mask::masked(cell) } else { cell.to_owned() };
            clipped(ui, RichText::new(&cell).font(theme::code()).color(colours(ui).text_weak), &cell);
        }
        if field != *held {
            out.push(Action::Start(StartAction::Field(at, Box::new(field))));
        }
    }

    /// The name is taken over when the field is left, so that half a name is no obstacle.
    fn name(&mut self, ui: &mut Ui, at: usize, field: &mut NewField, label: &str) {
        let own = self.typed.as_ref().filter(|(held, _)| *held == at).map(|(_, typed)| typed.clone());
        let mut typed = own.unwrap_or_else(|| field.name.clone());
        // A cell of the grid is as narrow as its title unless it asks for its room.
        let width = metrics().rules_width * 0.8;
        let place = ui.allocate_ui(Vec2::new(width, metrics().field), |ui| {
            ui.set_min_width(width);
            field::text(ui, &mut typed, label, "customer.age", width)
        });
        let response = place.inner;
        if response.lost_focus() {
            self.typed = None;
            typed.trim().clone_into(&mut field.name);
        } else if response.has_focus() {
            self.typed = Some((at, typed));
        }
    }
}

fn head(ui: &mut Ui) {
    let titles = [
        text("Take", "采用"),
        text("Column", "列"),
        text("Name in scripts", "脚本中的名称"),
        text("Type", "类型"),
        text("May be missing", "可缺失"),
        text("Personal", "个人信息"),
        text("Identifier", "标识符"),
    ];
    for title in titles {
        ui.label(theme::emphasised(ui, say(ui, title)));
    }
    for row in 1..=SHOWN {
        let words = match language(ui.ctx()) {
            Language::En => format!("Row {row}"),
            Language::Zh => format!("第 {row} 行"),
        };
        ui.label(theme::emphasised(ui, &words));
    }
    ui.end_row();
}

fn check(ui: &mut Ui, on: &mut bool, label: &str) {
    let response = ui.checkbox(on, "");
    let now = *on;
    response.widget_info(|| eframe::egui::WidgetInfo::selected(eframe::egui::Role::CheckBox, true, now, label));
}

fn clipped(ui: &mut Ui, words: RichText, whole: &str) {
    ui.scope(|ui| {
        ui.set_width(metrics().field_width);
        ui.add(Label::new(words).truncate()).on_hover_text(whole);
    });
}
