//! The choice of columns: which are shown, in which order.

use eframe::egui::{Id, ScrollArea, Ui};

use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, metrics, space};
use crate::gui::widgets::{button, choice, field, section};
use crate::gui::words::{local, say, text};
use countersign_session::views::table::{ColumnHeading, RequestRows, all_columns};
use countersign_session::{Action, Session, ShownColumn, TableAction};

#[derive(Default)]
pub struct ColumnChooser {
    search: String,
}

impl ColumnChooser {
    pub fn button(&mut self, ui: &mut Ui, session: &Session, reader: &RequestRows<'_>, out: &mut Outbox) {
        let response = button::icon(ui, Glyph::Columns3, say(ui, text("Columns", "列")));
        choice::form(&response, metrics().rules_width, |ui| self.menu(ui, session, reader, out));
    }

    fn menu(&mut self, ui: &mut Ui, session: &Session, reader: &RequestRows<'_>, out: &mut Outbox) {
        let Some(requests) = session.requests() else { return };
        let shown: Vec<ShownColumn> =
            reader.heads().map(|head| ShownColumn { column: head.column.clone(), width: head.width }).collect();
        let label = say(ui, text("Search columns", "搜索列"));
        field::search(ui, Id::unique("search columns"), &mut self.search, label, metrics().rules_width);
        let words = self.search.to_lowercase();
        let fits = |head: &ColumnHeading| {
            let all = format!("{} {} {} {}", head.title.en, head.title.zh, head.hover.en, head.hover.zh).to_lowercase();
            words.split_whitespace().all(|word| all.contains(word))
        };
        let all = all_columns(requests.table.schema());
        let (on, off): (Vec<&ColumnHeading>, Vec<&ColumnHeading>) =
            all.iter().filter(|head| fits(head)).partition(|head| shown.iter().any(|known| known.column == head.column));
        let mut wanted = None;
        ScrollArea::vertical().max_height(metrics().popup_height).show(ui, |ui| {
            let at = |head: &ColumnHeading| shown.iter().position(|known| known.column == head.column);
            let mut on: Vec<(usize, &ColumnHeading)> = on.into_iter().filter_map(|head| Some((at(head)?, head))).collect();
            on.sort_by_key(|(at, _)| *at);
            for (at, head) in on {
                wanted = wanted.take().or(shown_line(ui, head, at, &shown));
            }
            section::rule(ui);
            for head in off {
                wanted = wanted.take().or(hidden_line(ui, head, &shown));
            }
        });
        section::rule(ui);
        if button::ghost(ui, Some(Glyph::RotateCcw), say(ui, text("As suggested", "恢复默认列"))).clicked() {
            wanted = Some(Vec::new());
        }
        if let Some(columns) = wanted {
            out.push(Action::Table(TableAction::Columns(columns)));
        }
    }
}

/// A shown column: taken away by its tick, moved by its arrows.
fn shown_line(ui: &mut Ui, head: &ColumnHeading, at: usize, shown: &[ShownColumn]) -> Option<Vec<ShownColumn>> {
    let mut wanted = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space().tiny;
        let title = local(ui, &head.title).into_owned();
        for (glyph, name, to) in [
            (Glyph::ChevronUp, text("Move left", "左移"), at.checked_sub(1)),
            (Glyph::ChevronDown, text("Move right", "右移"), Some(at + 1).filter(|to| *to < shown.len())),
        ] {
            ui.add_enabled_ui(to.is_some(), |ui| {
                let label = format!("{}: {title}", say(ui, name));
                if let (true, Some(to)) = (button::icon(ui, glyph, &label).clicked(), to) {
                    let mut columns = shown.to_vec();
                    columns.swap(at, to);
                    wanted = Some(columns);
                }
            });
        }
        let mut on = true;
        let last = shown.len() == 1;
        if ui.add_enabled(!last, eframe::egui::Checkbox::new(&mut on, title)).on_hover_text(local(ui, &head.hover)).changed() {
            wanted = Some(shown.iter().filter(|known| known.column != head.column).cloned().collect());
        }
    });
    wanted
}

fn hidden_line(ui: &mut Ui, head: &ColumnHeading, shown: &[ShownColumn]) -> Option<Vec<ShownColumn>> {
    let mut wanted = None;
    ui.horizontal(|ui| {
        ui.add_space(2.0 * metrics().button + 2.0 * space().tiny);
        let mut on = false;
        let title = theme::weak(ui, local(ui, &head.title)).font(theme::body());
        if ui.checkbox(&mut on, title).on_hover_text(local(ui, &head.hover)).changed() {
            let added = ShownColumn { column: head.column.clone(), width: head.width };
            wanted = Some(shown.iter().cloned().chain([added]).collect());
        }
    });
    wanted
}
