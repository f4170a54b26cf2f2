//! The columns of the file, one a line: its first cells, the field it becomes, how its cells are read.

use eframe::egui::{ComboBox, Grid, Label, RichText, Ui};

use super::{MappingSection, how, shown_name};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::words::{language, local, say, text};
use countersign_core::model::{Field, FieldName};
use countersign_core::text::Language;
use countersign_requests::read::guess;
use countersign_session::views::mask::masked;
use countersign_session::{Action, Mapper, MappingAction, Session};

/// How many of the first rows are shown.
const SHOWN: usize = 3;

pub fn show(ui: &mut Ui, session: &Session, mapper: &Mapper, out: &mut Outbox) {
    let part = MappingSection { session, mapper };
    let gap = eframe::egui::Vec2::new(space().large, space().small);
    Grid::new("columns of the file").num_columns(3 + SHOWN).spacing(gap).striped(true).show(ui, |ui| {
        head(ui);
        for (at, column) in mapper.first.columns.iter().enumerate() {
            line(ui, &part, at, column, out);
            ui.end_row();
        }
    });
}

fn head(ui: &mut Ui) {
    let strong = |ui: &mut Ui, words: &str| drop(ui.label(theme::emphasised(ui, words)));
    strong(ui, say(ui, text("Column", "列")));
    for row in 1..=SHOWN {
        let words = match language(ui.ctx()) {
            Language::En => format!("Row {row}"),
            Language::Zh => format!("第 {row} 行"),
        };
        strong(ui, &words);
    }
    strong(ui, say(ui, text("Field", "字段")));
    strong(ui, say(ui, text("Read as", "读取方式")));
    ui.end_row();
}

fn line(ui: &mut Ui, part: &MappingSection<'_>, at: usize, column: &str, out: &mut Outbox) {
    let schema = part.schema();
    let name = part.mapper.field_of(column, schema);
    let held = name.as_ref().and_then(|name| schema.find(name.as_str())).map(|(_, field)| field);
    let shown = shown_name(ui, column);
    let colour = if held.is_some() { colours(ui).text_strong } else { colours(ui).text_weak };
    clipped(ui, RichText::new(&shown).color(colour), metrics().field_width * 1.6, &shown);
    let is_personal = held.map_or_else(|| guess::is_personal(column), |field| field.personal);
    for row in 0..SHOWN {
        let cell = part.mapper.first.rows.get(row).and_then(|row| row.get(at)).map_or("", String::as_str);
        let cell = if is_personal && !cell.is_empty() { masked(cell) } else { cell.to_owned() };
        let words = RichText::new(&cell).font(theme::code()).color(colours(ui).text_weak);
        clipped(ui, words, metrics().field_width * 0.8, &cell);
    }
    choose(ui, part, column, name.as_ref(), out);
    ui.horizontal(|ui| match name.as_ref().zip(held) {
        Some((name, field)) => how::show(ui, part, (at, column), name, field, out),
        None => drop(ui.label(theme::weak(ui, say(ui, text("left out", "不读取"))))),
    });
}

fn clipped(ui: &mut Ui, words: RichText, width: f32, whole: &str) {
    ui.scope(|ui| {
        ui.set_width(width);
        ui.add(Label::new(words).truncate()).on_hover_text(whole);
    });
}

/// The field of a column, or none.
fn choose(ui: &mut Ui, part: &MappingSection<'_>, column: &str, now: Option<&FieldName>, out: &mut Outbox) {
    let nothing = say(ui, text("– leave out –", "– 不读取 –"));
    let label = match language(ui.ctx()) {
        Language::En => format!("Field of column {column}"),
        Language::Zh => format!("列 {column} 对应的字段"),
    };
    let mut asked = None;
    let selected = now.map_or(nothing, FieldName::as_str);
    let combo = ComboBox::from_id_salt(("field of", column)).selected_text(selected).width(metrics().field_width * 1.6);
    let response = combo.height(metrics().popup_height).show_ui(ui, |ui| {
        if ui.selectable_label(now.is_none(), nothing).clicked() {
            asked = Some(None);
        }
        for (_, name, field) in part.schema().fields() {
            let is_now = now.is_some_and(|now| now.as_str() == name);
            if ui.selectable_label(is_now, described(ui, &name, field)).clicked() {
                asked = Some(FieldName::new(&name).ok());
            }
        }
    });
    let _ = response.response.accessible_name(&label);
    if let Some(field) = asked
        && field.as_ref() != now
    {
        out.push(Action::Mapping(MappingAction::Assign { column: column.to_owned(), field }));
    }
}

/// A field as the list names it.
fn described(ui: &Ui, name: &str, field: &Field) -> String {
    let text = local(ui, &field.text);
    let mark = if field.optional { "" } else { " *" };
    format!("{name}{mark}  {}  {text}", say(ui, field.kind.text()))
}
