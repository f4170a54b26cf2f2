//! The mapping of a foreign request file: its first rows, what each column becomes, and what it would change.

mod columns;
mod how;
mod rest;

use std::path::PathBuf;

use eframe::egui::{Context, Label, RichText, ScrollArea, Ui};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, field, modal, section, state};
use crate::gui::words::{language, local, say, text};
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::{Action, Mapper, MappingAction, MappingTrial, Session, mappings};

/// So many warnings about the first rows are shown.
const WARNINGS: usize = 4;

/// What the dialog keeps: for which file, and under which name the mapping is kept.
#[derive(Default)]
pub struct MappingDialog {
    path: PathBuf,
    keep: bool,
    name: String,
    rest: rest::UnmappedFields,
}

impl MappingDialog {
    /// Shows the dialog while a mapping is being made.
    pub fn show(&mut self, ctx: &Context, session: &Session, out: &mut Outbox) {
        let Some(mapper) = session.mapper() else { return };
        if self.path != mapper.path {
            *self = Self {
                path: mapper.path.clone(),
                keep: true,
                name: mappings::name_for(&mapper.path),
                rest: rest::UnmappedFields::default(),
            };
        }
        let file = mapper.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let title = match language(ctx) {
            Language::En => format!("How the columns of {file} become fields"),
            Language::Zh => format!("{file} 的列如何对应字段"),
        };
        let mut done = None;
        let stays = modal::show(ctx, "mapping", &title, metrics().dialog_width * 2.4, |ui| {
            modal::body(ui, |ui| self.body(ui, session, (mapper, &file), out));
            modal::buttons(ui, |ui| done = self.answers(ui, session.mapping_trial()));
        });
        match done {
            Some(true) => {
                let name = self.keep.then(|| self.name.trim().to_owned());
                out.push(Action::Mapping(MappingAction::Accept(name)));
                self.path = PathBuf::new();
            }
            _ if done.is_some() || !stays => {
                out.push(Action::Mapping(MappingAction::Cancel));
                self.path = PathBuf::new();
            }
            _ => {}
        }
    }

    fn body(&mut self, ui: &mut Ui, session: &Session, (mapper, file): (&Mapper, &str), out: &mut Outbox) {
        if let Some(why) = &mapper.why {
            state::stale(ui, &local(ui, why));
            ui.add_space(space().small);
        }
        let room = ui.ctx().content_rect().height() - metrics().section * 11.0;
        let columns = ScrollArea::both().auto_shrink([false, true]).max_height(room.max(metrics().problems_height));
        columns.id_salt("mapped columns").show(ui, |ui| columns::show(ui, session, mapper, out));
        self.rest.show(ui, session, mapper, out);
        section::rule(ui);
        ui.add_space(space().small);
        result(ui, file, session.mapping_trial());
        self.keeping(ui, session);
    }

    fn keeping(&mut self, ui: &mut Ui, session: &Session) {
        ui.horizontal(|ui| {
            let label = say(ui, text("Keep the mapping in the workspace as", "将映射保存到工作区，名称为"));
            ui.checkbox(&mut self.keep, label);
            ui.add_enabled_ui(self.keep, |ui| {
                let label = say(ui, text("Name of the mapping", "映射名称"));
                field::text(ui, &mut self.name, label, "", metrics().field_width * 1.5);
            });
            if !self.keep {
                ui.label(theme::weak(ui, say(ui, text("a release needs a kept mapping", "导出发布版本时须保存映射"))));
            } else if !mappings::is_name(self.name.trim()) {
                let words = text("letters, digits, - and _ only", "只能使用字母、数字、- 和 _");
                ui.label(RichText::new(say(ui, words)).font(theme::small()).color(colours(ui).error));
            } else if session.document().draft().mappings.contains_key(self.name.trim()) {
                let words = text("replaces the mapping of that name", "将替换同名映射");
                ui.label(RichText::new(say(ui, words)).font(theme::small()).color(colours(ui).warning));
            }
        });
    }

    /// Whether to load or not, once that is decided.
    fn answers(&self, ui: &mut Ui, tried: Option<&MappingTrial>) -> Option<bool> {
        let can = tried.is_some_and(|tried| tried.can_load) && (!self.keep || mappings::is_name(self.name.trim()));
        let load = ui.add_enabled_ui(can, |ui| button::primary(ui, None, say(ui, text("Load the requests", "载入请求"))));
        let cancel = button::plain(ui, None, say(ui, text("Cancel", "取消"))).clicked();
        if load.inner.clicked() { Some(true) } else { cancel.then_some(false) }
    }
}

/// How many of the first rows would be read, and the first that would not.
fn result(ui: &mut Ui, file: &str, tried: Option<&MappingTrial>) {
    let Some(tried) = tried else {
        section::remark(ui, Glyph::LoaderCircle, say(ui, text("Being tried on the first rows", "正在用前几行试读")));
        return;
    };
    let c = colours(ui);
    let all = tried.read as u64 + tried.bad;
    let refused = tried.findings.iter().find(|finding| finding.severity == countersign_core::diagnostic::Severity::Error);
    let (glyph, colour) = match (tried.can_load, tried.bad) {
        (true, 0) => (Glyph::CircleCheck, c.success),
        (true, _) => (Glyph::TriangleAlert, c.warning),
        (false, _) => (Glyph::CircleX, c.error),
    };
    let words = match (refused.filter(|_| !tried.can_load), language(ui.ctx())) {
        (Some(finding), _) => local(ui, &finding.message).into_owned(),
        (None, Language::En) => format!("{} of the first {} rows would be read", figures::count(tried.read), figures::count(all)),
        (None, Language::Zh) => format!("前 {} 行中可读取 {} 行", figures::count(all), figures::count(tried.read)),
    };
    remark(ui, glyph, colour, &words);
    if let Some(help) = refused.filter(|_| !tried.can_load).and_then(|finding| finding.help.as_ref()) {
        ui.add(Label::new(theme::weak(ui, local(ui, &help.in_window()))).wrap());
    }
    let warnings = tried
        .findings
        .iter()
        .filter(|finding| tried.can_load && finding.severity == countersign_core::diagnostic::Severity::Warning);
    for finding in warnings.take(WARNINGS) {
        remark(ui, Glyph::TriangleAlert, c.warning, &local(ui, &finding.sentence()));
    }
    if let Some(first) = tried.problems.first() {
        let finding = first.to_finding(file, countersign_core::diagnostic::Severity::Error);
        remark(ui, Glyph::CircleX, c.error, &local(ui, &finding.message));
    }
}

fn remark(ui: &mut Ui, glyph: Glyph, colour: eframe::egui::Color32, words: &str) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        ui.label(icons::small(glyph, colour));
        ui.add(Label::new(RichText::new(words).color(colour)).truncate()).on_hover_text(words);
    });
}

/// What a column is called where it has no name.
fn shown_name(ui: &Ui, column: &str) -> String {
    if column.trim().is_empty() { say(ui, text("(no name)", "（无列名）")).to_owned() } else { column.to_owned() }
}

/// What all parts of the dialog are given.
pub(super) struct MappingSection<'a> {
    session: &'a Session,
    mapper: &'a Mapper,
}

impl MappingSection<'_> {
    fn schema(&self) -> &countersign_core::model::Schema {
        &self.session.document().definition().schema
    }
}
