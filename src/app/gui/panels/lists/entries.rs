//! The entries of a list: searched, marked, removed; with the other lists that hold them too.

use std::collections::BTreeSet;

use eframe::egui::{Align, Id, Layout, Role, Ui, WidgetInfo};

use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::table::{DataTable, TableColumn, TableContent, line};
use crate::gui::widgets::{button, field, state};
use crate::gui::words::{language, say, text};
use countersign_core::model::{List, ListId};
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::views::lists;
use countersign_session::{Action, ListAction, Session};

#[derive(Default)]
pub struct ListEntriesTable {
    table: DataTable,
    search: String,
    only_shared: bool,
    list: Option<ListId>,
    chosen: Option<usize>,
    marked: BTreeSet<String>,
    /// The listed positions with what they were found by.
    held: Option<(u64, String, bool, Vec<u32>)>,
}

impl ListEntriesTable {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, id: &ListId, list: &List, out: &mut Outbox) {
        if self.list.as_ref() != Some(id) {
            *self = Self { list: Some(id.clone()), ..Self::default() };
        }
        let revision = session.document().revision();
        if !self
            .held
            .as_ref()
            .is_some_and(|(at, words, shared, _)| (*at, *shared) == (revision, self.only_shared) && *words == self.search)
        {
            let mut found = lists::search(list, &self.search);
            if self.only_shared {
                let shared: BTreeSet<u32> = lists::shared(session, id).into_iter().collect();
                found.retain(|at| shared.contains(at));
            }
            self.marked.retain(|entry| lists::holds(list, entry));
            self.held = Some((revision, self.search.clone(), self.only_shared, found));
        }
        let listed = self.held.as_ref().map_or(0, |(.., listed)| listed.len());
        self.bar(ui, id, listed, out);
        if listed == 0 {
            let title = say(ui, text("No entry is listed", "没有可列出的条目"));
            let hint = if list.entries.is_empty() {
                text("Add entries on the right, by hand or from a file", "可在右侧手工或从文件添加条目")
            } else {
                text("No entry fits the search", "没有匹配的条目")
            };
            return state::empty(ui, Glyph::List, title, say(ui, hint));
        }
        self.rows(ui, session, id, list);
    }

    fn bar(&mut self, ui: &mut Ui, id: &ListId, listed: usize, out: &mut Outbox) {
        ui.horizontal(|ui| {
            ui.set_min_height(metrics().section + space().small);
            ui.add_space(space().medium);
            let label = say(ui, text("Search entries", "搜索条目"));
            // What is on the right needs its room.
            let width = (ui.available_width() - 2.5 * metrics().label_column).clamp(metrics().hit_bar, metrics().rules_width);
            field::search(ui, Id::unique("search entries"), &mut self.search, label, width);
            ui.label(theme::weak(ui, figures::count(listed)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space().medium);
                ui.add_enabled_ui(!self.marked.is_empty(), |ui| {
                    let words = match language(ui.ctx()) {
                        Language::En => format!("Remove {}", figures::count(self.marked.len())),
                        Language::Zh => format!("移除 {} 条", figures::count(self.marked.len())),
                    };
                    if button::ghost(ui, Some(Glyph::Trash2), &words).clicked() {
                        out.push(Action::List(ListAction::Remove(id.clone(), std::mem::take(&mut self.marked))));
                    }
                });
                let label = say(ui, text("Only entries that another list has too", "仅显示与其他名单重复的条目"));
                if button::switch(ui, Glyph::CopyCheck, label, self.only_shared).clicked() {
                    self.only_shared = !self.only_shared;
                }
            });
        });
    }

    fn rows(&mut self, ui: &mut Ui, session: &Session, id: &ListId, list: &List) {
        let Some((.., listed)) = &self.held else { return };
        let columns = [
            TableColumn::text("", metrics().row * 1.4),
            TableColumn::text(say(ui, text("Entry", "条目")), metrics().rules_width + metrics().label_column),
            TableColumn::text(say(ui, text("Also in", "同时存在于")), metrics().rules_width),
        ];
        let marked = &mut self.marked;
        let mut cell = |ui: &mut Ui, row: usize, column: usize| {
            let entry = lists::entry(list, listed.get(row).copied().unwrap_or_default() as usize);
            match column {
                0 => mark(ui, &entry, marked),
                1 => drop(line(ui, &entry)),
                _ => {
                    let others: Vec<String> = lists::elsewhere(session, id, &entry).iter().map(ToString::to_string).collect();
                    if !others.is_empty() {
                        ui.label(icons::small(Glyph::Copy, colours(ui).warning));
                        line(ui, &others.join(", "));
                    }
                }
            }
        };
        let mut content = TableContent {
            name: "entries",
            label: say(ui, text("Entries", "条目")),
            columns: &columns,
            rows: listed.len(),
            chosen: self.chosen,
            sorted: None,
            cell: &mut cell,
            menu: None,
        };
        let answer = self.table.show(ui, &mut content);
        self.chosen = answer.choose.or(self.chosen);
        if let Some(at) = answer.open.and_then(|row| listed.get(row)) {
            toggle(&mut self.marked, lists::entry(list, *at as usize));
        }
    }
}

fn toggle(marked: &mut BTreeSet<String>, entry: String) {
    if !marked.remove(&entry) {
        marked.insert(entry);
    }
}

fn mark(ui: &mut Ui, entry: &str, marked: &mut BTreeSet<String>) {
    let mut on = marked.contains(entry);
    let tick = ui.add(eframe::egui::Checkbox::without_text(&mut on));
    let label = format!("{}: {entry}", say(ui, text("Mark", "标记")));
    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &label));
    if tick.changed() {
        toggle(marked, entry.to_owned());
    }
}
