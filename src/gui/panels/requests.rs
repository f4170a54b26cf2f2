//! The table of requests: a million rows, each with what the draft decides.

use std::collections::BTreeMap;

use eframe::egui::Ui;

use crate::gui::figures;
use crate::gui::icons::Glyph;
use crate::gui::outbox::Outbox;
use crate::gui::theme::metrics;
use crate::gui::widgets::table::{Column, Content, Table, line};
use crate::gui::widgets::{badge, state};
use crate::gui::words::{local, say, text, tr};
use crate::model::{FieldIndex, FieldType, Value};
use crate::session::views::mask;
use crate::session::{Action, SelectAction, Session};

/// What the panel keeps.
#[derive(Default)]
pub struct Requests {
    table: Table,
}

impl Requests {
    /// Shows the panel.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, out: &mut Outbox) {
        let Some(requests) = session.requests() else {
            let title = say(ui, text("No requests are loaded", "尚未载入请求"));
            let hint = tr(
                ui,
                "Open a request file, or drop one here: CSV, JSON Lines or Parquet",
                "打开请求文件，或拖放到此处：CSV、JSON Lines 或 Parquet",
            );
            return state::empty(ui, Glyph::TableProperties, title, hint);
        };
        let (schema, zone) = (requests.table.schema().clone(), requests.table.schema().zone);
        let fields: Vec<(FieldIndex, String)> = schema.fields().map(|(index, name, _)| (index, name)).collect();
        let number = |index: FieldIndex| {
            schema.field(index).is_some_and(|field| matches!(field.kind, FieldType::Int | FieldType::Money | FieldType::Float))
        };
        let mut columns = vec![Column::text(say(ui, text("Verdict", "结论")), metrics().field_width)];
        columns.extend(fields.iter().map(|(index, name)| {
            let hover = schema.field(*index).map_or("", |field| local(ui, &field.text));
            let column = if number(*index) {
                Column::number(name.clone(), metrics().label_column)
            } else {
                Column::text(name.clone(), metrics().label_column)
            };
            column.hover(hover)
        }));
        let impact = session.impact().value;
        let mut cells: BTreeMap<usize, String> = BTreeMap::new();
        let mut cell = |ui: &mut Ui, row: usize, column: usize| {
            let Some(at) = column.checked_sub(1) else {
                if let Some(shape) = impact.and_then(|impact| impact.new.verdict(row)) {
                    badge::verdict(ui, shape);
                }
                return;
            };
            let Some(field) = fields.get(at).and_then(|(index, _)| schema.field(*index).map(|field| (*index, field))) else {
                return;
            };
            let value = requests.table.value(row, field.0);
            let shown = match (&value, field.1.personal) {
                (Value::Money(fen), false) => figures::yuan(i128::from(fen.0)),
                _ => mask::shown(field.1, &value, zone),
            };
            line(ui, cells.entry(column).insert_entry(shown).get());
        };
        let chosen = session.view().selection.request.map(|row| row as usize);
        let mut content = Content {
            name: "requests",
            label: say(ui, text("Requests", "请求")),
            columns: &columns,
            rows: requests.table.len(),
            chosen,
            sorted: None,
            cell: &mut cell,
            menu: None,
        };
        let answer = self.table.show(ui, &mut content);
        if let Some(row) = answer.choose.and_then(|row| u32::try_from(row).ok()) {
            out.push(Action::Select(SelectAction::Request(row)));
        }
    }
}
