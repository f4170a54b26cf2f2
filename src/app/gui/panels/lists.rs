//! The lists of the rule set: searched, added to by hand or by file, thinned out, written to a file.

mod add;
mod entries;

use eframe::egui::{CentralPanel, Frame, Id, Panel, ScrollArea, Ui};

use super::part_width;
use super::path_field::{PathField, PathPurpose};
use super::standing;
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::row::ListRow;
use crate::gui::widgets::{button, field, section, state};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::{List, ListId, ListType};
use countersign_core::text::Language;
use countersign_session::views::figures;
use countersign_session::views::lists;
use countersign_session::{Action, Command, FileAction, Session};

#[derive(Default)]
pub struct ListsPanel {
    chosen: Option<ListId>,
    search: String,
    add: add::AddEntries,
    entries: entries::ListEntriesTable,
    export: PathField,
}

impl ListsPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        ui.spacing_mut().item_spacing.y = 0.0;
        let held = &session.document().rule_set().lists;
        if held.is_empty() {
            let title = say(ui, text("The rule set has no lists", "规则集没有名单"));
            let hint = text("Scripts ask them by name: x in lists.blocked", "脚本按名称引用：x in lists.blocked");
            state::empty(ui, Glyph::List, title, say(ui, hint));
            return standing::offer(ui, Glyph::Plus, Command::Definitions, out);
        }
        if self.chosen.as_ref().is_none_or(|id| !held.contains_key(id)) {
            self.chosen = held.keys().next().cloned();
        }
        let ground = Frame::new().fill(colours(ui).panel);
        Panel::left("lists").frame(ground).default_size(part_width(ui, metrics().rules_width, 0.3)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            self.names(ui, session);
        });
        let Some((id, list)) = self.chosen.as_ref().and_then(|id| held.get_key_value(id)) else { return };
        Panel::right("add to list").frame(ground).default_size(part_width(ui, metrics().inspector_width, 0.3)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            self.add.show(ui, session, id, list, out);
        });
        CentralPanel::no_frame().show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            head(ui, id, list, &mut self.export, out);
            section::rule(ui);
            if standing::unread(ui, session, &list.file, out) {
                return;
            }
            self.entries.show(ui, session, id, list, out);
        });
    }

    fn names(&mut self, ui: &mut Ui, session: &Session) {
        section::header(ui, say(ui, text("Lists", "名单")), |_| {});
        ui.horizontal(|ui| {
            ui.add_space(space().medium);
            let width = ui.available_width() - space().medium;
            field::search(ui, Id::unique("search lists"), &mut self.search, say(ui, text("Search lists", "搜索名单")), width);
        });
        ui.add_space(space().small);
        let words = self.search.to_lowercase();
        ScrollArea::vertical().auto_shrink(false).id_salt("list names").show(ui, |ui| {
            for (id, list) in &session.document().rule_set().lists {
                let all = format!("{id} {} {} {}", list.title.en, list.title.zh, list.file).to_lowercase();
                if !words.split_whitespace().all(|word| all.contains(word)) {
                    continue;
                }
                let title = title(ui, id, list);
                let count = figures::count(list.entries.len());
                let chosen = self.chosen.as_ref() == Some(id);
                let unread = session.document().draft().unread.why(&list.file);
                let (glyph, colour) = match unread {
                    Some(_) => (Glyph::CircleX, colours(ui).error),
                    None => (Glyph::List, colours(ui).text_weak),
                };
                let row = ListRow::new(&title).icon(glyph, colour).selected(chosen);
                let response = row.show_with(ui, metrics().hit_bar, |ui| drop(ui.label(theme::weak(ui, count))));
                if response.on_hover_text(format!("lists.{id}\n{}", list.file)).clicked() {
                    self.chosen = Some(id.clone());
                }
            }
        });
    }
}

fn title(ui: &Ui, id: &ListId, list: &List) -> String {
    let title = local(ui, &list.title);
    if title.is_empty() { id.to_string() } else { title.into_owned() }
}

/// The list's name, what its entries are, and its way to a file.
fn head(ui: &mut Ui, id: &ListId, list: &List, export: &mut PathField, out: &mut Outbox) {
    let title = title(ui, id, list);
    section::header(ui, &title, |ui| {
        ui.add_space(space().medium);
        let response = button::ghost(ui, Some(Glyph::FileDown), say(ui, text("Export", "导出")));
        if let Some(path) = export.show(&response, PathPurpose::Saving, text("Write the list", "写入名单"), &format!("{id}.txt"))
        {
            out.push(Action::File(FileAction::Write { path, bytes: lists::text(list).into_bytes() }));
        }
        let count = figures::count(list.entries.len());
        let words = match (list.kind, language(ui.ctx())) {
            (ListType::Text, Language::En) => format!("{count} texts"),
            (ListType::Int, Language::En) => format!("{count} numbers"),
            (ListType::Text, Language::Zh) => format!("{count} 条文本"),
            (ListType::Int, Language::Zh) => format!("{count} 条整数"),
        };
        ui.label(theme::weak(ui, format!("{words} · lists.{id}")));
    });
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<ListsPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut ListsPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn entries_are_added_once_found_marked_and_removed() {
        let mut window = harness(false);
        window.run();
        let id = window.state().panel.chosen.clone().unwrap();
        let of = |window: &egui_kittest::Harness<'_, PanelHarness<ListsPanel>>| {
            window.state().session.document().rule_set().lists[&id].clone()
        };
        let before = of(&window).entries.len();
        let known = lists::entry(&of(&window), 0);
        window.get_by_label("Entries to add").focus();
        window.run();
        window.get_by_label("Entries to add").type_text(&format!("zz_1\nzz_2\nzz_1\n{known}"));
        window.run();
        for said in ["2 new", "1 in the list already", "1 duplicate"] {
            window.get_by_label(said);
        }
        window.get_by_label("Add 2").click();
        window.run();
        assert_eq!(of(&window).entries.len(), before + 2);
        window.get_by_label("Search entries").focus();
        window.run();
        window.get_by_label("Search entries").type_text("ZZ_");
        window.run();
        window.get_by_label("Mark: zz_2").click();
        window.run();
        window.get_by_label("Remove 1").click();
        window.run();
        assert!(lists::holds(&of(&window), "zz_1") && !lists::holds(&of(&window), "zz_2"));
    }

    #[test]
    fn a_list_goes_to_a_file_and_a_file_that_is_not_there_is_said() {
        let mut window = harness(false);
        window.run();
        window.get_by_label("Export").click();
        window.run();
        window.get_by_label("Write the list").click();
        window.run();
        let id = window.state().panel.chosen.clone().unwrap();
        assert_eq!(window.state().session.notices()[0].text.en, format!("written: `{id}.txt`"));
        window.get_by_label("From a file").click();
        window.run();
        window.get_by_label("Read the file").click();
        window.run();
        assert_eq!(window.state().session.notices().last().map(|notice| notice.weight), Some(countersign_session::Weight::Error));
    }
}
