//! The table of requests: any number of rows, filtered and sorted, each with what the draft decides.

mod columns;
mod form;
mod toolbar;

use eframe::egui::{Panel, RichText, Ui};

use super::{part_width, standing};
use crate::gui::icons::Glyph;
use crate::gui::outbox::{Outbox, Tab, WindowAction};
use crate::gui::theme::{colours, metrics};
use crate::gui::widgets::table::{DataTable, TableColumn as Track, TableContent, line};
use crate::gui::widgets::{badge, state};
use crate::gui::words::{language, say, text};
use countersign_session::views::conditions;
use countersign_session::views::table::{ColumnHeading, CopyAs, RequestCell, RequestRows};
use countersign_session::{Action, SelectAction, Session, ShownColumn, TableAction};

#[derive(Default)]
pub struct RequestsPanel {
    table: DataTable,
    toolbar: toolbar::RequestsToolbar,
    form: form::RequestForm,
    is_editing: bool,
    /// The widths of the columns that were asked for last, and how often others were than the table had.
    asked: Vec<f32>,
    begun: u64,
}

impl RequestsPanel {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        if session.requests().is_none() {
            return standing::no_requests(ui, session, out);
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let Some(reader) = RequestRows::new(session) else { return };
        self.toolbar.show(ui, session, &reader, &mut self.is_editing, out);
        standing::banner(ui, &session.impact());
        standing::undecided(ui, session);
        standing::rows_left_out(ui, session, out);
        if self.is_editing {
            let frame = eframe::egui::Frame::new().fill(colours(ui).panel);
            let side = Panel::right("request form").frame(frame).default_size(part_width(ui, metrics().inspector_width, 0.5));
            side.show(ui, |ui| self.form.show(ui, session, out));
        }
        if reader.is_empty() {
            return nothing_listed(ui, session, out);
        }
        self.rows(ui, session, &reader, out);
    }

    fn rows(&mut self, ui: &mut Ui, session: &Session, reader: &RequestRows<'_>, out: &mut Outbox) {
        let heads: Vec<&ColumnHeading> = reader.heads().collect();
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
        // The table keeps its own widths, until others are asked for: those of the last run, or as delivered.
        let asked: Vec<f32> = heads.iter().map(|head| head.width).collect();
        self.begun += u64::from(!is_like(&asked, &self.asked) && !is_like(&asked, self.table.widths()));
        self.asked = asked;
        let name = format!("requests {} {:?}", self.begun, heads.iter().map(|head| &head.column).collect::<Vec<_>>());
        let mut cell = |ui: &mut Ui, row: usize, column: usize| show_cell(ui, &reader.cell(row, column));
        let mut asked: Vec<MenuChoice> = Vec::new();
        let mut menu = |ui: &mut Ui, row: usize, column: usize| asked.extend(cell_menu(ui, row, column));
        let mut content = TableContent {
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
        keep_widths(ui, &heads, self.table.widths(), out);
        if let Some(row) = answer.choose.or(answer.open).and_then(|at| reader.row(at)) {
            out.push(Action::Select(SelectAction::Request(row)));
        }
        if answer.open.is_some() {
            out.ask(WindowAction::Show(Tab::Explain));
        }
        if let Some(head) = answer.sort.and_then(|at| heads.get(at)) {
            out.push(Action::Table(TableAction::Sort(head.column.clone())));
        }
        if let (true, Some(at)) = (answer.copy, chosen) {
            out.ask(WindowAction::Copy(reader.copy(at..at + 1, CopyAs::Csv)));
        }
        for choice in asked {
            carry_out(choice, session, reader, out);
        }
    }
}

/// Whether a person would see no difference.
fn is_like(one: &[f32], other: &[f32]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1.0)
}

/// Columns that were drawn wider or narrower are so from now on.
fn keep_widths(ui: &Ui, heads: &[&ColumnHeading], widths: &[f32], out: &mut Outbox) {
    let asked: Vec<f32> = heads.iter().map(|head| head.width).collect();
    if widths.len() == heads.len() && !is_like(&asked, widths) && !ui.input(|input| input.pointer.any_down()) {
        let column = |(head, width): (&&ColumnHeading, &f32)| ShownColumn { column: head.column.clone(), width: *width };
        out.push(Action::Table(TableAction::Columns(heads.iter().zip(widths).map(column).collect())));
    }
}

/// What a cell's menu was asked for, with the position of the row.
#[derive(Clone, Copy)]
enum MenuChoice {
    Only(usize, usize),
    CopyCell(usize, usize),
    CopyRow(usize, CopyAs),
    Explain(usize),
}

fn carry_out(choice: MenuChoice, session: &Session, reader: &RequestRows<'_>, out: &mut Outbox) {
    match choice {
        MenuChoice::Only(at, column) => {
            let head = reader.heads().nth(column);
            let only = reader.row(at).zip(head).and_then(|(row, head)| conditions::of_cell(session, row, &head.column));
            if let Some(only) = only {
                out.push(Action::Table(TableAction::Only(only)));
            }
        }
        MenuChoice::CopyCell(at, column) => out.ask(WindowAction::Copy(reader.cell(at, column).text)),
        MenuChoice::CopyRow(at, how) => out.ask(WindowAction::Copy(reader.copy(at..at + 1, how))),
        MenuChoice::Explain(at) => {
            if let Some(row) = reader.row(at) {
                out.push(Action::Select(SelectAction::Request(row)));
                out.ask(WindowAction::Show(Tab::Explain));
            }
        }
    }
}

fn cell_menu(ui: &mut Ui, row: usize, column: usize) -> Option<MenuChoice> {
    let items = [
        (text("Only requests with this value", "仅显示该值"), MenuChoice::Only(row, column)),
        (text("Explain this request", "解释此请求"), MenuChoice::Explain(row)),
        (text("Copy the value", "复制该值"), MenuChoice::CopyCell(row, column)),
        (text("Copy the row as CSV", "复制为 CSV"), MenuChoice::CopyRow(row, CopyAs::Csv)),
        (text("Copy the row as JSON", "复制为 JSON"), MenuChoice::CopyRow(row, CopyAs::Json)),
    ];
    let mut choice = None;
    for (label, what) in items {
        if ui.button(say(ui, label)).clicked() {
            choice = Some(what);
            ui.close();
        }
    }
    choice
}

fn show_cell(ui: &mut Ui, cell: &RequestCell) {
    match cell.verdict {
        Some(verdict) => drop(badge::verdict(ui, verdict)),
        None if cell.is_missing => drop(ui.label(RichText::new("–").color(colours(ui).text_weak))),
        None => drop(line(ui, &cell.text)),
    }
}

/// Where the selected request is listed.
fn position(session: &Session, row: u32) -> Option<usize> {
    match session.request_order().value {
        Some(order) => order.position(row),
        None => usize::try_from(row).ok(),
    }
}

fn nothing_listed(ui: &mut Ui, session: &Session, out: &mut Outbox) {
    let title = say(ui, text("No request fits these conditions", "没有符合条件的请求"));
    let hint = say(ui, text("Take a condition away, or show all requests", "请移除部分条件，或显示全部请求"));
    state::empty(ui, Glyph::FilterX, title, hint);
    let command = countersign_session::Command::ShowAllRequests;
    let can = session.why_disabled(command).is_none();
    if can && state::way_out(ui, Glyph::ListRestart, say(ui, text("Show all", "显示全部"))) {
        out.push(Action::Do(command));
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::panels::testing::{PanelHarness, session, window};
    use countersign_core::model::Verdict;
    use countersign_core::text::Language;
    use countersign_session::{PreferenceAction, RowFilter};

    fn harness(requests: bool) -> egui_kittest::Harness<'static, PanelHarness<RequestsPanel>> {
        window(PanelHarness::new(session(requests)), |panel: &mut RequestsPanel, ui, session, out| panel.show(ui, session, out))
    }

    #[test]
    fn without_requests_it_says_how_to_get_them_in_both_languages() {
        let mut window = harness(false);
        window.run();
        window.get_by_label("No requests are loaded");
        window.state_mut().act(Action::Prefer(PreferenceAction::Language(Language::Zh)));
        window.run();
        window.get_by_label("尚未载入请求");
    }

    #[test]
    fn requests_are_found_by_key_filtered_and_shown_all_again() {
        let mut window = harness(true);
        window.run();
        window.get_by_label("2,000 requests");
        let key = window.state().session.requests().unwrap().table.key(7);
        window.get_by_label("Go to key").focus();
        window.run();
        window.get_by_label("Go to key").type_text(&key);
        window.run();
        window.key_press(eframe::egui::Key::Enter);
        window.run();
        assert_eq!(window.state().session.view().selection.request, Some(7));
        window.state_mut().act(Action::Table(TableAction::Show(RowFilter::Verdict(Verdict::Decline))));
        window.run();
        let listed = RequestRows::new(&window.state().session).unwrap().len();
        assert!(listed > 0 && listed < 2_000, "{listed}");
        window.get_by_label("Take away: verdict: decline").click();
        window.run();
        window.get_by_label("2,000 requests");
        window.state_mut().act(Action::Table(TableAction::Expression("money.amount > yuan(900_000_000)".into())));
        window.run();
        window.get_by_label("No request fits these conditions");
        window.get_by_label("Show all").click();
        window.run();
        window.get_by_label("2,000 requests");
    }

    #[test]
    fn columns_have_the_widths_that_are_asked_for() {
        let mut window = harness(true);
        window.run();
        let reader = RequestRows::new(&window.state().session).unwrap();
        let shown: Vec<ShownColumn> =
            reader.heads().map(|head| ShownColumn { column: head.column.clone(), width: head.width + 40.0 }).collect();
        window.state_mut().act(Action::Table(TableAction::Columns(shown.clone())));
        window.run();
        assert_eq!(window.state().session.view().requests.columns, shown, "those of the last run stay");
        window.state_mut().act(Action::Table(TableAction::Columns(Vec::new())));
        window.run();
        assert!(window.state().session.view().requests.columns.is_empty(), "as delivered again");
    }

    #[test]
    fn a_broken_draft_keeps_the_last_decisions_and_says_so() {
        let mut window = harness(true);
        window.state_mut().break_a_script();
        window.run();
        window.get_by_label("the draft has errors; this is the last good result");
        window.get_by_label("2,000 requests");
    }

    #[test]
    fn a_tried_value_shows_its_decision_and_becomes_a_case() {
        let mut window = harness(true);
        window.state_mut().act(Action::Select(SelectAction::Request(3)));
        window.run();
        window.get_by_label("Edit the chosen request").click();
        window.run();
        window.get_by_label("Search fields").focus();
        window.run();
        window.get_by_label("Search fields").type_text("customer.age");
        window.run();
        let session = &window.state().session;
        let text = session.document().definition().schema.find("customer.age").unwrap().1.text.en.clone();
        window.get_by_role_and_label(eframe::egui::accesskit::Role::TextInput, &text).focus();
        window.run();
        window.key_press_modifiers(eframe::egui::Modifiers::COMMAND, eframe::egui::Key::A);
        window.run();
        window.get_by_role_and_label(eframe::egui::accesskit::Role::TextInput, &text).type_text("12");
        window.run();
        window.get_by_label("As tried");
        window.get_by_label("Id of the new case").focus();
        window.run();
        window.get_by_label("Id of the new case").type_text("a_child_signs");
        window.run();
        window.get_by_label("Save as case").click();
        window.run();
        let case = window
            .state()
            .session
            .document()
            .cases()
            .cases
            .iter()
            .find(|case| case.id.as_str() == "a_child_signs")
            .unwrap()
            .clone();
        assert_eq!(case.set.get("customer.age"), Some(&countersign_core::model::Scalar::Int(12)));
    }
}
