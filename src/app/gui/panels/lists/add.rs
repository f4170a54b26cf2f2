//! Entries to be added: typed, pasted or read from a file; what them would change is shown before.

use eframe::egui::{Label, RichText, ScrollArea, TextEdit, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::panels::path_field::{PathField, PathPurpose};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, section};
use crate::gui::words::{language, say, text};
use countersign_core::model::{List, ListId};
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::views::lists::{self, ImportPlan};
use countersign_session::{Action, FileAction, ListAction, Session};

#[derive(Default)]
pub struct AddEntries {
    text: String,
    file: PathField,
    /// The number of the file whose text was taken last.
    taken: u64,
    held: Option<(ListId, u64, String, ImportPlan)>,
}

impl AddEntries {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, id: &ListId, list: &List, out: &mut Outbox) {
        section::header(ui, say(ui, text("Add entries", "添加条目")), |ui| {
            ui.add_space(space().small);
            let response = button::ghost(ui, Some(Glyph::FileUp), say(ui, text("From a file", "从文件导入")));
            if let Some(path) = self.file.show(&response, PathPurpose::Opening, text("Read the file", "读取文件"), "list.txt") {
                out.push(Action::File(FileAction::ReadEntries(path)));
            }
        });
        if let Some(read) = session.entries_file().filter(|read| read.number != self.taken) {
            (self.text, self.taken) = (read.text.clone(), read.number);
        }
        section::inset(ui, |ui| {
            let (width, rows) = (ui.available_width(), 5);
            let hint =
                say(ui, text("One entry a line; # first or after a blank starts a comment", "每行一条；行首或空白后的 # 表示注释"));
            ScrollArea::vertical().max_height(metrics().problems_height).id_salt("add").show(ui, |ui| {
                let edit = TextEdit::multiline(&mut self.text).font(theme::code()).desired_rows(rows).desired_width(width);
                let label = say(ui, text("Entries to add", "待添加条目"));
                ui.add(edit.hint_text(hint)).accessible_name(label);
            });
        });
        ui.add_space(space().small);
        let at = session.document().revision();
        if !self.held.as_ref().is_some_and(|(known, revision, text, _)| known == id && *revision == at && *text == self.text) {
            self.held = Some((id.clone(), at, self.text.clone(), lists::plan(list, &self.text)));
        }
        let Some((.., plan)) = &self.held else { return };
        said(ui, plan);
        let can = !plan.new.is_empty() && session.document().is_editable();
        let mut pressed = false;
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            ui.add_enabled_ui(can, |ui| {
                let words = match language(ui.ctx()) {
                    Language::En => format!("Add {}", figures::count(plan.new.len())),
                    Language::Zh => format!("添加 {} 条", figures::count(plan.new.len())),
                };
                pressed = button::primary(ui, None, &words).clicked();
            });
        });
        if pressed {
            out.push(Action::List(ListAction::Add(id.clone(), plan.new.clone())));
            self.text.clear();
        }
    }
}

/// What would come of the lines.
fn said(ui: &mut Ui, plan: &ImportPlan) {
    let c = colours(ui);
    let words = |count: usize, en: &str, zh: &str| match language(ui.ctx()) {
        Language::En => format!("{} {en}", figures::count(count)),
        Language::Zh => format!("{} {zh}", figures::count(count)),
    };
    let lines = [
        (plan.new.len(), Glyph::Plus, c.success, words(plan.new.len(), "new", "条新增")),
        (plan.known, Glyph::Equal, c.text_weak, words(plan.known, "in the list already", "条已在名单中")),
        (plan.repeated, Glyph::Copy, c.text_weak, words(plan.repeated, "duplicate", "条重复")),
        (plan.refused_count, Glyph::CircleX, c.error, words(plan.refused_count, "do not fit the list", "条不符合名单类型")),
    ];
    for (_, glyph, colour, words) in lines.into_iter().filter(|(count, ..)| *count > 0) {
        remark(ui, glyph, colour, &words);
    }
    for (line, shown) in &plan.refused {
        let words = match language(ui.ctx()) {
            Language::En => format!("line {line}: {shown}"),
            Language::Zh => format!("第 {line} 行：{shown}"),
        };
        remark(ui, Glyph::Dot, c.text_weak, &words);
    }
    ui.add_space(space().small);
}

fn remark(ui: &mut Ui, glyph: Glyph, colour: eframe::egui::Color32, words: &str) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.add_space(space().medium);
        ui.label(icons::small(glyph, colour));
        ui.add(Label::new(RichText::new(words).font(theme::small()).color(colour)).truncate());
    });
}
