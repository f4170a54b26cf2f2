//! The table of requests: any number of rows, filtered and sorted, each with what the draft decides.

mod columns;
mod form;
mod toolbar;

use eframe::egui::{Panel, RichText, Ui};

use super::standing;
use crate::gui::icons::Glyph;
use crate::gui::outbox::{Ask, Outbox, Tab};
use crate::gui::theme::{colours, metrics};
use crate::gui::widgets::table::{Column as Track, Content, Table, line};
use crate::gui::widgets::{badge, state};
use crate::gui::words::{language, local, say, text};
use crate::session::views::conditions;
use crate::session::views::table::{Cell, CopyAs, Head, Reader};
use crate::session::{Action, SelectAction, Session, TableAction};

/// What the panel keeps.
#[derive(Default)]
pub struct Requests {
    table: Table,
    toolbar: toolbar::Toolbar,
    form: form::Form,
    is_editing: bool,
}

impl Requests {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        if session.requests().is_none() {
            let running = session.underway().find(|(kind, _)| *kind == crate::session::Kind::Requests);
            return match running {
                None => standing::no_requests(ui),
                Some((kind, _)) => state::loading(ui, local(ui, &kind.text()), None),
            };
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some(reader) = Reader::new(session) else { return };
        self.toolbar.show(ui, session, &reader, &mut self.is_editing, out);
        standing::banner(ui, &session.impact());
        if self.is_editing {
            let frame = eframe::egui::Frame::new().fill(colours(ui).panel);
            let side = Panel::right("request form").frame(frame).default_size(metrics().inspector_width);
            side.show(ui, |ui| self.form.show(ui, session, out));
        }
        if reader.is_empty() {
            return nothing_listed(ui, session, out);
        }
        self.rows(ui, session, &reader, out);
    }

    fn rows(&mut self, ui: &mut Ui, session: &Session, reader: &Reader<'_>, out: &mut Outbox) {
        let heads: Vec<&Head> = reader.heads().collect();
        let language = language(ui.ctx());
        let columns: Vec<Track> = heads
            .iter()
            .map(|head| {
                let title = head.title.get(language);
                let track = if head.is_number { Track::number(title, head.width) } else { Track::text(title, head.width) };
                track.sorting().hover(head.hover.get(language))
            })
            .collect();
        let sorted = session.view().requests.sort.as_ref();
        let sorted = sorted.and_then(|(column, down)| Some((heads.iter().position(|head| head.column == *column)?, *down)));
        let chosen = session.view().selection.request.and_then(|row| position(session, row));
        // Widths are remembered per choice of columns.
        let name = format!("requests {:?}", heads.iter().map(|head| &head.column).collect::<Vec<_>>());
        let mut cell = |ui: &mut Ui, row: usize, column: usize| show_cell(ui, &reader.cell(row, column));
        let mut asked: Vec<Wish> = Vec::new();
        let mut menu = |ui: &mut Ui, row: usize, column: usize| asked.extend(cell_menu(ui, row, column));
        let mut content = Content {
            name: &name,
            label: say(ui, text("Requests", "请求")),
            columns: &columns,
            rows: reader.len(),
            chosen,
            sorted,
            cell: &mut cell,
            menu: Some(&mut menu),
        };
        let answer = self.table.show(ui, &mut content);
        if let Some(row) = answer.choose.or(answer.open).and_then(|at| reader.row(at)) {
            out.push(Action::Select(SelectAction::Request(row)));
        }
        if answer.open.is_some() {
            out.ask(Ask::Show(Tab::Explain));
        }
        if let Some(head) = answer.sort.and_then(|at| heads.get(at)) {
            out.push(Action::Table(TableAction::Sort(head.column.clone())));
        }
        if let (true, Some(at)) = (answer.copy, chosen) {
            out.ask(Ask::Copy(reader.copy(at..at + 1, CopyAs::Csv)));
        }
        for wish in asked {
            grant(wish, session, reader, out);
        }
    }
}

/// What a cell's menu was asked for, with the position of the row.
enum Wish {
    Only(usize, usize),
    CopyCell(usize, usize),
    CopyRow(usize, CopyAs),
    Explain(usize),
}

fn grant(wish: Wish, session: &Session, reader: &Reader<'_>, out: &mut Outbox) {
    match wish {
        Wish::Only(at, column) => {
            let head = reader.heads().nth(column);
            let only = reader.row(at).zip(head).and_then(|(row, head)| conditions::of_cell(session, row, &head.column));
            only.into_iter().for_each(|only| out.push(Action::Table(TableAction::Only(only))));
        }
        Wish::CopyCell(at, column) => out.ask(Ask::Copy(reader.cell(at, column).text)),
        Wish::CopyRow(at, how) => out.ask(Ask::Copy(reader.copy(at..at + 1, how))),
        Wish::Explain(at) => {
            if let Some(row) = reader.row(at) {
                out.push(Action::Select(SelectAction::Request(row)));
                out.ask(Ask::Show(Tab::Explain));
            }
        }
    }
}

fn cell_menu(ui: &mut Ui, row: usize, column: usize) -> Option<Wish> {
    let items = [
        (text("Only requests with this value", "仅显示该值"), Wish::Only(row, column)),
        (text("Explain this request", "解释此请求"), Wish::Explain(row)),
        (text("Copy the value", "复制该值"), Wish::CopyCell(row, column)),
        (text("Copy the row as CSV", "复制为 CSV"), Wish::CopyRow(row, CopyAs::Csv)),
        (text("Copy the row as JSON", "复制为 JSON"), Wish::CopyRow(row, CopyAs::Json)),
    ];
    let mut wish = None;
    for (label, what) in items {
        if ui.button(say(ui, label)).clicked() {
            wish = Some(what);
            ui.close();
        }
    }
    wish
}

fn show_cell(ui: &mut Ui, cell: &Cell) {
    match cell.verdict {
        Some(verdict) => drop(badge::verdict(ui, verdict)),
        None if cell.is_missing => drop(ui.label(RichText::new("–").color(colours(ui).text_weak))),
        None => drop(line(ui, &cell.text)),
    }
}

/// Where the selected request is listed.
fn position(session: &Session, row: u32) -> Option<usize> {
    match session.order().value {
        Some(order) => order.position(row),
        None => usize::try_from(row).ok(),
    }
}

fn nothing_listed(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let title = say(ui, text("No request fits these conditions", "没有符合条件的请求"));
    let hint = say(ui, text("Take a condition away, or show all requests", "请移除部分条件，或显示全部请求"));
    state::empty(ui, Glyph::FilterX, title, hint);
    ui.vertical_centered(|ui| {
        let command = crate::session::Command::ShowAllRequests;
        let can = session.hindrance(command).is_none();
        let label = say(ui, text("Show all", "显示全部"));
        ui.add_enabled_ui(can, |ui| {
            if crate::gui::widgets::button::plain(ui, Some(Glyph::ListRestart), label).clicked() {
                out.push(Action::Do(command));
            }
        });
    });
}
