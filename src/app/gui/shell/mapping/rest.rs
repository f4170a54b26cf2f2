//! What concerns the whole file: the delimiter, words for "no value", and fields that no column feeds.

use eframe::egui::{ComboBox, ScrollArea, Ui};

use super::MappingSection;
use crate::gui::icons::{self, Glyph};
use crate::gui::outbox::Outbox;
use crate::gui::theme::{self, colours, metrics, space};
use crate::gui::widgets::{button, field, section};
use crate::gui::words::{language, say, text};
use countersign_core::model::FieldName;
use countersign_core::text::Language;
use countersign_session::{Action, Mapper, MappingAction, Session};

/// What is typed and not yet taken over.
#[derive(Default)]
pub struct UnmappedFields {
    missing: Option<String>,
    constant: Option<(FieldName, String)>,
}

impl UnmappedFields {
    pub fn show(&mut self, ui: &mut Ui, session: &Session, mapper: &Mapper, out: &mut Outbox) {
        ui.add_space(space().small);
        ui.horizontal(|ui| {
            delimiter(ui, mapper, out);
            encoding(ui, mapper, out);
            sheet(ui, mapper, out);
            self.words(ui, mapper, out);
        });
        proposals(ui, session, mapper, out);
        let part = MappingSection { session, mapper };
        let unfed = mapper.unfed(part.schema());
        if unfed.is_empty() {
            return;
        }
        let required = unfed.iter().filter(|(_, optional, constant)| !optional && constant.is_none()).count();
        let title = match language(ui.ctx()) {
            Language::En => format!("{} fields without a column, {required} of them required", unfed.len()),
            Language::Zh => format!("{} 个字段没有对应的列，其中 {required} 个必填", unfed.len()),
        };
        section::foldable(ui, &title, required > 0, |ui| {
            ScrollArea::vertical().max_height(metrics().row * 4.0).id_salt("unfed").show(ui, |ui| {
                for (name, optional, constant) in unfed {
                    self.unfed(ui, &name, optional, constant.as_deref(), out);
                }
            });
        });
    }

    /// Words for "no value", parted by spaces; taken over when the field is left.
    fn words(&mut self, ui: &mut Ui, mapper: &Mapper, out: &mut Outbox) {
        let label = say(ui, text("Words for no value", "表示缺失的词"));
        ui.label(theme::weak(ui, label));
        let held = mapper.mapping.missing.join(" ");
        let mut typed = self.missing.clone().unwrap_or_else(|| held.clone());
        let response = field::text(ui, &mut typed, label, "NULL -", metrics().field_width);
        if response.lost_focus() {
            self.missing = None;
            if typed != held {
                let words = typed.split_whitespace().map(str::to_owned).collect();
                out.push(Action::Mapping(MappingAction::Missing(words)));
            }
        } else if response.has_focus() {
            self.missing = Some(typed);
        }
    }

    fn unfed(&mut self, ui: &mut Ui, name: &FieldName, optional: bool, constant: Option<&str>, out: &mut Outbox) {
        ui.horizontal(|ui| {
            let c = colours(ui);
            let is_open = !optional && constant.is_none();
            let (glyph, colour) = if is_open { (Glyph::CircleX, c.error) } else { (Glyph::CircleDashed, c.text_weak) };
            ui.label(icons::small(glyph, colour));
            ui.scope(|ui| {
                ui.set_width(metrics().field_width * 1.6);
                ui.add(eframe::egui::Label::new(eframe::egui::RichText::new(name.as_str()).font(theme::code())).truncate());
            });
            let label = match language(ui.ctx()) {
                Language::En => format!("The same in every row: {name}"),
                Language::Zh => format!("每行取同一值：{name}"),
            };
            let own = self.constant.as_ref().filter(|(held, _)| held == name).map(|(_, typed)| typed.clone());
            let mut typed = own.unwrap_or_else(|| constant.unwrap_or_default().to_owned());
            let hint = say(ui, text("the same value in every row", "每行取同一值"));
            let response = field::text(ui, &mut typed, &label, hint, metrics().field_width * 1.4);
            if response.lost_focus() {
                self.constant = None;
                if typed != constant.unwrap_or_default() {
                    let text = Some(typed).filter(|typed| !typed.is_empty());
                    out.push(Action::Mapping(MappingAction::Constant(name.clone(), text)));
                }
            } else if response.has_focus() {
                self.constant = Some((name.clone(), typed));
            }
        });
    }
}

/// Words among the first rows that often mean "no value": a click takes one as such.
fn proposals(ui: &mut Ui, session: &Session, mapper: &Mapper, out: &mut Outbox) {
    let held = &mapper.mapping.missing;
    let found = session.mapping_trial().map(|tried| tried.missing_words.as_slice()).unwrap_or_default();
    let open: Vec<&String> = found.iter().filter(|word| !held.contains(word)).collect();
    if open.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(icons::small(Glyph::TriangleAlert, colours(ui).warning));
        ui.label(theme::weak(ui, say(ui, text("These words may mean that there is no value:", "以下写法可能表示没有值："))));
        for word in open {
            let label = match language(ui.ctx()) {
                Language::En => format!("Read {word} as no value"),
                Language::Zh => format!("将 {word} 视为没有值"),
            };
            if button::ghost(ui, Some(Glyph::Plus), &label).clicked() {
                let words = held.iter().chain(std::iter::once(word)).cloned().collect();
                out.push(Action::Mapping(MappingAction::Missing(words)));
            }
        }
    });
}

fn delimiter(ui: &mut Ui, mapper: &Mapper, out: &mut Outbox) {
    let Some(now) = mapper.first.delimiter else { return };
    let label = say(ui, text("Cells are separated by", "列分隔符"));
    ui.label(theme::weak(ui, label));
    let name = |ui: &Ui, delimiter: char| match delimiter {
        ',' => say(ui, text("comma ,", "逗号 ,")),
        ';' => say(ui, text("semicolon ;", "分号 ;")),
        '\t' => say(ui, text("tab", "制表符")),
        _ => say(ui, text("bar |", "竖线 |")),
    };
    let shown = name(ui, now);
    let response = ComboBox::from_id_salt("delimiter").selected_text(shown).show_ui(ui, |ui| {
        for delimiter in [',', ';', '\t', '|'] {
            if ui.selectable_label(delimiter == now, name(ui, delimiter)).clicked() && delimiter != now {
                out.push(Action::Mapping(MappingAction::Delimiter(delimiter)));
            }
        }
    });
    let _ = response.response.accessible_name(label);
    ui.add_space(space().large);
}

/// Encodings that request files are often in.
const ENCODINGS: [&str; 6] = ["UTF-8", "gb18030", "UTF-16LE", "UTF-16BE", "Big5", "windows-1252"];

fn encoding(ui: &mut Ui, mapper: &Mapper, out: &mut Outbox) {
    let Some(now) = &mapper.first.encoding else { return };
    let others = ENCODINGS.iter().filter(|name| *name != now).map(|name| (*name).to_owned());
    let all: Vec<String> = std::iter::once(now.clone()).chain(others).collect();
    if let Some(name) = choice(ui, "encoding", say(ui, text("Encoding", "编码")), now, &all) {
        out.push(Action::Mapping(MappingAction::Encoding(name)));
    }
}

fn sheet(ui: &mut Ui, mapper: &Mapper, out: &mut Outbox) {
    let [now, _, ..] = mapper.first.sheets.as_slice() else { return };
    if let Some(name) = choice(ui, "sheet", say(ui, text("Sheet", "工作表")), now, &mapper.first.sheets) {
        out.push(Action::Mapping(MappingAction::Sheet(name)));
    }
}

/// A list of names to choose from; the one that was chosen in the place of the present one.
fn choice(ui: &mut Ui, id: &str, label: &str, now: &str, all: &[String]) -> Option<String> {
    ui.label(theme::weak(ui, label));
    let mut chosen = None;
    let response = ComboBox::from_id_salt(id).selected_text(now).show_ui(ui, |ui| {
        for name in all {
            if ui.selectable_label(name == now, name).clicked() && name != now {
                chosen = Some(name.clone());
            }
        }
    });
    let _ = response.response.accessible_name(label);
    ui.add_space(space().large);
    chosen
}
