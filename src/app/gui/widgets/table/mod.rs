//! A table for any number of rows: only those in view are laid out. The header stays, columns are sized by dragging, a click on a
//! header sorts, keys move the choice, Ctrl+C asks for the chosen row.
//!
//! Our own rather than `egui_table`: that crate places rows by `f32` offsets, which lose single rows near the end of a million, and
//! leaves the choice of a row, its keys and what a screen reader is told to the caller, which is most of this file. Columns are still
//! sized and laid out by `egui_extras`.

mod scroll;

use eframe::egui::{Align, Align2, Event, Label, Layout, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo};
use egui_extras::{Column as Track, TableBuilder};

use crate::gui::icons::{self, Glyph};
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::{say, text};
use scroll::{TableScroll, Viewport};

#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    pub title: String,
    /// What it means, when the pointer rests on the title.
    pub hover: String,
    /// Its first width in points.
    pub width: f32,
    /// Whether it holds numbers, which stand on the right.
    pub number: bool,
    /// Whether a click on the title sorts by it.
    pub sorts: bool,
}

impl TableColumn {
    pub fn text(title: impl Into<String>, width: f32) -> Self {
        Self { title: title.into(), hover: String::new(), width, number: false, sorts: false }
    }

    pub fn number(title: impl Into<String>, width: f32) -> Self {
        Self { number: true, ..Self::text(title, width) }
    }

    /// Sorts by a click on its title.
    pub fn sorting(mut self) -> Self {
        self.sorts = true;
        self
    }

    pub fn hover(mut self, text: impl Into<String>) -> Self {
        self.hover = text.into();
        self
    }
}

/// Shows something of a cell: row, column.
pub type ShowCell<'a> = &'a mut dyn FnMut(&mut Ui, usize, usize);

pub struct TableContent<'a> {
    /// Tells this table's widths from those of others.
    pub name: &'a str,
    /// What a screen reader calls it.
    pub label: &'a str,
    pub columns: &'a [TableColumn],
    pub rows: usize,
    /// The chosen row.
    pub chosen: Option<usize>,
    /// The column it is sorted by, and whether downwards.
    pub sorted: Option<(usize, bool)>,
    /// Shows a cell: row, column.
    pub cell: ShowCell<'a>,
    /// The menu of a cell: row, column.
    pub menu: Option<ShowCell<'a>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableResponse {
    /// The row to choose.
    pub choose: Option<usize>,
    /// The row that was pressed twice, or entered.
    pub open: Option<usize>,
    pub sort: Option<usize>,
    /// The chosen row is to be copied.
    pub copy: bool,
}

/// The state of a table that only matters on the screen.
#[derive(Clone, Debug, Default)]
pub struct DataTable {
    scroll: TableScroll,
    chosen: Option<usize>,
    widths: Vec<f32>,
}

impl DataTable {
    /// Shows the table in all the room there is.
    pub fn show(&mut self, ui: &mut Ui, content: &mut TableContent<'_>) -> TableResponse {
        let area = ui.available_rect_before_wrap();
        let mut answer = TableResponse::default();
        let body = area.height() - metrics().table_header;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rows on a screen")]
        let fit = (body / metrics().table_row).max(1.0) as usize;
        let room = Viewport { rows: content.rows, fit };
        let focus = ui.interact(area, ui.scope_id().with(content.name), Sense::click());
        let (label, chosen) = (content.label, content.chosen);
        #[expect(clippy::cast_precision_loss, reason = "spoken only")]
        let value = chosen.map(|row| row as f64);
        focus.widget_info(|| WidgetInfo { value, ..WidgetInfo::labeled(Role::Table, true, label) });
        if focus.has_focus() {
            self.take_keys(ui, content, room, &mut answer);
        }
        if self.chosen != content.chosen {
            self.chosen = content.chosen;
            content.chosen.into_iter().for_each(|row| self.scroll.reveal(row, room));
        }
        self.scroll.wheel(ui, area, room);
        self.scroll.by(0.0, room);
        let bar = metrics().scroll_bar;
        let inner = Rect::from_min_max(area.min, (area.right() - bar - space().tiny, area.bottom()).into());
        let first = self.scroll.first();
        let shown = first..(first + fit + 1).min(content.rows);
        // A child of its own: the row that is cut off at the edge must not make the panel taller.
        // The ground of the titles goes on where there are no more columns.
        let head = Rect::from_min_size(inner.min, Vec2::new(inner.width(), metrics().table_header));
        ui.painter().rect_filled(head, eframe::egui::CornerRadius::ZERO, colours(ui).panel);
        ui.painter().hline(head.x_range(), head.bottom(), theme::hairline(colours(ui).hairline));
        let mut inside = ui.new_child(UiBuilder::new().max_rect(inner).id_salt(content.name));
        inside.shrink_clip_rect(inner);
        let scroll = ScrollArea::horizontal().auto_shrink(false);
        scroll.show(&mut inside, |ui| self.widths = rows(ui, content, shown, &mut answer));
        let place = Rect::from_min_max((area.right() - bar, area.top() + metrics().table_header).into(), area.max);
        self.scroll.bar(ui, place, room, say(ui, text("Scroll bar", "滚动条")));
        ui.allocate_rect(area, Sense::hover());
        if answer.choose.is_some() {
            focus.request_focus();
        }
        answer
    }

    /// The widths of the columns as they were shown last, in points.
    pub fn widths(&self) -> &[f32] {
        &self.widths
    }

    fn take_keys(&mut self, ui: &Ui, content: &TableContent<'_>, room: Viewport, answer: &mut TableResponse) {
        ui.memory_mut(|memory| {
            let filter = eframe::egui::EventFilter { vertical_arrows: true, ..Default::default() };
            memory.set_focus_lock_filter(ui.scope_id().with(content.name), filter);
        });
        if let Some(row) = TableScroll::step(ui, content.chosen, room) {
            answer.choose = Some(row);
            self.scroll.reveal(row, room);
        }
        let is_copy = |event: &Event| matches!(event, Event::Copy);
        answer.copy = ui.input(|input| input.events.iter().any(is_copy));
        if ui.input(|input| input.key_pressed(eframe::egui::Key::Enter)) {
            answer.open = content.chosen;
        }
    }
}

/// Shows the rows; gives the widths of the columns.
fn rows(ui: &mut Ui, content: &mut TableContent<'_>, shown: std::ops::Range<usize>, answer: &mut TableResponse) -> Vec<f32> {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let layout = Layout::left_to_right(Align::Center);
    let mut table =
        TableBuilder::new(ui).id_salt(content.name).vscroll(false).striped(false).sense(Sense::click()).cell_layout(layout);
    for column in content.columns {
        table = table.column(Track::initial(column.width).resizable(true).clip(true).at_least(metrics().row));
    }
    let table = table.header(metrics().table_header, |mut header| {
        for (at, column) in content.columns.iter().enumerate() {
            header.col(|ui| {
                if title(ui, column, content.sorted.filter(|(sorted, _)| *sorted == at)).clicked() && column.sorts {
                    answer.sort = Some(at);
                }
            });
        }
    });
    let mut widths = Vec::new();
    table.body(|body| {
        widths = body.widths().to_vec();
        let first = shown.start;
        body.rows(metrics().table_row, shown.len(), |mut row| {
            let at = first + row.index();
            row.set_selected(content.chosen == Some(at));
            for (column, shape) in content.columns.iter().enumerate() {
                let (_, response) = row.col(|ui| cell(ui, shape.number, |ui| (content.cell)(ui, at, column)));
                if let Some(menu) = &mut content.menu {
                    response.context_menu(|ui| menu(ui, at, column));
                }
            }
            let response = row.response();
            if response.clicked() {
                answer.choose = Some(at);
            }
            if response.double_clicked() {
                answer.open = Some(at);
            }
        });
    });
    widths
}

/// The title of a column, with an arrow when it is sorted by it.
fn title(ui: &mut Ui, column: &TableColumn, sorted: Option<(usize, bool)>) -> Response {
    let c = colours(ui);
    let place = ui.max_rect();
    let response = ui.interact(place, ui.scope_id().with(("title", &column.title)), Sense::click());
    let label = column.title.as_str();
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, label));
    let ground = if response.hovered() && column.sorts { c.hover } else { c.panel };
    ui.painter().rect_filled(place, eframe::egui::CornerRadius::ZERO, ground);
    ui.painter().hline(place.x_range(), place.bottom(), theme::hairline(c.hairline));
    let colour = if sorted.is_some() { c.text_strong } else { c.text_weak };
    let inner = place.shrink2(Vec2::new(space().small + space().tiny, 0.0));
    let arrow = sorted.map(|(_, down)| if down { Glyph::ArrowDown } else { Glyph::ArrowUp });
    let before = if arrow.is_some() { icons::small_face().size + space().tiny } else { 0.0 };
    let galley = cut(ui, label, inner.width() - before, colour);
    let room = inner.width() - galley.size().x - before;
    let mut x = inner.left() + if column.number { room.max(0.0) } else { 0.0 };
    let painter = ui.painter().with_clip_rect(inner.intersect(ui.clip_rect()));
    if let Some(glyph) = arrow {
        painter.text((x, inner.center().y).into(), Align2::LEFT_CENTER, char::from(glyph), icons::small_face(), c.accent_text);
        x += before;
    }
    painter.galley((x, inner.center().y - galley.size().y / 2.0).into(), galley, colour);
    if column.hover.is_empty() { response } else { response.on_hover_text(&column.hover) }
}

/// A title in one line, with dots where there is no room.
fn cut(ui: &Ui, label: &str, width: f32, colour: eframe::egui::Color32) -> std::sync::Arc<eframe::egui::Galley> {
    let mut job = eframe::egui::text::LayoutJob::simple_singleline(label.to_owned(), theme::small(), colour);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// The inside of a cell: numbers on the right.
fn cell(ui: &mut Ui, number: bool, show: impl FnOnce(&mut Ui)) {
    let layout = if number { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    let place = ui.max_rect().shrink2(Vec2::new(space().small + space().tiny, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(place).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = space().small;
        show(ui);
    });
}

/// One line of text in a cell, cut off with dots where there is no room.
pub fn line(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(text).truncate())
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use egui_kittest::kittest::Queryable;

    use super::*;
    use crate::gui::widgets::testing::harness;

    struct TableState {
        table: DataTable,
        chosen: Option<usize>,
        answers: Vec<TableResponse>,
    }

    fn show(ui: &mut Ui, state: &mut TableState) {
        let columns = [TableColumn::text("Id", 120.0).sorting(), TableColumn::number("Amount", 90.0).sorting()];
        let mut cell = |ui: &mut Ui, row: usize, column: usize| drop(line(ui, &format!("{column}:{row}")));
        let mut content = TableContent {
            name: "t",
            label: "Requests",
            columns: &columns,
            rows: 1_000_000,
            chosen: state.chosen,
            sorted: Some((0, true)),
            cell: &mut cell,
            menu: None,
        };
        let answer = state.table.show(ui, &mut content);
        state.chosen = answer.choose.or(state.chosen);
        if answer != TableResponse::default() {
            state.answers.push(answer);
        }
    }

    #[test]
    fn a_million_rows_are_walked_by_keys_sorted_and_copied() {
        let mut window = harness(TableState { table: DataTable::default(), chosen: None, answers: Vec::new() }, show);
        window.get_by_label("0:3").click();
        window.run();
        window.get_by_label("Amount").click();
        window.run();
        window.get_by_label("Requests").focus();
        window.run();
        for key in [Key::ArrowDown, Key::End, Key::ArrowUp] {
            window.key_press(key);
            window.run();
        }
        window.get_by_label("1:999998");
        assert!(window.query_by_label("1:500000").is_none());
        window.event(Event::Copy);
        window.run();
        let chosen: Vec<_> = window.state().answers.iter().filter_map(|answer| answer.choose).collect();
        assert_eq!(chosen, [3, 4, 999_999, 999_998]);
        assert!(window.state().answers.iter().any(|answer| answer.sort == Some(1)));
        assert!(window.state().answers.last().unwrap().copy);
    }
}
